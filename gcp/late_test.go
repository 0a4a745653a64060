package gcp

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"whopulls/gcp/journal"
	"whopulls/model"
)

// A write can land after the program looked for it: its entry stays open, is looked at again by each start, can't be taken
// back meanwhile, and is done once the write is there. After the time that a write may take, what is not there was not made.
func TestSettleOfAWriteThatArrivesLate(t *testing.T) {
	for _, lands := range []bool{true, false} {
		k := &keeper{policy: rich(t)}
		c := k.fake().cloud(t)
		c.pace.late = 400 * time.Millisecond
		id := died(t, c, k, time.Now(), nil)
		settle := func() journal.Entry {
			t.Helper()
			settled, err := c.Settle(t.Context())
			if err != nil || len(settled) != 1 {
				t.Fatalf("%+v, %v", settled, err)
			}
			return settled[0]
		}
		book, err := c.book()
		if err != nil {
			t.Fatal(err)
		}
		e := settle()
		if !e.Open() || e.State != journal.StateUnclear || e.Until.IsZero() {
			t.Fatalf("before it arrives: %+v", e)
		}
		undo := journal.Entry{Run: "undo", Target: c.origin, Kind: model.StepRevoke, Resource: pull.Resource, Role: pull.Role, Member: pull.Member, Undoes: id}
		if _, err := book.Intend(undo); !errors.Is(err, journal.ErrState) {
			t.Errorf("what may still arrive is taken back: %v", err)
		}
		want := journal.StateFailed
		if lands {
			want = journal.StateDone
			k.mu.Lock()
			makeEdit(k.policy, policyOf(k.policy).Edit(pull))
			k.keep(k.policy)
			k.mu.Unlock()
		}
		for e.Open() { // ends with the time that a write may take
			e = settle()
		}
		if e.State != want {
			t.Errorf("lands %v: %s (%s), want %s", lands, e.State, e.Message, want)
		}
		if settled, err := c.Settle(t.Context()); err != nil || len(settled) != 0 {
			t.Errorf("a settled entry is looked at again: %+v, %v", settled, err)
		}
	}
}

// Looking again at what is as open as before adds no line to the journal.
func TestSettleAgainWritesNothing(t *testing.T) {
	k := &keeper{policy: rich(t)}
	c := k.fake().cloud(t)
	died(t, c, k, time.Now(), nil)
	var sizes []int64
	for range 3 {
		if _, err := c.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(c.journal, "journal.jsonl"))
		if err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, info.Size())
	}
	if sizes[1] != sizes[0] || sizes[2] != sizes[0] {
		t.Errorf("the journal grew: %v", sizes)
	}
}

// Without an etag a write would be unconditional and take away what others wrote meanwhile: nothing is written.
func TestNoWriteWithoutAnEtag(t *testing.T) {
	for _, step := range []model.Step{pull, {ID: "1", Kind: model.StepRevoke, Resource: pull.Resource, Role: pull.Role, Member: "user:reader@example.com"}} {
		k := &keeper{policy: rich(t)}
		if step.Kind == model.StepRevoke {
			makeEdit(k.policy, policyOf(k.policy).Edit(model.Step{Kind: model.StepGrant, Role: step.Role, Member: step.Member}))
		}
		k.policy.Etag = nil
		c := k.fake().cloud(t)
		out := perform(t, c, step)
		wantState(t, out, model.StepFailed, false)
		if k.writes != 0 || out.Entry != nil || !strings.Contains(out.Message, "etag") {
			t.Errorf("%d writes, entry %v, message %q", k.writes, out.Entry, out.Message)
		}
	}
}
