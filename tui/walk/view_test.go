package walk

import (
	"cmp"
	"strings"
	"testing"

	"whopulls/model"
)

// Only a policy that was asked for in vain is said to be unreadable.
func TestPolicyNotAtHandIsNotSaidToBeUnreadable(t *testing.T) {
	for state, unreadable := range map[model.FactState]bool{model.FactGap: true, model.FactUnasked: false, model.FactAbsent: false} {
		for _, kind := range []model.StepKind{model.StepGrant, model.StepRevoke} {
			t.Run(cmp.Or(string(state), "unasked")+" "+string(kind), func(t *testing.T) {
				got := unreadPolicyText(state, model.Step{Kind: kind})
				if strings.Contains(got, "could not be read") != unreadable || strings.Contains(got, "added") != (kind == model.StepGrant) {
					t.Errorf("of a policy in state %q, %s says %q", state, kind, got)
				}
			})
		}
	}
}
