package journal

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"whopulls/model/ledger"

	"whopulls/model"
)

// addDone announces and settles an entry in a run.
func addDone(t *testing.T, j *Journal, run string, kind model.StepKind, member model.Member, undoes, before, after string) ledger.Entry {
	t.Helper()
	e := grantEntry()
	e.Run, e.Kind, e.Member, e.Undoes, e.EtagBefore = run, kind, member, undoes, before
	e = mustAnnounce(t, j, e)
	mustAddResult(t, j, e.ID, Result{State: ledger.StateDone, EtagAfter: after})
	return e
}

// Two are removed in a walk and one is taken back in it: of that run the other one stands, and not the undoing.
func TestStandingIsNoUndo(t *testing.T) {
	folder := t.TempDir()
	j := mustOpen(t, folder)
	target := grantEntry().Target
	first := addDone(t, j, "walk", model.StepRevoke, "user:a@example.com", "", "", "")
	second := addDone(t, j, "walk", model.StepRevoke, "user:b@example.com", "", "", "")
	back := addDone(t, j, "walk", model.StepGrant, "user:a@example.com", first.ID, "", "")
	stand := func(run string, want ...string) {
		t.Helper()
		var got []string
		for _, e := range mustRead(t, folder).InEffect(target, run) {
			got = append(got, e.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("of run %s stands %v, want %v", run, got, want)
		}
	}
	stand("walk", second.ID)
	again := addDone(t, j, "again", model.StepRevoke, "user:a@example.com", back.ID, "", "")
	stand("walk", second.ID, first.ID)
	stand("again")
	addDone(t, j, "forth", model.StepGrant, "user:a@example.com", again.ID, "", "")
	stand("walk", second.ID)
	if got := mustRead(t, folder).LastUndoableRun(target); got != "walk" {
		t.Errorf("the last run is %q", got)
	}
}

// What is there still is what was done, and what may be; in another cloud's run of the same name nothing is.
func TestStandingByState(t *testing.T) {
	folder := t.TempDir()
	j := mustOpen(t, folder)
	var want []string
	for _, state := range []ledger.State{ledger.StateDone, ledger.StateUnclear, ledger.StateFailed, ""} {
		e := mustAnnounce(t, j, grantEntry())
		if state != "" {
			mustAddResult(t, j, e.ID, Result{State: state})
		}
		if state != ledger.StateFailed {
			want = append([]string{e.ID}, want...)
		}
	}
	other := grantEntry()
	other.Target = "sandbox:1"
	other = mustAnnounce(t, j, other)
	var got []string
	for _, e := range mustRead(t, folder).InEffect(grantEntry().Target, grantEntry().Run) {
		got = append(got, e.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("there is %v, want %v", got, want)
	}
	if got := mustRead(t, folder).InEffect("sandbox:1", grantEntry().Run); len(got) != 1 || got[0].ID != other.ID {
		t.Errorf("in the sandbox there is %v", got)
	}
}

// After an entry come those of its own cloud that were announced later.
func TestAfter(t *testing.T) {
	folder := t.TempDir()
	j := mustOpen(t, folder)
	var own []ledger.Entry
	for _, target := range []string{"sandbox:1", "", "sandbox:1", "", "sandbox:2", ""} {
		e := grantEntry()
		e.Target = cmp.Or(target, e.Target)
		if e = mustAnnounce(t, j, e); target == "" {
			own = append(own, e)
		}
	}
	h := mustRead(t, folder)
	for i, e := range own {
		if got := h.After(e); !slices.EqualFunc(got, own[i+1:], func(a, b ledger.Entry) bool { return a.ID == b.ID }) {
			t.Errorf("after entry %d come %v", i, got)
		}
	}
}

// The last run is the last of which something can come back, of this cloud, that still stands and undoes nothing.
func TestLastRun(t *testing.T) {
	folder := t.TempDir()
	j := mustOpen(t, folder)
	target := grantEntry().Target
	last := func(about, want string) {
		t.Helper()
		if got := mustRead(t, folder).LastUndoableRun(target); got != want {
			t.Errorf("%s: the last run is %q, want %q", about, got, want)
		}
	}
	last("nothing", "")
	addDone(t, j, "agent", model.StepCreateAgent, "", "", "", "")
	last("what can't come back", "agent")
	addDone(t, j, "api", model.StepEnableAPI, "", "", "", "")
	last("twice", "api")
	addDone(t, j, "first", model.StepGrant, "user:a@example.com", "", "", "")
	second := addDone(t, j, "second", model.StepGrant, "user:b@example.com", "", "", "")
	last("grants", "second")
	addDone(t, j, "api again", model.StepEnableAPI, "", "", "", "")
	last("what can't come back is the last", "second")
	elsewhere := grantEntry()
	elsewhere.Run, elsewhere.Target = "elsewhere", "sandbox:1"
	mustAddResult(t, j, mustAnnounce(t, j, elsewhere).ID, Result{State: ledger.StateDone})
	last("another cloud", "second")
	failed := grantEntry()
	failed.Run = "failed"
	mustAddResult(t, j, mustAnnounce(t, j, failed).ID, Result{State: ledger.StateFailed})
	last("what failed", "second")
	addDone(t, j, "undo", model.StepRevoke, "user:b@example.com", second.ID, "", "")
	last("what was taken back", "first")
}

// A journal that somebody wrote by hand, in which entries take themselves or later ones back, or one is taken back twice,
// is read to its end: only what comes later takes back, what is gone does not go again, and only what is gone comes back.
func TestUndoingsWrittenByHand(t *testing.T) {
	for about, test := range map[string]struct {
		announced string // ID<what it undoes
		results   string // ID:state
		want      string // the states at the end
	}{
		"itself":                {"a<a", "a:done", "done"},
		"each other":            {"a<b b<a", "a:done b:done", "undone done"},
		"and others":            {"a<b b<a c<b", "a:done b:done c:done", "done undone done"},
		"time and again":        {"a<b b<a c<b d<a", "a:done b:done c:done d:done", "undone undone done done"},
		"one twice":             {"x a<x b<a y<x c<a", "x:done a:done b:done y:done c:done", "undone undone done done done"},
		"one that is open":      {"x a<x b<a", "x:failed b:done", "failed undone done"},
		"side by side":          {"p q<p r s<r", "p:done q:done r:done s:done", "undone done undone done"},
		"itself, by another":    {"a<a b<a", "b:done", "undone done"},
		"the last decides":      {"g r<g c<r u<c d<r s<g v<u", "g:done r:done c:done u:done d:done s:done v:done", "done undone done undone done done done"},
		"what nobody announced": {"a<z", "a:done", "done"},
	} {
		t.Run(about, func(t *testing.T) {
			var text []byte
			add := func(e event) {
				line, err := encode(e)
				if err != nil {
					t.Fatal(err)
				}
				text = append(text, line...)
			}
			for _, word := range strings.Fields(test.announced) {
				e := grantEntry()
				e.State = ledger.StateIntended
				e.ID, e.Undoes, _ = strings.Cut(word, "<")
				add(event{V: version, Event: eventIntended, Entry: e})
			}
			for _, word := range strings.Fields(test.results) {
				id, state, _ := strings.Cut(word, ":")
				add(event{V: version, Event: eventResult, Entry: ledger.Entry{ID: id, State: ledger.State(state)}})
			}
			h := parse(text)
			var states []string
			for _, e := range h.Entries {
				states = append(states, string(e.State))
			}
			if got := strings.Join(states, " "); got != test.want || h.Torn != 0 {
				t.Errorf("%s: %s and %d lines that make no sense, want %s", about, got, h.Torn, test.want)
			}
		})
	}
}

// Ours is what nothing but the journal's own writes lie behind.
func TestOurs(t *testing.T) {
	folder := t.TempDir()
	j := mustOpen(t, folder)
	a := addDone(t, j, "one", model.StepGrant, "user:a@example.com", "", "0", "1")
	addDone(t, j, "one", model.StepGrant, "user:b@example.com", "", "0", "1") // in the same write
	c := addDone(t, j, "two", model.StepGrant, "user:c@example.com", "", "1", "2")
	d := addDone(t, j, "three", model.StepGrant, "user:d@example.com", "", "7", "8") // over somebody else's
	lost := addDone(t, j, "four", model.StepGrant, "user:e@example.com", "", "8", "")
	elsewhere := grantEntry()
	elsewhere.Resource, elsewhere.EtagBefore = model.ProjectResource("other"), "8"
	elsewhere = mustAnnounce(t, j, elsewhere)
	mustAddResult(t, j, elsewhere.ID, Result{State: ledger.StateDone, EtagAfter: "9"})
	sandbox := grantEntry()
	sandbox.Target, sandbox.EtagBefore = "sandbox:1", "8"
	mustAddResult(t, j, mustAnnounce(t, j, sandbox).ID, Result{State: ledger.StateDone, EtagAfter: "10"})
	addDone(t, j, "five", model.StepGrant, "user:f@example.com", "", "1", "1") // it changed nothing
	refused := grantEntry()
	refused.EtagBefore = "1"
	mustAddResult(t, j, mustAnnounce(t, j, refused).ID, Result{State: ledger.StateFailed})
	ring := addDone(t, j, "six", model.StepGrant, "user:g@example.com", "", "21", "22")
	addDone(t, j, "seven", model.StepGrant, "user:g@example.com", "", "22", "21")
	h := mustRead(t, folder)
	for _, test := range []struct {
		entry ledger.Entry
		etag  string
		want  bool
	}{
		{a, "1", true}, {a, "2", true}, {a, "0", false}, {a, "3", false}, {a, "8", false}, {a, "", false},
		{c, "2", true}, {c, "1", false}, {d, "8", true}, {d, "9", false}, {d, "10", false}, {ring, "21", true}, {ring, "23", false}, {lost, "", false}, {elsewhere, "9", true}, {ledger.Entry{ID: "nobody"}, "1", false},
	} {
		t.Run(fmt.Sprintf("%s in the policy %q", cmp.Or(string(test.entry.Member), test.entry.ID), test.etag), func(t *testing.T) {
			if got := h.UntouchedSince(test.entry.ID, test.etag); got != test.want {
				t.Errorf("%s in the policy %s: %v", test.entry.Member, fmt.Sprintf("%q", test.etag), got)
			}
		})
	}
}
