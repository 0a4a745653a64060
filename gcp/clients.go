package gcp

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
	hostRegistry = "artifactregistry.googleapis.com"
	hostRun      = "run.googleapis.com"
	hostProjects = "cloudresourcemanager.googleapis.com"
	hostIAM      = "iam.googleapis.com"
	hostUsage    = "serviceusage.googleapis.com"
	hostAssets   = "cloudasset.googleapis.com"
	hostOrg      = "orgpolicy.googleapis.com"
	hostTrouble  = "policytroubleshooter.googleapis.com"
	hostTokens   = "iamcredentials.googleapis.com" // impersonation, see package signin
)

// clients are Google's clients for everything this package asks. Their own retrying is taken out: pace does it, in one
// way for all.
type clients struct {
	registry      *artifactregistry.Client
	services      *run.ServicesClient
	jobs          *run.JobsClient
	pools         *run.WorkerPoolsClient
	projects      *resourcemanager.ProjectsClient
	folders       *resourcemanager.FoldersClient
	organizations *resourcemanager.OrganizationsClient
	iam           *iamadmin.IamClient
	denies        *iamdeny.PoliciesClient
	usage         *serviceusage.Client
	org           *orgpolicy.Client
	assets        *asset.Client
	opinions      *troubleshooter.PolicyTroubleshooterClient
	bounds        *troublebeta.Service        // what explains boundaries is REST only
	ancestry      *crmv1.Service              // getAncestry is REST only (iam-facts 8.1)
	runLists      *runv1.APIService           // so are the lists of all regions
	runs          *runv2.Service              // of a template the gRPC client lacks sandboxes and agent identities (iam-facts 12.5, 12.6)
	identities    *usagebeta.APIService       // and generateServiceIdentity
	conns         map[string]*grpc.ClientConn // by host; its clients share one
}

func newClients(ctx context.Context, w way) (*clients, error) {
	b := &building{ctx: ctx, way: w, conns: map[string]*grpc.ClientConn{}}
	c := &clients{
		registry:      build(b, hostRegistry, artifactregistry.NewClient),
		services:      build(b, hostRun, run.NewServicesClient),
		jobs:          build(b, hostRun, run.NewJobsClient),
		pools:         build(b, hostRun, run.NewWorkerPoolsClient),
		projects:      build(b, hostProjects, resourcemanager.NewProjectsClient),
		folders:       build(b, hostProjects, resourcemanager.NewFoldersClient),
		organizations: build(b, hostProjects, resourcemanager.NewOrganizationsClient),
		iam:           build(b, hostIAM, iamadmin.NewIamClient),
		denies:        build(b, hostIAM, iamdeny.NewPoliciesClient),
		usage:         build(b, hostUsage, serviceusage.NewClient),
		org:           build(b, hostOrg, orgpolicy.NewClient),
		assets:        build(b, hostAssets, asset.NewClient),
		opinions:      build(b, hostTrouble, troubleshooter.NewPolicyTroubleshooterClient),
	}
	c.ancestry = buildREST(b, crmv1.NewService)
	c.bounds = buildREST(b, troublebeta.NewService)
	c.runLists = buildREST(b, runv1.NewService)
	c.runs = buildREST(b, runv2.NewService)
	c.identities = buildREST(b, usagebeta.NewService)
	c.conns = b.conns
	if b.err != nil {
		_ = c.close() // the reason that is told is why building failed
		return nil, fmt.Errorf("the clients of Google Cloud could not be set up: %w", b.err)
	}
	c.noRetry()
	return c, nil
}

// open has every connection begin to open. The first answers come from these hosts, whatever is asked.
func (c *clients) open() {
	for _, conn := range c.conns {
		conn.Connect()
	}
}

func (c *clients) close() error {
	var errs []error
	for _, conn := range c.conns {
		errs = append(errs, conn.Close())
	}
	return errors.Join(errs...)
}

func (c *clients) noRetry() {
	c.registry.CallOptions = &artifactregistry.CallOptions{}
	c.services.CallOptions = &run.ServicesCallOptions{}
	c.jobs.CallOptions = &run.JobsCallOptions{}
	c.pools.CallOptions = &run.WorkerPoolsCallOptions{}
	c.projects.CallOptions = &resourcemanager.ProjectsCallOptions{}
	c.folders.CallOptions = &resourcemanager.FoldersCallOptions{}
	c.organizations.CallOptions = &resourcemanager.OrganizationsCallOptions{}
	c.iam.CallOptions = &iamadmin.IamCallOptions{}
	c.denies.CallOptions = &iamdeny.PoliciesCallOptions{}
	c.usage.CallOptions = &serviceusage.CallOptions{}
	c.org.CallOptions = &orgpolicy.CallOptions{}
	c.assets.CallOptions = &asset.CallOptions{}
	c.opinions.CallOptions = &troubleshooter.PolicyTroubleshooterCallOptions{}
}

// building makes clients one after the other; after the first error it makes none.
type building struct {
	ctx   context.Context
	way   way
	conns map[string]*grpc.ClientConn
	err   error
}

func build[C any](b *building, host string, make func(context.Context, ...option.ClientOption) (C, error)) C {
	var client C
	if b.err == nil && b.conns[host] == nil {
		b.conns[host], b.err = b.way.grpc(host)
	}
	if b.err == nil {
		client, b.err = make(b.ctx, option.WithGRPCConn(b.conns[host]), option.WithTelemetryDisabled())
	}
	return client
}

func buildREST[C any](b *building, make func(context.Context, ...option.ClientOption) (*C, error)) *C {
	if b.err != nil {
		return nil
	}
	// The way says where the universe's hosts are, and no variable of the environment.
	service, err := make(b.ctx, option.WithHTTPClient(b.way.rest), option.WithUniverseDomain(defaultUniverse))
	b.err = err
	return service
}

// holder is an API that keeps the allow policies of one kind of resource.
type holder interface {
	GetIamPolicy(context.Context, *iampb.GetIamPolicyRequest, ...gax.CallOption) (*iampb.Policy, error)
	SetIamPolicy(context.Context, *iampb.SetIamPolicyRequest, ...gax.CallOption) (*iampb.Policy, error)
	TestIamPermissions(context.Context, *iampb.TestIamPermissionsRequest, ...gax.CallOption) (*iampb.TestIamPermissionsResponse, error)
}

// holder gives the API that keeps the policy of the resource.
func (c *clients) holder(r model.Resource) (holder, error) {
	switch r.Kind() {
	case model.KindRepository:
		return c.registry, nil
	case model.KindProject:
		return c.projects, nil
	case model.KindFolder:
		return c.folders, nil
	case model.KindOrganization:
		return c.organizations, nil
	case model.KindAccount:
		return accounts{c.iam}, nil
	case model.KindService:
		return c.services, nil
	case model.KindJob:
		return c.jobs, nil
	case model.KindWorkerPool:
		return c.pools, nil
	}
	return nil, fmt.Errorf("%s has no allow policy that whopulls knows of; name a repository, project, folder, "+
		"organization, service account or Cloud Run workload", r)
}

// accounts makes a holder of the one client whose policy methods have another form.
type accounts struct{ *iamadmin.IamClient }

// GetIamPolicy reads a service account's policy.
func (a accounts) GetIamPolicy(ctx context.Context, req *iampb.GetIamPolicyRequest, _ ...gax.CallOption) (*iampb.Policy, error) {
	policy, err := a.IamClient.GetIamPolicy(ctx, req)
	if err != nil {
		return nil, err
	}
	return policy.InternalProto, nil
}

// SetIamPolicy writes a service account's policy.
func (a accounts) SetIamPolicy(ctx context.Context, req *iampb.SetIamPolicyRequest, _ ...gax.CallOption) (*iampb.Policy, error) {
	policy, err := a.IamClient.SetIamPolicy(ctx, &iamadmin.SetIamPolicyRequest{
		Resource: req.GetResource(), Policy: &iampolicy.Policy{InternalProto: req.GetPolicy()}})
	if err != nil {
		return nil, err
	}
	return policy.InternalProto, nil
}
