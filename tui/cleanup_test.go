package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"whopulls/model"
	"whopulls/text"
)

// openCleanup opens the clean-up screen from the map of a cloud.
func openCleanup(t *testing.T, cloud *fakeCloud, o Options, width, height int) *terminal {
	t.Helper()
	o.Question = articleQuestion()
	term := start(t, cloud, o, width, height)
	term.shows("fix: 1 step")
	term.act("clean up")
	term.shows("Who may read repository myrepo", "7 bindings")
	return term
}

func TestCleanUpScreens(t *testing.T) {
	for _, size := range []struct {
		name          string
		width, height int
	}{{"clean-80x24", 80, 24}, {"clean-120x40", 120, 40}, {"clean-60x15", 60, 15}} {
		t.Run(size.name, func(t *testing.T) {
			term := openCleanup(t, newStaleCloud(), Options{}, size.width, size.height)
			compareScreen(t, size.name, term.shows("[x] ✗ deleted", "7 bindings, 1 selected", "select"))
		})
	}
}

// What is in use or not known can't be selected, and says why.
func TestCleanUpSelects(t *testing.T) {
	term := openCleanup(t, newStaleCloud(), Options{}, 80, 24)
	term.press("down")
	compareScreen(t, "clean-idle", term.shows("▸ [ ] ", "Nothing in project old-campaign-2019 uses it"))
	term.press("space")
	term.shows("2 selected", "remove 2")
	term.press("space")
	term.shows("1 selected")
	term.press("end")
	compareScreen(t, "clean-active", term.shows("by service web in asia-northeast1 of shop-frontend"))
	term.press("space")
	term.shows("it stays, because it is active: Project shop-frontend uses it.")
	term.press("up", "space")
	term.shows("it stays, because it is unknown")
	term.press("ctrl+a")
	term.shows("it stays, because it is unknown", "1 selected")
}

// What everybody may read is told apart from what is not known, and can't be selected.
func TestCleanUpTellsPublicApart(t *testing.T) {
	cloud := newStaleCloud()
	cloud.policies[repoName.Resource()].Bindings[1].Members = append(cloud.policies[repoName.Resource()].Bindings[1].Members, model.AllUsers)
	term := start(t, cloud, Options{Question: articleQuestion()}, 80, 24)
	term.shows("✓ granted  myproject-a")
	term.act("clean up")
	term.shows("8 bindings, 1 selected", "! public     allUsers")
	term.typeText("allusers")
	term.shows("1 of 8", "It lets everybody on the internet read")
	term.press("space")
	term.shows("it stays, because it is public")
	term.press("ctrl+a")
	term.shows("it stays, because it is public", "1 selected, 1 of them not shown")
}

// A status alone, the filter, and all of a status.
func TestCleanUpFilters(t *testing.T) {
	cloud := newStaleCloud()
	term := openCleanup(t, cloud, Options{}, 80, 24)
	term.act("next status alone")
	term.shows("deleted alone", "1 of 7 bindings, 1 selected")
	term.act("next status alone")
	term.shows("idle alone", "1 of 7", "service-555555555555")
	term.press("ctrl+a")
	term.shows("2 selected")
	term.press("ctrl+a")
	term.shows("1 of 7 bindings, 1 selected")
	for _, s := range []string{"excessive", "unknown", "active"} {
		term.act("next status alone")
		term.shows(s + " alone")
	}
	term.act("next status alone")
	term.shows("every status", "7 bindings")
	term.typeText("6666")
	compareScreen(t, "clean-excessive", term.shows("\n  6666  ", "1 of 7", "▸ [ ] ! excessive", "+ roles/artifactregistry.reader"))
	term.press("ctrl+y")
	term.shows("sent to the clipboard: gcloud artifacts repositories add-iam-policy-binding")
	term.press("esc")
	term.shows("7 bindings")
	term.press("ctrl+a")
	term.act("next status alone")
	term.typeText("zzz")
	term.shows("Nothing fits the filter")
	term.press("space", "ctrl+a", "ctrl+y", "esc", "esc")
	term.shows("fix: 1 step")
}

// What is selected stays so while a filter hides it, and is counted; all of a status are those that are shown.
func TestCleanUpCountsWhatTheFilterHides(t *testing.T) {
	cloud := newStaleCloud()
	policy := cloud.policies[repoName.Resource()]
	policy.Bindings[1].Members = append(policy.Bindings[1].Members, "deleted:user:another@example.com?uid=2")
	term := start(t, cloud, Options{Question: articleQuestion()}, 80, 24)
	term.shows("fix: 1 step")
	term.act("clean up")
	term.shows("8 bindings, 2 selected")
	term.press("ctrl+a")
	term.shows("  8 bindings\n", "[ ] ✗ deleted    former")
	term.typeText("another")
	term.shows("1 of 8 bindings")
	term.press("ctrl+a")
	term.shows("1 of 8 bindings, 1 selected", "remove 1 (asks first)")
	term.press("esc")
	term.shows("8 bindings, 1 selected")
	term.typeText("former")
	term.shows("1 of 8 bindings, 1 selected, 1 of them not shown", "remove 1, 1 not shown (asks first)")
}

// One after the other, asking at each; then undo.
func TestCleanUpRemoves(t *testing.T) {
	cloud := newStaleCloud()
	term := openCleanup(t, cloud, Options{}, 80, 24)
	term.press("down", "space")
	term.shows("2 selected")
	term.press("enter")
	compareScreen(t, "clean-walk", term.shows("What is removed", "be given back: Google asks", "0 of 2 done"))
	term.press("enter")
	term.shows("Change the policy of repository myrepo?", "given back: Google asks")
	term.press("enter") // the default is no
	term.shows("0 of 2 done", "enter remove (asks first)")
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	compareScreen(t, "clean-walk-agent", term.shows("1 of 2 done", "Serving revisions keep their copy"))
	term.press("enter")
	compareScreen(t, "clean-ask", term.shows("Change the policy", "so may a job at its next"))
	term.answerYes()
	compareScreen(t, "clean-done", term.shows("✓ removed  2 of 2 done; u takes the chosen one back", "a fresh read shows that the binding is gone", "back to the list"))
	if cloud.hasBinding(model.RoleReader, deletedMember) || cloud.hasBinding(model.RoleReader, idleMember) || !cloud.hasBinding(model.RoleReader, usingMember) {
		t.Fatalf("the policy is %v", cloud.policies[repoName.Resource()])
	}
	term.press("u")
	term.shows("No       take back")
	term.answerYes()
	term.shows("taken back", "1 of 2 done")
	if !cloud.hasBinding(model.RoleReader, idleMember) {
		t.Fatal("it was not given back")
	}
	term.press("up", "u")
	term.shows("a deleted member can't be given anything")
	term.press("esc")
	term.shows("6 bindings", "service-555555555555")
}

// What is used by the time of the last look stays, although a person said yes.
func TestCleanUpLooksAgain(t *testing.T) {
	cloud := newStaleCloud()
	term := openCleanup(t, cloud, Options{}, 80, 24)
	term.press("space", "down", "space", "enter")
	term.shows("What is removed", "Remove reader from")
	term.press("enter")
	term.shows("Change the policy")
	cloud.startUsing("old-campaign-2019")
	term.answerYes()
	term.shows("\n it is active by now, and stays: Project old-campaign-2019 uses it.") // in the last line
	term.press("up")
	compareScreen(t, "clean-stays", term.shows("– over", "– skipped", "it is active by now", "enter back to the list"))
	if !cloud.hasBinding(model.RoleReader, idleMember) {
		t.Fatal("what is in use was removed")
	}
	term.press("enter")
	if screen := term.shows("7 bindings"); strings.Contains(screen, "idle") {
		t.Errorf("the list is the old one:\n%s", screen)
	}
}

// An excessive binding is replaced: the reader role first, and taken back last.
func TestCleanUpReplaces(t *testing.T) {
	cloud := newStaleCloud()
	term := openCleanup(t, cloud, Options{}, 80, 24)
	term.press("space", "down", "down", "space", "enter")
	compareScreen(t, "clean-replace", term.shows("What is changed", "Grant reader to", "Remove writer from"))
	term.press("down", "enter")
	term.shows("step 1 comes first")
	term.press("up", "enter")
	term.shows("Change the policy")
	term.answerYes()
	term.shows("1 of 2 done")
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	term.shows("✓ changed  2 of 2 done")
	if !cloud.hasBinding(model.RoleReader, broadMember) || cloud.hasBinding(writerRole, broadMember) {
		t.Fatalf("the policy is %v", cloud.policies[repoName.Resource()])
	}
	term.press("up", "u")
	term.shows("take back step 2 first")
	term.press("down", "u")
	term.shows("It gives back one binding", "No       take back")
	term.answerYes()
	term.shows("1 of 2 done")
	if !cloud.hasBinding(writerRole, broadMember) {
		t.Fatal("the broad role was not given back")
	}
}

func TestCleanUpReadOnlyAndProduction(t *testing.T) {
	cloud := newStaleCloud()
	term := openCleanup(t, cloud, Options{ReadOnly: true}, 80, 24)
	term.press("enter")
	term.shows("○ to do")
	term.press("enter")
	term.shows("read-only: nothing is changed; x copies the commands")
	term.press("x")
	term.shows("sent to the clipboard: gcloud")
	cloud.labels = map[string]string{"env": "prod"}
	term = openCleanup(t, cloud, Options{}, 80, 24)
	term.press("enter")
	term.shows("○ to do")
	term.press("enter")
	term.shows("looks like production")
	term.typeText("y")
	term.press("enter")
	term.shows("nothing is changed: that is not the id")
	if !cloud.hasBinding(model.RoleReader, deletedMember) {
		t.Fatal("it was removed")
	}
}

// While it reads it says so, and leaving ends the reading.
func TestCleanUpReads(t *testing.T) {
	cloud := newStaleCloud()
	term := start(t, cloud, Options{Question: articleQuestion()}, 80, 24)
	term.shows("fix: 1 step")
	cloud.answersHold = make(chan struct{})
	term.act("clean up")
	compareScreen(t, "clean-reading", term.showsInPassing("Who may read repository myrepo", "0 bindings, reading …"))
	term.press("enter")
	term.showsInPassing("still reading")
	close(cloud.answersHold)
	term.shows("7 bindings")
	term.press("esc")
	term.shows("fix: 1 step")
	held := newStaleCloud()
	held.surveyAbandoned = make(chan struct{})
	term = start(t, held, Options{Question: articleQuestion()}, 80, 24)
	term.shows("fix: 1 step")
	held.answersHold = make(chan struct{})
	term.act("clean up")
	term.showsInPassing("0 bindings, reading …")
	term.press("esc")
	select {
	case <-held.surveyAbandoned:
	case <-time.After(screenTimeout):
		t.Fatal("it reads on although nobody waits for it")
	}
}

// Whatever stands in a name, the screens are those that the clean name makes.
func TestCleanUpHostileNames(t *testing.T) {
	for _, spoil := range []string{"\x1b[2J\x1b[HPWNED", "\u009b31m", "a\nb\r\nc", "\u202egnp.exe"} {
		t.Run(fmt.Sprintf("%q", spoil), func(t *testing.T) {
			screens := func(spoil string) (all []string) {
				cloud := newStaleCloud()
				cloud.nameSuffix = spoil
				term := openCleanup(t, cloud, Options{}, 120, 30)
				term.press("down")
				all = append(all, term.shows("Nothing in project old-campaign-2019"))
				term.press("space", "enter")
				term.shows("0 of 2 done")
				term.press("down")
				return append(all, term.shows("▸ ○ to do       2"))
			}
			want, got := screens(text.Clean(spoil)), screens(spoil)
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("%q:\n%s\nwant\n%s", spoil, got[i], want[i])
				}
			}
		})
	}
}

// However many are selected, the step and its explanation are seen.
func TestCleanUpOfMany(t *testing.T) {
	cloud := newStaleCloud()
	var gone []model.Member
	for n := range 40 {
		gone = append(gone, model.Member(fmt.Sprintf("deleted:user:person%02d@example.com?uid=%d", n, n)))
	}
	cloud.policies[repoName.Resource()] = model.Policy{Bindings: []model.Binding{{Role: model.RoleReader, Members: gone}}}
	term := start(t, cloud, Options{Question: articleQuestion()}, 80, 24)
	term.shows("fix: 1 step")
	term.act("clean up")
	term.shows("40 bindings, 40 selected", "… lines 1 to 7 of 40")
	term.press("enter")
	term.shows("○ to do       1", "… steps 1 to 9 of 40", "change policy")
	for range 20 {
		term.press("down")
	}
	compareScreen(t, "clean-many", term.shows("▸ ○ to do       21", "… steps 13 to 21 of 40", "person20"))
}

// The help explains the words that stand on the screen, and none of another screen.
func TestCleanUpHelpExplainsTheStatuses(t *testing.T) {
	term := openCleanup(t, newStaleCloud(), Options{}, 80, 40)
	term.press("f1")
	screen := term.shows("Whether a binding serves anyone", "! excessive")
	compareScreen(t, "clean-help", screen)
	for _, s := range model.StaleStatuses {
		if !strings.Contains(screen, string(s)+" ") {
			t.Errorf("the help has no word for %s", s)
		}
	}
	for _, word := range []string{"DEPLOYS", "granted", "missing", "denied"} {
		if strings.Contains(screen, word) {
			t.Errorf("%s is on no clean-up screen", word)
		}
	}
}
