package gcp

import (
	"context"
	"encoding/base64"
	"slices"

	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/genproto/googleapis/type/expr"
	"google.golang.org/grpc/codes"

	"whopulls/gcp/transport"
	"whopulls/model"
	"whopulls/model/ledger"
)

// editPolicy adds members to a policy, or takes some out, and leaves everything else in it as it was read. If
// somebody else changed the policy in between, Google refuses the write (ABORTED, by the etag). Then the
// policy is read again and the edits are made again (iam-facts 6.2).
func (c *Cloud) editPolicy(ctx context.Context, b changes) {
	resource, planned := b[0].Resource, b.plannedEtag()
	what := "the policy of " + describe(resource) + " was not changed"
	api, err := c.clients.PolicyAPI(resource)
	if err != nil {
		b.setResult(result{state: model.StepFailed, message: err.Error()})
		return
	}
	unanswered := false // a write that got no answer may have been made
	for n := 0; ; n++ {
		policy, err := c.readPolicy(ctx, resource)
		if err != nil {
			b.setResult(failedResult(what, err, resource.ReadPolicyPermission()).unresolvedIf(unanswered))
			return
		}
		b = b.notYetApplied(policyOf(policy), func(r *change) result { return r.alreadyApplied(unanswered) })
		if end := checkEtag(what, encodeEtag(policy.GetEtag()), planned); end.state != "" {
			b.setResult(end.unresolvedIf(unanswered))
			return
		}
		if b = c.rejectMoved(b, encodeEtag(policy.GetEtag()), unanswered); len(b) == 0 {
			return
		}
		if err := b.announceEdits(policy); err != nil {
			b.setResult(notJournaled(what, err).unresolvedIf(unanswered))
			return
		}
		answer, err := api.SetIamPolicy(transport.WithCallOptions(ctx, transport.CallOptions{NoRetry: true}), &iampb.SetIamPolicyRequest{Resource: resource.Path(), Policy: policy})
		if err == nil {
			b.setEtagAfter(encodeEtag(answer.GetEtag()))
			c.verify(ctx, b)
			return
		}
		if len(b) > 1 && !unanswered && isRejected(err) {
			c.editOneByOne(ctx, b)
			return
		}
		unanswered = unanswered || mayHaveArrived(err)
		if !c.timing.shouldRetryWrite(err, n) || !transport.WaitBackoff(ctx, c.timing.conflictDelay, c.timing.maxConflictDelay, n) {
			b.setResult(failedResult(what, err, resource.WritePolicyPermission()).unresolvedIf(unanswered))
			return
		}
	}
}

// checkEtag gives the end of a change whose policy must not be written with that etag; none where it may be.
func checkEtag(what, etag, planned string) result {
	switch {
	case etag == "":
		return result{state: model.StepFailed, message: what + ": its policy came without an etag, and a write without one " +
			"could undo what others change in the meantime; make the change with the step's command"}
	case planned != "" && planned != etag:
		return result{state: model.StepNotAllowed, cause: model.CausePolicyChanged, message: what + ": it changed since the plan was saved; make the plan again"}
	}
	return result{}
}

// editOneByOne is for a write that Google refused for its content. One change may be to blame, and the others
// don't have to wait for it.
func (c *Cloud) editOneByOne(ctx context.Context, b changes) {
	for _, r := range b {
		c.editPolicy(ctx, changes{r})
	}
}

// rejectMoved are the changes that may be made in the policy of that etag. What takes a change back notes whether that is still
// as the journal left it, and ends where it was to be made only so.
func (c *Cloud) rejectMoved(b changes, etag string, unanswered bool) (left changes) {
	for _, r := range b {
		if r.Undoes != "" {
			ours := c.untouchedSince(r.Undoes, etag)
			r.untouched = &ours
		}
		if r.OnlyIfUnchanged && (r.untouched == nil || !*r.untouched) {
			r.result = result{state: model.StepNotAllowed, cause: model.CausePolicyChanged, message: "nothing was changed: the policy of " +
				describe(r.Resource) + " changed since you were asked; ask again"}.unresolvedIf(unanswered)
			continue
		}
		left = append(left, r)
	}
	return left
}

// untouchedSince reports whether nothing but the journal's own writes lies between an entry and the policy of that etag. A journal that
// can't be read tells nothing.
func (c *Cloud) untouchedSince(entry, etag string) bool {
	h, _ := c.History() // then it is empty
	return h.UntouchedSince(entry, etag)
}

// UntouchedSince reports whether a binding is surely still as an entry of the journal left it.
func (c *Cloud) UntouchedSince(ctx context.Context, r model.Resource, entry string) (bool, error) {
	policy, err := c.readPolicy(ctx, r)
	if err != nil {
		return false, err
	}
	return c.untouchedSince(entry, encodeEtag(policy.GetEtag())), nil
}

func isRejected(err error) bool {
	code := transport.ParseError(err).Code
	return code == codes.InvalidArgument || code == codes.FailedPrecondition
}

// plannedEtag is what the policy must have still at the first change.
func (b changes) plannedEtag() string { return b[0].Etag }

// setEtagAfter keeps the etag of what Google wrote.
func (b changes) setEtagAfter(etag string) {
	for _, r := range b {
		r.etagAfter = etag
	}
}

// announceEdits makes the edits in the message that was read, and puts them into the journal. The digest is that of the
// policy after all of them, for so it is found when a write is looked for.
func (b changes) announceEdits(policy *iampb.Policy) error {
	etag := encodeEtag(policy.GetEtag())
	edits := make([]ledger.Edit, len(b))
	for i, r := range b {
		edit := policyOf(policy).EditFor(r.Step)
		edits[i] = ledger.Edit{Op: edit.Op, Binding: edit.BindingIndex}
		if edit.Op == model.EditAppend {
			edits[i].Binding = len(policy.GetBindings())
		}
		applyEdit(policy, edit)
	}
	after := policyDigest(policy)
	for i, r := range b {
		if err := r.announce(ledger.Entry{Edit: &edits[i], EtagBefore: etag, Digest: after}); err != nil {
			return err
		}
	}
	return nil
}

// encodeEtag is an etag as the JSON API spells it.
func encodeEtag(etag []byte) string { return base64.StdEncoding.EncodeToString(etag) }

// shouldRetryWrite reports whether reading, editing and writing once more can help. It can after somebody
// else's change and when nobody answered. For a while it can also help when the server is in trouble or the
// quota is used up. The etag keeps a write that did arrive from being made twice.
func (p timing) shouldRetryWrite(err error, n int) bool {
	switch transport.ParseError(err).Code {
	case codes.Aborted, codes.Unavailable:
		return true
	case codes.Internal, codes.Unknown, codes.ResourceExhausted:
		return n+1 < 2*p.verifyAttempts
	}
	return false
}

// mayHaveArrived tells the errors after which a write may have been made.
func mayHaveArrived(err error) bool {
	t := transport.ParseError(err)
	switch t.Code {
	case codes.Unavailable, codes.DeadlineExceeded, codes.Canceled, codes.Internal, codes.Unknown:
		return true
	}
	return t.Exceeded != "" // there was an answer, of which nothing was read
}

// alreadyApplied is the end when the policy was read as it should be: somebody else was first, or the unanswered write did
// arrive. To take back what is gone already would be to claim somebody else's change.
func (r *change) alreadyApplied(unanswered bool) result {
	switch {
	case unanswered:
		return result{state: model.StepDone, verified: true}
	case r.Undoes != "" && r.Kind == model.StepRevoke:
		return result{state: model.StepNotAllowed, cause: model.CauseDoneByOthers, message: "nothing was changed: somebody else has removed the binding already"}
	case r.Undoes != "":
		return result{state: model.StepNotAllowed, cause: model.CauseDoneByOthers, message: "nothing was changed: somebody else has added the binding again"}
	}
	return result{state: model.StepAlready, verified: true}
}

// applyEdit makes the edit in the very message that was read, so that what this program has no word for stays too. Places
// and texts are kept by policyOf.
func applyEdit(p *iampb.Policy, e model.Edit) {
	p.Version = policyVersion
	switch e.Op {
	case model.EditExtend:
		p.Bindings[e.BindingIndex].Members = append(p.Bindings[e.BindingIndex].Members, string(e.Member))
	case model.EditAppend:
		p.Bindings = append(p.Bindings, &iampb.Binding{Role: e.Role, Members: []string{string(e.Member)}, Condition: exprOf(e.Condition)})
	case model.EditShrink:
		b := p.Bindings[e.BindingIndex]
		at := slices.Index(b.Members, string(e.Member))
		b.Members = slices.Delete(b.Members, at, at+1)
	case model.EditDrop:
		p.Bindings = slices.Delete(p.Bindings, e.BindingIndex, e.BindingIndex+1)
	}
}

func exprOf(c *model.Condition) *expr.Expr {
	if c == nil {
		return nil
	}
	return &expr.Expr{Title: c.Title, Description: c.Description, Expression: c.Expression, Location: c.Location}
}

// verify reads the policy afresh. Google's reads can lag behind its writes, so it looks a few times before it
// says that a change is not there.
func (c *Cloud) verify(ctx context.Context, b changes) {
	resource := b[0].Resource
	for n := 0; ; n++ {
		policy, err := c.readPolicy(ctx, resource)
		if err != nil {
			b.setResult(result{state: model.StepDone, message: "Google took the change, but it could not be verified: " +
				policyOperation(resource).reason(transport.ParseError(err)) + "; whopulls check looks again"})
			return
		}
		b = b.notYetApplied(policyOf(policy), func(*change) result { return result{state: model.StepDone, verified: true} })
		if len(b) == 0 {
			return
		}
		if n+1 >= c.timing.verifyAttempts || !transport.WaitBackoff(ctx, c.timing.conflictDelay, c.timing.maxConflictDelay, n) {
			b.setResult(result{state: model.StepFailed, accepted: true, message: "Google took the change, but a fresh read of the policy of " +
				describe(resource) + " does not show it; somebody may have taken it back: read the policy, then run the step again"})
			return
		}
	}
}
