// Package share makes a call once for all who ask for the same thing at the same time, or later.
package share

import (
	"context"
	"sync"

	"whopulls/guard"
)

// Calls are calls by what they ask for. A call runs until its answer arrives, or until all calls end. The reader that began it may leave:
// the others still get the answer.
type Calls[V any] struct {
	ctx  context.Context
	mu   sync.Mutex
	made map[any]*call[V]
}

// call is one of them. Its answer is there once done is closed.
type call[V any] struct {
	done   chan struct{}
	answer V
}

// New makes calls that end with ctx.
func New[V any](ctx context.Context) *Calls[V] {
	return &Calls[V]{ctx: ctx, made: map[any]*call[V]{}}
}

// Do gives the answer to what key names. The first who asks makes the call; ok is false if ctx ended before the answer arrived.
func (c *Calls[V]) Do(ctx context.Context, key any, request func(context.Context) V) (answer V, ok bool) {
	made := c.begin(key, request)
	select {
	case <-made.done:
		return made.answer, true
	case <-ctx.Done():
		return answer, false
	}
}

// begin finds the call under the key, or starts it.
func (c *Calls[V]) begin(key any, request func(context.Context) V) *call[V] {
	c.mu.Lock()
	defer c.mu.Unlock()
	if made, ok := c.made[key]; ok {
		return made
	}
	made := &call[V]{done: make(chan struct{})}
	c.made[key] = made
	guard.Go(func() {
		defer close(made.done)
		made.answer = request(c.ctx)
	})
	return made
}
