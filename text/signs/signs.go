// Package signs is the one table of the signs outside ASCII that the program draws with, each with its ASCII form.
package signs

import "strings"

// Verdicts, and what became of a step. Their ASCII forms differ from each other.
const (
	Granted = "✓"
	Missing = "✗"
	Denied  = "⊘"
	Unknown = "?"
	Pending = "·"
	ToDo    = "○"
	Skipped = "–"
	Undone  = "↶"
)

// Signs in and between words.
const (
	Cursor   = "▸" // before the row under the cursor
	Into     = "▸" // from a place to one in it
	Prompt   = "›" // before the line where letters are text
	Caret    = "█" // where the next letter goes
	More     = "…"
	Dot      = "·"
	Next     = "→" // before what to do next
	Inherits = "↑" // a binding that stands above

	Within  = " " + Into + " "
	Between = " " + Dot + " "

	Up    = "↑"
	Down  = "↓"
	Left  = "←"
	Right = "→"
)

// The lines of boxes and wires: solid ones, double ones of what is stopped, and dotted ones of what is not known.
const (
	Horizontal  = "─"
	Vertical    = "│"
	TopLeft     = "╭"
	TopRight    = "╮"
	BottomLeft  = "╰"
	BottomRight = "╯"
	Cross       = "┼"
	TeeUp       = "┴"
	TeeDown     = "┬"
	TeeLeft     = "┤"
	TeeRight    = "├"
	HeadRight   = "▶"
	HeadLeft    = "◀"

	DoubleHorizontal  = "═"
	DoubleVertical    = "║"
	DoubleTopLeft     = "╔"
	DoubleTopRight    = "╗"
	DoubleBottomLeft  = "╚"
	DoubleBottomRight = "╝"
	DoubleTeeUp       = "╩"
	DoubleTeeDown     = "╦"
	DoubleTeeLeft     = "╣"
	DoubleTeeRight    = "╠"
	DoubleCross       = "╬"
	DoubleThrough     = "╪" // through an upright line
	DoubleAcross      = "╫" // through a level line
	DoubleLeaves      = "╞" // an upright line

	DottedHorizontal = "┄"
	DottedVertical   = "┊"
)

// Ambiguous are signs whose width the terminal decides: one column, or two where it is made for East Asian texts (Unicode's
// UAX 11, class A). There is one of each kind that the program draws.
const Ambiguous = Horizontal + Dot + More + Right + ToDo + HeadRight

// Spinner turns while something is read.
var Spinner = []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧"}

// narrow are the ASCII forms of one column. They stand for the signs of a whole picture, whose columns stay where they are.
var narrow = []string{
	Granted, "+", Missing, "x", Denied, "!", Pending, "-", ToDo, "o", Skipped, "-", Undone, "<",
	Cursor, ">", Prompt, ">", Caret, "_", More, "~", Right, ">", Up, "^", Down, "v", Left, "<",
	Horizontal, "-", Vertical, "|", TopLeft, "+", TopRight, "+", BottomLeft, "+", BottomRight, "+", Cross, "+", TeeUp, "+", TeeDown, "+",
	TeeLeft, "+", TeeRight, "+", HeadRight, ">", HeadLeft, "<",
	DoubleHorizontal, "=", DoubleVertical, "#", DoubleTopLeft, "#", DoubleTopRight, "#", DoubleBottomLeft, "#", DoubleBottomRight, "#",
	DoubleTeeUp, "#", DoubleTeeDown, "#", DoubleTeeLeft, "#", DoubleTeeRight, "#", DoubleCross, "#", DoubleThrough, "#", DoubleAcross, "#", DoubleLeaves, "#",
	DottedHorizontal, ".", DottedVertical, ":",
	"⠋", "|", "⠙", "/", "⠹", "-", "⠸", "\\", "⠼", "|", "⠴", "/", "⠦", "-", "⠧", "\\",
}

// wide are the ASCII forms that read better than those of one column in a sentence. The signs that lines begin with have none:
// their words stand below each other.
var wide = []string{Right, "->", More, "..."}

var (
	inPicture = strings.NewReplacer(narrow...)
	inText    = strings.NewReplacer(append(wide, narrow...)...)
	ofKeys    = strings.NewReplacer(Up+Down, "up/down", Left+Right, "left/right", Up, "up", Down, "down", Left, "left", Right, "right")
)

// Set is the signs that a terminal can show. The zero value has all of them.
type Set struct{ ascii bool }

// ASCII is the set for a terminal that shows ASCII alone.
var ASCII = Set{ascii: true}

// Text puts the signs of the set into a text that is not laid out yet.
func (s Set) Text(text string) string {
	if !s.ascii {
		return text
	}
	return inText.Replace(text)
}

// Keys names the arrows of a key's label in words, for ^v would be read as another key.
func (s Set) Keys(label string) string {
	if !s.ascii {
		return label
	}
	return ofKeys.Replace(label)
}

// Picture puts the signs of the set into what is laid out. Every column stays where it is.
func (s Set) Picture(text string) string {
	if !s.ascii {
		return text
	}
	return inPicture.Replace(text)
}
