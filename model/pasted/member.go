package pasted

import (
	"cmp"
	"regexp"
	"strings"

	"whopulls/model"
)

// agentIdentity is the name of a workload that runs as an agent identity (iam-facts 12.6).
var agentIdentity = regexp.MustCompile(`^principal://agents\.global\.[^/]+/resources/run/(projects/.+)$`)

// member reads a service account: a bare e-mail, or a member as a policy spells it.
func member(s string, _ place) Thing {
	if m := agentIdentity.FindStringSubmatch(s); m != nil {
		t := resource("run", m[1], "")
		t.Kind, t.Principal = Agent, model.Member(s)
		return t
	}
	m, ok := parseMember(strings.TrimPrefix(s, "mailto:"))
	switch {
	case !ok:
		return Thing{}
	case !m.Undeleted().IsServiceAccount():
		t := unusable("A person, a group or a pool leads to no screen; whopulls check --deployer=MEMBER asks what they may deploy")
		t.Principal = m
		return t
	}
	email := m.Email()
	return Thing{Kind: Agent, Principal: m, Consumer: cmp.Or(accountProject(email), misnamedProject(email))}
}

// parseMember reads a member, a deleted one too. Addresses are compared without regard to case.
func parseMember(s string) (model.Member, bool) {
	if strings.Contains(s, "/") && !strings.HasPrefix(s, "principal") || !strings.ContainsAny(s, "@/") {
		return "", false
	}
	deleted := model.Member(s)
	if deleted.Deleted() {
		m, err := model.ParseMember(string(deleted.Undeleted()))
		return deleted, err == nil && m != ""
	}
	if strings.HasPrefix(s, "serviceAccount:") {
		s = "serviceAccount:" + strings.ToLower(deleted.Value())
	}
	m, err := model.ParseMember(s)
	return m, err == nil
}

// accountProject is the project that an account works for or lives in, as ID or number; empty where its e-mail doesn't tell.
func accountProject(email string) string {
	return validProject(cmp.Or(model.ServiceAgentProject(email), model.AccountProject(email)))
}

// misnamedProject is the project of an agent's e-mail that has its ID where the number belongs. There is no such account.
func misnamedProject(email string) string {
	name, _, _ := strings.Cut(email, "@")
	id, found := strings.CutPrefix(name, "service-")
	if !found || model.ServiceAgentHost(email) == "" {
		return ""
	}
	return validProject(id)
}
