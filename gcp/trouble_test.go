package gcp

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"cloud.google.com/go/auth"
	"golang.org/x/oauth2"
	"google.golang.org/api/googleapi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"whopulls/model"
)

var someAsk = ask{does: "read the policy of project p", resource: model.ProjectResource("p"), need: "a.b.c", absent: "project p"}

func TestTroubleBecomesAGap(t *testing.T) {
	off := withInfo(t, codes.PermissionDenied, "It is disabled.", "SERVICE_DISABLED", map[string]string{"service": "run.googleapis.com", "consumer": "projects/12"})
	body := `{"error":{"code":403,"message":"Nope.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"IAM_PERMISSION_DENIED","domain":"x","metadata":{"permission":"x.y.z"}}]}}`
	rest := googleapi.CheckResponse(&http.Response{StatusCode: http.StatusForbidden, Header: http.Header{"Content-Type": {"application/json"}}, Body: readCloser{strings.NewReader(body)}})
	for _, test := range []struct {
		name   string
		err    error
		need   model.Permission
		reason string
	}{
		{"documented permission", status.Error(codes.PermissionDenied, "no"), "a.b.c", "you may not read the policy of project p"},
		{"named permission", withInfo(t, codes.PermissionDenied, "no", "IAM_PERMISSION_DENIED", map[string]string{"permission": "d.e.f"}), "d.e.f", "you may not read the policy of project p"},
		{"REST", rest, "x.y.z", "you may not read the policy of project p"},
		{"API off", off, "", "the API run.googleapis.com is off in project 12, or not yet on everywhere"},
		{"not found", status.Error(codes.NotFound, "none"), "", "project p does not exist"},
		{"not signed in", status.Error(codes.Unauthenticated, "Who are you?"), "", "the sign-in was not accepted: Who are you?"},
		{"quota", withInfo(t, codes.ResourceExhausted, "slow", "RATE", map[string]string{"quota_metric": "m"}), "", "a quota is used up (m); it fills again within minutes"},
		{"late", context.DeadlineExceeded, "", "no answer came in time when asked to read the policy of project p"},
		{"late by gRPC", status.Error(codes.DeadlineExceeded, "x"), "", "no answer came in time when asked to read the policy of project p"},
		{"refused connection", &url.Error{Op: "Post", URL: "http://x", Err: syscall.ECONNREFUSED}, "", "it could not be reached: connection refused"},
		{"of our own", errors.New("odd."), "", "odd"},
		{"anything else", status.Error(codes.Internal, "Oh\x1b]0;no\x07."), "", "Google refused to read the policy of project p: Oh]0;no"},
	} {
		gap := someAsk.gap(troubleOf(test.err))
		if gap.Need != test.need || gap.Reason != test.reason || gap.Resource != someAsk.resource {
			t.Errorf("%s: %+v; want need %q, reason %q", test.name, gap, test.need, test.reason)
		}
	}
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

func TestBrokenTellsWhatHoldsForEveryCall(t *testing.T) {
	for _, err := range []error{status.Error(codes.Unavailable, "x"), &url.Error{Op: "Get", URL: "http://x", Err: syscall.ECONNREFUSED}, context.DeadlineExceeded} {
		wantHint(t, broken(err), ErrUnreachable)
	}
	for _, err := range []error{status.Error(codes.Unauthenticated, "x"), &url.Error{Op: "Get", URL: "http://x", Err: &auth.Error{Response: &http.Response{StatusCode: http.StatusBadRequest}, Body: []byte("reauth")}},
		&oauth2.RetrieveError{Response: &http.Response{StatusCode: http.StatusBadRequest}, ErrorCode: "invalid_grant"}} {
		wantHint(t, broken(err), ErrNotSignedIn)
	}
	for _, err := range []error{nil, context.Canceled, status.Error(codes.PermissionDenied, "x"), errors.New("x")} {
		if broke := broken(err); broke != nil {
			t.Errorf("%v is no breakdown, but gives %v", err, broke)
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"データ基盤（本番）":                   "データ基盤（本番）",
		"a\x1b[31mb\x00c\x7fd\u009be": "a[31mbcde",
		"two\nlines\tand more":        "two lines and more",
		"user\u202egro.elpmaxe\u2066": "usergro.elpmaxe",
		"bad\xffbytes":                "badbytes",
		"  padded ":                   "padded",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}
