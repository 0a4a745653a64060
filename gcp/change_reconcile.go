package gcp

import (
	"context"
	"errors"
	"os"
	"slices"
	"syscall"
	"time"

	"google.golang.org/grpc/codes"

	"whopulls/gcp/journal"
	"whopulls/gcp/transport"
	"whopulls/model"
	"whopulls/model/ledger"
)

// History is what the journal says, of every cloud.
func (c *Cloud) History() (ledger.History, error) {
	if c.journalFolder == "" {
		return ledger.History{}, nil
	}
	return journal.Read(c.journalFolder)
}

// Reconcile looks at what is really there for every change of this cloud that is open (see [ledger.Entry.Open]) and writes
// what it finds. It gives those entries as they are now; one that can't be looked at stays as it was, with the reason in
// its message. Changes that a living process may be at are left to it.
//
// A change that is not there may still arrive: its request can outlive its process. Its entry is unclear until the time
// for that is over, and is looked at again by each Settle.
func (c *Cloud) Reconcile(ctx context.Context) ([]ledger.Entry, error) {
	h, err := c.History()
	if err != nil {
		return nil, err
	}
	var reconciled []ledger.Entry
	for _, e := range h.Entries {
		if !e.Unresolved() || e.Target != c.origin || c.mayBeRunning(e) {
			continue
		}
		if e, err = c.reconcileEntry(ctx, e, h.After(e)); err != nil {
			return reconciled, err
		}
		reconciled = append(reconciled, e)
	}
	return reconciled, nil
}

// mayBeRunning reports whether the process that announced a change may still be making it. No change takes
// longer than StepTime, and after a while another process may have the same number. Elsewhere than on this
// machine only the time shows it, and a time in the future shows nothing.
func (c *Cloud) mayBeRunning(e ledger.Entry) bool {
	if e.State != ledger.StateIntended {
		return false
	}
	age := time.Since(e.Sent)
	young := age < c.timing.stepTimeout+c.timing.calls.CallTimeout
	if host, err := os.Hostname(); err == nil && host == e.Host {
		return young && processAlive(e.PID)
	}
	return young && age >= 0
}

func processAlive(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	err = p.Signal(syscall.Signal(0))
	return !errors.Is(err, os.ErrProcessDone)
}

// reconcileEntry looks at one; later are the entries that were announced after it.
func (c *Cloud) reconcileEntry(ctx context.Context, e ledger.Entry, later []ledger.Entry) (ledger.Entry, error) {
	found, err := c.lookUp(ctx, e, later)
	if err != nil {
		e.Message = "it could not be checked: " + writeFailure(transport.ParseError(err))
		return e, ctx.Err()
	}
	j, err := c.openJournal()
	if err != nil {
		return e, err
	}
	same := e.State == found.State && e.Until.Equal(found.Until)
	e.State, e.Message, e.Until = found.State, found.Message, found.Until
	if same { // it is as open as it was: nothing is written for that
		return e, nil
	}
	err = j.AddResult(e.ID, found)
	if errors.Is(err, journal.ErrState) { // another process was faster
		err = nil
	}
	return e, err
}

// The messages for the entries that were looked at.
const (
	messageApplied    = "checked after an interruption: applied"
	messageNotApplied = "checked after an interruption: not applied"
	messageNotThere   = "checked after an interruption: it is not there"
	messageSuperseded = "checked after an interruption: not applied; a later change made it, or changed the policy so that it can't be applied any more"
	messageAmbiguous  = "checked after an interruption: it is there, but the policy holds other changes as well; it may be somebody else's"
	messageNotVisible = "checked after an interruption: nothing shows whether it was applied; it is safe to repeat"
)

// lookUp is what became of a change. The first time, it waits a moment for a request that was on its way when
// its process died. A change that is not there stays open for as long as it may still arrive.
//
// Its request names the etag of its policy, so Google refuses it after any other write. So a later write of
// ours to the same policy closes a change that is not there. What the later write made belongs to that later
// change.
func (c *Cloud) lookUp(ctx context.Context, e ledger.Entry, later []ledger.Entry) (journal.Result, error) {
	laterWrites := slices.DeleteFunc(later, func(l ledger.Entry) bool { return !l.WroteTo(e.Resource) })
	if slices.ContainsFunc(laterWrites, e.SameChange) {
		return journal.Result{State: ledger.StateFailed, Message: messageSuperseded}, nil
	}
	const attempts = 5
	until := e.Until
	if until.IsZero() {
		until = e.Sent.Add(c.timing.arrivalWindow(e.Kind))
	}
	for n := 1; ; n++ {
		begun := time.Now() // what is read now shows all that arrived before
		r, err := c.lookUpOnce(ctx, e)
		switch {
		case err != nil || r.State != ledger.StateFailed || begun.After(until):
			return r, err
		case len(laterWrites) > 0:
			return journal.Result{State: ledger.StateFailed, Message: messageSuperseded}, nil
		case n == attempts || e.State != ledger.StateIntended:
			return journal.Result{State: ledger.StateUnclear, Message: messageNotThere, Until: until}, nil
		}
		if !transport.WaitBackoff(ctx, c.timing.inFlightGrace/attempts, c.timing.inFlightGrace/attempts, 0) {
			return r, ctx.Err()
		}
	}
}

func (c *Cloud) lookUpOnce(ctx context.Context, e ledger.Entry) (journal.Result, error) {
	switch e.Kind {
	case model.StepCreateAgent:
		return journal.Result{State: ledger.StateUnclear, Message: messageNotVisible}, nil
	case model.StepEnableAPI:
		on, err := c.apiEnabled(ctx, e.Resource)
		if !on { // or it could not be looked at
			return journal.Result{State: ledger.StateFailed, Message: messageNotApplied}, err
		}
		return journal.Result{State: ledger.StateDone, Message: messageApplied}, nil
	}
	return c.lookUpInPolicy(ctx, e)
}

func (c *Cloud) lookUpInPolicy(ctx context.Context, e ledger.Entry) (journal.Result, error) {
	policy, err := c.readPolicy(ctx, e.Resource)
	if err != nil && transport.ParseError(err).Code == codes.NotFound {
		return journal.Result{State: ledger.StateFailed, Message: "checked after an interruption: the resource does not exist any more"}, nil
	}
	if err != nil {
		return journal.Result{}, err
	}
	etag := encodeEtag(policy.GetEtag())
	switch {
	case policyOf(policy).EditFor(e.Step()).Op != model.EditNone:
		return journal.Result{State: ledger.StateFailed, Message: messageNotApplied}, nil
	case policyDigest(policy) == e.Digest:
		return journal.Result{State: ledger.StateDone, Message: messageApplied, EtagAfter: etag}, nil
	}
	return journal.Result{State: ledger.StateUnclear, Message: messageAmbiguous}, nil
}
