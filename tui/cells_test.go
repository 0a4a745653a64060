package tui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/vt"

	"whopulls/text/signs"
)

// drawCells gives the cells of a frame as a terminal shows them: by line and column, each with its style.
func drawCells(tb testing.TB, frame string, width, height int) [][]uv.Cell {
	tb.Helper()
	screen := vt.NewEmulator(width, height)
	if _, err := screen.WriteString(strings.ReplaceAll(frame, "\n", "\r\n")); err != nil {
		tb.Fatal(err)
	}
	rows := make([][]uv.Cell, height)
	for y := range rows {
		rows[y] = make([]uv.Cell, width)
		for x := range rows[y] {
			rows[y][x] = *screen.CellAt(x, y)
		}
	}
	return rows
}

// cellsOf are the cells of the window of a program.
func cellsOf(tb testing.TB, r *root) [][]uv.Cell {
	tb.Helper()
	return drawCells(tb, r.View().Content, r.width, r.height)
}

const (
	frameSigns    = signs.Horizontal + signs.Vertical + signs.TopLeft + signs.TopRight + signs.BottomLeft + signs.BottomRight + signs.TeeUp
	crossingSigns = signs.Cross + signs.DoubleThrough + signs.DoubleAcross
	wireSigns     = signs.DoubleHorizontal + signs.DoubleVertical + signs.DoubleTopRight + signs.DottedHorizontal + signs.DottedVertical
)

// isOneOf reports whether a cell holds one of the signs.
func isOneOf(c uv.Cell, all string) bool { return c.Content != "" && strings.Contains(all, c.Content) }

// isLine reports whether a cell is a piece of a frame or of a wire.
func isLine(c uv.Cell) bool { return isOneOf(c, frameSigns+crossingSigns+wireSigns) }

// fewIfShort is a list, or its first element under -short. The race detector runs short: it looks for races, which a screen has in
// one size and one theme as in all.
func fewIfShort[T any](all ...T) []T {
	if testing.Short() {
		return all[:1]
	}
	return all
}

// sizesOfCells are the windows whose cells are looked at.
var sizesOfCells = [][2]int{{60, 24}, {80, 24}, {120, 36}, {200, 50}}

// eachDrawnScene looks at each scene in windows of all sizes. Two more scenes have all badges.
func eachDrawnScene(t *testing.T, o Options, look func(t *testing.T, about string, r *root)) {
	all := func(t *testing.T, r *root) {
		for _, size := range fewIfShort(sizesOfCells...) {
			settle(r, tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			look(t, fmt.Sprintf("%dx%d", size[0], size[1]), r)
		}
	}
	eachScene(t, o, "", func(t *testing.T, open func(width, height int) *root) { all(t, open(120, 36)) })
	for name, readOnly := range map[string]bool{"production": false, "read only": true} {
		t.Run(name, func(t *testing.T) {
			o := o
			o.ReadOnly, o.Production = readOnly, "myproject"
			all(t, openScene(t, sceneCloud(t), o, scenes()["question"], 120, 36))
		})
	}
}
