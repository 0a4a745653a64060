package ui

import (
	"context"
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	language "whopulls/model/words"
	"whopulls/text/signs"
)

// Session is what every screen is given: the program's context, the keys, the looks.
type Session struct {
	Context  context.Context
	Keys     Keys
	Language language.Language // of an error message and of explanations; the rest is in English
	Links    bool              // the terminal takes links (OSC 8)
	ReadOnly bool
	Styles   *Styles
	Folder   Folder // of the files that are taken out
	Spinner  Spinner

	WindowWidth int // in cells; only the program's loop reads and writes it

	Clock func(time.Duration) <-chan time.Time // says when a time is over, nil for one that never is; without a clock: time.After
}

// After says when a time is over; nil: it never is.
func (e *Session) After(d time.Duration) <-chan time.Time {
	if e.Clock != nil {
		return e.Clock(d)
	}
	return time.After(d)
}

// Since is how long ago something was; where a clock was given, the time that passed is not known.
func (e *Session) Since(t time.Time) time.Duration {
	if e.Clock != nil {
		return 0
	}
	return time.Since(t)
}

// Spinner stands behind what is being read. Before the first turn it is a sign at rest.
type Spinner struct{ turns int }

// Turn shows the next sign.
func (s *Spinner) Turn() { s.turns++ }

// Sign is the one to draw.
func (s *Spinner) Sign() string {
	if s.turns == 0 {
		return signs.More
	}
	return signs.Spinner[s.turns%len(signs.Spinner)]
}

// Connection gives a screen the cloud, as far as that screen needs it, as soon as it is connected.
type Connection[C any] func(ctx context.Context) (C, error)

// PagingKeys names the two keys that page, for a sentence.
func (e *Session) PagingKeys(takesText bool) string {
	return e.Keys.Symbol(IntentPageUp, takesText) + " and " + e.Keys.Symbol(IntentPageDown, takesText)
}

// KeyNames names the keys of actions in what others say to do. Where letters are text, some actions have another key.
func (e *Session) KeyNames(takesText bool) model.KeyNames {
	return func(action string) string { return e.Keys.Symbol(Intent(action), takesText) }
}

// ReconnectMsg asks for another connection: to the cloud that was asked for, or to the sandbox in its place.
type ReconnectMsg struct{ Sandbox bool }

// Retry reads once more what ended with err. Where nobody is signed in any more, that takes a fresh connection first.
func (e *Session) Retry(err error, read func() tea.Cmd) tea.Cmd {
	if NeedsSignIn(err) {
		return func() tea.Msg { return ReconnectMsg{} }
	}
	return read()
}

// NeedsSignIn reports whether an error ends only with a new sign-in.
func NeedsSignIn(err error) bool {
	var errSignIn interface{ SignIn() bool }
	return errors.As(err, &errSignIn) && errSignIn.SignIn()
}

// IsLocal reports whether an error comes from this machine, before any connection was tried.
func IsLocal(err error) bool {
	var local interface{ Local() bool }
	return errors.As(err, &local) && local.Local()
}
