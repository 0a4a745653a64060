package sandbox

import (
	"context"
	"slices"
	"strings"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	su "cloud.google.com/go/serviceusage/apiv1/serviceusagepb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	"whopulls/gcp/sandbox/world"
)

// serviceUsageAPI serves google.api.serviceusage.v1.ServiceUsage.
type serviceUsageAPI struct {
	su.UnimplementedServiceUsageServer
	*core
}

// knownAPIs can be enabled, and so can any API that a world's project has enabled.
var knownAPIs = []string{
	"artifactregistry.googleapis.com", "cloudasset.googleapis.com", "cloudbuild.googleapis.com", "cloudkms.googleapis.com",
	"cloudresourcemanager.googleapis.com", "compute.googleapis.com", "iam.googleapis.com", "iamcredentials.googleapis.com",
	"logging.googleapis.com", "monitoring.googleapis.com", "orgpolicy.googleapis.com", "policytroubleshooter.googleapis.com",
	"pubsub.googleapis.com", "run.googleapis.com", "secretmanager.googleapis.com", "serviceusage.googleapis.com", "storage.googleapis.com",
}

const (
	maxServicePage = 200
	maxBatchGet    = 30
)

// findService reads "projects/P/services/S" for a caller with that permission.
func (s *serviceUsageAPI) findService(ctx context.Context, permission, name string) (*world.Project, string, error) {
	parts := strings.Split(name, "/")
	if len(parts) != 4 || parts[0] != "projects" || parts[2] != "services" {
		return nil, "", invalid("Name %q is not valid; expected projects/P/services/SERVICE.", name)
	}
	if err := s.requirePermission(ctx, permission, world.FullName("serviceusage", "projects/"+parts[1])); err != nil {
		return nil, "", err
	}
	p := s.world.Project(parts[1])
	if !slices.Contains(knownAPIs, parts[3]) && !s.world.Enabled(p.ID, parts[3]) {
		return nil, "", status.Errorf(codes.NotFound, "Service '%s' was not found.", parts[3])
	}
	return p, parts[3], nil
}

func (s *serviceUsageAPI) serviceProto(p *world.Project, api string) *su.Service {
	parent := "projects/" + p.Number
	m := &su.Service{Name: parent + "/services/" + api, Parent: parent, State: su.State_DISABLED,
		Config: &su.ServiceConfig{Name: api, Title: apiTitles[api]}}
	if s.world.Enabled(p.ID, api) {
		m.State = su.State_ENABLED
	}
	return m
}

func (s *serviceUsageAPI) GetService(ctx context.Context, r *su.GetServiceRequest) (*su.Service, error) {
	p, api, err := s.findService(ctx, "serviceusage.services.get", r.Name)
	if err != nil {
		return nil, err
	}
	return s.serviceProto(p, api), nil
}

func (s *serviceUsageAPI) BatchGetServices(ctx context.Context, r *su.BatchGetServicesRequest) (*su.BatchGetServicesResponse, error) {
	if len(r.Names) == 0 || len(r.Names) > maxBatchGet {
		return nil, invalid("%d names were asked for; expected 1 to %d.", len(r.Names), maxBatchGet)
	}
	answer := &su.BatchGetServicesResponse{}
	for _, name := range r.Names {
		if !strings.HasPrefix(name, r.Parent+"/") {
			return nil, invalid("Name %q is not in parent %q.", name, r.Parent)
		}
		p, api, err := s.findService(ctx, "serviceusage.services.get", name)
		if err != nil {
			return nil, err
		}
		answer.Services = append(answer.Services, s.serviceProto(p, api))
	}
	return answer, nil
}

func (s *serviceUsageAPI) ListServices(ctx context.Context, r *su.ListServicesRequest) (*su.ListServicesResponse, error) {
	id, err := parseID(r.Parent, "projects")
	if err != nil {
		return nil, err
	}
	if err := s.requirePermission(ctx, "serviceusage.services.list", world.FullName("serviceusage", r.Parent)); err != nil {
		return nil, err
	}
	if !slices.Contains([]string{"", "state:ENABLED", "state:DISABLED"}, r.Filter) {
		return nil, invalid("Filter %q is not understood; expected state:ENABLED or state:DISABLED.", r.Filter)
	}
	found := listFiltered(s.allServices(s.world.Project(id)), func(m *su.Service) bool {
		return r.Filter == "" || r.Filter == "state:"+m.State.String()
	})
	part, next, err := readPage(found, r.PageSize, r.PageToken, "services "+r.Parent+r.Filter, maxServicePage)
	if err != nil {
		return nil, err
	}
	return &su.ListServicesResponse{Services: part, NextPageToken: next}, nil
}

// allServices are a project's services, enabled or not, ordered by name. The list never changes: it has every
// service that can be enabled.
func (s *serviceUsageAPI) allServices(p *world.Project) []*su.Service {
	names := slices.Concat(knownAPIs, s.world.EnabledServices(p))
	slices.Sort(names)
	var found []*su.Service
	for _, api := range slices.Compact(names) {
		found = append(found, s.serviceProto(p, api))
	}
	return found
}

// EnableService enables an API at once. The API's service agent gets its usual role, as from Google.
func (s *serviceUsageAPI) EnableService(ctx context.Context, r *su.EnableServiceRequest) (*longrunningpb.Operation, error) {
	p, api, err := s.findService(ctx, "serviceusage.services.enable", r.Name)
	if err != nil {
		return nil, err
	}
	s.world.Enable(p, api)
	return doneOperation(doneOperationName, &su.EnableServiceResponse{Service: s.serviceProto(p, api)})
}

const maxBatchEnable = 20

// BatchEnableServices enables all of the APIs, or none if one may not be enabled.
func (s *serviceUsageAPI) BatchEnableServices(ctx context.Context, r *su.BatchEnableServicesRequest) (*longrunningpb.Operation, error) {
	if len(r.ServiceIds) == 0 || len(r.ServiceIds) > maxBatchEnable {
		return nil, invalid("%d services were asked for; expected 1 to %d.", len(r.ServiceIds), maxBatchEnable)
	}
	var p *world.Project
	for _, api := range r.ServiceIds {
		var err error
		if p, _, err = s.findService(ctx, "serviceusage.services.enable", r.Parent+"/services/"+api); err != nil {
			return nil, err
		}
	}
	answer := &su.BatchEnableServicesResponse{}
	for _, api := range r.ServiceIds {
		s.world.Enable(p, api)
		answer.Services = append(answer.Services, s.serviceProto(p, api))
	}
	return doneOperation(doneOperationName, answer)
}

// doneOperation is an operation that succeeded.
func doneOperation(name string, answer proto.Message) (*longrunningpb.Operation, error) {
	result, err := anypb.New(answer)
	if err != nil {
		return nil, status.Errorf(codes.Internal, "The answer cannot be packed: %v", err)
	}
	return &longrunningpb.Operation{Name: name, Done: true, Result: &longrunningpb.Operation_Response{Response: result}}, nil
}

// doneOperationName names every operation of this sandbox: all of them are done when they are first shown.
// Google uses the same name for such operations.
const doneOperationName = "operations/finished.DONE_OPERATION"

// operations serves google.longrunning.Operations.
type operations struct {
	longrunningpb.UnimplementedOperationsServer
}

func (s *operations) GetOperation(_ context.Context, r *longrunningpb.GetOperationRequest) (*longrunningpb.Operation, error) {
	if r.Name != doneOperationName {
		return nil, status.Errorf(codes.NotFound, "Operation '%s' was not found.", r.Name)
	}
	return &longrunningpb.Operation{Name: doneOperationName, Done: true}, nil
}
