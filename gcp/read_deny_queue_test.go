package gcp

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	denypb "cloud.google.com/go/iam/apiv2/iampb"
	"cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"whopulls/model"
)

// denyQuestion asks about an image of one project in another one, each in a folder of its own.
var denyQuestion = model.Question{Project: "myproject-a", Image: model.ImageOf(jobImage), Deployer: "user:dev@example.com",
	ServiceAccount: "web@myproject-a.iam.gserviceaccount.com"}

// denyOrder is what matters first: the levels of the repository's project.
var denyOrder = []string{"projects/myproject-b", "folders/22", "organizations/1", "projects/myproject-a", "folders/33"}

// denyServer is a server that knows the levels of both projects, and little else. Of deny policies it gives as many reads as
// its budget allows, which is endless below zero.
type denyServer struct {
	*fakeServer
	mu         sync.Mutex
	budget     int
	policies   int // of each level
	events     []string
	reading    int
	overlapped bool // more than one read of deny policies at a time
}

func newDenyServer() *denyServer {
	l := &denyServer{budget: -1}
	l.fakeServer = &fakeServer{rest: map[string]http.HandlerFunc{}, grpc: map[string]func(context.Context, proto.Message) (proto.Message, error){
		"Policies/ListPolicies": l.list, "Policies/GetPolicy": l.get, "Projects/GetProject": l.project},
		fallback: func(context.Context, string) error { return status.Error(codes.PermissionDenied, "no") }}
	for project, folder := range map[string]string{"myproject-a": "33", "myproject-b": "22"} {
		path := "/v1/projects/" + project + ":getAncestry"
		l.rest[path] = func(w http.ResponseWriter, _ *http.Request) { l.ancestry(w, project, folder) }
	}
	return l
}

func (l *denyServer) recordEvent(event string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, event)
}

func (l *denyServer) ancestry(w http.ResponseWriter, project, folder string) {
	level := func(kind, id string) any {
		return map[string]any{"resourceId": map[string]string{"type": kind, "id": id}}
	}
	l.recordEvent("shape")
	writeReply(w, map[string]any{"ancestor": []any{level("project", project), level("folder", folder), level("organization", "1")}})
}

func (l *denyServer) project(_ context.Context, req proto.Message) (proto.Message, error) {
	id := strings.TrimPrefix(req.(*resourcemanagerpb.GetProjectRequest).GetName(), "projects/")
	l.recordEvent("shape")
	return &resourcemanagerpb.Project{Name: "projects/" + strings.Repeat(string('1'+id[len(id)-1]-'a'), 12), ProjectId: id}, nil
}

// spendBudget takes one from the budget.
func (l *denyServer) spendBudget(event string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, event)
	if l.budget == 0 {
		return status.Error(codes.ResourceExhausted, "Quota exceeded")
	}
	l.budget--
	return nil
}

func (l *denyServer) trackRead() func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reading++
	l.overlapped = l.overlapped || l.reading > 1
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.reading--
	}
}

func (l *denyServer) list(_ context.Context, req proto.Message) (proto.Message, error) {
	defer l.trackRead()()
	parent := req.(*denypb.ListPoliciesRequest).GetParent()
	level, err := url.PathUnescape(strings.TrimSuffix(strings.TrimPrefix(parent, "policies/cloudresourcemanager.googleapis.com%2F"), "/denypolicies"))
	if err != nil {
		return nil, err
	}
	resp := &denypb.ListPoliciesResponse{}
	for n := range l.policies {
		resp.Policies = append(resp.Policies, &denypb.Policy{Name: parent + "/" + string(rune('a'+n))})
	}
	return resp, l.spendBudget("deny " + level)
}

func (l *denyServer) get(_ context.Context, req proto.Message) (proto.Message, error) {
	defer l.trackRead()()
	return &denypb.Policy{Name: req.(*denypb.GetPolicyRequest).GetName()}, l.spendBudget("get")
}

// lists are the levels whose deny policies were listed, in order.
func (l *denyServer) lists() (names []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.events {
		if name, ok := strings.CutPrefix(e, "deny "); ok {
			names = append(names, name)
		}
	}
	return names
}

func (l *denyServer) dial(t *testing.T, target Options) *Cloud {
	t.Helper()
	if l.addr == "" {
		l.start(t)
	}
	target.Sandbox = l.addr
	return dialTest(t, target)
}

// denyFacts gives what became of each level, in the order of denyOrder.
func denyFacts(s model.Situation) (facts []model.Fact[[]model.DenyPolicy]) {
	for _, name := range denyOrder {
		facts = append(facts, s.Denies[model.AncestorResource(name)])
	}
	return facts
}

func TestDenyIsReadInItsOrderOneByOne(t *testing.T) {
	for range 5 { // whatever order the other answers come in
		l := newDenyServer()
		l.policies = 2
		s := mustRead(t, l.dial(t, Options{}), denyQuestion)
		if got := l.lists(); !slices.Equal(got, denyOrder) || l.overlapped {
			t.Fatalf("the levels were read as %v; side by side: %t", got, l.overlapped)
		}
		for i, f := range denyFacts(s) {
			if !f.Read() || len(f.Value) != 2 || !f.At.IsZero() {
				t.Errorf("%s: %+v", denyOrder[i], f)
			}
		}
	}
}

// The lane waits for what shapes the levels, and for nothing else: the policy of the repository comes only after the
// first deny policy was asked for, and the ancestry only after that of another policy.
func TestDenyWaitsForTheLevelsOnly(t *testing.T) {
	l := newDenyServer()
	asked, listed := make(chan struct{}), make(chan struct{})
	var onceAsked, onceListed sync.Once
	l.grpc["ArtifactRegistry/GetIamPolicy"] = func(ctx context.Context, _ proto.Message) (proto.Message, error) {
		onceAsked.Do(func() { close(asked) })
		select {
		case <-listed:
		case <-ctx.Done():
			t.Error("no deny policy was asked for while a policy was under way")
		}
		return nil, status.Error(codes.PermissionDenied, "no")
	}
	l.rest["/v1/projects/myproject-b:getAncestry"] = func(w http.ResponseWriter, _ *http.Request) {
		<-asked
		l.ancestry(w, "myproject-b", "22")
	}
	l.grpc["Policies/ListPolicies"] = func(ctx context.Context, req proto.Message) (proto.Message, error) {
		onceListed.Do(func() { close(listed) })
		return l.list(ctx, req)
	}
	mustRead(t, l.dial(t, Options{}), denyQuestion)
	first := slices.IndexFunc(l.events, func(e string) bool { return e != "shape" })
	if slices.Contains(l.events[first:], "shape") || first < 4 {
		t.Errorf("deny policies were read before the levels were known: %v", l.events)
	}
}

func TestDenyQuotaIsUsedUp(t *testing.T) {
	for _, test := range []struct {
		name                 string
		budget, policies     int
		asked, read, getting int
	}{
		{"from the first", 0, 0, 1, 0, 0},
		{"at a list", 2, 0, 3, 2, 0},
		{"at a get", 5, 2, 2, 1, 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := newDenyServer()
			l.budget, l.policies = test.budget, test.policies
			c := l.dial(t, Options{WaitForQuota: func(context.Context, time.Time) error {
				t.Error("it waited without being strict")
				return nil
			}})
			s := mustRead(t, c, denyQuestion)
			if got := l.lists(); !slices.Equal(got, denyOrder[:test.asked]) || l.count("Policies/GetPolicy") != test.getting {
				t.Errorf("asked for %v and %d policies", got, l.count("Policies/GetPolicy"))
			}
			for i, f := range denyFacts(s) {
				if f.Read() != (i < test.read) || (!f.Read() && f.Gap != quotaGap(model.AncestorResource(denyOrder[i]), quotaExhaustedReason(status.Error(codes.ResourceExhausted, ""), false), false)) {
					t.Errorf("%s: %+v", denyOrder[i], f)
				}
			}
			if f := denyFacts(s)[4]; !strings.Contains(f.Gap.Reason, "the quota of deny policy reads, 5 a minute for a project, is used up; ") {
				t.Errorf("the gap is %+v", f.Gap)
			}
		})
	}
}

// strictQuestion is the lane's question asked with --strict.
func strictQuestion() model.Question {
	q := denyQuestion
	q.Strict = true
	return q
}

// Each minute gives five reads: a level of seven policies is read to its end, none of them twice.
func TestStrictWaitsForTheQuota(t *testing.T) {
	l := newDenyServer()
	l.budget, l.policies = 5, 7
	clock := time.Date(2026, 3, 3, 14, 30, 0, 0, time.UTC)
	waits := 0
	c := l.dial(t, Options{WaitForQuota: func(_ context.Context, until time.Time) error {
		waits++
		if until.Sub(clock) != time.Minute {
			t.Errorf("it waits for %s", until.Sub(clock))
		}
		clock = until
		l.mu.Lock()
		defer l.mu.Unlock()
		l.budget = 5
		return nil
	}})
	c.now = func() time.Time { return clock } // only the lane's wait moves it
	s := mustRead(t, c, strictQuestion())
	for i, f := range denyFacts(s) {
		if !f.Read() || len(f.Value) != 7 {
			t.Errorf("%s: %+v", denyOrder[i], f)
		}
	}
	if reads := 5 * (1 + 7); waits != (reads-1)/5 || len(l.lists())+l.count("Policies/GetPolicy") != reads+waits {
		t.Errorf("%d waits, %d lists and %d policies", waits, len(l.lists()), l.count("Policies/GetPolicy"))
	}
}

// A quota that a minute doesn't free is not waited for without end.
func TestStrictGivesUp(t *testing.T) {
	l := newDenyServer()
	l.budget = 1
	waits := 0
	c := l.dial(t, Options{WaitForQuota: func(context.Context, time.Time) error { waits++; return nil }})
	facts := denyFacts(mustRead(t, c, strictQuestion()))
	if waits != maxQuotaWaits || !facts[0].Read() || facts[1].Read() || facts[4].Gap.Reason != facts[1].Gap.Reason ||
		!strings.HasSuffix(facts[1].Gap.Reason, "3 waits of a minute did not free it") {
		t.Errorf("after %d waits: %+v", waits, facts)
	}
}

// Nothing of a wait continues after Read has returned.
func TestStrictWaitIsInterrupted(t *testing.T) {
	l := newDenyServer()
	l.budget = 0
	ctx, cancel := context.WithCancel(t.Context())
	var over atomic.Bool
	c := l.dial(t, Options{WaitForQuota: func(ctx context.Context, _ time.Time) error {
		cancel()
		<-ctx.Done()
		over.Store(true)
		return ctx.Err()
	}})
	if _, err := c.Read(ctx, strictQuestion(), model.PlanOptions{}, nil); !errors.Is(err, context.Canceled) || !over.Load() {
		t.Errorf("got %v; the wait is over: %t", err, over.Load())
	}
}

func TestWaitUntil(t *testing.T) {
	if err := waitUntil(t.Context(), time.Now().Add(-time.Second)); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := waitUntil(ctx, time.Now().Add(time.Hour)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
