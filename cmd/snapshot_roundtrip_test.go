package cmd

import (
	"io"
	"os"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"testing"

	"pgregory.net/rapid"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/model"
	"whopulls/model/garble"
)

// anyText is what a text of Google's may hold: whatever is UTF-8, which protobuf and JSON demand.
func anyText() *rapid.Generator[string] {
	odd := []rune("\x00\x07\x1b\x7f\u0085\u009b\u200f\u202e\u2066\u2028\ufeff\ufffd\n\r\t\v \"'`\\<>&$(){}[]#;|,:?é界\U0001f600")
	return rapid.StringOfN(rapid.OneOf(rapid.SampledFrom(odd), rapid.RuneFrom([]rune("abcXYZ019.@-"))), 0, 12, -1)
}

// filledSnapshot is a snapshot in which every field of every fact holds something.
func filledSnapshot(t *rapid.T, kind string) snapshot {
	fill := func(most int) int { return rapid.IntRange(0, most).Draw(t, "number") }
	text := func() string { return anyText().Draw(t, "text") }
	s := garble.Fill[model.Situation](text, fill)
	s.Question = model.Question{Project: "my-project", Image: model.ImageOf("us-docker.pkg.dev/source-b/images/app")}
	s.ReadingDone = false // set by the reader
	s.Tested, s.Opinions = spacelessTests(s.Tested, text, fill), nil
	for _, o := range garble.Fill[[]model.Fact[model.SecondOpinion]](text, fill) {
		s.Opinions = map[model.Access]model.Fact[model.SecondOpinion]{{Principal: "user:a", Resource: model.Resource(text()), Permission: "a.b.c"}: o}
	}
	file := snapshot{Kind: kind, Version: snapshotVersion, Sandbox: text(), RepeatFlags: []string{"--project=my-project"}, Situation: s}
	if kind == planKind {
		options := garble.Fill[model.PlanOptions](text, fill)
		file.Target, file.Options = text(), &options
	}
	return file
}

// spacelessTests are tests of permissions, which hold no space: their keys are divided by the first.
func spacelessTests(tested map[model.TestKey]model.Fact[bool], text func() string, fill func(int) int) map[model.TestKey]model.Fact[bool] {
	if tested == nil {
		return nil
	}
	return map[model.TestKey]model.Fact[bool]{{Resource: model.Resource(text()), Permission: "a.b.c"}: model.Known(fill(1) == 1)}
}

// The program reads back what it wrote, byte for byte, whatever Google's texts hold.
func TestSnapshotsAndPlansAreReadBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		kind := rapid.SampledFrom([]string{snapshotKind, planKind}).Draw(r, "kind")
		want := filledSnapshot(r, kind)
		data, err := view.EncodeJSON(want)
		if err != nil {
			r.Fatal(err)
		}
		got, err := parseSnapshot(data, kind)
		if err != nil || !reflect.DeepEqual(got, want) {
			r.Fatalf("%s\nbecame %+v, %v", data, got, err)
		}
	})
}

// realSnapshot is a file that the program wrote.
func realSnapshot(t testing.TB) []byte {
	file := filepath.Join(t.TempDir(), "kept.json")
	(&cliRun{cloud: article()}).run("check", "--project=myproject-a", "--region=asia-northeast1", "--job=myjob", "--save="+file)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// useSnapshot does with a file what check --from does, as far as it can be read.
func useSnapshot(data []byte) {
	s, err := parseSnapshot(data, snapshotKind)
	if err != nil {
		return
	}
	s.Situation.ReadingDone = true
	f := assessmentOf(s.Situation, model.PlanOptions{}, s.Sandbox, "").Assessment
	out := console.Streams{Out: io.Discard, Err: io.Discard, Lookup: func(string) (string, bool) { return "", false }}.OutPrinter()
	view.Check(out, f, s.RepeatFlags)
	view.Plan(out, f)
	view.Script(out, f)
	_ = writeDocument(io.Discard, options.FormatYAML, view.CheckDocumentOf(f)) // only that it comes back
}

// Nothing that a file holds makes the program panic: not while it is read, judged or shown.
func TestDamagedSnapshots(t *testing.T) {
	for text := range garble.Corruptions(realSnapshot(t)) {
		func() {
			defer func() {
				if trouble := recover(); trouble != nil {
					t.Fatalf("%v\n%s\n%s", trouble, text, debug.Stack())
				}
			}()
			useSnapshot(text)
		}()
	}
}

func FuzzSnapshot(f *testing.F) {
	f.Add(realSnapshot(f))
	f.Add([]byte(`{"kind": "whopulls.snapshot", "version": 1, "situation": {"question": {"project": "p", "image": "gcr.io/p/i"}, "policies": {"": null}}}`))
	f.Fuzz(func(_ *testing.T, data []byte) { useSnapshot(data) })
}
