package ui

import (
	"fmt"
	"image/color"
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/signs"
)

// Theme is a choice of colours.
type Theme string

// The themes. The zero value is auto.
const (
	ThemeAuto     Theme = "auto"     // dark or light, as the terminal's background is
	ThemeTerminal Theme = "terminal" // the terminal's own sixteen colours
	ThemeDark     Theme = "dark"     // fixed colours for a dark background
	ThemeLight    Theme = "light"    // fixed colours for a light one
	ThemeMono     Theme = "mono"     // no colour: bold, reverse and faint
)

// Themes lists the choices, the first of which is taken when none was made.
func Themes() []Theme { return []Theme{ThemeAuto, ThemeTerminal, ThemeDark, ThemeLight, ThemeMono} }

// On is the theme that this one means on a background, which is dark, light or not known yet. The fixed colours need a terminal of many
// colours.
func (t Theme) On(background Theme, manyColours bool) Theme {
	if (t == "" || t == ThemeAuto) && manyColours {
		return background
	}
	return t
}

// ParseTheme takes a theme's name.
func ParseTheme(name string) (Theme, error) {
	if slices.Contains(Themes(), Theme(name)) {
		return Theme(name), nil
	}
	return "", fmt.Errorf("%q is no theme; the themes are %s", name, strings.Trim(fmt.Sprint(Themes()), "[]"))
}

// palette is the colours of a theme; nil is the colour that text has anyway.
type palette struct {
	accent, good, bad, denied, unknown color.Color
	dim                                color.Color // nil: faint instead
	bar, barText                       color.Color // of the row under the cursor; nil: reversed

	goodGround, badGround, deniedGround, unknownGround color.Color // behind a verdict; nil: none
	warning, danger                                    color.Color // behind a badge; nil: reversed
}

// palettes: the terminal's sixteen colours look as the user's own palette decides, dark or light. The fixed ones are
// readable (4.5 to 1) on backgrounds from black to dark grey, and from white to light grey.
func (t Theme) palette() palette {
	ink := lipgloss.Color
	switch t {
	case ThemeMono:
		return palette{}
	case ThemeDark:
		return palette{accent: ink("#5fd7ff"), good: ink("#87d787"), bad: ink("#ff9a9a"), denied: ink("#ffafff"), unknown: ink("#ffd75f"), dim: ink("#b2b2b2"),
			bar: ink("#005f87"), barText: ink("#ffffff"), goodGround: ink("#15301c"), badGround: ink("#451a20"), deniedGround: ink("#3d1b42"), unknownGround: ink("#3b2f12"),
			warning: ink("#7a4b00"), danger: ink("#a80000")}
	case ThemeLight:
		return palette{accent: ink("#005f87"), good: ink("#005f00"), bad: ink("#a80000"), denied: ink("#870087"), unknown: ink("#6f4400"), dim: ink("#4e4e4e"),
			bar: ink("#005f87"), barText: ink("#ffffff"), goodGround: ink("#dcf2dc"), badGround: ink("#fde3e3"), deniedGround: ink("#f7e1f7"), unknownGround: ink("#fbeecb"),
			warning: ink("#7a4b00"), danger: ink("#a80000")}
	}
	return palette{accent: ink("6"), good: ink("2"), bad: ink("1"), denied: ink("5"), unknown: ink("3")}
}

// on is a style on a ground; without one it stays as it is.
func on(s lipgloss.Style, ground color.Color) lipgloss.Style {
	if ground == nil {
		return s
	}
	return s.Background(ground)
}

// badge is a style that stands out: on its ground, else reversed.
func (p palette) badge(ink, ground color.Color) lipgloss.Style {
	s := lipgloss.NewStyle().Bold(true)
	switch {
	case ground != nil:
		return s.Foreground(p.barText).Background(ground)
	case ink != nil:
		s = s.Foreground(ink)
	}
	return s.Reverse(true)
}

// Styles is the styles by what they mean; every sign and word reads without them.
type Styles struct {
	Plain, Dim, Bold, Accent, Title, Key, chosen, Frame lipgloss.Style
	Added, Danger                                       lipgloss.Style
	Mark, Bar, BarMark                                  lipgloss.Style // letters that were looked for; the row under the cursor, and such letters in it
	Verdicts                                            map[model.Verdict]lipgloss.Style
	Chips                                               map[model.Verdict]lipgloss.Style // the same on a ground of their own, where the theme has one
	BadgePlace, BadgeWarning, BadgeDanger               lipgloss.Style
	TextInput, barInput                                 textinput.Styles // on a screen, and in a bar
	Signs                                               signs.Set
}

// NewStyles makes the styles of a theme.
func NewStyles(choice Theme) *Styles {
	p := choice.palette()
	plain := lipgloss.NewStyle()
	foreground := func(c color.Color) lipgloss.Style {
		if c == nil {
			return plain
		}
		return plain.Foreground(c)
	}
	dim := foreground(p.dim)
	if p.dim == nil {
		dim = plain.Faint(true)
	}
	t := &Styles{
		Plain: plain, Dim: dim, Bold: plain.Bold(true), Accent: foreground(p.accent),
		Title: foreground(p.accent).Bold(true), Key: plain.Bold(true), Frame: dim,
		Added: foreground(p.good), Danger: foreground(p.bad).Bold(true),
		Verdicts: map[model.Verdict]lipgloss.Style{
			model.Granted: foreground(p.good), model.Missing: foreground(p.bad).Bold(true),
			model.Denied: foreground(p.denied).Bold(true), model.Unknown: foreground(p.unknown).Bold(true),
		},
		BadgePlace: p.badge(p.accent, p.bar), BadgeWarning: p.badge(p.unknown, p.warning), BadgeDanger: p.badge(p.bad, p.danger),
	}
	t.Chips = map[model.Verdict]lipgloss.Style{
		model.Granted: on(t.Verdicts[model.Granted], p.goodGround), model.Missing: on(t.Verdicts[model.Missing], p.badGround),
		model.Denied: on(t.Verdicts[model.Denied], p.deniedGround), model.Unknown: on(t.Verdicts[model.Unknown], p.unknownGround),
	}
	t.Mark = foreground(p.accent).Bold(true).Underline(true)
	t.Bar = plain.Bold(true).Reverse(true)
	if p.bar != nil {
		t.Bar = plain.Bold(true).Foreground(p.barText).Background(p.bar)
	}
	t.chosen, t.BarMark = t.Bar, t.Bar.Underline(true)
	t.TextInput.Focused = textinput.StyleState{Text: plain, Prompt: plain, Placeholder: dim, Suggestion: dim}
	t.TextInput.Blurred = t.TextInput.Focused
	t.barInput.Focused = textinput.StyleState{Text: t.Bar, Prompt: t.Bar, Placeholder: t.Bar, Suggestion: t.Bar}
	t.barInput.Blurred = t.barInput.Focused
	return t
}

// NewInput is an empty text field.
func (t *Styles) NewInput(placeholder string) textinput.Model {
	field := textinput.New()
	field.SetStyles(t.TextInput)
	field.Prompt, field.Placeholder = "", placeholder
	return field
}

// FieldView is a text field in the colours of now: it was made in those of its time, and the theme may have changed.
func (t *Styles) FieldView(f *textinput.Model) string {
	return fieldView(f, t.TextInput)
}

func fieldView(f *textinput.Model, look textinput.Styles) string {
	f.SetStyles(look)
	return f.View()
}

// Breadcrumb says where we are, which may be called anything. Each of its parts can be clicked.
func (t *Styles) Breadcrumb(where string) string {
	parts := strings.Split(text.Clean(where), signs.Within)
	for n, part := range parts {
		parts[n] = Marked(PaneTrail, n, t.Dim.Render(part))
	}
	return strings.Join(parts, t.Dim.Render(t.Signs.Text(signs.Within)))
}

// ResizeInput gives a text field another width. It scrolls again only when its cursor moves.
func ResizeInput(f *textinput.Model, width int) {
	if f.Width() == width {
		return
	}
	f.SetWidth(width)
	at := f.Position()
	f.SetCursor(0)
	f.SetCursor(at)
}

// InputView is a text field with a mark at each end behind which there is more than it has room for.
func (t *Styles) InputView(f *textinput.Model) string { return t.inputView(f, t.TextInput, t.Dim) }

// inputView has its own style for the marks.
func (t *Styles) inputView(f *textinput.Model, look textinput.Styles, edge lipgloss.Style) string {
	value := strings.TrimRight(f.Value(), " ")
	view := strings.ReplaceAll(fieldView(f, look), "\x00", "") // the field counts a placeholder by columns and cuts it by letters
	shown := strings.TrimRight(ansi.Strip(view), " ")
	before, after := " ", " "
	if value != "" && !strings.HasPrefix(value, shown) {
		before = t.Signs.Picture(signs.More)
	}
	if value != "" && !strings.HasSuffix(value, shown) {
		after = t.Signs.Picture(signs.More)
	}
	return edge.Render(before) + view + edge.Render(after)
}
