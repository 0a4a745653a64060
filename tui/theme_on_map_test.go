package tui

import (
	"strings"
	"testing"

	"whopulls/model"
	"whopulls/tui/ui"
)

// Each theme on a whole map, with its escape sequences.
func TestThemesOnTheMap(t *testing.T) {
	s := model.Situation{Question: articleQuestion()}
	for wants := model.Wants(s, model.PlanOptions{}); len(wants) > 0; wants = model.Wants(s, model.PlanOptions{}) {
		for _, w := range wants {
			newFakeCloud().readWant(&s, w)
		}
	}
	for _, theme := range ui.Themes() {
		m := newMapScreen(newRoot(t.Context(), Options{Theme: theme}, nil).app, s.Question)
		m.situation, m.Busy = s, false
		m.diagnose()
		drawn := m.View(100, 30)
		golden(t, "theme-"+string(theme), strings.ReplaceAll(drawn, "\x1b", "␛")+"\n")
		if colours := strings.Contains(drawn, "\x1b[3") || strings.Contains(drawn, ";3") || strings.Contains(drawn, "38;"); colours == (theme == ui.ThemeMono) {
			t.Errorf("%s: colours on the screen: %v", theme, colours)
		}
	}
}
