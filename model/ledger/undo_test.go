package ledger

import (
	"slices"
	"testing"

	"whopulls/model"
)

// What replaced a binding is not taken back where that binding can't be given back: the member may have no other access.
func TestFeasibleLeavesOutWhatWaits(t *testing.T) {
	const repository = model.Resource("//artifactregistry.googleapis.com/projects/p/locations/l/repositories/r")
	narrow := Entry{ID: "a", Run: "run", Project: "c", Kind: model.StepGrant, Resource: repository, Role: model.RoleReader, Member: "user:dev@example.com", State: StateDone}
	broad := narrow
	broad.ID, broad.Kind, broad.Role = "b", model.StepRevoke, "roles/artifactregistry.writer"
	other := narrow
	other.ID, other.Member = "c", "user:ops@example.com"
	for state, want := range map[State][]string{StateDone: {"b", "c", "a"}, StateIntended: {"c"}, StateUnclear: {"c"}} {
		t.Run(string(state), func(t *testing.T) {
			replaced := broad
			replaced.State = state
			steps, writes, left := Feasible([]Entry{replaced, other, narrow})
			var got []string
			for _, s := range steps {
				got = append(got, writes[s.ID].Undoes)
			}
			if !slices.Equal(got, want) || len(steps)+len(left) != 3 {
				t.Errorf("taken back %v, want %v; left out %v", got, want, left)
			}
			for _, o := range left {
				if !o.Reason.IsSet() {
					t.Errorf("step %s is left out without a reason", o.Step.ID)
				}
			}
		})
	}
}

// Each state has a sign of its own and a meaning.
func TestEveryStateHasASign(t *testing.T) {
	signs := map[string]bool{}
	for _, m := range Meanings() {
		signs[m.State.Sign()] = true
	}
	if len(signs) != 5 || signs[""] {
		t.Errorf("%d states have the signs %v", len(Meanings()), signs)
	}
}
