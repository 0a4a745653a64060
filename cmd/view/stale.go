package view

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"whopulls/cmd/console"
	"whopulls/model"
	"whopulls/report"
	"whopulls/text/cells"
	"whopulls/text/signs"
)

// staleMarks are the signs of the statuses that are not to be removed.
var staleMarks = map[model.StaleStatus]console.Mark{
	model.StaleActive: console.VerdictMarks[model.Granted], model.StaleUnknown: console.VerdictMarks[model.Unknown], model.StaleExcessive: console.Doubtful.Mark("!"),
	model.StalePublic: console.Bad.Mark("!"),
}

// notJudgedMark is the sign of what whopulls does not judge.
var notJudgedMark = console.Faint.Mark(signs.Skipped)

// staleIndent is as wide as the widest word with its sign.
const staleIndent = len("? " + model.WordNotJudged + "  ")

// Stale lists the bindings. Those that can be removed or replaced come first.
func Stale(p *console.Printer, found report.Stale) {
	list, levels := found.List, found.Levels
	p.Line(console.Text(staleTitle(found.Scope)), console.Strong.Text(found.Scope.Path()))
	bindings := slices.Clone(list.Bindings)
	slices.SortStableFunc(bindings, func(a, b model.StaleBinding) int { return a.Rank() - b.Rank() })
	for _, b := range bindings {
		p.Line()
		writeBinding(p, found, b)
	}
	if len(list.Gaps) > 0 {
		p.Line()
		Unlisted(p, list.Gaps, levels)
	}
	p.Line()
	if found.IndexNote != "" {
		p.Paragraph(0, console.Text(found.IndexNote))
	}
	if found.FilterNote != "" {
		p.Paragraph(0, console.Text(found.FilterNote))
	}
	if found.NothingRead() {
		p.Paragraph(0, console.Strong.Text(report.NothingReadText))
		return
	}
	p.Paragraph(0, console.Strong.Text(staleSummary(bindings)))
}

// staleTitle begins the title.
func staleTitle(scope model.Resource) string {
	if scope.Kind() == model.KindRepository {
		return "Who may read "
	}
	return "Who may read the repositories of "
}

// resourceText names the resource of a binding. In a list of several projects a repository has its full name.
func resourceText(found report.Stale, r model.Resource) string {
	if r.Kind() == model.KindRepository && found.Scope.Kind() != model.KindRepository {
		return "repository " + r.Path()
	}
	return model.Describe(r, found.Levels)
}

func writeBinding(p *console.Printer, found report.Stale, b model.StaleBinding) {
	levels := found.Levels
	head := p.Mark(staleMark(b), b.Word(), len(model.WordNotJudged))
	p.WrapAfter([]console.Span{head, console.Text("  ")}, console.Strong.Text(console.MemberName(b.Member)))
	p.Paragraph(staleIndent, console.Text(b.Role+" on "+resourceText(found, b.Resource)+staleConditionText(b.Condition)))
	p.Paragraph(staleIndent, console.Text(b.Reason))
	for _, u := range b.Evidence {
		p.Paragraph(staleIndent, console.Text(u.Sentence()))
	}
	for _, sentence := range gapSentences(b.Gaps, levels) {
		p.Paragraph(staleIndent, console.Faint.Text(sentence))
	}
	for _, command := range b.Gcloud {
		p.Line(console.Text(cells.Pad("", staleIndent) + command))
	}
}

// staleMark is the sign of a binding.
func staleMark(b model.StaleBinding) console.Mark {
	m, stays := staleMarks[b.Status]
	switch {
	case !b.IsJudged():
		return notJudgedMark
	case stays:
		return m
	}
	return console.Bad.Mark(signs.Missing)
}

// Unlisted writes what could not be read about who may read a repository.
func Unlisted(p *console.Printer, gaps []model.Gap, levels []model.Ancestor) {
	writeGapList(p, "Not all who may read it could be listed:", gapSentences(gaps, levels), gaps)
}

func gapSentences(gaps []model.Gap, levels []model.Ancestor) []string {
	var unique []string
	for _, g := range gaps {
		if s := gapSentence(levels, g); !slices.Contains(unique, s) {
			unique = append(unique, s)
		}
	}
	return unique
}

func staleConditionText(c *model.Condition) string {
	if c == nil {
		return ""
	}
	return ", where " + c.Text()
}

// staleSummary counts the bindings by what can be done.
func staleSummary(bindings []model.StaleBinding) string {
	counts, notJudged := map[model.StaleAction]int{}, 0
	for _, b := range bindings {
		counts[b.Action()]++
		if !b.IsJudged() {
			notJudged++
		}
	}
	optional := func(n int, word string) string {
		if n == 0 {
			return ""
		}
		return fmt.Sprintf(" %d %s,", n, word)
	}
	return fmt.Sprintf("%d can be removed, %d replaced,%s %d unknown, %d in use.", counts[model.ActionRemove], counts[model.ActionReplace],
		optional(counts[model.ActionPublic], "public")+optional(notJudged, model.WordNotJudged), counts[model.ActionReview]-notJudged, counts[model.ActionKeep])
}

// StaleJSON writes the list as JSON writes it, one binding at a time, because the list of an organization is long.
func StaleJSON(w io.Writer, list model.StaleList) error {
	bindings := list.Bindings
	list.Bindings = []model.StaleBinding{}
	frame, err := EncodeJSON(list)
	if err != nil {
		return err
	}
	head, tail, _ := bytes.Cut(frame, []byte("[]")) // the bindings are the first field
	if len(bindings) == 0 {
		_, err = w.Write(frame)
		return err
	}
	if _, err = w.Write(append(head, '[')); err != nil {
		return err
	}
	for n, b := range bindings {
		text, err := EncodeJSON(b)
		if err != nil {
			return err
		}
		text = bytes.ReplaceAll(append([]byte("\n"), bytes.TrimSpace(text)...), []byte("\n"), []byte("\n    "))
		if n > 0 {
			text = append([]byte(","), text...)
		}
		if _, err := w.Write(text); err != nil {
			return err
		}
	}
	_, err = w.Write(append([]byte("\n  ]"), tail...))
	return err
}
