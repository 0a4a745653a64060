package transport

import (
	"cmp"
	"strings"
	"whopulls/gcp/signin"
	"whopulls/model"

	"al.essio.dev/pkg/shellescape"
	"google.golang.org/grpc/codes"
)

// Advice says what helps against the error, apart from a permission on the resource: a command, or one short sentence
// without its dot. It is empty if nothing is known to help.
func (t APIError) Advice() model.Advice {
	switch {
	case t.IsAPIDisabled() && t.API != "":
		return model.Advice{Command: shellescape.QuoteCommand(t.enableCommand())}
	case t.PerimeterID != "":
		return model.Advice{Words: "send the identifier to the perimeter's administrator; it finds the refusal in the audit log"}
	case t.DeniedQuotaProject() != "":
		ask := "ask for roles/serviceusage.serviceUsageConsumer on project " + t.DeniedQuotaProject()
		return model.Advice{Words: ask + ", or name a project that you may use with --billing-project", InApp: ask}
	case t.Code == codes.ResourceExhausted:
		return model.Advice{Words: t.quotaResetText() + ", or use another project's with --billing-project", InApp: t.quotaResetText()}
	case t.Code == codes.Unauthenticated:
		return cmp.Or(t.signInStep, signin.NextSteps()[0])
	}
	return model.Advice{}
}

// enableCommand turns on the API that is off.
func (t APIError) enableCommand() []string {
	command := []string{"gcloud", "services", "enable", t.API}
	if id, ok := strings.CutPrefix(t.Consumer, "projects/"); ok {
		command = append(command, "--project="+id)
	}
	return command
}

// quotaResetText says when a used-up quota is free again.
func (t APIError) quotaResetText() string {
	if strings.Contains(strings.ToLower(t.QuotaLimit+t.Message), "per day") || strings.Contains(t.QuotaLimit, "PerDay") {
		return "the quota fills again tomorrow"
	}
	return "the quota fills again within minutes"
}
