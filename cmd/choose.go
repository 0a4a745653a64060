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

// option is one line of a numbered list: the name that a person may type for it, what else is told of it, and what it
// stands for.
type option struct {
	name, rest string
	pick       pick
}

func (o option) words() string {
	if o.rest == "" {
		return o.name
	}
	return o.name + ", " + o.rest
}

// ask is a question whose answer is one of a list.
type ask struct {
	question string
	noun     string // of one of the list
	extra    *option
	pages    iter.Seq2[model.ListPage[option], error]
	// typed reads an answer that is not in the list; whole says that all there is could be listed.
	typed func(text string, whole bool) (pick, error)
}

const (
	// portion is how many lines of a list are shown at a time.
	portion = 20
	// longestNumber parts the numbers of lines from longer ones, which are those of projects: a line that is not there
	// must not choose what has its number somewhere in its words.
	longestNumber = 4
	// fewLetters choose nothing that they are only a part of: they may be a slip of the hand.
	fewLetters = 3
)

// chooser asks one such question, in lines that stay as they were written. The list is read as far as it is shown, or
// to its end where a name is looked for.
type chooser struct {
	ask
	notes   *printer
	answers *answers
	reading func(what string) (stop func())
	next    func() (model.ListPage[option], error, bool)

	all     []option
	fitting []option // to what was typed
	query   string   // what was typed
	shown   int      // of those that fit; the others have no number yet
	gaps    []string
	holes   bool // some of it could not be read
	ended   bool // the last page was there
}

// choose asks until there is an answer, or nobody who gives one.
func (c *chooser) choose(ctx context.Context) (pick, error) {
	next, stop := iter.Pull2(c.pages)
	defer stop()
	c.next = next
	if c.extra != nil {
		c.all = append(c.all, *c.extra)
	}
	c.notes.paragraph(0, span{strong, c.question})
	if err := c.narrow(""); err != nil {
		return pick{}, err
	}
	for {
		line, open, err := c.answers.to(ctx, c.notes, "Number, name or part of a name:")
		switch {
		case err != nil:
			return pick{}, err
		case !open, isWord(line, "q", "quit"):
			return pick{}, errStopped
		case isWord(line, "b", "back"):
			return pick{}, errBack
		}
		if chosen, ok, err := c.take(line); ok || err != nil {
			return chosen, err
		}
	}
}

// errStopped ends a command whose question nobody completed.
var errStopped = &failure{status: statusInterrupted, message: "stopped before every question was answered; nothing was changed"}

// errBack goes to the question before.
var errBack = errors.New("back")

// take reads one answer; ok is false where there is none in it yet.
func (c *chooser) take(line string) (chosen pick, ok bool, err error) {
	if line == "" {
		return pick{}, false, c.more()
	}
	if n, err := strconv.Atoi(line); err == nil && len(line) <= longestNumber {
		if n > 0 && n <= c.shown {
			return c.chose(c.fitting[n-1]), true, nil
		}
		c.notes.line(text(fmt.Sprintf("That is no answer: the numbers that are shown go from 1 to %d.", c.shown)))
		return pick{}, false, nil
	}
	if err := c.fill(-1); err != nil {
		return pick{}, false, err
	}
	matches := c.matching(line)
	switch {
	case len(matches) == 1 && (len([]rune(line)) >= fewLetters || strings.EqualFold(matches[0].name, line)):
		return c.chose(matches[0]), true, nil
	case len(matches) > 0:
		return pick{}, false, c.narrow(line)
	}
	if chosen, err = c.typed(line, !c.holes && c.count() > 0); err == nil {
		return chosen, true, nil
	}
	f := failureOf(err)
	c.notes.paragraph(0, text("That is no answer: "+strings.Join(append([]string{f.message}, f.hints...), "; ")))
	return pick{}, false, nil
}

func (c *chooser) chose(o option) pick {
	c.notes.paragraph(0, text("Chosen: "+o.words()))
	return o.pick
}

// matching gives the options of that name, else those with that part in their name, else in their words.
func (c *chooser) matching(typed string) (matches []option) {
	within := func(s string) bool { return strings.Contains(strings.ToLower(s), strings.ToLower(typed)) }
	for _, fits := range []func(option) bool{
		func(o option) bool { return strings.EqualFold(o.name, typed) },
		func(o option) bool { return within(o.name) },
		func(o option) bool { return within(o.words()) },
	} {
		for _, o := range c.all {
			if fits(o) {
				matches = append(matches, o)
			}
		}
		if len(matches) > 0 {
			break
		}
	}
	return matches
}

// narrow shows the beginning of what fits, of a list that was read to its end where anything was typed.
func (c *chooser) narrow(typed string) error {
	c.query, c.shown = typed, 0
	c.fitting = slices.Clone(c.all)
	if typed != "" {
		c.fitting = c.matching(typed)
	}
	c.order()
	return c.show()
}

// order sorts what has no number yet, below the line that is no part of the list: the pages of several lists arrive as
// they like.
func (c *chooser) order() {
	first := c.shown
	if first == 0 && c.extra != nil && c.query == "" {
		first = 1
	}
	slices.SortStableFunc(c.fitting[first:], func(a, b option) int { return strings.Compare(a.words(), b.words()) })
}

// more shows the next portion, and after the last one the whole list again.
func (c *chooser) more() error {
	if err := c.fill(c.shown + 1); err != nil {
		return err
	}
	if c.shown < len(c.fitting) {
		return c.show()
	}
	return c.narrow("")
}

// show numbers the next portion of what fits, and says how much there is.
func (c *chooser) show() error {
	if err := c.fill(c.shown + portion + 1); err != nil {
		return err
	}
	to := min(c.shown+portion, len(c.fitting))
	for i, o := range c.fitting[c.shown:to] {
		c.notes.hang([]span{text(strconv.Itoa(c.shown+i+1) + ". ")}, text(o.words()))
	}
	c.shown = to
	for _, g := range c.gaps {
		c.notes.paragraph(0, span{doubtful, "Not in the list: " + g})
	}
	c.gaps = nil
	c.notes.line(text(c.extent()))
	return nil
}

func (c *chooser) extent() string {
	switch {
	case c.shown < len(c.fitting) && c.ended:
		return fmt.Sprintf("%d of %d are shown; enter alone shows more.", c.shown, len(c.fitting))
	case c.shown < len(c.fitting):
		return fmt.Sprintf("%d are shown; enter alone shows more.", c.shown)
	case c.query != "" && c.shown == 1:
		return fmt.Sprintf("1 fits %q; its number chooses it, enter alone shows the whole list again.", c.query)
	case c.query != "":
		return fmt.Sprintf("%d fit %q; enter alone shows the whole list again.", c.shown, c.query)
	case c.holes && c.count() == 0:
		return "No " + c.noun + " could be listed."
	case c.holes:
		return "There may be more than " + model.CountNoun(c.count(), c.noun) + c.numbers() + "."
	case c.count() == 0:
		return "There is no " + c.noun + " that you may see."
	case c.count() == 1:
		return "There is " + model.CountNoun(1, c.noun) + c.numbers() + "."
	}
	return "There are " + model.CountNoun(c.count(), c.noun) + c.numbers() + "."
}

// numbers tells which lines the list has, where another one stands before it.
func (c *chooser) numbers() string {
	switch {
	case c.extra == nil:
		return ""
	case c.count() == 1:
		return ", number 2"
	}
	return fmt.Sprintf(", numbers 2 to %d", len(c.all))
}

// count is how many the list has, without what was put before it.
func (c *chooser) count() int {
	if c.extra != nil {
		return len(c.all) - 1
	}
	return len(c.all)
}

// fill reads until so many fit, or to the end where want is negative.
func (c *chooser) fill(want int) error {
	if c.ended || (want >= 0 && len(c.fitting) >= want) {
		return nil
	}
	defer c.reading(model.Plural(c.noun))()
	for !c.ended && (want < 0 || len(c.fitting) < want) {
		page, err, ok := c.next()
		if err != nil {
			return err
		}
		c.ended = !ok
		c.all, c.fitting = append(c.all, page.Items...), append(c.fitting, page.Items...)
		for _, g := range page.Gaps {
			c.gaps, c.holes = append(c.gaps, g.Reason), true
		}
	}
	c.order()
	return nil
}
