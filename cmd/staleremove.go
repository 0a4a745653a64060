package cmd

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

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
organizations/N): a change there reaches every project beneath it.

Exit code: 0 done, or there was nothing to do; 3 something was left out or
refused; 5 not all who may read it could be listed; 1 a change failed.`

const staleRemoveExample = `  # deleted members, asking before each
  whopulls stale remove --repository=projects/myproject-b/locations/asia-northeast1/repositories/myrepo

  # agents of projects in which nothing uses it, too
  whopulls stale remove --status=deleted,idle \
      --repository=projects/myproject-b/locations/asia-northeast1/repositories/myrepo`

// removable are the statuses that --status takes.
var removable = []model.StaleStatus{model.StaleDeleted, model.StaleExpired, model.StaleDying, model.StaleRedundant, model.StaleIdle,
	model.StaleMisplaced, model.StaleExcessive}

func newStaleRemove(p *program) *cobra.Command {
	var f flags
	var chosen []string
	c := &cobra.Command{
		Use: "remove", Short: "Remove bindings that no longer serve anyone",
		Long: staleRemoveLong, Example: staleRemoveExample, Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := f.request(c, p, tableFormats)
			if err == nil {
				r.reach, err = f.reach(r.question)
				r.resume = f.resume
			}
			if err != nil {
				return err
			}
			wanted, err := statuses(chosen)
			if err != nil {
				return err
			}
			return p.staleRemove(c.Context(), r, wanted)
		},
	}
	f.addReach(c)
	c.Flags().StringSliceVar(&chosen, "status", []string{string(model.StaleDeleted)}, "`STATUS` of what is removed, several joined by commas: "+listOf(removable))
	complete(c, "status", removable)
	f.addProject(c)
	f.addTarget(c)
	f.addFormat(c, tableFormats)
	f.addConfirm(c)
	c.Flags().Lookup(flagQuiet).Usage = "ask nothing: remove everything of these statuses"
	return c
}

// statuses refuses what can't be removed, with a reason for what is alive or not known.
func statuses(words []string) ([]model.StaleStatus, error) {
	var wanted []model.StaleStatus
	for _, word := range wordsOf(words) {
		s := model.StaleStatus(word)
		switch {
		case slices.Contains(model.StaleStatuses, s) && !slices.Contains(removable, s):
			return nil, usage("--status="+word+": what is "+word+" is never removed", "the statuses are "+listOf(removable))
		case !slices.Contains(removable, s):
			return nil, usage(fmt.Sprintf("--status=%s is not known", word), append(alike(word, stringsOf(removable)), "the statuses are "+listOf(removable))...)
		}
		wanted = append(wanted, s)
	}
	return wanted, nil
}

func (p *program) staleRemove(ctx context.Context, r request, wanted []model.StaleStatus) error {
	return p.connected(ctx, r, func(c cloud) error {
		if err := p.settle(ctx, c, r); err != nil {
			return err
		}
		s, list, err := p.findStale(ctx, c, r)
		if err != nil {
			return err
		}
		if len(list.Gaps) > 0 {
			p.unlisted(list.Gaps, s.Ancestry[r.reach.Project()].Value)
		}
		bindings := slices.DeleteFunc(list.Bindings, func(b model.StaleBinding) bool { return !slices.Contains(wanted, b.Status) })
		steps, of := model.StaleSteps(bindings)
		if why := r.unasked(p.io); why != "" && !r.quiet && !r.readOnly && len(steps) > 0 {
			return p.unaskedSteps(steps, r, why, "add --quiet to remove them all")
		}
		if err := c.CheckJournal(); err != nil && !r.readOnly {
			return err
		}
		if err := p.remove(ctx, c, r, steps, of); err != nil || len(list.Gaps) == 0 {
			return err
		}
		return endWith(status(model.Unknown))
	})
}

// unlisted tells on standard error what of those who may read could not be listed.
func (p *program) unlisted(gaps []model.Gap, levels []model.Ancestor) {
	viewGapList(p.io.notes(), "Not all who may read it could be listed:", sentences(gaps, levels), gaps)
}

// remove goes through the steps, with a last look before each.
func (p *program) remove(ctx context.Context, c cloud, r request, steps []model.Step, of map[string]model.StaleBinding) error {
	w := p.newWalk(c, r)
	w.takes = required // the caller's permissions are read for a question, and there is none
	w.write = func(s model.Step) model.Write {
		return model.Write{Step: s, Run: w.run, Project: of[s.ID].Owner}
	}
	w.look = func(ctx context.Context, s model.Step) (model.SkipReason, error) {
		return stillStale(ctx, c, of[s.ID])
	}
	if len(steps) > 0 {
		w.invite()
	}
	if err := w.take(ctx, steps); err != nil {
		return err
	}
	end := statusDone
	for _, o := range w.outcomes {
		end = worseEnd(end, o)
	}
	if r.format.document() {
		if err := writeDocument(p.io.Out, r.format, undoDocument{Steps: w.outcomes}); err != nil {
			return err
		}
		return endWith(end)
	}
	viewRemoved(w)
	if w.result.err != nil {
		return w.result.err
	}
	return endWith(end)
}

// stillStale looks again, just before the change: a binding whose status is another one by now stays.
func stillStale(ctx context.Context, c cloud, was model.StaleBinding) (model.SkipReason, error) {
	s, err := c.RereadBindings(ctx, was.Resource)
	if err != nil {
		return model.SkipReason{}, err
	}
	return model.Recheck(was, model.FindStale(s)), nil
}

func viewRemoved(w *walk) {
	w.result.line()
	if len(w.outcomes) == 0 {
		w.result.line(text("There is nothing of these statuses to remove, of what could be seen."))
		return
	}
	viewUndo(w.result, w)
}
