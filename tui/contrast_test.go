package tui

import (
	"fmt"
	"image/color"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"

	"whopulls/model"
	"whopulls/test/contrast"
	"whopulls/tui/ui"
)

// terminalColours are the colours that terminals have for what has no colour of its own.
type terminalColours struct{ inks, grounds []color.Color }

func coloursOf(inks, grounds string) (c terminalColours) {
	for _, ink := range strings.Fields(inks) {
		c.inks = append(c.inks, lipgloss.Color(ink))
	}
	for _, ground := range strings.Fields(grounds) {
		c.grounds = append(c.grounds, lipgloss.Color(ground))
	}
	return c
}

// terminalsOf are the backgrounds that a theme is made for, from black to dark grey and from white to light grey, and the usual
// text on them.
var terminalsOf = map[ui.Theme]terminalColours{
	ui.ThemeDark:  coloursOf("#ffffff #d0d0d0", "#000000 #1e1e1e #2e3440"),
	ui.ThemeLight: coloursOf("#000000 #303030", "#ffffff #fdf6e3 #eeeeee"),
}

// worstContrast is the contrast of a cell on the terminal of a theme that shows it worst.
func worstContrast(c uv.Cell, on terminalColours, profile colorprofile.Profile) float64 {
	inks, grounds := on.inks, on.grounds
	if c.Style.Fg != nil {
		inks = []color.Color{profile.Convert(c.Style.Fg)}
	}
	if c.Style.Bg != nil {
		grounds = []color.Color{profile.Convert(c.Style.Bg)}
	}
	if c.Style.Attrs&uv.AttrReverse != 0 {
		inks, grounds = grounds, inks
	}
	worst := 21.0
	for _, ink := range inks {
		for _, ground := range grounds {
			if c.Style.Attrs&uv.AttrFaint != 0 {
				ink = halfway(ink, ground)
			}
			worst = min(worst, contrast.Ratio(ink, ground))
		}
	}
	return worst
}

// halfway is a faint ink: terminals mix it with the ground.
func halfway(ink, ground color.Color) color.Color {
	r, g, b, _ := ink.RGBA()
	r2, g2, b2, _ := ground.RGBA()
	return color.RGBA64{R: uint16((r + r2) / 2), G: uint16((g + g2) / 2), B: uint16((b + b2) / 2), A: 0xffff}
}

// Everything on every screen can be read: each pair of a text's colour and its background, and each line of a frame or a wire.
func TestEveryCellCanBeRead(t *testing.T) {
	for _, theme := range fewIfShort(ui.ThemeDark, ui.ThemeLight) {
		t.Run(string(theme), func(t *testing.T) {
			colours := terminalsOf[theme]
			checkContrast(t, "every style", drawCells(t, everyStyle(ui.NewStyles(theme)), 200, 1), colours)
			eachDrawnScene(t, Options{Theme: theme}, func(t *testing.T, about string, r *root) { checkContrast(t, about, cellsOf(t, r), colours) })
		})
	}
}

// everyStyle is a line of all styles, also of those that no scene has.
func everyStyle(s *ui.Styles) string {
	all := []lipgloss.Style{s.Plain, s.Dim, s.Bold, s.Accent, s.Title, s.Key, s.Frame, s.Added, s.Danger, s.Mark, s.Bar, s.BarMark,
		s.BadgePlace, s.BadgeWarning, s.BadgeDanger, s.TextInput.Focused.Placeholder, s.TextInput.Blurred.Placeholder}
	for _, v := range []model.Verdict{model.Granted, model.Missing, model.Denied, model.Unknown} {
		all = append(all, s.Verdicts[v], s.Chips[v])
	}
	var line strings.Builder
	for _, style := range all {
		line.WriteString(style.Render("x"))
	}
	return line.String()
}

// checkContrast names each pair of colours that can't be read, once.
func checkContrast(t *testing.T, about string, rows [][]uv.Cell, colours terminalColours) {
	t.Helper()
	found := map[string]bool{}
	for y, row := range rows {
		for x, c := range row {
			if strings.TrimSpace(c.Content) == "" {
				continue
			}
			need := contrast.Text
			if isLine(c) {
				need = contrast.Lines
			}
			for _, profile := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI256} {
				got := worstContrast(c, colours, profile)
				pair := fmt.Sprint(c.Style.Fg, c.Style.Bg, c.Style.Attrs, profile, need)
				if got < need && !found[pair] {
					found[pair] = true
					t.Errorf("%s, line %d, column %d: %q in %v on %v (%v): %.2f to 1", about, y+1, x+1, c.Content, c.Style.Fg, c.Style.Bg, profile, got)
				}
			}
		}
	}
}
