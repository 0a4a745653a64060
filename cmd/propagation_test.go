package cmd

import (
	"strings"
	"testing"
	"time"

	"whopulls/cmd/view"
	"whopulls/gcp/journal"
	"whopulls/model"
)

func TestRecentGrantsAreRecalled(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	whole := journal.Entry{ID: "x", Target: "sandbox:pretend", Kind: model.StepGrant, State: journal.StateDone, Resource: repository,
		Role: model.RoleReader, Member: agent, ResultTime: now.Add(-90 * time.Second)}
	f := assessment{origin: "sandbox:pretend", Assessment: view.Assessment{Diagnosis: model.Diagnosis{Checks: []model.Check{{ID: model.CheckPull, Principal: agent,
		Evidence: []model.Evidence{{Resource: repository, Role: model.RoleReader, Member: agent}}}}}}}
	for about, c := range map[string]struct {
		change func(*journal.Entry)
		told   bool
	}{
		"a minute ago":           {func(*journal.Entry) {}, true},
		"long ago":               {func(e *journal.Entry) { e.ResultTime = now.Add(-time.Hour) }, false},
		"by a clock gone back":   {func(e *journal.Entry) { e.ResultTime = now.Add(time.Hour) }, false},
		"taken back":             {func(e *journal.Entry) { e.State = journal.StateUndone }, false},
		"in another cloud":       {func(e *journal.Entry) { e.Target = "google:googleapis.com" }, false},
		"to somebody else":       {func(e *journal.Entry) { e.Member = dev }, false},
		"on something else":      {func(e *journal.Entry) { e.Resource = projectA }, false},
		"no grant but a removal": {func(e *journal.Entry) { e.Kind = model.StepRevoke }, false},
	} {
		t.Run(about, func(t *testing.T) {
			e := whole
			c.change(&e)
			got := recentGrantNotes(grantsBehind(journal.History{Entries: []journal.Entry{e}}, f), now)
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
	grant := journal.Entry{ResultTime: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	for about, c := range map[string]struct {
		said   model.Observation
		grants []journal.Entry
		marked bool
	}{
		"before":         {model.Observation{Quoted: true, Time: grant.ResultTime.Add(-time.Hour)}, []journal.Entry{grant}, true},
		"after":          {model.Observation{Quoted: true, Time: grant.ResultTime.Add(time.Hour)}, []journal.Entry{grant}, false},
		"at no time":     {model.Observation{Quoted: true}, []journal.Entry{grant}, false},
		"by whopulls":    {model.Observation{Time: grant.ResultTime.Add(-time.Hour)}, []journal.Entry{grant}, false},
		"without grants": {model.Observation{Quoted: true, Time: grant.ResultTime}, nil, false},
	} {
		t.Run(about, func(t *testing.T) {
			if got := markOutdated([]model.Observation{c.said}, c.grants); strings.HasPrefix(got[0].Text, "from before the grant") != c.marked {
				t.Errorf("the observation is %q", got[0].Text)
			}
		})
	}
}
