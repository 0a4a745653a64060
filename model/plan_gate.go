package model

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Gate stands before every change. Its zero value refuses.
type Gate struct {
	Consent  Consent
	ReadOnly bool // refuses whatever the consent

	Production string   // pattern of the projects that are production in addition to those labelled so, as path.Match reads it; empty: none
	Confirmed  []string // what was typed, or given by --confirm: ids of projects, folders/N, organizations/N
}

// Confirmation is what has to be typed before a change is made. The zero value asks for nothing.
type Confirmation struct {
	Name string // what is typed, or given by --confirm
	What string // whose name that is, in words: project myproject-b
	Why  string // it has to be: what is said about it
	Noun string // what a name of this kind is called
}

// Required reports whether anything has to be typed.
func (g Confirmation) Required() bool { return g.Name != "" }

// Prompt says why, and asks.
func (g Confirmation) Prompt() string {
	typed := "its " + g.Noun
	if g.Noun != nounID {
		typed = g.Name
	}
	return strings.ToUpper(g.What[:1]) + g.What[1:] + " " + g.Why + ". Type " + typed + " to continue:"
}

const nounID = "id"

// RequiredConfirmation says what has to be typed before a change of a resource. A change on a folder or an
// organization reaches every project below. So its name must be typed, whether or not one of those projects
// is production.
//
// project is the one that the resource is in. Where it could not be read it has its ID alone, and for a
// folder or an organization the display name alone. If its labels can't be read, a person must confirm; a
// script with --quiet continues.
func (g Gate) RequiredConfirmation(r Resource, project Fact[Project]) Confirmation {
	if kind := r.Kind(); kind == KindFolder || kind == KindOrganization {
		what := Describe(r, []Ancestor{{Resource: r, Name: project.Value.Name}})
		return Confirmation{Name: r.Path(), What: what, Why: "reaches every project below it", Noun: "name"}
	}
	p := project.Value
	confirmation := Confirmation{Name: p.ID, What: "project " + p.ID, Noun: nounID}
	switch {
	case g.LooksLikeProduction(p):
		confirmation.Why = "looks like production"
	case !project.Read() && g.Consent == PersonSaidYes:
		confirmation.Why = "may be production: its labels are not known"
	default:
		return Confirmation{}
	}
	return confirmation
}

// LooksLikeProduction reports whether a project is labelled as production, or the pattern of the gate names it. A pattern that is
// broken may mean any project.
func (g Gate) LooksLikeProduction(p Project) bool {
	env := strings.ToLower(p.Labels["env"])
	matches, err := path.Match(g.Production, p.ID)
	return env == "prod" || env == "production" || matches || err != nil
}

// AllowResource gives nil if a change of a resource may be made as far as its reach is concerned, else a
// *Refusal. Neither a yes nor --quiet lifts it.
func (g Gate) AllowResource(r Resource, project Fact[Project]) error {
	confirmation := g.RequiredConfirmation(r, project)
	if !confirmation.Required() || slices.Contains(g.Confirmed, confirmation.Name) {
		return nil
	}
	return &Refusal{Why: confirmation.What + " " + confirmation.Why + ": nothing is changed without its " + confirmation.Noun,
		Next: "type it when asked, or give --confirm=" + confirmation.Name}
}

// Consent is who agreed to a change.
type Consent int

// The kinds of consent. Nothing else opens the gate.
const (
	NoConsent     Consent = iota
	PersonSaidYes         // a person answered yes to this very step
	QuietFlag             // --quiet on the command line of grant, undo or stale remove
)

// Refusal is why a change was not made.
type Refusal struct{ Why, Next string }

// Error says why.
func (r *Refusal) Error() string { return r.Why }

// Hint says what would open the gate.
func (r *Refusal) Hint() string { return r.Next }

// ErrorWithHint is an error's text with what helps against it, where the error or what it wraps has a method Hint() string.
func ErrorWithHint(err error) string {
	var withHint interface{ Hint() string }
	if errors.As(err, &withHint) && withHint.Hint() != "" {
		return err.Error() + "; " + strings.ReplaceAll(withHint.Hint(), "\n", "; ")
	}
	return err.Error()
}

// AllowStep gives nil if the step may be made, else a *Refusal.
func (g Gate) AllowStep(s Step) error {
	switch {
	case g.ReadOnly:
		return &Refusal{Why: "read-only: nothing is changed", Next: "take away what says so: --read-only, WHOPULLS_READ_ONLY, or read-only in the settings"}
	case g.Consent != PersonSaidYes && g.Consent != QuietFlag:
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

// Effect is what is known about a change's effect, apart from the binding being there.
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

// InPlace reports whether the change is in place.
func (o Outcome) InPlace() bool { return o.State == StepDone || o.State == StepAlready }
