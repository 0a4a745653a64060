package sandbox_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	troubleshooter "cloud.google.com/go/policytroubleshooter/iam/apiv3"
	ts "cloud.google.com/go/policytroubleshooter/iam/apiv3/iampb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/timestamppb"
	"pgregory.net/rapid"

	"whopulls/gcp/sandbox"
	"whopulls/gcp/sandbox/world"
)

const (
	tsHost         = "policytroubleshooter.googleapis.com"
	pullPermission = "artifactregistry.repositories.downloadArtifacts"
)

// visibilityWorld has one repository for each reason why somebody may not be able
// to know who can pull from it. auditor sees everything; blind may read
// policies, and neither groups nor custom roles nor deny policies.
const visibilityWorld = `
caller: user:auditor@example.com
organization: {id: "1", displayName: example.com, policy: {bindings: [
  {role: organizations/1/roles/auditor, members: ["user:auditor@example.com"]}]}}
groups:
  - {email: open@example.com, members: ["user:member@example.com", "group:closed@example.com"], visibleTo: ["user:auditor@example.com"]}
  - {email: closed@example.com, members: ["user:hidden@example.com"], visibleTo: ["user:other@example.com"]}
roles:
  - {name: projects/src/roles/puller, includedPermissions: [artifactregistry.repositories.downloadArtifacts]}
  - {name: organizations/1/roles/policies, includedPermissions: [artifactregistry.repositories.getIamPolicy, resourcemanager.projects.getIamPolicy, resourcemanager.organizations.getIamPolicy, resourcemanager.projects.get]}
  - {name: organizations/1/roles/auditor, includedPermissions: [artifactregistry.repositories.getIamPolicy, resourcemanager.projects.getIamPolicy, resourcemanager.organizations.getIamPolicy, resourcemanager.projects.get, iam.roles.get, iam.denypolicies.list, iam.denypolicies.get, serviceusage.services.get]}
denyPolicies:
  - id: no-ban
    attachmentPoint: projects/src
    rules:
      - {deniedPrincipals: ["principal://goog/subject/banned@example.com"], deniedPermissions: [artifactregistry.googleapis.com/repositories.downloadArtifacts]}
      - {deniedPrincipals: ["principal://goog/subject/tagged@example.com"], deniedPermissions: ["artifactregistry.googleapis.com/*"], condition: "resource.matchTag('1/env', 'prod')"}
projects:
  - id: src
    number: "22"
    parent: organizations/1
    services: [artifactregistry.googleapis.com, policytroubleshooter.googleapis.com]
    policy: {bindings: [
      {role: organizations/1/roles/policies, members: ["user:blind@example.com"]},
      {role: roles/iam.denyReviewer, members: ["user:lister@example.com"]},
      {role: organizations/1/roles/policies, members: ["user:lister@example.com"]},
      {role: roles/artifactregistry.reader, members: ["user:later@example.com"], condition: {title: later, expression: "request.time > timestamp('2027-01-01T00:00:00Z')"}},
      {role: roles/artifactregistry.reader, members: ["user:byname@example.com"], condition: {title: name, expression: "resource.name.startsWith('projects/src') && request.time > timestamp('2027-01-01T00:00:00Z')"}}]}
    repositories:
      - {location: us, id: r, policy: {bindings: [
          {role: roles/artifactregistry.reader, members: ["user:reader@example.com", "user:banned@example.com", "user:tagged@example.com", "group:open@example.com"]},
          {role: projects/src/roles/puller, members: ["user:custom@example.com"]}]}}
  - id: off
    number: "33"
    services: [artifactregistry.googleapis.com]
    repositories: [{location: us, id: r}]
`

const visibilityRepo = "//artifactregistry.googleapis.com/projects/src/locations/us/repositories/r"

func startYAML(t *testing.T, text string) *sandbox.Server {
	t.Helper()
	w, err := world.Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return start(t, sandbox.Options{World: w})
}

// pullTuple is the tuple of that principal's pull from visibilityRepo.
func pullTuple(name string) *ts.AccessTuple {
	return &ts.AccessTuple{Principal: name + "@example.com", FullResourceName: visibilityRepo, Permission: pullPermission}
}

func TestTroubleshootStates(t *testing.T) {
	s := startYAML(t, visibilityWorld)
	at := func(tuple *ts.AccessTuple, year int) *ts.AccessTuple {
		tuple.ConditionContext = &ts.ConditionContext{Request: &ts.ConditionContext_Request{
			ReceiveTime: timestamppb.New(time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)),
		}}
		return tuple
	}
	elsewhere := func(resource string) *ts.AccessTuple {
		tuple := pullTuple("reader")
		tuple.FullResourceName = resource
		return tuple
	}
	deniable := pullTuple("reader")
	deniable.Permission = "artifactregistry.googleapis.com/repositories.downloadArtifacts"
	const can, cannot = ts.TroubleshootIamPolicyResponse_CAN_ACCESS, ts.TroubleshootIamPolicyResponse_CANNOT_ACCESS
	const hidden, conditional = ts.TroubleshootIamPolicyResponse_UNKNOWN_INFO, ts.TroubleshootIamPolicyResponse_UNKNOWN_CONDITIONAL
	for _, c := range []struct {
		about, asker string
		tuple        *ts.AccessTuple
		want         ts.TroubleshootIamPolicyResponse_OverallAccessState
	}{
		{"a binding of its own", "auditor", pullTuple("reader"), can},
		{"the permission as deny policies spell it", "auditor", deniable, can},
		{"the project by its number", "auditor", elsewhere("//artifactregistry.googleapis.com/projects/22/locations/us/repositories/r"), can},
		{"a member of a group that is visible", "auditor", pullTuple("member"), can},
		{"a custom role that can be read", "auditor", pullTuple("custom"), can},
		{"no binding, but a group inside that is not visible", "auditor", pullTuple("stranger"), hidden},
		{"a deny rule that applies", "auditor", pullTuple("banned"), cannot},
		{"a deny rule on a condition", "auditor", pullTuple("tagged"), conditional},
		{"a condition on a time that is not said", "auditor", pullTuple("later"), hidden}, // the group hides more than the condition
		{"a condition on a time that has come", "auditor", at(pullTuple("later"), 2028), can},
		{"a repository without the groups, before the time", "auditor", at(elsewhere("//artifactregistry.googleapis.com/projects/src/locations/us/repositories/none"), 2026), cannot},
		{"a repository that is not there", "auditor", elsewhere("//artifactregistry.googleapis.com/projects/src/locations/us/repositories/none"), cannot},
		{"a service of the project, which has no policy", "auditor", elsewhere("//serviceusage.googleapis.com/projects/src/services/run.googleapis.com"), cannot},
		{"a project that is not there", "auditor", elsewhere("//artifactregistry.googleapis.com/projects/none/locations/us/repositories/r"), hidden},
		{"the deny policies cannot be listed", "blind", pullTuple("reader"), hidden},
		{"a custom role that cannot be read", "lister", pullTuple("custom"), hidden},
		{"nothing can be read", "nobody", pullTuple("reader"), hidden},
		{"nothing can be read, and it is not there", "nobody", elsewhere("//artifactregistry.googleapis.com/projects/none/locations/us/repositories/r"), hidden},
	} {
		t.Run(c.about, func(t *testing.T) {
			client := must(troubleshooter.NewPolicyTroubleshooterClient(t.Context(), dial(t, s, tsHost, "user:"+c.asker+"@example.com")))(t)
			answer := must(client.TroubleshootIamPolicy(t.Context(), &ts.TroubleshootIamPolicyRequest{AccessTuple: c.tuple}))(t)
			if answer.OverallAccessState != c.want {
				t.Errorf("%s: %s, want %s\n%v", c.about, answer.OverallAccessState, c.want, answer)
			}
			if got := answer.AccessTuple.PermissionFqdn; got != "artifactregistry.googleapis.com/repositories.downloadArtifacts" {
				t.Errorf("%s: the permission is spelled %s", c.about, got)
			}
		})
	}
}

// TestTroubleshootConditions leaves conditions as the only thing that is open.
func TestTroubleshootConditions(t *testing.T) {
	s := startYAML(t, visibilityWorld)
	client := must(troubleshooter.NewPolicyTroubleshooterClient(t.Context(), dial(t, s, tsHost, "")))(t)
	const none = "//artifactregistry.googleapis.com/projects/src/locations/us/repositories/none" // the project's bindings alone
	ask := func(name string, at *timestamppb.Timestamp) *ts.TroubleshootIamPolicyResponse {
		tuple := &ts.AccessTuple{Principal: name + "@example.com", FullResourceName: none, Permission: pullPermission}
		if at != nil {
			tuple.ConditionContext = &ts.ConditionContext{Request: &ts.ConditionContext_Request{ReceiveTime: at}}
		}
		return must(client.TroubleshootIamPolicy(t.Context(), &ts.TroubleshootIamPolicyRequest{AccessTuple: tuple}))(t)
	}
	late := timestamppb.New(time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC))
	if got := ask("later", nil); got.OverallAccessState != ts.TroubleshootIamPolicyResponse_UNKNOWN_CONDITIONAL ||
		got.AllowPolicyExplanation.AllowAccessState != ts.AllowAccessState_ALLOW_ACCESS_STATE_UNKNOWN_CONDITIONAL ||
		got.DenyPolicyExplanation.DenyAccessState != ts.DenyAccessState_DENY_ACCESS_STATE_NOT_DENIED {
		t.Errorf("a time that is not said: %v", got)
	}
	if got := ask("later", late); got.OverallAccessState != ts.TroubleshootIamPolicyResponse_CAN_ACCESS {
		t.Errorf("a time that has come: %v", got)
	}
	if got := ask("byname", late); got.OverallAccessState != ts.TroubleshootIamPolicyResponse_CANNOT_ACCESS {
		t.Errorf("Artifact Registry gives conditions no resource name: %v", got)
	}
}

// TestTroubleshootShowsWhatTheCallerMaySee looks into the explanations.
func TestTroubleshootShowsWhatTheCallerMaySee(t *testing.T) {
	s := startYAML(t, visibilityWorld)
	ask := func(asker, name string) *ts.TroubleshootIamPolicyResponse {
		client := must(troubleshooter.NewPolicyTroubleshooterClient(t.Context(), dial(t, s, tsHost, "user:"+asker+"@example.com")))(t)
		return must(client.TroubleshootIamPolicy(t.Context(), &ts.TroubleshootIamPolicyRequest{AccessTuple: pullTuple(name)}))(t)
	}
	seen := ask("auditor", "banned")
	own := seen.AllowPolicyExplanation.ExplainedPolicies[0]
	if own.FullResourceName != visibilityRepo || len(own.Policy.Bindings) != 2 || len(own.BindingExplanations) != 2 ||
		own.BindingExplanations[0].Memberships["user:banned@example.com"].Membership != ts.MembershipMatchingState_MEMBERSHIP_MATCHED ||
		own.BindingExplanations[0].Memberships["group:open@example.com"].Membership != ts.MembershipMatchingState_MEMBERSHIP_UNKNOWN_INFO ||
		own.BindingExplanations[0].RolePermission != ts.RolePermissionInclusionState_ROLE_PERMISSION_INCLUDED {
		t.Errorf("the repository's policy is explained as %v", own)
	}
	denying := seen.DenyPolicyExplanation.ExplainedResources[0]
	if denying.FullResourceName != "//cloudresourcemanager.googleapis.com/projects/src" || denying.DenyAccessState != ts.DenyAccessState_DENY_ACCESS_STATE_DENIED ||
		len(denying.ExplainedPolicies[0].RuleExplanations) != 2 || len(denying.ExplainedPolicies[0].Policy.Rules) != 2 {
		t.Errorf("the deny policy is explained as %v", denying)
	}
	if text := fmt.Sprint(ask("nobody", "reader")); strings.Contains(text, "roles/") || strings.Contains(text, "no-ban") || strings.Contains(text, "projects/src\"") {
		t.Errorf("who may read nothing is shown %s", text)
	}
	blind := ask("blind", "custom")
	if got := blind.AllowPolicyExplanation.ExplainedPolicies[0].BindingExplanations[1].RolePermission; got != ts.RolePermissionInclusionState_ROLE_PERMISSION_UNKNOWN_INFO {
		t.Errorf("a role that may not be read is %s", got)
	}
	organization := blind.AllowPolicyExplanation.ExplainedPolicies[2]
	if organization.Policy != nil || organization.FullResourceName != "" {
		t.Errorf("an organization's policy that may not be read is shown: %v", organization)
	}
}

func TestTroubleshootRefuses(t *testing.T) {
	s := startYAML(t, visibilityWorld)
	client := must(troubleshooter.NewPolicyTroubleshooterClient(t.Context(), dial(t, s, tsHost, "")))(t)
	for about, tuple := range map[string]*ts.AccessTuple{
		"no tuple": nil, "an empty tuple": {},
		"a member":               {Principal: "user:reader@example.com", FullResourceName: visibilityRepo, Permission: pullPermission},
		"no e-mail":              {Principal: "reader", FullResourceName: visibilityRepo, Permission: pullPermission},
		"a relative name":        {Principal: "reader@example.com", FullResourceName: "projects/src", Permission: pullPermission},
		"slashes":                {Principal: "reader@example.com", FullResourceName: "//", Permission: pullPermission},
		"a service alone":        {Principal: "reader@example.com", FullResourceName: "//artifactregistry.googleapis.com", Permission: pullPermission},
		"no permission":          {Principal: "reader@example.com", FullResourceName: visibilityRepo},
		"a group of permissions": {Principal: "reader@example.com", FullResourceName: visibilityRepo, Permission: "artifactregistry.googleapis.com/*"},
		"a role":                 {Principal: "reader@example.com", FullResourceName: visibilityRepo, Permission: "roles/artifactregistry.reader"},
	} {
		t.Run(about, func(t *testing.T) {
			_, err := client.TroubleshootIamPolicy(t.Context(), &ts.TroubleshootIamPolicyRequest{AccessTuple: tuple})
			wantCode(t, fmt.Sprint(tuple), err, codes.InvalidArgument)
		})
	}
	off := &ts.AccessTuple{Principal: "reader@example.com", Permission: pullPermission, FullResourceName: "//artifactregistry.googleapis.com/projects/off/locations/us/repositories/r"}
	_, err := client.TroubleshootIamPolicy(t.Context(), &ts.TroubleshootIamPolicyRequest{AccessTuple: off})
	wantCode(t, "an API that is off", err, codes.PermissionDenied)
	wantReason(t, err, "SERVICE_DISABLED", map[string]string{"service": tsHost, "consumer": "projects/33"})
	counted := metadata.AppendToOutgoingContext(t.Context(), "x-goog-user-project", "src")
	must(client.TroubleshootIamPolicy(counted, &ts.TroubleshootIamPolicyRequest{AccessTuple: off}))(t)
	counted = metadata.AppendToOutgoingContext(t.Context(), "x-goog-user-project", "off")
	_, err = client.TroubleshootIamPolicy(counted, &ts.TroubleshootIamPolicyRequest{AccessTuple: pullTuple("reader")})
	wantReason(t, err, "SERVICE_DISABLED", map[string]string{"consumer": "projects/33"})
}

// The parts that random worlds are made of.
var (
	drawnMembers = []string{
		"user:u1@example.com", "user:u2@example.com", "user:u3@other.com", "serviceAccount:web@p-a.iam.gserviceaccount.com",
		"serviceAccount:service-11@serverless-robot-prod.iam.gserviceaccount.com",
	}
	drawnBound = append([]string{
		"group:g1@example.com", "group:g2@example.com", "domain:example.com", "allUsers", "allAuthenticatedUsers", "projectOwner:p-a", "projectViewer:p-b",
		"principalSet://cloudresourcemanager.googleapis.com/projects/11/type/ServiceAccount", "principalSet://cloudresourcemanager.googleapis.com/folders/2/type/ServiceAgent",
		"deleted:user:u1@example.com?uid=1",
	}, drawnMembers...)
	drawnRoles = []string{
		"roles/artifactregistry.reader", "roles/viewer", "roles/owner", "roles/run.developer", "roles/iam.securityReviewer", "roles/iam.denyReviewer",
		"roles/browser", "roles/iam.serviceAccountUser", "projects/p-b/roles/puller", "organizations/1/roles/reader",
	}
	drawnConditions = []string{
		"", "", "", "request.time < timestamp('2027-01-01T00:00:00Z')", "request.time > timestamp('2027-01-01T00:00:00Z')", "resource.type == 'run.googleapis.com/Service'",
		"resource.name.startsWith('projects/p-b') || request.time < timestamp('2027-01-01T00:00:00Z')",
	}
	drawnPrincipals = []string{
		"principalSet://goog/public:all", "principal://goog/subject/u1@example.com", "principal://goog/subject/u3@other.com", "principalSet://goog/group/g1@example.com",
		"principal://iam.googleapis.com/projects/-/serviceAccounts/web@p-a.iam.gserviceaccount.com",
	}
	drawnDenied      = []string{"artifactregistry.googleapis.com/repositories.downloadArtifacts", "run.googleapis.com/services.get", "cloudresourcemanager.googleapis.com/projects.delete"}
	drawnPermissions = []string{pullPermission, "artifactregistry.repositories.get", "run.services.get", "iam.serviceAccounts.actAs", "resourcemanager.projects.get"}
	drawnResources   = []string{
		"//artifactregistry.googleapis.com/projects/p-b/locations/us/repositories/r", "//artifactregistry.googleapis.com/projects/22/locations/us/repositories/none",
		"//run.googleapis.com/projects/p-a/locations/us-central1/services/web", "//iam.googleapis.com/projects/p-a/serviceAccounts/web@p-a.iam.gserviceaccount.com",
		"//cloudresourcemanager.googleapis.com/projects/p-b", "//cloudresourcemanager.googleapis.com/folders/2", "//cloudresourcemanager.googleapis.com/organizations/1",
	}
)

// drawYAMLList draws a few of the words, in the form of a YAML list.
func drawYAMLList(t *rapid.T, words []string, least, most int) string {
	return list(drawWords(t, words, least, most))
}

func drawWords(t *rapid.T, words []string, least, most int) []string {
	return rapid.SliceOfN(rapid.SampledFrom(words), least, most).Draw(t, "words")
}

func list(words []string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = strconv.Quote(w)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

func drawPolicy(t *rapid.T, more string, conditions bool) string {
	bindings := more
	for range rapid.IntRange(0, 3).Draw(t, "bindings") {
		bindings += fmt.Sprintf("{role: %s, members: %s", rapid.SampledFrom(drawnRoles).Draw(t, "role"), drawYAMLList(t, drawnBound, 1, 3))
		if c := rapid.SampledFrom(drawnConditions).Draw(t, "condition"); c != "" && conditions {
			bindings += fmt.Sprintf(", condition: {title: c, expression: %q}", c)
		}
		bindings += "}, "
	}
	return "{bindings: [" + bindings + "]}"
}

// drawWorld makes a small world in which all@example.com sees everything: no
// deny rule takes the reading of policies away.
func drawWorld(t *rapid.T) *world.World {
	sees := rapid.SliceOfN(rapid.SampledFrom(drawnMembers), 0, 2).Draw(t, "who sees much")
	visible := func() string {
		return list(slices.Concat([]string{"user:all@example.com"}, sees, drawWords(t, drawnMembers, 0, 2)))
	}
	seer := ""
	for _, role := range []string{"roles/iam.securityReviewer", "roles/iam.denyReviewer", "roles/browser"} {
		seer += fmt.Sprintf(`{role: %s, members: %s}, `, role, list(slices.Concat(sees, []string{"user:all@example.com"})))
	}
	text := fmt.Sprintf(`
caller: user:all@example.com
organization: {id: "1", displayName: example.com, policy: %s}
folders: [{id: "2", displayName: f, parent: organizations/1, policy: %s}]
groups:
  - {email: g1@example.com, members: %s, visibleTo: %s}
  - {email: g2@example.com, members: ["user:u2@example.com", "group:g1@example.com"], visibleTo: %s}
roles:
  - {name: projects/p-b/roles/puller, includedPermissions: [artifactregistry.repositories.downloadArtifacts]}
  - {name: organizations/1/roles/reader, includedPermissions: [run.services.get, artifactregistry.repositories.getIamPolicy, resourcemanager.projects.getIamPolicy]}
denyPolicies:
  - {attachmentPoint: %s, rules: [{deniedPrincipals: %s, exceptionPrincipals: %s, deniedPermissions: %s, exceptionPermissions: %s}]}
projects:
  - {id: p-a, number: "11", parent: folders/2, services: [run.googleapis.com, policytroubleshooter.googleapis.com], policy: %s,
     serviceAccounts: [{accountId: web, policy: %s}], workloads: [{kind: service, region: us-central1, name: web, images: [docker.io/library/nginx], policy: %s}]}
  - {id: p-b, number: "22", parent: folders/2, services: [artifactregistry.googleapis.com, policytroubleshooter.googleapis.com], policy: %s,
     repositories: [{location: us, id: r, policy: %s}]}
`, drawPolicy(t, seer, true), drawPolicy(t, "", true), drawYAMLList(t, append([]string{"group:g2@example.com"}, drawnMembers...), 0, 3),
		visible(), visible(),
		rapid.SampledFrom([]string{"projects/p-b", "folders/2", "organizations/1"}).Draw(t, "attached"),
		drawYAMLList(t, drawnPrincipals, 1, 2), drawYAMLList(t, drawnPrincipals, 0, 1), drawYAMLList(t, drawnDenied, 1, 2), drawYAMLList(t, drawnDenied, 0, 1),
		drawPolicy(t, "", true), drawPolicy(t, "", true), drawPolicy(t, "", true), drawPolicy(t, "", true), drawPolicy(t, "", false))
	w, err := world.Parse("drawn.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return w
}

// TestTroubleshootAgreesWithTheEngine compares the answers, over random worlds,
// with the engine that sees everything: who sees all of it gets that answer,
// and everybody else gets the same or none.
func TestTroubleshootAgreesWithTheEngine(t *testing.T) {
	const can, cannot = ts.TroubleshootIamPolicyResponse_CAN_ACCESS, ts.TroubleshootIamPolicyResponse_CANNOT_ACCESS
	decided := map[ts.TroubleshootIamPolicyResponse_OverallAccessState]int{}
	rapid.Check(t, func(rt *rapid.T) {
		w := drawWorld(rt)
		s := must(sandbox.Start(sandbox.Options{World: w}))(t)
		defer s.Close()
		at := time.Now()
		all := must(troubleshooter.NewPolicyTroubleshooterClient(t.Context(), dial(t, s, tsHost, "")))(t)
		some := must(troubleshooter.NewPolicyTroubleshooterClient(t.Context(), dial(t, s, tsHost, rapid.SampledFrom(drawnMembers).Draw(rt, "asker"))))(t)
		for range 6 {
			member := rapid.SampledFrom(drawnMembers).Draw(rt, "member")
			_, email, _ := strings.Cut(member, ":")
			q := &ts.TroubleshootIamPolicyRequest{AccessTuple: &ts.AccessTuple{
				Principal: email, Permission: rapid.SampledFrom(drawnPermissions).Draw(rt, "permission"), FullResourceName: rapid.SampledFrom(drawnResources).Draw(rt, "resource"),
				ConditionContext: &ts.ConditionContext{Request: &ts.ConditionContext_Request{ReceiveTime: timestamppb.New(at)}},
			}}
			truth := w.Allowed(member, q.AccessTuple.Permission, q.AccessTuple.FullResourceName, at)
			full := must(all.TroubleshootIamPolicy(t.Context(), q))(t)
			if (full.OverallAccessState == can) != truth || (full.OverallAccessState == cannot) == truth {
				rt.Fatalf("%v: with full sight %s, the engine says %v\n%v", q, full.OverallAccessState, truth, full)
			}
			part := must(some.TroubleshootIamPolicy(t.Context(), q))(t)
			decided[part.OverallAccessState]++
			if (part.OverallAccessState == can && !truth) || (part.OverallAccessState == cannot && truth) {
				rt.Fatalf("%v: with partial sight %s, the engine says %v\n%v", q, part.OverallAccessState, truth, part)
			}
		}
	})
	if decided[can] == 0 || decided[cannot] == 0 || decided[ts.TroubleshootIamPolicyResponse_UNKNOWN_INFO] == 0 {
		t.Errorf("the drawn worlds leave states out: %v", decided)
	}
}

// TestAuthorizerAgrees holds that what a Checker remembers of folders and the
// organization changes no decision.
func TestAuthorizerAgrees(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w, at := drawWorld(rt), time.Now()
		for _, member := range drawnMembers {
			for _, permission := range drawnPermissions {
				c := w.NewAuthorizer(member, permission, at)
				for _, resource := range rapid.Permutation(drawnResources).Draw(rt, "order") {
					if got, want := c.Allowed(resource), w.Allowed(member, permission, resource, at); got != want {
						rt.Fatalf("%s, %s on %s: %v, alone %v", member, permission, resource, got, want)
					}
				}
			}
		}
	})
}
