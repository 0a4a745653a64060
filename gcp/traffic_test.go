package gcp

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/genproto/googleapis/cloud/location"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"whopulls/gcp/sandbox"
	"whopulls/model"
)

// peakConcurrency gives how many calls were surely under way together: each was held for the latency at least, and not yet
// answered then.
func peakConcurrency(entries []sandbox.LogEntry, latency time.Duration) (most int) {
	for _, e := range entries {
		n := 0
		for _, other := range entries {
			if !other.Time.After(e.Time) && other.Time.Add(latency).After(e.Time) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// Two readings and three lists at a time have far more to ask than may be under way.
func TestNoMoreCallsThanMayBeUnderWay(t *testing.T) {
	retryLonger(t, 20*time.Millisecond, func(latency time.Duration) error {
		most := readConcurrently(t, latency)
		if most > maxInFlight {
			t.Fatalf("%d calls were under way at a time, and only %d may be", most, maxInFlight)
		}
		if most < maxInFlight {
			return fmt.Errorf("%d calls were under way at a time, want %d, where each takes %s", most, maxInFlight, latency)
		}
		return nil
	})
}

// readConcurrently reads and lists, and tells how many calls were under way at a time.
func readConcurrently(t *testing.T, latency time.Duration) int {
	s := startSandbox(t, sandbox.Options{Latency: latency}, article)
	c := dialTest(t, Options{Sandbox: s.Addr()})
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			if _, err := c.Read(t.Context(), articleQuestion, model.PlanOptions{}, nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Go(func() { drain(t, c.Projects(t.Context())) })
	for _, project := range []string{"myproject-a", "myproject-b"} {
		all.Go(func() { drain(t, c.Repositories(t.Context(), project)) })
		all.Go(func() { drain(t, c.Workloads(t.Context(), project)) })
	}
	all.Wait()
	return peakConcurrency(s.Log(), latency)
}

func drain[T any](t *testing.T, list iter.Seq2[model.ListPage[T], error]) {
	for _, err := range list {
		if err != nil {
			t.Error(err)
		}
	}
}

// Who waits before a further attempt holds nobody up.
func TestAPauseHoldsNoPlace(t *testing.T) {
	retryLonger(t, 300*time.Millisecond, func(pause time.Duration) error {
		if events := attemptOrder(t, pause); !slices.Equal(events, []string{"a", "b", "a"}) {
			return fmt.Errorf("with a pause of %s the calls went %v", pause, events)
		}
		return nil
	})
}

// attemptOrder tells in which order the attempts came of a call that is asked to pause, and of one that comes meanwhile.
func attemptOrder(t *testing.T, pause time.Duration) (events []string) {
	calls := newTraffic(testCalls, nil)
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
	calls := newTraffic(testCalls, nil)
	calls.slots = nil // never free
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := calls.interceptUnary(ctx, "/s.S/A", nil, nil, nil, invoker(func() error { return errors.New("it was sent") }))
	if status.Code(err) != codes.Canceled {
		t.Errorf("gRPC: %v", err)
	}
	base := &fakeTransport{statuses: []int{200}}
	req := mustRequest(t, ctx)
	if _, err := calls.wrapREST(base).RoundTrip(req); !errors.Is(err, context.Canceled) || len(base.bodies) > 0 {
		t.Errorf("REST: %v, sent %d times", err, len(base.bodies))
	}
}

// A place that is not given back with the answer is given back when the call's time is over.
func TestAnAnswerThatNobodyClosesGivesItsPlaceBack(t *testing.T) {
	retryLonger(t, 20*time.Millisecond, func(call time.Duration) error {
		p := testCalls
		p.callTimeout = call
		calls := newTraffic(p, nil)
		calls.slots = make(chan struct{}, 1)
		for range 2 {
			if _, err := calls.wrapREST(&fakeTransport{statuses: []int{200}}).RoundTrip(mustRequest(t, t.Context())); err != nil { //nolint:bodyclose // that is the point
				return err
			}
		}
		return nil
	})
}

// As many strict readings as there are places wait for the quota, and a list still goes through.
func TestWaitingForTheQuotaHoldsNoPlace(t *testing.T) {
	l := newDenyServer()
	l.budget = 0
	var mu sync.Mutex
	waiting := 0
	everybody := make(chan struct{})
	c := l.dial(t, Options{WaitForQuota: func(ctx context.Context, _ time.Time) error {
		mu.Lock()
		if waiting++; waiting == maxInFlight {
			close(everybody)
		}
		mu.Unlock()
		<-ctx.Done()
		return ctx.Err()
	}})
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for range maxInFlight {
		all.Go(func() {
			if _, err := c.Read(ctx, strictQuestion(), model.PlanOptions{}, nil); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want the interruption", err)
			}
		})
	}
	<-everybody
	drain(t, c.Projects(t.Context()))
	cancel()
	all.Wait()
}

// What a screen was reading ends when the screen is left: the server sees it, and nothing of it runs on.
func TestLeavingEndsWhatIsUnderWay(t *testing.T) {
	for name, use := range map[string]func(context.Context, *Cloud) error{
		"reading": func(ctx context.Context, c *Cloud) error {
			_, err := c.Read(ctx, articleQuestion, model.PlanOptions{}, nil)
			return err
		},
		"projects":     func(ctx context.Context, c *Cloud) error { return lastError(c.Projects(ctx)) },
		"repositories": func(ctx context.Context, c *Cloud) error { return lastError(c.Repositories(ctx, "p")) },
		"workloads":    func(ctx context.Context, c *Cloud) error { return lastError(c.Workloads(ctx, "p")) },
		"images": func(ctx context.Context, c *Cloud) error {
			return lastError(c.Images(ctx, model.RepositoryName{Project: "p", Location: "l", ID: "r"}))
		},
	} {
		before := goleak.IgnoreCurrent()
		t.Run(name, func(t *testing.T) { checkCancel(t, use) })
		if err := goleak.Find(before); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func checkCancel(t *testing.T, use func(context.Context, *Cloud) error) {
	began, ended := make(chan string, 100), make(chan string, 100)
	f := &fakeServer{grpc: map[string]func(context.Context, proto.Message) (proto.Message, error){
		"Locations/ListLocations": func(context.Context, proto.Message) (proto.Message, error) {
			places := &location.ListLocationsResponse{}
			for i := range 3 * maxInFlight {
				places.Locations = append(places.Locations, &location.Location{LocationId: fmt.Sprint("l", i)})
			}
			return places, nil
		}},
		fallback: func(ctx context.Context, call string) error {
			began <- call
			<-ctx.Done()
			ended <- call
			return ctx.Err()
		}}
	c := f.cloud(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- use(ctx, c) }()
	<-began
	cancel()
	select {
	case err := <-done:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
	case <-time.After(testCalls.callTimeout / 2):
		t.Fatal("it goes on")
	}
	for n := len(began) + 1; n > 0; n-- {
		select {
		case <-ended:
		case <-time.After(testCalls.callTimeout / 2):
			t.Fatalf("the server still works on %d calls", n)
		}
	}
}

func lastError[T any](list iter.Seq2[model.ListPage[T], error]) (last error) {
	for _, err := range list {
		last = err
	}
	return last
}
