package gcp

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	denypb "cloud.google.com/go/iam/apiv2/iampb"
	"cloud.google.com/go/orgpolicy/apiv2/orgpolicypb"
	runv2 "google.golang.org/api/run/v2"
	"google.golang.org/genproto/googleapis/type/expr"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"whopulls/gcp/sandbox"
	"whopulls/model"
)

const narrow = "testdata/narrow.yaml"

var narrowQuestion = model.Question{Project: "consumer-a",
	Workload: &model.WorkloadName{Kind: model.Service, Name: "web", Region: "asia-northeast1"}}

func narrowCloud(t *testing.T, account model.Member) *Cloud {
	t.Helper()
	return dialTest(t, Options{Sandbox: startSandbox(t, sandbox.Options{}, narrow).Addr(), Account: account})
}

// runTask runs one reader and gives the Situation that it filled.
func runTask(t *testing.T, c *Cloud, q model.Question, w model.Want) model.Situation {
	t.Helper()
	run, err := c.taskFor(q, []model.Want{w})
	if err != nil {
		t.Fatal(err)
	}
	r := &readRun{situation: model.NewSituation(q, time.Now()), levelNames: map[model.Resource]string{}}
	run(t.Context()).apply(r)
	return r.situation
}

const sideImage = "asia-northeast1-docker.pkg.dev/source-b/images/side@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

var (
	sourceB  = model.ProjectResource("source-b")
	imagesB  = model.RepositoryName{Project: "source-b", Location: "asia-northeast1", ID: "images"}
	accountC = model.AccountResource("accounts-c", "app@accounts-c.iam.gserviceaccount.com")
)

func TestFactsAsTheOwnerReadsThem(t *testing.T) {
	c := narrowCloud(t, "user:boss@example.com")
	s := mustRead(t, c, narrowQuestion)
	if w := s.Workload.Value; len(w.Images) != 2 || w.Images[1].Text != sideImage || w.ServiceAccount != "app@accounts-c.iam.gserviceaccount.com" {
		t.Errorf("workload %+v", s.Workload)
	}
	if p := s.Projects["consumer-a"]; p.Value.Number != "111111111111" || p.Value.ID != "consumer-a" {
		t.Errorf("project %+v", p)
	}
	if a := s.Accounts[accountC]; !a.Read() || !a.Value.Disabled {
		t.Errorf("account %+v", a)
	}
	if role := s.Roles["projects/source-b/roles/puller"]; !role.Value.Grants(model.PermDownload) {
		t.Errorf("custom role %+v", role)
	}
	if f := s.Constraints[model.ProjectResource("accounts-c")]; f != model.Known(true) {
		t.Errorf("the constraint is enforced by default, but reads as %+v", f)
	}
	if d := s.Denies[sourceB]; !d.Read() || len(d.Value) != 1 || d.Value[0].Rules[0].DeniedPermissions[0] != "artifactregistry.googleapis.com/repositories.downloadArtifacts" {
		t.Errorf("deny policies %+v", d)
	}
	if d := s.Denies[model.ProjectResource("consumer-a")]; !d.Read() || len(d.Value) != 0 {
		t.Errorf("an empty list decides, but reads as %+v", d)
	}
	if i := s.Images[sideImage]; !strings.HasSuffix(sideImage, i.Value.Digest) || i.Value.Pushed.IsZero() {
		t.Errorf("image by digest %+v", i)
	}
	if i := s.Images["asia-northeast1-docker.pkg.dev/source-b/images/team/web:v1"]; !strings.HasPrefix(i.Value.Digest, "sha256:1c2d") {
		t.Errorf("image by tag %+v", i)
	}
}

func TestRepositoryModes(t *testing.T) {
	c := narrowCloud(t, "user:boss@example.com")
	for _, test := range []struct {
		location, id, mode string
		upstreams          int
	}{{"asia-northeast1", "images", "STANDARD_REPOSITORY", 0}, {"asia-northeast1", "all", model.ModeVirtual, 1},
		{"us", "hub", model.ModeRemote, 0}, {"us", "far", model.ModeRemote, 1}} {
		t.Run(test.id, func(t *testing.T) {
			r := model.RepositoryName{Project: "source-b", Location: test.location, ID: test.id}.Resource()
			f := runTask(t, c, model.Question{}, model.Want{Kind: model.WantRepository, Resource: r}).Repositories[r]
			if f.Value.Mode != test.mode || f.Value.Format != "DOCKER" || len(f.Value.Upstreams) != test.upstreams {
				t.Errorf("%s: %+v", test.id, f)
			}
			if test.upstreams == 1 && f.Value.Upstreams[0] != imagesB {
				t.Errorf("%s: upstream %v", test.id, f.Value.Upstreams[0])
			}
		})
	}
}

// parsed is an image that is written as a reference.
func parsed(reference string) model.Image {
	image, err := model.ParseImage(reference)
	if err != nil {
		panic(err)
	}
	return image
}

// gapOf finds the one gap that a reader left.
func gapOf(t *testing.T, s model.Situation, w model.Want) model.Gap {
	t.Helper()
	r := w.Resource
	switch w.Kind {
	case model.WantWorkload:
		return s.Workload.Gap
	case model.WantProject:
		return s.Projects[w.Project].Gap
	case model.WantAncestry:
		return s.Ancestry[w.Project].Gap
	case model.WantAPI:
		return s.APIs[r].Gap
	case model.WantRepository:
		return s.Repositories[r].Gap
	case model.WantImage:
		return s.Images[w.Image.String()].Gap
	case model.WantAccount:
		return s.Accounts[r].Gap
	case model.WantPolicy:
		return s.Policies[r].Gap
	case model.WantRole:
		return s.Roles[w.Role].Gap
	case model.WantConstraint:
		return s.Constraints[r].Gap
	case model.WantRedirect:
		return s.Redirections[r].Gap
	case model.WantRules:
		return s.Rules[r].Gap
	case model.WantDomainRestrictions:
		return s.DomainRestrictions[r].Gap
	}
	return s.Denies[r].Gap
}

// A caller who may read nothing learns of every fact which permission would let him.
func TestGapsNameThePermission(t *testing.T) {
	c := narrowCloud(t, "")
	webImage := "asia-northeast1-docker.pkg.dev/source-b/images/team/web:v1"
	run := model.WorkloadName{Kind: model.WorkerPool, Name: "pool", Region: "asia-northeast1"}.Resource("consumer-a")
	for want, need := range map[model.Want]model.Permission{
		{Kind: model.WantWorkload}:                                                               "run.services.get",
		{Kind: model.WantProject, Project: "consumer-a"}:                                         model.PermGetProject,
		{Kind: model.WantAncestry, Project: "consumer-a"}:                                        model.PermGetProject,
		{Kind: model.WantAPI, Resource: model.APIResource("consumer-a", model.RunService)}:       model.PermGetAPI,
		{Kind: model.WantRepository, Resource: imagesB.Resource()}:                               model.PermGetRepository,
		{Kind: model.WantImage, Image: parsed(webImage)}:                                         permGetTag,
		{Kind: model.WantImage, Image: parsed(sideImage)}:                                        permGetVersion,
		{Kind: model.WantAccount, Resource: accountC}:                                            model.PermGetAccount,
		{Kind: model.WantPolicy, Resource: imagesB.Resource()}:                                   "artifactregistry.repositories.getIamPolicy",
		{Kind: model.WantPolicy, Resource: sourceB}:                                              "resourcemanager.projects.getIamPolicy",
		{Kind: model.WantPolicy, Resource: model.AncestorResource("organizations/100000000001")}: "resourcemanager.organizations.getIamPolicy",
		{Kind: model.WantPolicy, Resource: accountC}:                                             "iam.serviceAccounts.getIamPolicy",
		{Kind: model.WantPolicy, Resource: run}:                                                  "run.workerpools.getIamPolicy",
		{Kind: model.WantRole, Role: "projects/source-b/roles/puller"}:                           model.PermGetRole,
		{Kind: model.WantConstraint, Resource: model.ProjectResource("accounts-c")}:              permGetOrgPolicy,
		{Kind: model.WantDeny, Resource: sourceB}:                                                model.PermListDeny,
		{Kind: model.WantRedirect, Resource: sourceB}:                                            model.PermGetSettings,
		{Kind: model.WantRules, Resource: imagesB.Resource()}:                                    permListRules,
		{Kind: model.WantDomainRestrictions, Resource: model.ProjectResource("accounts-c")}:      permGetOrgPolicy,
	} {
		t.Run(fmt.Sprint(want.Kind, " ", cmp.Or(want.Project, string(want.Resource), want.Role, want.Image.String())), func(t *testing.T) {
			gap := gapOf(t, runTask(t, c, narrowQuestion, want), want)
			if gap.Need != need {
				t.Errorf("%s %+v: needs %q, want %q", want.Kind, want, gap.Need, need)
			}
			if !strings.HasPrefix(gap.Reason, "you may not ") || strings.HasSuffix(gap.Reason, ".") {
				t.Errorf("%s: reason %q", want.Kind, gap.Reason)
			}
		})
	}
}

func TestAbsentAndGapTellNotFoundApart(t *testing.T) {
	c := narrowCloud(t, "user:boss@example.com")
	q := narrowQuestion
	q.Workload = &model.WorkloadName{Kind: model.Job, Name: "none", Region: "asia-northeast1"}
	if f := runTask(t, c, q, model.Want{Kind: model.WantWorkload}).Workload; f.State != model.FactAbsent {
		t.Errorf("workload %+v", f)
	}
	if f := runTask(t, c, q, model.Want{Kind: model.WantRole, Role: "roles/none"}).Roles["roles/none"]; f.State != model.FactAbsent {
		t.Errorf("predefined role %+v", f)
	}
	custom := "projects/source-b/roles/none"
	if f := runTask(t, c, q, model.Want{Kind: model.WantRole, Role: custom}).Roles[custom]; f.State != model.FactGap || f.Gap.Need != "" {
		t.Errorf("custom role %+v", f)
	}
	tag := "asia-northeast1-docker.pkg.dev/source-b/images/team/web:none"
	if f := runTask(t, c, q, model.Want{Kind: model.WantImage, Image: parsed(tag)}).Images[tag]; f.State != model.FactAbsent {
		t.Errorf("image %+v", f)
	}
}

func TestWorkloadWhoseAPIIsOff(t *testing.T) {
	c := narrowCloud(t, "user:boss@example.com")
	q := model.Question{Project: "fresh-d", Workload: &model.WorkloadName{Kind: model.Service, Name: "web", Region: "asia-northeast1"}}
	f := runTask(t, c, q, model.Want{Kind: model.WantWorkload}).Workload
	if f.Gap.Need != "" || !strings.Contains(f.Gap.Reason, "run.googleapis.com is off in project 444444444444") {
		t.Errorf("workload %+v", f)
	}
	api := model.APIResource("fresh-d", model.RunService)
	if f := runTask(t, c, q, model.Want{Kind: model.WantAPI, Resource: api}).APIs[api]; f != model.Known(false) {
		t.Errorf("API %+v", f)
	}
}

// grpcServer makes a fake of gRPC answers.
func grpcServer(on map[string]func() (proto.Message, error)) *fakeServer {
	f := &fakeServer{grpc: map[string]func(context.Context, proto.Message) (proto.Message, error){}}
	for call, reply := range on {
		f.grpc[call] = func(context.Context, proto.Message) (proto.Message, error) { return reply() }
	}
	return f
}

func TestDenyPoliciesThatCanNotAllBeRead(t *testing.T) {
	list := func() (proto.Message, error) {
		return &denypb.ListPoliciesResponse{Policies: []*denypb.Policy{{Name: "policies/x/denypolicies/one"}}}, nil
	}
	refuse := func() (proto.Message, error) { return nil, status.Error(codes.PermissionDenied, "no") }
	quota := func() (proto.Message, error) {
		return nil, errorWithInfo(t, codes.ResourceExhausted, "Quota exceeded", "RATE_LIMIT_EXCEEDED", map[string]string{"quota_limit": "ReadsPerMinutePerProject"})
	}
	want := model.Want{Kind: model.WantDeny, Resource: sourceB}
	f := grpcServer(map[string]func() (proto.Message, error){"Policies/ListPolicies": list, "Policies/GetPolicy": refuse})
	if d := runTask(t, f.cloud(t), narrowQuestion, want).Denies[sourceB]; d.State != model.FactGap || d.Gap.Need != permGetDeny {
		t.Errorf("list without get: %+v", d)
	}
	f = grpcServer(map[string]func() (proto.Message, error){"Policies/ListPolicies": quota})
	d := runTask(t, f.cloud(t), narrowQuestion, want).Denies[sourceB]
	if d.State != model.FactGap || d.Gap.Need != "" || !strings.Contains(d.Gap.Reason, "ReadsPerMinutePerProject") || f.count("Policies/ListPolicies") != 1 {
		t.Errorf("quota: %+v, asked %d times", d, f.count("Policies/ListPolicies"))
	}
	gone := func() (proto.Message, error) { return nil, status.Error(codes.NotFound, "deleted since") }
	f = grpcServer(map[string]func() (proto.Message, error){"Policies/ListPolicies": list, "Policies/GetPolicy": gone})
	if d := runTask(t, f.cloud(t), narrowQuestion, want).Denies[sourceB]; !d.Read() || len(d.Value) != 0 {
		t.Errorf("deleted since the list: %+v", d)
	}
}

func TestEnforced(t *testing.T) {
	rule := func(enforce bool, condition string) *orgpolicypb.PolicySpec_PolicyRule {
		r := &orgpolicypb.PolicySpec_PolicyRule{Kind: &orgpolicypb.PolicySpec_PolicyRule_Enforce{Enforce: enforce}}
		if condition != "" {
			r.Condition = &expr.Expr{Expression: condition}
		}
		return r
	}
	if on, err := isEnforced([]*orgpolicypb.PolicySpec_PolicyRule{rule(false, "")}); on || err != nil {
		t.Error(on, err)
	}
	if _, err := isEnforced([]*orgpolicypb.PolicySpec_PolicyRule{rule(false, "resource.matchTag('a/b', 'c')"), rule(true, "")}); err == nil {
		t.Error("a rule that depends on tags was decided")
	}
	if _, err := isEnforced(nil); err == nil {
		t.Error("no rules were decided")
	}
}

func TestReadiness(t *testing.T) {
	failed := &runv2.GoogleCloudRunV2Condition{State: "CONDITION_FAILED", Message: "no\x1b access", Reason: "CONTAINER_PERMISSION_DENIED"}
	if r := readinessOf(failed); r.Ready || r.Reason != "CONTAINER_PERMISSION_DENIED" || r.Message != "no\ufffd access" {
		t.Errorf("%+v", r)
	}
	if r := readinessOf(&runv2.GoogleCloudRunV2Condition{State: "CONDITION_RECONCILING"}); r != nil {
		t.Errorf("under way: %+v", r)
	}
	if r := readinessOf(nil); r != nil {
		t.Errorf("none: %+v", r)
	}
	if got := enumName("ContainerPermissionDenied"); got != "CONTAINER_PERMISSION_DENIED" {
		t.Error(got)
	}
}

func TestUpstreamsOutsideArtifactRegistryAreLeftOut(t *testing.T) {
	remote := &artifactregistrypb.Repository{ModeConfig: &artifactregistrypb.Repository_RemoteRepositoryConfig{
		RemoteRepositoryConfig: &artifactregistrypb.RemoteRepositoryConfig{RemoteSource: &artifactregistrypb.RemoteRepositoryConfig_CommonRepository{
			CommonRepository: &artifactregistrypb.RemoteRepositoryConfig_CommonRemoteRepository{Uri: "https://asia-northeast1-docker.pkg.dev/source-b/images"}}}}}
	if u := upstreams(remote); len(u) != 1 || u[0] != imagesB {
		t.Errorf("upstreams %v", u)
	}
}

func TestPerformOnApisAndAgents(t *testing.T) {
	c := narrowCloud(t, "user:boss@example.com")
	enable := model.Step{ID: "1", Kind: model.StepEnableAPI, Resource: model.APIResource("fresh-d", model.RunService)}
	create := model.Step{ID: "2", Kind: model.StepCreateAgent, Resource: enable.Resource, Member: model.RunServiceAgent("444444444444")}
	wantState(t, mustPerform(t, c, enable), model.StepDone, true)
	wantState(t, mustPerform(t, c, enable), model.StepAlready, true)
	wantState(t, mustPerform(t, c, create), model.StepDone, true)
	blind := narrowCloud(t, "") // may not even see the project's labels
	out, err := blind.performOne(t.Context(), consentGate, model.Write{Step: enable})
	if wantState(t, out, model.StepNotAllowed, false); err == nil || !strings.Contains(out.Message, "may be production") {
		t.Errorf("message %q: %v", out.Message, err)
	}
	typed := consentGate
	typed.Confirmed = []string{"fresh-d"}
	if out, err = blind.performOne(t.Context(), typed, model.Write{Step: enable}); err != nil {
		t.Fatal(err)
	}
	wantState(t, out, model.StepNotAllowed, false)
	if !strings.Contains(out.Message, string(model.PermEnableAPI)) {
		t.Errorf("message %q", out.Message)
	}
}
