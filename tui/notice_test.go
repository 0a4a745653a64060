package tui

import (
	"fmt"
	"strings"
	"testing"

	"whopulls/tui/ui"

	"whopulls/text/cells"
)

// What there is to say is read to its end, in the smallest window too: it takes the lines that it needs from the body.
func TestANoticeIsReadToItsEnd(t *testing.T) {
	for _, size := range []struct {
		name          string
		width, height int
	}{{"notice-80x24", 80, 24}, {"notice-60x15", 60, 15}} {
		t.Run(size.name, func(t *testing.T) {
			term := openCleanup(t, newStaleCloud(), Options{}, size.width, size.height)
			term.press("enter")
			term.shows("0 of 1 done")
			term.press("enter")
			term.shows("Change the policy")
			term.answerYes()
			term.shows("1 of 1 done")
			term.press("u")
			compareScreen(t, size.name, term.shows("a deleted member can't be given anything", "deleted principals", "▸ ✓ verified"))
			term.press("down")
			term.shows("enter back to the list")
		})
	}
}

// However long a notice and whatever the screen, the window is filled and not more, and there is a body above.
func TestANoticeLeavesABody(t *testing.T) {
	for _, width := range []int{60, 80, 200} {
		for _, height := range []int{15, 24} {
			for _, words := range []int{1, 12, 30, 45, 400} {
				t.Run(fmt.Sprintf("%dx%d %d words", width, height, words), func(t *testing.T) {
					term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, width, height)
					term.shows("fix: 1 step")
					term.tracked.sendTracked(ui.NoticeMsg{Text: strings.Repeat("because ", words) + "of it"})
					screen := term.shows(" because ")
					lines := strings.Split(strings.TrimSuffix(screen, "\n"), "\n")
					said := 0
					for _, l := range lines {
						if strings.HasPrefix(l, " because ") || l == " of it" {
							said++
						}
						if cells.Width(l) > width {
							t.Errorf("%dx%d: a line is too wide: %q", width, height, l)
						}
					}
					over := said == maxNoticeLines && strings.HasSuffix(lines[len(lines)-1], "…")
					if len(lines) != height || !strings.Contains(screen, "of it\n") && !over || !strings.Contains(screen, "▸ ✗ missing") {
						t.Errorf("%dx%d, %d words:\n%s", width, height, words, screen)
					}
				})
			}
		}
	}
}
