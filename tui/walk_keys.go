package tui

import (
	"fmt"
	"slices"
)

func (w *walkScreen) bindings() []binding {
	if w.batch != nil && w.writing {
		return []binding{{intent: intentSkip, help: "stop after this one"}, bindSteps, bindQuit}
	}
	if w.finished() && !w.writing {
		return slices.Concat([]binding{{intent: intentWalk, help: w.backLabel()}, {intent: intentBack, help: "back", hidden: true}},
			w.batchBindings(), []binding{bindSteps, w.undoBinding(), bindCopy, w.handOverBinding(), bindQuit, pagingBindings[0]})
	}
	step := w.steps[w.current]
	grant := changeBinding(intentGrant, stepVerb(step), "asks first", w.whyBlocked(step))
	skip := binding{intent: intentSkip, help: "skip"}
	if !w.mayChange() {
		return append([]binding{w.handOverBinding(), bindCopy, skip, bindSteps, bindBack, bindQuit, w.undoBinding(), grant, pagingBindings[0]}, w.batchBindings()...)
	}
	return slices.Concat([]binding{grant}, w.batchBindings(), []binding{skip, w.undoBinding(), bindCopy, w.handOverBinding(), bindSteps, bindBack, bindQuit, pagingBindings[0]})
}

// mayChange tells whether the current step is one that can be made from here.
func (w *walkScreen) mayChange() bool {
	allowed := w.steps[w.current].Allowed
	return !w.readOnly && (allowed == nil || *allowed)
}

var bindSteps = binding{intent: intentUp, opposite: intentDown, help: "steps"}

// undoBinding is offered where there is something to take back.
func (w *walkScreen) undoBinding() binding {
	return changeBinding(intentUndo, "undo", "asks first", w.whyNoUndo())
}

// batchBindings are the keys of a clean-up for all of its steps; each is offered where it is about more than one.
func (w *walkScreen) batchBindings() []binding {
	if !w.allowsBatch() {
		return nil
	}
	count := len(w.remainingSteps())
	back, _ := w.undoSteps()
	all := changeBinding(intentRunAll, fmt.Sprintf("all %d", count), "asks once", w.whyNoBatch(count))
	all.hidden = all.hidden || count < 2 && !w.finished() // at the end it is for those that failed
	undo := changeBinding(intentUndoAll, "undo all", "asks once", w.whyNoUndoAll(len(back)))
	undo.hidden = undo.hidden || len(back) < 2
	return []binding{all, undo}
}

// handOverBinding is shown where a step can't be made from here; it works everywhere.
func (w *walkScreen) handOverBinding() binding {
	return binding{intent: intentHandOver, help: "hand over", hidden: w.mayChange()}
}
