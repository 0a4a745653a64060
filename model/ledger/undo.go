package ledger

import (
	"fmt"
	"strconv"
	"time"

	"whopulls/model"
)

// NothingToUndo says why an id gives nothing to take back.
type NothingToUndo struct {
	Why     string
	Next    string
	Unknown bool // there is no entry and no run of that id
}

// Error says why.
func (e *NothingToUndo) Error() string { return e.Why }

// Hint says what to do next; empty: the history says it.
func (e *NothingToUndo) Hint() string { return e.Next }

// ToUndo gives the entries that an id of a cloud's entry or run takes back, the last one first. Without an id those of the
// last run. An error is a *NothingToUndo.
func (h History) ToUndo(origin, id string) ([]Entry, error) {
	if id == "" {
		id = h.LastUndoableRun(origin)
	}
	if id == "" {
		return nil, &NothingToUndo{Why: "there is nothing to take back"}
	}
	for _, e := range h.Entries {
		if e.ID == id && e.Target == origin {
			return []Entry{e}, e.requireUndoable()
		}
	}
	entries := h.InEffect(origin, id)
	if len(entries) == 0 {
		return nil, h.whyNothingToUndo(origin, id)
	}
	return entries, nil
}

// requireUndoable says why a single entry can't be taken back.
func (e Entry) requireUndoable() error {
	switch e.State {
	case StateDone, StateUnclear, StateIntended:
		return nil
	}
	return &NothingToUndo{Why: fmt.Sprintf("entry %s is %s, so there is nothing to take back", e.ID, e.State)}
}

// whyNothingToUndo says why an id gives nothing here.
func (h History) whyNothingToUndo(origin, id string) error {
	for _, e := range h.Entries {
		if e.ID != id && e.Run != id {
			continue
		}
		if e.Target == origin && e.Undoes != "" {
			return &NothingToUndo{Why: fmt.Sprintf("run %q took changes back, and that can be undone only entry by entry", id),
				Next: "to make such a change again, undo the entry that took it back: whopulls undo " + e.ID}
		}
		if e.Target != origin {
			return &NothingToUndo{Why: fmt.Sprintf("%q was changed in another cloud: %s", id, e.Target), Next: "run the undo in that cloud"}
		}
		return &NothingToUndo{Why: fmt.Sprintf("every change of run %q was taken back already, or was never made", id)}
	}
	return &NothingToUndo{Why: fmt.Sprintf("the journal has no entry and no run %q", id), Unknown: true}
}

// UndoSteps gives the steps that take entries back, and why one is not taken back.
func UndoSteps(entries []Entry) (steps []model.Step, omissions map[string]model.SkipReason) {
	omissions = map[string]model.SkipReason{}
	for i, e := range entries {
		step, err := e.Step().Inverse()
		step.ID = strconv.Itoa(i + 1)
		cause := model.CauseNoInverse
		switch {
		case err != nil:
			step.Title = "Take back: " + step.Heading() // the step is the change itself: there is none that takes it back
		case e.Unresolved():
			cause, err = model.CauseUnclear, openRefusal(e)
		case e.State == StateUnclear && len(entries) > 1:
			cause, err = model.CauseUnclear, &model.Refusal{Why: "the binding may be somebody else's: the policy changed by more than this step",
				Next: "to take it back anyway, run whopulls undo " + e.ID}
		}
		if err != nil {
			omissions[step.ID] = model.SkipReason{Cause: cause, Why: model.ErrorWithHint(err)}
		}
		step.After = restoringSteps(entries[:i], e)
		steps = append(steps, step)
	}
	return steps, omissions
}

// openRefusal says why a change that is not settled can't be taken back yet.
func openRefusal(e Entry) *model.Refusal {
	if e.Until.IsZero() {
		return &model.Refusal{Why: "it is not known yet whether the change was made: another whopulls is making it, or its place could not be read",
			Next: "to look again, run whopulls history"}
	}
	return &model.Refusal{Why: "the change is not there, but its request may still arrive until " + ClockTime(e.Until),
		Next: "run the same undo again after that"}
}

// restoringSteps are the steps that give back what a grant of the same run replaced. The grant is taken back
// only after them, because the member may have no other access.
func restoringSteps(later []Entry, e Entry) (after []string) {
	for i, l := range later {
		if (model.Write{Step: e.Step(), Run: e.Run}).WasReplacementFor(model.Write{Step: l.Step(), Run: l.Run}) {
			after = append(after, strconv.Itoa(i+1))
		}
	}
	return after
}

// ClockTime is a time of the day on this machine.
func ClockTime(t time.Time) string { return t.Local().Format("15:04:05 MST") }

// WithDeadline adds the time until which the request of an entry may still arrive; zero: it can't any more.
func WithDeadline(message string, until time.Time) string {
	if until.IsZero() {
		return message
	}
	return message + "; it may still arrive until " + ClockTime(until) + ", and each start checks again"
}

// Omitted is a step that an undo leaves out, and why.
type Omitted struct {
	Step   model.Step
	Reason model.SkipReason
}

// Feasible parts the steps of an undo: those that can be made, and those that are left out. What waits for a step that is
// left out is left out too.
func Feasible(entries []Entry) (steps []model.Step, writes map[string]model.Write, left []Omitted) {
	all, omissions := UndoSteps(entries)
	var skipped []model.Outcome
	writes = map[string]model.Write{}
	for i, s := range all {
		reason := omissions[s.ID]
		if first, waits := model.WaitsFor(s, skipped); waits && !reason.IsSet() {
			reason = model.SkipReason{Cause: model.CauseWaitsForStep, Why: "it waits for a step that is not taken back: " + first.Title}
		}
		if reason.IsSet() {
			left, skipped = append(left, Omitted{s, reason}), append(skipped, reason.Outcome(s))
			continue
		}
		steps = append(steps, s)
		writes[s.ID] = model.Write{Step: s, Project: entries[i].Project, Undoes: entries[i].ID}
	}
	return steps, writes, left
}
