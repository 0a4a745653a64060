package tui

import (
	tea "charm.land/bubbletea/v2"

	"whopulls/model/pasted"
	"whopulls/tui/ui"
)

// openedPaste is a pasted thing with the screen that answers it, or will answer it.
type openedPaste struct {
	summary string
	screen  ui.Screen // nil: it is not open yet
	open    func() tea.Cmd
}

// keepPasted holds a thing that needs a connection, in the place of one that was held before. It opens once there is one.
func (r *root) keepPasted(t pasted.Thing, content string) tea.Cmd {
	r.kept = &openedPaste{summary: t.Summary, open: func() tea.Cmd { return r.openPasted(t, content) }}
	r.noConnection.Kept = t.Summary
	return ui.Notice(r.noConnection.FirstStep() + "; then it opens")
}

// keepOpened holds what was opened while the first connection was on its way. Its screen found nothing, so a new one opens.
func (r *root) keepOpened(first bool) {
	if o := r.opened; first && o != nil && r.stack[len(r.stack)-1] == o.screen && !worksOffline(o.screen) {
		r.kept = o
	}
	if r.kept != nil {
		r.noConnection.Kept = r.kept.summary
	}
}

// openKept opens what waited for the connection. A screen that is below another by now asks again when it is seen.
func (r *root) openKept() tea.Cmd {
	k := r.kept
	r.kept = nil
	if k.screen == nil {
		return k.open()
	}
	top := len(r.stack) - 1
	if r.stack[top] != k.screen {
		return r.Resume()
	}
	if top > 0 {
		k.screen.Close()
		r.stack = r.stack[:top]
	}
	return k.open()
}
