package gcp

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"whopulls/gcp/sandbox"
	"whopulls/model"
)

func agentCloud(t *testing.T, account model.Member) *Cloud {
	t.Helper()
	return dialTest(t, Options{Sandbox: startSandbox(t, sandbox.Options{}, "testdata/agent_identity.yaml").Addr(), Account: account})
}

func inUS(kind model.WorkloadKind, name string) model.WorkloadName {
	return model.WorkloadName{Kind: kind, Name: name, Region: "us-central1"}
}

// A workload that runs as an agent identity has no account, and is not one that runs as the default account
// (iam-facts 12.6).
func TestWorkloadReadsTheAgentIdentity(t *testing.T) {
	c := agentCloud(t, "")
	for name, want := range map[model.WorkloadName]bool{inUS(model.Service, "helper"): true, inUS(model.Service, "plain"): false,
		inUS(model.Job, "nightly"): true, inUS(model.Job, "daily"): false, inUS(model.WorkerPool, "poller"): false} {
		t.Run(string(name.Kind)+" "+name.Name, func(t *testing.T) {
			s := runTask(t, c, model.Question{Project: "app-project", Workload: &name}, model.Want{Kind: model.WantWorkload})
			if w := s.Workload; !w.Read() || w.Value.AgentIdentity != want || w.Value.ServiceAccount != "" {
				t.Errorf("%s %s: %+v", name.Kind, name.Name, w)
			}
		})
	}
}

// runnersOf spells what each template and each revision that serves runs as.
func runnersOf(i model.Inventory) []string {
	var all []string
	say := func(name, account string, agent bool, gap *model.Gap) {
		text := fmt.Sprintf("%s: %q agent %t", name, account, agent)
		if gap != nil {
			text = name + ": " + gap.Reason + " " + string(gap.Need)
		}
		all = append(all, text)
	}
	for _, w := range i.Running {
		say(w.Name, w.ServiceAccount, w.AgentIdentity, w.RunnerGap)
		for _, r := range w.Serving {
			name := r.Name[:min(len(r.Name), len("helper-00001"))]
			say(name, r.ServiceAccount, r.AgentIdentity, nil)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// The list says nothing of agent identities: a template whose account it leaves out is looked at by itself, and what could
// not be looked at is no default account.
func TestInventoryTellsAgentIdentities(t *testing.T) {
	for account, want := range map[model.Member][]string{
		"user:dev@example.com": {`daily: "" agent false`, `helper-00001: "" agent true`, `helper: "" agent true`,
			`named: "web@app-project.iam.gserviceaccount.com" agent false`, `nightly: "" agent true`, `plain: "" agent false`, `poller: "" agent false`},
		"user:lister@example.com": {`daily: you may not see what job daily runs as run.jobs.get`, `helper-00001: "" agent true`,
			`helper: you may not see what service helper runs as run.services.get`, `named: "web@app-project.iam.gserviceaccount.com" agent false`,
			`nightly: you may not see what job nightly runs as run.jobs.get`, `plain: you may not see what service plain runs as run.services.get`,
			`poller: "" agent false`},
	} {
		t.Run(string(account), func(t *testing.T) {
			got := runnersOf(readInventory(t, agentCloud(t, account), "app-project").Value)
			for _, line := range want {
				if !slices.Contains(got, line) {
					t.Errorf("%s lacks %s; it has\n%s", account, line, strings.Join(got, "\n"))
				}
			}
		})
	}
}

// A rehearsal deploys the template as it is, with its agent identity and its sandboxes, of which the gRPC client would
// know nothing.
func TestRehearseLosesNothing(t *testing.T) {
	c := agentCloud(t, "")
	for name, refused := range map[model.WorkloadName]string{
		inUS(model.Service, "helper"): "", inUS(model.Job, "nightly"): "",
		inUS(model.Service, "plain"):                     "iam.serviceaccounts.actAs",
		inUS(model.Job, "daily"):                         "iam.serviceaccounts.actAs",
		inUS(model.WorkerPool, "poller"):                 "iam.serviceaccounts.actAs",
		inUS(model.Service, "boxed"):                     "artifactregistry.repositories.downloadArtifacts",
		inUS(model.Service, "nowhere"):                   "not",
		{Kind: "cron", Name: "x", Region: "us-central1"}: `"cron" is not a kind of Cloud Run workload`,
	} {
		t.Run(string(name.Kind)+" "+name.Name, func(t *testing.T) {
			err := c.DryRunDeploy(t.Context(), "app-project", name)
			if refused == "" && err != nil || refused != "" && (err == nil || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(refused))) {
				t.Errorf("%s %s: %v, want %q", name.Kind, name.Name, err, refused)
			}
		})
	}
}
