package handover_test

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"pgregory.net/rapid"

	"whopulls/model"
	"whopulls/model/handover"
)

const repository model.Resource = "//artifactregistry.googleapis.com/projects/myproject-b/locations/asia-northeast1/repositories/myrepo"

var consumerRef = func() model.ConsumerRef {
	number := "111111111111"
	return model.ConsumerRef{ID: "myproject-a", Number: &number}
}()

// readBack evaluates a configuration: the attributes by the address of each resource.
func readBack(t interface{ Fatalf(string, ...any) }, config string) map[string]map[string]string {
	file, diags := hclsyntax.ParseConfig([]byte(config), "plan.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%v in\n%s", diags, config)
	}
	vars := &hcl.EvalContext{Variables: map[string]cty.Value{"data": cty.ObjectVal(map[string]cty.Value{"google_project": cty.ObjectVal(
		map[string]cty.Value{"consumer": cty.ObjectVal(map[string]cty.Value{"number": cty.StringVal("111111111111")})})})}}
	all := map[string]map[string]string{}
	for _, block := range file.Body.(*hclsyntax.Body).Blocks {
		said := map[string]string{}
		for name, a := range block.Body.Attributes {
			if v, diags := a.Expr.Value(vars); !diags.HasErrors() && v.Type() == cty.String {
				said[name] = v.AsString()
			}
		}
		all[strings.Join(block.Labels, ".")] = said
	}
	return all
}

// Whatever names hold, the configuration parses and says the same values, and no comment becomes code.
func TestTerraformSaysWhatTheStepsSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringOfN(rapid.SampledFrom([]rune("a${}%\"'`\\\n\r\t #*/<|東\x1b")), 0, 12, -1)
		s := model.Step{ID: "1", Kind: model.StepGrant, Check: "pull", Certain: rapid.Bool().Draw(t, "certain"), Role: name.Draw(t, "role"),
			Member: model.Member("user:" + name.Draw(t, "member")), Title: name.Draw(t, "title"), Caution: name.Draw(t, "caution"),
			Resource: model.Resource("//artifactregistry.googleapis.com/projects/p/locations/l/repositories/" + strings.ReplaceAll(name.Draw(t, "id"), "/", ""))}
		if s.Role == "" {
			s.Role = "roles/x"
		}
		config := handover.Terraform(model.Plan{Steps: []model.Step{s}}, consumerRef)
		got := readBack(t, config)
		said, ok := got["google_artifact_registry_repository_iam_member.whopulls_pull_1"]
		// Text is kept in the form that Unicode calls normal, which changes none of the letters drawn here.
		if !ok || len(got) != 1 || said["role"] != s.Role || said["member"] != string(s.Member) || said["repository"] != s.Resource.ID() {
			t.Fatalf("%+v became %v:\n%s", s, got, config)
		}
	})
}

// Terraform keeps texts in one Unicode form. A name in another would become somebody else's: it is left to gcloud.
func TestTerraformGrantsNobodyElse(t *testing.T) {
	const pool = "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/"
	for name, s := range map[string]model.Step{
		"member": {Role: "roles/x", Member: pool + "e\u0301", Resource: repository},
		"role":   {Role: "projects/p/roles/\u212b", Member: "user:a@example.com", Resource: repository},
		"place":  {Role: "roles/x", Member: "user:a@example.com", Resource: repository + "e\u0301"},
	} {
		t.Run(name, func(t *testing.T) {
			s.ID, s.Kind, s.Certain = "1", model.StepGrant, true
			config := handover.Terraform(model.Plan{Steps: []model.Step{s}}, consumerRef)
			if got := readBack(t, config); len(got) != 0 || !strings.Contains(config, "Use gcloud") {
				t.Errorf("the configuration has %v:\n%s", got, config)
			}
		})
	}
	s := model.Step{ID: "1", Kind: model.StepGrant, Certain: true, Role: "roles/x", Member: pool + "\u00e9", Resource: repository}
	if got := readBack(t, handover.Terraform(model.Plan{Steps: []model.Step{s}}, consumerRef)); len(got) != 1 {
		t.Errorf("a name that stays as it is has %v", got)
	}
}

// Every kind of step, in an order that Terraform keeps; the agent by the number that is read.
func TestTerraformOfEveryKind(t *testing.T) {
	agent := model.RunServiceAgent("111111111111")
	steps := []model.Step{
		{Kind: model.StepEnableAPI, Resource: model.APIResource("myproject-a", model.RunService)},
		{Kind: model.StepCreateAgent, Resource: model.APIResource("myproject-a", model.RunService), Member: agent},
		{Kind: model.StepGrant, Resource: model.ProjectResource("myproject-a"), Role: model.RoleRunAgent, Member: agent, After: []string{"1", "2"}},
		{Kind: model.StepGrant, Resource: repository, Role: model.RoleReader, Member: agent, After: []string{"3"}},
		{Kind: model.StepGrant, Resource: model.WorkloadName{Kind: model.Service, Name: "web", Region: "r1"}.Resource("myproject-a"), Role: model.RoleDeveloper, Member: "user:dev@example.com"},
		{Kind: model.StepGrant, Resource: model.WorkloadName{Kind: model.Job, Name: "job", Region: "r1"}.Resource("myproject-a"), Role: model.RoleDeveloper, Member: "user:dev@example.com"},
		{Kind: model.StepGrant, Resource: "//iam.googleapis.com/projects/myproject-a/serviceAccounts/web@myproject-a.iam.gserviceaccount.com", Role: model.RoleAccountUser, Member: "user:dev@example.com"},
	}
	for i := range steps {
		steps[i].ID, steps[i].Certain = fmt.Sprint(i+1), true
	}
	config := handover.Terraform(model.Plan{Steps: steps}, consumerRef)
	got := readBack(t, config)
	if len(got) != len(steps)+1 {
		t.Errorf("%d blocks, want %d:\n%s", len(got), len(steps)+1, config)
	}
	if m := got["google_artifact_registry_repository_iam_member.whopulls__4"]["member"]; m != string(agent) || !strings.Contains(config, "service-${data.google_project.consumer.number}@") {
		t.Errorf("the agent is %q:\n%s", m, config)
	}
	if id := got["google_service_account_iam_member.whopulls__7"]["service_account_id"]; id != "projects/myproject-a/serviceAccounts/web@myproject-a.iam.gserviceaccount.com" {
		t.Errorf("the account is %q", id)
	}
	terraform, err := exec.LookPath("terraform")
	if err != nil {
		t.Skip("terraform is not installed: that it takes the file as formatted is not tried")
	}
	c := exec.Command(terraform, "fmt", "-check", "-")
	c.Stdin = strings.NewReader(config)
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("terraform fmt -check: %v\n%s", err, out)
	}
}
