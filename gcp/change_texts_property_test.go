package gcp

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"google.golang.org/genproto/googleapis/type/expr"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"cloud.google.com/go/iam/apiv1/iampb"

	"whopulls/model"
)

// anyText is what a text of Google's may hold: whatever is UTF-8, which protobuf and JSON demand.
func anyText() *rapid.Generator[string] {
	odd := []rune("\x00\x07\x1b\x7f\u0085\u009b\u200f\u202e\u2066\u2028\ufeff\ufffd\n\r\t\v \"'`\\<>&$(){}[]#;|,:?é界\U0001f600")
	return rapid.StringOfN(rapid.OneOf(rapid.SampledFrom(odd), rapid.RuneFrom([]rune("abcXYZ019.@-"))), 0, 12, -1)
}

// anyPolicy has two bindings or more, each told from the others.
func anyPolicy(t *rapid.T) *iampb.Policy {
	p := &iampb.Policy{Version: 3, Etag: []byte("e")}
	for n := range rapid.IntRange(1, 4).Draw(t, "bindings") {
		b := &iampb.Binding{Role: fmt.Sprintf("roles/%s%d", anyText().Draw(t, "role"), n)}
		for m := range rapid.IntRange(1, 3).Draw(t, "members") {
			b.Members = append(b.Members, fmt.Sprintf("user:%s%d@%s", anyText().Draw(t, "name"), m, anyText().Draw(t, "host")))
		}
		if rapid.Bool().Draw(t, "conditional") {
			b.Condition = &expr.Expr{Title: anyText().Draw(t, "title"), Description: anyText().Draw(t, "description"),
				Expression: anyText().Draw(t, "expression"), Location: anyText().Draw(t, "location")}
		}
		p.Bindings = append(p.Bindings, b)
	}
	return p
}

// policyLines is what a policy gives, whatever the order.
func policyLines(p *iampb.Policy) []string {
	var lines []string
	for _, b := range p.GetBindings() {
		for _, m := range b.GetMembers() {
			c := b.GetCondition()
			lines = append(lines, fmt.Sprintf("%q %q %v %q %q %q %q", b.GetRole(), m, c != nil, c.GetTitle(), c.GetDescription(), c.GetExpression(), c.GetLocation()))
		}
	}
	slices.Sort(lines)
	return lines
}

// Whatever texts a policy holds: a binding that is taken away is found, its journal entry is read back as it was, and undo
// gives back byte for byte what was there.
func TestUndoGivesBackEveryByte(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		before := anyPolicy(r)
		k := &policyServer{policy: proto.Clone(before).(*iampb.Policy)}
		c := k.fake().cloud(t)
		read := policyOf(before)
		b := rapid.SampledFrom(read.Bindings).Draw(r, "binding")
		revoke := pullStep
		revoke.Kind, revoke.Role, revoke.Condition = model.StepRevoke, b.Role, b.Condition
		revoke.Member = rapid.SampledFrom(b.Members).Draw(r, "member")
		o, err := c.performOne(t.Context(), consentGate, model.Write{Step: revoke, Run: "first"})
		if err != nil || o.State != model.StepDone {
			r.Fatalf("the revoke is %s (%s), %v", o.State, o.Message, err)
		}
		if got := policyLines(k.policy); len(got) != len(policyLines(before))-1 {
			r.Fatalf("after the revoke it says\n%q", got)
		}
		h, err := c.History()
		if err != nil || len(h.Entries) == 0 {
			r.Fatal("no history", err)
		}
		entry := h.Entries[len(h.Entries)-1]
		inverse, err := entry.Step().Inverse()
		if err != nil {
			r.Fatal(err)
		}
		o, err = c.performOne(t.Context(), consentGate, model.Write{Step: inverse, Run: "second", Undoes: entry.ID, OnlyIfUnchanged: true})
		if err != nil || o.State != model.StepDone {
			r.Fatalf("the undo is %s (%s), %v", o.State, o.Message, err)
		}
		if got, want := policyLines(k.policy), policyLines(before); !slices.Equal(got, want) {
			r.Fatalf("after undo it says\n%q\nwant\n%q", got, want)
		}
	})
}

// A policy is the same after it was a file.
func TestPoliciesSurviveAFile(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		read := policyOf(anyPolicy(r))
		text, err := json.Marshal(read)
		if err != nil {
			r.Fatal(err)
		}
		var back model.Policy
		if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back, read) {
			r.Fatalf("%+v became %+v, %v", read, back, err)
		}
	})
}
