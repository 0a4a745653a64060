package failure

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
)

// phrase compiles a form of the tight text in small letters. Phrases have no spaces, like that text.
func phrase(form string) *regexp.Regexp { return regexp.MustCompile(form) }

// phrasing is a form that is looked for only where the letters stand that it can't do without. A text of any length is
// asked for every phrase, and has a few.
type phrasing struct {
	needs string
	form  *regexp.Regexp
}

// phrases compiles the forms of a rule, each by itself.
func phrases(forms ...string) []phrasing {
	all := make([]phrasing, len(forms))
	for i, form := range forms {
		parsed, err := syntax.Parse(form, syntax.Perl)
		if err != nil {
			panic(err)
		}
		all[i] = phrasing{needs(parsed.Simplify()), regexp.MustCompile(form)}
	}
	return all
}

// needs is the longest run of letters that every match of a form holds.
func needs(form *syntax.Regexp) (longest string) {
	switch form.Op {
	case syntax.OpLiteral:
		if form.Flags&syntax.FoldCase == 0 {
			return string(form.Rune)
		}
	case syntax.OpCapture, syntax.OpPlus:
		return needs(form.Sub[0])
	case syntax.OpConcat:
		for _, sub := range form.Sub {
			if one := needs(sub); len(one) > len(longest) {
				longest = one
			}
		}
	}
	return longest
}

// say tells whether one of the phrases stands in a text.
func say(all []phrasing, text string) bool {
	return slices.ContainsFunc(all, func(p phrasing) bool { return strings.Contains(text, p.needs) && p.form.MatchString(text) })
}
