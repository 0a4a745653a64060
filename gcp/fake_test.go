package gcp

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync"
	"testing"

	"cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// fakeServer is a server that answers as a test says, lies and failures included: gRPC by "SERVICE/METHOD" (the last part of
// the service's name), REST by path. What has no answer is answered by otherwise.
type fakeServer struct {
	grpc     map[string]func(ctx context.Context, req proto.Message) (proto.Message, error)
	rest     map[string]http.HandlerFunc
	fallback func(ctx context.Context, call string) error

	mu    sync.Mutex
	calls []string // in the order in which they came
	addr  string
}

func (f *fakeServer) start(t testing.TB) *fakeServer {
	t.Helper()
	if f.fallback == nil {
		f.fallback = func(_ context.Context, call string) error {
			return status.Error(codes.Unimplemented, "no answer for "+call)
		}
		if f.grpc["Projects/GetProject"] == nil { // asked before each change, whether it is production
			f.grpc = maps.Clone(f.grpc)
			if f.grpc == nil {
				f.grpc = map[string]func(context.Context, proto.Message) (proto.Message, error){}
			}
			f.grpc["Projects/GetProject"] = unlabelledProject
		}
	}
	g := grpc.NewServer(grpc.UnknownServiceHandler(f.serve))
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor == 2 {
			g.ServeHTTP(w, r)
			return
		}
		f.serveREST(w, r)
	}))
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(true)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	serving, stop := context.WithCancel(context.Background())
	server.Config.BaseContext = func(net.Listener) context.Context { return serving }
	server.Start()
	f.addr = server.Listener.Addr().String()
	t.Cleanup(func() {
		stop()
		server.CloseClientConnections()
		server.Close()
		g.Stop()
	})
	return f
}

// unlabelledProject answers with a project that has no labels.
func unlabelledProject(_ context.Context, req proto.Message) (proto.Message, error) {
	id := strings.TrimPrefix(req.(*resourcemanagerpb.GetProjectRequest).GetName(), "projects/")
	return &resourcemanagerpb.Project{ProjectId: id}, nil
}

// cloud dials the fake.
func (f *fakeServer) cloud(t testing.TB) *Cloud {
	t.Helper()
	return dialTest(t, Options{Sandbox: f.start(t).addr})
}

func (f *fakeServer) recordCall(call string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, call)
}

// count counts how often a call came.
func (f *fakeServer) count(call string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, c := range f.calls {
		if c == call {
			n++
		}
	}
	return n
}

// countPrefix counts the calls of REST whose path begins so.
func (f *fakeServer) countPrefix(prefix string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, c := range f.calls {
		if strings.HasPrefix(c, prefix) {
			n++
		}
	}
	return n
}

func (f *fakeServer) serve(_ any, stream grpc.ServerStream) error {
	method, _ := grpc.MethodFromServerStream(stream)
	service, name, _ := strings.Cut(strings.TrimPrefix(method, "/"), "/")
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(service))
	if err != nil {
		return status.Error(codes.Unimplemented, err.Error())
	}
	input := found.(protoreflect.ServiceDescriptor).Methods().ByName(protoreflect.Name(name)).Input()
	kind, err := protoregistry.GlobalTypes.FindMessageByName(input.FullName())
	if err != nil {
		return status.Error(codes.Unimplemented, err.Error())
	}
	req := kind.New().Interface()
	if err := stream.RecvMsg(req); err != nil {
		return err
	}
	call := service[strings.LastIndex(service, ".")+1:] + "/" + name
	f.recordCall(call)
	reply, ok := f.grpc[call]
	if !ok {
		return f.fallback(stream.Context(), call)
	}
	resp, err := reply(stream.Context(), req)
	if err != nil {
		return err
	}
	return stream.SendMsg(resp)
}

func (f *fakeServer) serveREST(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/sandbox" {
		writeReply(w, map[string]string{"id": "fake", "world": "none", "caller": "user:dev@example.com"})
		return
	}
	_, _ = io.Copy(io.Discard, r.Body) // only a server that read the body learns that the client went away
	f.recordCall(r.URL.Path)
	for _, path := range []string{r.URL.Path, path.Dir(r.URL.Path) + "/*"} { // a handler may be for all of a collection
		if h, ok := f.rest[path]; ok {
			h(w, r)
			return
		}
	}
	s := status.Convert(f.fallback(r.Context(), r.URL.Path))
	writeRefusal(w, map[codes.Code]int{codes.PermissionDenied: 403, codes.NotFound: 404, codes.Unavailable: 503}[s.Code()], s.Message(), nil)
}

func writeReply(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body) // a client that went away needs no answer
}

// writeRefusal answers REST as Google does; info, if any, is an ErrorInfo's metadata.
func writeRefusal(w http.ResponseWriter, code int, message string, info map[string]string) {
	if code == 0 {
		code = http.StatusInternalServerError
	}
	details := []map[string]any{}
	if info != nil {
		details = append(details, map[string]any{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
			"reason": "IAM_PERMISSION_DENIED", "domain": "googleapis.com", "metadata": info})
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"code": code, "message": message, "details": details}})
}

// errorWithInfo is a gRPC error with an ErrorInfo.
func errorWithInfo(t *testing.T, code codes.Code, message, reason string, metadata map[string]string) error {
	t.Helper()
	s, err := status.New(code, message).WithDetails(&errdetails.ErrorInfo{Reason: reason, Domain: "googleapis.com", Metadata: metadata})
	if err != nil {
		t.Fatal(err)
	}
	return s.Err()
}
