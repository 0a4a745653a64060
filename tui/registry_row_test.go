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
		"idle":       {[]string{"down"}, []string{"This is the Cloud Run service agent of old-campaign-2019.", "nothing in old-campaign-2019 was seen to use it", "It can be removed, and you are asked first."}},
		"granted":    {[]string{"up"}, []string{"It is needed. Service web of", "There is nothing to do: it stays."}},
		"unknown":    {[]string{"home"}, []string{"That is open: something that matters could not be seen.", "It stays until more can be seen."}},
		"not-judged": {[]string{"end", "enter", "down"}, []string{"Cloud Run does not pull as it.", "Ask its owner whether it is still needed"}},
		"deleted":    {nil, []string{"This account was deleted.", "It can be removed"}},
		"wider":      {[]string{"home", "down"}, []string{"You can have the reader role put in its place."}},
	} {
		t.Run(name, func(t *testing.T) {
			term := openRegistry(t, newStaleCloud(), Options{}, 80, 36)
			term.press(c.keys...)
			term.press("e")
			screen := term.shows(append(c.shows, "What is this?", "Why is it needed?", "What to do")...)
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

// The id of any listed project leads to its registry too, below the project itself.
func TestATypedProjectHasItsRegistry(t *testing.T) {
	term := start(t, newStaleCloud(), Options{}, 80, 24)
	term.shows("▸ myproject-a")
	term.press("ctrl+p")
	assertLacks(t, term.shows("Registry of project myproject-a"), "Registry of project myproject-b")
	term.typeText("myproject-")
	assertLacks(t, term.shows("myproject-b"), "Registry of project myproject-b")
	term.typeText("b")
	assertInOrder(t, term.shows("Registry of project myproject-b"), "▸ project", "myproject-b", "Registry of project myproject-b")
	term.press("down")
	term.shows("▸ place          Registry of project myproject-b")
	term.press("enter")
	term.showsInPassing("Who may pull from the repositories of myproject-b?")
}
