package model

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Access asks whether a principal may use a permission on a resource.
type Access struct {
	Principal  Member
	Permission Permission
	Resource   Resource
}

// Evidence is what proves a verdict: a binding that was read, at its level, or another source that answered.
type Evidence struct {
	Resource  Resource `json:"resource"`
	Role      string   `json:"role,omitempty"`
	Member    Member   `json:"member,omitzero"`
	Condition string   `json:"condition,omitempty"`
	Source    string   `json:"source,omitempty"` // empty: the allow policy of Resource
}

// MarshalJSON writes a binding with its condition, empty or not; evidence from another source has only that source.
func (e Evidence) MarshalJSON() ([]byte, error) {
	type plain Evidence // without this method
	if e.Source == SourceAnonymous {
		return json.Marshal(struct {
			Resource Resource `json:"resource"`
			Role     string   `json:"role"`
			Member   Member   `json:"member"`
			Source   string   `json:"source"`
		}{e.Resource, "", e.Member, e.Source})
	}
	if e.Source != "" {
		return json.Marshal(plain(e))
	}
	return json.Marshal(struct {
		plain
		Condition string `json:"condition"`
	}{plain(e), e.Condition})
}

// SourceTest is the source of evidence that the caller's own test of a permission gave.
const SourceTest = "testIamPermissions"

// Decision is the answer to an Access.
type Decision struct {
	Verdict             Verdict
	Evidence            []Evidence // narrowest level first
	Gaps                []Gap
	Levels              []Ancestor     // what was looked at: the resource and its ancestors, narrowest first
	ConditionUnmet      []Evidence     // bindings that would give it if their conditions held
	Inert               []InertBinding // bindings that would give it if their roles were in force
	Opinion             *SecondOpinion // the second opinion, where there is one
	blockedBy           *Boundary      // the one that denies, where one does
	boundaryUnchecked   bool           // whether a boundary stops it was not looked at
	callerTest          callerTest     // what the caller's own test says, where it decides
	contradictedBinding Evidence       // of ownAgainst: the binding that gives it all the same
	noOpinionReason     string         // why there is none, where it could have decided
}

// Decide answers from the allow policies of the resource and all its ancestors, and from their deny policies
// (iam-facts 6.1-6.5). Granted needs a binding that was read; missing needs every level and every role to be read.
func Decide(s Situation, a Access) Decision {
	q := &evaluation{s: s}
	return q.decideByPolicies(a)
}

func (q *evaluation) decideByPolicies(a Access) Decision {
	f := q.searchLevels(a.Resource, a.Principal, func(role string) (ternary, Gap) { return q.roleGrants(role, a.Permission) })
	f.sortNarrowestFirst(func(role string) int { return len(q.role(role).Value.Permissions) })
	d := f.decision()
	d.Inert = q.inertBindings(a, d.Levels)
	return q.applyDenyPolicies(a, d)
}

// roleGrants reports whether a binding of the role gives the permission. It uses the role's definition from
// IAM, never a list of our own.
func (q *evaluation) roleGrants(role string, p Permission) (ternary, Gap) {
	return q.roleHas(role, func(r Role) bool { return r.Grants(p) })
}

// roleHas reports whether a role's definition has what is asked of it.
func (q *evaluation) roleHas(role string, has func(Role) bool) (ternary, Gap) {
	fact := q.role(role)
	switch fact.State {
	case FactRead:
		return ternaryOf(has(fact.Value)), Gap{}
	case FactAbsent:
		return no, Gap{}
	}
	gap := fact.Gap
	gap.Reason = fmt.Sprintf("what %s allows is not known: %s", role, gap.Reason)
	return maybe, gap
}

// searchResult is what a search through the levels brought to light.
type searchResult struct {
	accessed       Resource // what the search is about; the levels are this and its ancestors
	evidence       []Evidence
	conditionUnmet []Evidence // what would be evidence if its condition held
	gaps           []Gap
	levels         []Ancestor
}

// decision reads the findings: evidence decides, else a gap leaves it open, else nothing gives it.
func (f searchResult) decision() Decision {
	d := Decision{Evidence: f.evidence, Levels: f.levels, ConditionUnmet: f.conditionUnmet}
	switch {
	case len(f.evidence) > 0:
		d.Verdict, d.Gaps = Granted, pendingOnly(f.gaps)
	case len(f.gaps) > 0:
		d.Verdict, d.Gaps = Unknown, f.gaps
	default:
		d.Verdict = Missing
	}
	return d
}

// pendingOnly keeps of the gaps those that an answer under way will close: more evidence may still come, and a narrower
// one. What could not be read at all doesn't matter once something decides.
func pendingOnly(gaps []Gap) []Gap {
	var pending []Gap
	for _, g := range gaps {
		if g.pending {
			pending = append(pending, g)
		}
	}
	return pending
}

// roleTest reports whether a role gives what is looked for, with the gap when it is not known.
type roleTest func(role string) (ternary, Gap)

// searchLevels goes through the policy of the resource and of every ancestor, narrowest first.
func (q *evaluation) searchLevels(r Resource, principal Member, grants roleTest) searchResult {
	levels, gaps := q.policyLevels(r)
	f := searchResult{accessed: r, levels: levels, gaps: gaps}
	for _, level := range levels {
		policy := q.policy(level.Resource)
		switch policy.State {
		case FactRead:
			for _, b := range policy.Value.Bindings {
				q.addBinding(&f, level.Resource, b, principal, grants)
			}
		case FactGap:
			f.gaps = append(f.gaps, policyGap(level.Resource, policy.Gap))
		case FactAbsent: // nothing can be granted on what is not there; but what is below a level can't lack it
			if level.Resource != r {
				f.gaps = append(f.gaps, policyGap(level.Resource, Gap{Reason: "it could not be found"}))
			}
		}
	}
	f.sortNarrowestFirst(func(string) int { return 0 })
	return f
}

// sortNarrowestFirst sorts the bindings of one level: unconditional ones first, and among them the role with
// the fewest permissions. That one was meant, if a broad role happens to give the same. The number is known
// if the search looked at the roles. A role that was read for another question must not change the order
// here.
func (f *searchResult) sortNarrowestFirst(size func(role string) int) {
	level := func(e Evidence) int {
		return slices.IndexFunc(f.levels, func(l Ancestor) bool { return l.Resource == e.Resource })
	}
	slices.SortStableFunc(f.evidence, func(a, b Evidence) int {
		return cmp.Or(level(a)-level(b), min(len(a.Condition), 1)-min(len(b.Condition), 1),
			size(a.Role)-size(b.Role))
	})
}

// policyGap is why the policy of r is not known. A gap that can be closed elsewhere stays there, for example
// if the caller may not use a quota. A gap with advice of its own depends on no permission.
func policyGap(r Resource, gap Gap) Gap {
	if gap.Resource == "" {
		gap.Resource = r
	}
	if gap.Need == "" && gap.Next == "" && !gap.pending {
		gap.Need = r.ReadPolicyPermission()
	}
	return gap
}

// policyLevels gives the levels whose policies add up on a resource (iam-facts 6.1).
func (q *evaluation) policyLevels(r Resource) ([]Ancestor, []Gap) {
	var levels []Ancestor
	if r.Kind() != KindProject {
		levels = append(levels, Ancestor{Resource: r})
	}
	project := r.Project()
	if project == "" {
		return levels, nil
	}
	ancestry := q.ancestry(project)
	if ancestry.Read() {
		return append(levels, ancestry.Value...), nil
	}
	gap := ancestry.Gap
	gap.Resource = ProjectResource(project)
	if !gap.pending {
		gap.Reason = "the folders and the organization above are not known: " + cmp.Or(gap.Reason, "project "+project+" does not exist")
	}
	return append(levels, Ancestor{Resource: ProjectResource(project)}), []Gap{gap}
}

// addBinding records what one binding contributes: evidence, a gap, or nothing.
func (q *evaluation) addBinding(f *searchResult, level Resource, b Binding, principal Member, grants roleTest) {
	member, possible := q.matchMembers(b, principal)
	if member == "" && len(possible) == 0 {
		return
	}
	b, hidden := b.splitHiddenCondition()
	holds := b.Condition.holds(f.accessed, q.s.Time)
	if hidden {
		holds = maybe
	}
	gives, gap := grants(b.Role)
	switch {
	case gives == no:
	case holds == no:
		f.addConditionUnmet(level, b, member, gives)
	case gives == maybe:
		f.gaps = append(append(f.gaps, roleGap(level, b.Role, gap)), pendingOnly(q.memberGaps(level, b.Role, possible))...)
	case member == "":
		f.gaps = append(f.gaps, q.memberGaps(level, b.Role, possible)...)
	case holds == maybe:
		f.gaps = append(f.gaps, conditionGap(level, b, member, hidden))
	default:
		f.evidence = append(f.evidence, evidenceOf(level, b, member))
	}
}

// addConditionUnmet notes a binding that would give it, did its condition hold.
func (f *searchResult) addConditionUnmet(level Resource, b Binding, member Member, gives ternary) {
	if member != "" && gives == yes {
		f.conditionUnmet = append(f.conditionUnmet, evidenceOf(level, b, member))
	}
}

func evidenceOf(level Resource, b Binding, member Member) Evidence {
	e := Evidence{Resource: level, Role: b.Role, Member: member}
	if b.Condition != nil {
		e.Condition = b.Condition.Text()
	}
	return e
}

// matchMembers gives the member of the binding that surely reaches the principal, and those that may.
func (q *evaluation) matchMembers(b Binding, principal Member) (match Member, possible []Member) {
	for _, m := range b.Members {
		switch q.memberMatches(m, principal) {
		case yes:
			return m, nil
		case maybe:
			possible = append(possible, m)
		}
	}
	return "", possible
}

func roleGap(level Resource, role string, gap Gap) Gap {
	if gap.Resource == "" {
		gap.Resource = level
	}
	if gap.Need == "" && gap.Next == "" && !gap.pending && !strings.HasPrefix(role, "roles/") {
		gap.Need = PermGetRole
	}
	return gap
}

func (q *evaluation) memberGaps(level Resource, role string, possible []Member) []Gap {
	var gaps []Gap
	for _, m := range possible {
		gaps = append(gaps, q.memberGap(level, role, m))
	}
	return gaps
}

// memberGap says through which member the role may be granted, and what would tell.
func (q *evaluation) memberGap(level Resource, role string, member Member) Gap {
	reason := fmt.Sprintf("may be granted through %s, which holds %s and whose members can't be read here", member, role)
	if !member.isConvenience() {
		return Gap{Resource: level, Reason: reason}
	}
	project := ProjectResource(member.Value())
	fact := q.policy(project)
	if fact.Read() {
		return Gap{Resource: project, Reason: reason}
	}
	gap := policyGap(project, fact.Gap)
	gap.Reason = fmt.Sprintf("may be granted through %s, which holds %s: %s", member, role, gap.Reason)
	return gap
}
