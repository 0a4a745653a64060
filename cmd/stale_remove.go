package cmd

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/cmd/walk"
	"whopulls/model"
)

const staleRemoveLong = `Removes bindings that no longer serve anyone, one by one, asking before each, in
one run that whopulls undo takes back as one. Without --status it removes
those of deleted members only. Just before each change it checks again what is in
use: a binding that is used by then stays.

--status=excessive replaces: the reader role is granted first, then the broad
one revoked. What is active, public or unknown is never removed.

What happens when an agent's grant is removed: serving revisions keep their copy of the
image. The next deploy fails, and perhaps going back to an old revision; a job
may fail at its next execution.

A project that looks like production is changed only after you type its id or
pass it with --confirm. So is a folder or an organization (folders/N,
organizations/N): a change there reaches every project below it.

Exit code: 0 done, or there was nothing to do; 3 something was left out or
refused; 5 not all who may read it could be listed; 1 a change failed.`

const staleRemoveExample = `  # deleted members, asking before each
  whopulls stale remove --repository=projects/myproject-b/locations/asia-northeast1/repositories/myrepo

  # agents of projects in which nothing uses it, too
  whopulls stale remove --status=deleted,idle \
      --repository=projects/myproject-b/locations/asia-northeast1/repositories/myrepo`

// removableStatuses are the statuses that --status takes.
var removableStatuses = []model.StaleStatus{model.StaleDeleted, model.StaleExpired, model.StaleDying, model.StaleRedundant, model.StaleIdle,
	model.StaleMisplaced, model.StaleExcessive}

// staleRemoveOptions are the flags of stale remove.
type staleRemoveOptions struct {
	staleFlags
	options.ProjectFlag
	options.CloudFlags
	options.FormatFlag
	options.ConfirmFlag
	statuses []string
}

func (o *staleRemoveOptions) add(c *cobra.Command) {
	o.addStaleScope(c)
	c.Flags().StringSliceVar(&o.statuses, "status", []string{string(model.StaleDeleted)}, "`STATUS` of what is removed, several joined by commas: "+options.JoinNames(removableStatuses))
	options.SetFlagValues(c, "status", removableStatuses)
	o.AddProject(c)
	o.AddCloud(c)
	o.AddFormat(c, tableFormats)
	o.AddConfirm(c)
	c.Flags().Lookup(options.FlagQuiet).Usage = "ask nothing: remove everything of these statuses"
}

// staleRemoveRequest is a line of stale remove, understood.
type staleRemoveRequest struct {
	staleRequest
	statuses  []model.StaleStatus
	confirmed []string
}

func (o *staleRemoveOptions) parse(in options.CommandLine) (r staleRemoveRequest, err error) {
	r.confirmed = o.Confirm
	if r.staleRequest, err = o.request(in, o.CloudFlags, o.FormatFlag, tableFormats, o.Project); err != nil {
		return r, err
	}
	r.statuses, err = parseRemovable(o.statuses)
	return r, err
}

func newStaleRemove(p *program) *cobra.Command {
	var o staleRemoveOptions
	c := &cobra.Command{
		Use: "remove", Short: "Remove bindings that no longer serve anyone",
		Long: staleRemoveLong, Example: staleRemoveExample, Args: options.RefuseArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := o.parse(p.commandLine(c))
			if err := p.start(r.Session, err); err != nil {
				return err
			}
			return p.staleRemove(c.Context(), r)
		},
	}
	o.add(c)
	return c
}

// parseRemovable refuses what can't be removed, with a reason for what is alive or not known.
func parseRemovable(words []string) ([]model.StaleStatus, error) {
	var wanted []model.StaleStatus
	for _, word := range options.TrimmedItems(words) {
		s := model.StaleStatus(word)
		switch {
		case slices.Contains(model.StaleStatuses, s) && !slices.Contains(removableStatuses, s):
			return nil, console.UsageError("--status="+word+": what is "+word+" is never removed", "the statuses are "+options.JoinNames(removableStatuses))
		case !slices.Contains(removableStatuses, s):
			return nil, console.UsageError(fmt.Sprintf("--status=%s is not known", word), append(options.DidYouMean(word, options.ToStrings(removableStatuses)), "the statuses are "+options.JoinNames(removableStatuses))...)
		}
		wanted = append(wanted, s)
	}
	return wanted, nil
}

func (p *program) staleRemove(ctx context.Context, r staleRemoveRequest) error {
	return p.withCloud(ctx, r.Session, func(c cloud) error {
		if err := p.reconcile(ctx, c, r.Session); err != nil {
			return err
		}
		s, list, err := p.findStale(ctx, c, r.staleRequest)
		if err != nil {
			return err
		}
		if len(list.Gaps) > 0 {
			p.warnUnlisted(list.Gaps, s.Ancestry[r.scope.Project()].Value)
		}
		bindings := slices.DeleteFunc(list.Bindings, func(b model.StaleBinding) bool { return !slices.Contains(r.statuses, b.Status) })
		steps, bindingOf := model.StaleSteps(bindings)
		if why := r.WhyNotInteractive(p.io); why != "" && !r.Quiet && !r.ReadOnly && len(steps) > 0 {
			return p.showStepsOnly(steps, r.Session, why, "add --quiet to remove them all")
		}
		if err := c.CheckJournal(); err != nil && !r.ReadOnly {
			return err
		}
		if err := p.removeStale(ctx, c, r, steps, bindingOf); err != nil || len(list.Gaps) == 0 {
			return err
		}
		return console.Exit(console.Status(model.Unknown))
	})
}

// warnUnlisted tells on standard error what of those who may read could not be listed.
func (p *program) warnUnlisted(gaps []model.Gap, levels []model.Ancestor) {
	view.Unlisted(p.io.ErrPrinter(), gaps, levels)
}

// staleRemover removes bindings, each after another look at it.
type staleRemover interface {
	walk.Cloud
	bindingReader
}

// bindingReader reads again what decides the status of a resource's bindings.
type bindingReader interface {
	RereadBindings(ctx context.Context, at model.Resource) (model.Situation, error)
}

// removeStale goes through the steps, with a last look before each.
func (p *program) removeStale(ctx context.Context, c staleRemover, r staleRemoveRequest, steps []model.Step, bindingOf map[string]model.StaleBinding) error {
	w := p.newWalk(c, options.Request{Session: r.Session})
	w.Confirmed = r.confirmed
	w.PermissionsText = view.Permissions // the caller's permissions are read for a question, and there is none
	w.NewWrite = func(s model.Step) model.Write {
		return model.Write{Step: s, Run: w.RunID, Project: bindingOf[s.ID].Owner}
	}
	w.Recheck = func(ctx context.Context, s model.Step) (model.SkipReason, error) {
		return recheckStale(ctx, c, bindingOf[s.ID])
	}
	if len(steps) > 0 {
		w.ExplainAnswers()
	}
	if err := w.Run(ctx, steps); err != nil {
		return err
	}
	end := console.StatusDone
	for _, o := range w.Outcomes {
		end = worseStatus(end, o)
	}
	if r.Format.IsDocument() {
		if err := writeDocument(p.io.Out, r.Format, view.UndoDocument{Steps: w.Outcomes}); err != nil {
			return err
		}
		return console.Exit(end)
	}
	view.Removals(w.Out, w.Outcomes, w.UndoCommand())
	if w.Out.Err != nil {
		return w.Out.Err
	}
	return console.Exit(end)
}

// recheckStale looks again, just before the change: a binding whose status is another one by now stays.
func recheckStale(ctx context.Context, c bindingReader, was model.StaleBinding) (model.SkipReason, error) {
	s, err := c.RereadBindings(ctx, was.Resource)
	if err != nil {
		return model.SkipReason{}, err
	}
	return model.Recheck(was, model.FindStale(s)), nil
}
