package ui

import (
	"cmp"
	"fmt"
	"strings"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/signs"
)

// RepositoryBreadcrumb names the project and the repository.
func RepositoryBreadcrumb(r model.RepositoryName) string {
	return text.Clean(r.Project) + signs.Within + text.Clean(r.ID)
}

// MemberName is a member in a list: an address says what it is of, but for those of groups.
func MemberName(m model.Member) string {
	if m.Deleted() || m.IsServiceAccount() || m.Type() == "user" {
		return cmp.Or(m.Email(), string(m))
	}
	return string(m)
}

// ShortRole is what tells a role from the others in a list; in full it stands below.
func ShortRole(role string) string {
	return strings.TrimPrefix(role[strings.LastIndex(role, "/")+1:], "artifactregistry.")
}

// InheritedFrom says on which level above a repository a binding stands. The project of what is shown needs no name.
func InheritedFrom(at model.Resource, project string, levels []model.Ancestor) string {
	if at.Kind() == model.KindProject && at.Project() == project {
		return signs.Inherits + " project"
	}
	return signs.Inherits + " " + model.Describe(at, levels)
}

// QuestionBreadcrumb names the consumer project and the workload.
func QuestionBreadcrumb(q model.Question) string {
	switch {
	case q.Workload == nil && q.Kind != "":
		return q.Project + signs.Within + "a new " + q.Kind.DisplayName()
	case q.Workload == nil:
		return q.Project + signs.Within + q.NewDeploymentText()
	}
	return q.Project + signs.Within + q.Workload.Kind.DisplayName() + " " + q.Workload.Name
}

// NothingChanged is why a key for a change asks nothing.
const NothingChanged = "read-only: nothing is changed"

// ModeText is a repository's mode in a word: standard, remote or virtual.
func ModeText(mode string) string {
	word, _, _ := strings.Cut(strings.ToLower(mode), "_")
	return word
}

// SizeText is a number of bytes as people say it; empty where none is known.
func SizeText(bytes int64) string {
	const unit = 1000
	switch size := float64(bytes); {
	case bytes <= 0:
		return ""
	case bytes < unit:
		return fmt.Sprintf("%d B", bytes)
	case bytes < unit*unit:
		return fmt.Sprintf("%.0f kB", size/unit)
	case bytes < unit*unit*unit:
		return fmt.Sprintf("%.1f MB", size/(unit*unit))
	default:
		return fmt.Sprintf("%.1f GB", size/(unit*unit*unit))
	}
}
