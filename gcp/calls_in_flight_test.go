package gcp

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/genproto/googleapis/cloud/location"
	"google.golang.org/protobuf/proto"

	"whopulls/gcp/sandbox"
	"whopulls/gcp/transport"
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
		if most > transport.MaxInFlight {
			t.Fatalf("%d calls were under way at a time, and only %d may be", most, transport.MaxInFlight)
		}
		if most < transport.MaxInFlight {
			return fmt.Errorf("%d calls were under way at a time, want %d, where each takes %s", most, transport.MaxInFlight, latency)
		}
		return nil
	})
}

// readConcurrently reads and lists, and reports how many calls were under way at a time.
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

// As many strict readings as there are places wait for the quota, and a list still goes through.
func TestWaitingForTheQuotaHoldsNoPlace(t *testing.T) {
	l := newDenyServer()
	l.budget = 0
	var mu sync.Mutex
	waiting := 0
	everybody := make(chan struct{})
	c := l.dial(t, Options{WaitForQuota: func(ctx context.Context, _ time.Time) error {
		mu.Lock()
		if waiting++; waiting == transport.MaxInFlight {
			close(everybody)
		}
		mu.Unlock()
		<-ctx.Done()
		return ctx.Err()
	}})
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for range transport.MaxInFlight {
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
			for i := range 3 * transport.MaxInFlight {
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
	case <-time.After(testCalls.CallTimeout / 2):
		t.Fatal("it continues")
	}
	for n := len(began) + 1; n > 0; n-- {
		select {
		case <-ended:
		case <-time.After(testCalls.CallTimeout / 2):
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
