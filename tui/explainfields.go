package tui

import (
	"errors"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	language "whopulls/model/words"
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
	*env
	inputs [fieldCount]textinput.Model
	focus  int
}

func newFields(e *env) fields {
	f := fields{env: e, focus: noField}
	for n, placeholder := range []string{e.says(sayRunsIt), "LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE:TAG", e.says(sayYou)} {
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
		return q, fieldProject, f.says(sayNoProject)
	}
	if err := model.ValidateProject(q.Project); err != nil {
		return q, fieldProject, f.problem(sayAProject, err)
	}
	q.Image, q.Repository = "", model.RepositoryName{}
	switch text := f.value(fieldImage); {
	case text == "" && q.Workload == nil:
		return q, fieldImage, f.says(sayNoImage)
	case text == "":
	default:
		if name, err := model.ParseRepository(text); err == nil {
			q.Repository, q.Workload = name, nil
			break
		}
		image, err := model.ParseImage(text)
		if err != nil {
			return q, fieldImage, f.problem(sayAReference, err)
		}
		q.Image = image.Text
	}
	q.Deployer = ""
	if text := f.value(fieldDeployer); text != "" {
		member, err := model.ParseMember(text)
		if err != nil {
			return q, fieldDeployer, f.problem(sayAMember, err)
		}
		q.Deployer = member
	}
	return q, noField, ""
}

// problem is an error with its advice in one line.
func (f *fields) problem(what phrase, err error) string {
	var input *model.InputError
	if errors.As(err, &input) {
		return f.saysWith(sayNot, phraseValues{What: what.With(phraseValues{}), Why: language.Name(input.Why), Next: language.Name(input.Next)})
	}
	return err.Error()
}

// view draws the fields in as many lines as there are.
func (f *fields) view(width int) (lines []string) {
	t := f.looks
	for n, label := range []string{f.says(sayProject), f.says(sayImage), f.says(sayDeployer)} {
		mark, room := "  ", width-6-f.labelColumn()
		if n == f.focus {
			mark = t.accent.Render("▸ ")
		}
		lines = append(lines, "  "+mark+t.dim.Render(pad(label, f.labelColumn()-1))+t.inField(&f.inputs[n], n == f.focus, room))
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
