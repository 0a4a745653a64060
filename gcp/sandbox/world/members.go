package world

import (
	"slices"
	"strings"
)

// caseInsensitiveKinds are the kinds of members that are named by an e-mail or a domain.
var caseInsensitiveKinds = []string{"user", "serviceAccount", "group", "domain"}

// sameMember compares two members as IAM does. It ignores the case of e-mails, since IAM stores them in one
// case (iam-facts 12.11). Everything else must match exactly.
func sameMember(a, b string) bool {
	if a == b {
		return true
	}
	kind, address, _ := strings.Cut(a, ":")
	other, otherAddress, _ := strings.Cut(b, ":")
	return kind == other && slices.Contains(caseInsensitiveKinds, kind) && strings.EqualFold(address, otherAddress)
}

// emailKey is an e-mail as the index has it.
func emailKey(email string) string { return strings.ToLower(email) }

// inDomain is about people: whether an organization's service accounts belong
// to its domain is not documented clearly, and here they do not (iam-facts 6.5).
func inDomain(member, domain string) bool {
	email, ok := strings.CutPrefix(member, "user:")
	return ok && domain != "" && strings.HasSuffix(emailKey(email), "@"+emailKey(domain))
}

// inCustomer reports whether a member is of the Cloud Identity or Google Workspace account with that customer
// ID: the people of the organization's domain.
func (w *World) inCustomer(member, customer string) bool {
	return w.Organization != nil && w.Organization.CustomerID() == customer && inDomain(member, w.Organization.DisplayName)
}

const nodeSetPrefix = "principalSet://cloudresourcemanager.googleapis.com/"

// inPrincipalSet knows the sets of a project's, folder's or organization's
// service accounts or service agents, and whole pools of federated or agent
// identities (…/*). Other sets have no members here: a world does not say what
// attributes and groups a federated identity has.
func (w *World) inPrincipalSet(member, set string) bool {
	if rest, ok := strings.CutPrefix(set, nodeSetPrefix); ok {
		name, kind, _ := strings.Cut(rest, "/type/")
		return w.isAccountBelow(member, name, kind)
	}
	pool, ok := strings.CutSuffix(strings.TrimPrefix(set, "principalSet:"), "/*")
	if !ok {
		return false
	}
	inside, ok := strings.CutPrefix(member, "principal:"+pool+"/")
	return ok && (strings.HasPrefix(inside, "subject/") || strings.HasPrefix(inside, "resources/"))
}

// isAccountBelow is about the accounts of a kind, ServiceAccount or ServiceAgent, of what is in a project, a
// folder or the organization. Agents are not among a project's service accounts (iam-facts 6.5).
func (w *World) isAccountBelow(member, nodeName, kind string) bool {
	email, ok := strings.CutPrefix(member, "serviceAccount:")
	if !ok {
		return false
	}
	owner := ""
	switch kind {
	case "ServiceAccount":
		if a := w.ServiceAccount("-", email); a != nil {
			owner = a.Project.Name()
		}
	case "ServiceAgent":
		owner = agentOwner(email)
	}
	if owner == "" {
		return false
	}
	return slices.Contains(w.Ancestry(w.canonicalNode(owner)), w.canonicalNode(nodeName))
}

// canonicalNode spells "projects/NUMBER" with the project's id.
func (w *World) canonicalNode(nodeName string) string {
	_, name := splitFullName(w.Canonical(fullNodeName(nodeName)))
	return name
}
