package model

// Verdict is the answer of one check, and of a whole diagnosis.
type Verdict string

// The four verdicts.
const (
	// Granted: a binding that was read gives the permission and nothing that was read takes it away.
	Granted Verdict = "granted"
	// Missing: everything that could give it was read, and nothing does.
	Missing Verdict = "missing"
	// Denied: a deny policy or an organization policy takes it away.
	Denied Verdict = "denied"
	// Unknown: something that matters could not be read or decided.
	Unknown Verdict = "unknown"
)

// severity orders verdicts from the best to the worst.
var severity = map[Verdict]int{Granted: 0, Unknown: 1, Missing: 2, Denied: 3}

// Worst gives the verdict of several taken together: denied, missing, unknown, granted, in that order. Of nothing at
// all it is unknown.
func Worst(verdicts ...Verdict) Verdict {
	if len(verdicts) == 0 {
		return Unknown
	}
	worst := Granted
	for _, v := range verdicts {
		if severity[v] > severity[worst] {
			worst = v
		}
	}
	return worst
}
