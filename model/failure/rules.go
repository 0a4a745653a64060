package failure

import (
	"slices"

	"whopulls/text/pattern"
)

// causeRule names a cause, and the wording of it, where one of its phrases stands in the text.
type causeRule struct {
	cause       Cause
	phrases     []phraseMatcher
	unless      pattern.Pattern // nil: always
	variant     variant
	vague       bool // it says that something was refused, and not what
	stepFailure bool // it says that a step ended with an error, which stands elsewhere where there is more to read
}

// rules are in the order in which they are asked. What names an identity goes before what only says that something was
// refused, since the long messages end with the registry's own refusal.
var rules = slices.Concat(policyRules, imageRules, accountRules, missingRules, registryRules, permissionRules, notAccessRules, stepFailureRules, vagueRules)

// noRule is the place of no rule.
var noRule = len(rules)

// ruleIndex gives the place of the first one that holds.
func (m searchText) ruleIndex() int {
	for i, r := range rules {
		if containsAny(r.phrases, m.compactLower) && (r.unless == nil || !r.unless().MatchString(m.compactLower)) {
			return i
		}
	}
	return noRule
}
