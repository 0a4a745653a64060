package palette

import (
	"context"
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"whopulls/tui/match"
	"whopulls/tui/ui"
)

// shelf is a library of names that can grow.
type shelf struct {
	texts []match.Text
	names []string
}

func (s *shelf) add(names ...string) {
	for _, n := range names {
		s.texts, s.names = append(s.texts, match.NewText(n, "somewhere", "thing")), append(s.names, n)
	}
}

func (s *shelf) library() Library {
	return Library{Len: len(s.texts), Summary: "a shelf", Text: func(i int) *match.Text { return &s.texts[i] },
		Entry: func(i int) Entry { return Entry{Kind: "thing", Title: s.names[i], Detail: "somewhere"} }}
}

// open is a palette with a few entries and a shelf.
func open(ctx context.Context, s *shelf) *Palette {
	p := New(&ui.Session{Context: ctx, Styles: ui.NewStyles(ui.ThemeMono)}, s.library)
	p.SetEntries([]Entry{{ID: "a", Section: Here, Kind: "action", Title: "copy", Key: "y"}, {ID: "b", Section: Here, Kind: "action", Title: "undo", WhyOff: "nothing"},
		{ID: "c", Section: Places, Kind: "place", Title: "Pick another project"}})
	return p
}

// typeText types and gives the commands that came of it.
func typeText(p *Palette, text string) (cmds []tea.Cmd) {
	for _, r := range text {
		if cmd := p.HandleText(tea.KeyPressMsg{Code: r, Text: string(r)}); cmd != nil {
			cmds = append(cmds, cmd)
		}
	}
	return cmds
}

// titles are those of the rows.
func titles(p *Palette) string {
	var all []string
	for n := range p.rows {
		all = append(all, p.entryAt(n).Title)
	}
	return strings.Join(all, ", ")
}

// many is a shelf that is searched outside the loop.
func many() *shelf {
	s := &shelf{}
	for n := range 3 * maxSyncSearch {
		s.add(fmt.Sprintf("thing-%04d", n))
	}
	return s
}

// The best fit comes first, whatever kind it is; of equals the entries go before what was read.
func TestTheBestComesFirst(t *testing.T) {
	for _, test := range []struct{ typed, want string }{
		{"", "copy, undo, Pick another project"},
		{"copy", "copy, copy, copy-cat, a-copy"},
		{"proj", "project-x, Pick another project"},
		{"^copy$", "copy, copy"},
		{"thing !copy", "project-x"},
		{"action", "copy, undo"},
		{"nothing-there", ""},
	} {
		t.Run(test.typed, func(t *testing.T) {
			s := &shelf{}
			s.add("a-copy", "copy-cat", "copy", "project-x")
			p := open(t.Context(), s)
			typeText(p, test.typed)
			if got := titles(p); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// A setting only shows what is set: what does something about the same word goes first. What only has its letters does not.
func TestAnActionComesBeforeASetting(t *testing.T) {
	for _, test := range []struct{ typed, want string }{
		{"mouse", "let go of the mouse: the terminal selects text, mouse"},
		{"mous", "let go of the mouse: the terminal selects text, mouse"},
		{"theme", "theme, the mere mention, let go of the mouse: the terminal selects text"},
	} {
		t.Run(test.typed, func(t *testing.T) {
			p := open(t.Context(), &shelf{})
			p.SetEntries([]Entry{{ID: "1", Section: Here, Title: "the mere mention"}, {ID: "2", Section: Settings, Title: "mouse"}, {ID: "3", Section: Settings, Title: "theme"},
				{ID: "4", Section: Moving, Title: "let go of the mouse: the terminal selects text"}})
			typeText(p, test.typed)
			if got := titles(p); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// A place is named after a project: the project itself goes first, and scattered letters find no place.
func TestAThingComesBeforeAPlaceNamedAfterIt(t *testing.T) {
	for _, test := range []struct{ typed, want string }{
		{"myproject-a", "myproject-a, Registry of project myproject-a"},
		{"proja", "myproject-a"},
		{"registry", "Registry of project myproject-a"},
	} {
		t.Run(test.typed, func(t *testing.T) {
			p := open(t.Context(), &shelf{})
			p.SetEntries([]Entry{{ID: "1", Section: Places, Kind: "place", Title: "Registry of project myproject-a"}, {ID: "2", Section: Recent, Kind: "project", Title: "myproject-a"}})
			typeText(p, test.typed)
			if got := titles(p); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// A choice waits for the search of what was typed, and not for one of what came since.
func TestAChoiceWaitsForItsSearch(t *testing.T) {
	s := many()
	p := open(t.Context(), s)
	cmds := typeText(p, "thing-0042")
	if _, ok := p.Choose(); ok {
		t.Fatal("a choice is made among what was not searched")
	}
	var chosen tea.Cmd
	for _, cmd := range cmds {
		if msg := cmd(); msg != nil {
			chosen = p.Update(msg)
		}
	}
	if chosen == nil || chosen() != (ChosenMsg{p}) {
		t.Fatal("the choice is not made in the end")
	}
	if e, ok := p.Choose(); !ok || e.Title != "thing-0042" {
		t.Errorf("%+v %t", e, ok)
	}
}

// What is typed next ends a choice that waits, and the search before it.
func TestTypingEndsAChoice(t *testing.T) {
	p := open(t.Context(), many())
	first := typeText(p, "t")
	p.Choose()
	second := typeText(p, "h")
	if msg := first[0](); msg != nil {
		t.Error("an older search continues")
	}
	if cmd := p.Update(second[0]()); cmd != nil {
		t.Error("the older choice is made")
	}
}

// What arrives later joins what was found, and the cursor stays on its entry.
func TestWhatArrivesLaterIsFound(t *testing.T) {
	s := &shelf{}
	s.add("web-b", "web-c")
	p := open(t.Context(), s)
	typeText(p, "web")
	p.Handle(ui.IntentDown)
	s.add("web", "web-a")
	p.Update(nil)
	if got := titles(p); got != "web, web-b, web-c, web-a" {
		t.Error(got)
	}
	if e, _ := p.Choose(); e.Title != "web-c" {
		t.Errorf("the cursor moved to %s", e.Title)
	}
}

// Entries change while the palette is open, and the cursor stays on its own.
func TestEntriesChangeBelowTheCursor(t *testing.T) {
	p := open(t.Context(), &shelf{})
	p.Handle(ui.IntentLast)
	p.SetEntries([]Entry{{ID: "new"}, {ID: "c", Title: "Pick"}, {ID: "a"}})
	if e, _ := p.Choose(); e.ID != "c" {
		t.Errorf("it is on %s", e.ID)
	}
	p.SetEntries(nil)
	if _, ok := p.Choose(); ok {
		t.Error("there is nothing to choose")
	}
	p.SetEntries([]Entry{{ID: "x"}})
	if e, _ := p.Choose(); e.ID != "x" {
		t.Errorf("it is on %s", e.ID)
	}
}

// Another connection's library may be smaller: nothing of the older one is looked for in it.
func TestASmallerLibrary(t *testing.T) {
	s := &shelf{}
	s.add("web", "web-a")
	p := open(t.Context(), s)
	typeText(p, "we")
	*s = shelf{}
	typeText(p, "b")
	if got := titles(p); got != "" {
		t.Error(got)
	}
}

// Whatever is typed and however it is narrowed: the rows are those that a fresh search finds.
func TestNarrowingFindsWhatAFreshSearchFinds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &shelf{}
		s.add(rapid.SliceOfN(rapid.StringMatching(`[ab-]{1,6}`), 0, 12).Draw(t, "names")...)
		p := open(context.Background(), s)
		typed := ""
		for _, part := range rapid.SliceOfN(rapid.StringMatching(`[ab!^$' -]{1,2}`), 1, 4).Draw(t, "typed") {
			typed += part
			typeText(p, part)
			if rapid.Bool().Draw(t, "more arrives") {
				s.add("b-" + part)
				p.Update(nil)
			}
		}
		fresh := open(context.Background(), s)
		typeText(fresh, typed)
		if titles(p) != titles(fresh) {
			t.Fatalf("%q finds %s, and at once %s", typed, titles(p), titles(fresh))
		}
	})
}

// At each size the lines have the width that there is, and the cursor is among them.
func TestEachLineFits(t *testing.T) {
	s := &shelf{}
	for n := range 50 {
		s.add(fmt.Sprintf("thing-with-a-long-name-%d-データ基盤", n))
	}
	for _, typed := range []string{"", "thing"} {
		for _, size := range []struct{ width, height int }{{60, 12}, {80, 22}, {200, 48}} {
			t.Run(fmt.Sprintf("%q at %dx%d", typed, size.width, size.height), func(t *testing.T) {
				p := open(t.Context(), s)
				typeText(p, typed)
				for range len(p.rows) {
					lines := strings.Split(p.View(size.width, size.height), "\n")
					if len(lines) > size.height || !strings.Contains(strings.Join(lines, "\n"), "▸ ") {
						t.Fatalf("%d lines:\n%s", len(lines), strings.Join(lines, "\n"))
					}
					for _, l := range lines {
						if ansi.StringWidth(l) > size.width {
							t.Fatalf("%d cells: %s", ansi.StringWidth(l), l)
						}
					}
					p.Handle(ui.IntentDown)
				}
			})
		}
	}
}
