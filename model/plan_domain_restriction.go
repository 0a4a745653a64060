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

// DomainRestriction is a constraint of domain restricted sharing that is in force on a project: who its policies may name.
type DomainRestriction struct {
	Constraint string   `json:"constraint"`
	Allowed    []string `json:"allowed,omitempty"` // customer IDs, organizations and members that are let in
}

// allows reports whether a member of that organization is among those allowed; a customer ID does not show whose it is.
func (s DomainRestriction) allows(m Member, organization string) bool {
	return slices.ContainsFunc(s.Allowed, func(a string) bool {
		return a == string(m) || (organization != "" && strings.HasSuffix(a, "/organizations/"+organization))
	})
}

// domainRestrictionCaution warns of domain restricted sharing before a grant whose member may belong to another organization than the
// project. Never more than a warning: whether Google exempts service agents is not documented (iam-facts 11).
func (q *evaluation) domainRestrictionCaution(s Step) string {
	if s.Kind != StepGrant || s.Resource.Project() == "" {
		return ""
	}
	project := s.Resource.Project()
	outside, org := q.outsideOrg(s.Member, q.ancestry(project))
	if outside == no {
		return ""
	}
	fact := q.domainRestrictions(ProjectResource(project))
	refusing := slices.IndexFunc(fact.Value, func(l DomainRestriction) bool { return !l.allows(s.Member, org) })
	switch {
	case refusing >= 0:
		belongs := "does not belong to its organization"
		if outside == maybe {
			belongs = "may not belong to its organization"
		}
		return fmt.Sprintf("This may be refused: domain restricted sharing (%s) is in force on project %s, and the member %s. "+
			"An organization policy administrator can change that.", fact.Value[refusing].Constraint, project, belongs)
	case fact.State == FactGap && !fact.Gap.pending && outside == yes:
		return fmt.Sprintf("This may be refused: the member does not belong to the organization of project %s, and whether domain "+
			"restricted sharing is in force there is not known.", project)
	}
	return ""
}

// outsideOrg reports whether a member belongs to another organization than a project of that ancestry, and to which. A project
// without an organization restricts nobody. While an answer is under way it is no: the plan is made again.
func (q *evaluation) outsideOrg(m Member, ancestry Fact[[]Ancestor]) (outside ternary, org string) {
	projectOrg, known := organizationOf(ancestry)
	if ancestry.Gap.pending || (known && projectOrg.Resource == "") {
		return no, ""
	}
	if !m.IsServiceAccount() {
		return differentDomain(m, projectOrg), ""
	}
	project := q.memberProject(m)
	if project == "" {
		return maybe, ""
	}
	memberAncestry := q.ancestry(project)
	memberOrg, memberOrgKnown := organizationOf(memberAncestry)
	switch {
	case memberAncestry.Gap.pending:
		return no, ""
	case !known || !memberOrgKnown:
		return maybe, memberOrg.Resource.ID()
	}
	return ternaryOf(memberOrg.Resource != projectOrg.Resource), memberOrg.Resource.ID()
}

// organizationOf gives the organization at the top of an ancestry, the zero one if there is none.
func organizationOf(ancestry Fact[[]Ancestor]) (Ancestor, bool) {
	for _, a := range ancestry.Value {
		if a.Resource.Kind() == KindOrganization {
			return a, true
		}
	}
	return Ancestor{}, ancestry.Read()
}

// differentDomain compares the domain of people's addresses with an organization's display name, which is its first domain.
// It may have others, so another domain decides nothing.
func differentDomain(m Member, org Ancestor) ternary {
	_, domain, ok := strings.Cut(m.Email(), "@")
	if !ok || org.Name == "" || strings.EqualFold(domain, org.Name) {
		return no
	}
	return maybe
}

// memberProject is the project that a service account or a service agent belongs to: by its ID where that was read.
func (q *evaluation) memberProject(m Member) string {
	project := AccountProject(m.Email())
	if number, isAgent := parseServiceAgent(m.Email()); isAgent == yes {
		project = number
	}
	for _, fact := range q.s.Projects {
		if fact.Read() && fact.Value.Number == project {
			return fact.Value.ID
		}
	}
	return project
}
