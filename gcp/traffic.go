package gcp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"

	"google.golang.org/api/googleapi"
	"google.golang.org/grpc"
	"google.golang.org/grpc/status"

	"whopulls/gcp/limits"
)

// inFlight is how many calls of one Cloud are under way at a time, whoever makes them.
const inFlight = 16

// traffic is what every call of one Cloud goes through, gRPC and REST alike: it has a place among the calls under way, a
// deadline, further attempts where those can help, and a line in the log for each of them.
type traffic struct {
	pace
	slots chan struct{}
	log   func(Call)
}

func newTraffic(p pace, log func(Call)) *traffic {
	if log == nil {
		log = func(Call) {}
	}
	p.call = min(p.call, limits.Call)
	return &traffic{pace: p, slots: make(chan struct{}, inFlight), log: log}
}

// enter waits for a place among the calls under way. The wait is not part of a call's own deadline: a long queue is no
// fault of those who stand in it.
func (t *traffic) enter(ctx context.Context) error {
	if isBeyond(ctx) {
		return cutf("the answer needs more than %d facts", limits.Reads)
	}
	select {
	case t.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t *traffic) leave() { <-t.slots }

type askingKey struct{}

// asking marks calls that change nothing, though they may look as if: a POST that is none of these is never sent twice.
func asking(ctx context.Context) context.Context { return context.WithValue(ctx, askingKey{}, true) }

// repeatable tells whether a REST call changes nothing.
func repeatable(req *http.Request) bool {
	return req.Method == http.MethodGet || req.Context().Value(askingKey{}) != nil
}

type asideKey struct{}

// aside marks a call that asks no API: how a sandbox introduces itself is in neither end's log of calls.
func aside(ctx context.Context) context.Context { return context.WithValue(ctx, asideKey{}, true) }

func (t *traffic) note(ctx context.Context, c Call) {
	if ctx.Value(asideKey{}) == nil {
		t.log(c)
	}
}

// unary makes a gRPC call. Between two attempts it holds no place.
func (t *traffic) unary(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn,
	invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	if err := t.enter(ctx); isBeyond(ctx) {
		return err
	} else if err != nil {
		return status.FromContextError(err).Err()
	}
	ctx, cancel := context.WithTimeout(ctx, t.call)
	defer cancel()
	for n := 0; ; n++ {
		began := time.Now()
		in := receive(ctx)
		err := in.ended(invoke(ctx, method, req, reply, cc, append(slices.Clone(opts), in.options()...)...))
		t.leave()
		t.note(ctx, grpcCall(method, req, err).attempt(n, began))
		if err == nil || !t.resend(ctx, err, n) || t.enter(ctx) != nil {
			return err
		}
	}
}

// over gives a transport of REST calls the same ways.
func (t *traffic) over(base http.RoundTripper) http.RoundTripper { return restCalls{base, t} }

// restCalls is the REST side of traffic.
type restCalls struct {
	base    http.RoundTripper
	traffic *traffic
}

// RoundTrip makes a REST call. It is under way until its answer was read and closed, or its time is over.
func (c restCalls) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := c.traffic.enter(req.Context()); err != nil {
		if req.Body != nil {
			_ = req.Body.Close() // a RoundTripper's duty, with nothing left to lose
		}
		return nil, err
	}
	ctx, cancel := context.WithTimeout(req.Context(), c.traffic.call)
	resp, err := c.attempts(req.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	resp.Body = closing{resp.Body, cancel}
	return resp, nil
}

func (c restCalls) attempts(req *http.Request) (*http.Response, error) {
	ctx, t := req.Context(), c.traffic
	for n := 0; ; n++ {
		began := time.Now()
		resp, err := stay(c.base.RoundTrip(req))
		resp, err = boundBody(ctx, resp, err)
		t.note(ctx, restCall(req, resp, err).attempt(n, began))
		if err == nil && resp.StatusCode < http.StatusBadRequest {
			context.AfterFunc(ctx, t.leave)
			return resp, nil
		}
		said := refusal(req, resp, err)
		t.leave()
		if !repeatable(req) || !t.resend(ctx, said, n) {
			return resp, err
		}
		again, broke := rewound(req)
		if broke != nil || t.enter(ctx) != nil {
			return resp, err
		}
		req = again
	}
}

// stay refuses a redirect: the APIs answer where they are asked, and the token would go along to whatever host is named.
func stay(resp *http.Response, err error) (*http.Response, error) {
	if err != nil || resp.StatusCode < http.StatusMultipleChoices || resp.StatusCode >= http.StatusBadRequest {
		return resp, err
	}
	_ = resp.Body.Close() // nobody reads it
	to := "elsewhere"
	if u, err := resp.Location(); err == nil && u.Host != "" {
		to = "to " + clean(u.Host)
	}
	return nil, fmt.Errorf("the answer is a redirect %s, which is not followed: a token goes to Google's own hosts alone", to)
}

// CloseIdleConnections is what http.Client looks for behind a RoundTripper.
func (c restCalls) CloseIdleConnections() {
	if base, ok := c.base.(interface{ CloseIdleConnections() }); ok {
		base.CloseIdleConnections()
	}
}

// refusal reads why an attempt failed. What was read of the answer stays in it for whoever reads it next.
func refusal(req *http.Request, resp *http.Response, err error) error {
	if err != nil {
		return &url.Error{Op: req.Method, URL: req.URL.Host, Err: err}
	}
	// An answer that breaks off is judged by what came, and by its status.
	body, _ := io.ReadAll(io.LimitReader(resp.Body, limits.Refusal))
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return googleapi.CheckResponse(&http.Response{StatusCode: resp.StatusCode, Header: resp.Header,
		Body: io.NopCloser(bytes.NewReader(body))})
}

// rewound gives the request with its body from the start.
func rewound(req *http.Request) (*http.Request, error) {
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

// closing is an answer's body that ends its call when it is closed.
type closing struct {
	io.ReadCloser
	end context.CancelFunc
}

// Close closes the body and ends the call.
func (c closing) Close() error {
	defer c.end()
	return c.ReadCloser.Close()
}
