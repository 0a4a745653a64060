package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/failure"
)

// explainScreen reads a failure text from the clipboard: paste it, see which identity is at fault, go on to the map.
type explainScreen struct {
	*env
	base  model.Question // what the screens before had found out
	text  string
	found failure.Failure

	offset int // the first line shown of the reading
}

func newExplainScreen(e *env, base model.Question, text string) *explainScreen {
	s := &explainScreen{env: e, base: base}
	s.take(text)
	return s
}

func (s *explainScreen) init() tea.Cmd { return nil }

func (s *explainScreen) update(tea.Msg) tea.Cmd { return nil }

func (s *explainScreen) close() {}

func (s *explainScreen) crumb() string { return s.looks.dim.Render("a failure text") }

// lineEnds are those that a terminal sends in place of a line feed.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func (s *explainScreen) take(text string) {
	text = lineEnds.Replace(text)
	s.text, s.found, s.offset = text, failure.Read(text), 0
}

// typed takes a paste whole; letters are added, for a terminal that pastes as if it typed.
func (s *explainScreen) typed(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.PasteMsg:
		s.take(msg.Content)
	case tea.KeyPressMsg:
		if msg.Text != "" {
			s.take(s.text + msg.Text)
		}
	}
	return notice("") // what was lacking may be there now
}

func (s *explainScreen) handle(i intent) tea.Cmd {
	switch i {
	case intentChoose:
		if q, ok := s.question(); ok {
			return push(newMapScreen(s.env, q))
		}
		return notice(s.lacks())
	case intentClear:
		s.take("")
	default:
		s.offset = moved(i, s.offset, longReading, pageOfReading)
	}
	return nil
}

// question is what the text asks. What it does not tell comes from the screens before, as long as it is about the same
// project.
func (s *explainScreen) question() (q model.Question, whole bool) {
	q = s.found.Fill(model.Question{})
	if q.Project == "" || q.Project == s.base.Project {
		q = s.found.Fill(model.Question{Project: s.base.Project, Workload: s.base.Workload})
	}
	return q, s.found.Asks() && q.Project != "" && (q.Image != "" || q.Repository.ID != "" || q.Workload != nil)
}

func (s *explainScreen) lacks() string {
	switch {
	case strings.TrimSpace(s.text) == "":
		return "paste the failure text first"
	case !s.found.Asks():
		return "no map can be drawn from this text"
	}
	return "the text does not tell both the project that runs the image and the image"
}

func (s *explainScreen) bindings() []binding {
	draw := binding{intent: intentChoose, help: "draw the map"}
	_, whole := s.question()
	draw.silent = !whole
	return append([]binding{draw,
		{intent: intentUp, other: intentDown, help: "scroll", silent: true},
		{intent: intentClear, help: "clear"},
		bindBack, bindStop,
	}, paging...)
}

func (s *explainScreen) view(width, height int) string {
	lines := []string{"", "  " + s.looks.bold.Render("What did the deploy say?"), ""}
	if strings.TrimSpace(s.text) == "" {
		for _, l := range wrap("Paste the failure text: what gcloud, Terraform, a log entry, the console or docker said, in any state. "+
			"It names the identity at fault, and the map can be drawn from it.", width-6) {
			lines = append(lines, "    "+s.looks.dim.Render(l))
		}
		return strings.Join(lines, "\n")
	}
	quoted := s.quoted(width - 8)
	for _, l := range quoted[:min(len(quoted), quotedLines)] {
		lines = append(lines, "  "+s.looks.dim.Render("│ "+l))
	}
	if len(quoted) > quotedLines {
		lines = append(lines, "  "+s.looks.dim.Render("│ …"))
	}
	lines = append(lines, "")
	return strings.Join(append(lines, s.looks.scrolled(s.reading(width), &s.offset, height-len(lines), s.paging(true))...), "\n")
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

// quotedLines are enough to see that it is the text that was meant.
const quotedLines = 3

// No reading is longer; drawing brings the offset back to its end.
const longReading, pageOfReading = 1000, 8

// reading is what was read out of the text: the cause, who lacks what, the names, what to do.
func (s *explainScreen) reading(width int) []string {
	verdict := model.Missing
	if s.found.Cause == failure.Unrecognized {
		verdict = model.Unknown
	}
	lines := []string{"  " + s.looks.verdicts[verdict].Render(signs[verdict]) + " " + s.looks.bold.Render(s.found.Headline())}
	indent := func(text string) {
		for _, l := range wrap(clean(text), width-6) {
			lines = append(lines, "    "+l)
		}
	}
	indent(s.found.Summary)
	lines = append(append(lines, s.facts(width)...), "")
	for _, next := range s.next() {
		if next.Command == "" {
			indent(next.Words)
			continue
		}
		b := block{looks: s.looks, width: width}
		b.command(clean(next.Command))
		lines = append(lines, b.lines...)
	}
	return lines
}

// facts are the names that stand in the text, each whole.
func (s *explainScreen) facts(width int) (lines []string) {
	const column = 18
	for n, one := range s.found.Named() {
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
func (s *explainScreen) next() []model.Next {
	return s.found.NextBy(s.opts.Keys.sign(intentBack, true) + " leads back; choose the project that runs the image, what runs it, and the image")
}
