package explain

import (
	"cmp"
	"errors"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	language "whopulls/model/words"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/tui/ui"
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
	speaker
	inputs [fieldCount]textinput.Model
	focus  int
}

func newFields(e speaker) fields {
	f := fields{speaker: e, focus: noField}
	for n, placeholder := range []string{e.translate(sayRunningProject), "LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE:TAG", e.translate(sayYou)} {
		f.inputs[n] = e.Styles.NewInput(placeholder)
	}
	return f
}

// setQuestion puts a question into the fields.
func (f *fields) setQuestion(q model.Question) {
	for n, value := range fieldValues(q) {
		f.setValue(n, value)
	}
	f.focusOn(noField)
}

// replaceQuestion puts a question in the place of another, but for the fields in which something else stands by now.
func (f *fields) replaceQuestion(before, after model.Question) {
	old := fieldValues(before)
	for n, value := range fieldValues(after) {
		if value != old[n] && f.inputs[n].Value() == old[n] {
			f.setValue(n, value)
		}
	}
}

// fieldValues are what the fields hold of a question.
func fieldValues(q model.Question) [fieldCount]string {
	image := cmp.Or(q.Image.Text, q.Repository.String())
	return [fieldCount]string{text.Clean(q.Project), text.Clean(image), text.Clean(ui.MemberName(q.Deployer))}
}

func (f *fields) setValue(field int, value string) {
	f.inputs[field].SetValue(value)
	f.inputs[field].CursorEnd()
}

// focusOn gives the cursor to a field, or takes it away.
func (f *fields) focusOn(field int) {
	for n := range f.inputs {
		f.inputs[n].Blur()
	}
	if f.focus = field; field != noField {
		f.inputs[field].Focus()
	}
}

// moveFocus goes to the next field or the one before; there is none beyond the last.
func (f *fields) moveFocus(by int) {
	const places = fieldCount + 1 // with none
	f.focusOn((f.focus+1+by+places)%places - 1)
}

// handleText takes letters; a paste takes the place of what was there.
func (f *fields) handleText(msg tea.Msg) {
	field, msg := &f.inputs[f.focus], ui.CleanInput(msg)
	if paste, ok := msg.(tea.PasteMsg); ok {
		f.setValue(f.focus, strings.TrimSpace(paste.Content))
		return
	}
	*field, _ = field.Update(msg)
}

func (f *fields) value(field int) string { return strings.TrimSpace(f.inputs[field].Value()) }

// completeQuestion completes a question by the fields, which go before what it has. Where one of them is no answer, it says which
// and why.
func (f *fields) completeQuestion(q model.Question) (_ model.Question, wrong int, why string) {
	if q.Project = f.value(fieldProject); q.Project == "" {
		return q, fieldProject, f.translate(sayNameProject)
	}
	if err := model.ValidateProject(q.Project); err != nil {
		return q, fieldProject, f.problemText(sayProjectNoun, err)
	}
	q.Image, q.Repository = model.Image{}, model.RepositoryName{}
	switch text := f.value(fieldImage); {
	case text == "" && q.Workload == nil:
		return q, fieldImage, f.translate(sayNoImage)
	case text == "":
	default:
		if name, err := model.ParseRepository(text); err == nil {
			q.Repository, q.Workload = name, nil
			break
		}
		image, err := model.ParseImage(text)
		if err != nil {
			return q, fieldImage, f.problemText(sayReferenceNoun, err)
		}
		q.Image = image
	}
	q.Deployer = ""
	if text := f.value(fieldDeployer); text != "" {
		member, err := model.ParseMember(text)
		if err != nil {
			return q, fieldDeployer, f.problemText(sayMemberNoun, err)
		}
		q.Deployer = member
	}
	return q, noField, ""
}

// problemText is an error with its advice in one line.
func (f *fields) problemText(what phrase, err error) string {
	var input *model.InputError
	if errors.As(err, &input) {
		return f.translateWith(sayNotValid, phraseValues{What: what.With(phraseValues{}), Why: language.Name(input.Why), Next: language.Name(input.Next)})
	}
	return err.Error()
}

// view draws the fields in as many lines as there are.
func (f *fields) view(width int) (lines []string) {
	for n, label := range []string{f.translate(sayProject), f.translate(sayImage), f.translate(sayDeployer)} {
		row := f.Styles.NewRow(fieldIndent, width, n == f.focus)
		row.Write(&f.Styles.Dim, cells.Fit(label, f.labelColumnWidth()-1))
		f.writeField(row, n, width-3-row.Used())
		lines = append(lines, ui.MarkedLine(ui.PaneRows, n, row.String()))
	}
	return lines
}

// fieldIndent is what stands before a field, for the sign of the cursor.
const fieldIndent = 4

// writeField writes the text of a field into its room, with a mark at each end behind which there is more of it.
func (f *fields) writeField(row *ui.Row, n, room int) {
	field := &f.inputs[n]
	switch value := field.Value(); {
	case n == f.focus:
		ui.ResizeInput(field, room-2)
		row.WriteInput(field)
	case value == "":
		row.Write(&f.Styles.Dim, " "+cells.Cut(field.Placeholder, room-1))
	default:
		row.Write(nil, " "+cells.Cut(value, room-1))
	}
}
