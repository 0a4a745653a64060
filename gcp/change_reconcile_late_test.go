package gcp

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"whopulls/gcp/journal"
	"whopulls/model"
	"whopulls/model/ledger"
)

// A write can land after the program looked for it: its entry stays open, is looked at again by each start, can't be taken
// back meanwhile, and is done once the write is there. After the time that a write may take, what is not there was not made.
func TestSettleOfAWriteThatArrivesLate(t *testing.T) {
	for _, lands := range []bool{true, false} {
		t.Run(fmt.Sprintf("lands %t", lands), func(t *testing.T) {
			k := &policyServer{policy: richPolicy(t)}
			c := k.fake().cloud(t)
			c.timing.policyArrival = 400 * time.Millisecond
			id := leaveIntended(t, c, k, time.Now(), nil)
			settle := func() ledger.Entry {
				t.Helper()
				settled, err := c.Reconcile(t.Context())
				if err != nil || len(settled) != 1 {
					t.Fatalf("%+v, %v", settled, err)
				}
				return settled[0]
			}
			book, err := c.openJournal()
			if err != nil {
				t.Fatal(err)
			}
			e := settle()
			if !e.Unresolved() || e.State != ledger.StateUnclear || e.Until.IsZero() {
				t.Fatalf("before it arrives: %+v", e)
			}
			undo := ledger.Entry{Run: "undo", Target: c.origin, Kind: model.StepRevoke, Resource: pullStep.Resource, Role: pullStep.Role, Member: pullStep.Member, Undoes: id}
			if _, err := book.Announce(undo); !errors.Is(err, journal.ErrState) {
				t.Errorf("what may still arrive is taken back: %v", err)
			}
			want := ledger.StateFailed
			if lands {
				want = ledger.StateDone
				k.mu.Lock()
				applyEdit(k.policy, policyOf(k.policy).EditFor(pullStep))
				k.store(k.policy)
				k.mu.Unlock()
			}
			for e.Unresolved() { // ends with the time that a write may take
				e = settle()
			}
			if e.State != want {
				t.Errorf("lands %v: %s (%s), want %s", lands, e.State, e.Message, want)
			}
			if settled, err := c.Reconcile(t.Context()); err != nil || len(settled) != 0 {
				t.Errorf("a settled entry is looked at again: %+v, %v", settled, err)
			}
		})
	}
}

// What this very process sent and got no answer for is looked at by its next Settle: it is not at work any more.
func TestSettleOfOnesOwnUnansweredWrite(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	k.onSet = func(k *policyServer, asked *iampb.Policy) error {
		k.store(asked)
		return status.Error(codes.DeadlineExceeded, "late")
	}
	c := k.fake().cloud(t)
	if out := mustPerform(t, c, pullStep); out.InPlace() {
		t.Fatalf("%+v", out)
	}
	settled, err := c.Reconcile(t.Context())
	if err != nil || len(settled) != 1 || settled[0].State != ledger.StateDone {
		t.Errorf("%+v, %v", settled, err)
	}
}

// A later change of ours in the same policy closes what is not there: its request names an older etag. Where that made the
// same change, it is that one's. Changes of another policy, and those that were not written, say nothing.
func TestSettleAfterALaterChange(t *testing.T) {
	another := pullStep
	another.Member = "user:new@example.com"
	there := pullStep
	there.Member = "user:dev@example.com"
	for _, test := range []struct {
		about string
		later model.Step
		entry func(*ledger.Entry)
		want  ledger.State
	}{
		{"another change of the policy", another, nil, ledger.StateFailed},
		{"the same change", pullStep, nil, ledger.StateFailed},
		{"a change that was there", there, nil, ledger.StateUnclear},
		{"a change of another policy", another, func(e *ledger.Entry) {
			e.Resource = model.RepositoryName{Project: "myproject-b", Location: "asia-northeast1", ID: "other"}.Resource()
		}, ledger.StateUnclear},
	} {
		t.Run(test.about, func(t *testing.T) {
			k := &policyServer{policy: richPolicy(t)}
			c := k.fake().cloud(t)
			id := leaveIntended(t, c, k, time.Now(), test.entry)
			mustPerform(t, c, test.later)
			if _, err := c.Reconcile(t.Context()); err != nil {
				t.Fatal(err)
			}
			h, err := c.History()
			if e, _ := h.Find(id); err != nil || e.State != test.want {
				t.Errorf("%s: %s (%s), want %s; %v", test.about, e.State, e.Message, test.want, err)
			}
		})
	}
}

// An interruption ends looking, and leaves open what was not looked at.
func TestSettleIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	k := &policyServer{policy: richPolicy(t)}
	f := k.fake()
	f.grpc["ArtifactRegistry/GetIamPolicy"] = func(ctx context.Context, _ proto.Message) (proto.Message, error) {
		cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	}
	c := f.cloud(t)
	id := leaveIntended(t, c, k, time.Now(), nil)
	if settled, err := c.Reconcile(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%+v, %v", settled, err)
	}
	h, err := c.History()
	if e, _ := h.Find(id); err != nil || e.State != ledger.StateIntended {
		t.Errorf("%+v, %v", e, err)
	}
}

// Without a folder for the journal there is no history; one that lies where the program was started is not one.
func TestHistoryWithoutAJournal(t *testing.T) {
	folder := t.TempDir()
	writeFile(t, filepath.Join(folder, "journal.jsonl"), "somebody else's\n")
	t.Chdir(folder)
	if h, err := (&Cloud{}).History(); err != nil || len(h.Entries)+h.Torn+h.Newer != 0 {
		t.Errorf("%+v, %v", h, err)
	}
}

// Looking again at what is as open as before adds no line to the journal.
func TestSettleAgainWritesNothing(t *testing.T) {
	k := &policyServer{policy: richPolicy(t)}
	c := k.fake().cloud(t)
	leaveIntended(t, c, k, time.Now(), nil)
	var sizes []int64
	var reads []int
	for range 3 {
		if _, err := c.Reconcile(t.Context()); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(c.journalFolder, "journal.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		sizes, reads = append(sizes, info.Size()), append(reads, k.reads)
	}
	if sizes[1] != sizes[0] || sizes[2] != sizes[0] {
		t.Errorf("the journal grew: %v", sizes)
	}
	if reads[0] == 1 || reads[1] != reads[0]+1 || reads[2] != reads[1]+1 {
		t.Errorf("waited for the first time alone: %v looks in all", reads)
	}
}

// Without an etag a write would be unconditional and take away what others wrote meanwhile: nothing is written.
func TestNoWriteWithoutAnEtag(t *testing.T) {
	for _, step := range []model.Step{pullStep, {ID: "1", Kind: model.StepRevoke, Resource: pullStep.Resource, Role: pullStep.Role, Member: "user:reader@example.com"}} {
		t.Run(string(step.Kind), func(t *testing.T) {
			k := &policyServer{policy: richPolicy(t)}
			if step.Kind == model.StepRevoke {
				applyEdit(k.policy, policyOf(k.policy).EditFor(model.Step{Kind: model.StepGrant, Role: step.Role, Member: step.Member}))
			}
			k.policy.Etag = nil
			c := k.fake().cloud(t)
			out := mustPerform(t, c, step)
			wantState(t, out, model.StepFailed, false)
			if k.writes != 0 || out.Entry != nil || !strings.Contains(out.Message, "etag") {
				t.Errorf("%d writes, entry %v, message %q", k.writes, out.Entry, out.Message)
			}
		})
	}
}
