package model

import "testing"

// What is as it was can go; what is not, not there or not to be seen stays, and says why.
func TestStillStale(t *testing.T) {
	was := StaleBinding{Resource: staleRepo.Resource(), Role: puller, Member: agentOf("2"), Status: StaleIdle}
	used := was
	used.Status, used.Reason = StaleActive, "Project consumer-2 uses it."
	other := was
	other.Member = agentOf("4")
	for _, c := range []struct {
		about string
		now   StaleList
		want  string
	}{
		{"as it was", StaleList{Bindings: []StaleBinding{other, was}}, ""},
		{"used", StaleList{Bindings: []StaleBinding{used}}, "it is active by now, and stays: Project consumer-2 uses it."},
		{"gone", StaleList{Bindings: []StaleBinding{other}}, "it is not there any more"},
		{"not to be seen", StaleList{Gaps: []Gap{{Resource: was.Resource, Reason: "you may not"}}}, "it could not be looked at again, and stays: you may not"},
	} {
		if got := StillStale(was, c.now); got != c.want {
			t.Errorf("%s: %q, want %q", c.about, got, c.want)
		}
	}
}
