package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"cloud.google.com/go/iam/apiv1/iampb"
	resourcemanager "cloud.google.com/go/resourcemanager/apiv3"
	"github.com/googleapis/gax-go/v2"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"whopulls/gcp/sandbox"
)

// policyClient is what every client with allow policies has.
type policyClient interface {
	policyWriter
	TestIamPermissions(context.Context, *iampb.TestIamPermissionsRequest, ...gax.CallOption) (*iampb.TestIamPermissionsResponse, error)
}

// checkPolicyReadWrite adds a binding, finds it again, and meets the conflict of a
// second write with the same etag.
func checkPolicyReadWrite(t *testing.T, c policyClient, resource, role string) {
	t.Helper()
	ctx := t.Context()
	get := &iampb.GetIamPolicyRequest{Resource: resource, Options: &iampb.GetPolicyOptions{RequestedPolicyVersion: 3}}
	p := must(c.GetIamPolicy(ctx, get))(t)
	p.Bindings = append(p.Bindings, &iampb.Binding{Role: role, Members: []string{"user:new@example.com"}})
	set := &iampb.SetIamPolicyRequest{Resource: resource, Policy: p}
	must(c.SetIamPolicy(ctx, set))(t)
	_, err := c.SetIamPolicy(ctx, set)
	wantCode(t, resource+", the same etag again", err, codes.Aborted)
	got := must(c.GetIamPolicy(ctx, get))(t)
	if n := len(got.Bindings); n != len(p.Bindings) || got.Bindings[n-1].Members[0] != "user:new@example.com" {
		t.Errorf("%s: the policy is %v", resource, got)
	}
	held := must(c.TestIamPermissions(ctx, &iampb.TestIamPermissionsRequest{Resource: resource, Permissions: []string{"run.services.get", "iam.serviceAccounts.getAccessToken"}}))(t)
	if fmt.Sprint(held.Permissions) != "[run.services.get]" {
		t.Errorf("%s: an owner holds %v", resource, held.Permissions)
	}
}

// TestManyWritersLoseNothing has 200 writers add a member each, half over gRPC
// and half over REST as gcloud does, reading again on every conflict: all of
// them must be there in the end.
func TestManyWritersLoseNothing(t *testing.T) {
	s := start(t, sandbox.Options{})
	c := must(resourcemanager.NewProjectsClient(t.Context(), dial(t, s, crmHost, "")))(t)
	const writers = 200
	errs := make(chan error, writers)
	var wg sync.WaitGroup
	rest := restPolicies{s.Addr(), httpClient("")}
	for i := range writers {
		var writer policyWriter = c
		if i%2 == 1 {
			writer = rest
		}
		wg.Go(func() { errs <- addMember(t.Context(), writer, fmt.Sprintf("user:writer%03d@example.com", i)) })
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	p := must(c.GetIamPolicy(t.Context(), &iampb.GetIamPolicyRequest{Resource: "projects/myproject-b"}))(t)
	found := map[string]bool{}
	for _, b := range p.Bindings {
		if b.Role == "roles/browser" {
			for _, m := range b.Members {
				found[m] = true
			}
		}
	}
	if len(found) != writers {
		t.Errorf("%d of %d accepted changes are there", len(found), writers)
	}
}

// addMember backs off after a conflict as Google asks for: for a random time
// below a bound that doubles up to a limit.
func addMember(ctx context.Context, c policyWriter, member string) error {
	for bound := 16 * time.Millisecond; ; bound = min(2*bound, time.Second) {
		p, err := c.GetIamPolicy(ctx, &iampb.GetIamPolicyRequest{Resource: "projects/myproject-b", Options: &iampb.GetPolicyOptions{RequestedPolicyVersion: 3}})
		if err != nil {
			return err
		}
		p.Bindings = append(p.Bindings, &iampb.Binding{Role: "roles/browser", Members: []string{member}})
		_, err = c.SetIamPolicy(ctx, &iampb.SetIamPolicyRequest{Resource: "projects/myproject-b", Policy: p})
		if err == nil || status.Code(err) != codes.Aborted {
			return errors.Join(err, ctx.Err())
		}
		time.Sleep(rand.N(bound))
	}
}
