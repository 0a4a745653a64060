package tui

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// notice is what there is to say. It belongs to a screen, and goes with it or with the next key.
type notice struct {
	text string
	on   ui.Screen
}

// stampedNotice is a notice with the screen that says it, and how many keys there were by then.
type stampedNotice struct {
	ui.NoticeMsg
	on   ui.Screen
	keys int
}

// say says something on the screen on top.
func (r *root) say(text string) { r.notice = notice{text, r.top()} }

// forget ends the notice, and those of the keys so far that are still on their way.
func (r *root) forget() {
	r.notice = notice{}
	r.keyCount++
}

// expireNotice ends a notice whose screen is not on top any more.
func (r *root) expireNotice() {
	if r.notice.on != r.top() {
		r.notice = notice{}
	}
}

// stamp marks the notices of a command with their screen. Commands answer in any order: so one that comes after the next key, or
// after its screen, is known.
func (r *root) stamp(cmd tea.Cmd, on ui.Screen) tea.Cmd {
	return stampAs(cmd, stampedNotice{on: on, keys: r.keyCount})
}

// stampAs marks the notices of a command, and of those that it consists of.
func stampAs(cmd tea.Cmd, mark stampedNotice) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() tea.Msg {
		msg := cmd()
		if said, ok := msg.(ui.NoticeMsg); ok {
			mark.NoticeMsg = said
			return mark
		}
		several := reflect.ValueOf(msg) // a batch, or a sequence, whose type has no name outside of the framework
		if several.Kind() != reflect.Slice || several.Type().Elem() != reflect.TypeFor[tea.Cmd]() {
			return msg
		}
		stamped := reflect.MakeSlice(several.Type(), several.Len(), several.Len())
		for n := range several.Len() {
			stamped.Index(n).Set(reflect.ValueOf(stampAs(several.Index(n).Interface().(tea.Cmd), mark)))
		}
		return stamped.Interface()
	}
}

// handleNotice takes a notice, unless it is late.
func (r *root) handleNotice(n stampedNotice) {
	switch {
	case n.Ends != "":
		if r.notice.text == n.Ends {
			r.notice = notice{}
		}
	case n.keys == r.keyCount && n.on == r.top():
		r.notice = notice{n.Text, n.on}
	}
}

// maxNoticeLines is how many lines a notice may take from the body.
const maxNoticeLines = 4

// noticeLines are what there is to say, in as many lines as that needs; none where there is nothing.
func (r *root) noticeLines() []string {
	words := cmp.Or(r.notice.text, r.retryText())
	if words == "" {
		return nil
	}
	lines := cells.Wrap(words, r.width-2)
	if len(lines) > maxNoticeLines {
		lines = append(lines[:maxNoticeLines-1], cells.Cut(strings.Join(lines[maxNoticeLines-1:], " "), r.width-2))
	}
	for n, l := range lines {
		lines[n] = " " + r.Styles.Accent.Render(l)
	}
	return lines
}

// bodyLines are the body with a notice at its end, above the keys. A notice takes lines that are free there, or covers the end of a
// text until the next key. So nothing moves, and no picture is cut. Where the end is a frame, or the row under the cursor, the body is
// drawn shorter.
func (r *root) bodyLines(height int) []string {
	said := r.noticeLines()
	lines := fill(r.content(height), height)
	rest := height - len(said)
	if slices.ContainsFunc(lines[rest:], staysInSight) {
		lines = fill(r.content(rest), rest)
	}
	return append(lines[:rest], said...)
}

// staysInSight reports whether a line may not be covered: it is the edge of a frame, or the row under the cursor.
func staysInSight(line string) bool {
	line = strings.TrimLeft(ansi.Strip(line), " ")
	return strings.HasPrefix(line, signs.Cursor) || strings.ContainsAny(line, signs.TopLeft+signs.BottomLeft)
}

// fill gives a text as so many lines.
func fill(text string, height int) []string {
	lines := strings.Split(text, "\n")
	for len(lines) < height {
		lines = append(lines, "")
	}
	return lines[:height]
}
