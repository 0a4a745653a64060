package world

import (
	"time"

	"cloud.google.com/go/iam/apiv1/iampb"
)

// superseded is a policy with another written over it, which decides until that
// moment all the same.
type superseded struct {
	policy *iampb.Policy
	until  time.Time
}

// Propagate makes each policy that is written from now on decide only after
// that time, as Google's do: it is read back at once, but takes a while to
// reach what checks access. now is the clock; nil is the real one.
func (w *World) Propagate(delay time.Duration, now func() time.Time) {
	if now == nil {
		now = time.Now
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.delay, w.now = delay, now
}

// replace writes a policy over another.
func (w *World) replace(s *stored, next *iampb.Policy) {
	if w.delay > 0 {
		now := w.now()
		for len(s.older) > 0 && !now.Before(s.older[0].until) {
			s.older = s.older[1:]
		}
		s.older = append(s.older, superseded{s.policy, now.Add(w.delay)})
	}
	s.policy = next
	s.writes++
}

// effective is the policy that decides now: the oldest whose successor has not
// arrived yet, else the one last written.
func (w *World) effective(s *stored) *iampb.Policy {
	if len(s.older) == 0 {
		return s.policy
	}
	now := w.now()
	for _, o := range s.older {
		if now.Before(o.until) {
			return o.policy
		}
	}
	return s.policy
}
