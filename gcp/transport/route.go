// Package transport carries calls to Google Cloud or to a sandbox, by gRPC and REST alike. It handles
// connections and proxies, the headers that name the caller, retries, limits, the log of calls, and Google's
// errors. It knows no readers: package gcp decides what to ask and what an answer means.
package transport

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"

	"google.golang.org/api/googleapi"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"whopulls/gcp/limits"
	"whopulls/gcp/signin"
	"whopulls/model"
	"whopulls/text"
)

// Options say which cloud is called, and who calls.
type Options struct {
	Sandbox        string // HOST:PORT of a sandbox; empty: Google
	Account        string // with a sandbox: the member that calls; empty: the sandbox's own caller
	Network        Network
	QuotaProject   string // x-goog-user-project; empty: for a person's calls, the project of the question
	NoQuotaProject bool   // without a QuotaProject, send none
	Project        string // the project of the question, where it is known from the beginning
	UserAgent      string
}

// Route carries calls to one cloud: gRPC and REST to the same endpoints, with the same headers.
type Route struct {
	network       Network
	traffic       *Traffic
	userAgent     string
	endpoint      func(host string) endpoint
	headers       func(context.Context) (map[string]string, error) // who calls, and whose quota the call uses
	tokenHosts    []string                                         // the only hosts that get the headers; nil: every host is the sandbox
	rejectedError func(why string) error                           // the error for a rejected token; nil: Google's own
	REST          *http.Client
	Anonymous     *http.Client // sends no credentials and follows no redirect
	dial          func(ctx context.Context, address string) (net.Conn, error)
}

// RouteToGoogle makes the route to Google's own endpoints.
func RouteToGoogle(t Options, calls *Traffic, signIn *LazySignIn) Route {
	w := Route{network: t.Network, traffic: calls, userAgent: t.UserAgent, endpoint: t.Network.endpoint, dial: t.Network.dial,
		headers: func(ctx context.Context) (map[string]string, error) { return t.googleHeaders(ctx, signIn) }, tokenHosts: Hosts(),
		rejectedError: func(why string) error { return signIn.account.RejectedError(why) }} // a call was made, so the account is there
	return w.withREST(t.Network.transport())
}

// RouteToSandbox makes the route to a sandbox: in plain text to its port, under Google's host names. It ignores proxies,
// endpoints and credentials of the environment. The bearer token is the member that calls.
func RouteToSandbox(t Options, calls *Traffic) Route {
	transport := &http.Transport{Proxy: nil, MaxIdleConnsPerHost: MaxInFlight, MaxResponseHeaderBytes: limits.Headers}
	w := Route{traffic: calls, userAgent: t.UserAgent,
		endpoint: func(host string) endpoint { return endpoint{t.Sandbox, host, true} },
		dial: func(ctx context.Context, address string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", address)
		},
		headers: func(ctx context.Context) (map[string]string, error) { return t.sandboxHeaders(ctx), nil }}
	return w.withREST(transport)
}

func (w Route) withREST(base *http.Transport) Route {
	w.REST = &http.Client{Transport: w.traffic.WrapREST(routedTransport{base, w})}
	w.Anonymous = &http.Client{Transport: w.traffic.WrapREST(routedTransport{base, w.withoutCredentials()}),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return w
}

// withoutCredentials is the same route without the headers that say who calls.
func (w Route) withoutCredentials() Route {
	w.headers = func(context.Context) (map[string]string, error) { return nil, nil }
	w.rejectedError = nil
	return w
}

// grpcConn makes a connection for the gRPC clients of a Google host.
func (w Route) grpcConn(host string) (*grpc.ClientConn, error) {
	to := w.endpoint(host)
	security := credentials.NewTLS(w.network.tls())
	if to.plaintext {
		security = insecure.NewCredentials()
	}
	return grpc.NewClient("passthrough:///"+to.address, grpc.WithTransportCredentials(security),
		grpc.WithAuthority(to.authority), grpc.WithContextDialer(w.dial), grpc.WithUserAgent(w.userAgent), grpc.WithMaxHeaderListSize(uint32(limits.Headers)),
		grpc.WithConnectParams(connectParams), grpc.WithDisableServiceConfig(), grpc.WithChainUnaryInterceptor(w.traffic.interceptUnary, w.signCall))
}

func (w Route) signCall(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn,
	invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	headers, err := w.headers(ctx)
	if err != nil {
		return err
	}
	for k, v := range headers {
		ctx = metadata.AppendToOutgoingContext(ctx, k, v)
	}
	err = invoke(ctx, method, req, reply, cc, opts...)
	if status.Code(err) == codes.Unauthenticated && w.rejectedError != nil {
		return w.rejectedError(status.Convert(err).Message())
	}
	return err
}

// routedTransport sends a request for https://GOOGLE_HOST to its endpoint, with the caller's headers.
type routedTransport struct {
	base  *http.Transport
	route Route
}

// RoundTrip sends the request.
func (d routedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if host := req.URL.Hostname(); d.route.tokenHosts != nil && !slices.Contains(d.route.tokenHosts, host) {
		return nil, fmt.Errorf("no token is sent to %s: it is not one of the hosts that whopulls calls", text.CleanTrim(host))
	}
	headers, err := d.route.headers(req.Context())
	if err != nil {
		return nil, err
	}
	out := req.Clone(req.Context())
	to := d.route.endpoint(req.URL.Hostname())
	out.URL.Scheme, out.URL.Host, out.Host = "https", to.address, to.authority
	if to.plaintext {
		out.URL.Scheme = "http"
	}
	for k, v := range headers {
		out.Header.Set(k, v)
	}
	if d.route.userAgent != "" {
		out.Header.Set("User-Agent", d.route.userAgent)
	}
	resp, err := d.base.RoundTrip(out)
	if err == nil && resp.StatusCode == http.StatusUnauthorized && d.route.rejectedError != nil {
		return nil, d.route.rejectedError(refusalMessage(resp))
	}
	return resp, err
}

// refusalMessage is the message of an error answer.
func refusalMessage(resp *http.Response) string {
	defer func() { _ = resp.Body.Close() }() // nobody else reads it
	resp.Body = io.NopCloser(io.LimitReader(resp.Body, limits.ErrorBody))
	if err := googleapi.CheckResponse(resp); err != nil {
		return ParseError(err).Message
	}
	return resp.Status
}

// CloseIdleConnections is called by http.Client.
func (d routedTransport) CloseIdleConnections() { d.base.CloseIdleConnections() }

const (
	headerAuth  = "authorization"
	headerQuota = "x-goog-user-project"
)

// sandboxHeaders say to a sandbox who calls and whose quota the call uses. Callers there have no quota project of their own.
func (t Options) sandboxHeaders(ctx context.Context) map[string]string {
	h := map[string]string{}
	if t.Account != "" {
		h[headerAuth] = "Bearer " + t.Account
	}
	if quota := t.defaultQuotaProject(ctx); quota != "" {
		h[headerQuota] = quota
	}
	return h
}

// googleHeaders say to Google who calls, with a token that is still valid.
func (t Options) googleHeaders(ctx context.Context, signIn *LazySignIn) (map[string]string, error) {
	account, err := signIn.Get(ctx)
	if err != nil {
		return nil, err
	}
	token, err := account.Token(ctx)
	if err != nil {
		return nil, err
	}
	h := map[string]string{headerAuth: "Bearer " + token.Value}
	if quota := t.quotaProject(ctx, account); quota != "" {
		h[headerQuota] = quota
	}
	return h, nil
}

// quotaProject is the project whose quota a call uses, chosen as gcloud does. The requested one comes first,
// then the one in a user's credentials, then the project of the question. Other credentials use their own
// project's quota, and need no header.
func (t Options) quotaProject(ctx context.Context, account *signin.Account) string {
	if t.QuotaProject != "" || !account.User || t.NoQuotaProject {
		return t.QuotaProject
	}
	return cmp.Or(account.QuotaProject(ctx), t.defaultQuotaProject(ctx))
}

// defaultQuotaProject is the quota project for credentials that hold none: the one that was asked for, else the project of
// the question.
func (t Options) defaultQuotaProject(ctx context.Context) string {
	if t.QuotaProject != "" || t.NoQuotaProject {
		return t.QuotaProject
	}
	return cmp.Or(callOptionsOf(ctx).Project, t.Project)
}

// SandboxInfo is how a sandbox introduces itself.
type SandboxInfo struct {
	ID     string `json:"id"`
	World  string `json:"world"`
	Caller string `json:"caller"`
}

// FetchSandboxInfo asks the sandbox at an address who it is. Its errors wrap ErrUnreachable.
func FetchSandboxInfo(ctx context.Context, client *http.Client, address string) (SandboxInfo, error) {
	var info SandboxInfo
	if _, _, err := net.SplitHostPort(address); err != nil {
		return info, noSandboxError(address, "it is not written as HOST:PORT")
	}
	req, err := http.NewRequestWithContext(WithCallOptions(ctx, CallOptions{NoLog: true}), http.MethodGet, "http://"+address+"/sandbox", nil)
	if err != nil {
		return info, noSandboxError(address, text.CleanTrim(err.Error()))
	}
	resp, err := client.Do(req)
	if err != nil {
		return info, noSandboxError(address, "nobody answers there ("+ParseError(err).Message+")")
	}
	defer func() { _ = resp.Body.Close() }() // read to its end
	if err := json.NewDecoder(resp.Body).Decode(&info); err != nil || resp.StatusCode != http.StatusOK || info.ID == "" {
		return info, noSandboxError(address, "what answers there is not a sandbox")
	}
	return info, nil
}

func noSandboxError(address, why string) error {
	return &connectionError{ErrUnreachable, "no sandbox at " + text.CleanTrim(address) + ": " + why,
		[]model.Advice{{Words: "start one with: whopulls sandbox start; or leave out the address to use one inside whopulls"}}}
}
