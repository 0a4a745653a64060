package console

import (
	"whopulls/model"
	"whopulls/text/cells"
	"whopulls/text/signs"
)

// Mark is how a verdict looks: the sign and the word carry it, the tone only supports them.
type Mark struct {
	Sign string
	Tone tone
}

// VerdictMarks are the mark of each verdict.
var VerdictMarks = map[model.Verdict]Mark{
	model.Granted: Good.Mark(signs.Granted),
	model.Missing: Bad.Mark(signs.Missing),
	model.Denied:  Bad.Mark(signs.Denied),
	model.Unknown: Doubtful.Mark(signs.Unknown),
}

// verdictWidth is the longest verdict's.
const verdictWidth = len("granted")

// Mark is a sign in this tone.
func (t tone) Mark(sign string) Mark { return Mark{sign, t} }

// Mark is sign and word, the word padded where something follows in columns. A screen reader would read the sign out
// too, so there the word stands alone.
func (p *Printer) Mark(m Mark, word string, width int) Span {
	return m.Tone.Text(p.sign(m) + cells.Pad(word, width))
}

// Sign is the sign alone, before words that carry the meaning. To a screen reader it is nothing.
func (p *Printer) Sign(m Mark) Span { return m.Tone.Text(p.sign(m)) }

func (p *Printer) sign(m Mark) string {
	if p.screenReader {
		return ""
	}
	return p.signs.Text(m.Sign) + " "
}

// Verdict is a verdict's mark and word, as wide as the longest of them.
func (p *Printer) Verdict(v model.Verdict) Span {
	return p.Mark(VerdictMarks[v], string(v), verdictWidth)
}

// MemberName names a member for people: an e-mail tells itself whether it is a person's or a service account's.
func MemberName(m model.Member) string {
	switch {
	case m == "":
		return "not known"
	case m.Type() == "user" || m.IsServiceAccount():
		return m.Value()
	}
	return string(m)
}
