package cache

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whopulls/model"
	"whopulls/model/garble"
)

// drawValue draws a value with whatever texts Google may return in each of its fields.
func drawValue[T any](t *rapid.T) T {
	odd := []rune("\x00\x07\x1b\x7f\u0085\u009b\u200b\u200f\u202e\u2066\u2028\ufeff\ufffd\n\r\t \"'`\\<>&$(){}[]#;|,:%?é界\U0001f600")
	texts := rapid.StringOfN(rapid.OneOf(rapid.SampledFrom(odd), rapid.RuneFrom([]rune("abcXYZ019.@-"))), 0, 8, -1)
	return garble.Fill[T](func() string { return texts.Draw(t, "text") }, func(most int) int { return rapid.IntRange(0, most).Draw(t, "number") })
}

// checkReadBack keeps a fact in a folder, and has another command read it there.
func checkReadBack[T any](r *rapid.T, folder string, kind Kind) {
	want, now := drawValue[T](r), time.Unix(1800000000, 0)
	key := rapid.String().Draw(r, "key")
	first, second := newCacheAt(folder, now), newCacheAt(folder, now.Add(time.Second))
	Put(first, kind, key, want, now, true)
	got, ok := Get[T](second, kind, key, true)
	if empty := reflect.ValueOf(want); empty.Kind() == reflect.Slice && empty.Len() == 0 {
		if ok && reflect.ValueOf(got.Value).Len() > 0 {
			r.Fatalf("nothing became %+v", got.Value)
		}
		return
	}
	if !ok || !reflect.DeepEqual(got.Value, want) || !got.At.Equal(now) {
		r.Fatalf("%T %+v\nbecame %+v, %t, of %s", want, want, got.Value, ok, got.At)
	}
}

// What one command keeps for the next comes back whole, whatever Google's texts hold.
func TestKeptFactsAreReadBack(t *testing.T) {
	folder := t.TempDir()
	for name, back := range map[string]func(*rapid.T){
		"deny policies": func(r *rapid.T) { checkReadBack[[]model.DenyPolicy](r, folder, Deny) },
		"role":          func(r *rapid.T) { checkReadBack[model.Role](r, folder, Role) },
		"projects":      func(r *rapid.T) { checkReadBack[[]model.Project](r, folder, List) },
		"workloads":     func(r *rapid.T) { checkReadBack[[]model.Workload](r, folder, List) },
		"repositories":  func(r *rapid.T) { checkReadBack[[]model.Repository](r, folder, List) },
		"images":        func(r *rapid.T) { checkReadBack[[]model.ListedImage](r, folder, List) },
	} {
		t.Run(name, func(t *testing.T) { rapid.Check(t, back) })
	}
}

// Whatever is in a file of the cache, it is a fact of that kind and key, or nothing.
func FuzzKept(f *testing.F) {
	e := entry{Version: version, Kind: List, Key: "k", At: time.Unix(1800000000, 0).UTC(), Value: json.RawMessage(`[{"id":"p","number":"1"}]`)}
	text, err := json.Marshal(e)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"version":1,"kind":"list","key":"k","at":"2027-01-15T08:00:00Z","value":[null]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		folder := t.TempDir()
		if err := os.Chmod(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, e.fileName()), text, 0o600); err != nil {
			t.Fatal(err)
		}
		c := newCacheAt(folder, e.At)
		if got, ok := Get[[]model.Project](c, List, "k", true); ok && (got.At.After(e.At) || !got.Read()) {
			t.Errorf("%+v", got)
		}
		_, _ = Get[[]model.DenyPolicy](c, List, "k", true) // only that it comes back
		_, _ = Get[model.Role](c, List, "k", true)
		_, _ = Get[[]model.Workload](c, List, "k", true)
	})
}
