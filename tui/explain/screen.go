// Package explain reads an error message on the screen: who lacks what, what to do, and the map to draw for it.
package explain

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/failure"
	"whopulls/model/pasted"
	language "whopulls/model/words"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// Screen shows what an error message says: which identity is at fault, and what to do. Its fields correct what the map
// will be drawn for.
type Screen struct {
	speaker
	ui.Loader
	links      Links
	knownSoFar model.Question // what the screens before had found out
	text       string
	failure    failure.Failure
	fields     fields

	offset int // the first line shown of the reading
}

// What the root looks for on this screen.
var _ interface {
	ui.Screen
	ui.TextScreen
	ui.Offline
	ui.Resumable
	ui.Copier
	ui.Pointable
} = (*Screen)(nil)

// Links lead to what the screen needs of others.
type Links struct {
	OpenMap func(q model.Question) ui.Screen
	// ReadProject asks Google Cloud which project a number is. It gives the zero value where there is no answer.
	ReadProject func(ctx context.Context, number string) model.Project
}

// New is the screen of a text, which may be empty. knownSoFar fills in what the text does not say.
func New(e *ui.Session, links Links, known model.Question, text string) *Screen {
	s := &Screen{speaker: speaker{e}, links: links, knownSoFar: known, fields: newFields(speaker{e})}
	s.setText(text)
	return s
}

// Init asks for the ID of a project that the text names by its number.
func (s *Screen) Init() tea.Cmd { return s.readProject() }

// Resume asks again: there may be a connection by now.
func (s *Screen) Resume() tea.Cmd { return s.readProject() }

// Update takes the ID of a project.
func (s *Screen) Update(msg tea.Msg) tea.Cmd {
	if msg, ok := msg.(projectMsg); ok && msg.screen == s && msg.generation == s.Generation {
		s.Busy = false
		s.nameProject(msg.project)
	}
	return nil
}

// WorksOffline says that reading a text needs no connection.
func (s *Screen) WorksOffline() bool { return true }

// Close ends the reading.
func (s *Screen) Close() { s.Stop() }

// Breadcrumb says that an error message is shown.
func (s *Screen) Breadcrumb() string { return s.Styles.Breadcrumb(s.translate(sayBreadcrumb)) }

func (s *Screen) setText(text string) tea.Cmd {
	text = lineEnds.Replace(text)
	s.text, s.failure, s.offset = text, failure.Read(text).Translated(s.Language), 0
	s.fields.setQuestion(s.suggestedQuestion())
	return s.readProject()
}

// IsAnswer reports whether a pasted thing is the value of a field.
func (s *Screen) IsAnswer(pasted.Thing, string) bool { return s.fields.focus != noField }

// HandleText takes a paste whole; letters are added, for a terminal that pastes as if it typed. In a field both are its value,
// but for another error message.
func (s *Screen) HandleText(msg tea.Msg) tea.Cmd {
	paste, isPaste := msg.(tea.PasteMsg)
	key, pressed := msg.(tea.KeyPressMsg)
	switch {
	case s.fields.focus != noField && (!isPaste || !IsFailureText(paste.Content, true)):
		s.fields.handleText(msg)
	case isPaste:
		return s.setText(paste.Content)
	case pressed && key.Text != "":
		return s.setText(s.text + key.Text)
	}
	return nil
}

// Handle opens the map, moves between the fields, or scrolls.
func (s *Screen) Handle(i ui.Intent) tea.Cmd {
	switch i {
	case ui.IntentChoose:
		return s.drawMap()
	case ui.IntentLeaveField:
		s.fields.focusOn(noField)
	case ui.IntentClear:
		return s.clear()
	default:
		if by, moves := map[ui.Intent]int{ui.IntentDown: 1, ui.IntentUp: -1}[i]; moves && s.failure.IsDiagnosable() {
			s.fields.moveFocus(by)
			break
		}
		s.offset = ui.MoveCursor(i, s.offset, maxExplanationLines, explanationPage)
	}
	return nil
}

// Point gives the cursor to a field that was clicked.
func (s *Screen) Point(at ui.Spot) (tea.Cmd, ui.Intent) {
	if at.Pane == ui.PaneRows {
		s.fields.focusOn(at.Row)
	}
	return nil, ""
}

// Wheel scrolls the reading.
func (s *Screen) Wheel(_ ui.Spot, lines int) tea.Cmd {
	s.offset = max(0, min(s.offset+lines, maxExplanationLines))
	return nil
}

// clear empties what takes the letters.
func (s *Screen) clear() tea.Cmd {
	if s.fields.focus == noField {
		return s.setText("")
	}
	s.fields.inputs[s.fields.focus].SetValue("")
	return nil
}

// drawMap opens the map, or the field that keeps it from being drawn.
func (s *Screen) drawMap() tea.Cmd {
	switch {
	case strings.TrimSpace(s.text) == "":
		return ui.Notice(s.translate(sayPasteFirst))
	case !s.failure.IsDiagnosable():
		return ui.Notice(s.translate(sayNoMap))
	}
	q, wrong, why := s.question()
	if wrong != noField {
		s.fields.focusOn(wrong)
		return ui.Notice(why)
	}
	return ui.Push(s.links.OpenMap(q))
}

// mayDraw reports whether the text and the fields say enough for a map.
func (s *Screen) mayDraw() bool {
	_, wrong, _ := s.question()
	return s.failure.IsDiagnosable() && wrong == noField
}

// suggestedQuestion is what the text asks. What it does not tell comes from the screens before, as long as it is about the same
// project.
func (s *Screen) suggestedQuestion() model.Question {
	q := s.failure.FillQuestion(model.Question{})
	if q.Project == "" || q.Project == s.knownSoFar.Project {
		q = s.failure.FillQuestion(s.previousQuestion())
	}
	return q
}

func (s *Screen) previousQuestion() model.Question {
	return model.Question{Project: s.knownSoFar.Project, Workload: s.knownSoFar.Workload, Strict: s.knownSoFar.Strict}
}

// question is what the fields ask, with the rest as the text, or the screens before, have it of the same project.
func (s *Screen) question() (q model.Question, wrong int, why string) {
	q = model.Question{Project: s.fields.value(fieldProject), Strict: s.knownSoFar.Strict}
	if q.Project == s.knownSoFar.Project {
		q = s.previousQuestion()
	}
	return s.fields.completeQuestion(s.failure.FillQuestion(q))
}

// Bindings are the keys, with those for the map where one can be drawn.
func (s *Screen) Bindings() []ui.Binding {
	asks := s.failure.IsDiagnosable()
	back := ui.BindBack
	inField := s.fields.focus != noField // where the arrows led
	if inField {
		back = ui.Binding{Intent: ui.IntentLeaveField, KeysFrom: ui.IntentBack, Help: s.translate(sayLeave)}
	}
	arrows := ui.Binding{Intent: ui.IntentUp, Opposite: ui.IntentDown, Help: s.translate(sayScroll), Hidden: true}
	if asks {
		arrows = ui.Binding{Intent: ui.IntentUp, Opposite: ui.IntentDown, Help: s.translate(sayCorrect), LongHelp: s.translate(sayCorrectHelp), Hidden: inField}
	}
	return append([]ui.Binding{
		{Intent: ui.IntentChoose, Help: s.translate(sayDraw), Hidden: !s.mayDraw()},
		arrows,
		back,
		{Intent: ui.IntentClear, Help: s.translate(sayClear), Hidden: s.text == ""},
		{Intent: ui.IntentCopy, Help: s.translate(sayCopy), Hidden: true},
		ui.BindStop,
	}, ui.PagingBindings...)
}

// Below roomyHeight lines the screen does without blank lines, and quotes one line.
const roomyHeight = 20

// View shows the beginning of the text, what it means, and the fields.
func (s *Screen) View(width, height int) string {
	title := "  " + s.Styles.Bold.Render(s.translate(sayTitle))
	if strings.TrimSpace(s.text) == "" {
		lines := []string{"", title, ""}
		for _, l := range cells.Wrap(s.translate(sayPaste), width-6) {
			lines = append(lines, "    "+s.Styles.Dim.Render(l))
		}
		return strings.Join(lines, "\n")
	}
	head, foot, explained := append([]string{title}, s.quote(width, 1)...), s.fieldsView(width), s.explanation(width)
	if height >= roomyHeight {
		if len(foot) > 0 {
			foot = append([]string{""}, foot...)
		}
		const blank = 4
		free := height - blank - len(explained) - len(foot)
		head = append(append([]string{"", title, ""}, s.quote(width, max(free, min(height/10, 3)))...), "")
	}
	room := height - len(head) - len(foot)
	visible := s.Styles.VisibleLines(explained, &s.offset, room, s.PagingKeys(true))
	for len(foot) > 0 && len(visible) < room {
		visible = append(visible, "")
	}
	return strings.Join(append(append(head, visible...), foot...), "\n")
}

// quote is the beginning of the text, enough to see that it is the one that was meant; all of it where lines are free.
func (s *Screen) quote(width, maxLines int) (lines []string) {
	quoted := s.quotedLines(width - 8)
	if len(quoted) > maxLines {
		quoted = quoted[:maxLines:maxLines]
		quoted[maxLines-1] = cells.Cut(quoted[maxLines-1]+" "+signs.More, width-8)
	}
	for _, l := range quoted {
		lines = append(lines, "  "+s.Styles.Dim.Render(signs.Vertical+" "+l))
	}
	return lines
}

// quotedLines is the text in its own lines, without the blank ones.
func (s *Screen) quotedLines(width int) []string {
	var lines []string
	for l := range strings.Lines(s.text) {
		if strings.TrimSpace(l) != "" {
			lines = append(lines, cells.Wrap(l, width)...)
		}
	}
	return lines
}

// fieldsView are the fields, where the text leads on to a map.
func (s *Screen) fieldsView(width int) []string {
	if !s.failure.IsDiagnosable() {
		return nil
	}
	return append([]string{"  " + s.Styles.Bold.Render(s.translate(sayMap))}, s.fields.view(width)...)
}

// No reading is longer; drawing brings the offset back to its end.
const maxExplanationLines, explanationPage = 1000, 8

// explanation is what was read out of the text: the cause, who lacks what, what to do, what else stands there, the names.
func (s *Screen) explanation(width int) []string {
	b := ui.Block{Styles: s.Styles, Width: width}
	s.headline(&b, s.failure)
	b.Blank()
	for _, next := range s.nextSteps() {
		if next.Command == "" {
			b.Para("  ", text.Clean(next.Words))
			continue
		}
		b.Command(text.Clean(next.Command))
	}
	if len(s.failure.Others) > 0 {
		b.Blank()
		b.Add("  " + s.Styles.Bold.Render(s.translate(sayOthers)))
	}
	for _, other := range s.failure.Others {
		s.headline(&b, other)
	}
	return append(b.Lines, s.foundNames(width)...)
}

// headline is what one error of the text is, and who lacks what.
func (s *Screen) headline(b *ui.Block, f failure.Failure) {
	verdict := model.Missing
	if f.Cause == failure.Unrecognized {
		verdict = model.Unknown
	}
	b.Add("  " + s.Styles.Verdicts[verdict].Render(ui.VerdictSigns[verdict]) + " " + s.Styles.Bold.Render(f.Headline()))
	b.Para("  ", text.Clean(f.Summary))
}

// foundNames are the names that stand in the text, each whole.
func (s *Screen) foundNames(width int) (lines []string) {
	column := s.labelColumnWidth()
	for n, named := range s.failure.LabeledFields() {
		if n == 0 {
			lines = append(lines, "")
		}
		label := named[0]
		for _, l := range cells.Wrap(named[1], width-6-column) {
			lines = append(lines, "    "+s.Styles.Dim.Render(cells.Fit(label, column))+l)
			label = ""
		}
	}
	return lines
}

// nextSteps is what to do. Where it takes a command without a text, that is what the screens before are for.
func (s *Screen) nextSteps() []model.Advice {
	return s.failure.NextWith(s.translateWith(sayChooseBack, phraseValues{Key: language.Name(s.Keys.Symbol(ui.IntentBack, true))}))
}
