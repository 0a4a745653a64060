package signin

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"time"

	"cloud.google.com/go/auth"
	"cloud.google.com/go/compute/metadata"

	"whopulls/gcp/limits"
	"whopulls/model"
)

// metadataProbeTimeout bounds the look for a metadata server, which outside of Google Cloud nobody answers.
const metadataProbeTimeout = 2 * time.Second

// byMetadata takes the service account of the machine that this runs on.
func (s *signInRun) byMetadata(ctx context.Context) (*candidate, error) {
	probe, cancel := context.WithTimeout(ctx, metadataProbeTimeout)
	defer cancel()
	server := metadataServer{metadata.NewWithOptions(&metadata.Options{Client: metadataClient()})}
	if !server.OnGCEWithContext(probe) {
		s.addAttempt(ByMetadata, "this is not a machine of Google Cloud")
		return nil, nil
	}
	// Networks other than Google's answer at this address too; then, and on a machine without a service account, there is
	// nobody to call as.
	if _, err := server.Token(ctx); err != nil && ctx.Err() == nil {
		s.addAttempt(ByMetadata, userMessage(err))
		if isOutage(err) {
			return nil, &Error{Why: "the metadata server of this machine gives no token: " + userMessage(err), Unreachable: true,
				Next: []model.Advice{nextGcloudLogin("try again; or sign in:"), nextSandbox}}
		}
		return nil, nil
	}
	f := &candidate{Account: Account{Method: ByMetadata, Source: "the service account of this machine", Kind: "service account",
		Credentials: s.credentials(server)}}
	f.lookUpOwner = func(ctx context.Context) (model.Member, error) {
		email, err := server.EmailWithContext(ctx, "default")
		if err != nil {
			return "", err
		}
		return memberFromEmail(email)
	}
	return s.firstToken(ctx, f)
}

// metadataTimeout is how long one answer of a metadata server may take, which is a few steps away.
const metadataTimeout = 5 * time.Second

// metadataClient asks without a proxy, as the library's own client does, and takes no more of an answer than one comes to.
func metadataClient() *http.Client {
	return &http.Client{Timeout: metadataTimeout, Transport: limitedTransport{&http.Transport{MaxResponseHeaderBytes: limits.Headers,
		DialContext: (&net.Dialer{Timeout: metadataProbeTimeout}).DialContext, IdleConnTimeout: time.Minute}}}
}

// limitedTransport cuts answers short that are longer than any answer about a token.
type limitedTransport struct{ base *http.Transport }

// RoundTrip sends the request.
func (b limitedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := b.base.RoundTrip(req)
	if err == nil {
		resp.Body = limitedBody{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	}
	return resp, err
}

// limitedBody is the beginning of a body.
type limitedBody struct {
	io.Reader
	io.Closer
}

// isOutage tells a server that is there and in trouble from one that has no service account to give.
func isOutage(err error) bool {
	var answer *metadata.Error
	if errors.As(err, &answer) {
		return answer.Code >= http.StatusInternalServerError || answer.Code == http.StatusTooManyRequests
	}
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded)
}

// metadataServer gives tokens of the machine's own service account (Compute Engine, "Authenticate workloads").
type metadataServer struct{ *metadata.Client }

// Token asks the server, which keeps tokens itself.
func (m metadataServer) Token(ctx context.Context) (*auth.Token, error) {
	answer, err := m.GetWithContext(ctx, "instance/service-accounts/default/token")
	if err != nil {
		return nil, err
	}
	var token struct {
		Access  string `json:"access_token"`
		Seconds int    `json:"expires_in"`
	}
	if err := json.Unmarshal([]byte(answer), &token); err != nil || token.Access == "" {
		return nil, errors.New("the metadata server gave no access token")
	}
	return &auth.Token{Value: token.Access, Type: "Bearer", Expiry: time.Now().Add(time.Duration(token.Seconds) * time.Second)}, nil
}
