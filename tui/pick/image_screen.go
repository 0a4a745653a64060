package pick

import (
	"errors"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/pasted"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// imageScreen asks for the image that isn't known: it can be pasted, typed, or looked for in Artifact Registry.
type imageScreen struct {
	*Picking
	question   model.Question
	input      textinput.Model
	inputError string // why the text is no reference
}

// What the root looks for on this screen.
var _ interface {
	ui.Screen
	ui.TextScreen
	ui.Questioner
} = (*imageScreen)(nil)

// NewImageScreen asks for the image.
func NewImageScreen(e *Picking, q model.Question) ui.Screen {
	return &imageScreen{Picking: e, question: q, input: e.Styles.NewInput("LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE:TAG")}
}

func (s *imageScreen) Init() tea.Cmd {
	s.input.Focus()
	return nil
}

func (s *imageScreen) Update(tea.Msg) tea.Cmd { return nil }

// IsAnswer reports whether a thing is an image, or what may become one.
func (s *imageScreen) IsAnswer(t pasted.Thing, _ string) bool {
	return t.Consumer == "" && t.Workload == nil && t.Repository.ID+t.Image.Text != ""
}

// HandleText takes letters; a pasted reference replaces what is there, so that nobody has to clear the line first.
func (s *imageScreen) HandleText(msg tea.Msg) tea.Cmd {
	s.inputError = ""
	msg = ui.CleanInput(msg)
	if paste, ok := msg.(tea.PasteMsg); ok {
		content := strings.TrimSpace(paste.Content)
		if t := pasted.Recognize(content); t.Image.Text != "" { // a command may stand around it
			content = t.Image.Text
		}
		s.input.SetValue(content)
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

// mapFor is the map of that image.
func (s *imageScreen) mapFor(image model.Image) ui.Screen {
	q := s.question
	q.Image = image
	return s.OpenMap(q)
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
	return s.OpenMap(q)
}

func (s *imageScreen) Bindings() []ui.Binding {
	choose := ui.Binding{Intent: ui.IntentChoose, Help: "draw the map"}
	browse := ui.Binding{Intent: ui.IntentBrowse, KeysFrom: ui.IntentDown, Help: "look for an image"}
	if strings.TrimSpace(s.input.Value()) == "" {
		choose.Help, browse.Hidden = browse.Help, true // enter does the same then
	}
	return []ui.Binding{
		choose, browse,
		ui.Binding{Intent: ui.IntentClear, Help: "clear"}.HiddenIf(s.input.Value() == ""),
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
	lines := []string{"", "  " + s.Styles.Bold.Render("Which image?"), "", "  " + s.Styles.Accent.Render(signs.Cursor) + s.Styles.InputView(&s.input), ""}
	if s.inputError != "" {
		for _, l := range cells.Wrap(s.inputError, width-6) {
			lines = append(lines, "    "+s.Styles.Danger.Render(l))
		}
		lines = append(lines, "")
	}
	hint := "Paste or type a reference, or press " + s.Keys.Symbol(ui.IntentDown, true) + " to look for one by source project and repository."
	for _, l := range cells.Wrap(hint, width-6) {
		lines = append(lines, "    "+s.Styles.Dim.Render(l))
	}
	return strings.Join(lines, "\n")
}
