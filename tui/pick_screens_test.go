package tui

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"whopulls/model"
)

// fullCloud has all that lists and their pane can show: long and wide names, labels, a workload that failed, old images.
type fullCloud struct {
	*fakeCloud
	factReadings chan string // each reading of facts about a project; nil: nobody counts
}

func (c *fullCloud) Projects(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error] {
	projects := []model.Project{
		{ID: "myproject-a", Number: "111111111111", Name: "My project A", Labels: map[string]string{"env": "prod", "team": "shop"}},
		{ID: "myproject-b", Number: "222222222222", Name: "Images of everybody, kept for ten years and looked after by the platform team"},
		{ID: "data-lake", Number: "333333333333", Name: "データ基盤とその周辺のすべてのパイプライン", Labels: map[string]string{"owner": "data"}},
		{ID: "an-id-of-thirty-letters-abcdef", Number: "444444444444", Name: "Δοκιμή"},
	}
	for n := range 60 {
		projects = append(projects, model.Project{ID: fmt.Sprintf("team-%03d", n), Number: fmt.Sprint(500000000000 + n), Name: fmt.Sprintf("Team %d", n)})
	}
	return onePage(ctx, c.fakeCloud, projects...)
}

func (c *fullCloud) Workloads(ctx context.Context, _ string) iter.Seq2[model.ListPage[model.Workload], error] {
	at := time.Date(2026, 1, 14, 6, 30, 0, 0, time.UTC)
	name := func(kind model.WorkloadKind, name, region string) model.WorkloadName {
		return model.WorkloadName{Kind: kind, Name: name, Region: region}
	}
	return onePage(ctx, c.fakeCloud,
		model.Workload{WorkloadName: jobName, ServiceAccount: webAccount, Images: model.ImagesOf(imageText + ":latest"),
			Condition: &model.Readiness{Reason: "ContainerPermissionDenied", Message: "Google Cloud Run Service Agent must have permission to read the image.", Time: at}},
		model.Workload{WorkloadName: name(model.Service, "a-service-with-a-name-as-long-as-cloud-run-lets-it-be", "northamerica-northeast1"), Images: model.ImagesOf(
			"northamerica-northeast1-docker.pkg.dev/an-id-of-thirty-letters-abcdef/a-repository-with-a-long-name/team/shop/frontend/web:2026-01-14-abcdef0", imageText),
			Condition: &model.Readiness{Ready: true, Time: at}},
		model.Workload{WorkloadName: name(model.WorkerPool, "queue", "us-central1"), AgentIdentity: true, Images: model.ImagesOf("nginx")})
}

func (c *fullCloud) Repositories(ctx context.Context, _ string) iter.Seq2[model.ListPage[model.Repository], error] {
	hub := model.RepositoryName{Project: "myproject-b", Location: "asia-northeast1", ID: "hub"}
	return onePage(ctx, c.fakeCloud, model.Repository{Name: repoName, Format: "DOCKER", Mode: "STANDARD_REPOSITORY"},
		model.Repository{Name: hub, Format: "DOCKER", Mode: "VIRTUAL_REPOSITORY", Upstreams: []model.RepositoryName{repoName}})
}

func (c *fullCloud) Images(ctx context.Context, r model.RepositoryName) iter.Seq2[model.ListPage[model.ListedImage], error] {
	var images []model.ListedImage
	for n := range 3 {
		for page := range c.fakeCloud.Images(ctx, r) {
			image := page.Items[0]
			image.Digest = digest[:len(digest)-1] + fmt.Sprint(n)
			image.Size, image.Pushed = int64(n+1)*12_345_678, time.Date(2026, 1, 14-n, 6, 30, 0, 0, time.UTC)
			image.Tags = [][]string{nil, {"latest", "v1.2.3", "2026-01-13"}, {"v1.2.2"}}[n]
			images = append(images, image)
		}
	}
	return onePage(ctx, c.fakeCloud, images...)
}

func (c *fullCloud) ReadFacts(ctx context.Context, project string, wants []model.Want, progress func(model.Situation)) (model.Situation, error) {
	if c.factReadings != nil {
		c.factReadings <- project
	}
	return c.fakeCloud.ReadFacts(ctx, project, wants, progress)
}

// The lists as whole screens, on narrow and on wide terminals: from 110 columns on with more about what is under the cursor.
func TestListScreens(t *testing.T) {
	for _, size := range []struct{ width, height int }{{60, 15}, {80, 24}, {120, 36}, {200, 50}} {
		wide := func(texts ...string) []string {
			if size.width < 110 {
				return nil
			}
			return texts
		}
		for _, list := range []struct {
			name  string
			shows []string
			keys  []string
			wide  []string
		}{
			{"projects", []string{"64 projects\n", "▸ myproject-a"}, nil, wide("example.com ▸ apps", "Cloud Run is on", "3 workloads")},
			{"projects-filtered", []string{"64 projects, by id\n", "▸ team-013"}, []string{"t", "e", "a", "m", "space", "1", "3", "ctrl+s"}, wide("Team 13", "3 workloads")},
			{"workloads", []string{"3 workloads\n", "▸ myjob"}, nil, wide("ContainerPermissionDenied")},
			{"repositories", []string{"2 repositories\n", "▸ hub"}, []string{"down"}, wide("myproject-b/myrepo in")},
			{"images", []string{"3 images\n", "▸ myjob"}, nil, wide("2026-01-13 06:30 UTC")},
		} {
			name := fmt.Sprintf("list-%s-%dx%d", list.name, size.width, size.height)
			t.Run(name, func(t *testing.T) {
				term := openList(t, list.name, size.width, size.height)
				term.press(list.keys...)
				compareScreen(t, name, term.shows(append(list.shows, list.wide...)...))
			})
		}
	}
}

// openList opens one of the lists.
func openList(t *testing.T, name string, width, height int) *terminal {
	t.Helper()
	cloud := &fullCloud{fakeCloud: newFakeCloud()}
	if name == "projects" || name == "projects-filtered" {
		term := start(t, cloud, Options{}, width, height)
		term.shows("64 projects\n")
		return term
	}
	if name == "workloads" {
		term := start(t, cloud, Options{Question: model.Question{Project: "myproject-a"}}, width, height)
		term.shows("3 workloads\n")
		return term
	}
	term := openRepositories(t, cloud, width, height)
	if name == "repositories" {
		return term
	}
	term.press("enter")
	term.shows("Which image of myrepo?", "3 images")
	return term
}

// Only a row on which the cursor rests is read about, once, and not in a narrow window. Another size brings the pane.
func TestThePaneReadsWhereTheCursorRests(t *testing.T) {
	cloud := &fullCloud{fakeCloud: newFakeCloud(), factReadings: make(chan string, 99)}
	term := start(t, cloud, Options{}, 100, 30)
	term.shows("64 projects\n", "▸ myproject-a")
	if n := len(cloud.factReadings); n > 0 {
		t.Errorf("a narrow window reads about %s", <-cloud.factReadings)
	}
	term.resize(120, 30)
	term.shows("Cloud Run is on", "example.com ▸ apps")
	for range 5 {
		term.press("down")
	}
	term.shows("▸ team-001", "number       500000000001", "Cloud Run is on")
	term.press("home")
	term.shows("▸ myproject-a", "Cloud Run is on")
	var read []string
	for len(cloud.factReadings) > 0 {
		read = append(read, <-cloud.factReadings)
	}
	if got := fmt.Sprint(read); got != "[myproject-a team-001]" {
		t.Errorf("read about %s", got)
	}
}

// What can't be read says why, in its place; the rest is there.
func TestThePaneSaysWhatCouldNotBeRead(t *testing.T) {
	cloud := &fullCloud{fakeCloud: newFakeCloud()}
	cloud.unreadablePolicies = map[model.Resource]model.Gap{repoName.Resource(): {Resource: repoName.Resource(), Reason: "you may not read the policy of repository myrepo", Need: model.PermGetAccessToken}}
	openRepositories(t, cloud, 120, 36).shows("▸ myrepo", "mode         standard", "readers\n", "? repository myrepo can't be read (needs", "iam.serviceAccounts.getAccessToken)")
}

// openRepositories opens the list of repositories.
func openRepositories(t *testing.T, cloud Cloud, width, height int) *terminal {
	t.Helper()
	term := start(t, cloud, Options{Question: model.Question{Project: "myproject-a"}}, width, height)
	term.shows("3 workloads\n")
	term.press("end", "enter")
	term.shows("3 kinds")
	term.press("enter")
	term.shows("Which image?")
	term.press("down")
	term.shows("Which project holds the image?", "64 projects\n")
	term.press("down", "enter")
	term.shows("Which repository of myproject-b?", "2 repositories")
	return term
}
