package view

import (
	"whopulls/cmd/console"
	"whopulls/text/cells"
)

// AccessibilityDocument is what accessibility says to programs.
type AccessibilityDocument struct {
	Plain    bool             `json:"plain"`
	SetBy    string           `json:"setBy"` // empty: nothing did
	Signs    bool             `json:"signs"` // signs stand before the words of verdicts
	Colour   bool             `json:"colour"`
	Theme    string           `json:"theme"`
	Settings string           `json:"settings"` // the file
	Ways     []PlainModeEntry `json:"ways"`
}

// PlainModeEntry is one way to turn plain mode on.
type PlainModeEntry struct {
	Write string `json:"write"` // what to type, or to write into a file
	For   string `json:"for"`
}

// PlainModeEntries are the ways to turn plain mode on, the first that says something counts.
func PlainModeEntries(settingsFile string) []PlainModeEntry {
	inSettings := "whopulls, always"
	if settingsFile != "" {
		inSettings += ": a line in " + settingsFile
	}
	return []PlainModeEntry{
		{"--accessible", "one command"},
		{"ACCESSIBLE=1", "a shell: whopulls and other programs that read this variable"},
		{"accessible: always", inSettings},
		{"gcloud config set accessibility/screen_reader true", "gcloud and whopulls"},
		{"TERM=dumb", "a terminal that can't move its cursor; signs stay"},
	}
}

// Accessibility writes how whopulls is used with a screen reader, a braille display, or a plain terminal.
func Accessibility(p *console.Printer, d AccessibilityDocument) {
	state := "Plain mode is off."
	if d.Plain {
		state = "Plain mode is on, by " + d.SetBy + "."
	}
	p.Line(console.Strong.Text(state))
	for _, paragraph := range []string{
		"In plain mode, whopulls alone is a numbered menu. It asks one question at a time, and you answer with a number, " +
			"a name or a part of a name. No line is rewritten, and there are no boxes and no spinner. A verdict is a word.",
		"Every command does the same without the menu. --format=json gives its result to a program.",
	} {
		p.Line()
		p.Paragraph(0, console.Text(paragraph))
	}
	p.Line()
	p.Line(console.Strong.Text("To turn it on"), console.Text(" (the first that is set counts; false, never or 0 turn it off):"))
	for _, way := range d.Ways {
		p.Line(console.Text("  " + way.Write))
		p.Paragraph(6, console.Faint.Text("for "+way.For))
	}
	p.Line()
	writeColours(p, d)
}

// writeColours says what carries the meaning, and how colours are chosen.
func writeColours(p *console.Printer, d AccessibilityDocument) {
	const width = len("colours  ")
	colours := "off here"
	if d.Colour {
		colours = "on here"
	}
	for _, row := range [][2]string{
		{"colours", colours + "; the theme is " + d.Theme + ". No meaning is in a colour alone. NO_COLOR=1, or theme: mono in the settings, turns them off; themes dark and light use fixed colours."},
		{"keys", "every action of the app has a key; keys: in the settings changes them."},
		{"mouse", "nothing needs it."},
	} {
		p.WrapAfter([]console.Span{console.Strong.Text(cells.Pad(row[0], width))}, console.Text(row[1]))
	}
}
