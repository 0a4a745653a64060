package transport

import (
	"context"
	"errors"
	"fmt"

	artifactregistry "cloud.google.com/go/artifactregistry/apiv1"
	asset "cloud.google.com/go/asset/apiv1"
	iampolicy "cloud.google.com/go/iam"
	iamadmin "cloud.google.com/go/iam/admin/apiv1"
	"cloud.google.com/go/iam/apiv1/iampb"
	iamdeny "cloud.google.com/go/iam/apiv2"
	orgpolicy "cloud.google.com/go/orgpolicy/apiv2"
	troubleshooter "cloud.google.com/go/policytroubleshooter/iam/apiv3"
	resourcemanager "cloud.google.com/go/resourcemanager/apiv3"
	run "cloud.google.com/go/run/apiv2"
	serviceusage "cloud.google.com/go/serviceusage/apiv1"
	"github.com/googleapis/gax-go/v2"
	crmv1 "google.golang.org/api/cloudresourcemanager/v1"
	"google.golang.org/api/option"
	troublebeta "google.golang.org/api/policytroubleshooter/v3beta"
	runv1 "google.golang.org/api/run/v1"
	runv2 "google.golang.org/api/run/v2"
	usagebeta "google.golang.org/api/serviceusage/v1beta1"
	"google.golang.org/grpc"

	"whopulls/model"
)

// The APIs, by host.
const (
	hostRegistry        = "artifactregistry.googleapis.com"
	hostRun             = "run.googleapis.com"
	HostResourceManager = "cloudresourcemanager.googleapis.com"
	hostIAM             = "iam.googleapis.com"
	hostServiceUsage    = "serviceusage.googleapis.com"
	hostCloudAsset      = "cloudasset.googleapis.com"
	hostOrgPolicy       = "orgpolicy.googleapis.com"
	hostTroubleshooter  = "policytroubleshooter.googleapis.com"
	hostIAMCredentials  = "iamcredentials.googleapis.com" // impersonation, see package signin
)

// Clients are Google's clients. Their own retries are disabled: Traffic retries, in one way for all of them.
type Clients struct {
	Registry           *artifactregistry.Client
	services           *run.ServicesClient
	jobs               *run.JobsClient
	workerPools        *run.WorkerPoolsClient
	Projects           *resourcemanager.ProjectsClient
	Folders            *resourcemanager.FoldersClient
	Organizations      *resourcemanager.OrganizationsClient
	IAM                *iamadmin.IamClient
	DenyPolicies       *iamdeny.PoliciesClient
	ServiceUsage       *serviceusage.Client
	OrgPolicies        *orgpolicy.Client
	Assets             *asset.Client
	Troubleshooter     *troubleshooter.PolicyTroubleshooterClient
	TroubleshooterBeta *troublebeta.Service        // REST only: explains principal access boundaries
	ResourceManagerV1  *crmv1.Service              // REST only: getAncestry (iam-facts 8.1)
	RunV1              *runv1.APIService           // REST only: the lists of all regions
	RunV2              *runv2.Service              // REST has sandboxes and agent identities in a template, gRPC does not (iam-facts 12.5, 12.6)
	ServiceUsageBeta   *usagebeta.APIService       // REST only: generateServiceIdentity
	conns              map[string]*grpc.ClientConn // by host; its clients share one
}

// NewClients makes the clients, with one connection for each host.
func NewClients(ctx context.Context, w Route) (*Clients, error) {
	b := &clientBuilder{ctx: ctx, route: w, conns: map[string]*grpc.ClientConn{}}
	c := &Clients{
		Registry:       newGRPCClient(b, hostRegistry, artifactregistry.NewClient),
		services:       newGRPCClient(b, hostRun, run.NewServicesClient),
		jobs:           newGRPCClient(b, hostRun, run.NewJobsClient),
		workerPools:    newGRPCClient(b, hostRun, run.NewWorkerPoolsClient),
		Projects:       newGRPCClient(b, HostResourceManager, resourcemanager.NewProjectsClient),
		Folders:        newGRPCClient(b, HostResourceManager, resourcemanager.NewFoldersClient),
		Organizations:  newGRPCClient(b, HostResourceManager, resourcemanager.NewOrganizationsClient),
		IAM:            newGRPCClient(b, hostIAM, iamadmin.NewIamClient),
		DenyPolicies:   newGRPCClient(b, hostIAM, iamdeny.NewPoliciesClient),
		ServiceUsage:   newGRPCClient(b, hostServiceUsage, serviceusage.NewClient),
		OrgPolicies:    newGRPCClient(b, hostOrgPolicy, orgpolicy.NewClient),
		Assets:         newGRPCClient(b, hostCloudAsset, asset.NewClient),
		Troubleshooter: newGRPCClient(b, hostTroubleshooter, troubleshooter.NewPolicyTroubleshooterClient),
	}
	c.ResourceManagerV1 = newRESTClient(b, crmv1.NewService)
	c.TroubleshooterBeta = newRESTClient(b, troublebeta.NewService)
	c.RunV1 = newRESTClient(b, runv1.NewService)
	c.RunV2 = newRESTClient(b, runv2.NewService)
	c.ServiceUsageBeta = newRESTClient(b, usagebeta.NewService)
	c.conns = b.conns
	if b.err != nil {
		_ = c.Close() // b.err is the reason to report
		return nil, fmt.Errorf("Google Cloud's clients could not be set up: %w", b.err)
	}
	c.disableRetries()
	return c, nil
}

// Connect starts to open all connections: nearly every question needs each of these hosts.
func (c *Clients) Connect() {
	for _, conn := range c.conns {
		conn.Connect()
	}
}

// Close closes all connections. Calls under way fail.
func (c *Clients) Close() error {
	var errs []error
	for _, conn := range c.conns {
		errs = append(errs, conn.Close())
	}
	return errors.Join(errs...)
}

func (c *Clients) disableRetries() {
	c.Registry.CallOptions = &artifactregistry.CallOptions{}
	c.services.CallOptions = &run.ServicesCallOptions{}
	c.jobs.CallOptions = &run.JobsCallOptions{}
	c.workerPools.CallOptions = &run.WorkerPoolsCallOptions{}
	c.Projects.CallOptions = &resourcemanager.ProjectsCallOptions{}
	c.Folders.CallOptions = &resourcemanager.FoldersCallOptions{}
	c.Organizations.CallOptions = &resourcemanager.OrganizationsCallOptions{}
	c.IAM.CallOptions = &iamadmin.IamCallOptions{}
	c.DenyPolicies.CallOptions = &iamdeny.PoliciesCallOptions{}
	c.ServiceUsage.CallOptions = &serviceusage.CallOptions{}
	c.OrgPolicies.CallOptions = &orgpolicy.CallOptions{}
	c.Assets.CallOptions = &asset.CallOptions{}
	c.Troubleshooter.CallOptions = &troubleshooter.PolicyTroubleshooterCallOptions{}
}

// clientBuilder makes clients until the first error.
type clientBuilder struct {
	ctx   context.Context
	route Route
	conns map[string]*grpc.ClientConn
	err   error
}

func newGRPCClient[C any](b *clientBuilder, host string, construct func(context.Context, ...option.ClientOption) (C, error)) C {
	var client C
	if b.err == nil && b.conns[host] == nil {
		b.conns[host], b.err = b.route.grpcConn(host)
	}
	if b.err == nil {
		client, b.err = construct(b.ctx, option.WithGRPCConn(b.conns[host]), option.WithTelemetryDisabled())
	}
	return client
}

func newRESTClient[C any](b *clientBuilder, construct func(context.Context, ...option.ClientOption) (*C, error)) *C {
	if b.err != nil {
		return nil
	}
	// The route decides where the hosts are, and not the environment.
	service, err := construct(b.ctx, option.WithHTTPClient(b.route.REST), option.WithUniverseDomain(DefaultUniverse))
	b.err = err
	return service
}

// PolicyAPI is an API that keeps the allow policies of one kind of resource.
type PolicyAPI interface {
	GetIamPolicy(context.Context, *iampb.GetIamPolicyRequest, ...gax.CallOption) (*iampb.Policy, error)
	SetIamPolicy(context.Context, *iampb.SetIamPolicyRequest, ...gax.CallOption) (*iampb.Policy, error)
	TestIamPermissions(context.Context, *iampb.TestIamPermissionsRequest, ...gax.CallOption) (*iampb.TestIamPermissionsResponse, error)
}

// PolicyAPI returns the API that keeps the policy of a resource.
func (c *Clients) PolicyAPI(r model.Resource) (PolicyAPI, error) {
	switch r.Kind() {
	case model.KindRepository:
		return c.Registry, nil
	case model.KindProject:
		return c.Projects, nil
	case model.KindFolder:
		return c.Folders, nil
	case model.KindOrganization:
		return c.Organizations, nil
	case model.KindAccount:
		return accountPolicies{c.IAM}, nil
	case model.KindService:
		return c.services, nil
	case model.KindJob:
		return c.jobs, nil
	case model.KindWorkerPool:
		return c.workerPools, nil
	}
	return nil, fmt.Errorf("%s has no allow policy that whopulls can read; name a repository, project, folder, "+
		"organization, service account or Cloud Run workload", r)
}

// accountPolicies adapts the IAM client, whose policy methods have another signature, to PolicyAPI.
type accountPolicies struct{ *iamadmin.IamClient }

// GetIamPolicy reads a service account's policy.
func (a accountPolicies) GetIamPolicy(ctx context.Context, req *iampb.GetIamPolicyRequest, _ ...gax.CallOption) (*iampb.Policy, error) {
	policy, err := a.IamClient.GetIamPolicy(ctx, req)
	if err != nil {
		return nil, err
	}
	return policy.InternalProto, nil
}

// SetIamPolicy writes a service account's policy.
func (a accountPolicies) SetIamPolicy(ctx context.Context, req *iampb.SetIamPolicyRequest, _ ...gax.CallOption) (*iampb.Policy, error) {
	policy, err := a.IamClient.SetIamPolicy(ctx, &iamadmin.SetIamPolicyRequest{
		Resource: req.GetResource(), Policy: &iampolicy.Policy{InternalProto: req.GetPolicy()}})
	if err != nil {
		return nil, err
	}
	return policy.InternalProto, nil
}
