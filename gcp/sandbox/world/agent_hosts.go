package world

import (
	"regexp"
	"slices"
	"strings"
)

// agentProjects are Google's projects that own service agents, without those that begin with
// agentProjectPrefix. They are all those of the page "Service agents" of IAM's documentation
// (docs.cloud.google.com/iam/docs/service-agents, copy of 2026-05-30; iam-facts 12.13). The last three are
// from modules/project/service-agents.yaml of Google's Cloud Foundation Fabric. No user can have a project of
// such a name.
var agentProjects = []string{
	"bigquery-encryption", "cloud-filer", "cloud-memcache-sa", "cloud-ml", "cloud-redis", "cloud-tpu",
	"cloudcomposer-accounts", "compute-system", "container-analysis", "container-engine-robot",
	"containerregistry", "dataflow-service-producer-prod", "dataproc-accounts", "dlp-api", "firebase-rules",
	"gae-api-prod", "gcf-admin-robot", "gcp-gae-service", "gcp-ri-aiplatform", "gcp-ri-contactcenterinsights",
	"gcp-ri-identitypool", "gs-project-accounts", "remotebuildexecution", "security-center-api",
	"serverless-robot-prod", "service-consumer-management", "service-networking", "storage-transfer-service",
	"endpoints-portal", "genomics-api", "sourcerepo-service-accounts",
}

const agentProjectPrefix = "gcp-sa-"

// otherAgentHosts are the two of that page that are no project's.
var otherAgentHosts = []string{"cloudbuild.gserviceaccount.com", "cloudservices.gserviceaccount.com"}

// agentNameForms tell, from the part before the @, what an agent works for. The same page has these forms:
// mostly service-NUMBER. "org-", "folder-" or a letter before the number stands for a level above projects.
// Some services use another word, and append something to the number.
var agentNameForms = []struct {
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
	if !slices.Contains(otherAgentHosts, host) && !isAgentProjectHost(host) {
		return ""
	}
	for _, nameForm := range agentNameForms {
		if m := nameForm.name.FindStringSubmatch(name); m != nil {
			return nameForm.kind + m[1]
		}
	}
	return ""
}

// isAgentProjectHost is about HOME.iam.gserviceaccount.com. Some homes are projects of
// the domain google.com, HOME.google.com: the same list has them so.
func isAgentProjectHost(host string) bool {
	home, ok := strings.CutSuffix(host, ".iam.gserviceaccount.com")
	home = strings.TrimSuffix(home, ".google.com")
	begins := strings.HasPrefix(home, agentProjectPrefix) && !strings.Contains(home, ".")
	return ok && (begins || slices.Contains(agentProjects, home))
}
