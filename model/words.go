package model

import (
	"slices"
	"strings"
)

// Family is the check's id without its number: pull#2 is one of the pull checks.
func (c Check) Family() string { return family(c.ID) }

func family(id string) string {
	name, _, _ := strings.Cut(id, "#")
	return name
}

// asks says what each check asks of its identity, short enough for a column.
var asks = map[string]string{
	CheckRunAPI:         "Cloud Run API",
	CheckAgent:          "hold its own role",
	CheckPull:           "pull the image",
	CheckActAs:          "act as the runner",
	CheckReadImage:      "read the image",
	CheckRunAs:          "get runner tokens",
	CheckRuntimeAccount: "is there, enabled",
	CheckImage:          "image",
	CheckUpstream:       "read the upstream",
}

// Asks says in a few words what the check asks of its identity: "pull the image", "update the job". Where a diagnosis
// has several of a kind, the words name the repository, or the image.
func (d Diagnosis) Asks(c Check) string {
	switch c.Family() {
	case CheckDeploy:
		return asksDeploy(c.asks())
	case CheckPull, CheckReadImage:
		if d.several(c) && c.place != "" {
			verb, _, _ := strings.Cut(asks[c.Family()], " ")
			return verb + " from " + c.place
		}
	case CheckImage:
		switch {
		case c.place == "" && c.Resource != "": // no image was asked about
			return "repository"
		case d.several(c):
			return asks[CheckImage] + " " + c.place
		}
	}
	return asks[c.Family()]
}

func (d Diagnosis) several(c Check) bool {
	_, ok := d.Check(c.Family() + "#2")
	return ok
}

// asksDeploy says what the first of the permissions is for, and whether everybody is to be let in.
func asksDeploy(all []Permission) string {
	what := deployedKind(all[0]).Words()
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
	for kind, words := range workloadWords {
		if strings.HasPrefix(string(p), words.permission+".") {
			return kind
		}
	}
	return Service
}
