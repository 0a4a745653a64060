package sandbox

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"

	"whopulls/gcp/sandbox/world"
)

// core is what all services share: the world, and access to it by the rules of IAM.
type core struct {
	world *world.World
}

// requirePermission checks that the caller holds the permission on a resource (full name). The refusal does
// not show whether the resource exists.
func (c *core) requirePermission(ctx context.Context, permission, full string) error {
	if c.world.Allowed(caller(ctx), permission, full, time.Now()) {
		return nil
	}
	return permissionDenied(permission, full)
}

func permissionDenied(permission, full string) error {
	service, name, _ := strings.Cut(strings.TrimPrefix(full, "//"), "/")
	text := fmt.Sprintf("Permission '%s' denied on resource '%s' (or it may not exist).", permission, name)
	return statusWithDetail(codes.PermissionDenied, text, &errdetails.ErrorInfo{
		Reason: "IAM_PERMISSION_DENIED", Domain: service,
		Metadata: map[string]string{"permission": permission, "resource": name},
	})
}

func statusWithDetail(code codes.Code, text string, detail protoadapt.MessageV1) error {
	st, err := status.New(code, text).WithDetails(detail)
	if err != nil {
		return status.Error(code, text) // a detail that can't be packed is left out; the text says everything
	}
	return st.Err()
}

// notFound is the error for callers that could see the resource if it existed.
func notFound(full string) error {
	_, name, _ := strings.Cut(strings.TrimPrefix(full, "//"), "/")
	return status.Errorf(codes.NotFound, "Resource '%s' was not found.", name)
}

func invalid(format string, args ...any) error {
	return status.Errorf(codes.InvalidArgument, format, args...)
}

// apiTitles name APIs in the error about a disabled one.
var apiTitles = map[string]string{
	"run.googleapis.com":                  "Cloud Run Admin API",
	"artifactregistry.googleapis.com":     "Artifact Registry API",
	"orgpolicy.googleapis.com":            "Organization Policy API",
	"policytroubleshooter.googleapis.com": "Policy Troubleshooter API",
	"cloudasset.googleapis.com":           "Cloud Asset API",
}

// requireAPI checks that the API is enabled in the project. A project outside the world passes. The
// permission check that follows refuses it without showing that it doesn't exist.
func (c *core) requireAPI(project, api string) error {
	p := c.world.Project(project)
	if p == nil || c.world.Enabled(p.ID, api) {
		return nil
	}
	return statusWithDetail(codes.PermissionDenied, world.APIDisabledMessage(apiTitles[api], api, p), &errdetails.ErrorInfo{
		Reason: "SERVICE_DISABLED", Domain: "googleapis.com",
		Metadata: map[string]string{"service": api, "consumer": "projects/" + p.Number},
	})
}

// parseID gives the ID of "COLLECTION/ID", such as "projects/my-project".
func parseID(name, collection string) (string, error) {
	id, ok := strings.CutPrefix(name, collection+"/")
	if !ok || id == "" || strings.Contains(id, "/") {
		return "", invalid("Name %q is not valid; expected %s/ID.", name, collection)
	}
	return id, nil
}

// projectFromName is the project part of "projects/P/…".
func projectFromName(name string) string {
	parts := strings.SplitN(name, "/", 3)
	if len(parts) < 2 || parts[0] != "projects" {
		return ""
	}
	return parts[1]
}

// getPolicy serves GetIamPolicy for a resource (full name) with that permission.
func (c *core) getPolicy(ctx context.Context, full, permission string, r *iampb.GetIamPolicyRequest) (*iampb.Policy, error) {
	if err := c.requireExisting(ctx, full, permission); err != nil {
		return nil, err
	}
	return c.world.Policy(full, r.GetOptions().GetRequestedPolicyVersion())
}

// requireExisting checks the permission first, then that the resource exists.
func (c *core) requireExisting(ctx context.Context, full, permission string) error {
	if err := c.requirePermission(ctx, permission, full); err != nil {
		return err
	}
	if !c.world.Exists(full) {
		return notFound(full)
	}
	return nil
}

// setPolicy serves SetIamPolicy.
func (c *core) setPolicy(ctx context.Context, full, permission string, r *iampb.SetIamPolicyRequest) (*iampb.Policy, error) {
	if err := c.requireExisting(ctx, full, permission); err != nil {
		return nil, err
	}
	if r.Policy == nil {
		return nil, invalid("The request has no policy.")
	}
	return c.world.SetPolicy(full, r.Policy, r.GetUpdateMask().GetPaths())
}

// testPermissions serves TestIamPermissions: which of the permissions the caller holds. It needs no
// permission. A resource that doesn't exist gives an empty answer.
func (c *core) testPermissions(ctx context.Context, full string, r *iampb.TestIamPermissionsRequest) (*iampb.TestIamPermissionsResponse, error) {
	held := &iampb.TestIamPermissionsResponse{}
	for _, p := range r.Permissions {
		if strings.Contains(p, "*") || strings.Count(p, ".") < 2 {
			return nil, invalid("Permission %s is not valid.", p)
		}
		if c.world.Exists(full) && c.world.Allowed(caller(ctx), p, full, time.Now()) {
			held.Permissions = append(held.Permissions, p)
		}
	}
	return held, nil
}
