package cache

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"whopulls/model"
)

var (
	storedAt       = time.Date(2026, 3, 3, 14, 30, 0, 0, time.UTC)
	storedPolicies = []model.DenyPolicy{{Name: "policies/one", Rules: []model.DenyRule{{DeniedPrincipals: []string{"principalSet://goog/public:all"}}}}}
)

// newCacheAt is a command's cache at a time; each has a memory of its own.
func newCacheAt(dir string, now time.Time) *Store {
	return New(dir, func() time.Time { return now })
}

// listFiles lists what is in a folder.
func listFiles(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func wantCached(t *testing.T, c *Store, kind Kind, key string, want bool) {
	t.Helper()
	fact, ok := Get[[]model.DenyPolicy](c, kind, key, true)
	if ok != want || (ok && (!fact.Read() || !fact.At.Equal(storedAt) || !sameJSON(t, fact.Value, storedPolicies))) {
		t.Errorf("%q at %s: kept %t (%+v), want %t", key, c.now(), ok, fact, want)
	}
}

func sameJSON(t *testing.T, a, b any) bool {
	t.Helper()
	left, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	right, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(left) == string(right)
}

func putFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestKeptForItsLife(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "whopulls")
	first := newCacheAt(dir, storedAt)
	Put(first, Deny, "k", storedPolicies, storedAt, true)
	for _, test := range []struct {
		key  string
		kind Kind
		age  time.Duration
		want bool
	}{
		{"k", Deny, 0, true},
		{"k", Deny, 10*time.Minute - time.Nanosecond, true},
		{"k", Deny, 10 * time.Minute, false},
		{"k", Deny, 24 * time.Hour, false},
		{"k", Deny, -time.Second, false}, // the clock was set back
		{"k", Role, 0, false},
		{"other", Deny, 0, false},
	} {
		t.Run(fmt.Sprintf("%s %s %s", test.kind, test.key, test.age), func(t *testing.T) {
			wantCached(t, newCacheAt(dir, storedAt.Add(test.age)), test.kind, test.key, test.want)
			first.now = func() time.Time { return storedAt.Add(test.age) }
			wantCached(t, first, test.kind, test.key, test.want)
		})
	}
	Put(first, Role, "r", storedPolicies, storedAt, true)
	wantCached(t, newCacheAt(dir, storedAt.Add(23*time.Hour)), Role, "r", true)
	wantCached(t, newCacheAt(dir, storedAt.Add(24*time.Hour)), Role, "r", false)
}

func TestKeptForItsOwnerOnly(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("on Windows a file's mode does not say who may read it")
	}
	dir := filepath.Join(t.TempDir(), "whopulls")
	Put(newCacheAt(dir, storedAt), Deny, "k", storedPolicies, storedAt, true)
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v %v", info.Mode(), err)
	}
	all := listFiles(t, dir)
	if len(all) != 1 {
		t.Fatalf("the files are %v", all)
	}
	if info, err := os.Stat(all[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v %v", info.Mode(), err)
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	wantCached(t, newCacheAt(dir, storedAt), Deny, "k", false) // anybody may have written it
	Put(newCacheAt(dir, storedAt), Deny, "k", storedPolicies, storedAt, true)
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder was not closed: %v %v", info.Mode(), err)
	}
}

// A file that is not what it should be is not there, and the next write puts it right.
func TestKeptFilesThatAreBroken(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	good := entry{Version: version, Kind: Deny, Key: "k", At: storedAt, Value: json.RawMessage(`[]`)}
	file := filepath.Join(dir, good.fileName())
	written := func(change func(*entry)) string {
		e := good
		change(&e)
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for name, text := range map[string]string{
		"empty": "", "cut": written(func(*entry) {})[:40], "no JSON": "\x00\x01", "a list": "[]", "null": "null",
		"of a newer whopulls": written(func(e *entry) { e.Version++ }),
		"of another key":      written(func(e *entry) { e.Key = "another" }),
		"of another kind":     written(func(e *entry) { e.Kind = Role }),
		"of tomorrow":         written(func(e *entry) { e.At = storedAt.Add(time.Hour) }),
		"without a time":      written(func(e *entry) { e.At = time.Time{} }),
		"without a value":     written(func(e *entry) { e.Value = nil }),
		"of another form":     written(func(e *entry) { e.Value = json.RawMessage(`{"a":1}`) }),
		"too long":            written(func(*entry) {}) + strings.Repeat(" ", maxFactBytes),
	} {
		t.Run(name, func(t *testing.T) {
			putFile(t, file, text)
			if fact, ok := Get[[]model.DenyPolicy](newCacheAt(dir, storedAt), Deny, "k", true); ok {
				t.Errorf("%s: taken as %+v", name, fact)
			}
		})
	}
	Put(newCacheAt(dir, storedAt), Deny, "k", storedPolicies, storedAt, true)
	wantCached(t, newCacheAt(dir, storedAt), Deny, "k", true)
}

func TestKeptWhereNothingCanBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	putFile(t, file, "")
	for _, dir := range []string{file, filepath.Join(file, "below")} {
		c := newCacheAt(dir, storedAt)
		Put(c, Deny, "k", storedPolicies, storedAt, true)
		wantCached(t, c, Deny, "k", true) // in memory
		wantCached(t, newCacheAt(dir, storedAt), Deny, "k", false)
	}
	c := newCacheAt(t.TempDir(), storedAt)
	Put(c, Deny, "k", func() {}, storedAt, true) // no JSON
	wantCached(t, c, Deny, "k", false)
}

func TestKeptInMemoryOnly(t *testing.T) {
	dir := t.TempDir()
	c := newCacheAt(dir, storedAt)
	Put(c, Deny, "k", storedPolicies, storedAt, false)
	wantCached(t, c, Deny, "k", true)
	if all := listFiles(t, dir); len(all) != 0 {
		t.Errorf("written: %v", all)
	}
}

// Old files of ours go with the first write; what is young, and what is not ours, stays.
func TestKeptFilesAreSwept(t *testing.T) {
	dir := t.TempDir()
	now := time.Now()
	for name, age := range map[string]time.Duration{"deny-old.json": 11 * time.Minute, "deny-young.json": 9 * time.Minute,
		"role-old.json": 25 * time.Hour, "role-young.json": 23 * time.Hour, ".draft-1": 2 * time.Hour, ".draft-2": time.Minute,
		"history.json": 1000 * time.Hour, "deny-note.txt": 1000 * time.Hour} {
		file := filepath.Join(dir, name)
		putFile(t, file, "{}")
		if err := os.Chtimes(file, now, now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	Put(newCacheAt(dir, now), Deny, "k", storedPolicies, now, true)
	var left []string
	for _, f := range listFiles(t, dir) {
		left = append(left, filepath.Base(f))
	}
	text := strings.Join(left, " ")
	for _, name := range []string{"deny-young.json", "role-young.json", ".draft-2", "history.json", "deny-note.txt"} {
		if !strings.Contains(text, name) {
			t.Errorf("%s was removed", name)
		}
	}
	if len(left) != 6 { // and the new one
		t.Errorf("left: %v", left)
	}
}

// Commands that run side by side find a whole file or none.
func TestKeptByManyAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "whopulls")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 25 {
				Put(newCacheAt(dir, storedAt), Deny, "k", storedPolicies, storedAt, true)
				wantCached(t, newCacheAt(dir, storedAt), Deny, "k", true)
			}
		})
	}
	all.Wait()
	if left := listFiles(t, dir); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
}
