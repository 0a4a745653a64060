package tui

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	language "whopulls/model/words"
)

// session is what every screen is given: the program's context, the keys, the looks.
type session struct {
	ctx      context.Context
	keys     Keys
	language language.Language // of the screen of a failure text; the others are in English
	readOnly bool
	styles   *styles
}

// pagingKeys names the two keys that page, for a sentence.
func (e *session) pagingKeys(takesText bool) string {
	return e.keys.symbol(intentPageUp, takesText) + " and " + e.keys.symbol(intentPageDown, takesText)
}

// reconnectMsg asks for another connection: to the cloud that was asked for, or to the sandbox in its place.
type reconnectMsg struct{ sandbox bool }

// retry reads once more what ended with err. Where nobody is signed in any more, that takes a fresh connection first.
func (e *session) retry(err error, read func() tea.Cmd) tea.Cmd {
	if needsSignIn(err) {
		return func() tea.Msg { return reconnectMsg{} }
	}
	return read()
}

// needsSignIn tells whether an error ends only with a new sign-in.
func needsSignIn(err error) bool {
	var errSignIn interface{ SignIn() bool }
	return errors.As(err, &errSignIn) && errSignIn.SignIn()
}
