package ui

// PointedRows are rows with a text about the one under the cursor, as a click and the wheel move them.
type PointedRows struct {
	Cursor, Offset *int // in the rows: the one under the cursor, and the first one in sight
	TextOffset     *int // the first line of the text in sight; a text about another row is shown from its start
	Room, Count    int  // how many rows are in sight, and how many there are
}

// Point puts the cursor on a row that was clicked. Where it was there before, it gives what that row is for.
func (r PointedRows) Point(at Spot, chosen Intent) Intent {
	switch {
	case at.Pane != PaneRows:
		return ""
	case at.Row == *r.Cursor:
		return chosen
	}
	*r.Cursor, *r.TextOffset = at.Row, 0
	return ""
}

// Wheel scrolls the text, or moves the rows.
func (r PointedRows) Wheel(at Spot, lines int) {
	if at.Pane == PaneText {
		*r.TextOffset += lines
		return
	}
	before := *r.Cursor
	*r.Cursor, *r.Offset = ScrollBy(lines, before, *r.Offset, r.Room, r.Count)
	if *r.Cursor != before {
		*r.TextOffset = 0
	}
}
