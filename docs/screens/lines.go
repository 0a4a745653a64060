//go:build unix

package main

import (
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
)

// arms are the lines that a box-drawing character has from the middle of its cell: 1 is a single line, 2 a double one.
type arms struct {
	left, right, up, down int
	round                 bool
}

// lineArms are the characters that the program draws with.
var lineArms = map[string]arms{
	"─": {left: 1, right: 1}, "│": {up: 1, down: 1}, "═": {left: 2, right: 2}, "║": {up: 2, down: 2},
	"╭": {right: 1, down: 1, round: true}, "╮": {left: 1, down: 1, round: true}, "╰": {right: 1, up: 1, round: true}, "╯": {left: 1, up: 1, round: true},
	"┌": {right: 1, down: 1}, "┐": {left: 1, down: 1}, "└": {right: 1, up: 1}, "┘": {left: 1, up: 1},
	"├": {right: 1, up: 1, down: 1}, "┤": {left: 1, up: 1, down: 1}, "┬": {left: 1, right: 1, down: 1}, "┴": {left: 1, right: 1, up: 1},
	"┼": {left: 1, right: 1, up: 1, down: 1}, "╔": {right: 2, down: 2}, "╗": {left: 2, down: 2}, "╚": {right: 2, up: 2}, "╝": {left: 2, up: 2},
	"╫": {left: 1, right: 1, up: 2, down: 2}, "╪": {left: 2, right: 2, up: 1, down: 1}, "╞": {right: 2, up: 1, down: 1}, "╡": {left: 2, up: 1, down: 1},
	"╬": {left: 2, right: 2, up: 2, down: 2}, "╠": {right: 2, up: 2, down: 2}, "╣": {left: 2, up: 2, down: 2}, "╦": {left: 2, right: 2, down: 2}, "╩": {left: 2, right: 2, up: 2},
	"╟": {right: 1, up: 2, down: 2}, "╢": {left: 1, up: 2, down: 2}, "╥": {left: 1, right: 1, down: 2}, "╨": {left: 1, right: 1, up: 2},
	"╓": {right: 1, down: 2}, "╖": {left: 1, down: 2}, "╙": {right: 1, up: 2}, "╜": {left: 1, up: 2},
	"╒": {right: 2, down: 1}, "╕": {left: 2, down: 1}, "╘": {right: 2, up: 1}, "╛": {left: 2, up: 1},
}

func isLine(content string) bool {
	_, ok := lineArms[content]
	return ok
}

// lines draws a run of box-drawing characters as lines, because fonts leave gaps between rows.
func (c *canvas) lines(r piece, top float64, stroke string) {
	var path strings.Builder
	p := &canvas{}
	for i, character := range strings.Split(r.text, "") {
		p.arms(lineArms[character], left(r.x+i), top)
	}
	path.WriteString(p.String())
	faint := ""
	if r.style.Attrs&uv.AttrFaint != 0 {
		faint = ` class="f"`
	}
	c.addf(`<path d="%s" fill="none" stroke="%s" stroke-width="1.2"%s/>`+"\n", strings.TrimSpace(path.String()), stroke, faint)
}

// doubled is how far the lines of a double one are from the middle.
const doubled = 1.6

// arms adds the lines of one character to a path.
func (c *canvas) arms(a arms, x, y float64) {
	mx, my := x+cellWidth/2, y+cellHeight/2.0
	if a.round {
		c.corner(a, mx, my)
		return
	}
	for _, arm := range []struct {
		lines            int
		toX, toY         float64
		acrossX, acrossY float64
	}{
		{a.left, x, my, 0, doubled}, {a.right, x + cellWidth, my, 0, doubled}, {a.up, mx, y, doubled, 0}, {a.down, mx, y + cellHeight, doubled, 0},
	} {
		switch arm.lines {
		case 1:
			c.addf("M%.4g %.5gL%.5g %.5g ", mx, my, arm.toX, arm.toY)
		case 2:
			for _, side := range []float64{-1, 1} {
				c.addf("M%.5g %.5gL%.5g %.5g ", mx+side*arm.acrossX, my+side*arm.acrossY, arm.toX+side*arm.acrossX, arm.toY+side*arm.acrossY)
			}
		}
	}
}

// corner adds a rounded corner.
func (c *canvas) corner(a arms, mx, my float64) {
	toX, toY := mx+cellWidth/2, my+cellHeight/2.0
	if a.left > 0 {
		toX = mx - cellWidth/2
	}
	if a.up > 0 {
		toY = my - cellHeight/2.0
	}
	c.addf("M%.5g %.5gQ%.5g %.5g %.5g %.5g ", toX, my, mx, my, mx, toY)
}
