package tui

import (
	"slices"
	"strings"

	"whopulls/tui/ui"

	tea "charm.land/bubbletea/v2"

	"whopulls/text/cells"
	"whopulls/text/signs"
)

// mapLegend explains the picture in the words of the design: three identities, four verdicts.
var mapLegend = []string{
	"DEPLOYS  the caller of Cloud Run: creates the workload, acts as the runner, reads the image.",
	"PULLS    the Cloud Run service agent of the consumer project: fetches the image. It needs the reader role where the image lives.",
	"RUNS     the runtime service account of the container. It needs no right to the images: they are pulled before it starts.",
	signs.Inherits + " folder apps   the binding stands above what was asked about, and reaches everything below it.",
	"! public         everybody has the role.",
	"A, B, C          the projects that take part: A runs the container, and a line's letter names the project that it reaches.",
	signs.Granted + " granted  a binding that was read gives it.",
	signs.Missing + " missing  nothing gives it: all was read, or your own test says no.",
	signs.Denied + " denied   a deny policy or an organization policy takes it away.",
	signs.Unknown + " unknown  something could not be read or decided. That is not missing.",
	"kept       how long ago the deny policies were read. They are kept for ten minutes, so reading again may show the same ones.",
}

// Legend is that of the screen below the help.
func (r *root) Legend() (heading string, lines []string) {
	if w, ok := r.top().(ui.LegendScreen); ok {
		return w.Legend()
	}
	return "Who is who", mapLegend
}

// helpBindings: the help scrolls; whatever else is pressed closes it.
var helpBindings = append([]ui.Binding{
	{Intent: ui.IntentUp, Opposite: ui.IntentDown, Help: "scroll"},
	{Label: "any other key", Help: "closes this"},
}, ui.PagingBindings...)

// shownHelpBindings are those of the help as it is: what fits does not scroll.
func (r *root) shownHelpBindings() []ui.Binding {
	bindings := slices.Clone(helpBindings)
	bindings[0] = bindings[0].HiddenIf(len(r.helpLines()) <= r.height-2)
	return bindings
}

func (r *root) handleHelpKey(msg tea.KeyPressMsg) tea.Cmd {
	i := ui.IntentOf(msg, r.Keys.WithKeys(helpBindings, false))
	if i == "" {
		r.showHelp = false
		return nil
	}
	r.helpOffset = ui.MoveCursor(i, r.helpOffset, len(r.helpLines()), r.height/2)
	return nil
}

func (r *root) helpView(height int) string {
	return strings.Join(r.Styles.VisibleLines(r.helpLines(), &r.helpOffset, height, r.PagingKeys(false)), "\n")
}

// helpLines are the keys of the screen below the help, what the palette alone has, then what the words of the picture mean.
func (r *root) helpLines() []string {
	lines := slices.Concat(r.helpHeading("Keys here"), r.keyLines(), r.keylessLines())
	heading, explained := r.Legend()
	lines = append(lines, r.helpHeading(heading)...)
	column := 0
	for _, l := range explained {
		head, _, _ := strings.Cut(l, "  ")
		column = max(column, cells.Width(head)+2)
	}
	for _, l := range explained {
		head, text, _ := strings.Cut(l, "  ")
		lines = append(lines, r.helpEntry(head, text, column)...)
	}
	return lines
}

// helpHeading is a heading of the help, with room around it.
func (r *root) helpHeading(text string) []string {
	return []string{"", "  " + r.Styles.Bold.Render(text), ""}
}

// helpEntry is a line of the help: a word or keys, and behind them what they mean, in as many lines as that needs.
func (r *root) helpEntry(head, text string, column int) (lines []string) {
	for _, part := range cells.Wrap(text, r.width-7-column) {
		lines = append(lines, "    "+r.Styles.Key.Render(cells.Fit(r.Styles.Signs.Text(head), column))+part)
		head = ""
	}
	return lines
}

// keyLines show every key of the screen below the help.
func (r *root) keyLines() (lines []string) {
	bindings := slices.DeleteFunc(r.bindings(), isKeyless)
	column := 0
	for _, b := range bindings {
		column = max(column, cells.Width(r.Styles.Signs.Keys(b.FullLabel())))
	}
	for _, b := range bindings {
		lines = append(lines, r.helpEntry(r.Styles.Signs.Keys(b.FullLabel()), b.Explanation(), column+2)...)
	}
	if !r.mouseOff {
		lines = append(lines, r.helpEntry("mouse", mouseHelp, column+2)...)
	}
	return lines
}

// keylessLines are the actions of the screen below the help that no key does. The palette has them.
func (r *root) keylessLines() (lines []string) {
	for _, b := range r.bindings() {
		if isKeyless(b) {
			lines = append(lines, r.helpEntry("", b.Explanation(), 0)...)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	heading := "In the palette"
	if key := r.Keys.Symbol(ui.IntentPalette, true); key != "" {
		heading += " (" + r.Styles.Signs.Keys(key) + ")"
	}
	return append(r.helpHeading(heading), lines...)
}

// isKeyless reports whether no key does what a binding is for.
func isKeyless(b ui.Binding) bool { return b.FullLabel() == "" }
