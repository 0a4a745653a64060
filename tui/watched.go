package tui

import (
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"whopulls/text"
	"whopulls/tui/palette"
	"whopulls/tui/ui"
)

// isWatching reports whether a screen waits for something.
func isWatching(s ui.Screen) bool {
	w, ok := s.(ui.Watcher)
	return ok && w.Watching()
}

// isUnproven reports whether a screen has something that is not shown yet.
func isUnproven(s ui.Screen) bool {
	w, ok := s.(ui.Watcher)
	return ok && w.Unproven()
}

// keepWatching keeps a screen that was left while it has more to say later.
func (r *root) keepWatching(left ui.Screen) {
	if isUnproven(left) {
		r.watched = left
	}
}

// taken gives a screen that is opened. One that was left is back then.
func (r *root) taken(s ui.Screen) ui.Screen {
	if s == r.watched {
		r.watched = nil
	}
	return s
}

// updateWatched hands a message to the screen that was left.
func (r *root) updateWatched(msg tea.Msg) tea.Cmd {
	if r.watched == nil {
		return nil
	}
	return r.stamp(r.watched.Update(msg), r.watched)
}

// watchedEntries is the way back to it.
func (r *root) watchedEntries() []palette.Entry {
	if !isUnproven(r.watched) { // also where what it watched was taken back since
		return nil
	}
	e := palette.Entry{ID: "place watched", Section: palette.Places, Kind: "place", Title: "The grant: what shows its effect"}
	return []palette.Entry{r.screenEntry(e, func() ui.Screen { return r.watched })}
}

// isWaiting reports whether a screen waits for something, seen or left.
func (r *root) isWaiting() bool { return isWatching(r.top()) || isWatching(r.watched) }

// progressBar says to the terminal that something is waited for; nobody knows for how long (OSC 9;4).
func (r *root) progressBar() *tea.ProgressBar {
	if r.isWaiting() {
		return tea.NewProgressBar(tea.ProgressBarIndeterminate, 0)
	}
	return nil
}

// notify says something outside of the program, where the terminal can (OSC 9).
func (r *root) notify(words string) tea.Cmd {
	return tea.Raw(ansi.Notify(r.Styles.Signs.Text(text.Clean(words))))
}
