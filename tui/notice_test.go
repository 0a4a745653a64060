package tui

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	tea "charm.land/bubbletea/v2"

	"whopulls/tui/ui"

	"whopulls/text/cells"
	"whopulls/text/signs"
)

// What there is to say is read to its end, in the smallest window too. It takes the lines that it needs from the body, and the keys
// stay.
func TestANoticeIsReadToItsEnd(t *testing.T) {
	for _, size := range []struct {
		name          string
		width, height int
	}{{"notice-80x24", 80, 24}, {"notice-60x15", 60, 15}} {
		t.Run(size.name, func(t *testing.T) {
			term := openRegistry(t, newStaleCloud(), Options{}, size.width, size.height)
			term.press("enter")
			term.shows("0 of 1 done")
			term.press("enter")
			term.shows("Change the policy")
			term.answerYes()
			term.shows("1 of 1 done")
			term.press("u")
			compareScreen(t, size.name, term.shows("a deleted member can't be given anything", "deleted principals", "▸ ✓ verified", "? keys"))
			term.press("down")
			term.shows("enter back to the list")
		})
	}
}

// However long a notice and whatever the screen, the window is filled and not more. There is a body above, and the keys are below.
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
					over := said == maxNoticeLines && strings.HasSuffix(lines[len(lines)-2], "…")
					if len(lines) != height || !strings.Contains(screen, "of it\n") && !over || !strings.Contains(screen, "▸ ✗ missing") ||
						!strings.HasSuffix(lines[len(lines)-1], "? keys") {
						t.Errorf("%dx%d, %d words:\n%s", width, height, words, screen)
					}
				})
			}
		}
	}
}

// A notice cuts no picture, and never covers the row under the cursor, however long it is.
func TestANoticeCutsNoPicture(t *testing.T) {
	sights := func(r *root) (frames, cursors int) {
		if r.dialog != nil || r.menu != nil { // what is behind it does not count
			defer func() { frames = min(frames, 2) }()
		}
		for _, l := range bodyOf(r) {
			frames += strings.Count(l, signs.TopLeft) + strings.Count(l, signs.BottomLeft)
			if strings.HasPrefix(strings.TrimLeft(l, " "+signs.Vertical), signs.Cursor) {
				cursors++
			}
		}
		return frames, cursors
	}
	eachScene(t, Options{}, "", func(t *testing.T, open func(width, height int) *root) {
		r := open(80, 24)
		for _, size := range [][2]int{{60, 15}, {80, 24}, {120, 36}, {200, 50}} {
			for _, words := range []int{1, 15, 100} {
				settle(r, tea.WindowSizeMsg{Width: size[0], Height: size[1]})
				r.notice = notice{}
				frames, cursors := sights(r)
				r.say(strings.Repeat("because ", words) + "of it")
				if f, c := sights(r); f != frames || c != cursors || frameTrouble(r) != "" {
					t.Errorf("%dx%d, %d words: %d corners and %d cursors were %d and %d:\n%s", size[0], size[1], words, f, c, frames, cursors, strings.Join(bodyOf(r), "\n"))
				}
			}
		}
	})
}

// A notice goes with the next key, and with its screen.
func TestANoticeGoesWithItsScreen(t *testing.T) {
	for name, next := range map[string]struct{ key, shows string }{"next key": {"up", "? keys"}, "next screen": {"enter", "○ to do"},
		"screen before": {"esc", "What runs it"}, "palette": {"ctrl+p", "THIS SCREEN"}} {
		t.Run(name, func(t *testing.T) {
			term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 80, 24)
			term.shows("fix: 1 step")
			term.tracked.sendTracked(ui.NoticeMsg{Text: "said on the map"})
			term.shows("said on the map", "▸ ✗ missing", "? keys")
			term.press(next.key)
			assertLacks(t, term.shows(next.shows), "said on the map")
		})
	}
	t.Run("screen that opens by itself", func(t *testing.T) {
		term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 80, 24)
		term.shows("fix: 1 step")
		term.tracked.sendTracked(ui.NoticeMsg{Text: "said on the map"})
		term.shows("said on the map")
		term.tracked.sendTracked(ui.PushMsg{Screen: term.root.openHistory()})
		assertLacks(t, term.shows("history"), "said on the map")
	})
}

// What an earlier key says comes late, as commands answer in any order: it is not said over what the next key says, nor on another
// screen. Of a batch and of a sequence that holds for each command.
func TestALateNoticeIsNotSaid(t *testing.T) {
	first := ui.Notice("the first")
	for name, cmd := range map[string]tea.Cmd{"alone": first, "batch": tea.Batch(nil, first, tea.ClearScreen), "sequence": tea.Sequence(first, tea.ClearScreen)} {
		t.Run(name, func(t *testing.T) {
			r := newRoot(t.Context(), Options{Question: articleQuestion()}, &sync.WaitGroup{})
			defer r.close()
			say := func(cmd tea.Cmd) {
				for _, msg := range resultsOf(cmd) {
					_, _ = r.Update(msg)
				}
			}
			early, late := r.stamp(cmd, r.top()), r.stamp(cmd, r.top())
			if say(early); r.notice.text != "the first" {
				t.Fatalf("in time it says %q", r.notice.text)
			}
			r.forget()
			say(r.stamp(ui.Notice("the second"), r.top()))
			if say(late); r.notice.text != "the second" {
				t.Errorf("late it says %q", r.notice.text)
			}
			other := r.stamp(cmd, r.top())
			r.stack = append(r.stack, r.openHistory())
			_, _ = r.Update(nil)
			if say(other); r.notice.text != "" {
				t.Errorf("on another screen it says %q", r.notice.text)
			}
		})
	}
}

// What ends a notice leaves any other one.
func TestOnlyItsOwnNoticeEnds(t *testing.T) {
	r := newRoot(t.Context(), Options{Question: articleQuestion()}, &sync.WaitGroup{})
	defer r.close()
	for _, msg := range []ui.NoticeMsg{{Text: "copied"}, {Ends: "still reading"}} {
		_, _ = r.Update(msg)
	}
	if r.notice.text != "copied" {
		t.Errorf("it says %q", r.notice.text)
	}
	if _, _ = r.Update(ui.NoticeMsg{Ends: "copied"}); r.notice.text != "" {
		t.Errorf("it still says %q", r.notice.text)
	}
}

// A notice takes free lines, so that a question in the middle stays where it is.
func TestANoticeMovesNoQuestion(t *testing.T) {
	term := startWalk(t, newFakeCloud(), Options{})
	term.press("enter")
	before := term.shows("▸ No")
	term.tracked.sendTracked(ui.NoticeMsg{Text: "said below the question"})
	after := term.shows("said below the question", "esc no")
	if row := func(screen string) int {
		return strings.Count(screen[:strings.Index(screen, "▸ No")], "\n")
	}; row(before) != row(after) {
		t.Errorf("the question moved:\n%s\n%s", before, after)
	}
}
