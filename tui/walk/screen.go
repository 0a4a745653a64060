// Package walk goes through steps that change something: it shows each as it is, asks, makes it, and shows what became of it. What the
// steps are for is the walk's Purpose.
package walk

import (
	"context"
	"maps"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/text"
	"whopulls/tui/ui"
)

// Screen goes through steps one at a time. It shows each as it is, asks, makes the change, and shows what a
// fresh read found.
type Screen struct {
	*ui.Session
	ui.Loader
	links           Links
	purpose         Purpose
	situation       model.Situation // what the steps were made from, and what was made of it since
	steps           []model.Step
	askPlan         model.Plan // what is to be asked for in addition, and never made from here
	reread          func(ctx context.Context) (model.Situation, error)
	outcomes        map[string]model.Outcome
	undoFailures    map[string]string // why a step that was made could not be taken back, by its id, until that is tried again
	current         int
	offset          int // of the body, when it is longer than the screen
	listOffset      int // the first step shown, when there are many
	listRoom        int // how many steps were drawn last
	writing         bool
	questionPending bool             // a question was asked for, and the cloud is looked at before it is put
	finalDiagnosis  *model.Diagnosis // made again when the last step is settled
	batch           *batch           // a run through several steps; nil: none is under way
	after           *aftermath       // what is watched once the steps are made; nil: nothing is
	madeAt          time.Time        // when the last change was made
	deployedBefore  *model.Readiness // what the workload said when the walk was opened; nil: it was not read, or never deployed
	readFailure     error            // why the last reading after the steps failed
}

// questionMsg brings the question before a step, or why there is none, unless the screen was left meanwhile.
type questionMsg struct {
	to     *Screen
	dialog *ui.Dialog
	whyNot string // in place of a question
}

// outcomeMsg says what became of a step.
type outcomeMsg struct {
	to      *Screen
	undoes  string // the journal's entry that it takes back; empty: none
	outcome model.Outcome
}

// finalReadMsg brings the diagnosis made after the steps.
type finalReadMsg struct {
	to         *Screen
	generation int
	situation  model.Situation
	err        error
}

// What the root looks for on a walk.
var _ interface {
	ui.Screen
	ui.ChangeMaker
	ui.Stoppable
	ui.Occupiable
	ui.Copier
	ui.MenuOpener
	ui.Pointable
	ui.Exporter
	ui.Watcher
} = (*Screen)(nil)

// New opens a walk.
func New(session *ui.Session, links Links, t Task) *Screen {
	first := slices.IndexFunc(t.Steps, func(s model.Step) bool { return s.ID == t.First })
	return &Screen{Session: session, links: links, purpose: t.Purpose, situation: t.Situation, steps: t.Steps, current: max(first, 0), askPlan: model.Plan{Ask: t.Ask},
		deployedBefore: t.Situation.Workload.Value.Condition,
		reread:         t.ReadAgain, outcomes: map[string]model.Outcome{}, undoFailures: map[string]string{}}
}

// Init asks at once where one change is to be taken back.
func (w *Screen) Init() tea.Cmd {
	if len(w.steps) == 1 && w.takesBack(w.steps[0]) {
		return w.askStep()
	}
	return nil
}

// takesBack reports whether a step takes back a change that was made before.
func (w *Screen) takesBack(s model.Step) bool { return w.purpose.Write(s).Undoes != "" }

// asksForAll reports whether all steps can be made after one yes. The others are asked about one by one.
func (w *Screen) asksForAll() bool {
	_, ok := w.purpose.(Batcher)
	return ok
}

// Changing reports whether a change is under way.
func (w *Screen) Changing() bool { return w.writing }

// Update takes questions, answers, and what became of changes.
func (w *Screen) Update(msg tea.Msg) tea.Cmd {
	if w.isQuestionOrYes(msg) {
		return w.handleQuestionOrYes(msg)
	}
	switch msg := msg.(type) {
	case undoneMsg:
		if msg.to == w {
			return w.handleUndone(msg.outcome)
		}
		w.noteTakenBack(msg.undoes, msg.outcome)
	case outcomeMsg:
		if msg.to == w {
			return w.handleOutcome(msg.outcome)
		}
		w.noteTakenBack(msg.undoes, msg.outcome)
	case finalReadMsg:
		if msg.to == w && msg.generation == w.Generation {
			return w.handleFinalRead(msg)
		}
	case lookMsg:
		if msg.to == w.after {
			return w.look(msg.waited)
		}
	case rehearsedMsg:
		if msg.to == w.after {
			w.after.rehearsal = &msg.rehearsal
		}
	}
	return nil
}

func (w *Screen) handleOutcome(o model.Outcome) tea.Cmd {
	w.writing = false
	w.outcomes[o.ID] = o
	w.offset = 0
	if o.InPlace() {
		w.applyLocally(o.Step)
		w.madeAt = time.Now()
	}
	switch {
	case w.batch != nil:
		return w.batchStepDone(o)
	case o.State == model.StepSkipped: // by the last look
		return tea.Batch(w.advance(), ui.Notice(text.Clean(o.Message)))
	case !o.InPlace():
		return nil
	}
	return w.advance()
}

// advance goes to the next open step; after the last one everything is read again.
func (w *Screen) advance() tea.Cmd {
	for n := range w.steps {
		i := (w.current + 1 + n) % len(w.steps)
		if _, hasOutcome := w.outcomes[w.steps[i].ID]; !hasOutcome {
			w.current = i
			return nil
		}
	}
	return w.readAgain()
}

// applyLocally keeps the policies as the steps leave them, so that the next step is shown against that.
func (w *Screen) applyLocally(step model.Step) {
	fact := w.situation.Policies[step.Resource]
	if !w.asksForAll() || !fact.Read() {
		return
	}
	w.situation.Policies = maps.Clone(w.situation.Policies)
	w.situation.Policies[step.Resource] = model.Known(fact.Value.Apply(fact.Value.EditFor(step)))
}

// finished reports whether every step has an outcome.
func (w *Screen) finished() bool { return len(w.outcomes) == len(w.steps) }

// readAgain reads everything again once the steps are over, unless the screen that opened the walk does.
func (w *Screen) readAgain() tea.Cmd {
	if w.reread == nil {
		return nil
	}
	ctx, generation := w.Begin(w.Context)
	return func() tea.Msg {
		s, err := w.reread(ctx)
		return finalReadMsg{to: w, generation: generation, situation: s, err: err}
	}
}

func (w *Screen) handleFinalRead(msg finalReadMsg) tea.Cmd {
	w.Busy, w.readFailure = false, msg.err
	if msg.err != nil {
		return w.watch(w.situation) // with what is known, until another reading succeeds
	}
	diagnosis := model.Diagnose(msg.situation)
	w.finalDiagnosis = &diagnosis
	for id, o := range w.outcomes {
		if o.InPlace() {
			o.Effect = model.EffectOf(diagnosis, o.Step)
			w.outcomes[id] = o
		}
	}
	return w.watch(msg.situation)
}

// Handle does what a key is for, or says why not.
func (w *Screen) Handle(i ui.Intent) tea.Cmd {
	if why := w.whyIgnored(i); why != "" {
		return ui.Notice(why)
	}
	switch {
	case i == ui.IntentGrant:
		return w.askStep()
	case i == ui.IntentSkip:
		return w.skip()
	case i == ui.IntentUndo:
		return w.askUndo()
	case i == ui.IntentRunAll && w.asksForAll():
		return w.askBatch()
	case i == ui.IntentWalk:
		return ui.Pop
	case i == ui.IntentReread:
		return w.readAgain()
	case i == ui.IntentRehearse:
		return w.rehearse()
	}
	w.scroll(i)
	return nil
}

// whyIgnored says why a key does nothing, or nothing else, now; empty: it does what it is for.
func (w *Screen) whyIgnored(i ui.Intent) string {
	switch {
	case w.batch != nil && i == ui.IntentSkip:
		w.Halt()
		return "it stops after this one"
	case w.writing && i != ui.IntentUp && i != ui.IntentDown:
		return oneAtATime
	case w.questionPending && standsOver(i):
		return "one question at a time: this one is on its way"
	}
	return ""
}

// standsOver reports whether a key is for a change, leaves one out, or opens what the question would stand over.
func standsOver(i ui.Intent) bool {
	return slices.Contains([]ui.Intent{ui.IntentGrant, ui.IntentSkip, ui.IntentUndo, ui.IntentRunAll, ui.IntentExplain}, i)
}

// scroll moves through the steps, and by pages through the text of one.
func (w *Screen) scroll(i ui.Intent) {
	const page = 5
	switch i {
	case ui.IntentPageUp:
		w.offset -= page
	case ui.IntentPageDown:
		w.offset += page
	default:
		w.current, w.offset = ui.MoveCursor(i, w.current, len(w.steps), page), 0
	}
}

func (w *Screen) skip() tea.Cmd {
	step := w.steps[w.current]
	if o, hasOutcome := w.outcomes[step.ID]; hasOutcome && o.InPlace() {
		return ui.Notice("this step is done")
	}
	w.outcomes[step.ID] = model.SkipReason{Cause: model.CauseSkippedByUser, Why: "you left it out"}.Outcome(step)
	return w.advance()
}

// whyBlocked is why a step can't be made now; empty: it can.
func (w *Screen) whyBlocked(step model.Step) string {
	if o, hasOutcome := w.outcomes[step.ID]; hasOutcome && o.InPlace() {
		return "this step is done"
	}
	if w.ReadOnly {
		return w.readOnlyText()
	}
	if step.Allowed != nil && !*step.Allowed {
		return "you lack " + string(step.Requires[0]) + "; " + w.takeOutText() + " for it"
	}
	if first, waits := model.WaitsFor(step, w.outcomeList()); waits {
		return "step " + first.ID + " comes first"
	}
	for _, s := range w.steps {
		if _, hasOutcome := w.outcomes[s.ID]; !hasOutcome && s.ID != step.ID {
			if _, waits := model.WaitsFor(step, []model.Outcome{{Step: s}}); waits {
				return "step " + s.ID + " comes first"
			}
		}
	}
	return ""
}

func (w *Screen) readOnlyText() string {
	return ui.NothingChanged + "; " + w.takeOutText()
}

func (w *Screen) outcomeList() []model.Outcome {
	var done []model.Outcome
	for _, o := range w.outcomes {
		done = append(done, o)
	}
	return done
}

// Breadcrumb is where the walk is.
func (w *Screen) Breadcrumb() string { return w.Styles.Breadcrumb(w.purpose.Trail()) }

// Close ends the reading, unless it is to show the effect of what was granted. A change that has begun is finished.
func (w *Screen) Close() {
	if !w.Unproven() {
		w.Stop()
	}
}

// Occupied is why nothing may be opened over the walk: what it is about to ask, or to tell, would stand over that.
func (w *Screen) Occupied() string {
	switch {
	case w.writing:
		return "a change is being made"
	case w.questionPending:
		return "a question is on its way"
	}
	return ""
}
