package assetsearch

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"whopulls/model"
)

// fakeCloud answers by what is searched and who pays, and notes what was asked.
type fakeCloud struct {
	levels  map[string][]model.Ancestor
	answers map[string]model.Fact[model.WorkloadSearch] // by project that pays and id of the scope
	asked   []string
	broken  error
}

var (
	organization = model.AncestorResource("organizations/1")
	folder       = model.AncestorResource("folders/2")
	web          = model.FoundWorkload{Project: "shop", WorkloadName: model.WorkloadName{Kind: model.Service, Name: "web", Region: "r"}}
	one          = model.Known(model.WorkloadSearch{Found: []model.FoundWorkload{web}})
)

func (c *fakeCloud) ReadFacts(_ context.Context, project string, _ []model.Want, _ func(model.Situation)) (model.Situation, error) {
	c.asked = append(c.asked, "levels of "+project)
	s := model.NewSituation(model.Question{Project: project}, time.Time{})
	if levels, ok := c.levels[project]; ok {
		s.Ancestry[project] = model.Known(levels)
	}
	return s, c.broken
}

func (c *fakeCloud) SearchWorkloads(_ context.Context, scope model.Resource, _ []string, pays string) (model.Fact[model.WorkloadSearch], error) {
	at := pays + " " + scope.ID()
	c.asked = append(c.asked, at)
	answer, ok := c.answers[at]
	if !ok {
		answer = model.Unread[model.WorkloadSearch](model.Gap{Resource: scope, Need: "search", Reason: "you may not search " + scope.ID()})
	}
	return answer, c.broken
}

// levelsOf are a project, a folder and an organization.
func levelsOf(project string) []model.Ancestor {
	return []model.Ancestor{{Resource: model.ProjectResource(project)}, {Resource: folder}, {Resource: organization, Name: "example.com"}}
}

func refusal(g model.Gap) model.Fact[model.WorkloadSearch] {
	return model.Unread[model.WorkloadSearch](g)
}

// The widest level that may be searched is, by the quota of a project where that works. What was refused is not asked again.
func TestWhatIsSearched(t *testing.T) {
	off := refusal(model.Gap{Resource: organization, DisabledAPI: model.APIResource("1", "cloudasset.googleapis.com"), Reason: "the API is off"})
	noQuota := refusal(model.Gap{Resource: model.ProjectResource("a"), Need: "serviceusage.services.use", Reason: "you may not use the quota of project a"})
	many := model.Known(model.WorkloadSearch{Found: []model.FoundWorkload{web, web}, More: true})
	for _, test := range []struct {
		name     string
		answers  map[string]model.Fact[model.WorkloadSearch]
		projects string
		said     string
		asked    string // by the searches after the first
	}{
		{"the organization", map[string]model.Fact[model.WorkloadSearch]{"a 1": one}, "a", "1 workload in organization example.com", "a 1"},
		{"there are more", map[string]model.Fact[model.WorkloadSearch]{"a 1": many}, "a", "the first 2 workloads in organization example.com", "a 1"},
		{"nothing is found", map[string]model.Fact[model.WorkloadSearch]{"a 1": model.Known(model.WorkloadSearch{})}, "a", "no workload in organization example.com", "a 1"},
		{"the folder alone", map[string]model.Fact[model.WorkloadSearch]{"a 2": one}, "a", "1 workload in folder 2", "a 2"},
		{"the project alone", map[string]model.Fact[model.WorkloadSearch]{"a a": one}, "a", "1 workload in project a", "a a"},
		{"nothing may be searched", nil, "a", "it needs search on organization example.com", ""},
		{"the API is off", map[string]model.Fact[model.WorkloadSearch]{"a 1": off}, "a", "its API is off in project 1", ""},
		{"the API is on in another project", map[string]model.Fact[model.WorkloadSearch]{"a 1": off, "b 2": one}, "a b", "1 workload in folder 2", "b 2"},
		{"the quota may not be used", map[string]model.Fact[model.WorkloadSearch]{"a 1": noQuota, "b 1": one}, "a b", "1 workload in organization example.com", "b 1"},
		{"a quota is used up, and not for ever", map[string]model.Fact[model.WorkloadSearch]{"a 1": refusal(model.Gap{Reason: "a quota is used up"})}, "a", "a quota is used up", "a 1"},
		{"the levels can't be read", map[string]model.Fact[model.WorkloadSearch]{"alone alone": one}, "alone", "1 workload in project alone", "alone alone"},
		{"no project", nil, "", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := &fakeCloud{levels: map[string][]model.Ancestor{"a": levelsOf("a"), "b": levelsOf("b")}, answers: test.answers}
			f := New(func(context.Context) (Cloud, error) { return c, nil }, func([]model.FoundWorkload) {})
			projects := strings.Fields(test.projects)
			if why := f.WhyNot(projects); why != "" {
				t.Errorf("it is refused before anything was asked: %s", why)
			}
			f.Find(t.Context(), projects, []string{"web"})
			for range 2 {
				c.asked = nil
				said, searched := f.Find(t.Context(), projects, []string{"web"})
				if said != test.said || searched != strings.Contains(said, "workload") {
					t.Errorf("it says %q, want %q; searched %t", said, test.said, searched)
				}
				if asked := strings.Join(c.asked, ", "); asked != test.asked {
					t.Errorf("asked again: %q, want %q", asked, test.asked)
				}
			}
			if why := f.WhyNot(projects); (why == "") != (test.asked != "" || test.projects == "") || why != "" && why != test.said {
				t.Errorf("it can't be asked because %q", why)
			}
		})
	}
}

// What is found is handed on. Without a connection, or for somebody who typed on, there is nothing.
func TestWhatIsFoundIsHandedOn(t *testing.T) {
	broken := errors.New("not connected")
	for _, test := range []struct {
		name           string
		broken, opened error
		ended          bool
		said           string
		found          int
	}{
		{"found", nil, nil, false, "1 workload in organization example.com", 1},
		{"the connection breaks", broken, nil, false, "not connected", 0},
		{"there is no connection", nil, broken, false, "not connected", 0},
		{"somebody typed on", context.Canceled, nil, true, "", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			if test.ended {
				cancel()
			}
			defer cancel()
			c := &fakeCloud{levels: map[string][]model.Ancestor{"a": levelsOf("a")}, answers: map[string]model.Fact[model.WorkloadSearch]{"a 1": one}, broken: test.broken}
			var found []model.FoundWorkload
			f := New(func(context.Context) (Cloud, error) { return c, test.opened }, func(w []model.FoundWorkload) { found = append(found, w...) })
			if said, searched := f.Find(ctx, []string{"a"}, []string{"web"}); said != test.said || len(found) != test.found || searched != (test.found > 0) {
				t.Errorf("it says %q and finds %v; searched %t", said, found, searched)
			}
		})
	}
}
