package cmd

import (
	"fmt"
	"slices"
	"time"

	"whopulls/model"
	"whopulls/model/ledger"
)

// propagationWindow is how long after a grant check mentions it: longer than a change of a policy takes to reach everything, but for rare
// cases.
const propagationWindow = 15 * time.Minute

// recentGrantNotes names the grants that the question depends on and that may not have reached everything
// yet. A deploy that fails now doesn't have to mean that something is missing.
func recentGrantNotes(grants []ledger.Entry, now time.Time) []model.Observation {
	var notes []model.Observation
	for _, e := range grants {
		age := now.Sub(e.ResultTime)
		if age < 0 || age > propagationWindow {
			continue
		}
		notes = append(notes, model.Observation{Time: e.ResultTime, Text: fmt.Sprintf(
			"%s: made %s ago by whopulls. It typically takes 2 minutes to arrive, 7 or more are possible. Undo: whopulls undo %s",
			e.Step().Heading(), age.Round(time.Second), e.ID)})
	}
	return notes
}

// markOutdated marks what a workload said before one of the grants was made: that may be the very thing it was made for.
func markOutdated(observations []model.Observation, grants []ledger.Entry) []model.Observation {
	marked := slices.Clone(observations)
	for i, o := range marked {
		later := func(e ledger.Entry) bool { return e.ResultTime.After(o.Time) }
		if o.Quoted && !o.Time.IsZero() && slices.ContainsFunc(grants, later) {
			marked[i].Text = "from before the grant by whopulls: " + o.Text
		}
	}
	return marked
}

// grantsBehind are the journal's grants that the question depends on.
func grantsBehind(h ledger.History, f assessment) []ledger.Entry {
	return slices.DeleteFunc(slices.Clone(h.Entries), func(e ledger.Entry) bool {
		return e.Target != f.origin || e.Kind != model.StepGrant || e.State != ledger.StateDone || !isEvidence(f.Diagnosis, e)
	})
}

// isEvidence reports whether a grant is what a check of the diagnosis rests on.
func isEvidence(d model.Diagnosis, e ledger.Entry) bool {
	return slices.ContainsFunc(d.Checks, func(c model.Check) bool {
		return c.Principal == e.Member && slices.ContainsFunc(c.Evidence, func(v model.Evidence) bool {
			return v.Resource == e.Resource && v.Role == e.Role
		})
	})
}

// historyReader reads the journal.
type historyReader interface {
	History() (ledger.History, error)
}

// withJournal adds what the journal knows about it. Without a journal that can be read there is nothing to add.
func (p *program) withJournal(c historyReader, f assessment) assessment {
	if h, err := c.History(); err == nil {
		grants := grantsBehind(h, f)
		f.Diagnosis.Observations = append(markOutdated(f.Diagnosis.Observations, grants), recentGrantNotes(grants, p.now())...)
	}
	return f
}
