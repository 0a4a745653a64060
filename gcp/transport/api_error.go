package transport

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/googleapis/gax-go/v2/apierror"
	"google.golang.org/api/googleapi"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/anypb"

	"whopulls/gcp/limits"
	"whopulls/gcp/signin"
	"whopulls/model"
	"whopulls/text"
)

// APIError is why a call failed, in one form for gRPC and REST. Only this file parses Google's errors.
type APIError struct {
	Code        codes.Code
	reason      string // of ErrorInfo, for example SERVICE_DISABLED
	permission  model.Permission
	API         string        // the API that is meant
	Consumer    string        // projects/NUMBER; the project whose quota the call uses
	QuotaLimit  string        // the limit that is used up, with its metric
	PerimeterID string        // the identifier of a refusal by VPC Service Controls
	retryAfter  time.Duration // how long the server asks to wait; 0: it does not say
	Exceeded    string        // the limit that the answer exceeds
	Message     string
	signInStep  model.Advice // what helps, where signing in failed
}

// ParseError reads an error of a call, by gRPC or REST, of package signin or the network.
func ParseError(err error) APIError {
	if t, ok := parseSignInError(err); ok {
		return t
	}
	var web *googleapi.Error
	var api *apierror.APIError
	var limited *limitError
	switch {
	case errors.As(err, &limited):
		return APIError{Code: codes.OutOfRange, Exceeded: limited.why, Message: limited.why}
	case errors.As(err, &web):
		api = fromRESTError(web)
	case !errors.As(err, &api):
		api, _ = apierror.FromError(err)
	}
	if api == nil {
		return parseNetworkError(err)
	}
	t := APIError{Code: api.GRPCStatus().Code(), Message: inlineMessage(api.Message())}
	if info := api.Details().ErrorInfo; info != nil {
		t.readErrorInfo(info.GetReason(), info.GetMetadata())
	}
	if t.reason == reasonPerimeter || strings.Contains(t.Message, perimeterMarker) {
		t.PerimeterID = perimeterIDOf(api)
	}
	if d := api.Details().RetryInfo.GetRetryDelay(); d != nil {
		t.retryAfter = d.AsDuration()
	}
	if web != nil {
		t.readHTTP(web)
	}
	return t
}

// fromRESTError converts a REST error to the one that gRPC would return. The library drops all details of a body if it
// does not know one of them; this drops only the unknown ones.
func fromRESTError(e *googleapi.Error) *apierror.APIError {
	plain, _ := apierror.FromError(e)
	var body struct {
		Error struct{ Details []json.RawMessage }
	}
	_ = json.Unmarshal([]byte(e.Body), &body) // a body of another form has no details
	s := &spb.Status{Code: int32(plain.GRPCStatus().Code()), Message: e.Message}
	for _, raw := range body.Error.Details {
		detail := &anypb.Any{}
		if (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(raw, detail) == nil {
			s.Details = append(s.Details, detail)
		}
	}
	api, _ := apierror.FromError(status.ErrorProto(s))
	return api
}

// The reasons of ErrorInfo that say more than the code.
const (
	reasonDisabled     = "SERVICE_DISABLED"
	reasonPerimeter    = "SECURITY_POLICY_VIOLATED"
	reasonQuotaProject = "USER_PROJECT_DENIED"
)

// readErrorInfo fills the fields that an ErrorInfo has.
func (t *APIError) readErrorInfo(reason string, m map[string]string) {
	t.reason, t.permission = text.CleanTrim(reason), model.Permission(text.CleanTrim(m["permission"]))
	t.API, t.Consumer = text.CleanTrim(m["service"]), text.CleanTrim(m["consumer"])
	parts := []string{text.CleanTrim(m["quota_metric"])}
	if limit := text.CleanTrim(m["quota_limit"]); limit != "" {
		if value := text.CleanTrim(m["quota_limit_value"]); value != "" {
			limit += " of " + value
		}
		parts = append(parts, limit)
	}
	t.QuotaLimit = strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), ", limit ")
}

// readHTTP reads what only a REST answer has: the Retry-After header and the statuses of gateways. gRPC's
// clients map those statuses to other codes than the REST library does.
func (t *APIError) readHTTP(e *googleapi.Error) {
	switch e.Code {
	case http.StatusInternalServerError:
		t.Code = codes.Internal
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		t.Code = codes.Unavailable
	}
	if t.Message == "" {
		t.Message = cmp.Or(http.StatusText(e.Code), "HTTP status "+strconv.Itoa(e.Code))
	}
	if wait := retryAfter(e.Header.Get("Retry-After"), time.Now()); wait > 0 {
		t.retryAfter = wait
	}
}

// retryAfter parses the Retry-After header: seconds or a time (RFC 9110, 10.2.3). It is 0 if the header is absent or broken.
func retryAfter(header string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(header); err == nil {
		return time.Duration(min(max(seconds, 0), int(time.Hour/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return max(at.Sub(now), 0)
	}
	return 0
}

const perimeterMarker = "vpcServiceControlsUniqueIdentifier"

var perimeterPattern = regexp.MustCompile(perimeterMarker + `\W+([\w-]+)`)

// perimeterIDOf returns the identifier by which an administrator finds a refusal by VPC Service Controls in the audit log
// (iam-facts 3.4). It is in the message, in the details, or in both.
func perimeterIDOf(api *apierror.APIError) string {
	if m := perimeterPattern.FindStringSubmatch(api.Message()); m != nil {
		return m[1]
	}
	for _, v := range api.Details().PreconditionFailure.GetViolations() {
		if v.GetType() == "VPC_SERVICE_CONTROLS" {
			return text.CleanTrim(cmp.Or(v.GetDescription(), v.GetSubject()))
		}
	}
	return cmp.Or(text.CleanTrim(api.Metadata()["uid"]), "of which Google names no identifier")
}

// parseSignInError converts an error of package signin, which means that there is no token.
func parseSignInError(err error) (APIError, bool) {
	var signInErr *signin.Error
	if !errors.As(err, &signInErr) {
		return APIError{}, false
	}
	t := APIError{Code: codes.Unauthenticated, Message: text.CleanTrim(signInErr.Why)}
	if signInErr.Unreachable {
		t.Code = codes.Unavailable
	}
	if len(signInErr.Next) > 0 {
		t.signInStep = model.Advice{Words: text.CleanTrim(signInErr.Next[0].Words), Command: text.CleanTrim(signInErr.Next[0].Command)}
	}
	return t, true
}

// parseNetworkError converts an error that Google did not send: a deadline, a refused connection.
func parseNetworkError(err error) APIError {
	var network net.Error
	var asked *url.Error
	switch {
	case errors.Is(err, context.Canceled):
		return APIError{Code: codes.Canceled, Message: "interrupted"}
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return APIError{Code: codes.DeadlineExceeded, Message: "no answer in time"}
	case errors.As(err, &asked):
		return APIError{Code: codes.Unavailable, Message: inlineMessage(asked.Err.Error())}
	}
	return APIError{Code: codes.Unknown, Message: inlineMessage(err.Error())}
}

// IsUnreachable reports whether nobody answered. A timeout counts too: some networks drop packets and refuse nothing.
func (t APIError) IsUnreachable() bool {
	return t.Code == codes.Unavailable || t.Code == codes.DeadlineExceeded
}

func (t APIError) isUnauthenticated() bool { return t.Code == codes.Unauthenticated }

// IsAPIDisabled reports whether the API is off in the project.
func (t APIError) IsAPIDisabled() bool { return t.reason == reasonDisabled }

// DeniedQuotaProject is the project whose quota the caller may not use. It is empty for any other error.
func (t APIError) DeniedQuotaProject() string {
	if t.reason != reasonQuotaProject {
		return ""
	}
	return cmp.Or(strings.TrimPrefix(t.Consumer, "projects/"), "of the credentials")
}

// MissingPermission returns the permission that the caller lacks on the resource, and false if the error has another cause.
func (t APIError) MissingPermission(documented model.Permission) (model.Permission, bool) {
	if t.Code != codes.PermissionDenied || t.IsAPIDisabled() || t.PerimeterID != "" {
		return "", false
	}
	if t.DeniedQuotaProject() != "" {
		return PermUseQuota, true
	}
	return model.Permission(cmp.Or(string(t.permission), string(documented))), true
}

// PermUseQuota is the permission to use a project's quota for calls.
const PermUseQuota model.Permission = "serviceusage.services.use"

// inlineMessage shortens a message of Google's to fit into a sentence.
func inlineMessage(message string) string {
	message = strings.TrimSuffix(limits.Shorten(text.CleanTrim(message)), ".")
	if m := dialErrorPattern.FindStringSubmatch(message); m != nil {
		message = m[1]
	}
	return strings.Replace(message, "proxyconnect tcp: ", "the proxy can't be reached: ", 1)
}

// dialErrorPattern matches how gRPC wraps a dial error.
var dialErrorPattern = regexp.MustCompile(`connection error: desc = "transport: (?:Error while dialing: |authentication handshake failed: )?(.*)"$`)
