package palette

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"whopulls/tui/ui"
)

// openFurther is a palette whose search beyond the library brings what a test says.
func openFurther(t *testing.T, s *shelf, search func(ctx context.Context, words []string) string) *Palette {
	t.Helper()
	p := open(t.Context(), s)
	p.library = func() Library {
		l := s.library()
		l.Further = Further{Search: search, Searching: "searching further"}
		return l
	}
	return p
}

// deliver gives a palette what its commands bring.
func deliver(p *Palette, cmds ...tea.Cmd) {
	for _, cmd := range cmds {
		switch msg := cmd().(type) {
		case nil:
		case tea.BatchMsg:
			deliver(p, msg...)
		default:
			p.Update(msg)
		}
	}
}

// What a search beyond the library finds joins what fits, and the cursor stays on its entry.
func TestWhatASearchBeyondBrings(t *testing.T) {
	s := &shelf{}
	s.add("web-b")
	var words []string
	p := openFurther(t, s, func(_ context.Context, w []string) string {
		words = w
		s.add("web", "other")
		return "2 things further away"
	})
	cmds := typeText(p, "web !x")
	assertStatus(t, p, "searching further")
	deliver(p, cmds[len(cmds)-1])
	if got := titles(p); got != "web, web-b" || strings.Join(words, " ") != "web" {
		t.Errorf("%s for %q", got, words)
	}
	if e, _ := p.Choose(); e.Title != "web-b" {
		t.Errorf("the cursor moved to %s", e.Title)
	}
	assertStatus(t, p, "2 things further away")
}

// assertStatus looks for a text at the foot, in a high window and in a low one.
func assertStatus(t *testing.T, p *Palette, want string) {
	t.Helper()
	for _, height := range []int{12, 22} {
		lines := strings.Split(p.View(80, height), "\n")
		if foot := strings.Join(lines[max(0, len(lines)-3):], "\n"); !strings.Contains(foot, want) || len(lines) > height {
			t.Errorf("in %d lines it doesn't say %q:\n%s", height, want, strings.Join(lines, "\n"))
		}
	}
}

// A search that nobody waits for is not begun, or ended.
func TestASearchBeyondThatNobodyWaitsFor(t *testing.T) {
	for _, test := range []struct {
		name string
		then func(p *Palette)
	}{
		{"typed on", func(p *Palette) { typeText(p, "b") }},
		{"cleared", func(p *Palette) { p.Handle(ui.IntentClear) }},
		{"closed", (*Palette).Close},
	} {
		for _, begun := range []bool{false, true} {
			t.Run(map[bool]string{false: "before it begins: ", true: "after it began: "}[begun]+test.name, func(t *testing.T) {
				asked, ended := make(chan bool), make(chan bool)
				p := openFurther(t, &shelf{}, func(ctx context.Context, _ []string) string {
					close(asked)
					<-ctx.Done()
					close(ended)
					return "too late"
				})
				cmds := typeText(p, "we")
				if begun {
					brought := make(chan tea.Msg)
					go func() { brought <- cmds[len(cmds)-1]() }()
					<-asked
					test.then(p)
					<-ended
					p.Update(<-brought)
				} else {
					test.then(p)
					deliver(p, cmds...)
				}
				if p.further.said != "" {
					t.Errorf("it says %q", p.further.said)
				}
			})
		}
	}
}

// Too few letters are not searched further, nor is what is left out.
func TestWhatIsNotSearchedFurther(t *testing.T) {
	for _, typed := range []string{"w", "!web", "a b", "^"} {
		t.Run(typed, func(t *testing.T) {
			p := openFurther(t, &shelf{}, func(context.Context, []string) string { return "asked" })
			if cmds := typeText(p, typed); len(cmds) > 0 {
				t.Error("it is asked")
			}
		})
	}
}

// Why nothing can be asked stands in one line while something is typed, and nothing is asked.
func TestWhyNothingIsSearchedFurther(t *testing.T) {
	p := open(t.Context(), &shelf{})
	p.library = func() Library { return Library{Further: Further{WhyNot: "the API is off"}} }
	if strings.Contains(p.View(80, 22), "the API is off") {
		t.Error("it is said before anything is typed")
	}
	if cmds := typeText(p, "web"); len(cmds) > 0 {
		t.Error("it is asked")
	}
	assertStatus(t, p, "the API is off")
}
