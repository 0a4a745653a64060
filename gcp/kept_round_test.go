package gcp

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whopulls/model"
	"whopulls/model/garble"
)

// anything draws a value with whatever texts Google may return in each of its fields.
func anything[T any](t *rapid.T) T {
	odd := []rune("\x00\x07\x1b\x7f\u0085\u009b\u200b\u200f\u202e\u2066\u2028\ufeff\ufffd\n\r\t \"'`\\<>&$(){}[]#;|,:%?é界\U0001f600")
	texts := rapid.StringOfN(rapid.OneOf(rapid.SampledFrom(odd), rapid.RuneFrom([]rune("abcXYZ019.@-"))), 0, 8, -1)
	return garble.Filled[T](func() string { return texts.Draw(t, "text") }, func(most int) int { return rapid.IntRange(0, most).Draw(t, "number") })
}

// readBack keeps a fact in a folder, and has another command read it there.
func readBack[T any](r *rapid.T, folder string, kind keptKind) {
	want, now := anything[T](r), time.Unix(1800000000, 0)
	key := rapid.String().Draw(r, "key")
	first, second := newCache(folder), newCache(folder)
	first.now, second.now = func() time.Time { return now }, func() time.Time { return now.Add(time.Second) }
	keep(first, kind, key, want, now, true)
	got, ok := kept[T](second, kind, key, true)
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
		"deny policies": func(r *rapid.T) { readBack[[]model.DenyPolicy](r, folder, kindDeny) },
		"role":          func(r *rapid.T) { readBack[model.Role](r, folder, kindRole) },
		"projects":      func(r *rapid.T) { readBack[[]model.Project](r, folder, kindList) },
		"workloads":     func(r *rapid.T) { readBack[[]model.Workload](r, folder, kindList) },
		"repositories":  func(r *rapid.T) { readBack[[]model.Repository](r, folder, kindList) },
		"images":        func(r *rapid.T) { readBack[[]model.ImageEntry](r, folder, kindList) },
	} {
		t.Run(name, func(t *testing.T) { rapid.Check(t, back) })
	}
}

// A scan that was interrupted goes on with what it had, to the letter.
func TestCheckpointsAreReadBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		want := anything[checkpoint](r)
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
