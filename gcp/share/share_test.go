package share

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
)

func TestOneCallAnswersAll(t *testing.T) {
	var made atomic.Int32
	release := make(chan struct{})
	calls := New[int](t.Context())
	request := func(context.Context) int {
		<-release
		return int(made.Add(1))
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if got, ok := calls.Do(t.Context(), "a", request); got != 1 || !ok {
				t.Errorf("%d, %v", got, ok)
			}
		})
	}
	close(release)
	all.Wait()
	if got, ok := calls.Do(t.Context(), "a", request); got != 1 || !ok {
		t.Errorf("later: %d, %v", got, ok)
	}
	if got, _ := calls.Do(t.Context(), "b", request); got != 2 {
		t.Errorf("another thing: %d", got)
	}
}

// The reader that began a call may leave: the others still get the answer.
func TestACallOutlivesWhoBeganIt(t *testing.T) {
	calls := New[string](t.Context())
	release := make(chan struct{})
	request := func(ctx context.Context) string {
		<-release
		if ctx.Err() != nil {
			return "interrupted"
		}
		return "answer"
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	if _, ok := calls.Do(left, "a", request); ok {
		t.Error("there is an answer before it arrived")
	}
	close(release)
	if got, ok := calls.Do(t.Context(), "a", request); got != "answer" || !ok {
		t.Errorf("%q, %v", got, ok)
	}
}

func TestCallsEndAsAWhole(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	calls := New[error](ctx)
	end()
	got, ok := calls.Do(t.Context(), "a", func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})
	if got == nil || !ok {
		t.Errorf("%v, %v", got, ok)
	}
}
