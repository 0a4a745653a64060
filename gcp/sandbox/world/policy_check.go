package world

import (
	"regexp"
	"slices"
	"strings"

	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"whopulls/gcp/sandbox/roles"
)

// maxPrincipals is how many principals a policy may name, every appearance
// counted.
const maxPrincipals = 1500

func invalid(format string, args ...any) error {
	return status.Errorf(codes.InvalidArgument, format, args...)
}

// checkPolicy refuses what setIamPolicy refuses, comparing with the policy
// that was there: members that were in it already may stay whatever they are.
func (w *World) checkPolicy(full string, old, next *iampb.Policy) error {
	if n := countPrincipals(next); n > maxPrincipals {
		return invalid("The number of principals in the policy (%d) exceeds the limit of %d.", n, maxPrincipals)
	}
	for _, b := range next.Bindings {
		if err := w.checkRole(full, old, b); err != nil {
			return err
		}
		if err := checkCondition(full, b); err != nil {
			return err
		}
		for _, m := range b.Members {
			if err := w.checkMember(full, m, mentions(old, m)); err != nil {
				return err
			}
		}
	}
	return nil
}

func countPrincipals(p *iampb.Policy) int {
	n := 0
	for _, b := range p.Bindings {
		n += len(b.Members)
	}
	return n
}

func mentions(p *iampb.Policy, member string) bool {
	return slices.ContainsFunc(p.Bindings, func(b *iampb.Binding) bool { return containsMember(b.Members, member) })
}

func containsMember(members []string, member string) bool {
	return slices.ContainsFunc(members, func(m string) bool { return sameMember(m, member) })
}

// checkRole checks that the role can be granted there. It must be predefined, or a custom role of the
// resource's project or organization. Nobody can be bound to a deleted one; who was already stays (IAM's
// reference, projects.roles.delete).
func (w *World) checkRole(full string, old *iampb.Policy, b *iampb.Binding) error {
	if _, ok := roles.Get(b.Role); ok {
		return nil
	}
	owner, _, _ := strings.Cut(b.Role, "/roles/")
	role := w.CustomRole(b.Role)
	if role == nil || !slices.Contains(w.chain(full), w.Canonical(fullNodeName(owner))) {
		return invalid("Role (%s) does not exist in the resource's hierarchy.", b.Role)
	}
	if role.Deleted && slices.ContainsFunc(b.Members, func(m string) bool { return !holdsRole(old, b.Role, m) }) {
		return invalid("Role (%s) has been deleted. It can't be granted until it is undeleted.", b.Role)
	}
	return nil
}

func holdsRole(p *iampb.Policy, role, member string) bool {
	return slices.ContainsFunc(p.Bindings, func(b *iampb.Binding) bool { return b.Role == role && containsMember(b.Members, member) })
}

func checkCondition(full string, b *iampb.Binding) error {
	if b.Condition == nil {
		return nil
	}
	service, _ := splitFullName(full)
	switch {
	case service == "artifactregistry.googleapis.com":
		return invalid("Conditions are not supported in the policy of an Artifact Registry repository.")
	case b.Role == "roles/owner" || b.Role == "roles/editor" || b.Role == "roles/viewer":
		return invalid("Conditions can't be set on the basic role %s.", b.Role)
	case b.Condition.Title == "" || b.Condition.Expression == "":
		return invalid("The condition of role %s needs a title and an expression.", b.Role)
	}
	return nil
}

// checkMember wants a member that IAM understands. One that is newly added
// must not be deleted, and must exist if it is a service account.
func (w *World) checkMember(full, member string, alreadyBound bool) error {
	if alreadyBound {
		return nil
	}
	if !ValidMember(member) {
		return invalid("The member %s is of an unknown type. Please set a valid type prefix for the member.", member)
	}
	service, _ := splitFullName(full)
	if isPublic(member) && service == "cloudresourcemanager.googleapis.com" {
		return invalid("Member %s is not supported for this resource.", member)
	}
	if strings.HasPrefix(member, "deleted:") {
		return invalid("Deleted members can't be added to a policy: %s.", member)
	}
	if email, ok := strings.CutPrefix(member, "serviceAccount:"); ok && !kubernetesPodForm.MatchString(member) && !w.accountExists(email) {
		return invalid("Service account %s does not exist.", email)
	}
	if !w.allowedByDomainRestriction(full, member) {
		return status.Error(codes.FailedPrecondition,
			"One or more users named in the policy do not belong to a permitted customer,  perhaps due to an organization policy.")
	}
	return nil
}

func isPublic(member string) bool { return member == "allUsers" || member == "allAuthenticatedUsers" }

func (w *World) accountExists(email string) bool {
	return w.agents[emailKey(email)] || w.ServiceAccount("-", email) != nil
}

// kubernetesPodForm is the older way to name the pods of a Kubernetes service account
// (iam-facts 6.5). They are no account of a project.
var kubernetesPodForm = regexp.MustCompile(`^serviceAccount:[a-z0-9.:-]+\.svc\.id\.goog\[[^\s/\]]+/[^\s/\]]+\]$`)

var memberForms = []*regexp.Regexp{
	regexp.MustCompile(`^(allUsers|allAuthenticatedUsers)$`),
	regexp.MustCompile(`^(user|serviceAccount|group):[^\s@:]+@[^\s@:]+\.[^\s@:]+$`),
	kubernetesPodForm,
	regexp.MustCompile(`^domain:[^\s@:]+\.[^\s@:]+$`),
	regexp.MustCompile(`^(projectOwner|projectEditor|projectViewer):\S+$`),
	regexp.MustCompile(`^principal(Set)?://\S+$`),
	regexp.MustCompile(`^deleted:(user|serviceAccount|group):[^\s?]+\?uid=\d+$`),
	regexp.MustCompile(`^deleted:principal://\S+$`),
}

// ValidMember reports whether a text has the form of a member of an allow policy.
func ValidMember(text string) bool {
	return slices.ContainsFunc(memberForms, func(form *regexp.Regexp) bool { return form.MatchString(text) })
}

// ValidCaller reports whether a text names one identity that can make calls.
func ValidCaller(text string) bool {
	one := strings.HasPrefix(text, "user:") || strings.HasPrefix(text, "serviceAccount:") || strings.HasPrefix(text, "principal://")
	return one && ValidMember(text)
}

var conditionalRoleForm = regexp.MustCompile(`^(.+)` + withCondSuffix + `[0-9a-f]{20}$`)

// stripConditionHash gives the role behind a name that a version 1 read showed for a
// conditional binding.
func stripConditionHash(role string) string {
	if m := conditionalRoleForm.FindStringSubmatch(role); m != nil {
		return m[1]
	}
	return role
}
