package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/model/ledger"
	"whopulls/text"
)

const historyLong = `Lists what whopulls changed in the Google Cloud in use, from its journal: the
oldest first, each with its state:

  done      made
  undone    made, and taken back by a later entry
  failed    not made
  unclear   it is there, but may be somebody else's; or it is not there and its
            request, which got no answer, may still arrive
  intended  announced; another whopulls is working on it, or it could not be
            checked since

Changes that an interrupted whopulls left open are checked first, with your
sign-in. If nobody is signed in, they are listed unchecked, with a note.

Exit code: 0.`

const historyExample = `  # what was changed, with the ids that undo takes
  whopulls history

  # in other clouds and sandboxes too
  whopulls history --all`

// historyOptions are the flags of history.
type historyOptions struct {
	options.CloudFlags
	options.FormatFlag
	all bool
}

func (o *historyOptions) add(c *cobra.Command) {
	o.AddCloud(c)
	o.AddFormat(c, tableFormats)
	c.Flags().BoolVar(&o.all, "all", false, "also what was changed in other clouds and sandboxes")
}

func (o *historyOptions) parse(in options.CommandLine) (options.Session, error) {
	return o.Session(in, o.FormatFlag, tableFormats, "", "")
}

func newHistory(p *program) *cobra.Command {
	var o historyOptions
	c := &cobra.Command{
		Use: "history", SuggestFor: []string{"log", "journal"}, Short: "List what whopulls changed",
		Long: historyLong, Example: historyExample, Args: options.RefuseArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := o.parse(p.commandLine(c))
			if err := p.start(r, err); err != nil {
				return err
			}
			return p.history(c.Context(), r, o.all)
		},
	}
	o.add(c)
	return c
}

// history reads a file on this machine, so that nobody has to sign in for it, unless there is something to look at.
func (p *program) history(ctx context.Context, r options.Session, all bool) error {
	r.Target.LazySignIn = true
	return p.withCloud(ctx, r, func(c cloud) error {
		if err := p.reconcile(ctx, c, r); err != nil && !r.ReadOnly {
			return err
		}
		h, err := c.History()
		if err != nil {
			return err
		}
		p.warnUnreadableLines(h, r)
		if r.Target.World != "" && !r.HidesWarnings() {
			p.note("The journal of a sandbox inside the program ends with it. One that stays: whopulls sandbox start")
		}
		entries := []view.HistoryEntry{}
		for _, e := range h.Entries {
			if all || e.Target == c.Origin() {
				entries = append(entries, view.HistoryEntry{ID: e.ID, Run: e.Run, Time: e.Time, Target: e.Target, Account: e.Account, Project: e.Project,
					Kind: e.Kind, Resource: e.Resource, Role: e.Role, Member: e.Member, Condition: e.Condition, Undoes: e.Undoes,
					State: e.State, Until: e.Until, Message: e.Message})
			}
		}
		return p.writeResult(r.Format, map[string][]view.HistoryEntry{"entries": entries}, func(out *console.Printer) { view.History(out, entries, c.Origin()) })
	})
}

// reconciler looks for the changes that an interrupted whopulls left open, and says how they ended.
type reconciler interface {
	Reconcile(ctx context.Context) ([]ledger.Entry, error)
}

// reconcile looks at what an interrupted whopulls left open, and reports it.
func (p *program) reconcile(ctx context.Context, c reconciler, r options.Session) error {
	if r.ReadOnly {
		return nil
	}
	entries, err := c.Reconcile(ctx)
	if r.HidesWarnings() {
		return err
	}
	for _, e := range entries {
		p.io.ErrPrinter().Line(console.Text(fmt.Sprintf("%s %s: %s; %s", e.ID, e.State, e.Step().Heading(), ledger.WithDeadline(e.Message, e.Until))))
	}
	return err
}

// warnUnreadableLines says that the journal has lines that can't be read.
func (p *program) warnUnreadableLines(h ledger.History, r options.Session) {
	if r.HidesWarnings() {
		return
	}
	if h.Torn > 0 {
		p.io.ErrPrinter().Line(console.Doubtful.Text("WARNING:"), console.Text(" left out of the journal: "+text.CountNoun(h.Torn, "line")+", cut off or damaged"))
	}
	if h.Newer > 0 {
		p.io.ErrPrinter().Line(console.Doubtful.Text("WARNING:"), console.Text(" left out of the journal: "+text.CountNoun(h.Newer, "line")+" of a newer whopulls"))
	}
}
