//go:build unix

package main

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"

	"whopulls/test/contrast"
)

// shown gives the cells of a screen on which a text was written.
func shown(t *testing.T, width, height int, text string) cells {
	t.Helper()
	term := &terminal{screen: vt.NewEmulator(width, height)}
	if _, err := term.screen.WriteString(text); err != nil {
		t.Fatal(err)
	}
	return term.cells()
}

func TestPieces(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"nothing":           {"", ""},
		"one style":         {"role reader", "0 role reader"},
		"bold within":       {"a \x1b[1mbc\x1b[m d", "0 a|2 bc|5 d"},
		"wide characters":   {"x社内 y", "0 x|1 社|3 内|5  y"},
		"a wire":            {"no ══╗", "0 no|3 ══╗"},
		"a coloured ground": {"\x1b[44m  \x1b[m", "0"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, p := range pieces(shown(t, 20, 1, test.text)[0]) {
				got = append(got, strings.TrimRight(fmt.Sprintf("%d %s", p.x, p.text), " "))
			}
			if text := strings.Join(got, "|"); text != test.want {
				t.Errorf("%q, want %q", text, test.want)
			}
		})
	}
}

// Each character of the box-drawing block that the program draws with has its lines: none falls back to a font.
func TestEveryLineIsDrawn(t *testing.T) {
	for character, a := range lineArms {
		t.Run(character, func(t *testing.T) {
			c := &canvas{}
			c.arms(a, 0, 0)
			if c.Len() == 0 {
				t.Errorf("%s is drawn with nothing", character)
			}
		})
	}
}

// A picture that moves is well-formed, has no script, and shows in each frame each row once.
func TestMovingPicture(t *testing.T) {
	frames := []frame{
		{shown(t, 8, 2, "one\r\nsame"), "press a", time.Second},
		{shown(t, 8, 2, "two\r\nsame"), "press b", 2 * time.Second},
		{shown(t, 8, 2, "one\r\nsame <&>"), "press b", time.Second},
	}
	for _, look := range looks {
		t.Run(look.name, func(t *testing.T) {
			svg := moving(look, "title", "about", frames)
			decoder := xml.NewDecoder(strings.NewReader(svg))
			for {
				token, err := decoder.Token()
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Fatalf("%v in\n%s", err, svg)
				}
				if start, ok := token.(xml.StartElement); ok && start.Name.Local == "script" {
					t.Error("it has a script")
				}
			}
			for text, times := range map[string]int{">one<": 2, ">two<": 1, ">same<": 1, "&lt;&amp;&gt;": 1, ">press b<": 1} {
				if got := strings.Count(svg, text); got != times {
					t.Errorf("%s is drawn %d times, want %d", text, got, times)
				}
			}
		})
	}
}

func TestUnchanged(t *testing.T) {
	of := func(words string) (frames []frame) {
		for _, w := range strings.Fields(words) {
			frames = append(frames, frame{caption: w})
		}
		return frames
	}
	for name, test := range map[string]struct {
		captions string
		want     []span
	}{
		"always the same": {"a a a", []span{{0, 3}}},
		"never the same":  {"a b c", []span{{0, 1}, {1, 2}, {2, 3}}},
		"and back":        {"a a b a", []span{{0, 2}, {2, 3}, {3, 4}}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := unchanged(of(test.captions), func(f frame) string { return f.caption }); fmt.Sprint(got) != fmt.Sprint(test.want) {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

// The colours of a look differ enough from its ground: 4.5:1, as WCAG 2.2 (1.4.3) asks of text.
func TestLooksHaveContrast(t *testing.T) {
	for _, look := range looks {
		for i, colour := range look.named {
			if i == 0 { // black is a ground, not a text
				continue
			}
			t.Run(fmt.Sprint(look.name, i), func(t *testing.T) {
				var c [3]uint8
				if _, err := fmt.Sscanf(colour, "#%02x%02x%02x", &c[0], &c[1], &c[2]); err != nil {
					t.Fatal(err)
				}
				if ratio := contrast.Ratio(rgb(c[0], c[1], c[2]), look.background); ratio < contrast.Text {
					t.Errorf("%s has %.2f:1", colour, ratio)
				}
			})
		}
	}
}
