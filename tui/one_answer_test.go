package tui

import (
	"cmp"
	"context"
	"iter"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"whopulls/gcp"
	"whopulls/gcp/sandbox"
	"whopulls/model"
)

// serve serves a world. What it gives connects to it as a member.
func serve(t *testing.T, world string) func(*testing.T, model.Member) *gcp.Cloud {
	t.Helper()
	loaded, err := sandbox.Load(world)
	if err != nil {
		t.Fatal(err)
	}
	server, err := sandbox.Start(sandbox.Options{World: loaded})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() }) // the test is over
	return func(t *testing.T, as model.Member) *gcp.Cloud {
		t.Helper()
		cloud, err := gcp.Dial(t.Context(), gcp.Options{Sandbox: server.Addr(), Account: as, JournalFolder: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cloud.Close() })
		return cloud
	}
}

// oneAnswer is a workload, and the line of its map that its images decide.
type oneAnswer struct {
	workload model.WorkloadName
	page     string // of the console
	shows    string
}

// A question has one answer, whether flags ask it, a list, the palette, a paste, a recent row or a check of all workloads: the
// same map down to the last cell. That holds for a caller who may list the workloads and not get them, too.
func TestAQuestionHasOneAnswerHoweverItIsAsked(t *testing.T) {
	connect := serve(t, "../gcp/testdata/one_answer.yaml")
	for _, w := range []oneAnswer{
		{model.WorkloadName{Kind: model.Service, Name: "front", Region: "us-central1"}, "detail/us-central1/front", "side:latest"},
		{model.WorkloadName{Kind: model.Job, Name: "nightly", Region: "us-central1"}, "jobs/details/us-central1/nightly", "✓ granted  pull the image"},
		{model.WorkloadName{Kind: model.WorkerPool, Name: "poller", Region: "europe-west1"}, "workerpools/detail/europe-west1/poller", "✓ granted  pull the image"},
		{model.WorkloadName{Kind: model.Service, Name: "hub", Region: "europe-west1"}, "detail/europe-west1/hub", "? unknown  pull the image"},
	} {
		for _, caller := range []model.Member{"user:dev@example.com", "user:lister@example.com"} {
			t.Run(w.workload.Name+" by "+caller.Value(), func(t *testing.T) {
				w.assertOneAnswer(t, func(t *testing.T) Cloud { return connect(t, caller) })
			})
		}
	}
}

// A workload without an image has one answer too: the map, which says that no image is named, and takes a pasted one.
func TestAWorkloadWithoutImagesHasOneAnswer(t *testing.T) {
	connect := serve(t, "../gcp/testdata/one_answer.yaml")
	w := oneAnswer{model.WorkloadName{Kind: model.Service, Name: "hub", Region: "europe-west1"}, "detail/europe-west1/hub", "no image was named"}
	w.assertOneAnswer(t, func(t *testing.T) Cloud { return imagelessCloud{connect(t, devMember)} })

	term := start(t, imagelessCloud{connect(t, devMember)}, Options{Question: model.Question{Project: "team-app", Workload: &w.workload}}, 120, 36)
	term.shows("no image was named", "paste one here")
	term.program.Send(tea.PasteMsg{Content: "us-docker.pkg.dev/team-images/far/side"})
	term.shows("✗ missing  pull the image", "side:latest", "taken for: Image side")
}

// imagelessCloud is a cloud whose workloads run nothing yet.
type imagelessCloud struct{ *gcp.Cloud }

func (c imagelessCloud) Workloads(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Workload], error] {
	return func(yield func(model.ListPage[model.Workload], error) bool) {
		for page, err := range c.Cloud.Workloads(ctx, project) {
			for n := range page.Items {
				page.Items[n].Images = nil
			}
			if !yield(page, err) {
				return
			}
		}
	}
}

func (c imagelessCloud) Read(ctx context.Context, q model.Question, o model.PlanOptions, progress func(model.Situation)) (model.Situation, error) {
	if progress == nil {
		progress = func(model.Situation) {}
	}
	s, err := c.Cloud.Read(ctx, q, o, func(s model.Situation) { progress(withoutImages(s)) })
	return withoutImages(s), err
}

func (c imagelessCloud) ReadAll(ctx context.Context, questions []model.Question, o model.PlanOptions) iter.Seq2[model.Situation, error] {
	return func(yield func(model.Situation, error) bool) {
		for s, err := range c.Cloud.ReadAll(ctx, questions, o) {
			if !yield(withoutImages(s), err) {
				return
			}
		}
	}
}

func withoutImages(s model.Situation) model.Situation {
	s.Workload.Value.Images = nil
	return s
}

// assertOneAnswer asks in each way, and compares the maps.
func (w oneAnswer) assertOneAnswer(t *testing.T, connect func(*testing.T) Cloud) {
	t.Helper()
	wanted := ""
	for _, way := range waysToAsk {
		t.Run(way.name, func(t *testing.T) {
			screen := w.ask(t, connect(t), way)
			if wanted = cmp.Or(wanted, screen); screen != wanted {
				t.Errorf("asked by flags:\n%s\nasked by %s:\n%s", wanted, way.name, screen)
			}
		})
	}
}

// ask opens the map in a way, and gives its screen without the last lines: what a paste was taken for stands there.
func (w oneAnswer) ask(t *testing.T, cloud Cloud, way wayToAsk) string {
	t.Helper()
	o := Options{Question: model.Question{Project: "team-app"}}
	if way.options != nil {
		way.options(&o, w)
	}
	term := start(t, cloud, o, 120, 60)
	if way.keys != nil {
		term.shows("4 workloads")
		way.keys(term, w)
	}
	lines := strings.Split(term.shows("PULLS", w.shows), "\n")
	return strings.Join(lines[:56], "\n")
}

// wayToAsk is a way from the command line to the map.
type wayToAsk struct {
	name    string
	options func(o *Options, w oneAnswer)     // nil: the list of what runs in the project opens
	keys    func(term *terminal, w oneAnswer) // nil: the map opens at once
}

var waysToAsk = []wayToAsk{
	{"flags", func(o *Options, w oneAnswer) { o.Question.Workload = &w.workload }, nil},
	{"a row of the list", nil, func(term *terminal, w oneAnswer) {
		term.typeText("^" + w.workload.Name)
		term.press("enter")
	}},
	{"a pasted link", nil, func(term *terminal, w oneAnswer) {
		term.program.Send(tea.PasteMsg{Content: "https://console.cloud.google.com/run/" + w.page + "?project=team-app"})
	}},
	{"the palette", nil, func(term *terminal, w oneAnswer) {
		term.press("ctrl+p")
		term.typeText(w.workload.Name)
		term.shows("team-app · " + w.workload.Region)
		term.press("enter")
	}},
	{"a row that was checked", nil, func(term *terminal, w oneAnswer) {
		term.press("ctrl+p")
		term.typeText("check all")
		term.shows("Check all workloads here")
		term.press("enter")
		term.shows("4 checked")
		term.typeText("^" + w.workload.Name)
		term.press("enter")
	}},
	{"a recent question", func(o *Options, w oneAnswer) {
		o.Question, o.Recent = model.Question{}, []Recent{{Project: "team-app", Workload: &w.workload}}
	}, func(term *terminal, _ oneAnswer) { term.press("enter") }},
}
