package accessmap

import (
	"strings"

	"whopulls/model"
	"whopulls/model/picture"
	"whopulls/text/cells"
	"whopulls/tui/ui"
)

// After a refresh, and after a walk, a line that changed says what it was. It does so until the next refresh, or until its map is left.

// compare notes what changed since a picture that was whole. The lanes of what changed open.
func (m *Screen) compare(earlier picture.Picture) {
	m.before = picture.Before(earlier, m.picture)
	for id := range m.before {
		m.unfold(checkTarget(id))
	}
}

// wasText says what a line was: its verdict, else what it rested on.
func wasText(t *ui.Styles, was, now picture.Line, short bool) string {
	sign, word, _ := t.VerdictMark(was.Check)
	proof := strings.TrimSpace(was.Role + " " + was.Where.String())
	switch differs := was.Check.Verdict != now.Check.Verdict; {
	case differs && short:
		return "was " + sign
	case differs:
		return "was " + sign + " " + word
	case short:
		return "changed"
	case proof == "":
		return "was " + was.Finding
	}
	return "was " + proof
}

// wasDetail says in the details what a line was.
func (m *Screen) wasDetail(check string, width int) (lines []string) {
	was, changed := m.before[check]
	if !changed {
		return nil
	}
	sign, word, _ := m.Styles.VerdictMark(was.Check)
	words := sign + " " + word
	for _, more := range []string{was.Role, was.Where.String(), was.Finding} {
		if more != "" {
			words += ", " + more
		}
	}
	label := "was    "
	for _, l := range cells.Wrap(words, width-4-len(label)) {
		lines = append(lines, "   "+m.Styles.Accent.Render(label)+l)
		label = strings.Repeat(" ", len(label))
	}
	if c := m.chosen(); c.Verdict == model.Granted && was.Check.Verdict != model.Granted && c.Identity == model.Puller {
		lines = append(lines, "   "+m.Styles.Accent.Render("next   ")+cells.Cut(nextDeploy, width-4-len(label)))
	}
	return lines
}

// nextDeploy stands at a line that was granted since: its green is that of a binding, and nothing was pulled yet.
const nextDeploy = "deploy again: only a deploy shows that it works"

// fitColumns gives the lines their columns.
func (d *drawing) fitColumns() {
	var lines []picture.Line
	for _, lane := range d.picture.Lanes {
		lines = append(lines, lane.Lines...)
	}
	d.columns = fitColumns(lines, d.leastWas, d.letterColumn()-1-labelColumn)
}
