package model

import "strings"

// StaleAction is what a finding comes to.
type StaleAction string

// The actions, in the order in which they are shown.
const (
	ActionRemove  StaleAction = "remove"
	ActionReplace StaleAction = "replace"
	ActionPublic  StaleAction = "public" // everybody reads by it: a person decides
	ActionReview  StaleAction = "look"   // something is not known: it stays
	ActionKeep    StaleAction = "keep"   // in use
)

// StaleActions are all of them, in that order.
var StaleActions = []StaleAction{ActionRemove, ActionReplace, ActionPublic, ActionReview, ActionKeep}

// Action is what the finding comes to.
func (b StaleBinding) Action() StaleAction {
	switch {
	case b.Removable:
		return ActionRemove
	case b.Replace != "":
		return ActionReplace
	case b.Status == StalePublic:
		return ActionPublic
	case b.Status == StaleUnknown:
		return ActionReview
	}
	return ActionKeep
}

// IsJudged reports whether the member is one that whopulls judges: what is unknown of it is for want of sight.
func (b StaleBinding) IsJudged() bool { return b.Status != StaleUnknown || !b.NotJudged }

// WordNotJudged is what people read in place of unknown where whopulls does not judge the member.
const (
	WordNotJudged    = "not judged"
	MeaningNotJudged = "people, groups, pipelines and other agents, which whopulls does not check; it stays"
)

// Word is the status for people. Unlike the status it keeps what is not judged apart from what could not be seen.
func (b StaleBinding) Word() string {
	if !b.IsJudged() {
		return WordNotJudged
	}
	return string(b.Status)
}

// Consumer is the project that pulls by the binding: its ID if that is known, else its number. It is empty if
// the member's project is not known.
func (b StaleBinding) Consumer() string {
	switch {
	case b.Owner != "":
		return b.Owner
	case runServiceAgentProject(b.Member) != "":
		return runServiceAgentProject(b.Member)
	case len(b.Evidence) > 0:
		return b.Evidence[0].Project
	}
	return ""
}

// runServiceAgentProject is the number of the project whose Cloud Run service agent the member is, or was before it was deleted.
func runServiceAgentProject(m Member) string {
	if m.Deleted() {
		kind, _, _ := strings.Cut(strings.TrimPrefix(string(m), deletedPrefix), ":")
		if kind != serviceAccountKind {
			return ""
		}
		m = ServiceAccountMember(m.Email())
	}
	return RunServiceAgentProject(m)
}

// StaleMeaning says in words what a status means.
type StaleMeaning struct {
	Status StaleStatus
	Words  string
}

// StaleMeanings are those of every status, in the order in which the first that holds is a binding's own.
var StaleMeanings = [...]StaleMeaning{
	{StaleDeleted, "the member was deleted; the binding gives nobody anything"},
	{StaleExpired, "the condition can never hold again"},
	{StaleDying, "the Cloud Run service agent of a project that is being deleted"},
	{StalePublic, "allUsers or allAuthenticatedUsers: everybody reads by it; it stays until somebody decides"},
	{StaleRedundant, "another binding of the same member gives all of it"},
	{StaleUnknown, "something that matters could not be seen; it stays"},
	{StaleIdle, "the agent of a project in which nothing uses it"},
	{StaleMisplaced, "the reader role for a runtime account, which needs nothing for the pull"},
	{StaleExcessive, "an agent that may do more than read: to be replaced by the reader role"},
	{StaleActive, "in use; it stays"},
}

// Sentence say where an image is in use.
func (u Use) Sentence() string {
	where := u.Workload.Kind.DisplayName() + " " + u.Workload.Name + " in " + u.Workload.Region + " of " + u.Project
	if u.Revision != "" {
		where = "revision " + u.Revision + " of " + where
	}
	if u.Account != "" {
		return "used by " + where + ": it runs as " + u.Account
	}
	words := "used by " + where + ": " + u.Image
	if u.Through.ID != "" {
		words += " through repository " + u.Through.ID
	}
	return words
}

// Sentence says what could not be read, where, and the permission that it takes.
func (g Gap) Sentence(levels []Ancestor) string {
	s := g.Reason
	if where := Describe(g.Resource, levels); g.Resource != "" && !strings.Contains(s, where) {
		s = where + ": " + s
	}
	if g.Need != "" {
		s += " (needs " + string(g.Need) + ")"
	}
	return s
}
