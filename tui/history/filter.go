package history

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/model/ledger"
	"whopulls/text"
	"whopulls/tui/match"
)

// Typing reports whether letters are text.
func (h *Screen) Typing() bool { return h.filter.Typing() }

// HandleText takes text for the filter.
func (h *Screen) HandleText(msg tea.Msg) tea.Cmd {
	cmd, changed := h.filter.Take(msg)
	if changed {
		h.arrange(false)
	}
	return cmd
}

// clearFilter shows every run again.
func (h *Screen) clearFilter() {
	h.filter.Clear()
	h.arrange(true)
}

// isFiltered reports whether the filter asks for anything.
func (h *Screen) isFiltered() bool { return !h.query.Empty() }

// arrange puts into the list what fits the filter. The cursor stays on its row where it is to be kept or nothing is asked for.
// Else it goes to the first row that fits.
func (h *Screen) arrange(keep bool) {
	before, had := h.current()
	h.query = match.Parse(h.filter.Value())
	h.rows = h.shown()
	at := slices.IndexFunc(h.rows, func(r row) bool { return had && r.id() == before.id() })
	if !keep && h.isFiltered() {
		at = slices.IndexFunc(h.rows, h.fits)
	}
	h.cursor = max(0, at)
	if now, has := h.current(); !has || !had || now.id() != before.id() {
		h.detailOffset = 0
	}
}

// shown are the runs with a change that fits, each with all of its changes.
func (h *Screen) shown() (rows []row) {
	for rest := h.all; len(rest) > 0; {
		run := rest[:1+len(rest[0].entries)]
		if slices.ContainsFunc(run[1:], h.fits) {
			rows = append(rows, run...)
		}
		rest = rest[len(run):]
	}
	return rows
}

// fits reports whether a row has what is looked for.
func (h *Screen) fits(r row) bool {
	_, fits := h.matcher.Match(h.query, &r.searchText)
	return fits
}

// prepare makes the texts that the filter searches. A change is found by what its run says, too. Every word must be spelled out: the
// rows are sentences, whose letters are enough for any word.
func (h *Screen) prepare() {
	runWords := ""
	for n := range h.all {
		r := &h.all[n]
		if r.isRun {
			runWords = h.runText(*r)
			r.searchText = match.NewLooseText(0, runWords, r.run)
			continue
		}
		e := r.first()
		r.searchText = match.NewLooseText(0, stepText(e), string(e.State), runWords, r.run, e.ID, text.Clean(e.Role), text.Clean(string(e.Member)),
			text.Clean(e.Resource.Path()), messageOf(e))
	}
}

// messageOf is why a change is not done.
func messageOf(e ledger.Entry) string {
	if e.State == ledger.StateDone {
		return ""
	}
	return text.Clean(e.Message)
}
