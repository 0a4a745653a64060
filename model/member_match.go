package model

import (
	"strings"
)

// ternary is the answer to a question that may be undecidable from what can be read.
type ternary int

const (
	no ternary = iota
	maybe
	yes
)

func (t ternary) not() ternary { return yes - t }

func ternaryOf(b bool) ternary {
	if b {
		return yes
	}
	return no
}

// memberMatches reports whether a binding for the given member reaches the principal (iam-facts 6.5). Groups, domains and
// principal sets, whose members are not readable here, may reach anybody.
func (q *evaluation) memberMatches(member, principal Member) ternary {
	if member.Deleted() {
		return no
	}
	if member.Same(principal) {
		return yes
	}
	switch member.Type() {
	case string(AllUsers):
		return yes
	case string(AllAuthenticatedUsers):
		return isAuthenticated(principal)
	case "group", "domain":
		return maybe
	case "principalSet":
		return inPrincipalSet(member, principal)
	}
	if member.isConvenience() {
		return q.holdsBasicRole(member, principal)
	}
	return no
}

// isUnconditional is yes for a binding that always holds; a condition is not decided here.
func isUnconditional(b Binding) ternary {
	if b.Condition != nil {
		return maybe
	}
	return yes
}

// isConvenience: the members that stand for the holders of a basic role in a project.
func (m Member) isConvenience() bool {
	switch m.Type() {
	case "projectOwner", "projectEditor", "projectViewer":
		return true
	}
	return false
}

// isAuthenticated: any Google account and any service account, no federated identity. A group as the principal of the
// question stands for members that are not known.
func isAuthenticated(principal Member) ternary {
	switch principal.Type() {
	case "user", serviceAccountKind:
		return yes
	case "group":
		return maybe
	}
	return no
}

// inPrincipalSet: the pools of federated identities hold no Google accounts and no service accounts. Sets of a project's,
// folder's or organization's service accounts may hold an account; whether they hold agents is not documented.
func inPrincipalSet(set, principal Member) ternary {
	federated := strings.HasPrefix(set.Value(), "//iam.googleapis.com/")
	if federated && (principal.Type() == "user" || principal.IsServiceAccount()) {
		return no
	}
	if !federated && principal.Type() == "user" {
		return no
	}
	return maybe
}

// holdsBasicRole decides a convenience value such as projectEditor:P by the policy of that project.
func (q *evaluation) holdsBasicRole(member, principal Member) ternary {
	role := "roles/" + strings.ToLower(strings.TrimPrefix(member.Type(), "project"))
	policy := q.policy(ProjectResource(member.Value()))
	if !policy.Read() {
		return maybe
	}
	found := no
	for _, b := range policy.Value.Bindings {
		if b.Role != role {
			continue
		}
		for _, m := range b.Members {
			if !m.isConvenience() {
				found = max(found, min(q.memberMatches(m, principal), isUnconditional(b)))
			}
		}
	}
	return found
}
