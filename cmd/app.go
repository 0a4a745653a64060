package cmd

import (
	"context"
	"errors"

	"whopulls/gcp/journal"
	"whopulls/tui"
)

// open runs the app in the whole terminal, or line by line where a screen must not be drawn.
func (p *program) open(ctx context.Context, r request) error {
	if p.io.byLines() && p.io.ErrTerminal && !r.quiet && r.unasked(p.io) == "" {
		return p.lines(ctx, r)
	}
	if !p.io.InTerminal || !p.io.OutTerminal || p.io.dumb() {
		return usage("the app needs a terminal on standard input and output, and TERM other than dumb",
			"without one use whopulls check, whopulls plan or whopulls grant", "whopulls --help shows them all")
	}
	return p.draw(ctx, r)
}

// lines does what the app does, in lines: asks what is left open, shows how things stand, walks through what is missing.
func (p *program) lines(ctx context.Context, r request) error {
	r.command = "grant"
	return p.walked(ctx, r, func(f finding) error {
		out := p.io.result()
		viewDiagnosis(out, f)
		out.line()
		return out.err
	})
}

func (p *program) draw(ctx context.Context, r request) error {
	if err := p.screenNeedsStderr(r); err != nil {
		return err
	}
	opened := make(chan *connection, 1)
	err := tui.Run(ctx, tui.Options{
		Connect: func(ctx context.Context) (tui.Cloud, error) {
			c, err := connect(ctx, r.target, p.build.userAgent())
			if err != nil {
				return nil, err
			}
			opened <- c
			if !r.readOnly {
				// What can't be settled now stays open in the journal, and a change that can't be recorded is not made.
				_, _ = c.Settle(ctx)
			}
			return c, nil
		},
		Question: r.question, Plan: r.plan, Title: r.target.title(), ReadOnly: r.readOnly, Production: r.production, Run: journal.NewID,
	})
	if errors.Is(err, tui.ErrInterrupted) {
		err = &failure{status: statusInterrupted, message: "interrupted", cause: err}
	}
	select {
	case c := <-opened:
		return errors.Join(err, c.Close())
	default: // left before the connection stood
		return err
	}
}
