package failure

import (
	"regexp"
	"slices"
)

// rule names a cause, and the wording of it, where one of its phrases stands in the text.
type rule struct {
	cause   Cause
	phrases []phrasing
	unless  *regexp.Regexp // nil: always
	wording wording
	weak    bool // it says that something was refused, and not what
	echo    bool // it says that a step ended with an error, which stands elsewhere where there is more to read
}

// rules are in the order in which they are asked. What names an identity goes before what only says that something was
// refused, since the long messages end with the registry's own refusal.
var rules = slices.Concat(policyRules, imageRules, accountRules, missingRules, registryRules, permissionRules, otherRules, echoRules, lastRules)

// none is the place of no rule.
var none = len(rules)

// rule gives the place of the first one that holds.
func (m message) rule() int {
	for i, r := range rules {
		if say(r.phrases, m.low) && (r.unless == nil || !r.unless.MatchString(m.low)) {
			return i
		}
	}
	return none
}
