package gcp

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"cloud.google.com/go/asset/apiv1/assetpb"
	"cloud.google.com/go/iam/apiv1/iampb"
	"pgregory.net/rapid"

	"whopulls/gcp/cache"
	"whopulls/model"
	"whopulls/model/garble"
)

// anyValue draws a value with whatever texts Google may return in each of its fields.
func anyValue[T any](t *rapid.T) T {
	odd := []rune("\x00\x07\x1b\x7f\u0085\u009b\u200b\u200f\u202e\u2066\u2028\ufeff\ufffd\n\r\t \"'`\\<>&$(){}[]#;|,:%?é界\U0001f600")
	texts := rapid.StringOfN(rapid.OneOf(rapid.SampledFrom(odd), rapid.RuneFrom([]rune("abcXYZ019.@-"))), 0, 8, -1)
	return garble.Fill[T](func() string { return texts.Draw(t, "text") }, func(most int) int { return rapid.IntRange(0, most).Draw(t, "number") })
}

// A scan that was interrupted continues with what it had, to the letter.
func TestCheckpointsAreReadBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		want := anyValue[checkpoint](r)
		text, err := json.Marshal(want)
		if err != nil {
			r.Fatal(err)
		}
		got := checkpoint{}
		if err := json.Unmarshal(text, &got); err != nil || !reflect.DeepEqual(got, want) {
			r.Fatalf("%+v\nbecame %+v, %v\n%s", want, got, err, text)
		}
	})
}

// resumeFrom is a scan that continues with what somebody else may have put into the cache, as far as it gets without a network.
func resumeFrom(t testing.TB, value []byte) *scan {
	folder := t.TempDir()
	c := &Cloud{now: time.Now, cache: cache.New(folder, time.Now), origin: "o", caller: model.Known(model.Member("user:a@example.com"))}
	s := &scan{cloud: c, scope: scanScope, checkpoint: newCheckpoint()}
	key, _ := c.scanKey(scanScope)
	c.cache.WriteFile(cache.Scan, key, nil)
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files %q, %v", files, err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	text = append(append(text[:len(text)-len("null}")], value...), '}')
	if err := os.WriteFile(files[0], text, 0o600); err != nil {
		t.Fatal(err)
	}
	s.resume()
	return s
}

// continueScan does with a scan what the next page does, and judges what it has.
func continueScan(s *scan) {
	s.rebuildIndex()
	s.addBindings(&assetpb.IamPolicySearchResult{Resource: "//cloudresourcemanager.googleapis.com/projects/p", Project: "projects/1", Policy: &iampb.Policy{Bindings: []*iampb.Binding{{Role: "r", Members: []string{"allUsers"}}}}})
	s.addPage(pageResult{projects: []scannedProject{{Project: model.Project{ID: "p", Number: "1"}}}, repositories: []model.Repository{{}}, running: []scannedWorkload{{number: "1"}}})
	for _, name := range []string{searchStream, projectAsset} {
		s.endPage(s.checkpoint.stream(name), "t", 1)
	}
	_ = s.progress()
	situation := s.toSituation()
	situation.ReadingDone = true
	_ = model.FindStale(situation) // only that it comes back
	s.save()
}

// A checkpoint is in the cache as it was left, unless somebody put something else there.
func TestDamagedCheckpoints(t *testing.T) {
	whole := newCheckpoint()
	whole.Bindings = 7
	text, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	if s := resumeFrom(t, text); s.checkpoint.Bindings != 7 {
		t.Fatalf("what is whole is not taken: %+v", s.checkpoint)
	}
	for _, damage := range []string{`{"Streams":null}`, `{"Projects":null}`, `{"Levels":null}`, `{"Numbers":null}`, `{"Repositories":null}`, `{"Running":null}`, `null`, `[]`} {
		t.Run(damage, func(t *testing.T) {
			continueScan(resumeFrom(t, []byte(damage)))
		})
	}
	for damage := range garble.Corruptions([]byte(realCheckpoint)) {
		continueScan(resumeFrom(t, damage))
	}
}

// realCheckpoint has each kind of thing that a scan keeps.
const realCheckpoint = `{"Time":"2027-01-15T08:00:00Z","Streams":{"bindings":{"Token":"t","Done":true,"Read":1,"Time":"2027-01-15T08:00:00Z"}},"Bindings":1,
	"Found":[{"Resource":"//cloudresourcemanager.googleapis.com/projects/p","Project":"1","Above":["//cloudresourcemanager.googleapis.com/folders/1"],"Bindings":[{"role":"roles/owner",
		"members":["serviceAccount:service-2@serverless-robot-prod.iam.gserviceaccount.com"],"condition":{"expression":"request.time < timestamp(\"2026-05-01T00:00:00Z\")","title":"t"}}]}],
	"Projects":{"1":{"id":"p","number":"1","state":"ACTIVE"}},"Levels":{"p":["//cloudresourcemanager.googleapis.com/folders/1"]},"Numbers":{"1":"p"},
	"Repositories":{"//artifactregistry.googleapis.com/projects/p/locations/l/repositories/r":{"name":{"Project":"p","Location":"l","ID":"r"},"format":"DOCKER","mode":"STANDARD_REPOSITORY"}},
	"Running":{"2":[{"kind":"service","name":"w","region":"l","images":["l-docker.pkg.dev/p/r/i"],"serving":[{"name":"w-1","images":[]}]}]},"Lacks":["x"]}`

func FuzzCheckpoint(f *testing.F) {
	f.Add([]byte(realCheckpoint))
	f.Fuzz(func(t *testing.T, value []byte) { continueScan(resumeFrom(t, value)) })
}
