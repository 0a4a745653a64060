package handover

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"whopulls/model"
)

var (
	staleRepo   = model.RepositoryName{Project: "source-b", Location: "us", ID: "images"}
	otherRepo   = model.RepositoryName{Project: "source-b", Location: "us", ID: "other"}
	staleFolder = model.AncestorResource("folders/1")
)

const expiredCondition = `request.time < timestamp("2026-05-01T00:00:00Z")`

// readerAttributes gives the attributes of a resource that holds a reader of the repository.
func readerAttributes(more string) string {
	return `{"project":"source-b","location":"us","repository":"images","role":"roles/artifactregistry.reader",` + more + `}`
}

func pulledState(kind, instance string) string {
	return fmt.Sprintf(`{"version":4,"resources":[{"mode":"managed","type":%q,"name":"x","instances":[%s]}]}`, kind, instance)
}

func TestTerraformHolders(t *testing.T) {
	const repository, project = "google_artifact_registry_repository_iam_", "google_project_iam_"
	agent := model.RunServiceAgent("2")
	condition := &model.Condition{Title: "t", Description: "d", Expression: expiredCondition}
	quoted := strings.ReplaceAll(expiredCondition, `"`, `\"`)
	on := func(r model.Resource, c *model.Condition) model.StaleBinding {
		return model.StaleBinding{Resource: r, Role: model.RoleReader, Member: agent, Condition: c}
	}
	here := on(staleRepo.Resource(), nil)
	gone := here
	gone.Member = "deleted:" + agent + "?uid=7"
	for _, c := range []struct {
		about, state string
		binding      model.StaleBinding
		want         string
	}{
		{"a member", pulledState(repository+"member", `{"attributes":`+readerAttributes(`"member":"`+string(agent)+`"`)+`}`), here, "x member"},
		{"whatever its letters", pulledState(repository+"member", `{"attributes":`+readerAttributes(`"member":"`+strings.ToUpper(string(agent)[:1])+string(agent)[1:]+`"`)+`}`), here, "x member"},
		{"another member", pulledState(repository+"member", `{"attributes":`+readerAttributes(`"member":"user:a@example.com"`)+`}`), here, ""},
		{"a key", pulledState(repository+"member", `{"index_key":"a\"${b}","attributes":`+readerAttributes(`"member":"`+string(agent)+`"`)+`}`), here, `x["a\"$${b}"] member "a\"$${b}"`},
		{"a number", pulledState(repository+"member", `{"index_key":0,"attributes":`+readerAttributes(`"member":"`+string(agent)+`"`)+`}`), here, "x[0] member 0 counted"},
		{"one that is on its way out", pulledState(repository+"member", `{"deposed":"1234","attributes":`+readerAttributes(`"member":"`+string(agent)+`"`)+`}`), here, ""},
		{"a binding", pulledState(repository+"binding", `{"attributes":`+readerAttributes(`"members":["user:a@example.com","`+string(agent)+`"]`)+`}`), here, "x binding +1"},
		{"an audit configuration", pulledState(repository+"audit_config", `{"attributes":`+readerAttributes(`"members":["`+string(agent)+`"]`)+`}`), here, ""},
		{"a deleted member, as it was", pulledState(repository+"member", `{"attributes":`+readerAttributes(`"member":"`+string(agent)+`"`)+`}`), gone, "x member"},
		{"another place", pulledState(repository+"member", `{"attributes":`+readerAttributes(`"member":"`+string(agent)+`"`)+`}`), on(otherRepo.Resource(), nil), ""},
		{"another kind of place", pulledState(repository+"member", `{"attributes":`+readerAttributes(`"member":"`+string(agent)+`"`)+`}`), on(model.ProjectResource("source-b"), nil), ""},
		{"a condition", pulledState(project+"member", `{"attributes":`+readerAttributes(`"member":"`+string(agent)+`","condition":[{"title":"t","expression":"`+quoted+`"}]`)+`}`), on(model.ProjectResource("source-b"), condition), "x member"},
		{"a condition that the binding lacks", pulledState(project+"member", `{"attributes":`+readerAttributes(`"member":"`+string(agent)+`","condition":[{"title":"t","expression":"`+quoted+`"}]`)+`}`), on(model.ProjectResource("source-b"), nil), ""},
		{"a policy", pulledState(project+"policy", `{"attributes":{"project":"source-b","policy_data":"{\"bindings\":[{\"role\":\"roles/artifactregistry.reader\",\"members\":[\"`+string(agent)+`\"]}]}"}}`), on(model.ProjectResource("source-b"), nil), "x policy"},
		{"a folder", pulledState("google_folder_iam_member", `{"attributes":{"folder":"folders/1","role":"roles/artifactregistry.reader","member":"`+string(agent)+`"}}`), on(staleFolder, nil), "x member"},
		{"an organization", pulledState("google_organization_iam_member", `{"attributes":{"org_id":"9","role":"roles/artifactregistry.reader","member":"`+string(agent)+`"}}`), on(model.AncestorResource("organizations/9"), nil), "x member"},
		{"no attributes", pulledState(repository+"member", `{"attributes":null},{"attributes":7},{}`), here, ""},
		{"data is no resource", strings.Replace(pulledState(repository+"member", `{"attributes":`+readerAttributes(`"member":"`+string(agent)+`"`)+`}`), "managed", "data", 1), here, ""},
		{"nothing yet", `{"format_version":"1.0"}`, here, ""},
		{"the state before a plan", `{"format_version":"1.2","planned_values":{},"prior_state":{"format_version":"1.0","values":{"root_module":{"child_modules":[{"address":"module.a[0]","resources":[{"address":"module.a[0].` + repository + `member.x","mode":"managed","type":"` + repository + `member","values":` + readerAttributes(`"member":"`+string(agent)+`"`) + `}]}]}}}}`, here, "module.a[0].x member in a module with a key"},
	} {
		t.Run(c.about, func(t *testing.T) {
			state, err := ParseTerraformState([]byte(c.state))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, h := range state.Holders(c.binding) {
				text := h.Address
				for _, kind := range []string{repository, project, "google_folder_iam_", "google_organization_iam_"} {
					text = strings.ReplaceAll(text, kind+h.Form+".", "")
				}
				text += " " + h.Form
				if h.Key != "" {
					text += " " + h.Key
				}
				if h.HasCountIndex() {
					text += " counted"
				}
				if h.OtherMembers > 0 {
					text += fmt.Sprintf(" +%d", h.OtherMembers)
				}
				if h.ModuleHasKey {
					text += " in a module with a key"
				}
				got = append(got, text)
			}
			if text := strings.Join(got, ", "); text != c.want {
				t.Errorf("the holders are %q, want %q", text, c.want)
			}
		})
	}
}

func TestParseTerraformStateRefuses(t *testing.T) {
	for text, want := range map[string]string{"": "no JSON", "resource {}": "no JSON", "[]": "no JSON", "{}": "no state", `{"version":3,"modules":[]}`: "version 3", `{"hello":1}`: "no state", `{"version":4,"resources":7}`: "no JSON"} {
		t.Run(cmp.Or(text, "nothing"), func(t *testing.T) {
			if _, err := ParseTerraformState([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("the error is %v, want one with %q", err, want)
			}
		})
	}
}

func TestTerraformIDs(t *testing.T) {
	b := model.StaleBinding{Resource: model.ProjectResource("p"), Role: model.RoleReader, Member: "user:Dev@Example.com", Condition: &model.Condition{Title: "until May", Description: "d", Expression: "e"}}
	for got, want := range map[string]string{
		ImportID(b):       "p roles/artifactregistry.reader user:Dev@Example.com until May",
		StateID(b):        "p/roles/artifactregistry.reader/user:dev@example.com/until May/d/e",
		BindingStateID(b): "p/roles/artifactregistry.reader/until May/d/e",
		ImportID(model.StaleBinding{Resource: staleFolder, Role: "r", Member: "deleted:group:g@example.com?uid=1"}):            "folders/1 r group:g@example.com",
		StateID(model.StaleBinding{Resource: model.AncestorResource("organizations/9"), Role: "r", Member: "principal://A/B"}): "9/r/principal://A/B",
		TerraformType(staleRepo.Resource()): "google_artifact_registry_repository_iam_member",
		TerraformType(staleFolder):          "google_folder_iam_member",
		TerraformType("//x/y/z"):            "",
	} {
		t.Run(want, func(t *testing.T) {
			if got != want {
				t.Errorf("it is %q, want %q", got, want)
			}
		})
	}
}

// A state that is small as a file is not large in memory, be it in the document or in the text of a policy.
func TestStatesAreBounded(t *testing.T) {
	const many = maxStateValues + 1
	objects := "[" + strings.Repeat("{},", many) + "{}]"
	for about, c := range map[string]struct {
		state string
		ok    bool
	}{
		"modules":   {`{"format_version":"1.0","values":{"root_module":{"child_modules":` + objects + `}}}`, false},
		"resources": {`{"version":4,"resources":` + objects + `}`, false},
		"depth":     {`{"format_version":"1.0","values":{"root_module":` + strings.Repeat(`{"child_modules":[`, 2000) + strings.Repeat(`]}`, 2000) + `}}`, false},
		"a policy":  {`{"version":4,"resources":[{"mode":"managed","type":"google_project_iam_policy","name":"x","instances":[{"attributes":{"policy_data":"{\"bindings\":` + objects + `}"}}]}]}`, false},
	} {
		t.Run(about, func(t *testing.T) {
			s, err := ParseTerraformState([]byte(c.state))
			if (err == nil) != c.ok || len(s.bindings) > 0 {
				t.Errorf("%d bindings, error %v", len(s.bindings), err)
			}
		})
	}
}
