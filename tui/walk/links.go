package walk

import (
	"context"
	"sync"

	"whopulls/model"
	"whopulls/tui/ui"
)

// Cloud makes changes, and looks at what a change is about before it is asked for.
type Cloud interface {
	ProjectOf(ctx context.Context, r model.Resource) model.Fact[model.Project]
	UntouchedSince(ctx context.Context, r model.Resource, entry string) (bool, error) // surely still as the journal's entry left it
	Perform(ctx context.Context, g model.Gate, ws []model.Write) ([]model.Outcome, error)
	DryRunDeploy(ctx context.Context, project string, w model.WorkloadName) error // Cloud Run checks the deploy, and changes nothing
}

// Links holds what a walk changes, and who keeps what became of it.
type Links struct {
	Cloud      ui.Connection[Cloud]
	RunID      string          // the walk, in the journal
	Production string          // pattern of projects that are production, see model.Gate
	Writes     *sync.WaitGroup // changes under way, which the program waits for before it ends
	TakeOuts   func(ui.Answer) []ui.TakeOut
	Record     func(w model.Write, o model.Outcome) // keeps what became of a change for the end of the program
}

// Task is what a walk goes through.
type Task struct {
	Purpose   Purpose
	Situation model.Situation // what the steps were made from
	Steps     []model.Step
	First     string                                             // the id of the step to begin with; empty: the first one
	Ask       []model.Step                                       // what is to be asked for in addition, and never made from here
	ReadAgain func(ctx context.Context) (model.Situation, error) // reads everything after the last step; nil: the screen that opened the walk does
}
