// Package propagation judges what is known after bindings were granted: whether they have reached everything, and what shows it.
package propagation

import (
	"strings"
	"time"

	"al.essio.dev/pkg/shellescape"

	"whopulls/model"
)

// How long a change of a policy takes to reach everything: typically, and at most by Google's page, which says "7 minutes or
// longer" (cloud.google.com/iam/docs/access-change-propagation).
const (
	Typical = 2 * time.Minute
	Late    = 7 * time.Minute
)

// Aftermath is what is known after the changes of a walk.
type Aftermath struct {
	Made     time.Time        // when the last change was made
	OnDeploy bool             // the effect of one shows only in a deploy
	Untested bool             // the caller's own test of a permission does not say yes yet
	Before   *model.Readiness // what the workload said before the changes; nil: it was not read, or was never deployed
	Deployed *model.Readiness // what it said at the last look
}

// Deploy is how a deploy after the changes ended; nil: none is known. What the workload said before the changes is
// not one, even if the clock of this machine is slow.
func (a Aftermath) Deploy() *model.Readiness {
	switch {
	case !a.OnDeploy || a.Deployed == nil || !a.Deployed.Time.After(a.Made):
		return nil
	case a.Before != nil && a.Before.Time.Equal(a.Deployed.Time):
		return nil
	}
	return a.Deployed
}

// FailedEarly reports whether a deploy failed at a time at which the changes may not have reached everything: the next one may
// succeed.
func (a Aftermath) FailedEarly() bool {
	d := a.Deploy()
	return d != nil && !d.Ready && d.Time.Sub(a.Made) < Late
}

// Stage is how far the effect of changes is known.
type Stage string

// The stages.
const (
	Observed Stage = "observed" // tests of the caller's own permissions say yes, and nothing else is open
	Fresh    Stage = "fresh"    // it may not have reached everything
	Usual    Stage = "usual"    // the typical time is over
	Overdue  Stage = "overdue"  // it takes longer than Google's page names
	Proven   Stage = "proven"   // a deploy after the change succeeded
	Refused  Stage = "refused"  // a deploy failed that came so long after the change that waiting does not help
)

// Stage judges what is known so long after the last change.
func (a Aftermath) Stage(age time.Duration) Stage {
	switch d := a.Deploy(); {
	case d != nil && d.Ready:
		return Proven
	case d != nil && !a.FailedEarly():
		return Refused
	case !a.OnDeploy && !a.Untested:
		return Observed
	case age < Typical:
		return Fresh
	case age < Late:
		return Usual
	}
	return Overdue
}

// IsOpen reports whether a later look can say more.
func (s Stage) IsOpen() bool { return s == Fresh || s == Usual }

// IsShown reports whether the effect of everything is shown.
func (s Stage) IsShown() bool { return s == Observed || s == Proven }

// NextLook is how long to wait before looking again: until the next minute is full, or less where a test may say yes by then. The
// stages change at full minutes. Each look reads everything, so the looks become rarer.
func (a Aftermath) NextLook(age time.Duration) time.Duration {
	const often = 10 * time.Second
	wait := time.Minute - max(age, 0)%time.Minute
	if a.Untested {
		return min(max(often, age/2), wait)
	}
	return wait
}

// DeployCommand is the gcloud command that deploys a workload, with its own image or with another one. The gcloud reference has it
// as run deploy, run jobs deploy and beta run worker-pools deploy. It is empty where one command can't say that: with no image, or with several
// containers.
func DeployCommand(project string, w model.Workload, other model.Image) string {
	verbs := map[model.WorkloadKind]string{model.Service: "gcloud run deploy", model.Job: "gcloud run jobs deploy", model.WorkerPool: "gcloud beta run worker-pools deploy"}
	verb, known := verbs[w.Kind]
	if !known || len(w.Images) != 1 {
		return ""
	}
	image := w.Images[0]
	if !other.IsZero() {
		image = other
	}
	words := []string{w.Name, "--project=" + project, "--region=" + w.Region, "--image=" + image.String()}
	for i, word := range words {
		words[i] = shellescape.Quote(word)
	}
	return verb + " " + strings.Join(words, " ")
}
