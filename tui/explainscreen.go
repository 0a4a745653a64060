package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/failure"
	language "whopulls/model/words"
)

// explainScreen reads a failure text from the clipboard: paste it, see which identity is at fault, correct what the map
// is drawn of, go on to the map.
type explainScreen struct {
	*env
	base   model.Question // what the screens before had found out
	text   string
	found  failure.Failure
	fields fields

	offset int // the first line shown of the reading
}

func newExplainScreen(e *env, base model.Question, text string) *explainScreen {
	s := &explainScreen{env: e, base: base, fields: newFields(e)}
	s.take(text)
	return s
}

func (s *explainScreen) init() tea.Cmd { return nil }

func (s *explainScreen) update(tea.Msg) tea.Cmd { return nil }

func (s *explainScreen) close() {}

func (s *explainScreen) crumb() string { return s.looks.dim.Render(s.says(sayCrumb)) }

// lineEnds are those that a terminal sends in place of a line feed.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func (s *explainScreen) take(text string) {
	text = lineEnds.Replace(text)
	s.text, s.found, s.offset = text, failure.Read(text).Translated(s.opts.Language), 0
	s.fields.fill(s.suggested())
}

// typed takes a paste whole; letters are added, for a terminal that pastes as if it typed. In a field both are its value,
// but for another failure text.
func (s *explainScreen) typed(msg tea.Msg) tea.Cmd {
	paste, pasted := msg.(tea.PasteMsg)
	key, pressed := msg.(tea.KeyPressMsg)
	switch {
	case s.fields.focus != noField && (!pasted || !isMessage(paste.Content, true)):
		s.fields.typed(msg)
	case pasted:
		s.take(paste.Content)
	case pressed && key.Text != "":
		s.take(s.text + key.Text)
	}
	return notice("") // what was lacking may be there now
}

func (s *explainScreen) handle(i intent) tea.Cmd {
	switch i {
	case intentChoose:
		return s.draw()
	case intentNextField, intentFieldBefore:
		if s.found.IsDiagnosable() {
			s.fields.step(map[intent]int{intentNextField: 1, intentFieldBefore: -1}[i])
		}
	case intentLeaveField:
		s.fields.at(noField)
	case intentClear:
		s.clear()
	default:
		s.offset = moved(i, s.offset, longReading, pageOfReading)
	}
	return nil
}

// clear empties what takes the letters.
func (s *explainScreen) clear() {
	if s.fields.focus == noField {
		s.take("")
		return
	}
	s.fields.inputs[s.fields.focus].SetValue("")
}

// draw opens the map, or the field that keeps it from being drawn.
func (s *explainScreen) draw() tea.Cmd {
	switch {
	case strings.TrimSpace(s.text) == "":
		return notice(s.says(sayPasteFirst))
	case !s.found.IsDiagnosable():
		return notice(s.says(sayNoMap))
	}
	q, wrong, why := s.question()
	if wrong != noField {
		s.fields.at(wrong)
		return notice(why)
	}
	return push(newMapScreen(s.env, q))
}

// suggested is what the text asks. What it does not tell comes from the screens before, as long as it is about the same
// project.
func (s *explainScreen) suggested() model.Question {
	q := s.found.FillQuestion(model.Question{})
	if q.Project == "" || q.Project == s.base.Project {
		q = s.found.FillQuestion(s.before())
	}
	return q
}

func (s *explainScreen) before() model.Question {
	return model.Question{Project: s.base.Project, Workload: s.base.Workload, Strict: s.base.Strict}
}

// question is what the fields ask, with the rest as the text, or the screens before, have it of the same project.
func (s *explainScreen) question() (q model.Question, wrong int, why string) {
	q = model.Question{Project: s.fields.value(fieldProject), Strict: s.base.Strict}
	if q.Project == s.base.Project {
		q = s.before()
	}
	return s.fields.asked(s.found.FillQuestion(q))
}

func (s *explainScreen) bindings() []binding {
	asks := s.found.IsDiagnosable()
	back := bindBack
	if s.fields.focus != noField {
		back = binding{intent: intentLeaveField, under: intentBack, help: s.says(sayLeave)}
	}
	return append([]binding{
		{intent: intentChoose, help: s.says(sayDraw), silent: !asks},
		{intent: intentNextField, help: s.says(sayCorrect), more: s.says(sayCorrects), silent: !asks},
		{intent: intentFieldBefore, help: s.says(sayBefore), silent: true},
		{intent: intentUp, other: intentDown, help: s.says(sayScroll), silent: true},
		{intent: intentClear, help: s.says(sayClear)},
		back, bindStop,
	}, paging...)
}

// Below roomyReading lines the screen does without blank lines, and quotes one line.
const roomyReading = 20

func (s *explainScreen) view(width, height int) string {
	title := "  " + s.looks.bold.Render(s.says(sayTitle))
	if strings.TrimSpace(s.text) == "" {
		lines := []string{"", title, ""}
		for _, l := range wrap(s.says(sayPaste), width-6) {
			lines = append(lines, "    "+s.looks.dim.Render(l))
		}
		return strings.Join(lines, "\n")
	}
	head, foot := append([]string{title}, s.quote(width, 1)...), s.below(width)
	if height >= roomyReading {
		head = append([]string{"", title, ""}, s.quote(width, min(height/10, 3))...)
		if head = append(head, ""); len(foot) > 0 {
			foot = append([]string{""}, foot...)
		}
	}
	room := height - len(head) - len(foot)
	reading := s.looks.scrolled(s.reading(width), &s.offset, room, s.paging(true))
	for len(foot) > 0 && len(reading) < room {
		reading = append(reading, "")
	}
	return strings.Join(append(append(head, reading...), foot...), "\n")
}

// quote is the beginning of the text, enough to see that it is the one that was meant.
func (s *explainScreen) quote(width, most int) (lines []string) {
	quoted := s.quoted(width - 8)
	if len(quoted) > most {
		quoted = quoted[:most:most]
		quoted[most-1] = cut(quoted[most-1]+" …", width-8)
	}
	for _, l := range quoted {
		lines = append(lines, "  "+s.looks.dim.Render("│ "+l))
	}
	return lines
}

// quoted is the text in its own lines, without the blank ones.
func (s *explainScreen) quoted(width int) []string {
	var lines []string
	for l := range strings.Lines(s.text) {
		if strings.TrimSpace(l) != "" {
			lines = append(lines, wrap(l, width)...)
		}
	}
	return lines
}

// below are the fields, where the text leads on to a map.
func (s *explainScreen) below(width int) []string {
	if !s.found.IsDiagnosable() {
		return nil
	}
	return append([]string{"  " + s.looks.bold.Render(s.says(sayMap))}, s.fields.view(width)...)
}

// No reading is longer; drawing brings the offset back to its end.
const longReading, pageOfReading = 1000, 8

// reading is what was read out of the text: the cause, who lacks what, what to do, what else stands there, the names.
func (s *explainScreen) reading(width int) []string {
	b := block{looks: s.looks, width: width}
	s.headline(&b, s.found)
	b.space()
	for _, next := range s.next() {
		if next.Command == "" {
			b.para("  ", clean(next.Words))
			continue
		}
		b.command(clean(next.Command))
	}
	if len(s.found.Others) > 0 {
		b.space()
		b.add("  " + s.looks.bold.Render(s.says(sayOthers)))
	}
	for _, other := range s.found.Others {
		s.headline(&b, other)
	}
	return append(b.lines, s.facts(width)...)
}

// headline is what one error of the text is, and who lacks what.
func (s *explainScreen) headline(b *block, f failure.Failure) {
	verdict := model.Missing
	if f.Cause == failure.Unrecognized {
		verdict = model.Unknown
	}
	b.add("  " + s.looks.verdicts[verdict].Render(signs[verdict]) + " " + s.looks.bold.Render(f.Headline()))
	b.para("  ", clean(f.Summary))
}

// labelColumn is how wide the names of facts and fields stand.
func (e *env) labelColumn() int {
	if e.opts.Language == language.Japanese {
		return 24
	}
	return 18
}

// facts are the names that stand in the text, each whole.
func (s *explainScreen) facts(width int) (lines []string) {
	column := s.labelColumn()
	for n, one := range s.found.LabeledFields() {
		if n == 0 {
			lines = append(lines, "")
		}
		label := one[0]
		for _, l := range wrap(one[1], width-6-column) {
			lines = append(lines, "    "+s.looks.dim.Render(pad(label, column))+l)
			label = ""
		}
	}
	return lines
}

// next is what to do. Where it takes a command without a text, that is what the screens before are for.
func (s *explainScreen) next() []model.Advice {
	return s.found.NextWith(s.saysWith(sayChooseBack, phraseValues{Key: language.Name(s.opts.Keys.sign(intentBack, true))}))
}
