package model

import (
	"regexp"
	"slices"
	"strings"
)

// agentHosts are the e-mail hosts of Google's service agents, as the reference "Service agents" lists them
// (iam-facts 12.13). Hosts that begin with one of agentHostPrefixes are agents' hosts too. Only the host
// tells an agent: a user may call an account of his own service-123 (iam-facts 12.14).
var agentHosts = []string{"bigquery-encryption", "cloud-filer", "cloud-memcache-sa", "cloud-ml", "cloud-redis", "cloud-tpu",
	"cloudcomposer-accounts", "compute-system", "container-analysis", "container-engine-robot", "containerregistry",
	"dataflow-service-producer-prod", "dataproc-accounts", "dlp-api", "endpoints-portal", "firebase-rules", "gae-api-prod",
	"gcf-admin-robot", "gcp-gae-service", "genomics-api", "gs-project-accounts", "remotebuildexecution", "security-center-api",
	"serverless-robot-prod", "service-consumer-management", "service-networking", "sourcerepo-service-accounts",
	"storage-transfer-service", "system"}

var agentHostPrefixes = []string{"gcp-sa-", "gcp-ri-"}

// legacyAgentHosts are those that are no project's: NUMBER@HOST.
var legacyAgentHosts = []string{"cloudservices.gserviceaccount.com", "cloudbuild.gserviceaccount.com"}

var (
	// agentNumberForm finds the number of the project in the name of an agent, as far as its form tells that it is one.
	agentNumberForm = regexp.MustCompile(`^(?:service-p?|project-|bq-)?([0-9]+)$`)
	// agentNameForm is a name as agents have it. What else lies at a host that is not Google's is a user's account.
	agentNameForm = regexp.MustCompile(`^(?:service-)?[0-9]+$`)
)

// parseServiceAgent reports whether an e-mail is that of a service agent, with the number of the agent's project where it
// shows one. An agent of a host that is not known can't be distinguished from an account that is called like one.
func parseServiceAgent(email string) (number string, isAgent ternary) {
	name, host, _ := strings.Cut(strings.ToLower(email), "@")
	if m := agentNumberForm.FindStringSubmatch(name); m != nil {
		number = m[1]
	}
	switch {
	case isAgentHost(host):
		return number, yes
	case strings.HasSuffix(host, accountSuffix) && agentNameForm.MatchString(name):
		return number, maybe
	}
	return "", no
}

// isAgentHost reports whether accounts of Google's services live at a host; those of google.com's own projects too.
func isAgentHost(host string) bool {
	if slices.Contains(legacyAgentHosts, host) {
		return true
	}
	project, ok := strings.CutSuffix(host, accountSuffix)
	project = strings.TrimSuffix(project, ".google.com")
	begins := func(prefix string) bool { return strings.HasPrefix(project, prefix) }
	return ok && (slices.Contains(agentHosts, project) || slices.ContainsFunc(agentHostPrefixes, begins))
}

// RunServiceAgentProject is the project number of a Cloud Run service agent; empty for every other member, deleted ones included.
func RunServiceAgentProject(m Member) string {
	name, host, _ := strings.Cut(strings.ToLower(m.Value()), "@")
	number, ok := strings.CutPrefix(name, "service-")
	if !ok || host != runAgentHost || m.Deleted() || !m.IsServiceAccount() || !IsProjectNumber(number) {
		return ""
	}
	return number
}

// ServiceAgentHost names the service of an agent's e-mail by its host, such as gcf-admin-robot or
// gcp-sa-cloudbuild. It is empty if the e-mail is not a project's service agent.
func ServiceAgentHost(email string) string {
	_, host, _ := strings.Cut(strings.ToLower(email), "@")
	if !isAgentHost(host) || slices.Contains(legacyAgentHosts, host) {
		return ""
	}
	return strings.TrimSuffix(host, accountSuffix)
}

// ServiceAgentProject is the number of the project that a service agent belongs to. It is empty if the e-mail
// surely is not an agent's, or its name has no number.
func ServiceAgentProject(email string) string {
	number, isAgent := parseServiceAgent(email)
	if isAgent != yes {
		return ""
	}
	return number
}

// BuildAccountProject is the number of the project whose builds run as this account of Cloud Build. It is the
// older of the two default accounts of builds (iam-facts 12.16). The number is empty for every other e-mail.
func BuildAccountProject(email string) string {
	return numberBeforeSuffix(email, "@cloudbuild.gserviceaccount.com")
}

// DefaultComputeProject is the number of the project whose default compute account an e-mail is; empty for every other.
func DefaultComputeProject(email string) string { return numberBeforeSuffix(email, computeSuffix) }

func numberBeforeSuffix(email, suffix string) string {
	number, ok := strings.CutSuffix(strings.ToLower(email), suffix)
	if !ok || !IsProjectNumber(number) {
		return ""
	}
	return number
}
