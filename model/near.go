package model

import (
	"slices"
	"strings"
)

// ObservationKind tells observations apart, for code to decide on.
type ObservationKind string

// ObservationNearMiss is a binding that was most likely meant to do what a check asks for, and does not (iam-facts 10).
const ObservationNearMiss ObservationKind = "near-miss"

// fewNear are enough for one check.
const fewNear = 2

// nearMisses tell of each check that is not granted which bindings come close: the right role on the wrong account, or a
// role that does not give it on the right one. Bindings that have nothing to do with it are left out.
func (q *inquiry) nearMisses(sub subject, checks []Check) (all []Observation) {
	for _, c := range checks {
		if !closable(c) || c.Principal == "" || c.Family() == CheckUpstream {
			continue
		}
		found := q.nearMissesOf(c, sub)
		all = append(all, found[:min(len(found), fewNear)]...)
	}
	return all
}

// The places of near misses: what was most surely meant for the principal comes first. The agent of another project may
// well pull itself, so that it comes last: many projects share one repository.
const (
	nearName = iota // the principal's name, written wrong
	nearRunner
	nearRole // a role of the principal that is not enough
	nearOther
	nearPlaces
)

// nearMissesOf are those of one check, the closest first.
func (q *inquiry) nearMissesOf(c Check, sub subject) []Observation {
	levels, _ := q.chain(c.Resource)
	var found [nearPlaces][]Observation
	for _, level := range levels {
		for _, b := range q.policy(level.Resource).Value.Bindings {
			for _, m := range b.Members {
				text, place := q.wrongAccount(c, sub, level.Resource, b, m)
				if m.same(c.Principal) {
					text, place = q.wrongRole(c, b), nearRole
				}
				if text != "" {
					found[place] = append(found[place], Observation{Kind: ObservationNearMiss, Check: c.ID, Text: text, Resource: level.Resource, Role: b.Role, Member: m})
				}
			}
		}
	}
	return slices.Concat(found[:]...)
}

// wrongAccount says of whom the role is that somebody else needs. Basic roles were given for something else, and so was
// the role that makes an agent of the agent of another project.
func (q *inquiry) wrongAccount(c Check, sub subject, at Resource, b Binding, m Member) (text string, place int) {
	if m.same(c.Principal) || slices.Contains(basicRoles, b.Role) || q.ownRole(at, b.Role, m) {
		return "", 0
	}
	why, place := mistaken(c, sub, m)
	if why == "" || !q.gave(c, b.Role) {
		return "", 0
	}
	return "Close: " + m.titled(sub) + " holds " + roleWords(b.Role) + ". " + why, place
}

// ownRole tells whether an agent holds the role for its own project: there, or on a level above, where that project may
// well lie.
func (q *inquiry) ownRole(at Resource, role string, m Member) bool {
	return makesAgent(role) && RunAgentProject(m) != "" && (at.Project() == "" || q.grantedByGoogle(at, role, m))
}

// gave tells whether the role gives what the check asks for.
func (q *inquiry) gave(c Check, role string) bool {
	if c.Family() == CheckAgent {
		gives, _ := agentRole(role)
		return gives == yes
	}
	gives, _ := q.carries(role, c.Permission)
	return gives == yes
}

// mistaken says what an account is that people take for the principal; empty where nobody does.
func mistaken(c Check, sub subject, m Member) (why string, place int) {
	name, host, _ := strings.Cut(m.Email(), "@")
	agent, _, _ := strings.Cut(c.Principal.Email(), "@")
	switch {
	case c.Identity == Puller && sub.agent != "" && m == sub.agent:
		return neverPulls, nearRunner
	case m.Deleted() || m.Email() == "":
		return "", 0
	case strings.EqualFold(m.Email(), c.Principal.Email()):
		return "It is written as another kind of member: " + string(c.Principal) + " is meant.", nearName
	case c.Identity != Puller:
		return mistakenDeployer(c, m), nearOther
	case strings.EqualFold(m.Email(), sub.runner):
		return neverPulls, nearRunner
	case host == runAgentHost && RunAgentProject(m) == "":
		return "There is no such account: the agent's name holds the project's number, " + c.Principal.Email() + ".", nearName
	case strings.EqualFold(name, agent) && AccountProject(m.Email()) != "":
		return "It is an account that somebody made in project " + AccountProject(m.Email()) + "; the service agent is " + c.Principal.Email() + ".", nearName
	}
	return mistakenOther(c, sub, m, host)
}

// mistakenOther is for accounts that are further away from the agent: by their name nobody takes them for it.
func mistakenOther(c Check, sub subject, m Member, host string) (why string, place int) {
	switch {
	case strings.HasSuffix(m.Email(), computeSuffix):
		return neverPulls, nearOther
	case host == runAgentHost:
		return "It is the agent of another project; that of " + sub.project + " pulls: " + c.Principal.Email() + ".", nearOther
	case c.Family() == CheckRunAs && m.same(sub.deployer.Value):
		return "The service agent (PULLS) needs it, not the deployer.", nearOther
	}
	return "", 0
}

const neverPulls = "It never pulls; the service agent (PULLS) does."

// mistakenDeployer: a build runs as Cloud Build's own account or as the default compute account, and people take the one
// for the other (iam-facts 10.5).
func mistakenDeployer(c Check, m Member) string {
	builds := func(m Member) bool {
		return strings.HasSuffix(m.Email(), "@cloudbuild.gserviceaccount.com") || strings.HasSuffix(m.Email(), "@gcp-sa-cloudbuild.iam.gserviceaccount.com")
	}
	compute := func(m Member) bool { return strings.HasSuffix(m.Email(), computeSuffix) }
	if builds(m) && (compute(c.Principal) || builds(c.Principal)) || compute(m) && builds(c.Principal) {
		return "The deployer asked about is " + c.Principal.Email() + "."
	}
	return ""
}

// wrongRole says of a role of the principal that it does not give what its name lets one hope for.
func (q *inquiry) wrongRole(c Check, b Binding) string {
	if !q.hoped(c, b.Role) {
		return ""
	}
	close := "Close: " + holder(c) + " holds " + b.Role + ". "
	switch {
	case c.Family() == CheckAgent:
		return close + "It also needs a role of its own: " + RoleRunAgent + "."
	case c.Permission == PermDownload && strings.HasPrefix(b.Role, "roles/") && !strings.HasPrefix(b.Role, "roles/artifactregistry."):
		return close + "That role can't read Artifact Registry."
	}
	return close + "That role does not hold " + string(c.Permission) + "."
}

// hopes are the beginnings of roles that are taken for one that gives a permission of a service (iam-facts 2.1, 10.6-10.9).
var hopes = map[string][]string{
	"artifactregistry": {"roles/artifactregistry.", "roles/storage.", "roles/containerregistry.", "roles/container.", "roles/run.", "roles/cloudbuild."},
	"run":              {"roles/run.", "roles/cloudfunctions.", "roles/viewer"},
	"iam":              {"roles/iam.serviceAccount", "roles/iam.workloadIdentityUser"},
	"":                 {"roles/run.", "roles/editor"}, // the agent's own role
}

// hoped tells whether a role surely does not give what the check asks for, and one may think that it does. Of a custom
// role that is so where it gives anything else of the service.
func (q *inquiry) hoped(c Check, role string) bool {
	service, _, _ := strings.Cut(string(c.Permission), ".")
	fact := q.role(role)
	if c.Family() == CheckAgent {
		gives, _ := agentRole(role)
		return gives == no && slices.ContainsFunc(hopes[""], func(p string) bool { return strings.HasPrefix(role, p) })
	}
	if gives, _ := q.carries(role, c.Permission); gives != no || fact.Value.Inert() { // the check says that one is not in force
		return false
	}
	if !strings.HasPrefix(role, "roles/") {
		return slices.ContainsFunc(fact.Value.Permissions, func(p Permission) bool { return strings.HasPrefix(string(p), service+".") })
	}
	return slices.ContainsFunc(hopes[service], func(p string) bool { return strings.HasPrefix(role, p) })
}

// holder is the principal by name, the caller too: a request is read by somebody else.
func holder(c Check) string {
	if c.Identity == Puller {
		return "the service agent"
	}
	return c.Principal.Value()
}

// titled is an account with the part that it plays.
func (m Member) titled(sub subject) string {
	switch {
	case sub.agent != "" && m == sub.agent:
		return "the agent identity (RUNS)"
	case m.same(ServiceAccountMember(sub.runner)):
		return m.Value() + " (RUNS)"
	case m.same(sub.deployer.Value):
		return m.Value() + " (DEPLOYS)"
	}
	return m.Value()
}

func roleWords(role string) string {
	if role == RoleReader {
		return "the reader role"
	}
	return role
}

// near says each near miss once: one binding may be close to several checks.
func (d Diagnosis) near() (sentences []string) {
	said := map[Evidence]bool{}
	for _, o := range d.Observations {
		if o.Kind == ObservationNearMiss && !said[o.Binding()] {
			said[o.Binding()] = true
			sentences = append(sentences, o.Text)
		}
	}
	return sentences
}

// Binding is the one that an observation is about.
func (o Observation) Binding() Evidence {
	return Evidence{Resource: o.Resource, Role: o.Role, Member: o.Member}
}
