package model

import (
	"strings"

	"al.essio.dev/pkg/shellescape"
)

// quote makes one word of a POSIX shell's command line.
func quote(s string) string { return shellescape.Quote(s) }

// command joins words to a command that runs as it stands.
func command(words ...string) string { return shellescape.QuoteCommand(words) }

// commands are the gcloud commands that equal the step (iam-facts 9.2). Where a policy can hold conditions they carry
// --condition=None, without which gcloud asks, or fails in a script, as soon as one is there (iam-facts 9.4).
func (s Step) commands() []string {
	r := s.Resource
	switch s.Kind {
	case StepEnableAPI:
		return []string{command("gcloud", "services", "enable", r.ID(), "--project="+r.Project())}
	case StepCreateAgent:
		return []string{command("gcloud", "beta", "services", "identity", "create", "--service="+r.ID(), "--project="+r.Project())}
	}
	if s.Condition != nil {
		return []string{}
	}
	verb := "add-iam-policy-binding"
	if s.Kind == StepRevoke {
		verb = "remove-iam-policy-binding"
	}
	tail := []string{"--member=" + string(s.Member), "--role=" + s.Role}
	switch r.Kind() {
	case KindRepository:
		return bindingCommand("artifacts repositories", verb, r.ID(),
			append([]string{"--location=" + r.Segment("locations"), "--project=" + r.Project()}, tail...))
	case KindProject:
		return bindingCommand("projects", verb, r.ID(), append(tail, noCondition))
	case KindFolder:
		return bindingCommand("resource-manager folders", verb, r.ID(), append(tail, noCondition))
	case KindOrganization:
		return bindingCommand("organizations", verb, r.ID(), append(tail, noCondition))
	case KindAccount:
		return bindingCommand("iam service-accounts", verb, r.ID(), append(append([]string{"--project=" + r.Project()}, tail...), noCondition))
	case KindService:
		return bindingCommand("run services", verb, r.ID(), append(append(runFlags(r), tail...), noCondition))
	case KindJob: // gcloud run jobs has no --condition (iam-facts 9.3)
		return bindingCommand("run jobs", verb, r.ID(), append(runFlags(r), tail...))
	}
	return []string{}
}

const noCondition = "--condition=None"

func runFlags(r Resource) []string {
	return []string{"--region=" + r.Segment("locations"), "--project=" + r.Project()}
}

func bindingCommand(group, verb, name string, flags []string) []string {
	words := append([]string{"gcloud"}, strings.Fields(group)...)
	words = append(words, verb, name)
	return []string{command(append(words, flags...)...)}
}
