package walk

import (
	"slices"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/model"
)

// Result is what the walk did, and how things stand after it.
func (w *Walk) Result(after view.Assessment) view.GrantResult {
	flags := slices.Clone(w.request.RepeatFlags)
	for _, g := range w.unconfirmed {
		flags = append(flags, "--"+options.FlagConfirm+"="+g.Name)
	}
	return view.GrantResult{Outcomes: w.Outcomes, DoneAt: w.doneAt, Changed: w.MayHaveChanged(), DryRun: w.DryRunResult(),
		After: after, Next: forAllChecks(after), Flags: flags, ReadOnly: w.request.ReadOnly, Undo: w.UndoCommand()}
}

// forAllChecks is the assessment with the steps of all checks: what to run next is about all of them, because --only is not
// repeated.
func forAllChecks(f view.Assessment) view.Assessment {
	if len(f.Options.Only) > 0 {
		f.Options.Only, f.Situation.ReadingDone = nil, true // the tests of the other steps were not asked for
		f.Plan = model.PlanFor(f.Situation, f.Diagnosis, f.Options)
	}
	return f
}

// UndoCommand is the command that takes the walk back; empty if nothing can be taken back. What a sandbox
// inside the program held is gone by then.
func (w *Walk) UndoCommand() []string {
	made := slices.ContainsFunc(w.Outcomes, func(o model.Outcome) bool { return o.Entry != nil && o.State == model.StepDone && isInvertible(o.Step) })
	if !made || w.request.Target.World != "" {
		return nil
	}
	return w.request.UndoCommand(w.RunID)
}

// isInvertible reports whether a change can be taken back by its nature.
func isInvertible(s model.Step) bool {
	_, err := s.Inverse()
	return err == nil
}
