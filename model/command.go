package model

import (
	"slices"
	"strings"

	"al.essio.dev/pkg/shellescape"
)

// quote makes one word of a POSIX shell's command line.
func quote(s string) string { return shellescape.Quote(s) }

// command joins words to a command that runs as it stands.
func command(words ...string) string { return shellescape.QuoteCommand(words) }

// commands are those that can be shown and typed: a name that does not print gives none.
func (s Step) commands() []string {
	commands := s.inGcloud()
	if slices.ContainsFunc(commands, unprintable) {
		return []string{}
	}
	return commands
}

// inGcloud gives the gcloud commands that equal the step (iam-facts 9.2). Where a policy can hold conditions they carry
// --condition=None, without which gcloud asks, or fails in a script, as soon as one is there (iam-facts 9.4). What gcloud
// has no words for gives none.
func (s Step) inGcloud() []string {
	r := s.Resource
	switch s.Kind {
	case StepEnableAPI:
		return []string{command("gcloud", "services", "enable", r.ID(), "--project="+r.Project())}
	case StepCreateAgent:
		return []string{command("gcloud", "beta", "services", "identity", "create", "--service="+r.ID(), "--project="+r.Project())}
	}
	condition, ok := s.conditionFlag()
	if !ok {
		return []string{}
	}
	verb := "add-iam-policy-binding"
	if s.Kind == StepRevoke {
		verb = "remove-iam-policy-binding"
	}
	tail := []string{"--member=" + string(s.Member), "--role=" + s.Role, condition}
	switch r.Kind() {
	case KindRepository:
		if s.Condition == nil { // its policy holds none (iam-facts 6.2)
			tail = tail[:2]
		}
		return bindingCommand("artifacts repositories", verb, r.ID(),
			append([]string{"--location=" + r.Segment("locations"), "--project=" + r.Project()}, tail...))
	case KindProject:
		return bindingCommand("projects", verb, r.ID(), tail)
	case KindFolder:
		return bindingCommand("resource-manager folders", verb, r.ID(), tail)
	case KindOrganization:
		return bindingCommand("organizations", verb, r.ID(), tail)
	case KindAccount:
		return bindingCommand("iam service-accounts", verb, r.ID(), append([]string{"--project=" + r.Project()}, tail...))
	case KindService:
		return bindingCommand("run services", verb, r.ID(), append(runFlags(r), tail...))
	case KindJob: // gcloud run jobs has no --condition (iam-facts 9.3)
		if s.Condition != nil {
			return []string{}
		}
		return bindingCommand("run jobs", verb, r.ID(), append(runFlags(r), tail[:2]...))
	case KindWorkerPool: // of its flags no source tells a --condition (iam-facts 12.3)
		if s.Condition != nil {
			return []string{}
		}
		return bindingCommand("run worker-pools", verb, r.ID(), append(runFlags(r), tail[:2]...))
	}
	return []string{}
}

// GcloudNeedsNewer is said of commands that gcloud 528 does not know yet.
const GcloudNeedsNewer = "newer than 528"

// gcloudNeeds is what gcloud the commands of the step take: those for the policy of a worker pool came after 528, with no
// source that tells the version (iam-facts 12.3).
func (s Step) gcloudNeeds() string {
	if s.Resource.Kind() == KindWorkerPool && len(s.commands()) > 0 {
		return GcloudNeedsNewer
	}
	return ""
}

// separators are what may stand between the parts of a condition; gcloud is told which one by carets before them
// (gcloud topic escaping). The comma is the one that it takes by itself.
var separators = []string{",", ";", "|", "~", "#", "@", "%", "!"}

const noCondition = "--condition=None"

// basicRoles can't be bound with a condition by gcloud (iam-facts 9.4).
var basicRoles = []string{"roles/owner", "roles/editor", "roles/viewer"}

// conditionFlag gives the condition as gcloud takes it; ok is false where it can't be given so: without a title or an
// expression, over several lines, or beside a basic role.
func (s Step) conditionFlag() (flag string, ok bool) {
	c := s.Condition
	if c == nil {
		return noCondition, true
	}
	parts := []string{"expression=" + c.Expression, "title=" + c.Title}
	if c.Description != "" {
		parts = append(parts, "description="+c.Description)
	}
	whole := strings.Join(parts, "")
	if c.Expression == "" || c.Title == "" || slices.Contains(basicRoles, s.Role) || unprintable(whole) {
		return "", false
	}
	for _, between := range separators {
		if strings.Contains(whole, between) {
			continue
		}
		lead := "^" + between + "^"
		if between == "," {
			lead = ""
		}
		return "--condition=" + lead + strings.Join(parts, between), true
	}
	return "", false
}

func runFlags(r Resource) []string {
	return []string{"--region=" + r.Segment("locations"), "--project=" + r.Project()}
}

func bindingCommand(group, verb, name string, flags []string) []string {
	words := append([]string{"gcloud"}, strings.Fields(group)...)
	words = append(words, verb, name)
	return []string{command(append(words, flags...)...)}
}
