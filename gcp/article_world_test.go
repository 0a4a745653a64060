package gcp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"whopulls/gcp/sandbox"
	"whopulls/model"
)

const (
	article  = "article"
	jobImage = "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob:latest"
)

// articleQuestion asks about the job of the article world.
var articleQuestion = model.Question{Project: "myproject-a",
	Workload: &model.WorkloadName{Kind: model.Job, Name: "myjob", Region: "asia-northeast1"}}

// startSandbox serves a copy of a world for as long as the test runs.
func startSandbox(t testing.TB, o sandbox.Options, world string) *sandbox.Server {
	t.Helper()
	w, err := sandbox.Load(world)
	if err != nil {
		t.Fatal(err)
	}
	o.World = w
	s, err := sandbox.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // the test is over; how serving ended says nothing about it
	return s
}

// dialTest dials with waits short enough for a test.
func dialTest(t testing.TB, target Options) *Cloud {
	t.Helper()
	target.JournalFolder = cmp.Or(target.JournalFolder, filepath.Join(t.TempDir(), "state"))
	c, err := dialSandbox(t.Context(), target, testTiming)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return c
}

func articleCloud(t *testing.T, account model.Member) *Cloud {
	t.Helper()
	return dialTest(t, Options{Sandbox: startSandbox(t, sandbox.Options{}, article).Addr(), Account: account})
}

func mustRead(t *testing.T, c *Cloud, q model.Question) model.Situation {
	t.Helper()
	s, err := c.Read(t.Context(), q, model.PlanOptions{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestArticleMissesExactlyThePull(t *testing.T) {
	c := articleCloud(t, "")
	s := mustRead(t, c, articleQuestion)
	d := model.Diagnose(s)
	plan := model.PlanFor(s, d, model.PlanOptions{})
	if d.Verdict != model.Missing || len(plan.Steps) != 1 || plan.Steps[0].Check != model.CheckPull {
		for _, check := range d.Checks {
			t.Logf("%s %s: %s %v", check.ID, check.Verdict, check.Reason, check.Gaps)
		}
		t.Fatalf("verdict %s, steps %+v; want missing and the pull step alone", d.Verdict, plan.Steps)
	}
	if allowed := plan.Steps[0].Allowed; allowed == nil || !*allowed {
		t.Errorf("the owner may make the grant, but the step says %v", allowed)
	}
}

func TestGrantingThePullHeals(t *testing.T) {
	c := articleCloud(t, "")
	before := mustRead(t, c, articleQuestion)
	step := model.PlanFor(before, model.Diagnose(before), model.PlanOptions{}).Steps[0]
	out, err := c.performOne(t.Context(), model.Gate{Consent: model.PersonSaidYes}, model.Write{Step: step})
	if err != nil || out.State != model.StepDone || !out.Verified {
		t.Fatalf("Perform: %+v, %v; want done and verified", out, err)
	}
	after := mustRead(t, c, articleQuestion)
	if d := model.Diagnose(after); d.Verdict != model.Granted {
		t.Errorf("verdict after the grant is %s", d.Verdict)
	}
	old, now := before.Policies[step.Resource].Value, after.Policies[step.Resource].Value
	sameBindings(t, old.Apply(old.GrantEdit(step.Role, step.Member)), now)
	out, err = c.performOne(t.Context(), model.Gate{Consent: model.PersonSaidYes}, model.Write{Step: step})
	if err != nil || out.State != model.StepAlready {
		t.Errorf("again: %+v, %v; want already", out, err)
	}
}

func sameBindings(t *testing.T, want, got model.Policy) {
	t.Helper()
	if len(want.Bindings) != len(got.Bindings) {
		t.Fatalf("%d bindings, want %d", len(got.Bindings), len(want.Bindings))
	}
	for i, b := range want.Bindings {
		if !equalJSON(t, b, got.Bindings[i]) {
			t.Errorf("binding %d is %+v, want %+v", i, got.Bindings[i], b)
		}
	}
}

func TestRefusedGateSendsNothing(t *testing.T) {
	c := &Cloud{} // without clients: any request would panic
	for _, gate := range []model.Gate{{}, {Consent: model.PersonSaidYes, ReadOnly: true}} {
		t.Run(fmt.Sprintf("%+v", gate), func(t *testing.T) {
			out, err := c.performOne(context.Background(), gate, model.Write{Step: model.Step{Kind: model.StepGrant}})
			var refused *model.Refusal
			if !errors.As(err, &refused) || out.State != model.StepNotAllowed || out.Message == "" {
				t.Errorf("gate %+v: %+v, %v; want a refusal", gate, out, err)
			}
		})
	}
}

// What was asked for is read, with its gaps, and nothing that would follow from it.
func TestReadFactsReadsNothingElse(t *testing.T) {
	c := articleCloud(t, "")
	api := model.APIResource("myproject-a", model.RunService)
	answers := 0
	s, err := c.ReadFacts(t.Context(), "myproject-a", []model.Want{{Kind: model.WantAncestry, Project: "myproject-a"}, {Kind: model.WantAPI, Resource: api}},
		func(model.Situation) { answers++ })
	if err != nil {
		t.Fatal(err)
	}
	if levels := s.Ancestry["myproject-a"]; !levels.Read() || levels.Value[1].Name != "apps" || !s.APIs[api].Value || answers == 0 {
		t.Errorf("%+v, %+v, %d answers", levels, s.APIs[api], answers)
	}
	if len(s.Policies)+len(s.Projects)+len(s.Roles) > 0 || s.Workload.Read() {
		t.Errorf("more was read: %v %v %v", s.Policies, s.Projects, s.Roles)
	}
}
