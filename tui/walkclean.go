package tui

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"whopulls/model"
)

// cleanup is what a walk of removals has beside its steps: whose the bindings are, and what is judged anew before each.
type cleanup struct {
	repository model.RepositoryName
	of         map[string]model.StaleBinding // by the step's id
	tried      map[string]bool               // the ids of the steps that were tried, also of those taken back since
}

// newCleanupWalk goes through the removal of bindings, as a walk goes through a plan.
func newCleanupWalk(e *env, s model.Situation, bindings []model.StaleBinding) *walkScreen {
	steps, of := model.StaleSteps(bindings)
	w := newWalkScreen(e, s.Question, s, model.Plan{Steps: steps})
	w.cleanup = &cleanup{repository: s.Question.Repository, of: of, tried: map[string]bool{}}
	return w
}

// make makes a step's change, after a last look where it removes something.
func (w *walkScreen) make(ctx context.Context, gate model.Gate, step model.Step, sure bool) model.Outcome {
	if left := w.lastLook(ctx, step); left.IsSet() {
		return left.Outcome(step)
	}
	return w.write(ctx, gate, model.Write{Step: step, Project: w.consumer(step), Undoes: w.entryOf(step), OnlyIfUnchanged: sure})
}

// lastLook judges a binding again, just before the change: what is used by now stays, and what can't be seen, too.
func (w *walkScreen) lastLook(ctx context.Context, step model.Step) model.SkipReason {
	if w.cleanup == nil {
		return model.SkipReason{}
	}
	cloud, err := w.cloud(ctx)
	if err != nil {
		return model.NotRechecked(model.ErrorWithHint(err))
	}
	was := w.cleanup.of[step.ID]
	s, err := cloud.RereadBindings(ctx, was.Resource)
	if err != nil {
		return model.NotRechecked(model.ErrorWithHint(err))
	}
	return model.Recheck(was, model.FindStale(s))
}

// consumer is the project that the journal names beside a step.
func (w *walkScreen) consumer(step model.Step) string {
	if w.cleanup != nil {
		return w.cleanup.of[step.ID].Owner
	}
	if w.back != nil {
		return w.back.of[step.ID].Project
	}
	return w.question.Project
}

// begun notes that a step is tried.
func (w *walkScreen) begun(step model.Step) {
	if w.cleanup != nil {
		w.cleanup.tried[step.ID] = true
	}
}

// follow keeps the policies as the steps of a clean-up leave them, so that the next step is shown against that.
func (w *walkScreen) follow(step model.Step) {
	fact := w.situation.Policies[step.Resource]
	if !w.several() || !fact.Read() {
		return
	}
	w.situation.Policies = maps.Clone(w.situation.Policies)
	w.situation.Policies[step.Resource] = model.Known(fact.Value.Apply(fact.Value.EditFor(step)))
}

// hangsOn says why a step can't be taken back yet: another one hangs on it, and was made, or may have been. What that one
// took away this one stands in for.
func (w *walkScreen) hangsOn(step model.Step) (why string) {
	if w.cleanup == nil {
		return ""
	}
	for _, s := range w.steps {
		o, over := w.outcomes[s.ID]
		switch {
		case !over || !slices.Contains(s.After, step.ID) || o.NotMade():
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
	words := cleaning(w.steps)
	switch {
	case w.together != nil && w.together.back:
		return w.looks.bold.Render("Taking back …") + "  " + w.looks.dim.Render(progress+" done")
	case w.together != nil:
		return w.looks.bold.Render(words.doing+" …") + "  " + w.looks.dim.Render(progress+" done; each is judged again first")
	case w.opts.ReadOnly:
		return w.looks.bold.Render("What would be "+words.done) + "  " + w.looks.dim.Render(progress+" done; "+nothingChanged)
	case !w.over():
		return w.looks.bold.Render("What is "+words.done) + "  " + w.looks.dim.Render(progress+" done; each asks, and is judged again then")
	case done == len(w.steps):
		return w.looks.verdicts[model.Granted].Render("✓ "+words.done) + "  " + w.looks.dim.Render(progress+" done; "+w.takesBack())
	}
	return w.looks.bold.Render("– over") + "  " + w.looks.dim.Render(progress+" done; each step says what became of it")
}

// cleaningWords tell what is done to bindings.
type cleaningWords struct{ verb, doing, done string }

// cleaning gives the words for some steps. Where a binding is replaced, one is granted too.
func cleaning(steps []model.Step) cleaningWords {
	if slices.ContainsFunc(steps, func(s model.Step) bool { return s.Kind == model.StepGrant }) {
		return cleaningWords{"change", "Changing", "changed"}
	}
	return cleaningWords{"remove", "Removing", "removed"}
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
	return verb + shortRole(s.Role) + on + to + memberName(s.Member)
}

// takesBack says how the removals are taken back: one by one, or as one. Nothing is promised of what was tried in vain.
func (w *walkScreen) takesBack() string {
	if stuck := len(w.stuck); stuck > 0 {
		return fmt.Sprintf("%d could not be taken back: %s says why", stuck, eachOf("it", "each", stuck))
	}
	steps, _ := w.returnable()
	switch text := w.opts.Keys.sign(intentUndo, false) + " takes the chosen one back"; len(steps) {
	case 0:
		return "nothing of it can be given back"
	case 1:
		return text
	default:
		return text + ", " + w.opts.Keys.sign(intentUndoAll, false) + " all of them"
	}
}

// stayed tells whether the last look left a step out: the reason that it had is none any more.
func (w *walkScreen) stayed(s model.Step) bool {
	o, over := w.outcomes[s.ID]
	return w.cleanup != nil && over && o.State == model.StepSkipped && o.Cause != model.CauseSkippedByUser
}

func (w *walkScreen) backTo() string {
	if w.cleanup != nil {
		return "back to the list"
	}
	return "back to the map"
}

// handedOver is what can be copied for somebody who may make the changes.
func (w *walkScreen) handedOver() string {
	if w.several() {
		return "the commands"
	}
	return "a request"
}

// handsOver says which key copies it.
func (w *walkScreen) handsOver() string {
	return w.opts.Keys.sign(intentHandOver, false) + " copies " + w.handedOver()
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
