package failure

import (
	"regexp/syntax"
	"slices"
	"strings"
	"sync"

	"whopulls/text/pattern"
)

// phrase is a form of the tight text in lower case. Phrases have no spaces, like that text.
func phrase(form string) pattern.Pattern { return pattern.Lazy(form) }

// phraseMatcher is a form that is looked for only where the letters stand that it can't do without. A text of any length is
// asked for every phrase, and has a few.
type phraseMatcher struct {
	required func() string
	form     pattern.Pattern
}

// phrases are the forms of a rule, each by itself.
func phrases(forms ...string) []phraseMatcher {
	all := make([]phraseMatcher, len(forms))
	for i, form := range forms {
		all[i] = phraseMatcher{sync.OnceValue(func() string { return requiredLetters(form) }), pattern.Lazy(form)}
	}
	return all
}

// requiredLetters are the longest run of letters that every match of a form holds.
func requiredLetters(form string) string {
	parsed, err := syntax.Parse(form, syntax.Perl)
	if err != nil {
		panic(err)
	}
	return requiredLiteral(parsed.Simplify())
}

// requiredLiteral is that run in a part of a form.
func requiredLiteral(form *syntax.Regexp) (longest string) {
	switch form.Op {
	case syntax.OpLiteral:
		if form.Flags&syntax.FoldCase == 0 {
			return string(form.Rune)
		}
	case syntax.OpCapture, syntax.OpPlus:
		return requiredLiteral(form.Sub[0])
	case syntax.OpConcat:
		for _, sub := range form.Sub {
			if one := requiredLiteral(sub); len(one) > len(longest) {
				longest = one
			}
		}
	}
	return longest
}

// containsAny reports whether one of the phrases stands in a text.
func containsAny(all []phraseMatcher, text string) bool {
	return slices.ContainsFunc(all, func(p phraseMatcher) bool { return strings.Contains(text, p.required()) && p.form().MatchString(text) })
}
