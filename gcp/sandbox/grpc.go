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

// nothing is the server for products that are not served at all.
const nothing product = "-"

// newGRPC makes a server for each product: some services (Locations,
// Operations) have the same name in several products, so the host decides
// before the path does.
func newGRPC(c *cloud) map[product]*grpc.Server {
	servers := map[product]*grpc.Server{nothing: newServer(), anyProduct: newServer()}
	for _, p := range products {
		servers[p] = newServer()
	}
	for _, p := range products {
		register(c, p, servers[p])
		register(c, p, servers[anyProduct])
	}
	for _, p := range []product{artifacts, run} {
		location.RegisterLocationsServer(servers[p], &locations{cloud: c, product: p})
	}
	for _, p := range []product{run, serviceUsage, anyProduct} {
		longrunningpb.RegisterOperationsServer(servers[p], &operations{})
	}
	// Where the host does not tell, Locations is Artifact Registry's: Cloud Run
	// has no such gRPC service of its own.
	location.RegisterLocationsServer(servers[anyProduct], &locations{cloud: c, product: artifacts})
	return servers
}

// register adds the services that belong to one product alone.
func register(c *cloud, p product, s *grpc.Server) {
	switch p {
	case resourceManager:
		resourcemanagerpb.RegisterProjectsServer(s, &projects{cloud: c})
		resourcemanagerpb.RegisterFoldersServer(s, &folders{cloud: c})
		resourcemanagerpb.RegisterOrganizationsServer(s, &organizations{cloud: c})
	case artifacts:
		artifactregistrypb.RegisterArtifactRegistryServer(s, &registry{cloud: c})
	case run:
		runpb.RegisterServicesServer(s, &runServices{cloud: c})
		runpb.RegisterJobsServer(s, &runJobs{cloud: c})
		runpb.RegisterWorkerPoolsServer(s, &runPools{cloud: c})
		runpb.RegisterRevisionsServer(s, &runRevisions{cloud: c})
	case iam:
		adminpb.RegisterIAMServer(s, &iamAdmin{cloud: c})
		denypb.RegisterPoliciesServer(s, &denyPolicies{cloud: c})
	case serviceUsage:
		serviceusagepb.RegisterServiceUsageServer(s, &services{cloud: c})
	case orgPolicy:
		orgpolicypb.RegisterOrgPolicyServer(s, &orgPolicies{cloud: c})
	case troubleshooting:
		troublepb.RegisterPolicyTroubleshooterServer(s, &troubleshooter{cloud: c})
	case cloudAsset:
		assetpb.RegisterAssetServiceServer(s, &assets{cloud: c})
	}
}

func newServer() *grpc.Server {
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
