package model

import "slices"

// Policy is an allow policy as it was read with version 3: the bindings in their order, conditions kept.
type Policy struct {
	Version  int       `json:"version,omitempty"`
	Etag     string    `json:"etag,omitempty"` // base64, as the JSON API spells it
	Bindings []Binding `json:"bindings,omitempty"`
}

// Binding gives its members a role, under a condition if there is one.
type Binding struct {
	Role      string     `json:"role"`
	Members   []Member   `json:"members"`
	Condition *Condition `json:"condition,omitempty"`
}

// Condition limits a binding by a CEL expression.
type Condition struct {
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	Expression  string `json:"expression"`
}

// Edit is the one change that adds a member to a policy. It names a place instead of carrying a new policy, so that
// whoever writes can make it in the message that was read and everything else, unknown fields included, stays.
type Edit struct {
	Op      EditOp
	Binding int // index of the binding to extend; meaningless for EditNone and EditAppend
	Role    string
	Member  Member
}

// EditOp is the kind of an Edit.
type EditOp string

// The kinds of edit.
const (
	EditNone   EditOp = "none"   // the policy has the binding already
	EditExtend EditOp = "extend" // the member joins an unconditional binding of the role
	EditAppend EditOp = "append" // a new binding is put at the end
)

// Grant gives the edit that makes member hold role without a condition.
func (p Policy) Grant(role string, member Member) Edit {
	edit := Edit{Op: EditAppend, Role: role, Member: member}
	for i, b := range p.Bindings {
		if b.Role != role || b.Condition != nil {
			continue
		}
		if b.has(member) {
			return Edit{Op: EditNone, Binding: i, Role: role, Member: member}
		}
		if edit.Op == EditAppend {
			edit.Op, edit.Binding = EditExtend, i
		}
	}
	return edit
}

// Holds tells whether the policy itself gives member the role without a condition.
func (p Policy) Holds(role string, member Member) bool { return p.Grant(role, member).Op == EditNone }

// Apply gives the policy with the edit made; the receiver is not changed.
func (p Policy) Apply(e Edit) Policy {
	bindings := slices.Clone(p.Bindings)
	switch e.Op {
	case EditExtend:
		b := bindings[e.Binding]
		b.Members = append(slices.Clone(b.Members), e.Member)
		bindings[e.Binding] = b
	case EditAppend:
		bindings = append(bindings, Binding{Role: e.Role, Members: []Member{e.Member}})
	}
	p.Bindings = bindings
	return p
}

func (b Binding) has(member Member) bool {
	return slices.ContainsFunc(b.Members, member.same)
}

// Role is a role definition with the permissions it holds.
type Role struct {
	Name        string       `json:"name"`
	Title       string       `json:"title,omitempty"`
	Permissions []Permission `json:"permissions,omitempty"`
}

// Has tells whether the role holds the permission.
func (r Role) Has(p Permission) bool { return slices.Contains(r.Permissions, p) }
