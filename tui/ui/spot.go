package ui

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"whopulls/text/cells"
)

// Pane is a part of the window that answers the mouse.
type Pane int

// The panes. What nobody marked is the zero value.
const (
	PaneRows    Pane = iota + 1 // what has a cursor: the rows of a list, the lines of a map, the fields of a form
	PaneText                    // a text that scrolls
	PanePreview                 // what stands behind a list about the row under the cursor
	PaneAnswers                 // of a question
	PaneFooter                  // the hints, by their places among the bindings
	PaneTrail                   // the parts of the breadcrumb
)

// NoRow is the row of a spot that belongs to a pane as a whole.
const NoRow = -1

// Spot is what stands at a place of the window: a pane, and which of its rows. The zero value is nothing.
type Spot struct {
	Pane Pane
	Row  int
}

// A mark is a control sequence that no terminal is sent. It says what stands behind it, up to the next mark or the end of the
// line. It takes no cell, so it moves along while lines are cut, filled, centred and put side by side.
const (
	markStart = "\x1b[="
	markEnd   = "z"
)

// Mark says what stands behind it in a line.
func (s Spot) Mark() string {
	return markStart + strconv.Itoa(int(s.Pane)) + ";" + strconv.Itoa(s.Row-NoRow) + markEnd // a sequence has no negative numbers
}

// Marked is a text that stands for a row of a pane, with nothing behind it.
func Marked(pane Pane, row int, text string) string {
	return Spot{pane, row}.Mark() + text + Spot{}.Mark()
}

// MarkedLine is the rest of a line that stands for a row of a pane.
func MarkedLine(pane Pane, row int, line string) string { return Spot{pane, row}.Mark() + line }

// parseMark reads the mark that a text begins with, behind its start.
func parseMark(text string) (s Spot, rest string) {
	values, rest, _ := strings.Cut(text, markEnd)
	pane, row, _ := strings.Cut(values, ";")
	p, _ := strconv.Atoi(pane)
	s.Pane = Pane(p)
	s.Row, _ = strconv.Atoi(row)
	s.Row += NoRow
	return s, rest
}

// eachPart gives the parts of a line between its marks, with what they stand for.
func eachPart(line string, part func(s Spot, text string)) {
	var s Spot
	for {
		text, rest, more := strings.Cut(line, markStart)
		part(s, text)
		if !more {
			return
		}
		s, line = parseMark(rest)
	}
}

// Spots are what stands where in a frame, as it was drawn. They are looked for when somebody asks: frames are many, and clicks few.
type Spots struct{ marked string }

// ReadMarks takes the marks out of a frame.
func ReadMarks(frame string) (plain string, at Spots) {
	var b strings.Builder
	b.Grow(len(frame))
	eachPart(frame, func(_ Spot, text string) { b.WriteString(text) })
	return b.String(), Spots{frame}
}

// At is what stands in a column of a line.
func (f Spots) At(x, y int) (at Spot) {
	lines := strings.Split(f.marked, "\n")
	if y < 0 || y >= len(lines) {
		return Spot{}
	}
	from := 0
	eachPart(lines[y], func(s Spot, text string) {
		if from <= x {
			at = s
		}
		from += cells.Width(text)
	})
	return at
}

// TrailOf gives the parts of a breadcrumb.
func TrailOf(breadcrumb string) (parts []string) {
	eachPart(breadcrumb, func(s Spot, text string) {
		if s.Pane == PaneTrail {
			parts = append(parts, strings.TrimSpace(ansi.Strip(text)))
		}
	})
	return parts
}
