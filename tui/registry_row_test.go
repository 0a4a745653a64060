package tui

import (
	"testing"

	"whopulls/model"
	"whopulls/model/ledger"
)

// Each kind of row explains who its member is, whether the binding is needed, and what to do. It leads on to the change.
func TestRegistryExplains(t *testing.T) {
	for name, c := range map[string]struct {
		keys  []string
		shows []string
	}{
		"idle":       {[]string{"down"}, []string{"The Cloud Run service agent of project old-campaign-2019", "Idle: Nothing in project old-campaign-2019 uses it", "enter removes it. It asks first."}},
		"granted":    {[]string{"up"}, []string{"used by service web in asia-northeast1", "Nothing: it stays."}},
		"unknown":    {[]string{"home"}, []string{"Unknown: Its project 777777777777 could not be seen", "It stays until more can be seen."}},
		"not-judged": {[]string{"end", "enter", "down"}, []string{"A service account that is no Cloud Run service agent", "Ask its owner whether it is still needed"}},
		"deleted":    {nil, []string{"A member that was deleted", "enter removes it"}},
		"wider":      {[]string{"home", "down"}, []string{"enter grants reader first"}},
	} {
		t.Run(name, func(t *testing.T) {
			term := openRegistry(t, newStaleCloud(), Options{}, 80, 36)
			term.press(c.keys...)
			term.press("e")
			screen := term.shows(append(c.shows, "Who is this?", "Is the binding needed?", "What to do")...)
			compareScreen(t, "registry-explain-"+name, screen)
		})
	}
	t.Run("leads to the removal", func(t *testing.T) {
		term := openRegistry(t, newStaleCloud(), Options{}, 80, 36)
		term.press("e", "enter")
		term.shows("What is removed", "0 of 1 done")
	})
	t.Run("a heading", func(t *testing.T) {
		term := openRegistry(t, newStaleCloud(), Options{}, 80, 36)
		term.press("end", "e")
		term.shows("no binding is under the cursor")
	})
}

// The last change of a binding is taken back where it stands. A row that the journal does not know says so.
func TestRegistryUndoesTheLastChangeOfABinding(t *testing.T) {
	cloud := newStaleCloud()
	elsewhere := changed("elsewhere2", "run0000006", 40, model.StepGrant, usingMember, ledger.StateDone)
	elsewhere.Target = "sandbox:4711"
	cloud.journal = journalOf(t, elsewhere, changed("granted003", "run0000007", 50, model.StepGrant, idleMember, ledger.StateDone))
	term := openRegistry(t, cloud, Options{}, 80, 24)
	term.press("u")
	term.shows("the journal has no change of this binding")
	term.press("up", "u")
	term.shows("the journal has no change of this binding") // it was made in another cloud
	term.press("down", "down", "u")
	compareScreen(t, "registry-undo", term.shows("What this binding changed  0 of 1 taken back", "Change the policy of repository myrepo?"))
	term.answerYes()
	term.shows("taken back", "1 of 1")
	if cloud.hasBinding(model.RoleReader, idleMember) {
		t.Fatal("it was not taken back")
	}
	term.press("esc")
	term.shows("6 bindings")
}

// A program that may only read takes nothing back.
func TestRegistryUndoIsOffWhereNothingIsChanged(t *testing.T) {
	cloud := newStaleCloud()
	cloud.journal = journalOf(t, changed("granted003", "run0000007", 50, model.StepGrant, idleMember, ledger.StateDone))
	term := openRegistry(t, cloud, Options{ReadOnly: true}, 80, 24)
	term.press("down", "u")
	term.shows("read-only: nothing is changed")
}

// From the first list and from a project's the palette leads to the registries that are known there.
func TestRegistryPlacesFromTheLists(t *testing.T) {
	term := start(t, newStaleCloud(), Options{}, 80, 24)
	term.shows("3 projects")
	term.press("ctrl+p")
	term.typeText("registry of")
	term.shows("Registry of project myproject-a", "Registry of organization")
	term.press("esc", "enter")
	term.shows("What runs it in myproject-a?")
	term.press("ctrl+p")
	term.typeText("registry of proj")
	term.shows("Registry of project myproject-a")
	term.press("enter")
	term.showsInPassing("Who may pull from the repositories of myproject-a?")
}
