package tui

import (
	"slices"
	"strings"
	"unicode"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/pasted"
	"whopulls/tui/explain"
	"whopulls/tui/pick"
	"whopulls/tui/ui"
)

// handlePaste opens the screen that answers what was pasted, on whichever screen that is. A short text stays where letters are
// text. A question takes it only into the line in which a word is typed; enter is still the answer. Where a question is on its way,
// or a change, nothing is opened over it.
func (r *root) handlePaste(msg tea.PasteMsg) tea.Cmd {
	switch {
	case r.tooSmall():
		return nil
	case r.dialog != nil:
		r.dialog.TypePaste(msg.Content)
		return nil
	}
	r.forget()
	t := pasted.Recognize(msg.Content)
	if t.Kind == pasted.Unknown && explain.IsFailureText(msg.Content, true) {
		t.Kind, t.Opens = pasted.Failure, pasted.ScreenFailure // one that nobody has seen yet
	}
	switch {
	case r.palette != nil && pasted.IsWord(msg.Content):
		return r.palette.HandleText(msg)
	case r.palette == nil && r.staysText(t, msg.Content):
		return r.handlePastedText(t, msg)
	case t.Opens == pasted.ScreenNone:
		return ui.Notice(t.Summary)
	case r.Occupied() != "":
		return ui.Notice(r.Occupied() + ": paste the text again after it")
	}
	r.showHelp = false
	r.closePalette()
	if r.noConnection != nil && t.Opens != pasted.ScreenFailure {
		return r.keepPasted(t, msg.Content)
	}
	return r.openPasted(t, msg.Content)
}

// staysText reports whether a pasted text is for the line of the screen on top. It is a word to filter by, or an answer to what
// is asked.
func (r *root) staysText(t pasted.Thing, content string) bool {
	top := r.top()
	answers, _ := top.(ui.PasteAnswer)
	if _, takesText := r.textScreen(); !takesText || r.showHelp {
		return answers != nil && !r.showHelp && answers.IsAnswer(t, content)
	}
	switch t.Kind {
	case pasted.Unknown:
		return !strings.Contains(content, "://")
	case pasted.Failure:
		_, readsFailures := top.(*explain.Screen)
		return readsFailures || !explain.IsFailureText(content, true)
	}
	if answers != nil && answers.IsAnswer(t, content) {
		return true
	}
	return pasted.IsWord(content) && strings.ContainsFunc(content, unicode.IsLetter)
}

// textScreen is the screen on top, where letters are text now.
func (r *root) textScreen() (t ui.TextScreen, ok bool) {
	t, ok = r.top().(ui.TextScreen)
	if p, partly := t.(ui.PartTextScreen); partly && !p.Typing() {
		return nil, false
	}
	return t, ok
}

// handlePastedText gives a text to the line of the screen on top. Of one that looks like an address it says what can be used.
func (r *root) handlePastedText(t pasted.Thing, msg tea.PasteMsg) tea.Cmd {
	cmd := r.top().(ui.TextScreen).HandleText(msg)
	if _, readsAll := r.top().(*explain.Screen); t.Kind == pasted.Unknown && strings.ContainsAny(msg.Content, "/:@") && !readsAll {
		r.say(t.Summary)
	}
	return cmd
}

// openPasted opens the screen that answers a thing, and says what it was taken for. That of an error message says it itself.
func (r *root) openPasted(t pasted.Thing, content string) tea.Cmd {
	known := r.knownSoFar()
	q := r.questionOfPasted(t, known)
	screens := r.answeringScreens(t, content, q, known)
	answer := screens[len(screens)-1]
	r.opened = &openedPaste{t.Summary, answer, func() tea.Cmd { return r.openPasted(t, content) }}
	return func() tea.Msg { return ui.PushMsg{Screen: answer, Notice: takenFor(t, q.Project)} }
}

// openFirst begins with the screen that answers the text of the command line.
func (r *root) openFirst(t pasted.Thing, q model.Question) {
	for _, s := range r.stack {
		s.Close()
	}
	r.stack = r.answeringScreens(t, r.opts.Pasted, q, q)
	r.opened = &openedPaste{t.Summary, r.stack[len(r.stack)-1], func() tea.Cmd {
		r.openFirst(t, q)
		return r.top().Init()
	}}
	r.say(takenFor(t, q.Project))
}

// takenFor says what a text was taken for, and what is left to choose where no project is known. It is empty where the screen
// that opens says it itself.
func takenFor(t pasted.Thing, project string) string {
	if t.Opens == pasted.ScreenFailure {
		return ""
	}
	return "taken for: " + t.SummaryIn(project)
}

// questionOfPasted is what a thing asks. The project of an image, and what runs it, is that of the screens so far.
func (r *root) questionOfPasted(t pasted.Thing, known model.Question) model.Question {
	q := t.Question()
	if q.Project == "" && t.Workload == nil && !q.Image.IsZero() {
		q.Project, q.Workload = known.Project, known.Workload
	}
	q.Strict, q.Deployer = r.opts.Question.Strict, r.opts.Question.Deployer
	return q
}

// answeringScreens are the screen that answers a thing, and those below it where the way begins with it. What the
// question leaves open is asked.
func (e *app) answeringScreens(t pasted.Thing, content string, q, known model.Question) []ui.Screen {
	p := e.picking()
	if t.Workload != nil && t.Workload.Region == "" && !t.IsNew() {
		p.WantedWorkload = t.Workload.Name
	}
	switch {
	case t.Opens == pasted.ScreenFailure:
		return append(pick.FirstScreens(p, q), e.openExplain(known, content))
	case t.Opens == pasted.ScreenRegistry && q.Project == "":
		return append(pick.FirstScreens(p, model.Question{Strict: q.Strict, Deployer: q.Deployer}), e.openRegistry(model.StaleInRepository(t.Repository), nil))
	case t.Opens == pasted.ScreenPick && t.IsNew() && q.Project != "":
		return append(pick.FirstScreens(p, q), pick.NewImageScreen(p, q))
	}
	return pick.FirstScreens(p, q)
}

// Occupied is why nothing may be opened over the screen on top; empty: it may.
func (r *root) Occupied() string {
	if w, ok := r.top().(ui.Occupiable); ok {
		return w.Occupied()
	}
	return ""
}

// knownSoFar is what the screens so far have found out.
func (r *root) knownSoFar() model.Question {
	for _, s := range slices.Backward(r.stack) {
		if a, ok := s.(ui.Questioner); ok && a.Knows().Project != "" {
			return a.Knows()
		}
	}
	return model.Question{}
}

// WorksOffline reports whether a screen is of use without a connection.
func worksOffline(s ui.Screen) bool {
	o, ok := s.(ui.Offline)
	return ok && o.WorksOffline()
}

// backFromNoConnection leads back to a text that was read without a connection.
func (r *root) backFromNoConnection() tea.Cmd {
	for depth := len(r.stack) - 1; depth > 0; depth-- {
		if worksOffline(r.stack[depth-1]) {
			return r.unwind(depth)
		}
	}
	return ui.Notice(firstScreenNotice)
}

const firstScreenNotice = "this is the first screen; ctrl+c leaves"
