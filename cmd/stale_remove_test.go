package cmd

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"whopulls/model"
)

// ReadScope gives the next of the situations, and the last one for ever.
func (c *fakeCloud) ReadScope(context.Context, model.Question, func(model.Situation)) (model.Situation, error) {
	if len(c.surveys) == 0 {
		return model.Situation{ReadingDone: true}, c.readErr
	}
	s := c.surveys[0]
	if len(c.surveys) > 1 {
		c.surveys = c.surveys[1:]
	}
	return s, c.readErr
}

// RereadBindings gives the next of them too.
func (c *fakeCloud) RereadBindings(ctx context.Context, at model.Resource) (model.Situation, error) {
	return c.ReadScope(ctx, model.StaleIn(at), nil)
}

// Scan gives the next of them, judged.
func (c *fakeCloud) Scan(ctx context.Context, scope model.Resource, o model.ScanOptions) (model.Situation, model.StaleList, error) {
	if c.onScan != nil {
		if err := c.onScan(ctx, o); err != nil {
			return model.Situation{}, model.StaleList{}, err
		}
	}
	s, err := c.ReadScope(ctx, model.StaleIn(scope), nil)
	return s, model.FindStale(s), err
}

// InterruptedScan finds what the test says.
func (c *fakeCloud) InterruptedScan(model.Resource) (time.Time, bool) {
	return c.interruptedAt, !c.interruptedAt.IsZero()
}

// surveyedRepository is a repository that the agent may read, as seen while its project runs these images.
func surveyedRepository(images ...string) model.Situation {
	name := model.RepositoryName{Project: "myproject-b", Location: "asia-northeast1", ID: "myrepo"}
	project := model.ProjectResource("myproject-b")
	reader := model.Role{Name: model.RoleReader, Permissions: []model.Permission{model.PermDownload}}
	var running []model.RunningWorkload
	for _, image := range images {
		running = append(running, model.RunningWorkload{Workload: model.Workload{WorkloadName: model.WorkloadName{Kind: model.Service, Name: "web", Region: "us-central1"}, Images: model.ImagesOf(image)}})
	}
	return model.Situation{ReadingDone: true, Time: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Question: model.Question{Project: name.Project, Repository: name},
		Projects: map[string]model.Fact[model.Project]{"myproject-b": model.Known(model.Project{ID: "myproject-b", Number: "222222222222"}),
			"111111111111": model.Known(model.Project{ID: "myproject-a", Number: "111111111111"})},
		Ancestry: map[string]model.Fact[[]model.Ancestor]{"myproject-b": model.Known([]model.Ancestor{{Resource: project}})},
		Policies: map[model.Resource]model.Fact[model.Policy]{project: model.Known(model.Policy{}),
			name.Resource(): model.Known(model.Policy{Bindings: []model.Binding{{Role: model.RoleReader, Members: []model.Member{agent, "deleted:user:gone@example.com?uid=1"}}}})},
		Roles:       map[string]model.Fact[model.Role]{model.RoleReader: model.Known(reader)},
		Inventories: map[string]model.Fact[model.Inventory]{"myproject-a": model.Known(model.Inventory{Running: running})}}
}

var repositoryFlag = "--repository=projects/myproject-b/locations/asia-northeast1/repositories/myrepo"

// What is used by the time of the last look stays, no matter who agreed to its removal.
func TestLastLookBeforeARemoval(t *testing.T) {
	gone := surveyedRepository()
	gone.Policies[gone.Question.Repository.Resource()] = model.Known(model.Policy{})
	for _, c := range []struct {
		about   string
		surveys []model.Situation
		code    int
		want    string // in what is shown
		gates   int    // of changes
	}{
		{"idle still", []model.Situation{surveyedRepository()}, 0, "done", 1},
		{"used meanwhile", []model.Situation{surveyedRepository(), surveyedRepository(image)}, 3, "it is active by now, and stays", 0},
		{"gone meanwhile", []model.Situation{surveyedRepository(), gone}, 3, "it is not there any more", 0},
		{"not readable by then", []model.Situation{surveyedRepository(), {ReadingDone: true, Question: surveyedRepository().Question}}, 3, "it could not be looked at again", 0},
	} {
		t.Run(c.about, func(t *testing.T) {
			cloud := article()
			cloud.surveys = c.surveys
			tt := (&cliRun{cloud: cloud, interactive: true, in: "y\n"}).run("stale", "remove", "--status=idle", repositoryFlag).expect(t, c.code)
			wantContains(t, tt.out, c.want)
			if len(cloud.gates) != c.gates {
				t.Errorf("%s: %d changes were tried", c.about, len(cloud.gates))
			}
		})
	}
}

// Nothing is removed without a yes, and without --status nothing but what deleted members held.
func TestRemovalNeedsAYes(t *testing.T) {
	for _, in := range []string{"n\n", "\n", "", "perhaps\n\n"} {
		t.Run(fmt.Sprintf("%q", in), func(t *testing.T) {
			cloud := article()
			cloud.surveys = []model.Situation{surveyedRepository()}
			tt := (&cliRun{cloud: cloud, interactive: true, in: in}).run("stale", "remove", repositoryFlag).expect(t, 3)
			wantContains(t, tt.err, "deleted:user:gone@example.com", "Remove this? [y/N]")
			if len(cloud.gates) > 0 || strings.Contains(tt.err, string(agent)) {
				t.Errorf("%q was taken for a yes", in)
			}
		})
	}
	cloud := article()
	cloud.surveys = []model.Situation{surveyedRepository()}
	(&cliRun{cloud: cloud}).run("stale", "remove", repositoryFlag).expect(t, 2)
	if len(cloud.gates) > 0 {
		t.Error("something was removed where nobody could be asked")
	}
}

// What fails once an agent can't read any more is said before its binding goes, no matter who agrees; of a deleted member there
// is nothing to say.
func TestRemovalSaysWhatFails(t *testing.T) {
	const caution = "Serving revisions keep their copy of the image."
	for _, c := range []struct {
		how    []string
		status string
		in     string
		told   bool
	}{
		{nil, "idle", "y\n", true}, {nil, "deleted", "y\n", false},
		{[]string{"--quiet"}, "idle", "", true}, {[]string{"--quiet", "--format=json"}, "idle", "", true},
	} {
		t.Run(fmt.Sprintf("%s %v", c.status, c.how), func(t *testing.T) {
			cloud := article()
			cloud.surveys = []model.Situation{surveyedRepository()}
			args := append([]string{"stale", "remove", "--status=" + c.status, repositoryFlag}, c.how...)
			tt := (&cliRun{cloud: cloud, interactive: c.in != "", in: c.in}).run(args...).expect(t, 0)
			before, _, _ := strings.Cut(tt.err, "Remove this?")
			if strings.Contains(before, caution) != c.told {
				t.Errorf("%s %v: what fails is said: %t, want %t, in\n%s", c.status, c.how, !c.told, c.told, tt.err)
			}
			if strings.Contains(strings.Join(c.how, ""), "json") {
				wantContains(t, tt.out, `"caution": "`+caution)
			}
		})
	}
}

func TestStaleListEnds(t *testing.T) {
	for _, c := range []struct {
		about  string
		survey model.Situation
		code   int
	}{{"nothing runs", surveyedRepository(), 3}, {"its image runs", surveyedRepository(image), 3}} { // a deleted member can be removed in both
		t.Run(c.about, func(t *testing.T) {
			cloud := article()
			cloud.surveys = []model.Situation{c.survey}
			tt := (&cliRun{cloud: cloud}).run("stale", "list", repositoryFlag).expect(t, c.code)
			wantContains(t, tt.out, "Who may read projects/myproject-b", "deleted")
		})
	}
}
