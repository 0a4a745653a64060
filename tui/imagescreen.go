package tui

import (
	"errors"
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// imageScreen asks for the image: the workload's own is filled in; another can be pasted, typed, or looked for in
// Artifact Registry.
type imageScreen struct {
	*env
	question model.Question
	own      []string // the workload's images
	input    textinput.Model
	fault    string // why the text is no reference
}

func newImageScreen(e *env, q model.Question, images []string) *imageScreen {
	s := &imageScreen{env: e, question: q, own: images, input: e.looks.input("LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE:TAG")}
	if len(images) > 0 {
		s.input.SetValue(clean(images[0]))
		s.input.CursorEnd()
	}
	return s
}

func (s *imageScreen) init() tea.Cmd {
	s.input.Focus()
	return nil
}

func (s *imageScreen) update(tea.Msg) tea.Cmd { return nil }

// typed takes letters; a pasted reference replaces what is there, so that nobody has to clear the line first.
func (s *imageScreen) typed(msg tea.Msg) tea.Cmd {
	s.fault = ""
	msg = cleanInput(msg)
	if paste, ok := msg.(tea.PasteMsg); ok {
		s.input.SetValue(strings.TrimSpace(paste.Content))
		s.input.CursorEnd()
		return nil
	}
	var cmd tea.Cmd
	s.input, cmd = s.input.Update(msg)
	return cmd
}

func (s *imageScreen) handle(i intent) tea.Cmd {
	switch i {
	case intentChoose:
		return s.take()
	case intentBrowse:
		return push(s.browse())
	case intentClear:
		s.input.SetValue("")
		s.fault = ""
	}
	return nil
}

// take goes on to the map with the reference, if it is one.
func (s *imageScreen) take() tea.Cmd {
	text := strings.TrimSpace(s.input.Value())
	if text == "" {
		return push(s.browse())
	}
	image, err := model.ParseImage(text)
	if err != nil {
		s.fault = explain(err)
		return nil
	}
	return push(s.mapOf(image.Text))
}

// explain is an error with its advice in one line.
func explain(err error) string {
	var input *model.InputError
	if errors.As(err, &input) {
		return "Not an image reference: " + input.Why + "; " + input.Next
	}
	return err.Error()
}

// with is the question for that reference; the workload's own images stay as they are when it is theirs.
func (s *imageScreen) with(reference string) model.Question {
	q := s.question
	if !slices.Contains(s.own, reference) || s.own[0] != reference {
		q.Image = reference
	}
	return q
}

// mapOf is the map of that reference.
func (s *imageScreen) mapOf(reference string) screen {
	m := newMapScreen(s.env, s.with(reference))
	m.listed = reference
	return m
}

// browse looks for the image by source project, repository and image.
func (s *imageScreen) browse() screen {
	return pickProject(s.env, "Which project holds the image?", func(p model.Project) tea.Cmd {
		return push(pickRepository(s.env, p.ID, func(r model.Repository) tea.Cmd {
			return push(pickImage(s.env, r.Name, func(reference string) tea.Cmd {
				return push(s.about(r.Name, reference))
			}))
		}))
	})
}

// about is the map of a found image, or of the repository before the first push.
func (s *imageScreen) about(repository model.RepositoryName, reference string) screen {
	if reference != "" {
		return s.mapOf(reference)
	}
	q := s.question
	q.Repository = repository
	return newMapScreen(s.env, q)
}

func (s *imageScreen) bindings() []binding {
	choose := binding{intent: intentChoose, help: "draw the map"}
	browse := binding{intent: intentBrowse, help: "look for an image"}
	if strings.TrimSpace(s.input.Value()) == "" {
		choose.help, browse.silent = browse.help, true // enter does the same then
	}
	return []binding{
		choose, browse,
		{intent: intentClear, help: "clear"},
		bindBack, bindStop,
	}
}

func (s *imageScreen) crumb() string {
	return s.looks.crumb(questionCrumb(s.question))
}

// questionCrumb names the consumer project and the workload.
func questionCrumb(q model.Question) string {
	switch {
	case q.Workload == nil && q.Kind != "":
		return q.Project + " ▸ a new " + q.Kind.DisplayName()
	case q.Workload == nil:
		return q.Project + " ▸ " + q.NewDeploymentText()
	}
	return q.Project + " ▸ " + q.Workload.Kind.DisplayName() + " " + q.Workload.Name
}

func (s *imageScreen) close() {}

func (s *imageScreen) knows() model.Question { return s.question }

func (s *imageScreen) view(width, _ int) string {
	resize(&s.input, width-8)
	lines := []string{"", "  " + s.looks.bold.Render("Which image?"), "", "  " + s.looks.accent.Render("▸") + s.looks.marked(&s.input), ""}
	if s.fault != "" {
		for _, l := range wrap(s.fault, width-6) {
			lines = append(lines, "    "+s.looks.danger.Render(l))
		}
		lines = append(lines, "")
	}
	for _, l := range s.advice() {
		for _, part := range wrap(l, width-6) {
			lines = append(lines, "    "+s.looks.dim.Render(part))
		}
	}
	return strings.Join(lines, "\n")
}

func (s *imageScreen) advice() []string {
	browse := s.opts.Keys.sign(intentBrowse, true)
	if len(s.own) == 0 {
		return []string{"Paste or type a reference, or press " + browse + " to look for one by source project and repository."}
	}
	advice := []string{"Filled in from the " + s.question.Workload.Kind.DisplayName() + " itself: " + s.opts.Keys.sign(intentChoose, true) + " takes it.",
		"Paste or type another reference to ask about that one, or press " + browse + " to look for it."}
	if len(s.own) > 1 {
		advice = append(advice, "Its other containers' images are asked about too, where the "+s.question.Workload.Kind.DisplayName()+" itself may be read:")
		advice = append(advice, s.own[1:]...)
	}
	return advice
}
