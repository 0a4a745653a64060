package model

import "fmt"

// ChangeLine is a line of a policy's diff: what a step adds or takes away, with enough around it to know the place.
type ChangeLine struct {
	Sign string // " " as it is, "+" added, "-" taken away
	Text string
}

// around is how many members of an extended binding are shown before the new one.
const around = 2

// Change shows what a grant or a revoke does to a policy that was read; with nil, when the policy could not be, only what it adds.
func Change(p *Policy, s Step) []ChangeLine {
	if s.Kind != StepGrant && s.Kind != StepRevoke {
		return nil
	}
	if s.Kind == StepRevoke {
		return []ChangeLine{{" ", "role: " + s.Role}, {" ", "members:"}, {"-", "- " + string(s.Member)}}
	}
	edit := Edit{Op: EditAppend, Role: s.Role, Member: s.Member}
	if p != nil {
		edit = p.Grant(s.Role, s.Member)
	}
	switch edit.Op {
	case EditNone:
		return []ChangeLine{{" ", "role: " + s.Role}, {" ", "members:"}, {" ", "- " + string(s.Member)}}
	case EditExtend:
		return extended(p.Bindings[edit.Binding], s)
	}
	return []ChangeLine{{"+", "role: " + s.Role}, {"+", "members:"}, {"+", "- " + string(s.Member)}}
}

func extended(b Binding, s Step) []ChangeLine {
	lines := []ChangeLine{{" ", "role: " + b.Role}, {" ", "members:"}}
	shown := b.Members[max(0, len(b.Members)-around):]
	if hidden := len(b.Members) - len(shown); hidden > 0 {
		lines = append(lines, ChangeLine{" ", fmt.Sprintf("  (%d more)", hidden)})
	}
	for _, m := range shown {
		lines = append(lines, ChangeLine{" ", "- " + string(m)})
	}
	return append(lines, ChangeLine{"+", "- " + string(s.Member)})
}
