package tui

import (
	tea "charm.land/bubbletea/v2"

	"whopulls/tui/ui"
)

// openMenu shows a menu over the screen on top. Where a question stands already, or the user leaves, that goes first.
func (r *root) openMenu(m *ui.Menu) {
	if r.dialog != nil || r.leaving {
		return
	}
	r.closePalette()
	r.menu = m
}

// handleOnScreen gives a key to the screen on top. A menu that it opens is there for the next key.
func (r *root) handleOnScreen(i ui.Intent) tea.Cmd {
	if s, ok := r.top().(ui.MenuOpener); ok {
		if m := s.MenuFor(i); m != nil {
			r.openMenu(m)
			return nil
		}
	}
	return r.top().Handle(i)
}

// copy offers what the place under the cursor has to copy.
func (r *root) copy() (cmd tea.Cmd) {
	c, ok := r.top().(ui.Copier)
	if !ok {
		return r.top().Handle(ui.IntentCopy)
	}
	if why := r.whyNoMenu(ui.IntentCopy); why != "" {
		return ui.Notice(why)
	}
	cmd, r.menu = c.Copyables().Menu()
	return cmd
}

// takeOut offers what the screen has to take out, and where to.
func (r *root) takeOut() (cmd tea.Cmd) {
	e, ok := r.top().(ui.Exporter)
	if !ok {
		return r.top().Handle(ui.IntentTakeOut)
	}
	if why := r.whyNoMenu(ui.IntentTakeOut); why != "" {
		return ui.Notice(why)
	}
	cmd, r.menu = ui.TakeOutMenu(e.TakeOuts(), r.Folder)
	return cmd
}

// whyNoMenu says why no menu may be opened over the screen on top, or why its action is off; empty: it may.
func (r *root) whyNoMenu(i ui.Intent) string {
	if why := r.Occupied(); why != "" {
		return why
	}
	for _, b := range r.bindings() {
		if b.Intent == i {
			return b.WhyOff
		}
	}
	return ""
}

// menuBindings are the keys of the open menu.
func (r *root) menuBindings() []ui.Binding { return r.Keys.WithKeys(r.menu.Bindings(), true) }

func (r *root) handleMenuKey(msg tea.KeyPressMsg) tea.Cmd {
	return r.handleMenuIntent(ui.IntentOf(msg, r.menuBindings()))
}

func (r *root) handleMenuIntent(i ui.Intent) tea.Cmd {
	switch i {
	case "":
		return nil
	case ui.IntentStop:
		return r.leave(true)
	case ui.IntentBack:
		r.menu = r.menu.Parent()
	case ui.IntentChoose:
		return r.chooseInMenu()
	default:
		r.menu.Handle(i)
	}
	return nil
}

// chooseInMenu takes the row under the menu's cursor.
func (r *root) chooseInMenu() (cmd tea.Cmd) {
	cmd, r.menu = r.menu.Choose()
	return cmd
}

// handleAnswer gives a key to the question that stands.
func (r *root) handleAnswer(i ui.Intent) tea.Cmd {
	return r.endDialog(r.dialog.Handle(i))
}

// endDialog closes the question that was answered.
func (r *root) endDialog(cmd tea.Cmd, answered bool) tea.Cmd {
	if answered {
		r.dialog = nil
	}
	return cmd
}

// ask puts a question before everything else. Nothing is asked of who leaves.
func (r *root) ask(d *ui.Dialog) {
	if r.leaving {
		return
	}
	r.closePalette()
	r.menu = nil
	r.forget() // what is said next answers the question
	r.dialog = d
}
