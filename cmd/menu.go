package cmd

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"whopulls/model"
)

// menuItem is one line of a numbered list: the name that a person may type for it, what else is told of it, and what it
// stands for.
type menuItem struct {
	name, details string
	choice        choice
}

func (o menuItem) label() string {
	if o.details == "" {
		return o.name
	}
	return o.name + ", " + o.details
}

// menuQuestion is a question whose answer is one of a list.
type menuQuestion struct {
	question  string
	noun      string // of one of the list
	firstItem *menuItem
	pages     iter.Seq2[model.ListPage[menuItem], error]
	// parseTyped reads an answer that is not in the list; whole says that all there is could be listed.
	parseTyped func(text string, whole bool) (choice, error)
}

const (
	// menuPageSize is how many lines of a list are shown at a time.
	menuPageSize = 20
	// maxNumberDigits parts the numbers of lines from longer ones, which are those of projects: a line that is not there
	// must not choose what has its number somewhere in its words.
	maxNumberDigits = 4
	// minPartLetters choose nothing that they are only a part of: they may be a slip of the hand.
	minPartLetters = 3
)

// menu asks one such question, in lines that stay as they were written. The list is read as far as it is shown, or
// to its end where a name is looked for.
type menu struct {
	menuQuestion
	notes        *printer
	input        *input
	showProgress func(what string) (stop func())
	nextPage     func() (model.ListPage[menuItem], error, bool)

	all        []menuItem
	matches    []menuItem // to what was typed
	query      string     // what was typed
	numbered   int        // of those that fit; the others have no number yet
	gaps       []string
	incomplete bool // some of it could not be read
	readAll    bool // the last page was there
}

// choose asks until there is an answer, or nobody who gives one.
func (c *menu) choose(ctx context.Context) (choice, error) {
	next, stop := iter.Pull2(c.pages)
	defer stop()
	c.nextPage = next
	if c.firstItem != nil {
		c.all = append(c.all, *c.firstItem)
	}
	c.notes.paragraph(0, span{strong, c.question})
	if err := c.filter(""); err != nil {
		return choice{}, err
	}
	for {
		line, open, err := c.input.prompt(ctx, c.notes, "Number, name or part of a name:")
		switch {
		case err != nil:
			return choice{}, err
		case !open, isOneOf(line, "q", "quit"):
			return choice{}, errQuestionsStopped
		case isOneOf(line, "b", "back"):
			return choice{}, errBack
		}
		if chosen, ok, err := c.handleLine(line); ok || err != nil {
			return chosen, err
		}
	}
}

// errQuestionsStopped ends a command whose question nobody completed.
var errQuestionsStopped = &userError{status: statusInterrupted, message: "stopped before every question was answered; nothing was changed"}

// errBack goes to the question before.
var errBack = errors.New("back")

// handleLine reads one answer; ok is false where there is none in it yet.
func (c *menu) handleLine(line string) (chosen choice, ok bool, err error) {
	if line == "" {
		return choice{}, false, c.showMore()
	}
	if n, err := strconv.Atoi(line); err == nil && len(line) <= maxNumberDigits {
		if n > 0 && n <= c.numbered {
			return c.echoChoice(c.matches[n-1]), true, nil
		}
		c.notes.line(text(fmt.Sprintf("That is no answer: the numbers that are shown go from 1 to %d.", c.numbered)))
		return choice{}, false, nil
	}
	if err := c.readUntil(-1); err != nil {
		return choice{}, false, err
	}
	matches := c.find(line)
	switch {
	case len(matches) == 1 && (len([]rune(line)) >= minPartLetters || strings.EqualFold(matches[0].name, line)):
		return c.echoChoice(matches[0]), true, nil
	case len(matches) > 0:
		return choice{}, false, c.filter(line)
	}
	if chosen, err = c.parseTyped(line, !c.incomplete && c.count() > 0); err == nil {
		return chosen, true, nil
	}
	f := asUserError(err)
	c.notes.paragraph(0, text("That is no answer: "+strings.Join(append([]string{f.message}, f.hints...), "; ")))
	return choice{}, false, nil
}

func (c *menu) echoChoice(o menuItem) choice {
	c.notes.paragraph(0, text("Chosen: "+o.label()))
	return o.choice
}

// find gives the options of that name, else those with that part in their name, else in their words.
func (c *menu) find(typed string) (matches []menuItem) {
	within := func(s string) bool { return strings.Contains(strings.ToLower(s), strings.ToLower(typed)) }
	for _, matchesBy := range []func(menuItem) bool{
		func(o menuItem) bool { return strings.EqualFold(o.name, typed) },
		func(o menuItem) bool { return within(o.name) },
		func(o menuItem) bool { return within(o.label()) },
	} {
		for _, o := range c.all {
			if matchesBy(o) {
				matches = append(matches, o)
			}
		}
		if len(matches) > 0 {
			break
		}
	}
	return matches
}

// filter shows the beginning of what fits, of a list that was read to its end where anything was typed.
func (c *menu) filter(typed string) error {
	c.query, c.numbered = typed, 0
	c.matches = slices.Clone(c.all)
	if typed != "" {
		c.matches = c.find(typed)
	}
	c.sortUnnumbered()
	return c.showPage()
}

// sortUnnumbered sorts what has no number yet, below the line that is no part of the list: the pages of several lists arrive as
// they like.
func (c *menu) sortUnnumbered() {
	first := c.numbered
	if first == 0 && c.firstItem != nil && c.query == "" {
		first = 1
	}
	slices.SortStableFunc(c.matches[first:], func(a, b menuItem) int { return strings.Compare(a.label(), b.label()) })
}

// showMore shows the next portion, and after the last one the whole list again.
func (c *menu) showMore() error {
	if err := c.readUntil(c.numbered + 1); err != nil {
		return err
	}
	if c.numbered < len(c.matches) {
		return c.showPage()
	}
	return c.filter("")
}

// showPage numbers the next portion of what fits, and says how much there is.
func (c *menu) showPage() error {
	if err := c.readUntil(c.numbered + menuPageSize + 1); err != nil {
		return err
	}
	to := min(c.numbered+menuPageSize, len(c.matches))
	for i, o := range c.matches[c.numbered:to] {
		c.notes.wrapAfter([]span{text(strconv.Itoa(c.numbered+i+1) + ". ")}, text(o.label()))
	}
	c.numbered = to
	for _, g := range c.gaps {
		c.notes.paragraph(0, span{doubtful, "Not in the list: " + g})
	}
	c.gaps = nil
	c.notes.line(text(c.footer()))
	return nil
}

func (c *menu) footer() string {
	switch {
	case c.numbered < len(c.matches) && c.readAll:
		return fmt.Sprintf("%d of %d are shown; enter alone shows more.", c.numbered, len(c.matches))
	case c.numbered < len(c.matches):
		return fmt.Sprintf("%d are shown; enter alone shows more.", c.numbered)
	case c.query != "" && c.numbered == 1:
		return fmt.Sprintf("1 fits %q; its number chooses it, enter alone shows the whole list again.", c.query)
	case c.query != "":
		return fmt.Sprintf("%d fit %q; enter alone shows the whole list again.", c.numbered, c.query)
	case c.incomplete && c.count() == 0:
		return "No " + c.noun + " could be listed."
	case c.incomplete:
		return "There may be more than " + model.CountNoun(c.count(), c.noun) + c.numberRange() + "."
	case c.count() == 0:
		return "There is no " + c.noun + " that you may see."
	case c.count() == 1:
		return "There is " + model.CountNoun(1, c.noun) + c.numberRange() + "."
	}
	return "There are " + model.CountNoun(c.count(), c.noun) + c.numberRange() + "."
}

// numberRange tells which lines the list has, where another one stands before it.
func (c *menu) numberRange() string {
	switch {
	case c.firstItem == nil:
		return ""
	case c.count() == 1:
		return ", number 2"
	}
	return fmt.Sprintf(", numbers 2 to %d", len(c.all))
}

// count is how many the list has, without what was put before it.
func (c *menu) count() int {
	if c.firstItem != nil {
		return len(c.all) - 1
	}
	return len(c.all)
}

// readUntil reads until so many fit, or to the end where want is negative.
func (c *menu) readUntil(count int) error {
	if c.readAll || (count >= 0 && len(c.matches) >= count) {
		return nil
	}
	defer c.showProgress(model.Plural(c.noun))()
	for !c.readAll && (count < 0 || len(c.matches) < count) {
		page, err, ok := c.nextPage()
		if err != nil {
			return err
		}
		c.readAll = !ok
		c.all, c.matches = append(c.all, page.Items...), append(c.matches, page.Items...)
		for _, g := range page.Gaps {
			c.gaps, c.incomplete = append(c.gaps, g.Reason), true
		}
	}
	c.sortUnnumbered()
	return nil
}
