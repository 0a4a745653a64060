package tui

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/vt"
	"golang.org/x/text/width"

	"whopulls/text/signs"
)

// doubling is a terminal that gives ambiguous signs two columns.
type doubling struct{ to io.Writer }

// Write puts a blank behind each ambiguous sign: the cursor is where it would be.
func (d doubling) Write(p []byte) (int, error) {
	var b strings.Builder
	for _, r := range string(p) {
		b.WriteRune(r)
		if width.LookupRune(r).Kind() == width.EastAsianAmbiguous {
			b.WriteByte(' ')
		}
	}
	_, err := d.to.Write([]byte(b.String()))
	return len(p), err
}

// In auto the app draws ASCII alone on a terminal that gives ambiguous signs two columns, and all signs on others. Nothing of the
// question stays on the screen, and nothing of the answer is typed.
func TestAmbiguousWidth(t *testing.T) {
	for _, test := range []struct {
		name    string
		options Options
		doubles bool
		cursor  string
	}{
		{"narrow", Options{AskWidth: true}, false, "▸ "},
		{"double", Options{AskWidth: true}, true, "> "},
		{"ASCII was chosen", Options{Signs: signs.ASCII}, true, "> "},
	} {
		t.Run(test.name, func(t *testing.T) {
			screen := &emulatedScreen{Emulator: vt.NewEmulator(80, 24)}
			var to io.Writer = screen
			if test.doubles {
				to = doubling{screen}
			}
			term, _ := startReplying(t, newFakeCloud(), test.options, screen, to)
			drawn := term.shows(" "+test.cursor+"myproject-a", "3 projects", "type to filter, or paste anything")
			assertLacks(t, drawn, "…→", ";7R")
		})
	}
}

// What is asked stands before the first frame that begins on an empty screen, once, and its answer is taken once.
func TestWhenWidthIsAsked(t *testing.T) {
	const frame = "\x1b[?1049h" + clearedScreen + "frame"
	for _, test := range []struct {
		name   string
		wanted bool
		writes []string
		asked  []bool
	}{
		{"wanted", true, []string{"\x1b[c", frame, frame}, []bool{false, true, false}},
		{"not wanted", false, []string{frame}, []bool{false}},
		{"no empty screen", true, []string{"frame", "another"}, []bool{false, false}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			d := &display{out: &out}
			d.askWidth(test.wanted)
			for n, w := range test.writes {
				out.Reset()
				if count, err := d.Write([]byte(w)); err != nil || count != len(w) {
					t.Fatal(count, err)
				}
				if at := strings.Index(out.String(), widthQuery); (at >= 0) != test.asked[n] || at > strings.Index(out.String(), clearedScreen) {
					t.Errorf("write %d is %q", n, out.String())
				}
			}
		})
	}
}

// An answer counts once, for the line where it was asked, and clears what stands elsewhere than the renderer believes.
func TestTheAnswerAboutWidth(t *testing.T) {
	count := utf8.RuneCountInString(signs.Ambiguous)
	double, narrow := tea.CursorPositionMsg{X: 2 * count, Y: widthRow - 1}, tea.CursorPositionMsg{X: count, Y: widthRow - 1}
	for _, test := range []struct {
		name    string
		answers []tea.Msg
		ascii   bool
	}{
		{"none", nil, false},
		{"double", []tea.Msg{double}, true},
		{"one sign alone is double", []tea.Msg{tea.CursorPositionMsg{X: count + 1, Y: widthRow - 1}}, true},
		{"narrow", []tea.Msg{narrow}, false},
		{"the first one counts", []tea.Msg{narrow, double}, false},
		{"of another line", []tea.Msg{tea.CursorPositionMsg{X: 2 * count}}, false},
		{"after the program was paused in another terminal", []tea.Msg{double, tea.ResumeMsg{}, []byte(clearedScreen), narrow}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := newRoot(t.Context(), Options{AskWidth: true}, nil)
			r.display.out = io.Discard
			for _, msg := range append([]tea.Msg{[]byte(clearedScreen)}, test.answers...) {
				if frame, ok := msg.([]byte); ok {
					_, _ = r.display.Write(frame)
					continue
				}
				r.Update(msg)
			}
			if got := r.Styles.Signs == signs.ASCII; got != test.ascii {
				t.Errorf("ASCII: %t", got)
			}
		})
	}
}
