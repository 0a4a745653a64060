// Package accessmap draws who may do what for one question: three identities, the repositories, and what is missing.
package accessmap

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/guard"
	"whopulls/model"
	"whopulls/model/picture"
	"whopulls/text/cells"
	"whopulls/tui/ui"
)

// Screen is the access map of one question. It draws the first answer and fills in more as they arrive.
type Screen struct {
	*ui.Session
	Links
	ui.Loader
	question     model.Question
	namesakes    []model.WorkloadName // workloads of the name of one that is not there
	situation    model.Situation
	lastComplete model.Situation // the last one that was read to its end; what is shown when a later reading fails
	diagnosis    model.Diagnosis
	plan         model.Plan
	picture      picture.Picture
	folding      folding
	selected     target                  // under the cursor
	wanted       target                  // what the cursor goes back to once a new reading brings it
	before       map[string]picture.Line // what changed lines were
	userMoved    bool                    // the user chose it; until then the worst check is chosen
	err          error
	offset       int // of the picture
	drawn        drawnMap
	detailOffset int // the first line shown of what is said below it
}

// situationMsg brings what is known so far.
type situationMsg struct {
	to         *Screen
	generation int
	situation  model.Situation
	done       bool
	err        error
	rest       <-chan situationMsg
}

// What the root looks for on a map.
var _ interface {
	ui.Screen
	ui.Resumable
	ui.Questioner
	ui.Copier
	ui.MenuOpener
	ui.Pointable
	ui.Exporter
} = (*Screen)(nil)

// New is the map of a question.
func New(e *ui.Session, links Links, q model.Question) *Screen {
	m := &Screen{Session: e, Links: links, question: q, situation: model.Situation{Question: q}}
	m.Busy = true
	m.diagnose()
	return m
}

// Init reads the question.
func (m *Screen) Init() tea.Cmd {
	if m.hasCompleteRead() {
		return tea.Batch(m.findNamesakes(), m.Answered(m.question, m.situation, m.diagnosis))
	}
	return m.read()
}

// Resume reads again after the walk: a map shows what is, not what was.
func (m *Screen) Resume() tea.Cmd { return m.read() }

// read asks the question again. Answers come faster than frames: a newer situation replaces one not drawn yet.
func (m *Screen) read() tea.Cmd {
	ctx, generation := m.Begin(m.Context)
	m.err, m.before = nil, nil
	q, answers := m.question, make(chan situationMsg, 1)
	return func() tea.Msg {
		guard.Go(func() { m.readInto(ctx, q, generation, answers) })
		return ui.Receive(answers)()
	}
}

func (m *Screen) readInto(ctx context.Context, q model.Question, generation int, answers chan situationMsg) {
	defer close(answers)
	offer := func(msg situationMsg) {
		select {
		case <-answers:
		default:
		}
		answers <- msg
	}
	cloud, err := m.Cloud(ctx)
	if err != nil {
		offer(situationMsg{to: m, generation: generation, err: err, done: true})
		return
	}
	s, err := cloud.Read(ctx, q, m.PlanOptions, func(s model.Situation) {
		offer(situationMsg{to: m, generation: generation, situation: s, rest: answers})
	})
	offer(situationMsg{to: m, generation: generation, situation: s, err: err, done: true})
}

// Update takes what was read so far.
func (m *Screen) Update(msg tea.Msg) tea.Cmd {
	if found, ok := msg.(namesakesMsg); ok && found.to == m && found.generation == m.Generation {
		m.namesakes = found.names
	}
	answer, ok := msg.(situationMsg)
	if !ok || answer.to != m || answer.generation != m.Generation {
		return nil
	}
	if answer.err != nil {
		m.err, m.Busy = answer.err, false
		if m.hasCompleteRead() {
			m.situation = m.lastComplete
			m.diagnose()
		}
		return nil
	}
	m.Busy = !answer.done
	m.situation = answer.situation
	m.diagnose()
	if answer.done {
		if m.hasCompleteRead() {
			m.compare(picture.Of(m.lastComplete, model.Diagnose(m.lastComplete)))
		}
		m.lastComplete = m.situation
		return tea.Batch(ui.EndNotice(stillReading), m.findNamesakes(), m.Answered(m.question, m.situation, m.diagnosis))
	}
	return ui.Receive(answer.rest)
}

// hasCompleteRead reports whether the question was read to its end before.
func (m *Screen) hasCompleteRead() bool { return !m.lastComplete.Time.IsZero() }

// diagnose thinks again about what is known.
func (m *Screen) diagnose() {
	m.diagnosis = model.Diagnose(m.situation)
	m.plan = model.PlanFor(m.situation, m.diagnosis, m.PlanOptions)
	m.picture = picture.Of(m.situation, m.diagnosis)
	if m.wanted != (target{}) && m.isThere(m.wanted) {
		m.selected, m.wanted = m.wanted, target{}
	}
	if !m.userMoved || !m.isThere(m.selected) {
		if m.userMoved && m.wanted == (target{}) {
			m.wanted = m.selected
		}
		m.detailOffset = 0
		m.selected = checkTarget(decidingCheck(m.diagnosis))
		m.unfold(m.selected)
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

// isThere reports whether a target is in the picture.
func (m *Screen) isThere(at target) bool {
	return slices.Contains(targets(m.picture, folding{}), at) || slices.Contains(targets(m.picture, m.folding), at)
}

// unfold opens the lane of a line for good: a lane that closes behind the cursor would move everything below it.
func (m *Screen) unfold(at target) {
	lane := laneOf(m.picture, at)
	if at.check != "" && lane != "" {
		m.setOpen(lane, true)
	}
}

// setOpen opens a lane, or lets it fold.
func (m *Screen) setOpen(lane model.Identity, open bool) {
	if m.folding.open == nil {
		m.folding.open = map[model.Identity]bool{}
	}
	m.folding.open[lane] = open
}

// Handle moves, reads again, or opens another screen.
func (m *Screen) Handle(i ui.Intent) tea.Cmd {
	switch i {
	case ui.IntentReread:
		return m.Retry(m.err, m.read)
	case ui.IntentWalk:
		return m.enter()
	case ui.IntentExplain:
		return ui.Notice(stillUnknown)
	case ui.IntentRegistry:
		return m.openRegistry()
	case ui.IntentUndo:
		return m.undo()
	case ui.IntentKind:
		return m.nextKind()
	}
	m.move(i)
	return nil
}

// move goes through the lines of the picture, and by pages through the text of one.
func (m *Screen) move(i ui.Intent) {
	const page = 3
	switch i {
	case ui.IntentPageUp:
		m.detailOffset -= page
		return
	case ui.IntentPageDown:
		m.detailOffset += page
		return
	}
	all := m.drawnTargets()
	if n := slices.Index(all, m.selected); n >= 0 {
		m.choose(all[ui.MoveCursor(i, n, len(all), 0)])
	}
}

// Bindings are the keys of the map.
func (m *Screen) Bindings() []ui.Binding {
	lines := ui.Binding{Intent: ui.IntentUp, Opposite: ui.IntentDown, Help: "lines and places"}
	reread := ui.Binding{Intent: ui.IntentReread, Help: "refresh"}
	explain := ui.Binding{Intent: ui.IntentExplain, Help: "explain", LongHelp: "explain this line: what, why, what to do"}
	registry := ui.Binding{Intent: ui.IntentRegistry, Help: "registry", LongHelp: "registry: who may pull from here"}
	if _, known := m.Repository(); !known {
		registry = registry.DisabledIf(noRepositoryNotice)
	}
	below := ui.Binding{Intent: ui.IntentPageUp, Opposite: ui.IntentPageDown, Help: "scroll the text below", Hidden: true}
	undo, line := ui.ChangeBinding(ui.IntentUndo, "undo", "asks first", m.whyNoUndo()), ui.BindCopy
	line.Hidden = undo.WhyOff == "" && m.chosen().Verdict == model.Granted // what was just granted was just read, and may be taken back
	reread.Hidden = line.Hidden
	return []ui.Binding{m.enterBinding(), lines, m.kindBinding(), line, m.takeOutBinding(), undo, ui.BindBack, registry, explain, reread, ui.BindQuit, below, ui.PagingBindings[1]}
}

// Breadcrumb is what the question asks about.
func (m *Screen) Breadcrumb() string { return m.Styles.Breadcrumb(ui.QuestionBreadcrumb(m.question)) }

// Close ends the reading.
func (m *Screen) Close() { m.Stop() }

// Knows is the question that the map answers.
func (m *Screen) Knows() model.Question { return m.question }

// How many lines the details get: before the map is cut, before the projects lose their frames, and before the map spreads out.
const (
	minDetailLines    = 4
	framedDetailLines = 7
	roomyDetailLines  = 11
	minOpenHeight     = 28 // below it, granted lanes fold: a terminal of 30 rows has two for the title and the keys
)

// minDetailHeight is how many lines are kept from the map: what to do about a failure is shown whole.
func (m *Screen) minDetailHeight(width int) int {
	if m.err != nil {
		return len(m.detailView(width, 0))
	}
	return minDetailLines - 1 + len(lastLines(m.Styles, m.picture.Unchecked, width))
}

// View draws the map, and below it what is said about the chosen check.
func (m *Screen) View(width, height int) string {
	m.folding.low = height < minOpenHeight
	lines, rows := drawMap(m.Styles, view{m.picture, m.selected, m.folding, m.before}, width, height)
	room := min(len(lines), max(height-m.minDetailHeight(width), 1))
	m.offset = ui.ScrollOffset(rows[m.selected], m.offset, room, len(lines))
	m.drawn = drawnMap{rows, room, len(lines)}
	shown := append([]string(nil), lines[m.offset:m.offset+room]...)
	detail := m.detailView(width, height-room)
	return strings.Join(append(shown, ui.MarkText(detail)...), "\n")
}

// detailView is the verdict's line and what is said about the chosen check.
func (m *Screen) detailView(width, height int) []string {
	var lines []string
	if m.err != nil {
		lines = m.readErrorLines(width)
		if height -= len(lines); !m.hasCompleteRead() || height < minDetailLines {
			return lines
		}
	}
	if absent := m.absentWorkloadText(); absent != "" {
		for _, l := range cells.Wrap(absent, width-3) {
			lines = append(lines, " "+m.Styles.Verdicts[model.Unknown].Render(l))
		}
		height -= len(lines)
	}
	return append(lines, m.visibleDetail(m.detail(width, height), width, height)...)
}

// readErrorLines says why the question could not be read, and of when the map is then.
func (m *Screen) readErrorLines(width int) (lines []string) {
	text := "Could not read: " + m.err.Error() + ". Press " + m.Keys.Symbol(ui.IntentReread, false) + " to try again."
	if m.hasCompleteRead() {
		text += " The map is as it was read at " + m.lastComplete.Time.UTC().Format("15:04") + " UTC."
	}
	for _, l := range cells.Wrap(text, width-3) {
		lines = append(lines, " "+m.Styles.Danger.Render(l))
	}
	return append(lines, m.AdviceLines(m.err, false, "   ", width)...)
}

// visibleDetail is as much of what is said as fits. The first line stays, and what no verdict looks at. There is no line to spare here,
// so what else there is stands at the right of the first one.
func (m *Screen) visibleDetail(d detailText, width, height int) []string {
	room := max(height-1-len(d.last), 1)
	m.detailOffset = max(0, min(m.detailOffset, len(d.body)-room))
	if len(d.body) <= room {
		return slices.Concat([]string{d.title(m.Styles, width)}, d.body, d.last)
	}
	key := ui.IntentPageDown
	if m.detailOffset+room == len(d.body) {
		key = ui.IntentPageUp
	}
	mark := fmt.Sprintf("%d-%d of %d, %s", m.detailOffset+1, m.detailOffset+room, len(d.body), m.Keys.Symbol(key, false))
	head := cells.Justify(d.title(m.Styles, width-2-cells.Width(mark)), m.Styles.Accent.Render(mark), width-1)
	return slices.Concat([]string{head}, d.body[m.detailOffset:m.detailOffset+room], d.last)
}
