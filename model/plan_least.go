package model

import (
	"maps"
	"slices"
)

// candidate is a step with the checks that ask for it.
type candidate struct {
	Step
	checks []Check
}

// addCandidate puts what several checks ask for into one step, and keeps the surer of them.
func addCandidate(all []candidate, step Step, c Check) []candidate {
	for i, s := range all {
		if s.Kind == step.Kind && s.Resource == step.Resource && s.Role == step.Role && s.Member == step.Member {
			all[i].Certain = s.Certain || step.Certain
			all[i].checks = append(all[i].checks, c)
			return all
		}
	}
	return append(all, candidate{step, []Check{c}})
}

// least leaves out what the other steps give already, from the last step on: the roles that an agent needs anyway come
// first. To know it, the grants are made in the policies that were read, and the checks are decided by these.
//
// Where a check is surely missing, a step that would close it is surely not in place.
func (q *inquiry) least(all []candidate) []candidate {
	for i := len(all) - 1; i >= 0; i-- {
		others := slices.Delete(slices.Clone(all), i, i+1)
		if all[i].Kind != StepGrant || !q.givesAll(others, all[i].checks) {
			continue
		}
		for n := range others {
			for _, c := range all[i].checks {
				if q.gives(others[n:n+1], c) {
					others[n].Certain = others[n].Certain || c.Verdict == Missing
					others[n].checks = append(slices.Clone(others[n].checks), c)
				}
			}
		}
		all = others
	}
	return all
}

func (q *inquiry) givesAll(steps []candidate, checks []Check) bool {
	return !slices.ContainsFunc(checks, func(c Check) bool { return !q.gives(steps, c) })
}

// gives tells whether the check is granted once the steps are made. Only those that reach it are looked at: where there is
// none, nothing more needs to be read.
func (q *inquiry) gives(steps []candidate, c Check) bool {
	chain, _ := q.chain(c.Resource)
	reaching := slices.DeleteFunc(slices.Clone(steps), func(s candidate) bool {
		return s.Kind != StepGrant || !s.Member.same(c.Principal) ||
			!slices.ContainsFunc(chain, func(l Ancestor) bool { return l.Resource == s.Resource })
	})
	if len(reaching) == 0 {
		return false
	}
	defer func(read map[Resource]Fact[Policy]) { q.s.Policies = read }(q.s.Policies)
	q.s.Policies = maps.Clone(q.s.Policies)
	for _, s := range reaching {
		policy := q.s.Policies[s.Resource].Value
		q.s.Policies[s.Resource] = Known(policy.Apply(policy.Edit(s.Step)))
	}
	return q.allows(c)
}

// allows tells whether the allow policies alone give what the check asks for.
func (q *inquiry) allows(c Check) bool {
	given := func(gives carrier) bool {
		return q.search(c.Resource, c.Principal, gives).decision().Verdict == Granted
	}
	if c.Family() == CheckAgent {
		return given(agentRole)
	}
	return !slices.ContainsFunc(c.asks(), func(p Permission) bool {
		return !given(func(role string) (tri, Gap) { return q.carries(role, p) })
	})
}

// closes lists the checks that the step closes, in the order of the diagnosis; nothing for the one that it names itself.
func (c candidate) closes(d Diagnosis) (ids []string) {
	for _, check := range d.Checks {
		if slices.ContainsFunc(c.checks, func(mine Check) bool { return mine.ID == check.ID }) {
			ids = append(ids, check.ID)
		}
	}
	if len(ids) == 1 {
		return nil
	}
	return ids
}
