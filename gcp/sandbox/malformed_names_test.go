package sandbox_test

import (
	"context"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/dynamicpb"

	"whopulls/gcp/sandbox"
)

var malformedNames = []string{
	"", "/", "projects", "projects/", "projects/myproject-a", "projects/myproject-a/x", "projects/-", "folders/200000000001", "folders/200000000001/x",
	"organizations/100000000001", "organizations/100000000001/projectSettings", "folders/200000000001/policies/iam.allowedPolicyMemberDomains",
	"projects/-/serviceAccounts/-", "projects/myproject-a/serviceAccounts/", "projects/myproject-a/serviceAccounts/x/y", "organizations/100000000001/serviceAccounts/x",
	"projects/myproject-a/locations/asia-northeast1/services/web/revisions/", "projects/myproject-a/locations/asia-northeast1/jobs/web", "projects/myproject-a/locations/nowhere/services/web",
	"projects/myproject-b/locations/asia-northeast1/repositories/myrepo/packages", "projects/myproject-b/locations/asia-northeast1/repositories/myrepo/packages/%zz/tags/latest",
	"projects/myproject-b/locations/asia-northeast1/repositories/", "projects/no-such/locations/us/repositories/r", "projects/myproject-a/services/", "projects//services/run.googleapis.com",
	"policies/x/denypolicies", "policies/cloudresourcemanager.googleapis.com%2Fprojects%2F/denypolicies/x", "roles/", "projects/myproject-a/roles/", "/roles/", "/policies/", "operations/x",
}

// TestMalformedNames sends odd names to every method that is served: each must get
// an answer, and none may take the sandbox down.
func TestMalformedNames(t *testing.T) {
	s := start(t, sandbox.Options{})
	conn := must(grpc.NewClient(s.Addr(), grpc.WithTransportCredentials(insecure.NewCredentials())))(t)
	t.Cleanup(func() { _ = conn.Close() })
	served := 0
	protoregistry.GlobalFiles.RangeFiles(func(f protoreflect.FileDescriptor) bool {
		for i := range f.Services().Len() {
			methods := f.Services().Get(i).Methods()
			for j := range methods.Len() {
				if m := methods.Get(j); !m.IsStreamingClient() && !m.IsStreamingServer() && callWithMalformedNames(t, conn, m) {
					served++
				}
			}
		}
		return true
	})
	if served < 50 {
		t.Errorf("only %d methods are served", served)
	}
}

// callWithMalformedNames tries each odd name as the request's name, parent and resource,
// and says whether the method is served.
func callWithMalformedNames(t *testing.T, conn *grpc.ClientConn, m protoreflect.MethodDescriptor) bool {
	t.Helper()
	path := "/" + string(m.Parent().FullName()) + "/" + string(m.Name())
	if !strings.HasPrefix(path, "/google.") {
		return false
	}
	for _, name := range malformedNames {
		request := dynamicpb.NewMessage(m.Input())
		for _, field := range []protoreflect.Name{"name", "parent", "resource"} {
			if f := m.Input().Fields().ByName(field); f != nil && f.Kind() == protoreflect.StringKind && !f.IsList() {
				request.Set(f, protoreflect.ValueOfString(name))
			}
		}
		err := conn.Invoke(context.WithoutCancel(t.Context()), path, proto.Message(request), dynamicpb.NewMessage(m.Output()))
		switch status.Code(err) {
		case codes.Unimplemented:
			return false
		case codes.Internal, codes.Unknown, codes.Unavailable:
			t.Errorf("%s with %q: %v", path, name, err)
		}
	}
	return true
}
