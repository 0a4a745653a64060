package model

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Who may read counts on every level, by the role's definition, while its condition can hold.
func TestReaders(t *testing.T) {
	repo, project := staleRepo.Resource(), ProjectResource("source-b")
	for name, c := range map[string]struct {
		bindings map[Resource][]Binding
		alter    func(*Situation)
		want     string // of each level its members, or a sign for what could not be read
	}{
		"nobody": {nil, nil, "repository | project | folder"},
		"on each level": {map[Resource][]Binding{repo: {newBinding(readerRole, "user:a@example.com")}, project: {newBinding("roles/viewer", "user:b@example.com")},
			staleFolder: {newBinding(readerRole, AllUsers)}}, nil, "repository user:a@example.com | project user:b@example.com | folder allUsers"},
		"a role that does not read":    {map[Resource][]Binding{project: {newBinding("roles/browser", "user:a@example.com")}}, nil, "repository | project | folder"},
		"a time that is over":          {map[Resource][]Binding{repo: {conditional(expiredCondition, newBinding(readerRole, AllUsers))}}, nil, "repository | project | folder"},
		"a condition that may hold":    {map[Resource][]Binding{repo: {conditional(`resource.matchTag("a/b", "c")`, newBinding(readerRole, AllUsers))}}, nil, "repository allUsers if | project | folder"},
		"a condition that is not seen": {map[Resource][]Binding{repo: {newBinding(readerRole+"_withcond_1", AllUsers)}}, nil, "repository allUsers if | project | folder"},
		"deleted members": {map[Resource][]Binding{repo: {newBinding(readerRole, "deleted:user:a@example.com?uid=1"), newBinding(readerRole, "deleted:user:a@example.com?uid=1", "user:b@example.com")}},
			nil, "repository user:b@example.com | project | folder"},
		"a level that can't be read": {nil, func(s *Situation) { s.Policies[staleFolder] = Unread[Policy](Gap{Reason: "no"}) },
			"repository | project | folder (needs resourcemanager.folders.getIamPolicy)"},
		"a level that is not there": {nil, func(s *Situation) { s.Policies[project] = Absent[Policy]() }, "repository | project (project source-b does not exist) | folder"},
		"a role that can't be read": {map[Resource][]Binding{project: {newBinding("projects/source-b/roles/own", AllUsers)}},
			func(s *Situation) { s.Roles["projects/source-b/roles/own"] = Unread[Role](Gap{Reason: "no"}) }, "repository | project ?iam.roles.get | folder"},
		"levels that are not known": {nil, func(s *Situation) { s.Ancestry["source-b"] = Unread[[]Ancestor](Gap{Reason: "no"}) }, "repository | project ?"},
	} {
		t.Run(name, func(t *testing.T) {
			s := staleSituation(c.bindings)
			if c.alter != nil {
				c.alter(&s)
			}
			levels, wants := Readers(s, staleRepo)
			if got := readersText(levels); got != c.want || len(wants) > 0 {
				t.Errorf("%s; wants %v", got, wants)
			}
		})
	}
}

func readersText(levels []LevelReaders) string {
	var parts []string
	for _, l := range levels {
		part := string(l.Level.Resource.Kind())
		switch gap := l.Policy.Gap; {
		case l.Policy.Read():
		case gap.Need != "":
			part += " (needs " + string(gap.Need) + ")"
		default:
			part += " (" + gap.Reason + ")"
		}
		for _, b := range l.Bindings {
			for _, m := range b.Members {
				part += " " + string(m)
			}
			if b.Condition != nil {
				part += " if"
			}
		}
		for _, g := range l.Gaps {
			part += " ?" + string(g.Need)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, " | ")
}

// What is wanted opens in rounds: the levels, their policies, the roles in these; then nothing.
func TestReadersWants(t *testing.T) {
	full := staleSituation(map[Resource][]Binding{staleFolder: {newBinding("roles/viewer", AllUsers)}})
	s := NewSituation(Question{}, staleTime)
	var rounds []string
	for range 5 {
		levels, wants := Readers(s, staleRepo)
		var kinds []string
		for _, w := range wants {
			kinds = append(kinds, string(w.Kind))
			switch w.Kind {
			case WantAncestry:
				s.Ancestry[w.Project] = full.Ancestry[w.Project]
			case WantPolicy:
				s.Policies[w.Resource] = full.Policies[w.Resource]
			case WantRole:
				s.Roles[w.Role] = full.Roles[w.Role]
			}
		}
		pending := slices.ContainsFunc(levels, func(l LevelReaders) bool { return l.Policy.Gap.Pending() || slices.ContainsFunc(l.Gaps, Gap.Pending) })
		if pending != (len(wants) > 0) {
			t.Errorf("%v is wanted, and something is pending: %v", wants, pending)
		}
		rounds = append(rounds, fmt.Sprint(kinds))
	}
	if got, want := strings.Join(rounds, " "), "[ancestry policy policy] [policy] [role] [] []"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
}
