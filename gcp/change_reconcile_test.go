package gcp

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/iam/apiv1/iampb"
	"cloud.google.com/go/serviceusage/apiv1/serviceusagepb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"whopulls/gcp/journal"
	"whopulls/model"
	"whopulls/model/ledger"
)

// deadPID is the number of a process that is no more.
func deadPID(t *testing.T) int {
	t.Helper()
	c := exec.Command("go", "version")
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	return c.Process.Pid
}

// leaveIntended leaves an entry as a process does that died after announcing its change: of the policy before, with the edit.
func leaveIntended(t *testing.T, c *Cloud, k *policyServer, at time.Time, change func(*ledger.Entry)) string {
	t.Helper()
	book, err := journal.Open(c.journalFolder, func() time.Time { return at })
	if err != nil {
		t.Fatal(err)
	}
	edited := proto.Clone(k.policy).(*iampb.Policy)
	applyEdit(edited, policyOf(edited).EditFor(pullStep))
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	e := ledger.Entry{Run: "run", Target: c.origin, Kind: pullStep.Kind, Resource: pullStep.Resource, Role: pullStep.Role, Member: pullStep.Member,
		EtagBefore: encodeEtag(k.policy.GetEtag()), Digest: policyDigest(edited), Host: host, PID: deadPID(t)}
	if change != nil {
		change(&e)
	}
	if e, err = book.Announce(e); err != nil {
		t.Fatal(err)
	}
	return e.ID
}

// The next start finds out what became of a change whose process died.
func TestSettle(t *testing.T) {
	give := func(k *policyServer) {
		applyEdit(k.policy, policyOf(k.policy).EditFor(pullStep))
		k.store(k.policy)
	}
	elsewhere := func(k *policyServer) {
		k.policy.Bindings[2].Members = append(k.policy.Bindings[2].Members, "user:meanwhile@example.com")
		k.store(k.policy)
	}
	for _, test := range []struct {
		about string
		at    time.Time
		since func(*policyServer)
		entry func(*ledger.Entry)
		want  ledger.State
	}{
		{"it was never sent, or is on its way still", time.Now(), func(*policyServer) {}, nil, ledger.StateUnclear},
		{"it was never sent, long ago", time.Now().Add(-time.Hour), func(*policyServer) {}, nil, ledger.StateFailed},
		{"it was made", time.Now(), give, nil, ledger.StateDone},
		{"it was made, in an hour to come by a clock that jumped back", time.Now().Add(time.Hour), give, nil, ledger.StateDone},
		{"somebody else changed the policy, and it is not there yet", time.Now(), elsewhere, nil, ledger.StateUnclear},
		{"somebody else changed the policy, and it is not there", time.Now().Add(-time.Hour), elsewhere, nil, ledger.StateFailed},
		{"it is there, and more", time.Now(), func(k *policyServer) { give(k); elsewhere(k) }, nil, ledger.StateUnclear},
		{"Google reorders the bindings", time.Now(), func(k *policyServer) {
			give(k)
			b := k.policy.Bindings
			b[0], b[2] = b[2], b[0]
		}, nil, ledger.StateDone},
		{"its process is at work", time.Now(), give, func(e *ledger.Entry) { e.PID = os.Getpid() }, ledger.StateIntended},
		{"another process has its number by now", time.Now().Add(-time.Hour), give, func(e *ledger.Entry) { e.PID = os.Getpid() }, ledger.StateDone},
		{"a process elsewhere may be at work", time.Now(), give, func(e *ledger.Entry) { e.Host = "other.example" }, ledger.StateIntended},
		{"a process elsewhere, long ago", time.Now().Add(-time.Hour), give, func(e *ledger.Entry) { e.Host = "other.example" }, ledger.StateDone},
		{"a process elsewhere, in an hour to come by its clock", time.Now().Add(time.Hour), give, func(e *ledger.Entry) { e.Host = "other.example" }, ledger.StateDone},
		{"it is there, and what is audited was changed", time.Now(), func(k *policyServer) {
			give(k)
			k.policy.AuditConfigs = nil
		}, nil, ledger.StateUnclear},
		{"it is there, and a condition was changed", time.Now(), func(k *policyServer) {
			give(k)
			k.policy.Bindings[0].Condition.Expression = "true"
		}, nil, ledger.StateUnclear},
		{"it is there, and a role was changed", time.Now(), func(k *policyServer) {
			give(k)
			k.policy.Bindings[2].Role = "roles/artifactregistry.repoAdmin"
		}, nil, ledger.StateUnclear},
		{"Google reorders the members, and names one twice", time.Now(), func(k *policyServer) {
			give(k)
			m := k.policy.Bindings[1].Members
			k.policy.Bindings[1].Members = append([]string{m[1]}, m...)
		}, nil, ledger.StateDone},
		{"another cloud's", time.Now(), give, func(e *ledger.Entry) { e.Target = "sandbox:OTHER" }, ledger.StateIntended},
		{"an agent's creation can't be seen", time.Now(), give, func(e *ledger.Entry) { e.Kind = model.StepCreateAgent }, ledger.StateUnclear},
	} {
		t.Run(test.about, func(t *testing.T) {
			k := &policyServer{policy: richPolicy(t)}
			c := k.fake().cloud(t)
			id := leaveIntended(t, c, k, test.at, test.entry)
			test.since(k)
			if _, err := c.Reconcile(t.Context()); err != nil {
				t.Fatal(err)
			}
			h, err := c.History()
			if err != nil {
				t.Fatal(err)
			}
			e, _ := h.Find(id)
			if e.State != test.want || k.writes != 0 {
				t.Errorf("%s (%s), want %s; %d writes", e.State, e.Message, test.want, k.writes)
			}
			if e.State == ledger.StateDone && e.EtagAfter != encodeEtag(k.policy.GetEtag()) {
				t.Errorf("it was found in a policy of etag %q", e.EtagAfter)
			}
		})
	}
}

// A request may be on its way when its process dies.
func TestSettleWaitsForWhatIsOnItsWay(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	f := k.fake()
	looks := 0
	get := f.grpc["ArtifactRegistry/GetIamPolicy"]
	f.grpc["ArtifactRegistry/GetIamPolicy"] = func(ctx context.Context, req proto.Message) (proto.Message, error) {
		if looks++; looks == 3 {
			k.mu.Lock()
			applyEdit(k.policy, policyOf(k.policy).EditFor(pullStep))
			k.store(k.policy)
			k.mu.Unlock()
		}
		return get(ctx, req)
	}
	c := f.cloud(t)
	leaveIntended(t, c, k, time.Now(), nil)
	settled, err := c.Reconcile(t.Context())
	if err != nil || len(settled) != 1 || settled[0].State != ledger.StateDone {
		t.Errorf("%+v, %v", settled, err)
	}
}

// What can't be looked at stays open, and says why.
func TestSettleThatCannotLook(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	f := k.fake()
	c := f.cloud(t)
	id := leaveIntended(t, c, k, time.Now(), nil)
	f.grpc["ArtifactRegistry/GetIamPolicy"] = func(context.Context, proto.Message) (proto.Message, error) {
		return nil, status.Error(codes.PermissionDenied, "no")
	}
	settled, err := c.Reconcile(t.Context())
	if err != nil || len(settled) != 1 || settled[0].State != ledger.StateIntended || settled[0].Message == "" {
		t.Errorf("%+v, %v", settled, err)
	}
	h, err := c.History()
	if e, _ := h.Find(id); err != nil || e.State != ledger.StateIntended {
		t.Errorf("%+v, %v", e, err)
	}
}

// state gives the last entry's state.
func lastState(t *testing.T, c *Cloud) ledger.State {
	t.Helper()
	h, err := c.History()
	if err != nil || len(h.Entries) == 0 {
		t.Fatalf("%+v, %v", h, err)
	}
	return h.Entries[len(h.Entries)-1].State
}

// The line is on the disk when the request arrives, and says afterwards how it ended.
func TestJournalComesFirst(t *testing.T) {
	for _, test := range []struct {
		about string
		lies  bool
		err   error
		want  ledger.State
	}{
		{"made", false, nil, ledger.StateDone},
		{"taken and not kept", true, nil, ledger.StateUnclear},
		{"refused", false, status.Error(codes.PermissionDenied, "no"), ledger.StateFailed},
		{"without an answer", false, status.Error(codes.DeadlineExceeded, "late"), ledger.StateUnclear},
	} {
		t.Run(test.about, func(t *testing.T) {
			k := &policyServer{policy: richPolicy(t), dropsWrites: test.lies}
			var c *Cloud
			k.onSet = func(*policyServer, *iampb.Policy) error {
				if s := lastState(t, c); s != ledger.StateIntended {
					t.Errorf("%s: while it is sent the entry is %s", test.about, s)
				}
				return test.err
			}
			c = k.fake().cloud(t)
			out := mustPerform(t, c, pullStep)
			if got := lastState(t, c); got != test.want || out.Entry == nil {
				t.Errorf("%s: %s, want %s; %+v", test.about, got, test.want, out)
			}
		})
	}
}

// Without a place for the journal nothing is sent.
func TestNothingWithoutAJournal(t *testing.T) {
	for _, step := range []model.Step{pullStep,
		{ID: "1", Kind: model.StepCreateAgent, Resource: model.APIResource("myproject-a", model.RunService), Member: agentMember}} {
		t.Run(string(step.Kind), func(t *testing.T) {
			k := &policyServer{policy: richPolicy(t)}
			f := k.fake()
			c := f.cloud(t)
			file := filepath.Join(t.TempDir(), "file")
			writeFile(t, file, "")
			for _, folder := range []string{"", filepath.Join(file, "state")} {
				c.journalFolder = folder
				if c.CheckJournal() == nil {
					t.Errorf("%q is said to be ready", folder)
				}
				out := mustPerform(t, c, step)
				wantState(t, out, model.StepFailed, false)
				if k.writes != 0 || !strings.Contains(out.Message, "journal") || !strings.Contains(out.Message, "XDG_STATE_HOME") {
					t.Errorf("%d writes, message %q", k.writes, out.Message)
				}
			}
			for _, call := range f.calls {
				if strings.Contains(call, "generateServiceIdentity") {
					t.Errorf("%s was called", call)
				}
			}
		})
	}
}

// Undo takes out exactly what was put in, and refuses where it is not as it was left.
func TestUndo(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	c := k.fake().cloud(t)
	done := mustPerform(t, c, pullStep)
	undo := func() model.Outcome {
		inverse, err := pullStep.Inverse()
		if err != nil {
			t.Fatal(err)
		}
		out, err := c.performOne(t.Context(), consentGate, model.Write{Step: inverse, Undoes: *done.Entry})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	wantState(t, undo(), model.StepDone, true)
	want := richPolicy(t)
	want.Etag = k.policy.Etag
	if !proto.Equal(want, k.policy) {
		t.Errorf("the policy became\n%v\nwant\n%v", k.policy, want)
	}
	wantState(t, undo(), model.StepNotAllowed, false)
	if k.writes != 2 {
		t.Errorf("%d writes", k.writes)
	}
	h, err := c.History()
	if e, _ := h.Find(*done.Entry); err != nil || e.State != ledger.StateUndone || len(h.Entries) != 2 {
		t.Errorf("%+v, %v", h.Entries, err)
	}
}

// The cause of a refusal is reported with what clears the way.
func TestRefusalsSayWhatClearsTheWay(t *testing.T) {
	for message, want := range map[string]string{
		"Service account x@y.iam.gserviceaccount.com does not exist.":                                "create the member first",
		"Deleted members can't be added to a policy: deleted:user:x?uid=1.":                          "remove the deleted: entry",
		"One or more users named in the policy do not belong to a permitted customer.":               "domain restricted sharing",
		"The number of members in the policy (1,501) is larger than the maximum allowed size 1,500.": "the policy is full",
		"Conditions are not supported in the policy of an Artifact Registry repository.":             "condition prevents it",
		"Something new.": "fix what Google names",
	} {
		t.Run(message, func(t *testing.T) {
			k := &policyServer{policy: richPolicy(t)}
			k.onSet = func(*policyServer, *iampb.Policy) error { return status.Error(codes.InvalidArgument, message) }
			if out := mustPerform(t, k.fake().cloud(t), pullStep); !strings.Contains(out.Message, want) {
				t.Errorf("%q: %q lacks %q", message, out.Message, want)
			}
		})
	}
}

// A resource that is gone has no policy that a request could still arrive at.
func TestSettleWhereTheResourceIsGone(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	c := k.fake().cloud(t)
	leaveIntended(t, c, k, time.Now().Add(-time.Hour), nil)
	k.readError = status.Error(codes.NotFound, "gone")
	settled, err := c.Reconcile(t.Context())
	if err != nil || len(settled) != 1 || settled[0].State != ledger.StateFailed || !strings.Contains(settled[0].Message, "does not exist any more") {
		t.Errorf("%+v, %v", settled, err)
	}
}

// Whether an API was enabled is seen from its state; what can't be seen stays open.
func TestSettleOfAnAPI(t *testing.T) {
	for _, test := range []struct {
		about string
		state func() (serviceusagepb.State, error)
		at    time.Time
		want  ledger.State
	}{
		{"on", func() (serviceusagepb.State, error) { return serviceusagepb.State_ENABLED, nil }, time.Now(), ledger.StateDone},
		{"off", apiOff, time.Now(), ledger.StateUnclear},
		{"off, long ago", apiOff, time.Now().Add(-time.Hour), ledger.StateFailed},
		{"unseen", func() (serviceusagepb.State, error) { return 0, status.Error(codes.PermissionDenied, "no") }, time.Now().Add(-time.Hour), ledger.StateIntended},
	} {
		t.Run(test.about, func(t *testing.T) {
			k := &policyServer{policy: richPolicy(t)}
			c := apiServer(nil, test.state).cloud(t)
			leaveIntended(t, c, k, test.at, func(e *ledger.Entry) { e.Kind, e.Resource = enableStep.Kind, enableStep.Resource })
			settled, err := c.Reconcile(t.Context())
			if err != nil || len(settled) != 1 || settled[0].State != test.want || lastState(t, c) != test.want {
				t.Errorf("%s: %+v, %v", test.about, settled, err)
			}
		})
	}
}

// Another process can settle an entry, and take its change back, while this one looks: then its word stands.
func TestSettleWhereAnotherProcessIsFaster(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	f := k.fake()
	get := f.grpc["ArtifactRegistry/GetIamPolicy"]
	var c *Cloud
	var id string
	f.grpc["ArtifactRegistry/GetIamPolicy"] = func(ctx context.Context, req proto.Message) (proto.Message, error) {
		book, err := c.openJournal()
		if err != nil {
			return nil, err
		}
		if err := book.AddResult(id, journal.Result{State: ledger.StateDone}); err == nil {
			back, err := book.Announce(ledger.Entry{Run: "undo", Target: c.origin, Kind: model.StepRevoke, Resource: pullStep.Resource,
				Role: pullStep.Role, Member: pullStep.Member, Undoes: id})
			if err != nil {
				return nil, err
			}
			if err := book.AddResult(back.ID, journal.Result{State: ledger.StateDone}); err != nil {
				return nil, err
			}
		}
		return get(ctx, req)
	}
	c = f.cloud(t)
	id = leaveIntended(t, c, k, time.Now(), nil)
	if _, err := c.Reconcile(t.Context()); err != nil {
		t.Error(err)
	}
	h, err := c.History()
	if e, _ := h.Find(id); err != nil || e.State != ledger.StateUndone {
		t.Errorf("%+v, %v", e, err)
	}
}
