package accessmap

import (
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
	"whopulls/tui/ui"
)

// The age of kept deny policies stands with the checks that looked at them, and with a denial before all else.
func TestDetailTellsAges(t *testing.T) {
	folder := model.Ancestor{Resource: model.AncestorResource("folders/200000000001"), Name: "apps"}
	at := time.Date(2026, 3, 3, 14, 26, 0, 0, time.UTC)
	d := model.Diagnosis{Observations: []model.Observation{{Text: "the job says no", Time: at},
		{Text: "deny policies of folder apps are as of 14:26 UTC, 4 minutes old", Time: at, Age: 4 * time.Minute}}}
	check := model.Check{ID: model.CheckPull, Verdict: model.Granted, Reason: "Because.", Levels: []model.Ancestor{folder},
		Evidence: []model.Evidence{{Resource: folder.Resource, Role: "roles/x"}}}
	text := func(c model.Check) string {
		return strings.Join(checkDetail(&ui.Session{Styles: ui.NewStyles(ui.ThemeTerminal)}, c, d, model.Plan{}, 100, 20).body, "\n")
	}
	granted := text(check)
	if !strings.Contains(granted, "4 minutes old") || strings.Contains(granted, "the job says no") {
		t.Errorf("granted:\n%s", granted)
	}
	check.Verdict = model.Denied
	denied := text(check)
	if kept, proof := strings.Index(denied, "4 minutes old"), strings.Index(denied, "roles/x"); kept < 0 || kept > proof || !strings.Contains(denied, "the job says no") {
		t.Errorf("denied:\n%s", denied)
	}
	check.Levels = nil
	if untouched := text(check); strings.Contains(untouched, "minutes old") {
		t.Errorf("a check that looked at none:\n%s", untouched)
	}
}

// What no verdict looks at stands there whole, whatever the width: what is cut off of it looks like what was looked at.
func TestNotLookedAtIsWhole(t *testing.T) {
	var d model.Diagnosis
	pull := model.Check{ID: model.CheckPull, Verdict: model.Granted, Reason: "Because."}
	for width := 40; width <= 120; width++ {
		lines := checkDetail(&ui.Session{Styles: ui.NewStyles(ui.ThemeMono)}, pull, d, model.Plan{}, width, 40).last
		shown := strings.Join(strings.Fields(ansi.Strip(strings.Join(lines, " "))), " ")
		if !strings.HasSuffix(shown, d.UncheckedControls()) {
			t.Errorf("at %d columns the last words are %q", width, lines[len(lines)-1])
		}
	}
	if lines := checkDetail(&ui.Session{Styles: ui.NewStyles(ui.ThemeMono)}, pull, d, model.Plan{}, 80, 40).last; len(lines) != 1 || !strings.Contains(lines[0], d.UncheckedControls()) {
		t.Error("at 80 columns it takes more than a line:", lines)
	}
}
