package model

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"
)

// TerraformState is what a state holds of allow policies: the resources that end in _iam_member, _iam_binding and
// _iam_policy.
type TerraformState struct {
	held []terraformHeld
	left int   // values that the texts of policies may still hold
	over error // why one was not read: what it holds is not known
}

// stateValuesMost is how many values a state may hold, and the texts in it that are documents of their own once more.
const stateValuesMost = 5_000_000

// TerraformHolder is a resource of a state that holds a binding's member.
type TerraformHolder struct {
	Address string
	Form    string // member, binding or policy
	Key     string // of its own for_each, written as in a configuration; a number of its count; empty: neither
	Module  bool   // a module it is in has a key
	Others  int    // members that it holds beside, of the same role
}

// Counted tells whether the key is a number of count.
func (h TerraformHolder) Counted() bool { return h.Key != "" && h.Key[0] != '"' }

// terraformHeld is a role on a place with its members, as a resource holds it.
type terraformHeld struct {
	TerraformHolder
	kind      string // the type without its form: google_project_iam_
	place     map[string]string
	role      string
	members   []string
	condition *Condition
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
	if err := CheckJSON(data, stateValuesMost); err != nil {
		return TerraformState{}, err
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return TerraformState{}, fmt.Errorf("it is no JSON document: %w", err)
	}
	s := TerraformState{left: stateValuesMost}
	switch {
	case file.FormatVersion != "":
		values := file.Values
		if file.PriorState != nil {
			values = file.PriorState.Values
		}
		s.module(values.RootModule)
	case file.Version == "4":
		for _, r := range file.Resources {
			s.pulled(r)
		}
	case file.Version != "":
		return s, fmt.Errorf("it is a state of version %s, and only 4 can be read", file.Version)
	default:
		return s, errors.New("it is no state of Terraform")
	}
	return s, s.over
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

func (s *TerraformState) module(m shownModule) {
	for _, r := range m.Resources {
		if r.Mode == "managed" {
			s.add(TerraformHolder{Address: r.Address, Key: keyText(r.Index), Module: strings.Contains(m.Address, "[")}, r.Type, r.Values)
		}
	}
	for _, child := range m.Modules {
		s.module(child)
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

func (s *TerraformState) pulled(r pullResource) {
	if r.Mode != "managed" {
		return
	}
	name := r.Type + "." + r.Name
	if r.Module != "" {
		name = r.Module + "." + name
	}
	for _, i := range r.Instances {
		h := TerraformHolder{Address: name, Key: keyText(i.Key), Module: strings.Contains(r.Module, "[")}
		if h.Key != "" {
			h.Address += "[" + h.Key + "]"
		}
		if i.Deposed == "" {
			s.add(h, r.Type, i.Attributes)
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

// add takes a resource that holds bindings; of every other nothing is looked at.
func (s *TerraformState) add(h TerraformHolder, kind string, values json.RawMessage) {
	at := strings.LastIndex(kind, "_iam_") + len("_iam_")
	if !strings.HasPrefix(kind, "google_") || at < len("_iam_") {
		return
	}
	var v struct {
		Project, Location, Repository, Folder string
		OrgID                                 string `json:"org_id"`
		Role, Member                          string
		Members                               []string
		Condition                             []Condition
		PolicyData                            string `json:"policy_data"`
	}
	if json.Unmarshal(values, &v) != nil {
		return
	}
	h.Form = kind[at:]
	held := terraformHeld{TerraformHolder: h, kind: kind[:at], role: v.Role, members: v.Members,
		place: map[string]string{"project": v.Project, "location": v.Location, "repository": v.Repository, "folder": v.Folder, "org_id": v.OrgID}}
	if len(v.Condition) > 0 {
		held.condition = &v.Condition[0]
	}
	switch h.Form {
	case "member":
		held.members = []string{v.Member}
	case "policy":
		s.policy(held, v.PolicyData)
		return
	case "binding":
	default: // audit configurations
		return
	}
	s.held = append(s.held, held)
}

// policy takes the bindings of a whole policy.
func (s *TerraformState) policy(held terraformHeld, data string) {
	var policy struct {
		Bindings []struct {
			Role      string
			Members   []string
			Condition *Condition
		}
	}
	if err := CheckJSON([]byte(data), s.left); err != nil {
		s.over = err
	}
	if s.over != nil || json.Unmarshal([]byte(data), &policy) != nil {
		return
	}
	s.left -= strings.Count(data, "{") + strings.Count(data, "[") + strings.Count(data, ",")
	for _, b := range policy.Bindings {
		held.role, held.members, held.condition = b.Role, b.Members, b.Condition
		s.held = append(s.held, held)
	}
}

// Holders are the resources that hold the member of a binding, by their addresses. A deleted member is found as it was
// written before, too.
func (s TerraformState) Holders(b StaleBinding) []TerraformHolder {
	kind, place := terraformOf(Step{Kind: StepGrant, Resource: b.Resource})
	var found []TerraformHolder
	for _, h := range s.held {
		if kind == "" || h.kind+"member" != kind || h.role != b.Role || !h.at(place) || !sameCondition(h.condition, b.Condition) {
			continue
		}
		if slices.ContainsFunc(h.members, func(m string) bool { return b.Member.alive().same(Member(m).alive()) }) {
			h.Others = len(h.members) - 1
			found = append(found, h.TerraformHolder)
		}
	}
	slices.SortFunc(found, func(a, b TerraformHolder) int { return cmp.Compare(a.Address, b.Address) })
	return found
}

// at compares where two bindings are. A state may name a place by its path where another has the last part alone.
func (h terraformHeld) at(place []attribute) bool {
	return !slices.ContainsFunc(place, func(a attribute) bool {
		return Resource(h.place[a.name]).ID() != Resource(a.value).ID()
	})
}

// sameCondition compares what conditions say; a description changes nothing.
func sameCondition(a, b *Condition) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Title == b.Title && a.Expression == b.Expression
}
