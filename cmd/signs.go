package cmd

import (
	"whopulls/model"
)

// mark is how a verdict looks: the sign and the word carry it, the tone only supports them.
type mark struct {
	sign string
	tone tone
}

var marks = map[model.Verdict]mark{
	model.Granted: {"✓", good},
	model.Missing: {"✗", bad},
	model.Denied:  {"⊘", bad},
	model.Unknown: {"?", doubtful},
}

// verdictWidth is the longest verdict's.
const verdictWidth = len("granted")

// verdictSpan is sign and word, the word padded where something follows in columns.
func verdictSpan(v model.Verdict) span {
	m := marks[v]
	return span{m.tone, m.sign + " " + pad(string(v), verdictWidth)}
}

// nameOf names a member for people: an e-mail tells itself whether it is a person's or a service account's.
func nameOf(m model.Member) string {
	switch {
	case m == "":
		return "not known"
	case m.Type() == "user" || m.IsServiceAccount():
		return m.Value()
	}
	return string(m)
}
