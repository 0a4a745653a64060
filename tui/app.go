// Package tui is the terminal program: pick, see who pulls and who runs, walk through what is missing.
//
// One tea.Model at the root holds a stack of screens. A screen draws into a rectangle and handles intents, never raw
// keys; the cloud is seen through the interface that this package declares.
package tui

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"whopulls/model"
	"whopulls/model/ledger"
	language "whopulls/model/words"
	"whopulls/text/signs"
	"whopulls/tui/registry"
	"whopulls/tui/ui"
)

// Cloud is what the screens need of Google Cloud.
type Cloud interface {
	Caller() model.Fact[model.Member]
	ImpersonatedBy() string    // who impersonates the caller; empty if nobody does
	MismatchedAccount() string // the account that the configuration names, where the credentials are another's
	World() string
	Projects(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error]
	Workloads(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Workload], error]
	Repositories(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Repository], error]
	Images(ctx context.Context, repository model.RepositoryName) iter.Seq2[model.ListPage[model.ListedImage], error]
	Read(ctx context.Context, q model.Question, o model.PlanOptions, progress func(model.Situation)) (model.Situation, error)
	ReadAll(ctx context.Context, questions []model.Question, o model.PlanOptions) iter.Seq2[model.Situation, error]
	ReadScope(ctx context.Context, q model.Question, progress func(model.Situation)) (model.Situation, error)
	ReadFacts(ctx context.Context, project string, wants []model.Want, progress func(model.Situation)) (model.Situation, error)
	RereadBindings(ctx context.Context, at model.Resource) (model.Situation, error)
	Scan(ctx context.Context, scope model.Resource, o model.ScanOptions) (model.Situation, model.StaleList, error)
	SearchWorkloads(ctx context.Context, scope model.Resource, words []string, quotaProject string) (model.Fact[model.WorkloadSearch], error)
	InterruptedScan(scope model.Resource) (at time.Time, ok bool)
	ProjectOf(ctx context.Context, r model.Resource) model.Fact[model.Project]
	Perform(ctx context.Context, g model.Gate, ws []model.Write) ([]model.Outcome, error)
	DryRunDeploy(ctx context.Context, project string, w model.WorkloadName) error     // Cloud Run checks the deploy, and changes nothing
	UntouchedSince(ctx context.Context, r model.Resource, entry string) (bool, error) // surely still as the journal's entry left it
	Origin() string                                                                   // the cloud, as the journal names it
	History() (ledger.History, error)                                                 // what the journal says
	Reconcile(ctx context.Context) ([]ledger.Entry, error)                            // finds out how changes ended that were left open
}

// Options are what the command line gave.
type Options struct {
	Connect        func(ctx context.Context) (Cloud, error) // opens the connection while the first screen draws
	Question       model.Question                           // project and workload (or image) open the map at once
	Pasted         string                                   // opens the screen that answers this text; the question completes it
	Plan           model.PlanOptions
	Title          string // where we are: "sandbox article", or empty at Google
	ReadOnly       bool
	Production     string          // pattern of projects that are production, see model.Gate
	NewRunID       func() string   // names a walk in the journal
	RenderRegistry registry.Render // gives a report of a registry as stale list does
	Keys           ui.Keys
	Language       language.Language // of an error message and of explanations; the rest is in English
	Links          bool              // the terminal takes links (OSC 8)
	Theme          ui.Theme
	Signs          signs.Set        // that the terminal can show
	AskWidth       bool             // they are those of ASCII if the terminal gives ambiguous ones two columns
	MouseOff       bool             // the mouse is left to the terminal
	CurrentProject string           // of gcloud's configuration; may be empty
	Recent         []Recent         // what was picked at Google before
	Now            func() time.Time // nil: the clock; tests set it
	SaveRecent     func(Recent)     // keeps a pick for the next time
	// UndoCommand is the command that takes an entry or a run back by the login that made it. A nil login is the one
	// that the program began with. Without the function nothing can be taken back later.
	UndoCommand    func(id string, by *Login) string
	ConnectSandbox func(ctx context.Context) (Cloud, error) // continues without a connection; nil: not offered
	// SandboxProjects is how many projects ConnectSandbox has; nil: that is not said.
	SandboxProjects func() int
	Logins          Logins // other ways to call Google
	Settings        SettingsFile
	Render          RenderFunc // see takeOuts
	Folder          ui.Folder  // of the files that are taken out
	Retries         *Retries   // what connections send again; nil: that is not said
}

// ErrInterrupted ends Run after ctrl+c.
var ErrInterrupted = errors.New("interrupted")

// Run shows the program until the user leaves it. A change that is under way when they do is finished first.
func Run(ctx context.Context, o Options) error {
	var writes sync.WaitGroup
	m := newRoot(ctx, o, &writes)
	m.display.out = os.Stdout
	m.activity.interval = spinInterval
	p := tea.NewProgram(guarded{m}, append(programOptions(ctx), tea.WithOutput(displayFile{os.Stdout, m.display}))...)
	o.Retries.connect(p.Send)
	err := runProgram(p)
	o.Retries.connect(nil)
	m.close()
	writes.Wait()
	for _, line := range m.changes.lines(terminalWidth(os.Stderr)) {
		_, _ = fmt.Fprintln(os.Stderr, line)
	}
	if ctx.Err() != nil {
		return ErrInterrupted
	}
	return m.exitError(err)
}

// exitError is what the program ends with. Without a connection there was nothing to interrupt, however the user left.
func (r *root) exitError(err error) error {
	switch {
	case r.noConnection != nil:
		return r.noConnection.Err
	case r.interrupted || errors.Is(err, tea.ErrInterrupted):
		return ErrInterrupted
	}
	return err
}

// programOptions: NO_COLOR with any value switches colour off, which the colour library reads as a boolean.
func programOptions(ctx context.Context) []tea.ProgramOption {
	options := []tea.ProgramOption{tea.WithContext(ctx), tea.WithFilter(dropMouseNoise), tea.WithoutCatchPanics()}
	if _, set := os.LookupEnv("NO_COLOR"); set {
		options = append(options, tea.WithColorProfile(colorprofile.ASCII))
	}
	return options
}

// app is what the program holds for its screens: the session, the connection, what was picked and changed.
type app struct {
	*ui.Session
	opts         Options
	connector    *connector
	recent       []Recent        // shown in the lists; only the update loop reads and writes it
	picked       []Recent        // in this run
	lastQuestion model.Question  // of the map that was opened last
	writes       *sync.WaitGroup // changes under way, which the program waits for before it ends
	changes      *changes
	hasHistory   bool // the journal has changes in this cloud
}
