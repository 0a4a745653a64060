package registry

import (
	"context"
	"sync"
	"time"

	"whopulls/model"
	"whopulls/model/ledger"
	"whopulls/tui/ui"
	"whopulls/tui/walk"
)

// Cloud reads who may pull, and reads bindings again before they are removed.
type Cloud interface {
	ReadScope(ctx context.Context, q model.Question, progress func(model.Situation)) (model.Situation, error)
	RereadBindings(ctx context.Context, at model.Resource) (model.Situation, error)
	Scan(ctx context.Context, scope model.Resource, o model.ScanOptions) (model.Situation, model.StaleList, error)
	InterruptedScan(scope model.Resource) (at time.Time, ok bool)
	Origin() string // the cloud, as the journal names it
	History() (ledger.History, error)
}

// Links holds what the registry reads from, and how it opens a walk.
type Links struct {
	Cloud    ui.Connection[Cloud]
	OpenWalk func(walk.Task) ui.Screen
	Render   Render
	Project  string          // whose quota a scan uses; may be empty
	Running  *sync.WaitGroup // what the program waits for before it ends: a scan keeps how far it was; may be nil
}
