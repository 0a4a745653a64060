package tui

import (
	"context"
	"sync"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// env is what every screen is given: the program's context, the connection, the looks.
type env struct {
	ctx     context.Context
	opts    Options
	link    *link
	looks   *theme
	writes  *sync.WaitGroup // changes under way, which the program waits for before it ends
	changes *changes
}

// changes is what was tried in this session. It is told when the program ends, so that the terminal keeps a trace of it,
// also of a change that was finished after the screen was left.
type changes struct {
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
		sign, word, _ := outcomeMark(newTheme(), o)
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

// link is the connection, which opens while the first screen is already there.
type link struct {
	once  sync.Once
	ready chan struct{}
	cloud Cloud
	err   error
}

func newLink() *link { return &link{ready: make(chan struct{})} }

// linkedMsg says that the connection stands, or why it does not.
type linkedMsg struct{ err error }

// open connects once; further calls wait for the same answer.
func (e *env) open() tea.Msg {
	e.link.once.Do(func() {
		e.link.cloud, e.link.err = e.opts.Connect(e.ctx)
		close(e.link.ready)
	})
	<-e.link.ready
	return linkedMsg{e.link.err}
}

// cloud waits for the connection.
func (e *env) cloud(ctx context.Context) (Cloud, error) {
	select {
	case <-e.link.ready:
		return e.link.cloud, e.link.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// connected gives the cloud if the connection stands already, else nil.
func (e *env) connected() Cloud {
	select {
	case <-e.link.ready:
		return e.link.cloud
	default:
		return nil
	}
}
