package tui

import (
	"fmt"
	"slices"
)

func (w *walkScreen) bindings() []binding {
	if w.together != nil && w.writing {
		return []binding{{intent: intentSkip, help: "stop after this one"}, bindSteps, bindQuit}
	}
	if w.over() && !w.writing {
		return slices.Concat([]binding{{intent: intentWalk, help: w.backTo()}, {intent: intentBack, help: "back", silent: true}},
			w.ofAll(), []binding{bindSteps, w.bindUndo(), bindCopy, w.bindHandOver(), bindQuit, paging[0]})
	}
	step := w.steps[w.current]
	grant := asking(intentGrant, stepVerb(step), "asks first", w.hindrance(step))
	skip := binding{intent: intentSkip, help: "skip"}
	if !w.mayChange() {
		return append([]binding{w.bindHandOver(), bindCopy, skip, bindSteps, bindBack, bindQuit, w.bindUndo(), grant, paging[0]}, w.ofAll()...)
	}
	return slices.Concat([]binding{grant}, w.ofAll(), []binding{skip, w.bindUndo(), bindCopy, w.bindHandOver(), bindSteps, bindBack, bindQuit, paging[0]})
}

// mayChange tells whether the current step is one that can be made from here.
func (w *walkScreen) mayChange() bool {
	allowed := w.steps[w.current].Allowed
	return !w.opts.ReadOnly && (allowed == nil || *allowed)
}

var bindSteps = binding{intent: intentUp, other: intentDown, help: "steps"}

// bindUndo is offered where there is something to take back.
func (w *walkScreen) bindUndo() binding {
	return asking(intentUndo, "undo", "asks first", w.noUndo())
}

// ofAll are the keys of a clean-up for all of its steps; each is offered where it is about more than one.
func (w *walkScreen) ofAll() []binding {
	if !w.several() {
		return nil
	}
	left := len(w.remaining())
	back, _ := w.returnable()
	all := asking(intentTogether, fmt.Sprintf("all %d", left), "asks once", w.noTogether(left))
	all.silent = all.silent || left < 2 && !w.over() // at the end it is for those that failed
	undo := asking(intentUndoAll, "undo all", "asks once", w.noUndoAll(len(back)))
	undo.silent = undo.silent || len(back) < 2
	return []binding{all, undo}
}

// bindHandOver is shown where a step can't be made from here; it works everywhere.
func (w *walkScreen) bindHandOver() binding {
	return binding{intent: intentHandOver, help: "hand over", silent: w.mayChange()}
}
