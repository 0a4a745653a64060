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
	*app
	question   model.Question
	ownImages  []string // the workload's images
	input      textinput.Model
	inputError string // why the text is no reference
}

func newImageScreen(e *app, q model.Question, images []string) *imageScreen {
	s := &imageScreen{app: e, question: q, ownImages: images, input: e.styles.newInput("LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE:TAG")}
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

// handleText takes letters; a pasted reference replaces what is there, so that nobody has to clear the line first.
func (s *imageScreen) handleText(msg tea.Msg) tea.Cmd {
	s.inputError = ""
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
		return s.submit()
	case intentBrowse:
		return push(s.browse())
	case intentClear:
		s.input.SetValue("")
		s.inputError = ""
	}
	return nil
}

// submit goes on to the map with the reference, if it is one.
func (s *imageScreen) submit() tea.Cmd {
	text := strings.TrimSpace(s.input.Value())
	if text == "" {
		return push(s.browse())
	}
	image, err := model.ParseImage(text)
	if err != nil {
		s.inputError = inputErrorText(err)
		return nil
	}
	return push(s.mapFor(image.Text))
}

// inputErrorText is an error with its advice in one line.
func inputErrorText(err error) string {
	var input *model.InputError
	if errors.As(err, &input) {
		return "Not an image reference: " + input.Why + "; " + input.Next
	}
	return err.Error()
}

// questionFor is the question for that reference; the workload's own images stay as they are when it is theirs.
func (s *imageScreen) questionFor(reference string) model.Question {
	q := s.question
	if !slices.Contains(s.ownImages, reference) || s.ownImages[0] != reference {
		q.Image = reference
	}
	return q
}

// mapFor is the map of that reference.
func (s *imageScreen) mapFor(reference string) screen {
	m := newMapScreen(s.app, s.questionFor(reference))
	m.listedImage = reference
	return m
}

// browse looks for the image by source project, repository and image.
func (s *imageScreen) browse() screen {
	return pickProject(s.app, "Which project holds the image?", func(p model.Project) tea.Cmd {
		return push(pickRepository(s.app, p.ID, func(r model.Repository) tea.Cmd {
			return push(pickImage(s.app, r.Name, func(reference string) tea.Cmd {
				return push(s.mapForFound(r.Name, reference))
			}))
		}))
	})
}

// mapForFound is the map of a found image, or of the repository before the first push.
func (s *imageScreen) mapForFound(repository model.RepositoryName, reference string) screen {
	if reference != "" {
		return s.mapFor(reference)
	}
	q := s.question
	q.Repository = repository
	return newMapScreen(s.app, q)
}

func (s *imageScreen) bindings() []binding {
	choose := binding{intent: intentChoose, help: "draw the map"}
	browse := binding{intent: intentBrowse, help: "look for an image"}
	if strings.TrimSpace(s.input.Value()) == "" {
		choose.help, browse.hidden = browse.help, true // enter does the same then
	}
	return []binding{
		choose, browse,
		{intent: intentClear, help: "clear"},
		bindBack, bindStop,
	}
}

func (s *imageScreen) breadcrumb() string {
	return s.styles.breadcrumb(questionBreadcrumb(s.question))
}

func (s *imageScreen) close() {}

func (s *imageScreen) knows() model.Question { return s.question }

func (s *imageScreen) view(width, _ int) string {
	resizeInput(&s.input, width-8)
	lines := []string{"", "  " + s.styles.bold.Render("Which image?"), "", "  " + s.styles.accent.Render("▸") + s.styles.inputView(&s.input), ""}
	if s.inputError != "" {
		for _, l := range wrap(s.inputError, width-6) {
			lines = append(lines, "    "+s.styles.danger.Render(l))
		}
		lines = append(lines, "")
	}
	for _, l := range s.hints() {
		for _, part := range wrap(l, width-6) {
			lines = append(lines, "    "+s.styles.dim.Render(part))
		}
	}
	return strings.Join(lines, "\n")
}

func (s *imageScreen) hints() []string {
	browse := s.keys.symbol(intentBrowse, true)
	if len(s.ownImages) == 0 {
		return []string{"Paste or type a reference, or press " + browse + " to look for one by source project and repository."}
	}
	advice := []string{"Filled in from the " + s.question.Workload.Kind.DisplayName() + " itself: " + s.keys.symbol(intentChoose, true) + " takes it.",
		"Paste or type another reference to ask about that one, or press " + browse + " to look for it."}
	if len(s.ownImages) > 1 {
		advice = append(advice, "Its other containers' images are asked about too, where the "+s.question.Workload.Kind.DisplayName()+" itself may be read:")
		advice = append(advice, s.ownImages[1:]...)
	}
	return advice
}
