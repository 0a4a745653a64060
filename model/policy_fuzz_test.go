package model_test

import (
	"encoding/json"
	"testing"

	"whopulls/model"
)

// FuzzPolicy reads any policy as JSON: reasoning over it never fails, more bindings never take a grant away, and a grant
// adds its one member and touches nothing else.
func FuzzPolicy(f *testing.F) {
	for _, seed := range []string{
		`{}`,
		`{"bindings":[{"role":"roles/artifactregistry.reader","members":["allUsers"]}]}`,
		`{"bindings":[{"role":"roles/artifactregistry.reader","members":["group:g@example.com","deleted:user:a@b?uid=1"]}]}`,
		`{"bindings":[{"role":"roles/viewer_withcond_1","members":["projectOwner:myproject-b"]}]}`,
		`{"bindings":[{"role":"roles/editor","members":["principalSet://cloudresourcemanager.googleapis.com/projects/1/type/ServiceAgent"],` +
			`"condition":{"title":"t","expression":"request.time < timestamp('2030-01-01T00:00:00Z')"}}]}`,
		`{"version":3,"etag":"BwX=","bindings":[{"role":"","members":[]},{"role":"r","members":[""]}]}`,
	} {
		f.Add(seed, string(agent))
	}
	f.Fuzz(func(t *testing.T, text, member string) {
		var before model.Policy
		if json.Unmarshal([]byte(text), &before) != nil {
			return
		}
		kept := deepCopy(before)
		edit := before.GrantEdit(reader, model.Member(member))
		after := before.Apply(edit)
		if wrong := diffPolicies(kept, before); wrong != "" {
			t.Errorf("the policy itself was changed: %s", wrong)
		}
		if !after.Holds(reader, model.Member(member)) {
			t.Errorf("after the grant of %q the policy does not hold it", member)
		}
		if edit.Op != model.EditNone {
			if wrong := addedOnly(kept, deepCopy(after), reader, model.Member(member)); wrong != "" {
				t.Error(wrong)
			}
		}
		w := article()
		w.Policies[projectB] = model.Known(before)
		without := model.Decide(w.Situation, pull)
		w.Policies[projectB] = model.Known(before.Apply(before.GrantEdit(reader, agent)))
		with := model.Decide(w.Situation, pull)
		if with.Verdict != model.Granted || without.Verdict == model.Denied {
			t.Errorf("the pull is %s, and with the grant %s", without.Verdict, with.Verdict)
		}
		model.Diagnose(w.Situation)
	})
}
