package tui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"whopulls/guard"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// looks is what is known about the terminal. Nothing waits for it: until the terminal answers, its own colours and all signs are used.
type looks struct {
	background  ui.Theme // dark, light, or empty: not known
	manyColours bool
	wideSigns   bool // ambiguous signs take two columns
}

// askColours asks for the background, and wants to hear when it changes (mode 2031).
func askColours() tea.Cmd {
	return tea.Batch(tea.RequestBackgroundColor, tea.Raw(ansi.SetModeLightDark))
}

// suspend gives the terminal back to the shell. Nobody there would read what it says about its colours.
func suspend() tea.Cmd {
	lend := func() tea.Msg { guard.LendTerminal(); return nil }
	return tea.Sequence(tea.Raw(ansi.ResetModeLightDark), lend, tea.Suspend)
}

// takeLooks takes what the terminal says about its colours and widths, and reports whether that is what a message is.
func (r *root) takeLooks(msg tea.Msg) (cmd tea.Cmd, taken bool) {
	switch msg := msg.(type) {
	case tea.ColorProfileMsg:
		r.looks.manyColours = msg.Profile >= colorprofile.ANSI256
	case tea.BackgroundColorMsg:
		r.looks.background = backgroundOf(msg.IsDark())
	case uv.DarkColorSchemeEvent:
		r.looks.background, cmd = ui.ThemeDark, tea.RequestBackgroundColor
	case uv.LightColorSchemeEvent:
		r.looks.background, cmd = ui.ThemeLight, tea.RequestBackgroundColor
	case tea.CursorPositionMsg:
		wide, answers := r.display.takeWidth(msg.X, msg.Y)
		if !answers || wide == r.looks.wideSigns {
			return nil, true
		}
		r.looks.wideSigns, cmd = wide, tea.ClearScreen // what was drawn stands elsewhere than the renderer believes
	case tea.ResumeMsg:
		guard.TakeTerminal()
		r.display.askWidth(r.opts.AskWidth) // it may be another terminal
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
	if styles.Signs = r.opts.Signs; r.opts.AskWidth && r.looks.wideSigns {
		styles.Signs = signs.ASCII
	}
	*r.Styles = *styles
}
