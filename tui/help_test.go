package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"whopulls/tui/ui"
)

// The help shows each action once: below the keys by its own key, or without one below the palette that has it.
func TestTheHelpGivesEachActionItsOwnKey(t *testing.T) {
	r := newRoot(t.Context(), Options{}, nil)
	r.width = 200
	for _, s := range everyScreen(r.app) {
		t.Run(s.place, func(t *testing.T) {
			r.stack = []ui.Screen{s.screen}
			before, keyless, found := strings.Cut(ansi.Strip(strings.Join(r.helpLines(), "\n")), "\n  In the palette (ctrl+p)\n\n")
			if !found {
				t.Fatalf("the palette has no heading:\n%s", before)
			}
			keyless, _, _ = strings.Cut(keyless, "\n\n")
			for _, b := range r.bindings() {
				with, without := 0, 0
				for l := range strings.SplitSeq(before, "\n") {
					if label, says := b.FullLabel(), strings.TrimSpace(l); label != "" && strings.HasPrefix(says, label+"  ") && strings.HasSuffix(says, "  "+strings.TrimSpace(b.Explanation())) {
						with++
					}
				}
				for l := range strings.SplitSeq(keyless, "\n") {
					if l == "    "+b.Explanation() {
						without++
					}
				}
				if hasKey := len(b.Keys) > 0; hasKey && (with != 1 || without != 0) || !hasKey && (with != 0 || without != 1) {
					t.Errorf("%s (%q) stands %d times with its key and %d times without one:\n%s", b.Intent, b.FullLabel(), with, without, ansi.Strip(strings.Join(r.helpLines(), "\n")))
				}
			}
		})
	}
}
