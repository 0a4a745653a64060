package gcp

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"time"

	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/protobuf/proto"

	"whopulls/gcp/journal"
	"whopulls/model"
	"whopulls/model/ledger"
)

// change is a write with its lines in the journal.
type change struct {
	model.Write
	cloud     *Cloud
	entryID   string // of the entry, once it is on the disk
	etagAfter string // etag of the policy that Google gave back
	untouched *bool  // of what takes a change back: the policy holds nothing but what the journal wrote since
	result    result
}

func (r *change) outcome() model.Outcome {
	o := model.Outcome{Step: r.Step, Ours: r.untouched, State: r.result.state, Verified: r.result.verified, Cause: r.result.cause, Message: r.result.message}
	if r.entryID != "" {
		o.Entry = &r.entryID
	}
	return o
}

// changes are changes that are made together.
type changes []*change

// groupByPolicy parts a batch by what can go in one write: the changes of one policy. Everything else goes alone.
func (b changes) groupByPolicy() []changes {
	var groups []changes
	policies := map[model.Resource]int{}
	for _, r := range b {
		editing := r.Kind == model.StepGrant || r.Kind == model.StepRevoke
		at, ok := policies[r.Resource]
		switch {
		case editing && ok:
			groups[at] = append(groups[at], r)
			continue
		case editing:
			policies[r.Resource] = len(groups)
		}
		groups = append(groups, changes{r})
	}
	return groups
}

// setResult gives all changes the same end.
func (b changes) setResult(e result) {
	for _, r := range b {
		r.result = e
	}
}

// notYetApplied gives the changes that a policy does not show, and ends those that it does.
func (b changes) notYetApplied(p model.Policy, alreadyApplied func(*change) result) changes {
	var left changes
	for _, r := range b {
		if p.EditFor(r.Step).Op == model.EditNone {
			r.result = alreadyApplied(r)
			continue
		}
		left = append(left, r)
	}
	return left
}

// CheckJournal reports whether changes can be recorded. Without that none is made, so it is worth asking before a person is.
func (c *Cloud) CheckJournal() error {
	_, err := c.openJournal()
	return err
}

// openJournal opens the journal, which has to be there for every change: somebody may have removed it.
func (c *Cloud) openJournal() (*journal.Journal, error) {
	if c.journalFolder == "" {
		return nil, errors.New("there is no folder for the journal: set XDG_STATE_HOME to a folder of your own")
	}
	if c.makeFolder != nil {
		_ = c.makeFolder() // where it can't be made, the journal says why
	}
	return journal.Open(c.journalFolder, time.Now)
}

// announce puts on the disk what is about to be sent. After an error nothing may be sent.
func (r *change) announce(e ledger.Entry) error {
	j, err := r.cloud.openJournal()
	if err != nil {
		return err
	}
	if r.entryID != "" {
		return j.AddResult(r.entryID, journal.Result{State: ledger.StateIntended, Edit: e.Edit, EtagBefore: e.EtagBefore, Digest: e.Digest})
	}
	e.Run, e.Target, e.Account = cmp.Or(r.Run, r.cloud.runID), r.cloud.origin, string(r.cloud.caller.Value)
	e.Project, e.Undoes = r.Project, r.Undoes
	e.Kind, e.Resource, e.Role, e.Member, e.Condition = r.Kind, r.Resource, r.Role, r.Member, r.Condition
	e.Host, _ = os.Hostname() // unknown: then only its age reports whether the process is still at work
	e.PID = os.Getpid()
	if e, err = j.Announce(e); err == nil {
		r.entryID = e.ID
	}
	return err
}

// writeResult writes how it ended. A request that got no answer may still arrive: its entry stays open for each start to look at.
func (r *change) writeResult() {
	if r.entryID == "" {
		return
	}
	result := journal.Result{State: r.result.journalState(), Message: r.result.message, EtagAfter: r.etagAfter}
	if r.result.unresolved {
		result.State, result.Until = ledger.StateUnclear, time.Now().Add(r.cloud.timing.arrivalWindow(r.Kind)).UTC()
	}
	j, err := r.cloud.openJournal()
	if err == nil {
		err = j.AddResult(r.entryID, result)
	}
	if err != nil {
		r.result.message = strings.TrimLeft(r.result.message+"; the result could not be written to the journal ("+err.Error()+"); the next run will check it", "; ")
	}
}

// journalState is the state of the entry whose change ended so. What Google took and does not show is anybody's guess.
func (e result) journalState() ledger.State {
	switch {
	case e.state == model.StepDone:
		return ledger.StateDone
	case e.accepted:
		return ledger.StateUnclear
	}
	return ledger.StateFailed
}

// unresolvedIf leaves open whether the change was made when a write before got no answer.
func (e result) unresolvedIf(unanswered bool) result {
	e.unresolved = unanswered
	return e
}

// notJournaled is the end of a change that could not be announced, and so was not sent.
func notJournaled(what string, err error) result {
	return result{state: model.StepFailed, message: what + ": " + model.ErrorWithHint(err)}
}

// policyDigest tells policies apart by what they say and not by how they say it: Google reorders bindings and members. The
// etag has no part in it.
func policyDigest(p *iampb.Policy) string {
	policy := policyOf(p)
	members := map[string][]string{}
	for _, b := range policy.Bindings {
		key, _ := json.Marshal([]any{b.Role, b.Condition}) // of strings: it can't fail
		for _, m := range b.Members {
			members[string(key)] = append(members[string(key)], string(m))
		}
	}
	for key, list := range members {
		slices.Sort(list)
		members[key] = slices.Compact(list)
	}
	rest, _ := proto.MarshalOptions{Deterministic: true}.Marshal(&iampb.Policy{AuditConfigs: p.GetAuditConfigs()})
	text, _ := json.Marshal([]any{members, rest})
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
