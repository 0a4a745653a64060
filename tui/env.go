package tui

import (
	"context"
	"sync"

	"whopulls/model"
)

// env is what every screen is given: the program's context, the connection, the looks.
type env struct {
	ctx     context.Context
	opts    Options
	link    *link
	recent  []Recent // shown in the lists; of the update loop alone
	looks   *theme
	writes  *sync.WaitGroup // changes under way, which the program waits for before it ends
	changes *changes
}

// paging names the two keys that page, for a sentence.
func (e *env) paging(typing bool) string {
	return e.opts.Keys.sign(intentPageUp, typing) + " and " + e.opts.Keys.sign(intentPageDown, typing)
}

// changes is what was tried in this session. It is told when the program ends, so that the terminal keeps a trace of it,
// also of a change that was finished after the screen was left.
type changes struct {
	looks *theme

	mu       sync.Mutex
	outcomes []model.Outcome
}

func (c *changes) add(o model.Outcome) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.outcomes = append(c.outcomes, o)
}

// lines tells each in a line.
func (c *changes) lines() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var lines []string
	for _, o := range c.outcomes {
		sign, word, _ := outcomeMark(c.looks, o)
		line := sign + " " + word + ": " + o.Title
		if o.Member != "" {
			line += " (" + string(o.Member) + ")"
		}
		if o.Message != "" {
			line += ": " + o.Message
		}
		lines = append(lines, clean(line))
	}
	return lines
}
