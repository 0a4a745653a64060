package model

import "slices"

// Next is a piece of advice: words, a command that runs as it stands, or words that lead to one and end with a colon.
// What is shown on a line of its own, to be copied, is decided by Command and never by how the words begin.
type Next struct{ Words, Command string }

// String is the advice in one line.
func (n Next) String() string {
	if n.Words != "" && n.Command != "" {
		return n.Words + " " + n.Command
	}
	return n.Words + n.Command
}

// Lines are pieces of advice, each in its line.
func Lines(nexts []Next) []string {
	lines := make([]string, len(nexts))
	for i, n := range nexts {
		lines[i] = n.String()
	}
	return lines
}

// Nexts says once what each of the gaps says to do next, in their order.
func Nexts(gaps []Gap) []Next {
	var nexts []Next
	for _, g := range gaps {
		n := Next{Words: g.Next}
		if g.Command != "" {
			n = Next{Command: g.Command}
		}
		if n != (Next{}) && !slices.Contains(nexts, n) {
			nexts = append(nexts, n)
		}
	}
	return nexts
}

// Advises puts what to do into the gap. Words that lead to a command stay one sentence.
func (g Gap) Advises(n Next) Gap {
	g.Next = n.String()
	if n.Words == "" {
		g.Command = n.Command
	}
	return g
}
