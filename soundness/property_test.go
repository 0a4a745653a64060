package soundness

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"whopulls/model"
)

// breach is a promise that a check broke.
type breach struct {
	rule  string
	check string
	about string
}

// kind tells breaches apart that likely have one cause.
func (b breach) kind() string { return b.rule + ": " + b.check }

// breaches holds a diagnosis against the truth.
func (s *story) breaches(situation model.Situation, d model.Diagnosis, seen func(model.Check, truth, bool)) []breach {
	var found []breach
	everything := fullSight(situation)
	r := referee{s, situation.Time}
	sound := r.ready()
	for _, c := range d.Checks {
		t, told := r.judge(c)
		if !told {
			continue
		}
		seen(c, t, everything)
		sound = sound && !t.gone && (t.yes || excused(situation, c, t))
		if rule := broken(situation, c, t, everything); rule != "" {
			found = append(found, breach{rule, c.BaseID(), fmt.Sprintf("%s is %s; truth %+v\n%s", c.ID, c.Verdict, t, asJSON(c))})
		}
	}
	if d.Verdict == model.Granted && !sound {
		found = append(found, breach{"all is granted, and not all is so", "whole", string(asJSON(d))})
	}
	return found
}

// broken gives the promise that the verdict breaks, if one.
func broken(s model.Situation, c model.Check, t truth, everything bool) string {
	switch {
	case t.wrong != "":
		return "asks about the wrong thing"
	case c.Verdict == model.Granted && !t.yes && !excused(s, c, t):
		return "granted, and it is not so"
	case c.Verdict == model.Granted && t.gone && everything:
		return "granted with everything seen, on what is not there"
	case c.Verdict == model.Missing && t.yes && !t.gone:
		return "missing, and it is so"
	case c.Verdict == model.Denied && t.yes && !t.gone:
		return "denied, and it is so"
	case c.Verdict == model.Unknown && everything && !t.involved && c.Resource != "" && !boundaryCounts(s, c):
		return "unknown with everything seen"
	}
	return ""
}

// boundaryCounts: strictly, a grant of somebody else than the caller is open where no boundary was looked at, as the mirror
// never does.
func boundaryCounts(s model.Situation, c model.Check) bool {
	return s.Question.Strict && c.Identity == model.Deployer && c.Principal != s.Caller.Value && len(c.Evidence) > 0
}

// excused: without strict, a grant may stand that only a deny policy takes away which could not be read, if it is named.
func excused(s model.Situation, c model.Check, t truth) bool {
	return t.byDeny && !s.Question.Strict && namesUnreadDeny(s, c)
}

// namesUnreadDeny: the check says itself that the deny policies of a level could not be read, or that the levels
// themselves could not.
func namesUnreadDeny(s model.Situation, c model.Check) bool {
	return slices.ContainsFunc(c.Gaps, func(g model.Gap) bool {
		return s.Denies[g.Resource].State == model.FactGap || s.Ancestry[g.Resource.Project()].State == model.FactGap
	})
}

// fullSight tells whether nothing that was asked for could not be read.
func fullSight(s model.Situation) bool {
	return s.Caller.State != model.FactGap && s.Workload.State != model.FactGap && gapless(s.Projects) && gapless(s.Ancestry) &&
		gapless(s.APIs) && gapless(s.Repositories) && gapless(s.Images) && gapless(s.Accounts) && gapless(s.Policies) &&
		gapless(s.Roles) && gapless(s.Tested) && gapless(s.Constraints) && gapless(s.Denies)
}

func gapless[K comparable, T any](facts map[K]model.Fact[T]) bool {
	for _, f := range facts {
		if f.State == model.FactGap {
			return false
		}
	}
	return true
}

// keeps tells whether a Situation that went through a file gives the same answer, to the byte.
func keeps(s model.Situation, d model.Diagnosis) (breach, bool) {
	var back model.Situation
	if err := json.Unmarshal(asJSON(s), &back); err != nil {
		return breach{"a situation can't be read back", "json", err.Error()}, false
	}
	back.ReadingDone = s.ReadingDone // a file says nothing about it
	before, after := asJSON(d), asJSON(model.Diagnose(back))
	if !bytes.Equal(before, after) {
		return breach{"a situation read back answers otherwise", "json", fmt.Sprintf("%s\n%s", before, after)}, false
	}
	return breach{}, true
}

func asJSON(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

// wordless is a diagnosis without its sentences and commands, which the mirror does not copy, and without what the workload says of
// itself; everything that decides stays: verdicts, evidence, where the gaps are and what would close them.
func wordless(d model.Diagnosis) model.Diagnosis {
	d.Observations = nil
	d.Checks = slices.Clone(d.Checks)
	for i := range d.Checks {
		c := &d.Checks[i]
		c.Reason, c.Advice, c.Gaps = "", nil, slices.Clone(c.Gaps)
		for j := range c.Gaps {
			c.Gaps[j].Reason, c.Gaps[j].Next, c.Gaps[j].Command = "", "", ""
			c.Gaps[j].DisabledAPI = ""
		}
	}
	return d
}
