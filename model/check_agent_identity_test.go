package model_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"whopulls/model"
)

const helperIdentity model.Member = "principal://agents.global.org-100000000001.system.id.goog/resources/run/projects/111111111111/locations/asia-northeast1/services/helper"

// withAgentIdentity is the world of the article with a workload that runs as an agent identity, and its deployer and agent with all
// that they need.
func withAgentIdentity(kind model.WorkloadKind) *fixture {
	w := article()
	name := model.WorkloadName{Kind: kind, Name: "helper", Region: tokyo}
	w.Question.Workload = &name
	w.Workload = model.Known(model.Workload{WorkloadName: name, AgentIdentity: true, Images: model.ImagesOf(arImage + ":latest")})
	on := name.Resource("myproject-a")
	w.Policies[on], w.Denies[on] = model.Known(model.Policy{}), model.Known([]model.DenyPolicy{})
	for _, p := range deploys {
		w.test(on, p, true)
	}
	w.bind(repository, reader, agent)
	return w
}

// What runs as an agent identity has no runtime account: nothing is asked of one, least of all of the default account
// (iam-facts 12.6).
func TestAgentIdentityIsNoAccount(t *testing.T) {
	without := func(w *fixture) { w.Ancestry["myproject-a"] = model.Known(w.Ancestry["myproject-a"].Value[:1]) }
	unread := func(w *fixture) { w.Ancestry["myproject-a"] = model.Unread[[]model.Ancestor](model.Gap{Reason: "no"}) }
	numberless := func(w *fixture) { w.Projects["myproject-a"] = model.Unread[model.Project](model.Gap{Reason: "no"}) }
	for name, c := range map[string]struct {
		kind   model.WorkloadKind
		change func(*fixture)
		runner model.Member
	}{
		"a service":                      {model.Service, func(*fixture) {}, helperIdentity},
		"a job, whose form is not known": {model.Job, func(*fixture) {}, ""},
		"without an organization":        {model.Service, without, ""},
		"an organization that is hid":    {model.Service, unread, ""},
		"a number that is hid":           {model.Service, numberless, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := withAgentIdentity(c.kind)
			w.Accounts, w.Policies[compute] = nil, model.Unread[model.Policy](model.Gap{Reason: "no"})
			c.change(w)
			d := model.Diagnose(w.Situation)
			if d.Identities.Runner != c.runner || d.Identities.RunnerKind != model.RunnerAgentIdentity {
				t.Errorf("%s: the runner is %+v, want %q", name, d.Identities, c.runner)
			}
			if words := d.RunnerDisplayName(); words != "the agent identity of "+string(c.kind)+" helper" {
				t.Errorf("%s: it is called %q", name, words)
			}
			for _, id := range []string{"act-as", "run-as", "runtime-account"} {
				check := w.check(t, id)
				if id == "run-as" && check.Principal == "" { // who pulls is not known either
					continue
				}
				if check.Verdict != model.Granted || !check.NotApplicable() || !strings.HasPrefix(check.Reason, "Does not apply: ") || check.Resource != "" {
					t.Errorf("%s: %s is %s, %s", name, id, check.Verdict, check.Reason)
				}
			}
			text, err := json.Marshal(d)
			if err != nil || strings.Contains(string(text), "compute@developer") {
				t.Errorf("%s: the default compute account is named: %s %v", name, text, err)
			}
			for _, want := range model.Wants(w.Situation, model.PlanOptions{}) {
				if want.Kind == model.WantAccount {
					t.Errorf("%s: it still wants %+v", name, want)
				}
			}
		})
	}
}

// What Google asks for an agent identity is not documented: a gap next to the verdict that no permission closes, and that
// a strict question counts where it can matter.
func TestAgentIdentityWithWhatIsNotDocumented(t *testing.T) {
	for strict, want := range map[bool]model.Verdict{false: model.Granted, true: model.Unknown} {
		t.Run(fmt.Sprintf("strict %t", strict), func(t *testing.T) {
			w := withAgentIdentity(model.Service)
			w.Question.Strict = strict
			d := model.Diagnose(w.Situation)
			for id, verdict := range map[string]model.Verdict{"act-as": want, "run-as": want, "runtime-account": model.Granted} {
				c := w.check(t, id)
				gap := slices.ContainsFunc(c.Gaps, func(g model.Gap) bool { return g.Need == "" && strings.Contains(g.Reason, "is not documented") })
				if c.Verdict != verdict || gap != (id != "runtime-account") {
					t.Errorf("strict %t: %s is %s with the gaps %+v", strict, id, c.Verdict, c.Gaps)
				}
			}
			if plan := model.PlanFor(w.Situation, d, model.PlanOptions{}); d.Verdict != want || len(plan.Steps)+len(plan.Ask) > 0 {
				t.Errorf("strict %t: the verdict is %s, and the steps are %+v %+v", strict, d.Verdict, plan.Steps, plan.Ask)
			}
		})
	}
}

// An account that the next deploy names takes the place of the agent identity.
func TestAgentIdentityReplaced(t *testing.T) {
	w := withAgentIdentity(model.Service)
	w.Question.ServiceAccount = webEmail
	d := model.Diagnose(w.Situation)
	if d.Identities.Runner != web || d.Identities.RunnerKind != "" || d.RunnerDisplayName() != webEmail {
		t.Errorf("the runner is %+v", d.Identities)
	}
	for _, id := range []string{"act-as", "run-as", "runtime-account"} {
		if c := w.check(t, id); c.Resource != webAccount || c.NotApplicable() {
			t.Errorf("%s asks about %q: %s", id, c.Resource, c.Reason)
		}
	}
}

// A role that the agent identity holds, and that the agent needs.
func TestAgentIdentityNearMiss(t *testing.T) {
	w := withAgentIdentity(model.Service)
	w.Policies[repository] = model.Known(model.Policy{})
	w.bind(repository, reader, helperIdentity)
	w.Policies[projectA] = model.Known(model.Policy{})
	w.bind(projectA, owner, dev)
	got := nearMisses(w, "pull")
	if len(got) != 1 || got[0].Text != "Close: the agent identity (RUNS) holds the reader role. It never pulls; the service agent (PULLS) does." {
		t.Errorf("the near misses are %+v", got)
	}
}
