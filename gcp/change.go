package gcp

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc/codes"

	"whopulls/gcp/transport"
	"whopulls/guard"
	"whopulls/model"
)

// Perform makes changes. It is the only function that changes anything in Google Cloud, and it asks the gate before
// anything else, for each change of its own. What is about to be sent stands in the journal before it is sent; where the
// journal can't be written, nothing is.
//
// Changes of one policy go there in one write, those of different resources side by side: none of them may wait for
// another. A change that has begun is brought to its end, whatever becomes of ctx: an end of ctx before that means that
// nothing was sent.
//
// There is an Outcome for each change, in their order, that says how it ended, with a message wherever it did
// not happen. The error joins the errors that are not Google's: a *model.Refusal of the gate, a step that
// can't be performed, or the end of ctx.
func (c *Cloud) Perform(ctx context.Context, g model.Gate, ws []model.Write) ([]model.Outcome, error) {
	records := make(changes, len(ws))
	var admitted changes
	var errs []error
	for i, w := range ws {
		records[i] = &change{Write: w, cloud: c}
		end, err := c.admit(ctx, g, w.Step)
		if err != nil {
			records[i].result = end
			errs = append(errs, err)
			continue
		}
		admitted = append(admitted, records[i])
	}
	c.perform(ctx, admitted)
	outcomes := make([]model.Outcome, len(ws))
	for i, r := range records {
		outcomes[i] = r.outcome()
	}
	return outcomes, errors.Join(errs...)
}

// maxParallelWrites is how many writes are under way at a time.
const maxParallelWrites = 4

func (c *Cloud) perform(ctx context.Context, admitted changes) {
	var all errgroup.Group
	all.SetLimit(maxParallelWrites)
	for _, b := range admitted.groupByPolicy() {
		all.Go(guard.Task(func() error {
			limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.timing.stepTimeout)
			defer cancel()
			guard.Write(len(b), func() {
				stepFuncs[b[0].Kind](c, limited, b)
				for _, r := range b {
					r.writeResult()
				}
			})
			return nil
		}))
	}
	_ = all.Wait() // what went wrong is in the records
}

// admit says why a change is not even begun.
func (c *Cloud) admit(ctx context.Context, g model.Gate, s model.Step) (result, error) {
	if err := g.AllowStep(s); err != nil {
		return result{state: model.StepNotAllowed, message: model.ErrorWithHint(err)}, err
	}
	if _, ok := stepFuncs[s.Kind]; !ok {
		err := fmt.Errorf("a step of kind %q can't be performed by this version of whopulls; make the change with gcloud", s.Kind)
		return result{state: model.StepFailed, message: err.Error()}, err
	}
	if ctx.Err() != nil {
		return result{state: model.StepSkipped, cause: model.CauseInterrupted, message: "interrupted before it began: nothing was changed"},
			fmt.Errorf("step %s was interrupted: %w", s.ID, context.Cause(ctx))
	}
	if err := g.AllowResource(s.Resource, c.ProjectOf(ctx, s.Resource)); err != nil {
		return result{state: model.StepNotAllowed, message: model.ErrorWithHint(err)}, err
	}
	return result{}, nil
}

// stepFuncs says for every kind of step how it is made.
var stepFuncs = map[model.StepKind]func(*Cloud, context.Context, changes){
	model.StepGrant:       (*Cloud).editPolicy,
	model.StepRevoke:      (*Cloud).editPolicy,
	model.StepEnableAPI:   asSingle((*Cloud).enableAPI),
	model.StepCreateAgent: asSingle((*Cloud).createAgent),
}

// asSingle is for what is no edit of a policy: see [batch.writes].
func asSingle(act func(*Cloud, context.Context, *change) result) func(*Cloud, context.Context, changes) {
	return func(c *Cloud, ctx context.Context, b changes) { b[0].result = act(c, ctx, b[0]) }
}

// result is how a step ended.
type result struct {
	state      model.StepState
	verified   bool
	cause      model.Cause
	message    string
	accepted   bool // Google took the change, although it is not to be seen
	unresolved bool // something was sent, and whether it was made is not known
}

// failedResult says what did not happen, why, and what to do next.
func failedResult(what string, err error, need model.Permission) result {
	t := transport.ParseError(err)
	if lacked, ok := t.MissingPermission(need); ok {
		permission, next := cmp.Or(string(lacked), "a permission that Google does not name"), "ask somebody who holds it to run the step's command"
		if t.DeniedQuotaProject() != "" {
			permission, next = permission+" on project "+t.DeniedQuotaProject(), t.Advice().String()
		}
		return result{state: model.StepNotAllowed, message: fmt.Sprintf("%s: you lack %s; %s", what, permission, next)}
	}
	return result{state: model.StepFailed, message: fmt.Sprintf("%s: %s; %s", what, writeFailure(t), writeAdvice(t))}
}

// writeFailure is why a write failed.
func writeFailure(t transport.APIError) string {
	switch {
	case t.IsAPIDisabled():
		return fmt.Sprintf("the API %s is off in %s", cmp.Or(t.API, "that answers this"), describeProject(t.Consumer))
	case t.PerimeterID != "":
		return "VPC Service Controls refuses it (identifier " + t.PerimeterID + ")"
	case t.Code == codes.DeadlineExceeded:
		return "no answer came in time"
	case t.Code == codes.Aborted:
		return "others kept changing the same policy"
	}
	return cmp.Or(t.Message, t.Code.String())
}

// writeAdvice is what helps against a write that failed.
func writeAdvice(t transport.APIError) string {
	switch {
	case t.IsAPIDisabled() && t.API != "":
		return "enable the API with " + t.Advice().String() + ", wait a minute and run the step again"
	case t.IsAPIDisabled():
		return "enable the API, wait a minute and run the step again"
	case t.PerimeterID != "":
		return t.Advice().String()
	case t.Code == codes.FailedPrecondition, t.Code == codes.InvalidArgument:
		return refusalAdvice(t.Message)
	case t.Code == codes.NotFound:
		return "check that the resource is still there"
	case t.Code == codes.ResourceExhausted:
		return t.Advice().String() + "; then run the step again"
	case t.Code == codes.Unauthenticated:
		return "sign in again with: " + t.Advice().String()
	case t.IsUnreachable(), t.Exceeded != "":
		return "whether the change was made is not known; run the step again, it is safe to repeat"
	}
	return "run the step again; it is safe to repeat"
}

// refusals are Google's messages about policies that it refuses, and what clears the way (iam-facts 6.3, 6.6). The first
// phrase that the message holds decides.
var refusals = []struct{ phrase, next string }{
	{"deleted", "the policy holds or was given a member that was deleted: remove the deleted: entry with gcloud, then run the step again"},
	{"permitted customer", "domain restricted sharing refuses the member: an organization policy administrator can allow it (constraints/iam.allowedPolicyMemberDomains)"},
	{"allowedPolicyMember", "domain restricted sharing refuses the member: an organization policy administrator can allow it"},
	{"organization policy", "an organization policy forbids it; its administrator can allow it"},
	{"does not exist", "create the member first: an agent or account that is not there can't be granted anything"},
	{"must be of type", "the member's kind is wrong: check whether it is a user, a group or a service account"},
	{"number of members", "the policy is full: remove members that no longer need it, or grant to a group that holds them"},
	{"too many", "the policy is full: remove members that no longer need it, or grant to a group that holds them"},
	{"exceed", "the policy is full: remove members that no longer need it, or grant to a group that holds them"},
	{"ondition", "a condition prevents it: look at the policy's conditions with gcloud"},
}

// refusalAdvice says what would clear the way after a refusal.
func refusalAdvice(message string) string {
	for _, r := range refusals {
		if strings.Contains(message, r.phrase) {
			return r.next
		}
	}
	return "read the policy with gcloud, fix what Google names, and run the step again"
}
