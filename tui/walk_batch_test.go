package tui

import (
	"strings"
	"sync"
	"testing"

	"whopulls/model"
)

// openWalkOfThree selects the deleted member, the idle agent and the one that may do too much, and opens their walk.
func openWalkOfThree(t *testing.T, cloud *fakeCloud, o Options) *terminal {
	t.Helper()
	term := openRegistry(t, cloud, o, 80, 24)
	term.press("a")
	term.shows("3 selected")
	term.press("enter")
	term.shows("0 of 4 done")
	return term
}

// Everything after one yes, and taken back after one yes; a deleted member stays removed.
func TestCleanUpTogether(t *testing.T) {
	cloud := newStaleCloud()
	term := openWalkOfThree(t, cloud, Options{})
	term.shows("a all 4 (asks once)")
	term.press("a")
	compareScreen(t, "registry-together-ask", term.shows("Make what is left of the clean-up in one run?", "It grants 1 binding and removes 3 bindings of repository myrepo.", "change all"))
	term.press("enter") // the default is no
	term.shows("0 of 4 done", "a all 4")
	if !cloud.hasBinding(model.RoleReader, deletedMember) {
		t.Fatal("it was removed without a yes")
	}
	term.press("a")
	term.shows("in one run?")
	term.answerYes()
	term.shows("changed together: 4 changes")
	term.press("up")
	compareScreen(t, "registry-together-done", term.shows("✓ changed  4 of 4 done; u takes back the chosen one, or all of them", "▸ ✓ verified    3", "enter back"))
	if cloud.hasBinding(model.RoleReader, deletedMember) || cloud.hasBinding(model.RoleReader, idleMember) || cloud.hasBinding(writerRole, broadMember) ||
		!cloud.hasBinding(model.RoleReader, broadMember) || !cloud.hasBinding(model.RoleReader, usingMember) {
		t.Fatalf("the policy is %v", cloud.policies[repoName.Resource()])
	}
	term.askUndoAll()
	compareScreen(t, "registry-together-undo", term.shows("Take the clean-up back in one run?", "It grants 2 bindings and removes 1 binding of repository myrepo.", "1 member can't be given back"))
	term.answerYes()
	term.shows("taken back together: 3 changes; 1 can't be given back")
	if cloud.hasBinding(model.RoleReader, deletedMember) || !cloud.hasBinding(model.RoleReader, idleMember) || !cloud.hasBinding(writerRole, broadMember) ||
		cloud.hasBinding(model.RoleReader, broadMember) {
		t.Fatalf("the policy is %v", cloud.policies[repoName.Resource()])
	}
	term.press("u")
	term.shows("there is nothing of this walk to take back here")
}

// What is used by then stays, and the rest continues.
func TestCleanUpTogetherLooksAgain(t *testing.T) {
	cloud := newStaleCloud()
	term := openWalkOfThree(t, cloud, Options{})
	term.press("a")
	term.shows("in one run?")
	cloud.startUsing("old-campaign-2019")
	term.answerYes()
	term.shows("changed together: 3 changes; 1 stayed: its line says why")
	term.press("up")
	term.shows("– over", "3 of 4 done", "– skipped")
	if !cloud.hasBinding(model.RoleReader, idleMember) || cloud.hasBinding(writerRole, broadMember) {
		t.Fatalf("the policy is %v", cloud.policies[repoName.Resource()])
	}
}

// The first change that fails ends the run, and its dependents are not made either; the rest can be tried again.
func TestCleanUpTogetherEndsAtAFailure(t *testing.T) {
	cloud := newStaleCloud()
	broken := true
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		if s.Kind == model.StepGrant && broken {
			return model.Outcome{Step: s, State: model.StepFailed, Message: "the backend is away"}, nil
		}
		entry := "entry1"
		return model.Outcome{Step: s, State: model.StepDone, Verified: true, Entry: &entry}, nil
	}
	term := openWalkOfThree(t, cloud, Options{})
	term.press("a")
	term.shows("in one run?")
	term.answerYes()
	term.shows("it ended there: the backend is away")
	term.press("?", "esc")
	term.shows("2 of 4 done", "✗ failed", "○ to do", "a all 2 (asks once)")
	broken = false
	term.press("a")
	term.shows("in one run?")
	term.answerYes()
	term.shows("changed together: 2 changes")
}

// A run can be stopped, and leaving ends it after the change that is under way.
func TestCleanUpTogetherStops(t *testing.T) {
	for key, then := range map[string]string{"s": "it stops after this one", "ctrl+c": "finishing the change, then leaving"} {
		t.Run(key, func(t *testing.T) {
			cloud := newStaleCloud()
			begun, goOn, made := make(chan struct{}), make(chan struct{}), 0
			cloud.perform = func(s model.Step) (model.Outcome, error) {
				if made++; made == 1 {
					close(begun)
					<-goOn
				}
				entry := "entry1"
				return model.Outcome{Step: s, State: model.StepDone, Verified: true, Entry: &entry}, nil
			}
			term := openWalkOfThree(t, cloud, Options{})
			release := sync.OnceFunc(func() { close(goOn) })
			t.Cleanup(release)
			term.press("a")
			term.shows("in one run?")
			term.answerYes()
			<-begun
			term.showsInPassing("Changing …  0 of 4 done", "s stop after this one")
			term.press(key)
			term.showsInPassing(then)
			release()
			if key == "s" {
				term.shows("1 of 4 done", "stopped: 1 change made")
				term.press("down")
				term.shows("a all 3 (asks once)")
			} else {
				<-term.ended
				term.ended <- nil
			}
			if made != 1 {
				t.Errorf("%s: %d changes were made", key, made)
			}
		})
	}
}

func TestCleanUpTogetherAsksAsSteps(t *testing.T) {
	term := openWalkOfThree(t, newStaleCloud(), Options{ReadOnly: true})
	term.press("a")
	term.shows("read-only: nothing is changed; x takes out the commands")
	cloud := newStaleCloud()
	cloud.labels = map[string]string{"env": "prod"}
	term = openWalkOfThree(t, cloud, Options{})
	term.press("a")
	term.shows("looks like production")
	term.typeText("y")
	term.press("enter")
	term.shows("nothing is changed: that is not the id")
	if !cloud.hasBinding(model.RoleReader, deletedMember) {
		t.Fatal("it was removed")
	}
	for range "y" {
		term.press("backspace")
	}
	term.typeText("myproject-b")
	term.press("enter")
	term.shows("changed together: 4 changes")
	// In the walk of a question nothing of it is there.
	term = start(t, newFakeCloud(), Options{Question: articleQuestion()}, 80, 24)
	term.shows("fix: 1 step")
	term.press("enter")
	if screen := term.shows("○ to do"); strings.Contains(screen, "asks once") {
		t.Errorf("steps of a question are offered at once:\n%s", screen)
	}
	term.press("a", "U") // letters without a meaning there
	term.shows("enter grant (asks first)")
}

// What the caller may not change is said beforehand, and a run leaves it alone.
func TestCleanUpSaysWhatTheCallerMayNot(t *testing.T) {
	cloud := newStaleCloud()
	cloud.mayNotSetPolicy = true
	term := openRegistry(t, cloud, Options{}, 80, 24)
	term.press("enter")
	compareScreen(t, "registry-not-yours", term.shows("✗ not yours", "✗ you don't have it"))
	term.press("enter")
	term.shows("you lack artifactregistry.repositories.setIamPolicy; x takes out", "the commands for it")
	term.press("a")
	term.shows("nothing is left that you may remove")
}

// What could not be taken back in one run says so, and the heading does not promise it.
func TestCleanUpTogetherCantBeTakenBack(t *testing.T) {
	cloud := newStaleCloud()
	broken := false
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		if broken {
			return model.Outcome{Step: s, State: model.StepFailed, Message: "the backend is away"}, nil
		}
		return cloud.makeStep(s)
	}
	term := openWalkOfThree(t, cloud, Options{})
	term.press("a")
	term.shows("in one run?")
	term.answerYes()
	term.shows("4 of 4 done; u takes back the chosen one, or all of them")
	broken = true
	term.askUndoAll()
	term.shows("Take the clean-up back in one run?")
	term.answerYes()
	term.shows("it ended there: the backend is away")
	term.press("?", "esc")
	term.shows("4 of 4 done; 1 could not be taken back: it says why", "✗ not taken back", "         the backend is away")
	broken = false
	term.askUndoAll()
	term.shows("Take the clean-up back in one run?")
	term.answerYes()
	if screen := term.shows("taken back together: 3 changes"); strings.Contains(screen, "not taken back") {
		t.Errorf("it still says that it was not taken back:\n%s", screen)
	}
}

// A run that only removes says so, and what can't be given back is said in sentences that need no other.
func TestCleanUpTogetherOfRemovalsAlone(t *testing.T) {
	term := openRegistry(t, newStaleCloud(), Options{}, 80, 24)
	term.press("space", "down", "space", "enter")
	term.shows("What is removed  0 of 2 done")
	term.press("a")
	term.shows("in one run?", "It removes 2 bindings", "remove all")
	term.answerYes()
	term.shows("✓ removed  2 of 2 done", "removed together: 2 changes")
}
