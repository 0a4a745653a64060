package model

import (
	"encoding/json"
	"strings"
)

// Resource is a full resource name, for example
// //artifactregistry.googleapis.com/projects/P/locations/L/repositories/R. Written out as JSON, an empty one is null.
type Resource string

// Kind is what a Resource is.
type Kind string

// The kinds of resource that carry an allow policy here, and the API state, which carries none.
const (
	KindRepository   Kind = "repository"
	KindProject      Kind = "project"
	KindFolder       Kind = "folder"
	KindOrganization Kind = "organization"
	KindAccount      Kind = "service account"
	KindService      Kind = "service"
	KindJob          Kind = "job"
	KindWorkerPool   Kind = "worker pool"
	KindInstance     Kind = "instance"
	KindAPI          Kind = "API"
)

// Hosts of the full resource names, as IAM writes them.
const (
	hostProjects = "//cloudresourcemanager.googleapis.com/"
	hostRegistry = "//artifactregistry.googleapis.com/"
	hostRun      = "//run.googleapis.com/"
	hostIAM      = "//iam.googleapis.com/"
	hostServices = "//serviceusage.googleapis.com/"
)

// collections names the path segment that tells a kind, last collection of the path first.
var collections = map[string]Kind{
	"repositories": KindRepository, "projects": KindProject, "folders": KindFolder, "organizations": KindOrganization,
	"serviceAccounts": KindAccount, "jobs": KindJob, "workerPools": KindWorkerPool, "instances": KindInstance,
}

// ProjectResource names a project by its ID or number.
func ProjectResource(project string) Resource { return Resource(hostProjects + "projects/" + project) }

// AccountResource names a service account in the project that owns it.
func AccountResource(project, email string) Resource {
	return Resource(hostIAM + "projects/" + project + "/serviceAccounts/" + email)
}

// APIResource names an API's state in a project.
func APIResource(project, service string) Resource {
	return Resource(hostServices + "projects/" + project + "/services/" + service)
}

// AncestorResource turns a path such as folders/123 or organizations/456 into its full resource name.
func AncestorResource(path string) Resource { return Resource(hostProjects + path) }

// Path is the resource's name without its host: projects/P/locations/L/repositories/R.
func (r Resource) Path() string {
	rest := strings.TrimPrefix(string(r), "//")
	_, path, _ := strings.Cut(rest, "/")
	return path
}

// ID is the last segment of the name.
func (r Resource) ID() string { return string(r)[strings.LastIndex(string(r), "/")+1:] }

// Segment gives what follows the collection in the name: Segment("locations") of a repository is its location.
func (r Resource) Segment(collection string) string {
	parts := strings.Split(r.Path(), "/")
	for i := 0; i+1 < len(parts); i += 2 {
		if parts[i] == collection {
			return parts[i+1]
		}
	}
	return ""
}

// Project is the ID or number of the project that owns the resource; empty for folders and organizations.
func (r Resource) Project() string { return r.Segment("projects") }

// Kind says what the resource is; empty for something this program has no word for.
func (r Resource) Kind() Kind {
	parts := strings.Split(r.Path(), "/")
	if len(parts) < 2 {
		return ""
	}
	collection := parts[len(parts)-2]
	if collection == "services" {
		if strings.HasPrefix(string(r), hostServices) {
			return KindAPI
		}
		return KindService
	}
	return collections[collection]
}

// MarshalJSON writes null for no resource.
func (r Resource) MarshalJSON() ([]byte, error) { return marshalNullable(string(r)) }

// marshalNullable writes an empty string as null, as the command line's contract asks.
func marshalNullable(s string) ([]byte, error) {
	if s == "" {
		return []byte("null"), nil
	}
	return json.Marshal(s)
}

// Permission names one thing that may be done, for example artifactregistry.repositories.downloadArtifacts. Written
// out as JSON, an empty one is null.
type Permission string

// MarshalJSON writes null for no permission.
func (p Permission) MarshalJSON() ([]byte, error) { return marshalNullable(string(p)) }

// The permissions this program asks about by name.
const (
	PermDownload       Permission = "artifactregistry.repositories.downloadArtifacts"
	PermReadViaVirtual Permission = "artifactregistry.repositories.readViaVirtualRepository"
	PermActAs          Permission = "iam.serviceAccounts.actAs"
	PermGetAccessToken Permission = "iam.serviceAccounts.getAccessToken"
	PermGetProject     Permission = "resourcemanager.projects.get"
	PermGetRole        Permission = "iam.roles.get"
	PermGetAPI         Permission = "serviceusage.services.get"
	PermEnableAPI      Permission = "serviceusage.services.enable"
	PermGetRepository  Permission = "artifactregistry.repositories.get"
	PermGetAccount     Permission = "iam.serviceAccounts.get"
	PermListDeny       Permission = "iam.denypolicies.list"
	PermGetBoundary    Permission = "iam.principalaccessboundarypolicies.get" // on the organization of the principal
)

// policyPermissionPrefixes is the permission prefix of each kind that has an allow policy.
var policyPermissionPrefixes = map[Kind]string{
	KindRepository: "artifactregistry.repositories", KindProject: "resourcemanager.projects",
	KindFolder: "resourcemanager.folders", KindOrganization: "resourcemanager.organizations",
	KindAccount: "iam.serviceAccounts", KindService: "run.services", KindJob: "run.jobs",
	KindWorkerPool: "run.workerpools", KindInstance: "run.instances",
}

// ReadPolicyPermission is what it takes to read the resource's allow policy; empty for a kind that has none.
func (r Resource) ReadPolicyPermission() Permission { return r.policyPermission("getIamPolicy") }

// WritePolicyPermission is what it takes to change the resource's allow policy; empty for a kind that has none.
func (r Resource) WritePolicyPermission() Permission { return r.policyPermission("setIamPolicy") }

func (r Resource) policyPermission(verb string) Permission {
	prefix := policyPermissionPrefixes[r.Kind()]
	if prefix == "" {
		return ""
	}
	return Permission(prefix + "." + verb)
}
