//go:build unix

package main

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"

	uv "github.com/charmbracelet/ultraviolet"
)

// The size of a cell and of what is around the screen, in the units of the picture.
const (
	cellWidth  = 8.4
	cellHeight = 18
	baseline   = 13.5
	fontSize   = 14
	margin     = 14
	titleBar   = 26
	captionRow = 30
)

// canvas collects the parts of a picture.
type canvas struct {
	strings.Builder

	look look
}

func (c *canvas) addf(format string, args ...any) { fmt.Fprintf(&c.Builder, format, args...) }

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a builder takes everything
	return b.String()
}

// begin writes the head: title and description are read out by screen readers.
func (c *canvas) begin(title, about string, columns, rows, below int, style string) {
	width, height := float64(columns)*cellWidth+2*margin, rows*cellHeight+titleBar+margin+below
	c.addf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %d" width="%g" height="%d" role="img" aria-labelledby="title about">`+"\n",
		width, height, width, height)
	c.addf("<title id=\"title\">%s</title>\n<desc id=\"about\">%s</desc>\n", escaped(title), escaped(about))
	c.addf("<style>text{font-family:ui-monospace,'Cascadia Mono','SF Mono',Menlo,Consolas,'DejaVu Sans Mono','Noto Sans Mono CJK JP',monospace;"+
		"font-size:%dpx;white-space:pre}.b{font-weight:700}.f{opacity:.66}.i{font-style:italic}.u{text-decoration:underline}%s</style>\n", fontSize, style)
	c.addf(`<rect x="0.5" y="0.5" width="%g" height="%d" rx="9" fill="%s" stroke="%s"/>`+"\n", width-1, height-1,
		c.look.hex(c.look.background), c.look.window)
	for i := range 3 {
		c.addf(`<circle cx="%d" cy="14" r="4.5" fill="%s"/>`+"\n", 18+i*16, c.look.window)
	}
}

// still is the picture of one screen.
func still(look look, title, about string, f frame) string {
	c := &canvas{look: look}
	c.begin(title, about, f.cells.width(), len(f.cells), 0, "")
	for y, row := range f.cells {
		c.row(y, row)
	}
	c.WriteString("</svg>\n")
	return c.String()
}

func (c cells) width() int {
	n := 0
	for _, cell := range c[0] {
		n += cell.Width
	}
	return n
}

// piece is a part of a row with one style.
type piece struct {
	x, width int
	text     string
	style    uv.Style
	line     bool // it is drawn with lines, one piece to a cell
}

// pieces splits a row into its pieces, without the empty ones at the default's ground. A blank there belongs to what is before
// it: its colour is not seen, and a terminal may be sent any.
func pieces(row []uv.Cell) (all []piece) {
	x := 0
	for _, cell := range row {
		next := piece{x: x, width: cell.Width, text: cell.Content, style: cell.Style, line: isLine(cell.Content)}
		x += cell.Width
		if n := len(all); n > 0 && all[n-1].takes(&next) {
			all[n-1].width += next.width
			all[n-1].text += next.text
			continue
		}
		if next.isUnseen() {
			next.style = uv.Style{}
		}
		all = append(all, next)
	}
	return slices.DeleteFunc(all, piece.isUnseen)
}

// takes reports whether a piece continues with the next cell.
func (r *piece) takes(next *piece) bool {
	if r.isWide() || next.width != 1 || r.line != next.line {
		return false
	}
	return r.style.Equal(&next.style) || next.isUnseen() && !r.hasGround()
}

// hasGround reports whether the piece stands on a colour of its own.
func (r *piece) hasGround() bool { return r.style.Bg != nil || r.style.Attrs&uv.AttrReverse != 0 }

// isUnseen reports whether the piece shows nothing.
func (r piece) isUnseen() bool { return strings.TrimSpace(r.text) == "" && !r.hasGround() }

// isWide reports whether the run is one wide character, which stands alone.
func (r piece) isWide() bool { return r.width == 2 && len([]rune(r.text)) < r.width }

// row draws a row of cells: the grounds first, then the texts on them.
func (c *canvas) row(y int, row []uv.Cell) {
	top := float64(titleBar + y*cellHeight)
	all := pieces(row)
	for _, r := range all {
		if _, ground := c.look.colours(r.style); r.hasGround() {
			c.addf(`<rect x="%.5g" y="%.5g" width="%.5g" height="%d" fill="%s"/>`+"\n", left(r.x), top, float64(r.width)*cellWidth+0.2, cellHeight, ground)
		}
	}
	for _, r := range all {
		switch text, _ := c.look.colours(r.style); {
		case r.line:
			c.lines(r, top, text)
		case strings.TrimSpace(r.text) != "":
			c.text(r, top, text)
		}
	}
}

func left(x int) float64 { return margin + float64(x)*cellWidth }

// text writes a run at its columns: whatever the font's width is, the run ends where its last cell does.
func (c *canvas) text(r piece, top float64, fill string) {
	trimmed := strings.TrimLeft(r.text, " ")
	skipped := len(r.text) - len(trimmed)
	trimmed = strings.TrimRight(trimmed, " ")
	width := r.width - skipped - (len(r.text) - skipped - len(trimmed))
	c.addf(`<text x="%.5g" y="%.5g" textLength="%.5g" lengthAdjust="spacingAndGlyphs" fill="%s"%s>%s</text>`+"\n", left(r.x+skipped), top+baseline,
		float64(width)*cellWidth, fill, classes(r.style), escaped(trimmed))
}

func classes(s uv.Style) string {
	var names []string
	for _, a := range []struct {
		set  bool
		name string
	}{{s.Attrs&uv.AttrBold != 0, "b"}, {s.Attrs&uv.AttrFaint != 0, "f"}, {s.Attrs&uv.AttrItalic != 0, "i"}, {s.Underline != 0, "u"}} {
		if a.set {
			names = append(names, a.name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf(` class="%s"`, strings.Join(names, " "))
}
