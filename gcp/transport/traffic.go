package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"google.golang.org/api/googleapi"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"

	"whopulls/gcp/limits"
	"whopulls/guard"
	"whopulls/text"
)

// MaxInFlight limits the calls of one Cloud that are under way at a time.
const MaxInFlight = 16

// Traffic is what every call of one Cloud goes through, gRPC and REST alike. It limits the calls under way, sets deadlines,
// retries what a retry can help, and logs each attempt.
type Traffic struct {
	Timing
	OnRetry func(Retry) (over func()) // hears of each call that is sent again, of several at the same time; nil: nobody
	slots   chan struct{}
	log     func(Call)
}

// NewTraffic makes the traffic of one Cloud. Without a log, no attempt is logged.
func NewTraffic(p Timing, log func(Call)) *Traffic {
	if log == nil {
		log = func(Call) {}
	}
	p.CallTimeout = min(p.CallTimeout, limits.CallTime)
	return &Traffic{Timing: p, slots: make(chan struct{}, MaxInFlight), log: log}
}

// acquire waits for a free slot. The wait does not count towards the call's own deadline.
func (t *Traffic) acquire(ctx context.Context) error {
	if callOptionsOf(ctx).OverLimit {
		return LimitErrorf("the answer needs more than %d facts", limits.Facts)
	}
	select {
	case t.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t *Traffic) release() { <-t.slots }

// isReadOnly reports whether a REST call changes nothing. Only such calls are retried.
func isReadOnly(req *http.Request) bool {
	return req.Method == http.MethodGet || callOptionsOf(req.Context()).ReadOnly
}

func (t *Traffic) logCall(ctx context.Context, c Call) {
	if !callOptionsOf(ctx).NoLog {
		t.log(c)
	}
}

// interceptUnary makes a gRPC call. It gives its slot back while it waits for a retry.
func (t *Traffic) interceptUnary(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn,
	invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	if err := t.acquire(ctx); callOptionsOf(ctx).OverLimit {
		return err
	} else if err != nil {
		return status.FromContextError(err).Err()
	}
	ctx, cancel := context.WithTimeout(ctx, t.CallTimeout)
	defer cancel()
	again := retrier{traffic: t, host: hostOf(cc)}
	defer again.end()
	for n := 0; ; n++ {
		began := time.Now()
		in := newLimitedCodec(ctx)
		err := in.callError(invoke(ctx, method, req, reply, cc, append(slices.Clone(opts), in.grpcOptions()...)...))
		t.release()
		attempt := grpcCall(method, req, err).withAttempt(n, began)
		t.logCall(ctx, attempt)
		if err == nil || !again.wait(ctx, err, attempt) || t.acquire(ctx) != nil {
			return err
		}
	}
}

// hostOf is the host that a connection leads to.
func hostOf(cc *grpc.ClientConn) string {
	if cc == nil {
		return ""
	}
	address := cc.Target()[strings.LastIndex(cc.Target(), "/")+1:]
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return host
}

// WrapREST does for a REST transport what interceptUnary does for gRPC.
func (t *Traffic) WrapREST(base http.RoundTripper) http.RoundTripper { return restTransport{base, t} }

// restTransport is the REST side of traffic.
type restTransport struct {
	base    http.RoundTripper
	traffic *Traffic
}

// RoundTrip makes a REST call. The call is under way until its body is closed or its deadline passes.
func (c restTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := c.traffic.acquire(req.Context()); err != nil {
		if req.Body != nil {
			_ = req.Body.Close() // as a RoundTripper must
		}
		return nil, err
	}
	ctx, cancel := context.WithTimeout(req.Context(), c.traffic.CallTimeout)
	resp, err := c.sendWithRetries(req.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	resp.Body = cancelOnClose{resp.Body, cancel}
	return resp, nil
}

func (c restTransport) sendWithRetries(req *http.Request) (*http.Response, error) {
	ctx, t := req.Context(), c.traffic
	again := retrier{traffic: t, host: text.CleanTrim(req.URL.Hostname())}
	defer again.end()
	for n := 0; ; n++ {
		began := time.Now()
		resp, err := refuseRedirect(c.base.RoundTrip(req))
		resp, err = limitResponse(ctx, resp, err)
		attempt := restCall(req, resp, err).withAttempt(n, began)
		t.logCall(ctx, attempt)
		if err == nil && resp.StatusCode < http.StatusBadRequest {
			context.AfterFunc(ctx, guard.Func(t.release))
			return resp, nil
		}
		failure := responseError(req, resp, err)
		t.release()
		if !isReadOnly(req) || !again.wait(ctx, failure, attempt) {
			return resp, err
		}
		same, broke := cloneWithBody(req)
		if broke != nil || t.acquire(ctx) != nil {
			return resp, err
		}
		req = same
	}
}

// refuseRedirect refuses a redirect: Google's APIs send none, and the token would go to the host that it names.
func refuseRedirect(resp *http.Response, err error) (*http.Response, error) {
	if err != nil || resp.StatusCode < http.StatusMultipleChoices || resp.StatusCode >= http.StatusBadRequest {
		return resp, err
	}
	_ = resp.Body.Close() // it is not read
	to := "elsewhere"
	if u, err := resp.Location(); err == nil && u.Host != "" {
		to = "to " + text.CleanTrim(u.Host)
	}
	return nil, fmt.Errorf("the answer is a redirect %s, which is not followed: a token goes to Google's own hosts alone", to)
}

// CloseIdleConnections is what http.Client looks for behind a RoundTripper.
func (c restTransport) CloseIdleConnections() {
	if base, ok := c.base.(interface{ CloseIdleConnections() }); ok {
		base.CloseIdleConnections()
	}
}

// responseError returns why an attempt failed. It leaves the body readable for the caller.
func responseError(req *http.Request, resp *http.Response, err error) error {
	if err != nil {
		return &url.Error{Op: req.Method, URL: req.URL.Host, Err: err}
	}
	// A body that breaks off still counts, with its status.
	body, _ := io.ReadAll(io.LimitReader(resp.Body, limits.ErrorBody))
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return googleapi.CheckResponse(&http.Response{StatusCode: resp.StatusCode, Header: resp.Header,
		Body: io.NopCloser(bytes.NewReader(body))})
}

// cloneWithBody returns the request with its body rewound.
func cloneWithBody(req *http.Request) (*http.Request, error) {
	next := req.Clone(req.Context())
	if req.Body == nil || req.Body == http.NoBody {
		return next, nil
	}
	if req.GetBody == nil {
		return nil, errors.New("the request can't be sent again")
	}
	body, err := req.GetBody()
	next.Body = body
	return next, err
}

// cancelOnClose is a body that ends its call when it is closed.
type cancelOnClose struct {
	io.ReadCloser
	cancel context.CancelFunc
}

// Close closes the body and ends the call.
func (c cancelOnClose) Close() error {
	defer c.cancel()
	return c.ReadCloser.Close()
}
