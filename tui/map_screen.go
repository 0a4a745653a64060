package tui

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// mapScreen is the access map of one question. It draws from the first answer on and fills as more arrive.
type mapScreen struct {
	*app
	loader
	question     model.Question
	namesakes    []model.WorkloadName // workloads of the name of one that is not there
	listedImage  string               // the image that the list had of the workload: asked about where the workload itself can't be read
	situation    model.Situation
	lastComplete model.Situation // the last one that was read to its end; what is shown when a later reading fails
	diagnosis    model.Diagnosis
	plan         model.Plan
	picture      picture
	selected     string // id of the chosen check
	userMoved    bool   // the user chose it; until then the worst check is chosen
	err          error
	offset       int // of the picture
	detailOffset int // the first line shown of what is said below it
}

// situationMsg brings what is known so far.
type situationMsg struct {
	to         *mapScreen
	generation int
	situation  model.Situation
	done       bool
	err        error
	rest       <-chan situationMsg
}

func newMapScreen(e *app, q model.Question) *mapScreen {
	m := &mapScreen{app: e, question: q, situation: model.Situation{Question: q}}
	m.busy = true
	m.diagnose()
	return m
}

func (m *mapScreen) init() tea.Cmd { return m.read() }

// resume reads again after the walk: a map shows what is, not what was.
func (m *mapScreen) resume() tea.Cmd { return m.read() }

// read asks the question anew.
func (m *mapScreen) read() tea.Cmd { return m.readFor(m.question) }

// readFor asks a question. Answers come faster than frames: a newer situation replaces one not drawn yet.
func (m *mapScreen) readFor(q model.Question) tea.Cmd {
	ctx, generation := m.begin(m.ctx)
	m.err = nil
	answers := make(chan situationMsg, 1)
	return func() tea.Msg {
		go m.readInto(ctx, q, generation, answers)
		return receive(answers)()
	}
}

func (m *mapScreen) readInto(ctx context.Context, q model.Question, generation int, answers chan situationMsg) {
	defer close(answers)
	offer := func(msg situationMsg) {
		select {
		case <-answers:
		default:
		}
		answers <- msg
	}
	cloud, err := m.awaitCloud(ctx)
	if err != nil {
		offer(situationMsg{to: m, generation: generation, err: err, done: true})
		return
	}
	s, err := cloud.Read(ctx, q, m.opts.Plan, func(s model.Situation) {
		offer(situationMsg{to: m, generation: generation, situation: s, rest: answers})
	})
	offer(situationMsg{to: m, generation: generation, situation: s, err: err, done: true})
}

func (m *mapScreen) update(msg tea.Msg) tea.Cmd {
	if found, ok := msg.(namesakesMsg); ok && found.to == m && found.generation == m.generation {
		m.namesakes = found.names
	}
	answer, ok := msg.(situationMsg)
	if !ok || answer.to != m || answer.generation != m.generation {
		return nil
	}
	if answer.err != nil {
		m.err, m.busy = answer.err, false
		if m.hasCompleteRead() {
			m.situation = m.lastComplete
			m.diagnose()
		}
		return nil
	}
	if m.lacksImage(answer.situation) {
		q := m.question
		q.Image = m.listedImage
		return m.readFor(q)
	}
	m.busy = !answer.done
	m.situation = answer.situation
	m.diagnose()
	if answer.done {
		m.lastComplete = m.situation
		return tea.Batch(notice(""), m.findNamesakes()) // "still reading" is over
	}
	return receive(answer.rest)
}

// hasCompleteRead tells whether the question was read to its end before.
func (m *mapScreen) hasCompleteRead() bool { return !m.lastComplete.Time.IsZero() }

// lacksImage tells whether the workload can't be read, so that its own images, which the question left to it, stay unknown.
func (m *mapScreen) lacksImage(s model.Situation) bool {
	return m.listedImage != "" && s.Question.Image == "" && s.Workload.State == model.FactGap
}

// diagnose thinks again about what is known.
func (m *mapScreen) diagnose() {
	m.diagnosis = model.Diagnose(m.situation)
	m.plan = model.PlanFor(m.situation, m.diagnosis, m.opts.Plan)
	m.picture = newPicture(m.diagnosis, m.situation)
	if !m.userMoved || !hasCheck(m.diagnosis, m.selected) {
		m.detailOffset = 0
		m.selected = decidingCheck(m.diagnosis)
	}
}

// decidingCheck gives the check that gives the diagnosis its verdict: the pull if it is one of them, or when nothing is wrong.
func decidingCheck(d model.Diagnosis) string {
	if pull, _ := d.CheckByID(model.CheckPull); pull.Verdict == d.Verdict {
		return model.CheckPull
	}
	for _, c := range d.Checks {
		if c.Verdict == d.Verdict && c.Verdict != model.Granted && !c.Pending() {
			return c.ID
		}
	}
	return model.CheckPull
}

// checkIDs lists the checks from top to bottom, as they are drawn.
func (p picture) checkIDs() []string {
	ids := []string{p.api.ID}
	for _, l := range p.lanes {
		for _, line := range l.lines {
			ids = append(ids, line.check.ID)
		}
	}
	for _, t := range p.repositories {
		for _, line := range t.images {
			ids = append(ids, line.check.ID)
		}
	}
	return ids
}

func (m *mapScreen) handle(i intent) tea.Cmd {
	switch i {
	case intentReread:
		return m.retry(m.err, m.read)
	case intentCopy:
		return m.copy()
	case intentWalk:
		return m.openWalk()
	case intentExplain:
		return push(newExplainScreen(m.app, m.question, ""))
	case intentCleanUp:
		return m.openCleanup()
	case intentUndo:
		return m.openUndo()
	case intentKind:
		return m.nextKind()
	}
	m.move(i)
	return nil
}

// move goes through the lines of the picture, and by pages through what is said of one.
func (m *mapScreen) move(i intent) {
	const page = 3
	switch i {
	case intentPageUp:
		m.detailOffset -= page
		return
	case intentPageDown:
		m.detailOffset += page
		return
	}
	ids := m.picture.checkIDs()
	for n, id := range ids {
		if id == m.selected {
			m.selected, m.userMoved, m.detailOffset = ids[moveCursor(i, n, len(ids), 0)], true, 0
			break
		}
	}
}

// openWalk starts when the reading is over: steps made from half the facts would be guesses.
func (m *mapScreen) openWalk() tea.Cmd {
	if m.busy || len(m.plan.Steps) == 0 {
		return notice(m.whyNoWalk())
	}
	return push(newWalkScreen(m.app, m.situation.Question, m.situation, m.plan))
}

// whyNoWalk says why there is no step to walk through.
func (m *mapScreen) whyNoWalk() string {
	chosen, _ := m.diagnosis.CheckByID(m.selected)
	switch {
	case m.busy:
		return "still reading: the steps are known when everything has arrived"
	case m.diagnosis.Verdict == model.Granted:
		return "nothing to do: everything that is needed is granted"
	case len(m.plan.Ask) > 0:
		return "nothing to do here: what would help is to be asked for; the line of each check says of whom"
	case chosen.Verdict == model.Granted:
		return "no change of a policy mends what is not granted; its line says what does"
	}
	return "no change of a policy mends this; the chosen line says what does"
}

// noRepositoryNotice is why there is nothing to clean up.
const noRepositoryNotice = "no repository of Artifact Registry is known here"

// copy puts the command of the chosen line's step on the clipboard.
func (m *mapScreen) copy() tea.Cmd {
	if s := cmp.Or(m.step(m.selected), stepClosing(m.plan.Ask, m.selected)); s != nil {
		return copyCommands(s.Gcloud)
	}
	return notice("no step belongs to this line: there is no command to copy")
}

// step is the step that closes a check.
func (m *mapScreen) step(check string) *model.Step { return stepClosing(m.plan.Steps, check) }

// stepClosing is the step among several that closes a check.
func stepClosing(steps []model.Step, check string) *model.Step {
	for i, s := range steps {
		if s.Check == check || slices.Contains(s.Closes, check) {
			return &steps[i]
		}
	}
	return nil
}

func (m *mapScreen) bindings() []binding {
	walk := binding{intent: intentWalk, help: walkHelp(len(m.plan.Steps))}
	if len(m.plan.Steps) == 0 {
		walk = walk.disabledIf(m.whyNoWalk())
	}
	lines := binding{intent: intentUp, opposite: intentDown, help: "lines"}
	reread := binding{intent: intentReread, help: "reread"}
	explain := binding{intent: intentExplain, help: "explain", longHelp: "explain a failure text"}
	cleanUp := binding{intent: intentCleanUp, help: "clean up", longHelp: "clean up: who else may read this repository"}
	if _, known := m.repository(); !known {
		cleanUp = cleanUp.disabledIf(noRepositoryNotice)
	}
	below := binding{intent: intentPageUp, opposite: intentPageDown, help: "scroll the text below", hidden: true}
	undo := changeBinding(intentUndo, "undo", "asks first", m.whyNoUndo())
	return []binding{walk, lines, m.kindBinding(), bindCopy, undo, bindBack, cleanUp, explain, reread, bindQuit, below, pagingBindings[1]}
}

func walkHelp(steps int) string {
	if steps == 0 {
		return "walk through the steps"
	}
	return "walk through " + model.CountNoun(steps, "step")
}

// breadcrumb says the verdict of the whole, and of what.
func (m *mapScreen) breadcrumb() string {
	verdict := m.styles.dim.Render("reading …")
	switch v := m.diagnosis.Verdict; {
	case m.err != nil && m.hasCompleteRead():
		verdict = m.styles.verdicts[model.Unknown].Render(verdictSigns[model.Unknown] + " not read again")
	case m.err != nil:
		verdict = m.styles.verdicts[model.Unknown].Render(verdictSigns[model.Unknown] + " not read")
	case !m.busy:
		verdict = m.styles.verdicts[v].Render(verdictSigns[v] + " " + string(v))
	}
	return verdict + m.styles.breadcrumb("  "+questionBreadcrumb(m.question))
}

func (m *mapScreen) close() { m.stop() }

func (m *mapScreen) knows() model.Question { return m.question }

// minDetailLines is how many lines the detail is given before the map is cut, roomy how many before the map spreads out.
const (
	minDetailLines   = 5
	roomyDetailLines = 11
)

// minDetailHeight is how many lines are kept from the map: what to do about a failure is shown whole.
func (m *mapScreen) minDetailHeight(width int) int {
	if m.err != nil {
		return len(m.detailView(width, 0))
	}
	return minDetailLines
}

func (m *mapScreen) view(width, height int) string {
	lines, at := drawMap(m.styles, m.picture, m.selected, width, height-roomyDetailLines)
	room := min(len(lines), max(height-m.minDetailHeight(width), 1))
	m.offset = scrollOffset(at, m.offset, room, len(lines))
	shown := append([]string(nil), lines[m.offset:m.offset+room]...)
	detail := m.detailView(width, height-room)
	return strings.Join(append(shown, detail...), "\n")
}

// detailView is the verdict's line and what is said about the chosen check.
func (m *mapScreen) detailView(width, height int) []string {
	var lines []string
	if m.err != nil {
		lines = m.readErrorLines(width)
		if height -= len(lines); !m.hasCompleteRead() || height < minDetailLines {
			return lines
		}
	}
	if absent := m.absentWorkloadText(); absent != "" {
		for _, l := range wrap(absent, width-3) {
			lines = append(lines, " "+m.styles.verdicts[model.Unknown].Render(l))
		}
		height -= len(lines)
	}
	c, _ := m.diagnosis.CheckByID(m.selected)
	detail := checkDetail(m.styles, c, m.diagnosis, m.plan, width, height)
	return append(lines, m.visibleDetail(detail, width, height)...)
}

// readErrorLines says why the question could not be read, and of when the map is then.
func (m *mapScreen) readErrorLines(width int) (lines []string) {
	text := "Could not read: " + m.err.Error() + ". Press " + m.keys.symbol(intentReread, false) + " to try again."
	if m.hasCompleteRead() {
		text += " The map is as it was read at " + m.lastComplete.Time.UTC().Format("15:04") + " UTC."
	}
	for _, l := range wrap(text, width-3) {
		lines = append(lines, " "+m.styles.danger.Render(l))
	}
	return append(lines, m.adviceLines(m.err, "   ", width)...)
}

// visibleDetail is as much of what is said as fits. There is no line to spare here, so what else there is stands at the right of
// the first one, which stays.
func (m *mapScreen) visibleDetail(lines []string, width, height int) []string {
	rest, room := lines[1:], max(height-1, 1)
	m.detailOffset = max(0, min(m.detailOffset, len(rest)-room))
	if len(rest) <= room {
		return lines
	}
	key := intentPageDown
	if m.detailOffset+room == len(rest) {
		key = intentPageUp
	}
	mark := fmt.Sprintf("%d-%d of %d, %s", m.detailOffset+1, m.detailOffset+room, len(rest), m.keys.symbol(key, false))
	head := justify(lines[0], m.styles.accent.Render(mark), width-1)
	return append([]string{head}, rest[m.detailOffset:m.detailOffset+room]...)
}
