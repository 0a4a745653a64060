package cmd

import (
	"strings"
	"testing"
	"time"

	"whopulls/cmd/view"
	"whopulls/model"
	"whopulls/model/ledger"
)

func TestRecentGrantsAreRecalled(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	whole := ledger.Entry{ID: "x", Target: "sandbox:pretend", Kind: model.StepGrant, State: ledger.StateDone, Resource: repository,
		Role: model.RoleReader, Member: agent, ResultTime: now.Add(-90 * time.Second)}
	f := assessment{origin: "sandbox:pretend", Assessment: view.Assessment{Diagnosis: model.Diagnosis{Checks: []model.Check{{ID: model.CheckPull, Principal: agent,
		Evidence: []model.Evidence{{Resource: repository, Role: model.RoleReader, Member: agent}}}}}}}
	for about, c := range map[string]struct {
		change func(*ledger.Entry)
		told   bool
	}{
		"a minute ago":           {func(*ledger.Entry) {}, true},
		"long ago":               {func(e *ledger.Entry) { e.ResultTime = now.Add(-time.Hour) }, false},
		"by a clock gone back":   {func(e *ledger.Entry) { e.ResultTime = now.Add(time.Hour) }, false},
		"taken back":             {func(e *ledger.Entry) { e.State = ledger.StateUndone }, false},
		"in another cloud":       {func(e *ledger.Entry) { e.Target = "google:googleapis.com" }, false},
		"to somebody else":       {func(e *ledger.Entry) { e.Member = dev }, false},
		"on something else":      {func(e *ledger.Entry) { e.Resource = projectA }, false},
		"no grant but a removal": {func(e *ledger.Entry) { e.Kind = model.StepRevoke }, false},
	} {
		t.Run(about, func(t *testing.T) {
			e := whole
			c.change(&e)
			got := recentGrantNotes(grantsBehind(ledger.History{Entries: []ledger.Entry{e}}, f), now)
			if (len(got) == 1) != c.told {
				t.Errorf("the notes are %v", got)
			}
			if c.told && !strings.Contains(got[0].Text, "1m30s ago") {
				t.Errorf("the note is %q", got[0].Text)
			}
		})
	}
}

// What the workload said before a grant is marked, however old it is. What it said after the grant, and what whopulls itself
// says, is not.
func TestWhatWasSaidBeforeAGrant(t *testing.T) {
	grant := ledger.Entry{ResultTime: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	for about, c := range map[string]struct {
		said   model.Observation
		grants []ledger.Entry
		marked bool
	}{
		"before":         {model.Observation{Quoted: true, Time: grant.ResultTime.Add(-time.Hour)}, []ledger.Entry{grant}, true},
		"after":          {model.Observation{Quoted: true, Time: grant.ResultTime.Add(time.Hour)}, []ledger.Entry{grant}, false},
		"at no time":     {model.Observation{Quoted: true}, []ledger.Entry{grant}, false},
		"by whopulls":    {model.Observation{Time: grant.ResultTime.Add(-time.Hour)}, []ledger.Entry{grant}, false},
		"without grants": {model.Observation{Quoted: true, Time: grant.ResultTime}, nil, false},
	} {
		t.Run(about, func(t *testing.T) {
			if got := markOutdated([]model.Observation{c.said}, c.grants); strings.HasPrefix(got[0].Text, "from before the grant") != c.marked {
				t.Errorf("the observation is %q", got[0].Text)
			}
		})
	}
}
