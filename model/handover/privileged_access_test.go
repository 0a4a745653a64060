package handover_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"whopulls/model"
	"whopulls/model/handover"
	"whopulls/test/golden"
)

const (
	folder       model.Resource = "//cloudresourcemanager.googleapis.com/folders/200000000001"
	organization model.Resource = "//cloudresourcemanager.googleapis.com/organizations/100000000001"
	projectA     model.Resource = "//cloudresourcemanager.googleapis.com/projects/myproject-a"
)

// pullStep lets the agent read; developerStep lets a person deploy.
var (
	pullStep = model.Step{ID: "1", Kind: model.StepGrant, Check: "pull", Title: "Grant the reader role", Why: "The agent pulls the image.", Resource: repository, Role: model.RoleReader,
		Member: model.RunServiceAgent("111111111111"), Requires: []model.Permission{"artifactregistry.repositories.setIamPolicy"}, Certain: true, Gcloud: []string{"gcloud one"}}
	developerStep = model.Step{ID: "2", Kind: model.StepGrant, Check: "deploy", Title: "Grant the developer role", Why: "The deployer calls Cloud Run.", Resource: projectA, Role: model.RoleDeveloper,
		Member: "user:dev@example.com", Requires: []model.Permission{"resourcemanager.projects.setIamPolicy"}, Certain: true, Gcloud: []string{"gcloud two"}}
	createStep = model.Step{ID: "3", Kind: model.StepCreateAgent, Resource: "//serviceusage.googleapis.com/projects/myproject-a/services/run.googleapis.com", Title: "Create the agent", Certain: true}
)

func requestFor(steps ...model.Step) handover.ChangeRequest {
	ancestry := map[string]model.Fact[[]model.Ancestor]{
		"myproject-b": model.Known([]model.Ancestor{{Resource: projectB}, {Resource: folder, Name: "apps"}, {Resource: organization}}),
	}
	return handover.ChangeRequest{Situation: model.Situation{Ancestry: ancestry}, Diagnosis: model.Diagnosis{Consumer: consumerRef},
		Plan: model.Plan{Verdict: model.Missing, Steps: steps}}
}

// The request says how the rights are requested where people hold them only for a time, as text and as Markdown.
func TestTheRequestNamesPrivilegedAccess(t *testing.T) {
	r := requestFor(pullStep, developerStep)
	golden.Compare(t, "request.txt", r.Text())
	golden.Compare(t, "request.md", r.Markdown())
	golden.Compare(t, "privileged.sh", r.PrivilegedAccess().Script())
}

func TestPrivilegedAccess(t *testing.T) {
	for _, test := range []struct {
		name  string
		steps []model.Step
		flags string // of the commands that list, without those that all have
		lacks string
		says  string
	}{
		{"the levels above are read", []model.Step{pullStep}, "--project=myproject-b --folder=200000000001 --organization=100000000001", "could not be read", ""},
		{"the levels above are not read", []model.Step{developerStep}, "--project=myproject-a", "", "above myproject-a could not be read"},
		{"a role for a person", []model.Step{developerStep}, "--project=myproject-a", "", "change 2 may be such a grant too"},
		{"a role for an agent", []model.Step{pullStep}, "--project=myproject-b --folder=200000000001 --organization=100000000001", "may be such a grant", ""},
		{"a grant on a folder", []model.Step{{ID: "1", Resource: folder, Requires: pullStep.Requires}}, "--folder=200000000001", "", ""},
		{"each level once", []model.Step{pullStep, pullStep}, "--project=myproject-b --folder=200000000001 --organization=100000000001", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := requestFor(test.steps...).PrivilegedAccess()
			var flags []string
			for _, command := range p.Search {
				flags = append(flags, strings.TrimPrefix(command, "gcloud pam entitlements search --caller-access-type=grant-requester --location=global "))
			}
			if got := strings.Join(flags, " "); got != test.flags {
				t.Errorf("%s are listed", got)
			}
			if script := p.Script(); test.lacks != "" && strings.Contains(script, test.lacks) || !strings.Contains(script, test.says) {
				t.Errorf("it says\n%s", script)
			}
		})
	}
	if p := requestFor(createStep).PrivilegedAccess(); p != nil {
		t.Errorf("a step that takes no right asks for %v", p.Search)
	}
}

// The gcloud that is installed knows the commands. Without an account it stops at the sign-in, after it has read the flags.
func TestGcloudKnowsThePrivilegedCommands(t *testing.T) {
	if _, err := exec.LookPath("gcloud"); err != nil && os.Getenv("WHOPULLS_NEED_GCLOUD") == "" {
		t.Skip("gcloud is not installed")
	}
	p := requestFor(pullStep).PrivilegedAccess()
	request := strings.Replace(p.Request, "ENTITLEMENT_NAME", "projects/p/locations/global/entitlements/e", 1)
	for _, command := range append(p.Search, request) {
		t.Run(command, func(t *testing.T) {
			run := exec.Command("sh", "-c", command)
			run.Env = append(os.Environ(), "CLOUDSDK_CONFIG="+t.TempDir(), "CLOUDSDK_CORE_DISABLE_PROMPTS=1")
			if out, err := run.CombinedOutput(); err == nil || !strings.Contains(string(out), "gcloud auth login") {
				t.Errorf("gcloud says %v\n%s", err, out)
			}
		})
	}
}
