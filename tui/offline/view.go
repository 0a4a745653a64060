package offline

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// intro says what this program answers, for a person who sees it for the first time.
const (
	introPlaces   = "A container runs in one project, its image is in another."
	introQuestion = "Who pulls the image? Who runs it? Who lacks which role?"
)

// View draws the rows, and says what is lacking. Where there is little room the less likely ways to sign in are left out, then the
// introduction.
func (s *Screen) View(width, height int) string {
	var lines []string
	for _, o := range []outline{{true, true}, {true, false}, {false, false}} {
		if lines = s.lines(width, o); len(lines) <= height {
			break
		}
	}
	return strings.Join(lines, "\n")
}

// outline says what is drawn in addition to the rows.
type outline struct{ intro, others bool }

func (s *Screen) lines(width int, o outline) []string {
	lines := []string{""}
	switch {
	case !ui.NeedsSignIn(s.Err):
		lines = append(append(lines, s.troubleLines(width)...), "")
	case o.intro:
		for _, l := range cells.Wrap(introPlaces, width-3) {
			lines = append(lines, "  "+s.Styles.Bold.Render(l))
		}
		for _, l := range cells.Wrap(introQuestion, width-3) {
			lines = append(lines, "  "+l)
		}
		lines = append(lines, "")
	}
	rows := s.rows()
	names := 0
	for _, r := range rows {
		names = max(names, cells.Width(r.title))
	}
	for n, r := range rows {
		lines = append(lines, s.rowLines(n, r, names, width, o.others)...)
	}
	if ui.NeedsSignIn(s.Err) {
		lines = append(append(lines, ""), s.statusLines(width)...)
	}
	return append(lines, s.keptLines(width)...)
}

// keptLines say what opens once there is a connection.
func (s *Screen) keptLines(width int) []string {
	if s.Kept == "" {
		return nil
	}
	when := "Opens once connected: "
	if ui.NeedsSignIn(s.Err) {
		when = "Opens once you are signed in: "
	}
	lines := []string{""}
	for _, l := range cells.Wrap(when+s.Kept, width-4) {
		lines = append(lines, "  "+l)
	}
	return lines
}

// troubleLines say why there is no connection, and what to do about it where no command does.
func (s *Screen) troubleLines(width int) []string {
	title := "No connection"
	if ui.IsLocal(s.Err) {
		title = "It can't start here"
	}
	lines := []string{"  " + s.Styles.Danger.Render(title)}
	lines = append(lines, s.statusLines(width)...)
	for _, a := range s.AdviceOf(s.Err, false) {
		if a.Command == "" {
			lines = append(lines, s.wrapped(a.Words, width)...)
		}
	}
	return lines
}

// statusLines say what is lacking, or that it is tried again.
func (s *Screen) statusLines(width int) []string {
	if s.Reconnecting {
		return []string{"  " + s.Styles.Bold.Render("Connecting again "+signs.More)}
	}
	said := text.Clean(s.Err.Error()) + "."
	if ui.NeedsSignIn(s.Err) { // others may begin with a name, such as gcloud
		said = capitalize(said)
	}
	return s.wrapped(said, width)
}

func (s *Screen) wrapped(words string, width int) (lines []string) {
	for _, l := range cells.Wrap(words, width-4) {
		lines = append(lines, "  "+s.Styles.Dim.Render(l))
	}
	return lines
}

// capitalize begins a text with a capital letter.
func capitalize(words string) string {
	first, size := utf8.DecodeRuneInString(words)
	return string(unicode.ToUpper(first)) + words[size:]
}

const (
	rowIndent = 4 // before a row, for the sign of the cursor
	rowGap    = 3 // between the names of the rows and what is said about them
)

// rowLines draws a row: its name, what it is, and the commands that it has.
func (s *Screen) rowLines(n int, r row, names, width int, others bool) []string {
	indent := rowIndent + names + rowGap
	notes := cells.Wrap(r.note, width-indent-2)
	head := s.Styles.NewRow(rowIndent, width, n == s.cursor)
	head.Write(nil, cells.Pad(r.title, names+rowGap))
	head.Write(&s.Styles.Dim, notes[0])
	lines := []string{head.String()}
	for _, l := range notes[1:] {
		lines = append(lines, strings.Repeat(" ", indent)+s.Styles.Dim.Render(l))
	}
	for k, a := range r.commands {
		if k > 0 && !others {
			break
		}
		lines = append(lines, s.commandLines(a, indent, width)...)
	}
	for k, l := range lines {
		lines[k] = ui.MarkedLine(ui.PaneRows, n, l)
	}
	return lines
}

// commandLines are a command, and the words before it if it has any. A command that is too long for the column
// stands further left, so that it can be taken whole.
func (s *Screen) commandLines(a model.Advice, indent, width int) (lines []string) {
	margin := strings.Repeat(" ", indent)
	if a.Words != "" {
		for _, l := range cells.Wrap(a.Words, width-indent-2) {
			lines = append(lines, margin+s.Styles.Dim.Render(l))
		}
	}
	if cells.Width(a.Command) > width-indent {
		margin = strings.Repeat(" ", 6)
	}
	for _, l := range ui.WrapCommand(a.Command, width-len(margin)) {
		lines = append(lines, margin+l)
	}
	return lines
}
