package gcp

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/iam/admin/apiv1/adminpb"
	"google.golang.org/protobuf/proto"

	"whopulls/gcp/sandbox"
	"whopulls/model"
)

// Another command is answered from the disk, for the same account and cloud only; the fact says when it was read.
func TestDenyIsKeptForTheNextCommand(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "whopulls")
	l := newDenyServer()
	begun := time.Now()
	first := l.dial(t, Options{CacheFolder: dir})
	mustRead(t, first, denyQuestion)
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
			c.now = func() time.Time { return time.Now().Add(10 * time.Minute) }
		}, fresh: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.change != nil {
				test.change(test.cloud)
			}
			before, want := len(l.lists()), 0
			if test.fresh {
				want = len(denyOrder)
			}
			facts := denyFacts(mustRead(t, test.cloud, denyQuestion))
			if got := len(l.lists()) - before; got != want {
				t.Errorf("%s: %d lists, want %d", test.name, got, want)
			}
			for i, f := range facts {
				if !f.Read() || f.At.IsZero() != test.fresh || (!test.fresh && f.At.Before(begun.Add(-time.Second))) {
					t.Errorf("%s: %s %+v", test.name, denyOrder[i], f)
				}
			}
		})
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
	f := roleServer().start(t)
	for role, asked := range map[string]int{model.RoleReader: 1, "projects/p/roles/puller": 3, "organizations/1/roles/puller": 3} {
		t.Run(role, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "whopulls")
			dial := func() *Cloud { return dialTest(t, Options{Sandbox: f.addr, CacheFolder: dir}) }
			before := f.count("IAM/GetRole")
			first := dial()
			for i, c := range []*Cloud{first, first, dial()} {
				fact := runTask(t, c, model.Question{}, model.Want{Kind: model.WantRole, Role: role}).Roles[role]
				if !fact.Value.Grants(model.PermDownload) || fact.Value.Name != role || fact.At.IsZero() != (i == 0 || asked == 3) {
					t.Errorf("%s, reading %d: %+v", role, i, fact)
				}
			}
			if n := f.count("IAM/GetRole") - before; n != asked {
				t.Errorf("%s was asked for %d times, want %d", role, n, asked)
			}
			if left := filesIn(t, dir); (len(left) == 1) != (asked == 1) || len(left) > 1 {
				t.Errorf("left: %v", left)
			}
		})
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
		var e struct{ Kind, Key string }
		if err := json.Unmarshal(text, &e); err != nil {
			t.Fatal(err)
		}
		if e.Kind == "role" && !strings.Contains(e.Key, "\nroles/") || e.Kind != "role" && e.Kind != "deny" {
			t.Errorf("%s keeps %s", filepath.Base(file), text)
		}
	}
	again := mustRead(t, dialTest(t, Options{Sandbox: address, Account: "user:boss@example.com", CacheFolder: dir}), narrowQuestion)
	if a, b := model.Diagnose(s), model.Diagnose(again); !equalJSON(t, a.Checks, b.Checks) || len(b.Observations) <= len(a.Observations) {
		t.Errorf("the answer from what was kept is another one: %+v", b.Observations)
	}
}
