package transport

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"whopulls/text"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Call is one attempt of a call, for the log. It holds no access token, header or body, and only the first characters
// of page tokens. Texts from Google are cleaned of control characters.
type Call struct {
	Protocol string        // gRPC or REST
	Method   string        // google.cloud.run.v2.Jobs/GetJob, or GET https://HOST/PATH
	Resource string        // the resource of a gRPC request, if it names one; a REST path has it already
	Page     string        // the first characters of the page token
	Status   string        // the name of the gRPC code, or the HTTP status of a REST answer
	Took     time.Duration // until the answer began
	Attempt  int           // from 1
}

func (c Call) withAttempt(n int, began time.Time) Call {
	c.Attempt, c.Took = n+1, time.Since(began)
	return c
}

func grpcCall(method string, req any, err error) Call {
	c := Call{Protocol: "gRPC", Method: strings.TrimPrefix(method, "/"), Status: codeName(callCode(err))}
	if m, ok := req.(proto.Message); ok {
		c.Resource = text.CleanTrim(cmp.Or(stringFields(m.ProtoReflect(), 2, resourceFields)...))
		c.Page = tokenPrefix(cmp.Or(stringFields(m.ProtoReflect(), 0, []protoreflect.Name{"page_token"})...))
	}
	return c
}

// callCode is the code that a gRPC call ended with, also if an error of package signin replaced Google's.
func callCode(err error) codes.Code {
	if t, ok := parseSignInError(err); ok {
		return t.Code
	}
	return status.Code(err)
}

// resourceFields are the fields of Google's requests that name a resource, the most specific first.
var resourceFields = []protoreflect.Name{"name", "parent", "resource", "project", "scope", "full_resource_name"}

// stringFields returns the values of the named fields of a message, then those of its nested messages down to
// depth. An update request names its resource inside the resource.
func stringFields(m protoreflect.Message, depth int, names []protoreflect.Name) (values []string) {
	all := m.Descriptor().Fields()
	for _, name := range names {
		if f := all.ByName(name); f != nil && f.Kind() == protoreflect.StringKind && !f.IsList() {
			values = append(values, m.Get(f).String())
		}
	}
	for i := 0; depth > 0 && i < all.Len(); i++ {
		if f := all.Get(i); f.Message() != nil && f.Cardinality() != protoreflect.Repeated && m.Has(f) {
			values = append(values, stringFields(m.Get(f).Message(), depth-1, names)...)
		}
	}
	return values
}

func restCall(req *http.Request, resp *http.Response, err error) Call {
	c := Call{Protocol: "REST", Method: req.Method + " " + req.URL.Scheme + "://" + text.CleanTrim(req.URL.Host+req.URL.EscapedPath())}
	query := req.URL.Query()
	c.Page = tokenPrefix(cmp.Or(query.Get("pageToken"), query.Get("continue")))
	if err != nil {
		c.Status = codeName(ParseError(&url.Error{Err: err}).Code)
		return c
	}
	c.Status = strconv.Itoa(resp.StatusCode)
	return c
}

// tokenPrefix is enough of a page token to distinguish it, and too little to use it.
func tokenPrefix(token string) string {
	const most = 6
	runes := []rune(text.CleanTrim(token))
	if len(runes) <= most {
		return strings.Repeat("…", min(len(runes), 1))
	}
	return string(slices.Concat(runes[:most], []rune("…")))
}

// codeName spells a code as Google's APIs do.
func codeName(c codes.Code) string { return code.Code(c).String() }
