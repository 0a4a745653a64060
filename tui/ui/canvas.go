package ui

import (
	"strings"
	"unicode/utf8"
	"whopulls/text/signs"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
)

// Canvas is a grid of cells to draw a picture on. What falls outside is left out.
type Canvas struct {
	width, height int
	cells         [][]cell
	marks         map[[2]int]Spot // by line and column
}

// cell is one column of a line. The further columns of a wide character hold an empty text.
type cell struct {
	text  string
	style *lipgloss.Style
	tail  bool // a further column of a wide character
}

// NewCanvas is an empty canvas of that size.
func NewCanvas(width, height int) *Canvas {
	c := &Canvas{width: width, height: height, cells: make([][]cell, height), marks: map[[2]int]Spot{}}
	for y := range c.cells {
		c.cells[y] = make([]cell, width)
	}
	return c
}

// Mark says what stands in a line from a column on.
func (c *Canvas) Mark(x, y int, s Spot) { c.marks[[2]int{y, x}] = s }

// Put writes text from a column on, and gives the column after it.
func (c *Canvas) Put(x, y int, text string, style lipgloss.Style) int {
	state, rest := ansi.NormalState, text
	for rest != "" {
		seq, width, n, next := ansi.DecodeSequence(rest, state, nil)
		if width > 0 {
			c.setCell(x, y, seq, width, &style)
			x += width
		}
		rest, state = rest[n:], next
	}
	return x
}

func (c *Canvas) setCell(x, y int, text string, width int, style *lipgloss.Style) {
	if y < 0 || y >= c.height || x < 0 || x+width > c.width {
		return
	}
	clearWide(c.cells[y], x, x+width)
	for i := range width {
		c.cells[y][x+i] = cell{style: style, tail: i > 0}
	}
	c.cells[y][x].text = text
}

// clearWide takes away the wide characters that reach beyond a part of a row: what is left of one is nothing.
func clearWide(row []cell, x, end int) {
	for head := x; row[head].tail; head-- {
		row[head].tail, row[head-1].text = false, ""
	}
	for rest := end; rest < len(row) && row[rest].tail; rest++ {
		row[rest].tail = false
	}
}

// FillRow fills a line from column x up to, not including, column end.
func (c *Canvas) FillRow(x, end, y int, text string, style lipgloss.Style) {
	for ; x < end; x++ {
		c.setCell(x, y, text, 1, &style)
	}
}

// Box draws a frame with a title in its upper edge.
func (c *Canvas) Box(x, y, width, height int, style lipgloss.Style) {
	c.FillRow(x+1, x+width-1, y, signs.Horizontal, style)
	c.FillRow(x+1, x+width-1, y+height-1, signs.Horizontal, style)
	for row := y + 1; row < y+height-1; row++ {
		c.Put(x, row, signs.Vertical, style)
		c.Put(x+width-1, row, signs.Vertical, style)
	}
	c.Put(x, y, signs.TopLeft, style)
	c.Put(x+width-1, y, signs.TopRight, style)
	c.Put(x, y+height-1, signs.BottomLeft, style)
	c.Put(x+width-1, y+height-1, signs.BottomRight, style)
}

// Render renders the canvas, runs of one style at a time.
func (c *Canvas) Render() []string {
	lines := make([]string, c.height)
	for y, row := range c.cells {
		lines[y] = renderRow(row, func(x int) (Spot, bool) {
			s, ok := c.marks[[2]int{y, x}]
			return s, ok
		})
	}
	return lines
}

// joins reports whether a terminal takes two cells for one character, as a letter and a mark over it. What stands behind them would
// move to the left.
func joins(before, text string) bool {
	return (mayJoin(before) || mayJoin(text)) && ansi.StringWidth(before+text) != ansi.StringWidth(before)+ansi.StringWidth(text)
}

// mayJoin is false for the letters and lines that most cells hold: they join nothing.
func mayJoin(text string) bool {
	const firstMark, firstLine, lastShape = 0x0300, 0x2500, 0x25ff // in Unicode
	r, _ := utf8.DecodeRuneInString(text)
	return r >= firstMark && (r < firstLine || r > lastShape)
}

func renderRow(row []cell, mark func(x int) (Spot, bool)) string {
	var out, run strings.Builder
	var style *lipgloss.Style
	flush := func() {
		if run.Len() == 0 {
			return
		}
		if style == nil {
			out.WriteString(run.String())
		} else {
			out.WriteString(style.Render(run.String()))
		}
		run.Reset()
	}
	before := ""
	for x, cell := range row {
		if s, ok := mark(x); ok {
			flush()
			out.WriteString(s.Mark())
		}
		if cell.tail {
			continue
		}
		if cell.style != style {
			flush()
			style = cell.style
		}
		text := cell.text
		if text == "" || joins(before, text) {
			text = strings.Repeat(" ", max(1, ansi.StringWidth(text)))
		}
		run.WriteString(text)
		before = text
	}
	flush()
	return strings.TrimRight(out.String(), " ")
}
