package gcp

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"whopulls/gcp/sandbox"
	"whopulls/model"
)

// groupsWorld: the agent reads through a group whose members only some may see, a deny policy keeps another out.
const groupsWorld = `caller: user:dev@example.com
organization: {id: "1", displayName: example.com, policy: {bindings: [{role: roles/owner, members: ["user:dev@example.com"]}, {role: roles/iam.securityReviewer, members: ["user:dev@example.com"]}]}}
groups: [{email: pullers@example.com, members: ["serviceAccount:service-111111111111@serverless-robot-prod.iam.gserviceaccount.com"], visibleTo: ["user:dev@example.com"]}]
projects:
  - {id: myproject-a, number: "111111111111", parent: organizations/1, services: [run.googleapis.com, policytroubleshooter.googleapis.com]}
  - id: myproject-b
    number: "222222222222"
    parent: organizations/1
    services: [artifactregistry.googleapis.com, policytroubleshooter.googleapis.com]
    repositories:
      - {location: asia-northeast1, id: myrepo, policy: {bindings: [{role: roles/artifactregistry.reader, members: ["group:pullers@example.com"]}]}}
`

// TestOpinionSeesIntoGroups: what the policies leave open, Policy Troubleshooter decides for a caller that may see the group.
func TestOpinionSeesIntoGroups(t *testing.T) {
	for _, c := range []struct {
		about string
		edit  func(string) string
		want  model.Verdict
		says  string
	}{
		{"seen", func(w string) string { return w }, model.Granted, "roles/artifactregistry.reader on repository myrepo through group:pullers@example.com"},
		{"hidden", func(w string) string {
			return strings.Replace(w, "visibleTo: [\"user:dev@example.com\"]", "visibleTo: []", 1)
		}, model.Unknown, "may reach it"},
		{"not in it", func(w string) string {
			return strings.Replace(w, "serviceAccount:service-111111111111@serverless-robot-prod.iam.gserviceaccount.com", "user:eve@example.com", 1)
		}, model.Missing, ""},
		{"the API is off", func(w string) string { return strings.ReplaceAll(w, ", policytroubleshooter.googleapis.com", "") }, model.Unknown, ""},
	} {
		t.Run(c.about, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "world.yaml")
			if err := os.WriteFile(file, []byte(c.edit(groupsWorld)), 0o600); err != nil {
				t.Fatal(err)
			}
			cloud := dialTest(t, Options{Sandbox: startSandbox(t, sandbox.Options{}, file).Addr()})
			q := model.Question{Project: "myproject-a", Repository: model.RepositoryName{Project: "myproject-b", Location: "asia-northeast1", ID: "myrepo"}}
			s, err := cloud.Read(t.Context(), q, model.PlanOptions{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			checks := model.Diagnose(s).Checks
			pull := checks[slices.IndexFunc(checks, func(c model.Check) bool { return c.ID == model.CheckPull })]
			if pull.Verdict != c.want {
				t.Errorf("the pull is %s (%s), want %s", pull.Verdict, pull.Reason, c.want)
			}
			if c.says != "" && (pull.Opinion == nil || !strings.Contains(strings.Join(pull.Opinion.Why, "; "), c.says)) {
				t.Errorf("the opinion is %v, want %q in it", pull.Opinion, c.says)
			}
			if pull.Opinion == nil && (len(pull.Advice) != 1 || !strings.Contains(pull.Advice[0], "policytroubleshooter.googleapis.com is off")) {
				t.Errorf("without an opinion it advises %v", pull.Advice)
			}
		})
	}
}
