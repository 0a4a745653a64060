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

// ask describes a call, for the words of what becomes of it.
type ask struct {
	does     string // what it does, as it goes after "you may not": read the policy of repository myrepo
	resource model.Resource
	need     model.Permission // documented for the call (iam-facts 8.1); Google's own word on it comes first
	absent   string           // what does not exist on NOT_FOUND: repository myrepo
	decides  bool             // NOT_FOUND is an answer, no gap
}

// fact makes a fact of a call's end.
func fact[T any](a ask, value T, err error) model.Fact[T] {
	if err == nil {
		return model.Known(value)
	}
	t := troubleOf(err)
	if t.code == codes.NotFound && a.decides {
		return model.Absent[T]()
	}
	return model.Unread[T](a.gap(t))
}

// gap says why the call gave nothing, and what would let the caller read it.
func (a ask) gap(t trouble) model.Gap {
	g := model.Gap{Resource: a.resource, Reason: a.why(t)}.WithAdvice(t.remedy())
	g.Need, _ = t.lacks(a.need)
	if id, ok := strings.CutPrefix(t.consumer, "projects/"); ok && t.disabled() && t.service != "" {
		g.DisabledAPI = model.APIResource(id, t.service)
	}
	if g.Need == permUseQuota && t.quotaProject() != "" {
		g.Resource = model.ProjectResource(t.quotaProject())
	}
	return g
}

// why is one plain sentence without its dot.
func (a ask) why(t trouble) string {
	switch {
	case t.cut != "":
		return t.cut + " when asked to " + a.does + ", which is more than whopulls takes"
	case t.disabled():
		return fmt.Sprintf("the API %s is off in %s, or not yet on everywhere",
			firstOf(t.service, "that answers this"), projectWords(t.consumer))
	case t.perimeter != "":
		return "VPC Service Controls does not let you " + a.does + " (identifier " + t.perimeter + ")"
	case t.quotaProject() != "":
		return "you may not use the quota of project " + t.quotaProject() + " to " + a.does
	case t.code == codes.PermissionDenied:
		return "you may not " + a.does
	case t.code == codes.NotFound:
		return firstOf(a.absent, "what was asked for") + " does not exist"
	case t.code == codes.Unauthenticated:
		return "the sign-in was not accepted: " + t.message
	case t.code == codes.ResourceExhausted:
		return "a quota is used up (" + firstOf(t.quota, t.message, "unnamed") + ")"
	case t.code == codes.DeadlineExceeded:
		return "no answer came in time when asked to " + a.does
	case t.code == codes.Unavailable:
		return "it could not be reached: " + t.message
	case t.code == codes.Unknown && t.message != "":
		return t.message
	}
	return fmt.Sprintf("Google refused to %s: %s", a.does, firstOf(t.message, t.code.String()))
}

// remedy is what to do about a call that failed, beyond getting a permission on what was asked for: a command, or one
// short sentence without its dot. It is empty where nothing is known that helps.
func (t trouble) remedy() model.Advice {
	switch {
	case t.disabled() && t.service != "":
		return model.Advice{Command: shellescape.QuoteCommand(t.enable())}
	case t.perimeter != "":
		return model.Advice{Words: "give the identifier to whoever administers the perimeter: it finds the refusal in the audit log"}
	case t.quotaProject() != "":
		return model.Advice{Words: "ask for roles/serviceusage.serviceUsageConsumer on project " + t.quotaProject() +
			", or name a project that you may use with --billing-project"}
	case t.code == codes.ResourceExhausted:
		return model.Advice{Words: t.refills() + ", or use another project's with --billing-project"}
	case t.code == codes.Unauthenticated:
		return cmp.Or(t.signIn, signin.WaysOut()[0])
	}
	return model.Advice{}
}

// enable is the command that turns on the API that is off.
func (t trouble) enable() []string {
	command := []string{"gcloud", "services", "enable", t.service}
	if id, ok := strings.CutPrefix(t.consumer, "projects/"); ok {
		command = append(command, "--project="+id)
	}
	return command
}

// refills tells when a quota that is used up is there again.
func (t trouble) refills() string {
	if strings.Contains(strings.ToLower(t.quota+t.message), "per day") || strings.Contains(t.quota, "PerDay") {
		return "the quota fills again tomorrow"
	}
	return "the quota fills again within minutes"
}
