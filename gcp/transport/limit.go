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

// limitError says that an answer exceeds one of package limits. The part that arrived decides nothing, and a retry would
// bring the same.
type limitError struct{ why string }

// Error says which limit is exceeded.
func (e *limitError) Error() string { return e.why }

// LimitErrorf makes the error for an answer that exceeds a limit.
func LimitErrorf(format string, args ...any) error { return &limitError{fmt.Sprintf(format, args...)} }

// formatSize formats a number of bytes.
func formatSize(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MB", n>>20)
	}
	return fmt.Sprintf("%d bytes", n)
}

// tooLargeError is the error for an answer beyond limits.Body.
func tooLargeError() error {
	return LimitErrorf("the answer is larger than %s", formatSize(limits.Body))
}

// tooManyError is the error for an answer beyond limits.Entries.
func tooManyError() error { return LimitErrorf("the answer has more than %d entries", limits.Entries) }

// limitedBody reads the body of a REST answer up to its limits. It counts the characters that open or separate JSON values,
// also those inside of strings: these are too few to matter.
type limitedBody struct {
	io.ReadCloser
	left   int64
	values int
	budget *atomic.Int64 // the bytes left for the list; nil: this is not a page
	err    error
}

func limitBody(ctx context.Context, body io.ReadCloser, maxBytes int64) *limitedBody {
	return &limitedBody{ReadCloser: body, left: maxBytes, values: limits.Entries, budget: callOptionsOf(ctx).listBudget}
}

// Read reads up to the limits.
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

// limitResponse puts the limits on the body of an answer.
func limitResponse(ctx context.Context, resp *http.Response, err error) (*http.Response, error) {
	if err == nil {
		resp.Body = limitBody(ctx, resp.Body, limits.Body)
	}
	return resp, err
}

// spendBudget subtracts n bytes from what is left for a list.
func spendBudget(budget *atomic.Int64, n int) error {
	if budget != nil && budget.Add(-int64(n)) < 0 {
		return LimitErrorf("the list is larger than %s", formatSize(limits.ListBytes))
	}
	return nil
}
