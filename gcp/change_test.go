package gcp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/genproto/googleapis/type/expr"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"whopulls/model"
)

var (
	consentGate = model.Gate{Consent: model.PersonSaidYes}
	myrepo      = model.RepositoryName{Project: "myproject-b", Location: "asia-northeast1", ID: "myrepo"}
	agentMember = model.RunServiceAgent("111111111111")
	pullStep    = model.Step{ID: "1", Kind: model.StepGrant, Resource: myrepo.Resource(), Role: model.RoleReader, Member: agentMember}
)

// policyServer holds one policy as Google does: a write with an old etag is ABORTED.
type policyServer struct {
	mu          sync.Mutex
	policy      *iampb.Policy
	reads       int
	writes      int
	onSet       func(k *policyServer, asked *iampb.Policy) error // before a write is kept; its error is the answer
	dropsWrites bool                                             // takes writes and keeps none

	readError error // the answer to every further read
}

func (k *policyServer) get(_ context.Context, req proto.Message) (proto.Message, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.reads++
	if req.(*iampb.GetIamPolicyRequest).GetOptions().GetRequestedPolicyVersion() != 3 {
		return nil, status.Error(codes.InvalidArgument, "version 3 was not asked for")
	}
	if k.readError != nil {
		return nil, k.readError
	}
	return proto.Clone(k.policy), nil
}

func (k *policyServer) set(_ context.Context, req proto.Message) (proto.Message, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.writes++
	asked := req.(*iampb.SetIamPolicyRequest).GetPolicy()
	if k.onSet != nil {
		if err := k.onSet(k, asked); err != nil {
			return nil, err
		}
	}
	if string(asked.GetEtag()) != string(k.policy.GetEtag()) {
		return nil, status.Error(codes.Aborted, "There were concurrent policy changes.")
	}
	if k.dropsWrites {
		return asked, nil
	}
	k.store(asked)
	return proto.Clone(k.policy), nil
}

func (k *policyServer) store(p *iampb.Policy) {
	k.policy = proto.Clone(p).(*iampb.Policy)
	k.policy.Etag = append(k.policy.Etag, '+')
}

func (k *policyServer) fake() *fakeServer {
	return &fakeServer{grpc: map[string]func(context.Context, proto.Message) (proto.Message, error){
		"ArtifactRegistry/GetIamPolicy": k.get, "ArtifactRegistry/SetIamPolicy": k.set}}
}

// richPolicy is a policy with everything that a careless writer loses.
func richPolicy(t *testing.T) *iampb.Policy {
	t.Helper()
	condition := &expr.Expr{Title: "until\tspring", Expression: `request.time < timestamp("2026-04-01T00:00:00Z")`, Description: "two\nlines"}
	p := &iampb.Policy{Version: 3, Etag: []byte("e1"), Bindings: []*iampb.Binding{
		{Role: model.RoleReader, Members: []string{"user:old@example.com"}, Condition: condition},
		{Role: model.RoleReader, Members: []string{"user:dev@example.com"}},
		{Role: "roles/artifactregistry.writer", Members: []string{"deleted:serviceAccount:ci@p.iam.gserviceaccount.com?uid=1"}},
	}, AuditConfigs: []*iampb.AuditConfig{{Service: "allServices", AuditLogConfigs: []*iampb.AuditLogConfig{
		{LogType: iampb.AuditLogConfig_DATA_READ, ExemptedMembers: []string{"user:x@example.com"}}}}}}
	unknown := protowire.AppendString(protowire.AppendTag(nil, 9999, protowire.BytesType), "from a later version")
	p.ProtoReflect().SetUnknown(unknown)
	p.Bindings[1].ProtoReflect().SetUnknown(slices.Clone(unknown))
	return p
}

func (c *Cloud) performOne(ctx context.Context, g model.Gate, w model.Write) (model.Outcome, error) {
	outcomes, err := c.Perform(ctx, g, []model.Write{w})
	return outcomes[0], err
}

func mustPerform(t *testing.T, c *Cloud, s model.Step) model.Outcome {
	t.Helper()
	out, err := c.performOne(t.Context(), consentGate, model.Write{Step: s})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func wantState(t *testing.T, out model.Outcome, state model.StepState, verified bool) {
	t.Helper()
	if out.State != state || out.Verified != verified {
		t.Errorf("%s, verified %v (%s); want %s, %v", out.State, out.Verified, out.Message, state, verified)
	}
}

func TestGrantKeepsEverythingElse(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	refusals := 2
	k.onSet = func(k *policyServer, _ *iampb.Policy) error { // somebody else is faster, twice
		if refusals == 0 {
			return nil
		}
		refusals--
		other := proto.Clone(k.policy).(*iampb.Policy)
		other.Bindings[2].Members = append(other.Bindings[2].Members, "user:meanwhile@example.com")
		k.store(other)
		return nil
	}
	wantState(t, mustPerform(t, k.fake().cloud(t), pullStep), model.StepDone, true)
	if k.writes != 3 {
		t.Errorf("%d writes, want 3", k.writes)
	}
	want := richPolicy(t)
	want.Bindings[1].Members = append(want.Bindings[1].Members, string(agentMember))
	want.Bindings[2].Members = append(want.Bindings[2].Members, "user:meanwhile@example.com", "user:meanwhile@example.com")
	want.Etag = k.policy.Etag
	if !proto.Equal(want, k.policy) {
		t.Errorf("the policy became\n%v\nwant\n%v", k.policy, want)
	}
}

func TestGrantAppendsWhereNoBindingOfTheRoleIs(t *testing.T) {
	k := &policyServer{policy: &iampb.Policy{Etag: []byte("e")}}
	wantState(t, mustPerform(t, k.fake().cloud(t), pullStep), model.StepDone, true)
	if b := k.policy.Bindings; len(b) != 1 || b[0].Role != model.RoleReader || b[0].Members[0] != string(agentMember) || k.policy.Version != 3 || k.reads != 2 {
		t.Errorf("policy %v after %d reads", k.policy, k.reads)
	}
}

func TestGrantThatIsThereWritesNothing(t *testing.T) {
	k := &policyServer{policy: &iampb.Policy{Bindings: []*iampb.Binding{{Role: model.RoleReader, Members: []string{string(agentMember)}}}}}
	wantState(t, mustPerform(t, k.fake().cloud(t), pullStep), model.StepAlready, true)
	if k.writes != 0 {
		t.Errorf("%d writes", k.writes)
	}
}

func TestGrantByALyingServerIsNotVerified(t *testing.T) {
	k := &policyServer{policy: richPolicy(t), dropsWrites: true}
	out := mustPerform(t, k.fake().cloud(t), pullStep)
	wantState(t, out, model.StepFailed, false)
	if k.writes != 1 || k.reads != 1+testTiming.verifyAttempts || out.Message == "" {
		t.Errorf("%d writes, %d reads, message %q", k.writes, k.reads, out.Message)
	}
}

// The answer to a write may get lost after the write was made: it is neither lost nor made twice.
func TestGrantWhoseAnswerGetsLost(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	k.onSet = func(k *policyServer, asked *iampb.Policy) error {
		k.store(asked)
		return status.Error(codes.Unavailable, "connection lost")
	}
	wantState(t, mustPerform(t, k.fake().cloud(t), pullStep), model.StepDone, true)
	if k.writes != 1 {
		t.Errorf("%d writes, want 1", k.writes)
	}
}

func TestGrantThatOthersKeepOverturning(t *testing.T) {
	retryLonger(t, testTiming.maxConflictDelay*20, func(step time.Duration) error {
		k := &policyServer{policy: richPolicy(t)}
		k.onSet = func(*policyServer, *iampb.Policy) error { return status.Error(codes.Aborted, "again") }
		f := k.fake()
		c := f.cloud(t)
		c.timing.stepTimeout = step
		out := mustPerform(t, c, pullStep)
		wantState(t, out, model.StepFailed, false)
		k.mu.Lock() // the last write may still be served after the step's time is over
		defer k.mu.Unlock()
		if !proto.Equal(k.policy, richPolicy(t)) {
			t.Errorf("policy %v", k.policy)
		}
		if k.writes < 2 {
			return fmt.Errorf("%d writes in %s", k.writes, step)
		}
		return nil
	})
}

func TestGrantRefused(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	k.onSet = func(*policyServer, *iampb.Policy) error {
		return errorWithInfo(t, codes.PermissionDenied, "Permission denied", "IAM_PERMISSION_DENIED",
			map[string]string{"permission": "artifactregistry.repositories.setIamPolicy"})
	}
	out := mustPerform(t, k.fake().cloud(t), pullStep)
	wantState(t, out, model.StepNotAllowed, false)
	if !strings.Contains(out.Message, "artifactregistry.repositories.setIamPolicy") {
		t.Errorf("message %q names no permission", out.Message)
	}
}

func TestGrantFailuresSayWhatNext(t *testing.T) {
	for _, code := range []codes.Code{codes.InvalidArgument, codes.FailedPrecondition, codes.NotFound, codes.ResourceExhausted,
		codes.Unauthenticated, codes.Internal} {
		t.Run(fmt.Sprint(code), func(t *testing.T) {
			k := &policyServer{policy: richPolicy(t)}
			k.onSet = func(*policyServer, *iampb.Policy) error { return status.Error(code, "Google's\x1b[31m reason.") }
			out := mustPerform(t, k.fake().cloud(t), pullStep)
			wantState(t, out, model.StepFailed, false)
			if !strings.Contains(out.Message, "Google's\ufffd[31m reason; ") || strings.Contains(out.Message, "\x1b") {
				t.Errorf("%s: message %q", code, out.Message)
			}
		})
	}
}

// Before it began an interruption means that nothing was sent; after that the change is brought to its end.
func TestPerformIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	k := &policyServer{policy: richPolicy(t)}
	k.onSet = func(*policyServer, *iampb.Policy) error { cancel(); return nil }
	c := k.fake().cloud(t)
	out, err := c.performOne(ctx, consentGate, model.Write{Step: pullStep})
	if err != nil || ctx.Err() == nil {
		t.Fatalf("%+v, %v", out, err)
	}
	wantState(t, out, model.StepDone, true)
	out, err = c.performOne(ctx, consentGate, model.Write{Step: pullStep})
	if !errors.Is(err, context.Canceled) || out.State != model.StepSkipped || out.Cause != model.CauseInterrupted || out.Message == "" || k.writes != 1 {
		t.Errorf("%+v, %v, %d writes", out, err, k.writes)
	}
}

func TestPerformKnowsItsKinds(t *testing.T) {
	f := &fakeServer{}
	strange := pullStep
	strange.Kind = "paint"
	out, err := f.cloud(t).performOne(t.Context(), consentGate, model.Write{Step: strange})
	if err == nil || out.State != model.StepFailed || out.Message != err.Error() || len(f.calls) != 0 {
		t.Errorf("%+v, %v, calls %v", out, err, f.calls)
	}
}

func TestCreateAgentWaitsForTheOperation(t *testing.T) {
	step := model.Step{ID: "1", Kind: model.StepCreateAgent, Resource: model.APIResource("myproject-a", model.RunService), Member: agentMember}
	for _, test := range []struct {
		email    string
		state    model.StepState
		verified bool
	}{{agentMember.Email(), model.StepDone, true}, {"other@example.com", model.StepFailed, false}, {"", model.StepFailed, false}} {
		t.Run(cmp.Or(test.email, "no e-mail"), func(t *testing.T) {
			polls := 0
			f := &fakeServer{rest: map[string]http.HandlerFunc{
				"/v1beta1/projects/myproject-a/services/run.googleapis.com:generateServiceIdentity": func(w http.ResponseWriter, _ *http.Request) {
					writeReply(w, map[string]any{"name": "operations/op1"})
				},
				"/v1beta1/operations/op1": func(w http.ResponseWriter, _ *http.Request) {
					polls++
					writeReply(w, map[string]any{"name": "operations/op1", "done": polls%2 == 0, "response": map[string]any{"email": test.email}})
				},
			}}
			wantState(t, mustPerform(t, f.cloud(t), step), test.state, test.verified)
		})
	}
}

// What is changed on an organization or a folder reaches every project below: nothing is sent without its name, neither
// after a yes nor by --quiet, to grant and to take back alike. The refusal has the name that people know.
func TestPerformOnAnOrganizationTakesItsName(t *testing.T) {
	c := narrowCloud(t, "user:boss@example.com")
	at := model.AncestorResource("organizations/100000000001")
	step := model.Step{ID: "1", Kind: model.StepGrant, Resource: at, Role: model.RoleReader, Member: "user:new@example.com"}
	policy := func() model.Policy {
		return runTask(t, c, narrowQuestion, model.Want{Kind: model.WantPolicy, Resource: at}).Policies[at].Value
	}
	for _, consent := range []model.Consent{model.PersonSaidYes, model.QuietFlag} {
		t.Run(fmt.Sprintf("consent %d", consent), func(t *testing.T) {
			before := policy()
			undo := step
			undo.Kind = model.StepRevoke
			for _, s := range []model.Step{step, undo} {
				for _, confirmed := range [][]string{nil, {"100000000001"}, {"folders/100000000001"}, {"example.com"}} {
					out, err := c.performOne(t.Context(), model.Gate{Consent: consent, Confirmed: confirmed}, model.Write{Step: s})
					wantState(t, out, model.StepNotAllowed, false)
					var refused *model.Refusal
					if !errors.As(err, &refused) || !strings.Contains(out.Message, "organization example.com reaches every project below it") ||
						!strings.Contains(out.Message, "--confirm=organizations/100000000001") {
						t.Errorf("%q confirmed: %q, %v", confirmed, out.Message, err)
					}
				}
				sameBindings(t, before, policy())
				gate := model.Gate{Consent: consent, Confirmed: []string{"consumer-a", "organizations/100000000001"}}
				out, err := c.performOne(t.Context(), gate, model.Write{Step: s})
				if err != nil {
					t.Fatal(err)
				}
				wantState(t, out, model.StepDone, true)
				if before = policy(); before.Holds(s.Role, s.Member) != (s.Kind == model.StepGrant) {
					t.Errorf("the policy is %+v after a %s", before, s.Kind)
				}
			}
		})
	}
}

// Every kind of resource that a step can name is written through an API of its own.
func TestGrantOnEveryKindOfResource(t *testing.T) {
	c := narrowCloud(t, "user:boss@example.com")
	service := model.WorkloadName{Kind: model.Service, Name: "web", Region: "asia-northeast1"}
	pool := model.WorkloadName{Kind: model.WorkerPool, Name: "pool", Region: "asia-northeast1"}
	for _, test := range []struct {
		resource model.Resource
		role     string
	}{
		{imagesB.Resource(), model.RoleReader}, {sourceB, model.RoleReader}, {accountC, model.RoleAccountUser},
		{service.Resource("consumer-a"), model.RoleDeveloper}, {pool.Resource("consumer-a"), model.RoleDeveloper},
	} {
		t.Run(string(test.resource), func(t *testing.T) {
			step := model.Step{ID: "1", Kind: model.StepGrant, Resource: test.resource, Role: test.role, Member: "user:new@example.com"}
			before := runTask(t, c, narrowQuestion, model.Want{Kind: model.WantPolicy, Resource: test.resource}).Policies[test.resource].Value
			wantState(t, mustPerform(t, c, step), model.StepDone, true)
			after := runTask(t, c, narrowQuestion, model.Want{Kind: model.WantPolicy, Resource: test.resource}).Policies[test.resource].Value
			sameBindings(t, before.Apply(before.GrantEdit(step.Role, step.Member)), after)
		})
	}
	out := mustPerform(t, c, model.Step{ID: "1", Kind: model.StepGrant, Resource: "//example.com/things/x", Role: "roles/x", Member: agentMember})
	wantState(t, out, model.StepFailed, false)
}
