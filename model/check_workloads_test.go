package model

import (
	"reflect"
	"slices"
	"testing"
)

func verdictOf(name string, v Verdict, checks ...Verdict) WorkloadVerdict {
	d := Diagnosis{Verdict: v, Workload: &WorkloadName{Service, name, "europe-west1"}}
	for _, c := range checks {
		d.Checks = append(d.Checks, Check{ID: CheckPull, Verdict: c})
	}
	return VerdictOf(d)
}

// What one gap keeps open is said once, from three checks on; the others by their names, the worst first.
func TestChecksThatOneGapKeepsOpenAreOnePart(t *testing.T) {
	gone, off := Gap{Reason: "you may not see it"}, Gap{Reason: "the API is off"}
	v := WorkloadVerdict{Verdict: Missing, Labels: []string{"m", "a", "b", "o", "c", "p", "q"}, Checks: []Check{
		{Verdict: Missing, Reason: "nothing gives it", Gaps: []Gap{gone}}, {Verdict: Unknown, Reason: "A", Gaps: []Gap{gone}}, {Verdict: Unknown, Reason: "B", Gaps: []Gap{gone, off}},
		{Verdict: Unknown, Reason: "O", Gaps: []Gap{off}}, {Verdict: Unknown, Reason: "C", Gaps: []Gap{gone}}, {Verdict: Unknown, Reason: "P", Gaps: []Gap{off}}, {Verdict: Unknown, Reason: "Q"}}}
	want := []OpenPart{{Missing, []string{"m"}, "nothing gives it"}, {Unknown, []string{"a", "b", "c"}, "you may not see it"}, {Unknown, []string{"o"}, "O"}, {Unknown, []string{"p"}, "P"}, {Unknown, []string{"q"}, "Q"}}
	if got := v.OpenParts(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant\n%+v", got, want)
	}
	v.Verdict, v.Unread = Unknown, gone
	if got := v.OpenParts(); !reflect.DeepEqual(got, []OpenPart{{Unknown, v.Labels, "you may not see it"}}) {
		t.Errorf("of an unread workload: %+v", got)
	}
}

func TestVerdictsOfAProject(t *testing.T) {
	granted, missing, unknown := verdictOf("a", Granted, Granted), verdictOf("b", Missing, Granted, Unknown, Missing), UnreadVerdict("p", WorkloadName{Job, "c", "europe-west1"}, "gone")
	for name, c := range map[string]struct {
		workloads []WorkloadVerdict
		gaps      []Gap
		want      Verdict // empty: null
	}{
		"none":                   {},
		"none could be listed":   {gaps: []Gap{{Reason: "off"}}, want: Unknown},
		"all granted":            {workloads: []WorkloadVerdict{granted}, want: Granted},
		"a kind was not listed":  {workloads: []WorkloadVerdict{granted}, gaps: []Gap{{Reason: "off"}}, want: Unknown},
		"one could not be read":  {workloads: []WorkloadVerdict{granted, unknown}, want: Unknown},
		"missing beats unknown":  {workloads: []WorkloadVerdict{unknown, missing, granted}, want: Missing},
		"and what is not listed": {workloads: []WorkloadVerdict{missing}, gaps: []Gap{{Reason: "off"}}, want: Missing},
	} {
		t.Run(name, func(t *testing.T) {
			all := VerdictsOf("p", c.workloads, c.gaps)
			if (all.Verdict == nil) != (c.want == "") || all.Verdict != nil && *all.Verdict != c.want {
				t.Errorf("%+v, want %s", all, c.want)
			}
			if all.Workloads == nil || all.Gaps == nil {
				t.Error("a list is null")
			}
		})
	}
}

func TestAShortVerdictHasTheWorstChecksFirst(t *testing.T) {
	v := verdictOf("b", Missing, Granted, Unknown, Missing, Missing)
	if len(v.Checks) != 3 || v.Checks[0].Verdict != Missing || v.Checks[2].Verdict != Unknown || v.Count() != 2 || len(v.Labels) != 3 {
		t.Errorf("%+v", v)
	}
}

func TestSeverityOrdersWorkloads(t *testing.T) {
	list := []WorkloadVerdict{verdictOf("a", Granted), verdictOf("b", Unknown, Unknown), verdictOf("c", Missing, Missing), verdictOf("d", Missing, Missing, Missing), verdictOf("e", Denied, Denied)}
	slices.SortStableFunc(list, WorkloadVerdict.CompareSeverity)
	order := ""
	for _, v := range list {
		order += v.Workload.Name
	}
	if order != "edcba" {
		t.Error(order)
	}
}
