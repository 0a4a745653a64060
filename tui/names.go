package tui

import (
	"cmp"
	"strings"

	"whopulls/model"
)

func repositoryBreadcrumb(r model.RepositoryName) string {
	return clean(r.Project) + " ▸ " + clean(r.ID)
}

// memberName is a member in a list: an address says what it is of, but for those of groups.
func memberName(m model.Member) string {
	if m.Deleted() || m.IsServiceAccount() || m.Type() == "user" {
		return cmp.Or(m.Email(), string(m))
	}
	return string(m)
}

// shortRole is what tells a role from the others in a list; in full it stands below.
func shortRole(role string) string {
	return strings.TrimPrefix(role[strings.LastIndex(role, "/")+1:], "artifactregistry.")
}

// questionBreadcrumb names the consumer project and the workload.
func questionBreadcrumb(q model.Question) string {
	switch {
	case q.Workload == nil && q.Kind != "":
		return q.Project + " ▸ a new " + q.Kind.DisplayName()
	case q.Workload == nil:
		return q.Project + " ▸ " + q.NewDeploymentText()
	}
	return q.Project + " ▸ " + q.Workload.Kind.DisplayName() + " " + q.Workload.Name
}

// nothingChanged is why a key for a change asks nothing.
const nothingChanged = "read-only: nothing is changed"
