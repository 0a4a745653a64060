package model

import (
	"regexp"
	"slices"
)

// Advice is a piece of advice: words, a command that runs as it is, or words that lead to one and end with a
// colon. What is shown on a line of its own, to be copied, is decided by Command and never by how the words
// begin.
type Advice struct {
	Words, Command string
	// InApp is what the app says in their place, where they name a flag of the command line; empty: the same. An action in braces
	// stands for its key, as in "go back ({back})".
	InApp string
}

// KeyNames gives the key that an action of the app has now; empty: it has none.
type KeyNames func(action string) string

// ForApp is the advice as the app gives it.
func (n Advice) ForApp(keys KeyNames) Advice {
	if n.InApp != "" {
		return Advice{Words: keys.fill(n.InApp)}
	}
	return n
}

var actionInWords = regexp.MustCompile(` \(\{([a-z-]+)\}\)`)

// fill names the keys of the actions in a text. An action without a key is left out.
func (k KeyNames) fill(words string) string {
	return actionInWords.ReplaceAllStringFunc(words, func(found string) string {
		if key := k(actionInWords.FindStringSubmatch(found)[1]); key != "" {
			return " (" + key + ")"
		}
		return ""
	})
}

// AdviceInApp is [AdviceFor] as the app gives it.
func AdviceInApp(gaps []Gap, keys KeyNames) []Advice {
	advice := AdviceFor(gaps)
	for i, n := range advice {
		advice[i] = n.ForApp(keys)
	}
	return advice
}

// String is the advice in one line.
func (n Advice) String() string {
	if n.Words != "" && n.Command != "" {
		return n.Words + " " + n.Command
	}
	return n.Words + n.Command
}

// AdviceLines are pieces of advice, each in its line.
func AdviceLines(advice []Advice) []string {
	lines := make([]string, len(advice))
	for i, n := range advice {
		lines[i] = n.String()
	}
	return lines
}

// AdviceFor says once what each of the gaps says to do next, in their order.
func AdviceFor(gaps []Gap) []Advice {
	var advice []Advice
	for _, g := range gaps {
		n := Advice{Words: g.Next, InApp: g.NextInApp}
		if g.Command != "" {
			n = Advice{Command: g.Command}
		}
		if n != (Advice{}) && !slices.Contains(advice, n) {
			advice = append(advice, n)
		}
	}
	return advice
}

// WithAdvice puts what to do into the gap. Words that lead to a command stay one sentence.
func (g Gap) WithAdvice(n Advice) Gap {
	g.Next, g.NextInApp = n.String(), n.InApp
	if n.Words == "" {
		g.Command = n.Command
	}
	return g
}
