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

// transcoder answers a product's REST calls by its gRPC server: the HTTP
// annotations of the service definitions say which path is which method.
type transcoder struct {
	handler http.Handler
	verbs   []string // what may follow the last colon of a path, "getIamPolicy"

	// What the REST API has and the service definitions have not: taken out of
	// a request's body, and put into an answer. Either may be nil.
	extract func(ctx context.Context, body []byte) context.Context
	insert  func(answer []byte) []byte
}

// newTranscoders makes one for each product. A fault can only lie in the
// service definitions, so it is not one that a user could do something about.
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
	// Google's answers leave empty fields out.
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

// serve answers the request, or gives false when no method that is served has
// that path.
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

// rewriteRequest is the request without what Google's front end takes care of before a
// method sees it.
func (t *transcoder) rewriteRequest(r *http.Request, p product, body []byte) *http.Request {
	if string(bytes.TrimSpace(body)) == "{}" {
		body = nil // says the same, and some methods take no body at all
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
			if value == "True" || value == "False" { // as Python spells them, and so does gcloud
				values[i] = strings.ToLower(value)
			}
		}
	}
	plain.URL.RawQuery = query.Encode()
	return plain
}

// isSystemParameter knows the query parameters that all of Google's REST APIs
// take.
func isSystemParameter(name string) bool {
	return slices.Contains([]string{
		"alt", "prettyPrint", "key", "fields", "quotaUser", "userIp", "access_token", "oauth_token", "callback", "uploadType", "upload_protocol",
	}, strings.TrimPrefix(name, "$")) || name == "$.xgafv"
}

// escapePath readies an escaped path for the transcoder, which undoes one layer of
// escapes even in parts whose slashes must stay escaped (package names, the
// attachment points of deny policies), and takes everything after the last
// part's first colon for a verb (a digest has one too).
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

// currentPath turns the paths of older versions, which gcloud still uses, into
// those of the version that is served where the two mean the same.
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

// bufferedResponse keeps an answer until it is known to be one.
type bufferedResponse struct {
	header      http.Header
	code        int
	body        bytes.Buffer
	unknownPath bool
}

func (r *bufferedResponse) Header() http.Header         { return r.header }
func (r *bufferedResponse) WriteHeader(code int)        { r.code = code }
func (r *bufferedResponse) Write(b []byte) (int, error) { return r.body.Write(b) }

// Flush has nothing to do: the answer is passed on whole.
func (r *bufferedResponse) Flush() {}

// err reads the status that an unsuccessful answer carries.
func (r *bufferedResponse) err() error {
	var st spb.Status
	if err := protojson.Unmarshal(r.body.Bytes(), &st); err != nil || st.Code == 0 {
		return status.Error(codes.InvalidArgument, fmt.Sprintf("The request cannot be read: %s", bytes.TrimSpace(r.body.Bytes())))
	}
	if codes.Code(st.Code) == codes.Unknown {
		st.Code = int32(codes.InvalidArgument) // the sandbox's methods never say so: the request did not get as far as one
	}
	return status.FromProto(&st).Err()
}
