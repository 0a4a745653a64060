package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"whopulls/gcp/signin"
	"whopulls/model"
	"whopulls/text"

	"google.golang.org/api/googleapi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// A body of the older APIs has a list of errors next to the details, and a detail may be of a kind that came later.
func TestAnOddBodyKeepsItsDetails(t *testing.T) {
	const info = `{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED","domain":"googleapis.com","metadata":{"service":"run.googleapis.com","consumer":"projects/12"}}`
	for _, rest := range []string{
		`"errors":[{"message":"Off.","domain":"usageLimits","reason":"accessNotConfigured"}],"details":[` + info + `]`,
		`"details":[{"@type":"type.googleapis.com/google.rpc.Yet.Unknown","x":1},` + info + `]`,
		`"novelty":true,"details":[` + info + `]`,
	} {
		t.Run(fmt.Sprintf("%.40s", rest), func(t *testing.T) {
			err := googleapi.CheckResponse(&http.Response{StatusCode: http.StatusForbidden, Body: bodyReader{strings.NewReader(`{"error":{"code":403,"message":"Off.","status":"PERMISSION_DENIED",` + rest + `}}`)}})
			if tr := ParseError(err); !tr.IsAPIDisabled() || tr.Consumer != "projects/12" {
				t.Errorf("%s: %+v", rest, tr)
			}
		})
	}
}

func TestBrokenTellsWhatHoldsForEveryCall(t *testing.T) {
	for _, err := range []error{status.Error(codes.Unavailable, "x"), &url.Error{Op: "Get", URL: "http://x", Err: syscall.ECONNREFUSED}, context.DeadlineExceeded} {
		t.Run(fmt.Sprint(err), func(t *testing.T) {
			checkHint(t, AsConnectionError(err), ErrUnreachable)
		})
	}
	for _, err := range []error{status.Error(codes.Unauthenticated, "x"), &url.Error{Op: "Get", URL: "http://x", Err: &signin.Error{Why: "the login has expired"}}} {
		t.Run(fmt.Sprint(err), func(t *testing.T) {
			checkHint(t, AsConnectionError(err), ErrNotSignedIn)
		})
	}
	for _, err := range []error{nil, context.Canceled, status.Error(codes.PermissionDenied, "x"), errors.New("x")} {
		t.Run(fmt.Sprint(err), func(t *testing.T) {
			if broke := AsConnectionError(err); broke != nil {
				t.Errorf("%v is no breakdown, but gives %v", err, broke)
			}
		})
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"データ基盤（本番）":                   "データ基盤（本番）",
		"a\x1b[31mb\x00c\x7fd\u009be": "a\ufffd[31mb\ufffdc\ufffdd\ufffde",
		"two\nlines\tand more":        "two lines and more",
		"user\u202egro.elpmaxe\u2066": "user\ufffdgro.elpmaxe\ufffd",
		"bad\xffbytes":                "bad\ufffdbytes",
		"  padded ":                   "padded",
	} {
		t.Run(in, func(t *testing.T) {
			if got := text.CleanTrim(in); got != want {
				t.Errorf("text.CleanTrim(%q) = %q, want %q", in, got, want)
			}
		})
	}
}

func TestTheHintOfALoginThatEnded(t *testing.T) {
	var hint interface{ Hint() string }
	if err := AsConnectionError(&signin.Error{Why: "x", Next: []model.Advice{{Command: "gcloud auth login dev@example.com"}}}); !errors.As(err, &hint) || !strings.HasPrefix(hint.Hint(), "gcloud auth login dev@example.com\nor, without an account: whopulls --sandbox") {
		t.Errorf("the hint is %v", err)
	}
}

type bodyReader struct{ *strings.Reader }

func (bodyReader) Close() error { return nil }

func checkHint(t *testing.T, err, is error) {
	t.Helper()
	var hint interface{ Hint() string }
	if !errors.Is(err, is) || !errors.As(err, &hint) || hint.Hint() == "" {
		t.Errorf("got %v; want an error of kind %q that says what to do next", err, is)
	}
}
