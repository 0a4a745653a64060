package model

import (
	"fmt"
	"strings"
	"testing"
)

// held gives the attributes of a resource that holds a reader of the repository.
func readerAttributes(more string) string {
	return `{"project":"source-b","location":"us","repository":"images","role":"roles/artifactregistry.reader",` + more + `}`
}

func pulledState(kind, instance string) string {
	return fmt.Sprintf(`{"version":4,"resources":[{"mode":"managed","type":%q,"name":"x","instances":[%s]}]}`, kind, instance)
}

func TestTerraformHolders(t *testing.T) {
	const repository, project = "google_artifact_registry_repository_iam_", "google_project_iam_"
	agent := serviceAgentOf("2")
	condition := &Condition{Title: "t", Description: "d", Expression: expiredCondition}
	quoted := strings.ReplaceAll(expiredCondition, `"`, `\"`)
	on := func(r Resource, c *Condition) StaleBinding {
		return StaleBinding{Resource: r, Role: RoleReader, Member: agent, Condition: c}
	}
	here := on(staleRepo.Resource(), nil)
	gone := here
	gone.Member = "deleted:" + agent + "?uid=7"
	for _, c := range []struct {
		about, state string
		binding      StaleBinding
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
		{"another kind of place", pulledState(repository+"member", `{"attributes":`+readerAttributes(`"member":"`+string(agent)+`"`)+`}`), on(ProjectResource("source-b"), nil), ""},
		{"a condition", pulledState(project+"member", `{"attributes":`+readerAttributes(`"member":"`+string(agent)+`","condition":[{"title":"t","expression":"`+quoted+`"}]`)+`}`), on(ProjectResource("source-b"), condition), "x member"},
		{"a condition that the binding lacks", pulledState(project+"member", `{"attributes":`+readerAttributes(`"member":"`+string(agent)+`","condition":[{"title":"t","expression":"`+quoted+`"}]`)+`}`), on(ProjectResource("source-b"), nil), ""},
		{"a policy", pulledState(project+"policy", `{"attributes":{"project":"source-b","policy_data":"{\"bindings\":[{\"role\":\"roles/artifactregistry.reader\",\"members\":[\"`+string(agent)+`\"]}]}"}}`), on(ProjectResource("source-b"), nil), "x policy"},
		{"a folder", pulledState("google_folder_iam_member", `{"attributes":{"folder":"folders/1","role":"roles/artifactregistry.reader","member":"`+string(agent)+`"}}`), on(staleFolder, nil), "x member"},
		{"an organization", pulledState("google_organization_iam_member", `{"attributes":{"org_id":"9","role":"roles/artifactregistry.reader","member":"`+string(agent)+`"}}`), on(AncestorResource("organizations/9"), nil), "x member"},
		{"no attributes", pulledState(repository+"member", `{"attributes":null},{"attributes":7},{}`), here, ""},
		{"data is no resource", strings.Replace(pulledState(repository+"member", `{"attributes":`+readerAttributes(`"member":"`+string(agent)+`"`)+`}`), "managed", "data", 1), here, ""},
		{"nothing yet", `{"format_version":"1.0"}`, here, ""},
		{"the state before a plan", `{"format_version":"1.2","planned_values":{},"prior_state":{"format_version":"1.0","values":{"root_module":{"child_modules":[{"address":"module.a[0]","resources":[{"address":"module.a[0].` + repository + `member.x","mode":"managed","type":"` + repository + `member","values":` + readerAttributes(`"member":"`+string(agent)+`"`) + `}]}]}}}}`, here, "module.a[0].x member in a module with a key"},
	} {
		state, err := ParseTerraformState([]byte(c.state))
		if err != nil {
			t.Errorf("%s: %v", c.about, err)
			continue
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
			t.Errorf("%s: %q, not %q", c.about, text, c.want)
		}
	}
}

func TestParseTerraformStateRefuses(t *testing.T) {
	for text, want := range map[string]string{"": "no JSON", "resource {}": "no JSON", "[]": "no JSON", "{}": "no state", `{"version":3,"modules":[]}`: "version 3", `{"hello":1}`: "no state", `{"version":4,"resources":7}`: "no JSON"} {
		if _, err := ParseTerraformState([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestTerraformIDs(t *testing.T) {
	b := StaleBinding{Resource: ProjectResource("p"), Role: RoleReader, Member: "user:Dev@Example.com", Condition: &Condition{Title: "until May", Description: "d", Expression: "e"}}
	for got, want := range map[string]string{
		b.ImportID():       "p roles/artifactregistry.reader user:Dev@Example.com until May",
		b.StateID():        "p/roles/artifactregistry.reader/user:dev@example.com/until May/d/e",
		b.BindingStateID(): "p/roles/artifactregistry.reader/until May/d/e",
		StaleBinding{Resource: staleFolder, Role: "r", Member: "deleted:group:g@example.com?uid=1"}.ImportID():      "folders/1 r group:g@example.com",
		StaleBinding{Resource: AncestorResource("organizations/9"), Role: "r", Member: "principal://A/B"}.StateID(): "9/r/principal://A/B",
		TerraformType(staleRepo.Resource()): "google_artifact_registry_repository_iam_member",
		TerraformType(staleFolder):          "google_folder_iam_member",
		TerraformType("//x/y/z"):            "",
	} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
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
		s, err := ParseTerraformState([]byte(c.state))
		if (err == nil) != c.ok || len(s.bindings) > 0 {
			t.Errorf("%s: %d, %v", about, len(s.bindings), err)
		}
	}
}
