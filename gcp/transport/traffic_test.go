package transport

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Who waits before a further attempt holds nobody up.
func TestAPauseHoldsNoPlace(t *testing.T) {
	tryLonger(t, 300*time.Millisecond, func(pause time.Duration) error {
		if events := attemptOrder(t, pause); !slices.Equal(events, []string{"a", "b", "a"}) {
			return fmt.Errorf("with a pause of %s the calls went %v", pause, events)
		}
		return nil
	})
}

// attemptOrder tells in which order the attempts came of a call that is asked to pause, and of one that comes meanwhile.
func attemptOrder(t *testing.T, pause time.Duration) (events []string) {
	calls := NewTraffic(shortCalls, nil)
	calls.slots = make(chan struct{}, 1) // one place: one call at a time
	refused := make(chan struct{})
	var both sync.WaitGroup
	both.Go(func() {
		err := calls.interceptUnary(t.Context(), "/s.S/A", nil, nil, nil, invoker(func() error {
			events = append(events, "a")
			if len(events) == 1 {
				defer close(refused)
				return retryInfo(t, pause)
			}
			return nil
		}))
		if err != nil {
			t.Error(err)
		}
	})
	<-refused
	if err := calls.interceptUnary(t.Context(), "/s.S/B", nil, nil, nil, invoker(func() error {
		events = append(events, "b")
		return nil
	})); err != nil {
		t.Error(err)
	}
	both.Wait()
	return events
}

func TestAWaitForAPlaceEndsWithItsContext(t *testing.T) {
	calls := NewTraffic(shortCalls, nil)
	calls.slots = nil // never free
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := calls.interceptUnary(ctx, "/s.S/A", nil, nil, nil, invoker(func() error { return errors.New("it was sent") }))
	if status.Code(err) != codes.Canceled {
		t.Errorf("gRPC: %v", err)
	}
	base := &fakeTransport{statuses: []int{200}}
	req := mustRequest(t, ctx)
	if _, err := calls.WrapREST(base).RoundTrip(req); !errors.Is(err, context.Canceled) || len(base.bodies) > 0 {
		t.Errorf("REST: %v, sent %d times", err, len(base.bodies))
	}
}

// A place that is not given back with the answer is given back when the call's time is over.
func TestAnAnswerThatNobodyClosesGivesItsPlaceBack(t *testing.T) {
	tryLonger(t, 20*time.Millisecond, func(call time.Duration) error {
		p := shortCalls
		p.CallTimeout = call
		calls := NewTraffic(p, nil)
		calls.slots = make(chan struct{}, 1)
		for range 2 {
			if _, err := calls.WrapREST(&fakeTransport{statuses: []int{200}}).RoundTrip(mustRequest(t, t.Context())); err != nil { //nolint:bodyclose // that is the point
				return err
			}
		}
		return nil
	})
}
