package model

import "fmt"

// DiffLine is a line of a policy's diff: what a step adds or takes away, with enough around it to know the place.
type DiffLine struct {
	Sign   string // " " as it is, "+" added, "-" taken away
	Text   string
	Member bool // stands below the members of its binding. YAML's dash before it would look like a removal
}

// memberLine is the line of a member.
func memberLine(sign string, m Member) DiffLine { return DiffLine{sign, string(m), true} }

// bindingLines are what stands above the members of a binding.
func bindingLines(sign, role string) []DiffLine {
	return []DiffLine{{sign, "role: " + role, false}, {sign, "members:", false}}
}

// diffContext is how many members of an extended binding are shown before the new one.
const diffContext = 2

// PolicyDiff shows what a grant or a revoke does to a policy that was read. With nil, if the policy could not
// be read, it shows only what is added.
func PolicyDiff(p *Policy, s Step) []DiffLine {
	if s.Kind != StepGrant && s.Kind != StepRevoke {
		return nil
	}
	if s.Kind == StepRevoke {
		return append(bindingLines(" ", s.Role), memberLine("-", s.Member))
	}
	edit := Edit{Op: EditAppend, Role: s.Role, Member: s.Member}
	if p != nil {
		edit = p.GrantEdit(s.Role, s.Member)
	}
	switch edit.Op {
	case EditNone:
		return append(bindingLines(" ", s.Role), memberLine(" ", s.Member))
	case EditExtend:
		return extendedBindingDiff(p.Bindings[edit.BindingIndex], s)
	}
	return append(bindingLines("+", s.Role), memberLine("+", s.Member))
}

func extendedBindingDiff(b Binding, s Step) []DiffLine {
	lines := bindingLines(" ", b.Role)
	shown := b.Members[max(0, len(b.Members)-diffContext):]
	if hidden := len(b.Members) - len(shown); hidden > 0 {
		lines = append(lines, DiffLine{" ", fmt.Sprintf("(%d more)", hidden), true})
	}
	for _, m := range shown {
		lines = append(lines, memberLine(" ", m))
	}
	return append(lines, memberLine("+", s.Member))
}
