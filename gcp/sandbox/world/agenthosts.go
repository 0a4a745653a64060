package world

import (
	"regexp"
	"slices"
	"strings"
)

// agentHosts are where Google's service agents have their accounts, beside the
// hosts that begin with agentHostPrefix: all of the page "Service agents" of
// IAM's documentation (docs.cloud.google.com/iam/docs/service-agents, copy of
// 2026-05-30; iam-facts 12.13). No user can have a project of such a name.
var agentHosts = []string{
	"bigquery-encryption.iam.gserviceaccount.com",
	"cloud-filer.iam.gserviceaccount.com",
	"cloud-memcache-sa.iam.gserviceaccount.com",
	"cloud-ml.iam.gserviceaccount.com",
	"cloud-redis.iam.gserviceaccount.com",
	"cloud-tpu.iam.gserviceaccount.com",
	"cloudbuild.gserviceaccount.com",
	"cloudcomposer-accounts.iam.gserviceaccount.com",
	"cloudservices.gserviceaccount.com",
	"compute-system.iam.gserviceaccount.com",
	"container-analysis.iam.gserviceaccount.com",
	"container-engine-robot.iam.gserviceaccount.com",
	"containerregistry.iam.gserviceaccount.com",
	"dataflow-service-producer-prod.iam.gserviceaccount.com",
	"dataproc-accounts.iam.gserviceaccount.com",
	"dlp-api.iam.gserviceaccount.com",
	"firebase-rules.iam.gserviceaccount.com",
	"gae-api-prod.iam.gserviceaccount.com",
	"gcf-admin-robot.iam.gserviceaccount.com",
	"gcp-gae-service.iam.gserviceaccount.com",
	"gcp-ri-aiplatform.iam.gserviceaccount.com",
	"gcp-ri-contactcenterinsights.iam.gserviceaccount.com",
	"gcp-ri-identitypool.iam.gserviceaccount.com",
	"gs-project-accounts.iam.gserviceaccount.com",
	"remotebuildexecution.iam.gserviceaccount.com",
	"security-center-api.iam.gserviceaccount.com",
	"serverless-robot-prod.iam.gserviceaccount.com",
	"service-consumer-management.iam.gserviceaccount.com",
	"service-networking.iam.gserviceaccount.com",
	"storage-transfer-service.iam.gserviceaccount.com",
}

const agentHostPrefix = "gcp-sa-"

// agentOwners tell, from the part before the @, what an agent works for. The
// same page has these forms: mostly service-NUMBER, with "org-", "folder-" or a
// letter before the number for a level above projects; some services put
// another word there, and something of their own behind the number.
var agentOwners = []struct {
	name *regexp.Regexp
	kind string
}{
	{regexp.MustCompile(`^(?:service-org-|service-o|organizations-|o)([0-9]+)(?:-[a-z0-9-]+)?$`), "organizations/"},
	{regexp.MustCompile(`^(?:service-folder-|service-f|f)([0-9]+)(?:-[a-z0-9-]+)?$`), "folders/"},
	{regexp.MustCompile(`^(?:[a-z]+-|service-p|b|p)?([0-9]+)(?:-[a-z0-9-]+)?$`), "projects/"},
}

// agentOwner gives what a service agent works for, "projects/NUMBER",
// "folders/ID" or "organizations/ID"; "" for every other account. The host
// alone tells an agent: a user may call an account service-123 (iam-facts
// 12.14).
func agentOwner(email string) string {
	name, host, _ := strings.Cut(strings.ToLower(email), "@")
	if !slices.Contains(agentHosts, host) && !isAgentProject(host) {
		return ""
	}
	for _, form := range agentOwners {
		if m := form.name.FindStringSubmatch(name); m != nil {
			return form.kind + m[1]
		}
	}
	return ""
}

// isAgentProject is about gcp-sa-NAME.iam.gserviceaccount.com.
func isAgentProject(host string) bool {
	project, ok := strings.CutSuffix(host, ".iam.gserviceaccount.com")
	return ok && strings.HasPrefix(project, agentHostPrefix) && !strings.Contains(project, ".")
}
