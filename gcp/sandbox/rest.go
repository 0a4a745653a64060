package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
)

// route is one REST method: its product, the HTTP method, and the path. In the path {name} matches one
// segment, and a final ":verb" is literal.
type route struct {
	product product
	method  string
	path    string
	serve   func(ctx context.Context, call restCall) (any, error)
}

// restCall is the part of a request that a route reads.
type restCall struct {
	pathValues map[string]string // values of the path's {names}
	region     string            // of a regional host name; "" for a global one
	query      url.Values
	body       []byte
}

// routes lists the REST methods that are not transcoded to gRPC.
func routes(c *core) []route {
	v1 := &runV1{core: c}
	var all []route
	add := func(p product, method, path string, serve func(context.Context, restCall) (any, error)) {
		all = append(all, route{p, method, path, serve})
	}
	v1.routes(func(method, path string, serve func(context.Context, restCall) (any, error)) {
		add(cloudRun, method, path, serve)
	})
	add(cloudRun, http.MethodGet, "/v2/projects/{project}/locations/{location}/instances", c.listInstances)
	add(cloudRun, http.MethodGet, "/v2/projects/{project}/locations/{location}/instances/{name}", c.getInstance)
	add(resourceManager, http.MethodGet, "/v1/projects", c.listProjects)
	add(resourceManager, http.MethodGet, "/v1/projects/{project}", c.getProject)
	add(resourceManager, http.MethodPost, "/v1/projects/{project}:getAncestry", c.getAncestry)
	add(policyTroubleshooter, http.MethodPost, "/v3beta/iam:troubleshoot", (&troubleshooter{core: c}).troubleshootBeta)
	add(serviceUsage, http.MethodPost, "/v1beta1/projects/{project}/services/{service}:generateServiceIdentity", c.generateServiceIdentity)
	return all
}

// maxBody is the largest body of a request, as at Google's front end.
const maxBody = 10 << 20

// serveREST finds the route or the gRPC method that serves a request, and writes its answer as JSON.
func (h *handler) serveREST(w http.ResponseWriter, r *http.Request, p product, region string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		writeError(w, invalid("The request's body cannot be read: %v", err))
		return
	}
	for _, rt := range h.routes {
		values, ok := rt.matches(r, p)
		if !ok {
			continue
		}
		answer, err := rt.serve(withQuotaProject(r), restCall{pathValues: values, region: region, query: r.URL.Query(), body: body})
		if err != nil {
			writeError(w, err)
			return
		}
		writeJSON(w, http.StatusOK, answer)
		return
	}
	for _, candidate := range products {
		if (p == anyProduct || p == candidate) && h.transcoders[candidate].serve(w, r, candidate, body) {
			return
		}
	}
	writeError(w, unimplemented(r))
}

// withQuotaProject puts the quota project where gRPC services look for it.
func withQuotaProject(r *http.Request) context.Context {
	const header = "x-goog-user-project"
	if named := r.Header.Get(header); named != "" {
		return metadata.NewIncomingContext(r.Context(), metadata.Pairs(header, named))
	}
	return r.Context()
}

func (rt route) matches(r *http.Request, p product) (map[string]string, bool) {
	if r.Method != rt.method || (p != anyProduct && p != rt.product) {
		return nil, false
	}
	want, have := strings.Split(rt.path, "/"), strings.Split(r.URL.EscapedPath(), "/")
	if len(want) != len(have) {
		return nil, false
	}
	values := map[string]string{}
	for i := range want {
		name, isValue := strings.CutPrefix(want[i], "{")
		if !isValue {
			if want[i] != have[i] {
				return nil, false
			}
			continue
		}
		name, verb, _ := strings.Cut(name, "}")
		text, ok := strings.CutSuffix(have[i], verb)
		value, err := url.PathUnescape(text)
		if !ok || err != nil || value == "" || strings.Contains(value, "/") {
			return nil, false
		}
		values[name] = value
	}
	return values, true
}

func unimplemented(r *http.Request) error {
	return status.Errorf(codes.Unimplemented, "The sandbox does not serve %s %s on host %s.", r.Method, r.URL.Path, r.Host)
}

func writeJSON(w http.ResponseWriter, code int, answer any) {
	body, err := json.Marshal(answer)
	if err != nil {
		code, body = http.StatusInternalServerError, fmt.Appendf(nil, `{"error":{"code":500,"status":"INTERNAL","message":%q}}`, err)
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(code)
	_, _ = w.Write(append(body, '\n')) // a client that went away needs no answer
}

// writeError writes an error in the form of Google's REST APIs.
func writeError(w http.ResponseWriter, err error) {
	st := status.Convert(err)
	code, ok := httpCodes[st.Code()]
	if !ok {
		code = http.StatusInternalServerError
	}
	details := []json.RawMessage{}
	for _, d := range st.Proto().Details {
		if text, err := protojson.Marshal(d); err == nil {
			details = append(details, text)
		}
	}
	body := map[string]any{"code": code, "message": st.Message(), "status": codeName(st.Code())}
	if len(details) > 0 {
		body["details"] = details
	}
	writeJSON(w, code, map[string]any{"error": body})
}

// httpCodes maps gRPC codes to HTTP codes, as Google's APIs do.
var httpCodes = map[codes.Code]int{
	codes.InvalidArgument: 400, codes.FailedPrecondition: 400, codes.Unauthenticated: 401, codes.PermissionDenied: 403,
	codes.NotFound: 404, codes.Aborted: 409, codes.AlreadyExists: 409, codes.ResourceExhausted: 429,
	codes.Unimplemented: 501, codes.Unavailable: 503,
}

// codeName writes a code as the APIs do: PERMISSION_DENIED for PermissionDenied.
func codeName(c codes.Code) string {
	var b strings.Builder
	for i, r := range c.String() {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteRune(r)
	}
	return strings.ToUpper(b.String())
}
