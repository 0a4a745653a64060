package transport

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
)

// fakeTransport answers requests one after the other, an error for a status of 0.
type fakeTransport struct {
	statuses []int
	header   http.Header
	body     string
	bodies   []string
	times    []time.Time
}

func (r *fakeTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	body := ""
	if req.Body != nil {
		read, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		body = string(read)
	}
	r.bodies, r.times = append(r.bodies, body), append(r.times, time.Now())
	code := r.statuses[0]
	r.statuses = r.statuses[1:]
	if code == 0 {
		return nil, errors.New("connection lost")
	}
	return &http.Response{StatusCode: code, Header: r.header, Body: io.NopCloser(strings.NewReader(r.body)), Request: req}, nil
}

// sendREST makes one REST call that changes nothing, and gives the status that it ended with.
func sendREST(t *testing.T, ctx context.Context, p Timing, base *fakeTransport, body io.Reader) (int, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(WithCallOptions(ctx, CallOptions{ReadOnly: true}), http.MethodPost, "http://x", body)
	if err != nil {
		t.Fatal(err)
	}
	calls := NewTraffic(p, nil)
	resp, err := calls.WrapREST(base).RoundTrip(req)
	if err != nil {
		return 0, err
	}
	if _, err := io.ReadAll(resp.Body); err != nil {
		t.Error(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Error(err)
	}
	return resp.StatusCode, nil
}

func TestARequestIsSentAgainAsAWhole(t *testing.T) {
	base := &fakeTransport{statuses: []int{503, 0, 200}}
	code, err := sendREST(t, t.Context(), shortCalls, base, strings.NewReader("body"))
	if err != nil || code != http.StatusOK || len(base.bodies) != 3 {
		t.Fatal(code, err, base.bodies)
	}
	for i, b := range base.bodies {
		if b != "body" {
			t.Errorf("attempt %d carried %q", i, b)
		}
	}
}

// What may pass is asked again, in both protocols, as often as the code allows; writes and what would not change are not.
func TestWhatIsSentAgain(t *testing.T) {
	most := shortCalls.MaxAttempts
	for _, test := range []struct {
		name     string
		options  CallOptions
		http     int
		grpc     codes.Code
		attempts int
	}{
		{"away", CallOptions{}, 503, codes.Unavailable, most},
		{"a bad gateway", CallOptions{}, 502, codes.Unavailable, most},
		{"a late gateway", CallOptions{}, 504, codes.Unavailable, most},
		{"a fault of the server", CallOptions{}, 500, codes.Internal, most},
		{"a quota", CallOptions{}, 429, codes.ResourceExhausted, most},
		{"a quota that is reported at once", CallOptions{NoQuotaRetry: true}, 429, codes.ResourceExhausted, 1},
		{"away, in the lane", CallOptions{NoQuotaRetry: true}, 503, codes.Unavailable, most},
		{"a write", CallOptions{NoRetry: true}, 503, codes.Unavailable, 1},
		{"a write and a quota", CallOptions{NoRetry: true}, 429, codes.ResourceExhausted, 1},
		{"not allowed", CallOptions{}, 403, codes.PermissionDenied, 1},
		{"not there", CallOptions{}, 404, codes.NotFound, 1},
		{"somebody else's change", CallOptions{}, 409, codes.Aborted, 1},
		{"a gateway's word", CallOptions{}, 0, codes.Unknown, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx := WithCallOptions(t.Context(), test.options)
			if test.http != 0 {
				base := &fakeTransport{statuses: []int{test.http, test.http, test.http, test.http}}
				if code, err := sendREST(t, ctx, shortCalls, base, nil); err != nil || code != test.http || len(base.bodies) != test.attempts {
					t.Errorf("REST: %d attempts, want %d (%d, %v)", len(base.bodies), test.attempts, code, err)
				}
			}
			n, err := callGRPC(ctx, shortCalls, func(int) error { return status.Error(test.grpc, "no") })
			if n != test.attempts || status.Code(err) != test.grpc {
				t.Errorf("gRPC: %d attempts, want %d (%v)", n, test.attempts, err)
			}
		})
	}
}

func mustRequest(t *testing.T, ctx context.Context) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://x", nil)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// callGRPC makes one gRPC call that ends as told for each attempt, and counts them.
func callGRPC(ctx context.Context, p Timing, answer func(n int) error) (n int, err error) {
	err = NewTraffic(p, nil).interceptUnary(ctx, "/s.S/M", nil, nil, nil, invoker(func() error {
		n++
		return answer(n)
	}))
	return n, err
}

func retryInfo(t *testing.T, wait time.Duration) error {
	t.Helper()
	s, err := status.New(codes.ResourceExhausted, "slow down").WithDetails(&errdetails.RetryInfo{RetryDelay: durationpb.New(wait)})
	if err != nil {
		t.Fatal(err)
	}
	return s.Err()
}

const retryInfoJSON = `{"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED","details":[` +
	`{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"%s"}]}}`

// A server that says when is not asked before.
func TestTheServersWordIsKept(t *testing.T) {
	const asked = 120 * time.Millisecond
	p := shortCalls
	var at []time.Time
	if n, err := callGRPC(t.Context(), p, func(n int) error {
		at = append(at, time.Now())
		if n == 1 {
			return retryInfo(t, asked)
		}
		return nil
	}); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	inBody := &fakeTransport{statuses: []int{429, 200}, body: fmt.Sprintf(retryInfoJSON, "0.12s")}
	if code, err := sendREST(t, t.Context(), p, inBody, nil); code != http.StatusOK {
		t.Fatal(code, err)
	}
	inHeader := &fakeTransport{statuses: []int{503, 200}, header: http.Header{"Retry-After": {"1"}}}
	if code, err := sendREST(t, t.Context(), p, inHeader, nil); code != http.StatusOK {
		t.Fatal(code, err)
	}
	for name, waited := range map[string]time.Duration{"RetryInfo by gRPC": at[1].Sub(at[0]), "RetryInfo by REST": inBody.times[1].Sub(inBody.times[0]),
		"Retry-After": inHeader.times[1].Sub(inHeader.times[0]) - time.Second + asked} {
		t.Run(name, func(t *testing.T) {
			if waited < asked {
				t.Errorf("%s: asked again after %s", name, waited)
			}
		})
	}
}

// A wait that does not fit into the call's time is not begun: the call ends with what the server said.
func TestAWaitThatDoesNotFitEndsTheCall(t *testing.T) {
	began := time.Now()
	n, err := callGRPC(t.Context(), shortCalls, func(int) error { return retryInfo(t, time.Hour) })
	if n != 1 || status.Code(err) != codes.ResourceExhausted {
		t.Errorf("gRPC: %d attempts, %v", n, err)
	}
	for about, base := range map[string]*fakeTransport{
		"RetryInfo":              {statuses: []int{429, 200}, body: fmt.Sprintf(retryInfoJSON, "3600s")},
		"Retry-After in seconds": {statuses: []int{503, 200}, header: http.Header{"Retry-After": {"3600"}}},
		"Retry-After as a date":  {statuses: []int{503, 200}, header: http.Header{"Retry-After": {time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)}}},
	} {
		t.Run(about, func(t *testing.T) {
			if code, err := sendREST(t, t.Context(), shortCalls, base, nil); len(base.bodies) != 1 || code < 400 {
				t.Errorf("REST: %d attempts, %d, %v", len(base.bodies), code, err)
			}
		})
	}
	short := shortCalls
	short.RetryDelay, short.MaxRetryDelay = time.Hour, time.Hour
	if n, err := callGRPC(t.Context(), short, func(int) error { return status.Error(codes.Unavailable, "away") }); n != 1 || status.Code(err) != codes.Unavailable {
		t.Errorf("a long wait of our own: %d attempts, %v", n, err)
	}
	if took := time.Since(began); took > shortCalls.CallTimeout {
		t.Errorf("it waited %s", took)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"": 0, "7": 7 * time.Second, "-1": 0, "soon": 0, "99999999999": time.Hour,
		"Fri, 02 Jan 2026 03:04:35 GMT": 30 * time.Second, "Fri, 02 Jan 2026 03:04:00 GMT": 0,
	} {
		t.Run(cmp.Or(header, "empty"), func(t *testing.T) {
			if got := retryAfter(header, now); got != want {
				t.Errorf("%q: %s, want %s", header, got, want)
			}
		})
	}
}

func TestBackoffIsTruncated(t *testing.T) {
	for n := range 70 {
		wait := backoffDelay(100*time.Millisecond, time.Second, n)
		if most := min(100*time.Millisecond<<min(n, 16), time.Second); wait < most/2 || wait > most {
			t.Errorf("wait %d is %s, want between %s and %s", n, wait, most/2, most)
		}
	}
}

func TestPauseEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if WaitBackoff(ctx, time.Hour, time.Hour, 3) {
		t.Error("it waited")
	}
	if !WaitBackoff(t.Context(), time.Microsecond, time.Millisecond, 60) {
		t.Error("it did not wait")
	}
}
