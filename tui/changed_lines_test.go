package tui

import (
	"fmt"
	"testing"

	"whopulls/model"
)

// A line that a refresh changed says what it was, on the map and in its details, until the next refresh.
func TestAChangedLineSaysWhatItWas(t *testing.T) {
	for _, size := range [][2]int{{60, 20}, {80, 24}, {120, 36}, {200, 50}} {
		t.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(t *testing.T) {
			cloud := newFakeCloud()
			term := start(t, cloud, Options{Question: articleQuestion()}, size[0], size[1])
			assertLacks(t, term.shows("✗ missing  pull the image"), "was ✗")
			cloud.mu.Lock()
			cloud.policies[repoName.Resource()] = model.Policy{Bindings: []model.Binding{{Role: model.RoleReader, Members: []model.Member{devMember, agentMember}}}}
			cloud.mu.Unlock()
			term.press("r")
			compareScreen(t, fmt.Sprintf("map-changed-%d", size[0]), term.shows("✓ granted  pull the image", "was ✗", "was    ✗ missing, no binding"))
			term.press("r")
			assertLacks(t, term.shows("✓ granted  pull the image", "enter evidence"), "was ✗", "was    ")
		})
	}
}

// After a walk the map says what its grant changed; a new map of the same says nothing.
func TestAGrantedLineSaysWhatItWas(t *testing.T) {
	cloud := newFakeCloud()
	term := startWalk(t, cloud, Options{})
	term.press("enter")
	term.shows("Change the policy of repository myrepo?")
	term.answerYes()
	term.shows("verified")
	term.press("enter")
	term.shows("✓ granted  pull the image", "was ✗")
	term.act("Pick another project")
	term.shows("▸ myproject-a")
	term.press("enter")
	term.shows("▸ myjob")
	term.press("enter")
	assertLacks(t, term.shows("✓ granted  pull the image", "enter evidence"), "was ✗")
}
