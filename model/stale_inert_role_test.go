package model

import (
	"slices"
	"strings"
	"testing"
)

// A binding of a role that is not in force gives nothing: it makes no other one redundant, it is never in use, idle,
// misplaced or excessive, and it says what is so with its role.
func TestStaleWithInertRoles(t *testing.T) {
	const off = "projects/source-b/roles/off"
	repo, project := staleRepo.Resource(), ProjectResource("source-b")
	for name, role := range map[string]Role{
		"is DISABLED": {Name: off, Stage: StageDisabled, Permissions: []Permission{PermDownload}},
		"was deleted": {Name: off, Stage: "GA", Deleted: true, Permissions: []Permission{PermDownload}},
	} {
		for _, c := range []struct {
			about    string
			bindings map[Resource][]Binding
			want     []StaleStatus
		}{
			{"alone, where it would be used", map[Resource][]Binding{repo: {newBinding(off, serviceAgentOf("1"))}}, []StaleStatus{StaleUnknown}},
			{"alone, where nothing uses it", map[Resource][]Binding{repo: {newBinding(off, serviceAgentOf("2"))}}, []StaleStatus{StaleUnknown}},
			{"next to the only one that works", map[Resource][]Binding{repo: {newBinding(readerRole, serviceAgentOf("1")), newBinding(off, serviceAgentOf("1"))}}, []StaleStatus{StaleActive, StaleRedundant}},
			{"above the only one that works", map[Resource][]Binding{repo: {newBinding(readerRole, serviceAgentOf("1"))}, project: {newBinding(off, serviceAgentOf("1"))}}, []StaleStatus{StaleActive, StaleUnknown}},
			{"below one that works", map[Resource][]Binding{repo: {newBinding(off, serviceAgentOf("1"))}, project: {newBinding(readerRole, serviceAgentOf("1"))}}, []StaleStatus{StaleRedundant, StaleActive}},
			{"of a project that is being deleted", map[Resource][]Binding{repo: {newBinding(off, serviceAgentOf("3"))}}, []StaleStatus{StaleDying}},
			{"of a deleted member", map[Resource][]Binding{repo: {newBinding(off, "deleted:user:x@example.com?uid=1")}}, []StaleStatus{StaleDeleted}},
			{"under a condition that is over", map[Resource][]Binding{repo: {conditional(expiredCondition, newBinding(off, serviceAgentOf("1")))}}, []StaleStatus{StaleExpired}},
			{"a person's, a group's, a runtime account's", map[Resource][]Binding{repo: {newBinding(off, "user:a@example.com", "group:g@example.com", "serviceAccount:web@team-a.iam.gserviceaccount.com")}},
				[]StaleStatus{StaleUnknown, StaleUnknown, StaleUnknown}},
		} {
			t.Run(name+" "+c.about, func(t *testing.T) {
				s := staleSituation(c.bindings)
				s.ReadingDone, s.Roles[off] = true, Known(role)
				var got []StaleStatus
				for _, b := range FindStale(s).Bindings {
					got = append(got, b.Status)
					said := b.Role != off || b.Status != StaleUnknown && b.Status != StaleRedundant || strings.Contains(b.Reason, name)
					if !said || b.Role == off && slices.Contains(b.AlsoHolds, StaleActive) || b.Status == StaleUnknown && b.Removable {
						t.Errorf("%s, %s: %+v", name, c.about, b)
					}
				}
				if !slices.Equal(got, c.want) {
					t.Errorf("%s, %s: %v, not %v", name, c.about, got, c.want)
				}
			})
		}
	}
}
