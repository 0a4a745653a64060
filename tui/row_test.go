package tui

import (
	"slices"
	"strings"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"whopulls/text/signs"
	"whopulls/tui/accessmap"
	"whopulls/tui/ui"
)

// paneAt are the columns of a line that stand for the same row as the one in a column.
func paneAt(r *root, x, y int) (from, to int) {
	spot := r.spots.At(x, y)
	for from = x; from > 0 && r.spots.At(from-1, y) == spot; from-- {
	}
	for to = x; to < r.width-1 && r.spots.At(to+1, y) == spot; to++ {
	}
	return from, to
}

// isRow reports whether something is a row of a pane with a cursor.
func isRow(at ui.Spot) bool {
	return at.Row >= 0 && (at.Pane == ui.PaneRows || at.Pane == ui.PanePreview)
}

// rowsWithCursor are the lines that have the sign of the cursor before a row of a pane, and in which column.
func rowsWithCursor(r *root, rows [][]uv.Cell, sign string) map[int]int {
	found := map[int]int{}
	for y, row := range rows {
		for x, c := range row {
			if c.Content == sign && isRow(r.spots.At(x, y)) {
				if _, ok := found[y]; !ok {
					found[y] = x
				}
			}
		}
	}
	return found
}

// hasRows reports whether a scene has a cursor in rows: the map has one among lines, and a question one among answers.
func hasRows(r *root) bool {
	_, onMap := r.top().(*accessmap.Screen)
	over := r.menu != nil || r.palette != nil
	return !r.showHelp && r.dialog == nil && (over || !onMap)
}

// restingCursors are the scenes in which the keys move a text: the cursor of the rows is a sign there, and no bar. On the error
// message it is in no row until a key moves it there.
var restingCursors = []string{"registry details", "explain a failure"}

// The row under the cursor is a bar across its pane on every screen, by colour or reversed, and has the sign of the cursor.
func TestTheRowUnderTheCursorIsABarAcrossItsPane(t *testing.T) {
	for _, look := range []struct {
		name    string
		options Options
		sign    string
	}{
		{"dark", Options{Theme: ui.ThemeDark}, signs.Cursor},
		{"light", Options{Theme: ui.ThemeLight}, signs.Cursor},
		{"mono", Options{Theme: ui.ThemeMono}, signs.Cursor},
		{"ascii", Options{Theme: ui.ThemeMono, Signs: signs.ASCII}, ">"},
	} {
		t.Run(look.name, func(t *testing.T) {
			bar := drawCells(t, ui.NewStyles(look.options.Theme).Bar.Render("x"), 1, 1)[0][0].Style
			eachDrawnScene(t, look.options, func(t *testing.T, about string, r *root) {
				if !hasRows(r) {
					return
				}
				cells, bars := cellsOf(t, r), 0
				marked := rowsWithCursor(r, cells, look.sign)
				for y, x := range marked {
					from, to := paneAt(r, x, y)
					switch pane := cells[y][from : to+1]; {
					case !isBar(pane[0], bar):
					case cellsWithoutBar(pane, bar) > 2: // a blank before the border, and the cursor of what is typed
						t.Errorf("%s, line %d: the bar leaves out %d of %d cells", about, y+1, cellsWithoutBar(pane, bar), len(pane))
					default:
						bars++
					}
				}
				_, scene, _ := strings.Cut(t.Name(), "/")
				_, scene, _ = strings.Cut(scene, "/")
				resting := slices.Contains(restingCursors, strings.ReplaceAll(scene, "_", " "))
				if wanted := showsRows(r) && !resting; wanted != (bars == 1) {
					t.Errorf("%s: %d bars, and %d signs of a cursor:\n%s", about, bars, len(marked), ansi.Strip(r.View().Content))
				}
			})
		})
	}
}

// isBar reports whether a cell has the ground of a bar.
func isBar(c uv.Cell, bar uv.Style) bool {
	return c.Style.Bg == bar.Bg && c.Style.Attrs&uv.AttrReverse == bar.Attrs&uv.AttrReverse
}

// cellsWithoutBar counts the cells that are in no bar.
func cellsWithoutBar(cells []uv.Cell, bar uv.Style) (count int) {
	for _, c := range cells {
		if !isBar(c, bar) {
			count++
		}
	}
	return count
}

// showsRows reports whether the frame has a row. None is narrower than the steps in which it is looked for.
func showsRows(r *root) bool {
	const step = 8
	for y := range r.height {
		for x := 0; x < r.width; x += step {
			if isRow(r.spots.At(x, y)) {
				return true
			}
		}
	}
	return false
}
