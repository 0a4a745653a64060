package model

import (
	"errors"
	"fmt"
	"path"
	"strings"
)

// Gate stands before every change. Its zero value refuses.
type Gate struct {
	Consent  Consent
	ReadOnly bool // refuses whatever the consent

	Production string // pattern of the projects that are production beside those labelled so, as path.Match reads it; empty: none
	Confirmed  string // the project whose id was typed, or given by --confirm
}

// Guards says in words why a change in a project needs its id to be typed; empty: it does not. A project is given as far
// as it could be read, and where it could not be, with its ID all the same. Then nobody knows whether it is production: a
// person is asked, but a script that says --quiet goes on, for it was written to.
func (g Gate) Guards(target Fact[Project]) (why string) {
	p := target.Value
	env := strings.ToLower(p.Labels["env"])
	matches, err := path.Match(g.Production, p.ID)
	switch {
	case env == "prod" || env == "production", g.Production != "" && p.ID != "" && (matches || err != nil):
		return "looks like production"
	case !target.Read() && g.Consent == PersonSaidYes:
		return "may be production, for its labels could not be read"
	}
	return ""
}

// Admit gives nil when a change in a project may be made as far as production is concerned, else a *Refusal. Neither a
// yes nor --quiet lifts it.
func (g Gate) Admit(target Fact[Project]) error {
	why := g.Guards(target)
	if id := target.Value.ID; why != "" && g.Confirmed != id {
		return &Refusal{Why: "project " + id + " " + why + ": nothing is changed without its id",
			Next: "type it when asked, or give --confirm=" + id}
	}
	return nil
}

// Consent is who agreed to a change.
type Consent int

// The kinds of consent. Nothing else opens the gate.
const (
	NoConsent      Consent = iota
	PersonSaidYes          // a person answered yes to this very step
	QuietOnCommand         // --quiet on the command line of grant, undo or stale remove
)

// Refusal is why a change was not made.
type Refusal struct{ Why, Next string }

// Error says why.
func (r *Refusal) Error() string { return r.Why }

// Hint says what would open the gate.
func (r *Refusal) Hint() string { return r.Next }

// Advised is an error's text with what helps against it, where the error or what it wraps has a method Hint() string.
func Advised(err error) string {
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) && hinted.Hint() != "" {
		return err.Error() + "; " + strings.ReplaceAll(hinted.Hint(), "\n", "; ")
	}
	return err.Error()
}

// Check gives nil when the step may be made, else a *Refusal.
func (g Gate) Check(s Step) error {
	switch {
	case g.ReadOnly:
		return &Refusal{Why: "read-only: nothing is changed", Next: "take away what says so: --read-only, WHOPULLS_READ_ONLY, or read-only in the settings"}
	case g.Consent != PersonSaidYes && g.Consent != QuietOnCommand:
		return &Refusal{Why: fmt.Sprintf("step %s was not agreed to: nothing is changed", s.ID),
			Next: "answer yes, or give --quiet on the command line"}
	}
	return nil
}

// StepState is how a step ended.
type StepState string

// The ends of a step.
const (
	StepDone       StepState = "done"
	StepAlready    StepState = "already"     // the binding was there; nothing was written
	StepSkipped    StepState = "skipped"     // by the user, or because a step before it did not happen
	StepNotAllowed StepState = "not-allowed" // Google or the gate refused it
	StepFailed     StepState = "failed"
)

// Effect is what is known of a change's effect, apart from the binding being there.
type Effect string

// The effects.
const (
	EffectObserved      Effect = "observed"       // the caller's own test of the permission says yes
	EffectEvaluated     Effect = "evaluated"      // Policy Troubleshooter says yes, which says nothing about propagation
	EffectNotObservable Effect = "not-observable" // only the next real deploy shows it
)

// Outcome is what became of a step.
type Outcome struct {
	Step
	State    StepState `json:"state"`
	Verified bool      `json:"verified"` // a fresh read showed it
	Effect   Effect    `json:"effect,omitempty"`
	Entry    *string   `json:"entry"`             // the journal's id of the change
	Ours     *bool     `json:"ours,omitempty"`    // of what takes a change back: surely still as whopulls left it; nil: not looked at
	Cause    Cause     `json:"cause,omitempty"`   // why it did not happen, for code to decide on
	Message  string    `json:"message,omitempty"` // the same for people
}

// Settled tells whether the change is in place.
func (o Outcome) Settled() bool { return o.State == StepDone || o.State == StepAlready }
