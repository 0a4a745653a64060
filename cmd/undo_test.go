package cmd

import (
	"slices"
	"testing"

	"whopulls/gcp/journal"
	"whopulls/model"
)

// What stands in for something that was taken away is not taken back before that is there again.
func TestUndoKeepsWhatStandsIn(t *testing.T) {
	grant := journal.Entry{ID: "a", Run: "r", Kind: model.StepGrant, Resource: repository, Role: model.RoleReader, Member: agent, State: journal.StateDone}
	broad := grant
	broad.ID, broad.Kind, broad.Role = "b", model.StepRevoke, "roles/artifactregistry.writer"
	other := broad
	other.Member = "user:dev@example.com"
	for state, refused := range map[journal.State]bool{journal.StateDone: false, journal.StateUnclear: true, journal.StateIntended: true} {
		later := broad
		later.State = state
		steps, why := inverses([]journal.Entry{other, later, grant})
		if (why["2"] != "") != refused || !slices.Equal(steps[2].After, []string{"2"}) || len(steps[1].After) > 0 {
			t.Fatalf("%s: %v after %v", state, why, steps[2].After)
		}
		if _, waits := model.WaitsFor(steps[2], []model.Outcome{{Step: steps[1], State: model.StepSkipped}}); !waits {
			t.Errorf("%s: the grant is taken back although the broad role is not there", state)
		}
	}
}
