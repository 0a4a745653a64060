package gcp

import (
	"context"

	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/grpc/codes"

	"whopulls/model"
)

// grant adds one member to a policy and leaves everything else in it as it was read. Somebody else's change in between
// makes Google refuse the write (ABORTED, by the etag); the policy is then read again and the edit made anew
// (iam-facts 6.2).
func (c *Cloud) grant(ctx context.Context, s model.Step) ending {
	what := "the policy of " + named(s.Resource) + " was not changed"
	api, err := c.clients.holder(s.Resource)
	if err != nil {
		return ending{state: model.StepFailed, message: err.Error()}
	}
	sent := false // a write that got no answer may have been made
	for n := 0; ; n++ {
		policy, err := c.readPolicy(ctx, s.Resource)
		if err != nil {
			return failed(what, err, s.Resource.ReadPolicyPermission())
		}
		edit := policyOf(policy).Grant(s.Role, s.Member)
		if edit.Op == model.EditNone {
			return there(sent)
		}
		makeEdit(policy, edit)
		_, err = api.SetIamPolicy(once(ctx), &iampb.SetIamPolicyRequest{Resource: s.Resource.Path(), Policy: policy})
		if err == nil {
			return c.verifyGrant(ctx, s)
		}
		sent = sent || troubleOf(err).unreachable()
		if !redo(err) || !pause(ctx, c.pace.redo, c.pace.redoMax, n) {
			return failed(what, err, s.Resource.WritePolicyPermission())
		}
	}
}

// redo tells whether reading, editing and writing again can help: after somebody else's change, and when nobody
// answered. The etag keeps a write that did arrive from being made twice.
func redo(err error) bool {
	code := troubleOf(err).code
	return code == codes.Aborted || code == codes.Unavailable
}

// there is the end when the binding was read: somebody gave it before, or the unanswered write did arrive.
func there(sent bool) ending {
	if sent {
		return ending{state: model.StepDone, verified: true}
	}
	return ending{state: model.StepAlready, verified: true}
}

// makeEdit makes the edit in the very message that was read, so that what this program has no word for stays too.
func makeEdit(p *iampb.Policy, e model.Edit) {
	p.Version = policyVersion
	switch e.Op {
	case model.EditExtend:
		p.Bindings[e.Binding].Members = append(p.Bindings[e.Binding].Members, string(e.Member))
	case model.EditAppend:
		p.Bindings = append(p.Bindings, &iampb.Binding{Role: e.Role, Members: []string{string(e.Member)}})
	}
}

// verifyGrant reads the policy afresh. Google's reads can lag behind its writes, so it looks a few times before it
// says that the binding is not there.
func (c *Cloud) verifyGrant(ctx context.Context, s model.Step) ending {
	for n := 0; ; n++ {
		policy, err := c.readPolicy(ctx, s.Resource)
		if err != nil {
			return ending{state: model.StepDone, message: "Google took the change, but it could not be verified: " +
				askPolicy(s.Resource).why(troubleOf(err)) + "; whopulls check looks again"}
		}
		if policyOf(policy).Holds(s.Role, s.Member) {
			return ending{state: model.StepDone, verified: true}
		}
		if n+1 >= c.pace.attempts || !pause(ctx, c.pace.redo, c.pace.redoMax, n) {
			return ending{state: model.StepFailed, message: "Google took the change, but a fresh read of the policy of " +
				named(s.Resource) + " does not show it; somebody may have taken it back: read the policy, then run the step again"}
		}
	}
}
