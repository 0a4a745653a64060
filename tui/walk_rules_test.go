package tui

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"whopulls/model"
)

// A project that the settings name as production wants its id, as one that is labelled so does.
func TestWalkInProductionByItsName(t *testing.T) {
	cloud := newFakeCloud()
	term := startWalk(t, cloud, Options{Production: "*-b"})
	term.press("enter")
	term.shows("Project myproject-b looks like production")
	term.typeText("myproject-b")
	term.press("enter")
	term.shows("✓ granted and verified")
}

// While a change is under way the other keys do nothing, and say so: a step is neither left out nor left.
func TestWalkWaitsForItsChange(t *testing.T) {
	cloud := newFakeCloud()
	begun, goOn := make(chan struct{}), make(chan struct{})
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		close(begun) // a second change would panic
		<-goOn
		return cloud.makeStep(s)
	}
	release := sync.OnceFunc(func() { close(goOn) })
	term := startWalk(t, cloud, Options{})
	t.Cleanup(release)
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	<-begun
	for _, key := range []string{"s", "enter", "u", "y", "x"} {
		term.press(key)
		term.showsInPassing(map[bool]string{false: "one change at a time: this one is under way", true: "a change is being made"}[key == "y" || key == "x"])
		term.press("down") // takes the words away
		if screen := term.showsInPassing("0 of 1 done"); strings.Contains(screen, "skipped") || strings.Contains(screen, "clipboard") {
			t.Errorf("%s does something:\n%s", key, screen)
		}
	}
	release()
	term.shows("✓ granted and verified")
}

// What is done is not made again, and what failed is not taken back, also where it has an entry.
func TestWalkRefusesWhatIsOver(t *testing.T) {
	cloud := newStaleCloud()
	state := model.StepFailed
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		entry := "entry1"
		return model.Outcome{Step: s, State: state, Verified: true, Entry: &entry}, nil
	}
	term := openRegistry(t, cloud, Options{}, 80, 24)
	term.press("down", "space", "home", "down", "space")
	term.shows("2 selected")
	term.press("enter")
	term.shows("0 of 3 done")
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	term.shows("▸ ✗ failed      1")
	term.press("u")
	term.shows("there is nothing of this walk to take back here")
	state = model.StepDone
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	term.shows("1 of 3 done")
	term.press("up", "enter")
	term.shows("\n this step is done")
}

// Of a step that waits for one that was left out nothing is asked.
func TestWalkAfterAStepThatWasLeftOut(t *testing.T) {
	term := openRegistry(t, newStaleCloud(), Options{}, 80, 24)
	term.press("home", "down", "enter")
	term.shows("Grant reader to", "enter grant (asks first)")
	term.press("s")
	term.shows("– skipped", "▸ ○ to do       2")
	term.press("enter")
	term.shows("\n step 1 comes first")
}

// What can't be looked at again stays, says why, and can be tried once more; what waits for it stays as well.
func TestCleanUpTogetherThatCannotLook(t *testing.T) {
	cloud := newStaleCloud()
	looks := 0
	cloud.rereadErr = func() error {
		if looks++; looks == 3 { // before the grant that stands in for the broad role
			return errors.New("the backend is away")
		}
		return nil
	}
	term := openWalkOfThree(t, cloud, Options{})
	term.runAll("a")
	term.shows("changed together: 2 changes; 2 stayed: each line says why")
	if cloud.hasBinding(model.RoleReader, broadMember) || !cloud.hasBinding(writerRole, broadMember) {
		t.Fatalf("the policy is %v", cloud.policies[repoName.Resource()])
	}
	term.press("up", "down")
	term.shows("it could not be looked at again, and stays: the backend is away", "a all 1 (asks once)")
	term.press("down")
	term.shows("step 3 comes first, and was not made")
}
