// Package world is the content of a sandbox: a whole small Google Cloud, read
// from a YAML file, and the decisions of IAM over it.
//
// It knows everything (groups' members, every policy, every role), so it can
// decide what the program under test can only reason about. It shares no code
// with the program's own reasoning, on purpose: each is the other's witness.
package world

import (
	"strings"
	"sync"
	"time"

	"cloud.google.com/go/iam/apiv1/iampb"
)

// World is one sandbox's content. The exported fields hold what the file said, and do not change after
// loading. What requests change is kept behind mu and reached through methods, which are safe for concurrent
// use.
//
// In addition to the keys of the documented format a file may say:
//   - title: one line about the world
//   - projects[].unreachableRegions: regions where Cloud Run does not answer
//   - projects[].displayName, createTime; folders and service accounts take displayName
//   - denyPolicies[].id and displayName
//   - roles[].title
//   - roles[].stage: a launch stage (GA by default). A role in DISABLED gives nobody anything
//   - roles[].deleted: the role was deleted and can be undeleted. It gives nobody anything
//   - accessBoundaries[].id; without enforcementVersion it is the newest, 3.
//     Members are those of allow policies, but for the public ones, and whole
//     projects, folders and organizations as principalSet://cloudresourcemanager.
//     googleapis.com/projects/ID. Several boundaries of a member add up
//   - workloads[].createTime and policy; workloads[].revisions[].tag
//   - workloads[].kind: instance, as well as service, job and worker-pool. Instances
//     have no revisions, are served over REST alone, and Cloud Asset has none
//   - workloads[].sandboxImages and workloads[].revisions[].sandboxImages: the
//     images of Cloud Run sandboxes that may be started from within. They are
//     served over REST alone; the service agent pulls them with the others
//   - workloads[].agentIdentity of a service or a job: it has no service account
//     and runs as principal://agents.global.org-ORG.system.id.goog/resources/run/
//     projects/NUMBER/locations/REGION/services/NAME. Shown by REST v2 alone
//   - repositories[].description and rules (download rules)
//   - orgPolicies[].allowedValues (of a list constraint). Those of
//     iam.allowedPolicyMemberDomains are customer IDs, with or without "is:"
//   - organization.directoryCustomerId: its customer ID, which is C and its id
//     by default. Its domain is its displayName: whose e-mails end so is in the
//     set principalSet://goog/cloudIdentityCustomerId/ID of deny policies
//   - generate: {agents: true}: the made-up projects run images of each other's made-up repositories. Their
//     policies bind the Cloud Run service agents of the users, and some that nothing needs any more
//   - generate: {instances: 10}: that many made-up instances in addition to the workloads
//   - assetIndex: {age: 2h, without: [run.googleapis.com/WorkerPool]}: Cloud
//     Asset's index lags. Its lists show a moment that lies age back, and have
//     nothing of the types in without. Direct calls know nothing of it
//   - workloads[].unindexed: deployed after that index was made: neither it nor
//     its revisions are in there
//   - orgPolicies[].refuses: setIamPolicy refuses members that an enforced
//     iam.allowedPolicyMemberDomains keeps out; otherwise it is shown and no more
//
// upstreams of a VIRTUAL repository are repository names
// (projects/P/locations/L/repositories/R); a REMOTE one has one entry, such a
// name or an https:// address.
type World struct {
	Name  string `yaml:"-"` // built-in name, or the file's name
	Title string `yaml:"title"`

	Caller       string        `yaml:"caller"` // member, "user:dev@example.com"
	Organization *Organization `yaml:"organization"`
	Folders      []*Folder     `yaml:"folders"`
	Groups       []Group       `yaml:"groups"`
	Roles        []CustomRole  `yaml:"roles"`
	DenyPolicies []*DenyPolicy `yaml:"denyPolicies"`

	AccessBoundaries []*AccessBoundary `yaml:"accessBoundaries"`

	Projects   []*Project `yaml:"projects"`
	AssetIndex AssetIndex `yaml:"assetIndex"`
	Generate   Generate   `yaml:"generate"`

	index index

	mu                 sync.RWMutex
	policies           map[string]*storedPolicy   // by full resource name; its keys are all resources there are
	enabledAPIs        map[string]map[string]bool // project id -> API
	agents             map[string]bool            // e-mails of the service agents that exist
	workloads          map[string][]*Workload     // by project id; a list is replaced, never changed
	workloadsByName    map[string]*Workload       // the same by relative name
	lastOrder          int                        // the Order of the workload made last
	compiledConditions sync.Map                   // condition expression -> *program
	propagationDelay   time.Duration              // from a policy's write until it decides
	now                func() time.Time           // the clock of delay; nil while there is none
}

// Organization is the root of the hierarchy.
type Organization struct {
	ID          string     `yaml:"id"` // digits
	DisplayName string     `yaml:"displayName"`
	Policy      FilePolicy `yaml:"policy"`

	DirectoryCustomerID string `yaml:"directoryCustomerId"` // of its Google Workspace account; "C" and the id by default
}

// Name is "organizations/ID".
func (o *Organization) Name() string { return "organizations/" + o.ID }

// Folder groups projects and folders.
type Folder struct {
	ID          string     `yaml:"id"` // digits
	DisplayName string     `yaml:"displayName"`
	Parent      string     `yaml:"parent"` // "organizations/ID" or "folders/ID"
	Policy      FilePolicy `yaml:"policy"`
}

// Name is "folders/ID".
func (f *Folder) Name() string { return "folders/" + f.ID }

// Group is a Google group; its members may be groups too.
type Group struct {
	Email     string   `yaml:"email"`
	Members   []string `yaml:"members"`
	VisibleTo []string `yaml:"visibleTo"` // members who may read who is in it
}

// DenyPolicy depends on a project, a folder or the organization.
type DenyPolicy struct {
	ID              string     `yaml:"id"`
	DisplayName     string     `yaml:"displayName"`
	AttachmentPoint string     `yaml:"attachmentPoint"` // "projects/P", "folders/F", "organizations/O"
	Rules           []DenyRule `yaml:"rules"`
}

// DenyRule names principals in v2 form (principal://…, principalSet://…) and
// permissions as service.googleapis.com/resource.verb.
type DenyRule struct {
	DeniedPrincipals     []string `yaml:"deniedPrincipals"`
	ExceptionPrincipals  []string `yaml:"exceptionPrincipals"`
	DeniedPermissions    []string `yaml:"deniedPermissions"`
	ExceptionPermissions []string `yaml:"exceptionPermissions"`
	Condition            string   `yaml:"condition"`
}

// Project is one project with all that is in it.
type Project struct {
	ID                 string            `yaml:"id"`
	Number             string            `yaml:"number"`
	DisplayName        string            `yaml:"displayName"`
	Parent             string            `yaml:"parent"`
	State              string            `yaml:"state"` // ACTIVE (default) or DELETE_REQUESTED
	CreateTime         string            `yaml:"createTime"`
	Labels             map[string]string `yaml:"labels"`
	Services           []string          `yaml:"services"`
	Agents             *[]string         `yaml:"agents"` // nil: one for each enabled API that has one, with its role
	Policy             FilePolicy        `yaml:"policy"`
	ServiceAccounts    []*ServiceAccount `yaml:"serviceAccounts"`
	OrgPolicies        []OrgPolicy       `yaml:"orgPolicies"`
	GCRRedirection     string            `yaml:"gcrRedirection"`
	UnreachableRegions []string          `yaml:"unreachableRegions"`
	Workloads          []*Workload       `yaml:"workloads"`
	Repositories       []*Repository     `yaml:"repositories"`
}

// Name is "projects/ID", as policies and full resource names have it.
func (p *Project) Name() string { return "projects/" + p.ID }

// ServiceAccount is a user-managed account (accountId) or one that Google made
// in the project (email).
type ServiceAccount struct {
	AccountID   string     `yaml:"accountId"`
	Email       string     `yaml:"email"`
	DisplayName string     `yaml:"displayName"`
	Disabled    bool       `yaml:"disabled"`
	Policy      FilePolicy `yaml:"policy"`

	Project *Project `yaml:"-"`
}

// Name is "projects/P/serviceAccounts/EMAIL".
func (a *ServiceAccount) Name() string {
	return a.Project.Name() + "/serviceAccounts/" + a.Email
}

// OrgPolicy is the effective state of one constraint in a project.
type OrgPolicy struct {
	Constraint    string   `yaml:"constraint"`
	Enforced      bool     `yaml:"enforced"`
	AllowedValues []string `yaml:"allowedValues"`
	Refuses       bool     `yaml:"refuses"` // of domain restricted sharing: writes meet it too
}

// Workload is something on Cloud Run. One that was handed out does not change:
// a deploy puts another in its place.
type Workload struct {
	Kind           string     `yaml:"kind"` // service, job, worker-pool or instance
	Region         string     `yaml:"region"`
	ID             string     `yaml:"name"`
	ServiceAccount string     `yaml:"serviceAccount"`
	AgentIdentity  bool       `yaml:"agentIdentity"` // instead of a service account
	Images         []string   `yaml:"images"`
	SandboxImages  []string   `yaml:"sandboxImages"` // of the template's sandboxes
	Revisions      []Revision `yaml:"revisions"`
	CreateTime     string     `yaml:"createTime"`
	Policy         FilePolicy `yaml:"policy"`
	Unindexed      bool       `yaml:"unindexed"` // Cloud Asset does not know it yet

	Project    *Project  `yaml:"-"`
	Readiness  Readiness `yaml:"-"` // as its last deploy left it
	Generation int64     `yaml:"-"` // counts deploys from 1
	Order      int       `yaml:"-"` // its place among all workloads: the older ones first; it stays when others come and go
	DeployTime time.Time `yaml:"-"` // of the last one
	Submitted  Submitted `yaml:"-"`
}

// Name is "projects/P/locations/REGION/COLLECTION/ID".
func (w *Workload) Name() string {
	return w.Project.Name() + "/locations/" + w.Region + "/" + w.Collection() + "/" + w.ID
}

// Collection is the kind's plural in resource names.
func (w *Workload) Collection() string { return workloadCollections[w.Kind] }

var workloadCollections = map[string]string{"service": "services", "job": "jobs", "worker-pool": "workerPools", "instance": "instances"}

// HasRevisions reports whether the kind keeps what was deployed before: a job and an instance are only as
// they were deployed last.
func (w *Workload) HasRevisions() bool { return w.Kind == "service" || w.Kind == "worker-pool" }

// Revision is one revision of a service or a worker pool.
type Revision struct {
	Name    string   `yaml:"name"`
	Traffic int      `yaml:"traffic"` // percent
	Tag     string   `yaml:"tag"`
	Images  []string `yaml:"images"`

	SandboxImages []string `yaml:"sandboxImages"`
}

// Readiness is a workload's Ready condition.
type Readiness struct {
	Ready        bool
	ImageMissing bool   // of an unready one: the image is not there; else it may not be read
	Message      string // of an unready one
}

// Repository is an Artifact Registry repository.
type Repository struct {
	Location    string         `yaml:"location"`
	ID          string         `yaml:"id"`
	Description string         `yaml:"description"`
	Format      string         `yaml:"format"` // DOCKER by default
	Mode        string         `yaml:"mode"`   // STANDARD (default), VIRTUAL or REMOTE
	Policy      FilePolicy     `yaml:"policy"`
	Upstreams   []string       `yaml:"upstreams"`
	Images      []*Image       `yaml:"images"`
	Rules       []DownloadRule `yaml:"rules"`

	Project *Project `yaml:"-"`
}

// DownloadRule is a download rule of a repository. The sandbox lists it; what it does
// to a pull is not documented well enough to be pretended.
type DownloadRule struct {
	ID        string `yaml:"id"`
	Action    string `yaml:"action"`    // ALLOW or DENY
	Operation string `yaml:"operation"` // DOWNLOAD, which is also the default
	Condition string `yaml:"condition"` // CEL; "" always
	PackageID string `yaml:"packageId"` // "" for all packages
}

// Name is "projects/P/locations/L/repositories/R".
func (r *Repository) Name() string {
	return r.Project.Name() + "/locations/" + r.Location + "/repositories/" + r.ID
}

// RegistryPath is where images are pulled from: "L-docker.pkg.dev/P/R".
func (r *Repository) RegistryPath() string {
	path := strings.Replace(r.Project.ID, ":", "/", 1) // a domain-scoped project has its domain as a path segment
	return r.Location + "-" + strings.ToLower(r.Format) + ".pkg.dev/" + path + "/" + r.ID
}

// Image is one image (a digest) of a package.
type Image struct {
	Package    string   `yaml:"name"` // may contain slashes
	Digest     string   `yaml:"digest"`
	Tags       []string `yaml:"tags"`
	SizeBytes  int64    `yaml:"sizeBytes"`
	UploadTime string   `yaml:"uploadTime"`
}

// Generate asks for made-up content in addition to what the file lists.
type Generate struct {
	Projects     int   `yaml:"projects"`
	Repositories int   `yaml:"repositories"`
	Images       int   `yaml:"images"`
	Workloads    int   `yaml:"workloads"` // services, jobs and worker pools
	Instances    int   `yaml:"instances"`
	Agents       bool  `yaml:"agents"` // projects use each other's repositories, by bindings of their Cloud Run agents
	Seed         int64 `yaml:"seed"`
}

// AssetIndex is how far Cloud Asset's index lags behind what is there.
type AssetIndex struct {
	Age     string   `yaml:"age"`     // a duration, "2h"; none by default
	Without []string `yaml:"without"` // asset types that it has nothing of
}

// Lag is the age as a duration; Load has seen to its form.
func (x AssetIndex) Lag() time.Duration {
	lag, err := time.ParseDuration(x.Age)
	if err != nil {
		return 0
	}
	return lag
}

// FilePolicy is an allow policy as a file spells it, the same keys that
// get-iam-policy prints; etag and version are read and ignored.
type FilePolicy struct {
	Bindings     []FileBinding     `yaml:"bindings"`
	AuditConfigs []FileAuditConfig `yaml:"auditConfigs"`
	ETag         string            `yaml:"etag"`
	Version      int               `yaml:"version"`
}

// FileBinding is one binding of a FilePolicy.
type FileBinding struct {
	Role      string         `yaml:"role"`
	Members   []string       `yaml:"members"`
	Condition *FileCondition `yaml:"condition"`
}

// FileCondition is a binding's CEL condition.
type FileCondition struct {
	Title       string `yaml:"title"`
	Description string `yaml:"description"`
	Expression  string `yaml:"expression"`
}

// FileAuditConfig is one service's audit configuration.
type FileAuditConfig struct {
	Service         string               `yaml:"service"`
	AuditLogConfigs []FileAuditLogConfig `yaml:"auditLogConfigs"`
}

// FileAuditLogConfig is one kind of audit log.
type FileAuditLogConfig struct {
	LogType         string   `yaml:"logType"` // ADMIN_READ, DATA_READ or DATA_WRITE
	ExemptedMembers []string `yaml:"exemptedMembers"`
}

// storedPolicy is a resource's policy: bindings and audit configs as last written,
// and how often it was written, from which the etag is made. A policy that was
// stored is replaced, never changed.
type storedPolicy struct {
	policy *iampb.Policy
	writes int
	older  []supersededPolicy // that may still decide; the oldest first
}

// DefaultTime stands where a file gives no time. It is fixed so that a world
// looks the same every day.
var DefaultTime = time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)

// ParseTime reads a time of a world file; Load has seen to its form.
func ParseTime(text string) time.Time {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t
	}
	return DefaultTime
}
