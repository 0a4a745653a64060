package list

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A narrow list keeps the names, and leaves the last columns out.
func TestColumnWidths(t *testing.T) {
	for _, test := range []struct {
		natural []int
		width   int
		want    string
	}{
		{[]int{11, 12, 12}, 74, "[11 12 12]"},
		{[]int{30, 12, 78, 18}, 74, "[30 12 28 0]"},
		{[]int{30, 12, 78, 18}, 76, "[30 12 20 8]"},
		{[]int{30, 12, 78, 18}, 54, "[30 12 8 0]"},
		{[]int{30, 12, 78, 18}, 53, "[30 12 0 0]"},
		{[]int{30, 12, 78, 18}, 194, "[30 12 78 18]"},
		{[]int{11, 0, 12, 0}, 40, "[11 0 12 0]"},
		{[]int{63, 11, 23}, 20, "[20 0 0]"},
		{[]int{5, 5}, 0, "[1 0]"},
	} {
		t.Run(fmt.Sprint(test.natural, test.width), func(t *testing.T) {
			if got := fmt.Sprint(columnWidths(test.natural, test.width)); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// Columns never take more than there is, nor more than they need, and the name is always there.
func TestColumnsFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		natural := append([]int{rapid.IntRange(1, 90).Draw(t, "name")}, rapid.SliceOfN(rapid.IntRange(0, 90), 0, 4).Draw(t, "others")...)
		width := rapid.IntRange(1, 200).Draw(t, "width")
		sum := -columnGap
		for n, w := range columnWidths(natural, width) {
			if w > natural[n] && n > 0 || n == 0 && w < 1 {
				t.Fatalf("column %d is %d wide, of %d", n, w, natural[n])
			}
			if w > 0 {
				sum += w + columnGap
			}
		}
		if sum > width {
			t.Fatalf("%d of %d", sum, width)
		}
	})
}

// The preview takes no column anything that it need not take, and has what they leave.
func TestColumnsAndPreviewShareByNeed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		natural := append([]int{rapid.IntRange(1, 60).Draw(t, "name")}, rapid.SliceOfN(rapid.IntRange(0, 90), 0, 4).Draw(t, "others")...)
		p := &List{Widths: natural, noteWidth: rapid.IntRange(0, 20).Draw(t, "note")}
		width := rapid.IntRange(previewFrom, 250).Draw(t, "width")
		pane := p.paneWidth(width)
		left, most := p.layout(width-pane-1), p.layout(width-minPreviewWidth-1)
		switch {
		case pane < minPreviewWidth || pane > maxPreviewWidth:
			t.Fatalf("the preview is %d wide", pane)
		case !slices.Equal(left, most):
			t.Fatalf("%v are cut to %v and not to %v while the preview has %d of %d", natural, left, most, pane, width)
		case pane < min(maxPreviewWidth, width/2) && width-pane-1 > p.usedWidth(width-pane-1):
			t.Fatalf("the columns have %d and use %d, and the preview has %d", width-pane-1, p.usedWidth(width-pane-1), pane)
		}
	})
}
