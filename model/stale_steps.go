package model

import (
	"cmp"
	"fmt"
	"strconv"
)

// StaleSteps are the changes that take bindings away, or replace them, in their order; of steps holds for each the
// binding that it is about. A binding that stays makes none.
func StaleSteps(bindings []StaleBinding) (steps []Step, bindingOf map[string]StaleBinding) {
	bindingOf = map[string]StaleBinding{}
	add := func(b StaleBinding, s Step) string {
		s.ID, s.Certain, s.Resource, s.Member = strconv.Itoa(len(steps)+1), true, b.Resource, b.Member
		s.Title = b.stepTitle(s)
		s.Why, s.Caution, s.Requires, s.Gcloud, s.Allowed = b.stepWhy(s.Kind), b.stepCaution(s.Kind), s.requiredPermissions(), s.gcloudCommands(), b.Allowed
		steps, bindingOf[s.ID] = append(steps, s), b
		return s.ID
	}
	for _, b := range bindings {
		after := []string{}
		if b.Replace != "" {
			after = []string{add(b, Step{Kind: StepGrant, Role: b.Replace, Condition: b.Condition, After: []string{}})}
		}
		if b.Replace != "" || b.Removable {
			add(b, Step{Kind: StepRevoke, Role: b.Role, Condition: b.Condition, After: after})
		}
	}
	return steps, bindingOf
}

// mayChangePolicy tests whether the caller may change a policy. Of more than one repository it is not: that would be a call for
// each, and those who only look need none.
func (q *evaluation) mayChangePolicy(r Resource) *bool {
	if q.s.Question.WithoutRepositories || q.staleScope().Kind() != KindRepository {
		return nil
	}
	s := Step{Kind: StepRevoke, Resource: r}
	s.Requires = s.requiredPermissions()
	return q.callerMayMake(s)
}

// stepTitle names the member in full: among many agents "the agent" would be anybody.
func (b StaleBinding) stepTitle(s Step) string {
	who := cmp.Or(b.Member.Email(), string(b.Member))
	if b.Member.Deleted() {
		who = string(b.Member)
	}
	if s.Kind == StepGrant {
		return fmt.Sprintf("Grant %s on %s to %s", s.Role, Describe(s.Resource, nil), who)
	}
	return fmt.Sprintf("Remove %s on %s from %s", s.Role, Describe(s.Resource, nil), who)
}

// stepWhy says why a binding goes, and what follows from it.
func (b StaleBinding) stepWhy(kind StepKind) string {
	switch {
	case kind == StepGrant:
		return "Once the broad role is gone, this one gives the read access."
	case b.Status == StaleDeleted:
		return b.Reason + " It can't be given back: Google asks not to add deleted principals."
	case b.Status == StaleDying:
		return b.Reason + " Once it is gone the binding can't be given back."
	case b.Status == StaleIdle:
		return b.Reason + " A deploy there that uses it would fail from then on."
	}
	return b.Reason
}

// What is said before an agent loses its last way to read. Of one that is idle the deploy is named in the reason.
const (
	AgentCaution = "Serving revisions keep their copy of the image. The next deploy fails, and perhaps going back to an old revision; a job may fail at its next execution."
	IdleCaution  = "Serving revisions keep their copy of the image. Going back to an old revision may fail, and so may a job at its next execution."
)

// stepCaution says what may fail once a binding is gone: nothing if its member is no agent, or may read all
// the same.
func (b StaleBinding) stepCaution(kind StepKind) string {
	switch {
	case kind != StepRevoke || b.Owner == "" || b.Replace != "" || b.Status == StaleRedundant:
		return ""
	case b.Status == StaleIdle:
		return IdleCaution
	}
	return AgentCaution
}

// NotRechecked is why a binding stays when the last look did not succeed.
func NotRechecked(why string) SkipReason {
	return SkipReason{CauseNotRechecked, "it could not be looked at again, and stays: " + why}
}

// Recheck says why a binding that was found stale stays by what is known now; none: it can go still.
func Recheck(was StaleBinding, now StaleList) SkipReason {
	for _, b := range now.Bindings {
		switch {
		case !b.SameBinding(was):
		case b.Status == was.Status:
			return SkipReason{}
		default:
			return SkipReason{CauseStatusChanged, "it is " + string(b.Status) + " by now, and stays: " + b.Reason}
		}
	}
	for _, g := range now.Gaps {
		if g.Resource == was.Resource {
			return NotRechecked(g.Reason)
		}
	}
	return SkipReason{CauseStatusChanged, "it is not there any more"}
}
