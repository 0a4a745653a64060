package tui

import (
	"errors"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"whopulls/model"
)

// The fields: what the map is drawn of, to be corrected where the text tells it wrong or not at all.
const (
	fieldProject = iota
	fieldImage
	fieldDeployer
	fieldCount
	noField = -1
)

// fields are the lines to correct, of which at most one takes what is typed.
type fields struct {
	inputs [fieldCount]textinput.Model
	focus  int
}

func newFields(e *env) fields {
	f := fields{focus: noField}
	for n, placeholder := range []string{"the project that runs the image", "LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE:TAG", "you"} {
		f.inputs[n] = e.looks.input(placeholder)
	}
	return f
}

// fill puts a question into the fields.
func (f *fields) fill(q model.Question) {
	image := q.Image
	if image == "" {
		image = q.Repository.String()
	}
	for n, value := range []string{q.Project, image, memberName(q.Deployer)} {
		f.inputs[n].SetValue(clean(value))
		f.inputs[n].CursorEnd()
	}
	f.at(noField)
}

// at gives the cursor to a field, or takes it away.
func (f *fields) at(field int) {
	for n := range f.inputs {
		f.inputs[n].Blur()
	}
	if f.focus = field; field != noField {
		f.inputs[field].Focus()
	}
}

// step goes to the next field or the one before; beyond the last one is none.
func (f *fields) step(by int) {
	const places = fieldCount + 1 // with none
	f.at((f.focus+1+by+places)%places - 1)
}

// typed takes letters; a paste takes the place of what was there.
func (f *fields) typed(msg tea.Msg) {
	field, msg := &f.inputs[f.focus], cleanInput(msg)
	if paste, ok := msg.(tea.PasteMsg); ok {
		field.SetValue(strings.TrimSpace(paste.Content))
		field.CursorEnd()
		return
	}
	*field, _ = field.Update(msg)
}

func (f *fields) value(field int) string { return strings.TrimSpace(f.inputs[field].Value()) }

// asked completes a question by the fields, which go before what it has. Where one of them is no answer, it says which
// and why.
func (f *fields) asked(q model.Question) (_ model.Question, wrong int, why string) {
	if q.Project = f.value(fieldProject); q.Project == "" {
		return q, fieldProject, "name the project that runs the image: the text does not tell it"
	}
	if err := model.CheckProject(q.Project); err != nil {
		return q, fieldProject, problem("a project", err)
	}
	q.Image, q.Repository = "", model.RepositoryName{}
	switch text := f.value(fieldImage); {
	case text == "" && q.Workload == nil:
		return q, fieldImage, "name the image, or its repository: the text does not tell it"
	case text == "":
	default:
		if name, err := model.ParseRepository(text); err == nil {
			q.Repository, q.Workload = name, nil
			break
		}
		image, err := model.ParseImage(text)
		if err != nil {
			return q, fieldImage, problem("an image reference", err)
		}
		q.Image = image.Text
	}
	q.Deployer = ""
	if text := f.value(fieldDeployer); text != "" {
		member, err := model.ParseMember(text)
		if err != nil {
			return q, fieldDeployer, problem("a member", err)
		}
		q.Deployer = member
	}
	return q, noField, ""
}

// problem is an error with its advice in one line.
func problem(what string, err error) string {
	var input *model.InputError
	if errors.As(err, &input) {
		return "not " + what + ": " + input.Why + "; " + input.Next
	}
	return err.Error()
}

// view draws the fields in as many lines as there are.
func (f *fields) view(t *theme, width int) (lines []string) {
	for n, label := range []string{"consumer project", "image", "deployer"} {
		mark, room := "  ", width-6-labelColumn
		if n == f.focus {
			mark = t.accent.Render("▸ ")
		}
		lines = append(lines, "  "+mark+t.dim.Render(pad(label, labelColumn-1))+t.inField(&f.inputs[n], n == f.focus, room))
	}
	return lines
}

// inField is the text of a field in its room, with a mark at each end behind which there is more of it.
func (t *theme) inField(f *textinput.Model, focused bool, room int) string {
	switch value := f.Value(); {
	case focused:
		resize(f, room-2)
		return t.marked(f)
	case value == "":
		return " " + t.dim.Render(cut(f.Placeholder, room-1))
	default:
		return " " + cut(value, room-1)
	}
}
