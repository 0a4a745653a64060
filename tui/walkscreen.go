package tui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// walkScreen goes through the steps of a plan one at a time: shows each as it is, asks, makes the change, and tells what
// a fresh read showed.
type walkScreen struct {
	*env
	reading
	question  model.Question
	run       string          // the walk, in the journal
	situation model.Situation // what the plan was made from
	steps     []model.Step
	ask       model.Plan // what is to be asked for beside them, and never made from here
	outcomes  map[string]model.Outcome
	stuck     map[string]string // why a step that was made could not be taken back, by its id, until that is tried again
	current   int
	offset    int // of the body, when it is longer than the screen
	listed    int // the first step shown, when there are many
	writing   bool
	asked     bool             // a question was asked for, and the cloud is looked at before it is put
	after     *model.Diagnosis // made anew when the last step is settled
	together  *together        // a run through several steps; nil: none is under way
	cleanup   *cleanup         // what a walk of removals has beside; nil in the walk of a question
	back      *back            // what a walk has beside that takes changes back
}

// askingMsg brings the question before a step, or why there is none, unless the screen was left meanwhile.
type askingMsg struct {
	to     *walkScreen
	dialog *dialog
	why    string // in place of a question
}

// outcomeMsg tells what became of a step.
type outcomeMsg struct {
	to      *walkScreen
	outcome model.Outcome
}

// afterMsg brings the diagnosis made after the steps.
type afterMsg struct {
	to         *walkScreen
	generation int
	situation  model.Situation
	err        error
}

func newWalkScreen(e *env, q model.Question, s model.Situation, p model.Plan) *walkScreen {
	w := &walkScreen{env: e, question: q, situation: s, steps: p.Steps, ask: model.Plan{Ask: p.Ask}, outcomes: map[string]model.Outcome{}, stuck: map[string]string{}}
	if e.opts.Run != nil {
		w.run = e.opts.Run()
	}
	return w
}

// init asks at once where one change is to be taken back.
func (w *walkScreen) init() tea.Cmd {
	if w.back != nil && len(w.steps) == 1 {
		return w.askGrant()
	}
	return nil
}

func (w *walkScreen) changing() bool { return w.writing }

func (w *walkScreen) update(msg tea.Msg) tea.Cmd {
	if w.asks(msg) {
		return w.answered(msg)
	}
	switch msg := msg.(type) {
	case undoneMsg:
		if msg.to == w {
			return w.undone(msg.outcome)
		}
	case outcomeMsg:
		if msg.to == w {
			return w.settle(msg.outcome)
		}
	case afterMsg:
		if msg.to == w && msg.generation == w.generation {
			w.finish(msg)
		}
	}
	return nil
}

func (w *walkScreen) settle(o model.Outcome) tea.Cmd {
	w.writing = false
	w.outcomes[o.ID] = o
	w.offset = 0
	if o.InPlace() {
		w.follow(o.Step)
	}
	switch {
	case w.together != nil:
		return w.stepped(o)
	case o.State == model.StepSkipped: // by the last look
		return tea.Batch(w.advance(), notice(clean(o.Message)))
	case !o.InPlace():
		return nil
	}
	return w.advance()
}

// advance goes to the next open step; after the last one everything is read again.
func (w *walkScreen) advance() tea.Cmd {
	for n := range w.steps {
		i := (w.current + 1 + n) % len(w.steps)
		if _, over := w.outcomes[w.steps[i].ID]; !over {
			w.current = i
			return nil
		}
	}
	if w.cleanup != nil {
		return nil
	}
	return w.look()
}

// over tells whether every step has an outcome.
func (w *walkScreen) over() bool { return len(w.outcomes) == len(w.steps) }

// look reads everything again once the steps are over.
func (w *walkScreen) look() tea.Cmd {
	ctx, generation := w.begin(w.ctx)
	return func() tea.Msg {
		cloud, err := w.cloud(ctx)
		if err != nil {
			return afterMsg{to: w, generation: generation, err: err}
		}
		s, err := cloud.Read(ctx, w.question, w.opts.Plan, nil)
		return afterMsg{to: w, generation: generation, situation: s, err: err}
	}
}

func (w *walkScreen) finish(msg afterMsg) {
	w.busy = false
	if msg.err != nil {
		return
	}
	after := model.Diagnose(msg.situation)
	w.after = &after
	for id, o := range w.outcomes {
		if o.InPlace() {
			o.Effect = model.EffectOf(after, o.Step)
			w.outcomes[id] = o
		}
	}
}

func (w *walkScreen) handle(i intent) tea.Cmd {
	if why := w.holding(i); why != "" {
		return notice(why)
	}
	switch {
	case i == intentGrant:
		return w.askGrant()
	case i == intentSkip:
		return w.skip()
	case i == intentUndo:
		return w.askUndo()
	case i == intentTogether && w.several():
		return w.askTogether()
	case i == intentUndoAll && w.cleanup != nil:
		return w.askUndoAll()
	case i == intentCopy:
		return copyCommands(w.steps[w.current].Gcloud)
	case i == intentHandOver:
		return w.handOver()
	case i == intentWalk:
		return pop
	}
	w.scroll(i)
	return nil
}

// holding says why a key does nothing, or nothing else, now; empty: it does what it is for.
func (w *walkScreen) holding(i intent) string {
	switch {
	case w.together != nil && i == intentSkip:
		w.halt()
		return "it stops after this one"
	case w.writing && i != intentUp && i != intentDown:
		return oneAtATime
	case w.asked && alters(i):
		return "one question at a time: this one is on its way"
	}
	return ""
}

// alters tells whether a key is for a change, or leaves one out.
func alters(i intent) bool {
	return slices.Contains([]intent{intentGrant, intentSkip, intentUndo, intentTogether, intentUndoAll}, i)
}

// scroll moves through the steps, and by pages through what is said of one.
func (w *walkScreen) scroll(i intent) {
	const page = 5
	switch i {
	case intentPageUp:
		w.offset -= page
	case intentPageDown:
		w.offset += page
	default:
		w.current, w.offset = moved(i, w.current, len(w.steps), page), 0
	}
}

// handOver copies a request for what is not in place, for somebody who may make the changes.
func (w *walkScreen) handOver() tea.Cmd {
	var open []model.Step
	for _, s := range w.steps {
		if o, over := w.outcomes[s.ID]; !over || !o.InPlace() {
			open = append(open, s)
		}
	}
	if len(open) == 0 {
		return notice("every step is in place: there is nothing to hand over")
	}
	if w.several() {
		return copyCommands(commandsOf(open))
	}
	d := model.Diagnose(w.situation)
	request := model.ChangeRequest{Situation: w.situation, Diagnosis: d, Plan: model.Plan{Verdict: d.Verdict, Steps: open, Ask: w.ask.Ask}}
	return tea.Batch(tea.SetClipboard(request.Markdown()),
		notice("sent to the clipboard: a request for "+model.CountNoun(len(open), "step")+", as Markdown"))
}

func (w *walkScreen) skip() tea.Cmd {
	step := w.steps[w.current]
	if o, over := w.outcomes[step.ID]; over && o.InPlace() {
		return notice("this step is done")
	}
	w.outcomes[step.ID] = model.SkipReason{Cause: model.CauseSkippedByUser, Why: "you left it out"}.Outcome(step)
	return w.advance()
}

// askGrant says why not, or asks; "no" is what is chosen when it asks.
func (w *walkScreen) askGrant() tea.Cmd {
	step := w.steps[w.current]
	if why := w.hindrance(step); why != "" {
		return notice(why)
	}
	return w.lookFirst(notice(lookingAtOne), func() tea.Msg { return w.asking(step) })
}

// lookingAtOne is said until the question before a step is there.
const lookingAtOne = "looking at the project that the step changes …"

// lookFirst looks at the cloud before a question. Until it is put no other is.
func (w *walkScreen) lookFirst(said, look tea.Cmd) tea.Cmd {
	w.asked = true
	return tea.Sequence(said, look)
}

// asking is the dialog before a step.
func (w *walkScreen) asking(step model.Step) tea.Msg {
	d, sure := stepDialog(step, stepVerb(step)), false
	if entry := w.entryOf(step); entry != "" {
		d.yes = "take back"
		sure = w.doubts(d, step, entry)
	}
	return w.confirming(d, []model.Step{step}, func(confirmed string) tea.Msg { return grantMsg{w, step, confirmed, sure} })
}

func stepDialog(step model.Step, verb string) *dialog {
	return &dialog{title: stepQuestion(step), what: step.Title + ".", why: consequences(step), whom: whom(step), yes: verb}
}

// confirming asks for a yes to some steps. For what looks like production or reaches every project beneath a name has to be
// typed, and that is one name, so steps that want several are not asked for at once.
func (w *walkScreen) confirming(d *dialog, steps []model.Step, yes func(confirmed string) tea.Msg) tea.Msg {
	cloud, err := w.cloud(w.ctx)
	if err != nil {
		return askingMsg{to: w, why: model.ErrorWithHint(err)}
	}
	looked := map[model.Resource]bool{}
	for _, step := range steps {
		if looked[step.Resource] {
			continue
		}
		looked[step.Resource] = true
		target := cloud.ProjectOf(w.ctx, step.Resource)
		switch guard := w.gate("").RequiredConfirmation(step.Resource, target); {
		case !guard.Required():
		case d.guard.Required() && d.guard.Name != guard.Name:
			return askingMsg{to: w, why: "these steps want more than one name to be typed: make them one by one"}
		default:
			d.guard = guard
		}
	}
	d.onYes = func() tea.Msg { return yes(d.guard.Name) }
	return askingMsg{to: w, dialog: d}
}

// gate is that of a person's yes.
func (w *walkScreen) gate(confirmed string) model.Gate {
	return model.Gate{Consent: model.PersonSaidYes, ReadOnly: w.opts.ReadOnly, Production: w.opts.Production, Confirmed: []string{confirmed}}
}

// hindrance is why a step can't be made now; empty: it can.
func (w *walkScreen) hindrance(step model.Step) string {
	if o, over := w.outcomes[step.ID]; over && o.InPlace() {
		return "this step is done"
	}
	if w.opts.ReadOnly {
		return w.readOnlyWords()
	}
	if step.Allowed != nil && !*step.Allowed {
		return "you may not: it takes " + string(step.Requires[0]) + "; " + w.handsOver() + " for it"
	}
	if first, waits := model.WaitsFor(step, w.done()); waits {
		return "step " + first.ID + " comes first"
	}
	for _, s := range w.steps {
		if _, over := w.outcomes[s.ID]; !over && s.ID != step.ID {
			if _, waits := model.WaitsFor(step, []model.Outcome{{Step: s}}); waits {
				return "step " + s.ID + " comes first"
			}
		}
	}
	return ""
}

// nothingChanged is why a key for a change asks nothing.
const nothingChanged = "read-only: nothing is changed"

func (w *walkScreen) readOnlyWords() string {
	return nothingChanged + "; " + w.handsOver()
}

func (w *walkScreen) done() []model.Outcome {
	var done []model.Outcome
	for _, o := range w.outcomes {
		done = append(done, o)
	}
	return done
}

// stepQuestion names what a yes would change.
func stepQuestion(s model.Step) string {
	switch s.Kind {
	case model.StepEnableAPI:
		return "Enable an API in " + s.Resource.Project() + "?"
	case model.StepCreateAgent:
		return "Create the service agent of " + s.Resource.Project() + "?"
	}
	return "Change the policy of " + clean(model.Describe(s.Resource, nil)) + "?"
}

// stepVerb is what a step does, in a word.
func stepVerb(s model.Step) string {
	switch s.Kind {
	case model.StepEnableAPI:
		return "enable"
	case model.StepCreateAgent:
		return "create"
	case model.StepRevoke:
		return "remove"
	}
	return "grant"
}

func (w *walkScreen) crumb() string {
	if w.cleanup != nil {
		return w.looks.crumb(repositoryCrumb(w.cleanup.repository) + " ▸ clean up")
	}
	if w.back != nil {
		return w.looks.crumb(questionCrumb(w.question) + " ▸ undo")
	}
	return w.looks.crumb(questionCrumb(w.question) + " ▸ walk")
}

func (w *walkScreen) close() { w.stop() }

// occupied is why nothing may be opened over the walk: what it is about to ask, or to tell, would stand over that.
func (w *walkScreen) occupied() string {
	switch {
	case w.writing:
		return "a change is being made: paste the text again when it is over"
	case w.asked:
		return "a question is on its way: paste the text again after it"
	}
	return ""
}
