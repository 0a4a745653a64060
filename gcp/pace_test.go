package gcp

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// replies answers requests one after the other, an error for a status of 0.
type replies struct {
	statuses []int
	bodies   []string
}

func (r *replies) RoundTrip(req *http.Request) (*http.Response, error) {
	body := ""
	if req.Body != nil {
		read, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		body = string(read)
	}
	r.bodies = append(r.bodies, body)
	code := r.statuses[0]
	r.statuses = r.statuses[1:]
	if code == 0 {
		return nil, errors.New("connection lost")
	}
	return &http.Response{StatusCode: code, Body: io.NopCloser(strings.NewReader("")), Request: req}, nil
}

func TestRetryingSendsTheWholeRequestAgain(t *testing.T) {
	base := &replies{statuses: []int{503, 0, 200}}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://x", strings.NewReader("body"))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := retrying{base, testPace}.RoundTrip(req)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatal(resp, err)
	}
	for i, b := range base.bodies {
		if b != "body" {
			t.Errorf("attempt %d carried %q", i, b)
		}
	}
}

func TestRetryingEnds(t *testing.T) {
	for _, test := range []struct {
		ctx      context.Context
		statuses []int
		attempts int
	}{
		{t.Context(), []int{503, 503, 503, 200}, testPace.attempts},
		{t.Context(), []int{500, 200}, 1},
		{once(t.Context()), []int{503, 200}, 1},
	} {
		base := &replies{statuses: test.statuses}
		req, err := http.NewRequestWithContext(test.ctx, http.MethodGet, "http://x", nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := (retrying{base, testPace}).RoundTrip(req); err != nil || len(base.bodies) != test.attempts {
			t.Errorf("%v: %d attempts (%v), want %d", test.statuses, len(base.bodies), err, test.attempts)
		}
	}
}

func TestPauseEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if pause(ctx, time.Hour, time.Hour, 3) {
		t.Error("it waited")
	}
	if !pause(t.Context(), time.Microsecond, time.Millisecond, 60) {
		t.Error("it did not wait")
	}
}
