package cmd

import (
	"whopulls/model"
)

// mark is how a verdict looks: the sign and the word carry it, the tone only supports them.
type mark struct {
	sign string
	tone tone
}

var verdictMarks = map[model.Verdict]mark{
	model.Granted: {"✓", good},
	model.Missing: {"✗", bad},
	model.Denied:  {"⊘", bad},
	model.Unknown: {"?", doubtful},
}

// verdictWidth is the longest verdict's.
const verdictWidth = len("granted")

// mark is sign and word, the word padded where something follows in columns. A screen reader would read the sign out
// too, so there the word stands alone.
func (p *printer) mark(m mark, word string, width int) span {
	word = pad(word, width)
	if p.screenReader {
		return span{m.tone, word}
	}
	return span{m.tone, m.sign + " " + word}
}

func (p *printer) verdict(v model.Verdict) span {
	return p.mark(verdictMarks[v], string(v), verdictWidth)
}

// memberName names a member for people: an e-mail tells itself whether it is a person's or a service account's.
func memberName(m model.Member) string {
	switch {
	case m == "":
		return "not known"
	case m.Type() == "user" || m.IsServiceAccount():
		return m.Value()
	}
	return string(m)
}
