package ui

import (
	"image/color"
	"math"
	"testing"

	"charm.land/lipgloss/v2"
)

// The fixed colours can be read on the backgrounds that they are made for (WCAG 2: 4.5 to 1).
func TestContrast(t *testing.T) {
	for theme, grounds := range map[Theme][]string{ThemeDark: {"#000000", "#1e1e1e", "#2e3440"}, ThemeLight: {"#ffffff", "#fdf6e3", "#eeeeee"}} {
		t.Run(string(theme), func(t *testing.T) {
			p := theme.palette()
			if got := contrast(p.bar, p.barText); got < 4.5 {
				t.Errorf("%s, the bar: %.1f to 1", theme, got)
			}
			for name, ink := range map[string]color.Color{"accent": p.accent, "good": p.good, "bad": p.bad, "denied": p.denied, "doubt": p.unknown, "quiet": p.dim} {
				for _, ground := range grounds {
					if got := contrast(ink, lipgloss.Color(ground)); got < 4.5 {
						t.Errorf("%s, %s on %s: %.1f to 1", theme, name, ground, got)
					}
				}
			}
		})
	}
}

func contrast(a, b color.Color) float64 {
	light, dark := luminance(a), luminance(b)
	if light < dark {
		light, dark = dark, light
	}
	return (light + 0.05) / (dark + 0.05)
}

func luminance(c color.Color) float64 {
	red, green, blue, _ := c.RGBA()
	part := func(v uint32) float64 {
		share := float64(v) / 0xffff
		if share <= 0.03928 {
			return share / 12.92
		}
		return math.Pow((share+0.055)/1.055, 2.4)
	}
	return 0.2126*part(red) + 0.7152*part(green) + 0.0722*part(blue)
}
