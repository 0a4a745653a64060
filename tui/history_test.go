package tui

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"whopulls/model"
	"whopulls/model/ledger"
)

// changed is an entry of the journal in the cloud of the tests.
func changed(id, run string, minute int, kind model.StepKind, m model.Member, state ledger.State) ledger.Entry {
	return ledger.Entry{ID: id, Run: run, Time: time.Date(2026, 1, 14, 6, minute, 0, 0, time.Local), Target: "google:googleapis.com", Account: "dev@example.com",
		Project: "myproject-a", Kind: kind, Resource: repoName.Resource(), Role: model.RoleReader, Member: m, State: state}
}

// journalOf folds entries as a journal does.
func journalOf(t *testing.T, entries ...ledger.Entry) (h ledger.History) {
	t.Helper()
	for _, e := range entries {
		announced := e
		announced.State = ledger.StateIntended
		if !h.Announce(announced) {
			t.Fatalf("entry %s makes no sense", e.ID)
		}
		if e.State != ledger.StateIntended && !h.Settle(e) {
			t.Fatalf("the result of %s makes no sense", e.ID)
		}
	}
	return h
}

// earlierRuns are what earlier processes changed: two grants in one run, one that failed, one that was taken back, and one elsewhere.
func earlierRuns(t *testing.T) ledger.History {
	elsewhere := changed("elsewhere1", "run0000000", 10, model.StepGrant, devMember, ledger.StateDone)
	elsewhere.Target = "sandbox:4711"
	failed := changed("failed0001", "run0000001", 20, model.StepEnableAPI, "", ledger.StateFailed)
	failed.Resource, failed.Role, failed.Message = "//serviceusage.googleapis.com/projects/myproject-a/services/run.googleapis.com", "", "PERMISSION_DENIED: serviceusage.services.enable"
	undone := changed("undone0001", "run0000002", 30, model.StepGrant, devMember, ledger.StateDone)
	back := changed("takenback1", "run0000003", 40, model.StepRevoke, devMember, ledger.StateDone)
	back.Undoes = undone.ID
	agent := changed("granted001", "run0000004", 50, model.StepGrant, agentMember, ledger.StateDone)
	dev := changed("granted002", "run0000004", 51, model.StepGrant, devMember, ledger.StateDone)
	dev.Condition = &model.Condition{Title: "until May", Expression: `request.time < timestamp("2026-05-01T00:00:00Z")`}
	return journalOf(t, elsewhere, failed, undone, back, agent, dev)
}

// beginHistory opens the history by the palette.
func beginHistory(t *testing.T, cloud Cloud, o Options, width, height int) *terminal {
	t.Helper()
	if o.UndoCommand == nil {
		o.UndoCommand = func(id string, _ *Login) string { return "whopulls undo " + id }
	}
	term := start(t, cloud, o, width, height)
	term.shows("myproject-a")
	term.press("ctrl+p", "h", "i", "enter")
	term.showsInPassing("What whopulls changed")
	return term
}

// openHistory opens the history and waits for what it read: a key before that moves nothing.
func openHistory(t *testing.T, cloud Cloud, o Options, width, height int) *terminal {
	t.Helper()
	term := beginHistory(t, cloud, o, width, height)
	term.shows(" change")
	return term
}

func TestHistoryScreens(t *testing.T) {
	for _, size := range []struct{ width, height int }{{60, 15}, {80, 24}, {120, 36}, {200, 50}} {
		name := fmt.Sprintf("history-%dx%d", size.width, size.height)
		t.Run(name, func(t *testing.T) {
			cloud := newFakeCloud()
			cloud.journal = earlierRuns(t)
			term := openHistory(t, cloud, Options{}, size.width, size.height)
			compareScreen(t, name, term.shows("5 runs, 6 changes"))
		})
	}
}

// The filter marks what it found, says how many there are, and shows the runs whole. The cursor goes to the first row that fits.
func TestHistoryFilterScreens(t *testing.T) {
	for _, size := range []struct{ width, height int }{{60, 15}, {80, 24}, {120, 36}, {200, 50}} {
		name := fmt.Sprintf("history-filter-%dx%d", size.width, size.height)
		t.Run(name, func(t *testing.T) {
			cloud := newFakeCloud()
			cloud.journal = earlierRuns(t)
			term := openHistory(t, cloud, Options{}, size.width, size.height)
			term.press("/")
			term.typeText("serverless-robot")
			compareScreen(t, name, term.shows("› serverless-robot", "1 of 5 runs, 2 of 6 changes", "▸"))
		})
	}
}

// Runs are found by what they say and by their changes: whole, in words that are spelled out. What the rows cut counts too.
func TestHistoryFilterFinds(t *testing.T) {
	for _, c := range []struct{ about, typed, count, row string }{
		{"a state", "failed", "1 of 5 runs, 1 of 6 changes", "▸   ✗ failed"},
		{"a word that only its letters spell", "fld", "0 of 5 runs, 0 of 6 changes", "Nothing fits the filter; esc clears it."},
		{"the time of a run", "06:50", "1 of 5 runs, 2 of 6 changes", "▸ 2026-01-14 06:50"},
		{"a run and its change", "06:50 serverless", "1 of 5 runs, 2 of 6 changes", "▸   ✓ done      Grant reader on repository myrepo to service-"},
		{"what a change is not", "reader !remove !undone", "2 of 5 runs, 3 of 6 changes", "▸   ✓ done      Grant"},
		{"an id", "'granted002", "1 of 5 runs, 2 of 6 changes", "▸   ✓ done      Grant reader on repository myrepo to dev@"},
		{"a role in full", "roles/artifactregistry.reader$", "4 of 5 runs, 5 of 6 changes", "▸   ✓ done"},
		{"why it failed", "PERMISSION_DENIED", "1 of 5 runs, 1 of 6 changes", "▸   ✗ failed"},
		{"another cloud", "another cloud", "1 of 5 runs, 1 of 6 changes", "▸ 2026-01-14 06:10"},
	} {
		t.Run(c.about, func(t *testing.T) {
			cloud := newFakeCloud()
			cloud.journal = earlierRuns(t)
			term := openHistory(t, cloud, Options{}, 120, 36)
			term.press("/")
			term.typeText(c.typed)
			term.shows(c.count, c.row)
		})
	}
}

// While the filter is open letters are text, enter keeps it and esc clears it; closed, letters are actions again. The cursor keeps its
// row when the filter goes.
func TestHistoryFilterKeys(t *testing.T) {
	cloud := newFakeCloud()
	cloud.journal = earlierRuns(t)
	term := openHistory(t, cloud, Options{}, 80, 24)
	term.shows("/ filter", "esc back")
	term.press("/")
	term.typeText("query")
	term.shows("› query", "0 of 5 runs", "Nothing fits the filter; esc clears it.", "enter keep the filter", "esc clear filter")
	term.press("enter", "u")
	term.shows("nothing fits the filter\n")
	term.press("esc", "/")
	term.typeText("failed")
	term.shows("1 of 5 runs, 1 of 6 changes", "▸   ✗ failed")
	term.press("enter", "u")
	term.shows("entry failed0001 is failed", "esc clear filter")
	term.press("esc")
	term.shows("5 runs, 6 changes", "▸   ✗ failed", "esc back")
	term.press("/")
	term.typeText("granted001")
	term.press("enter", "u")
	term.choose("this step")
	term.shows("Change the policy of repository myrepo")
	term.press("esc", "esc")
	term.shows("› granted001", "1 of 5 runs, 2 of 6 changes")
	term.press("esc", "esc")
	term.shows("myproject-a", "ctrl+p anything")
	assertLacks(t, term.screenText(), "What whopulls changed")
}

// A run that an earlier process made is taken back: each change of it that is in place, the last one first.
func TestHistoryTakesRunBack(t *testing.T) {
	cloud := newFakeCloud()
	cloud.journal = earlierRuns(t)
	term := openHistory(t, cloud, Options{}, 80, 24)
	term.press("u")
	term.shows("What this run changed", "0 of 2 taken back")
	term.press("a")
	term.shows("Take back what this run changed?")
	term.answerYes()
	term.shows("✓ taken back", "2 of 2")
	if want := []string{"granted002", "granted001"}; !slices.Equal(cloud.undoneEntries, want) {
		t.Errorf("taken back %v, want %v", cloud.undoneEntries, want)
	}
	if w := cloud.writes[0]; w.Project != "myproject-a" || w.Kind != model.StepRevoke || w.Condition == nil {
		t.Errorf("the last change is taken back by %+v", w)
	}
	cloud.mu.Lock()
	cloud.journal = journalOf(t)
	cloud.mu.Unlock()
	term.press("enter")
	term.shows("Nothing was changed yet")
}

// A single change asks at once, within four keys from the list, and doubts whose it is where others changed the policy.
func TestHistoryTakesStepBack(t *testing.T) {
	for _, foreign := range []bool{false, true} {
		t.Run(fmt.Sprintf("foreign %t", foreign), func(t *testing.T) {
			cloud := newFakeCloud()
			cloud.journal, cloud.changedByOthers = earlierRuns(t), foreign
			term := openHistory(t, cloud, Options{}, 80, 24)
			term.press("down", "u", "enter") // this step of two
			screen := term.shows("Change the policy of repository myrepo")
			if says := strings.Contains(screen, "others changed"); says != foreign {
				t.Errorf("changed by others %v: it is said %v:\n%s", foreign, says, screen)
			}
			term.answerYes()
			term.shows("✓ taken back", "1 of 1")
			if !slices.Equal(cloud.undoneEntries, []string{"granted001"}) || cloud.lastSure == foreign {
				t.Errorf("taken back %v, sure %v", cloud.undoneEntries, cloud.lastSure)
			}
		})
	}
}

// What can't be taken back says why, and asks nothing.
func TestHistorySaysWhyNot(t *testing.T) {
	for _, c := range []struct {
		about string
		downs int
		want  string
	}{
		{"an undo as a run", 3, "that can be undone only entry by entry"},
		{"what was taken back", 6, "entry undone0001 is undone"},
		{"what failed", 8, "entry failed0001 is failed"},
		{"another cloud", 10, "run the undo in that cloud"},
	} {
		t.Run(c.about, func(t *testing.T) {
			cloud := newFakeCloud()
			cloud.journal = earlierRuns(t)
			term := openHistory(t, cloud, Options{}, 120, 36)
			term.press(slices.Repeat([]string{"down"}, c.downs)...)
			term.press("u")
			term.shows(c.want)
			if len(cloud.writes) > 0 {
				t.Errorf("changed: %v", cloud.writes)
			}
		})
	}
}

// What a killed program left open is looked at in sight: the row changes, and one line says what was found.
func TestHistorySettlesWhatIsOpen(t *testing.T) {
	open := changed("open000001", "run0000005", 55, model.StepGrant, agentMember, ledger.StateIntended)
	done := open
	done.State = ledger.StateDone
	for _, readOnly := range []bool{false, true} {
		t.Run(fmt.Sprintf("read-only %t", readOnly), func(t *testing.T) {
			cloud := newFakeCloud()
			cloud.journal = journalOf(t, open)
			hold := make(chan struct{})
			cloud.settle = func(context.Context) ([]ledger.Entry, error) {
				<-hold
				cloud.mu.Lock()
				defer cloud.mu.Unlock()
				cloud.journal = journalOf(t, done)
				return []ledger.Entry{done}, nil
			}
			term := beginHistory(t, cloud, Options{ReadOnly: readOnly}, 80, 24)
			if readOnly {
				defer close(hold)
				term.shows("… intended")
				term.press("u")
				term.shows("read-only: nothing is changed")
				return
			}
			term.showsInPassing("… intended", "looking at what was left open …")
			close(hold)
			term.shows("✓ done", "open000001 was left open and is done now", "1 run, 1 change")
		})
	}
}

// A name of production is typed before anything of an earlier run is taken back.
func TestHistoryAsksForProduction(t *testing.T) {
	cloud := newFakeCloud()
	cloud.journal = earlierRuns(t)
	term := openHistory(t, cloud, Options{Production: "myproject-b"}, 80, 24)
	term.press("down", "u", "enter")
	term.shows("looks like production. Type its id to continue")
	if len(cloud.writes) > 0 {
		t.Errorf("changed: %v", cloud.writes)
	}
}

// A sandbox inside the program says that its journal ends with it. What the journal lacks is counted.
func TestHistoryNotes(t *testing.T) {
	cloud := newFakeCloud()
	cloud.journal = earlierRuns(t)
	cloud.journal.Torn, cloud.journal.Newer = 1, 2
	term := start(t, cloud, Options{}, 80, 24)
	term.shows("myproject-a")
	term.press("ctrl+p", "h", "i", "enter")
	term.shows("The journal of a sandbox inside the program ends with it.", "left out: 1 line of the journal", "2 lines of a newer whopulls")
}

// Names of the journal can't reach the terminal, nor lines of their own.
func TestHistoryCleansNames(t *testing.T) {
	cloud := newFakeCloud()
	e := changed("hostile001", "run0000006", 57, model.StepGrant, "user:\x1b]0;owned\x07e@example.com", ledger.StateUnclear)
	e.Account, e.Project, e.Message, e.Role = "a\x1b[31m@example.com", "p\nq", "m\x1b[2J", "roles/\u202ereader"
	cloud.journal = journalOf(t, e)
	term := openHistory(t, cloud, Options{}, 120, 36)
	if screen := term.shows("? unclear"); strings.ContainsAny(screen, "\x1b\x07\u202e") {
		t.Errorf("a name reaches the terminal:\n%q", screen)
	}
	if strings.Contains(term.screenText(), "owned") && !strings.Contains(term.screenText(), "What whopulls changed") {
		t.Error("the title was taken")
	}
}
