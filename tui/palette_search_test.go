package tui

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"whopulls/model"
)

// searchedCloud is one whose index has workloads of projects that nobody has listed.
func searchedCloud() *fakeCloud {
	cloud := newFakeCloud()
	found := func(project string, kind model.WorkloadKind, name, region string) model.FoundWorkload {
		return model.FoundWorkload{Project: project, WorkloadName: model.WorkloadName{Kind: kind, Name: name, Region: region}}
	}
	index := []model.FoundWorkload{found("myproject-a", model.Job, "myjob", "asia-northeast1"), found("shop-frontend", model.Service, "job-board", "europe-west1"),
		found("data-warehouse-production", model.WorkerPool, "nightly-job-queue-with-a-long-name", "northamerica-northeast1")}
	cloud.searchWorkloads = func(_ context.Context, scope model.Resource, words []string, pays string) (model.Fact[model.WorkloadSearch], error) {
		if scope != organization.Resource || pays != "myproject-a" {
			return model.Unread[model.WorkloadSearch](model.Gap{Reason: fmt.Sprintf("%s is asked about at the expense of %s", scope, pays)}), nil
		}
		var search model.WorkloadSearch
		for _, w := range index {
			if strings.Contains(w.Project+w.Name, strings.Join(words, "")) {
				search.Found = append(search.Found, w)
			}
		}
		return model.Known(search), nil
	}
	return cloud
}

// What a search of all projects finds is marked, at every size.
func TestThePaletteSearchesAllProjects(t *testing.T) {
	for _, size := range []struct{ width, height int }{{60, 15}, {80, 24}, {120, 36}, {200, 50}} {
		t.Run(fmt.Sprintf("%dx%d", size.width, size.height), func(t *testing.T) {
			term := start(t, searchedCloud(), Options{}, size.width, size.height)
			term.shows("3 projects")
			term.press("ctrl+p")
			term.shows("Go anywhere")
			term.typeText("job")
			compareScreen(t, fmt.Sprintf("palette-searched-%dx%d", size.width, size.height), term.shows("service *", "3 workloads in"))
		})
	}
}

// What was found leads to the map of that workload: project, region and kind are filled in.
func TestWhatASearchFindsLeadsToItsMap(t *testing.T) {
	term := start(t, searchedCloud(), Options{}, 80, 24)
	term.shows("3 projects")
	term.press("ctrl+p")
	term.typeText("job-board")
	term.shows("1 workload in organization example.com")
	term.press("enter")
	term.shows("shop-frontend ▸ service job-board")
	if q := term.root.lastQuestion; q.Project != "shop-frontend" || *q.Workload != (model.WorkloadName{Kind: model.Service, Name: "job-board", Region: "europe-west1"}) {
		t.Errorf("%+v %+v", q, q.Workload)
	}
}

// A search is asked for once the typing rests, and the cursor stays where it is.
func TestASearchMovesNothing(t *testing.T) {
	cloud := searchedCloud()
	held := make(chan struct{})
	search := cloud.searchWorkloads
	cloud.searchWorkloads = func(ctx context.Context, scope model.Resource, words []string, pays string) (model.Fact[model.WorkloadSearch], error) {
		select {
		case <-held:
		case <-ctx.Done():
			return model.Fact[model.WorkloadSearch]{}, ctx.Err()
		}
		return search(ctx, scope, words, pays)
	}
	term := start(t, cloud, Options{}, 80, 24)
	term.shows("3 projects")
	term.press("ctrl+p")
	term.typeText("my")
	term.showsInPassing("Cloud Asset: searching …", "▸ project        myproject-a")
	close(held)
	term.shows("job *", "▸ project        myproject-a", "1 workload in organization example.com")
	assertLacks(t, term.screenText(), "searching")
}

// Why nothing can be searched is one line: no notice, and no call more.
func TestASearchThatCanNotBe(t *testing.T) {
	calls := 0
	cloud := newFakeCloud()
	cloud.searchWorkloads = func(_ context.Context, scope model.Resource, _ []string, _ string) (model.Fact[model.WorkloadSearch], error) {
		calls++
		return model.Unread[model.WorkloadSearch](model.Gap{Resource: scope, DisabledAPI: model.APIResource("111111111111", "cloudasset.googleapis.com"),
			Reason: "the API cloudasset.googleapis.com is off in project 111111111111, or not yet on everywhere"}), nil
	}
	term := start(t, cloud, Options{}, 80, 24)
	term.shows("3 projects")
	term.press("ctrl+p")
	term.typeText("my")
	term.shows("│ Cloud Asset: its API is off in project 111111111111")
	term.typeText("-zz")
	compareScreen(t, "palette-search-off", term.shows("Nothing fits."))
	if calls != 1 {
		t.Errorf("%d calls", calls)
	}
}

// From the first list the registries of the project in question are open, or else of the one under the cursor, and of what is above it.
func TestRegistriesFromTheFirstList(t *testing.T) {
	for _, test := range []struct {
		name    string
		options Options
		has     []string
		lacks   []string
	}{
		{"the project under the cursor", Options{}, []string{"Registry of project myproject-a", "Registry of organization example.com"}, []string{"Registry of project myproject-b"}},
		{"gcloud's project", Options{CurrentProject: "myproject-b"}, []string{"Registry of project myproject-b", "Registry of folder apps", "Registry of organization example.com"}, nil},
		{"a project that was asked about", Options{Recent: []Recent{{Project: "data-lake"}}}, []string{"Registry of project data-lake", "Registry of organization example.com"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			term := start(t, newFakeCloud(), test.options, 120, 40)
			term.shows("3 projects")
			term.press("ctrl+p")
			screen := term.shows(test.has...)
			assertLacks(t, screen, test.lacks...)
		})
	}
}
