package model_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"whopulls/model"
)

// pull asks the question of the check of that name.
var pull = model.Access{Principal: agent, Permission: download, Resource: repository}

// levels are where a binding can reach the repository from, narrowest first.
var levels = []model.Resource{repository, projectB, folder, organization}

// permission to read the policy of each level.
var readPolicyPermissions = map[model.Resource]model.Permission{
	repository: "artifactregistry.repositories.getIamPolicy", projectB: "resourcemanager.projects.getIamPolicy",
	folder: "resourcemanager.folders.getIamPolicy", organization: "resourcemanager.organizations.getIamPolicy",
}

func TestDecideInherits(t *testing.T) {
	for _, level := range levels {
		t.Run(string(level), func(t *testing.T) {
			w := article()
			w.bind(level, reader, agent)
			d := model.Decide(w.Situation, pull)
			want := []model.Evidence{{Resource: level, Role: reader, Member: agent}}
			if d.Verdict != model.Granted || !reflect.DeepEqual(d.Evidence, want) || len(d.Gaps) > 0 {
				t.Errorf("bound on %s it is %s with %v and the gaps %v", level, d.Verdict, d.Evidence, d.Gaps)
			}
		})
	}
}

func TestDecideIsNotReachedFromElsewhere(t *testing.T) {
	w := article()
	for _, r := range []model.Resource{projectA, projectC, other, webAccount} {
		w.bind(r, reader, agent)
	}
	d := model.Decide(w.Situation, pull)
	if d.Verdict != model.Missing || len(d.Evidence)+len(d.Gaps) > 0 {
		t.Errorf("it is %s with %v, %v; want missing", d.Verdict, d.Evidence, d.Gaps)
	}
	if got := resources(d.Levels); !slices.Equal(got, levels) {
		t.Errorf("looked at %v, want %v", got, levels)
	}
}

func resources(ancestors []model.Ancestor) (list []model.Resource) {
	for _, a := range ancestors {
		list = append(list, a.Resource)
	}
	return list
}

func TestDecideNamesTheNarrowestFirst(t *testing.T) {
	w := article()
	for _, level := range []model.Resource{organization, projectB, folder, repository} {
		w.bind(level, reader, agent)
	}
	var got []model.Resource
	for _, e := range model.Decide(w.Situation, pull).Evidence {
		got = append(got, e.Resource)
	}
	if !slices.Equal(got, levels) {
		t.Errorf("the evidence is on %v, want %v", got, levels)
	}
}

func TestDecideWithAnUnreadableLevel(t *testing.T) {
	for _, hidden := range levels {
		t.Run(string(hidden), func(t *testing.T) {
			w := article()
			w.hide(hidden)
			d := model.Decide(w.Situation, pull)
			if d.Verdict != model.Unknown || !hasGap(d.Gaps, hidden, readPolicyPermissions[hidden]) {
				t.Errorf("without %s it is %s with the gaps %v, want unknown for lack of %s", hidden, d.Verdict, d.Gaps, readPolicyPermissions[hidden])
			}
			for _, level := range levels {
				if level == hidden {
					continue
				}
				w := article()
				w.hide(hidden)
				w.bind(level, reader, agent)
				if d := model.Decide(w.Situation, pull); d.Verdict != model.Granted {
					t.Errorf("without %s, bound on %s, it is %s, want granted", hidden, level, d.Verdict)
				}
			}
		})
	}
}

func TestDecideKeepsTheNeedThatTheReaderGave(t *testing.T) {
	w := article()
	w.Policies[folder] = model.Unread[model.Policy](model.Gap{Need: "some.other.need", Reason: "r"})
	if d := model.Decide(w.Situation, pull); !hasGap(d.Gaps, folder, "some.other.need") {
		t.Errorf("the gaps are %v", d.Gaps)
	}
}

func TestDecideWithoutTheAncestry(t *testing.T) {
	w := article()
	w.Ancestry["myproject-b"] = model.Unread[[]model.Ancestor](model.Gap{Need: "resourcemanager.projects.get", Reason: "forbidden"})
	d := model.Decide(w.Situation, pull)
	if d.Verdict != model.Unknown || !hasGap(d.Gaps, projectB, "resourcemanager.projects.get") {
		t.Errorf("it is %s with the gaps %v, want unknown", d.Verdict, d.Gaps)
	}
	for _, level := range []model.Resource{repository, projectB} {
		t.Run(string(level), func(t *testing.T) {
			w := article()
			w.Ancestry["myproject-b"] = model.Unread[[]model.Ancestor](gap("forbidden"))
			w.bind(level, reader, agent)
			if d := model.Decide(w.Situation, pull); d.Verdict != model.Granted {
				t.Errorf("bound on %s it is %s, want granted", level, d.Verdict)
			}
		})
	}
}

// Where the levels above are not known, their deny policies are not either: a gap, which --strict counts.
func TestDecideWithoutTheAncestryKnowsNoDeny(t *testing.T) {
	w := article()
	w.bind(repository, reader, agent)
	w.Ancestry["myproject-b"] = model.Unread[[]model.Ancestor](gap("forbidden"))
	if d := model.Decide(w.Situation, pull); d.Verdict != model.Granted || len(d.Gaps) == 0 {
		t.Errorf("it is %s with the gaps %v, want granted and a gap", d.Verdict, d.Gaps)
	}
	w.Question.Strict = true
	if d := model.Decide(w.Situation, pull); d.Verdict != model.Unknown {
		t.Errorf("strictly it is %s, want unknown", d.Verdict)
	}
}

func TestDecideByRoles(t *testing.T) {
	custom := "projects/myproject-b/roles/puller"
	hidden := model.Unread[model.Role](gap("forbidden"))
	cases := map[string]struct {
		role string
		fact model.Fact[model.Role]
		want model.Verdict
		need model.Permission
	}{
		"a custom role":                    {custom, model.Known(model.Role{Name: custom, Permissions: []model.Permission{download}}), model.Granted, ""},
		"a role without the permission":    {custom, model.Known(model.Role{Name: custom, Permissions: []model.Permission{actAs}}), model.Missing, ""},
		"an empty role":                    {custom, model.Known(model.Role{Name: custom}), model.Missing, ""},
		"a longer permission":              {custom, model.Known(model.Role{Permissions: []model.Permission{download + "X"}}), model.Missing, ""},
		"a role that is gone":              {custom, model.Absent[model.Role](), model.Missing, ""},
		"a custom role that can't be read": {custom, hidden, model.Unknown, "iam.roles.get"},
		"an organization's role":           {"organizations/1/roles/x", hidden, model.Unknown, "iam.roles.get"},
		"a predefined role unread":         {reader, hidden, model.Unknown, ""},
		"an object viewer":                 {"roles/storage.objectViewer", model.Known(model.Role{Permissions: []model.Permission{"storage.objects.get"}}), model.Missing, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := article()
			w.bind(repository, c.role, agent)
			w.Roles[c.role] = c.fact
			d := model.Decide(w.Situation, pull)
			if d.Verdict != c.want {
				t.Errorf("%s: it is %s, want %s", name, d.Verdict, c.want)
			}
			if c.need != "" && (len(d.Gaps) != 1 || d.Gaps[0].Need != c.need || !strings.Contains(d.Gaps[0].Reason, c.role)) {
				t.Errorf("%s: the gaps are %v, want the need of %s", name, d.Gaps, c.need)
			}
		})
	}
}

func TestDecideAsksNothingOfWhatCantMatter(t *testing.T) {
	w := article()
	w.bindIf(projectB, "roles/storage.objectViewer", &model.Condition{Expression: "true"}, agent)
	w.bindIf(projectB, reader, &model.Condition{Expression: "true"}, "user:eve@example.com")
	w.bind(projectB, "roles/storage.objectViewer", "group:team@example.com")
	w.bind(projectB, "roles/hidden", "user:eve@example.com")
	w.Roles["roles/hidden"] = model.Unread[model.Role](gap("forbidden"))
	if d := model.Decide(w.Situation, pull); d.Verdict != model.Missing {
		t.Errorf("it is %s with the gaps %v, want missing", d.Verdict, d.Gaps)
	}
}

func TestDecideNamesTheGroup(t *testing.T) {
	w := article()
	w.bind(folder, reader, "group:team@example.com")
	d := model.Decide(w.Situation, pull)
	if d.Verdict != model.Unknown || len(d.Gaps) != 1 {
		t.Fatalf("it is %s with the gaps %v", d.Verdict, d.Gaps)
	}
	g := d.Gaps[0]
	if g.Resource != folder || g.Need != "" || !strings.Contains(g.Reason, "may be granted through group:team@example.com") {
		t.Errorf("the gap is %+v", g)
	}
}

// Each gap is named, not only the first of a binding.
func TestDecideNamesEveryGroup(t *testing.T) {
	w := article()
	w.bind(folder, reader, "group:one@example.com", "user:eve@example.com", "group:two@example.com", "domain:example.com")
	d := model.Decide(w.Situation, pull)
	var reasons []string
	for _, g := range d.Gaps {
		reasons = append(reasons, g.Reason)
	}
	for _, member := range []string{"group:one@example.com", "group:two@example.com", "domain:example.com"} {
		if !strings.Contains(strings.Join(reasons, "\n"), member) {
			t.Errorf("no gap names %s: %q", member, reasons)
		}
	}
}

func TestDecideOnProjectsAndAccounts(t *testing.T) {
	cases := []struct {
		access model.Access
		levels []model.Resource
	}{
		{model.Access{Principal: dev, Permission: jobsCreate, Resource: projectA}, []model.Resource{projectA, folder, organization}},
		{model.Access{Principal: dev, Permission: actAs, Resource: webAccount}, []model.Resource{webAccount, projectA, folder, organization}},
		{model.Access{Principal: dev, Permission: jobsUpdate, Resource: job}, []model.Resource{job, projectA, folder, organization}},
		{model.Access{Principal: dev, Permission: actAs, Resource: farAccount}, []model.Resource{farAccount, projectC, folder, organization}},
	}
	for _, c := range cases {
		t.Run(string(c.access.Resource), func(t *testing.T) {
			d := model.Decide(article().Situation, c.access)
			if got := resources(d.Levels); !slices.Equal(got, c.levels) {
				t.Errorf("%s looks at %v, want %v", c.access.Resource, got, c.levels)
			}
		})
	}
}

// A level above what is there can't be missing: where it can't be found its policy is not known.
func TestDecideWhereALevelAboveIsNotFound(t *testing.T) {
	for _, level := range []model.Resource{projectB, folder, organization} {
		t.Run(string(level), func(t *testing.T) {
			w := article()
			w.Policies[level] = model.Fact[model.Policy]{State: model.FactAbsent}
			d := model.Decide(w.Situation, pull)
			if d.Verdict != model.Unknown || !slices.ContainsFunc(d.Gaps, func(g model.Gap) bool { return g.Resource == level }) {
				t.Errorf("without %s it is %s with the gaps %v, want unknown", level, d.Verdict, d.Gaps)
			}
		})
	}
	w := article()
	w.Policies[repository] = model.Fact[model.Policy]{State: model.FactAbsent}
	if d := model.Decide(w.Situation, pull); d.Verdict != model.Missing {
		t.Errorf("on what is not there it is %s", d.Verdict)
	}
}
