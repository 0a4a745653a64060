package list

import (
	"context"
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"whopulls/model"
	"whopulls/text/cells"
	"whopulls/tui/ui"
)

// listOf is a list with so many rows, so many above it under a heading of their own, and so many behind it.
func listOf(count, above, behind int) *List {
	p := New(&ui.Session{Context: context.Background(), Styles: ui.NewStyles(ui.ThemeDark)}, "Which?", "row", "NAME")
	if above > 0 {
		p.Section = "ROWS"
	}
	for n := range above {
		p.AddTop(Item{Cells: []string{fmt.Sprintf("top-%03d", n)}, ID: fmt.Sprint("top", n), Section: "RECENT"})
	}
	for n := range behind {
		p.AddLast(Item{Cells: []string{fmt.Sprintf("last-%03d", n)}, ID: fmt.Sprint("last", n), Section: "ELSEWHERE"})
	}
	p.Source = func(context.Context) (iter.Seq2[model.ListPage[Item], error], error) {
		return func(yield func(model.ListPage[Item], error) bool) {
			var page model.ListPage[Item]
			for n := range count {
				page.Items = append(page.Items, Item{Cells: []string{fmt.Sprintf("row-%03d", n)}, ID: fmt.Sprint(n)})
			}
			yield(page, nil)
		}, nil
	}
	for cmd := p.Init(); cmd != nil; {
		cmd = p.Update(cmd())
	}
	p.FinishSearch()
	return p
}

// Whatever the size and however far it is scrolled, a click on a row that is drawn puts the cursor on that row, another click opens
// it, and what is no row does nothing.
func TestARowThatIsClickedGetsTheCursor(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := listOf(rapid.IntRange(0, 40).Draw(r, "rows"), rapid.IntRange(0, 5).Draw(r, "above"), rapid.IntRange(0, 3).Draw(r, "behind"))
		width, height := rapid.IntRange(60, 200).Draw(r, "width"), rapid.IntRange(8, 60).Draw(r, "height")
		p.View(width, height)
		for range rapid.IntRange(0, 12).Draw(r, "moves") {
			if rapid.Bool().Draw(r, "by the wheel") {
				p.Wheel(ui.Spot{}, rapid.SampledFrom([]int{-ui.WheelLines, ui.WheelLines}).Draw(r, "lines"))
			} else {
				p.Handle(rapid.SampledFrom([]ui.Intent{ui.IntentDown, ui.IntentUp, ui.IntentPageDown, ui.IntentLast, ui.IntentFirst}).Draw(r, "key"))
			}
			p.View(width, height)
		}
		frame, spots := ui.ReadMarks(p.View(width, height))
		lines := strings.Split(ansi.Strip(frame), "\n")
		y := rapid.IntRange(0, len(lines)-1).Draw(r, "line")
		x := rapid.IntRange(0, width-1).Draw(r, "column")
		name, isRow := rowName(lines[y])
		before := p.Cursor
		at := spots.At(x, y)
		_, first := p.Point(at)
		if !isRow {
			if at != (ui.Spot{}) || p.Cursor != before || first != "" {
				r.Fatalf("line %d is no row, and a click does something:\n%s", y, frame)
			}
			return
		}
		if i, _ := p.Current(); i.Cells[0] != name || (first == ui.IntentChoose) != (p.Cursor == before) {
			r.Fatalf("a click on %s leads to %s, %q", name, i.Cells[0], first)
		}
		if _, again := p.Point(at); again != ui.IntentChoose {
			r.Fatal("a second click does not open it")
		}
	})
}

// rowName is the name in a line that is drawn, if that is a row.
func rowName(line string) (name string, isRow bool) {
	name = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "▸"))
	return name, strings.HasPrefix(name, "top-") || strings.HasPrefix(name, "row-") || strings.HasPrefix(name, "last-")
}

// The wheel moves by three lines, and the cursor stays until it would be out of sight.
func TestTheWheelMovesAListByThreeLines(t *testing.T) {
	p := listOf(40, 0, 1)
	first := func() string {
		frame, spots := ui.ReadMarks(p.View(80, 20))
		for y, l := range strings.Split(ansi.Strip(frame), "\n") {
			if spots.At(cells.Width("  "), y).Pane == ui.PaneRows {
				name, _ := rowName(l)
				return name
			}
		}
		return ""
	}
	first()
	for _, step := range []struct {
		name         string
		lines        int
		first, under string
	}{
		{"the cursor goes along", 3, "row-003", "row-003"},
		{"and along", 3, "row-006", "row-006"},
		{"it stays in sight", -3, "row-003", "row-006"},
		{"to the first row", -3, "row-000", "row-006"},
		{"and no further", -3, "row-000", "row-006"},
	} {
		t.Run(step.name, func(t *testing.T) {
			p.Wheel(ui.Spot{}, step.lines)
			if i, _ := p.Current(); first() != step.first || i.Cells[0] != step.under {
				t.Errorf("the first row is %s and the cursor on %s, want %s and %s", first(), i.Cells[0], step.first, step.under)
			}
		})
	}
}

// The wheel reaches both ends of a list, whatever headings stand in it, and what is drawn then is the end.
func TestTheWheelReachesBothEnds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		rows, above := rapid.IntRange(1, 40).Draw(r, "rows"), rapid.IntRange(0, 5).Draw(r, "above")
		p := listOf(rows, above, rapid.IntRange(0, 3).Draw(r, "behind"))
		width, height := rapid.IntRange(60, 200).Draw(r, "width"), rapid.IntRange(12, 40).Draw(r, "height")
		first, last := "row-000", fmt.Sprintf("row-%03d", rows-1)
		if above > 0 {
			first = "top-000"
		}
		for _, end := range []struct {
			lines int
			name  string
		}{{ui.WheelLines, last}, {-ui.WheelLines, first}} {
			p.View(width, height)
			for range rows + above {
				p.Wheel(ui.Spot{}, end.lines)
				p.View(width, height)
			}
			if frame, _ := ui.ReadMarks(p.View(width, height)); !strings.Contains(ansi.Strip(frame), end.name) {
				r.Fatalf("by %d it never comes to %s:\n%s", end.lines, end.name, ansi.Strip(frame))
			}
		}
	})
}
