package pick

import (
	"errors"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/tui/ui"
)

// imageScreen asks for the image: the workload's own is filled in; another can be pasted, typed, or looked for in
// Artifact Registry.
type imageScreen struct {
	*Picking
	question   model.Question
	ownImages  []model.Image // the workload's images
	input      textinput.Model
	inputError string // why the text is no reference
}

// What the root looks for on this screen.
var _ interface {
	ui.Screen
	ui.TextScreen
	ui.Questioner
} = (*imageScreen)(nil)

// NewImageScreen asks for the image. It is filled in with the first of the images that the workload has.
func NewImageScreen(e *Picking, q model.Question, images []model.Image) ui.Screen {
	s := &imageScreen{Picking: e, question: q, ownImages: images, input: e.Styles.NewInput("LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE:TAG")}
	if len(images) > 0 {
		s.input.SetValue(text.Clean(images[0].Text))
		s.input.CursorEnd()
	}
	return s
}

func (s *imageScreen) Init() tea.Cmd {
	s.input.Focus()
	return nil
}

func (s *imageScreen) Update(tea.Msg) tea.Cmd { return nil }

// HandleText takes letters; a pasted reference replaces what is there, so that nobody has to clear the line first.
func (s *imageScreen) HandleText(msg tea.Msg) tea.Cmd {
	s.inputError = ""
	msg = ui.CleanInput(msg)
	if paste, ok := msg.(tea.PasteMsg); ok {
		s.input.SetValue(strings.TrimSpace(paste.Content))
		s.input.CursorEnd()
		return nil
	}
	var cmd tea.Cmd
	s.input, cmd = s.input.Update(msg)
	return cmd
}

func (s *imageScreen) Handle(i ui.Intent) tea.Cmd {
	switch i {
	case ui.IntentChoose:
		return s.submit()
	case ui.IntentBrowse:
		return ui.Push(s.browse())
	case ui.IntentClear:
		s.input.SetValue("")
		s.inputError = ""
	}
	return nil
}

// submit opens the map with the reference, if it is one.
func (s *imageScreen) submit() tea.Cmd {
	text := strings.TrimSpace(s.input.Value())
	if text == "" {
		return ui.Push(s.browse())
	}
	image, err := model.ParseImage(text)
	if err != nil {
		s.inputError = inputErrorText(err)
		return nil
	}
	return ui.Push(s.mapFor(image))
}

// inputErrorText is an error with its advice in one line.
func inputErrorText(err error) string {
	var input *model.InputError
	if errors.As(err, &input) {
		return "Not an image reference: " + input.Why + "; " + input.Next
	}
	return err.Error()
}

// questionFor is the question for that image; the workload's own images stay as they are when it is theirs.
func (s *imageScreen) questionFor(image model.Image) model.Question {
	q := s.question
	if len(s.ownImages) == 0 || s.ownImages[0] != image {
		q.Image = image
	}
	return q
}

// mapFor is the map of that image.
func (s *imageScreen) mapFor(image model.Image) ui.Screen {
	return s.OpenMap(s.questionFor(image), image)
}

// browse looks for the image by source project, repository and image.
func (s *imageScreen) browse() ui.Screen {
	return pickProject(s.Picking, "Which project holds the image?", func(p model.Project) tea.Cmd {
		return ui.Push(pickRepository(s.Picking, p.ID, func(r model.Repository) tea.Cmd {
			return ui.Push(pickImage(s.Picking, r.Name, func(image model.Image) tea.Cmd {
				return ui.Push(s.mapForFound(r.Name, image))
			}))
		}))
	})
}

// mapForFound is the map of a found image, or of the repository before the first push.
func (s *imageScreen) mapForFound(repository model.RepositoryName, image model.Image) ui.Screen {
	if !image.IsZero() {
		return s.mapFor(image)
	}
	q := s.question
	q.Repository = repository
	return s.OpenMap(q, model.Image{})
}

func (s *imageScreen) Bindings() []ui.Binding {
	choose := ui.Binding{Intent: ui.IntentChoose, Help: "draw the map"}
	browse := ui.Binding{Intent: ui.IntentBrowse, KeysFrom: ui.IntentDown, Help: "look for an image"}
	if strings.TrimSpace(s.input.Value()) == "" {
		choose.Help, browse.Hidden = browse.Help, true // enter does the same then
	}
	return []ui.Binding{
		choose, browse,
		{Intent: ui.IntentClear, Help: "clear"},
		ui.BindBack, ui.BindStop,
	}
}

func (s *imageScreen) Breadcrumb() string {
	return s.Styles.Breadcrumb(ui.QuestionBreadcrumb(s.question))
}

func (s *imageScreen) Close() {}

func (s *imageScreen) Knows() model.Question { return s.question }

func (s *imageScreen) View(width, _ int) string {
	ui.ResizeInput(&s.input, width-8)
	lines := []string{"", "  " + s.Styles.Bold.Render("Which image?"), "", "  " + s.Styles.Accent.Render("▸") + s.Styles.InputView(&s.input), ""}
	if s.inputError != "" {
		for _, l := range cells.Wrap(s.inputError, width-6) {
			lines = append(lines, "    "+s.Styles.Danger.Render(l))
		}
		lines = append(lines, "")
	}
	for _, l := range s.hints() {
		for _, part := range cells.Wrap(l, width-6) {
			lines = append(lines, "    "+s.Styles.Dim.Render(part))
		}
	}
	return strings.Join(lines, "\n")
}

func (s *imageScreen) hints() []string {
	browse := s.Keys.Symbol(ui.IntentDown, true)
	if len(s.ownImages) == 0 {
		return []string{"Paste or type a reference, or press " + browse + " to look for one by source project and repository."}
	}
	advice := []string{"Filled in from the " + s.question.Workload.Kind.DisplayName() + " itself: " + s.Keys.Symbol(ui.IntentChoose, true) + " takes it.",
		"Paste or type another reference to ask about that one, or press " + browse + " to look for it."}
	if len(s.ownImages) > 1 {
		advice = append(advice, "Its other containers' images are asked about too, where the "+s.question.Workload.Kind.DisplayName()+" itself may be read:")
		for _, image := range s.ownImages[1:] {
			advice = append(advice, image.Text)
		}
	}
	return advice
}
