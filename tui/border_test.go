package tui

import (
	"fmt"
	"slices"
	"testing"

	"charm.land/lipgloss/v2"
	uv "github.com/charmbracelet/ultraviolet"

	"whopulls/model"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// lineStyles are what lines are drawn in: those of frames, and those of wires.
type lineStyles struct{ frames, wires []uv.Style }

func lineStylesOf(tb testing.TB, s *ui.Styles) (all lineStyles) {
	tb.Helper()
	drawn := func(style lipgloss.Style) uv.Style { return drawCells(tb, style.Render("x"), 1, 1)[0][0].Style }
	all.frames = []uv.Style{drawn(s.Frame), drawn(s.Accent)}
	all.wires = []uv.Style{drawn(s.Dim)} // of a check that is not read yet
	for _, v := range []model.Verdict{model.Granted, model.Missing, model.Denied, model.Unknown} {
		all.wires = append(all.wires, drawn(s.Verdicts[v]))
	}
	return all
}

func hasStyle(all []uv.Style, c uv.Cell) bool {
	return slices.ContainsFunc(all, func(s uv.Style) bool { return s.Equal(&c.Style) })
}

// No colour of a text runs on into a line next to it: a frame has the style of frames, a wire and what it crosses that of a verdict.
func TestNoStyleRunsIntoALine(t *testing.T) {
	for _, theme := range fewIfShort(ui.ThemeTerminal, ui.ThemeDark, ui.ThemeLight, ui.ThemeMono) {
		t.Run(string(theme), func(t *testing.T) {
			styles := lineStylesOf(t, ui.NewStyles(theme))
			eachDrawnScene(t, Options{Theme: theme}, func(t *testing.T, about string, r *root) {
				if trouble := lineTrouble(cellsOf(t, r), styles); trouble != "" {
					t.Errorf("%s: %s", about, trouble)
				}
			})
		})
	}
}

// lineTrouble says which line has the style of something else; empty: none has.
func lineTrouble(rows [][]uv.Cell, styles lineStyles) string {
	edges := edgesOf(rows)
	for y, row := range rows {
		for x, c := range row {
			var wanted []uv.Style
			switch {
			case !isLine(c):
				continue
			case isOneOf(c, crossingSigns+wireSigns):
				wanted = styles.wires
			case edges[[2]int{x, y}]:
				wanted = styles.frames
			default:
				wanted = append(slices.Clone(styles.frames), styles.wires...)
			}
			if !hasStyle(wanted, c) {
				return fmt.Sprintf("line %d, column %d: %q is drawn in %+v", y+1, x+1, c.Content, c.Style)
			}
		}
	}
	return ""
}

// edgesOf are the places of the edges of all frames that are seen as a whole.
func edgesOf(rows [][]uv.Cell) map[[2]int]bool {
	edges := map[[2]int]bool{}
	for y, row := range rows {
		for x, c := range row {
			if c.Content != signs.TopLeft {
				continue
			}
			right, bottom, whole := cornerOf(rows, x, y)
			if !whole {
				continue
			}
			for column := x; column <= right; column++ {
				edges[[2]int{column, y}], edges[[2]int{column, bottom}] = true, true
			}
			for line := y; line <= bottom; line++ {
				edges[[2]int{x, line}], edges[[2]int{right, line}] = true, true
			}
		}
	}
	return edges
}

// cornerOf follows a frame down its left edge and along its lower one. It reports whether it arrives.
func cornerOf(rows [][]uv.Cell, x, y int) (right, bottom int, whole bool) {
	bottom = y + 1
	for bottom < len(rows) && isOneOf(rows[bottom][x], signs.Vertical+crossingSigns) {
		bottom++
	}
	if bottom == len(rows) || rows[bottom][x].Content != signs.BottomLeft {
		return 0, 0, false
	}
	right = x + 1
	for right < len(rows[bottom]) && isOneOf(rows[bottom][right], signs.Horizontal+crossingSigns) {
		right++
	}
	return right, bottom, right < len(rows[bottom]) && rows[bottom][right].Content == signs.BottomRight
}

// The measure itself: a colour that runs on is found, in the edge of a frame and in a wire that has none of a verdict.
func TestStylesThatRunOnAreFound(t *testing.T) {
	styles := ui.NewStyles(ui.ThemeDark)
	frame := func(edge, wire lipgloss.Style) string {
		f := styles.Frame
		return f.Render("╭──╮") + "\n" + f.Render("│") + "ab" + edge.Render("│") + wire.Render("═") + "\n" + f.Render("╰──╯")
	}
	missing, dim := styles.Verdicts[model.Missing], styles.Dim
	for _, c := range []struct {
		name  string
		frame string
		found bool
	}{
		{"as it should be", frame(styles.Frame, missing), false},
		{"a frame in the style of a verdict", frame(missing, missing), true},
		{"a frame on the ground of a chip", frame(styles.Frame.Background(lipgloss.Color("#451a20")), missing), true},
		{"a wire without a verdict", frame(styles.Frame, styles.Bold), true},
		{"a wire that waits", frame(styles.Frame, dim), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if trouble := lineTrouble(drawCells(t, c.frame, 6, 3), lineStylesOf(t, styles)); (trouble != "") != c.found {
				t.Errorf("found %q", trouble)
			}
		})
	}
}
