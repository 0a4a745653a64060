package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/tui/explain"
	"whopulls/tui/ui"
)

// handlePaste reads a failure text on whichever screen it is pasted; anything else is for the screen that takes text. A
// question is not answered by a paste, and where one is on its way, or a change, nothing is opened over it.
func (r *root) handlePaste(msg tea.PasteMsg) tea.Cmd {
	if r.dialog != nil || r.tooSmall() {
		return nil
	}
	r.notice = ""
	if r.palette != nil {
		return r.palette.HandleText(msg)
	}
	top := r.top()
	t, types := top.(ui.TextScreen)
	switch {
	case !explain.IsFailureText(msg.Content, types):
		if types && !r.showHelp {
			return t.HandleText(msg)
		}
		return ui.Notice("this is no failure text: paste the whole message, from ERROR: to its end")
	case r.Occupied() != "":
		return ui.Notice(r.Occupied() + ": paste the text again after it")
	}
	r.showHelp = false
	if s, ok := top.(*explain.Screen); ok {
		return s.HandleText(msg)
	}
	return ui.Push(r.openExplain(r.knownSoFar(), msg.Content))
}

// Occupied is why nothing may be opened over the screen on top; empty: it may.
func (r *root) Occupied() string {
	if w, ok := r.top().(ui.Occupiable); ok {
		return w.Occupied()
	}
	return ""
}

// knownSoFar is what the screens so far have found out.
func (r *root) knownSoFar() model.Question {
	for _, s := range slices.Backward(r.stack) {
		if a, ok := s.(ui.Questioner); ok && a.Knows().Project != "" {
			return a.Knows()
		}
	}
	return model.Question{}
}

// WorksOffline reports whether a screen is of use without a connection.
func worksOffline(s ui.Screen) bool {
	o, ok := s.(ui.Offline)
	return ok && o.WorksOffline()
}

// backFromNoConnection leads back to a text that was read without a connection.
func (r *root) backFromNoConnection() tea.Cmd {
	for depth := len(r.stack) - 1; depth > 0; depth-- {
		if worksOffline(r.stack[depth-1]) {
			return r.unwind(depth)
		}
	}
	return ui.Notice(firstScreenNotice)
}

const firstScreenNotice = "this is the first screen; ctrl+c leaves"
