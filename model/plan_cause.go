package model

// Cause is why a step was not made. Code decides on it, and on the state; the message next to it is for people alone.
type Cause string

// The causes. A step that was refused or that failed for what Google or the gate says has none: its state tells.
const (
	CauseSkippedByUser Cause = "left-out"      // the user left it out
	CauseStopped       Cause = "stopped"       // the user stopped before it
	CauseWaitsForStep  Cause = "waits"         // a step that comes before it is not in place
	CauseUncertain     Cause = "uncertain"     // it is not sure to be missing, and nobody was asked
	CauseUnconfirmed   Cause = "unconfirmed"   // what has to be typed was not typed
	CauseNoInverse     Cause = "no-inverse"    // a change that can't be taken back
	CauseUnclear       Cause = "open"          // whether the change to take back was made is not known
	CauseNotRechecked  Cause = "not-rechecked" // the last look before the change did not succeed
	CauseStatusChanged Cause = "changed"       // by the last look it is no longer what was said yes to
	CauseDoneByOthers  Cause = "by-others"     // somebody else did the same in the meantime
	CausePolicyChanged Cause = "moved"         // the policy is another one than when it was planned or asked about
	CauseInterrupted   Cause = "interrupted"
)

// NotMade reports whether a step was surely not made, and nobody else did the same in the meantime.
func (o Outcome) NotMade() bool {
	switch o.State {
	case StepNotAllowed:
		return o.Cause != CauseDoneByOthers
	case StepSkipped:
		return o.Cause == CauseSkippedByUser || o.Cause == CauseWaitsForStep
	}
	return false
}

// SkipReason is why a step is left out. The zero value: it is not.
type SkipReason struct {
	Cause Cause
	Why   string
}

// Outcome is that of the step that is left out.
func (o SkipReason) Outcome(s Step) Outcome {
	return Outcome{Step: s, State: StepSkipped, Cause: o.Cause, Message: o.Why}
}

// IsSet reports whether there is one.
func (o SkipReason) IsSet() bool { return o.Cause != "" }
