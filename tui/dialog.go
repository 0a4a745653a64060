package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// dialog asks before a change. The answer that is chosen when it opens is "no".
type dialog struct {
	title string
	lines []string
	yes   string // what yes does, in a word or two
	onYes tea.Cmd
	agree bool // "yes" is chosen

	word, typed string // what has to be typed in place of a yes, and what was
}

func ask(d *dialog) tea.Cmd { return func() tea.Msg { return askMsg{d} } }

// takes tells whether a key was part of the word to be typed.
func (d *dialog) takes(msg tea.KeyPressMsg) bool {
	switch {
	case d.word == "":
		return false
	case msg.Text != "":
		d.typed += msg.Text
	case msg.Code == tea.KeyBackspace && d.typed != "":
		d.typed = d.typed[:len(d.typed)-1]
	default:
		return false
	}
	return true
}

func (d *dialog) bindings() []binding {
	if d.word != "" {
		return []binding{
			{keys: []string{"enter"}, label: "enter", help: d.yes + ", once the id is typed", intent: intentChoose},
			{keys: []string{"esc"}, label: "esc", help: "no, change nothing", intent: intentNo},
		}
	}
	return []binding{
		{keys: []string{"y"}, label: "y", help: d.yes, intent: intentYes},
		{keys: []string{"n", "esc", "q"}, label: "n", help: "no, change nothing", intent: intentNo},
		{keys: []string{"tab", "shift+tab", "left", "right", "h", "l"}, label: "←→", help: "choose", intent: intentToggle},
		{keys: []string{"enter"}, label: "enter", help: "take the chosen one", intent: intentChoose},
	}
}

// handle gives what follows, and whether the dialog is over.
func (d *dialog) handle(i intent) (tea.Cmd, bool) {
	if d.word != "" {
		d.agree = d.typed == d.word
	}
	switch i {
	case intentToggle:
		d.agree = !d.agree
		return nil, false
	case intentYes:
		return d.onYes, true
	case intentNo:
		return nil, true
	case intentChoose:
		if d.agree {
			return d.onYes, true
		}
		return nil, true
	}
	return nil, false
}

func (d *dialog) view(t *theme, width int) []string {
	inner := min(width-10, 74)
	var body []string
	for _, l := range d.lines {
		body = append(body, wrap(l, inner)...)
	}
	no, yes := t.chosen, t.plain
	if d.agree {
		no, yes = t.plain, t.chosen
	}
	if d.word != "" {
		body = append(body, "", t.bold.Render("> "+d.typed)+"█")
	} else {
		body = append(body, "", no.Render("  No  ")+"   "+yes.Render("  "+d.yes+"  "))
	}
	lines := []string{t.accent.Render("╭ ") + t.bold.Render(d.title) + t.accent.Render(" "+strings.Repeat("─", max(0, inner-ansi.StringWidth(d.title)))+"╮")}
	for _, l := range append([]string{""}, append(body, "")...) {
		lines = append(lines, t.accent.Render("│ ")+pad(l, inner)+t.accent.Render(" │"))
	}
	return append(lines, t.accent.Render("╰"+strings.Repeat("─", inner+2)+"╯"))
}

// over lays a block in the middle of a screen; the lines behind it are blank, so that nothing distracts from it.
func over(under string, block []string, width, height int) string {
	lines := strings.Split(under, "\n")
	for len(lines) < height {
		lines = append(lines, "")
	}
	top := max(0, (height-len(block))/2)
	for i, b := range block {
		if top+i >= len(lines) {
			break
		}
		left := max(0, (width-ansi.StringWidth(b))/2)
		lines[top+i] = strings.Repeat(" ", left) + b
	}
	return strings.Join(lines, "\n")
}
