package gcp

import (
	"cmp"
	"fmt"
	"strings"

	"google.golang.org/grpc/codes"

	"whopulls/model"
)

// operation describes a call, for the words of what becomes of it.
type operation struct {
	action           string // what it does, as it goes after "you may not": read the policy of repository myrepo
	resource         model.Resource
	permission       model.Permission // documented for the call (iam-facts 8.1); Google's own word on it comes first
	subject          string           // what does not exist on NOT_FOUND: repository myrepo
	notFoundIsAnswer bool             // NOT_FOUND is an answer, no gap
}

// factFrom makes a fact of a call's end.
func factFrom[T any](a operation, value T, err error) model.Fact[T] {
	if err == nil {
		return model.Known(value)
	}
	t := parseError(err)
	if t.code == codes.NotFound && a.notFoundIsAnswer {
		return model.Absent[T]()
	}
	return model.Unread[T](a.gap(t))
}

// gap says why the call gave nothing, and what would let the caller read it.
func (a operation) gap(t apiError) model.Gap {
	g := model.Gap{Resource: a.resource, Reason: a.reason(t)}.WithAdvice(t.advice())
	g.Need, _ = t.missingPermission(a.permission)
	if id, ok := strings.CutPrefix(t.consumer, "projects/"); ok && t.isAPIDisabled() && t.api != "" {
		g.DisabledAPI = model.APIResource(id, t.api)
	}
	if g.Need == permUseQuota && t.deniedQuotaProject() != "" {
		g.Resource = model.ProjectResource(t.deniedQuotaProject())
	}
	return g
}

// reason is one plain sentence without its dot.
func (a operation) reason(t apiError) string {
	switch {
	case t.exceeded != "":
		return t.exceeded + " when asked to " + a.action + ", which is more than whopulls takes"
	case t.isAPIDisabled():
		return fmt.Sprintf("the API %s is off in %s, or not yet on everywhere",
			cmp.Or(t.api, "that answers this"), describeProject(t.consumer))
	case t.perimeterID != "":
		return "VPC Service Controls does not let you " + a.action + " (identifier " + t.perimeterID + ")"
	case t.deniedQuotaProject() != "":
		return "you may not use the quota of project " + t.deniedQuotaProject() + " to " + a.action
	case t.code == codes.PermissionDenied:
		return "you may not " + a.action
	case t.code == codes.NotFound:
		return cmp.Or(a.subject, "what was asked for") + " does not exist"
	case t.code == codes.Unauthenticated:
		return "the sign-in was not accepted: " + t.message
	case t.code == codes.ResourceExhausted:
		return "a quota is used up (" + cmp.Or(t.quotaLimit, t.message, "unnamed") + ")"
	case t.code == codes.DeadlineExceeded:
		return "no answer came in time when asked to " + a.action
	case t.code == codes.Unavailable:
		return "it could not be reached: " + t.message
	case t.code == codes.Unknown && t.message != "":
		return t.message
	}
	return fmt.Sprintf("Google refused to %s: %s", a.action, cmp.Or(t.message, t.code.String()))
}

func describeProject(consumer string) string {
	if id, ok := strings.CutPrefix(consumer, "projects/"); ok {
		return "project " + id
	}
	return cmp.Or(consumer, "the project")
}
