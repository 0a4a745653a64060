package sandbox_test

import (
	"context"
	"net/http"
	"testing"

	"go.uber.org/goleak"
	"google.golang.org/api/option"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"whopulls/gcp/sandbox"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	dev     = "user:dev@example.com"
	nobody  = "user:nobody@example.com"
	agentA  = "serviceAccount:service-111111111111@serverless-robot-prod.iam.gserviceaccount.com"
	myrepo  = "projects/myproject-b/locations/asia-northeast1/repositories/myrepo"
	webSA   = "projects/myproject-a/serviceAccounts/web@myproject-a.iam.gserviceaccount.com"
	regionA = "projects/myproject-a/locations/asia-northeast1"
)

func start(t *testing.T, o sandbox.Options) *sandbox.Server {
	t.Helper()
	s, err := sandbox.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func startWorld(t *testing.T, nameOrFile string) *sandbox.Server {
	t.Helper()
	w, err := sandbox.Load(nameOrFile)
	if err != nil {
		t.Fatal(err)
	}
	return start(t, sandbox.Options{World: w})
}

// bearerToken is a bearer token over plain text, which only loopback may see.
type bearerToken string

func (t bearerToken) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + string(t)}, nil
}

func (bearerToken) RequireTransportSecurity() bool { return false }

// dial is a connection as that member ("" sends no token) that names a host of
// Google's; "" leaves the sandbox's own address there.
func dial(t *testing.T, s *sandbox.Server, host, member string) option.ClientOption {
	t.Helper()
	options := []grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials())}
	if host != "" {
		options = append(options, grpc.WithAuthority(host))
	}
	if member != "" {
		options = append(options, grpc.WithPerRPCCredentials(bearerToken(member)))
	}
	conn, err := grpc.NewClient(s.Addr(), options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return option.WithGRPCConn(conn)
}

// must gives the value of a call that may not fail: must(client.Get(…))(t).
func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func wantCode(t *testing.T, about string, err error, want codes.Code) {
	t.Helper()
	if got := status.Code(err); got != want {
		t.Errorf("%s: got %s (%v), want %s", about, got, err, want)
	}
}

// wantReason looks for an ErrorInfo with that reason and metadata.
func wantReason(t *testing.T, err error, reason string, metadata map[string]string) {
	t.Helper()
	for _, d := range status.Convert(err).Details() {
		info, ok := d.(*errdetails.ErrorInfo)
		if !ok || info.Reason != reason {
			continue
		}
		for k, v := range metadata {
			if info.Metadata[k] != v {
				t.Errorf("%s of %s is %q, want %q", k, reason, info.Metadata[k], v)
			}
		}
		return
	}
	t.Errorf("%v carries no %s", err, reason)
}

// pageIterator is what Google's list calls give.
type pageIterator[T any] interface{ Next() (T, error) }

// all drains an iterator; done is its last error.
func all[T any](t *testing.T, it pageIterator[T], done error) []T {
	t.Helper()
	var list []T
	for {
		item, err := it.Next()
		if err == done {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, item)
	}
}

// httpClient keeps no connections, so that none outlives a test.
func httpClient(member string) *http.Client {
	return &http.Client{Transport: &bearerTransport{member: member, base: &http.Transport{DisableKeepAlives: true}}}
}

type bearerTransport struct {
	member string
	base   http.RoundTripper
}

func (b *bearerTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if b.member != "" {
		r.Header.Set("Authorization", "Bearer "+b.member)
	}
	return b.base.RoundTrip(r)
}
