package walk

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// batch is a run through several steps of a clean-up after one yes.
type batch struct {
	undo      bool            // what was made is taken back, the last first
	confirmed string          // the name that was typed, where one had to be
	sure      map[string]bool // the ids of the steps that take a change back that is surely as it was left
	approved  map[string]bool // the ids of the steps that were said yes to
	made      int
	notMade   int  // steps that were not made, or not taken back
	stopping  bool // after the change that is under way
}

// batchYesMsg carries a person's yes to all of them.
type batchYesMsg struct {
	to    *Screen
	batch batch
}

// remainingSteps are the steps that a run makes. They are open, failed or could not be looked at again, and
// are not known to be refused.
func (w *Screen) remainingSteps() (steps []model.Step) {
	for _, s := range w.steps {
		if s.Allowed != nil && !*s.Allowed {
			continue
		}
		if o, hasOutcome := w.outcomes[s.ID]; !hasOutcome || !o.InPlace() && (o.State != model.StepSkipped || o.Cause == model.CauseNotRechecked) {
			steps = append(steps, s)
		}
	}
	return steps
}

// undoSteps are the steps that take back what this walk made, the last first; kept counts what can't be given back.
func (w *Screen) undoSteps() (inverses []model.Step, permanent int) {
	for i := range slices.Backward(w.steps) {
		o := w.outcomes[w.steps[i].ID]
		if inverse, _, ok := w.inverseOf(i); ok && !w.mayHaveDependent(w.steps[i]) {
			inverses = append(inverses, inverse)
		} else if o.State == model.StepDone {
			permanent++
		}
	}
	return inverses, permanent
}

// mayHaveDependent reports whether a step that depends on this one may have been made: then this one stays.
func (w *Screen) mayHaveDependent(step model.Step) bool {
	return slices.ContainsFunc(w.steps, func(s model.Step) bool {
		o, hasOutcome := w.outcomes[s.ID]
		return hasOutcome && slices.Contains(s.After, step.ID) && o.State != model.StepDone && !o.NotMade()
	})
}

const lastFirstText = "The last one first. Nothing else in a policy changes."

// askBatch asks once for every step that is left.
func (w *Screen) askBatch() tea.Cmd {
	steps := w.remainingSteps()
	if why := w.whyNoBatch(len(steps)); why != "" {
		return ui.Notice(why)
	}
	words := w.batchWords(steps)
	d := &ui.Dialog{Title: words.Question, What: batchSummary(steps), YesLabel: words.Yes, Why: words.Why}
	return w.confirmBatch(d, steps, batch{}, func(s model.Step) string { return w.purpose.Write(s).Undoes })
}

// BatchWords are the purpose's words about several steps.
func (w *Screen) batchWords(steps []model.Step) BatchWords {
	p, ok := w.purpose.(Batcher)
	if !ok {
		return BatchWords{}
	}
	return p.BatchWords(steps)
}

// whyNoBatch says why so many removals can't be made in one run; empty: they can.
func (w *Screen) whyNoBatch(left int) string {
	switch {
	case w.ReadOnly:
		return w.readOnlyText()
	case left == 0:
		return "nothing is left that you may remove"
	}
	return ""
}

// whyNoUndoAll says why so many can't be taken back in one run; empty: they can.
func (w *Screen) whyNoUndoAll(count int) string {
	switch {
	case w.ReadOnly:
		return ui.NothingChanged
	case count == 0:
		return "there is nothing of this walk to take back"
	}
	return ""
}

// askUndoAll asks once for taking back everything that the walk made.
func (w *Screen) askUndoAll() tea.Cmd {
	steps, permanent := w.undoSteps()
	if why := w.whyNoUndoAll(len(steps)); why != "" {
		return ui.Notice(why)
	}
	d := &ui.Dialog{Title: cmp.Or(w.batchWords(steps).UndoQuestion, "Take back what this walk changed?"), What: batchSummary(steps), YesLabel: "take all back", Why: lastFirstText}
	if permanent > 0 {
		d.Why += " " + IrrecoverableText(permanent)
	}
	return w.confirmBatch(d, steps, batch{undo: true}, func(s model.Step) string { return *w.outcomes[s.ID].Entry })
}

// IrrecoverableText says how many members can't be given back.
func IrrecoverableText(count int) string {
	return "Google asks not to add deleted principals: " + text.CountNoun(count, "member") + " can't be given back."
}

// confirmBatch asks for all steps of a run, unless they are of several projects that want their id typed. Of those that take a
// change back the journal's entry is given.
func (w *Screen) confirmBatch(d *ui.Dialog, steps []model.Step, b batch, entryOf func(model.Step) string) tea.Cmd {
	b.approved = map[string]bool{}
	entries := map[string]string{}
	for _, s := range steps {
		b.approved[s.ID], entries[s.ID] = true, entryOf(s)
	}
	return w.lookThenAsk(ui.Notice("looking at the projects that the steps change "+signs.More), func() tea.Msg {
		b.sure = w.addDoubts(d, steps, entries)
		return w.guardedQuestionMsg(d, steps, func(confirmed string) tea.Msg {
			b.confirmed = confirmed
			return batchYesMsg{w, b}
		})
	})
}

// batchSummary says how many bindings of what a run changes.
func batchSummary(steps []model.Step) string {
	verbs := map[model.StepKind]string{model.StepGrant: "grants", model.StepRevoke: "removes"}
	count := map[model.StepKind]int{}
	perResource := map[model.Resource]int{}
	var resources []model.Resource
	for _, s := range steps {
		count[s.Kind]++
		if perResource[s.Resource]++; perResource[s.Resource] == 1 {
			resources = append(resources, s.Resource)
		}
	}
	var made, where []string
	for _, kind := range []model.StepKind{model.StepGrant, model.StepRevoke} {
		if n := count[kind]; n > 0 {
			made = append(made, verbs[kind]+" "+text.CountNoun(n, "binding"))
		}
	}
	for _, r := range resources {
		part := model.Describe(r, nil)
		if len(resources) > 1 {
			part = fmt.Sprintf("%d of %s", perResource[r], part)
		}
		where = append(where, part)
	}
	on := " of "
	if len(resources) > 1 {
		on = ": "
	}
	return "It " + strings.Join(made, " and ") + on + text.Clean(strings.Join(where, ", ")) + "."
}

// startBatch begins a run that was said yes to.
func (w *Screen) startBatch(b batch) tea.Cmd {
	w.batch = &b
	for _, s := range w.remainingSteps() {
		if !b.undo && b.approved[s.ID] {
			delete(w.outcomes, s.ID) // a failed one is tried again
		}
	}
	return w.nextInBatch()
}

// nextInBatch makes the next change of a run, or ends it.
func (w *Screen) nextInBatch() tea.Cmd {
	if w.batch.undo {
		return w.nextUndoInBatch()
	}
	for i, s := range w.steps {
		if _, hasOutcome := w.outcomes[s.ID]; hasOutcome || !w.batch.approved[s.ID] {
			continue
		}
		if first, waits := model.WaitsFor(s, w.outcomeList()); waits {
			w.outcomes[s.ID] = model.SkipReason{Cause: model.CauseWaitsForStep, Why: "step " + first.ID + " comes first, and was not made"}.Outcome(s)
			w.batch.notMade++
			continue
		}
		w.current = i
		return w.startStep(s, w.batch.confirmed, w.batch.sure[s.ID])
	}
	words := w.batchWords(w.steps).Done + " together: " + changeCountText(w.batch.made)
	if left := w.batch.notMade; left > 0 {
		words += fmt.Sprintf("; %d stayed: %s says why", left, ui.ItOrEach("its line", "each line", left))
	}
	return w.endBatch(words)
}

func (w *Screen) nextUndoInBatch() tea.Cmd {
	for i := range slices.Backward(w.steps) {
		inverse, entry, ok := w.inverseOf(i)
		if ok && w.batch.approved[inverse.ID] && w.whyDependedOn(w.steps[i]) == "" {
			w.current = i
			delete(w.batch.approved, inverse.ID)
			return w.startUndo(undoMsg{w, inverse, entry, w.batch.sure[inverse.ID], w.batch.confirmed})
		}
	}
	words := "taken back together: " + changeCountText(w.batch.made)
	if left := w.batch.notMade + len(w.batch.approved); left > 0 {
		words += fmt.Sprintf("; %d could not be", left)
	}
	if _, permanent := w.undoSteps(); permanent > 0 {
		words += fmt.Sprintf("; %d can't be given back", permanent)
	}
	return w.endBatch(words)
}

func changeCountText(n int) string { return text.CountNoun(n, "change") }

// batchStepDone continues after a change of a run, or ends it after one that failed.
func (w *Screen) batchStepDone(o model.Outcome) tea.Cmd {
	switch {
	case o.State == model.StepDone:
		w.batch.made++
	case o.InPlace():
	case o.State == model.StepSkipped || (w.batch.undo || w.takesBack(o.Step)) && o.State == model.StepNotAllowed: // what else can be taken back is
		w.batch.notMade++
	default:
		return w.endBatch("it ended there: " + outcomeNotice(o))
	}
	if w.batch.stopping {
		return w.endBatch("stopped: " + changeCountText(w.batch.made) + " made")
	}
	return w.nextInBatch()
}

func (w *Screen) endBatch(words string) tea.Cmd {
	w.batch = nil
	return ui.Notice(words)
}

// Halt lets a run end after the change that is under way.
func (w *Screen) Halt() {
	if w.batch != nil {
		w.batch.stopping = true
	}
}
