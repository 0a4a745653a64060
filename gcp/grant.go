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

// editPolicy adds members to a policy, or takes some out, and leaves everything else in it as it was read. Somebody
// else's change in between makes Google refuse the write (ABORTED, by the etag); the policy is then read again and the
// edits made anew (iam-facts 6.2).
func (c *Cloud) editPolicy(ctx context.Context, b batch) {
	resource, planned := b[0].Resource, b.etag()
	what := "the policy of " + named(resource) + " was not changed"
	api, err := c.clients.holder(resource)
	if err != nil {
		b.ends(ending{state: model.StepFailed, message: err.Error()})
		return
	}
	sent := false // a write that got no answer may have been made
	for n := 0; ; n++ {
		policy, err := c.readPolicy(ctx, resource)
		if err != nil {
			b.ends(failed(what, err, resource.ReadPolicyPermission()).unless(sent))
			return
		}
		b = b.unshown(policyOf(policy), func(r *record) ending { return r.there(sent) })
		if end := unfit(what, spelled(policy.GetEtag()), planned); end.state != "" {
			b.ends(end.unless(sent))
			return
		}
		if b = c.unmoved(b, spelled(policy.GetEtag()), sent); len(b) == 0 {
			return
		}
		if err := b.announceEdits(policy); err != nil {
			b.ends(unrecorded(what, err).unless(sent))
			return
		}
		answer, err := api.SetIamPolicy(once(ctx), &iampb.SetIamPolicyRequest{Resource: resource.Path(), Policy: policy})
		if err == nil {
			b.written(spelled(answer.GetEtag()))
			c.verify(ctx, b)
			return
		}
		if len(b) > 1 && !sent && refused(err) {
			c.editOneByOne(ctx, b)
			return
		}
		sent = sent || unanswering(err)
		if !c.pace.again(err, n) || !pause(ctx, c.pace.redo, c.pace.redoMax, n) {
			b.ends(failed(what, err, resource.WritePolicyPermission()).unless(sent))
			return
		}
	}
}

// unfit gives the end of a change whose policy must not be written with that etag; none where it may be.
func unfit(what, etag, planned string) ending {
	switch {
	case etag == "":
		return ending{state: model.StepFailed, message: what + ": its policy came without an etag, and a write without one " +
			"would take away what others change meanwhile; make the change with the step's command"}
	case planned != "" && planned != etag:
		return ending{state: model.StepNotAllowed, cause: model.CausePolicyChanged, message: what + ": it moved since the plan was saved; make the plan anew"}
	}
	return ending{}
}

// editOneByOne is for a write that Google refused for what it says: one change of it may be to blame, and the others need
// not wait for it.
func (c *Cloud) editOneByOne(ctx context.Context, b batch) {
	for _, r := range b {
		c.editPolicy(ctx, batch{r})
	}
}

// unmoved are the changes that may be made in the policy of that etag. What takes a change back notes whether that is still
// as the journal left it, and ends where it was to be made only so.
func (c *Cloud) unmoved(b batch, etag string, sent bool) (left batch) {
	for _, r := range b {
		if r.Undoes != "" {
			ours := c.wrote(r.Undoes, etag)
			r.ours = &ours
		}
		if r.OnlyIfUnchanged && (r.ours == nil || !*r.ours) {
			r.end = ending{state: model.StepNotAllowed, cause: model.CausePolicyChanged, message: "nothing was changed: the policy of " +
				named(r.Resource) + " moved since you were asked; ask again"}.unless(sent)
			continue
		}
		left = append(left, r)
	}
	return left
}

// wrote tells whether nothing but the journal's own writes lies between an entry and the policy of that etag. A journal that
// can't be read tells nothing.
func (c *Cloud) wrote(entry, etag string) bool {
	h, _ := c.History() // then it is empty
	return h.Ours(entry, etag)
}

// Ours tells whether a binding is surely still as an entry of the journal left it.
func (c *Cloud) Ours(ctx context.Context, r model.Resource, entry string) (bool, error) {
	policy, err := c.readPolicy(ctx, r)
	if err != nil {
		return false, err
	}
	return c.wrote(entry, spelled(policy.GetEtag())), nil
}

func refused(err error) bool {
	code := troubleOf(err).code
	return code == codes.InvalidArgument || code == codes.FailedPrecondition
}

// etag is what the policy must have still at the first change.
func (b batch) etag() string { return b[0].Etag }

// written keeps the etag of what Google wrote.
func (b batch) written(etag string) {
	for _, r := range b {
		r.after = etag
	}
}

// announceEdits makes the edits in the message that was read, and puts them into the journal. The digest is that of the
// policy after all of them, for so it is found when a write is looked for.
func (b batch) announceEdits(policy *iampb.Policy) error {
	etag := spelled(policy.GetEtag())
	places := make([]journal.Edit, len(b))
	for i, r := range b {
		edit := policyOf(policy).EditFor(r.Step)
		places[i] = journal.Edit{Op: edit.Op, Binding: edit.BindingIndex}
		if edit.Op == model.EditAppend {
			places[i].Binding = len(policy.GetBindings())
		}
		makeEdit(policy, edit)
	}
	after := digest(policy)
	for i, r := range b {
		if err := r.announce(journal.Entry{Edit: &places[i], EtagBefore: etag, Digest: after}); err != nil {
			return err
		}
	}
	return nil
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
		return n+1 < 2*p.looks
	}
	return false
}

// unanswering tells the errors after which a write may have been made.
func unanswering(err error) bool {
	t := troubleOf(err)
	switch t.code {
	case codes.Unavailable, codes.DeadlineExceeded, codes.Canceled, codes.Internal, codes.Unknown:
		return true
	}
	return t.cut != "" // there was an answer, of which nothing was read
}

// there is the end when the policy was read as it should be: somebody else was first, or the unanswered write did
// arrive. To take back what is gone already would be to claim somebody else's change.
func (r *record) there(sent bool) ending {
	switch {
	case sent:
		return ending{state: model.StepDone, verified: true}
	case r.Undoes != "" && r.Kind == model.StepRevoke:
		return ending{state: model.StepNotAllowed, cause: model.CauseDoneByOthers, message: "nothing was changed: the binding is not there any more, somebody else took it away"}
	case r.Undoes != "":
		return ending{state: model.StepNotAllowed, cause: model.CauseDoneByOthers, message: "nothing was changed: the binding is there again, somebody else gave it back"}
	}
	return ending{state: model.StepAlready, verified: true}
}

// makeEdit makes the edit in the very message that was read, so that what this program has no word for stays too. Places
// and texts are kept by policyOf.
func makeEdit(p *iampb.Policy, e model.Edit) {
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
func (c *Cloud) verify(ctx context.Context, b batch) {
	resource := b[0].Resource
	for n := 0; ; n++ {
		policy, err := c.readPolicy(ctx, resource)
		if err != nil {
			b.ends(ending{state: model.StepDone, message: "Google took the change, but it could not be verified: " +
				askPolicy(resource).why(troubleOf(err)) + "; whopulls check looks again"})
			return
		}
		b = b.unshown(policyOf(policy), func(*record) ending { return ending{state: model.StepDone, verified: true} })
		if len(b) == 0 {
			return
		}
		if n+1 >= c.pace.looks || !pause(ctx, c.pace.redo, c.pace.redoMax, n) {
			b.ends(ending{state: model.StepFailed, taken: true, message: "Google took the change, but a fresh read of the policy of " +
				named(resource) + " does not show it; somebody may have taken it back: read the policy, then run the step again"})
			return
		}
	}
}
