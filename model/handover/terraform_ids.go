package handover

import (
	"strings"

	"whopulls/model"
	"whopulls/text"
)

// TerraformType is the resource of the google provider that holds a binding of one member on a resource;
// empty if there is not one. With _binding instead of _member at its end it holds all members of a role, with
// _policy the whole policy.
func TerraformType(r model.Resource) string {
	kind, _ := terraformResource(model.Step{Kind: model.StepGrant, Resource: r})
	return kind
}

// terraformResourceID is how the provider names a resource at the beginning of an id.
func terraformResourceID(r model.Resource) string {
	switch r.Kind() {
	case model.KindProject, model.KindOrganization:
		return r.ID()
	}
	return r.Path()
}

// ImportID is what terraform import takes for the binding: place, role, member, and the title of its condition.
func ImportID(b model.StaleBinding) string {
	id := terraformResourceID(b.Resource) + " " + b.Role + " " + string(b.Member.Undeleted())
	if b.Condition != nil && b.Condition.Title != "" {
		id += " " + text.Clean(b.Condition.Title)
	}
	return id
}

// StateID is how a state names the binding's own resource, for terraform state list -id=ID. Addresses stand
// there in lower case, and a condition with all of it.
func StateID(b model.StaleBinding) string {
	member := b.Member.Undeleted()
	if member.Email() != "" {
		member = model.Member(member.Type() + ":" + strings.ToLower(member.Value()))
	}
	return terraformResourceID(b.Resource) + "/" + b.Role + "/" + string(member) + conditionStateID(b.Condition)
}

// BindingStateID is how a state names a resource that holds every member of the role.
func BindingStateID(b model.StaleBinding) string {
	return terraformResourceID(b.Resource) + "/" + b.Role + conditionStateID(b.Condition)
}

func conditionStateID(c *model.Condition) string {
	if c == nil {
		return ""
	}
	return "/" + c.Title + "/" + c.Description + "/" + c.Expression
}
