package tui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"whopulls/tui/ui"
)

// looks is what is known about the terminal's colours. Nothing waits for it: until the terminal answers, its own colours are used.
type looks struct {
	background  ui.Theme // dark, light, or empty: not known
	manyColours bool
}

// askColours asks for the background, and wants to hear when it changes (mode 2031).
func askColours() tea.Cmd {
	return tea.Batch(tea.RequestBackgroundColor, tea.Raw(ansi.SetModeLightDark))
}

// suspend gives the terminal back to the shell. Nobody there would read what it says about its colours.
func suspend() tea.Cmd { return tea.Sequence(tea.Raw(ansi.ResetModeLightDark), tea.Suspend) }

// takeColours takes what the terminal says about its colours, and reports whether that is what a message is.
func (r *root) takeColours(msg tea.Msg) (cmd tea.Cmd, taken bool) {
	switch msg := msg.(type) {
	case tea.ColorProfileMsg:
		r.looks.manyColours = msg.Profile >= colorprofile.ANSI256
	case tea.BackgroundColorMsg:
		r.looks.background = backgroundOf(msg.IsDark())
	case uv.DarkColorSchemeEvent:
		r.looks.background, cmd = ui.ThemeDark, tea.RequestBackgroundColor
	case uv.LightColorSchemeEvent:
		r.looks.background, cmd = ui.ThemeLight, tea.RequestBackgroundColor
	case tea.ResumeMsg:
		return askColours(), true
	default:
		return nil, false
	}
	r.restyle()
	return cmd, true
}

func backgroundOf(dark bool) ui.Theme {
	if dark {
		return ui.ThemeDark
	}
	return ui.ThemeLight
}

// restyle gives every screen the styles of the theme on this terminal.
func (r *root) restyle() {
	styles := ui.NewStyles(r.opts.Theme.On(r.looks.background, r.looks.manyColours))
	styles.Signs = r.opts.Signs
	*r.Styles = *styles
}
