package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/handover"
	"whopulls/text"
	"whopulls/tui/ui"
)

// walkScreen goes through the steps of a plan one at a time: shows each as it is, asks, makes the change, and shows what
// a fresh read found.
type walkScreen struct {
	*app
	ui.Loader
	question        model.Question
	runID           string          // the walk, in the journal
	situation       model.Situation // what the plan was made from
	steps           []model.Step
	askPlan         model.Plan // what is to be asked for in addition, and never made from here
	outcomes        map[string]model.Outcome
	undoFailures    map[string]string // why a step that was made could not be taken back, by its id, until that is tried again
	current         int
	offset          int // of the body, when it is longer than the screen
	listOffset      int // the first step shown, when there are many
	writing         bool
	questionPending bool             // a question was asked for, and the cloud is looked at before it is put
	finalDiagnosis  *model.Diagnosis // made again when the last step is settled
	batch           *batch           // a run through several steps; nil: none is under way
	cleanup         *cleanupPart     // what a walk of removals has in addition; nil in the walk of a question
	undoing         *undoPart        // what a walk that takes changes back has in addition
}

// questionMsg brings the question before a step, or why there is none, unless the screen was left meanwhile.
type questionMsg struct {
	to     *walkScreen
	dialog *ui.Dialog
	whyNot string // in place of a question
}

// outcomeMsg says what became of a step.
type outcomeMsg struct {
	to      *walkScreen
	outcome model.Outcome
}

// finalReadMsg brings the diagnosis made after the steps.
type finalReadMsg struct {
	to         *walkScreen
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
} = (*walkScreen)(nil)

func newWalkScreen(e *app, q model.Question, s model.Situation, p model.Plan) *walkScreen {
	w := &walkScreen{app: e, question: q, situation: s, steps: p.Steps, askPlan: model.Plan{Ask: p.Ask}, outcomes: map[string]model.Outcome{}, undoFailures: map[string]string{}}
	if e.opts.NewRunID != nil {
		w.runID = e.opts.NewRunID()
	}
	return w
}

// Init asks at once where one change is to be taken back.
func (w *walkScreen) Init() tea.Cmd {
	if w.undoing != nil && len(w.steps) == 1 {
		return w.askStep()
	}
	return nil
}

func (w *walkScreen) Changing() bool { return w.writing }

func (w *walkScreen) Update(msg tea.Msg) tea.Cmd {
	if w.isQuestionOrYes(msg) {
		return w.handleQuestionOrYes(msg)
	}
	switch msg := msg.(type) {
	case undoneMsg:
		if msg.to == w {
			return w.handleUndone(msg.outcome)
		}
	case outcomeMsg:
		if msg.to == w {
			return w.handleOutcome(msg.outcome)
		}
	case finalReadMsg:
		if msg.to == w && msg.generation == w.Generation {
			w.handleFinalRead(msg)
		}
	}
	return nil
}

func (w *walkScreen) handleOutcome(o model.Outcome) tea.Cmd {
	w.writing = false
	w.outcomes[o.ID] = o
	w.offset = 0
	if o.InPlace() {
		w.applyLocally(o.Step)
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
func (w *walkScreen) advance() tea.Cmd {
	for n := range w.steps {
		i := (w.current + 1 + n) % len(w.steps)
		if _, hasOutcome := w.outcomes[w.steps[i].ID]; !hasOutcome {
			w.current = i
			return nil
		}
	}
	if w.cleanup != nil {
		return nil
	}
	return w.readAgain()
}

// finished reports whether every step has an outcome.
func (w *walkScreen) finished() bool { return len(w.outcomes) == len(w.steps) }

// readAgain reads everything again once the steps are over.
func (w *walkScreen) readAgain() tea.Cmd {
	ctx, generation := w.Begin(w.Context)
	return func() tea.Msg {
		cloud, err := w.awaitCloud(ctx)
		if err != nil {
			return finalReadMsg{to: w, generation: generation, err: err}
		}
		s, err := cloud.Read(ctx, w.question, w.opts.Plan, nil)
		return finalReadMsg{to: w, generation: generation, situation: s, err: err}
	}
}

func (w *walkScreen) handleFinalRead(msg finalReadMsg) {
	w.Busy = false
	if msg.err != nil {
		return
	}
	diagnosis := model.Diagnose(msg.situation)
	w.finalDiagnosis = &diagnosis
	for id, o := range w.outcomes {
		if o.InPlace() {
			o.Effect = model.EffectOf(diagnosis, o.Step)
			w.outcomes[id] = o
		}
	}
}

func (w *walkScreen) Handle(i ui.Intent) tea.Cmd {
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
	case i == ui.IntentRunAll && w.allowsBatch():
		return w.askBatch()
	case i == ui.IntentUndoAll && w.cleanup != nil:
		return w.askUndoAll()
	case i == ui.IntentCopy:
		return ui.CopyCommands(w.steps[w.current].Gcloud)
	case i == ui.IntentHandOver:
		return w.handOver()
	case i == ui.IntentWalk:
		return ui.Pop
	}
	w.scroll(i)
	return nil
}

// whyIgnored says why a key does nothing, or nothing else, now; empty: it does what it is for.
func (w *walkScreen) whyIgnored(i ui.Intent) string {
	switch {
	case w.batch != nil && i == ui.IntentSkip:
		w.Halt()
		return "it stops after this one"
	case w.writing && i != ui.IntentUp && i != ui.IntentDown:
		return oneAtATime
	case w.questionPending && isChange(i):
		return "one question at a time: this one is on its way"
	}
	return ""
}

// isChange reports whether a key is for a change, or leaves one out.
func isChange(i ui.Intent) bool {
	return slices.Contains([]ui.Intent{ui.IntentGrant, ui.IntentSkip, ui.IntentUndo, ui.IntentRunAll, ui.IntentUndoAll}, i)
}

// scroll moves through the steps, and by pages through the text of one.
func (w *walkScreen) scroll(i ui.Intent) {
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

// handOver copies a request for what is not in place, for somebody who may make the changes.
func (w *walkScreen) handOver() tea.Cmd {
	var open []model.Step
	for _, s := range w.steps {
		if o, hasOutcome := w.outcomes[s.ID]; !hasOutcome || !o.InPlace() {
			open = append(open, s)
		}
	}
	if len(open) == 0 {
		return ui.Notice("every step is in place: there is nothing to hand over")
	}
	if w.allowsBatch() {
		return ui.CopyCommands(commandsOf(open))
	}
	d := model.Diagnose(w.situation)
	request := handover.ChangeRequest{Situation: w.situation, Diagnosis: d, Plan: model.Plan{Verdict: d.Verdict, Steps: open, Ask: w.askPlan.Ask}}
	return tea.Batch(tea.SetClipboard(request.Markdown()),
		ui.Notice("sent to the clipboard: a request for "+text.CountNoun(len(open), "step")+", as Markdown"))
}

func (w *walkScreen) skip() tea.Cmd {
	step := w.steps[w.current]
	if o, hasOutcome := w.outcomes[step.ID]; hasOutcome && o.InPlace() {
		return ui.Notice("this step is done")
	}
	w.outcomes[step.ID] = model.SkipReason{Cause: model.CauseSkippedByUser, Why: "you left it out"}.Outcome(step)
	return w.advance()
}

// whyBlocked is why a step can't be made now; empty: it can.
func (w *walkScreen) whyBlocked(step model.Step) string {
	if o, hasOutcome := w.outcomes[step.ID]; hasOutcome && o.InPlace() {
		return "this step is done"
	}
	if w.ReadOnly {
		return w.readOnlyText()
	}
	if step.Allowed != nil && !*step.Allowed {
		return "you may not: it takes " + string(step.Requires[0]) + "; " + w.handOverText() + " for it"
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

func (w *walkScreen) readOnlyText() string {
	return ui.NothingChanged + "; " + w.handOverText()
}

func (w *walkScreen) outcomeList() []model.Outcome {
	var done []model.Outcome
	for _, o := range w.outcomes {
		done = append(done, o)
	}
	return done
}

func (w *walkScreen) Breadcrumb() string {
	if w.cleanup != nil {
		return w.Styles.Breadcrumb(ui.RepositoryBreadcrumb(w.cleanup.repository) + " ▸ clean up")
	}
	if w.undoing != nil {
		return w.Styles.Breadcrumb(ui.QuestionBreadcrumb(w.question) + " ▸ undo")
	}
	return w.Styles.Breadcrumb(ui.QuestionBreadcrumb(w.question) + " ▸ walk")
}

func (w *walkScreen) Close() { w.Stop() }

// Occupied is why nothing may be opened over the walk: what it is about to ask, or to tell, would stand over that.
func (w *walkScreen) Occupied() string {
	switch {
	case w.writing:
		return "a change is being made: paste the text again when it is over"
	case w.questionPending:
		return "a question is on its way: paste the text again after it"
	}
	return ""
}
