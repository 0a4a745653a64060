package gcp

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"

	"whopulls/model"
)

// Perform makes the change of one step. It is the only function that changes anything in Google Cloud, and it asks the
// gate before anything else.
//
// The Outcome tells how the step ended, with a message wherever it did not happen. The error is set where that is not
// Google's answer to this step: a *model.Refusal of the gate, a kind of step that can't be performed, or the end of
// ctx.
func (c *Cloud) Perform(ctx context.Context, g model.Gate, s model.Step) (model.Outcome, error) {
	if err := g.Check(s); err != nil {
		return outcome(s, ending{state: model.StepNotAllowed, message: refusal(err)}), err
	}
	act, ok := acts[s.Kind]
	if !ok {
		err := fmt.Errorf("a step of kind %q can't be performed by this version of whopulls; make the change with gcloud", s.Kind)
		return outcome(s, ending{state: model.StepFailed, message: err.Error()}), err
	}
	limited, cancel := context.WithTimeout(ctx, c.pace.step)
	defer cancel()
	end := act(c, limited, s)
	if ctx.Err() != nil && end.state == model.StepFailed {
		end.message = "interrupted: whether the change was made is not known; whopulls check tells"
		return outcome(s, end), fmt.Errorf("step %s was interrupted: %w", s.ID, context.Cause(ctx))
	}
	return outcome(s, end), nil
}

// acts says for every kind of step how it is made.
var acts = map[model.StepKind]func(*Cloud, context.Context, model.Step) ending{
	model.StepGrant:       (*Cloud).grant,
	model.StepEnableAPI:   (*Cloud).enableAPI,
	model.StepCreateAgent: (*Cloud).createAgent,
}

// ending is how a step ended.
type ending struct {
	state    model.StepState
	verified bool
	message  string
}

func outcome(s model.Step, e ending) model.Outcome {
	return model.Outcome{Step: s, State: e.state, Verified: e.verified, Message: e.message}
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
