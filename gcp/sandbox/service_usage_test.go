package sandbox_test

import (
	"strings"
	"testing"

	"cloud.google.com/go/iam/apiv1/iampb"
	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	orgpolicy "cloud.google.com/go/orgpolicy/apiv2"
	"cloud.google.com/go/orgpolicy/apiv2/orgpolicypb"
	resourcemanager "cloud.google.com/go/resourcemanager/apiv3"
	serviceusage "cloud.google.com/go/serviceusage/apiv1"
	su "cloud.google.com/go/serviceusage/apiv1/serviceusagepb"
	crmv1 "google.golang.org/api/cloudresourcemanager/v1"
	"google.golang.org/api/iterator"
	"google.golang.org/api/option"
	suv1beta1 "google.golang.org/api/serviceusage/v1beta1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"

	"whopulls/gcp/sandbox"
)

const suHost = "serviceusage.googleapis.com"

func TestServiceUsage(t *testing.T) {
	s := start(t, sandbox.Options{})
	ctx := t.Context()
	c := must(serviceusage.NewClient(ctx, dial(t, s, suHost, "")))(t)
	const runOfB = "projects/myproject-b/services/run.googleapis.com"
	if got := must(c.GetService(ctx, &su.GetServiceRequest{Name: runOfB}))(t); got.State != su.State_DISABLED || got.Name != "projects/222222222222/services/run.googleapis.com" {
		t.Errorf("before: %v", got)
	}
	op := must(c.EnableService(ctx, &su.EnableServiceRequest{Name: runOfB}))(t)
	if got := must(op.Wait(ctx))(t); got.Service.State != su.State_ENABLED {
		t.Errorf("after: %v", got)
	}
	must(c.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: op.Name()}))(t)
	projects := must(resourcemanager.NewProjectsClient(ctx, dial(t, s, crmHost, "")))(t)
	policy := must(projects.GetIamPolicy(ctx, &iampb.GetIamPolicyRequest{Resource: "projects/myproject-b"}))(t)
	if !strings.Contains(policy.String(), "service-222222222222@serverless-robot-prod") {
		t.Errorf("the new agent must have its role: %v", policy)
	}
	batch := must(c.BatchGetServices(ctx, &su.BatchGetServicesRequest{Parent: "projects/myproject-b", Names: []string{runOfB, "projects/myproject-b/services/compute.googleapis.com"}}))(t)
	if batch.Services[0].State != su.State_ENABLED || batch.Services[1].State != su.State_DISABLED {
		t.Errorf("the batch is %v", batch)
	}
	if n := len(all(t, c.ListServices(ctx, &su.ListServicesRequest{Parent: "projects/myproject-b", Filter: "state:ENABLED", PageSize: 3}), iterator.Done)); n != 8 {
		t.Errorf("%d services are on, want 8", n)
	}
	stranger := must(serviceusage.NewClient(ctx, dial(t, s, suHost, nobody)))(t)
	_, err := stranger.EnableService(ctx, &su.EnableServiceRequest{Name: runOfB})
	wantCode(t, "a stranger's enabling", err, codes.PermissionDenied)
}

// TestServiceIdentity holds that an agent made on request has no role, and
// that nobody needs a right to make it.
func TestServiceIdentity(t *testing.T) {
	s := start(t, sandbox.Options{})
	ctx := t.Context()
	c := must(suv1beta1.NewService(ctx, option.WithEndpoint("http://"+s.Addr()), option.WithHTTPClient(httpClient(nobody))))(t)
	for range 2 { // it is safe to repeat
		op := must(c.Services.GenerateServiceIdentity("projects/myproject-b/services/run.googleapis.com").Do())(t)
		if !op.Done || !strings.Contains(string(op.Response), `"service-222222222222@serverless-robot-prod.iam.gserviceaccount.com"`) {
			t.Errorf("the operation is %+v", op)
		}
	}
	projects := must(resourcemanager.NewProjectsClient(ctx, dial(t, s, crmHost, "")))(t)
	checkPolicyReadWrite(t, projects, "projects/myproject-a", "roles/browser")
	policy := must(projects.GetIamPolicy(ctx, &iampb.GetIamPolicyRequest{Resource: "projects/myproject-b"}))(t)
	if strings.Contains(policy.String(), "serverless-robot-prod") {
		t.Errorf("the agent must come without a role: %v", policy)
	}
	policy.Bindings = append(policy.Bindings, &iampb.Binding{Role: "roles/run.serviceAgent", Members: []string{"serviceAccount:service-222222222222@serverless-robot-prod.iam.gserviceaccount.com"}})
	must(projects.SetIamPolicy(ctx, &iampb.SetIamPolicyRequest{Resource: "projects/myproject-b", Policy: policy}))(t)
}

func TestAncestry(t *testing.T) {
	s := start(t, sandbox.Options{})
	c := must(crmv1.NewService(t.Context(), option.WithEndpoint("http://"+s.Addr()), option.WithHTTPClient(httpClient(""))))(t)
	got := must(c.Projects.GetAncestry("myproject-a", &crmv1.GetAncestryRequest{}).Do())(t)
	var names []string
	for _, a := range got.Ancestor {
		names = append(names, a.ResourceId.Type+"/"+a.ResourceId.Id)
	}
	if text := strings.Join(names, " "); text != "project/myproject-a folder/200000000001 organization/100000000001" {
		t.Errorf("the ancestry is %s", text)
	}
}

func TestOrgPolicies(t *testing.T) {
	s := start(t, sandbox.Options{})
	ctx := t.Context()
	c := must(orgpolicy.NewClient(ctx, dial(t, s, "orgpolicy.googleapis.com", "")))(t)
	get := func(project, constraint string) *orgpolicypb.GetEffectivePolicyRequest {
		return &orgpolicypb.GetEffectivePolicyRequest{Name: "projects/" + project + "/policies/" + constraint}
	}
	enforced := must(c.GetEffectivePolicy(ctx, get("myproject-a", "iam.disableCrossProjectServiceAccountUsage")))(t)
	if !enforced.Spec.Rules[0].GetEnforce() {
		t.Errorf("it is enforced by default, here %v", enforced)
	}
	open := must(c.GetEffectivePolicy(ctx, get("myproject-a", "iam.allowedPolicyMemberDomains")))(t)
	if !open.Spec.Rules[0].GetAllowAll() {
		t.Errorf("it is not enforced by default, here %v", open)
	}
	_, err := c.GetEffectivePolicy(ctx, get("sandbox-dev-01", "iam.allowedPolicyMemberDomains"))
	wantReason(t, err, "SERVICE_DISABLED", map[string]string{"service": "orgpolicy.googleapis.com", "consumer": "projects/888888888881"})
	quota := metadata.AppendToOutgoingContext(ctx, "x-goog-user-project", "myproject-a")
	must(c.GetEffectivePolicy(quota, get("sandbox-dev-01", "iam.allowedPolicyMemberDomains")))(t)
	_, err = c.GetEffectivePolicy(ctx, get("myproject-a", "compute.none"))
	wantCode(t, "a constraint that is not known", err, codes.NotFound)
}
