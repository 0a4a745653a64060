package registry

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/tui/ui"
)

// Copyables are what the binding under the cursor has to copy.
func (r *Screen) Copyables() (c ui.Copyables) {
	if o, stands := r.obstacle(); stands {
		for _, a := range o.advice {
			c.Add("command", a.Command)
		}
		return c
	}
	b, ok := r.current()
	if !ok {
		return nil
	}
	c.Add("member", string(b.Member))
	c.Add("role", b.Role)
	c.Add("resource", b.Resource.Path())
	c.AddCommands(b.Gcloud)
	_, word := b.mark()
	c.Add("line", strings.Join(append([]string{word}, b.columns[:]...), "  "))
	return c
}

// Point puts the cursor on a row that was clicked. Where it was there before, that opens it, or selects the binding.
func (r *Screen) Point(at ui.Spot) (tea.Cmd, ui.Intent) {
	switch at.Pane {
	case ui.PaneRows:
		r.focus = consumers
		stop := slices.Index(r.lines.stops, at.Row)
		switch {
		case stop < 0:
		case stop != r.lines.cursor:
			r.lines.cursor, r.lines.moved, r.detailAt = stop, true, 0
		case r.lines.all[at.Row].binding == nil:
			return nil, ui.IntentWalk
		default:
			return nil, ui.IntentSelect
		}
	case ui.PanePreview:
		r.focus = repositories
		if at.Row >= 0 && at.Row < len(r.sources.rows) {
			r.sources.cursor = at.Row
			r.arrange(false)
		}
	case ui.PaneText:
		r.focus = details
	}
	return nil, ""
}

// Wheel moves a pane by lines. The cursor goes no further than it must.
func (r *Screen) Wheel(at ui.Spot, by int) tea.Cmd {
	switch at.Pane {
	case ui.PaneText:
		r.detailAt = max(0, r.detailAt+by)
	case ui.PanePreview:
		r.sources.cursor, r.sources.offset = ui.ScrollBy(by, r.sources.cursor, r.sources.offset, r.sources.room, len(r.sources.rows))
		r.arrange(false)
	default:
		before := r.lines.cursor
		r.lines.scroll(by)
		if r.lines.cursor != before {
			r.detailAt = 0
		}
	}
	return nil
}
