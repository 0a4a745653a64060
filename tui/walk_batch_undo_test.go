package tui

import (
	"strings"
	"sync"
	"testing"

	"whopulls/model"
	"whopulls/tui/ui"
)

// runAll walks through everything at once.
func (term *terminal) runAll(key string) {
	term.t.Helper()
	term.press(key)
	term.shows("in one run?")
	term.answerYes()
}

// askUndoAll asks for everything of a walk to be taken back.
func (term *terminal) askUndoAll() {
	term.t.Helper()
	term.press("u")
	term.choose("everything of this run")
}

// Where a removal may have been made although it is said to have failed, its replacement is not taken back: that may
// be the agent's last way.
func TestUndoAllLeavesTheLastWay(t *testing.T) {
	cloud := newStaleCloud()
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		o, err := cloud.makeStep(s)
		if s.Member == broadMember && s.Kind == model.StepRevoke {
			o.State, o.Message, o.Entry = model.StepFailed, "Google took the change, but a fresh read does not show it", nil
		}
		return o, err
	}
	term := openWalkOfThree(t, cloud, Options{})
	term.runAll("a")
	term.shows("it ended there: Google took the change")
	term.press("up", "u")
	term.shows("╭ Undo", "this step               step 4 depends on this one", "▸ everything of this run  1 change")
	term.press("enter")
	term.shows("in one run?", "It grants 1 binding of repository myrepo.")
	term.answerYes()
	term.shows("taken back together: 1 change; 2 can't be given back")
	if !cloud.hasBinding(model.RoleReader, broadMember) || !cloud.hasBinding(model.RoleReader, idleMember) {
		t.Fatalf("the policy is %v", cloud.policies[repoName.Resource()])
	}
}

// What can't be taken back does not keep the rest from it, and neither does it make it loop.
func TestUndoAllGoesOn(t *testing.T) {
	cloud := newStaleCloud()
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		if s.Member == broadMember && s.Kind == model.StepGrant && s.Role == writerRole {
			return model.Outcome{Step: s, State: model.StepNotAllowed, Message: "the binding is there again"}, nil
		}
		return cloud.makeStep(s)
	}
	term := openWalkOfThree(t, cloud, Options{})
	term.runAll("a")
	term.shows("changed together: 4 changes")
	for range 2 {
		term.askUndoAll()
		term.shows("in one run?")
		term.answerYes()
		term.shows("taken back together: ", "2 could not be; 1 can't be given back")
		if !cloud.hasBinding(model.RoleReader, idleMember) || !cloud.hasBinding(model.RoleReader, broadMember) {
			t.Fatalf("the policy is %v", cloud.policies[repoName.Resource()])
		}
		term.press("down")
	}
}

// While the program is leaving nothing is asked any more.
func TestNoQuestionWhileLeaving(t *testing.T) {
	cloud := newStaleCloud()
	begun, goOn := make(chan struct{}), make(chan struct{})
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		close(begun) // a second change would panic
		<-goOn
		return cloud.makeStep(s)
	}
	term := openWalkOfThree(t, cloud, Options{})
	release := sync.OnceFunc(func() { close(goOn) })
	t.Cleanup(release)
	term.runAll("a")
	<-begun
	term.press("ctrl+c")
	term.showsInPassing("finishing the change, then leaving")
	term.tracked.sendTracked(ui.DialogMsg{Dialog: &ui.Dialog{Title: "Another question?", YesLabel: "yes"}})
	term.answerYes()
	if screen := term.showsInPassing("Changing …"); strings.Contains(screen, "Another question?") {
		t.Errorf("it asks while it is leaving:\n%s", screen)
	}
	release()
	<-term.ended
	term.ended <- nil
}
