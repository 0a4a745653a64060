package tui

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// together is a run through several steps of a clean-up after one yes.
type together struct {
	back      bool            // what was made is taken back, the last first
	confirmed string          // the name that was typed, where one had to be
	sure      map[string]bool // the ids of the steps that take a change back that is surely as it was left
	asked     map[string]bool // the ids of the steps that were said yes to
	made      int
	left      int  // steps that were not made, or not taken back
	stopping  bool // after the change that is under way
}

// togetherMsg carries a person's yes to all of them.
type togetherMsg struct {
	from *walkScreen
	run  together
}

// remaining are the steps that a run makes: those that are open, or failed, or could not be looked at again, and not known
// to be refused.
func (w *walkScreen) remaining() (steps []model.Step) {
	for _, s := range w.steps {
		if s.Allowed != nil && !*s.Allowed {
			continue
		}
		if o, over := w.outcomes[s.ID]; !over || !o.InPlace() && (o.State != model.StepSkipped || o.Cause == model.CauseNotRechecked) {
			steps = append(steps, s)
		}
	}
	return steps
}

// returnable are the steps that take back what this walk made, the last first; kept counts what can't be given back.
func (w *walkScreen) returnable() (inverses []model.Step, kept int) {
	for i := range slices.Backward(w.steps) {
		o := w.outcomes[w.steps[i].ID]
		if inverse, _, ok := w.undoable(i); ok && !w.unsure(w.steps[i]) {
			inverses = append(inverses, inverse)
		} else if o.State == model.StepDone {
			kept++
		}
	}
	return inverses, kept
}

// unsure tells whether a step that hangs on this one may have been made: then this one stays.
func (w *walkScreen) unsure(step model.Step) bool {
	return slices.ContainsFunc(w.steps, func(s model.Step) bool {
		o, over := w.outcomes[s.ID]
		return over && slices.Contains(s.After, step.ID) && o.State != model.StepDone && !o.NotMade()
	})
}

// askTogether asks once for every removal that is left.
func (w *walkScreen) askTogether() tea.Cmd {
	steps := w.remaining()
	if why := w.noTogether(len(steps)); why != "" {
		return notice(why)
	}
	if w.back != nil {
		return w.askBackTogether(steps)
	}
	d := &dialog{title: "Make what is left of the clean-up in one run?", what: tally(steps), yes: cleaning(steps).verb + " all",
		why: "Each is judged again just before: what is used by then stays. A change that fails ends the run."}
	for _, more := range []string{w.irrevocable(steps), w.gravest(steps)} {
		if more != "" {
			d.why += " " + more
		}
	}
	return w.askOnce(d, steps, together{}, w.entryOf)
}

// askBackTogether asks once for taking back everything that is left of what this run of the program changed.
func (w *walkScreen) askBackTogether(steps []model.Step) tea.Cmd {
	d := &dialog{title: "Take back what this run of whopulls changed?", what: tally(steps), yes: "take all back", why: lastOneFirst}
	return w.askOnce(d, steps, together{}, w.entryOf)
}

const lastOneFirst = "The last one first. Nothing else in a policy changes."

// noTogether says why so many removals can't be made in one run; empty: they can.
func (w *walkScreen) noTogether(left int) string {
	switch {
	case w.opts.ReadOnly:
		return w.readOnlyWords()
	case left == 0:
		return "nothing is left that you may remove"
	}
	return ""
}

// noUndoAll says why so many can't be taken back in one run; empty: they can.
func (w *walkScreen) noUndoAll(count int) string {
	switch {
	case w.opts.ReadOnly:
		return nothingChanged
	case count == 0:
		return "there is nothing of this walk to take back"
	}
	return ""
}

// askUndoAll asks once for taking back everything that the walk made.
func (w *walkScreen) askUndoAll() tea.Cmd {
	steps, kept := w.returnable()
	if why := w.noUndoAll(len(steps)); why != "" {
		return notice(why)
	}
	d := &dialog{title: "Take the clean-up back in one run?", what: tally(steps), yes: "take all back", why: lastOneFirst}
	if kept > 0 {
		d.why += " " + keptWords(kept)
	}
	return w.askOnce(d, steps, together{back: true}, func(s model.Step) string { return *w.outcomes[s.ID].Entry })
}

// irrevocable says what of the removals can't be given back.
func (w *walkScreen) irrevocable(steps []model.Step) string {
	gone, dying := 0, 0
	for _, s := range steps {
		switch {
		case s.Member.Deleted():
			gone++
		case w.cleanup.of[s.ID].Status == model.StaleDying:
			dying++
		}
	}
	var words []string
	if gone > 0 {
		words = append(words, keptWords(gone))
	}
	if dying > 0 {
		words = append(words, model.CountNoun(dying, "binding")+" of projects that are being deleted can't be given back once those are gone.")
	}
	return strings.Join(words, " ")
}

func keptWords(kept int) string {
	return "Google asks not to add deleted principals: " + model.CountNoun(kept, "member") + " can't be given back."
}

// askOnce asks for all steps of a run, unless they are of several projects that want their id typed. Of those that take a
// change back the journal's entry is given.
func (w *walkScreen) askOnce(d *dialog, steps []model.Step, run together, entry func(model.Step) string) tea.Cmd {
	run.asked = map[string]bool{}
	entries := map[string]string{}
	for _, s := range steps {
		run.asked[s.ID], entries[s.ID] = true, entry(s)
	}
	return w.lookFirst(notice("looking at the projects that the steps change …"), func() tea.Msg {
		run.sure = w.doubtsOf(d, steps, entries)
		return w.confirming(d, steps, func(confirmed string) tea.Msg {
			run.confirmed = confirmed
			return togetherMsg{w, run}
		})
	})
}

// tally says how many bindings of what a run changes.
func tally(steps []model.Step) string {
	verbs := map[model.StepKind]string{model.StepGrant: "grants", model.StepRevoke: "removes"}
	count := map[model.StepKind]int{}
	of := map[model.Resource]int{}
	var resources []model.Resource
	for _, s := range steps {
		count[s.Kind]++
		if of[s.Resource]++; of[s.Resource] == 1 {
			resources = append(resources, s.Resource)
		}
	}
	var made, where []string
	for _, kind := range []model.StepKind{model.StepGrant, model.StepRevoke} {
		if n := count[kind]; n > 0 {
			made = append(made, verbs[kind]+" "+model.CountNoun(n, "binding"))
		}
	}
	for _, r := range resources {
		part := model.Describe(r, nil)
		if len(resources) > 1 {
			part = fmt.Sprintf("%d of %s", of[r], part)
		}
		where = append(where, part)
	}
	on := " of "
	if len(resources) > 1 {
		on = ": "
	}
	return "It " + strings.Join(made, " and ") + on + clean(strings.Join(where, ", ")) + "."
}

// gravest is the caution that says most of what the removals may do: that of an agent that is in use.
func (w *walkScreen) gravest(steps []model.Step) (caution string) {
	for _, s := range steps {
		if s.Caution != "" && w.cleanup.of[s.ID].Status != model.StaleIdle {
			return s.Caution
		}
		caution = cmp.Or(caution, s.Caution)
	}
	return caution
}

// beginTogether takes up a run that was said yes to.
func (w *walkScreen) beginTogether(run together) tea.Cmd {
	w.together = &run
	for _, s := range w.remaining() {
		if !run.back && run.asked[s.ID] {
			delete(w.outcomes, s.ID) // a failed one is tried again
		}
	}
	return w.onward()
}

// onward makes the next change of a run, or ends it.
func (w *walkScreen) onward() tea.Cmd {
	if w.together.back {
		return w.onwardBack()
	}
	for i, s := range w.steps {
		if _, over := w.outcomes[s.ID]; over || !w.together.asked[s.ID] {
			continue
		}
		if first, waits := model.WaitsFor(s, w.done()); waits {
			w.outcomes[s.ID] = model.SkipReason{Cause: model.CauseWaitsForStep, Why: "step " + first.ID + " comes first, and was not made"}.Outcome(s)
			w.together.left++
			continue
		}
		w.current = i
		return w.perform(s, w.together.confirmed, w.together.sure[s.ID])
	}
	words := w.wordsOf().done + " together: " + changesWords(w.together.made)
	if left := w.together.left; left > 0 {
		words += fmt.Sprintf("; %d stayed: %s says why", left, eachOf("its line", "each line", left))
	}
	return w.endTogether(words)
}

func (w *walkScreen) onwardBack() tea.Cmd {
	for i := range slices.Backward(w.steps) {
		inverse, entry, ok := w.undoable(i)
		if ok && w.together.asked[inverse.ID] && w.hangsOn(w.steps[i]) == "" {
			w.current = i
			delete(w.together.asked, inverse.ID)
			return w.undo(undoMsg{w, inverse, entry, w.together.sure[inverse.ID], w.together.confirmed})
		}
	}
	words := "taken back together: " + changesWords(w.together.made)
	if left := w.together.left + len(w.together.asked); left > 0 {
		words += fmt.Sprintf("; %d could not be", left)
	}
	if _, kept := w.returnable(); kept > 0 {
		words += fmt.Sprintf("; %d can't be given back", kept)
	}
	return w.endTogether(words)
}

func changesWords(n int) string { return model.CountNoun(n, "change") }

// stepped goes on after a change of a run, or ends it after one that failed.
func (w *walkScreen) stepped(o model.Outcome) tea.Cmd {
	switch {
	case o.State == model.StepDone:
		w.together.made++
	case o.InPlace():
	case o.State == model.StepSkipped || (w.together.back || w.back != nil) && o.State == model.StepNotAllowed: // what else can be taken back is
		w.together.left++
	default:
		return w.endTogether("it ended there: " + outcomeNotice(o))
	}
	if w.together.stopping {
		return w.endTogether("stopped: " + changesWords(w.together.made) + " made")
	}
	return w.onward()
}

func (w *walkScreen) endTogether(words string) tea.Cmd {
	w.together = nil
	return notice(words)
}

// halt lets a run end after the change that is under way.
func (w *walkScreen) halt() {
	if w.together != nil {
		w.together.stopping = true
	}
}
