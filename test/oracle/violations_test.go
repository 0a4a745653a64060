package oracle

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"whopulls/model"
)

// violation is a promise that a check broke.
type violation struct {
	promise string
	check   string
	detail  string
}

// kind tells violations apart that likely have one cause.
func (b violation) kind() string { return b.promise + ": " + b.check }

// violations compares a diagnosis with the truth.
func (s *scenario) violations(situation model.Situation, d model.Diagnosis, count func(model.Check, truth, bool)) []violation {
	var found []violation
	everything := isAllRead(situation)
	r := oracle{s, situation.Time}
	allTrue := r.isReady()
	for _, c := range d.Checks {
		t, known := r.judge(c)
		if !known {
			continue
		}
		count(c, t, everything)
		allTrue = allTrue && !t.gone && (t.yes || isExcused(situation, c, t))
		if rule := brokenPromise(situation, c, t, everything); rule != "" {
			found = append(found, violation{rule, c.BaseID(), fmt.Sprintf("%s is %s; truth %+v\n%s", c.ID, c.Verdict, t, asJSON(c))})
		}
	}
	if d.Verdict == model.Granted && !allTrue {
		found = append(found, violation{"all is granted, and not all is so", "whole", string(asJSON(d))})
	}
	return found
}

// brokenPromise gives the promise that the verdict breaks, if one.
func brokenPromise(s model.Situation, c model.Check, t truth, everything bool) string {
	switch {
	case t.wrong != "":
		return "asks about the wrong thing"
	case c.Verdict == model.Granted && !t.yes && !isExcused(s, c, t):
		return "granted, and it is not so"
	case c.Verdict == model.Granted && t.gone && everything:
		return "granted with everything seen, on what is not there"
	case c.Verdict == model.Missing && t.yes && !t.gone:
		return "missing, and it is so"
	case c.Verdict == model.Denied && t.yes && !t.gone:
		return "denied, and it is so"
	case c.Verdict == model.Unknown && everything && !t.undecidable && c.Resource != "" && !boundaryMatters(s, c):
		return "unknown with everything seen"
	}
	return ""
}

// boundaryMatters: strictly, a grant of somebody else than the caller is open where no boundary was looked at, as the direct reader
// never does.
func boundaryMatters(s model.Situation, c model.Check) bool {
	return s.Question.Strict && c.Identity == model.Deployer && c.Principal != s.Caller.Value && len(c.Evidence) > 0
}

// isExcused: without strict, a grant may stand that only a deny policy takes away which could not be read, if it is named.
func isExcused(s model.Situation, c model.Check, t truth) bool {
	return t.byDeny && !s.Question.Strict && namesUnreadDeny(s, c)
}

// namesUnreadDeny: the check says itself that the deny policies of a level could not be read, or that the levels
// themselves could not.
func namesUnreadDeny(s model.Situation, c model.Check) bool {
	return slices.ContainsFunc(c.Gaps, func(g model.Gap) bool {
		return s.Denies[g.Resource].State == model.FactGap || s.Ancestry[g.Resource.Project()].State == model.FactGap
	})
}

// isAllRead reports whether everything that was asked for could be read.
func isAllRead(s model.Situation) bool {
	return s.Caller.State != model.FactGap && s.Workload.State != model.FactGap && hasNoGaps(s.Projects) && hasNoGaps(s.Ancestry) &&
		hasNoGaps(s.APIs) && hasNoGaps(s.Repositories) && hasNoGaps(s.Images) && hasNoGaps(s.Accounts) && hasNoGaps(s.Policies) &&
		hasNoGaps(s.Roles) && hasNoGaps(s.Tested) && hasNoGaps(s.Constraints) && hasNoGaps(s.Denies)
}

func hasNoGaps[K comparable, T any](facts map[K]model.Fact[T]) bool {
	for _, f := range facts {
		if f.State == model.FactGap {
			return false
		}
	}
	return true
}

// survivesJSON reports whether a Situation that went through a file gives the same answer, to the byte.
func survivesJSON(s model.Situation, d model.Diagnosis) (violation, bool) {
	var back model.Situation
	if err := json.Unmarshal(asJSON(s), &back); err != nil {
		return violation{"a situation can't be read back", "json", err.Error()}, false
	}
	back.ReadingDone = s.ReadingDone // a file says nothing about it
	before, after := asJSON(d), asJSON(model.Diagnose(back))
	if !bytes.Equal(before, after) {
		return violation{"a situation read back answers otherwise", "json", fmt.Sprintf("%s\n%s", before, after)}, false
	}
	return violation{}, true
}

func asJSON(v any) []byte {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return text
}

// withoutSentences is a diagnosis without its sentences and commands, which the direct reader does not copy, and without what the workload says about
// itself; everything that decides stays: verdicts, evidence, where the gaps are and what would close them.
func withoutSentences(d model.Diagnosis) model.Diagnosis {
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
