package gcp

import (
	"context"
	"encoding/base64"
	"slices"

	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/genproto/googleapis/type/expr"
	"google.golang.org/grpc/codes"

	"whopulls/gcp/journal"
	"whopulls/model"
)

// editPolicy adds one member to a policy, or takes one out, and leaves everything else in it as it was read. Somebody
// else's change in between makes Google refuse the write (ABORTED, by the etag); the policy is then read again and the
// edit made anew (iam-facts 6.2).
func (c *Cloud) editPolicy(ctx context.Context, r *record) ending {
	what := "the policy of " + named(r.Resource) + " was not changed"
	api, err := c.clients.holder(r.Resource)
	if err != nil {
		return ending{state: model.StepFailed, message: err.Error()}
	}
	sent := false // a write that got no answer may have been made
	for n := 0; ; n++ {
		policy, err := c.readPolicy(ctx, r.Resource)
		if err != nil {
			return failed(what, err, r.Resource.ReadPolicyPermission()).unless(sent)
		}
		edit := policyOf(policy).Edit(r.Step)
		if edit.Op == model.EditNone {
			return r.there(sent)
		}
		if etag := spelled(policy.GetEtag()); r.Etag != "" && etag != r.Etag {
			return ending{state: model.StepNotAllowed, message: what + ": it moved since the plan was saved; make the plan anew"}
		}
		if err := r.announceEdit(policy, edit); err != nil {
			return unrecorded(what, err).unless(sent)
		}
		answer, err := api.SetIamPolicy(once(ctx), &iampb.SetIamPolicyRequest{Resource: r.Resource.Path(), Policy: policy})
		if err == nil {
			r.after = spelled(answer.GetEtag())
			return c.verify(ctx, r.Step)
		}
		sent = sent || unanswering(err)
		if !c.pace.again(err, n) || !pause(ctx, c.pace.redo, c.pace.redoMax, n) {
			return failed(what, err, r.Resource.WritePolicyPermission()).unless(sent)
		}
	}
}

// announceEdit makes the edit in the message that was read, and puts it into the journal.
func (r *record) announceEdit(policy *iampb.Policy, edit model.Edit) error {
	etag := spelled(policy.GetEtag())
	place := &journal.Edit{Op: edit.Op, Binding: edit.Binding}
	if edit.Op == model.EditAppend {
		place.Binding = len(policy.GetBindings())
	}
	makeEdit(policy, edit)
	return r.announce(journal.Entry{Edit: place, EtagBefore: etag, Digest: digest(policy)})
}

// spelled is an etag as the JSON API spells it.
func spelled(etag []byte) string { return base64.StdEncoding.EncodeToString(etag) }

// again tells whether reading, editing and writing once more can help: after somebody else's change, when nobody
// answered, and for a while when the server is in trouble or the quota is used up. The etag keeps a write that did arrive
// from being made twice.
func (p pace) again(err error, n int) bool {
	switch troubleOf(err).code {
	case codes.Aborted, codes.Unavailable:
		return true
	case codes.Internal, codes.Unknown, codes.ResourceExhausted:
		return n+1 < 2*p.attempts
	}
	return false
}

// unanswering tells the errors after which a write may have been made.
func unanswering(err error) bool {
	switch troubleOf(err).code {
	case codes.Unavailable, codes.DeadlineExceeded, codes.Canceled, codes.Internal, codes.Unknown:
		return true
	}
	return false
}

// there is the end when the policy was read as it should be: somebody else was first, or the unanswered write did
// arrive. To take back what is gone already would be to claim somebody else's change.
func (r *record) there(sent bool) ending {
	switch {
	case sent:
		return ending{state: model.StepDone, verified: true}
	case r.Undoes != "" && r.Kind == model.StepRevoke:
		return ending{state: model.StepNotAllowed, message: "nothing was changed: the binding is not there any more, somebody else took it away"}
	case r.Undoes != "":
		return ending{state: model.StepNotAllowed, message: "nothing was changed: the binding is there again, somebody else gave it back"}
	}
	return ending{state: model.StepAlready, verified: true}
}

// makeEdit makes the edit in the very message that was read, so that what this program has no word for stays too. Places
// are kept by policyOf; a member is found as it was cleaned there.
func makeEdit(p *iampb.Policy, e model.Edit) {
	p.Version = policyVersion
	switch e.Op {
	case model.EditExtend:
		p.Bindings[e.Binding].Members = append(p.Bindings[e.Binding].Members, string(e.Member))
	case model.EditAppend:
		p.Bindings = append(p.Bindings, &iampb.Binding{Role: e.Role, Members: []string{string(e.Member)}, Condition: exprOf(e.Condition)})
	case model.EditShrink:
		b := p.Bindings[e.Binding]
		at := slices.IndexFunc(b.Members, func(m string) bool { return clean(m) == string(e.Member) })
		b.Members = slices.Delete(b.Members, at, at+1)
	case model.EditDrop:
		p.Bindings = slices.Delete(p.Bindings, e.Binding, e.Binding+1)
	}
}

func exprOf(c *model.Condition) *expr.Expr {
	if c == nil {
		return nil
	}
	return &expr.Expr{Title: c.Title, Description: c.Description, Expression: c.Expression}
}

// verify reads the policy afresh. Google's reads can lag behind its writes, so it looks a few times before it
// says that the binding is not there.
func (c *Cloud) verify(ctx context.Context, s model.Step) ending {
	for n := 0; ; n++ {
		policy, err := c.readPolicy(ctx, s.Resource)
		if err != nil {
			return ending{state: model.StepDone, message: "Google took the change, but it could not be verified: " +
				askPolicy(s.Resource).why(troubleOf(err)) + "; whopulls check looks again"}
		}
		if policyOf(policy).Edit(s).Op == model.EditNone {
			return ending{state: model.StepDone, verified: true}
		}
		if n+1 >= c.pace.attempts || !pause(ctx, c.pace.redo, c.pace.redoMax, n) {
			return ending{state: model.StepFailed, taken: true, message: "Google took the change, but a fresh read of the policy of " +
				named(s.Resource) + " does not show it; somebody may have taken it back: read the policy, then run the step again"}
		}
	}
}
