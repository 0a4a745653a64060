package handover

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"whopulls/model"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// TerraformState is what a state holds of allow policies: the resources that end in _iam_member, _iam_binding and
// _iam_policy.
type TerraformState struct {
	bindings   []terraformBinding
	valuesLeft int   // values that the texts of policies may still hold
	limitErr   error // why one was not read: what it holds is not known
}

// maxStateValues is how many values a state may hold, and the texts in it that are documents of their own once more.
const maxStateValues = 5_000_000

// TerraformHolder is a resource of a state that holds a binding's member.
type TerraformHolder struct {
	Address      string
	Form         string // member, binding or policy
	Key          string // of its own for_each, written as in a configuration; a number of its count; empty: neither
	ModuleHasKey bool   // a module it is in has a key
	OtherMembers int    // other members of the same role that it holds
}

// HasCountIndex reports whether the key is an index of count.
func (h TerraformHolder) HasCountIndex() bool { return h.Key != "" && h.Key[0] != '"' }

// terraformBinding is a role on a place with its members, as a resource holds it.
type terraformBinding struct {
	TerraformHolder
	typePrefix string // the type without its form: google_project_iam_
	location   map[string]string
	role       string
	members    []string
	condition  *model.Condition
}

// ParseTerraformState reads what terraform show -json prints, of a state or a plan, and what terraform state pull does.
func ParseTerraformState(data []byte) (TerraformState, error) {
	var file struct {
		stateValues
		FormatVersion string         `json:"format_version"`
		PriorState    *stateValues   `json:"prior_state"` // of a plan
		Version       json.Number    `json:"version"`
		Resources     []pullResource `json:"resources"`
	}
	if err := model.CheckJSONLimits(data, maxStateValues); err != nil {
		return TerraformState{}, err
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return TerraformState{}, fmt.Errorf("it is no JSON document: %w", err)
	}
	s := TerraformState{valuesLeft: maxStateValues}
	switch {
	case file.FormatVersion != "":
		values := file.Values
		if file.PriorState != nil {
			values = file.PriorState.Values
		}
		s.addModule(values.RootModule)
	case file.Version == "4":
		for _, r := range file.Resources {
			s.addPulled(r)
		}
	case file.Version != "":
		return s, fmt.Errorf("it is a state of version %s, and only 4 can be read", file.Version)
	default:
		return s, errors.New("it is no state of Terraform")
	}
	return s, s.limitErr
}

type stateValues struct {
	Values struct {
		RootModule shownModule `json:"root_module"`
	} `json:"values"`
}

// shownModule is a module in what terraform show -json prints.
type shownModule struct {
	Address   string `json:"address"`
	Resources []struct {
		Address string          `json:"address"`
		Mode    string          `json:"mode"`
		Type    string          `json:"type"`
		Index   any             `json:"index"`
		Values  json.RawMessage `json:"values"`
	} `json:"resources"`
	Modules []shownModule `json:"child_modules"`
}

func (s *TerraformState) addModule(m shownModule) {
	for _, r := range m.Resources {
		if r.Mode == "managed" {
			s.addResource(TerraformHolder{Address: r.Address, Key: keyText(r.Index), ModuleHasKey: strings.Contains(m.Address, "[")}, r.Type, r.Values)
		}
	}
	for _, child := range m.Modules {
		s.addModule(child)
	}
}

// pullResource is a resource in what terraform state pull prints.
type pullResource struct {
	Module    string `json:"module"`
	Mode      string `json:"mode"`
	Type      string `json:"type"`
	Name      string `json:"name"`
	Instances []struct {
		Key        any             `json:"index_key"`
		Deposed    string          `json:"deposed"`
		Attributes json.RawMessage `json:"attributes"`
	} `json:"instances"`
}

func (s *TerraformState) addPulled(r pullResource) {
	if r.Mode != "managed" {
		return
	}
	name := r.Type + "." + r.Name
	if r.Module != "" {
		name = r.Module + "." + name
	}
	for _, i := range r.Instances {
		h := TerraformHolder{Address: name, Key: keyText(i.Key), ModuleHasKey: strings.Contains(r.Module, "[")}
		if h.Key != "" {
			h.Address += "[" + h.Key + "]"
		}
		if i.Deposed == "" {
			s.addResource(h, r.Type, i.Attributes)
		}
	}
}

// keyText writes a key as a configuration does.
func keyText(key any) string {
	switch key := key.(type) {
	case string:
		return string(hclwrite.TokensForValue(cty.StringVal(key)).Bytes())
	case float64:
		return fmt.Sprint(int(key))
	}
	return ""
}

// addResource takes a resource that holds bindings; of every other nothing is looked at.
func (s *TerraformState) addResource(h TerraformHolder, kind string, values json.RawMessage) {
	at := strings.LastIndex(kind, "_iam_") + len("_iam_")
	if !strings.HasPrefix(kind, "google_") || at < len("_iam_") {
		return
	}
	var v struct {
		Project, Location, Repository, Folder string
		OrgID                                 string `json:"org_id"`
		Role, Member                          string
		Members                               []string
		Condition                             []model.Condition
		PolicyData                            string `json:"policy_data"`
	}
	if json.Unmarshal(values, &v) != nil {
		return
	}
	h.Form = kind[at:]
	binding := terraformBinding{TerraformHolder: h, typePrefix: kind[:at], role: v.Role, members: v.Members,
		location: map[string]string{"project": v.Project, "location": v.Location, "repository": v.Repository, "folder": v.Folder, "org_id": v.OrgID}}
	if len(v.Condition) > 0 {
		binding.condition = &v.Condition[0]
	}
	switch h.Form {
	case "member":
		binding.members = []string{v.Member}
	case "policy":
		s.addPolicy(binding, v.PolicyData)
		return
	case "binding":
	default: // audit configurations
		return
	}
	s.bindings = append(s.bindings, binding)
}

// addPolicy takes the bindings of a whole policy.
func (s *TerraformState) addPolicy(binding terraformBinding, data string) {
	var policy struct {
		Bindings []struct {
			Role      string
			Members   []string
			Condition *model.Condition
		}
	}
	if err := model.CheckJSONLimits([]byte(data), s.valuesLeft); err != nil {
		s.limitErr = err
	}
	if s.limitErr != nil || json.Unmarshal([]byte(data), &policy) != nil {
		return
	}
	s.valuesLeft -= strings.Count(data, "{") + strings.Count(data, "[") + strings.Count(data, ",")
	for _, b := range policy.Bindings {
		binding.role, binding.members, binding.condition = b.Role, b.Members, b.Condition
		s.bindings = append(s.bindings, binding)
	}
}

// Holders are the resources that hold the member of a binding, by their addresses. A deleted member is found as it was
// written before, too.
func (s TerraformState) Holders(b model.StaleBinding) []TerraformHolder {
	kind, location := terraformResource(model.Step{Kind: model.StepGrant, Resource: b.Resource})
	var found []TerraformHolder
	for _, h := range s.bindings {
		if kind == "" || h.typePrefix+"member" != kind || h.role != b.Role || !h.isAt(location) || !sameCondition(h.condition, b.Condition) {
			continue
		}
		if slices.ContainsFunc(h.members, func(m string) bool { return b.Member.Undeleted().Same(model.Member(m).Undeleted()) }) {
			h.OtherMembers = len(h.members) - 1
			found = append(found, h.TerraformHolder)
		}
	}
	slices.SortFunc(found, func(a, b TerraformHolder) int { return cmp.Compare(a.Address, b.Address) })
	return found
}

// isAt compares where two bindings are. A state may name a place by its path where another has the last part alone.
func (h terraformBinding) isAt(location []attribute) bool {
	return !slices.ContainsFunc(location, func(a attribute) bool {
		return model.Resource(h.location[a.name]).ID() != model.Resource(a.value).ID()
	})
}

// sameCondition compares what conditions say; a description changes nothing.
func sameCondition(a, b *model.Condition) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Title == b.Title && a.Expression == b.Expression
}
