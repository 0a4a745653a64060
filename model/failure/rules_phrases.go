package failure

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

// phrase compiles a form of the tight text in lower case. Phrases have no spaces, like that text.
func phrase(form string) *regexp.Regexp { return regexp.MustCompile(form) }

// phraseMatcher is a form that is looked for only where the letters stand that it can't do without. A text of any length is
// asked for every phrase, and has a few.
type phraseMatcher struct {
	required string
	form     *regexp.Regexp
}

// phrases compiles the forms of a rule, each by itself.
func phrases(forms ...string) []phraseMatcher {
	all := make([]phraseMatcher, len(forms))
	for i, form := range forms {
		parsed, err := syntax.Parse(form, syntax.Perl)
		if err != nil {
			panic(err)
		}
		all[i] = phraseMatcher{requiredLiteral(parsed.Simplify()), regexp.MustCompile(form)}
	}
	return all
}

// requiredLiteral is the longest run of letters that every match of a form holds.
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
	return slices.ContainsFunc(all, func(p phraseMatcher) bool { return strings.Contains(text, p.required) && p.form.MatchString(text) })
}
