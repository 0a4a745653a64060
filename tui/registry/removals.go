package registry

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/model/explanation"
	"whopulls/text"
	"whopulls/text/signs"
	"whopulls/tui/ui"
	"whopulls/tui/walk"
)

// What the walk looks for on this purpose.
var _ interface {
	walk.Batcher
	walk.Rechecker
} = removals{}

// removals is the purpose of taking bindings away, or of replacing them by what is enough.
type removals struct {
	*Recheck
	session *ui.Session
	scope   model.Question
	levels  []model.Ancestor // above the scope
	steps   []model.Step
}

func newRemovals(session *ui.Session, look *Recheck, scope model.Question, levels []model.Ancestor, steps []model.Step) removals {
	return removals{Recheck: look, session: session, scope: scope, levels: levels, steps: steps}
}

// Trail is what is cleaned up.
func (r removals) Trail() string { return trail(r.scope, r.levels) + signs.Within + "clean up" }

// BackTo is the screen that the bindings were selected on.
func (r removals) BackTo() string { return "the list" }

// Write names the project whose agent the member is.
func (r removals) Write(s model.Step) model.Write {
	return model.Write{Step: s, Project: r.Bindings[s.ID].Owner}
}

// StepTitle has nothing before the member that the steps have in common: the member tells them apart.
func (r removals) StepTitle(s model.Step) string {
	verb, to := "Remove ", " from "
	if s.Kind == model.StepGrant {
		verb, to = "Grant ", " to "
	}
	on := ""
	if r.scope.Scope.Kind() != model.KindRepository || s.Resource != r.scope.Scope {
		on = " on " + model.Describe(s.Resource, r.levels)
	}
	return verb + ui.ShortRole(s.Role) + on + to + ui.MemberName(s.Member)
}

// Explain explains the binding, and once that is gone the change.
func (r removals) Explain(s model.Step, _ model.Situation, fate explanation.Fate) (line string, x explanation.Explanation) {
	b, known := r.Bindings[s.ID]
	if !known || fate != explanation.Planned {
		return r.StepTitle(s), explanation.OfChange(s, b.Owner, fate)
	}
	return r.StepTitle(s), explanation.OfBinding(b, r.levels, false)
}

// Headline says how far the removals are.
func (r removals) Headline(p walk.Progress) walk.Headline {
	words := removalVerbs(r.steps)
	switch {
	case p.TakingBack:
		return p.TakingBackHeadline()
	case p.InBatch:
		return walk.Headline{Words: words.doing + " " + signs.More, Details: p.Count() + " done; each is judged again first"}
	case p.ReadOnly:
		return walk.Headline{Words: "What would be " + words.done, Details: p.Count() + " done; " + ui.NothingChanged}
	case !p.Finished:
		return walk.Headline{Words: "What is " + words.done, Details: p.Count() + " done; each asks, and is judged again then"}
	case p.AllDone():
		return walk.Headline{Words: signs.Granted + " " + words.done, Verdict: model.Granted, Details: p.Count() + " done; " + r.undoText(p)}
	}
	return walk.Headline{Words: signs.Skipped + " over", Details: p.Count() + " done; each step says what became of it"}
}

// undoText says how the removals are taken back: one by one, or as one. It promises nothing where that failed before.
func (r removals) undoText(p walk.Progress) string {
	if p.NotUndone > 0 {
		return fmt.Sprintf("%d could not be taken back: %s says why", p.NotUndone, ui.ItOrEach("it", "each", p.NotUndone))
	}
	one := r.session.Keys.Symbol(ui.IntentUndo, false) + " takes the chosen one back"
	switch p.Undoable {
	case 0:
		return "nothing of it can be given back"
	case 1:
		return one
	}
	return r.session.Keys.Symbol(ui.IntentUndo, false) + " takes back the chosen one, or all of them"
}

// BatchWords ask once for every removal that is left.
func (r removals) BatchWords(steps []model.Step) walk.BatchWords {
	verbs := removalVerbs(steps)
	b := walk.BatchWords{Question: "Make what is left of the clean-up in one run?", Yes: verbs.verb + " all", Done: verbs.done,
		Why:          "Each is judged again just before: what is used by then stays. A change that fails ends the run.",
		UndoQuestion: "Take the clean-up back in one run?"}
	for _, more := range []string{r.irrevocableText(steps), r.worstCaution(steps)} {
		if more != "" {
			b.Why += " " + more
		}
	}
	return b
}

// irrevocableText says what of the removals can't be given back.
func (r removals) irrevocableText(steps []model.Step) string {
	gone, dying := 0, 0
	for _, s := range steps {
		switch {
		case s.Member.Deleted():
			gone++
		case r.Bindings[s.ID].Status == model.StaleDying:
			dying++
		}
	}
	var words []string
	if gone > 0 {
		words = append(words, walk.IrrecoverableText(gone))
	}
	if dying > 0 {
		words = append(words, text.CountNoun(dying, "binding")+" of projects that are being deleted can't be given back once those are gone.")
	}
	return strings.Join(words, " ")
}

// worstCaution is the caution that says most of what the removals may do: that of an agent that is in use.
func (r removals) worstCaution(steps []model.Step) (caution string) {
	for _, s := range steps {
		if s.Caution != "" && r.Bindings[s.ID].Status != model.StaleIdle {
			return s.Caution
		}
		caution = cmp.Or(caution, s.Caution)
	}
	return caution
}

// verbForms say what is done to bindings.
type verbForms struct{ verb, doing, done string }

// removalVerbs gives the words for some steps. Where a binding is replaced, one is granted too.
func removalVerbs(steps []model.Step) verbForms {
	if slices.ContainsFunc(steps, func(s model.Step) bool { return s.Kind == model.StepGrant }) {
		return verbForms{"change", "Changing", "changed"}
	}
	return verbForms{"remove", "Removing", "removed"}
}
