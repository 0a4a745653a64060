package model

import (
	"slices"
	"strings"
)

// BaseID is the check's id without its number: pull#2 is one of the pull checks.
func (c Check) BaseID() string { return baseID(c.ID) }

// IsNth reports whether the check is the nth of its kind, from 0.
func (c Check) IsNth(n int) bool { return c.ID == numberedID(c.BaseID(), n) }

func baseID(id string) string {
	name, _, _ := strings.Cut(id, "#")
	return name
}

// checkLabels says what each check asks of its identity, short enough for a column.
var checkLabels = map[string]string{
	CheckRunAPI:         "Cloud Run API",
	CheckAgent:          "have its role here",
	CheckPull:           "pull the image",
	CheckActAs:          "act as the runner",
	CheckReadImage:      "read the image",
	CheckRunAs:          "start as the runner",
	CheckRuntimeAccount: "exists and is enabled",
	CheckImage:          "image",
	CheckUpstream:       "read the upstream",
}

// CheckLabel says in a few words what the check asks of its identity: "pull the image", "update the job". Where a diagnosis
// has several of a kind, the words name the repository, or the image.
func (d Diagnosis) CheckLabel(c Check) string {
	switch c.BaseID() {
	case CheckDeploy:
		return deployLabel(c.requiredPermissions())
	case CheckPull, CheckReadImage:
		if d.hasSeveral(c) && c.shortName != "" {
			verb, _, _ := strings.Cut(checkLabels[c.BaseID()], " ")
			return verb + " from " + c.shortName
		}
	case CheckImage:
		switch {
		case c.shortName == "" && c.Resource != "": // no image was asked about
			return "repository"
		case d.hasSeveral(c):
			return checkLabels[CheckImage] + " " + c.shortName
		}
	}
	return checkLabels[c.BaseID()]
}

func (d Diagnosis) hasSeveral(c Check) bool {
	_, ok := d.CheckByID(c.BaseID() + "#2")
	return ok
}

// deployLabel says what the first of the permissions is for, and whether everybody is to be let in.
func deployLabel(all []Permission) string {
	what := deployedKind(all[0]).DisplayName()
	if slices.Contains(all, Service.Permission("setIamPolicy")) {
		what = "public " + what
	}
	if strings.HasSuffix(string(all[0]), ".update") {
		return "update the " + what
	}
	return "create " + what + "s"
}

// deployedKind is the kind of workload that a permission is about.
func deployedKind(p Permission) WorkloadKind {
	for kind, words := range workloadKindNames {
		if strings.HasPrefix(string(p), words.permission+".") {
			return kind
		}
	}
	return Service
}
