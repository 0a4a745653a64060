package sandbox

import (
	"context"
	"strings"

	crm "google.golang.org/api/cloudresourcemanager/v1"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"whopulls/gcp/sandbox/world"
)

// getAncestry serves Resource Manager v1: the ids of a project's ancestors. A caller that may get the project
// sees them, even without rights on the folders.
func (c *core) getAncestry(ctx context.Context, call restCall) (any, error) {
	name := "projects/" + call.pathValues["project"]
	if err := c.requirePermission(ctx, "resourcemanager.projects.get", fullNodeName(name)); err != nil {
		return nil, err
	}
	answer := &crm.GetAncestryResponse{}
	for _, ancestor := range c.world.Ancestry(c.world.Project(call.pathValues["project"]).Name()) {
		kind, id, _ := strings.Cut(ancestor, "/")
		answer.Ancestor = append(answer.Ancestor, &crm.Ancestor{
			ResourceId: &crm.ResourceId{Type: strings.TrimSuffix(kind, "s"), Id: id},
		})
	}
	return answer, nil
}

// generateServiceIdentity serves Service Usage v1beta1: it creates the service agent, without any role.
// Google requires no permission on the project.
func (c *core) generateServiceIdentity(_ context.Context, call restCall) (any, error) {
	name := "projects/" + call.pathValues["project"]
	p := c.world.Project(call.pathValues["project"])
	if p == nil {
		return nil, permissionDenied("serviceusage.services.get", world.FullName("serviceusage", name))
	}
	email, id, ok := c.world.CreateAgent(p, call.pathValues["service"])
	if !ok {
		return nil, status.Errorf(codes.FailedPrecondition, "Service %s has no service identity to generate.", call.pathValues["service"])
	}
	return map[string]any{
		"name": doneOperationName, "done": true,
		"response": map[string]string{
			"@type": "type.googleapis.com/google.api.serviceusage.v1beta1.ServiceIdentity",
			"email": email, "uniqueId": id,
		},
	}, nil
}
