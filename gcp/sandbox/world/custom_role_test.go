package world

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
)

// stageWorld binds one user, and the agent of the project itself, by a custom
// role with those keys.
func stageWorld(t *testing.T, keys string) *World {
	t.Helper()
	return parseWorld(t, fmt.Sprintf(`
caller: user:dev@example.com
organization: {id: "1"}
roles: [{name: projects/src-b/roles/puller, includedPermissions: [artifactregistry.repositories.downloadArtifacts]%s}]
projects:
  - id: src-b
    number: "22"
    services: [run.googleapis.com, artifactregistry.googleapis.com]
    agents: [run.googleapis.com]
    workloads: [{kind: job, region: us-central1, name: j, images: [us-docker.pkg.dev/src-b/one/app]}]
    repositories:
      - {location: us, id: one, images: [{name: app, tags: [latest], digest: "sha256:%s"}],
         policy: {bindings: [{role: projects/src-b/roles/puller, members: ["user:dev@example.com", "serviceAccount:service-22@serverless-robot-prod.iam.gserviceaccount.com"]}]}}
`, keys, strings.Repeat("0", 64)))
}

// TestStageOfARole holds section 12.2 of the fact sheet for what is decided by
// the engine: a permission, and whether a deploy's image can be pulled.
func TestStageOfARole(t *testing.T) {
	for _, c := range []struct {
		keys  string
		gives bool
	}{
		{"", true},
		{", stage: ALPHA", true},
		{", stage: BETA", true},
		{", stage: GA", true},
		{", stage: EAP", true},
		{", stage: DEPRECATED", true},
		{", stage: DISABLED", false},
		{", deleted: false", true},
		{", deleted: true", false},
		{", stage: DISABLED, deleted: true", false},
	} {
		t.Run(c.keys, func(t *testing.T) {
			w := stageWorld(t, c.keys)
			if got := w.Allowed("user:dev@example.com", pullPermission, repo("one"), time.Now()); got != c.gives {
				t.Errorf("roles[]%s: the member is allowed: %v, want %v", c.keys, got, c.gives)
			}
			job := w.Workload("projects/src-b/locations/us-central1/jobs/j")
			if job.Readiness.Ready != c.gives {
				t.Errorf("roles[]%s: the job is ready: %v, want %v", c.keys, job.Readiness.Ready, c.gives)
			}
			asker := Viewer{Member: "user:dev@example.com", At: time.Now()}
			if got := w.RoleHasFor(asker, "projects/src-b/roles/puller", pullPermission); got != Hidden {
				t.Errorf("roles[]%s: who may not read the role sees %v of it", c.keys, got)
			}
		})
	}
}

// TestDeletedRoleIsNotGranted holds that nobody new is bound to a deleted
// role, and that a policy which has one can still be written.
func TestDeletedRoleIsNotGranted(t *testing.T) {
	w := stageWorld(t, ", deleted: true")
	p := readPolicy(t, w, repo("one"), 3)
	p.Bindings[0].Members = p.Bindings[0].Members[:1]
	p, err := w.SetPolicy(repo("one"), p, nil)
	if err != nil {
		t.Fatalf("taking a member out: %v", err)
	}
	p.Bindings[0].Members = append(p.Bindings[0].Members, newMember)
	_, err = w.SetPolicy(repo("one"), p, nil)
	wantCode(t, "adding one", err, codes.InvalidArgument, "projects/src-b/roles/puller")
	disabled := stageWorld(t, ", stage: DISABLED")
	p = readPolicy(t, disabled, repo("one"), 3)
	p.Bindings[0].Members = append(p.Bindings[0].Members, newMember)
	if _, err = disabled.SetPolicy(repo("one"), p, nil); err != nil {
		t.Errorf("a disabled role can be granted, it just gives nothing: %v", err)
	}
}
