package tui

import (
	"strings"
	"sync"
	"testing"

	"whopulls/model"
)

// all walks through everything at once.
func (term *terminal) all(yes string) {
	term.t.Helper()
	term.keys(yes)
	term.shows("in one run?")
	term.yes()
}

// Where a removal may have been made although it is said to have failed, what stands in for it is not taken back: it may
// be the agent's last way.
func TestUndoAllLeavesTheLastWay(t *testing.T) {
	cloud := newStaleCloud()
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		o, err := cloud.done(s)
		if s.Member == wideMember && s.Kind == model.StepRevoke {
			o.State, o.Message, o.Entry = model.StepFailed, "Google took the change, but a fresh read does not show it", nil
		}
		return o, err
	}
	term := chooseThree(t, cloud, Options{})
	term.all("a")
	term.shows("it ended there: Google took the change")
	term.keys("up", "u")
	term.shows("step 4 depends on this one, and what became of it is not certain")
	term.keys("U")
	term.shows("in one run?", "It grants 1 binding of repository myrepo.")
	term.yes()
	term.shows("taken back together: 1 change; 2 can't be given back")
	if !cloud.member(model.RoleReader, wideMember) || !cloud.member(model.RoleReader, idleMember) {
		t.Fatalf("the policy is %v", cloud.policies[repoName.Resource()])
	}
}

// What can't be taken back does not keep the rest from it, and neither does it make it loop.
func TestUndoAllGoesOn(t *testing.T) {
	cloud := newStaleCloud()
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		if s.Member == wideMember && s.Kind == model.StepGrant && s.Role == writerRole {
			return model.Outcome{Step: s, State: model.StepNotAllowed, Message: "the binding is there again"}, nil
		}
		return cloud.done(s)
	}
	term := chooseThree(t, cloud, Options{})
	term.all("a")
	term.shows("changed together: 4 changes")
	for range 2 {
		term.all("U")
		term.shows("taken back together: ", "2 could not be; 1 can't be given back")
		if !cloud.member(model.RoleReader, idleMember) || !cloud.member(model.RoleReader, wideMember) {
			t.Fatalf("the policy is %v", cloud.policies[repoName.Resource()])
		}
		term.keys("down")
	}
}

// A yes is for the steps that were told, and a second one does not begin a second run beside the first.
func TestARunIsWhatWasSaidYesTo(t *testing.T) {
	cloud := newStaleCloud()
	begun, goOn := make(chan struct{}), make(chan struct{})
	var mu sync.Mutex
	made := 0
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		mu.Lock()
		made++
		first := made == 1
		mu.Unlock()
		if first {
			close(begun)
			<-goOn
		}
		return cloud.done(s)
	}
	term := chooseThree(t, cloud, Options{})
	release := sync.OnceFunc(func() { close(goOn) })
	t.Cleanup(release)
	walk := term.root.top().(*walkScreen)
	yes := togetherMsg{walk, together{asked: map[string]bool{"1": true, "2": true}}}
	term.watched.handle(yes)
	<-begun
	term.watched.handle(yes)
	term.passes("one change at a time")
	term.watched.handle(grantMsg{walk, walk.steps[1], "", false})
	release()
	term.shows("changed together: 2 changes")
	term.keys("up")
	term.shows("2 of 4 done")
	mu.Lock()
	defer mu.Unlock()
	if made != 2 || cloud.member(writerRole, wideMember) == false {
		t.Errorf("%d changes were made", made)
	}
}

// While the program is leaving nothing is asked any more.
func TestNoQuestionWhileLeaving(t *testing.T) {
	cloud := newStaleCloud()
	begun, goOn := make(chan struct{}), make(chan struct{})
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		close(begun) // a second change would panic
		<-goOn
		return cloud.done(s)
	}
	term := chooseThree(t, cloud, Options{})
	release := sync.OnceFunc(func() { close(goOn) })
	t.Cleanup(release)
	term.all("a")
	<-begun
	term.keys("ctrl+c")
	term.passes("finishing the change, then leaving")
	term.watched.handle(askMsg{&dialog{title: "Another question?", yes: "yes"}})
	term.yes()
	if screen := term.passes("Changing …"); strings.Contains(screen, "Another question?") {
		t.Errorf("it asks while it is leaving:\n%s", screen)
	}
	release()
	<-term.ended
	term.ended <- nil
}
