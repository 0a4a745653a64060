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
)

// record is a write with its lines in the journal.
type record struct {
	model.Write
	cloud *Cloud
	id    string // of the entry, once it is on the disk
	after string // etag of the policy that Google gave back
	ours  *bool  // of what takes a change back: the policy holds nothing beside what the journal wrote since
	end   ending
}

func (r *record) outcome() model.Outcome {
	o := model.Outcome{Step: r.Step, Ours: r.ours, State: r.end.state, Verified: r.end.verified, Cause: r.end.cause, Message: r.end.message}
	if r.id != "" {
		o.Entry = &r.id
	}
	return o
}

// batch are changes that are made together.
type batch []*record

// writes parts a batch by what can go in one write: the changes of one policy. Everything else goes alone.
func (b batch) writes() []batch {
	var parts []batch
	policies := map[model.Resource]int{}
	for _, r := range b {
		editing := r.Kind == model.StepGrant || r.Kind == model.StepRevoke
		at, ok := policies[r.Resource]
		switch {
		case editing && ok:
			parts[at] = append(parts[at], r)
			continue
		case editing:
			policies[r.Resource] = len(parts)
		}
		parts = append(parts, batch{r})
	}
	return parts
}

// ends gives all changes the same end.
func (b batch) ends(e ending) {
	for _, r := range b {
		r.end = e
	}
}

// unshown gives the changes that a policy does not show, and ends those that it does.
func (b batch) unshown(p model.Policy, shown func(*record) ending) batch {
	var left batch
	for _, r := range b {
		if p.EditFor(r.Step).Op == model.EditNone {
			r.end = shown(r)
			continue
		}
		left = append(left, r)
	}
	return left
}

// Ready tells whether changes can be recorded. Without that none is made, so it is worth asking before a person is.
func (c *Cloud) Ready() error {
	_, err := c.book()
	return err
}

// book opens the journal, which has to be there for every change anew: somebody may have removed it.
func (c *Cloud) book() (*journal.Journal, error) {
	if c.journal == "" {
		return nil, errors.New("there is no folder for the journal: set XDG_STATE_HOME to a folder of your own")
	}
	return journal.Open(c.journal, time.Now)
}

// announce puts on the disk what is about to be sent. After an error nothing may be sent.
func (r *record) announce(e journal.Entry) error {
	book, err := r.cloud.book()
	if err != nil {
		return err
	}
	if r.id != "" {
		return book.Settle(r.id, journal.Result{State: journal.StateIntended, Edit: e.Edit, EtagBefore: e.EtagBefore, Digest: e.Digest})
	}
	e.Run, e.Target, e.Account = cmp.Or(r.Run, r.cloud.run), r.cloud.origin, string(r.cloud.caller.Value)
	e.Project, e.Undoes = r.Project, r.Undoes
	e.Kind, e.Resource, e.Role, e.Member, e.Condition = r.Kind, r.Resource, r.Role, r.Member, r.Condition
	e.Host, _ = os.Hostname() // unknown: then only its age tells whether the process is still at work
	e.PID = os.Getpid()
	if e, err = book.Intend(e); err == nil {
		r.id = e.ID
	}
	return err
}

// settle writes how it ended. A request that got no answer may still arrive: its entry stays open for each start to look at.
func (r *record) settle() {
	if r.id == "" {
		return
	}
	result := journal.Result{State: r.end.journaled(), Message: r.end.message, EtagAfter: r.after}
	if r.end.open {
		result.State, result.Until = journal.StateUnclear, time.Now().Add(r.cloud.pace.arrival(r.Kind)).UTC()
	}
	book, err := r.cloud.book()
	if err == nil {
		err = book.Settle(r.id, result)
	}
	if err != nil {
		r.end.message = strings.TrimLeft(r.end.message+"; the journal could not take down how it ended ("+err.Error()+"): the next start looks", "; ")
	}
}

// journaled is the state of the entry whose change ended so. What Google took and does not show is anybody's guess.
func (e ending) journaled() journal.State {
	switch {
	case e.state == model.StepDone:
		return journal.StateDone
	case e.taken:
		return journal.StateUnclear
	}
	return journal.StateFailed
}

// unless leaves open whether the change was made when a write before got no answer.
func (e ending) unless(sent bool) ending {
	e.open = sent
	return e
}

// unrecorded is the end of a change that could not be announced, and so was not sent.
func unrecorded(what string, err error) ending {
	return ending{state: model.StepFailed, message: what + ": " + model.ErrorWithHint(err)}
}

// digest tells policies apart by what they say and not by how they say it: Google orders bindings and members anew. The
// etag has no part in it.
func digest(p *iampb.Policy) string {
	said := policyOf(p)
	members := map[string][]string{}
	for _, b := range said.Bindings {
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
