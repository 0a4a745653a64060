package tui

import (
	"image/color"
	"path"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"

	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// The theme auto follows what the terminal says, at once and whenever it says it. A theme that was chosen stays.
func TestThemeFollowsTheTerminal(t *testing.T) {
	many, few := tea.ColorProfileMsg{Profile: colorprofile.TrueColor}, tea.ColorProfileMsg{Profile: colorprofile.ANSI}
	white, black := tea.BackgroundColorMsg{Color: color.White}, tea.BackgroundColorMsg{Color: color.Black}
	for _, test := range []struct {
		name   string
		chosen ui.Theme
		says   []tea.Msg
		want   ui.Theme
	}{
		{"nothing is known", "", nil, ui.ThemeTerminal},
		{"no answer about the background", "", []tea.Msg{many}, ui.ThemeTerminal},
		{"a light background", "", []tea.Msg{many, white}, ui.ThemeLight},
		{"the other order", ui.ThemeAuto, []tea.Msg{black, many}, ui.ThemeDark},
		{"256 colours", "", []tea.Msg{tea.ColorProfileMsg{Profile: colorprofile.ANSI256}, black}, ui.ThemeDark},
		{"few colours", "", []tea.Msg{few, white}, ui.ThemeTerminal},
		{"NO_COLOR", "", []tea.Msg{tea.ColorProfileMsg{Profile: colorprofile.ASCII}, white}, ui.ThemeTerminal},
		{"it gets dark", "", []tea.Msg{many, white, uv.DarkColorSchemeEvent{}}, ui.ThemeDark},
		{"it gets light", "", []tea.Msg{many, black, uv.LightColorSchemeEvent{}, white}, ui.ThemeLight},
		{"a choice stays", ui.ThemeMono, []tea.Msg{many, white}, ui.ThemeMono},
		{"a dark choice on a light background", ui.ThemeDark, []tea.Msg{many, white}, ui.ThemeDark},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRoot(t.Context(), Options{Theme: test.chosen, Signs: signs.ASCII}, nil)
			for _, msg := range test.says {
				r.Update(msg)
			}
			want := ui.NewStyles(test.want)
			if got := r.Styles.Bar.Render("x") + r.Styles.Accent.Render("x"); got != want.Bar.Render("x")+want.Accent.Render("x") {
				t.Errorf("%q is not that of %s", got, test.want)
			}
			if r.Styles.Signs != signs.ASCII {
				t.Error("the signs are lost")
			}
		})
	}
}

// A theme that is known late draws each scene as one that was known at the start: nothing keeps older colours.
func TestLateThemeReachesEverything(t *testing.T) {
	frames := map[string]string{}
	t.Run("known", func(t *testing.T) {
		eachScene(t, Options{Theme: ui.ThemeLight}, "", func(t *testing.T, open func(width, height int) *root) {
			frames[path.Base(t.Name())] = open(120, 36).View().Content
		})
	})
	t.Run("late", func(t *testing.T) {
		eachScene(t, Options{}, "", func(t *testing.T, open func(width, height int) *root) {
			late := open(120, 36)
			late.View() // what is drawn once may be kept
			settle(late, tea.ColorProfileMsg{Profile: colorprofile.TrueColor}, tea.BackgroundColorMsg{Color: color.White})
			want := strings.Split(frames[path.Base(t.Name())], "\n")
			for n, l := range strings.Split(late.View().Content, "\n") {
				if n >= len(want) || l != want[n] {
					t.Errorf("line %d is\n%q\nnot that of a theme known at the start:\n%q", n+1, l, want[min(n, len(want)-1)])
				}
			}
		})
	})
}
