package sandbox

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"whopulls/gcp/sandbox/world"
)

// deployment is a request to create or to replace a workload, from either version of the API.
type deployment struct {
	kind          runKind
	project       string // id or number
	region        string
	id            string
	mode          deployMode
	errorName     string // the workload's name in errors: each version has its own form
	imageField    string // the field of the images in this version, "…containers[%d].image"
	account       string // "" is the default one
	agentIdentity bool   // an agent identity instead of an account
	images        []string
	sandboxImages []string // images of the template's sandboxes
	revision      string   // "" lets Cloud Run choose the name
	traffic       []world.TrafficTarget
	submitted     world.Submitted
	dryRun        bool // decide, and change nothing
}

// deployMode reports whether a deployment expects to find the workload.
type deployMode int

const (
	deployCreate deployMode = iota
	deployReplace
	deployCreateOrReplace
)

// deploy handles a deployment as Cloud Run does. It refuses at once if the request is wrong or the deployer
// lacks a right. An image that the service agent can't pull is reported later, by the workload's conditions.
// A dry run that passes gives nil.
func (c *core) deploy(ctx context.Context, d deployment) (*world.Workload, error) {
	p, err := c.authorizeDeploy(ctx, d)
	if err != nil {
		return nil, err
	}
	if err := checkImages(d); err != nil {
		return nil, err
	}
	if d.account == "" && !d.agentIdentity {
		d.account = p.Number + "-compute@developer.gserviceaccount.com"
	}
	if err := c.requireActAs(ctx, d.account); err != nil {
		return nil, err
	}
	if err := c.requireImageAccess(ctx, p, slices.Concat(d.images, d.sandboxImages)); err != nil {
		return nil, err
	}
	if err := c.requireRunAs(p, d.account); err != nil {
		return nil, err
	}
	if d.dryRun {
		return nil, nil
	}
	w := world.Workload{
		Kind: d.kind.kind, Region: d.region, ID: d.id, Project: p,
		ServiceAccount: d.account, AgentIdentity: d.agentIdentity, Images: d.images, SandboxImages: d.sandboxImages, Submitted: d.submitted,
	}
	return c.world.Deploy(w, d.revision, d.traffic), nil
}

// authorizeDeploy checks that the deployment may be tried. The API is enabled, the caller may create or
// update there, and the workload exists or not, as expected.
func (c *core) authorizeDeploy(ctx context.Context, d deployment) (*world.Project, error) {
	if err := c.requireAPI(d.project, runAPI); err != nil {
		return nil, err
	}
	name := fmt.Sprintf("projects/%s/locations/%s/%s/%s", d.project, d.region, d.kind.collection, d.id)
	exists := c.world.Workload(name) != nil
	verb := "update"
	if d.mode == deployCreate || (d.mode == deployCreateOrReplace && !exists) {
		verb = "create"
	}
	if !c.world.Allowed(caller(ctx), d.kind.permission+verb, world.FullName("run", name), time.Now()) {
		return nil, permissionDenied(d.kind.permission+verb, world.FullName("run", d.errorName))
	}
	p := c.world.Project(d.project)
	if err := c.requireRegion(p, d.region); err != nil {
		return nil, err
	}
	switch {
	case d.mode == deployCreate && exists:
		return nil, status.Errorf(codes.AlreadyExists, "Resource '%s' already exists.", d.id)
	case d.mode == deployReplace && !exists:
		return nil, notFound(world.FullName("run", d.errorName))
	case !workloadIDForm.MatchString(d.id):
		return nil, invalid("Name %q is not valid; it has lower-case letters, digits and dashes, begins with a letter, and is shorter than 64.", d.id)
	}
	return p, nil
}

const runAPI = "run.googleapis.com"

var (
	workloadIDForm = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)
	supportedHost  = regexp.MustCompile(`^(([a-z0-9-]+\.)?gcr\.io|([a-z0-9-]+-)?docker\.pkg\.dev|docker\.io|ghcr\.io)$`)
)

// checkImages checks that the images are at registries that Cloud Run pulls from.
func checkImages(d deployment) error {
	if len(d.images) == 0 {
		return invalid("The template has no containers; at least one is needed.")
	}
	if err := checkImageHosts(d.imageField, d.images); err != nil {
		return err
	}
	return checkImageHosts(strings.Replace(d.imageField, "containers[", "sandboxes.templates[", 1), d.sandboxImages)
}

// checkImageHosts checks the images of one list. It accepts Artifact Registry, gcr.io hosts, Docker Hub and
// GitHub's registry (iam-facts 12.1), and ignores the case of hosts. No source says that
// docker.REGION.rep.pkg.dev is accepted. Cloud Run's error text does not mention GitHub's registry, so this
// one doesn't either. field is the field of the images in the version of the API.
func checkImageHosts(field string, images []string) error {
	for i, image := range images {
		host, _, hasPath := strings.Cut(image, "/")
		named := hasPath && strings.ContainsAny(host, ".:") // otherwise it is the short name of an image at Docker Hub
		if image == "" || (named && !supportedHost.MatchString(strings.ToLower(host))) {
			return invalid(field+": Expected an image path like [host/]repo-path[:tag and/or @digest], "+
				"where host is one of [region.]gcr.io, [region-]docker.pkg.dev or docker.io but obtained %s. "+
				"To deploy container images from other public or private registries, set up an Artifact Registry remote repository. "+
				"See https://cloud.google.com/artifact-registry/docs/repositories/remote-overview.", i, image)
		}
	}
	return nil
}

// requireActAs checks that the runtime account exists and that the deployer may act as it. The refusal does
// not say which of the two is wrong. A workload with an agent identity has no account ("").
func (c *core) requireActAs(ctx context.Context, email string) error {
	if email == "" {
		return nil
	}
	const permission = "iam.serviceAccounts.actAs"
	a := c.world.ServiceAccount("-", email)
	if a != nil && c.world.Allowed(caller(ctx), permission, world.FullName("iam", a.Name()), time.Now()) {
		return nil
	}
	// Cloud Run writes the permission in lower case here.
	text := fmt.Sprintf("Permission 'iam.serviceaccounts.actAs' denied on service account %s (or it may not exist).", email)
	return statusWithDetail(codes.PermissionDenied, text, &errdetails.ErrorInfo{
		Reason: "IAM_PERMISSION_DENIED", Domain: "iam.googleapis.com",
		Metadata: map[string]string{"permission": permission, "resource": "projects/-/serviceAccounts/" + email},
	})
}

// requireImageAccess checks that the deployer may read every image that IAM protects.
func (c *core) requireImageAccess(ctx context.Context, p *world.Project, images []string) error {
	for _, image := range images {
		ref, ok := world.ParseReference(image)
		if !ok {
			continue
		}
		if why := c.world.DeployerRefusal(p, caller(ctx), ref); why != "" {
			return status.Error(codes.PermissionDenied, why)
		}
	}
	return nil
}

// requireRunAs checks that the project's service agent can get tokens for the runtime account. If the account
// is in another project, that project's organization policy must allow its use outside. Cloud Run's error
// text for this case is not known. The text is the same here, because its documentation lists the policy as
// the first thing to check.
func (c *core) requireRunAs(p *world.Project, email string) error {
	if email == "" {
		return nil
	}
	agent, _ := world.AgentEmail(p, runAPI)
	a := c.world.ServiceAccount("-", email)
	usable := c.world.Allowed("serviceAccount:"+agent, "iam.serviceAccounts.getAccessToken", world.FullName("iam", a.Name()), time.Now())
	if a.Project != p {
		policy, _, _ := world.EffectiveOrgPolicy(a.Project, "iam.disableCrossProjectServiceAccountUsage")
		usable = usable && !policy.Enforced
	}
	if usable {
		return nil
	}
	return status.Errorf(codes.PermissionDenied, "Google Cloud Run Service Agent does not have permission to get access tokens for the service account %s. "+
		"Please give %s permission iam.serviceAccounts.getAccessToken on the service account. "+
		"Alternatively, if the service account is unspecified or in the same project you are deploying in, "+
		"ensure that the Service Agent is assigned the Google Cloud Run Service Agent role roles/run.serviceAgent.", email, agent)
}
