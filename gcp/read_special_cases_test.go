package gcp

import (
	"maps"
	"slices"
	"strings"
	"testing"

	ar "cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/orgpolicy/apiv2/orgpolicypb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"whopulls/gcp/sandbox"
	"whopulls/model"
)

func specialCasesCloud(t *testing.T, account model.Member) *Cloud {
	t.Helper()
	return dialTest(t, Options{Sandbox: startSandbox(t, sandbox.Options{}, "testdata/shapes.yaml").Addr(), Account: account})
}

// The harder shapes through the clients: what a whole reading says about each.
func TestTheHarderShapes(t *testing.T) {
	const registry = "asia-northeast1-docker.pkg.dev/source-b/"
	for name, c := range map[string]struct {
		question model.Question
		want     map[string]model.Verdict
	}{
		"behind two virtual repositories (iam-facts 4.5)": {model.Question{Project: "consumer-a", Image: model.ImageOf(registry + "all/web:v1")},
			map[string]model.Verdict{"pull": model.Missing, "upstream": model.Granted, "upstream#2": model.Missing, "image": model.Granted}},
		"in none of the repositories behind it": {model.Question{Project: "consumer-a", Image: model.ImageOf(registry + "all/web:v2")},
			map[string]model.Verdict{"image": model.Missing}},
		"gcr.io with redirection off (iam-facts 4.3)": {model.Question{Project: "consumer-a", Image: model.ImageOf("gcr.io/source-b/web:v1")},
			map[string]model.Verdict{"pull": model.Missing, "read-image": model.Granted, "image": model.Missing}},
		"the same by its name in Artifact Registry": {model.Question{Project: "consumer-a", Image: model.ImageOf("us-docker.pkg.dev/source-b/gcr.io/web:v1")},
			map[string]model.Verdict{"image": model.Granted}},
		"as an account of a third project (iam-facts 5)": {model.Question{Project: "consumer-a", Image: model.ImageOf(registry + "images/web:v1"), ServiceAccount: "app@base-c.iam.gserviceaccount.com"},
			map[string]model.Verdict{"act-as": model.Granted, "run-as": model.Missing, "runtime-account": model.Granted}},
		"the default account disabled (iam-facts 1.5)": {model.Question{Project: "consumer-a", Image: model.ImageOf(registry + "images/web:v1")},
			map[string]model.Verdict{"runtime-account": model.Missing, "image": model.Granted}},
	} {
		t.Run(name, func(t *testing.T) {
			d := model.Diagnose(mustRead(t, specialCasesCloud(t, ""), c.question))
			for id, want := range c.want {
				if got, _ := d.CheckByID(id); got.Verdict != want {
					t.Errorf("%s: %s is %s (%s %v), want %s", name, id, got.Verdict, got.Reason, got.Gaps, want)
				}
			}
		})
	}
}

// A caller who may only read images can't see whether a gcr.io name is served (iam-facts 8.1); download rules and sharing that
// can't be read add nothing.
func TestTheHarderShapesForAReader(t *testing.T) {
	image := "asia-northeast1-docker.pkg.dev/source-b/images/web:v1"
	c := specialCasesCloud(t, "user:reader@example.com")
	s := mustRead(t, c, model.Question{Project: "consumer-a", Image: model.ImageOf(image)})
	rules := s.Rules[imagesB.Resource()]
	if len(rules.Value) != 2 || rules.Value[0] != (model.DownloadRule{ID: "no-latest", Action: "DENY"}) || rules.Value[1].Package != "side" {
		t.Errorf("the rules are %+v", rules)
	}
	if d := model.Diagnose(s); len(d.Observations) != 1 || !strings.Contains(d.Observations[0].Text, "2 download rules (1 of them DENY)") {
		t.Errorf("observed is %v", d.Observations)
	}
	c = specialCasesCloud(t, "user:reader@example.com") // the first would say how old its deny policies are
	s = mustRead(t, c, model.Question{Project: "consumer-a", Image: model.ImageOf("gcr.io/source-b/web:v1")})
	if f := s.Redirections[sourceB]; f.State != model.FactGap || f.Gap.Need != model.PermGetSettings {
		t.Errorf("redirection is %+v", f)
	}
	if d := model.Diagnose(s); len(d.Observations) != 0 {
		t.Errorf("observed is %v", d.Observations)
	}
}

// A grant to the agent of a project outside the organization comes with a word of caution (iam-facts 10 item 14), and is
// made all the same.
func TestCautionBeforeAGrantAcrossOrganizations(t *testing.T) {
	c := specialCasesCloud(t, "")
	s := mustRead(t, c, model.Question{Project: "consumer-a", Image: model.ImageOf("asia-northeast1-docker.pkg.dev/source-b/images/web:v1")})
	if f := s.DomainRestrictions[sourceB]; !f.Read() || len(f.Value) != 1 || f.Value[0].Constraint != model.DomainsConstraint || !slices.Equal(f.Value[0].Allowed, []string{"C0abc"}) {
		t.Fatalf("sharing is %+v", f)
	}
	steps := model.PlanFor(s, model.Diagnose(s), model.PlanOptions{}).Steps
	if len(steps) != 1 || !strings.Contains(steps[0].Caution, model.DomainsConstraint) {
		t.Fatalf("the steps are %+v", steps)
	}
	wantState(t, mustPerform(t, c, steps[0]), model.StepDone, true)
	s = mustRead(t, c, model.Question{Project: "fresh-e", Image: model.ImageOf("asia-northeast1-docker.pkg.dev/source-b/images/web:v1")})
	if len(s.DomainRestrictions) != 0 {
		t.Errorf("within the organization, sharing was read: %v", s.DomainRestrictions)
	}
}

// An agent that is not there: making it does not give it its role, and no grant to it works before (iam-facts 1.3).
func TestAgentThatDoesNotExistYet(t *testing.T) {
	c := specialCasesCloud(t, "")
	q := model.Question{Project: "fresh-e", Image: model.ImageOf("asia-northeast1-docker.pkg.dev/source-b/images/web:v1")}
	s := mustRead(t, c, q)
	steps := model.PlanFor(s, model.Diagnose(s), model.PlanOptions{}).Steps
	if len(steps) != 3 {
		t.Fatalf("the steps are %+v", steps)
	}
	wantState(t, mustPerform(t, c, steps[2]), model.StepFailed, false)
	wantState(t, mustPerform(t, c, steps[0]), model.StepDone, true)
	if agent, _ := model.Diagnose(mustRead(t, c, q)).CheckByID(model.CheckAgent); agent.Verdict != model.Missing {
		t.Errorf("made and without its role, the agent is %s", agent.Verdict)
	}
	wantState(t, mustPerform(t, c, steps[1]), model.StepDone, true)
	wantState(t, mustPerform(t, c, steps[2]), model.StepDone, true)
	if d := model.Diagnose(mustRead(t, c, q)); d.Verdict != model.Granted {
		t.Errorf("after all steps it is %s: %+v", d.Verdict, d.Checks)
	}
}

func TestRedirects(t *testing.T) {
	want := map[ar.ProjectSettings_RedirectionState]bool{1: false, 2: true, 3: true, 5: true, 6: true}
	for _, state := range slices.Sorted(maps.Keys(ar.ProjectSettings_RedirectionState_name)) {
		on, err := isRedirecting(ar.ProjectSettings_RedirectionState(state))
		if on != want[ar.ProjectSettings_RedirectionState(state)] || (err != nil) != (state == 0) {
			t.Errorf("state %d: %t %v", state, on, err)
		}
	}
}

func TestRestricts(t *testing.T) {
	list, err := structpb.NewStruct(map[string]any{"allowedPrincipalSets": []any{"//cloudresourcemanager.googleapis.com/organizations/1"}})
	if err != nil {
		t.Fatal(err)
	}
	type rule = orgpolicypb.PolicySpec_PolicyRule
	values := &orgpolicypb.PolicySpec_PolicyRule_StringValues{AllowedValues: []string{"C0b", "C0a"}}
	for name, c := range map[string]struct {
		rules   []*rule
		allowed []string
		want    bool
	}{
		"no rules":  {nil, nil, false},
		"all":       {[]*rule{{Kind: &orgpolicypb.PolicySpec_PolicyRule_AllowAll{AllowAll: true}}}, nil, false},
		"none":      {[]*rule{{Kind: &orgpolicypb.PolicySpec_PolicyRule_DenyAll{DenyAll: true}}}, nil, true},
		"some":      {[]*rule{{Kind: &orgpolicypb.PolicySpec_PolicyRule_Values{Values: values}}}, []string{"C0a", "C0b"}, true},
		"managed":   {[]*rule{{Kind: &orgpolicypb.PolicySpec_PolicyRule_Enforce{Enforce: true}, Parameters: list}}, []string{"//cloudresourcemanager.googleapis.com/organizations/1"}, true},
		"not on":    {[]*rule{{Kind: &orgpolicypb.PolicySpec_PolicyRule_Enforce{}}}, nil, false},
		"sometimes": {[]*rule{{Kind: &orgpolicypb.PolicySpec_PolicyRule_Enforce{}}, {Kind: &orgpolicypb.PolicySpec_PolicyRule_Enforce{Enforce: true}}}, nil, true},
	} {
		t.Run(name, func(t *testing.T) {
			if allowed, got := sharingRestriction(c.rules); got != c.want || !slices.Equal(allowed, c.allowed) {
				t.Errorf("%s: %t %v", name, got, allowed)
			}
		})
	}
}

// One constraint that is in force decides; else every one must have been read.
func TestSharingOfWhichOneConstraintCanNotBeRead(t *testing.T) {
	on := &orgpolicypb.Policy{Spec: &orgpolicypb.PolicySpec{Rules: []*orgpolicypb.PolicySpec_PolicyRule{{Kind: &orgpolicypb.PolicySpec_PolicyRule_Enforce{Enforce: true}}}}}
	for _, c := range []struct {
		about   string
		answers []func() (proto.Message, error)
		want    model.FactState
	}{
		{"the first", []func() (proto.Message, error){refuseWith(codes.PermissionDenied), func() (proto.Message, error) { return on, nil }}, model.FactRead},
		{"the second", []func() (proto.Message, error){refuseWith(codes.NotFound), refuseWith(codes.PermissionDenied)}, model.FactGap},
		{"neither", []func() (proto.Message, error){refuseWith(codes.NotFound), refuseWith(codes.NotFound)}, model.FactRead},
	} {
		t.Run(c.about, func(t *testing.T) {
			n := 0
			f := grpcServer(map[string]func() (proto.Message, error){"OrgPolicy/GetEffectivePolicy": func() (proto.Message, error) {
				n++
				return c.answers[n-1]()
			}})
			got := runTask(t, f.cloud(t), narrowQuestion, model.Want{Kind: model.WantDomainRestrictions, Resource: sourceB}).DomainRestrictions[sourceB]
			if got.State != c.want || (c.want == model.FactGap && got.Gap.Need != permGetOrgPolicy) {
				t.Errorf("sharing is %+v, want %s", got, c.want)
			}
		})
	}
}

func refuseWith(code codes.Code) func() (proto.Message, error) {
	return func() (proto.Message, error) { return nil, status.Error(code, "no") }
}
