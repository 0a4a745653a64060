package model_test

import (
	"cmp"
	"errors"
	"testing"

	"whopulls/model"
)

func TestServiceAgents(t *testing.T) {
	if got := model.RunServiceAgent("111111111111"); got != agent {
		t.Errorf("the Cloud Run agent is %s", got)
	}
	want := model.Member("serviceAccount:service-222222222222@gcp-sa-artifactregistry.iam.gserviceaccount.com")
	if got := model.RegistryServiceAgent("222222222222"); got != want {
		t.Errorf("the Artifact Registry agent is %s", got)
	}
	if got := model.DefaultComputeAccount("111111111111"); got != computeEmail {
		t.Errorf("the default compute account is %s", got)
	}
}

func TestServiceAccountMember(t *testing.T) {
	if got := model.ServiceAccountMember(webEmail); got != web {
		t.Errorf("%s as a member is %s", webEmail, got)
	}
	if got := model.ServiceAccountMember(""); got != "" {
		t.Errorf("no account as a member is %q, want nobody", got)
	}
}

func TestAccountProject(t *testing.T) {
	for email, want := range map[string]string{
		webEmail:     "myproject-a",
		computeEmail: "111111111111",
		"myproject-a@appspot.gserviceaccount.com":                               "myproject-a",
		"web@my-project.example.com.iam.gserviceaccount.com":                    "example.com:my-project",
		"my-project.example.com@appspot.gserviceaccount.com":                    "example.com:my-project",
		"service-111111111111@serverless-robot-prod.iam.gserviceaccount.com":    "",
		"service-222222222222@gcp-sa-artifactregistry.iam.gserviceaccount.com":  "",
		"service-222222222222@gcp-sa-cloudbuild.iam.gserviceaccount.com":        "",
		"service-222222222222@container-engine-robot.iam.gserviceaccount.com":   "",
		"service-222222222222@compute-system.iam.gserviceaccount.com":           "",
		"222222222222@cloudservices.gserviceaccount.com":                        "",
		"222222222222@cloudbuild.gserviceaccount.com":                           "",
		"service-222222222222@gcp-ri-aiplatform.iam.gserviceaccount.com":        "",
		"p222222222222-abc@gcp-sa-cloud-sql.iam.gserviceaccount.com":            "",
		"service-222222222222@gae-api-prod.google.com.iam.gserviceaccount.com":  "",
		"project-222222222222@storage-transfer-service.iam.gserviceaccount.com": "",
		"service-123@myproject-a.iam.gserviceaccount.com":                       "myproject-a",
		"service-222222222222@my-project.example.com.iam.gserviceaccount.com":   "example.com:my-project",
		"WEB@MyProject-A.iam.gserviceaccount.com":                               "myproject-a",
		"dev@example.com":             "",
		"not an address":              "",
		"":                            "",
		"web@iam.gserviceaccount.com": "",
	} {
		t.Run(cmp.Or(email, "empty"), func(t *testing.T) {
			if got := model.AccountProject(email); got != want {
				t.Errorf("%q belongs to project %q, want %q", email, got, want)
			}
		})
	}
}

func TestParseMember(t *testing.T) {
	pool := model.Member("principal://iam.googleapis.com/locations/global/workforcePools/p/subject/s")
	set := model.Member("principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/attribute.a/v")
	for text, want := range map[string]model.Member{
		"user:dev@example.com":       dev,
		"dev@example.com":            dev,
		" user:dev@example.com\n":    dev,
		"serviceAccount:" + webEmail: web,
		webEmail:                     web,
		computeEmail:                 "serviceAccount:" + computeEmail,
		"group:team@example.com":     "group:team@example.com",
		string(agent):                agent,
		string(pool):                 pool,
		string(set):                  set,
		"myproject-a@appspot.gserviceaccount.com": "serviceAccount:myproject-a@appspot.gserviceaccount.com",
	} {
		t.Run(text, func(t *testing.T) {
			if got, err := model.ParseMember(text); err != nil || got != want {
				t.Errorf("%q is %q, %v; want %q", text, got, err, want)
			}
		})
	}
}

func TestParseMemberRefuses(t *testing.T) {
	for _, text := range []string{"", "dev", "user:", "user:dev", "user:a b@example.com", "serviceAccount:dev@example.com", "serviceAccount:",
		"principal:x", "principalSet:iam", "allUsers", "allAuthenticatedUsers", "domain:example.com", "projectOwner:myproject-a",
		"deleted:user:dev@example.com?uid=1", "user:dev@example.com,user:eve@example.com", "robot:dev@example.com"} {
		t.Run(cmp.Or(text, "empty"), func(t *testing.T) {
			got, err := model.ParseMember(text)
			var bad *model.InputError
			if !errors.As(err, &bad) || bad.Hint() == "" || bad.Text != text {
				t.Errorf("%q is %q, %v; want an InputError with a hint", text, got, err)
			}
		})
	}
}

// An address is an account's by its host, whatever the case it was typed in.
func TestParseMemberNeverMakesAUserOfAnAccount(t *testing.T) {
	for _, text := range []string{"Web@myproject-a.iam.gserviceaccount.com", "WEB@MYPROJECT-A.IAM.GSERVICEACCOUNT.COM"} {
		t.Run(text, func(t *testing.T) {
			if got, err := model.ParseMember(text); err == nil && got.Type() == "user" {
				t.Errorf("%q is taken for %s", text, got)
			}
		})
	}
}

func TestParseAccountEmail(t *testing.T) {
	for _, text := range []string{webEmail, " " + webEmail, "serviceAccount:" + webEmail} {
		t.Run(text, func(t *testing.T) {
			if got, err := model.ParseAccountEmail(text); err != nil || got != webEmail {
				t.Errorf("%q is %q, %v", text, got, err)
			}
		})
	}
	for _, email := range []string{computeEmail, "myproject-a@appspot.gserviceaccount.com", "web@my-project.example.com.iam.gserviceaccount.com"} {
		t.Run(email, func(t *testing.T) {
			if got, err := model.ParseAccountEmail(email); err != nil || got != email {
				t.Errorf("%q is %q, %v", email, got, err)
			}
		})
	}
	for _, text := range []string{"", "web", "dev@example.com", "user:" + webEmail, "group:" + webEmail, "web @x.iam.gserviceaccount.com",
		"@x.iam.gserviceaccount.com", webEmail + ".evil.com", "web@gserviceaccount.com.evil.com", "serviceAccount:serviceAccount:" + webEmail} {
		t.Run(cmp.Or(text, "empty"), func(t *testing.T) {
			got, err := model.ParseAccountEmail(text)
			var bad *model.InputError
			if !errors.As(err, &bad) || bad.Hint() == "" {
				t.Errorf("%q is %q, %v; want an InputError with a hint", text, got, err)
			}
		})
	}
}

func TestMemberParts(t *testing.T) {
	for m, want := range map[model.Member][3]string{
		dev:                                      {"user", "dev@example.com", "dev@example.com"},
		web:                                      {"serviceAccount", webEmail, webEmail},
		"group:team@example.com":                 {"group", "team@example.com", "team@example.com"},
		"domain:example.com":                     {"domain", "example.com", ""},
		"allUsers":                               {"allUsers", "", ""},
		"projectEditor:myproject-a":              {"projectEditor", "myproject-a", ""},
		"deleted:user:dev@example.com?uid=12":    {"deleted", "user:dev@example.com?uid=12", "dev@example.com"},
		"deleted:serviceAccount:a@b.c?uid=12":    {"deleted", "serviceAccount:a@b.c?uid=12", "a@b.c"},
		"principal://iam.googleapis.com/x":       {"principal", "//iam.googleapis.com/x", ""},
		"deleted:principal://iam.googleapis.com": {"deleted", "principal://iam.googleapis.com", ""},
	} {
		t.Run(string(m), func(t *testing.T) {
			if got := [3]string{m.Type(), m.Value(), m.Email()}; got != want {
				t.Errorf("%s has the parts %q, want %q", m, got, want)
			}
		})
	}
}
