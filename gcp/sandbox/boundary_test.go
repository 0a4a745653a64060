package sandbox_test

import (
	"slices"
	"strings"
	"testing"

	artifactregistry "cloud.google.com/go/artifactregistry/apiv1"
	"cloud.google.com/go/iam/apiv1/iampb"
	run "cloud.google.com/go/run/apiv2"
	"cloud.google.com/go/run/apiv2/runpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// boundaryWorld has four deployers with the same roles; boundaries hold two of
// them to the app's project, at different versions, and the agent is named in
// one that cannot bind it. The viewer sees boundaries, the other one does not.
const boundaryWorld = `caller: user:free@example.com
organization:
  id: "9"
  displayName: example.com
  policy:
    bindings:
      - {role: organizations/9/roles/sees, members: ["user:viewer@example.com", "user:half@example.com"]}
      - {role: organizations/9/roles/boundaries, members: ["user:viewer@example.com"]}
      - {role: organizations/9/roles/bindings, members: ["user:half@example.com"]}
folders: [{id: "5", parent: organizations/9}]
roles:
  - {name: organizations/9/roles/deployer, includedPermissions: [run.jobs.create, run.jobs.update, run.jobs.get, run.workerpools.create, run.workerpools.get, iam.serviceAccounts.actAs, artifactregistry.repositories.downloadArtifacts, artifactregistry.repositories.get]}
  - {name: organizations/9/roles/sees, includedPermissions: [resourcemanager.organizations.getIamPolicy, resourcemanager.folders.getIamPolicy, resourcemanager.projects.getIamPolicy, artifactregistry.repositories.getIamPolicy, iam.denypolicies.list, iam.denypolicies.get, iam.roles.get, resourcemanager.projects.get]}
  - {name: organizations/9/roles/boundaries, includedPermissions: [iam.principalaccessboundarypolicies.get, iam.policybindings.get]}
  - {name: organizations/9/roles/bindings, includedPermissions: [iam.policybindings.get]}
accessBoundaries:
  - {id: app-only, members: ["user:held@example.com", "serviceAccount:service-111@serverless-robot-prod.iam.gserviceaccount.com"], resources: [projects/app-project]}
  - {id: first, members: ["user:first@example.com"], resources: [projects/image-project], enforcementVersion: 1}
  - {id: wide, members: ["user:wide@example.com"], resources: [folders/5, organizations/9]}
projects:
  - id: app-project
    number: "111"
    parent: organizations/9
    services: [run.googleapis.com, artifactregistry.googleapis.com, policytroubleshooter.googleapis.com]
    policy: {bindings: [{role: organizations/9/roles/deployer, members: ["user:free@example.com", "user:held@example.com", "user:first@example.com", "user:wide@example.com"]}]}
    serviceAccounts: [{email: 111-compute@developer.gserviceaccount.com}]
  - id: image-project
    number: "222"
    parent: folders/5
    services: [artifactregistry.googleapis.com, policytroubleshooter.googleapis.com]
    policy: {bindings: [{role: organizations/9/roles/deployer, members: ["user:free@example.com", "user:held@example.com", "user:first@example.com", "user:wide@example.com"]}]}
    repositories:
      - {location: us, id: shut, policy: {bindings: [{role: roles/artifactregistry.reader, members: ["serviceAccount:service-111@serverless-robot-prod.iam.gserviceaccount.com"]}]}, images: [{name: i, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}]}
`

const shutRepo = "projects/image-project/locations/us/repositories/shut"

// TestBoundaryInTestIamPermissions holds that a member's own test includes it.
func TestBoundaryInTestIamPermissions(t *testing.T) {
	s := startText(t, boundaryWorld)
	asked := []string{"artifactregistry.repositories.get", pulls}
	for as, want := range map[string][]string{"free": asked, "wide": asked, "first": asked, "held": nil} {
		c := must(artifactregistry.NewClient(t.Context(), dial(t, s, "artifactregistry.googleapis.com", "user:"+as+"@example.com")))(t)
		got := must(c.TestIamPermissions(t.Context(), &iampb.TestIamPermissionsRequest{Resource: shutRepo, Permissions: asked}))(t)
		if !slices.Equal(got.Permissions, want) {
			t.Errorf("%s holds %v, want %v", as, got.Permissions, want)
		}
	}
}

// TestBoundaryStopsDeploys deploys an image of the other project.
func TestBoundaryStopsDeploys(t *testing.T) {
	s := startText(t, boundaryWorld)
	for as, want := range map[string]string{
		"free":  "",
		"wide":  "",
		"held":  "User must have permission to read the image, " + shutImage,
		"first": "Permission 'run.jobs.create' denied on resource 'projects/app-project/locations/us-central1/jobs/first'",
	} {
		c := must(run.NewJobsClient(t.Context(), dial(t, s, runHost, "user:"+as+"@example.com")))(t)
		job := &runpb.Job{Template: &runpb.ExecutionTemplate{Template: &runpb.TaskTemplate{Containers: []*runpb.Container{{Image: shutImage}}}}}
		op, err := c.CreateJob(t.Context(), &runpb.CreateJobRequest{Parent: region1, JobId: as, Job: job})
		if err == nil {
			_, err = op.Wait(t.Context())
		}
		if (want == "") != (err == nil) || (err != nil && (status.Code(err) != codes.PermissionDenied || !strings.Contains(err.Error(), want))) {
			t.Errorf("%s: got %v, want %q", as, err, want)
		}
	}
}
