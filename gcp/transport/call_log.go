package transport

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// Call is one attempt of a call, for a log. It holds no token, header or body, and of page tokens the beginning only.
// What Google's answer says in it was cleaned of control characters.
type Call struct {
	Protocol string        // gRPC or REST
	Method   string        // google.cloud.run.v2.Jobs/GetJob, or GET https://HOST/PATH
	Resource string        // what a gRPC request is about, as far as it says; a REST path says it itself
	Page     string        // the beginning of the token of a further page
	Status   string        // OK or another gRPC code's name; of a REST answer the HTTP status
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
		c.Resource = clean(cmp.Or(stringFields(m.ProtoReflect(), 2, resourceFields)...))
		c.Page = tokenPrefix(cmp.Or(stringFields(m.ProtoReflect(), 0, []protoreflect.Name{"page_token"})...))
	}
	return c
}

// callCode is the code that a gRPC call ended with, also where the words of a sign-in stand in for Google's.
func callCode(err error) codes.Code {
	if t, ok := parseSignInError(err); ok {
		return t.Code
	}
	return status.Code(err)
}

// resourceFields are the fields of Google's requests that name what they are about, the most telling first.
var resourceFields = []protoreflect.Name{"name", "parent", "resource", "project", "scope", "full_resource_name"}

// stringFields gives the texts in the named fields of a message, and behind them those of the messages in it, as deep as told:
// an update names its resource in the resource itself.
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
	c := Call{Protocol: "REST", Method: req.Method + " " + req.URL.Scheme + "://" + clean(req.URL.Host+req.URL.EscapedPath())}
	query := req.URL.Query()
	c.Page = tokenPrefix(cmp.Or(query.Get("pageToken"), query.Get("continue")))
	if err != nil {
		c.Status = codeName(ParseError(&url.Error{Err: err}).Code)
		return c
	}
	c.Status = strconv.Itoa(resp.StatusCode)
	return c
}

// tokenPrefix is enough of a page token to tell it from others, and too little to use it.
func tokenPrefix(token string) string {
	const most = 6
	runes := []rune(clean(token))
	if len(runes) <= most {
		return strings.Repeat("…", min(len(runes), 1))
	}
	return string(slices.Concat(runes[:most], []rune("…")))
}

// codeName spells a code as Google's APIs do.
func codeName(c codes.Code) string { return code.Code(c).String() }
