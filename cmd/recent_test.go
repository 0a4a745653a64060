package cmd

import (
	"strings"
	"testing"
	"time"

	"whopulls/gcp/journal"
	"whopulls/model"
)

func TestRecentGrantsAreRecalled(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	whole := journal.Entry{ID: "x", Target: "sandbox:pretend", Kind: model.StepGrant, State: journal.StateDone, Resource: repository,
		Role: model.RoleReader, Member: agent, Settled: now.Add(-90 * time.Second)}
	f := finding{origin: "sandbox:pretend", diagnosis: model.Diagnosis{Checks: []model.Check{{ID: model.CheckPull, Principal: agent,
		Evidence: []model.Evidence{{Resource: repository, Role: model.RoleReader, Member: agent}}}}}}
	for about, c := range map[string]struct {
		change func(*journal.Entry)
		told   bool
	}{
		"a minute ago":           {func(*journal.Entry) {}, true},
		"long ago":               {func(e *journal.Entry) { e.Settled = now.Add(-time.Hour) }, false},
		"by a clock gone back":   {func(e *journal.Entry) { e.Settled = now.Add(time.Hour) }, false},
		"taken back":             {func(e *journal.Entry) { e.State = journal.StateUndone }, false},
		"in another cloud":       {func(e *journal.Entry) { e.Target = "google:googleapis.com" }, false},
		"to somebody else":       {func(e *journal.Entry) { e.Member = dev }, false},
		"on something else":      {func(e *journal.Entry) { e.Resource = projectA }, false},
		"no grant but a removal": {func(e *journal.Entry) { e.Kind = model.StepRevoke }, false},
	} {
		e := whole
		c.change(&e)
		got := recent(journal.History{Entries: []journal.Entry{e}}, f, now)
		if (len(got) == 1) != c.told {
			t.Errorf("%s: %v", about, got)
		}
		if c.told && !strings.Contains(got[0].Text, "1m30s ago") {
			t.Errorf("%s: %q", about, got[0].Text)
		}
	}
}
