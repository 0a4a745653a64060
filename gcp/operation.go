package gcp

import (
	"cmp"
	"fmt"
	"strings"

	"google.golang.org/grpc/codes"

	"whopulls/gcp/transport"
	"whopulls/model"
	"whopulls/text"
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
	t := transport.ParseError(err)
	if t.Code == codes.NotFound && a.notFoundIsAnswer {
		return model.Absent[T]()
	}
	return model.Unread[T](a.gap(t))
}

// gap says why the call gave nothing, and what would let the caller read it.
func (a operation) gap(t transport.APIError) model.Gap {
	g := model.Gap{Resource: a.resource, Reason: a.reason(t), Cause: gapCause(t)}.WithAdvice(t.Advice())
	g.Need, _ = t.MissingPermission(a.permission)
	if id, ok := strings.CutPrefix(t.Consumer, "projects/"); ok && t.IsAPIDisabled() && t.API != "" {
		g.DisabledAPI = model.APIResource(id, t.API)
	}
	if g.Need == transport.PermUseQuota && t.DeniedQuotaProject() != "" {
		g.Resource = model.ProjectResource(t.DeniedQuotaProject())
	}
	return g
}

// gapCause is what the reason says, for code.
func gapCause(t transport.APIError) model.GapCause {
	switch {
	case t.Exceeded != "":
		return model.GapTooLarge
	case t.IsAPIDisabled():
		return model.GapAPIOff
	case t.PerimeterID != "":
		return model.GapFailed
	case t.Code == codes.PermissionDenied:
		return model.GapForbidden
	case t.Code == codes.ResourceExhausted:
		return model.GapQuota
	case t.IsUnreachable():
		return model.GapUnreachable
	}
	return model.GapFailed
}

// reason is one plain sentence without its dot.
func (a operation) reason(t transport.APIError) string {
	switch {
	case t.Exceeded != "":
		return t.Exceeded + " when asked to " + a.action + ", which is more than whopulls accepts"
	case t.IsAPIDisabled():
		return fmt.Sprintf("the API %s is off in %s, or not yet on everywhere",
			cmp.Or(t.API, "that answers this"), describeProject(t.Consumer))
	case t.PerimeterID != "":
		return "VPC Service Controls does not let you " + a.action + " (identifier " + t.PerimeterID + ")"
	case t.DeniedQuotaProject() != "":
		return "you may not use the quota of project " + t.DeniedQuotaProject() + " to " + a.action
	case t.Code == codes.PermissionDenied:
		return "you may not " + a.action
	case t.Code == codes.NotFound:
		return cmp.Or(a.subject, "what was asked for") + " does not exist"
	case t.Code == codes.Unauthenticated:
		return "the sign-in was not accepted: " + t.Message
	case t.Code == codes.ResourceExhausted:
		return "a quota is used up (" + cmp.Or(t.QuotaLimit, t.Message, "unnamed") + ")"
	case t.Code == codes.DeadlineExceeded:
		return "no answer came in time when asked to " + a.action
	case t.Code == codes.Unavailable:
		return "it could not be reached: " + t.Message
	case t.Code == codes.Unknown && t.Message != "":
		return t.Message
	}
	return fmt.Sprintf("Google refused to %s: %s", a.action, cmp.Or(t.Message, t.Code.String()))
}

func describeProject(consumer string) string {
	if id, ok := strings.CutPrefix(consumer, "projects/"); ok {
		return "project " + id
	}
	return cmp.Or(consumer, "the project")
}

// clean makes a text of Google's safe to show, before it becomes a fact. The texts of allow policies do not pass through
// it: they may be written back, so they stay as they are.
func clean(s string) string { return text.CleanTrim(s) }
