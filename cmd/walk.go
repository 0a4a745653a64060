package cmd

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"whopulls/gcp/journal"
	"whopulls/model"
)

// walk goes through the steps of a plan, one after the other.
type walk struct {
	cloud     cloud
	request   request
	notes     *printer // the steps and the questions
	result    *printer // what became of them
	answers   *answers
	now       func() time.Time
	run       string                                   // in the journal
	write     func(model.Step) model.Write             // what the journal is told of a step
	etags     map[model.Resource]string                // that the policies must have still at the first change
	takes     func(model.Step) string                  // what a step asks of whoever makes it, in words
	rehearsed bool                                     // a validate-only deploy was made
	refused   string                                   // what Cloud Run said to it; empty: accepted
	refusals  map[string]model.SkipReason              // why a step is left out from the start, by its id
	look      lastLook                                 // just before a change; nil: none
	doubts    func(context.Context, model.Step) string // what a question says before it is asked; nil: nothing
	quit      bool                                     // the user wants no further step
	total     int                                      // of the steps
	guarded   []model.Confirmation                     // what was not confirmed
	outcomes  []model.Outcome
	warned    map[string]bool      // projects that may be production
	times     map[string]time.Time // when each change was made, by the step's id
}

// lastLook says why a step that was agreed to is left out all the same; none: it is made.
type lastLook func(ctx context.Context, s model.Step) (model.SkipReason, error)

func (p *program) newWalk(c cloud, r request) *walk {
	w := &walk{cloud: c, request: r, notes: p.io.notes(), result: p.io.result(), answers: p.answers,
		now: p.now, takes: requirement, outcomes: []model.Outcome{},
		warned: map[string]bool{}, times: map[string]time.Time{}}
	w.run = journal.NewID()
	w.write = func(s model.Step) model.Write {
		etag := w.etags[s.Resource]
		delete(w.etags, s.Resource)
		return model.Write{Step: s, Run: w.run, Project: r.question.Project, Etag: etag}
	}
	if r.format.document() { // standard output is the document's alone
		w.result = w.notes
	}
	return w
}

// invite says how to answer, where anything will be asked.
func (w *walk) invite() {
	if !w.request.quiet && !w.request.readOnly {
		w.notes.line(text("At each question y makes the change, n or s skips it, q stops."))
	}
}

// take goes through the steps. Where a person is asked that is one after the other; where all are agreed to beforehand,
// those that wait for none are made together. Its error is what ended the walk before its end; what was done by then is
// in it.
func (w *walk) take(ctx context.Context, steps []model.Step) error {
	w.total = len(steps)
	for len(steps) > 0 {
		now, later := steps[:1], steps[1:]
		if w.request.quiet {
			now, later = model.SplitReady(steps)
		}
		if err := w.together(ctx, now); err != nil {
			f := *failureOf(err)
			f.steps = w.outcomes
			return &f
		}
		steps = later
	}
	w.warnConfirmed()
	return nil
}

// warnConfirmed says that what was confirmed is not what wants it.
func (w *walk) warnConfirmed() {
	if len(w.request.confirm) == 0 || terse(w.request.verbosity) {
		return
	}
	for _, g := range w.guarded {
		w.notes.line(span{doubtful, "WARNING:"}, text(" --confirm="+strings.Join(w.request.confirm, " --confirm=")+" is not for "+g.What+", which "+g.Why))
	}
}

// agreed is a step that is to be made, and by what right.
type agreed struct {
	step model.Step
	gate model.Gate
}

// together takes steps that don't wait for each other. What they came to is told in their order.
func (w *walk) together(ctx context.Context, steps []model.Step) error {
	ended := map[string]model.Outcome{}
	var ready []agreed
	var stop error
	for _, s := range steps {
		if !w.refusals[s.ID].IsSet() && !w.quit { // after a q nothing is asked about any more
			w.notes.line()
			viewStep(w.notes, fmt.Sprintf("Step %s of %d: ", s.ID, w.total), s, w.takes(s))
		}
		gate, left, err := w.agree(ctx, s)
		if err == nil && !left.IsSet() && w.look != nil && !w.request.readOnly {
			left, err = w.look(ctx, s)
		}
		if err != nil || left.IsSet() {
			ended[s.ID] = left.Outcome(s)
			stop = cmp.Or(stop, err)
			continue
		}
		ready = append(ready, agreed{s, gate})
	}
	if len(ready) > 0 && stop == nil {
		var made []model.Outcome
		made, stop = w.perform(ctx, ready)
		for _, o := range made {
			ended[o.ID] = o
		}
	}
	for _, s := range steps {
		o, ok := ended[s.ID]
		if !ok {
			o = interrupted.Outcome(s)
		}
		w.outcomes = append(w.outcomes, o)
		viewOutcome(w.result, o)
		w.warnDoubt(o)
	}
	return stop
}

// warnDoubt says, where nobody was asked, that what was taken back may have been somebody else's.
func (w *walk) warnDoubt(o model.Outcome) {
	if w.request.quiet && o.InPlace() && o.Ours != nil && !*o.Ours && !terse(w.request.verbosity) {
		w.notes.line(span{doubtful, "WARNING:"}, text(" step "+o.ID+": "+o.UndoWarning()))
	}
}

// agree gives the gate for a step, or why it is left out.
func (w *walk) agree(ctx context.Context, s model.Step) (g model.Gate, left model.SkipReason, err error) {
	if left := w.refusals[s.ID]; left.IsSet() {
		return g, left, nil
	}
	if o, waits := model.WaitsFor(s, w.outcomes); waits {
		return g, model.SkipReason{Cause: model.CauseWaitsForStep, Why: "it waits for step " + o.ID + ", which is not in place"}, nil
	}
	if err := ctx.Err(); err != nil {
		return g, interrupted, err
	}
	consent, left, err := w.consent(ctx, s)
	if err != nil {
		return g, interrupted, err
	}
	if left.IsSet() {
		return g, left, nil
	}
	confirmed, left, err := w.confirmed(ctx, s, consent)
	return model.Gate{Consent: consent, ReadOnly: w.request.readOnly, Production: w.request.production, Confirmed: confirmed}, left, err
}

// confirmed gives what was confirmed by --confirm, and what a person has typed for a step that wants it. Where nobody can
// be asked the gate refuses.
func (w *walk) confirmed(ctx context.Context, s model.Step, consent model.Consent) (names []string, left model.SkipReason, err error) {
	names = w.request.confirm
	if consent == model.NoConsent {
		return names, left, nil
	}
	target := w.cloud.ProjectOf(ctx, s.Resource)
	guard := (model.Gate{Consent: consent, Production: w.request.production}).RequiredConfirmation(s.Resource, target)
	switch {
	case slices.Contains(names, target.Value.ID), slices.Contains(names, guard.Name):
		return names, left, nil
	case consent != model.PersonSaidYes:
		w.warnUnlabelled(target)
		if guard.Required() && !slices.Contains(w.guarded, guard) {
			w.guarded = append(w.guarded, guard)
		}
		return names, left, nil
	case !guard.Required():
		return names, left, nil
	}
	answer, _, err := w.answers.to(ctx, w.notes, guard.Prompt())
	if err != nil || !isWord(answer, guard.Name) {
		return nil, model.SkipReason{Cause: model.CauseUnconfirmed, Why: guard.What + " " + guard.Why + ", and its " + guard.Noun + " was not typed"}, err
	}
	return append(slices.Clone(names), guard.Name), left, nil
}

// warnUnlabelled says once of a project that nobody could tell whether it is production.
func (w *walk) warnUnlabelled(target model.Fact[model.Project]) {
	id := target.Value.ID
	if target.Read() || w.warned[id] || terse(w.request.verbosity) {
		return
	}
	w.warned[id] = true
	w.notes.line(span{doubtful, "WARNING:"}, text(" whether project "+id+" is production is not known: "+target.Gap.Reason))
}

var interrupted = model.SkipReason{Cause: model.CauseInterrupted, Why: "interrupted"}

// consent finds out who agrees to a step, or why it is left out. A read-only walk asks nobody: the gate refuses anyway.
func (w *walk) consent(ctx context.Context, s model.Step) (c model.Consent, left model.SkipReason, err error) {
	switch {
	case w.quit:
		return model.NoConsent, model.SkipReason{Cause: model.CauseStopped, Why: "you stopped before it"}, nil
	case w.request.readOnly:
		return model.NoConsent, left, nil
	case w.request.quiet && !s.Certain && !w.request.includeUnknown:
		return model.NoConsent, model.SkipReason{Cause: model.CauseUncertain, Why: "it is not sure to be missing; --include-unknown takes it too"}, nil
	case w.request.quiet:
		return model.QuietFlag, left, nil
	}
	return w.ask(ctx, s)
}

func (w *walk) ask(ctx context.Context, s model.Step) (c model.Consent, left model.SkipReason, err error) {
	if !s.Certain {
		w.notes.paragraph(3, text("It may be there already, unseen; it is safe to repeat."))
	}
	if w.doubts != nil {
		if words := w.doubts(ctx, s); words != "" {
			w.notes.paragraph(3, text(words))
		}
	}
	for {
		answer, open, err := w.answers.to(ctx, w.notes, question(s))
		switch {
		case err != nil:
			return model.NoConsent, left, err
		case !open, isWord(answer, "q", "quit"):
			w.quit = true
			return model.NoConsent, model.SkipReason{Cause: model.CauseStopped, Why: "you stopped here"}, nil
		case isWord(answer, "y", "yes"):
			return model.PersonSaidYes, left, nil
		case isWord(answer, "", "n", "no", "s", "skip"):
			return model.NoConsent, model.SkipReason{Cause: model.CauseSkippedByUser, Why: "you left it out"}, nil
		}
		w.notes.line(text("Answer y to make the change, n or s to skip it, q to stop."))
	}
}

var verbs = map[model.StepKind]string{model.StepEnableAPI: "Enable this?", model.StepCreateAgent: "Create this?", model.StepRevoke: "Remove this?"}

func question(s model.Step) string {
	verb, ok := verbs[s.Kind]
	if !ok {
		verb = "Grant this?"
	}
	return verb + " [y/N]"
}

// perform makes changes that were agreed to alike: by a person only one at a time. An error of the cloud is in the
// outcomes' messages already, unless the walk was interrupted.
func (w *walk) perform(ctx context.Context, ready []agreed) ([]model.Outcome, error) {
	said := make(chan struct{})
	quiet := context.AfterFunc(ctx, func() { // a change that has begun is brought to its end
		defer close(said)
		w.notes.line(text("Interrupted: what is under way is finished first."))
	})
	writes := make([]model.Write, len(ready))
	for i, a := range ready {
		writes[i] = w.write(a.step)
	}
	outcomes, err := w.cloud.Perform(ctx, ready[0].gate, writes)
	if !quiet() {
		<-said
	}
	for _, a := range ready {
		w.times[a.step.ID] = w.now()
	}
	if ctx.Err() != nil {
		return outcomes, err
	}
	return outcomes, nil
}

// changed tells whether anything may be other than before.
func (w *walk) changed() bool {
	for _, o := range w.outcomes {
		if o.InPlace() || o.State == model.StepFailed {
			return true
		}
	}
	return false
}

// effects says of each change what the reading after it shows of its effect.
func (w *walk) effects(after finding) {
	for i, o := range w.outcomes {
		if o.InPlace() {
			w.outcomes[i].Effect = w.effect(after, o.Step)
		}
	}
}
