package cmd

import (
	"context"
	"errors"
	"strconv"

	"github.com/spf13/cobra"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/cmd/walk"
	"whopulls/model"
	"whopulls/model/ledger"
)

const undoLong = `Takes back what whopulls changed: removes exactly the bindings that were added,
and adds exactly those that were removed. It never restores a whole policy, so
what others changed in the meantime stays.

ID is an entry or a run of whopulls history. For a run, every change that is
still in place is taken back, last one first; an undo is not. To redo a change
that was taken back, name the entry of the undo.

Without an ID: the last run that can be undone. Enabled APIs, created service
agents and the bindings of deleted members can't be.

A binding that is not as whopulls left it is refused. Where others changed the
policy since, somebody may have removed the binding and added it again: then the
question says so; --quiet prints a warning and continues.

A project that looks like production is changed only after you type its id or
pass it with --confirm. So is a folder or an organization (folders/N,
organizations/N): a change there reaches every project below it.

Exit code: 0 done, 3 refused or left out, 1 a change failed, 2 usage (also when
there is nobody to ask and no --quiet), 4 not signed in, 130 interrupted.`

const undoExample = `  # take back the last run, asking before each change
  whopulls undo

  # one entry, without a question
  whopulls undo abcdefghij --quiet`

// undoOptions are the flags of undo.
type undoOptions struct {
	options.CloudFlags
	options.FormatFlag
	options.ConfirmFlag
}

func (o *undoOptions) add(c *cobra.Command) {
	o.AddCloud(c)
	o.AddFormat(c, tableFormats)
	o.AddConfirm(c)
	c.Flags().Lookup(options.FlagQuiet).Usage = "ask nothing: take everything back"
}

func (o *undoOptions) parse(in options.CommandLine) (options.Session, error) {
	return o.Session(in, o.FormatFlag, tableFormats, "", "")
}

func newUndo(p *program) *cobra.Command {
	var o undoOptions
	c := &cobra.Command{
		Use: "undo [ID]", SuggestFor: []string{"revert", "rollback", "revoke"}, Short: "Take back what whopulls changed",
		Long: undoLong, Example: undoExample,
		Args: func(c *cobra.Command, args []string) error {
			return options.RefuseArguments(c, args[min(1, len(args)):])
		},
		RunE: func(c *cobra.Command, args []string) error {
			r, err := o.parse(p.commandLine(c))
			if err := p.start(r, err); err != nil {
				return err
			}
			id := ""
			if len(args) > 0 {
				id = args[0]
			}
			return p.undo(c.Context(), r, o.Confirm, id)
		},
	}
	o.add(c)
	return c
}

func (p *program) undo(ctx context.Context, r options.Session, confirmed []string, id string) error {
	return p.withCloud(ctx, r, func(c cloud) error {
		if err := p.reconcile(ctx, c, r); err != nil {
			return err
		}
		h, err := c.History()
		if err != nil {
			return err
		}
		p.warnUnreadableLines(h, r)
		entries, err := entriesToUndo(h, c.Origin(), id)
		if err != nil {
			return err
		}
		if why := r.WhyNotInteractive(p.io); why != "" && !r.Quiet && !r.ReadOnly {
			return p.showUndoOnly(entries, r, why)
		}
		if err := c.CheckJournal(); err != nil && !r.ReadOnly {
			return err
		}
		return p.runUndo(ctx, c, r, confirmed, entries)
	})
}

const historyHint = "whopulls history lists what was changed"

// entriesToUndo gives the entries to take back, the last one first; without an id those of the last run.
func entriesToUndo(h ledger.History, origin, id string) ([]ledger.Entry, error) {
	entries, err := h.ToUndo(origin, id)
	if why, ok := errors.AsType[*ledger.NothingToUndo](err); ok {
		return entries, nothingToUndo(why)
	}
	return entries, err
}

// nothingToUndo ends an undo. Only an id that the journal lacks is a wrong use.
func nothingToUndo(why *ledger.NothingToUndo) error {
	if why.Unknown {
		return console.UsageError(why.Why, "whopulls history lists them")
	}
	e := &console.Error{Status: console.StatusIncomplete, Message: why.Why, Hints: []string{historyHint}}
	if why.Next != "" {
		e.Hints = append([]string{why.Next}, e.Hints...)
	}
	return e
}

// showUndoOnly shows what would be taken back and changes nothing.
func (p *program) showUndoOnly(entries []ledger.Entry, r options.Session, why string) error {
	steps, _ := ledger.UndoSteps(entries)
	return p.showStepsOnly(steps, r, why, "add --quiet to take everything back")
}

// showStepsOnly shows what would be done, where nobody can be asked, and does nothing of it.
func (p *program) showStepsOnly(steps []model.Step, r options.Session, why, hint string) error {
	if !r.Format.IsDocument() {
		out := p.io.OutPrinter()
		for i, s := range steps {
			if i > 0 {
				out.Line()
			}
			view.Step(out, s.ID+". ", s, view.Permissions(s))
		}
		if out.Err != nil {
			return out.Err
		}
	}
	return console.UsageError("nothing was changed: each step needs a yes, and "+why, hint)
}

// undoer takes changes back. UntouchedSince reports whether a binding is surely as the entry left it.
type undoer interface {
	walk.Cloud
	UntouchedSince(ctx context.Context, r model.Resource, entry string) (bool, error)
}

// runUndo goes through the inverse steps. What is not taken back by its nature counts as no refusal.
func (p *program) runUndo(ctx context.Context, c undoer, r options.Session, confirmed []string, entries []ledger.Entry) error {
	w := p.newWalk(c, options.Request{Session: r})
	w.Confirmed = confirmed
	w.PermissionsText = view.Permissions // the caller's permissions are read for a question, and there is none
	entryOf := map[string]ledger.Entry{}
	for i, e := range entries {
		entryOf[strconv.Itoa(i+1)] = e
	}
	sure := map[string]bool{} // whose question said nothing
	w.UndoWarning = func(ctx context.Context, s model.Step) string {
		ours, err := c.UntouchedSince(ctx, s.Resource, entryOf[s.ID].ID)
		if sure[s.ID] = err == nil && ours; sure[s.ID] {
			return ""
		}
		return s.UndoWarning()
	}
	w.NewWrite = func(s model.Step) model.Write {
		return model.Write{Step: s, Run: w.RunID, Project: entryOf[s.ID].Project, Undoes: entryOf[s.ID].ID, OnlyIfUnchanged: sure[s.ID]}
	}
	var steps []model.Step
	steps, w.Omissions = ledger.UndoSteps(entries)
	w.ExplainAnswers()
	if err := w.Run(ctx, steps); err != nil {
		return err
	}
	end := console.StatusDone
	for _, o := range w.Outcomes {
		if o.Kind == model.StepGrant || o.Kind == model.StepRevoke {
			end = worseStatus(end, o)
		}
	}
	if err := p.writeUndo(w, r); err != nil {
		return err
	}
	return console.Exit(end)
}

func worseStatus(end console.Status, o model.Outcome) console.Status {
	switch {
	case o.State == model.StepFailed || end == console.StatusError:
		return console.StatusError
	case !o.InPlace():
		return console.StatusIncomplete
	}
	return end
}

func (p *program) writeUndo(w *walk.Walk, r options.Session) error {
	if r.Format.IsDocument() {
		return writeDocument(p.io.Out, r.Format, view.UndoDocument{Steps: w.Outcomes})
	}
	view.Undone(w.Out, w.Outcomes)
	return w.Out.Err
}
