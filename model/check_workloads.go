package model

import (
	"cmp"
	"fmt"
	"slices"
)

// WorkloadVerdict is the answer for one of several workloads, in short: a Diagnosis with those of its checks that are not granted.
type WorkloadVerdict struct {
	Verdict    Verdict      `json:"verdict"`
	Workload   WorkloadName `json:"workload"`
	Images     []ImageUse   `json:"images"`
	Identities Identities   `json:"identities"`
	Checks     []Check      `json:"checks"`
	Gaps       []Gap        `json:"gaps"` // why it could not be looked at, where it could not
	Labels     []string     `json:"-"`    // of the checks, for people
	Consumer   ConsumerRef  `json:"-"`
	Unread     Gap          `json:"-"` // why the workload itself could not be read, for people; zero: it was
}

// VerdictIn is the short answer to what was read about a workload.
func VerdictIn(s Situation) WorkloadVerdict {
	v := VerdictOf(Diagnose(s))
	if s.Workload.State == FactGap {
		v.Unread = s.Workload.Gap
	}
	return v
}

// VerdictOf shortens the Diagnosis of a workload.
func VerdictOf(d Diagnosis) WorkloadVerdict {
	v := WorkloadVerdict{Verdict: d.Verdict, Workload: *d.Workload, Images: d.Images, Identities: d.Identities, Consumer: d.Consumer, Checks: []Check{}, Gaps: []Gap{}}
	for _, c := range d.Checks {
		if c.Verdict != Granted {
			v.Checks = append(v.Checks, c)
		}
	}
	slices.SortStableFunc(v.Checks, func(a, b Check) int { return severity[b.Verdict] - severity[a.Verdict] })
	for _, c := range v.Checks {
		v.Labels = append(v.Labels, d.CheckLabel(c))
	}
	return v
}

// UnreadVerdict is that of a workload of which nothing could be read.
func UnreadVerdict(project string, w WorkloadName, reason string) WorkloadVerdict {
	gap := Gap{Resource: w.Resource(project), Reason: reason, Cause: GapFailed}
	return WorkloadVerdict{Verdict: Unknown, Workload: w, Images: []ImageUse{}, Checks: []Check{}, Gaps: []Gap{gap}, Consumer: ConsumerRef{ID: project}}
}

// Count is how many checks have the verdict of the whole.
func (v WorkloadVerdict) Count() (n int) {
	for _, c := range v.Checks {
		if c.Verdict == v.Verdict {
			n++
		}
	}
	return n
}

// OpenPart is what keeps a workload from granted: one check, or several that the same gap keeps open.
type OpenPart struct {
	Verdict Verdict
	Labels  []string // of the checks
	Reason  string   // of the check, or what the gap says
}

// Shared reports whether one gap keeps several checks open. Its reason says more than their names.
func (p OpenPart) Shared() bool { return len(p.Labels) > 1 }

// minSharedChecks is how many checks one gap must keep open to be said once.
const minSharedChecks = 3

// OpenParts are the checks that are not granted, the worst first. Those that one gap keeps open are one part: of a workload that
// can't be read, every check would repeat the same reason.
func (v WorkloadVerdict) OpenParts() (parts []OpenPart) {
	if v.Verdict == Unknown && v.Unread.Reason != "" {
		return []OpenPart{{Unknown, v.Labels, v.Unread.Reason}}
	}
	shared := map[Gap]int{} // the parts, by their gaps
	count := map[Gap]int{}
	for _, c := range v.Checks {
		count[firstGap(c)]++
	}
	for n, c := range v.Checks {
		gap := firstGap(c)
		at, told := shared[gap]
		switch {
		case gap == (Gap{}) || count[gap] < minSharedChecks:
			parts = append(parts, OpenPart{c.Verdict, []string{v.Labels[n]}, c.Reason})
		case told:
			parts[at].Labels = append(parts[at].Labels, v.Labels[n])
		default:
			shared[gap] = len(parts)
			parts = append(parts, OpenPart{c.Verdict, []string{v.Labels[n]}, gap.Reason})
		}
	}
	return parts
}

// firstGap is what keeps a check open before all else; zero: it is not open for something unread.
func firstGap(c Check) Gap {
	if c.Verdict != Unknown || len(c.Gaps) == 0 {
		return Gap{}
	}
	return c.Gaps[0]
}

// CompareNames orders workloads by name, kind and region.
func (w WorkloadName) CompareNames(other WorkloadName) int {
	return cmp.Or(cmp.Compare(w.Name, other.Name), cmp.Compare(w.Kind, other.Kind), cmp.Compare(w.Region, other.Region))
}

// CompareSeverity puts the worse verdict first, and of the same one that with more checks of it.
func (v WorkloadVerdict) CompareSeverity(other WorkloadVerdict) int {
	return cmp.Or(severity[other.Verdict]-severity[v.Verdict], other.Count()-v.Count())
}

// SeverityKey sorts as CompareSeverity does.
func (v WorkloadVerdict) SeverityKey() string {
	return fmt.Sprintf("%d%06d", severity[Denied]-severity[v.Verdict], max(0, 999_999-v.Count()))
}

// ProjectVerdicts are the verdicts of all workloads of a project.
type ProjectVerdicts struct {
	Verdict   *Verdict          `json:"verdict"` // the worst; null: there is no workload
	Consumer  ConsumerRef       `json:"consumer"`
	Workloads []WorkloadVerdict `json:"workloads"`
	Counts    map[Verdict]int   `json:"counts"`
	Gaps      []Gap             `json:"gaps"`     // what could not be listed
	Complete  bool              `json:"complete"` // false: it was interrupted, and the rest is left out
}

// VerdictsOf puts the verdicts of a project's workloads together. A list with gaps may lack a workload, so that it proves nothing granted.
func VerdictsOf(project string, workloads []WorkloadVerdict, gaps []Gap) ProjectVerdicts {
	all := ProjectVerdicts{Consumer: ConsumerRef{ID: project}, Workloads: append([]WorkloadVerdict{}, workloads...),
		Gaps: append([]Gap{}, gaps...), Counts: map[Verdict]int{}, Complete: true}
	var verdicts []Verdict
	for _, w := range workloads {
		all.Counts[w.Verdict]++
		verdicts = append(verdicts, w.Verdict)
		if w.Consumer.Number != nil {
			all.Consumer = w.Consumer
		}
	}
	if len(gaps) > 0 {
		verdicts = append(verdicts, Unknown)
	}
	if len(verdicts) > 0 {
		worst := Worst(verdicts...)
		all.Verdict = &worst
	}
	return all
}
