package model

import (
	"slices"
	"strings"
)

// IsEverybody reports whether the member stands for everybody: for all on the internet, or for all with a Google account.
func (m Member) IsEverybody() bool {
	return strings.EqualFold(string(m), string(AllUsers)) || strings.EqualFold(string(m), string(AllAuthenticatedUsers))
}

// everybodyText says in words who such a member is.
func (m Member) everybodyText() string {
	if strings.EqualFold(string(m), string(AllUsers)) {
		return "everybody on the internet"
	}
	return "everybody with a Google account"
}

// judgePublic: a binding for everybody is no shade of green. Who meant it, and who needs it, no policy tells, so it is
// told apart and stays.
func (h *staleCandidate) judgePublic() {
	if len(h.roleGaps) > 0 { // whether the role reads at all is not known
		return
	}
	h.statuses.set(StalePublic, "It lets "+h.Member.everybodyText()+" read what is in "+Describe(h.Resource, nil)+underCondition(h.Condition)+".")
}

func underCondition(c *Condition) string {
	if c == nil {
		return ""
	}
	return ", where its condition holds"
}

// publicObservations name where everybody may read a repository of the question. They alter no verdict: the pull works.
func (q *evaluation) publicObservations(resolved resolvedQuestion) (all []Observation) {
	for _, p := range resolved.repositories() {
		if p.registry != ArtifactRegistry {
			continue
		}
		levels, _ := q.policyLevels(p.name.Resource())
		for _, level := range levels {
			for _, o := range q.publicObservationsAt(p, level.Resource) {
				if !slices.Contains(all, o) { // two repositories of one project
					all = append(all, o)
				}
			}
		}
	}
	return all
}

func (q *evaluation) publicObservationsAt(p imageRepository, level Resource) (all []Observation) {
	for _, b := range q.policy(level).Value.Bindings {
		if !slices.ContainsFunc(b.Members, Member.IsEverybody) { // whose roles are no matter here
			continue
		}
		b, hidden := b.splitHiddenCondition()
		holds := b.Condition.holds(p.name.Resource(), q.s.Time)
		if reads, _ := q.roleGrants(b.Role, PermDownload); reads != yes || holds == no {
			continue
		}
		where := ""
		if hidden || holds == maybe {
			where = underCondition(&Condition{})
		}
		for _, m := range b.Members {
			if m.IsEverybody() {
				all = append(all, Observation{Command: PolicyCommand(level),
					Text: "Public: " + string(m) + " holds " + b.Role + " on " + Describe(level, nil) + ": " + m.everybodyText() + " may read its images" + where + "."})
			}
		}
	}
	return all
}

// pendingPublicAnswers are the answers under way that may yet show that everybody may read a place.
func (q *evaluation) pendingPublicAnswers(p imageRepository) []Gap {
	if p.registry != ArtifactRegistry {
		return nil
	}
	levels, gaps := q.policyLevels(p.name.Resource())
	for _, level := range levels {
		policy := q.policy(level.Resource)
		gaps = append(gaps, policy.Gap)
		for _, b := range policy.Value.Bindings {
			if b, _ := b.splitHiddenCondition(); slices.ContainsFunc(b.Members, Member.IsEverybody) {
				gaps = append(gaps, q.role(b.Role).Gap)
			}
		}
	}
	return pendingOnly(gaps)
}

// PolicyCommand is the gcloud command that prints an allow policy of a repository, an account or a level above them.
func PolicyCommand(r Resource) string {
	switch r.Kind() {
	case KindRepository:
		return shellCommand("gcloud", "artifacts", "repositories", "get-iam-policy", r.ID(), "--location="+r.Segment("locations"), "--project="+r.Project())
	case KindAccount:
		return shellCommand("gcloud", "iam", "service-accounts", "get-iam-policy", r.ID(), "--project="+r.Project())
	case KindFolder:
		return shellCommand("gcloud", "resource-manager", "folders", "get-iam-policy", r.ID())
	case KindOrganization:
		return shellCommand("gcloud", "organizations", "get-iam-policy", r.ID())
	}
	return shellCommand("gcloud", "projects", "get-iam-policy", r.ID())
}
