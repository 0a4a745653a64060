//go:build unix

package main

import (
	"fmt"
	"image/color"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// look is how a terminal shows its colours.
type look struct {
	name                   string
	background, foreground color.Color
	window, caption        string // the colours of the frame around the screen, and of the line below it
	named                  [16]string
}

// looks are a dark and a light terminal. The sixteen colours are our choice, with a contrast of 4.5:1 or more on the background.
var looks = []look{{
	name: "dark", background: rgb(0x16, 0x1b, 0x22), foreground: rgb(0xe6, 0xed, 0xf3), window: "#30363d", caption: "#9198a1",
	named: [16]string{"#484f58", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#b1bac4",
		"#8b949e", "#ffa198", "#56d364", "#e3b341", "#79c0ff", "#d2a8ff", "#56d4dd", "#ffffff"},
}, {
	name: "light", background: rgb(0xff, 0xff, 0xff), foreground: rgb(0x1f, 0x23, 0x28), window: "#d1d9e0", caption: "#59636e",
	named: [16]string{"#24292f", "#cf222e", "#116329", "#7d4e00", "#0550ae", "#8250df", "#1b7c83", "#57606a",
		"#57606a", "#a40e26", "#1a7f37", "#633c01", "#0969da", "#6639ba", "#136061", "#24292f"},
}}

func rgb(r, g, b uint8) color.Color { return color.RGBA{r, g, b, 0xff} }

// hex gives a colour as SVG writes it.
func (l look) hex(c color.Color) string {
	switch c := c.(type) {
	case ansi.BasicColor:
		return l.named[c]
	case ansi.IndexedColor:
		if c < 16 {
			return l.named[c]
		}
	}
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

// colours gives what a cell is written with and on.
func (l look) colours(s uv.Style) (text, ground string) {
	text, ground = l.hex(l.foreground), l.hex(l.background)
	if s.Fg != nil {
		text = l.hex(s.Fg)
	}
	if s.Bg != nil {
		ground = l.hex(s.Bg)
	}
	if s.Attrs&uv.AttrReverse != 0 {
		text, ground = ground, text
	}
	return text, ground
}
