package model

import (
	"cmp"
	"testing"
)

// Only the host tells an agent (iam-facts 12.13, 12.14): which account is one, which is not, and which could be one.
func TestServiceAgent(t *testing.T) {
	for email, want := range map[string]struct {
		number string
		is     ternary
	}{
		"service-123@serverless-robot-prod.iam.gserviceaccount.com":          {"123", yes},
		"Service-123@Serverless-Robot-Prod.iam.gserviceaccount.com":          {"123", yes},
		"service-123@gcp-sa-artifactregistry.iam.gserviceaccount.com":        {"123", yes},
		"service-123@gcp-ri-aiplatform.iam.gserviceaccount.com":              {"123", yes},
		"service-123@gcf-admin-robot.iam.gserviceaccount.com":                {"123", yes},
		"service-123@compute-system.iam.gserviceaccount.com":                 {"123", yes},
		"service-123@container-engine-robot.iam.gserviceaccount.com":         {"123", yes},
		"service-123@dataflow-service-producer-prod.iam.gserviceaccount.com": {"123", yes},
		"service-123@gae-api-prod.google.com.iam.gserviceaccount.com":        {"123", yes},
		"123@cloudservices.gserviceaccount.com":                              {"123", yes},
		"123@cloudbuild.gserviceaccount.com":                                 {"123", yes},
		"project-123@storage-transfer-service.iam.gserviceaccount.com":       {"123", yes},
		"bq-123@bigquery-encryption.iam.gserviceaccount.com":                 {"123", yes},
		"service-p123@gcp-sa-accessapproval.iam.gserviceaccount.com":         {"123", yes},
		"service-org-123@gcp-sa-logging.iam.gserviceaccount.com":             {"", yes}, // an organization's: of no project
		"p123-abc@gcp-sa-cloud-sql.iam.gserviceaccount.com":                  {"", yes},
		"service-123@myproject-a.iam.gserviceaccount.com":                    {"123", maybe}, // a user's, or of a host that is not known
		"service-123@some-new-robot.iam.gserviceaccount.com":                 {"123", maybe},
		"123@some-new-robot.iam.gserviceaccount.com":                         {"123", maybe},
		"web@myproject-a.iam.gserviceaccount.com":                            {"", no},
		"service-web@myproject-a.iam.gserviceaccount.com":                    {"", no},
		"project-123@myproject-a.iam.gserviceaccount.com":                    {"", no},
		"123-compute@developer.gserviceaccount.com":                          {"", no},
		"myproject-a@appspot.gserviceaccount.com":                            {"", no},
		"service-123@serverless-robot-prod.iam.gserviceaccount.com.evil.com": {"", no},
		"service-123@evil.com":                                               {"", no},
		"":                                                                   {"", no},
	} {
		t.Run(cmp.Or(email, "empty"), func(t *testing.T) {
			if number, is := parseServiceAgent(email); number != want.number || is != want.is {
				t.Errorf("%q: %q, %v; want %q, %v", email, number, is, want.number, want.is)
			}
		})
	}
}

func TestRunAgentProject(t *testing.T) {
	for m, want := range map[Member]string{
		"serviceAccount:service-123@serverless-robot-prod.iam.gserviceaccount.com":               "123",
		"serviceAccount:Service-123@serverless-robot-prod.iam.gserviceaccount.com":               "123",
		"serviceAccount:service-123@myproject-a.iam.gserviceaccount.com":                         "",
		"serviceAccount:service-123@gcp-sa-artifactregistry.iam.gserviceaccount.com":             "",
		"serviceAccount:123@serverless-robot-prod.iam.gserviceaccount.com":                       "",
		"serviceAccount:service-myproject-a@serverless-robot-prod.iam.gserviceaccount.com":       "",
		"user:service-123@serverless-robot-prod.iam.gserviceaccount.com":                         "",
		"deleted:serviceAccount:service-123@serverless-robot-prod.iam.gserviceaccount.com?uid=1": "",
	} {
		t.Run(string(m), func(t *testing.T) {
			if got := RunServiceAgentProject(m); got != want {
				t.Errorf("%s: %q, want %q", m, got, want)
			}
		})
	}
}

func TestKindOfMember(t *testing.T) {
	for m, want := range map[Member]string{
		"serviceAccount:service-1@gcp-sa-artifactregistry.iam.gserviceaccount.com": "other agents of Google's services",
		"serviceAccount:service-1@gcf-admin-robot.iam.gserviceaccount.com":         "other agents of Google's services",
		"serviceAccount:1@cloudservices.gserviceaccount.com":                       "other agents of Google's services",
		"serviceAccount:service-123@team-a.iam.gserviceaccount.com":                "service accounts",
		"serviceAccount:1-compute@developer.gserviceaccount.com":                   "service accounts",
		"user:service-123@example.com":                                             "people",
	} {
		t.Run(string(m), func(t *testing.T) {
			if got := memberKindText(m); got != want {
				t.Errorf("%s are %q, want %q", m, got, want)
			}
		})
	}
}

// An account that is called like an agent is one of its project: misplaced where it runs the workload, and listed with a
// role of an agent on a project that has its number by chance.
func TestStaleAccountsCalledLikeAgents(t *testing.T) {
	const like = "service-900@team-a.iam.gserviceaccount.com"
	repo, project := staleRepo.Resource(), ProjectResource("source-b")
	s := staleSituation(map[Resource][]Binding{repo: {newBinding(readerRole, ServiceAccountMember(like))}, project: {newBinding("roles/run.serviceAgent", ServiceAccountMember(like))}})
	running := s.Inventories["team-a"].Value.Running
	running[0].ServiceAccount = like
	s.ReadingDone = true
	list := FindStale(s).Bindings
	if len(list) != 2 || list[0].Status != StaleMisplaced || list[1].Status != StaleUnknown {
		t.Errorf("they are %+v", list)
	}
}

// Sets of a project's agents in deny rules and exceptions: by the host where that decides, else open.
func TestDenyNamesServiceAgents(t *testing.T) {
	const set = "principalSet://cloudresourcemanager.googleapis.com/"
	of := func(email string) Member { return ServiceAccountMember(email) }
	for _, c := range []struct {
		entry string
		who   Member
		want  ternary
	}{
		{"projects/123/type/ServiceAgent", of("service-123@gcf-admin-robot.iam.gserviceaccount.com"), yes},
		{"projects/123/type/ServiceAgent", of("123@cloudservices.gserviceaccount.com"), yes},
		{"projects/123/type/ServiceAgent", of("service-456@gcf-admin-robot.iam.gserviceaccount.com"), no},
		{"projects/123/type/ServiceAgent", of("p123-abc@gcp-sa-cloud-sql.iam.gserviceaccount.com"), maybe},
		{"projects/123/type/ServiceAgent", of("service-123@some-new-robot.iam.gserviceaccount.com"), maybe},
		{"projects/123/type/ServiceAgent", of("service-456@some-new-robot.iam.gserviceaccount.com"), no},
		{"projects/123/type/ServiceAgent", of("web@myproject-a.iam.gserviceaccount.com"), no},
		{"projects/123/type/ServiceAgent", of("123-compute@developer.gserviceaccount.com"), no},
		{"projects/123/type/ServiceAgent", "user:dev@example.com", no},
		{"folders/1/type/ServiceAgent", of("service-123@compute-system.iam.gserviceaccount.com"), maybe},
		{"organizations/1/type/ServiceAgent", of("web@myproject-a.iam.gserviceaccount.com"), no},
		{"projects/123/type/ServiceAccount", of("web@myproject-a.iam.gserviceaccount.com"), maybe},
	} {
		t.Run(c.entry+" "+string(c.who), func(t *testing.T) {
			denied := DenyRule{DeniedPrincipals: []string{set + c.entry}, DeniedPermissions: []string{denyPermissionName(PermDownload)}}
			if got := denied.applies(c.who, PermDownload); got != c.want {
				t.Errorf("a rule against %s takes it from %s: %v, want %v", c.entry, c.who, got, c.want)
			}
			excepted := DenyRule{DeniedPrincipals: []string{"principalSet://goog/public:all"}, ExceptionPrincipals: denied.DeniedPrincipals,
				DeniedPermissions: denied.DeniedPermissions}
			if got := excepted.applies(c.who, PermDownload); got != c.want.not() {
				t.Errorf("with %s excepted it is taken from %s: %v, want %v", c.entry, c.who, got, c.want.not())
			}
		})
	}
}

// Deny policies spell permissions by the API's host (IAM, "Permissions supported in deny policies").
func TestDenyPermission(t *testing.T) {
	for p, want := range map[Permission]string{
		"run.services.create":                        "run.googleapis.com/services.create",
		"artifactregistry.repositories.setIamPolicy": "artifactregistry.googleapis.com/repositories.setIamPolicy",
		"iam.serviceAccounts.actAs":                  "iam.googleapis.com/serviceAccounts.actAs",
		"resourcemanager.projects.setIamPolicy":      "cloudresourcemanager.googleapis.com/projects.setIamPolicy",
	} {
		t.Run(string(p), func(t *testing.T) {
			if got := denyPermissionName(p); got != want {
				t.Errorf("%s is spelled %s, want %s", p, got, want)
			}
		})
	}
}
