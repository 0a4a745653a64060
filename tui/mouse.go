package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/tui/ui"
)

// mouseMode asks for clicks and the wheel. The terminal then reports a movement only while a button is held; dropMouseNoise takes
// those out.
func (r *root) mouseMode() tea.MouseMode {
	if r.mouseOff {
		return tea.MouseModeNone
	}
	return tea.MouseModeCellMotion
}

// dropMouseNoise keeps away from the program what no screen answers: movements, and buttons that are let go.
func dropMouseNoise(_ tea.Model, msg tea.Msg) tea.Msg {
	switch msg.(type) {
	case tea.MouseMotionMsg, tea.MouseReleaseMsg:
		return nil
	}
	return msg
}

// mouseBinding lets go of the mouse, or takes it back. It has no key unless the settings give it one.
func (r *root) mouseBinding() ui.Binding {
	if r.mouseOff {
		return ui.Binding{Intent: ui.IntentMouse, Help: "take the mouse back: click and scroll", Hidden: true}
	}
	return ui.Binding{Intent: ui.IntentMouse, Help: "let go of the mouse: the terminal selects text", Hidden: true}
}

func (r *root) toggleMouse() tea.Cmd {
	r.mouseOff = !r.mouseOff
	if r.mouseOff {
		return ui.Notice("the mouse is let go: the terminal selects text now; " + r.Keys.Symbol(ui.IntentPalette, true) + " takes it back")
	}
	return ui.Notice("the mouse is taken back: click and scroll")
}

// mouseHelp says what the mouse is for, in the help.
const mouseHelp = "click to choose, click again to open; the wheel scrolls; shift and drag selects text"

// handleMouse finds what stands at the pointer. Like a key, a click or the wheel means the frame on the screen: before a question
// has appeared there, nothing answers it.
func (r *root) handleMouse(msg tea.MouseMsg) tea.Cmd {
	m := msg.Mouse()
	at := r.spots.At(m.X, m.Y)
	click, isClick := msg.(tea.MouseClickMsg)
	switch {
	case m.Mod != 0 || r.tooSmall():
		return nil
	case r.isEarlyKey():
		return r.display.queryAgain()
	case isClick && click.Button == tea.MouseLeft:
		r.forget()
		return r.handleClick(at)
	case m.Button == tea.MouseWheelUp:
		return r.handleWheel(at, -ui.WheelLines)
	case m.Button == tea.MouseWheelDown:
		return r.handleWheel(at, ui.WheelLines)
	}
	return nil
}

// handleClick does what was clicked, on the topmost layer. A question takes every click, and only its answers answer it.
func (r *root) handleClick(at ui.Spot) tea.Cmd {
	switch {
	case r.dialog != nil && !r.showHelp:
		return r.endDialog(r.dialog.Point(at))
	case at.Pane == ui.PaneFooter:
		return r.pressHint(at.Row)
	case r.showHelp:
		return nil
	case r.menu != nil:
		if r.menu.Point(at) {
			return r.chooseInMenu()
		}
		return nil
	case r.palette != nil:
		if r.palette.Point(at) {
			return r.choose()
		}
		return nil
	case at.Pane == ui.PaneTrail:
		return r.followTrail(at.Row)
	}
	return r.pointAt(at)
}

// pointAt gives a click to the screen on top. What a chosen row is for is done as its key does it.
func (r *root) pointAt(at ui.Spot) tea.Cmd {
	s, ok := r.top().(ui.Pointable)
	if !ok {
		return nil
	}
	cmd, i := s.Point(at)
	if i == "" || !slices.ContainsFunc(r.bindings(), func(b ui.Binding) bool { return b.Intent == i }) {
		return cmd
	}
	return tea.Batch(cmd, r.handleIntent(i))
}

// pressHint does what the key of a hint does. A movement has two keys, so its hint does neither.
func (r *root) pressHint(n int) tea.Cmd {
	bindings := r.footerBindings()
	if n < 0 || n >= len(bindings) || bindings[n].Opposite != "" {
		return nil
	}
	switch i := bindings[n].Intent; {
	case r.showHelp:
		r.showHelp = false
		return nil
	case r.menu != nil:
		return r.handleMenuIntent(i)
	case r.palette != nil:
		return r.handlePaletteIntent(i)
	default:
		return r.handleIntent(i)
	}
}

// handleWheel moves what is under the pointer by so many lines.
func (r *root) handleWheel(at ui.Spot, lines int) tea.Cmd {
	switch {
	case r.showHelp:
		r.helpOffset = max(0, r.helpOffset+lines)
	case r.dialog != nil:
	case r.menu != nil:
		r.menu.Wheel(lines)
	case r.palette != nil:
		r.palette.Wheel(lines)
	default:
		if s, ok := r.top().(ui.Pointable); ok {
			return s.Wheel(at, lines)
		}
	}
	return nil
}
