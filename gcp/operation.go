package gcp

import (
	"cmp"
	"fmt"
	"strings"

	"al.essio.dev/pkg/shellescape"
	"google.golang.org/grpc/codes"

	"whopulls/gcp/signin"
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
			firstNonEmpty(t.api, "that answers this"), describeProject(t.consumer))
	case t.perimeterID != "":
		return "VPC Service Controls does not let you " + a.action + " (identifier " + t.perimeterID + ")"
	case t.deniedQuotaProject() != "":
		return "you may not use the quota of project " + t.deniedQuotaProject() + " to " + a.action
	case t.code == codes.PermissionDenied:
		return "you may not " + a.action
	case t.code == codes.NotFound:
		return firstNonEmpty(a.subject, "what was asked for") + " does not exist"
	case t.code == codes.Unauthenticated:
		return "the sign-in was not accepted: " + t.message
	case t.code == codes.ResourceExhausted:
		return "a quota is used up (" + firstNonEmpty(t.quotaLimit, t.message, "unnamed") + ")"
	case t.code == codes.DeadlineExceeded:
		return "no answer came in time when asked to " + a.action
	case t.code == codes.Unavailable:
		return "it could not be reached: " + t.message
	case t.code == codes.Unknown && t.message != "":
		return t.message
	}
	return fmt.Sprintf("Google refused to %s: %s", a.action, firstNonEmpty(t.message, t.code.String()))
}

// advice is what to do about a call that failed, beyond getting a permission on what was asked for: a command, or one
// short sentence without its dot. It is empty where nothing is known that helps.
func (t apiError) advice() model.Advice {
	switch {
	case t.isAPIDisabled() && t.api != "":
		return model.Advice{Command: shellescape.QuoteCommand(t.enableCommand())}
	case t.perimeterID != "":
		return model.Advice{Words: "give the identifier to whoever administers the perimeter: it finds the refusal in the audit log"}
	case t.deniedQuotaProject() != "":
		return model.Advice{Words: "ask for roles/serviceusage.serviceUsageConsumer on project " + t.deniedQuotaProject() +
			", or name a project that you may use with --billing-project"}
	case t.code == codes.ResourceExhausted:
		return model.Advice{Words: t.quotaResetText() + ", or use another project's with --billing-project"}
	case t.code == codes.Unauthenticated:
		return cmp.Or(t.signInStep, signin.NextSteps()[0])
	}
	return model.Advice{}
}

// enableCommand is the command that turns on the API that is off.
func (t apiError) enableCommand() []string {
	command := []string{"gcloud", "services", "enable", t.api}
	if id, ok := strings.CutPrefix(t.consumer, "projects/"); ok {
		command = append(command, "--project="+id)
	}
	return command
}

// quotaResetText tells when a quota that is used up is there again.
func (t apiError) quotaResetText() string {
	if strings.Contains(strings.ToLower(t.quotaLimit+t.message), "per day") || strings.Contains(t.quotaLimit, "PerDay") {
		return "the quota fills again tomorrow"
	}
	return "the quota fills again within minutes"
}
