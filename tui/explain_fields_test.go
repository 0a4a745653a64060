package tui

import (
	"testing"

	"whopulls/tui/ui"
)

// What the map is drawn for can be corrected, by the keys of the other screens.
func TestFieldsOfTheFailureText(t *testing.T) {
	term := start(t, newFakeCloud(), Options{}, 80, 24)
	term.shows("3 projects")
	term.paste(failureText)
	term.shows("  consumer project  myproject-a", "  deployer          you", "↑↓ correct it")
	term.press("down")
	term.shows("▸ consumer project  myproject-a", "esc leave the field")
	term.press("backspace")
	term.typeText("c")
	term.press("down")
	compareScreen(t, "explain-field", term.shows("  consumer project  myproject-c", "▸ image"))
	term.press("down")
	term.typeText("ci@example.com")
	term.shows("▸ deployer          ci@example.com")
	term.press("up", "up")
	term.shows("▸ consumer project")
	term.press("ctrl+u", "enter")
	term.shows("name the project that runs the image")
	term.paste("myproject-d\n")
	term.shows("▸ consumer project  myproject-d")
	term.press("esc")
	term.shows("  consumer project  myproject-d", "esc back")
	term.press("enter")
	got := term.shows("consumer project myproject-d", "DEPLOYS ci@example.com")
	if q := term.root.top().(ui.Questioner).Knows(); q.Deployer != "user:ci@example.com" || q.Image.Text != imageText+":latest" {
		t.Errorf("it asks %+v:\n%s", q, got)
	}
	term.press("esc")
	term.shows("  consumer project  myproject-d")
}

// Another error message takes the place of the first one, also from within a field.
func TestAnotherTextInAField(t *testing.T) {
	term := start(t, newFakeCloud(), Options{}, 80, 24)
	term.shows("3 projects")
	term.paste(failureText)
	term.shows("✗ PULLS")
	term.press("down")
	term.shows("▸ consumer project")
	term.paste("ERROR: (gcloud.run.deploy) PERMISSION_DENIED: Permission 'run.services.get' denied on resource 'namespaces/myproject-c/services/web' (or resource may not exist).")
	term.shows("✗ DEPLOYS", "  consumer project  myproject-c")
}

// In every window the reading and the fields are both there, and no line is too wide.
func TestTheFailureTextInEveryWindow(t *testing.T) {
	for _, size := range []struct {
		name          string
		width, height int
	}{{"explain-60x15", 60, 15}, {"explain-120x40", 120, 40}} {
		t.Run(size.name, func(t *testing.T) {
			term := start(t, newFakeCloud(), Options{}, size.width, size.height)
			term.shows("3 projects")
			term.paste(failureText)
			compareScreen(t, size.name, term.shows("✗ PULLS", "consumer project  myproject-a", "deployer          you"))
		})
	}
}
