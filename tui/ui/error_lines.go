package ui

import (
	"errors"
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
)

// ErrorLines tells an error below a list, and what to do about it.
func (e *Session) ErrorLines(err error, takesText bool, width int) []string {
	sign, indent := "  "+e.Styles.Verdicts[model.Unknown].Render("? "), "    "
	var lines []string
	for n, l := range cells.Wrap(err.Error()+".", width-len(indent)) {
		if n > 0 {
			sign = indent
		}
		lines = append(lines, sign+l)
	}
	if advice := e.AdviceLines(err, takesText, indent, width); len(advice) > 0 {
		lines = append(append(lines, ""), advice...)
	}
	return lines
}

// AdviceLines is what an error says to do next. A command has a line of its own, so that it can be taken from the screen
// whole.
func (e *Session) AdviceLines(err error, takesText bool, indent string, width int) []string {
	var lines []string
	for _, a := range e.AdviceOf(err, takesText) {
		if a.Words != "" {
			for _, l := range cells.Wrap(a.Words, width-len(indent)) {
				lines = append(lines, indent+e.Styles.Dim.Render(l))
			}
		}
		if a.Command != "" {
			for _, l := range WrapCommand(a.Command, width-len(indent)-2) {
				lines = append(lines, indent+"  "+l)
			}
		}
	}
	return lines
}

// AdviceOf is what an error says to do next: with its commands apart, where it has any, else its hint line by line.
func (e *Session) AdviceOf(err error, takesText bool) []model.Advice {
	var nexts interface{ Nexts() []model.Advice }
	if errors.As(err, &nexts) {
		all := slices.Clone(nexts.Nexts())
		for n, a := range all {
			a = a.ForApp(e.KeyNames(takesText))
			all[n] = model.Advice{Words: text.Clean(a.Words), Command: text.Clean(a.Command)}
		}
		return all
	}
	var hinted interface{ Hint() string }
	if !errors.As(err, &hinted) {
		return nil
	}
	var all []model.Advice
	for line := range strings.Lines(hinted.Hint()) {
		if line = strings.TrimSpace(text.Clean(line)); line != "" {
			all = append(all, model.Advice{Words: line})
		}
	}
	return all
}
