// Package walk goes through the steps of a plan in lines, for grant, undo and stale remove. It shows each step, asks, makes
// a [model.Gate] of the answer, and has the change made. Afterwards it looks whether the change has an effect.
package walk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"whopulls/cmd/connect"
	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/gcp/journal"
	"whopulls/guard"
	"whopulls/model"
)

// Cloud makes changes. ProjectOf says which project a change concerns, for model.Gate.
type Cloud interface {
	ProjectOf(ctx context.Context, r model.Resource) model.Fact[model.Project]
	Perform(ctx context.Context, g model.Gate, ws []model.Write) ([]model.Outcome, error)
}

// Walk goes through the steps of a plan, one after the other.
type Walk struct {
	// What a command may set before Run.
	Confirmed       []string                                 // names of --confirm
	IncludeUnknown  bool                                     // with --quiet: also steps that are not sure to be missing
	Etags           map[model.Resource]string                // that the policies must have still at the first change
	Omissions       map[string]model.SkipReason              // why a step is left out from the start, by its id
	PermissionsText func(model.Step) string                  // the permissions that a step needs, in words
	NewWrite        func(model.Step) model.Write             // what the journal records about a step
	Recheck         RecheckFunc                              // just before a change; nil: none
	UndoWarning     func(context.Context, model.Step) string // what a question says before it is asked; nil: nothing

	// What a command may read after it.
	RunID         string           // in the journal
	Out           *console.Printer // what became of the steps
	Outcomes      []model.Outcome
	DryRunRefusal string // what Cloud Run said to a validate-only deploy; empty: accepted

	cloud          Cloud
	request        options.Request
	notes          *console.Printer // the steps and the questions
	input          *console.Input
	now            func() time.Time
	dryRunMade     bool                 // a validate-only deploy was made
	quit           bool                 // the user wants no further step
	total          int                  // of the steps
	unconfirmed    []model.Confirmation // what was not confirmed
	warnedProjects map[string]bool      // projects that may be production
	doneAt         map[string]time.Time // when each change was made, by the step's id
}

// RecheckFunc says why a step that was agreed to is left out all the same; none: it is made.
type RecheckFunc func(ctx context.Context, s model.Step) (model.SkipReason, error)

// New gives a walk with nothing done yet. It asks through input, and speaks to people through the streams.
func New(c Cloud, r options.Request, s console.Streams, input *console.Input, now func() time.Time) *Walk {
	w := &Walk{cloud: c, request: r, notes: s.ErrPrinter(), Out: s.OutPrinter(), input: input,
		now: now, PermissionsText: view.HeldPermissions, Outcomes: []model.Outcome{},
		warnedProjects: map[string]bool{}, doneAt: map[string]time.Time{}}
	w.RunID = journal.NewID()
	w.NewWrite = func(step model.Step) model.Write {
		etag := w.Etags[step.Resource]
		delete(w.Etags, step.Resource)
		return model.Write{Step: step, Run: w.RunID, Project: r.Question.Project, Etag: etag}
	}
	if r.Format.IsDocument() { // standard output is the document's alone
		w.Out = w.notes
	}
	return w
}

// ExplainAnswers says how to answer, where anything will be asked.
func (w *Walk) ExplainAnswers() {
	if !w.request.Quiet && !w.request.ReadOnly {
		w.notes.Line(console.Text("At each question y makes the change, n or s skips it, q stops."))
	}
}

// Run goes through the steps. Where a person is asked that is one after the other; where all are agreed to beforehand,
// those that wait for none are made together. Its error is what ended the walk before its end; what was done by then is
// in it.
func (w *Walk) Run(ctx context.Context, steps []model.Step) error {
	w.total = len(steps)
	for len(steps) > 0 {
		ready, waiting := steps[:1], steps[1:]
		if w.request.Quiet {
			ready, waiting = model.SplitReady(steps)
		}
		if err := w.runGroup(ctx, ready); err != nil {
			f := *connect.AsUserError(err)
			f.Steps = w.Outcomes
			return &f
		}
		steps = waiting
	}
	w.warnUnusedConfirm()
	return nil
}

// warnUnusedConfirm says that what was confirmed is not what wants it.
func (w *Walk) warnUnusedConfirm() {
	if len(w.Confirmed) == 0 || w.request.HidesWarnings() {
		return
	}
	for _, g := range w.unconfirmed {
		w.notes.Line(console.Doubtful.Text("WARNING:"), console.Text(" --confirm="+strings.Join(w.Confirmed, " --confirm=")+" is not for "+g.What+", which "+g.Why))
	}
}

// authorizedStep is a step that is to be made, and by what right.
type authorizedStep struct {
	step model.Step
	gate model.Gate
}

// runGroup takes steps that don't wait for each other. The outcomes are shown in their order.
func (w *Walk) runGroup(ctx context.Context, steps []model.Step) error {
	outcomes := map[string]model.Outcome{}
	var ready []authorizedStep
	var firstErr error
	for _, s := range steps {
		if !w.Omissions[s.ID].IsSet() && !w.quit { // after a q nothing is asked about any more
			w.notes.Line()
			view.Step(w.notes, fmt.Sprintf("Step %s of %d: ", s.ID, w.total), s, w.PermissionsText(s))
		}
		gate, omission, err := w.authorize(ctx, s)
		if err == nil && !omission.IsSet() && w.Recheck != nil && !w.request.ReadOnly {
			omission, err = w.Recheck(ctx, s)
		}
		if err != nil || omission.IsSet() {
			outcomes[s.ID] = omission.Outcome(s)
			firstErr = cmp.Or(firstErr, err)
			continue
		}
		ready = append(ready, authorizedStep{s, gate})
	}
	if len(ready) > 0 && firstErr == nil {
		var made []model.Outcome
		made, firstErr = w.perform(ctx, ready)
		for _, o := range made {
			outcomes[o.ID] = o
		}
	}
	for _, s := range steps {
		o, ok := outcomes[s.ID]
		if !ok {
			o = interrupted.Outcome(s)
		}
		w.Outcomes = append(w.Outcomes, o)
		view.Outcome(w.Out, o)
		w.warnMaybeForeign(o)
	}
	return firstErr
}

// warnMaybeForeign says, where nobody was asked, that what was taken back may have been somebody else's.
func (w *Walk) warnMaybeForeign(o model.Outcome) {
	if w.request.Quiet && o.InPlace() && o.Ours != nil && !*o.Ours && !w.request.HidesWarnings() {
		w.notes.Line(console.Doubtful.Text("WARNING:"), console.Text(" step "+o.ID+": "+o.UndoWarning()))
	}
}

// authorize gives the gate for a step, or why it is left out.
func (w *Walk) authorize(ctx context.Context, s model.Step) (g model.Gate, omission model.SkipReason, err error) {
	if omission := w.Omissions[s.ID]; omission.IsSet() {
		return g, omission, nil
	}
	if o, waits := model.WaitsFor(s, w.Outcomes); waits {
		return g, model.SkipReason{Cause: model.CauseWaitsForStep, Why: "it waits for step " + o.ID + ", which is not in place"}, nil
	}
	if err := ctx.Err(); err != nil {
		return g, interrupted, err
	}
	consent, omission, err := w.obtainConsent(ctx, s)
	if err != nil {
		return g, interrupted, err
	}
	if omission.IsSet() {
		return g, omission, nil
	}
	confirmed, omission, err := w.confirm(ctx, s, consent)
	return model.Gate{Consent: consent, ReadOnly: w.request.ReadOnly, Production: w.request.Production, Confirmed: confirmed}, omission, err
}

// confirm gives what was confirmed by --confirm, and what a person has typed for a step that wants it. Where nobody can
// be asked the gate refuses.
func (w *Walk) confirm(ctx context.Context, s model.Step, consent model.Consent) (names []string, omission model.SkipReason, err error) {
	names = w.Confirmed
	if consent == model.NoConsent {
		return names, omission, nil
	}
	project := w.cloud.ProjectOf(ctx, s.Resource)
	guard := (model.Gate{Consent: consent, Production: w.request.Production}).RequiredConfirmation(s.Resource, project)
	switch {
	case slices.Contains(names, project.Value.ID), slices.Contains(names, guard.Name):
		return names, omission, nil
	case consent != model.PersonSaidYes:
		w.warnUnlabelled(project)
		if guard.Required() && !slices.Contains(w.unconfirmed, guard) {
			w.unconfirmed = append(w.unconfirmed, guard)
		}
		return names, omission, nil
	case !guard.Required():
		return names, omission, nil
	}
	answer, _, err := w.input.Prompt(ctx, w.notes, guard.Prompt())
	if err != nil || !console.IsOneOf(answer, guard.Name) {
		return nil, model.SkipReason{Cause: model.CauseUnconfirmed, Why: guard.What + " " + guard.Why + ", and its " + guard.Noun + " was not typed"}, err
	}
	return append(slices.Clone(names), guard.Name), omission, nil
}

// warnUnlabelled warns once that nobody knows whether a project is production.
func (w *Walk) warnUnlabelled(project model.Fact[model.Project]) {
	id := project.Value.ID
	if project.Read() || w.warnedProjects[id] || w.request.HidesWarnings() {
		return
	}
	w.warnedProjects[id] = true
	w.notes.Line(console.Doubtful.Text("WARNING:"), console.Text(" whether project "+id+" is production is not known: "+project.Gap.Reason))
}

var interrupted = model.SkipReason{Cause: model.CauseInterrupted, Why: "interrupted"}

// obtainConsent finds out who agrees to a step, or why it is left out. A read-only walk asks nobody: the gate refuses anyway.
func (w *Walk) obtainConsent(ctx context.Context, s model.Step) (c model.Consent, omission model.SkipReason, err error) {
	switch {
	case w.quit:
		return model.NoConsent, model.SkipReason{Cause: model.CauseStopped, Why: "you stopped before it"}, nil
	case w.request.ReadOnly:
		return model.NoConsent, omission, nil
	case w.request.Quiet && !s.Certain && !w.IncludeUnknown:
		return model.NoConsent, model.SkipReason{Cause: model.CauseUncertain, Why: "it is not sure to be missing; --include-unknown takes it too"}, nil
	case w.request.Quiet:
		return model.QuietFlag, omission, nil
	}
	return w.askConsent(ctx, s)
}

func (w *Walk) askConsent(ctx context.Context, s model.Step) (c model.Consent, omission model.SkipReason, err error) {
	if !s.Certain {
		w.notes.Paragraph(3, console.Text("It may be there already, unseen; it is safe to repeat."))
	}
	if w.UndoWarning != nil {
		if warning := w.UndoWarning(ctx, s); warning != "" {
			w.notes.Paragraph(3, console.Text(warning))
		}
	}
	for {
		answer, open, err := w.input.Prompt(ctx, w.notes, stepQuestion(s))
		switch {
		case err != nil:
			return model.NoConsent, omission, err
		case !open, console.IsOneOf(answer, "q", "quit"):
			w.quit = true
			return model.NoConsent, model.SkipReason{Cause: model.CauseStopped, Why: "you stopped here"}, nil
		case console.IsOneOf(answer, "y", "yes"):
			return model.PersonSaidYes, omission, nil
		case console.IsOneOf(answer, "", "n", "no", "s", "skip"):
			return model.NoConsent, model.SkipReason{Cause: model.CauseSkippedByUser, Why: "you left it out"}, nil
		}
		w.notes.Line(console.Text("Answer y to make the change, n or s to skip it, q to stop."))
	}
}

var stepQuestions = map[model.StepKind]string{model.StepEnableAPI: "Enable this?", model.StepCreateAgent: "Create this?", model.StepRevoke: "Remove this?"}

func stepQuestion(s model.Step) string {
	verb, ok := stepQuestions[s.Kind]
	if !ok {
		verb = "Grant this?"
	}
	return verb + " [y/N]"
}

// perform makes changes that were agreed to alike: by a person only one at a time. An error of the cloud is in the
// outcomes' messages already, unless the walk was interrupted.
func (w *Walk) perform(ctx context.Context, ready []authorizedStep) ([]model.Outcome, error) {
	noted := make(chan struct{})
	cancelNote := context.AfterFunc(ctx, guard.Func(func() { // a change that has begun is brought to its end
		defer close(noted)
		w.notes.Line(console.Text("Interrupted: what is under way is finished first."))
	}))
	writes := make([]model.Write, len(ready))
	for i, a := range ready {
		writes[i] = w.NewWrite(a.step)
	}
	outcomes, err := w.cloud.Perform(ctx, ready[0].gate, writes)
	if !cancelNote() {
		<-noted
	}
	for _, a := range ready {
		w.doneAt[a.step.ID] = w.now()
	}
	if ctx.Err() != nil {
		return outcomes, err
	}
	return outcomes, nil
}

// MayHaveChanged reports whether anything may be other than before.
func (w *Walk) MayHaveChanged() bool {
	for _, o := range w.Outcomes {
		if o.InPlace() || o.State == model.StepFailed {
			return true
		}
	}
	return false
}

// recordEffects records for each change what the reading after it shows of its effect.
func (w *Walk) recordEffects(after view.Assessment) {
	for i, o := range w.Outcomes {
		if o.InPlace() {
			w.Outcomes[i].Effect = w.effectOf(after, o.Step)
		}
	}
}
