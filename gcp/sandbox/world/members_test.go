package world

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
)

// membersWorld binds and denies in every letter case, and by sets.
const membersWorld = `
caller: user:dev@example.com
organization: {id: "1", displayName: example.com, directoryCustomerId: C01abc23d}
folders: [{id: "2", parent: organizations/1}, {id: "3", parent: organizations/1}]
groups:
  - {email: Team@Example.com, members: ["user:Nested@Example.com", "group:INNER@example.com"]}
  - {email: inner@example.com, members: ["user:inside@example.com", "group:TEAM@example.com"]}
projects:
  - id: run-a
    number: "11"
    parent: folders/2
    services: [run.googleapis.com]
    serviceAccounts: [{accountId: web}, {accountId: service-11}]
  - id: src-b
    number: "22"
    parent: folders/3
    services: [artifactregistry.googleapis.com]
    repositories:
      - {location: us, id: mail, policy: {bindings: [{role: roles/artifactregistry.reader, members: [
          "user:Ann@Example.com", "serviceAccount:WEB@run-a.iam.gserviceaccount.com", "group:team@EXAMPLE.com", "domain:Partner.COM",
          "principal://iam.googleapis.com/projects/11/locations/global/workloadIdentityPools/ci/subject/Bot"]}]}}
      - {location: us, id: all, policy: {bindings: [{role: roles/artifactregistry.reader, members: [allUsers]}]}}
      - {location: us, id: agents, policy: {bindings: [{role: roles/artifactregistry.reader, members: ["principalSet://agents.global.org-1.system.id.goog/*"]}]}}
`

// TestMembersWithoutRegardToCase holds section 12.11 of the fact sheet for
// allow policies: e-mails and domains, and nothing else.
func TestMembersWithoutRegardToCase(t *testing.T) {
	w := parseWorld(t, membersWorld)
	const pool = "principal://iam.googleapis.com/projects/11/locations/global/workloadIdentityPools/ci/subject/"
	for _, c := range []struct {
		member string
		want   bool
	}{
		{"user:ann@example.com", true},
		{"user:ANN@EXAMPLE.COM", true},
		{"User:ann@example.com", false}, // no kind of member
		{"serviceAccount:ann@example.com", false},
		{"serviceAccount:web@run-a.iam.gserviceaccount.com", true},
		{"serviceAccount:Web@Run-A.iam.gserviceaccount.com", true},
		{"user:nested@example.com", true},
		{"user:INSIDE@example.com", true},
		{"user:bob@partner.com", true},
		{"user:bob@PARTNER.com", true},
		{"user:bob@notpartner.com", false},
		{pool + "Bot", true},
		{pool + "bot", false},
	} {
		t.Run(c.member, func(t *testing.T) {
			if got := w.Allowed(c.member, pullPermission, repo("mail"), time.Now()); got != c.want {
				t.Errorf("%s: allowed %v, want %v", c.member, got, c.want)
			}
		})
	}
	if got := w.Allowed("principal://agents.global.org-1.system.id.goog/resources/run/projects/11/locations/us-east1/services/s", pullPermission, repo("agents"), time.Now()); !got {
		t.Error("an agent identity is in the set of its trust domain")
	}
	p := readPolicy(t, w, repo("mail"), 3)
	p.Bindings[0].Members[1] = "serviceAccount:web@RUN-A.iam.gserviceaccount.com"
	p.Bindings[0].Members = append(p.Bindings[0].Members, "serviceAccount:Service-11@serverless-robot-prod.iam.gserviceaccount.com")
	if _, err := w.SetPolicy(repo("mail"), p, nil); err != nil {
		t.Errorf("accounts exist in any case: %v", err)
	}
	p = readPolicy(t, w, repo("all"), 3)
	p.Bindings[0].Members = []string{"serviceAccount:Nobody@run-a.iam.gserviceaccount.com"}
	_, err := w.SetPolicy(repo("all"), p, nil)
	wantCode(t, "one that is not there", err, codes.InvalidArgument, "does not exist")
}

// TestDenyPrincipals holds the forms of the page "Principal identifiers", and
// sections 12.11, 12.13 and 12.14 of the fact sheet.
func TestDenyPrincipals(t *testing.T) {
	const resources = "principalSet://cloudresourcemanager.googleapis.com/"
	agent := func(name, host string) string {
		return "serviceAccount:" + name + "@" + host + ".gserviceaccount.com"
	}
	for _, c := range []struct {
		principal, member string
		want              bool
	}{
		{"principal://goog/subject/Ann@Example.com", "user:ann@example.COM", true},
		{"principal://goog/subject/ann@example.com", "serviceAccount:ann@example.com", false},
		{"principal://iam.googleapis.com/projects/-/serviceAccounts/Web@run-a.iam.gserviceaccount.com", "serviceAccount:web@RUN-A.iam.gserviceaccount.com", true},
		{"principalSet://goog/group/TEAM@example.com", "user:inside@EXAMPLE.com", true},
		{"deleted:principal://goog/subject/ann@example.com?uid=1", "user:ann@example.com", false},

		{"principalSet://goog/cloudIdentityCustomerId/C01abc23d", "user:Ann@Example.com", true},
		{"principalSet://goog/cloudIdentityCustomerId/C01abc23d", "user:ann@partner.com", false},
		{"principalSet://goog/cloudIdentityCustomerId/C01abc23d", "user:ann@sub.example.com", false},
		{"principalSet://goog/cloudIdentityCustomerId/C01abc23d", agent("web", "run-a.iam"), false},
		{"principalSet://goog/cloudIdentityCustomerId/C1", "user:ann@example.com", false},
		{"principalSet://cloudidentity.googleapis.com/C01abc23d", "user:ann@example.com", false}, // no form of Google's

		{resources + "projects/11/type/ServiceAgent", agent("service-11", "serverless-robot-prod.iam"), true},
		{resources + "projects/11/type/ServiceAgent", agent("Service-11", "Serverless-Robot-Prod.iam"), true},
		{resources + "projects/11/type/ServiceAgent", agent("service-11", "gcp-sa-pubsub.iam"), true},
		{resources + "projects/11/type/ServiceAgent", agent("service-11", "gcf-admin-robot.iam"), true},
		{resources + "projects/11/type/ServiceAgent", agent("service-11", "compute-system.iam"), true},
		{resources + "projects/11/type/ServiceAgent", agent("service-11", "container-engine-robot.iam"), true},
		{resources + "projects/11/type/ServiceAgent", agent("service-11", "dataflow-service-producer-prod.iam"), true},
		{resources + "projects/11/type/ServiceAgent", agent("service-11", "containerregistry.iam"), true},
		{resources + "projects/11/type/ServiceAgent", agent("11", "cloudservices"), true},
		{resources + "projects/11/type/ServiceAgent", agent("service-11", "gae-api-prod.google.com.iam"), true},
		{resources + "projects/11/type/ServiceAgent", agent("service-11", "endpoints-portal.iam"), true},
		{resources + "projects/11/type/ServiceAgent", agent("11", "cloudbuild"), true},
		{resources + "projects/11/type/ServiceAgent", agent("project-11", "storage-transfer-service.iam"), true},
		{resources + "projects/11/type/ServiceAgent", agent("bq-11", "bigquery-encryption.iam"), true},
		{resources + "projects/11/type/ServiceAgent", agent("service-p11", "gcp-sa-accessapproval.iam"), true},
		{resources + "projects/11/type/ServiceAgent", agent("p11-x7f", "gcp-sa-cloud-sql.iam"), true},
		{resources + "projects/11/type/ServiceAgent", agent("bqcx-11-a1b2", "gcp-sa-bigquery-condel.iam"), true},
		{resources + "projects/11/type/ServiceAgent", agent("service-22", "serverless-robot-prod.iam"), false},
		{resources + "projects/11/type/ServiceAgent", agent("service-11", "run-a.iam"), false}, // a user's account
		{resources + "projects/11/type/ServiceAgent", agent("service-11", "someones-project.iam"), false},
		{resources + "projects/11/type/ServiceAgent", agent("service-11", "gcp-sa-x.example.com.iam"), false}, // of a domain's project
		{resources + "projects/11/type/ServiceAgent", agent("11-compute", "developer"), false},
		{resources + "projects/11/type/ServiceAgent", agent("web", "run-a.iam"), false},
		{resources + "projects/11/type/ServiceAgent", "user:ann@example.com", false},
		{resources + "folders/2/type/ServiceAgent", agent("service-11", "gcp-sa-pubsub.iam"), true},
		{resources + "folders/3/type/ServiceAgent", agent("service-11", "gcp-sa-pubsub.iam"), false},
		{resources + "organizations/1/type/ServiceAgent", agent("service-11", "gcp-sa-pubsub.iam"), true},
		{resources + "organizations/1/type/ServiceAgent", agent("service-99", "gcp-sa-pubsub.iam"), false},
		{resources + "organizations/1/type/ServiceAgent", agent("service-org-1", "gcp-sa-pam.iam"), true},
		{resources + "folders/2/type/ServiceAgent", agent("service-folder-2", "gcp-sa-pam.iam"), true},
		{resources + "projects/11/type/ServiceAgent", agent("service-folder-11", "gcp-sa-pam.iam"), false},
		{resources + "projects/11/type/ServiceAccount", agent("web", "run-a.iam"), true},
		{resources + "projects/11/type/ServiceAccount", agent("service-11", "run-a.iam"), true},
		{resources + "projects/11/type/ServiceAccount", agent("service-11", "serverless-robot-prod.iam"), false},
		{resources + "organizations/1/type/ServiceAccount", agent("WEB", "run-a.iam"), true},
		{resources + "folders/3/type/ServiceAccount", agent("web", "run-a.iam"), false},
	} {
		t.Run(c.principal+" "+c.member, func(t *testing.T) {
			w := parseWorld(t, membersWorld)
			w.SetDenyPolicies([]*DenyPolicy{{AttachmentPoint: "projects/src-b", Rules: []DenyRule{{
				DeniedPrincipals: []string{c.principal}, DeniedPermissions: []string{"artifactregistry.googleapis.com/repositories.downloadArtifacts"}}}}})
			if got := !w.Allowed(c.member, pullPermission, repo("all"), time.Now()); got != c.want {
				t.Errorf("%s denies %s: %v, want %v", c.principal, c.member, got, c.want)
			}
			w.SetDenyPolicies([]*DenyPolicy{{AttachmentPoint: "projects/src-b", Rules: []DenyRule{{
				DeniedPrincipals: []string{"principalSet://goog/public:all"}, ExceptionPrincipals: []string{c.principal},
				DeniedPermissions: []string{"artifactregistry.googleapis.com/repositories.downloadArtifacts"}}}}})
			if got := w.Allowed(c.member, pullPermission, repo("all"), time.Now()); got != c.want {
				t.Errorf("%s spares %s: %v, want %v", c.principal, c.member, got, c.want)
			}
		})
	}
}

// TestPermissionGroups holds the groups of the page "Deny policies".
func TestPermissionGroups(t *testing.T) {
	const service = "artifactregistry.googleapis.com/"
	for _, c := range []struct {
		pattern string
		want    bool
	}{
		{service + "repositories.downloadArtifacts", true},
		{service + "repositories.download", false},
		{service + "repositories.*", true},
		{service + "repositories.*x", false},
		{service + "*.downloadArtifacts", true},
		{service + "*.get", false},
		{service + "*.*", true},
		{service + "*", true},
		{service + "tags.*", false},
		{service + "repo.*", false},
		{"run.googleapis.com/*.*", false},
		{"run.googleapis.com/repositories.downloadArtifacts", false},
	} {
		t.Run(c.pattern, func(t *testing.T) {
			if got := DenyPatternMatches(c.pattern, pullPermission); got != c.want {
				t.Errorf("%s: %v, want %v", c.pattern, got, c.want)
			}
		})
	}
}

// TestDeletedPrincipalsInAFile holds that a file may name them, groups too, and
// that they are nobody.
func TestDeletedPrincipalsInAFile(t *testing.T) {
	w := parseWorld(t, membersWorld+`denyPolicies: [{attachmentPoint: projects/src-b, rules: [{deniedPermissions: ["artifactregistry.googleapis.com/*.*"], deniedPrincipals: [
  "deleted:principal://goog/subject/ann@example.com?uid=1", "deleted:principalSet://goog/group/team@example.com?uid=2",
  "deleted:principal://iam.googleapis.com/projects/-/serviceAccounts/web@run-a.iam.gserviceaccount.com?uid=3"]}]}]
`)
	for _, member := range []string{"user:ann@example.com", "user:inside@example.com", "serviceAccount:web@run-a.iam.gserviceaccount.com"} {
		t.Run(member, func(t *testing.T) {
			if !w.Allowed(member, pullPermission, repo("all"), time.Now()) {
				t.Errorf("%s is denied as somebody who was deleted", member)
			}
		})
	}
}

func TestCustomerIDInAFile(t *testing.T) {
	w := parseWorld(t, "caller: user:dev@example.com\norganization: {id: \"7\"}\n")
	if got := w.Organization.CustomerID(); got != "C7" {
		t.Errorf("without the key the customer is %s, want C7", got)
	}
	_, err := Parse("w.yaml", []byte("caller: user:dev@example.com\norganization:\n  id: \"7\"\n  directoryCustomerId: example.com\n"))
	if want := `w.yaml:4: organization.directoryCustomerId: "example.com" does not fit; expected something like C01abc23d`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestPodsAsMembers holds that a policy may name the pods of a Kubernetes
// service account in the older form, and that they reach nobody else.
func TestPodsAsMembers(t *testing.T) {
	w := parseWorld(t, strings.Replace(membersWorld, "members: [allUsers]", `members: ["serviceAccount:run-a.svc.id.goog[default/puller]"]`, 1))
	if w.Allowed("serviceAccount:web@run-a.iam.gserviceaccount.com", pullPermission, repo("all"), time.Now()) {
		t.Error("the pods of a project are not its accounts")
	}
	p := readPolicy(t, w, repo("mail"), 3)
	p.Bindings[0].Members = append(p.Bindings[0].Members, "serviceAccount:run-a.svc.id.goog[default/other]")
	if _, err := w.SetPolicy(repo("mail"), p, nil); err != nil {
		t.Errorf("pods can be bound: %v", err)
	}
	for _, text := range []string{"serviceAccount:run-a.svc.id.goog", "serviceAccount:run-a.svc.id.goog[default]", "serviceAccount:[a/b]"} {
		t.Run(text, func(t *testing.T) {
			if ValidMember(text) {
				t.Errorf("%s is taken for a member", text)
			}
		})
	}
}
