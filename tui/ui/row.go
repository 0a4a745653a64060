package ui

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	"charm.land/lipgloss/v2"

	"whopulls/text/cells"
)

// Row writes a row of a pane that has a cursor. Under the cursor it is a bar, which reaches across the pane and has no other colours
// in it.
type Row struct {
	styles      *Styles
	underCursor bool
	line        strings.Builder
	width, used int
}

// NewRow begins a row with an indent, which has the sign of the cursor where that is.
func (t *Styles) NewRow(indent, width int, underCursor bool) *Row {
	r := &Row{styles: t, underCursor: underCursor, width: width}
	if underCursor {
		r.Write(nil, t.Cursor(indent))
	} else {
		r.Write(nil, strings.Repeat(" ", indent))
	}
	return r
}

// Write appends a text in a style; nil: as it is.
func (r *Row) Write(s *lipgloss.Style, text string) {
	if r.underCursor {
		s = &r.styles.Bar
	}
	writeStyled(&r.line, s, text)
	r.used += cells.Width(text)
}

// WriteMarked appends a text whose marked letters stand out: those that were looked for.
func (r *Row) WriteMarked(s *lipgloss.Style, shown string, marked []bool) {
	mark := &r.styles.Mark
	if r.underCursor {
		s, mark = &r.styles.Bar, &r.styles.BarMark
	}
	writeMarked(&r.line, shown, marked, s, mark)
	r.used += cells.Width(shown)
}

// WriteInput appends a text field, with its cursor.
func (r *Row) WriteInput(f *textinput.Model) {
	look, edge := r.styles.TextInput, r.styles.Dim
	if r.underCursor {
		look, edge = r.styles.barInput, r.styles.Bar
	}
	view := r.styles.inputView(f, look, edge)
	r.line.WriteString(view)
	r.used += cells.Width(view)
}

// FillTo appends blanks up to a column.
func (r *Row) FillTo(column int) {
	r.Write(nil, strings.Repeat(" ", max(0, column-r.used)))
}

// Used is how many cells were written.
func (r *Row) Used() int { return r.used }

// String is the row. A bar is as wide as its pane.
func (r *Row) String() string {
	if r.underCursor {
		r.FillTo(r.width)
	}
	return r.line.String()
}
