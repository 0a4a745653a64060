package tui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/failure"
)

// handlePaste reads a failure text on whichever screen it is pasted; anything else is for the screen that takes text. A
// question is not answered by a paste, and where one is on its way, or a change, nothing is opened over it.
func (r *root) handlePaste(msg tea.PasteMsg) tea.Cmd {
	if r.dialog != nil || r.tooSmall() {
		return nil
	}
	r.notice = ""
	top := r.top()
	t, types := top.(textScreen)
	switch {
	case !isMessage(msg.Content, types):
		if types && !r.showHelp {
			return t.handleText(msg)
		}
		return notice("this is no failure text: paste the whole message, from ERROR: to its end")
	case r.occupied() != "":
		return notice(r.occupied())
	}
	r.showHelp = false
	if s, ok := top.(*explainScreen); ok {
		return s.handleText(msg)
	}
	return push(newExplainScreen(r.app, r.knownSoFar(), msg.Content))
}

// isMessage tells a message from a name, to filter by or to type, which may hold any word. One that is not known is a
// message all the same when it has several lines, or where no name is typed.
func isMessage(text string, takesText bool) bool {
	words, lines := len(strings.Fields(text)), strings.Count(strings.TrimSpace(lineEnds.Replace(text)), "\n")+1
	if takesText && words <= maxFilterWords {
		return false
	}
	return lines > 1 && words > maxFilterWords || !takesText && words > 1 || failure.Read(text).Cause != failure.Unrecognized
}

// maxFilterWords is how many a filter may have.
const maxFilterWords = 4

// occupied is why nothing may be opened over the screen on top; empty: it may.
func (r *root) occupied() string {
	if w, ok := r.top().(occupiable); ok {
		return w.occupied()
	}
	return ""
}

// knownSoFar is what the screens so far have found out.
func (r *root) knownSoFar() model.Question {
	for _, s := range slices.Backward(r.stack) {
		if a, ok := s.(questioner); ok && a.knows().Project != "" {
			return a.knows()
		}
	}
	return model.Question{}
}

// worksOffline tells whether a screen is of use without a connection.
func worksOffline(s screen) bool {
	o, ok := s.(offline)
	return ok && o.worksOffline()
}

// backFromNoConnection leads back to a text that was read without a connection.
func (r *root) backFromNoConnection() tea.Cmd {
	for depth := len(r.stack) - 1; depth > 0; depth-- {
		if worksOffline(r.stack[depth-1]) {
			return r.unwind(depth)
		}
	}
	return notice(firstScreenNotice)
}

const firstScreenNotice = "this is the first screen; ctrl+c leaves"
