package gcp

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"cloud.google.com/go/iam/admin/apiv1/adminpb"
	"google.golang.org/protobuf/proto"

	"whopulls/gcp/sandbox"
	"whopulls/model"
)

var (
	storedAt       = time.Date(2026, 3, 3, 14, 30, 0, 0, time.UTC)
	storedPolicies = []model.DenyPolicy{{Name: "policies/one", Rules: []model.DenyRule{{DeniedPrincipals: []string{"principalSet://goog/public:all"}}}}}
)

// newCacheAt is a command's cache at a time; each has a memory of its own.
func newCacheAt(dir string, now time.Time) *cache {
	c := newCache(dir)
	c.now = func() time.Time { return now }
	return c
}

// filesIn lists what lies in a folder.
func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func wantCached(t *testing.T, c *cache, kind cacheKind, key string, want bool) {
	t.Helper()
	fact, ok := cached[[]model.DenyPolicy](c, kind, key, true)
	if ok != want || (ok && (!fact.Read() || !fact.At.Equal(storedAt) || !equalJSON(t, fact.Value, storedPolicies))) {
		t.Errorf("%q at %s: kept %t (%+v), want %t", key, c.now(), ok, fact, want)
	}
}

func TestKeptForItsLife(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "whopulls")
	first := newCacheAt(dir, storedAt)
	store(first, kindDeny, "k", storedPolicies, storedAt, true)
	for _, test := range []struct {
		key  string
		kind cacheKind
		age  time.Duration
		want bool
	}{
		{"k", kindDeny, 0, true},
		{"k", kindDeny, 10*time.Minute - time.Nanosecond, true},
		{"k", kindDeny, 10 * time.Minute, false},
		{"k", kindDeny, 24 * time.Hour, false},
		{"k", kindDeny, -time.Second, false}, // the clock was set back
		{"k", kindRole, 0, false},
		{"other", kindDeny, 0, false},
	} {
		wantCached(t, newCacheAt(dir, storedAt.Add(test.age)), test.kind, test.key, test.want)
		first.now = func() time.Time { return storedAt.Add(test.age) }
		wantCached(t, first, test.kind, test.key, test.want)
	}
	store(first, kindRole, "r", storedPolicies, storedAt, true)
	wantCached(t, newCacheAt(dir, storedAt.Add(23*time.Hour)), kindRole, "r", true)
	wantCached(t, newCacheAt(dir, storedAt.Add(24*time.Hour)), kindRole, "r", false)
}

func TestKeptForItsOwnerOnly(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("on Windows a file's mode does not tell who may read it")
	}
	dir := filepath.Join(t.TempDir(), "whopulls")
	store(newCacheAt(dir, storedAt), kindDeny, "k", storedPolicies, storedAt, true)
	info, err := os.Stat(dir)
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v %v", info.Mode(), err)
	}
	all := filesIn(t, dir)
	if len(all) != 1 {
		t.Fatalf("the files are %v", all)
	}
	if info, err := os.Stat(all[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v %v", info.Mode(), err)
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	wantCached(t, newCacheAt(dir, storedAt), kindDeny, "k", false) // anybody may have written it
	store(newCacheAt(dir, storedAt), kindDeny, "k", storedPolicies, storedAt, true)
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
	good := cacheEntry{Version: cacheVersion, Kind: kindDeny, Key: "k", At: storedAt, Value: json.RawMessage(`[]`)}
	file := filepath.Join(dir, good.fileName())
	written := func(change func(*cacheEntry)) string {
		e := good
		change(&e)
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for name, text := range map[string]string{
		"empty": "", "cut": written(func(*cacheEntry) {})[:40], "no JSON": "\x00\x01", "a list": "[]", "null": "null",
		"of a newer whopulls": written(func(e *cacheEntry) { e.Version++ }),
		"of another key":      written(func(e *cacheEntry) { e.Key = "another" }),
		"of another kind":     written(func(e *cacheEntry) { e.Kind = kindRole }),
		"of tomorrow":         written(func(e *cacheEntry) { e.At = storedAt.Add(time.Hour) }),
		"without a time":      written(func(e *cacheEntry) { e.At = time.Time{} }),
		"without a value":     written(func(e *cacheEntry) { e.Value = nil }),
		"of another form":     written(func(e *cacheEntry) { e.Value = json.RawMessage(`{"a":1}`) }),
		"too long":            written(func(*cacheEntry) {}) + strings.Repeat(" ", maxFactBytes),
	} {
		writeFile(t, file, text)
		if fact, ok := cached[[]model.DenyPolicy](newCacheAt(dir, storedAt), kindDeny, "k", true); ok {
			t.Errorf("%s: taken as %+v", name, fact)
		}
	}
	store(newCacheAt(dir, storedAt), kindDeny, "k", storedPolicies, storedAt, true)
	wantCached(t, newCacheAt(dir, storedAt), kindDeny, "k", true)
}

func TestKeptWhereNothingCanBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	writeFile(t, file, "")
	for _, dir := range []string{file, filepath.Join(file, "below")} {
		c := newCacheAt(dir, storedAt)
		store(c, kindDeny, "k", storedPolicies, storedAt, true)
		wantCached(t, c, kindDeny, "k", true) // in memory
		wantCached(t, newCacheAt(dir, storedAt), kindDeny, "k", false)
	}
	c := newCacheAt(t.TempDir(), storedAt)
	store(c, kindDeny, "k", func() {}, storedAt, true) // no JSON
	wantCached(t, c, kindDeny, "k", false)
}

func TestKeptInMemoryOnly(t *testing.T) {
	dir := t.TempDir()
	c := newCacheAt(dir, storedAt)
	store(c, kindDeny, "k", storedPolicies, storedAt, false)
	wantCached(t, c, kindDeny, "k", true)
	if all := filesIn(t, dir); len(all) != 0 {
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
		writeFile(t, file, "{}")
		if err := os.Chtimes(file, now, now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	store(newCacheAt(dir, now), kindDeny, "k", storedPolicies, now, true)
	var left []string
	for _, f := range filesIn(t, dir) {
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
				store(newCacheAt(dir, storedAt), kindDeny, "k", storedPolicies, storedAt, true)
				wantCached(t, newCacheAt(dir, storedAt), kindDeny, "k", true)
			}
		})
	}
	all.Wait()
	if left := filesIn(t, dir); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
}

// Another command is answered from the disk, for the same account and cloud only; the fact says when it was read.
func TestDenyIsKeptForTheNextCommand(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "whopulls")
	l := newDenyServer()
	begun := time.Now()
	first := l.dial(t, Options{CacheFolder: dir})
	mustRead(t, first, denyQuestion)
	reads := len(denyOrder)
	for _, test := range []struct {
		name   string
		cloud  *Cloud
		change func(*Cloud)
		fresh  bool
	}{
		{name: "the same connection", cloud: first},
		{name: "the next command", cloud: l.dial(t, Options{CacheFolder: dir})},
		{name: "another account", cloud: l.dial(t, Options{CacheFolder: dir, Account: "user:other@example.com"}), fresh: true},
		{name: "another cloud", cloud: l.dial(t, Options{CacheFolder: dir}), change: func(c *Cloud) { c.origin = "google:googleapis.com" }, fresh: true},
		{name: "an unknown caller", cloud: l.dial(t, Options{CacheFolder: dir}), change: func(c *Cloud) { c.caller = model.Unread[model.Member](model.Gap{}) }, fresh: true},
		{name: "no folder", cloud: l.dial(t, Options{}), fresh: true},
		{name: "ten minutes later", cloud: l.dial(t, Options{CacheFolder: dir}), change: func(c *Cloud) {
			c.cache.now = func() time.Time { return time.Now().Add(10 * time.Minute) }
		}, fresh: true},
	} {
		if test.change != nil {
			test.change(test.cloud)
		}
		if test.fresh {
			reads += len(denyOrder)
		}
		facts := denyFacts(mustRead(t, test.cloud, denyQuestion))
		if len(l.lists()) != reads {
			t.Errorf("%s: %d lists, want %d", test.name, len(l.lists()), reads)
		}
		for i, f := range facts {
			if !f.Read() || f.At.IsZero() != test.fresh || (!test.fresh && f.At.Before(begun.Add(-time.Second))) {
				t.Errorf("%s: %s %+v", test.name, denyOrder[i], f)
			}
		}
	}
}

func TestUnknownCallersKeepNothingOnDisk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "whopulls")
	c := newDenyServer().dial(t, Options{CacheFolder: dir})
	c.caller = model.Unread[model.Member](model.Gap{Reason: "not known"})
	mustRead(t, c, denyQuestion)
	for _, f := range denyFacts(mustRead(t, c, denyQuestion)) {
		if f.At.IsZero() {
			t.Errorf("not kept in memory: %+v", f)
		}
	}
	if left := filesIn(t, dir); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
}

// What is kept needs no quota; what is not becomes a gap, and is not kept as one.
func TestKeptDenyNeedsNoQuota(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "whopulls")
	l := newDenyServer()
	l.budget = 2
	mustRead(t, l.dial(t, Options{CacheFolder: dir}), denyQuestion)
	l.budget = 2
	facts := denyFacts(mustRead(t, l.dial(t, Options{CacheFolder: dir}), denyQuestion))
	for i, f := range facts {
		if f.Read() != (i < 4) || f.At.IsZero() != (i >= 2) {
			t.Errorf("%s: %+v", denyOrder[i], f)
		}
	}
}

// roleServer gives every role one permission.
func roleServer() *fakeServer {
	return &fakeServer{grpc: map[string]func(context.Context, proto.Message) (proto.Message, error){
		"IAM/GetRole": func(_ context.Context, req proto.Message) (proto.Message, error) {
			return &adminpb.Role{Name: req.(*adminpb.GetRoleRequest).GetName(), IncludedPermissions: []string{string(model.PermDownload)}}, nil
		}}}
}

func TestRolesAreKeptUnlessCustom(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "whopulls")
	f := roleServer().start(t)
	dial := func() *Cloud { return dialTest(t, Options{Sandbox: f.addr, CacheFolder: dir}) }
	for role, asked := range map[string]int{model.RoleReader: 1, "projects/p/roles/puller": 3, "organizations/1/roles/puller": 3} {
		before := f.count("IAM/GetRole")
		first := dial()
		for i, c := range []*Cloud{first, first, dial()} {
			fact := runTask(t, c, model.Question{}, model.Want{Kind: model.WantRole, Key: role}).Roles[role]
			if !fact.Value.Grants(model.PermDownload) || fact.Value.Name != role || fact.At.IsZero() != (i == 0 || asked == 3) {
				t.Errorf("%s, reading %d: %+v", role, i, fact)
			}
		}
		if n := f.count("IAM/GetRole") - before; n != asked {
			t.Errorf("%s was asked for %d times, want %d", role, n, asked)
		}
	}
	if left := filesIn(t, dir); len(left) != 1 {
		t.Errorf("left: %v", left)
	}
}

// A whole reading keeps deny policies and predefined roles, and not a word of anything else.
func TestAReadingKeepsNothingElse(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "whopulls")
	address := startSandbox(t, sandbox.Options{}, narrow).Addr()
	s := mustRead(t, dialTest(t, Options{Sandbox: address, Account: "user:boss@example.com", CacheFolder: dir}), narrowQuestion)
	if role := "projects/source-b/roles/puller"; !s.Roles[role].Read() {
		t.Fatalf("the world has no custom role %s any more", role)
	}
	for _, file := range filesIn(t, dir) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var e cacheEntry
		if err := json.Unmarshal(text, &e); err != nil {
			t.Fatal(err)
		}
		if e.Kind == kindRole && !strings.Contains(e.Key, "\nroles/") || e.Kind != kindRole && e.Kind != kindDeny {
			t.Errorf("%s keeps %s", filepath.Base(file), text)
		}
	}
	again := mustRead(t, dialTest(t, Options{Sandbox: address, Account: "user:boss@example.com", CacheFolder: dir}), narrowQuestion)
	if a, b := model.Diagnose(s), model.Diagnose(again); !equalJSON(t, a.Checks, b.Checks) || len(b.Observations) <= len(a.Observations) {
		t.Errorf("the answer from what was kept is another one: %+v", b.Observations)
	}
}
