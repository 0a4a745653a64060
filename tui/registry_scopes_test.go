package tui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"whopulls/model"
	"whopulls/tui/registry"
	"whopulls/tui/ui"
)

// generatedOrganization is an organization of so many repositories: the agents of as many projects read each of them. One project in
// three uses what it reads.
type generatedOrganization struct{ repositories, consumers int }

func (g generatedOrganization) repository(n int) model.RepositoryName {
	return model.RepositoryName{Project: fmt.Sprintf("source-%02d", n/4), Location: "us", ID: fmt.Sprintf("images-%03d", n)}
}

// list judges the first agents; the rest has no status yet.
func (g generatedOrganization) list(judged int) (list model.StaleList) {
	for n := range g.repositories {
		for c := range g.consumers {
			b := model.StaleBinding{Resource: g.repository(n).Resource(), Role: model.RoleReader,
				Member: model.Member(fmt.Sprintf("serviceAccount:service-%012d@serverless-robot-prod.iam.gserviceaccount.com", 100000000000+c))}
			if c < judged {
				b.Owner = fmt.Sprintf("consumer-%03d", c)
				b.Status, b.Removable, b.Reason = model.StaleIdle, true, "Nothing in project "+b.Owner+" uses it."
				if c%3 == 0 {
					use := model.Use{Project: b.Owner, Workload: model.WorkloadName{Kind: model.Service, Name: "web", Region: "us-central1"}, Image: "us-docker.pkg.dev/x/y/z"}
					b.Status, b.Removable, b.Reason, b.Evidence = model.StaleActive, false, "Project "+b.Owner+" uses it.", []model.Use{use}
				}
			}
			list.Bindings = append(list.Bindings, b)
		}
	}
	indexed := time.Unix(1800000000, 0).UTC()
	list.Indexed = &indexed
	return list
}

// situation is what was read when all was.
func (g generatedOrganization) situation(scope model.Resource) model.Situation {
	s := model.NewSituation(model.Question{Scope: scope}, time.Unix(1800000000, 0).UTC())
	s.Index = &model.Index{Repositories: map[model.Resource]model.Repository{}, Inventories: map[string]model.Inventory{}}
	for n := range g.repositories {
		s.Index.Repositories[g.repository(n).Resource()] = model.Repository{Name: g.repository(n)}
	}
	for c := range g.consumers {
		s.Index.Inventories[fmt.Sprint(100000000000+c)] = model.Inventory{Running: make([]model.RunningWorkload, 2)}
	}
	return s
}

// scannedCloud is a cloud whose scan runs stage by stage: each stage waits until the test lets it go.
func scannedCloud(g generatedOrganization, stages chan struct{}) *fakeCloud {
	cloud := newStaleCloud()
	cloud.scan = func(ctx context.Context, scope model.Resource, o model.ScanOptions) (model.Situation, model.StaleList, error) {
		for stage := range 3 {
			if stages != nil {
				select {
				case <-stages:
				case <-ctx.Done():
					cloud.mu.Lock()
					defer cloud.mu.Unlock()
					cloud.interruptedAt = time.Date(2026, 1, 14, 6, 30, 0, 0, time.Local)
					return model.Situation{}, model.StaleList{}, fmt.Errorf("the scan was interrupted: %w", context.Cause(ctx))
				}
			}
			o.Found(g.list(stage * g.consumers / 3))
			o.Progress(model.ScanProgress{Bindings: g.repositories * g.consumers, Assets: 1000 * (stage + 1), Direct: stage == 2})
		}
		cloud.mu.Lock()
		defer cloud.mu.Unlock()
		if o.Resume == cloud.interruptedAt.IsZero() {
			return model.Situation{}, model.StaleList{}, errors.New("it continues what nobody interrupted")
		}
		cloud.interruptedAt = time.Time{}
		return g.situation(scope), g.list(g.consumers), nil
	}
	return cloud
}

// openScope opens a registry from the palette of the map.
func openScope(t *testing.T, cloud *fakeCloud, o Options, of string, width, height int) *terminal {
	t.Helper()
	o.Question = articleQuestion()
	term := start(t, cloud, o, width, height)
	term.shows("fix: 1 step")
	term.act("registry of " + of)
	term.showsInPassing("Who may pull from")
	return term
}

func TestRegistryOfAnOrganizationScreens(t *testing.T) {
	for _, size := range []struct{ width, height int }{{60, 15}, {80, 24}, {120, 36}, {200, 50}} {
		name := fmt.Sprintf("registry-organization-%dx%d", size.width, size.height)
		t.Run(name, func(t *testing.T) {
			term := openScope(t, scannedCloud(generatedOrganization{12, 9}, nil), Options{}, "organization", size.width, size.height)
			term.shows("108 bindings", "read: 12 repositories, 9 projects, 18 workloads")
			term.press("tab", "down")
			compareScreen(t, name, term.shows("9 of 108"))
		})
	}
}

// What arrives moves neither the cursor nor its row. A scan that was stopped continues, and says so.
func TestRegistryStreamsStopsAndContinues(t *testing.T) {
	stages := make(chan struct{})
	cloud := scannedCloud(generatedOrganization{4, 60}, stages)
	term := openScope(t, cloud, Options{}, "organization", 80, 24)
	stages <- struct{}{}
	term.showsInPassing("240 bindings", "BEING READ  240", "1000 assets read", "esc stops")
	for range 30 {
		term.press("down")
	}
	const onRow = "▸     · reading     100000000030"
	above := func(screen string) int { return strings.Count(screen[:strings.Index(screen, onRow)], "\n") }
	before := term.showsInPassing(onRow)
	stages <- struct{}{}
	screen := term.showsInPassing("2000 assets read", onRow)
	if above(before) != above(screen) {
		t.Errorf("the cursor's row moved:\n%s\n%s", before, screen)
	}
	compareScreen(t, "registry-streaming", regexp.MustCompile(`\d+ a second`).ReplaceAllString(screen, "N a second"))
	term.press("enter")
	term.showsInPassing("still reading")
	term.press("esc")
	term.shows("stopped: 240 bindings found, 2000 assets read; r continues")
	term.press("esc")
	term.shows("fix: 1 step")
	term.act("registry of organization")
	go func() {
		for range 3 {
			stages <- struct{}{}
		}
	}()
	term.shows("240 bindings", "IN USE  80", "read: 4 repositories")
}

// A removal of an organization reads again where it changed something, and nothing else.
func TestRegistryOfAnOrganizationRemoves(t *testing.T) {
	cloud := scannedCloud(generatedOrganization{2, 3}, nil)
	scans := 0
	inner := cloud.scan
	cloud.scan = func(ctx context.Context, scope model.Resource, o model.ScanOptions) (model.Situation, model.StaleList, error) {
		scans++
		return inner(ctx, scope, o)
	}
	term := openScope(t, cloud, Options{}, "folder", 80, 24)
	term.shows("6 bindings", "NOT NEEDED  4")
	term.press("/")
	term.typeText("consumer-001")
	term.press("enter", "a", "enter")
	term.shows("What is removed", "0 of 2 done", "on repository images-000")
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	term.shows("it is not there any more") // the last look finds another policy
	term.press("esc")
	term.shows("Who may pull from what is in folder", "1 of 3 bindings, 1 selected")
	if scans != 1 {
		t.Errorf("%d scans", scans)
	}
}

// Without a scan, as where the right to it is lacking, the screen says why and what helps.
func TestRegistrySaysWhyAScanFailed(t *testing.T) {
	cloud := newStaleCloud()
	cloud.scan = func(context.Context, model.Resource, model.ScanOptions) (model.Situation, model.StaleList, error) {
		return model.Situation{}, model.StaleList{}, errors.New("you may not search there")
	}
	term := openScope(t, cloud, Options{}, "organization", 80, 24)
	screen := term.shows("? unknown  organization example.com could not be read", "you may not search there", "r try again")
	compareScreen(t, "registry-unread-organization", screen)
	assertNothingCounted(t, screen)
	for _, key := range []string{"x", "space", "a", "enter", "/", "tab"} {
		term.press(key)
		term.shows("\n organization example.com could not be read")
	}
}

// assertNothingCounted fails where a screen counts what was not read, or offers what has nothing to act on.
func assertNothingCounted(t *testing.T, screen string) {
	t.Helper()
	for _, words := range []string{"0 bindings", "0 repositories", "0 projects", "CONSUMER", "space select", "reads on"} {
		if strings.Contains(screen, words) {
			t.Errorf("it says %q of what was not read:\n%s", words, screen)
		}
	}
}

// A scope of which nothing can be listed has no rows and no counts: its head says whether it is missing or may not be read, why, and
// what to do.
func TestRegistryOfWhatCannotBeListed(t *testing.T) {
	denied := func(need model.Permission) model.Gap { return model.Gap{Reason: "you may not read it", Need: need} }
	inherited := model.Known(model.Policy{Bindings: []model.Binding{{Role: model.RoleReader, Members: []model.Member{devMember}}}})
	for _, c := range []struct {
		name            string
		policy, project model.Fact[model.Policy]
		shows           []string
		counted         bool
	}{
		{"missing", model.Absent[model.Policy](), inherited, []string{"✗ missing  repository myrepo of myproject-b does not exist", "$ gcloud artifacts repositories list --project=myproject-b"}, false},
		{"hidden", model.Unread[model.Policy](denied("artifactregistry.repositories.getIamPolicy")), model.Unread[model.Policy](denied("resourcemanager.projects.getIamPolicy")),
			[]string{"? unknown  repository myrepo does not exist, or you may not see it: Google", "you may not read it", "$ gcloud artifacts repositories list"}, false},
		{"failed", model.Unread[model.Policy](model.Gap{Reason: "Google did not answer"}), model.Unread[model.Policy](model.Gap{Reason: "Google did not answer"}),
			[]string{"? unknown  repository myrepo could not be read", "Google did not answer"}, false},
		{"inherited", model.Unread[model.Policy](denied("artifactregistry.repositories.getIamPolicy")), inherited, []string{"at least 1 binding", "you may not read it"}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			cloud := newStaleCloud()
			cloud.spoilScope = func(s *model.Situation) {
				s.Policies[repoName.Resource()], s.Policies[model.ProjectResource(repoName.Project)] = c.policy, c.project
			}
			term := start(t, cloud, Options{Question: articleQuestion()}, 80, 24)
			term.shows("fix: 1 step")
			term.act("registry")
			screen := term.shows(c.shows...)
			compareScreen(t, "registry-"+c.name, screen)
			if !c.counted {
				assertNothingCounted(t, screen)
			}
		})
	}
}

// Each format is rendered as stale list has it, and goes to a file of its own whose path is shown and copied. What fails is said.
func TestRegistryTakesOut(t *testing.T) {
	for n, c := range []struct{ row, format, file string }{{"Table", "table", "myrepo.registry.txt"}, {"CSV", "csv", "myrepo.registry.csv"}, {"Markdown", "markdown", "myrepo.registry.md"},
		{"HTML", "html", "myrepo.registry.html"}, {"JSON", "json", "myrepo.registry.json"}, {"Terraform", "terraform-removed", "myrepo.removed.tf"}} {
		t.Run(c.format, func(t *testing.T) {
			folder := ui.Folder{Path: t.TempDir()}
			folder.Create = func(name, content string) (string, error) {
				return "/f/" + name, os.WriteFile(filepath.Join(folder.Path, name), []byte(content), 0o600)
			}
			render := func(format string, r registry.Report) (string, error) {
				if len(r.List.Bindings) != 7 || !r.Caller.Read() {
					t.Errorf("the report has %d bindings, caller %v", len(r.List.Bindings), r.Caller)
				}
				return format + " of " + r.CloudName, nil
			}
			term := openRegistry(t, newStaleCloud(), Options{Folder: folder, RenderRegistry: render}, 120, 36)
			term.press("x")
			screen := term.shows("╭ Take out", "▸ Table", "Terraform")
			if n == 0 {
				compareScreen(t, "registry-take-out", screen)
			}
			term.choose(c.row)
			term.choose("to a file")
			term.shows("written, and the path sent to the clipboard: /f/" + c.file)
			content, err := os.ReadFile(filepath.Join(folder.Path, c.file))
			if err != nil || string(content) != c.format+" of sandbox article" {
				t.Errorf("%q, %v", content, err)
			}
		})
	}
}

// Whatever stands in the names of an organization, the screens are those that the clean names make.
func TestRegistryOfScopesHostileNames(t *testing.T) {
	screens := func(spoil string) string {
		cloud := newStaleCloud()
		cloud.nameSuffix = spoil
		cloud.scan = func(_ context.Context, scope model.Resource, _ model.ScanOptions) (model.Situation, model.StaleList, error) {
			g := generatedOrganization{3, 3}
			list := g.list(3)
			for n := range list.Bindings {
				b := &list.Bindings[n]
				b.Owner, b.Reason = b.Owner+spoil, b.Reason+spoil
				b.Resource += model.Resource(spoil)
			}
			return g.situation(scope), list, nil
		}
		return openScope(t, cloud, Options{}, "organization", 120, 30).shows("9 bindings", "images-000")
	}
	for _, spoil := range []string{"\x1b[2J\x1b[HPWNED", "\u009b31m", "a\nb\r\nc", "\u202egnp.exe"} {
		t.Run(fmt.Sprintf("%q", spoil), func(t *testing.T) {
			screen := screens(spoil)
			if strings.ContainsAny(screen, "\x1b\u009b\u202e") || !strings.Contains(screen, "NOT NEEDED  6") {
				t.Errorf("%q:\n%s", spoil, screen)
			}
		})
	}
}
