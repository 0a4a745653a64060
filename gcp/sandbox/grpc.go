package sandbox

import (
	"context"

	"cloud.google.com/go/artifactregistry/apiv1/artifactregistrypb"
	"cloud.google.com/go/asset/apiv1/assetpb"
	"cloud.google.com/go/iam/admin/apiv1/adminpb"
	denypb "cloud.google.com/go/iam/apiv2/iampb"
	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"cloud.google.com/go/orgpolicy/apiv2/orgpolicypb"
	troublepb "cloud.google.com/go/policytroubleshooter/iam/apiv3/iampb"
	"cloud.google.com/go/resourcemanager/apiv3/resourcemanagerpb"
	"cloud.google.com/go/run/apiv2/runpb"
	"cloud.google.com/go/serviceusage/apiv1/serviceusagepb"
	"google.golang.org/genproto/googleapis/cloud/location"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// noProduct is the server for products that the sandbox does not serve.
const noProduct product = "-"

// newGRPCServers makes a server for each product. Some services (Locations, Operations) have the same name in
// several products, so the host selects the server before the path does.
func newGRPCServers(c *core) map[product]*grpc.Server {
	servers := map[product]*grpc.Server{noProduct: newGRPCServer(), anyProduct: newGRPCServer()}
	for _, p := range products {
		servers[p] = newGRPCServer()
	}
	for _, p := range products {
		registerServices(c, p, servers[p])
		registerServices(c, p, servers[anyProduct])
	}
	for _, p := range []product{artifactRegistry, cloudRun} {
		location.RegisterLocationsServer(servers[p], &locations{core: c, product: p})
	}
	for _, p := range []product{cloudRun, serviceUsage, anyProduct} {
		longrunningpb.RegisterOperationsServer(servers[p], &operations{})
	}
	// If the host names no product, Locations belongs to Artifact Registry: Cloud Run has no such gRPC
	// service.
	location.RegisterLocationsServer(servers[anyProduct], &locations{core: c, product: artifactRegistry})
	return servers
}

// registerServices adds the services that belong to only one product.
func registerServices(c *core, p product, s *grpc.Server) {
	switch p {
	case resourceManager:
		resourcemanagerpb.RegisterProjectsServer(s, &projects{core: c})
		resourcemanagerpb.RegisterFoldersServer(s, &folders{core: c})
		resourcemanagerpb.RegisterOrganizationsServer(s, &organizations{core: c})
	case artifactRegistry:
		artifactregistrypb.RegisterArtifactRegistryServer(s, &registry{core: c})
	case cloudRun:
		runpb.RegisterServicesServer(s, &runServices{core: c})
		runpb.RegisterJobsServer(s, &runJobs{core: c})
		runpb.RegisterWorkerPoolsServer(s, &runPools{core: c})
		runpb.RegisterRevisionsServer(s, &runRevisions{core: c})
	case iam:
		adminpb.RegisterIAMServer(s, &iamAdmin{core: c})
		denypb.RegisterPoliciesServer(s, &denyPolicies{core: c})
	case serviceUsage:
		serviceusagepb.RegisterServiceUsageServer(s, &serviceUsageAPI{core: c})
	case orgPolicy:
		orgpolicypb.RegisterOrgPolicyServer(s, &orgPolicies{core: c})
	case policyTroubleshooter:
		troublepb.RegisterPolicyTroubleshooterServer(s, &troubleshooter{core: c})
	case cloudAsset:
		assetpb.RegisterAssetServiceServer(s, &assets{core: c})
	}
}

func newGRPCServer() *grpc.Server {
	return grpc.NewServer(
		grpc.UnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, h grpc.UnaryHandler) (any, error) {
			if err := callerError(ctx); err != nil {
				return nil, err
			}
			return h(ctx, req)
		}),
		grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
			method, _ := grpc.MethodFromServerStream(stream)
			return status.Errorf(codes.Unimplemented, "The sandbox does not serve %s here.", method)
		}))
}
