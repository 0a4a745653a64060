package cmd

import (
	"fmt"
	"strings"

	"whopulls/model"
)

// writeTerraform writes the steps as a configuration.
func writeTerraform(p *printer, f finding) {
	p.line(text("# What is missing for " + f.diagnosis.Consumer.ID + " to run " + strings.Join(subjects(f), ", ") + "."))
	for _, sentence := range reasonsOf(beyond(f.diagnosis), model.Missing) {
		p.line(text("# Not closed by this: " + sentence))
	}
	if len(f.plan.Steps) == 0 {
		p.line(text("# No steps: the verdict is " + string(f.plan.Verdict) + "."))
		return
	}
	for line := range strings.Lines(model.Terraform(f.plan, f.diagnosis.Consumer)) {
		p.line(text(strings.TrimSuffix(line, "\n")))
	}
}

// writeMarkdown writes the steps as a request for a ticket.
func writeMarkdown(p *printer, f finding) {
	say := func(format string, words ...any) { p.line(text(fmt.Sprintf(format, words...))) }
	say("# Let %s run %s", marked(f.diagnosis.Consumer.ID), marked(strings.Join(subjects(f), ", ")))
	say("")
	if len(f.plan.Steps) == 0 {
		say("Nothing to grant: the verdict is **%s**.", f.plan.Verdict)
	} else {
		say("The verdict is **%s**. %s asked for below.", f.plan.Verdict, changes(len(f.plan.Steps)))
	}
	for _, sentence := range reasonsOf(beyond(f.diagnosis), model.Missing) {
		say("")
		say("Not closed by any grant: %s", marked(sentence))
	}
	for _, s := range f.plan.Steps {
		p.line()
		writeRequest(say, f, s)
	}
}

func changes(n int) string {
	if n == 1 {
		return "One change is"
	}
	return fmt.Sprintf("%d changes are", n)
}

// writeRequest writes one step: what, why, what it risks, who may make it, how, and how it is undone.
func writeRequest(say func(string, ...any), f finding, s model.Step) {
	say("## %s. %s", s.ID, marked(s.Title))
	say("")
	say("%s %s", marked(s.Why), risk(s))
	if !s.Certain {
		say("It may be there already, unseen; it is safe to repeat.")
	}
	if s.Caution != "" {
		say("Mind: %s", marked(s.Caution))
	}
	say("")
	say("| | |")
	say("|---|---|")
	say("| resource | %s |", cell(s.Resource.Path()))
	if s.Role != "" {
		say("| role | %s |", cell(s.Role))
	}
	if s.Member != "" {
		say("| member | %s |", cell(string(s.Member)))
	}
	say("| takes | %s |", marked(requirement(s)))
	if holders := model.Holders(f.situation, s); len(holders) > 0 {
		say("| may make it, as far as policies could be read | %s |", cell(strings.Join(holders, ", ")))
	}
	say("")
	writeCommands(say, "The change", s.Gcloud)
	if inverse, err := s.Inverse(); err == nil {
		writeCommands(say, "To undo it", inverse.Gcloud)
	} else {
		say("%s.", marked(err.Error()))
	}
}

// writeCommands fences commands with more backticks than any of them holds.
func writeCommands(say func(string, ...any), heading string, commands []string) {
	if len(commands) == 0 {
		say("%s: gcloud has no command for this.", heading)
		return
	}
	fence := "```"
	for strings.Contains(strings.Join(commands, "\n"), fence) {
		fence += "`"
	}
	say("%s:", heading)
	say("")
	say("%ssh", fence)
	for _, c := range commands {
		say("%s", c)
	}
	say("%s", fence)
	say("")
}

// risk says what a grant opens, at most.
func risk(s model.Step) string {
	switch s.Role {
	case model.RoleReader:
		return "It lets the member read what the " + string(s.Resource.Kind()) + " holds, and change nothing."
	case model.RoleDeveloper:
		return "It lets the member deploy, change and delete there, and read its settings."
	case model.RoleAccountUser:
		return "It lets the member run code as that account, with all that the account may do."
	case model.RoleTokenCreator:
		return "It lets the member get tokens of that account, with all that the account may do."
	case model.RoleRunAgent:
		return "It is the role that Google itself gives its agent."
	}
	return "It opens nothing to anybody by itself."
}

// special are the characters that Markdown gives a meaning to.
const special = "\\`*_[]<>|~"

// marked escapes a text for Markdown.
func marked(words string) string {
	var b strings.Builder
	for _, r := range model.OneLine(words) {
		if strings.ContainsRune(special, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// cell shows a name as code where it can be, for a table.
func cell(name string) string {
	if name = model.OneLine(name); strings.ContainsAny(name, "`|") {
		return marked(name)
	}
	return "`" + name + "`"
}
