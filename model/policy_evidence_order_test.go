package model_test

import (
	"slices"
	"testing"

	"whopulls/model"
)

// The order of evidence is that of what the check looked at. The agent's own role is looked for by its name; whether its
// definition was read for another question, and when, changes nothing.
func TestOrderOfEvidenceKeepsToWhatWasLookedAt(t *testing.T) {
	const older = "roles/serverless.serviceAgent"
	want := []string{older, runAgentRole} // as in the policy
	for about, sizes := range map[string][]int{"not read": nil, "the first is larger": {9, 1}, "the second is larger": {1, 9}} {
		t.Run(about, func(t *testing.T) {
			w := withoutGrants()
			w.bind(projectA, older, agent)
			w.bind(projectA, runAgentRole, agent)
			delete(w.Roles, older)
			delete(w.Roles, runAgentRole)
			for n, size := range sizes {
				w.Roles[want[n]] = model.Known(model.Role{Name: want[n], Permissions: slices.Repeat([]model.Permission{"run.services.get"}, size)})
			}
			c, _ := model.Diagnose(w.Situation).CheckByID("agent")
			var got []string
			for _, e := range c.Evidence {
				got = append(got, e.Role)
			}
			if c.Verdict != model.Granted || !slices.Equal(got, want) {
				t.Errorf("%s: %s by %q, not by %q", about, c.Verdict, got, want)
			}
		})
	}
}
