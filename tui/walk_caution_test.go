package tui

import "testing"

// What may stand in the way of a grant is said on the walk; download rules where the pull is looked at.
func TestCautionAndDownloadRules(t *testing.T) {
	cloud := newFakeCloud()
	cloud.outsideOrganization = true
	term := start(t, cloud, Options{Question: articleQuestion()}, 100, 40)
	term.shows("Repository myrepo has 1 download rule (DENY)", "gcloud artifacts rules list --repository=myrepo")
	term.press("enter")
	compareScreen(t, "walk-caution", term.shows("○ to do", "beware This may be refused: domain restricted sharing"))
}
