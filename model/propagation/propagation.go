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
	Deployed *model.Readiness // what the workload said at the last look; nil: it was not read, or was never deployed
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
	Refused  Stage = "refused"  // a deploy after the change failed
)

// Stage judges what is known so long after the last change. A deploy proves something if the workload's own word on it is
// younger than the change.
func (a Aftermath) Stage(age time.Duration) Stage {
	if a.OnDeploy && a.Deployed != nil && a.Deployed.Time.After(a.Made) {
		if a.Deployed.Ready {
			return Proven
		}
		return Refused
	}
	switch {
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

// NextLook is how long to wait before looking again: until the next minute is full, or less where a test may say yes by then. The
// stages change at full minutes.
func (a Aftermath) NextLook(age time.Duration) time.Duration {
	const often = 10 * time.Second
	wait := time.Minute - max(age, 0)%time.Minute
	if a.Untested {
		return min(often, wait)
	}
	return wait
}

// DeployCommand is the gcloud command that deploys a workload as it is (gcloud reference: run deploy, run jobs deploy, beta run
// worker-pools deploy). It is empty where one command can't say that: with no image, or with several containers.
func DeployCommand(project string, w model.Workload) string {
	verbs := map[model.WorkloadKind]string{model.Service: "gcloud run deploy", model.Job: "gcloud run jobs deploy", model.WorkerPool: "gcloud beta run worker-pools deploy"}
	verb, known := verbs[w.Kind]
	if !known || len(w.Images) != 1 {
		return ""
	}
	words := []string{w.Name, "--project=" + project, "--region=" + w.Region, "--image=" + w.Images[0].String()}
	for i, word := range words {
		words[i] = shellescape.Quote(word)
	}
	return verb + " " + strings.Join(words, " ")
}
