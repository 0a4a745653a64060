package gcp

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"

	"whopulls/model"
)

// Perform makes the change of one step. It is the only function that changes anything in Google Cloud, and it asks the
// gate before anything else. What is about to be sent stands in the journal before it is sent; where the journal can't be
// written, nothing is.
//
// A change that has begun is brought to its end, whatever becomes of ctx: an end of ctx before that means that nothing
// was sent.
//
// The Outcome tells how the step ended, with a message wherever it did not happen. The error is set where that is not
// Google's answer to this step: a *model.Refusal of the gate, a kind of step that can't be performed, or the end of
// ctx.
func (c *Cloud) Perform(ctx context.Context, g model.Gate, w model.Write) (model.Outcome, error) {
	s := w.Step
	if err := g.Check(s); err != nil {
		return outcome(s, ending{state: model.StepNotAllowed, message: refusal(err)}), err
	}
	act, ok := acts[s.Kind]
	if !ok {
		err := fmt.Errorf("a step of kind %q can't be performed by this version of whopulls; make the change with gcloud", s.Kind)
		return outcome(s, ending{state: model.StepFailed, message: err.Error()}), err
	}
	if ctx.Err() != nil {
		return outcome(s, ending{state: model.StepSkipped, message: "interrupted before it began: nothing was changed"}),
			fmt.Errorf("step %s was interrupted: %w", s.ID, context.Cause(ctx))
	}
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.pace.step)
	defer cancel()
	r := &record{Write: w, cloud: c}
	return outcome(s, r.settle(act(c, limited, r))), nil
}

// acts says for every kind of step how it is made.
var acts = map[model.StepKind]func(*Cloud, context.Context, *record) ending{
	model.StepGrant:       (*Cloud).editPolicy,
	model.StepRevoke:      (*Cloud).editPolicy,
	model.StepEnableAPI:   (*Cloud).enableAPI,
	model.StepCreateAgent: (*Cloud).createAgent,
}

// ending is how a step ended.
type ending struct {
	state    model.StepState
	verified bool
	message  string
	taken    bool   // Google took the change, although it is not to be seen
	open     bool   // something was sent, and whether it was made is not known
	entry    string // the journal's
}

func outcome(s model.Step, e ending) model.Outcome {
	o := model.Outcome{Step: s, State: e.state, Verified: e.verified, Message: e.message}
	if e.entry != "" {
		o.Entry = &e.entry
	}
	return o
}

func refusal(err error) string {
	var hint interface{ Hint() string }
	if errors.As(err, &hint) {
		return err.Error() + "; " + hint.Hint()
	}
	return err.Error()
}

// failed tells what did not happen, why, and what to do next.
func failed(what string, err error, need model.Permission) ending {
	t := troubleOf(err)
	if t.code == codes.PermissionDenied && !t.disabled() {
		permission := firstOf(string(t.permission), string(need), "a permission that Google does not name")
		return ending{state: model.StepNotAllowed, message: fmt.Sprintf(
			"%s: you lack %s; ask somebody who holds it to run the step's command", what, permission)}
	}
	return ending{state: model.StepFailed, message: fmt.Sprintf("%s: %s; %s", what, t.cause(), t.next())}
}

// cause is why a write failed.
func (t trouble) cause() string {
	switch {
	case t.disabled():
		return fmt.Sprintf("the API %s is off in %s", firstOf(t.service, "that answers this"), projectWords(t.consumer))
	case t.code == codes.DeadlineExceeded:
		return "no answer came in time"
	case t.code == codes.Aborted:
		return "others kept changing the same policy"
	}
	return firstOf(t.message, t.code.String())
}

// next is what helps against a write that failed.
func (t trouble) next() string {
	switch {
	case t.disabled():
		return "enable the API, wait a minute and run the step again"
	case t.code == codes.FailedPrecondition:
		return "if an organization policy forbids it, its administrator can allow it"
	case t.code == codes.InvalidArgument:
		return "check that the member exists: an agent that was never created can't be granted anything"
	case t.code == codes.NotFound:
		return "check that the resource is still there"
	case t.code == codes.ResourceExhausted:
		return "wait some minutes and run the step again"
	case t.code == codes.Unauthenticated:
		return "sign in again with: gcloud auth application-default login"
	case t.unreachable():
		return "whether the change was made is not known; run the step again, it is safe to repeat"
	}
	return "run the step again; it is safe to repeat"
}
