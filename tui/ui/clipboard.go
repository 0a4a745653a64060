package ui

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/text"
)

// Copyable is something that can be copied: exactly this text, which is clean.
type Copyable struct{ Label, Text string }

// Copyables are what the place under the cursor has to copy.
type Copyables []Copyable

// Add appends a text of one or more lines. An empty one, and one that is there already, are left out.
func (c *Copyables) Add(label string, lines ...string) {
	clean := make([]string, 0, len(lines))
	for _, l := range lines {
		if l = text.CleanTrim(l); l != "" {
			clean = append(clean, l)
		}
	}
	added := Copyable{label, strings.Join(clean, "\n")}
	if added.Text != "" && !slices.Contains(*c, added) {
		*c = append(*c, added)
	}
}

// AddStep appends what a step has to copy: its member, role, permissions, resource and commands.
func (c *Copyables) AddStep(s model.Step) {
	c.Add("member", string(s.Member))
	c.Add("role", s.Role)
	for _, p := range s.Requires {
		c.Add("permission", string(p))
	}
	if s.Resource != "" {
		c.Add("resource", s.Resource.Path())
	}
	c.AddCommands(s.Gcloud)
}

// AddCommands appends commands as one text.
func (c *Copyables) AddCommands(commands []string) {
	c.Add(ItOrEach("command", "commands", len(commands)), commands...)
}

// WhyNone says why there is nothing to copy; empty: there is something.
func (c Copyables) WhyNone() string {
	if len(c) > 0 {
		return ""
	}
	return "there is nothing to copy here"
}

// Menu offers the texts. One alone is copied at once, and then there is no menu.
func (c Copyables) Menu() (tea.Cmd, *Menu) {
	switch len(c) {
	case 0:
		return Notice(c.WhyNone()), nil
	case 1:
		return Copy(c[0].Text), nil
	}
	rows := make([]MenuRow, 0, len(c))
	for _, one := range c {
		rows = append(rows, MenuRow{Label: one.Label, Detail: one.Text, Take: func() tea.Cmd { return Copy(one.Text) }})
	}
	return nil, NewMenu("Copy", rows...)
}

// CommandsOf are the gcloud commands of steps.
func CommandsOf(steps []model.Step) (commands []string) {
	for _, s := range steps {
		commands = append(commands, s.Gcloud...)
	}
	return commands
}

// CopyCommands copies commands, one a line.
func CopyCommands(commands []string) tea.Cmd { return Copy(strings.Join(commands, "\n")) }

// Copy goes through the terminal, which works over SSH; nothing reports whether it took the text.
func Copy(text string) tea.Cmd {
	return tea.Batch(tea.SetClipboard(text), Notice("sent to the clipboard: "+text))
}
