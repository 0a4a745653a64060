package ui

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"whopulls/text/cells"
)

// A mark takes no cell and stays with its text, whatever is done to the line.
func TestMarksStayWithTheirTexts(t *testing.T) {
	row := MarkedLine(PaneRows, 3, "漢字 row")
	for name, test := range map[string]struct {
		line  string
		x     int
		is    Spot
		plain string
	}{
		"as it is":      {row, 0, Spot{PaneRows, 3}, "漢字 row"},
		"behind it":     {row, 70, Spot{PaneRows, 3}, "漢字 row"},
		"cut":           {cells.Cut(row, 5), 4, Spot{PaneRows, 3}, "漢字…"},
		"filled":        {cells.Fit(row, 12) + MarkedLine(PaneText, NoRow, "│"), 11, Spot{PaneRows, 3}, "漢字 row    │"},
		"joined":        {cells.Fit(row, 12) + MarkedLine(PaneText, NoRow, "│"), 12, Spot{PaneText, NoRow}, "漢字 row    │"},
		"at the right":  {cells.Justify("left", row, 20), 12, Spot{PaneRows, 3}, "left        漢字 row"},
		"left of it":    {cells.Justify("left", row, 20), 11, Spot{}, "left        漢字 row"},
		"in the middle": {Centre([]string{row}, 20)[0], 6, Spot{PaneRows, 3}, "      漢字 row"},
		"ended":         {Marked(PaneRows, 1, "ab") + "cd", 2, Spot{}, "abcd"},
		"the last of 2": {Marked(PaneRows, 1, "ab") + Marked(PaneRows, 2, "cd"), 2, Spot{PaneRows, 2}, "abcd"},
	} {
		t.Run(name, func(t *testing.T) {
			plain, at := ReadMarks("first\n" + test.line)
			if got := at.At(test.x, 1); plain != "first\n"+test.plain || got != test.is {
				t.Errorf("column %d of %q is %v, want %v", test.x, plain, got, test.is)
			}
			for _, out := range [][2]int{{test.x, 0}, {test.x, 2}, {test.x, -1}, {-1, 1}} {
				if got := at.At(out[0], out[1]); got != (Spot{}) {
					t.Errorf("%v is %v, want nothing", out, got)
				}
			}
		})
	}
}

// A name can look like a mark, and marks nothing: what others wrote is cleaned before it is drawn.
func TestNoNameIsAMark(t *testing.T) {
	_, at := ReadMarks(cells.Wrap(MarkedLine(PaneFooter, 1, "a name"), 40)[0])
	if got := at.At(5, 0); got != (Spot{}) {
		t.Errorf("a name is %v", got)
	}
}

// Each hint of a footer stands where its key and its word do, at any width.
func TestHintsAreWhereTheyAreDrawn(t *testing.T) {
	bindings := Keys{}.WithKeys([]Binding{BindChoose, BindMove, BindBack, BindCopy, {Intent: IntentReread, Help: "refresh"}, BindPalette, BindHelp}, false)
	rapid.Check(t, func(r *rapid.T) {
		width := rapid.IntRange(20, 220).Draw(r, "width")
		line, at := ReadMarks(NewStyles(ThemeDark).Footer(bindings, width))
		shown := ansi.Strip(line)
		for n, b := range bindings {
			hint := b.shortLabel() + " " + b.Help
			before, _, ok := strings.Cut(shown, hint)
			if !ok {
				continue
			}
			for x := range cells.Width(hint) {
				if got := at.At(cells.Width(before)+x, 0); got != (Spot{PaneFooter, n}) {
					r.Fatalf("%d of %q is %v, want hint %d", cells.Width(before)+x, shown, got, n)
				}
			}
		}
		if got := at.At(width+1, 0); got != (Spot{}) {
			r.Fatalf("behind %q is %v", shown, got)
		}
	})
}

// What is scrolled never ends up outside, and the cursor stays in sight and moves no further than it must.
func TestScrollByKeepsTheCursorInSight(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		count, room := rapid.IntRange(1, 60).Draw(r, "count"), rapid.IntRange(1, 30).Draw(r, "room")
		cursor := rapid.IntRange(0, count-1).Draw(r, "cursor")
		offset := ScrollOffset(cursor, 0, room, count)
		by := rapid.SampledFrom([]int{-WheelLines, WheelLines}).Draw(r, "by")
		newCursor, newOffset := ScrollBy(by, cursor, offset, room, count)
		if newOffset < 0 || newOffset > max(0, count-room) || newCursor < 0 || newCursor >= count {
			r.Fatalf("%d, %d is outside", newCursor, newOffset)
		}
		if newOffset != ScrollOffset(newCursor, newOffset, room, count) {
			r.Fatal("the cursor is out of sight")
		}
		if inSight := cursor >= newOffset && cursor < newOffset+room; inSight && newCursor != cursor {
			r.Fatal("the cursor moved without need")
		}
	})
}

// The parts of a breadcrumb are its own, however it is drawn.
func TestTrailOf(t *testing.T) {
	styles := NewStyles(ThemeDark)
	for where, want := range map[string][]string{
		"":                              {""},
		"history":                       {"history"},
		"myproject-a ▸ job myjob":       {"myproject-a", "job myjob"},
		"  myproject-b ▸ myrepo ▸ step": {"myproject-b", "myrepo", "step"},
	} {
		t.Run(where, func(t *testing.T) {
			crumb := styles.Breadcrumb(where)
			if got := TrailOf("✗ missing " + crumb); fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%q, want %q", got, want)
			}
			if plain, _ := ReadMarks(crumb); ansi.Strip(plain) != where {
				t.Errorf("it is drawn as %q", ansi.Strip(plain))
			}
		})
	}
}
