package model

import (
	"slices"
	"strings"
)

// DenyPolicy is a deny policy with its rules, as its own get returns it (a list gives none; iam-facts 6.3).
type DenyPolicy struct {
	Name  string     `json:"name"`
	Rules []DenyRule `json:"rules"`
}

// DenyRule takes permissions away from principals. Principals are in the v2 form, permissions in the form
// SERVICE.googleapis.com/RESOURCE.VERB.
type DenyRule struct {
	DeniedPrincipals     []string   `json:"deniedPrincipals,omitempty"`
	ExceptionPrincipals  []string   `json:"exceptionPrincipals,omitempty"`
	DeniedPermissions    []string   `json:"deniedPermissions,omitempty"`
	ExceptionPermissions []string   `json:"exceptionPermissions,omitempty"`
	Condition            *Condition `json:"condition,omitempty"`
}

// applyDenyPolicies lowers d to Denied where a deny policy applies: deny overrides every grant (iam-facts 6.1, 6.3). A level whose
// deny policies can't be read is a gap.
func (q *evaluation) applyDenyPolicies(a Access, d Decision) Decision {
	if ancestry := q.ancestry(a.Resource.Project()); a.Resource.Project() != "" && !ancestry.Read() && d.Verdict == Granted {
		d = q.withUnreadDeny(d, ProjectResource(a.Resource.Project()), ancestry.Gap)
	}
	for _, level := range d.Levels {
		if !canHaveDenyPolicies(level.Resource) {
			continue
		}
		fact := q.deny(level.Resource)
		if fact.State == FactGap {
			d = q.withUnreadDeny(d, level.Resource, fact.Gap)
			continue
		}
		for _, p := range fact.Value {
			for _, rule := range p.Rules {
				d = d.applyDeny(level.Resource, p.Name, rule.applies(a.Principal, a.Permission))
			}
		}
	}
	return d
}

// canHaveDenyPolicies: deny policies are attached to projects, folders and organizations only.
func canHaveDenyPolicies(r Resource) bool {
	return slices.Contains([]Kind{KindProject, KindFolder, KindOrganization}, r.Kind())
}

func (q *evaluation) withUnreadDeny(d Decision, level Resource, gap Gap) Decision {
	if gap.Resource == "" {
		gap.Resource = level
	}
	if !gap.pending {
		gap.Reason = "its deny policies could not be read: " + gap.Reason
	}
	d.Gaps = append(slices.Clone(d.Gaps), gap)
	if q.s.Question.Strict && d.Verdict == Granted {
		d.Verdict = Unknown
	}
	return d
}

func (d Decision) applyDeny(level Resource, policy string, applies ternary) Decision {
	switch applies {
	case yes:
		d.Verdict = Denied
		d.Evidence = append([]Evidence{{Resource: level, Source: policy}}, d.Evidence...)
	case maybe:
		d.Gaps = append(slices.Clone(d.Gaps), Gap{Resource: level, Reason: "deny policy " + policy + " may apply: it names a group, a set or a tag that can't be read here"})
		if d.Verdict == Granted {
			d.Verdict = Unknown
		}
	}
	return d
}

// applies reports whether the rule takes the permission from the principal. Its condition can only ask for resource
// tags, which are not read: with one, the best answer is maybe.
func (r DenyRule) applies(principal Member, permission Permission) ternary {
	p := denyPermissionName(permission)
	if !matchesPermission(r.DeniedPermissions, p) || matchesPermission(r.ExceptionPermissions, p) {
		return no
	}
	answer := min(matchesAnyPrincipal(r.DeniedPrincipals, principal), matchesAnyPrincipal(r.ExceptionPrincipals, principal).not())
	if r.Condition != nil {
		answer = min(answer, maybe)
	}
	return answer
}

// denyPermissionName spells a permission as deny policies do: run.services.create is run.googleapis.com/services.create.
func denyPermissionName(p Permission) string {
	service, rest, _ := strings.Cut(string(p), ".")
	if service == "resourcemanager" {
		service = "cloudresourcemanager"
	}
	return service + ".googleapis.com/" + rest
}

// matchesPermission also reads the groups of permissions that a rule may name: SERVICE/RESOURCE.*, SERVICE/*.VERB and
// SERVICE/*.* (IAM deny overview, "Permission groups").
func matchesPermission(list []string, permission string) bool {
	service, resource, verb := permissionParts(permission)
	return slices.ContainsFunc(list, func(entry string) bool {
		s, r, v := permissionParts(entry)
		return s == service && (r == resource || r == "*") && (v == verb || v == "*")
	})
}

// permissionParts takes SERVICE/RESOURCE.VERB apart.
func permissionParts(permission string) (service, resource, verb string) {
	service, rest, _ := strings.Cut(permission, "/")
	resource, verb, _ = strings.Cut(rest, ".")
	return service, resource, verb
}

func matchesAnyPrincipal(list []string, principal Member) ternary {
	answer := no
	for _, entry := range list {
		answer = max(answer, matchesPrincipal(entry, principal))
	}
	return answer
}

// matchesPrincipal reads the v2 forms of iam-facts 6.3.
func matchesPrincipal(entry string, principal Member) ternary {
	if entry == "principalSet://goog/public:all" {
		return yes
	}
	if email, ok := strings.CutPrefix(entry, "principal://goog/subject/"); ok {
		return ternaryOf(principal.Type() == "user" && strings.EqualFold(email, principal.Email()))
	}
	if email, ok := strings.CutPrefix(entry, "principal://iam.googleapis.com/projects/-/serviceAccounts/"); ok {
		return ternaryOf(principal.IsServiceAccount() && strings.EqualFold(email, principal.Email()))
	}
	if set, ok := strings.CutPrefix(entry, "principalSet://cloudresourcemanager.googleapis.com/"); ok {
		return inAccountSet(set, principal)
	}
	if strings.HasPrefix(entry, "principalSet://iam.googleapis.com/") {
		return inPrincipalSet(Member(entry), principal)
	}
	if strings.HasPrefix(entry, deletedPrefix) || strings.HasPrefix(entry, "principal://") {
		return ternaryOf(entry == string(principal))
	}
	return maybe
}

// inAccountSet decides projects/NUMBER/type/ServiceAgent for that project's own agents, as far as their
// e-mails show the kind and the project. Larger sets need the ancestry of the agent's project. Sets of
// service accounts may or may not include agents.
func inAccountSet(set string, principal Member) ternary {
	if !principal.IsServiceAccount() {
		return no
	}
	number, agent := parseServiceAgent(principal.Email())
	within, kind, _ := strings.Cut(set, "/type/")
	if kind != "ServiceAgent" {
		return maybe
	}
	project, ofProject := strings.CutPrefix(within, "projects/")
	if !ofProject || number == "" {
		return min(agent, maybe)
	}
	return min(agent, ternaryOf(project == number))
}
