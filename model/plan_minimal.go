package model

import (
	"maps"
	"slices"
)

// candidateStep is a step with the checks that ask for it.
type candidateStep struct {
	Step
	checks []Check
}

// addCandidate puts what several checks ask for into one step, and keeps the surer of them.
func addCandidate(all []candidateStep, step Step, c Check) []candidateStep {
	for i, s := range all {
		if s.Kind == step.Kind && s.Resource == step.Resource && s.Role == step.Role && s.Member == step.Member {
			all[i].Certain = s.Certain || step.Certain
			all[i].checks = append(all[i].checks, c)
			return all
		}
	}
	return append(all, candidateStep{step, []Check{c}})
}

// dropRedundant leaves out what the other steps give already, from the last step on: the roles that an agent needs anyway come
// first. To know it, the grants are made in the policies that were read, and the checks are decided by these.
//
// Where a check is surely missing, a step that would close it is surely not in place.
func (q *evaluation) dropRedundant(all []candidateStep) []candidateStep {
	for i := len(all) - 1; i >= 0; i-- {
		others := slices.Delete(slices.Clone(all), i, i+1)
		if all[i].Kind != StepGrant || !q.stepsCloseAll(others, all[i].checks) {
			continue
		}
		for n := range others {
			for _, c := range all[i].checks {
				if q.stepsClose(others[n:n+1], c) {
					others[n].Certain = others[n].Certain || c.Verdict == Missing
					others[n].checks = append(slices.Clone(others[n].checks), c)
				}
			}
		}
		all = others
	}
	return all
}

func (q *evaluation) stepsCloseAll(steps []candidateStep, checks []Check) bool {
	return !slices.ContainsFunc(checks, func(c Check) bool { return !q.stepsClose(steps, c) })
}

// stepsClose reports whether the check is granted once the steps are made. Only those that reach it are
// looked at: if there is none, nothing more needs to be read.
func (q *evaluation) stepsClose(steps []candidateStep, c Check) bool {
	levels, _ := q.policyLevels(c.Resource)
	read, reached := q.s.Policies, false
	defer func() { q.s.Policies = read }()
	q.s.Policies = maps.Clone(read)
	for _, s := range steps {
		at := slices.IndexFunc(levels, func(l Ancestor) bool { return q.sameLevel(l.Resource, s.Resource) })
		if s.Kind != StepGrant || at < 0 || !s.Member.Same(c.Principal) {
			continue
		}
		level := levels[at].Resource
		policy := q.s.Policies[level].Value
		q.s.Policies[level] = Known(policy.Apply(policy.EditFor(s.Step)))
		reached = true
	}
	return reached && q.allowPoliciesGrant(c)
}

// sameLevel compares two resources. A project may be named by its number in one of them.
func (q *evaluation) sameLevel(a, b Resource) bool {
	if a.Kind() != KindProject || b.Kind() != KindProject {
		return a == b
	}
	same, _ := q.sameProject(a.ID(), b.ID())
	return same == yes
}

// allowPoliciesGrant reports whether the allow policies alone give what the check asks for.
func (q *evaluation) allowPoliciesGrant(c Check) bool {
	given := func(gives roleTest) bool {
		return q.searchLevels(c.Resource, c.Principal, gives).decision().Verdict == Granted
	}
	if c.BaseID() == CheckAgent {
		return given(agentRoleTest)
	}
	return !slices.ContainsFunc(c.requiredPermissions(), func(p Permission) bool {
		return !given(func(role string) (ternary, Gap) { return q.roleGrants(role, p) })
	})
}

// closedChecks lists the checks that the step closes, in the order of the diagnosis; nothing for the one that it names itself.
func (c candidateStep) closedChecks(d Diagnosis) (ids []string) {
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
