package tui

import (
	"errors"
	"slices"
	"strings"

	"whopulls/model"
)

// errorLines tells an error, and what to do about it. Below a list a sign goes first.
func (e *session) errorLines(err error, withSign bool, width int) []string {
	sign, indent := "  ", "  "
	if withSign {
		sign, indent = "  "+e.styles.verdicts[model.Unknown].Render("? "), "    "
	}
	var lines []string
	for n, l := range wrap(clean(err.Error())+".", width-len(indent)) {
		if n > 0 {
			sign = indent
		}
		lines = append(lines, sign+l)
	}
	if advice := e.adviceLines(err, indent, width); len(advice) > 0 {
		lines = append(append(lines, ""), advice...)
	}
	return lines
}

// adviceLines is what an error says to do next. A command has a line of its own, so that it can be taken from the screen
// whole.
func (e *session) adviceLines(err error, indent string, width int) []string {
	var lines []string
	for _, a := range adviceOf(err) {
		if a.Words != "" {
			for _, l := range wrap(a.Words, width-len(indent)) {
				lines = append(lines, indent+e.styles.dim.Render(l))
			}
		}
		if a.Command != "" {
			for _, l := range wrapCommand(a.Command, width-len(indent)-2) {
				lines = append(lines, indent+"  "+l)
			}
		}
	}
	return lines
}

// adviceOf is what an error says to do next: with its commands apart, where it has any, else its hint line by line.
func adviceOf(err error) []model.Advice {
	var nexts interface{ Nexts() []model.Advice }
	if errors.As(err, &nexts) {
		all := slices.Clone(nexts.Nexts())
		for n, a := range all {
			all[n] = model.Advice{Words: clean(a.Words), Command: clean(a.Command)}
		}
		return all
	}
	var hinted interface{ Hint() string }
	if !errors.As(err, &hinted) {
		return nil
	}
	var all []model.Advice
	for line := range strings.Lines(hinted.Hint()) {
		if line = strings.TrimSpace(clean(line)); line != "" {
			all = append(all, model.Advice{Words: line})
		}
	}
	return all
}
