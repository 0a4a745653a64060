package tui

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"whopulls/model"
	"whopulls/tui/ui"
)

// cleanupPart is what a walk of removals has in addition to its steps: whose the bindings are, and what is judged again before each.
type cleanupPart struct {
	repository model.RepositoryName
	bindings   map[string]model.StaleBinding // by the step's id
	tried      map[string]bool               // the ids of the steps that were tried, also of those taken back since
}

// newCleanupWalk goes through the removal of bindings, as a walk goes through a plan.
func newCleanupWalk(e *app, s model.Situation, bindings []model.StaleBinding) *walkScreen {
	steps, byStep := model.StaleSteps(bindings)
	w := newWalkScreen(e, s.Question, s, model.Plan{Steps: steps})
	w.cleanup = &cleanupPart{repository: s.Question.Repository, bindings: byStep, tried: map[string]bool{}}
	return w
}

// recheckAndWrite makes a step's change, after a last look where it removes something.
func (w *walkScreen) recheckAndWrite(ctx context.Context, gate model.Gate, step model.Step, sure bool) model.Outcome {
	if left := w.recheck(ctx, step); left.IsSet() {
		return left.Outcome(step)
	}
	return w.performWrite(ctx, gate, model.Write{Step: step, Project: w.consumerProject(step), Undoes: w.undoneEntry(step), OnlyIfUnchanged: sure})
}

// recheck judges a binding again, just before the change: what is used by now stays, and what can't be seen, too.
func (w *walkScreen) recheck(ctx context.Context, step model.Step) model.SkipReason {
	if w.cleanup == nil {
		return model.SkipReason{}
	}
	cloud, err := w.awaitCloud(ctx)
	if err != nil {
		return model.NotRechecked(model.ErrorWithHint(err))
	}
	before := w.cleanup.bindings[step.ID]
	s, err := cloud.RereadBindings(ctx, before.Resource)
	if err != nil {
		return model.NotRechecked(model.ErrorWithHint(err))
	}
	return model.Recheck(before, model.FindStale(s))
}

// consumerProject is the project that the journal names with a step.
func (w *walkScreen) consumerProject(step model.Step) string {
	if w.cleanup != nil {
		return w.cleanup.bindings[step.ID].Owner
	}
	if w.undoing != nil {
		return w.undoing.writes[step.ID].Project
	}
	return w.question.Project
}

// markTried notes that a step is tried.
func (w *walkScreen) markTried(step model.Step) {
	if w.cleanup != nil {
		w.cleanup.tried[step.ID] = true
	}
}

// applyLocally keeps the policies as the steps of a clean-up leave them, so that the next step is shown against that.
func (w *walkScreen) applyLocally(step model.Step) {
	fact := w.situation.Policies[step.Resource]
	if !w.allowsBatch() || !fact.Read() {
		return
	}
	w.situation.Policies = maps.Clone(w.situation.Policies)
	w.situation.Policies[step.Resource] = model.Known(fact.Value.Apply(fact.Value.EditFor(step)))
}

// whyDependedOn says why a step can't be taken back yet: another one depends on it, and was made, or may have been. What that one
// took away this one stands in for.
func (w *walkScreen) whyDependedOn(step model.Step) (why string) {
	if w.cleanup == nil {
		return ""
	}
	for _, s := range w.steps {
		o, hasOutcome := w.outcomes[s.ID]
		switch {
		case !hasOutcome || !slices.Contains(s.After, step.ID) || o.NotMade():
		case o.State == model.StepDone:
			return "take back step " + s.ID + " first: it was made because this one was"
		default:
			return "step " + s.ID + " depends on this one, and what became of it is not certain: read the list again first"
		}
	}
	return ""
}

// cleanupHeadline says how far the removals are.
func (w *walkScreen) cleanupHeadline(done int, progress string) string {
	words := cleanupVerbs(w.steps)
	switch {
	case w.batch != nil && w.batch.undo:
		return w.Styles.Bold.Render("Taking back …") + "  " + w.Styles.Dim.Render(progress+" done")
	case w.batch != nil:
		return w.Styles.Bold.Render(words.doing+" …") + "  " + w.Styles.Dim.Render(progress+" done; each is judged again first")
	case w.ReadOnly:
		return w.Styles.Bold.Render("What would be "+words.done) + "  " + w.Styles.Dim.Render(progress+" done; "+ui.NothingChanged)
	case !w.finished():
		return w.Styles.Bold.Render("What is "+words.done) + "  " + w.Styles.Dim.Render(progress+" done; each asks, and is judged again then")
	case done == len(w.steps):
		return w.Styles.Verdicts[model.Granted].Render("✓ "+words.done) + "  " + w.Styles.Dim.Render(progress+" done; "+w.undoText())
	}
	return w.Styles.Bold.Render("– over") + "  " + w.Styles.Dim.Render(progress+" done; each step says what became of it")
}

// verbForms say what is done to bindings.
type verbForms struct{ verb, doing, done string }

// cleanupVerbs gives the words for some steps. Where a binding is replaced, one is granted too.
func cleanupVerbs(steps []model.Step) verbForms {
	if slices.ContainsFunc(steps, func(s model.Step) bool { return s.Kind == model.StepGrant }) {
		return verbForms{"change", "Changing", "changed"}
	}
	return verbForms{"remove", "Removing", "removed"}
}

// shortTitle is a step in its line. Of removals the member tells them apart, so that nothing stands before it that they
// have in common.
func (w *walkScreen) shortTitle(s model.Step) string {
	if w.cleanup == nil {
		return s.Title
	}
	verb, to := "Remove ", " from "
	if s.Kind == model.StepGrant {
		verb, to = "Grant ", " to "
	}
	on := ""
	if s.Resource.Kind() != model.KindRepository {
		on = " on " + model.Describe(s.Resource, w.situation.Ancestry[w.cleanup.repository.Project].Value)
	}
	return verb + ui.ShortRole(s.Role) + on + to + ui.MemberName(s.Member)
}

// undoText says how the removals are taken back: one by one, or as one. Nothing is promised of what was tried in vain.
func (w *walkScreen) undoText() string {
	if stuck := len(w.undoFailures); stuck > 0 {
		return fmt.Sprintf("%d could not be taken back: %s says why", stuck, ui.ItOrEach("it", "each", stuck))
	}
	steps, _ := w.undoSteps()
	switch text := w.Keys.Symbol(ui.IntentUndo, false) + " takes the chosen one back"; len(steps) {
	case 0:
		return "nothing of it can be given back"
	case 1:
		return text
	default:
		return text + ", " + w.Keys.Symbol(ui.IntentUndoAll, false) + " all of them"
	}
}

// wasKept reports whether the last look left a step out: the reason that it had doesn't hold any more.
func (w *walkScreen) wasKept(s model.Step) bool {
	o, hasOutcome := w.outcomes[s.ID]
	return w.cleanup != nil && hasOutcome && o.State == model.StepSkipped && o.Cause != model.CauseSkippedByUser
}

func (w *walkScreen) backLabel() string {
	if w.cleanup != nil {
		return "back to the list"
	}
	return "back to the map"
}

// handOverNoun is what can be copied for somebody who may make the changes.
func (w *walkScreen) handOverNoun() string {
	if w.allowsBatch() {
		return "the commands"
	}
	return "a request"
}

// handOverText says which key copies it.
func (w *walkScreen) handOverText() string {
	return w.Keys.Symbol(ui.IntentHandOver, false) + " copies " + w.handOverNoun()
}

func commandsOf(steps []model.Step) (commands []string) {
	for _, s := range steps {
		commands = append(commands, s.Gcloud...)
	}
	return commands
}

// consequences say before a yes why a step is made, and what follows from a removal.
func consequences(s model.Step) string {
	if s.Kind != model.StepRevoke || s.Caution == "" {
		return s.Why
	}
	return s.Why + " " + s.Caution
}
