package model

import (
	"fmt"
	"slices"
	"strings"
)

// The constraints of domain restricted sharing: the older one, and its managed successor (iam-facts 3.3, 10 item 14).
const (
	DomainsConstraint = "iam.allowedPolicyMemberDomains"
	MembersConstraint = "iam.managed.allowedPolicyMembers"
)

// Sharing is a constraint of domain restricted sharing that is in force on a project: whom its policies may name.
type Sharing struct {
	Constraint string   `json:"constraint"`
	Allowed    []string `json:"allowed,omitempty"` // customer IDs, organizations and members that are let in
}

// letsIn tells whether a member of that organization is among those allowed; a customer ID does not tell whose it is.
func (s Sharing) letsIn(m Member, organization string) bool {
	return slices.ContainsFunc(s.Allowed, func(a string) bool {
		return a == string(m) || (organization != "" && strings.HasSuffix(a, "/organizations/"+organization))
	})
}

// caution warns of domain restricted sharing before a grant whose member may belong to another organization than the
// project. Never more than a warning: whether Google exempts service agents is not documented (iam-facts 11).
func (q *inquiry) caution(s Step) string {
	if s.Kind != StepGrant || s.Resource.Project() == "" {
		return ""
	}
	project := s.Resource.Project()
	abroad, home := q.abroad(s.Member, q.ancestry(project))
	if abroad == no {
		return ""
	}
	fact := q.sharing(ProjectResource(project))
	against := slices.IndexFunc(fact.Value, func(l Sharing) bool { return !l.letsIn(s.Member, home) })
	switch {
	case against >= 0:
		belongs := "does not belong to its organization"
		if abroad == maybe {
			belongs = "may not belong to its organization"
		}
		return fmt.Sprintf("This may be refused: domain restricted sharing (%s) is in force on project %s, and the member %s. "+
			"An organization policy administrator can change that.", fact.Value[against].Constraint, project, belongs)
	case fact.State == FactGap && !fact.Gap.pending && abroad == yes:
		return fmt.Sprintf("This may be refused: the member does not belong to the organization of project %s, and whether domain "+
			"restricted sharing is in force there is not known.", project)
	}
	return ""
}

// abroad tells whether a member belongs to another organization than a project of that ancestry, and to which. A project
// without an organization restricts nobody. While an answer is under way it is no: the plan is made again.
func (q *inquiry) abroad(m Member, ancestry Fact[[]Ancestor]) (abroad tri, home string) {
	here, known := organizationOf(ancestry)
	if ancestry.Gap.pending || (known && here.Resource == "") {
		return no, ""
	}
	if !m.IsServiceAccount() {
		return strangeTo(m, here), ""
	}
	project := q.homeProject(m)
	if project == "" {
		return maybe, ""
	}
	theirs := q.ancestry(project)
	there, told := organizationOf(theirs)
	switch {
	case theirs.Gap.pending:
		return no, ""
	case !known || !told:
		return maybe, there.Resource.ID()
	}
	return triOf(there.Resource != here.Resource), there.Resource.ID()
}

// organizationOf gives the organization at the top of an ancestry, the zero one where there is none.
func organizationOf(ancestry Fact[[]Ancestor]) (Ancestor, bool) {
	for _, a := range ancestry.Value {
		if a.Resource.Kind() == KindOrganization {
			return a, true
		}
	}
	return Ancestor{}, ancestry.Read()
}

// strangeTo compares the domain of people's addresses with an organization's display name, which is its first domain.
// It may have others, so another domain decides nothing.
func strangeTo(m Member, here Ancestor) tri {
	_, domain, ok := strings.Cut(m.Email(), "@")
	if !ok || here.Name == "" || strings.EqualFold(domain, here.Name) {
		return no
	}
	return maybe
}

// homeProject is the project that a service account or a service agent belongs to: by its ID where that was read.
func (q *inquiry) homeProject(m Member) string {
	project := AccountProject(m.Email())
	if number, is := serviceAgent(m.Email()); is == yes {
		project = number
	}
	for _, fact := range q.s.Projects {
		if fact.Read() && fact.Value.Number == project {
			return fact.Value.ID
		}
	}
	return project
}
