package tui

import (
	"slices"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
)

// dialog asks before a change. The answer that is chosen when it opens is "no". No letter answers it: each has a meaning on
// the screen below, and a question may appear late.
type dialog struct {
	title     string
	what      string // what a yes changes
	why       string
	member    string // the member; empty where there is none
	yesLabel  string // what yes does, in a word or two
	onYes     tea.Cmd
	yesChosen bool // "yes" is chosen

	guard model.Confirmation // what has to be typed in place of a yes, if anything has
	typed string
}

func showDialog(d *dialog) tea.Cmd { return func() tea.Msg { return dialogMsg{d} } }

// typeKey tells whether a key was part of the word to be typed.
func (d *dialog) typeKey(msg tea.KeyPressMsg) bool {
	switch {
	case !d.guard.Required():
		return false
	case msg.Text != "":
		d.typed += msg.Text
	case msg.String() == "ctrl+u":
		d.typed = ""
	case msg.Code == tea.KeyBackspace && d.typed != "":
		_, size := utf8.DecodeLastRuneInString(d.typed)
		d.typed = d.typed[:len(d.typed)-size]
	default:
		return false
	}
	return true
}

func (d *dialog) bindings() []binding {
	if d.guard.Required() {
		return []binding{
			{keys: []string{"enter"}, label: "enter", help: d.yesLabel + ", once the " + d.guard.Noun + " is typed", intent: intentChoose},
			{keys: []string{"esc"}, label: "esc", help: "no, change nothing", intent: intentNo},
		}
	}
	return []binding{
		{keys: []string{"left", "right", "tab", "shift+tab"}, label: "←→", help: "choose", intent: intentToggle},
		{keys: []string{"enter"}, label: "enter", help: "take it", intent: intentChoose},
		{keys: []string{"esc"}, label: "esc", help: "no, change nothing", intent: intentNo},
	}
}

// handle gives what follows, and whether the dialog is over. A wrong word does not end it: whoever mistyped would
// take it for a yes.
func (d *dialog) handle(i intent) (tea.Cmd, bool) {
	if d.guard.Required() {
		d.yesChosen = d.typed == d.guard.Name
	}
	switch i {
	case intentToggle:
		d.yesChosen = !d.yesChosen
		return nil, false
	case intentNo:
		return nil, true
	case intentChoose:
		switch {
		case d.yesChosen:
			return d.onYes, true
		case d.guard.Required():
			return notice("nothing is changed: " + d.mistake()), false
		}
		return nil, true
	}
	return nil, false
}

// mistake says why what was typed is no yes.
func (d *dialog) mistake() string {
	if d.typed == "" {
		return "the " + d.guard.Noun + " is not typed yet; esc means no"
	}
	return "that is not the " + d.guard.Noun + "; esc means no"
}

// frameHeight is the upper and the lower edge.
const frameHeight = 2

func (d *dialog) view(t *styles, width, height int) []string {
	inner := min(width-10, 74)
	title := cut(clean(d.title), inner)
	lines := []string{t.accent.Render("╭ ") + t.bold.Render(title) + t.accent.Render(" "+strings.Repeat("─", inner-ansi.StringWidth(title))+"╮")}
	for _, l := range d.body(t, inner, height-frameHeight) {
		lines = append(lines, t.accent.Render("│ ")+pad(l, inner)+t.accent.Render(" │"))
	}
	return append(lines, t.accent.Render("╰"+strings.Repeat("─", inner+2)+"╯"))
}

// body is what stands in the frame. Where there is little room it goes without blank lines, then without the
// explanation; the answer is always there.
func (d *dialog) body(t *styles, inner, room int) []string {
	end := append(wrapNonEmpty(d.typePrompt(), inner), d.answerLine(t, inner))
	for _, paragraphs := range [][]string{d.paragraphs(true), d.paragraphs(false)} {
		var tight, airy []string
		for _, p := range paragraphs {
			tight = append(tight, wrap(p, inner)...)
			airy = append(append(airy, ""), wrap(p, inner)...)
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
	return append(append(text, "…"), end...)
}

// paragraphs are what is told before the answer.
func (d *dialog) paragraphs(withWhy bool) []string {
	var all []string
	for _, p := range []string{d.what, d.why, d.member} {
		if p != "" && (withWhy || p != d.why) {
			all = append(all, p)
		}
	}
	return all
}

// typePrompt says what to type, where that is asked for.
func (d *dialog) typePrompt() string {
	if !d.guard.Required() {
		return ""
	}
	return clean(d.guard.Prompt())
}

// setApart sets the answer apart from what is before it.
func (d *dialog) setApart(end []string) []string {
	if len(end) == 1 {
		return end
	}
	last := len(end) - 1
	return append(append(end[:last:last], ""), end[last])
}

// answerLine is the line to type in, or the two answers. Of a text that is too long its end is shown, where the cursor is.
func (d *dialog) answerLine(t *styles, inner int) string {
	if d.guard.Required() {
		typed := d.typed
		if over := ansi.StringWidth(typed) + len("> ") + 1 - inner; over > 0 {
			typed = ansi.TruncateLeft(typed, over, "")
		}
		return t.bold.Render("> "+typed) + "█"
	}
	if d.yesChosen {
		return t.plain.Render("  No  ") + "   " + t.chosen.Render("▸ "+d.yesLabel+"  ")
	}
	return t.chosen.Render("▸ No  ") + "   " + t.plain.Render("  "+d.yesLabel+"  ")
}

// overlay lays a block in the middle of a screen; the lines behind it are blank, so that nothing distracts from it.
func overlay(screen string, box []string, width, height int) string {
	lines := strings.Split(screen, "\n")
	for len(lines) < height {
		lines = append(lines, "")
	}
	top := max(0, (height-len(box))/2)
	for i, b := range box {
		if top+i >= len(lines) {
			break
		}
		left := max(0, (width-ansi.StringWidth(b))/2)
		lines[top+i] = strings.Repeat(" ", left) + b
	}
	return strings.Join(lines, "\n")
}
