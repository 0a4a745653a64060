package report

import (
	"fmt"
	"io"
	"strings"

	"whopulls/model"
	"whopulls/model/handover"
)

// Markdown writes the report for a ticket or a wiki.
func (s Stale) Markdown(w io.Writer) error {
	var b strings.Builder
	writef := func(format string, words ...any) { fmt.Fprintf(&b, format+"\n", words...) }
	writef("# Who may read %s\n", handover.EscapeMarkdown(s.resourceText(s.Scope)))
	var made []string
	for _, fact := range s.provenance() {
		if fact[1] != "" {
			made = append(made, fact[0]+" "+handover.EscapeMarkdown(fact[1]))
		}
	}
	writef("%s.\n", strings.Join(made, " · "))
	s.writeCounts(writef)
	s.writeGaps(writef)
	for _, c := range s.chapters() {
		s.writeChapter(writef, c)
	}
	writef("\n## What was searched\n")
	for _, sentence := range s.searchNotes() {
		writef("- %s", handover.EscapeMarkdown(sentence))
	}
	writef("\n## What the statuses mean\n\n| status | means |\n|---|---|")
	for _, m := range meanings() {
		writef("| %s | %s |", m.Word, m.Words)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// writeCounts says how many bindings there are of each kind.
func (s Stale) writeCounts(writef func(string, ...any)) {
	if s.NothingRead() {
		writef(NothingReadText)
		return
	}
	writef("| | |\n|---|--:|")
	for _, c := range s.chapters() {
		writef("| %s %s | %d |", c.Sign, c.Short, len(c.Bindings))
	}
}

// writeGaps says what the list lacks.
func (s Stale) writeGaps(writef func(string, ...any)) {
	if len(s.List.Gaps) == 0 {
		return
	}
	writef("\n## Not all who may read it could be listed\n")
	for _, sentence := range s.gaps(s.List.Gaps) {
		writef("- %s", handover.EscapeMarkdown(sentence))
	}
	for _, next := range model.AdviceFor(s.List.Gaps) {
		writef("- next: %s", handover.EscapeMarkdown(next.String()))
	}
}

func (s Stale) writeChapter(writef func(string, ...any), c chapter) {
	if len(c.Bindings) == 0 {
		return
	}
	writef("\n## %s: %d\n\n%s\n\n| status | member | role | on | why |\n|---|---|---|---|---|", c.Title, len(c.Bindings), c.Lead)
	for _, b := range c.Bindings {
		role, place := handover.MarkdownCode(b.Role), handover.EscapeMarkdown(s.resourceText(b.Resource))
		if b.Condition != nil {
			place += ", where " + handover.MarkdownCode(b.Condition.Text())
		}
		writef("| %s %s | %s | %s | %s | %s |", c.Sign, b.Word(), handover.MarkdownCode(string(b.Member)), role, place, s.because(b))
	}
	if lines := scriptLines(c.Bindings); len(lines) > 0 {
		writef("\n%s", handover.MarkdownScript(lines))
	}
}

// because gives the reason of a binding with its evidence, for one cell.
func (s Stale) because(b model.StaleBinding) string {
	parts := []string{handover.EscapeMarkdown(b.Reason)}
	for _, list := range [][]string{s.evidence(b), s.gaps(b.Gaps)} {
		for _, words := range list {
			if !strings.EqualFold(words+".", b.Reason) {
				parts = append(parts, handover.EscapeMarkdown(words))
			}
		}
	}
	if words := alsoHolds(b); words != "" {
		parts = append(parts, "Also: "+words)
	}
	if words := manualNote(b); words != "" {
		parts = append(parts, handover.EscapeMarkdown(words))
	}
	return strings.Join(parts, "<br>")
}

// scriptLines gives the commands of bindings by status. Those that somebody has to decide on stand there as comments.
func scriptLines(bindings []model.StaleBinding) (lines []string) {
	var status model.StaleStatus
	for _, b := range bindings {
		if b.Status != status && len(b.Gcloud) > 0 {
			status = b.Status
			heading := "# " + string(status)
			if needsDecision(b) {
				heading += ": each is yours to decide; take the # away"
			}
			lines = append(lines, heading)
		}
		for _, command := range b.Gcloud {
			if needsDecision(b) {
				command = "# " + command
			}
			lines = append(lines, command)
		}
	}
	return lines
}
