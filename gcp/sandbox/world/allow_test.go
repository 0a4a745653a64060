package world

import (
	"testing"
	"time"
)

// engineWorld has one binding of each sort, so that a row of the table below
// tests one rule.
const engineWorld = `
caller: user:dev@example.com
organization: {id: "1", displayName: example.com, policy: {bindings: [
  {role: roles/artifactregistry.reader, members: ["user:org@example.com"]}]}}
folders:
  - {id: "2", displayName: apps, parent: organizations/1, policy: {bindings: [
      {role: roles/artifactregistry.reader, members: ["user:folder@example.com"]}]}}
  - {id: "3", displayName: inner, parent: folders/2}
groups:
  - {email: outer@example.com, members: ["group:inner@example.com"]}
  - {email: inner@example.com, members: ["user:nested@example.com", "group:outer@example.com"]}
roles:
  - {name: projects/src-b/roles/puller, includedPermissions: [artifactregistry.repositories.downloadArtifacts]}
denyPolicies:
  - attachmentPoint: folders/3
    rules:
      - {deniedPrincipals: ["principal://goog/subject/banned@example.com"], deniedPermissions: ["artifactregistry.googleapis.com/repositories.downloadArtifacts"]}
      - {deniedPrincipals: ["principalSet://goog/group/outer@example.com"], exceptionPrincipals: ["principal://goog/subject/nested@example.com"], deniedPermissions: ["artifactregistry.googleapis.com/*"]}
      - {deniedPrincipals: ["principal://goog/subject/tagged@example.com"], deniedPermissions: ["artifactregistry.googleapis.com/repositories.*"], condition: "resource.matchTag('1/env', 'prod')"}
      - {deniedPrincipals: ["principal://goog/subject/spared@example.com"], deniedPermissions: ["artifactregistry.googleapis.com/repositories.*"], exceptionPermissions: ["artifactregistry.googleapis.com/repositories.downloadArtifacts"]}
      - {deniedPrincipals: ["principal://goog/subject/untouched@example.com"], deniedPermissions: ["artifactregistry.googleapis.com/repositories.*"], condition: "false"}
      - {deniedPrincipals: ["principal://iam.googleapis.com/projects/-/serviceAccounts/bad@src-b.iam.gserviceaccount.com"], deniedPermissions: ["artifactregistry.googleapis.com/repositories.downloadArtifacts"]}
projects:
  - id: run-a
    number: "11"
    parent: folders/2
    services: [run.googleapis.com]
    serviceAccounts: [{accountId: web}]
    policy: {bindings: [
      {role: roles/run.developer, members: ["user:conditional@example.com"], condition: {title: one service, expression: "resource.name == 'projects/run-a/locations/us-central1/services/one'"}}]}
    workloads:
      - {kind: service, region: us-central1, name: one, images: [docker.io/library/nginx]}
      - {kind: service, region: us-central1, name: two, images: [docker.io/library/nginx]}
  - id: src-b
    number: "22"
    parent: folders/3
    services: [artifactregistry.googleapis.com]
    serviceAccounts: [{accountId: bad}]
    policy: {bindings: [
      {role: roles/viewer, members: ["user:viewer@example.com"]},
      {role: roles/artifactregistry.reader, members: ["user:later@example.com"], condition: {title: later, expression: "request.time > timestamp('2027-01-01T00:00:00Z')"}},
      {role: roles/artifactregistry.reader, members: ["user:byname@example.com"], condition: {title: n, expression: "resource.name.startsWith('projects/src-b')"}},
      {role: roles/artifactregistry.reader, members: ["user:negated@example.com"], condition: {title: n, expression: "resource.type != 'compute.googleapis.com/Disk'"}},
      {role: roles/artifactregistry.reader, members: ["user:either@example.com"], condition: {title: n, expression: "resource.name == 'x' || request.time < timestamp('2027-01-01T00:00:00Z')"}},
      {role: roles/artifactregistry.reader, members: ["user:bytag@example.com"], condition: {title: n, expression: "resource.matchTag('1/env', 'prod')"}},
      {role: roles/artifactregistry.reader, members: ["user:banned@example.com", "user:tagged@example.com", "user:spared@example.com", "user:untouched@example.com", "serviceAccount:bad@src-b.iam.gserviceaccount.com"]}]}
    repositories:
      - {location: us, id: one, policy: {bindings: [
          {role: roles/artifactregistry.reader, members: ["user:repo@example.com", "group:outer@example.com", "domain:partner.com", "deleted:user:gone@example.com?uid=1", "projectViewer:src-b", "serviceAccount:service-11@serverless-robot-prod.iam.gserviceaccount.com"]},
          {role: projects/src-b/roles/puller, members: ["user:custom@example.com"]},
          {role: roles/run.admin, members: ["user:runadmin@example.com"]}]}}
      - {location: us, id: public, policy: {bindings: [{role: roles/artifactregistry.reader, members: [allUsers]}]}}
      - {location: us, id: signedin, policy: {bindings: [{role: roles/artifactregistry.reader, members: [allAuthenticatedUsers]}]}}
      - {location: us, id: sets, policy: {bindings: [{role: roles/artifactregistry.reader, members: [
          "principalSet://cloudresourcemanager.googleapis.com/projects/11/type/ServiceAccount", "principalSet://cloudresourcemanager.googleapis.com/folders/3/type/ServiceAgent",
          "principalSet://iam.googleapis.com/projects/11/locations/global/workloadIdentityPools/ci/*"]}]}}
`

const (
	pullPermission = "artifactregistry.repositories.downloadArtifacts"
	runAgent       = "serviceAccount:service-11@serverless-robot-prod.iam.gserviceaccount.com"
)

func parseWorld(t *testing.T, text string) *World {
	t.Helper()
	w, err := Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func repo(id string) string {
	return "//artifactregistry.googleapis.com/projects/src-b/locations/us/repositories/" + id
}

// The numbers are sections of the fact sheet on IAM.
func TestAllowed(t *testing.T) {
	w := parseWorld(t, engineWorld)
	service := func(id string) string {
		return "//run.googleapis.com/projects/run-a/locations/us-central1/services/" + id
	}
	for _, c := range []struct {
		rule, member, permission, resource string
		want                               bool
	}{
		{"6.1 own policy", "user:repo@example.com", pullPermission, repo("one"), true},
		{"6.1 own policy of another repository", "user:repo@example.com", pullPermission, repo("public") + "x", false},
		{"6.1 project", "user:viewer@example.com", pullPermission, repo("one"), true},
		{"6.1 folder above the folder", "user:folder@example.com", pullPermission, repo("one"), true},
		{"6.1 organization", "user:org@example.com", pullPermission, repo("one"), true},
		{"6.1 inherited by a thing that is not there", "user:org@example.com", pullPermission, repo("nope"), true},
		{"6.1 nothing in a project that is not there", "user:org@example.com", pullPermission, "//artifactregistry.googleapis.com/projects/nope/locations/us/repositories/r", false},
		{"6.1 the project's number names it too", "user:repo@example.com", pullPermission, "//artifactregistry.googleapis.com/projects/22/locations/us/repositories/one", true},
		{"6.1 the consumer project's policy is no help", "user:conditional@example.com", pullPermission, repo("one"), false},
		{"1.3 the agent where it is bound", runAgent, pullPermission, repo("one"), true},
		{"1.4 the agent at home by its own role", runAgent, pullPermission, "//artifactregistry.googleapis.com/projects/run-a/locations/us/repositories/any", true},
		{"1.4 its role gives tokens for accounts at home", runAgent, "iam.serviceAccounts.getAccessToken", "//iam.googleapis.com/projects/run-a/serviceAccounts/web@run-a.iam.gserviceaccount.com", true},
		{"1.4 and not elsewhere", runAgent, "iam.serviceAccounts.getAccessToken", "//iam.googleapis.com/projects/src-b/serviceAccounts/bad@src-b.iam.gserviceaccount.com", false},
		{"2.1 run.admin cannot pull", "user:runadmin@example.com", pullPermission, repo("one"), false},
		{"2.1 a custom role", "user:custom@example.com", pullPermission, repo("one"), true},
		{"2.1 a custom role holds only its own", "user:custom@example.com", "artifactregistry.repositories.get", repo("one"), false},
		{"6.2 time not yet", "user:later@example.com", pullPermission, repo("one"), false},
		{"6.2 no resource.name at Artifact Registry", "user:byname@example.com", pullPermission, repo("one"), false},
		{"12.11 but another type than one that is named", "user:negated@example.com", pullPermission, repo("one"), true},
		{"6.2 the other part still grants", "user:either@example.com", pullPermission, repo("one"), true},
		{"6.2 a world has no tags", "user:bytag@example.com", pullPermission, repo("one"), false},
		{"6.2 resource.name at Cloud Run", "user:conditional@example.com", "run.services.update", service("one"), true},
		{"6.2 of another service", "user:conditional@example.com", "run.services.update", service("two"), false},
		{"6.3 deny before allow", "user:banned@example.com", pullPermission, repo("one"), false},
		{"6.3 only what is denied", "user:banned@example.com", "artifactregistry.repositories.get", repo("one"), true},
		{"6.3 an exception for a principal in a denied group", "user:nested@example.com", pullPermission, repo("one"), true},
		{"6.3 an undecidable condition denies", "user:tagged@example.com", pullPermission, repo("one"), false},
		{"6.3 an exception for a permission", "user:spared@example.com", pullPermission, repo("one"), true},
		{"6.3 the rest of it stays denied", "user:spared@example.com", "artifactregistry.repositories.get", repo("one"), false},
		{"6.3 a condition that is false", "user:untouched@example.com", pullPermission, repo("one"), true},
		{"6.3 a service account", "serviceAccount:bad@src-b.iam.gserviceaccount.com", pullPermission, repo("public"), false},
		{"6.5 domain", "user:someone@partner.com", pullPermission, repo("one"), true},
		{"6.5 domain is not its subdomains", "user:someone@eu.partner.com", pullPermission, repo("one"), false},
		{"6.5 a domain holds no service accounts", "serviceAccount:x@partner.com", pullPermission, repo("one"), false},
		{"6.5 deleted", "user:gone@example.com", pullPermission, repo("one"), false},
		{"6.5 convenience value", "user:viewer@example.com", pullPermission, repo("one"), true},
		{"6.5 allUsers, an agent included", runAgent, pullPermission, repo("public"), true},
		{"6.5 allAuthenticatedUsers, an agent included", runAgent, pullPermission, repo("signedin"), true},
		{"6.5 allAuthenticatedUsers without federated ones", "principal://iam.googleapis.com/x/subject/y", pullPermission, repo("signedin"), false},
		{"6.5 a project's service accounts", "serviceAccount:web@run-a.iam.gserviceaccount.com", pullPermission, repo("sets"), true},
		{"6.5 its agents are not among them", runAgent, pullPermission, repo("sets"), false},
		{"6.5 a folder's service agents", "serviceAccount:service-22@gcp-sa-artifactregistry.iam.gserviceaccount.com", pullPermission, repo("sets"), true},
		{"6.5 a pool", "principal://iam.googleapis.com/projects/11/locations/global/workloadIdentityPools/ci/subject/main", pullPermission, repo("sets"), true},
		{"6.5 another pool", "principal://iam.googleapis.com/projects/11/locations/global/workloadIdentityPools/cd/subject/main", pullPermission, repo("sets"), false},
	} {
		t.Run(c.rule+" "+c.member, func(t *testing.T) {
			if got := w.Allowed(c.member, c.permission, c.resource, DefaultTime); got != c.want {
				t.Errorf("%s: %s, %s on %s: %v, want %v", c.rule, c.member, c.permission, c.resource, got, c.want)
			}
		})
	}
	after := time.Date(2027, 6, 1, 0, 0, 0, 0, time.UTC)
	if !w.Allowed("user:later@example.com", pullPermission, repo("one"), after) {
		t.Error("6.2: a time condition must grant once its time has come")
	}
	if w.Allowed("user:either@example.com", pullPermission, repo("one"), after) {
		t.Error("6.2: a time condition must not grant after its time")
	}
}

// TestArticleMissesExactlyThePull holds what the default world is for.
func TestArticleMissesExactlyThePull(t *testing.T) {
	w, err := Load(Default)
	if err != nil {
		t.Fatal(err)
	}
	const (
		dev   = "user:dev@example.com"
		agent = "serviceAccount:service-111111111111@serverless-robot-prod.iam.gserviceaccount.com"
		sa    = "//iam.googleapis.com/projects/myproject-a/serviceAccounts/web@myproject-a.iam.gserviceaccount.com"
		job   = "//run.googleapis.com/projects/myproject-a/locations/asia-northeast1/jobs/myjob"
		image = "//artifactregistry.googleapis.com/projects/myproject-b/locations/asia-northeast1/repositories/myrepo"
	)
	for _, c := range []struct {
		member, permission, resource string
		want                         bool
	}{
		{dev, "run.jobs.update", job, true},
		{dev, "iam.serviceAccounts.actAs", sa, true},
		{dev, pullPermission, image, true},
		{dev, "artifactregistry.repositories.setIamPolicy", image, true},
		{agent, "iam.serviceAccounts.getAccessToken", sa, true},
		{agent, pullPermission, image, false},
		{agent, pullPermission, "//artifactregistry.googleapis.com/projects/myproject-a/locations/asia-northeast1/repositories/app", true},
		{"serviceAccount:web@myproject-a.iam.gserviceaccount.com", pullPermission, image, false},
		{dev, "resourcemanager.organizations.getIamPolicy", "//cloudresourcemanager.googleapis.com/organizations/100000000001", true},
		{dev, "resourcemanager.folders.getIamPolicy", "//cloudresourcemanager.googleapis.com/folders/200000000001", true},
	} {
		t.Run(c.member+" "+c.permission, func(t *testing.T) {
			if got := w.Allowed(c.member, c.permission, c.resource, time.Now()); got != c.want {
				t.Errorf("%s, %s on %s: %v, want %v", c.member, c.permission, c.resource, got, c.want)
			}
		})
	}
	if img := w.FindImage(Reference{Repository: "projects/myproject-b/locations/asia-northeast1/repositories/all", Package: "myjob", Tag: "latest"}); img == nil ||
		img.Digest != "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" {
		t.Errorf("through the virtual repository the image is %v", img)
	}
}
