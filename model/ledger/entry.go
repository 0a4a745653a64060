// Package ledger is what a journal says: the changes that were made, and how each ended. It finds what is in place of
// them, and the steps that take it back.
package ledger

import (
	"cmp"
	"time"

	"whopulls/model"
)

// State is how far the change of an entry got.
type State string

// The states.
const (
	StateIntended State = "intended" // announced; whether it was made is not known yet
	StateDone     State = "done"     // made
	StateFailed   State = "failed"   // not made
	StateUndone   State = "undone"   // made, and taken back by another entry
	StateUnclear  State = "unclear"  // what is there may come from this change or from somebody else, or the request may still arrive
)

// Sign is the state in one character, for lists.
func (s State) Sign() string {
	return map[State]string{StateIntended: "…", StateDone: "✓", StateFailed: "✗", StateUndone: "↶", StateUnclear: "?"}[s]
}

// Edit is where in the policy the change was made, so that taking it back can be exact. It is nil for what is no edit of
// a policy.
type Edit struct {
	Op      model.EditOp `json:"op"`
	Binding int          `json:"binding"` // index in the policy of EtagBefore; for model.EditAppend the one it got
}

// Entry is one change of one run.
type Entry struct {
	ID         string           `json:"id"`                // given by Intend
	Run        string           `json:"run,omitempty"`     // the command or walk that it belongs to, see NewID
	Time       time.Time        `json:"time,omitzero"`     // when it was announced, UTC; says nothing about the order
	ResultTime time.Time        `json:"settled,omitzero"`  // when its last result was written, UTC
	Target     string           `json:"target,omitempty"`  // google:UNIVERSE or sandbox:ID
	Account    string           `json:"account,omitempty"` // who made the change
	Project    string           `json:"project,omitempty"` // the consumer project's id
	Kind       model.StepKind   `json:"kind,omitempty"`
	Resource   model.Resource   `json:"resource,omitempty"` // full resource name
	Role       string           `json:"role,omitempty"`
	Member     model.Member     `json:"member,omitempty"`
	Condition  *model.Condition `json:"condition,omitempty"`
	Edit       *Edit            `json:"edit,omitempty"`
	EtagBefore string           `json:"etagBefore,omitempty"` // of the policy that the edit was made in, base64
	EtagAfter  string           `json:"etagAfter,omitempty"`  // of the policy that Google gave back, base64
	Digest     string           `json:"digest,omitempty"`     // of the policy with the edit made, see gcp; apart from the etag
	Host       string           `json:"host,omitempty"`       // where the process runs that announced it
	PID        int              `json:"pid,omitempty"`        // its number there
	Undoes     string           `json:"undoes,omitempty"`     // id of the entry that this one takes back
	State      State            `json:"state,omitempty"`
	Until      time.Time        `json:"until,omitzero"`    // of an unclear entry: until when its request may still arrive, UTC; zero: it can't any more
	Message    string           `json:"message,omitempty"` // why it ended so; untrusted text
	Sent       time.Time        `json:"-"`                 // when it was announced last, UTC; a change is announced again before each request
}

// Unresolved reports whether the outcome of the entry is open. Either it was announced and never settled, or
// its request got no answer and may still arrive.
func (e Entry) Unresolved() bool {
	return e.State == StateIntended || e.State == StateUnclear && !e.Until.IsZero()
}

// WroteTo reports whether the entry's change was written to the policy of a resource.
func (e Entry) WroteTo(r model.Resource) bool {
	return e.Resource == r && e.EtagAfter != "" && (e.State == StateDone || e.State == StateUndone)
}

// SameChange reports whether another entry asks for the same change.
func (e Entry) SameChange(other Entry) bool { return e.Step().SameChange(other.Step()) }

// Step is the change of an entry as a step, without what a plan adds to it.
func (e Entry) Step() model.Step {
	return model.Step{ID: e.ID, Kind: e.Kind, Resource: e.Resource, Role: e.Role, Member: e.Member, Condition: e.Condition}
}

// IsComplete reports whether an entry says enough to be settled and taken back later.
func (e Entry) IsComplete() bool {
	switch e.Kind {
	case model.StepGrant, model.StepRevoke, model.StepEnableAPI, model.StepCreateAgent:
		return e.Run != "" && e.Target != "" && e.Resource != ""
	}
	return false
}

// withResult gives the entry after a result.
func (e Entry) withResult(r Entry) Entry {
	e.State, e.ResultTime, e.Until = r.State, r.Time, r.Until
	e.Message = cmp.Or(r.Message, e.Message)
	e.EtagBefore = cmp.Or(r.EtagBefore, e.EtagBefore)
	e.EtagAfter = cmp.Or(r.EtagAfter, e.EtagAfter)
	e.Digest = cmp.Or(r.Digest, e.Digest)
	e.Edit = cmp.Or(r.Edit, e.Edit)
	if r.State == StateIntended {
		e.ResultTime, e.Sent = time.Time{}, r.Time // announced again is not settled
	}
	return e
}

// CanFollow reports whether a result may come after a state. Processes that settle the same entry may correct each other,
// but what was taken back stays so, or it would be taken back twice. Nothing is undone by a result of its own: see
// [History.Settle].
func CanFollow(before, after State) bool {
	switch after {
	case StateIntended:
		return before == StateIntended
	case StateDone, StateFailed, StateUnclear:
		return before != StateUndone
	}
	return false
}

// Meaning is what a state says.
type Meaning struct {
	State State
	Words string
}

// Meanings explains the states, in the order in which they are explained.
func Meanings() []Meaning {
	return []Meaning{
		{StateDone, "made"},
		{StateUndone, "made, and taken back by a later entry"},
		{StateFailed, "not made"},
		{StateUnclear, "it is there, but may be somebody else's; or it is not there and its request, which got no answer, may still arrive"},
		{StateIntended, "announced; another whopulls is working on it, or it could not be checked since"},
	}
}
