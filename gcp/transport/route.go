// Package transport carries calls to Google Cloud or to a sandbox, by gRPC and REST alike: connections and proxies, the
// headers that say who calls, retries, limits, the log of calls, and Google's errors. It knows no readers: package gcp
// decides what to ask and what an answer means.
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
)

// Options say which cloud is called, and by whom.
type Options struct {
	Sandbox        string // HOST:PORT of a sandbox; empty: Google
	Account        string // with a sandbox: the member that calls; empty: the sandbox's own caller
	Network        Network
	QuotaProject   string // x-goog-user-project; empty: for a person's calls, the project of the question
	NoQuotaProject bool   // without a QuotaProject, send none
	Project        string // the project of the question, where it is known from the beginning
	UserAgent      string
}

// Route is how calls get to one cloud: gRPC and REST to the same endpoints, under the same name.
type Route struct {
	network       Network
	traffic       *Traffic
	userAgent     string
	endpoint      func(host string) endpoint
	headers       func(context.Context) (map[string]string, error) // who calls, at whose cost
	tokenHosts    []string                                         // that the headers are for; nil: whoever answers is the sandbox
	rejectedError func(why string) error                           // what to say where the token was not accepted; nil: as Google says it
	REST          *http.Client
	Anonymous     *http.Client // sends no credentials and follows nothing
	dial          func(ctx context.Context, address string) (net.Conn, error)
}

// RouteToGoogle is the way to Google's own endpoints.
func RouteToGoogle(t Options, calls *Traffic, signIn *LazySignIn) Route {
	w := Route{network: t.Network, traffic: calls, userAgent: t.UserAgent, endpoint: t.Network.endpoint, dial: t.Network.dial,
		headers: func(ctx context.Context) (map[string]string, error) { return t.googleHeaders(ctx, signIn) }, tokenHosts: Hosts(),
		rejectedError: func(why string) error { return signIn.account.RejectedError(why) }} // after a call, for which somebody signed in
	return w.withREST(t.Network.transport())
}

// RouteToSandbox is the way to a sandbox: in plain text to its port, under Google's host names, whatever proxy, endpoint or
// credentials the environment sets. The bearer token is the member that calls.
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

// withoutCredentials is the same way without a word on who calls.
func (w Route) withoutCredentials() Route {
	w.headers = func(context.Context) (map[string]string, error) { return nil, nil }
	w.rejectedError = nil
	return w
}

// grpcConn gives a connection for the gRPC clients of that Google host.
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

// routedTransport sends what is meant for https://GOOGLE_HOST to the endpoint in its place, under the caller's name.
type routedTransport struct {
	base  *http.Transport
	route Route
}

// RoundTrip sends the request.
func (d routedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	if host := req.URL.Hostname(); d.route.tokenHosts != nil && !slices.Contains(d.route.tokenHosts, host) {
		return nil, fmt.Errorf("no token is sent to %s: it is not one of the hosts that whopulls calls", clean(host))
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

// refusalMessage is what an answer says of why it is none.
func refusalMessage(resp *http.Response) string {
	defer func() { _ = resp.Body.Close() }() // nobody else gets the answer
	resp.Body = io.NopCloser(io.LimitReader(resp.Body, limits.ErrorBody))
	if err := googleapi.CheckResponse(resp); err != nil {
		return ParseError(err).Message
	}
	return resp.Status
}

// CloseIdleConnections is what http.Client looks for behind a RoundTripper.
func (d routedTransport) CloseIdleConnections() { d.base.CloseIdleConnections() }

const (
	headerAuth  = "authorization"
	headerQuota = "x-goog-user-project"
)

// sandboxHeaders are the headers that tell a sandbox who calls, and whose quota it uses: everybody there carries no project of
// their own.
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

// googleHeaders are the headers that tell Google who calls, with a token that is still good.
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

// quotaProject is the project whose quota a call uses, as gcloud has it: the one that was asked for, else, of a person's
// credentials, the one that they carry, else the project that is being asked about. Other credentials use that of
// their own project, without a word.
func (t Options) quotaProject(ctx context.Context, account *signin.Account) string {
	if t.QuotaProject != "" || !account.User || t.NoQuotaProject {
		return t.QuotaProject
	}
	return cmp.Or(account.QuotaProject(ctx), t.defaultQuotaProject(ctx))
}

// defaultQuotaProject is the project whose quota is used where the credentials carry none: the one that was asked for, else the
// one that is being asked about.
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

func FetchSandboxInfo(ctx context.Context, client *http.Client, address string) (SandboxInfo, error) {
	var info SandboxInfo
	if _, _, err := net.SplitHostPort(address); err != nil {
		return info, noSandboxError(address, "it is not written as HOST:PORT")
	}
	req, err := http.NewRequestWithContext(WithCallOptions(ctx, CallOptions{NoLog: true}), http.MethodGet, "http://"+address+"/sandbox", nil)
	if err != nil {
		return info, noSandboxError(address, clean(err.Error()))
	}
	resp, err := client.Do(req)
	if err != nil {
		return info, noSandboxError(address, "nobody answers there ("+ParseError(err).Message+")")
	}
	defer func() { _ = resp.Body.Close() }() // read to its end; closing has nothing left to lose
	if err := json.NewDecoder(resp.Body).Decode(&info); err != nil || resp.StatusCode != http.StatusOK || info.ID == "" {
		return info, noSandboxError(address, "what answers there is not a sandbox")
	}
	return info, nil
}

func noSandboxError(address, why string) error {
	return &connectionError{ErrUnreachable, "no sandbox at " + clean(address) + ": " + why,
		[]model.Advice{{Words: "start one with: whopulls sandbox start; or leave out the address to use one inside whopulls"}}}
}
