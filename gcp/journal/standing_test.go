package journal

import (
	"fmt"
	"slices"
	"testing"

	"whopulls/model"
)

// written announces and settles an entry in a run.
func written(t *testing.T, j *Journal, run string, kind model.StepKind, member model.Member, undoes, before, after string) Entry {
	t.Helper()
	e := grant()
	e.Run, e.Kind, e.Member, e.Undoes, e.EtagBefore = run, kind, member, undoes, before
	e = intended(t, j, e)
	settled(t, j, e.ID, Result{State: StateDone, EtagAfter: after})
	return e
}

// Two are removed in a walk and one is taken back in it: of that run the other one stands, and not the undoing.
func TestStandingIsNoUndo(t *testing.T) {
	folder := t.TempDir()
	j := opened(t, folder)
	target := grant().Target
	first := written(t, j, "walk", model.StepRevoke, "user:a@example.com", "", "", "")
	second := written(t, j, "walk", model.StepRevoke, "user:b@example.com", "", "", "")
	back := written(t, j, "walk", model.StepGrant, "user:a@example.com", first.ID, "", "")
	stand := func(run string, want ...string) {
		t.Helper()
		var got []string
		for _, e := range history(t, folder).Standing(target, run) {
			got = append(got, e.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("of run %s stands %v, want %v", run, got, want)
		}
	}
	stand("walk", second.ID)
	again := written(t, j, "again", model.StepRevoke, "user:a@example.com", back.ID, "", "")
	stand("walk", second.ID, first.ID)
	stand("again")
	written(t, j, "forth", model.StepGrant, "user:a@example.com", again.ID, "", "")
	stand("walk", second.ID)
	if got := history(t, folder).LastRun(target); got != "walk" {
		t.Errorf("the last run is %q", got)
	}
}

// Ours is what nothing but the journal's own writes lie behind.
func TestOurs(t *testing.T) {
	folder := t.TempDir()
	j := opened(t, folder)
	a := written(t, j, "one", model.StepGrant, "user:a@example.com", "", "0", "1")
	written(t, j, "one", model.StepGrant, "user:b@example.com", "", "0", "1") // in the same write
	c := written(t, j, "two", model.StepGrant, "user:c@example.com", "", "1", "2")
	d := written(t, j, "three", model.StepGrant, "user:d@example.com", "", "7", "8") // over somebody else's
	lost := written(t, j, "four", model.StepGrant, "user:e@example.com", "", "8", "")
	elsewhere := grant()
	elsewhere.Resource, elsewhere.EtagBefore = model.ProjectResource("other"), "8"
	elsewhere = intended(t, j, elsewhere)
	settled(t, j, elsewhere.ID, Result{State: StateDone, EtagAfter: "9"})
	h := history(t, folder)
	for _, test := range []struct {
		entry Entry
		etag  string
		want  bool
	}{
		{a, "1", true}, {a, "2", true}, {a, "0", false}, {a, "3", false}, {a, "8", false}, {a, "", false},
		{c, "2", true}, {c, "1", false}, {d, "8", true}, {d, "9", false}, {lost, "", false}, {elsewhere, "9", true}, {Entry{ID: "nobody"}, "1", false},
	} {
		if got := h.Ours(test.entry.ID, test.etag); got != test.want {
			t.Errorf("%s in the policy %s: %v", test.entry.Member, fmt.Sprintf("%q", test.etag), got)
		}
	}
}
