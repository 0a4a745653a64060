package tui

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"whopulls/tui/ui"
)

// Each hint of the footer does something in each scene: the screen changes, or the terminal is asked for something. A notice that
// says why nothing happens is not enough: then the hint is a lie.
func TestEachHintDoesSomething(t *testing.T) {
	for _, readOnly := range []bool{false, true} {
		t.Run(fmt.Sprintf("read-only %t", readOnly), func(t *testing.T) {
			eachScene(t, Options{ReadOnly: readOnly}, "", func(t *testing.T, open func(width, height int) *root) {
				t.Parallel()
				for _, size := range [][2]int{{80, 24}, {200, 50}} {
					for _, b := range hintsOf(open(size[0], size[1])) {
						if keys := append(b.Keys[:1:1], b.OppositeKeys...); !slices.ContainsFunc(keys, func(key string) bool { return doesSomething(open(size[0], size[1]), key) }) {
							t.Errorf("%dx%d: %v (%s) does nothing:\n%s", size[0], size[1], keys, b.Help, ansi.Strip(open(size[0], size[1]).View().Content))
						}
					}
				}
			})
		})
	}
}

// hintsOf are the hints that the footer shows, as far as they have keys.
func hintsOf(r *root) (shown []ui.Binding) {
	footer := r.keyFooter()
	for n, b := range r.footerBindings() {
		if len(b.Keys) > 0 && strings.Contains(footer, ui.Spot{Pane: ui.PaneFooter, Row: n}.Mark()) {
			shown = append(shown, b)
		}
	}
	return shown
}

// doesSomething reports whether a key does more than to say something.
func doesSomething(r *root, key string) bool {
	r.display.frameWritten = true // a question is answered once it has been seen
	before := frameWithoutNotice(r)
	_, cmd := r.Update(keyMsg(key))
	if frameWithoutNotice(r) != before {
		return true
	}
	msgs := resultsOf(cmd)
	settle(r, msgs...)
	return frameWithoutNotice(r) != before || slices.ContainsFunc(msgs, isForTerminal)
}

// isForTerminal reports whether a message asks the terminal for something: to leave, to copy, to draw again.
func isForTerminal(msg tea.Msg) bool {
	return strings.HasPrefix(reflect.TypeOf(msg).PkgPath(), "charm.land/bubbletea")
}

func frameWithoutNotice(r *root) string {
	silent := *r
	silent.notice = notice{}
	return silent.View().Content
}
