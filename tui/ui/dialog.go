package ui

import (
	"slices"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
)

// Dialog asks before a change. The answer that is chosen when it opens is "no". No letter answers it: each has a meaning on
// the screen below, and a question may appear late.
type Dialog struct {
	Title     string
	What      string // What a yes changes
	Why       string
	Member    string // the member; empty if there is none
	YesLabel  string // what yes does, in a word or two
	OnYes     tea.Cmd
	YesChosen bool // "yes" is chosen

	Guard model.Confirmation // what has to be typed instead of a yes, if anything has
	Typed string
}

// ShowDialog asks the root to show a dialog.
func ShowDialog(d *Dialog) tea.Cmd { return func() tea.Msg { return DialogMsg{d} } }

// TypeKey reports whether a key was part of the word to be typed.
func (d *Dialog) TypeKey(msg tea.KeyPressMsg) bool {
	switch {
	case !d.Guard.Required():
		return false
	case msg.Text != "":
		d.Typed += msg.Text
	case msg.String() == "ctrl+u":
		d.Typed = ""
	case msg.Code == tea.KeyBackspace && d.Typed != "":
		_, size := utf8.DecodeLastRuneInString(d.Typed)
		d.Typed = d.Typed[:len(d.Typed)-size]
	default:
		return false
	}
	return true
}

// TypePaste puts a pasted text into the line for the word to be typed. Blanks around it, as an end of line, are no part of the word.
func (d *Dialog) TypePaste(content string) {
	if d.Guard.Required() {
		d.Typed += strings.TrimSpace(text.Clean(content))
	}
}

// Bindings are the keys that answer.
func (d *Dialog) Bindings() []Binding {
	if d.Guard.Required() {
		return []Binding{
			{Keys: []string{"enter"}, Label: "enter", Help: d.YesLabel + ", once the " + d.Guard.Noun + " is typed", Intent: IntentChoose},
			{Keys: []string{"esc"}, Label: "esc", Help: "no, change nothing", Intent: intentNo},
		}
	}
	return []Binding{
		{Keys: []string{"left", "right", "tab", "shift+tab"}, Label: signs.Left + signs.Right, Help: "choose", Intent: intentToggle},
		{Keys: []string{"enter"}, Label: "enter", Help: "take it", Intent: IntentChoose},
		{Keys: []string{"esc"}, Label: "esc", Help: "no, change nothing", Intent: intentNo},
	}
}

// Handle gives what follows, and whether the dialog is over. A wrong word does not end it: a person who mistyped would
// take it for a yes.
func (d *Dialog) Handle(i Intent) (tea.Cmd, bool) {
	if d.Guard.Required() {
		d.YesChosen = d.Typed == d.Guard.Name
	}
	switch i {
	case intentToggle:
		d.YesChosen = !d.YesChosen
		return nil, false
	case intentNo:
		return nil, true
	case IntentChoose:
		switch {
		case d.YesChosen:
			return d.OnYes, true
		case d.Guard.Required():
			return Notice("nothing is changed: " + d.mistake()), false
		}
		return nil, true
	}
	return nil, false
}

// mistake says why what was typed is no yes.
func (d *Dialog) mistake() string {
	if d.Typed == "" {
		return "the " + d.Guard.Noun + " is not typed yet; esc means no"
	}
	return "that is not the " + d.Guard.Noun + "; esc means no"
}

// View draws the dialog in its frame.
func (d *Dialog) View(t *Styles, width, height int) []string {
	inner := d.inner(width)
	return t.Framed(d.Title, d.body(t, inner, height-frameHeight), inner)
}

const (
	minDialogWidth = 40
	measure        = 74 // of a text; a longer line is hard to read across
	dialogMargin   = 10 // what is left free at the sides, with the frame
)

// inner is the width inside the frame, as the content needs it. A text is broken at its measure. A member, or another name, stays whole
// as long as the window has room for it.
func (d *Dialog) inner(width int) int {
	need := max(minDialogWidth, cells.Width(text.Clean(d.Title)))
	for _, p := range append(d.paragraphs(true), d.typePrompt()) {
		p = text.Clean(p)
		need = max(need, min(cells.Width(p), measure))
		for word := range strings.FieldsSeq(p) {
			need = max(need, cells.Width(word))
		}
	}
	need = max(need, cells.Width(text.CleanTrim(d.Member)))
	return min(need, width-dialogMargin)
}

// body is what stands in the frame. Where there is little room it goes without blank lines, then without the
// explanation; the answer is always there.
func (d *Dialog) body(t *Styles, inner, room int) []string {
	end := append(wrapNonEmpty(d.typePrompt(), inner), d.answerLine(t, inner))
	for _, paragraphs := range [][]string{d.paragraphs(true), d.paragraphs(false)} {
		var tight, airy []string
		for _, p := range paragraphs {
			tight = append(tight, cells.Wrap(p, inner)...)
			airy = append(append(airy, ""), cells.Wrap(p, inner)...)
		}
		airy = append(append(append(airy, ""), d.setApart(end)...), "")
		for _, body := range [][]string{airy, append(append(slices.Clone(tight), ""), end...), append(tight, end...)} {
			if len(body) <= room {
				return body
			}
		}
	}
	text := wrapNonEmpty(strings.Join(d.paragraphs(false), " "), inner)
	text = text[:max(min(len(text), room-len(end)-1), 0)]
	return append(append(text, signs.More), end...)
}

// paragraphs are what stands before the answer.
func (d *Dialog) paragraphs(withWhy bool) []string {
	var all []string
	for _, p := range []string{d.What, d.Why, d.Member} {
		if p != "" && (withWhy || p != d.Why) {
			all = append(all, p)
		}
	}
	return all
}

// typePrompt says what to type, where that is asked for.
func (d *Dialog) typePrompt() string {
	if !d.Guard.Required() {
		return ""
	}
	return text.Clean(d.Guard.Prompt())
}

// setApart sets the answer apart from what is before it.
func (d *Dialog) setApart(end []string) []string {
	if len(end) == 1 {
		return end
	}
	last := len(end) - 1
	return append(append(end[:last:last], ""), end[last])
}

// answerLine is the line to type in, or the two answers. Of a text that is too long its end is shown, where the cursor is.
func (d *Dialog) answerLine(t *Styles, inner int) string {
	if d.Guard.Required() {
		typed := d.Typed
		if over := cells.Width(typed) + len("> ") + 1 - inner; over > 0 {
			typed = ansi.TruncateLeft(typed, over, "")
		}
		return t.Bold.Render("> "+typed) + signs.Caret
	}
	no, yes := t.chosen.Render(signs.Cursor+" No  "), t.Plain.Render("  "+d.YesLabel+"  ")
	if d.YesChosen {
		no, yes = t.Plain.Render("  No  "), t.chosen.Render(signs.Cursor+" "+d.YesLabel+"  ")
	}
	return Marked(PaneAnswers, answerNo, no) + "   " + Marked(PaneAnswers, answerYes, yes)
}

// The answers, as they are marked.
const (
	answerNo = iota
	answerYes
)

// Point is a click. It chooses an answer, and takes the one that is chosen; what is no answer does nothing.
func (d *Dialog) Point(at Spot) (cmd tea.Cmd, done bool) {
	switch {
	case at.Pane != PaneAnswers:
		return nil, false
	case d.YesChosen == (at.Row == answerYes):
		return d.Handle(IntentChoose)
	}
	return d.Handle(intentToggle)
}

// Overlay lays a block in the middle of a screen; the lines behind it are blank, so that nothing distracts from it. What is left
// of the screen can't be clicked. A block that grows and shrinks spans as many lines as it may have, so that its top stands still.
func Overlay(screen string, box []string, span, width, height int) string {
	screen, _ = ReadMarks(screen)
	lines := strings.Split(screen, "\n")
	for len(lines) < height {
		lines = append(lines, "")
	}
	top := max(0, (height-span)/2)
	for i, b := range box {
		if top+i >= len(lines) {
			break
		}
		lines[top+i] = Centre([]string{b}, width)[0]
	}
	return strings.Join(lines, "\n")
}
