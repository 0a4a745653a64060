package world

import (
	"time"

	"cloud.google.com/go/iam/apiv1/iampb"
)

// supersededPolicy is a policy with another written over it, which decides until that
// moment all the same.
type supersededPolicy struct {
	policy       *iampb.Policy
	decidesUntil time.Time
}

// SetPropagation makes each policy that is written from now on take effect only after that time. As with
// Google, a policy is read back at once, but takes a while to reach what checks access. now is the clock; nil
// is the real one.
func (w *World) SetPropagation(delay time.Duration, now func() time.Time) {
	if now == nil {
		now = time.Now
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.propagationDelay, w.now = delay, now
}

// replacePolicy writes a policy over another.
func (w *World) replacePolicy(s *storedPolicy, next *iampb.Policy) {
	if w.propagationDelay > 0 {
		now := w.now()
		for len(s.older) > 0 && !now.Before(s.older[0].decidesUntil) {
			s.older = s.older[1:]
		}
		s.older = append(s.older, supersededPolicy{s.policy, now.Add(w.propagationDelay)})
	}
	s.policy = next
	s.writes++
}

// effectivePolicy is the policy that decides now: the oldest whose successor has not
// arrived yet, else the one last written.
func (w *World) effectivePolicy(s *storedPolicy) *iampb.Policy {
	if len(s.older) == 0 {
		return s.policy
	}
	now := w.now()
	for _, o := range s.older {
		if now.Before(o.decidesUntil) {
			return o.policy
		}
	}
	return s.policy
}
