package world

// Constraint is what the sandbox knows of an organization policy constraint.
type Constraint struct {
	List     bool // a list of allowed values; else it is enforced or not
	Enforced bool // by default
}

// constraints are those that matter for pulling across projects.
// iam.disableCrossProjectServiceAccountUsage is enforced by default.
var constraints = map[string]Constraint{
	"iam.disableCrossProjectServiceAccountUsage": {Enforced: true},
	"iam.allowedPolicyMemberDomains":             {List: true},
	"iam.managed.allowedPolicyMembers":           {}, // whom it lets in are parameters, which the sandbox does not have
}

// EffectivePolicy gives the state of a constraint in a project, or for a
// folder or the organization (nil) its default; false when the constraint is
// not known.
func EffectivePolicy(p *Project, constraint string) (OrgPolicy, Constraint, bool) {
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
