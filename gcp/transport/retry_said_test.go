package transport

import (
	"context"
	"net/http"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

// saidRetries keeps which calls are sent again, and how many of them are over.
type saidRetries struct {
	said []Retry
	over int
}

func (s *saidRetries) hear(r Retry) func() {
	s.said = append(s.said, r)
	return func() { s.over++ }
}

// Each call that is sent again is said with its host, until it is answered or given up.
func TestRetriesAreSaid(t *testing.T) {
	for _, test := range []struct {
		name     string
		statuses []int
		want     []Retry
	}{
		{"answered at once", []int{200}, nil},
		{"refused", []int{403}, nil},
		{"answered then", []int{503, 429, 200}, []Retry{{"run.googleapis.com", "503", 1, 2}, {"run.googleapis.com", "429", 2, 2}}},
		{"given up", []int{503, 503, 503}, []Retry{{"run.googleapis.com", "503", 1, 2}, {"run.googleapis.com", "503", 2, 2}}},
	} {
		t.Run("REST "+test.name, func(t *testing.T) {
			var heard saidRetries
			traffic := NewTraffic(shortCalls, nil)
			traffic.OnRetry = heard.hear
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://run.googleapis.com/v2", nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := traffic.WrapREST(&fakeTransport{statuses: test.statuses}).RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			if err := resp.Body.Close(); err != nil {
				t.Error(err)
			}
			heard.check(t, test.want)
		})
	}
	t.Run("gRPC", func(t *testing.T) {
		var heard saidRetries
		traffic := NewTraffic(shortCalls, nil)
		traffic.OnRetry = heard.hear
		conn, err := grpc.NewClient("passthrough:///run.googleapis.com:443", grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		calls := 0
		err = traffic.interceptUnary(t.Context(), "/google.cloud.run.v2.Jobs/GetJob", nil, nil, conn,
			func(context.Context, string, any, any, *grpc.ClientConn, ...grpc.CallOption) error {
				if calls++; calls == 1 {
					return status.Error(codes.Unavailable, "busy")
				}
				return nil
			})
		if err != nil {
			t.Fatal(err)
		}
		heard.check(t, []Retry{{"run.googleapis.com", "UNAVAILABLE", 1, 2}})
	})
}

// check compares what was said. All of it is over.
func (s *saidRetries) check(t *testing.T, want []Retry) {
	t.Helper()
	if len(s.said) != len(want) || s.over != len(want) {
		t.Fatalf("%+v was said, of which %d are over; want %+v", s.said, s.over, want)
	}
	for n, r := range want {
		if s.said[n] != r {
			t.Errorf("%+v, want %+v", s.said[n], r)
		}
	}
}
