package world

import (
	"strings"
	"testing"
	"time"
)

// boundedWorld gives everybody in it everything, so that boundaries alone
// decide.
const boundedWorld = `
caller: user:dev@example.com
organization: {id: "9", displayName: example.com}
folders: [{id: "5", parent: organizations/9}]
groups: [{email: team@example.com, members: ["user:grouped@example.com"]}, {email: second@example.com, members: ["user:grouped2@example.com"]}]
roles:
  - name: organizations/9/roles/all
    includedPermissions: [artifactregistry.repositories.downloadArtifacts, iam.serviceAccounts.actAs, run.services.create, run.services.update, run.services.get,
      run.jobs.create, run.jobs.update, run.jobs.get, run.jobs.list, run.jobs.run, run.jobs.delete, run.workerpools.create, run.instances.create, resourcemanager.projects.get]
accessBoundaries:
  - members: ["user:in-a@example.com", "user:both@example.com", "group:team@example.com", "serviceAccount:bot@proj-a.iam.gserviceaccount.com", "serviceAccount:service-1@serverless-robot-prod.iam.gserviceaccount.com"]
    resources: [projects/proj-a]
  - {members: ["user:both@example.com"], resources: [folders/5]}
  - {members: ["user:first@example.com"], resources: [projects/proj-a], enforcementVersion: 1}
  - {members: ["user:second@example.com"], resources: [projects/1], enforcementVersion: 2}
  - {members: ["user:anywhere@example.com"], resources: [organizations/9]}
  - {members: ["user:mixed@example.com"], resources: [projects/proj-a]}
  - {members: ["user:mixed@example.com"], resources: [projects/proj-b], enforcementVersion: 1}
  - {members: ["principalSet://cloudresourcemanager.googleapis.com/projects/2", "domain:other.example"], resources: [projects/proj-b]}
  - {members: ["principal://goog/subject/v2@example.com", "principalSet://goog/group/second@example.com", "principal://iam.googleapis.com/projects/-/serviceAccounts/late@proj-c.iam.gserviceaccount.com"], resources: [projects/proj-a]}
  - {members: ["principalSet://cloudresourcemanager.googleapis.com/organizations/9"], resources: [projects/proj-c], enforcementVersion: 1}
projects:
  - id: proj-a
    number: "1"
    parent: organizations/9
    services: [run.googleapis.com]
    policy: &all
      bindings:
        - role: organizations/9/roles/all
          members: ["user:free@other.org", "user:v2@example.com", "user:grouped2@example.com", "serviceAccount:late@proj-c.iam.gserviceaccount.com", "user:in-a@example.com", "user:both@example.com", "user:grouped@example.com", "user:first@example.com", "user:second@example.com", "user:anywhere@example.com", "user:mixed@example.com", "user:someone@other.example",
            "serviceAccount:bot@proj-a.iam.gserviceaccount.com", "serviceAccount:robot@proj-b.iam.gserviceaccount.com", "serviceAccount:service-1@serverless-robot-prod.iam.gserviceaccount.com",
            "principal://agents.global.org-9.system.id.goog/resources/run/projects/2/locations/us-central1/services/s", "principal://agents.global.org-9.system.id.goog/resources/run/projects/1/locations/us-central1/services/s",
            "principal://iam.googleapis.com/projects/2/locations/global/workloadIdentityPools/p/subject/s"]
    serviceAccounts: [{accountId: bot}, {accountId: run}]
    repositories: [{location: us, id: r}]
  - {id: proj-b, number: "2", parent: folders/5, policy: *all, serviceAccounts: [{accountId: robot}], repositories: [{location: us, id: r}]}
  - {id: proj-c, number: "3", parent: organizations/9, policy: *all, repositories: [{location: us, id: r}]}
`

func TestAccessBoundaries(t *testing.T) {
	w := parseWorld(t, boundedWorld)
	const (
		pull   = "artifactregistry.repositories.downloadArtifacts"
		actAs  = "iam.serviceAccounts.actAs"
		create = "run.services.create"
		bot    = "serviceAccount:bot@proj-a.iam.gserviceaccount.com"
		robot  = "serviceAccount:robot@proj-b.iam.gserviceaccount.com"
		agent  = "serviceAccount:service-1@serverless-robot-prod.iam.gserviceaccount.com"
		ofA    = "principal://agents.global.org-9.system.id.goog/resources/run/projects/1/locations/us-central1/services/s"
		ofB    = "principal://agents.global.org-9.system.id.goog/resources/run/projects/2/locations/us-central1/services/s"
		pool   = "principal://iam.googleapis.com/projects/2/locations/global/workloadIdentityPools/p/subject/s"
	)
	repo := func(p string) string {
		return "//artifactregistry.googleapis.com/projects/" + p + "/locations/us/repositories/r"
	}
	for _, q := range []struct {
		about, member, permission, resource string
		want                                bool
	}{
		{"nobody's boundary", "user:free@other.org", pull, repo("proj-b"), true},
		{"inside", "user:in-a@example.com", pull, repo("proj-a"), true},
		{"outside", "user:in-a@example.com", pull, repo("proj-b"), false},
		{"outside, by the project's number", "user:in-a@example.com", pull, repo("2"), false},
		{"inside, by the project's number", "user:in-a@example.com", pull, repo("1"), true},
		{"service accounts too", "user:in-a@example.com", actAs, "//iam.googleapis.com/projects/proj-b/serviceAccounts/robot@proj-b.iam.gserviceaccount.com", false},
		{"a service", "user:in-a@example.com", create, "//run.googleapis.com/projects/proj-b/locations/us-central1/services/s", false},
		{"two boundaries add up: the first", "user:both@example.com", pull, repo("proj-a"), true},
		{"two boundaries add up: the second, through its folder", "user:both@example.com", pull, repo("proj-b"), true},
		{"two boundaries add up: neither", "user:both@example.com", pull, repo("proj-c"), false},
		{"a group's member", "user:grouped@example.com", pull, repo("proj-b"), false},
		{"the whole organization", "user:anywhere@example.com", pull, repo("proj-b"), true},
		{"version 1 leaves pulls alone", "user:first@example.com", pull, repo("proj-b"), true},
		{"version 1 leaves service accounts alone", "user:first@example.com", actAs, "//iam.googleapis.com/projects/proj-b/serviceAccounts/robot@proj-b.iam.gserviceaccount.com", true},
		{"version 2 leaves pulls alone", "user:second@example.com", pull, repo("proj-b"), true},
		{"one of two does not block: the other holds", "user:mixed@example.com", pull, repo("proj-b"), false},
		{"a domain", "user:someone@other.example", pull, repo("proj-a"), false},
		{"an account", bot, pull, repo("proj-b"), false},
		{"an agent by name", agent, pull, repo("proj-b"), true},
		{"an account of a whole project", robot, pull, repo("proj-a"), false},
		{"an account of a whole project, inside", robot, pull, repo("proj-b"), true},
		{"an agent identity of a whole project", ofB, pull, repo("proj-a"), false},
		{"an agent identity of another project", ofA, pull, repo("proj-c"), true},
		{"a workload identity of a whole project", pool, pull, repo("proj-a"), false},
		{"people of the whole organization", "user:first@example.com", create, "//run.googleapis.com/projects/proj-c/locations/us-central1/services/s", true},
		{"an agent of the whole organization", agent, create, "//run.googleapis.com/projects/proj-a/locations/us-central1/services/s", true},
		{"an agent identity of the whole organization", ofA, create, "//run.googleapis.com/projects/proj-b/locations/us-central1/services/s", false},
		{"by the name in deny policies", "user:v2@example.com", pull, repo("proj-b"), false},
		{"by the name in deny policies, inside", "user:v2@example.com", pull, repo("proj-a"), true},
		{"a group by its name in deny policies", "user:grouped2@example.com", pull, repo("proj-b"), false},
		{"an account by its name in deny policies", "serviceAccount:late@proj-c.iam.gserviceaccount.com", pull, repo("proj-b"), false},
		{"people of no organization", "user:free@other.org", create, "//run.googleapis.com/projects/proj-b/locations/us-central1/services/s", true},
	} {
		t.Run(q.about, func(t *testing.T) {
			if got := w.Allowed(q.member, q.permission, q.resource, time.Now()); got != q.want {
				t.Errorf("%s: %s %s on %s is %v, want %v", q.about, q.member, q.permission, q.resource, got, q.want)
			}
		})
	}
}

// TestBoundaryPermissions names each permission of the table, at each version.
func TestBoundaryPermissions(t *testing.T) {
	for permissions, from := range map[string]int{
		"run.services.create run.services.update run.jobs.create run.jobs.delete run.jobs.get run.jobs.list run.jobs.run":                                                1,
		"artifactregistry.repositories.downloadArtifacts artifactregistry.repositories.getIamPolicy iam.serviceAccounts.actAs iam.serviceAccounts.getAccessToken":        3,
		"run.jobs.update run.services.get run.services.setIamPolicy run.workerpools.create run.instances.create resourcemanager.projects.get iam.serviceAccountKeys.get": 0,
	} {
		t.Run(permissions, func(t *testing.T) {
			for _, permission := range strings.Fields(permissions) {
				for version := 1; version <= 3; version++ {
					b := AccessBoundary{EnforcementVersion: version}
					if got := b.Blocks(permission); got != (from > 0 && version >= from) {
						t.Errorf("version %d blocks %s: %v; it is blocked from version %d", version, permission, got, from)
					}
				}
			}
		})
	}
}
