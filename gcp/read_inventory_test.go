package gcp

import (
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"

	"whopulls/gcp/sandbox"
	"whopulls/model"
)

// readInventory reads the inventory of a project.
func readInventory(t *testing.T, c *Cloud, project string) model.Fact[model.Inventory] {
	t.Helper()
	return runTask(t, c, model.Question{}, model.Want{Kind: model.WantInventory, Project: project}).Inventories[project]
}

func inventoryCloud(t *testing.T, account model.Member) *Cloud {
	t.Helper()
	return dialTest(t, Options{Sandbox: startSandbox(t, sandbox.Options{}, "testdata/inventory.yaml").Addr(), Account: account})
}

// imageTexts spells images as they were given.
func imageTexts(images []model.Image) string {
	var texts []string
	for _, i := range images {
		texts = append(texts, i.Text)
	}
	return strings.Join(texts, " ")
}

// inventoryLines spells an inventory, a line for each workload and each of its revisions.
func inventoryLines(i model.Inventory) []string {
	var all []string
	for _, w := range i.Running {
		all = append(all, fmt.Sprintf("%s %s %s: %s", w.Kind, w.Region, w.Name, imageTexts(w.Images)))
		for _, r := range w.Serving {
			all = append(all, r.Name+": "+imageTexts(r.Images))
		}
	}
	return all
}

// gapReasons spells gaps with what each needs.
func gapReasons(gaps []model.Gap) []string {
	var all []string
	for _, g := range gaps {
		all = append(all, strings.TrimSpace(g.Reason+" "+string(g.Need)))
	}
	return all
}

func TestInventoryHasTheRevisionsThatServe(t *testing.T) {
	for _, project := range []string{"consumer-a", "111111111111"} {
		t.Run(project, func(t *testing.T) {
			f := readInventory(t, inventoryCloud(t, "user:viewer@example.com"), project)
			want := []string{
				"service asia-northeast1 web: docker.io/app/web:new docker.io/app/box:new",
				"web-00003-two: docker.io/app/web:two docker.io/app/side:two docker.io/app/box:two",
				"web-00002-tag: docker.io/app/web:tag",
				"web-00001-one: docker.io/app/web:one",
				"job asia-northeast1 nightly: docker.io/app/nightly:v1 docker.io/app/box:v1",
				"worker-pool europe-west1 pool: docker.io/app/pool:v2",
				"pool-00001-a: docker.io/app/pool:v1",
				"instance asia-northeast1 desk: docker.io/app/desk:v1 docker.io/app/box:v2",
			}
			if got := inventoryLines(f.Value); !f.Read() || !slices.Equal(got, want) {
				t.Errorf("%s: %s\n%s\nwant\n%s", project, f.State, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			var gaps []string
			for _, kind := range allKinds { // instances too
				gaps = append(gaps, "region us-central1 did not answer; its "+kind.DisplayName()+"s are not in the list")
			}
			if got := gapReasons(f.Value.Gaps); !slices.Equal(got, gaps) {
				t.Errorf("%s: gaps %q, want %q", project, got, gaps)
			}
		})
	}
}

// What may not be seen is never the same as nothing.
func TestInventoryThatIsEmptyAndThatCannotBeSeen(t *testing.T) {
	for _, test := range []struct {
		account model.Member
		project string
		state   model.FactState
		need    model.Permission
		reason  string
	}{
		{"user:viewer@example.com", "quiet-b", model.FactRead, "", ""},
		{"user:viewer@example.com", "fresh-c", model.FactGap, "", "the API run.googleapis.com is off in project 333333333333, or not yet on everywhere"},
		{"user:nobody@example.com", "quiet-b", model.FactGap, "run.services.list", "you may not list what runs in project quiet-b"},
		{"user:nobody@example.com", "consumer-a", model.FactGap, "run.services.list", "you may not list what runs in project consumer-a"},
	} {
		t.Run(string(test.account)+" of "+test.project, func(t *testing.T) {
			f := readInventory(t, inventoryCloud(t, test.account), test.project)
			if f.State != test.state || f.Gap.Need != test.need || f.Gap.Reason != test.reason || len(f.Value.Running)+len(f.Value.Gaps) > 0 {
				t.Errorf("%s of %s: %+v", test.project, test.account, f)
			}
			if off := strings.Contains(test.reason, "is off"); off != (f.Gap.Next == "gcloud services enable run.googleapis.com --project=333333333333") {
				t.Errorf("%s of %s: next %q", test.project, test.account, f.Gap.Next)
			}
		})
	}
}

func TestInventoryWithKindsThatMayNotBeListed(t *testing.T) {
	f := readInventory(t, inventoryCloud(t, "user:jobs@example.com"), "consumer-a")
	if got := inventoryLines(f.Value); !f.Read() || !slices.Equal(got, []string{"job asia-northeast1 nightly: docker.io/app/nightly:v1 docker.io/app/box:v1"}) {
		t.Errorf("%s %q", f.State, got)
	}
	want := []string{
		"you may not list the services of project consumer-a run.services.list",
		"region us-central1 did not answer; its jobs are not in the list",
		"you may not list the worker pools of project consumer-a run.workerpools.list",
		"you may not list the instances of project consumer-a run.instances.list",
	}
	if got := gapReasons(f.Value.Gaps); !slices.Equal(got, want) {
		t.Errorf("gaps %q, want %q", got, want)
	}
}

func TestInventoryWithRevisionsThatMayNotBeRead(t *testing.T) {
	f := readInventory(t, inventoryCloud(t, "user:lister@example.com"), "consumer-a")
	if got := inventoryLines(f.Value); !f.Read() || len(got) != 4 || strings.Contains(strings.Join(got, " "), "0000") {
		t.Errorf("%s %q, want the four workloads without a revision", f.State, got)
	}
	var got []string
	for _, g := range f.Value.Gaps {
		if g.Need == permGetRevision {
			got = append(got, string(g.Resource.Kind())+" "+g.Reason)
		}
	}
	want := []string{
		"service you may not see revision web-00003-two of service web",
		"service you may not see revision web-00002-tag of service web",
		"service you may not see revision web-00001-one of service web",
		"worker pool you may not see revision pool-00001-a of worker pool pool",
	}
	if !slices.Equal(got, want) {
		t.Errorf("gaps %q, want %q", got, want)
	}
}

const (
	servicesPath  = "/v1/projects/p/locations/-/services"
	jobsPath      = "/apis/run.googleapis.com/v1/namespaces/p/jobs"
	poolsPath     = "/apis/run.googleapis.com/v1/namespaces/p/workerpools"
	instancesPath = "/apis/run.googleapis.com/v1/namespaces/p/instances"
)

func replyEmpty(w http.ResponseWriter, _ *http.Request) { writeReply(w, map[string]any{}) }

func replyForbidden(w http.ResponseWriter, _ *http.Request) {
	writeRefusal(w, http.StatusForbidden, "no", nil)
}

// serviceV1 is a service of API v1 with a status.
func serviceV1(name string, status map[string]any) map[string]any {
	return map[string]any{"status": status,
		"metadata": map[string]any{"name": name, "labels": map[string]string{regionLabel: "us-east1"}}}
}

// revisionsPath is where API v2 has the revisions of a service s.
const revisionsPath = "/v2/projects/p/locations/us-east1/services/s/revisions/"

// revisionFake answers a list of services, and each revision with an image of its name.
func revisionFake(services http.HandlerFunc, answer func(w http.ResponseWriter, name string)) *fakeServer {
	return &fakeServer{rest: map[string]http.HandlerFunc{servicesPath: services, jobsPath: replyEmpty, poolsPath: replyEmpty, instancesPath: replyEmpty,
		revisionsPath + "*": func(w http.ResponseWriter, r *http.Request) { answer(w, path.Base(r.URL.Path)) }}}
}

func replyWithImage(w http.ResponseWriter, name string) {
	writeReply(w, map[string]any{"containers": []any{map[string]any{"image": "image-of-" + name}}})
}

func TestTrafficNamesEachRevisionOnce(t *testing.T) {
	traffic := func(targets ...map[string]any) map[string]any {
		return map[string]any{"latestReadyRevisionName": "ready", "traffic": targets}
	}
	for _, test := range []struct {
		name   string
		status map[string]any
		want   []string
	}{
		{"by name, share or tag", traffic(map[string]any{"revisionName": "a", "percent": 1}, map[string]any{"revisionName": "b", "tag": "t"},
			map[string]any{"revisionName": "c"}), []string{"a", "b"}},
		{"the latest, as the status resolved it", traffic(map[string]any{"latestRevision": true, "revisionName": "a", "percent": 100}), []string{"a"}},
		{"the latest, unresolved", traffic(map[string]any{"latestRevision": true, "percent": 100}), []string{"ready"}},
		{"one under several tags", traffic(map[string]any{"revisionName": "a", "percent": 100}, map[string]any{"revisionName": "a", "tag": "t"},
			map[string]any{"revisionName": "a", "tag": "u"}), []string{"a"}},
		{"no word on traffic", traffic(), []string{"ready"}},
		{"nothing was ever ready", map[string]any{"latestCreatedRevisionName": "broken"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := revisionFake(func(w http.ResponseWriter, _ *http.Request) {
				writeReply(w, map[string]any{"items": []any{serviceV1("s", test.status)}})
			}, replyWithImage)
			i := readInventory(t, f.cloud(t), "p")
			if len(i.Value.Running) != 1 || len(i.Value.Gaps) > 0 {
				t.Errorf("%s: %+v", test.name, i)
				return
			}
			var got []string
			for _, r := range i.Value.Running[0].Serving {
				got = append(got, r.Name)
				if !slices.Equal(r.Images, model.ImagesOf("image-of-"+r.Name)) {
					t.Errorf("%s: %+v", test.name, r)
				}
			}
			if calls := f.countPrefix(revisionsPath); !slices.Equal(got, test.want) || calls != len(test.want) {
				t.Errorf("%s: %q after %d calls, want %q", test.name, got, calls, test.want)
			}
		})
	}
}

// A revision that fails takes nothing from its neighbours, and an answer without an image is not one.
func TestRevisionsThatFail(t *testing.T) {
	f := revisionFake(func(w http.ResponseWriter, _ *http.Request) {
		targets := []any{}
		for _, name := range []string{"gone", "hollow", "whole", "away"} {
			targets = append(targets, map[string]any{"revisionName": name, "percent": 25})
		}
		writeReply(w, map[string]any{"items": []any{serviceV1("s", map[string]any{"traffic": targets})}})
	}, func(w http.ResponseWriter, name string) {
		switch name {
		case "gone":
			writeRefusal(w, http.StatusNotFound, "no", nil)
		case "hollow":
			writeReply(w, map[string]any{})
		case "away":
			writeRefusal(w, http.StatusServiceUnavailable, "away", nil)
		default:
			replyWithImage(w, name)
		}
	})
	i := readInventory(t, f.cloud(t), "p")
	if got := inventoryLines(i.Value); !slices.Equal(got, []string{"service us-east1 s: ", "whole: image-of-whole"}) {
		t.Errorf("%q", got)
	}
	want := []string{"revision gone of service s does not exist", "the answer names no image of revision hollow", "it could not be reached: away"}
	if got := gapReasons(i.Value.Gaps); !slices.Equal(got, want) {
		t.Errorf("gaps %q, want %q", got, want)
	}
}

// A list that breaks off has what came, and says so; a region that is away in every page is reported once.
func TestInventoryOfAListThatBreaksOff(t *testing.T) {
	f := revisionFake(func(w http.ResponseWriter, r *http.Request) {
		if n := len(r.URL.Query().Get("continue")); n < 2 {
			writeReply(w, map[string]any{"items": []any{serviceV1(fmt.Sprint("s", n), nil)}, "unreachable": []string{"us-west1"},
				"metadata": map[string]any{"continue": strings.Repeat("x", n+1)}})
			return
		}
		replyForbidden(w, r)
	}, replyWithImage)
	f.rest[jobsPath], f.rest[poolsPath], f.rest[instancesPath] = replyForbidden, replyForbidden, replyForbidden
	i := readInventory(t, f.cloud(t), "p")
	if got := inventoryLines(i.Value); !i.Read() || !slices.Equal(got, []string{"service us-east1 s0: ", "service us-east1 s1: "}) {
		t.Errorf("%s %q", i.State, got)
	}
	want := []string{
		"region us-west1 did not answer; its services are not in the list",
		"you may not list the services of project p run.services.list",
		"you may not list the jobs of project p run.jobs.list",
		"you may not list the worker pools of project p run.workerpools.list",
		"you may not list the instances of project p run.instances.list",
	}
	if got := gapReasons(i.Value.Gaps); !slices.Equal(got, want) {
		t.Errorf("gaps %q, want %q", got, want)
	}
}

func TestInventoryOfRefusals(t *testing.T) {
	for _, refused := range [][]string{{servicesPath}, {jobsPath}, {poolsPath}, {servicesPath, poolsPath}, {instancesPath}, {servicesPath, jobsPath, poolsPath, instancesPath}} {
		t.Run(strings.Join(refused, " "), func(t *testing.T) {
			f := revisionFake(replyEmpty, replyWithImage)
			for _, path := range refused {
				f.rest[path] = replyForbidden
			}
			i := readInventory(t, f.cloud(t), "p")
			if whole := len(refused) == len(allKinds); whole != (i.State == model.FactGap) || (!whole && len(i.Value.Gaps) != len(refused)) {
				t.Errorf("refused %v: %+v", refused, i)
			}
		})
	}
}

// Revisions are read side by side: each call here waits until a second one is under way.
func TestRevisionsAreReadSideBySide(t *testing.T) {
	f := revisionFake(func(w http.ResponseWriter, _ *http.Request) {
		writeReply(w, map[string]any{"items": []any{serviceV1("s", map[string]any{"traffic": []any{
			map[string]any{"revisionName": "a", "percent": 50}, map[string]any{"revisionName": "b", "percent": 50}}})}})
	}, replyWithImage)
	meet := make(chan struct{})
	f.rest[revisionsPath+"*"] = func(w http.ResponseWriter, r *http.Request) {
		select {
		case meet <- struct{}{}:
		case <-meet:
		case <-r.Context().Done():
			return
		}
		replyWithImage(w, path.Base(r.URL.Path))
	}
	if i := readInventory(t, f.cloud(t), "p"); len(inventoryLines(i.Value)) != 3 || len(i.Value.Gaps) > 0 {
		t.Errorf("%+v", i)
	}
}
