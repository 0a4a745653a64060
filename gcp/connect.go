package gcp

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"sync"

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

// way is how calls get to one cloud: gRPC and REST to the same endpoints, under the same name.
type way struct {
	network  Network
	calls    *traffic
	agent    string
	endpoint func(host string) endpoint
	headers  func(context.Context) (map[string]string, error) // who calls, at whose cost
	hosts    []string                                         // that the headers are for; nil: whoever answers is the sandbox
	rejected func(why string) error                           // what to say where the token was not accepted; nil: as Google says it
	rest     *http.Client
	nobody   *http.Client // sends no credentials and follows nothing
	dial     func(ctx context.Context, address string) (net.Conn, error)
}

// toGoogle is the way to Google's own endpoints.
func toGoogle(t Target, calls *traffic, who *signer) way {
	w := way{network: t.Network, calls: calls, agent: t.UserAgent, endpoint: t.Network.endpoint, dial: t.Network.dial,
		headers: func(ctx context.Context) (map[string]string, error) { return t.signed(ctx, who) }, hosts: Hosts(),
		rejected: func(why string) error { return who.account.Rejected(why) }} // after a call, for which somebody signed in
	return w.withREST(t.Network.transport())
}

// toSandbox is the way to a sandbox: in plain text to its port, under Google's host names, whatever proxy, endpoint or
// credentials the environment sets. The bearer token is the member that calls.
func toSandbox(t Target, calls *traffic) way {
	transport := &http.Transport{Proxy: nil, MaxIdleConnsPerHost: inFlight, MaxResponseHeaderBytes: limits.Headers}
	w := way{calls: calls, agent: t.UserAgent,
		endpoint: func(host string) endpoint { return endpoint{t.Sandbox, host, true} },
		dial: func(ctx context.Context, address string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", address)
		},
		headers: func(ctx context.Context) (map[string]string, error) { return t.named(ctx), nil }}
	return w.withREST(transport)
}

func (w way) withREST(base *http.Transport) way {
	w.rest = &http.Client{Transport: w.calls.over(directed{base, w})}
	w.nobody = &http.Client{Transport: w.calls.over(directed{base, w.unsigned()}),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return w
}

// unsigned is the same way without a word on who calls.
func (w way) unsigned() way {
	w.headers = func(context.Context) (map[string]string, error) { return nil, nil }
	w.rejected = nil
	return w
}

// grpc gives a connection for the gRPC clients of that Google host.
func (w way) grpc(host string) (*grpc.ClientConn, error) {
	to := w.endpoint(host)
	security := credentials.NewTLS(w.network.tls())
	if to.plain {
		security = insecure.NewCredentials()
	}
	return grpc.NewClient("passthrough:///"+to.address, grpc.WithTransportCredentials(security),
		grpc.WithAuthority(to.authority), grpc.WithContextDialer(w.dial), grpc.WithUserAgent(w.agent), grpc.WithMaxHeaderListSize(uint32(limits.Headers)),
		grpc.WithConnectParams(connecting), grpc.WithDisableServiceConfig(), grpc.WithChainUnaryInterceptor(w.calls.unary, w.sign))
}

func (w way) sign(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn,
	invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	headers, err := w.headers(ctx)
	if err != nil {
		return err
	}
	for k, v := range headers {
		ctx = metadata.AppendToOutgoingContext(ctx, k, v)
	}
	err = invoke(ctx, method, req, reply, cc, opts...)
	if status.Code(err) == codes.Unauthenticated && w.rejected != nil {
		return w.rejected(status.Convert(err).Message())
	}
	return err
}

// directed sends what is meant for https://GOOGLE_HOST to the endpoint in its place, under the caller's name.
type directed struct {
	base *http.Transport
	way  way
}

// RoundTrip sends the request.
func (d directed) RoundTrip(req *http.Request) (*http.Response, error) {
	if host := req.URL.Hostname(); d.way.hosts != nil && !slices.Contains(d.way.hosts, host) {
		return nil, fmt.Errorf("no token is sent to %s: it is not one of the hosts that whopulls calls", clean(host))
	}
	headers, err := d.way.headers(req.Context())
	if err != nil {
		return nil, err
	}
	out := req.Clone(req.Context())
	to := d.way.endpoint(req.URL.Hostname())
	out.URL.Scheme, out.URL.Host, out.Host = "https", to.address, to.authority
	if to.plain {
		out.URL.Scheme = "http"
	}
	for k, v := range headers {
		out.Header.Set(k, v)
	}
	if d.way.agent != "" {
		out.Header.Set("User-Agent", d.way.agent)
	}
	resp, err := d.base.RoundTrip(out)
	if err == nil && resp.StatusCode == http.StatusUnauthorized && d.way.rejected != nil {
		return nil, d.way.rejected(refusalIn(resp))
	}
	return resp, err
}

// refusalIn is what an answer says of why it is none.
func refusalIn(resp *http.Response) string {
	defer func() { _ = resp.Body.Close() }() // nobody else gets the answer
	resp.Body = io.NopCloser(io.LimitReader(resp.Body, limits.Refusal))
	if err := googleapi.CheckResponse(resp); err != nil {
		return troubleOf(err).message
	}
	return resp.Status
}

// CloseIdleConnections is what http.Client looks for behind a RoundTripper.
func (d directed) CloseIdleConnections() { d.base.CloseIdleConnections() }

const (
	headerAuth  = "authorization"
	headerQuota = "x-goog-user-project"
)

// named are the headers that tell a sandbox who calls, and whose quota it uses: everybody there carries no project of
// their own.
func (t Target) named(ctx context.Context) map[string]string {
	h := map[string]string{}
	if t.Account != "" {
		h[headerAuth] = "Bearer " + string(t.Account)
	}
	if quota := t.ordinaryQuota(ctx); quota != "" {
		h[headerQuota] = quota
	}
	return h
}

// signer signs in once, when the first call needs it or somebody wants to know.
type signer struct {
	once    sync.Once
	in      func(context.Context) (*signin.Account, error)
	account *signin.Account
	err     error
}

func (s *signer) get(ctx context.Context) (*signin.Account, error) {
	s.once.Do(func() { s.account, s.err = s.in(ctx) })
	return s.account, s.err
}

// signed are the headers that tell Google who calls, with a token that is still good.
func (t Target) signed(ctx context.Context, who *signer) (map[string]string, error) {
	account, err := who.get(ctx)
	if err != nil {
		return nil, err
	}
	token, err := account.Token(ctx)
	if err != nil {
		return nil, err
	}
	h := map[string]string{headerAuth: "Bearer " + token.Value}
	if quota := t.quota(ctx, account); quota != "" {
		h[headerQuota] = quota
	}
	return h, nil
}

// quota is the project whose quota a call uses, as gcloud has it: the one that was asked for, else, of a person's
// credentials, the one that they carry, else the project that is being asked about. Other credentials use that of
// their own project, without a word.
func (t Target) quota(ctx context.Context, account *signin.Account) string {
	if t.QuotaProject != "" || !account.User || t.OwnQuota {
		return t.QuotaProject
	}
	return firstOf(account.Carries(ctx), t.ordinaryQuota(ctx))
}

// ordinaryQuota is the project whose quota is used where the credentials carry none: the one that was asked for, else the
// one that is being asked about.
func (t Target) ordinaryQuota(ctx context.Context) string {
	if t.QuotaProject != "" || t.OwnQuota {
		return t.QuotaProject
	}
	current, _ := ctx.Value(currentKey{}).(string)
	return firstOf(current, t.Project)
}

type currentKey struct{}

// about marks calls that answer a question about a project, which then bears their quota.
func about(ctx context.Context, project string) context.Context {
	return context.WithValue(ctx, currentKey{}, project)
}

// sandboxInfo is how a sandbox introduces itself.
type sandboxInfo struct {
	ID     string `json:"id"`
	World  string `json:"world"`
	Caller string `json:"caller"`
}

func introduction(ctx context.Context, client *http.Client, address string) (sandboxInfo, error) {
	var info sandboxInfo
	if _, _, err := net.SplitHostPort(address); err != nil {
		return info, noSandbox(address, "it is not written as HOST:PORT")
	}
	req, err := http.NewRequestWithContext(aside(ctx), http.MethodGet, "http://"+address+"/sandbox", nil)
	if err != nil {
		return info, noSandbox(address, clean(err.Error()))
	}
	resp, err := client.Do(req)
	if err != nil {
		return info, noSandbox(address, "nobody answers there ("+troubleOf(err).message+")")
	}
	defer func() { _ = resp.Body.Close() }() // read to its end; closing has nothing left to lose
	if err := json.NewDecoder(resp.Body).Decode(&info); err != nil || resp.StatusCode != http.StatusOK || info.ID == "" {
		return info, noSandbox(address, "what answers there is not a sandbox")
	}
	return info, nil
}

func noSandbox(address, why string) error {
	return &hinted{ErrUnreachable, "no sandbox at " + clean(address) + ": " + why,
		[]model.Advice{{Words: "start one with: whopulls sandbox start; or leave out the address to use one inside whopulls"}}}
}
