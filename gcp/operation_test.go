package gcp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"

	"google.golang.org/api/googleapi"
	rpccode "google.golang.org/genproto/googleapis/rpc/code"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"

	"whopulls/gcp/signin"
	"whopulls/gcp/transport"
	"whopulls/model"
)

var someOperation = operation{action: "read the policy of project p", resource: model.ProjectResource("p"), permission: "a.b.c", subject: "project p"}

func TestTroubleBecomesAGap(t *testing.T) {
	off := errorWithInfo(t, codes.PermissionDenied, "It is disabled.", "SERVICE_DISABLED", map[string]string{"service": "run.googleapis.com", "consumer": "projects/12"})
	body := `{"error":{"code":403,"message":"Nope.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"IAM_PERMISSION_DENIED","domain":"x","metadata":{"permission":"x.y.z"}}]}}`
	rest := googleapi.CheckResponse(&http.Response{StatusCode: http.StatusForbidden, Header: http.Header{"Content-Type": {"application/json"}}, Body: readCloser{strings.NewReader(body)}})
	for _, test := range []struct {
		name   string
		err    error
		need   model.Permission
		reason string
		cause  model.GapCause
	}{
		{"documented permission", status.Error(codes.PermissionDenied, "no"), "a.b.c", "you may not read the policy of project p", model.GapForbidden},
		{"named permission", errorWithInfo(t, codes.PermissionDenied, "no", "IAM_PERMISSION_DENIED", map[string]string{"permission": "d.e.f"}), "d.e.f", "you may not read the policy of project p", model.GapForbidden},
		{"REST", rest, "x.y.z", "you may not read the policy of project p", model.GapForbidden},
		{"API off", off, "", "the API run.googleapis.com is off in project 12, or not yet on everywhere", model.GapAPIOff},
		{"not found", status.Error(codes.NotFound, "none"), "", "project p does not exist", model.GapFailed},
		{"not signed in", status.Error(codes.Unauthenticated, "Who are you?"), "", "the sign-in was not accepted: Who are you?", model.GapFailed},
		{"quota", errorWithInfo(t, codes.ResourceExhausted, "slow", "RATE", map[string]string{"quota_metric": "m"}), "", "a quota is used up (m)", model.GapQuota},
		{"late", context.DeadlineExceeded, "", "no answer came in time when asked to read the policy of project p", model.GapUnreachable},
		{"late by gRPC", status.Error(codes.DeadlineExceeded, "x"), "", "no answer came in time when asked to read the policy of project p", model.GapUnreachable},
		{"refused connection", &url.Error{Op: "Post", URL: "http://x", Err: syscall.ECONNREFUSED}, "", "it could not be reached: connection refused", model.GapUnreachable},
		{"of our own", errors.New("odd."), "", "odd", model.GapFailed},
		{"anything else", status.Error(codes.Internal, "Oh\x1b]0;no\x07."), "", "Google refused to read the policy of project p: Oh\ufffd]0;no\ufffd", model.GapFailed},
	} {
		t.Run(test.name, func(t *testing.T) {
			gap := someOperation.gap(transport.ParseError(test.err))
			if gap.Need != test.need || gap.Reason != test.reason || gap.Cause != test.cause || gap.Resource != someOperation.resource {
				t.Errorf("%s: %+v; want need %q, reason %q, cause %q", test.name, gap, test.need, test.reason, test.cause)
			}
		})
	}
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

// refusalShapes are errors as Google sends them: the same detail messages travel with a gRPC status and in a REST body.
var refusalShapes = []struct {
	name              string
	code              codes.Code
	message, details  string // details: the JSON of the list
	reason, next      string // of the gap
	need              model.Permission
	resource          model.Resource
	cause, writesNext string // of a write that fails so
}{
	{"API off", codes.PermissionDenied,
		"Cloud Run Admin API has not been used in project 12 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/run.googleapis.com/overview?project=12 then retry.",
		`{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED","domain":"googleapis.com","metadata":{"service":"run.googleapis.com","serviceTitle":"Cloud Run Admin API","consumer":"projects/12"}},
		{"@type":"type.googleapis.com/google.rpc.LocalizedMessage","locale":"en-US","message":"It is off."},
		{"@type":"type.googleapis.com/google.rpc.Help","links":[{"description":"Google developers console API activation","url":"https://console.developers.google.com/apis/api/run.googleapis.com/overview?project=12"}]}`,
		"the API run.googleapis.com is off in project 12, or not yet on everywhere", "gcloud services enable run.googleapis.com --project=12", "", someOperation.resource,
		"the API run.googleapis.com is off in project 12", "enable the API with gcloud services enable run.googleapis.com --project=12, wait a minute and run the step again"},
	{"API off, of a name that a shell would run", codes.PermissionDenied, "Off.",
		`{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED","domain":"googleapis.com","metadata":{"service":"run.googleapis.com","consumer":"projects/x;rm -r ~"}}`,
		"the API run.googleapis.com is off in project x;rm -r ~, or not yet on everywhere", "gcloud services enable run.googleapis.com '--project=x;rm -r ~'", "", someOperation.resource,
		"the API run.googleapis.com is off in project x;rm -r ~", "'--project=x;rm -r ~'"},
	{"quota", codes.ResourceExhausted,
		"Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute' of service 'artifactregistry.googleapis.com' for consumer 'project_number:12'.",
		`{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RATE_LIMIT_EXCEEDED","domain":"googleapis.com","metadata":{"service":"artifactregistry.googleapis.com","consumer":"projects/12","quota_metric":"artifactregistry.googleapis.com/read_requests","quota_limit":"ReadRequestsPerMinutePerProject","quota_limit_value":"60","quota_location":"global","quota_unit":"1/min/{project}"}},
		{"@type":"type.googleapis.com/google.rpc.Help","links":[{"description":"Request a higher quota limit.","url":"https://cloud.google.com/docs/quota"}]}`,
		"a quota is used up (artifactregistry.googleapis.com/read_requests, limit ReadRequestsPerMinutePerProject of 60)",
		"the quota fills again within minutes, or use another project's with --billing-project", "", someOperation.resource,
		"Quota exceeded for quota metric", "the quota fills again within minutes, or use another project's with --billing-project; then run the step again"},
	{"quota of a day", codes.ResourceExhausted, "Quota exceeded.",
		`{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"RATE_LIMIT_EXCEEDED","domain":"googleapis.com","metadata":{"quota_metric":"x.googleapis.com/analysis","quota_limit":"AnalysisPerDayPerOrganization"}}`,
		"a quota is used up (x.googleapis.com/analysis, limit AnalysisPerDayPerOrganization)",
		"the quota fills again tomorrow, or use another project's with --billing-project", "", someOperation.resource, "Quota exceeded", "tomorrow"},
	{"quota without details", codes.ResourceExhausted, "Slow down.", "",
		"a quota is used up (Slow down)", "the quota fills again within minutes, or use another project's with --billing-project", "", someOperation.resource, "Slow down", "within minutes"},
	{"VPC Service Controls", codes.PermissionDenied,
		"Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: aB1-cD2_eF3gH4",
		`{"@type":"type.googleapis.com/google.rpc.PreconditionFailure","violations":[{"type":"VPC_SERVICE_CONTROLS","description":"aB1-cD2_eF3gH4"}]},
		{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SECURITY_POLICY_VIOLATED","domain":"googleapis.com","metadata":{"service":"artifactregistry.googleapis.com","uid":"aB1-cD2_eF3gH4","consumer":"projects/12"}}`,
		"VPC Service Controls does not let you read the policy of project p (identifier aB1-cD2_eF3gH4)",
		"send the identifier to the perimeter's administrator; it finds the refusal in the audit log", "", someOperation.resource,
		"VPC Service Controls refuses it (identifier aB1-cD2_eF3gH4)", "send the identifier to the perimeter's administrator"},
	{"VPC Service Controls, by the message alone", codes.PermissionDenied,
		"Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: aB1-cD2_eF3gH4.", "",
		"VPC Service Controls does not let you read the policy of project p (identifier aB1-cD2_eF3gH4)",
		"send the identifier to the perimeter's administrator; it finds the refusal in the audit log", "", someOperation.resource, "aB1-cD2_eF3gH4", "perimeter"},
	{"VPC Service Controls, by the details alone", codes.PermissionDenied, "Request is prohibited by organization's policy.",
		`{"@type":"type.googleapis.com/google.rpc.PreconditionFailure","violations":[{"type":"TOS","description":"no"},{"type":"VPC_SERVICE_CONTROLS","subject":"sU2"}]},
		{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SECURITY_POLICY_VIOLATED","domain":"googleapis.com"}`,
		"VPC Service Controls does not let you read the policy of project p (identifier sU2)",
		"send the identifier to the perimeter's administrator; it finds the refusal in the audit log", "", someOperation.resource, "sU2", "perimeter"},
	{"VPC Service Controls, by the metadata alone", codes.PermissionDenied, "Request is prohibited by organization's policy.",
		`{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SECURITY_POLICY_VIOLATED","domain":"googleapis.com","metadata":{"uid":"uI3"}}`,
		"VPC Service Controls does not let you read the policy of project p (identifier uI3)",
		"send the identifier to the perimeter's administrator; it finds the refusal in the audit log", "", someOperation.resource, "uI3", "perimeter"},
	{"quota project", codes.PermissionDenied,
		"Caller does not have required permission to use project myproject-q. Grant the caller the roles/serviceusage.serviceUsageConsumer role, or a custom role with the serviceusage.services.use permission, by visiting https://console.developers.google.com/iam-admin/iam/project?project=myproject-q and then retry.",
		`{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"USER_PROJECT_DENIED","domain":"googleapis.com","metadata":{"service":"artifactregistry.googleapis.com","consumer":"projects/myproject-q"}}`,
		"you may not use the quota of project myproject-q to read the policy of project p",
		"ask for roles/serviceusage.serviceUsageConsumer on project myproject-q, or name a project that you may use with --billing-project",
		"serviceusage.services.use", model.ProjectResource("myproject-q"),
		"you lack serviceusage.services.use on project myproject-q", "--billing-project"},
	{"details that nobody knows", codes.PermissionDenied, "No.",
		`{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"IAM_PERMISSION_DENIED","domain":"iam.googleapis.com","metadata":{"permission":"x.y.z"}}`,
		"you may not read the policy of project p", "", "x.y.z", someOperation.resource, "you lack x.y.z", "ask somebody who holds it"},
}

// causeOfShape is what the gap of a shape says for code.
func causeOfShape(name string) model.GapCause {
	for _, shape := range []struct {
		prefix string
		cause  model.GapCause
	}{
		{"API off", model.GapAPIOff}, {"quota project", model.GapForbidden}, {"quota", model.GapQuota}, {"VPC Service Controls", model.GapFailed}, {"", model.GapForbidden},
	} {
		if strings.HasPrefix(name, shape.prefix) {
			return shape.cause
		}
	}
	return ""
}

func TestRefusalsAreToldApartInBothProtocols(t *testing.T) {
	for _, shape := range refusalShapes {
		for protocol, err := range map[string]error{"gRPC": grpcError(t, shape.code, shape.message, shape.details),
			"REST": restError(t, shape.code, shape.message, shape.details)} {
			t.Run(shape.name+" "+protocol, func(t *testing.T) {
				gap := someOperation.gap(transport.ParseError(err))
				want := model.Gap{Resource: shape.resource, Need: shape.need, Reason: shape.reason, Next: shape.next}
				if strings.HasPrefix(shape.next, "gcloud ") {
					want.Command = shape.next
				}
				if inApp, _, ok := strings.Cut(shape.next, ", or "); ok && strings.HasSuffix(shape.next, "--billing-project") {
					want.NextInApp = inApp
				}
				if off, ok := strings.CutPrefix(shape.reason, "the API "); ok {
					api, rest, _ := strings.Cut(off, " is off in project ")
					project, _, _ := strings.Cut(rest, ",")
					want.DisabledAPI = model.APIResource(project, api)
				}
				want.Cause = causeOfShape(shape.name)
				if gap != want {
					t.Errorf("%s by %s:\n%+v, want\n%+v", shape.name, protocol, gap, want)
				}
				if said := failedResult("it was not made", err, "a.b.c").message; !strings.Contains(said, shape.cause) || !strings.Contains(said, shape.writesNext) {
					t.Errorf("%s by %s, of a write: %s", shape.name, protocol, said)
				}
			})
		}
	}
}

// grpcError and restError make the same refusal of both protocols.
func grpcError(t *testing.T, code codes.Code, message, details string) error {
	t.Helper()
	s := &spb.Status{}
	if err := protojson.Unmarshal(fmt.Appendf(nil, `{"code":%d,"message":%q,"details":[%s]}`, code, message, details), s); err != nil {
		t.Fatal(err)
	}
	return status.ErrorProto(s)
}

func restError(t *testing.T, code codes.Code, message, details string) error {
	t.Helper()
	httpCode := map[codes.Code]int{codes.PermissionDenied: 403, codes.ResourceExhausted: 429}[code]
	if httpCode == 0 {
		t.Fatalf("no HTTP status for %s", code)
	}
	body := fmt.Sprintf(`{"error":{"code":%d,"message":%q,"status":%q,"details":[%s]}}`, httpCode, message, rpccode.Code(code).String(), details)
	return googleapi.CheckResponse(&http.Response{StatusCode: httpCode, Header: http.Header{"Content-Type": {"application/json"}}, Body: readCloser{strings.NewReader(body)}})
}

func TestLoginsThatEnded(t *testing.T) {
	for _, test := range []struct {
		name string
		err  error
		code codes.Code
		next string
	}{
		{"a login that ended", &signin.Error{Why: "the login has expired", Next: []model.Advice{{Command: "gcloud auth login dev@example.com"}, {Words: "or else"}}}, codes.Unauthenticated, "gcloud auth login dev@example.com"},
		{"in the middle of a REST call", &url.Error{Op: "Get", URL: "http://x", Err: &signin.Error{Why: "the login has expired"}}, codes.Unauthenticated, "gcloud auth login"},
		{"a token service that nobody reaches", &signin.Error{Why: "no token could be had", Unreachable: true}, codes.Unavailable, ""},
		{"a token that Google does not take", status.Error(codes.Unauthenticated, "x"), codes.Unauthenticated, "gcloud auth login"},
	} {
		t.Run(test.name, func(t *testing.T) {
			tr := transport.ParseError(test.err)
			if tr.Code != test.code || tr.Message == "" {
				t.Errorf("%s: %+v", test.name, tr)
			}
			if gap := someOperation.gap(tr); gap.Next != test.next {
				t.Errorf("%s: next %q", test.name, gap.Next)
			}
		})
	}
}
