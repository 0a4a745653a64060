package model

import "strings"

// TerraformType is the resource of the google provider that holds a binding of one member on a resource; empty where there
// is none. With _binding in the place of _member at its end it holds all members of a role, with _policy the whole policy.
func TerraformType(r Resource) string {
	kind, _ := terraformResource(Step{Kind: StepGrant, Resource: r})
	return kind
}

// terraformResourceID is how the provider names a resource at the beginning of an id.
func terraformResourceID(r Resource) string {
	switch r.Kind() {
	case KindProject, KindOrganization:
		return r.ID()
	}
	return r.Path()
}

// ImportID is what terraform import takes for the binding: place, role, member, and the title of its condition.
func (b StaleBinding) ImportID() string {
	id := terraformResourceID(b.Resource) + " " + b.Role + " " + string(b.Member.undeleted())
	if b.Condition != nil && b.Condition.Title != "" {
		id += " " + OneLine(b.Condition.Title)
	}
	return id
}

// StateID is how a state names the binding's own resource, for terraform state list -id=ID. Addresses stand there in small
// letters, and a condition with all of it.
func (b StaleBinding) StateID() string {
	member := b.Member.undeleted()
	if member.Email() != "" {
		member = Member(member.Type() + ":" + strings.ToLower(member.Value()))
	}
	return terraformResourceID(b.Resource) + "/" + b.Role + "/" + string(member) + b.Condition.stateID()
}

// BindingStateID is how a state names a resource that holds every member of the role.
func (b StaleBinding) BindingStateID() string {
	return terraformResourceID(b.Resource) + "/" + b.Role + b.Condition.stateID()
}

func (c *Condition) stateID() string {
	if c == nil {
		return ""
	}
	return "/" + c.Title + "/" + c.Description + "/" + c.Expression
}

// undeleted is a deleted member as it was written before: the provider takes no other form.
func (m Member) undeleted() Member {
	if !m.Deleted() {
		return m
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(string(m), deletedPrefix), "?uid=")
	return Member(name)
}
