package model

import (
	"slices"
	"strings"
	"testing"
)

// Where the source project can't be read any agent may be its own: none is judged, and the list says what is not known.
func TestStaleWhereTheSourceProjectIsNotRead(t *testing.T) {
	s := staleSituation(map[Resource][]Binding{staleRepo.Resource(): {newBinding(readerRole, serviceAgentOf("2"))}})
	s.Projects["source-b"] = Unread[Project](Gap{Need: PermGetProject, Reason: "forbidden"})
	list := FindStale(s).Bindings
	if len(list) != 1 || list[0].Status != StaleUnknown || list[0].Removable || !strings.Contains(list[0].Reason, "hether the agent is that of the source project") ||
		!slices.ContainsFunc(list[0].Gaps, func(g Gap) bool { return g.Reason == "forbidden" }) {
		t.Errorf("%+v", list)
	}
}

// Where a binding is replaced, its removal waits for the grant.
func TestStaleStepsOfAReplacementWait(t *testing.T) {
	condition := &Condition{Title: "t", Expression: futureCondition}
	b := StaleBinding{Resource: staleRepo.Resource(), Role: "roles/artifactregistry.writer", Member: serviceAgentOf("1"), Condition: condition, Replace: readerRole}
	steps, of := StaleSteps([]StaleBinding{{Resource: b.Resource, Role: readerRole, Member: serviceAgentOf("2"), Removable: true}, b})
	if len(steps) != 3 || len(steps[0].After) != 0 || steps[1].Kind != StepGrant || steps[2].Kind != StepRevoke ||
		!slices.Equal(steps[2].After, []string{steps[1].ID}) || steps[1].Role != readerRole || !steps[1].Condition.equal(condition) || !of[steps[2].ID].SameBinding(b) {
		t.Errorf("%+v, %+v", steps, of)
	}
}

// A basic role on a project makes its holder projectEditor: and its like of that project, to which other policies may give
// something: the binding is not redundant below a wider role elsewhere.
func TestStaleKeepsABasicRoleOfAProject(t *testing.T) {
	for _, role := range []string{"roles/owner", "roles/editor", "roles/viewer"} {
		t.Run(role, func(t *testing.T) {
			s := staleSituation(map[Resource][]Binding{
				ProjectResource("source-b"): {newBinding(role, serviceAgentOf("1"))},
				staleFolder:                 {newBinding("roles/owner", serviceAgentOf("1"))},
			})
			all := []Permission{PermDownload, PermGetAccessToken}
			for _, name := range []string{role, "roles/owner"} {
				s.Roles[name] = Known(Role{Name: name, Permissions: all})
			}
			s.Inventories["consumer-1"] = Known(Inventory{Running: []RunningWorkload{{Workload: Workload{WorkloadName: WorkloadName{Service, "web", "us-central1"},
				ServiceAccount: "app@source-b.iam.gserviceaccount.com", Images: ImagesOf("us-docker.pkg.dev/source-b/images/app")}}}})
			for _, b := range FindStale(s).Bindings {
				if b.Resource.Kind() == KindProject && b.Role == role && (b.Status == StaleRedundant || b.Removable) {
					t.Errorf("%s on the project is %s: %s", role, b.Status, b.Reason)
				}
			}
		})
	}
}

// A member that whopulls does not judge says so. What could not be seen of an agent or a runtime account is unknown.
func TestStaleTellsNotJudgedFromUnknown(t *testing.T) {
	const runtime = Member("serviceAccount:web@team-a.iam.gserviceaccount.com")
	unread := Unread[Inventory](Gap{Need: "run.services.list", Reason: "forbidden"})
	for name, c := range map[string]struct {
		member    Member
		inventory Fact[Inventory]
		want      string
	}{
		"a person":                             {"user:dev@example.com", unread, WordNotJudged},
		"a group":                              {"group:team@example.com", unread, WordNotJudged},
		"another agent":                        {"serviceAccount:1@cloudbuild.gserviceaccount.com", unread, WordNotJudged},
		"the agent of the source project":      {serviceAgentOf(sourceNumber), unread, WordNotJudged},
		"an agent whose project is not read":   {serviceAgentOf("2"), unread, "unknown"},
		"an agent that uses nothing":           {serviceAgentOf("2"), Known(Inventory{}), "idle"},
		"an account whose project is not read": {runtime, unread, "unknown"},
		"an account that nothing runs as":      {runtime, Known(Inventory{}), WordNotJudged},
	} {
		t.Run(name, func(t *testing.T) {
			s := staleSituation(map[Resource][]Binding{staleRepo.Resource(): {newBinding(readerRole, c.member)}})
			s.Inventories["consumer-2"], s.Inventories["team-a"] = c.inventory, c.inventory
			b := judgeOne(t, s, c.member)
			if b.Word() != c.want || b.Word() == WordNotJudged && b.Status != StaleUnknown {
				t.Errorf("%s (%s), %s %v", b.Word(), b.Status, b.Reason, b.Gaps)
			}
		})
	}
}
