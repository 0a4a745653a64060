package sandbox

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"connectrpc.com/vanguard"
	"connectrpc.com/vanguard/vanguardgrpc"
	"google.golang.org/genproto/googleapis/api/annotations"
	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// transcoder answers a product's REST calls by its gRPC server. The HTTP annotations of the service
// definitions map paths to methods.
type transcoder struct {
	handler http.Handler
	verbs   []string // what may follow the last colon of a path, such as "getIamPolicy"

	// extract and insert handle fields that the REST API has and the service definitions lack. They take them
	// from a request's body, and add them to an answer. Either may be nil.
	extract func(ctx context.Context, body []byte) context.Context
	insert  func(answer []byte) []byte
}

// newTranscoders makes one for each product. Only the service definitions can cause an error, so a user can
// do nothing about it.
func newTranscoders(c *core, servers map[product]*grpc.Server) map[product]*transcoder {
	all := map[product]*transcoder{}
	for _, p := range products {
		t, err := newTranscoder(servers[p])
		if err != nil {
			panic("sandbox: the REST methods of " + string(p) + " cannot be read: " + err.Error())
		}
		all[p] = t
	}
	all[cloudRun].extract, all[cloudRun].insert = extractRestOnly, c.insertRestOnly
	return all
}

func newTranscoder(server *grpc.Server) (*transcoder, error) {
	t := &transcoder{}
	for name := range server.GetServiceInfo() {
		d, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(name))
		if err != nil {
			return nil, err
		}
		t.verbs = append(t.verbs, customVerbs(d.(protoreflect.ServiceDescriptor))...)
	}
	// Google's answers omit empty fields.
	json := vanguard.WithCodec(func(r vanguard.TypeResolver) vanguard.Codec {
		return &vanguard.JSONCodec{
			MarshalOptions:   protojson.MarshalOptions{Resolver: r},
			UnmarshalOptions: protojson.UnmarshalOptions{Resolver: r, DiscardUnknown: true},
		}
	})
	unknown := vanguard.WithUnknownHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusNotFound)
		w.(*bufferedResponse).unknownPath = true
	}))
	handler, err := vanguardgrpc.NewTranscoder(server, json, unknown)
	t.handler = handler
	return t, err
}

// customVerbs are the custom verbs in the paths of a service's methods.
func customVerbs(d protoreflect.ServiceDescriptor) []string {
	var found []string
	for i := range d.Methods().Len() {
		rule, ok := proto.GetExtension(d.Methods().Get(i).Options(), annotations.E_Http).(*annotations.HttpRule)
		if !ok || rule == nil {
			continue
		}
		for _, r := range append(rule.GetAdditionalBindings(), rule) {
			path := r.GetGet() + r.GetPost() + r.GetPut() + r.GetPatch() + r.GetDelete()
			if colon := strings.LastIndex(path, ":"); colon >= 0 {
				found = append(found, path[colon+1:])
			}
		}
	}
	return found
}

// serve answers the request. It gives false if no served method has that path.
func (t *transcoder) serve(w http.ResponseWriter, r *http.Request, p product, body []byte) bool {
	if t.extract != nil {
		r = r.WithContext(t.extract(r.Context(), body))
	}
	answer := &bufferedResponse{header: http.Header{}, code: http.StatusOK}
	t.handler.ServeHTTP(answer, t.rewriteRequest(r, p, body))
	switch {
	case answer.unknownPath || answer.code == http.StatusMethodNotAllowed || answer.code == http.StatusNotImplemented:
		return false
	case answer.code >= http.StatusBadRequest:
		writeError(w, answer.err())
	default:
		w.Header().Set("Content-Type", "application/json; charset=UTF-8")
		w.WriteHeader(answer.code)
		text := answer.body.Bytes()
		if t.insert != nil {
			text = t.insert(text)
		}
		_, _ = w.Write(text) // a client that went away needs no answer
	}
	return true
}

// rewriteRequest removes from a request what Google's front end handles before a method sees it.
func (t *transcoder) rewriteRequest(r *http.Request, p product, body []byte) *http.Request {
	if string(bytes.TrimSpace(body)) == "{}" {
		body = nil // it means the same, and some methods accept no body
	}
	plain := r.Clone(r.Context())
	plain.Body, plain.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	plain.Header.Del("Accept-Encoding")
	plain.Header.Set("Content-Type", "application/json")
	plain.URL.Path, plain.URL.RawPath = t.escapePath(currentPath(p, r.URL.EscapedPath())), ""
	query := plain.URL.Query()
	for name, values := range query {
		if isSystemParameter(name) {
			query.Del(name)
			continue
		}
		for i, value := range values {
			if value == "True" || value == "False" { // Python's spelling, which gcloud uses
				values[i] = strings.ToLower(value)
			}
		}
	}
	plain.URL.RawQuery = query.Encode()
	return plain
}

// isSystemParameter reports whether all of Google's REST APIs accept that query parameter.
func isSystemParameter(name string) bool {
	return slices.Contains([]string{
		"alt", "prettyPrint", "key", "fields", "quotaUser", "userIp", "access_token", "oauth_token", "callback", "uploadType", "upload_protocol",
	}, strings.TrimPrefix(name, "$")) || name == "$.xgafv"
}

// escapePath prepares an escaped path for the transcoder. The transcoder undoes one layer of escapes, even
// where slashes must stay escaped: in package names and in the attachment points of deny policies. It takes
// everything after the first colon of the last segment as a verb, although a digest has a colon too.
func (t *transcoder) escapePath(escaped string) string {
	escaped = strings.NewReplacer("%2F", "%252F", "%2f", "%252F").Replace(escaped)
	slash := strings.LastIndex(escaped, "/")
	start, last := escaped[:slash+1], escaped[slash+1:]
	verb := ""
	if colon := strings.LastIndex(last, ":"); colon >= 0 && slices.Contains(t.verbs, last[colon+1:]) {
		last, verb = last[:colon], last[colon:]
	}
	return start + strings.ReplaceAll(last, ":", "%3A") + verb
}

var (
	nodePolicyPath = regexp.MustCompile(`^/v[12]/((projects|folders|organizations)/[^/]+:(getIamPolicy|setIamPolicy|testIamPermissions))$`)
	runPolicyPath  = regexp.MustCompile(`^/v1/(projects/[^/]+/locations/[^/]+/[a-zA-Z]+/[^/]+:(getIamPolicy|setIamPolicy|testIamPermissions))$`)
)

// currentPath turns the path of an older version, which gcloud still uses, into the path of the served
// version if both mean the same.
func currentPath(p product, path string) string {
	switch p {
	case artifactRegistry:
		if rest, ok := strings.CutPrefix(path, "/v1beta2/"); ok {
			return "/v1/" + rest
		}
	case resourceManager:
		return nodePolicyPath.ReplaceAllString(path, "/v3/$1")
	case cloudRun:
		return runPolicyPath.ReplaceAllString(path, "/v2/$1")
	}
	return path
}

// bufferedResponse keeps an answer until it is known to be a good one.
type bufferedResponse struct {
	header      http.Header
	code        int
	body        bytes.Buffer
	unknownPath bool
}

func (r *bufferedResponse) Header() http.Header         { return r.header }
func (r *bufferedResponse) WriteHeader(code int)        { r.code = code }
func (r *bufferedResponse) Write(b []byte) (int, error) { return r.body.Write(b) }

// Flush does nothing: the answer is forwarded whole.
func (r *bufferedResponse) Flush() {}

// err reads the status of an error response.
func (r *bufferedResponse) err() error {
	var st spb.Status
	if err := protojson.Unmarshal(r.body.Bytes(), &st); err != nil || st.Code == 0 {
		return status.Error(codes.InvalidArgument, fmt.Sprintf("The request cannot be read: %s", bytes.TrimSpace(r.body.Bytes())))
	}
	if codes.Code(st.Code) == codes.Unknown {
		st.Code = int32(codes.InvalidArgument) // no method of the sandbox returns it: the request did not reach a method
	}
	return status.FromProto(&st).Err()
}
