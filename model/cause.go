package model

// Cause is why a step was not made. Code decides on it, and on the state; the message beside it is for people alone.
type Cause string

// The causes. A step that was refused or that failed for what Google or the gate says has none: its state tells.
const (
	CauseLeftOut     Cause = "left-out"      // the user left it out
	CauseStopped     Cause = "stopped"       // the user stopped before it
	CauseWaits       Cause = "waits"         // a step that comes before it is not in place
	CauseUncertain   Cause = "uncertain"     // it is not sure to be missing, and nobody was asked
	CauseUnconfirmed Cause = "unconfirmed"   // what has to be typed was not typed
	CauseNoInverse   Cause = "no-inverse"    // a change that can't be taken back
	CauseOpen        Cause = "open"          // whether the change to take back was made is not known
	CauseUnlooked    Cause = "not-rechecked" // the last look before the change did not succeed
	CauseChanged     Cause = "changed"       // by the last look it is no longer what was said yes to
	CauseByOthers    Cause = "by-others"     // somebody else did the same meanwhile
	CauseMoved       Cause = "moved"         // the policy is another one than when it was planned or asked about
	CauseInterrupted Cause = "interrupted"
)

// Untouched tells whether a step was surely not made, and nobody else did the same meanwhile.
func (o Outcome) Untouched() bool {
	switch o.State {
	case StepNotAllowed:
		return o.Cause != CauseByOthers
	case StepSkipped:
		return o.Cause == CauseLeftOut || o.Cause == CauseWaits
	}
	return false
}

// Omission is why a step is left out. The zero value: it is not.
type Omission struct {
	Cause Cause
	Why   string
}

// Outcome is that of the step that is left out.
func (o Omission) Outcome(s Step) Outcome {
	return Outcome{Step: s, State: StepSkipped, Cause: o.Cause, Message: o.Why}
}

// Is tells whether there is one.
func (o Omission) Is() bool { return o.Cause != "" }
