package sandbox_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	artifactregistry "cloud.google.com/go/artifactregistry/apiv1"
	"cloud.google.com/go/iam/apiv1/iampb"
	run "cloud.google.com/go/run/apiv2"
	"cloud.google.com/go/run/apiv2/runpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"whopulls/gcp/sandbox"
)

// boundaryWorld has four deployers with the same roles; boundaries hold two of
// them to the app's project, at different versions, and the agent is named in
// one that cannot bind it. The viewer sees boundaries, the other one does not.
const boundaryWorld = `caller: user:free@example.com
groups: [{email: hidden@example.com, members: ["user:grouped@example.com"], visibleTo: ["user:viewer@example.com", "user:blind@example.com", "user:lost@example.com"]}]
organization:
  id: "9"
  displayName: example.com
  policy:
    bindings:
      - {role: organizations/9/roles/sees, members: ["user:viewer@example.com", "user:half@example.com", "user:plain@example.com"]}
      - {role: organizations/9/roles/boundaries, members: ["user:viewer@example.com", "user:blind@example.com", "user:lost@example.com"]}
      - {role: organizations/9/roles/policies, members: ["user:blind@example.com"]}
      - {role: organizations/9/roles/bindings, members: ["user:half@example.com"]}
folders: [{id: "5", parent: organizations/9}]
roles:
  - {name: organizations/9/roles/deployer, includedPermissions: [run.jobs.create, run.jobs.update, run.jobs.get, run.workerpools.create, run.workerpools.get, iam.serviceAccounts.actAs, artifactregistry.repositories.downloadArtifacts, artifactregistry.repositories.get]}
  - {name: organizations/9/roles/sees, includedPermissions: [resourcemanager.organizations.getIamPolicy, resourcemanager.folders.getIamPolicy, resourcemanager.projects.getIamPolicy, artifactregistry.repositories.getIamPolicy, iam.denypolicies.list, iam.denypolicies.get, iam.roles.get, resourcemanager.projects.get]}
  - {name: organizations/9/roles/policies, includedPermissions: [resourcemanager.organizations.getIamPolicy, resourcemanager.folders.getIamPolicy, resourcemanager.projects.getIamPolicy, artifactregistry.repositories.getIamPolicy, iam.denypolicies.list, iam.denypolicies.get, iam.roles.get]}
  - {name: organizations/9/roles/boundaries, includedPermissions: [iam.principalaccessboundarypolicies.get, iam.policybindings.get]}
  - {name: organizations/9/roles/bindings, includedPermissions: [iam.policybindings.get]}
accessBoundaries:
  - {id: app-only, members: ["user:held@example.com", "serviceAccount:service-111@serverless-robot-prod.iam.gserviceaccount.com"], resources: [projects/app-project]}
  - {id: first, members: ["user:first@example.com"], resources: [projects/image-project], enforcementVersion: 1}
  - {id: grouped, members: ["group:hidden@example.com"], resources: [projects/app-project]}
  - {id: wide, members: ["user:wide@example.com"], resources: [folders/5, organizations/9]}
projects:
  - id: app-project
    number: "111"
    parent: organizations/9
    services: [run.googleapis.com, artifactregistry.googleapis.com, policytroubleshooter.googleapis.com]
    policy: {bindings: [{role: organizations/9/roles/deployer, members: ["user:free@example.com", "user:held@example.com", "user:first@example.com", "user:wide@example.com", "user:grouped@example.com"]}]}
    serviceAccounts: [{email: 111-compute@developer.gserviceaccount.com}]
  - id: image-project
    number: "222"
    parent: folders/5
    services: [artifactregistry.googleapis.com, policytroubleshooter.googleapis.com]
    policy: {bindings: [{role: organizations/9/roles/deployer, members: ["user:free@example.com", "user:held@example.com", "user:first@example.com", "user:wide@example.com", "user:grouped@example.com"]}]}
    repositories:
      - {location: us, id: shut, policy: {bindings: [{role: roles/artifactregistry.reader, members: ["serviceAccount:service-111@serverless-robot-prod.iam.gserviceaccount.com"]}]}, images: [{name: i, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}]}
`

const shutRepo = "projects/image-project/locations/us/repositories/shut"

// TestBoundaryInTestIamPermissions holds that a member's own test includes it.
func TestBoundaryInTestIamPermissions(t *testing.T) {
	s := startYAML(t, boundaryWorld)
	asked := []string{"artifactregistry.repositories.get", pullPermission}
	for as, want := range map[string][]string{"free": asked, "wide": asked, "first": asked, "held": nil} {
		t.Run(as, func(t *testing.T) {
			c := must(artifactregistry.NewClient(t.Context(), dial(t, s, "artifactregistry.googleapis.com", "user:"+as+"@example.com")))(t)
			got := must(c.TestIamPermissions(t.Context(), &iampb.TestIamPermissionsRequest{Resource: shutRepo, Permissions: asked}))(t)
			if !slices.Equal(got.Permissions, want) {
				t.Errorf("%s holds %v, want %v", as, got.Permissions, want)
			}
		})
	}
}

// TestBoundaryStopsDeploys deploys an image of the other project.
func TestBoundaryStopsDeploys(t *testing.T) {
	s := startYAML(t, boundaryWorld)
	for as, want := range map[string]string{
		"free":  "",
		"wide":  "",
		"held":  "User must have permission to read the image, " + shutImage,
		"first": "Permission 'run.jobs.create' denied on resource 'projects/app-project/locations/us-central1/jobs/first'",
	} {
		t.Run(as, func(t *testing.T) {
			c := must(run.NewJobsClient(t.Context(), dial(t, s, runHost, "user:"+as+"@example.com")))(t)
			job := &runpb.Job{Template: &runpb.ExecutionTemplate{Template: &runpb.TaskTemplate{Containers: []*runpb.Container{{Image: shutImage}}}}}
			op, err := c.CreateJob(t.Context(), &runpb.CreateJobRequest{Parent: appRegion, JobId: as, Job: job})
			if err == nil {
				_, err = op.Wait(t.Context())
			}
			if (want == "") != (err == nil) || (err != nil && (status.Code(err) != codes.PermissionDenied || !strings.Contains(err.Error(), want))) {
				t.Errorf("%s: got %v, want %q", as, err, want)
			}
		})
	}
}

// betaAnswer is what the tests look at of an answer of v3beta.
type betaAnswer struct {
	OverallAccessState     string
	AccessTuple            struct{ PermissionFqdn string }
	AllowPolicyExplanation struct{ AllowAccessState string }
	DenyPolicyExplanation  struct{ DenyAccessState string }
	PabPolicyExplanation   struct {
		PrincipalAccessBoundaryAccessState string
		ExplainedBindingsAndPolicies       []struct {
			BindingAndPolicyAccessState string
			ExplainedPolicyBinding      struct {
				PolicyBindingState string
				PolicyBinding      struct{ Policy, PolicyKind string }
			}
			ExplainedPolicy *struct {
				PolicyAccessState string
				Policy            struct {
					Name    string
					Details struct {
						EnforcementVersion string
						Rules              []struct{ Resources []string }
					}
				}
				PolicyVersion  struct{ Version int }
				ExplainedRules []struct {
					CombinedResourceInclusionState string
					ExplainedResources             []struct{ Resource, ResourceInclusionState string }
				}
			}
		}
	}
}

func troubleshootBeta(t *testing.T, s *sandbox.Server, version, as, principal, permission, resource string) betaAnswer {
	t.Helper()
	body := fmt.Sprintf(`{"accessTuple":{"principal":%q,"permission":%q,"fullResourceName":%q}}`, principal, permission, resource)
	var answer betaAnswer
	code, text := sendAs(t, s, "user:"+as+"@example.com", http.MethodPost, "policytroubleshooter.googleapis.com", "/"+version+"/iam:troubleshoot", body, &answer)
	if code != 200 {
		t.Fatalf("%s as %s: %d %s", principal, as, code, text)
	}
	return answer
}

// TestTroubleshootBeta holds overall state and boundary state for what the
// caller may see, and that v3 knows nothing of boundaries.
func TestTroubleshootBeta(t *testing.T) {
	s := startYAML(t, boundaryWorld)
	const (
		repo   = "//artifactregistry.googleapis.com/" + shutRepo
		appJob = "//run.googleapis.com/projects/app-project/locations/us-central1/jobs/j"
		agent  = "service-111@serverless-robot-prod.iam.gserviceaccount.com"
		yes    = "CAN_ACCESS"
		no     = "CANNOT_ACCESS"
		unseen = "UNKNOWN_INFO"
	)
	for _, q := range []struct{ as, principal, permission, resource, overall, state, v3 string }{
		{"viewer", "held@example.com", pullPermission, repo, no, "NOT_ALLOWED", yes},
		{"viewer", "held@example.com", "run.jobs.create", appJob, yes, "ALLOWED", yes},
		{"viewer", "held@example.com", "run.jobs.update", appJob, yes, "NOT_ENFORCED", yes},
		{"viewer", "first@example.com", pullPermission, repo, yes, "NOT_ENFORCED", yes},
		{"viewer", "first@example.com", "run.jobs.create", appJob, no, "NOT_ALLOWED", yes},
		{"viewer", "wide@example.com", pullPermission, repo, yes, "ALLOWED", yes},
		{"viewer", "grouped@example.com", pullPermission, repo, no, "NOT_ALLOWED", yes},
		{"viewer", "free@example.com", pullPermission, repo, yes, "NOT_ENFORCED", yes},
		{"viewer", "nobody@example.com", pullPermission, repo, no, "NOT_ENFORCED", no},
		{"viewer", agent, pullPermission, repo, yes, "NOT_ENFORCED", yes},
		{"half", "held@example.com", pullPermission, repo, unseen, "UNKNOWN_INFO", yes},
		{"half", "first@example.com", pullPermission, repo, unseen, "UNKNOWN_INFO", yes},
		{"half", "free@example.com", pullPermission, repo, unseen, "UNKNOWN_INFO", yes}, // perhaps in the hidden group
		{"half", agent, pullPermission, repo, yes, "NOT_ENFORCED", yes},
		{"plain", "held@example.com", pullPermission, repo, unseen, "UNKNOWN_INFO", yes},
		{"plain", "free@example.com", pullPermission, repo, unseen, "UNKNOWN_INFO", yes},
		{"plain", "nobody@example.com", pullPermission, repo, no, "UNKNOWN_INFO", no},
		{"plain", "held@example.com", "run.workerpools.create", appJob, yes, "NOT_ENFORCED", yes},
		{"blind", "held@example.com", pullPermission, repo, no, "NOT_ALLOWED", yes},
		{"blind", "wide@example.com", pullPermission, repo, unseen, "UNKNOWN_INFO", yes}, // in which folder the project lies is not for it to know
		{"lost", "held@example.com", pullPermission, repo, no, "NOT_ALLOWED", unseen},
		{"lost", "free@example.com", pullPermission, repo, unseen, "NOT_ENFORCED", unseen},
	} {
		t.Run(q.as+" "+q.principal, func(t *testing.T) {
			got := troubleshootBeta(t, s, "v3beta", q.as, q.principal, q.permission, q.resource)
			old := troubleshootBeta(t, s, "v3", q.as, q.principal, q.permission, q.resource)
			if state := got.PabPolicyExplanation.PrincipalAccessBoundaryAccessState; got.OverallAccessState != q.overall || state != "PAB_ACCESS_STATE_"+q.state {
				t.Errorf("%s asks about %s %s: %s with %s, want %s with %s", q.as, q.principal, q.permission, got.OverallAccessState, state, q.overall, q.state)
			}
			if old.OverallAccessState != q.v3 || old.PabPolicyExplanation.PrincipalAccessBoundaryAccessState != "" {
				t.Errorf("%s asks v3 about %s %s: %s with %q, want %s and nothing of boundaries", q.as, q.principal, q.permission, old.OverallAccessState, old.PabPolicyExplanation.PrincipalAccessBoundaryAccessState, q.v3)
			}
			if got.AllowPolicyExplanation != old.AllowPolicyExplanation || got.DenyPolicyExplanation != old.DenyPolicyExplanation || got.AccessTuple != old.AccessTuple {
				t.Errorf("%s asks about %s: v3beta explains %+v, v3 %+v", q.as, q.principal, got, old)
			}
		})
	}
}

// TestTroubleshootBetaExplains looks at the parts of one explanation, as
// somebody who may read boundaries, and as one who may read their bindings.
func TestTroubleshootBetaExplains(t *testing.T) {
	s := startYAML(t, boundaryWorld)
	all := troubleshootBeta(t, s, "v3beta", "viewer", "wide@example.com", pullPermission, "//artifactregistry.googleapis.com/"+shutRepo).PabPolicyExplanation.ExplainedBindingsAndPolicies
	if len(all) != 1 || all[0].ExplainedPolicy == nil {
		t.Fatalf("got %+v, want the one boundary of wide", all)
	}
	const name = "organizations/9/locations/global/principalAccessBoundaryPolicies/wide"
	policy := all[0].ExplainedPolicy
	if b := all[0].ExplainedPolicyBinding; b.PolicyBindingState != "POLICY_BINDING_STATE_ENFORCED" || b.PolicyBinding.Policy != name || b.PolicyBinding.PolicyKind != "PRINCIPAL_ACCESS_BOUNDARY" {
		t.Errorf("the binding is %+v", b)
	}
	if policy.Policy.Name != name || policy.Policy.Details.EnforcementVersion != "3" || policy.PolicyVersion.Version != 3 || policy.PolicyAccessState != "PAB_ACCESS_STATE_ALLOWED" {
		t.Errorf("the policy is %+v", policy)
	}
	rule := policy.ExplainedRules[0]
	if len(rule.ExplainedResources) != 2 || rule.CombinedResourceInclusionState != "RESOURCE_INCLUSION_STATE_INCLUDED" ||
		rule.ExplainedResources[0].Resource != "//cloudresourcemanager.googleapis.com/folders/5" || rule.ExplainedResources[0].ResourceInclusionState != "RESOURCE_INCLUSION_STATE_INCLUDED" {
		t.Errorf("the rule is %+v", rule)
	}
	half := troubleshootBeta(t, s, "v3beta", "half", "held@example.com", pullPermission, "//artifactregistry.googleapis.com/"+shutRepo).PabPolicyExplanation.ExplainedBindingsAndPolicies
	if len(half) != 2 || half[0].ExplainedPolicy != nil || half[0].BindingAndPolicyAccessState != "PAB_ACCESS_STATE_UNKNOWN_INFO" || half[1].ExplainedPolicyBinding.PolicyBindingState != "POLICY_BINDING_STATE_UNSPECIFIED" {
		t.Errorf("half sees %+v, want the bindings of app-only and of grouped without their policies", half)
	}
	plain := troubleshootBeta(t, s, "v3beta", "plain", "held@example.com", pullPermission, "//artifactregistry.googleapis.com/"+shutRepo).PabPolicyExplanation.ExplainedBindingsAndPolicies
	if len(plain) != 0 {
		t.Errorf("plain sees %+v", plain)
	}
}

// TestTroubleshootBetaRefusals holds what v3beta refuses as v3 does.
func TestTroubleshootBetaRefusals(t *testing.T) {
	s := startYAML(t, boundaryWorld)
	const path, host = "/v3beta/iam:troubleshoot", "policytroubleshooter.googleapis.com"
	for body, want := range map[string]string{
		"{}": "is not valid",
		"[]": "The request is not valid",
		`{"accessTuple":{"principal":"a@example.com","permission":"run.jobs.get","fullResourceName":"app-project"}}`: "Full resource name",
	} {
		t.Run(body, func(t *testing.T) {
			if code, text := send(t, s, http.MethodPost, host, path, body, nil); code != 400 || !strings.Contains(text, want) {
				t.Errorf("%s: %d %s, want 400 with %q", body, code, text, want)
			}
		})
	}
	off := startYAML(t, strings.ReplaceAll(boundaryWorld, ", policytroubleshooter.googleapis.com", ""))
	body := `{"accessTuple":{"principal":"a@example.com","permission":"run.jobs.get","fullResourceName":"//cloudresourcemanager.googleapis.com/projects/app-project"}}`
	if code, text := send(t, off, http.MethodPost, host, path, body, nil); code != 403 || !strings.Contains(text, "SERVICE_DISABLED") {
		t.Errorf("where the API is off: %d %s", code, text)
	}
}
