package console

import (
	"whopulls/model"
	"whopulls/text/cells"
)

// Mark is how a verdict looks: the sign and the word carry it, the tone only supports them.
type Mark struct {
	Sign string
	Tone tone
}

// VerdictMarks are the mark of each verdict.
var VerdictMarks = map[model.Verdict]Mark{
	model.Granted: Good.Mark("✓"),
	model.Missing: Bad.Mark("✗"),
	model.Denied:  Bad.Mark("⊘"),
	model.Unknown: Doubtful.Mark("?"),
}

// verdictWidth is the longest verdict's.
const verdictWidth = len("granted")

// Mark is a sign in this tone.
func (t tone) Mark(sign string) Mark { return Mark{sign, t} }

// Mark is sign and word, the word padded where something follows in columns. A screen reader would read the sign out
// too, so there the word stands alone.
func (p *Printer) Mark(m Mark, word string, width int) Span {
	word = cells.Pad(word, width)
	if p.screenReader {
		return m.Tone.Text(word)
	}
	return m.Tone.Text(m.Sign + " " + word)
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
