package model

import (
	"slices"

	"whopulls/text"
)

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
	Location    string `json:"location,omitempty"` // where somebody's expression came from; it decides nothing and goes back as it came
}

// Text is the expression on one line and without control characters, for people; empty for no condition.
func (c *Condition) Text() string {
	if c == nil {
		return ""
	}
	return text.CleanTrim(c.Expression)
}

// Edit is the one change that adds a member to a policy, or takes one out. It names a place instead of
// carrying a new policy. So the writer can make it in the message that was read, and everything else stays,
// unknown fields included.
type Edit struct {
	Op           EditOp
	BindingIndex int // index of the binding to extend, shrink or drop; meaningless for EditAppend
	Role         string
	Member       Member // as the policy spells it, where it is taken out

	Condition *Condition // of the binding
}

// EditOp is the kind of an Edit.
type EditOp string

// The kinds of edit.
const (
	EditNone   EditOp = "none"   // the policy is already as it should be
	EditExtend EditOp = "extend" // the member joins a binding of the role under the same condition
	EditAppend EditOp = "append" // a new binding is put at the end
	EditShrink EditOp = "shrink" // the member leaves a binding that others stay in
	EditDrop   EditOp = "drop"   // the binding goes with its last member
)

// EditFor gives the edit that a step asks for.
func (p Policy) EditFor(s Step) Edit {
	if s.Kind == StepRevoke {
		return p.revokeEdit(s.Role, s.Member, s.Condition)
	}
	return p.grantEdit(s.Role, s.Member, s.Condition)
}

// GrantEdit gives the edit that makes member hold role without a condition.
func (p Policy) GrantEdit(role string, member Member) Edit { return p.grantEdit(role, member, nil) }

func (p Policy) grantEdit(role string, member Member, c *Condition) Edit {
	edit := Edit{Op: EditAppend, Role: role, Member: member, Condition: c}
	for i, b := range p.Bindings {
		if b.Role != role || !b.Condition.equal(c) {
			continue
		}
		if b.hasMember(member) {
			edit.Op, edit.BindingIndex = EditNone, i
			return edit
		}
		if edit.Op == EditAppend {
			edit.Op, edit.BindingIndex = EditExtend, i
		}
	}
	return edit
}

// revokeEdit gives the edit that takes the member out of the binding of the role under that very condition.
func (p Policy) revokeEdit(role string, member Member, c *Condition) Edit {
	for i, b := range p.Bindings {
		at := slices.IndexFunc(b.Members, member.Same)
		if b.Role != role || at < 0 || !b.Condition.equal(c) {
			continue
		}
		edit := Edit{Op: EditShrink, BindingIndex: i, Role: role, Member: b.Members[at], Condition: c}
		if len(b.Members) == 1 {
			edit.Op = EditDrop
		}
		return edit
	}
	return Edit{Op: EditNone, Role: role, Member: member, Condition: c}
}

// equal: two bindings of a role are one only when title, description and expression are the same (iam-facts 6.4).
func (c *Condition) equal(other *Condition) bool {
	if c == nil || other == nil {
		return c == other
	}
	return c.Title == other.Title && c.Description == other.Description && c.Expression == other.Expression
}

// Lines gives a line for each member of each binding: role, member, and the condition's title where there is one.
func (p Policy) Lines() []string {
	var lines []string
	for _, b := range p.Bindings {
		for _, m := range b.Members {
			line := b.Role + " " + string(m)
			if b.Condition != nil {
				line += " if " + text.Clean(b.Condition.Title) + " (" + b.Condition.Text() + ")"
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// Holds reports whether the policy itself gives member the role without a condition.
func (p Policy) Holds(role string, member Member) bool {
	return p.GrantEdit(role, member).Op == EditNone
}

// Apply gives the policy with the edit made; the receiver is not changed.
func (p Policy) Apply(e Edit) Policy {
	bindings := slices.Clone(p.Bindings)
	switch e.Op {
	case EditExtend:
		b := bindings[e.BindingIndex]
		b.Members = append(slices.Clone(b.Members), e.Member)
		bindings[e.BindingIndex] = b
	case EditAppend:
		bindings = append(bindings, Binding{Role: e.Role, Members: []Member{e.Member}, Condition: e.Condition})
	case EditShrink:
		b := bindings[e.BindingIndex]
		at := slices.Index(b.Members, e.Member)
		b.Members = slices.Delete(slices.Clone(b.Members), at, at+1)
		bindings[e.BindingIndex] = b
	case EditDrop:
		bindings = slices.Delete(bindings, e.BindingIndex, e.BindingIndex+1)
	}
	p.Bindings = bindings
	return p
}

func (b Binding) hasMember(member Member) bool {
	return slices.ContainsFunc(b.Members, member.Same)
}

// Role is a role definition with the permissions it lists. Whether it gives them is another question: see Inert.
type Role struct {
	Name        string       `json:"name"`
	Title       string       `json:"title,omitempty"`
	Permissions []Permission `json:"permissions,omitempty"`
	Stage       string       `json:"stage,omitempty"`   // of its launch, as IAM spells it: GA, DEPRECATED, StageDisabled …
	Deleted     bool         `json:"deleted,omitempty"` // it waits to be purged, and can be undeleted until then
}

// StageDisabled is the stage of a custom role that is switched off. A DEPRECATED one still works.
const StageDisabled = "DISABLED"

// Inert reports whether the role gives nobody anything, whatever it lists. A DISABLED custom role does not
// "contribute permissions to any principals", and a deleted one has no effect (IAM, custom roles; iam-facts
// 12.2).
func (r Role) Inert() bool { return r.Deleted || r.Stage == StageDisabled }

// Lists reports whether the permission stands in the role's definition.
func (r Role) Lists(p Permission) bool { return slices.Contains(r.Permissions, p) }

// Grants reports whether a binding of the role gives the permission.
func (r Role) Grants(p Permission) bool { return !r.Inert() && r.Lists(p) }
