package walk

import (
	"testing"

	tea "charm.land/bubbletea/v2"
)

// A yes is for the steps that were named, and a second one does not begin a second run next to the first.
func TestARunIsWhatWasSaidYesTo(t *testing.T) {
	cloud := &fakeCloud{hold: make(chan struct{}), begun: make(chan struct{}, 3)}
	w, _ := newJudgedWalk(t, cloud)
	yes := batchYesMsg{w, batch{approved: map[string]bool{"1": true, "2": true}}}
	run := w.Update(yes)
	<-cloud.begun
	const refused = "one change at a time: this one is under way"
	for name, msg := range map[string]tea.Msg{"a second run": yes, "another step": stepYesMsg{w, w.steps[2], "", false}} {
		t.Run(name, func(t *testing.T) {
			if got := notice(w.Update(msg)); got != refused {
				t.Errorf("%s says %q", name, got)
			}
		})
	}
	close(cloud.hold)
	for w.batch != nil {
		run = w.Update(run())
	}
	if got := notice(run); got != "changed together: 2 changes" {
		t.Errorf("it says %q", got)
	}
	if made := len(cloud.begun) + 1; made != 2 || len(w.outcomes) != 2 {
		t.Errorf("%d changes were made, of %d steps is said what became of them", made, len(w.outcomes))
	}
}
