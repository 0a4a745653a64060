package report

import (
	"fmt"
	"io"
	"strings"

	"whopulls/model"
)

// Markdown writes the report for a ticket or a wiki.
func (s Stale) Markdown(w io.Writer) error {
	var b strings.Builder
	say := func(format string, words ...any) { fmt.Fprintf(&b, format+"\n", words...) }
	say("# Who may read %s\n", model.EscapeMarkdown(s.place(s.Scope)))
	var made []string
	for _, fact := range s.made() {
		if fact[1] != "" {
			made = append(made, fact[0]+" "+model.EscapeMarkdown(fact[1]))
		}
	}
	say("%s.\n", strings.Join(made, " · "))
	say("| | |\n|---|--:|")
	for _, c := range s.chapters() {
		say("| %s %s | %d |", c.Sign, c.Short, len(c.Bindings))
	}
	s.unread(say)
	for _, c := range s.chapters() {
		s.chapter(say, c)
	}
	say("\n## What was searched\n")
	for _, sentence := range s.searched() {
		say("- %s", model.EscapeMarkdown(sentence))
	}
	say("\n## What the statuses mean\n\n| status | means |\n|---|---|")
	for _, m := range model.StaleMeanings {
		say("| %s | %s |", m.Status, m.Words)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// unread says what the list lacks.
func (s Stale) unread(say func(string, ...any)) {
	if len(s.List.Gaps) == 0 {
		return
	}
	say("\n## Not all who may read it could be listed\n")
	for _, sentence := range s.gaps(s.List.Gaps) {
		say("- %s", model.EscapeMarkdown(sentence))
	}
	for _, next := range model.AdviceFor(s.List.Gaps) {
		say("- next: %s", model.EscapeMarkdown(next.String()))
	}
}

func (s Stale) chapter(say func(string, ...any), c chapter) {
	if len(c.Bindings) == 0 {
		return
	}
	say("\n## %s: %d\n\n%s\n\n| status | member | role | on | why |\n|---|---|---|---|---|", c.Title, len(c.Bindings), c.Lead)
	for _, b := range c.Bindings {
		role, place := model.MarkdownCode(b.Role), model.EscapeMarkdown(s.place(b.Resource))
		if b.Condition != nil {
			place += ", where " + model.MarkdownCode(b.Condition.Text())
		}
		say("| %s %s | %s | %s | %s | %s |", c.Sign, b.Status, model.MarkdownCode(string(b.Member)), role, place, s.because(b))
	}
	if lines := script(c.Bindings); len(lines) > 0 {
		say("\n%s", model.MarkdownScript(lines))
	}
}

// because gives the reason of a binding with its evidence, for one cell.
func (s Stale) because(b model.StaleBinding) string {
	parts := []string{model.EscapeMarkdown(b.Reason)}
	for _, list := range [][]string{s.evidence(b), s.gaps(b.Gaps)} {
		for _, words := range list {
			if !strings.EqualFold(words+".", b.Reason) {
				parts = append(parts, model.EscapeMarkdown(words))
			}
		}
	}
	if words := also(b); words != "" {
		parts = append(parts, "Also: "+words)
	}
	if words := byHand(b); words != "" {
		parts = append(parts, model.EscapeMarkdown(words))
	}
	return strings.Join(parts, "<br>")
}

// script gives the commands of bindings by status. Those that somebody has to decide on stand there as comments.
func script(bindings []model.StaleBinding) (lines []string) {
	var status model.StaleStatus
	for _, b := range bindings {
		if b.Status != status && len(b.Gcloud) > 0 {
			status = b.Status
			heading := "# " + string(status)
			if decide(b) {
				heading += ": each is yours to decide; take the # away"
			}
			lines = append(lines, heading)
		}
		for _, command := range b.Gcloud {
			if decide(b) {
				command = "# " + command
			}
			lines = append(lines, command)
		}
	}
	return lines
}
