package gcp

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"whopulls/gcp/sandbox"
	"whopulls/gcp/transport"
	"whopulls/model"
)

// countFirstCalls is how many calls the first round of a question makes; who calls is known without one, and deny policies
// have to wait.
func countFirstCalls(q model.Question) int {
	s := model.NewSituation(q, time.Now())
	s.Caller = model.Known(model.Member("user:dev@example.com"))
	return len(groupWants(slices.DeleteFunc(model.Wants(s, model.PlanOptions{}), func(w model.Want) bool { return w.Kind == model.WantDeny })))
}

// A server that answers nobody until everybody has asked is only ever answered by a reader that asks side by side.
func TestReadAsksSideBySide(t *testing.T) {
	round := int64(countFirstCalls(articleQuestion))
	var asked atomic.Int64
	everybody := make(chan struct{})
	f := &fakeServer{fallback: func(ctx context.Context, _ string) error {
		if asked.Add(1) == round {
			close(everybody)
		}
		select {
		case <-everybody:
		case <-ctx.Done():
		}
		return status.Error(codes.PermissionDenied, "no")
	}}
	c := f.cloud(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := c.Read(ctx, articleQuestion, model.PlanOptions{}, nil); err != nil {
		t.Fatal(err)
	}
}

func TestReadHandsOutSnapshots(t *testing.T) {
	c := articleCloud(t, "")
	var shots []model.Situation
	var sizes []int
	final, err := c.Read(t.Context(), articleQuestion, model.PlanOptions{}, func(s model.Situation) {
		shots = append(shots, s)
		sizes = append(sizes, len(s.Policies)+len(s.Roles)+len(s.Tested))
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range shots {
		if len(s.Policies)+len(s.Roles)+len(s.Tested) != sizes[i] {
			t.Errorf("snapshot %d changed after it was handed out", i)
		}
	}
	last := shots[len(shots)-1]
	if !equalJSON(t, model.Diagnose(last), model.Diagnose(final)) || model.Diagnose(last).Pending() {
		t.Error("the last snapshot is not what Read gave in the end")
	}
	if !model.Diagnose(shots[0]).Pending() {
		t.Error("the first snapshot has every answer already")
	}
}

func TestReadNamesTheLevels(t *testing.T) {
	s := mustRead(t, articleCloud(t, ""), articleQuestion)
	for _, project := range []string{"myproject-a", "myproject-b"} {
		t.Run(project, func(t *testing.T) {
			var names []string
			for _, l := range s.Ancestry[project].Value {
				names = append(names, string(l.Resource.Kind())+" "+l.Name)
			}
			if want := []string{"project ", "folder apps", "organization example.com"}; !slices.Equal(names, want) {
				t.Errorf("%s is in %q, want %q", project, names, want)
			}
		})
	}
}

func TestReadWhenTheServerIsGone(t *testing.T) {
	server := startSandbox(t, sandbox.Options{}, article)
	c := dialTest(t, Options{Sandbox: server.Addr()})
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := c.Read(t.Context(), articleQuestion, model.PlanOptions{}, nil)
	wantHint(t, err, transport.ErrUnreachable)
	for _, err := range c.Projects(t.Context()) {
		wantHint(t, err, transport.ErrUnreachable)
	}
	for _, err := range c.Workloads(t.Context(), "myproject-a") {
		wantHint(t, err, transport.ErrUnreachable)
	}
	for _, err := range c.Repositories(t.Context(), "myproject-a") {
		wantHint(t, err, transport.ErrUnreachable)
	}
}

func TestReadWithATokenThatNobodyTakes(t *testing.T) {
	_, err := articleCloud(t, "nonsense").Read(t.Context(), articleQuestion, model.PlanOptions{}, nil)
	wantHint(t, err, transport.ErrNotSignedIn)
}

func TestReadIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	f := &fakeServer{fallback: func(served context.Context, _ string) error {
		cancel()
		<-served.Done()
		return served.Err()
	}}
	if _, err := f.cloud(t).Read(ctx, articleQuestion, model.PlanOptions{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the interruption", err)
	}
}

// One API that never answers costs its own facts only.
func TestReadGoesOnWithoutTheOneThatHangs(t *testing.T) {
	f := &fakeServer{fallback: func(ctx context.Context, call string) error {
		if call == "Projects/GetProject" {
			<-ctx.Done()
			return ctx.Err()
		}
		return status.Error(codes.PermissionDenied, "no")
	}}
	c := f.cloud(t)
	redialFast(t, c, f)
	s := mustRead(t, c, articleQuestion)
	fact := s.Projects["myproject-a"]
	if fact.State != model.FactGap || fact.Gap.Need != "" || fact.Gap.Reason == "" {
		t.Errorf("project: %+v", fact)
	}
}

// redialFast dials again with a deadline that a test can wait for.
func redialFast(t *testing.T, c *Cloud, f *fakeServer) {
	t.Helper()
	fast := testTiming
	fast.calls.CallTimeout = 200 * time.Millisecond
	quick, err := dialSandbox(t.Context(), Options{Sandbox: f.addr}, fast)
	if err != nil {
		t.Fatal(err)
	}
	old := *c
	*c = *quick
	t.Cleanup(func() { _ = old.Close() }) // c.Close is checked; this is the one that it was swapped for
}

func TestUnavailableIsAskedAgainAndThenAGap(t *testing.T) {
	f := &fakeServer{fallback: func(_ context.Context, call string) error {
		if call == "Projects/GetProject" {
			return status.Error(codes.Unavailable, "try later")
		}
		return status.Error(codes.PermissionDenied, "no")
	}}
	s := mustRead(t, f.cloud(t), articleQuestion)
	if n := f.count("Projects/GetProject"); n != testCalls.MaxAttempts {
		t.Errorf("asked %d times, want %d", n, testCalls.MaxAttempts)
	}
	if fact := s.Projects["myproject-a"]; fact.State != model.FactGap {
		t.Errorf("project: %+v", fact)
	}
}

// A perimeter refuses both protocols: what is shown has the identifiers, what helps, and no permission that would not.
func TestReadBehindAPerimeter(t *testing.T) {
	f := &fakeServer{fallback: func(context.Context, string) error {
		return status.Error(codes.PermissionDenied, "Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: aB1-cD2_eF3")
	}}
	q := articleQuestion
	q.Deployer = "user:somebody-else@example.com"
	q.Image, q.Workload = model.ImageOf(jobImage), nil
	check, ok := model.Diagnose(mustRead(t, f.cloud(t), q)).CheckByID(model.CheckReadImage)
	if !ok || check.Verdict != model.Unknown || len(check.Gaps) == 0 {
		t.Fatalf("%+v", check)
	}
	for _, g := range check.Gaps {
		if !strings.Contains(g.Reason, "(identifier aB1-cD2_eF3)") || !strings.Contains(g.Next, "perimeter's administrator") || g.Need != "" {
			t.Errorf("gap %+v", g)
		}
	}
}

// wantKinds are the kinds of want that model declares.
func wantKinds(t *testing.T) (kinds []model.WantKind) {
	t.Helper()
	files, err := filepath.Glob("../model/*.go")
	if err != nil {
		t.Fatal(err)
	}
	declared := regexp.MustCompile(`\bWant\w+ +WantKind = "(\w+)"`)
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declared.FindAllSubmatch(source, -1) {
			kinds = append(kinds, model.WantKind(m[1]))
		}
	}
	return kinds
}

func TestEveryWantHasAReader(t *testing.T) {
	kinds := slices.DeleteFunc(wantKinds(t), func(k model.WantKind) bool { return k == model.WantTest }) // taskFor reads those
	if len(kinds) < 15 {
		t.Fatalf("model declares %v", kinds)
	}
	for _, k := range kinds {
		if readers[k] == nil {
			t.Errorf("nothing reads %s", k)
		}
	}
	if len(readers) != len(kinds) {
		t.Errorf("readers for %v", slices.Collect(maps.Keys(readers)))
	}
	if _, err := (&Cloud{}).taskFor(model.Question{}, []model.Want{{Kind: "nonsense"}}); err == nil {
		t.Error("a want that nobody reads was taken")
	}
}

func TestTestsOfOneResourceGoTogether(t *testing.T) {
	all := groupWants([]model.Want{{Kind: model.WantRole, Role: "a"}, {Kind: model.WantTest, Resource: "r", Permission: "p"},
		{Kind: model.WantTest, Resource: "s", Permission: "p"}, {Kind: model.WantTest, Resource: "r", Permission: "q"}})
	if len(all) != 3 || len(all[1]) != 2 {
		t.Errorf("groups %v", all)
	}
}
