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
	read, reached := q.s.Policies, false
	defer func() { q.s.Policies = read }()
	q.s.Policies = maps.Clone(read)
	for _, s := range steps {
		at := slices.IndexFunc(chain, func(l Ancestor) bool { return q.sameLevel(l.Resource, s.Resource) })
		if s.Kind != StepGrant || at < 0 || !s.Member.same(c.Principal) {
			continue
		}
		level := chain[at].Resource
		policy := q.s.Policies[level].Value
		q.s.Policies[level] = Known(policy.Apply(policy.Edit(s.Step)))
		reached = true
	}
	return reached && q.allows(c)
}

// sameLevel compares two resources. A project may be named by its number in one of them.
func (q *inquiry) sameLevel(a, b Resource) bool {
	if a.Kind() != KindProject || b.Kind() != KindProject {
		return a == b
	}
	same, _ := q.sameProject(a.ID(), b.ID())
	return same == yes
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
