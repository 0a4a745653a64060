package gcp

import (
	"context"
	"encoding/json"
	"net"
	"net/http"

	"cloud.google.com/go/auth/credentials"
	"google.golang.org/api/option"
	htransport "google.golang.org/api/transport/http"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
)

// way is how calls get to one cloud.
type way struct {
	grpc func(host string) ([]option.ClientOption, error) // options of a gRPC client of that Google host
	rest *http.Client
}

const cloudScope = "https://www.googleapis.com/auth/cloud-platform"

// toGoogle is the way to Google's own endpoints, with Application Default Credentials.
func toGoogle(ctx context.Context, t Target, calls *traffic) (way, error) {
	creds, err := credentials.DetectDefault(&credentials.DetectOptions{Scopes: []string{cloudScope}})
	if err != nil {
		return way{}, notSignedIn(clean(err.Error()))
	}
	options := []option.ClientOption{option.WithAuthCredentials(creds), option.WithUserAgent(t.UserAgent)}
	if t.QuotaProject != "" {
		options = append(options, option.WithQuotaProject(t.QuotaProject))
	}
	rest, _, err := htransport.NewClient(ctx, options...)
	if err != nil {
		return way{}, notSignedIn(clean(err.Error()))
	}
	rest.Transport = calls.over(rest.Transport)
	options = append(options,
		option.WithGRPCDialOption(grpc.WithChainUnaryInterceptor(calls.unary)),
		option.WithGRPCDialOption(grpc.WithConnectParams(connecting)))
	return way{rest: rest, grpc: func(string) ([]option.ClientOption, error) { return options, nil }}, nil
}

// toSandbox is the way to a sandbox: in plain text to its port, under Google's host names, whatever proxy, endpoint or
// credentials the environment sets. The bearer token is the member that calls.
func toSandbox(t Target, calls *traffic) way {
	transport := &http.Transport{
		Proxy:               nil,
		MaxIdleConnsPerHost: inFlight,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, t.Sandbox)
		},
	}
	return way{
		rest: &http.Client{Transport: calls.over(plain{transport, t})},
		grpc: func(host string) ([]option.ClientOption, error) {
			conn, err := grpc.NewClient("passthrough:///"+t.Sandbox,
				grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithNoProxy(), grpc.WithAuthority(host),
				grpc.WithUserAgent(t.UserAgent), grpc.WithConnectParams(connecting),
				grpc.WithDisableServiceConfig(), grpc.WithChainUnaryInterceptor(calls.unary, t.sign))
			return []option.ClientOption{option.WithGRPCConn(conn), option.WithTelemetryDisabled()}, err
		},
	}
}

// headers are what tells a sandbox who calls.
func (t Target) headers() map[string]string {
	h := map[string]string{}
	if t.Account != "" {
		h["authorization"] = "Bearer " + string(t.Account)
	}
	if t.QuotaProject != "" {
		h["x-goog-user-project"] = t.QuotaProject
	}
	return h
}

func (t Target) sign(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn,
	invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	for k, v := range t.headers() {
		ctx = metadata.AppendToOutgoingContext(ctx, k, v)
	}
	return invoke(ctx, method, req, reply, cc, opts...)
}

// plain sends what is meant for https://GOOGLE_HOST in plain text; the Host header stays Google's.
type plain struct {
	base   *http.Transport
	target Target
}

// RoundTrip sends the request under the caller's name.
func (p plain) RoundTrip(req *http.Request) (*http.Response, error) {
	out := req.Clone(req.Context())
	out.URL.Scheme = "http"
	for k, v := range p.target.headers() {
		out.Header.Set(k, v)
	}
	if p.target.UserAgent != "" {
		out.Header.Set("User-Agent", p.target.UserAgent)
	}
	return p.base.RoundTrip(out)
}

// CloseIdleConnections is what http.Client looks for behind a RoundTripper.
func (p plain) CloseIdleConnections() { p.base.CloseIdleConnections() }

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
		"start one with: whopulls sandbox start; or leave out the address to use one inside whopulls"}
}
