package console

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"whopulls/model"
	"whopulls/text"
)

// MenuItem is one line of a numbered list.
type MenuItem[T any] struct {
	Name    string // that a person may type for it
	Details string
	Choice  T // what it stands for
}

func (o MenuItem[T]) label() string {
	if o.Details == "" {
		return o.Name
	}
	return o.Name + ", " + o.Details
}

// MenuQuestion is a question whose answer is one of a list.
type MenuQuestion[T any] struct {
	Question  string
	Noun      string       // of one line
	FirstItem *MenuItem[T] // stands before the list; nil: none
	Pages     iter.Seq2[model.ListPage[MenuItem[T]], error]
	InOrder   bool // the items are in their order already
	// ParseTyped reads an answer that is not in the list; whole says that the list is complete.
	ParseTyped func(text string, whole bool) (T, error)
}

const (
	// menuPageSize is how many lines of a list are shown at a time.
	menuPageSize = 20
	// maxNumberDigits distinguishes the number of a line from that of a project. The number of a line that
	// doesn't exist must not choose an item that has it somewhere in its text.
	maxNumberDigits = 4
	// minPartLetters is how long a part of a name must be to choose an item: fewer letters may be a typing error.
	minPartLetters = 3
)

// menu asks one such question, in lines that are never rewritten. It reads the list as far as it is shown, or to the end
// to search for a name.
type menu[T any] struct {
	MenuQuestion[T]
	notes        *Printer
	input        *Input
	showProgress func(what string) (stop func())
	nextPage     func() (model.ListPage[MenuItem[T]], error, bool)

	all        []MenuItem[T]
	matches    []MenuItem[T] // to what was typed
	query      string        // what was typed
	numbered   int           // of those that fit; the others have no number yet
	gaps       []string
	incomplete bool // some of it could not be read
	readAll    bool // the last page was there
}

// Choose asks until there is an answer, or nobody to give one. showProgress is called while the list is read.
func Choose[T any](ctx context.Context, q MenuQuestion[T], notes *Printer, in *Input, showProgress func(what string) (stop func())) (T, error) {
	c := &menu[T]{MenuQuestion: q, notes: notes, input: in, showProgress: showProgress}
	return c.choose(ctx)
}

func (c *menu[T]) choose(ctx context.Context) (none T, _ error) {
	next, stop := iter.Pull2(c.Pages)
	defer stop()
	c.nextPage = next
	if c.FirstItem != nil {
		c.all = append(c.all, *c.FirstItem)
	}
	c.notes.Paragraph(0, Strong.Text(c.Question))
	if err := c.filter(""); err != nil {
		return none, err
	}
	for {
		line, open, err := c.input.Prompt(ctx, c.notes, "Number, name or part of a name:")
		switch {
		case err != nil:
			return none, err
		case !open, IsOneOf(line, "q", "quit"):
			return none, errStopped
		case IsOneOf(line, "b", "back"):
			return none, ErrBack
		}
		if chosen, ok, err := c.handleLine(line); ok || err != nil {
			return chosen, err
		}
	}
}

// errStopped ends a command whose question nobody completed.
var errStopped = &Error{Status: StatusInterrupted, Message: "stopped before every question was answered; nothing was changed"}

// ErrBack asks for the question before this one.
var ErrBack = errors.New("back")

// handleLine reads one line of input. ok reports whether it chose something.
func (c *menu[T]) handleLine(line string) (chosen T, ok bool, err error) {
	if line == "" {
		return chosen, false, c.showMore()
	}
	if n, err := strconv.Atoi(line); err == nil && len(line) <= maxNumberDigits {
		if n > 0 && n <= c.numbered {
			return c.echoChoice(c.matches[n-1]), true, nil
		}
		c.notes.Line(Text(fmt.Sprintf("That is not an answer: the numbers shown go from 1 to %d.", c.numbered)))
		return chosen, false, nil
	}
	if err := c.readUntil(-1); err != nil {
		return chosen, false, err
	}
	matches := c.find(line)
	switch {
	case len(matches) == 1 && (len([]rune(line)) >= minPartLetters || strings.EqualFold(matches[0].Name, line)):
		return c.echoChoice(matches[0]), true, nil
	case len(matches) > 0:
		return chosen, false, c.filter(line)
	}
	typed, err := c.ParseTyped(line, !c.incomplete && c.count() > 0)
	if err == nil {
		return typed, true, nil
	}
	message, hints := MessageAndHints(err)
	c.notes.Paragraph(0, Text("That is no answer: "+strings.Join(append([]string{message}, hints...), "; ")))
	return chosen, false, nil
}

func (c *menu[T]) echoChoice(o MenuItem[T]) T {
	c.notes.Paragraph(0, Text("Chosen: "+o.label()))
	return o.Choice
}

// find gives the options of that name, else those with that part in their name, else in their words.
func (c *menu[T]) find(typed string) (matches []MenuItem[T]) {
	within := func(s string) bool { return strings.Contains(strings.ToLower(s), strings.ToLower(typed)) }
	for _, matchesBy := range []func(MenuItem[T]) bool{
		func(o MenuItem[T]) bool { return strings.EqualFold(o.Name, typed) },
		func(o MenuItem[T]) bool { return within(o.Name) },
		func(o MenuItem[T]) bool { return within(o.label()) },
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
func (c *menu[T]) filter(typed string) error {
	c.query, c.numbered = typed, 0
	c.matches = slices.Clone(c.all)
	if typed != "" {
		c.matches = c.find(typed)
	}
	c.sortUnnumbered()
	return c.showPage()
}

// sortUnnumbered sorts the items without a number, below the line that is not part of the list. The pages of
// several lists arrive in any order.
func (c *menu[T]) sortUnnumbered() {
	if c.InOrder {
		return
	}
	first := c.numbered
	if first == 0 && c.FirstItem != nil && c.query == "" {
		first = 1
	}
	slices.SortStableFunc(c.matches[first:], func(a, b MenuItem[T]) int { return strings.Compare(a.label(), b.label()) })
}

// showMore shows the next portion, and after the last one the whole list again.
func (c *menu[T]) showMore() error {
	if err := c.readUntil(c.numbered + 1); err != nil {
		return err
	}
	if c.numbered < len(c.matches) {
		return c.showPage()
	}
	return c.filter("")
}

// showPage numbers the next portion of what fits, and says how much there is.
func (c *menu[T]) showPage() error {
	if err := c.readUntil(c.numbered + menuPageSize + 1); err != nil {
		return err
	}
	to := min(c.numbered+menuPageSize, len(c.matches))
	for i, o := range c.matches[c.numbered:to] {
		c.notes.WrapAfter([]Span{Text(strconv.Itoa(c.numbered+i+1) + ". ")}, Text(o.label()))
	}
	c.numbered = to
	for _, g := range c.gaps {
		c.notes.Paragraph(0, Doubtful.Text("Not in the list: "+g))
	}
	c.gaps = nil
	c.notes.Line(Text(c.footer()))
	return nil
}

func (c *menu[T]) footer() string {
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
		return "No " + c.Noun + " could be listed."
	case c.incomplete:
		return "There may be more than " + text.CountNoun(c.count(), c.Noun) + c.numberRange() + "."
	case c.count() == 0:
		return "There is no " + c.Noun + " that you may see."
	case c.count() == 1:
		return "There is " + text.CountNoun(1, c.Noun) + c.numberRange() + "."
	}
	return "There are " + text.CountNoun(c.count(), c.Noun) + c.numberRange() + "."
}

// numberRange says which lines the list has, where another one stands before it.
func (c *menu[T]) numberRange() string {
	switch {
	case c.FirstItem == nil:
		return ""
	case c.count() == 1:
		return ", number 2"
	}
	return fmt.Sprintf(", numbers 2 to %d", len(c.all))
}

// count is how many the list has, without what was put before it.
func (c *menu[T]) count() int {
	if c.FirstItem != nil {
		return len(c.all) - 1
	}
	return len(c.all)
}

// readUntil reads until so many fit, or to the end where want is negative.
func (c *menu[T]) readUntil(count int) error {
	if c.readAll || (count >= 0 && len(c.matches) >= count) {
		return nil
	}
	defer c.showProgress(text.Plural(c.Noun))()
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
