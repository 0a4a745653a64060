package ui

import (
	"image/color"
	"testing"

	"charm.land/lipgloss/v2"

	"whopulls/test/contrast"
)

// The fixed colours can be read on the backgrounds that they are made for (WCAG 2: 4.5 to 1).
func TestContrast(t *testing.T) {
	for theme, grounds := range map[Theme][]string{ThemeDark: {"#000000", "#1e1e1e", "#2e3440"}, ThemeLight: {"#ffffff", "#fdf6e3", "#eeeeee"}} {
		t.Run(string(theme), func(t *testing.T) {
			p := theme.palette()
			if got := contrast.Ratio(p.bar, p.barText); got < contrast.Text {
				t.Errorf("%s, the bar: %.1f to 1", theme, got)
			}
			for name, ink := range map[string]color.Color{"accent": p.accent, "good": p.good, "bad": p.bad, "denied": p.denied, "doubt": p.unknown, "quiet": p.dim} {
				for _, ground := range grounds {
					if got := contrast.Ratio(ink, lipgloss.Color(ground)); got < contrast.Text {
						t.Errorf("%s, %s on %s: %.1f to 1", theme, name, ground, got)
					}
				}
			}
		})
	}
}
