package model

import (
	"slices"
	"strings"

	"whopulls/text"

	"al.essio.dev/pkg/shellescape"
)

// shellQuote makes one word of a POSIX shell's command line.
func shellQuote(s string) string { return shellescape.Quote(s) }

// shellCommand joins words to a command that runs as it is.
func shellCommand(words ...string) string { return shellescape.QuoteCommand(words) }

// gcloudCommands are those that can be shown and typed: a name that does not print gives none.
func (s Step) gcloudCommands() []string {
	commands := s.buildGcloudCommands()
	if slices.ContainsFunc(commands, text.HasUnprintable) {
		return []string{}
	}
	return commands
}

// buildGcloudCommands gives the gcloud commands that equal the step (iam-facts 9.2). If a policy can have
// conditions, they have --condition=None. Without it gcloud asks, or fails in a script, as soon as there is a
// condition (iam-facts 9.4). What gcloud has no words for gives none.
func (s Step) buildGcloudCommands() []string {
	r := s.Resource
	switch s.Kind {
	case StepEnableAPI:
		return []string{shellCommand("gcloud", "services", "enable", r.ID(), "--project="+r.Project())}
	case StepCreateAgent:
		return []string{shellCommand("gcloud", "beta", "services", "identity", "create", "--service="+r.ID(), "--project="+r.Project())}
	}
	condition, ok := s.conditionFlag()
	if !ok {
		return []string{}
	}
	return s.bindingCommand(condition)
}

// bindingCommand adds or removes the binding on its kind of resource; empty if gcloud can't.
func (s Step) bindingCommand(condition string) []string {
	r := s.Resource
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
		return iamBindingCommand("artifacts repositories", verb, r.ID(),
			append([]string{"--location=" + r.Segment("locations"), "--project=" + r.Project()}, tail...))
	case KindProject:
		return iamBindingCommand("projects", verb, r.ID(), tail)
	case KindFolder:
		return iamBindingCommand("resource-manager folders", verb, r.ID(), tail)
	case KindOrganization:
		return iamBindingCommand("organizations", verb, r.ID(), tail)
	case KindAccount:
		return iamBindingCommand("iam service-accounts", verb, r.ID(), append([]string{"--project=" + r.Project()}, tail...))
	case KindService:
		return iamBindingCommand("run services", verb, r.ID(), append(regionFlags(r), tail...))
	case KindJob: // gcloud run jobs has no --condition (iam-facts 9.3)
		if s.Condition != nil {
			return []string{}
		}
		return iamBindingCommand("run jobs", verb, r.ID(), append(regionFlags(r), tail[:2]...))
	case KindWorkerPool: // of its flags no source tells a --condition (iam-facts 12.3)
		if s.Condition != nil {
			return []string{}
		}
		return iamBindingCommand("run worker-pools", verb, r.ID(), append(regionFlags(r), tail[:2]...))
	}
	return []string{}
}

// GcloudNeedsNewer is said about commands that gcloud 528 does not know yet.
const GcloudNeedsNewer = "newer than 528"

// gcloudNeeds is the gcloud version that the commands of the step need. The commands for the policy of a
// worker pool came after 528; no source names the version (iam-facts 12.3).
func (s Step) gcloudNeeds() string {
	if s.Resource.Kind() == KindWorkerPool && len(s.gcloudCommands()) > 0 {
		return GcloudNeedsNewer
	}
	return ""
}

// conditionSeparators are what may stand between the parts of a condition; gcloud learns which one by carets before them
// (gcloud topic escaping). The comma is the one that it takes by itself.
var conditionSeparators = []string{",", ";", "|", "~", "#", "@", "%", "!"}

const noCondition = "--condition=None"

// basicRoles can't be bound with a condition by gcloud (iam-facts 9.4).
var basicRoles = []string{"roles/owner", "roles/editor", "roles/viewer"}

// conditionFlag gives the condition as a flag of gcloud. ok is false if gcloud can't take it: it has no title
// or expression, has several lines, or is next to a basic role.
func (s Step) conditionFlag() (flag string, ok bool) {
	c := s.Condition
	if c == nil {
		return noCondition, true
	}
	parts := []string{"expression=" + c.Expression, "title=" + c.Title}
	if c.Description != "" {
		parts = append(parts, "description="+c.Description)
	}
	joined := strings.Join(parts, "")
	if c.Expression == "" || c.Title == "" || slices.Contains(basicRoles, s.Role) || text.HasUnprintable(joined) {
		return "", false
	}
	for _, separator := range conditionSeparators {
		if strings.Contains(joined, separator) {
			continue
		}
		lead := "^" + separator + "^"
		if separator == "," {
			lead = ""
		}
		return "--condition=" + lead + strings.Join(parts, separator), true
	}
	return "", false
}

func regionFlags(r Resource) []string {
	return []string{"--region=" + r.Segment("locations"), "--project=" + r.Project()}
}

func iamBindingCommand(group, verb, name string, flags []string) []string {
	words := append([]string{"gcloud"}, strings.Fields(group)...)
	words = append(words, verb, name)
	return []string{shellCommand(append(words, flags...)...)}
}
