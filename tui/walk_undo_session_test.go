package tui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"whopulls/model"
)

// numberEntries gives each change an entry of its own, and keeps what was written.
func numberEntries(cloud *fakeCloud) (undone func() []string) {
	var mu sync.Mutex
	n := 0
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		o, err := cloud.makeStep(s)
		mu.Lock()
		defer mu.Unlock()
		n++
		entry := fmt.Sprintf("entry%d", n)
		o.Entry = &entry
		return o, err
	}
	return func() []string {
		cloud.mu.Lock()
		defer cloud.mu.Unlock()
		return append([]string(nil), cloud.undoneEntries...)
	}
}

// On the map, u takes back what this run of the program changed: one change is asked about at once.
func TestUndoFromTheMap(t *testing.T) {
	cloud := newFakeCloud()
	undone := numberEntries(cloud)
	term := startWalk(t, cloud, Options{})
	term.press("enter")
	term.shows("Change the policy of repository myrepo?")
	term.press("right", "enter")
	term.shows("granted and verified")
	term.press("enter")
	term.shows("✓ granted", "u undo (asks first)")
	term.press("u")
	compareScreen(t, "map-undo", term.shows("Change the policy of repository myrepo?", "▸ No", "take back"))
	term.press("esc")
	term.shows("enter remove (asks first)")
	if !cloud.agentHasReader() {
		t.Fatal("it was taken back without a yes")
	}
	term.press("enter")
	term.shows("Change the policy of repository myrepo?")
	term.press("right", "enter")
	compareScreen(t, "walk-back-done", term.shows("✓ taken back  1 of 1; the verdict is missing now"))
	if cloud.agentHasReader() || strings.Join(undone(), " ") != "entry1" {
		t.Fatalf("of entries %v", undone())
	}
	term.press("enter")
	term.shows("✗ missing  pull the image")
	term.press("u")
	term.shows("nothing of this run to take back")
}

// Of several there is a walk, the last one first, and all of them go after one question. What was taken back already is not
// taken back again, nor is the taking back.
func TestUndoAllFromTheMap(t *testing.T) {
	cloud := newStaleCloud()
	undone := numberEntries(cloud)
	term := openWalkOfThree(t, cloud, Options{})
	term.runAll("a")
	term.shows("changed together: 4 changes")
	term.press("up", "up", "u", "enter") // the idle agent's
	term.shows("take back")
	term.press("right", "enter")
	term.shows("taken back: a fresh read shows it")
	steps, of := term.root.changes.undoSteps(false)
	var told []string
	for _, s := range steps {
		told = append(told, fmt.Sprintf("%s %s %s after %v", of[s.ID].Undoes, s.Kind, s.Role, s.After))
	}
	want := "entry4 grant roles/artifactregistry.writer after [], entry3 revoke roles/artifactregistry.reader after [1]"
	if got := strings.Join(told, ", "); got != want || len(undone()) != 1 {
		t.Errorf("what stands is\n%s, want\n%s; undone %v", got, want, undone())
	}
}

// Where others changed the policy since, the question says so, and what was asked without a doubt is made only so.
func TestUndoInTheAppSaysWhoseItMayBe(t *testing.T) {
	for about, doubtful := range map[string]bool{"as it was left": false, "changed by others": true, "not to be looked at": true} {
		t.Run(about, func(t *testing.T) {
			cloud := newFakeCloud()
			numberEntries(cloud)
			cloud.changedByOthers = about == "changed by others"
			if about == "not to be looked at" {
				cloud.untouchedErr = errors.New("the journal can't be read")
			}
			term := startWalk(t, cloud, Options{})
			term.press("enter")
			term.shows("Change the policy of repository myrepo?")
			term.press("right", "enter")
			term.shows("granted and verified")
			term.press("u")
			screen := term.shows("take back")
			if says := strings.Contains(screen, "others changed it since"); says != doubtful {
				t.Errorf("%s: it is said %v:\n%s", about, says, screen)
			}
			term.press("right", "enter")
			term.shows("taken back: a fresh read shows it")
			cloud.mu.Lock()
			if cloud.lastSure == doubtful {
				t.Errorf("%s: made only when sure %v", about, cloud.lastSure)
			}
			cloud.mu.Unlock()
		})
	}
}

// A walk is one run in the journal, and what takes a change back names its entry and its project.
func TestAWalkIsARun(t *testing.T) {
	cloud := newFakeCloud()
	numberEntries(cloud)
	term := startWalk(t, cloud, Options{NewRunID: func() string { return "a run" }})
	for _, key := range []string{"enter", "u"} {
		term.press(key)
		term.shows("▸ No")
		term.press("right", "enter")
		term.shows(map[string]string{"enter": "granted and verified", "u": "taken back: a fresh read shows it"}[key])
	}
	cloud.mu.Lock()
	defer cloud.mu.Unlock()
	if len(cloud.writes) != 2 {
		t.Fatalf("%+v", cloud.writes)
	}
	made, back := cloud.writes[0], cloud.writes[1]
	if made.Run != "a run" || back.Run != made.Run || made.Project != "myproject-a" || back.Project != "myproject-a" || made.Undoes != "" || back.Undoes != "entry1" || !back.OnlyIfUnchanged {
		t.Errorf("made %+v, taken back %+v", made, back)
	}
}

// A change that has begun is brought to its end, although its screen is left.
func TestAChangeOutlivesItsScreen(t *testing.T) {
	cloud := newFakeCloud()
	begun, left, alive := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	cloud.beforePerform = func(ctx context.Context) {
		close(begun)
		<-left
		alive <- ctx.Err()
	}
	term := startWalk(t, cloud, Options{})
	term.press("enter")
	term.shows("▸ No")
	term.press("right", "enter")
	<-begun
	term.program.Quit()
	term.ended <- <-term.ended // what draws the screens has ended
	term.root.close()
	close(left)
	if err := <-alive; err != nil {
		t.Errorf("the change was ended: %v", err)
	}
	term.writes.Wait()
	if !cloud.agentHasReader() {
		t.Error("the change was not made")
	}
}
