package registry

import (
	"fmt"
	"strings"
	"time"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// Legend explains what the list has next to each binding.
func (r *Screen) Legend() (heading string, lines []string) {
	return "Whether a binding serves anyone", legend()
}

const (
	minListLines = 4  // however much is said below them
	airyHeight   = 16 // from which on there are blank lines
)

// View draws the consumers, in a wide window the repositories before them, and below both the details of a binding.
func (r *Screen) View(width, height int) string {
	if o, stands := r.obstacle(); stands {
		return r.obstacleView(o, width, height)
	}
	lines := r.head(width, height >= airyHeight)
	foot := r.foot(width)
	room := height - len(lines) - len(foot) - 1
	detail := r.detail(width)
	list := min(max(minListLines, room/2, room-r.tallest.with(len(detail), width)), max(minListLines, r.listLines(width)))
	lines = append(lines, r.panes(width, list)...)
	lines = append(lines, ui.MarkedLine(ui.PaneText, ui.NoRow, r.ruleLine(width)))
	lines = append(lines, r.Styles.VisibleLines(detail, &r.detailAt, max(0, room-list), r.Keys.Symbol(ui.IntentPane, false)+" and "+signs.Down)...)
	for len(lines)+len(foot) < height {
		lines = append(lines, "")
	}
	return strings.Join(append(lines, foot...), "\n")
}

// tallest is the most lines that a text took in a width so far. The lines below the list are kept for it, so that the list stands
// still while the cursor moves.
type tallest struct{ width, lines int }

// with takes one more text into account.
func (t *tallest) with(lines, width int) int {
	if t.width != width {
		*t = tallest{width: width}
	}
	t.lines = max(t.lines, lines)
	return t.lines
}

// listLines are as many as the list has, and the repositories before it.
func (r *Screen) listLines(width int) int {
	if width >= widePanes || r.focus == repositories {
		return max(len(r.lines.all), len(r.sources.rows)) + 1
	}
	return len(r.lines.all) + 1
}

// head is the question, what everybody may do, how far the reading is, and the filter.
func (r *Screen) head(width int, airy bool) (lines []string) {
	if airy {
		lines = append(lines, "")
	}
	title := heading(r.question, r.result.levels)
	lines = append(lines, "  "+cells.Justify(r.Styles.Bold.Render(title), r.Styles.Dim.Render(r.countText()), width-4))
	if words := r.publicText(); words != "" {
		sign := r.Styles.Verdicts[model.Unknown].Render("!")
		for _, l := range cells.Wrap(words, width-6) {
			lines = append(lines, "  "+sign+" "+l)
			sign = " "
		}
	}
	if words := r.readingText(); words != "" {
		lines = append(lines, "  "+r.Styles.Dim.Render(cells.Cut(words, width-4)))
	}
	lines = append(lines, r.filter.Lines(width)...)
	if airy {
		lines = append(lines, "")
	}
	return lines
}

// countText says how many bindings there are, and how many are selected.
func (r *Screen) countText() string {
	shown := 0
	for _, l := range r.lines.all {
		if l.binding == nil {
			shown += l.count
		}
	}
	reading := ""
	if r.Busy && !isScanned(r.question) {
		reading = "reading " + r.Spinner.Sign()
	}
	if len(r.result.bindings) == 0 && (!r.result.whole || len(r.result.list.Gaps) > 0) {
		return reading
	}
	words := text.CountNoun(len(r.result.bindings), "binding")
	if shown != len(r.result.bindings) {
		words = fmt.Sprintf("%d of %s", shown, words)
	}
	if n := r.selectedCount(); n > 0 {
		words += fmt.Sprintf(", %d selected", n)
		if hidden := n - r.shownSelectedCount(); hidden > 0 {
			words += fmt.Sprintf(", %d of them not shown", hidden)
		}
	}
	if r.result.whole && len(r.result.list.Gaps) > 0 {
		words = "at least " + words
	}
	if reading != "" {
		words += ", " + reading
	}
	return words
}

func (r *Screen) shownSelectedCount() (n int) {
	for _, b := range r.lines.changeable() {
		if r.selected[b.id] {
			n++
		}
	}
	return n
}

// publicText says where everybody may read.
func (r *Screen) publicText() string {
	var public []*binding
	var names []string
	for n := range r.result.bindings {
		if b := &r.result.bindings[n]; b.Status == model.StalePublic {
			public = append(public, b)
			names = append(names, model.Describe(b.Resource, r.result.levels))
		}
	}
	switch len(public) {
	case 0:
		return ""
	case 1:
		return text.Clean("public: " + public[0].Reason)
	}
	const most = 5
	if more := len(names) - most; more > 0 {
		names = append(names[:most], fmt.Sprintf("%d more", more))
	}
	return text.Clean("public: everybody may read by " + text.CountNoun(len(public), "binding") + ", on " + strings.Join(names, ", "))
}

// readingText says how far a scan is, or that the reading was stopped.
func (r *Screen) readingText() string {
	p := r.reading.progress
	words := progressText(p)
	stop := "; " + r.Keys.Symbol(ui.IntentBack, false) + " stops"
	switch {
	case r.reading.stopped && isScanned(r.question):
		return "stopped: " + words + "; " + r.Keys.Symbol(ui.IntentReread, false) + " continues, for a day, and so does whopulls stale list --resume"
	case r.reading.stopped:
		return "stopped: what is here is not all; " + r.Keys.Symbol(ui.IntentReread, false) + " reads again"
	case !r.Busy || !isScanned(r.question):
		return ""
	case p.Direct:
		return "reading " + r.Spinner.Sign() + "  " + words + "; looking directly where no use is shown" + stop
	case !r.reading.continues.IsZero():
		words = "continues from " + r.reading.continues.Local().Format(time.DateTime) + ": " + words
	}
	return fmt.Sprintf("reading "+r.Spinner.Sign()+"  %s, %d a second%s", words, r.reading.rate, stop)
}

// progressText counts what a scan has read so far.
func progressText(p model.ScanProgress) string {
	if p.Assets == 0 && p.Bindings == 0 {
		return "nothing read yet"
	}
	return text.CountNoun(p.Bindings, "binding") + " found, " + text.CountNoun(p.Assets, "asset") + " read"
}

// widePanes is the width from which on the repositories stand before their consumers.
const widePanes = 100

// panes draws the repositories and the consumers, or the one of them that has the keys.
func (r *Screen) panes(width, room int) []string {
	switch {
	case len(r.sources.rows) == 0:
		return r.consumerLines(width, room)
	case width < widePanes && r.focus == repositories:
		return r.sourceLines(width, room)
	case width < widePanes:
		return r.consumerLines(width, room)
	}
	left := r.leftWidth(width)
	return r.Styles.SideBySide(r.sourceLines(left, room), r.consumerLines(width-left-1, room), left, width, room)
}

// leftWidth is that of the repositories.
func (r *Screen) leftWidth(width int) int {
	const forCounts = 18
	return max(24, min(r.sources.width+forCounts, width/3))
}

// ruleLine is the line above the details. It stands out while the keys move there.
func (r *Screen) ruleLine(width int) string {
	style := r.Styles.Frame
	if r.focus == details {
		style = r.Styles.Accent
	}
	rule := []rune(strings.Repeat(signs.Horizontal, width))
	if len(r.sources.rows) > 0 && width >= widePanes {
		rule[r.leftWidth(width)] = []rune(signs.TeeUp)[0]
	}
	return style.Render(string(rule))
}

// sourceLines draws the repositories around the cursor.
func (r *Screen) sourceLines(width, room int) []string {
	s := &r.sources
	lines := []string{"   " + r.Styles.Dim.Render(cells.Cut("REPOSITORY", width-3))}
	room = max(1, room-1)
	s.room = room
	s.offset = ui.ScrollOffset(s.cursor, s.offset, room, len(s.rows))
	for n := s.offset; n < min(len(s.rows), s.offset+room); n++ {
		at := &s.rows[n]
		sum := at.counts(r.Styles)
		nameRoom := max(4, width-5-cells.Width(sum))
		row, style := r.newRow(n == s.cursor, repositories, width), (*lipgloss.Style)(nil)
		if n == s.cursor {
			style = &r.Styles.Bold
			if r.focus == repositories {
				sum = ansi.Strip(sum)
			}
		}
		row.Write(style, cells.Fit(at.name, nameRoom))
		row.Write(nil, " "+sum)
		lines = append(lines, ui.MarkedLine(ui.PanePreview, n, row.String()))
	}
	return lines
}
