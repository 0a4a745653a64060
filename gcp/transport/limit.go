package transport

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"

	"whopulls/gcp/limits"
)

// limitError says that an answer was not taken whole, because it goes beyond one of package limits. Nothing is decided on
// the part that came, and asking again brings the same.
type limitError struct{ why string }

// Error says what is too much.
func (e *limitError) Error() string { return e.why }

func LimitErrorf(format string, args ...any) error { return &limitError{fmt.Sprintf(format, args...)} }

// formatSize writes a number of bytes for people.
func formatSize(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}

// tooLargeError is an answer that goes beyond limits.Body.
func tooLargeError() error {
	return LimitErrorf("the answer is larger than %s", formatSize(limits.Body))
}

// tooManyError is an answer that goes beyond limits.Entries.
func tooManyError() error { return LimitErrorf("the answer has more than %d entries", limits.Entries) }

// limitedBody is the body of a REST answer up to its limits. What opens or divides values is counted wherever it stands: in
// texts there are never so many.
type limitedBody struct {
	io.ReadCloser
	left   int64
	values int
	budget *atomic.Int64 // of the list that this is a page of; nil: it is none
	err    error
}

func limitBody(ctx context.Context, body io.ReadCloser, maxBytes int64) *limitedBody {
	return &limitedBody{ReadCloser: body, left: maxBytes, values: limits.Entries, budget: callOptionsOf(ctx).listBudget}
}

// Read reads until a limit.
func (b *limitedBody) Read(p []byte) (int, error) {
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
		b.err = tooLargeError()
	case b.values < 0:
		b.err = tooManyError()
	default:
		b.err = spendBudget(b.budget, n)
	}
	if b.err != nil {
		return 0, b.err
	}
	return n, err
}

// limitResponse puts the limits on an answer before anybody reads it.
func limitResponse(ctx context.Context, resp *http.Response, err error) (*http.Response, error) {
	if err == nil {
		resp.Body = limitBody(ctx, resp.Body, limits.Body)
	}
	return resp, err
}

// spendBudget takes what came from what a list may come to.
func spendBudget(budget *atomic.Int64, n int) error {
	if budget != nil && budget.Add(-int64(n)) < 0 {
		return LimitErrorf("the list is larger than %s", formatSize(limits.ListBytes))
	}
	return nil
}
