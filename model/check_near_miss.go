package model

import (
	"slices"
	"strings"
)

// ObservationKind tells observations apart, for code to decide on.
type ObservationKind string

// ObservationNearMiss is a binding that was most likely meant to do what a check asks for, and does not (iam-facts 10).
const ObservationNearMiss ObservationKind = "near-miss"

// maxNearMisses are enough for one check.
const maxNearMisses = 2

// nearMisses report for each check that is not granted which bindings come close. Those are the right role on
// the wrong account, or an insufficient role on the right account. Bindings that have nothing to do with it
// are left out.
func (q *evaluation) nearMisses(resolved resolvedQuestion, checks []Check) (all []Observation) {
	for _, c := range checks {
		if !isClosable(c) || c.Principal == "" || c.BaseID() == CheckUpstream {
			continue
		}
		found := q.nearMissesForCheck(c, resolved)
		all = append(all, found[:min(len(found), maxNearMisses)]...)
	}
	return all
}

// The places of near misses: what was most surely meant for the principal comes first. The agent of another project may
// well pull itself, so that it comes last: many projects share one repository.
const (
	nearWrongName = iota // the principal's name, written wrong
	nearRunner
	nearWrongRole // a role of the principal that is not enough
	nearOtherAccount
	nearRanks
)

// nearMissesForCheck are those of one check, the closest first.
func (q *evaluation) nearMissesForCheck(c Check, resolved resolvedQuestion) []Observation {
	levels, _ := q.policyLevels(c.Resource)
	var found [nearRanks][]Observation
	for _, level := range levels {
		for _, b := range q.policy(level.Resource).Value.Bindings {
			for _, m := range b.Members {
				text, rank := q.wrongAccountText(c, resolved, level.Resource, b, m)
				if m.Same(c.Principal) {
					text, rank = q.wrongRoleText(c, b), nearWrongRole
				}
				if text != "" {
					found[rank] = append(found[rank], Observation{Kind: ObservationNearMiss, Check: c.ID, Text: text, Resource: level.Resource, Role: b.Role, Member: m})
				}
			}
		}
	}
	return slices.Concat(found[:]...)
}

// wrongAccountText says which account the role is meant for. Basic roles were given for something else, and so was
// the role that makes an agent of the agent of another project.
func (q *evaluation) wrongAccountText(c Check, resolved resolvedQuestion, at Resource, b Binding, m Member) (text string, rank int) {
	if m.Same(c.Principal) || slices.Contains(basicRoles, b.Role) || q.isAgentsOwnRole(at, b.Role, m) {
		return "", 0
	}
	why, rank := mistakenFor(c, resolved, m)
	if why == "" || !q.roleSatisfies(c, b.Role) {
		return "", 0
	}
	return "Close: " + m.displayNameWithLane(resolved) + " holds " + roleDisplayName(b.Role) + ". " + why, rank
}

// isAgentsOwnRole reports whether an agent holds the role for its own project: there, or on a level above, where that project may
// well lie.
func (q *evaluation) isAgentsOwnRole(at Resource, role string, m Member) bool {
	return isRunAgentRole(role) && RunServiceAgentProject(m) != "" && (at.Project() == "" || q.isGrantedByGoogle(at, role, m))
}

// roleSatisfies reports whether the role gives what the check asks for.
func (q *evaluation) roleSatisfies(c Check, role string) bool {
	if c.BaseID() == CheckAgent {
		gives, _ := agentRoleTest(role)
		return gives == yes
	}
	gives, _ := q.roleGrants(role, c.Permission)
	return gives == yes
}

// mistakenFor says what an account is that people take for the principal; empty if nobody does.
func mistakenFor(c Check, resolved resolvedQuestion, m Member) (why string, rank int) {
	name, host, _ := strings.Cut(m.Email(), "@")
	agent, _, _ := strings.Cut(c.Principal.Email(), "@")
	switch {
	case c.Identity == Puller && resolved.agentIdentity != "" && m == resolved.agentIdentity:
		return neverPullsText, nearRunner
	case m.Deleted() || m.Email() == "":
		return "", 0
	case strings.EqualFold(m.Email(), c.Principal.Email()):
		return "It is written as another kind of member: " + string(c.Principal) + " is meant.", nearWrongName
	case c.Identity != Puller:
		return mistakenForDeployer(c, m), nearOtherAccount
	case strings.EqualFold(m.Email(), resolved.runner):
		return neverPullsText, nearRunner
	case host == runAgentHost && RunServiceAgentProject(m) == "":
		return "There is no such account: the agent's name holds the project's number, " + c.Principal.Email() + ".", nearWrongName
	case strings.EqualFold(name, agent) && AccountProject(m.Email()) != "":
		return "It is an account that somebody made in project " + AccountProject(m.Email()) + "; the service agent is " + c.Principal.Email() + ".", nearWrongName
	}
	return mistakenForOther(c, resolved, m, host)
}

// mistakenForOther is for accounts that are further away from the agent: by their name nobody takes them for it.
func mistakenForOther(c Check, resolved resolvedQuestion, m Member, host string) (why string, rank int) {
	switch {
	case strings.HasSuffix(m.Email(), computeSuffix):
		return neverPullsText, nearOtherAccount
	case host == runAgentHost:
		return "It is the agent of another project; that of " + resolved.project + " pulls: " + c.Principal.Email() + ".", nearOtherAccount
	case c.BaseID() == CheckRunAs && m.Same(resolved.deployer.Value):
		return "The service agent (PULLS) needs it, not the deployer.", nearOtherAccount
	}
	return "", 0
}

const neverPullsText = "It never pulls; the service agent (PULLS) does."

// mistakenForDeployer: a build runs as Cloud Build's own account or as the default compute account, and people take the one
// for the other (iam-facts 10.5).
func mistakenForDeployer(c Check, m Member) string {
	builds := func(m Member) bool {
		return strings.HasSuffix(m.Email(), "@cloudbuild.gserviceaccount.com") || strings.HasSuffix(m.Email(), "@gcp-sa-cloudbuild.iam.gserviceaccount.com")
	}
	compute := func(m Member) bool { return strings.HasSuffix(m.Email(), computeSuffix) }
	if builds(m) && (compute(c.Principal) || builds(c.Principal)) || compute(m) && builds(c.Principal) {
		return "The deployer asked about is " + c.Principal.Email() + "."
	}
	return ""
}

// wrongRoleText says that a role of the principal does not give what its name suggests.
func (q *evaluation) wrongRoleText(c Check, b Binding) string {
	if !q.seemsSufficient(c, b.Role) {
		return ""
	}
	prefix := "Close: " + principalName(c) + " holds " + b.Role + ". "
	switch {
	case c.BaseID() == CheckAgent:
		return prefix + "It also needs a role of its own: " + RoleRunAgent + "."
	case c.Permission == PermDownload && strings.HasPrefix(b.Role, "roles/") && !strings.HasPrefix(b.Role, "roles/artifactregistry."):
		return prefix + "That role can't read Artifact Registry."
	}
	return prefix + "That role does not hold " + string(c.Permission) + "."
}

// likelyRolePrefixes are the beginnings of roles that are taken for one that gives a permission of a service (iam-facts 2.1, 10.6-10.9).
var likelyRolePrefixes = map[string][]string{
	"artifactregistry": {"roles/artifactregistry.", "roles/storage.", "roles/containerregistry.", "roles/container.", "roles/run.", "roles/cloudbuild."},
	"run":              {"roles/run.", "roles/cloudfunctions.", "roles/viewer"},
	"iam":              {"roles/iam.serviceAccount", "roles/iam.workloadIdentityUser"},
	"":                 {"roles/run.", "roles/editor"}, // the agent's own role
}

// seemsSufficient reports whether a role surely does not give what the check asks for, and one may think that it does. Of a custom
// role that is so where it gives anything else of the service.
func (q *evaluation) seemsSufficient(c Check, role string) bool {
	service, _, _ := strings.Cut(string(c.Permission), ".")
	fact := q.role(role)
	if c.BaseID() == CheckAgent {
		gives, _ := agentRoleTest(role)
		return gives == no && slices.ContainsFunc(likelyRolePrefixes[""], func(p string) bool { return strings.HasPrefix(role, p) })
	}
	if gives, _ := q.roleGrants(role, c.Permission); gives != no || fact.Value.Inert() { // the check says that one is not in force
		return false
	}
	if !strings.HasPrefix(role, "roles/") {
		return slices.ContainsFunc(fact.Value.Permissions, func(p Permission) bool { return strings.HasPrefix(string(p), service+".") })
	}
	return slices.ContainsFunc(likelyRolePrefixes[service], func(p string) bool { return strings.HasPrefix(role, p) })
}

// principalName is the principal by name, the caller too: a request is read by somebody else.
func principalName(c Check) string {
	if c.Identity == Puller {
		return "the service agent"
	}
	return c.Principal.Value()
}

// displayNameWithLane is an account with the part that it plays.
func (m Member) displayNameWithLane(resolved resolvedQuestion) string {
	switch {
	case resolved.agentIdentity != "" && m == resolved.agentIdentity:
		return "the agent identity (RUNS)"
	case m.Same(ServiceAccountMember(resolved.runner)):
		return m.Value() + " (RUNS)"
	case m.Same(resolved.deployer.Value):
		return m.Value() + " (DEPLOYS)"
	}
	return m.Value()
}

func roleDisplayName(role string) string {
	if role == RoleReader {
		return "the reader role"
	}
	return role
}

// NearMissSentences says each near miss once: one binding may be close to several checks.
func (d Diagnosis) NearMissSentences() (sentences []string) {
	reported := map[Evidence]bool{}
	for _, o := range d.Observations {
		if o.Kind == ObservationNearMiss && !reported[o.Binding()] {
			reported[o.Binding()] = true
			sentences = append(sentences, o.Text)
		}
	}
	return sentences
}

// Binding is the one that an observation is about.
func (o Observation) Binding() Evidence {
	return Evidence{Resource: o.Resource, Role: o.Role, Member: o.Member}
}
