package world

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/genproto/googleapis/type/expr"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
)

// Policy gives a resource's allow policy as a read for that policy version
// shows it: conditions only with version 3. The resource must exist.
func (w *World) Policy(full string, version int32) (*iampb.Policy, error) {
	if version < 0 || version == 2 || version > 3 {
		return nil, status.Errorf(codes.InvalidArgument, "Requested policy version (%d) must be 0, 1 or 3.", version)
	}
	full = w.Canonical(full)
	w.mu.RLock()
	defer w.mu.RUnlock()
	s := w.policies[full]
	if s == nil {
		return nil, status.Errorf(codes.NotFound, "%s does not exist.", full)
	}
	return policyForVersion(full, s, version), nil
}

// Bindings are those of a resource's policy as last written, to be read and
// not changed; none when there is no such resource.
func (w *World) Bindings(full string) []*iampb.Binding {
	full = w.Canonical(full)
	w.mu.RLock()
	defer w.mu.RUnlock()
	if s := w.policies[full]; s != nil {
		return s.policy.Bindings
	}
	return nil
}

// policyForVersion copies a stored policy out. Without conditions the version is 1
// whatever was asked; with them, an older reader sees the role's name with a
// suffix and no condition.
func policyForVersion(full string, s *storedPolicy, version int32) *iampb.Policy {
	p := proto.Clone(s.policy).(*iampb.Policy)
	p.Etag = etag(full, s)
	p.Version = 1
	if !hasConditions(p) {
		return p
	}
	if version >= 3 {
		p.Version = 3
		return p
	}
	for _, b := range p.Bindings {
		if b.Condition != nil {
			b.Role += withCondSuffix + conditionHash(b.Condition)
			b.Condition = nil
		}
	}
	return p
}

const withCondSuffix = "_withcond_"

func conditionHash(c *expr.Expr) string {
	sum := sha256.Sum256([]byte(c.Title + "\x00" + c.Description + "\x00" + c.Expression))
	return fmt.Sprintf("%x", sum[:10])
}

func hasConditions(p *iampb.Policy) bool {
	return slices.ContainsFunc(p.Bindings, func(b *iampb.Binding) bool { return b.Condition != nil })
}

// etag is made from the content and the number of writes. It changes with each write, and is the same in
// every sandbox with the same writes.
func etag(full string, s *storedPolicy) []byte {
	content, err := proto.MarshalOptions{Deterministic: true}.Marshal(s.policy)
	if err != nil {
		panic("world: a stored policy cannot be encoded: " + err.Error()) // only invalid UTF-8 could do it, and requests with it never arrive
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%s", full, s.writes, content))
	return sum[:8]
}

// SetPolicy replaces a resource's policy as setIamPolicy does. mask lists the
// policy's fields to take; none stands for bindings (and etag), so that audit
// configs stay. It gives the policy as a version 3 read shows it.
func (w *World) SetPolicy(full string, requested *iampb.Policy, mask []string) (*iampb.Policy, error) {
	full = w.Canonical(full)
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.policies[full]
	if s == nil {
		return nil, status.Errorf(codes.NotFound, "%s does not exist.", full)
	}
	next, err := mergePolicy(s.policy, requested, mask)
	if err != nil {
		return nil, err
	}
	if err := checkEtag(full, s, requested); err != nil {
		return nil, err
	}
	if err := w.checkPolicy(full, s.policy, next); err != nil {
		return nil, err
	}
	w.replacePolicy(s, next)
	return policyForVersion(full, s, 3), nil
}

func checkEtag(full string, s *storedPolicy, requested *iampb.Policy) error {
	if len(requested.GetEtag()) > 0 && string(requested.Etag) != string(etag(full, s)) {
		return status.Error(codes.Aborted,
			"There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.")
	}
	return nil
}

// mergePolicy makes the policy that a write leaves: the asked fields over the ones
// that were there.
func mergePolicy(old, requested *iampb.Policy, mask []string) (*iampb.Policy, error) {
	next := &iampb.Policy{Bindings: cloneMessages(old.Bindings), AuditConfigs: cloneMessages(old.AuditConfigs)}
	if len(mask) == 0 {
		mask = []string{"bindings", "etag"}
	}
	for _, path := range mask {
		switch path {
		case "bindings":
			bindings, err := newBindings(old, requested)
			if err != nil {
				return nil, err
			}
			next.Bindings = bindings
		case "audit_configs", "auditConfigs":
			next.AuditConfigs = cloneMessages(requested.GetAuditConfigs())
		case "etag", "version":
		default:
			return nil, status.Errorf(codes.InvalidArgument, "Update mask %q is not a field of a policy; it has bindings, audit_configs and etag.", path)
		}
	}
	return next, nil
}

// cloneMessages copies a list of messages deeply.
func cloneMessages[M proto.Message](list []M) []M {
	copied := make([]M, len(list))
	for i, m := range list {
		copied[i] = proto.Clone(m).(M)
	}
	return copied
}

// newBindings takes over the asked bindings. A write below version 3 over a policy with conditions is refused
// if it has an etag. Without an etag it loses the conditions, as Google documents. A binding left without
// members goes away.
func newBindings(old, requested *iampb.Policy) ([]*iampb.Binding, error) {
	if requested.GetVersion() < 3 {
		if hasConditions(requested) {
			return nil, status.Error(codes.InvalidArgument, "Policies with conditions must be written with version 3; set the policy's version field to 3.")
		}
		if hasConditions(old) && len(requested.GetEtag()) > 0 {
			return nil, status.Error(codes.InvalidArgument, "The policy has conditions and must be written with version 3; read it with requested policy version 3, then set its version field to 3.")
		}
	}
	bindings := make([]*iampb.Binding, 0, len(requested.GetBindings()))
	for _, b := range cloneMessages(requested.GetBindings()) {
		b.Role = stripConditionHash(b.Role)
		if len(b.Members) > 0 {
			bindings = append(bindings, b)
		}
	}
	return bindings, nil
}
