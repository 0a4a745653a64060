package world

import (
	"slices"
	"strings"
)

const memberDomainsConstraint = "iam.allowedPolicyMemberDomains"

// Constraint is what the sandbox knows about an organization policy constraint.
type Constraint struct {
	List     bool // a list of allowed values; else it is enforced or not
	Enforced bool // by default
}

// constraints are those that matter for pulling across projects.
// iam.disableCrossProjectServiceAccountUsage is enforced by default.
var constraints = map[string]Constraint{
	"iam.disableCrossProjectServiceAccountUsage": {Enforced: true},
	memberDomainsConstraint:                      {List: true},
	"iam.managed.allowedPolicyMembers":           {}, // who it lets in are parameters, which the sandbox does not have
}

// EffectiveOrgPolicy gives the state of a constraint in a project. For a folder or the organization (nil) it
// gives the default. It gives false if the constraint is not known.
func EffectiveOrgPolicy(p *Project, constraint string) (OrgPolicy, Constraint, bool) {
	c, ok := constraints[constraint]
	effective := OrgPolicy{Constraint: constraint, Enforced: c.Enforced}
	if p == nil {
		return effective, c, ok
	}
	for _, o := range p.OrgPolicies {
		if o.Constraint == constraint {
			effective, ok = o, true
		}
	}
	return effective, c, ok
}

// CustomerID is the organization's Google Workspace customer ID.
func (o *Organization) CustomerID() string {
	if o.DirectoryCustomerID != "" {
		return o.DirectoryCustomerID
	}
	return "C" + o.ID
}

// allowedByDomainRestriction reports whether domain restricted sharing lets a new member into the policy of a
// resource. If it is enforced and refuses, the member's organization must be among the allowed values.
func (w *World) allowedByDomainRestriction(full, member string) bool {
	_, relative := splitFullName(full)
	var p *Project // nil for a folder or the organization: a world has no such policy there
	if parts := strings.Split(relative, "/"); parts[0] == "projects" {
		p = w.Project(parts[1])
	}
	effective, _, _ := EffectiveOrgPolicy(p, memberDomainsConstraint)
	if !effective.Enforced || !effective.Refuses {
		return true
	}
	return w.belongsToOrganization(member) && slices.ContainsFunc(effective.AllowedValues, func(value string) bool {
		value = strings.TrimPrefix(value, "is:")
		return value == w.Organization.CustomerID() || value == "principalSet://iam.googleapis.com/"+w.Organization.Name()
	})
}

// belongsToOrganization reports whether a member belongs to the world's organization. People belong by the
// organization's domain, accounts and agents by their project. Members such as projectOwner:P belong by the
// project that they name.
func (w *World) belongsToOrganization(member string) bool {
	if w.Organization == nil {
		return false
	}
	kind, rest, _ := strings.Cut(member, ":")
	switch kind {
	case "user", "group", "domain":
		return strings.EqualFold(rest[strings.LastIndex(rest, "@")+1:], w.Organization.DisplayName)
	case "serviceAccount":
		return w.isAccountBelow(member, w.Organization.Name(), "ServiceAccount") || w.isAccountBelow(member, w.Organization.Name(), "ServiceAgent")
	case "projectOwner", "projectEditor", "projectViewer":
		return slices.Contains(w.Ancestry("projects/"+rest), w.Organization.Name())
	}
	return false
}
