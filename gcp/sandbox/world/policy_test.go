package world

import (
	"fmt"
	"strings"
	"testing"

	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/genproto/googleapis/type/expr"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"
)

const (
	projectB  = "//cloudresourcemanager.googleapis.com/projects/src-b"
	newMember = "user:new@example.com"
)

func readPolicy(t *testing.T, w *World, full string, version int32) *iampb.Policy {
	t.Helper()
	p, err := w.Policy(full, version)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func wantCode(t *testing.T, about string, err error, code codes.Code, text string) {
	t.Helper()
	if status.Code(err) != code || !strings.Contains(status.Convert(err).Message(), text) {
		t.Errorf("%s: got %v, want %s: %s", about, err, code, text)
	}
}

// TestPolicyVersions holds section 6.2 of the fact sheet on policy versions.
func TestPolicyVersions(t *testing.T) {
	w := parseWorld(t, engineWorld)
	full := readPolicy(t, w, projectB, 3)
	old := readPolicy(t, w, projectB, 1)
	if full.Version != 3 || full.Bindings[1].Condition.GetTitle() != "later" {
		t.Errorf("version 3 must show conditions: %v", full)
	}
	if b := old.Bindings[1]; old.Version != 1 || b.Condition != nil || !conditionalRoleForm.MatchString(b.Role) || stripConditionHash(b.Role) != full.Bindings[1].Role {
		t.Errorf("version 1 must hide a condition behind its role's name: %v", old.Bindings[1])
	}
	if plain := readPolicy(t, w, repo("one"), 3); plain.Version != 1 {
		t.Errorf("a policy without conditions is version 1, not %d", plain.Version)
	}
	_, err := w.Policy(projectB, 2)
	wantCode(t, "version 2", err, codes.InvalidArgument, "must be 0, 1 or 3")
	if again := readPolicy(t, w, projectB, 3); !proto.Equal(full, again) || string(full.Etag) != string(again.Etag) {
		t.Error("two reads of one policy differ")
	}
}

func TestWritesBelowVersion3(t *testing.T) {
	w := parseWorld(t, engineWorld)
	p := readPolicy(t, w, projectB, 1)
	_, err := w.SetPolicy(projectB, p, nil)
	wantCode(t, "with an etag", err, codes.InvalidArgument, "must be written with version 3")
	p.Etag = nil
	got, err := w.SetPolicy(projectB, p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if hasConditions(got) || got.Version != 1 || strings.Contains(got.String(), withCondSuffix) {
		t.Errorf("without an etag the conditions are lost: %v", got)
	}
	withCondition := &iampb.Policy{Version: 1, Bindings: []*iampb.Binding{{Role: "roles/browser", Members: []string{newMember}, Condition: &expr.Expr{Title: "t", Expression: "true"}}}}
	_, err = w.SetPolicy(projectB, withCondition, nil)
	wantCode(t, "a condition in version 1", err, codes.InvalidArgument, "must be written with version 3")
}

func TestEtags(t *testing.T) {
	w := parseWorld(t, engineWorld)
	first := readPolicy(t, w, repo("one"), 3)
	stale := proto.Clone(first).(*iampb.Policy)
	after, err := w.SetPolicy(repo("one"), first, nil)
	if err != nil {
		t.Fatal(err)
	}
	if string(after.Etag) == string(stale.Etag) {
		t.Error("a write must change the etag, also when it changes nothing else")
	}
	_, err = w.SetPolicy(repo("one"), stale, nil)
	wantCode(t, "stale etag", err, codes.Aborted, "There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.")
}

// TestWhatAWriteKeeps holds that binding order and audit configs come back.
func TestWhatAWriteKeeps(t *testing.T) {
	w, err := Load(Default)
	if err != nil {
		t.Fatal(err)
	}
	const b = "//cloudresourcemanager.googleapis.com/projects/myproject-b"
	p := readPolicy(t, w, b, 3)
	audits := len(p.AuditConfigs)
	p.AuditConfigs = nil
	p.Bindings = append([]*iampb.Binding{{Role: "roles/browser", Members: []string{newMember}}}, p.Bindings...)
	got, err := w.SetPolicy(b, p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if audits == 0 || len(got.AuditConfigs) != audits {
		t.Errorf("%d audit configs of %d are left", len(got.AuditConfigs), audits)
	}
	for i, binding := range p.Bindings {
		if !proto.Equal(binding, got.Bindings[i]) {
			t.Errorf("binding %d came back as %v, want %v", i, got.Bindings[i], binding)
		}
	}
	if got, err = w.SetPolicy(b, &iampb.Policy{}, []string{"audit_configs"}); err != nil || len(got.AuditConfigs) != 0 || len(got.Bindings) != len(p.Bindings) {
		t.Errorf("a mask takes only what it names: %v %v", got, err)
	}
	_, err = w.SetPolicy(b, &iampb.Policy{}, []string{"owner"})
	wantCode(t, "an unknown mask", err, codes.InvalidArgument, "is not a field of a policy")
}

func TestRefusedMembersAndRoles(t *testing.T) {
	condition := &expr.Expr{Title: "t", Expression: "true"}
	many := make([]string, 1501)
	for i := range many {
		many[i] = fmt.Sprintf("user:u%d@example.com", i)
	}
	for _, c := range []struct {
		about, resource string
		binding         *iampb.Binding
		text            string // "" is accepted
	}{
		{"a user from outside", projectB, &iampb.Binding{Role: "roles/browser", Members: []string{"user:x@elsewhere.org", "group:g@elsewhere.org", "domain:elsewhere.org"}}, ""},
		{"an unknown role", projectB, &iampb.Binding{Role: "roles/made.up", Members: []string{newMember}}, "Role (roles/made.up) does not exist in the resource's hierarchy."},
		{"the project's custom role", repo("one"), &iampb.Binding{Role: "projects/src-b/roles/puller", Members: []string{newMember}}, ""},
		{"another project's custom role", "//cloudresourcemanager.googleapis.com/projects/run-a", &iampb.Binding{Role: "projects/src-b/roles/puller", Members: []string{newMember}}, "does not exist in the resource's hierarchy"},
		{"an account that is not there", projectB, &iampb.Binding{Role: "roles/browser", Members: []string{"serviceAccount:no@src-b.iam.gserviceaccount.com"}}, "Service account no@src-b.iam.gserviceaccount.com does not exist."},
		{"an agent that is not there", projectB, &iampb.Binding{Role: "roles/browser", Members: []string{"serviceAccount:service-22@serverless-robot-prod.iam.gserviceaccount.com"}}, "does not exist"},
		{"an agent that is", projectB, &iampb.Binding{Role: "roles/browser", Members: []string{runAgent}}, ""},
		{"a deleted member", projectB, &iampb.Binding{Role: "roles/browser", Members: []string{"deleted:user:x@example.com?uid=1"}}, "Deleted members can't be added"},
		{"a text that is no member", projectB, &iampb.Binding{Role: "roles/browser", Members: []string{"x@example.com"}}, "unknown type"},
		{"allUsers on a project", projectB, &iampb.Binding{Role: "roles/browser", Members: []string{"allUsers"}}, "is not supported for this resource"},
		{"allUsers on a repository", repo("one"), &iampb.Binding{Role: "roles/artifactregistry.reader", Members: []string{"allUsers"}}, ""},
		{"a condition on a repository", repo("one"), &iampb.Binding{Role: "roles/artifactregistry.reader", Members: []string{newMember}, Condition: condition}, "Conditions are not supported"},
		{"a condition on a basic role", projectB, &iampb.Binding{Role: "roles/viewer", Members: []string{newMember}, Condition: condition}, "basic role"},
		{"a condition on a project", projectB, &iampb.Binding{Role: "roles/browser", Members: []string{newMember}, Condition: condition}, ""},
		{"too many principals", projectB, &iampb.Binding{Role: "roles/browser", Members: many}, "exceeds the limit of 1500"},
	} {
		t.Run(c.about, func(t *testing.T) {
			w := parseWorld(t, engineWorld)
			p := readPolicy(t, w, c.resource, 3)
			p.Version, p.Bindings = 3, append(p.Bindings, c.binding)
			_, err := w.SetPolicy(c.resource, p, nil)
			if c.text != "" {
				wantCode(t, c.about, err, codes.InvalidArgument, c.text)
			} else if err != nil {
				t.Errorf("%s: %v", c.about, err)
			}
		})
	}
}

// TestMembersThatWereThereStay holds that a write back may carry a deleted
// member and one that does not exist, where the policy had them.
func TestMembersThatWereThereStay(t *testing.T) {
	w := parseWorld(t, strings.Replace(engineWorld, `"projectViewer:src-b"`, `"projectViewer:src-b", "serviceAccount:never@src-b.iam.gserviceaccount.com"`, 1))
	if _, err := w.SetPolicy(repo("one"), readPolicy(t, w, repo("one"), 3), nil); err != nil {
		t.Error(err)
	}
}

// TestAgents holds sections 1.3 and 6.5: an agent made by enabling the API has
// its role, one made on request has none.
// TestMemberDomains holds that domain restricted sharing keeps out who belongs
// to no allowed customer, as Google words it.
func TestMemberDomains(t *testing.T) {
	const text = `
caller: user:dev@example.com
organization: {id: "1", displayName: example.com}
projects:
  - {id: closed, number: "11", parent: organizations/1, orgPolicies: [{constraint: iam.allowedPolicyMemberDomains, enforced: true, refuses: true, allowedValues: ["is:C1"]}],
     policy: {bindings: [{role: roles/viewer, members: ["user:old@other.com"]}]}, repositories: [{location: us, id: r}]}
  - {id: shut, number: "12", parent: organizations/1, orgPolicies: [{constraint: iam.allowedPolicyMemberDomains, enforced: true, refuses: true}]}
  - {id: shown, number: "15", parent: organizations/1, orgPolicies: [{constraint: iam.allowedPolicyMemberDomains, enforced: true}]}
  - {id: open, number: "13", parent: organizations/1, services: [run.googleapis.com], serviceAccounts: [{accountId: web}]}
  - {id: alone, number: "14", services: [run.googleapis.com]}
`
	w := parseWorld(t, text)
	const closed, shut, open = "//artifactregistry.googleapis.com/projects/closed/locations/us/repositories/r", "//cloudresourcemanager.googleapis.com/projects/shut", "//cloudresourcemanager.googleapis.com/projects/open"
	for _, c := range []struct {
		full, member string
		want         codes.Code
	}{
		{closed, "user:new@example.com", codes.OK}, {closed, "group:new@example.com", codes.OK}, {closed, "domain:example.com", codes.OK},
		{closed, "serviceAccount:web@open.iam.gserviceaccount.com", codes.OK}, {closed, "projectOwner:closed", codes.OK},
		{closed, "serviceAccount:service-13@serverless-robot-prod.iam.gserviceaccount.com", codes.OK},
		{closed, "serviceAccount:service-14@serverless-robot-prod.iam.gserviceaccount.com", codes.FailedPrecondition},
		{closed, "user:new@notexample.com", codes.FailedPrecondition}, {closed, "domain:other.com", codes.FailedPrecondition}, {closed, "allUsers", codes.FailedPrecondition},
		{shut, "user:new@example.com", codes.FailedPrecondition},
		{open, "user:new@other.com", codes.OK}, {"//cloudresourcemanager.googleapis.com/projects/shown", "user:new@other.com", codes.OK}, {"//cloudresourcemanager.googleapis.com/organizations/1", "user:new@other.com", codes.OK},
	} {
		t.Run(c.full+" "+c.member, func(t *testing.T) {
			_, err := w.SetPolicy(c.full, &iampb.Policy{Bindings: []*iampb.Binding{{Role: "roles/viewer", Members: []string{c.member}}}}, nil)
			text := ""
			if c.want != codes.OK {
				text = "One or more users named in the policy do not belong to a permitted customer,  perhaps due to an organization policy."
			}
			wantCode(t, c.member+" on "+c.full, err, c.want, text)
		})
	}
	old := &iampb.Policy{Bindings: []*iampb.Binding{{Role: "roles/editor", Members: []string{"user:old@other.com"}}}}
	if _, err := w.SetPolicy("//cloudresourcemanager.googleapis.com/projects/closed", old, nil); err != nil {
		t.Errorf("a member that was there may stay: %v", err)
	}
}

func TestAgents(t *testing.T) {
	w := parseWorld(t, engineWorld)
	b := w.Project("22")
	home := "//artifactregistry.googleapis.com/projects/src-b/locations/us/repositories/sets"
	agent := "serviceAccount:service-22@serverless-robot-prod.iam.gserviceaccount.com"
	email, _, ok := w.CreateAgent(b, "run.googleapis.com")
	if !ok || "serviceAccount:"+email != agent {
		t.Fatalf("the agent is %s", email)
	}
	if w.Allowed(agent, "run.services.get", projectB, DefaultTime) || w.holdsBasicRole(agent, "roles/viewer", "src-b") {
		t.Error("an agent made on request must come without a role")
	}
	w.Enable(b, "run.googleapis.com")
	if !w.Enabled("src-b", "run.googleapis.com") {
		t.Error("the API must be on")
	}
	fresh := parseWorld(t, engineWorld)
	fresh.Enable(fresh.Project("src-b"), "run.googleapis.com")
	if !fresh.Allowed(agent, "iam.serviceAccounts.getAccessToken", projectB, DefaultTime) || !fresh.Allowed(agent, pullPermission, home, DefaultTime) {
		t.Error("an agent made by enabling the API must have its role")
	}
	if _, _, ok := w.CreateAgent(b, "iam.googleapis.com"); ok {
		t.Error("the IAM API has no service agent here")
	}
}

// TestAddThenRemove says: whatever member is added to whatever role, taking it
// away again leaves the bindings that were there, and everybody's access.
func TestAddThenRemove(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := parseWorld(t, engineWorld)
		before := readPolicy(t, w, repo("one"), 3)
		role := rapid.SampledFrom([]string{"roles/artifactregistry.reader", "roles/artifactregistry.writer", "roles/run.invoker"}).Draw(rt, "role")
		user := "user:" + rapid.StringMatching(`[a-z]{3,8}`).Draw(rt, "user") + "@nowhere.org"
		p := readPolicy(t, w, repo("one"), 3)
		p.Bindings = append(p.Bindings, &iampb.Binding{Role: role, Members: []string{user}})
		p, err := w.SetPolicy(repo("one"), p, nil)
		if err != nil {
			rt.Fatal(err)
		}
		if got, want := w.Allowed(user, pullPermission, repo("one"), DefaultTime), role != "roles/run.invoker"; got != want {
			rt.Fatalf("with %s the member may pull: %v", role, got)
		}
		p.Bindings = p.Bindings[:len(p.Bindings)-1]
		after, err := w.SetPolicy(repo("one"), p, nil)
		if err != nil {
			rt.Fatal(err)
		}
		before.Etag, after.Etag = nil, nil
		if !proto.Equal(before, after) || w.Allowed(user, pullPermission, repo("one"), DefaultTime) {
			rt.Fatalf("got %v, want %v", after, before)
		}
	})
}
