package tui

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
	"whopulls/text/cells"
	"whopulls/tui/ui"
)

// A question that is not on the screen can't be answered: below the smallest window only ctrl+c works.
func TestNoAnswerWhileTheWindowIsTooSmall(t *testing.T) {
	cloud := newFakeCloud()
	term := startWalk(t, cloud, Options{})
	term.press("enter")
	term.shows("Change the policy")
	term.resize(40, 10)
	term.shows("needs a window")
	term.press("right", "enter")
	term.resize(80, 24)
	term.shows("Change the policy", "○ to do")
	if cloud.agentHasReader() {
		t.Fatal("a grant was made with no question on the screen")
	}
	term.press("esc")
	term.shows("asks first")
}

// In the smallest window everything that a yes would change can be read, by paging.
func TestWalkAndHelpScrollInTheSmallestWindow(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 60, 15)
	term.shows("✗ missing")
	term.press("?")
	term.shows("Keys here", "closes this", "lines 1 to 12 of ")
	term.press("end")
	term.shows("kept ")
	term.press("x")
	term.shows("Nothing that was read gives it", "1-2 of 5, pgdn", "not looked at:")
	term.press("pgdown")
	term.shows("fix    Grant", "myrepo to the Cloud Run service agent", "4-5 of 5, pgup", "not looked at:")
	term.shows("pull the image")
	term.press("enter")
	compareScreen(t, "walk-60x15", term.shows("○ to do", "pgup and pgdn show the rest"))
	for range 4 {
		term.press("pgdown")
	}
	term.shows("--role=roles/artifactregistry.reader")
}

// In the smallest window the questions are shorter, and what is answered is seen.
func TestQuestionsInTheSmallestWindow(t *testing.T) {
	cloud := newFakeCloud()
	term := start(t, cloud, Options{Question: articleQuestion()}, 60, 15)
	term.shows("✗ missing")
	term.press("enter")
	term.shows("○ to do")
	term.press("enter")
	compareScreen(t, "walk-ask-60x15", term.shows("Change the policy", "▸ No  ", "╰"))
	term.press("esc")
	term.shows("asks first")
	cloud.mu.Lock()
	cloud.labels = map[string]string{"env": "prod"}
	cloud.mu.Unlock()
	term.press("enter")
	term.shows("looks like production")
	term.typeText("myproject-b")
	compareScreen(t, "walk-production-60x15", term.shows("> myproject-b", "╰"))
}

// However much there is to say, frame and answer stay.
func TestADialogFitsItsRoom(t *testing.T) {
	long := strings.Repeat("some words ", 60)
	for _, word := range []model.Confirmation{{}, {Name: "myproject-b", What: "project myproject-b", Why: "looks like production", Noun: "id"}} {
		t.Run(cmp.Or(word.Name, "no guard"), func(t *testing.T) {
			for room := 6; room < 40; room++ {
				d := &ui.Dialog{Title: long, What: long, Why: long, Member: "member  " + long, YesLabel: "grant", Guard: word, Typed: strings.Repeat("x", 80)}
				lines := d.View(ui.NewStyles(ui.ThemeMono), 60, room)
				text := ansi.Strip(strings.Join(lines, "\n"))
				answer := "No"
				if word.Required() {
					answer = "x█"
				}
				if len(lines) > room || !strings.Contains(text, answer) || !strings.Contains(text, "╰") {
					t.Errorf("%d lines of %d:\n%s", len(lines), room, text)
				}
				for _, l := range lines {
					if cells.Width(l) != 54 {
						t.Errorf("a line is %d wide: %q", cells.Width(l), l)
					}
				}
			}
		})
	}
}

func TestAFilterWithoutAHitLeadsNowhere(t *testing.T) {
	term := start(t, newFakeCloud(), Options{}, 80, 24)
	term.shows("3 projects")
	term.typeText("proja")
	term.shows("1 of 3")
	term.press("enter")
	term.shows("2 workloads")
	term.typeText("zzz")
	term.shows("Nothing fits the filter")
	term.press("enter")
	term.shows("What runs it in myproject-a?", "0 of 2")
	term.press("esc")
	term.shows("+ a new deployment")
}

// What was changed is shown when the program ends, so that the terminal keeps a trace of it.
func TestChangesAreToldAtTheEnd(t *testing.T) {
	undo := func(entry string, _ *Login) string { return "whopulls undo " + entry }
	term := startWalk(t, newFakeCloud(), Options{UndoCommand: undo})
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	term.shows("✓ granted and verified")
	lines := strings.Join(term.root.changes.lines(60), "\n")
	const want = `✓ verified: Grant roles/artifactregistry.reader on
  repository myrepo to the Cloud Run service agent
  (serviceAccount:service-111111111111@
  serverless-robot-prod.iam.gserviceaccount.com)
  Undo: whopulls undo entry1`
	if lines != want {
		t.Errorf("the end tells\n%s\nwant\n%s", lines, want)
	}
}

// Each run is taken back by the login that made it.
func TestUndoIsToldForTheLoginThatMadeTheChange(t *testing.T) {
	grant := model.Step{Kind: model.StepGrant, Title: "Grant", Resource: repoName.Resource(), Role: model.RoleReader, Member: agentMember}
	c := &changes{styles: ui.NewStyles(ui.ThemeMono), undoCommand: func(id string, by *Login) string {
		if by == nil {
			return id + " by the first"
		}
		return id + " by " + by.Account
	}}
	for _, run := range []string{"r1", "r2"} {
		entry := "entry of " + run
		c.add(model.Write{Run: run}, model.Outcome{Step: grant, State: model.StepDone, Verified: true, Entry: &entry}, false)
		c.workAs(&Login{Account: "ops@example.com"})
	}
	assertInOrder(t, strings.Join(c.lines(unlimitedWidth), "\n"), "entry of r1 by the first", "entry of r2 by ops@example.com")
}

// What was taken back, was not made or can't be taken back has no command that would.
func TestUndoIsToldOfWhatCanBeTakenBack(t *testing.T) {
	grant := model.Step{Kind: model.StepGrant, Title: "Grant", Resource: repoName.Resource(), Role: model.RoleReader, Member: agentMember}
	one, two := "one", "two"
	done := model.Outcome{Step: grant, State: model.StepDone, Verified: true, Entry: &one}
	back := model.Outcome{Step: grant, State: model.StepDone, Verified: true, Entry: &two}
	enabled := done
	enabled.Kind = model.StepEnableAPI
	failed := done
	failed.State = model.StepFailed
	command := func(entry string, _ *Login) string { return "whopulls undo " + entry }
	for name, test := range map[string]struct {
		undo  func(string, *Login) string
		first model.Outcome
		gone  bool
		then  model.Write
		after *model.Outcome
		want  bool
	}{
		"made":            {undo: command, first: done, want: true},
		"an API":          {undo: command, first: enabled},
		"failed":          {undo: command, first: failed},
		"nothing lasts":   {first: done},
		"in a sandbox":    {undo: command, first: done, gone: true},
		"taken back":      {undo: command, first: done, then: model.Write{Undoes: one}, after: &back},
		"undo was failed": {undo: command, first: done, then: model.Write{Undoes: one}, after: &failed, want: true},
	} {
		t.Run(name, func(t *testing.T) {
			c := &changes{styles: ui.NewStyles(ui.ThemeMono), undoCommand: test.undo}
			c.add(model.Write{}, test.first, test.gone)
			if test.after != nil {
				c.add(test.then, *test.after, false)
			}
			got := strings.Join(c.lines(unlimitedWidth), "\n")
			if strings.Contains(got, "Undo:") != test.want || strings.Contains(got, ", in the sandbox: Grant") != test.gone {
				t.Errorf("%s: %q", name, got)
			}
		})
	}
}

// One command takes a whole run back; what was taken back already, or never can be, is not counted.
func TestUndoIsToldOfARun(t *testing.T) {
	c := &changes{styles: ui.NewStyles(ui.ThemeMono), undoCommand: func(id string, _ *Login) string { return "whopulls undo " + id }}
	did := func(run, entry, undoes string, kind model.StepKind, member model.Member, state model.StepState) {
		step := model.Step{Kind: kind, Title: entry, Resource: repoName.Resource(), Role: model.RoleReader, Member: member}
		c.add(model.Write{Step: step, Run: run, Undoes: undoes}, model.Outcome{Step: step, State: state, Entry: &entry}, false)
	}
	did("many", "e1", "", model.StepRevoke, idleMember, model.StepDone)
	did("many", "e2", "", model.StepRevoke, broadMember, model.StepDone)
	did("many", "e3", "", model.StepRevoke, usingMember, model.StepDone)
	did("many", "e4", "e3", model.StepGrant, usingMember, model.StepDone)  // taken back
	did("many", "e5", "", model.StepRevoke, deletedMember, model.StepDone) // can't be given back
	did("one", "e6", "", model.StepGrant, idleMember, model.StepDone)
	did("none", "e7", "", model.StepGrant, broadMember, model.StepFailed)
	var told []string
	for _, l := range c.lines(unlimitedWidth) {
		if strings.Contains(l, "undo") {
			told = append(told, l)
		}
	}
	if want := []string{"  Undo: whopulls undo e6", "Undo these 2: whopulls undo many"}; !slices.Equal(told, want) {
		t.Errorf("%q, want %q", told, want)
	}
}

// A change on a folder or an organization reaches every project below: its name is typed, to grant and to take back.
func TestWalkOnAFolder(t *testing.T) {
	cloud := newFakeCloud()
	term := start(t, cloud, Options{Question: articleQuestion()}, 80, 24)
	term.shows("fix: 1 step")
	step := func(id string, r model.Resource) model.Step {
		return model.Step{ID: id, Kind: model.StepGrant, Title: "Grant reader", Resource: r, Role: model.RoleReader, Member: agentMember}
	}
	env := term.root.app
	plan := model.Plan{Steps: []model.Step{step("1", folder.Resource), step("2", organization.Resource)}}
	term.tracked.sendTracked(ui.PushMsg{Screen: env.openGrants(model.Situation{Question: articleQuestion()}, plan, "")})
	term.shows("0 of 2 done")
	term.press("enter")
	term.shows("Folder apps reaches every project below it. Type folders/200000000001", "to continue:", "once the name is typed")
	term.press("right", "tab", "enter")
	term.shows("nothing is changed: the name is not typed yet; esc means no")
	term.typeText("200000000001")
	term.press("enter")
	term.shows("nothing is changed: that is not the name")
	if cloud.policies[folder.Resource].Holds(model.RoleReader, agentMember) {
		t.Fatal("it was granted without the name")
	}
	term.press("ctrl+u")
	term.typeText("folders/200000000001")
	compareScreen(t, "walk-folder", term.shows("> folders/200000000001"))
	term.press("enter")
	term.shows("1 of 2 done")
	term.press("enter")
	term.shows("Organization 100000000001 reaches every project below it.")
	term.typeText("folders/200000000001")
	term.press("enter")
	term.shows("nothing is changed: that is not the name")
	term.press("esc")
	term.shows("1 of 2 done")
	term.press("up", "u")
	term.shows("Folder apps reaches every project below it.", "take back, once the name is typed")
	term.typeText("folders/200000000001")
	term.press("enter")
	term.shows("0 of 2 done")
}
