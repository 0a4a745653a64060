package propagation_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"whopulls/model"
	"whopulls/model/propagation"
)

var made = time.Date(2026, 1, 14, 12, 0, 0, 0, time.UTC)

func deployed(after time.Duration, ready bool) *model.Readiness {
	return &model.Readiness{Ready: ready, Time: made.Add(after)}
}

func TestStage(t *testing.T) {
	onDeploy := propagation.Aftermath{Made: made, OnDeploy: true}
	own := propagation.Aftermath{Made: made, Untested: true}
	with := func(a propagation.Aftermath, r *model.Readiness) propagation.Aftermath {
		a.Deployed = r
		return a
	}
	known := with(onDeploy, deployed(3*time.Minute, false)) // the clock of this machine is slow
	known.Before = deployed(3*time.Minute, false)
	for name, test := range map[string]struct {
		known propagation.Aftermath
		after time.Duration
		want  propagation.Stage
	}{
		"the caller's own, seen":             {propagation.Aftermath{Made: made}, 0, propagation.Observed},
		"the caller's own, not seen yet":     {own, time.Minute, propagation.Fresh},
		"the caller's own, never seen":       {own, propagation.Late, propagation.Overdue},
		"at once":                            {onDeploy, 0, propagation.Fresh},
		"just before the typical time":       {onDeploy, propagation.Typical - 1, propagation.Fresh},
		"at the typical time":                {onDeploy, propagation.Typical, propagation.Usual},
		"just before the last that is named": {onDeploy, propagation.Late - 1, propagation.Usual},
		"after all that is named":            {onDeploy, propagation.Late, propagation.Overdue},
		"a clock that goes backwards":        {onDeploy, -time.Hour, propagation.Fresh},
		"a deploy before the grant failed":   {with(onDeploy, deployed(-time.Hour, false)), time.Minute, propagation.Fresh},
		"a deploy before the grant worked":   {with(onDeploy, deployed(-time.Hour, true)), time.Minute, propagation.Fresh},
		"a deploy at the very moment":        {with(onDeploy, deployed(0, true)), time.Minute, propagation.Fresh},
		"a deploy after it worked":           {with(onDeploy, deployed(time.Second, true)), time.Minute, propagation.Proven},
		"a deploy after it failed":           {with(onDeploy, deployed(time.Second, false)), time.Minute, propagation.Fresh},
		"one after it failed, long ago":      {with(onDeploy, deployed(time.Second, false)), propagation.Late, propagation.Overdue},
		"a late deploy failed":               {with(onDeploy, deployed(propagation.Late, false)), propagation.Late, propagation.Refused},
		"what the workload said before":      {known, time.Minute, propagation.Fresh},
		"a late deploy worked":               {with(onDeploy, deployed(time.Hour, true)), 2 * time.Hour, propagation.Proven},
		"a deploy proves nothing of a test":  {with(own, deployed(time.Second, true)), time.Minute, propagation.Fresh},
	} {
		t.Run(name, func(t *testing.T) {
			if got := test.known.Stage(test.after); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// Looking again whenever it is due reaches each stage at its time, and ends.
func TestNextLookEnds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		a := propagation.Aftermath{Made: made, OnDeploy: true, Untested: rapid.Bool().Draw(r, "untested")}
		age := time.Duration(rapid.Int64Range(-int64(time.Hour), int64(propagation.Late)).Draw(r, "age"))
		looks := 0
		for a.Stage(age).IsOpen() {
			before, wait := a.Stage(age), a.NextLook(age)
			if wait <= 0 || age >= 0 && before == propagation.Fresh && age+wait > propagation.Typical || age+wait > propagation.Late {
				r.Fatalf("at %v it waits %v", age, wait)
			}
			age = max(age, 0) + wait
			if looks++; looks > 50 {
				r.Fatal("it never ends")
			}
		}
	})
}

func TestDeployCommand(t *testing.T) {
	image := func(text string) model.Image {
		i, err := model.ParseImage(text)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	hello := image("asia-northeast1-docker.pkg.dev/myproject-b/myrepo/hello:v1")
	for name, test := range map[string]struct {
		kind   model.WorkloadKind
		images []model.Image
		other  string
		want   string
	}{
		"another image": {model.Job, []model.Image{hello}, "us-docker.pkg.dev/p/r/i:v2", "gcloud run jobs deploy w --project=p-1 --region=asia-northeast1 --image=us-docker.pkg.dev/p/r/i:v2"},
		"a service":     {model.Service, []model.Image{hello}, "", "gcloud run deploy w --project=p-1 --region=asia-northeast1 --image=asia-northeast1-docker.pkg.dev/myproject-b/myrepo/hello:v1"},
		"a job":         {model.Job, []model.Image{hello}, "", "gcloud run jobs deploy w --project=p-1 --region=asia-northeast1 --image=asia-northeast1-docker.pkg.dev/myproject-b/myrepo/hello:v1"},
		"a worker pool": {model.WorkerPool, []model.Image{hello}, "", "gcloud beta run worker-pools deploy w --project=p-1 --region=asia-northeast1 --image=asia-northeast1-docker.pkg.dev/myproject-b/myrepo/hello:v1"},
		"no image":      {model.Job, nil, "", ""},
		"two images":    {model.Service, []model.Image{hello, hello}, "", ""},
		"no kind":       {"", []model.Image{hello}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := model.Workload{WorkloadName: model.WorkloadName{Kind: test.kind, Region: "asia-northeast1", Name: "w"}, Images: test.images}
			var other model.Image
			if test.other != "" {
				other = image(test.other)
			}
			if got := propagation.DeployCommand("p-1", w, other); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
