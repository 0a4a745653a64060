package gcp

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"

	"whopulls/gcp/limits"
)

// cutError says that an answer was not taken whole, because it goes beyond one of package limits. Nothing is decided on
// the part that came, and asking again brings the same.
type cutError struct{ why string }

// Error says what is too much.
func (e *cutError) Error() string { return e.why }

func cutf(format string, args ...any) error { return &cutError{fmt.Sprintf(format, args...)} }

// size writes a number of bytes for people.
func size(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}

// tooLarge is an answer that goes beyond limits.Body.
func tooLarge() error { return cutf("the answer is larger than %s", size(limits.Body)) }

// tooMany is an answer that goes beyond limits.Entries.
func tooMany() error { return cutf("the answer has more than %d entries", limits.Entries) }

// bounded is the body of a REST answer up to its limits. What opens or divides values is counted wherever it stands: in
// texts there are never so many.
type bounded struct {
	io.ReadCloser
	left   int64
	values int
	budget *atomic.Int64 // of the list that this is a page of; nil: it is none
	err    error
}

func bound(ctx context.Context, body io.ReadCloser, most int64) *bounded {
	return &bounded{ReadCloser: body, left: most, values: limits.Entries, budget: budgetOf(ctx)}
}

// Read reads until a limit.
func (b *bounded) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	for _, sign := range []string{"{", "[", ","} {
		b.values -= bytes.Count(p[:n], []byte(sign))
	}
	switch {
	case b.left < 0:
		b.err = tooLarge()
	case b.values < 0:
		b.err = tooMany()
	default:
		b.err = spend(b.budget, n)
	}
	if b.err != nil {
		return 0, b.err
	}
	return n, err
}

// boundBody puts the limits on an answer before anybody reads it.
func boundBody(ctx context.Context, resp *http.Response, err error) (*http.Response, error) {
	if err == nil {
		resp.Body = bound(ctx, resp.Body, limits.Body)
	}
	return resp, err
}

type budgetKey struct{}

// budgeted marks calls that are pages of one list, and bounds what they come to together.
func budgeted(ctx context.Context) context.Context {
	left := &atomic.Int64{}
	left.Store(limits.List)
	return context.WithValue(ctx, budgetKey{}, left)
}

func budgetOf(ctx context.Context) *atomic.Int64 {
	budget, _ := ctx.Value(budgetKey{}).(*atomic.Int64)
	return budget
}

// spend takes what came from what a list may come to.
func spend(budget *atomic.Int64, n int) error {
	if budget != nil && budget.Add(-int64(n)) < 0 {
		return cutf("the list is larger than %s", size(limits.List))
	}
	return nil
}

type beyondKey struct{}

// beyond marks calls that are not made: an answer that needs more facts than limits.Reads has gaps in their place.
func beyond(ctx context.Context) context.Context { return context.WithValue(ctx, beyondKey{}, true) }

func isBeyond(ctx context.Context) bool { return ctx.Value(beyondKey{}) != nil }
