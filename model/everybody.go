package model

import (
	"slices"
	"strings"
)

// Everybody tells whether the member stands for everybody: for all on the internet, or for all with a Google account.
func (m Member) Everybody() bool {
	return strings.EqualFold(string(m), string(AllUsers)) || strings.EqualFold(string(m), string(AllAuthenticatedUsers))
}

// who says in words who such a member is.
func (m Member) who() string {
	if strings.EqualFold(string(m), string(AllUsers)) {
		return "everybody on the internet"
	}
	return "everybody with a Google account"
}

// judgeEverybody: a binding for everybody is no shade of green. Who meant it, and who needs it, no policy tells, so it is
// told apart and stays.
func (h *held) judgeEverybody() {
	if len(h.unread) > 0 { // whether the role reads at all is not known
		return
	}
	h.holds.give(StalePublic, "It lets "+h.Member.who()+" read what lies in "+Describe(h.Resource, nil)+underCondition(h.Condition)+".")
}

func underCondition(c *Condition) string {
	if c == nil {
		return ""
	}
	return ", where its condition holds"
}

// publicObservations tell where everybody may read a repository of the question. They alter no verdict: the pull works.
func (q *inquiry) publicObservations(sub subject) (all []Observation) {
	for _, p := range sub.places() {
		if p.registry != ArtifactRegistry {
			continue
		}
		levels, _ := q.chain(p.name.Resource())
		for _, level := range levels {
			for _, o := range q.publicAt(p, level.Resource) {
				if !slices.Contains(all, o) { // two repositories of one project
					all = append(all, o)
				}
			}
		}
	}
	return all
}

func (q *inquiry) publicAt(p place, level Resource) (all []Observation) {
	for _, b := range q.policy(level).Value.Bindings {
		if !slices.ContainsFunc(b.Members, Member.Everybody) { // whose roles are no matter here
			continue
		}
		b, hidden := b.revealed()
		holds := b.Condition.holds(p.name.Resource(), q.s.Time)
		if reads, _ := q.carries(b.Role, PermDownload); reads != yes || holds == no {
			continue
		}
		where := ""
		if hidden || holds == maybe {
			where = underCondition(&Condition{})
		}
		for _, m := range b.Members {
			if m.Everybody() {
				all = append(all, Observation{Command: showPolicy(level),
					Text: "Public: " + string(m) + " holds " + b.Role + " on " + Describe(level, nil) + ": " + m.who() + " may read its images" + where + "."})
			}
		}
	}
	return all
}

// publicAwaited are the answers under way that may yet show that everybody may read a place.
func (q *inquiry) publicAwaited(p place) []Gap {
	if p.registry != ArtifactRegistry {
		return nil
	}
	levels, gaps := q.chain(p.name.Resource())
	for _, level := range levels {
		policy := q.policy(level.Resource)
		gaps = append(gaps, policy.Gap)
		for _, b := range policy.Value.Bindings {
			if b, _ := b.revealed(); slices.ContainsFunc(b.Members, Member.Everybody) {
				gaps = append(gaps, q.role(b.Role).Gap)
			}
		}
	}
	return pendingOnly(gaps)
}

// showPolicy is the gcloud command that prints an allow policy of a repository or a level above it.
func showPolicy(r Resource) string {
	switch r.Kind() {
	case KindRepository:
		return command("gcloud", "artifacts", "repositories", "get-iam-policy", r.ID(), "--location="+r.Segment("locations"), "--project="+r.Project())
	case KindFolder:
		return command("gcloud", "resource-manager", "folders", "get-iam-policy", r.ID())
	case KindOrganization:
		return command("gcloud", "organizations", "get-iam-policy", r.ID())
	}
	return command("gcloud", "projects", "get-iam-policy", r.ID())
}
