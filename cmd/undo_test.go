package cmd

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"whopulls/cmd/console"
	"whopulls/cmd/view"
	"whopulls/model"
	"whopulls/model/ledger"
)

// What stands in for something that was taken away is not taken back before that is there again.
func TestUndoKeepsWhatStandsIn(t *testing.T) {
	grant := ledger.Entry{ID: "a", Run: "r", Kind: model.StepGrant, Resource: repository, Role: model.RoleReader, Member: agent, State: ledger.StateDone}
	broad := grant
	broad.ID, broad.Kind, broad.Role = "b", model.StepRevoke, "roles/artifactregistry.writer"
	other := broad
	other.Member = "user:dev@example.com"
	for state, refused := range map[ledger.State]bool{ledger.StateDone: false, ledger.StateUnclear: true, ledger.StateIntended: true} {
		t.Run(string(state), func(t *testing.T) {
			later := broad
			later.State = state
			steps, why := ledger.UndoSteps([]ledger.Entry{other, later, grant})
			if (why["2"].IsSet()) != refused || !slices.Equal(steps[2].After, []string{"2"}) || len(steps[1].After) > 0 {
				t.Fatalf("%s: %v after %v", state, why, steps[2].After)
			}
			if _, waits := model.WaitsFor(steps[2], []model.Outcome{{Step: steps[1], State: model.StepSkipped}}); !waits {
				t.Errorf("%s: the grant is taken back although the broad role is not there", state)
			}
		})
	}
	broad.Run = "another"
	if steps, _ := ledger.UndoSteps([]ledger.Entry{broad, grant}); len(steps[1].After) > 0 {
		t.Errorf("it waits for another run's: %v", steps[1].After)
	}
}

// Without an id it is the last run of which anything can come back; where none can, the last one says why.
func TestUndoSkipsWhatNeverComesBack(t *testing.T) {
	entry := func(id, run string, kind model.StepKind, member model.Member, state ledger.State) ledger.Entry {
		return ledger.Entry{ID: id, Run: run, Target: "here", Kind: kind, Resource: repository, Role: model.RoleReader, Member: member, State: state}
	}
	const gone = model.Member("deleted:user:former@example.com?uid=1")
	granted := entry("a", "first", model.StepGrant, agent, ledger.StateDone)
	removed := entry("b", "second", model.StepRevoke, gone, ledger.StateDone)
	enabled := entry("c", "third", model.StepEnableAPI, "", ledger.StateDone)
	undone := entry("d", "fourth", model.StepGrant, agent, ledger.StateUndone)
	elsewhere := entry("e", "fifth", model.StepGrant, agent, ledger.StateDone)
	elsewhere.Target = "there"
	for _, c := range []struct {
		about   string
		entries []ledger.Entry
		want    string
	}{
		{"nothing", nil, ""},
		{"undone, and elsewhere", []ledger.Entry{undone, elsewhere}, ""},
		{"a grant before them", []ledger.Entry{granted, removed, enabled, undone, elsewhere}, "first"},
		{"an API last", []ledger.Entry{removed, enabled}, "third"},
		{"a deleted member last", []ledger.Entry{enabled, removed}, "second"},
	} {
		t.Run(c.about, func(t *testing.T) {
			if got := (ledger.History{Entries: c.entries}).LastUndoableRun("here"); got != c.want {
				t.Errorf("%v: run %q, want %q", c.entries, got, c.want)
			}
		})
	}
}

// A run that took another back names that, and a member whose whole name is in the words stands there once.
func TestHistoryTiesUndoToItsRun(t *testing.T) {
	entries := []view.HistoryEntry{
		{ID: "a", Run: "first", Target: "here", Kind: model.StepGrant, Resource: repository, Role: model.RoleReader, Member: dev, State: ledger.StateUndone},
		{ID: "b", Run: "first", Target: "here", Kind: model.StepGrant, Resource: repository, Role: model.RoleReader, Member: agent, State: ledger.StateDone},
		{ID: "c", Run: "second", Target: "here", Kind: model.StepRevoke, Resource: repository, Role: model.RoleReader, Member: dev, Undoes: "a", State: ledger.StateDone},
		{ID: "d", Run: "third", Target: "here", Kind: model.StepRevoke, Resource: repository, Role: model.RoleReader, Member: "allUsers", State: ledger.StateDone},
		{ID: "e", Run: "third", Target: "here", Kind: model.StepEnableAPI, Resource: projectA, State: ledger.StateDone},
	}
	out := render(t, func(p *console.Printer, _ view.Assessment) { view.History(p, entries, "here") }, view.Assessment{})
	wantContains(t, out, string(agent), "allUsers")
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "second") != strings.Contains(line, "  takes back first") {
			t.Errorf("what takes back the first run: %s", line)
		}
	}
	if strings.Contains(out, "\n\n\n") || strings.Contains(out, "not known") {
		t.Errorf("a change without a member has one:\n%s", out)
	}
	if n := strings.Count(out, dev.Value()); n != 2 {
		t.Errorf("%s stands %d times for two changes:\n%s", dev, n, out)
	}
}

// What can't be taken back is titled as that, and not as the change that it was.
func TestUndoTitlesWhatStays(t *testing.T) {
	for _, e := range []ledger.Entry{{Kind: model.StepRevoke, Resource: repository, Role: model.RoleReader, Member: "deleted:user:gone@example.com?uid=1"},
		{Kind: model.StepEnableAPI, Resource: projectA}} {
		t.Run(string(e.Kind), func(t *testing.T) {
			e.State = ledger.StateDone
			if steps, _ := ledger.UndoSteps([]ledger.Entry{e}); !strings.HasPrefix(steps[0].Title, "Take back: ") {
				t.Errorf("%s: %s", e.Kind, steps[0].Title)
			}
		})
	}
}

// Where others changed the policy since, the question says so before it is asked, and no is what an empty answer means.
func TestUndoSaysWhoseItMayBe(t *testing.T) {
	for _, foreign := range []bool{false, true} {
		t.Run(fmt.Sprintf("foreign %t", foreign), func(t *testing.T) {
			c := article()
			c.changedByOthers = foreign
			tt := (&cliRun{cloud: c, interactive: true, in: "\n"}).run("undo").expect(t, 3)
			if says := strings.Contains(strings.Join(strings.Fields(tt.err), " "), "Somebody may have removed this binding and added it again; then it is theirs. Remove this? [y/N]"); says != foreign {
				t.Errorf("changed by others %v: it is said %v:\n%s", foreign, says, tt.err)
			}
		})
	}
}
