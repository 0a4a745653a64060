package walk

import (
	"fmt"
	"slices"

	"whopulls/tui/ui"
)

// Bindings are the keys of a walk.
func (w *Screen) Bindings() []ui.Binding {
	if w.batch != nil && w.writing {
		return []ui.Binding{{Intent: ui.IntentSkip, Help: "stop after this one"}, w.stepsBinding(), ui.BindQuit}
	}
	if w.finished() && !w.writing {
		return slices.Concat([]ui.Binding{{Intent: ui.IntentWalk, Help: "back to " + w.purpose.BackTo()}, {Intent: ui.IntentBack, Help: "back", Hidden: true}},
			w.batchBindings(), []ui.Binding{w.stepsBinding(), w.undoBinding(), w.explainBinding().HiddenIf(true), ui.BindCopy, w.takeOutBinding(), ui.BindQuit, ui.PagingBindings[0]}, w.watchBindings())
	}
	step := w.steps[w.current]
	grant := ui.ChangeBinding(ui.IntentGrant, stepVerb(step), "asks first", w.whyBlocked(step))
	skip := ui.Binding{Intent: ui.IntentSkip, Help: "skip"}
	if !w.mayChange() {
		return append([]ui.Binding{w.takeOutBinding(), w.explainBinding(), ui.BindCopy, skip, w.stepsBinding(), ui.BindBack, ui.BindQuit, w.undoBinding(), grant, ui.PagingBindings[0]}, w.batchBindings()...)
	}
	return slices.Concat([]ui.Binding{grant}, w.batchBindings(), []ui.Binding{skip, w.undoBinding(), w.explainBinding(), ui.BindCopy, w.takeOutBinding(), w.stepsBinding(), ui.BindBack, ui.BindQuit, ui.PagingBindings[0]})
}

// watchBindings are the keys of the last page for what shows the effect of the steps.
func (w *Screen) watchBindings() []ui.Binding {
	reread := ui.Binding{Intent: ui.IntentReread, Help: "refresh", LongHelp: "read everything again, and what a deploy came to", Hidden: true}
	if w.reread == nil {
		reread = reread.DisabledIf(w.purpose.BackTo() + " is read again")
	}
	rehearse := ui.Binding{Intent: ui.IntentRehearse, Help: "rehearse", LongHelp: "rehearse the deploy: Cloud Run checks it, and changes nothing", Hidden: true}
	return []ui.Binding{reread, rehearse.DisabledIf(w.whyNoRehearsal())}
}

// mayChange reports whether the current step is one that can be made from here.
func (w *Screen) mayChange() bool {
	allowed := w.steps[w.current].Allowed
	return !w.ReadOnly && (allowed == nil || *allowed)
}

// stepsBinding moves through the steps.
func (w *Screen) stepsBinding() ui.Binding {
	return ui.Binding{Intent: ui.IntentUp, Opposite: ui.IntentDown, Help: "steps"}.HiddenIf(len(w.steps) < 2)
}

// undoBinding is offered where there is something to take back.
func (w *Screen) undoBinding() ui.Binding {
	why := w.whyNoUndo()
	if all, _ := w.undoSteps(); len(all) > 0 && !w.ReadOnly {
		why = "" // it may be another step than this one
	}
	return ui.ChangeBinding(ui.IntentUndo, "undo", "asks first", why)
}

// batchBindings are the keys of a clean-up for all of its steps; each is offered where it is about more than one.
func (w *Screen) batchBindings() []ui.Binding {
	if !w.asksForAll() {
		return nil
	}
	count := len(w.remainingSteps())
	all := ui.ChangeBinding(ui.IntentRunAll, fmt.Sprintf("all %d", count), "asks once", w.whyNoBatch(count))
	all.Hidden = count < 2 && !w.finished() // at the end it is for those that failed
	return []ui.Binding{all}
}

// takeOutBinding is shown where a step can't be made from here; it works everywhere.
func (w *Screen) takeOutBinding() ui.Binding {
	b := ui.BindTakeOut
	b.Hidden = w.mayChange()
	if w.asksForAll() {
		b.LongHelp = "take out the commands"
	}
	return b.DisabledIf(w.whyNoTakeOut())
}
