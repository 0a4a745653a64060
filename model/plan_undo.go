package model

import "fmt"

const undoGrantReason = "It takes back one binding that whopulls granted; nothing else in the policy changes."

// Write is a step that is to be made, with what the journal keeps next to it.
type Write struct {
	Step
	Run             string // the command or walk that it belongs to
	Project         string // id of the consumer project
	Etag            string // that the policy has to have still; empty: whatever it is
	Undoes          string // id of the journal's entry that it takes back; most often none
	OnlyIfUnchanged bool   // with Undoes: only while the binding is surely as that entry left it
}

// SameChange reports whether another step asks for the same change of the same resource. In a policy the
// role, the member and the condition must be the same.
func (s Step) SameChange(other Step) bool {
	return s.Kind == other.Kind && s.Resource == other.Resource && s.Role == other.Role && s.Member.Same(other.Member) && s.Condition.equal(other.Condition)
}

// Inverse gives the step that takes a step back: for a grant the revoke of that very binding, for a revoke the grant. Of
// the other kinds it gives a *Refusal, for nothing of them is taken back.
func (s Step) Inverse() (Step, error) {
	inverse := Step{ID: s.ID, Resource: s.Resource, Role: s.Role, Member: s.Member, Condition: s.Condition, Certain: true, After: []string{}}
	switch {
	case s.Kind == StepGrant:
		inverse.Kind = StepRevoke
	case s.Kind == StepRevoke && s.Member.Deleted(): // IAM, "Principal identifiers"; iam-facts 7.1
		return s, &Refusal{Why: "a deleted member can't be given anything: Google asks not to add deleted principals", Next: "the binding gave nobody anything"}
	case s.Kind == StepRevoke:
		inverse.Kind = StepGrant
	case s.Kind == StepEnableAPI:
		return s, &Refusal{Why: "an API that was enabled stays on: by now something may rely on it",
			Next: fmt.Sprintf("to turn it off yourself: %s", shellCommand("gcloud", "services", "disable", s.Resource.ID(), "--project="+s.Resource.Project()))}
	default:
		return s, &Refusal{Why: "a service agent that was created stays: Google has no way to take it back", Next: "it holds nothing by itself"}
	}
	inverse.Title, inverse.Why = inverse.titleAndWhy()
	if inverse.Kind == StepGrant {
		inverse.Why = "It gives back one binding that whopulls removed; nothing else in the policy changes."
	}
	inverse.Requires = inverse.requiredPermissions()
	inverse.Gcloud, inverse.GcloudNeeds = inverse.gcloudCommands(), inverse.gcloudNeeds()
	return inverse, nil
}

// WasReplacementFor reports whether a grant replaced what a later change of the same run took away. The grant
// is taken back only after that change, because the member may have no other access.
func (w Write) WasReplacementFor(later Write) bool {
	return w.Kind == StepGrant && later.Kind == StepRevoke && later.Run == w.Run && later.Resource == w.Resource && later.Member == w.Member
}

// UndoWarning says before a step takes a change back why it may be somebody else's by now.
func (s Step) UndoWarning() string {
	policy := "The policy of " + Describe(s.Resource, nil) + " is not as whopulls left it: "
	if s.Kind == StepRevoke {
		return policy + "others changed it since. Somebody may have removed this binding and added it again; then it is theirs."
	}
	return policy + "others changed it since. Somebody may have added this binding again and removed it; then that was their decision."
}

// Heading names a step that was read from the journal, as its title does.
func (s Step) Heading() string {
	title, _ := s.titleAndWhy()
	return title
}
