package settings

import (
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whopulls/model"
	"whopulls/tui"
)

// anyName draws a name that Google may give, those among them that YAML takes for something else than a text.
func anyName(form string) *rapid.Generator[string] {
	return rapid.OneOf(rapid.StringMatching(form), rapid.SampledFrom([]string{"null", "true", "yes", "on", "nan", "inf", "e1", "y", "o0", "null-1"}))
}

// Each pick that the app keeps is the pick that it finds the next time.
func TestPicksAreReadBack(t *testing.T) {
	projects := rapid.OneOf(anyName(`[a-z][a-z0-9-]{4,9}[a-z0-9]`), rapid.StringMatching(`[1-9][0-9]{5,13}`), rapid.StringMatching(`[a-z]{1,5}\.[a-z]{2,3}:[a-z][a-z0-9-]{0,5}`),
		rapid.SampledFrom([]string{"123e4", "0123", "1_000", "0x12", "0o17", "1.5", "1:30"})).
		Filter(func(project string) bool { return model.ValidateProject(project) == nil })
	rapid.Check(t, func(r *rapid.T) {
		var want []tui.Recent
		for range rapid.IntRange(1, 5).Draw(r, "picks") {
			pick := tui.Recent{Project: projects.Draw(r, "project")}
			if rapid.Bool().Draw(r, "workload") {
				kind := rapid.SampledFrom([]model.WorkloadKind{model.Service, model.Job, model.WorkerPool}).Draw(r, "kind")
				pick.Workload = &model.WorkloadName{Kind: kind, Name: anyName(`[a-z]([a-z0-9-]{0,9}[a-z0-9])?`).Draw(r, "name"), Region: rapid.StringMatching(`[a-z]{2,4}-[a-z]{4,6}[1-9]`).Draw(r, "region")}
				if rapid.Bool().Draw(r, "answer") {
					verdict := rapid.SampledFrom([]model.Verdict{model.Granted, model.Missing, model.Denied, model.Unknown}).Draw(r, "verdict")
					pick.Last = tui.Answer{Verdict: verdict, Count: rapid.IntRange(0, 99).Draw(r, "checks"), Time: time.Unix(rapid.Int64Range(0, 4e9).Draw(r, "checked"), 0).UTC()}
				}
			}
			want = append(want, pick)
		}
		before := rapid.SampledFrom([]string{"", "theme: dark\n", "  theme: dark\n", "recent:\n- project: myproject-c\n"}).Draw(r, "before")
		text, err := replaceRecent(before, want)
		if err != nil {
			r.Fatalf("%+v: %v", want, err)
		}
		got, err := Parse("", text)
		if err != nil || !reflect.DeepEqual(got.Recent, want) {
			r.Fatalf("%s\nholds %+v, %v", text, got.Recent, err)
		}
	})
}

func FuzzSettings(f *testing.F) {
	for _, text := range []string{"read-only: !!foo", "production: !!set {a}", "keys: {copy: &a [*a]}", "recent: [! {project: x}]", "theme: !<x> y", "<<: *a",
		"read-only:\n", "&a read-only: *a", "keys: !!map {copy: y}", "recent:\n- {project: my-project, job: j, region: us-central1, verdict: missing, checks: 1, checked: \"2026-01-14T06:30:00Z\"}\n",
		"recent: [{project: my-project, verdict: x, checks: -1, checked: 1}]", "recent:\n- {project: my-project, job: j, region: us-central1}\n", "- a", "? x"} {
		f.Add(text)
	}
	f.Fuzz(func(_ *testing.T, text string) { _, _ = Parse("settings.yaml", text) }) // only that it comes back
}
