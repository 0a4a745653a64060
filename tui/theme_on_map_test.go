package tui

import (
	"context"
	"strings"
	"testing"

	"whopulls/tui/ui"
)

// Each theme on a whole map, with its escape sequences.
func TestThemesOnTheMap(t *testing.T) {
	for _, theme := range ui.Themes() {
		t.Run(string(theme), func(t *testing.T) {
			r := newRoot(t.Context(), Options{Theme: theme, Connect: func(context.Context) (Cloud, error) { return newFakeCloud(), nil }}, nil)
			r.dial()
			m := r.openMap(articleQuestion())
			for cmd := m.Init(); cmd != nil; {
				cmd = m.Update(cmd())
			}
			drawn, _ := ui.ReadMarks(m.View(100, 30))
			compareScreen(t, "theme-"+string(theme), strings.ReplaceAll(drawn, "\x1b", "␛")+"\n")
			if colours := strings.Contains(drawn, "\x1b[3") || strings.Contains(drawn, ";3") || strings.Contains(drawn, "38;"); colours == (theme == ui.ThemeMono) {
				t.Errorf("colours on the screen: %v", colours)
			}
		})
	}
}
