package history

import (
	"context"

	"whopulls/model/ledger"
	"whopulls/tui/ui"
	"whopulls/tui/walk"
)

// Cloud says what was changed, and finds out how a change ended that was left open.
type Cloud interface {
	Origin() string // the cloud, as the journal names it
	History() (ledger.History, error)
	Reconcile(ctx context.Context) ([]ledger.Entry, error)
}

// Links holds what the history reads from, and how it opens a walk.
type Links struct {
	Cloud    ui.Connection[Cloud]
	OpenWalk func(walk.Task) ui.Screen
	Ends     func() bool // reports whether the journal ends with the program, as that of a sandbox inside it
}
