package gcp

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"whopulls/gcp/sandbox"
	"whopulls/model"
)

// quotaWorld: three projects, each with its own APIs; a group hides who pulls, which Policy Troubleshooter knows.
const quotaWorld = `caller: user:dev@example.com
organization: {id: "1", displayName: example.com, policy: {bindings: [{role: roles/owner, members: ["user:dev@example.com"]}, {role: roles/orgpolicy.policyViewer, members: ["user:dev@example.com"]}]}}
groups: [{email: pullers@example.com, members: ["serviceAccount:service-1@serverless-robot-prod.iam.gserviceaccount.com"], visibleTo: ["user:dev@example.com"]}]
projects:
  - {id: consumer-a, number: "1", parent: organizations/1, services: [run.googleapis.com, %s]}
  - id: source-b
    number: "2"
    parent: organizations/1
    services: [artifactregistry.googleapis.com, %s]
    repositories: [{location: us, id: images, policy: {bindings: [{role: roles/artifactregistry.reader, members: ["group:pullers@example.com"]}]}}]
  - {id: accounts-c, number: "3", parent: organizations/1, services: [%[2]s], serviceAccounts: [{accountId: web}]}
`

// In a sandbox too the consumer project pays, whatever project is asked about, and Org Policy and Policy Troubleshooter
// answer by its APIs.
func TestSandboxCallsUseTheConsumersQuota(t *testing.T) {
	const both, none = "orgpolicy.googleapis.com, policytroubleshooter.googleapis.com", "iam.googleapis.com"
	for _, c := range []struct {
		consumer, others string
		target           Options
		answers          bool
	}{
		{both, none, Options{}, true},
		{none, both, Options{}, false},
		{both, none, Options{Project: "source-b"}, true}, // the question's project is nearer than the one at the beginning
		{both, none, Options{QuotaProject: "source-b"}, false},
		{none, both, Options{QuotaProject: "source-b"}, true},
		{both, none, Options{NoQuotaProject: true}, false}, // nobody is named: the project that is asked about
		{none, both, Options{NoQuotaProject: true}, true},
	} {
		t.Run(fmt.Sprintf("%s on, project %q, quota project %q, none %t", c.consumer, c.target.Project, c.target.QuotaProject, c.target.NoQuotaProject), func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "world.yaml")
			if err := os.WriteFile(file, fmt.Appendf(nil, quotaWorld, c.consumer, c.others), 0o600); err != nil {
				t.Fatal(err)
			}
			c.target.Sandbox = startSandbox(t, sandbox.Options{}, file).Addr()
			cloud := dialTest(t, c.target)
			q := model.Question{Project: "consumer-a", ServiceAccount: "web@accounts-c.iam.gserviceaccount.com",
				Repository: model.RepositoryName{Project: "source-b", Location: "us", ID: "images"}}
			s, err := cloud.Read(t.Context(), q, model.PlanOptions{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			fact := s.Constraints[model.ProjectResource("accounts-c")]
			if fact.Read() != c.answers {
				t.Errorf("consumer %s, others %s, %+v: Org Policy answers %v", c.consumer, c.others, c.target, fact)
			}
			checks := model.Diagnose(s).Checks
			pull := checks[slices.IndexFunc(checks, func(c model.Check) bool { return c.ID == model.CheckPull })]
			if (pull.Verdict == model.Granted) != c.answers {
				t.Errorf("consumer %s, others %s, %+v: the pull is %s", c.consumer, c.others, c.target, pull.Verdict)
			}
			if !c.answers && !strings.Contains(fact.Gap.Reason, "API") {
				t.Errorf("consumer %s, others %s: the gap is %q", c.consumer, c.others, fact.Gap.Reason)
			}
		})
	}
}
