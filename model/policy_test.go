package model_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"whopulls/model"
)

// mostMembers keeps a policy just under Google's limit of 1,500 (iam-facts 6.6).
const mostMembers = 1400

// memberOf draws live and deleted members of every kind.
func memberOf(t *rapid.T) model.Member {
	n := rapid.IntRange(0, 30).Draw(t, "number")
	return model.Member(fmt.Sprintf(rapid.SampledFrom([]string{"user:u%d@example.com", "serviceAccount:s%d@p.iam.gserviceaccount.com",
		"group:g%d@example.com", "deleted:user:u%d@example.com?uid=1", "principal://iam.googleapis.com/x/%d"}).Draw(t, "kind"), n))
}

func bindingOf(t *rapid.T, room int) model.Binding {
	b := model.Binding{Role: rapid.SampledFrom([]string{reader, developer, owner}).Draw(t, "role")}
	if rapid.Bool().Draw(t, "conditional") {
		b.Condition = &model.Condition{Title: "t", Expression: "request.time < timestamp('2030-01-01T00:00:00Z')"}
	}
	b.Members = rapid.SliceOfN(rapid.Custom(memberOf), 0, 4).Draw(t, "members")
	for n := range rapid.SampledFrom([]int{0, 0, 3, room}).Draw(t, "crowd") {
		b.Members = append(b.Members, model.Member(fmt.Sprintf("user:crowd%d@example.com", n)))
	}
	return b
}

func policyOf(t *rapid.T) model.Policy {
	p := model.Policy{Version: 3, Etag: "BwX="}
	bindings := rapid.IntRange(0, 6).Draw(t, "bindings")
	for range bindings {
		p.Bindings = append(p.Bindings, bindingOf(t, mostMembers/bindings))
	}
	return p
}

// deepCopy shares nothing with the policy, and has empty lists where it has none.
func deepCopy(p model.Policy) model.Policy {
	p.Bindings = append([]model.Binding{}, p.Bindings...)
	for i, b := range p.Bindings {
		p.Bindings[i].Members = append([]model.Member{}, b.Members...)
		if b.Condition != nil {
			c := *b.Condition
			p.Bindings[i].Condition = &c
		}
	}
	return p
}

func plainlyHolds(p model.Policy, role string, member model.Member) bool {
	return slices.ContainsFunc(p.Bindings, func(b model.Binding) bool {
		return b.Role == role && b.Condition == nil && slices.Contains(b.Members, member)
	})
}

// addedOnly says what else changed between two policies than one more member at the end of one place; "" for nothing.
func addedOnly(before, after model.Policy, role string, member model.Member) string {
	if len(after.Bindings) == len(before.Bindings)+1 {
		added := after.Bindings[len(before.Bindings)]
		if !reflect.DeepEqual(added, model.Binding{Role: role, Members: []model.Member{member}}) {
			return fmt.Sprintf("the new binding is %v", added)
		}
		after.Bindings = after.Bindings[:len(before.Bindings)]
		return diffPolicies(before, after)
	}
	i := slices.IndexFunc(before.Bindings, func(b model.Binding) bool { return b.Role == role && b.Condition == nil })
	if i < 0 || len(after.Bindings) != len(before.Bindings) {
		return "there was no binding to extend"
	}
	after = deepCopy(after)
	members := after.Bindings[i].Members
	if len(members) == 0 || members[len(members)-1] != member {
		return "the member is not the last of the first plain binding"
	}
	after.Bindings[i].Members = members[:len(members)-1]
	return diffPolicies(before, after)
}

func diffPolicies(before, after model.Policy) string {
	if before, after = deepCopy(before), deepCopy(after); !reflect.DeepEqual(before, after) {
		return fmt.Sprintf("something else changed: %v is %v", before, after)
	}
	return ""
}

func TestGrantAddsExactlyOneMember(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy, member := policyOf(t), memberOf(t)
		role := rapid.SampledFrom([]string{reader, developer, "roles/new"}).Draw(t, "granted")
		before := deepCopy(policy)
		edit := policy.GrantEdit(role, member)
		after := policy.Apply(edit)
		if (edit.Op == model.EditNone) != plainlyHolds(before, role, member) {
			t.Fatalf("the edit is %s, though it is %t that the policy holds it", edit.Op, plainlyHolds(before, role, member))
		}
		if edit.Op == model.EditNone && diffPolicies(before, after) != "" {
			t.Fatalf("an edit of nothing changed %v to %v", before, after)
		}
		if edit.Op == model.EditNone {
			return
		}
		if wrong := addedOnly(before, after, role, member); wrong != "" {
			t.Fatal(wrong)
		}
	})
}

func TestGrantIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy, member := policyOf(t), memberOf(t)
		after := policy.Apply(policy.GrantEdit(reader, member))
		if again := after.GrantEdit(reader, member); again.Op != model.EditNone || !after.Holds(reader, member) {
			t.Fatalf("the second grant is %s", again.Op)
		}
	})
}

func TestGrantNeverExtendsAConditionalBinding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy, member := policyOf(t), memberOf(t)
		edit := policy.GrantEdit(reader, member)
		if edit.Op != model.EditExtend {
			return
		}
		if b := policy.Bindings[edit.BindingIndex]; b.Condition != nil || b.Role != reader {
			t.Fatalf("the edit extends %v", b)
		}
	})
}

// Apply must not write into the room behind the members of the policy it was given.
func TestApplyLeavesTheReceiverAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		policy, member := policyOf(t), memberOf(t)
		policy.Bindings = append(make([]model.Binding, 0, len(policy.Bindings)+3), policy.Bindings...)
		rooms := make([][]model.Member, len(policy.Bindings))
		for i, b := range policy.Bindings {
			rooms[i] = append(slices.Clone(b.Members), "user:behind@example.com")
			policy.Bindings[i].Members = rooms[i][:len(b.Members)]
		}
		before := deepCopy(policy)
		policy.Apply(policy.GrantEdit(reader, member))
		if !reflect.DeepEqual(before, deepCopy(policy)) {
			t.Fatalf("the policy was %v and is %v", before, policy)
		}
		for i, room := range rooms {
			if room[len(room)-1] != "user:behind@example.com" {
				t.Fatalf("Apply wrote behind the members of binding %d", i)
			}
		}
	})
}

func TestGrantByHand(t *testing.T) {
	conditional := model.Binding{Role: reader, Members: []model.Member{dev}, Condition: &model.Condition{Expression: "true"}}
	cases := map[string]struct {
		bindings []model.Binding
		op       model.EditOp
		place    int
	}{
		"an empty policy":              {nil, model.EditAppend, 0},
		"another role":                 {[]model.Binding{{Role: owner, Members: []model.Member{dev}}}, model.EditAppend, 0},
		"only under a condition":       {[]model.Binding{conditional}, model.EditAppend, 0},
		"the role, another member":     {[]model.Binding{conditional, {Role: reader, Members: []model.Member{web}}}, model.EditExtend, 1},
		"the role without a member":    {[]model.Binding{{Role: reader}}, model.EditExtend, 0},
		"held":                         {[]model.Binding{{Role: reader, Members: []model.Member{web, dev}}}, model.EditNone, 0},
		"held in other letters":        {[]model.Binding{{Role: reader, Members: []model.Member{"user:Dev@Example.com"}}}, model.EditNone, 0},
		"held in the second binding":   {[]model.Binding{{Role: reader, Members: []model.Member{web}}, {Role: reader, Members: []model.Member{dev}}}, model.EditNone, 1},
		"only the deleted namesake":    {[]model.Binding{{Role: reader, Members: []model.Member{"deleted:user:dev@example.com?uid=1"}}}, model.EditExtend, 0},
		"the role ID in other letters": {[]model.Binding{{Role: "roles/artifactregistry.Reader", Members: []model.Member{dev}}}, model.EditAppend, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			edit := model.Policy{Bindings: c.bindings}.GrantEdit(reader, dev)
			if edit.Op != c.op || (c.op != model.EditAppend && edit.BindingIndex != c.place) {
				t.Errorf("%s: the edit is %+v, want %s of %d", name, edit, c.op, c.place)
			}
		})
	}
}
