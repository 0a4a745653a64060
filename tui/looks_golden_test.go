package tui

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// look is one way to draw the screens.
type look struct {
	name    string
	options Options
	print   func(frame string) string // as a golden file holds it
}

func looksToKeep() []look {
	styled := func(frame string) string { return strings.ReplaceAll(frame, "\x1b", "␛") }
	return []look{
		{"dark", Options{Theme: ui.ThemeDark}, styled},
		{"light", Options{Theme: ui.ThemeLight}, styled},
		{"mono", Options{Theme: ui.ThemeMono}, styled},
		{"ascii", Options{Theme: ui.ThemeMono, Signs: signs.ASCII}, ansi.Strip},
	}
}

// Each kind of screen in each look, in four widths.
func TestLooks(t *testing.T) {
	for screen, name := range map[string]string{"list": "workloads", "map": "map", "walk": "walk", "history": "history", "palette": "palette", "question": "question",
		"start": "projects", "registry": "registry", "failure": "explain a failure", "takeout": "take out", "help": "help", "explanation": "explain a line"} {
		for _, l := range looksToKeep() {
			t.Run(screen+" "+l.name, func(t *testing.T) {
				cloud := newStaleCloud()
				cloud.journal = earlierRuns(t)
				r := openScene(t, cloud, l.options, scenes()[name], 120, 36)
				var all strings.Builder
				for _, size := range sizesOfCells {
					settle(r, tea.WindowSizeMsg{Width: size[0], Height: size[1]})
					fmt.Fprintf(&all, "%dx%d\n%s\n\n", size[0], size[1], trimLines(l.print(r.View().Content)))
				}
				compareScreen(t, "look-"+screen+"-"+l.name, all.String())
			})
		}
	}
}

// On a terminal of ASCII alone every screen is ASCII, and as wide as the window lets it be. A foreign name stays as it is.
func TestEveryScreenInASCII(t *testing.T) {
	eachDrawnScene(t, Options{Signs: signs.ASCII}, func(t *testing.T, about string, r *root) {
		if trouble := frameTrouble(r); trouble != "" {
			t.Errorf("%s: %s", about, trouble)
		}
		for n, l := range strings.Split(ansi.Strip(r.View().Content), "\n") {
			l = strings.ReplaceAll(l, "データ基盤", "")
			if at := strings.IndexFunc(l, func(letter rune) bool { return letter < ' ' || letter > '~' }); at >= 0 {
				t.Errorf("%s, line %d: %q", about, n+1, l[at:])
			}
		}
	})
}
