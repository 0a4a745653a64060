package model

import (
	"regexp"
	"strings"
	"time"
)

// WorkloadKind is what runs the image.
type WorkloadKind string

// The kinds of Cloud Run workload, spelled as the command line spells them.
const (
	Service    WorkloadKind = "service"
	Job        WorkloadKind = "job"
	WorkerPool WorkloadKind = "worker-pool"
	Instance   WorkloadKind = "instance" // counts as a use; it can't be chosen as the workload before Google calls it GA (iam-facts 12.4)
)

// collection is the kind's path segment in API v2 and its word in permissions.
var workloadKindNames = map[WorkloadKind]struct{ path, permission, gcloud string }{
	Service:    {"services", "run.services", "services"},
	Job:        {"jobs", "run.jobs", "jobs"},
	WorkerPool: {"workerPools", "run.workerpools", "worker-pools"},
	Instance:   {"instances", "run.instances", "instances"},
}

// DisplayName is the kind for people: service, job, worker pool.
func (k WorkloadKind) DisplayName() string { return strings.ReplaceAll(string(k), "-", " ") }

// Purpose says in a few words what a workload of that kind is for.
func (k WorkloadKind) Purpose() string {
	switch k {
	case Service:
		return "answers requests"
	case Job:
		return "runs its tasks and ends"
	case WorkerPool:
		return "works without requests, for example on a queue"
	}
	return ""
}

// PathSegment is the kind's path segment in Cloud Run's API v2.
func (k WorkloadKind) PathSegment() string { return workloadKindNames[k].path }

// Permission is run.KIND.VERB.
func (k WorkloadKind) Permission(verb string) Permission {
	return Permission(workloadKindNames[k].permission + "." + verb)
}

// WorkloadName names a workload in the consumer project.
type WorkloadName struct {
	Kind   WorkloadKind `json:"kind"`
	Name   string       `json:"name"`
	Region string       `json:"region"`
}

// Resource is the workload's full resource name in a project.
func (w WorkloadName) Resource(project string) Resource {
	return Resource(hostRun + "projects/" + project + "/locations/" + w.Region + "/" + w.Kind.PathSegment() + "/" + w.Name)
}

// Workload is what was read about a workload.
type Workload struct {
	WorkloadName
	ServiceAccount string     `json:"serviceAccount,omitempty"` // e-mail; empty means the default compute account, unless there is an agent identity
	AgentIdentity  bool       `json:"agentIdentity,omitempty"`  // it runs as an agent identity, instead of a service account (iam-facts 12.6)
	Images         []Image    `json:"images"`                   // of every container of the template, in order, then of its sandbox templates
	Condition      *Readiness `json:"condition,omitempty"`
}

// DeployRefusal is Cloud Run's refusal of a deploy that it was asked to check, in its words.
type DeployRefusal struct{ Message string }

func (r *DeployRefusal) Error() string { return r.Message }

// Readiness is the workload's own word on how its last deploy ended.
type Readiness struct {
	Ready   bool      `json:"ready"`
	Reason  string    `json:"reason,omitempty"` // for example CONTAINER_PERMISSION_DENIED
	Message string    `json:"message,omitempty"`
	Time    time.Time `json:"time,omitzero"`
}

// names that the command line takes: lower-case letters, digits and hyphens.
var (
	workloadNameForm = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`)
	regionForm       = regexp.MustCompile(`^[a-z]+(-[a-z0-9]+)+$`)
	projectForm      = regexp.MustCompile(`^([a-z0-9.-]+\.[a-z]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$|^[0-9]+$`)
)

// ValidateProject refuses what can't be a project's ID or number.
func ValidateProject(text string) error {
	if projectForm.MatchString(text) {
		return nil
	}
	return &InputError{What: "project", Text: text, Why: "it is neither a project ID nor a project number",
		Next: "a project ID has 6 to 30 lower-case letters, digits and hyphens; gcloud projects list shows yours"}
}

// Validate refuses a name or region that Cloud Run could not have.
func (w WorkloadName) Validate() error {
	if !workloadNameForm.MatchString(w.Name) {
		return &InputError{What: w.Kind.DisplayName(), Text: w.Name, Why: "it is not a Cloud Run name",
			Next: "names have lower-case letters, digits and hyphens, at most 63"}
	}
	if !regionForm.MatchString(w.Region) {
		return &InputError{What: "region", Text: w.Region, Why: "it is not a Google Cloud region",
			Next: "write it as asia-northeast1 or europe-west1"}
	}
	return nil
}
