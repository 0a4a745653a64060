package model

import (
	"fmt"
	"maps"
	"strings"
	"time"
)

// Question is what the user asks: may this consumer project run that image?
type Question struct {
	Project             string         `json:"project"`                        // the consumer project, ID or number, as given
	Workload            *WorkloadName  `json:"workload,omitempty"`             // nil: a new deployment
	Kind                WorkloadKind   `json:"kind,omitempty"`                 // of a new deployment; empty: a service
	Public              bool           `json:"allowUnauthenticated,omitempty"` // the deploy is to let everybody call the service
	Image               Image          `json:"image,omitzero"`                 // replaces the first image of the workload
	Repository          RepositoryName `json:"repository,omitzero"`            // instead of an image, before the first push
	ServiceAccount      string         `json:"serviceAccount,omitempty"`       // e-mail of the runner; empty: the workload's, or the default
	Deployer            Member         `json:"deployer,omitempty"`             // empty: the caller
	Strict              bool           `json:"strict,omitempty"`               // an unread deny policy makes granted unknown
	Scope               Resource       `json:"scope,omitempty"`                // of stale bindings: a repository, project, folder or organization
	WithoutRepositories bool           `json:"narrow,omitempty"`               // of a project as the scope: without its repositories' own bindings
}

// Fact is something that was asked of Google Cloud. Its zero value was not asked yet.
type Fact[T any] struct {
	State FactState `json:"state"`
	Value T         `json:"value,omitzero"`
	Gap   Gap       `json:"gap,omitzero"` // why not, when State is FactGap
	At    time.Time `json:"at,omitzero"`  // when it was read, if that was before this reading began
}

// FactState is how the asking ended.
type FactState string

// The states of a fact.
const (
	FactUnasked FactState = ""       // not read yet
	FactRead    FactState = "read"   // Value holds it
	FactAbsent  FactState = "absent" // it was looked for where the caller may look, and it is not there
	FactGap     FactState = "gap"    // it could not be read
)

// Known makes a fact that was read.
func Known[T any](value T) Fact[T] { return Fact[T]{State: FactRead, Value: value} }

// KnownAt makes a fact that an earlier reading found.
func KnownAt[T any](value T, at time.Time) Fact[T] {
	return Fact[T]{State: FactRead, Value: value, At: at}
}

// Absent makes a fact whose thing is not there.
func Absent[T any]() Fact[T] { return Fact[T]{State: FactAbsent} }

// Unread makes a fact that could not be read.
func Unread[T any](gap Gap) Fact[T] { return Fact[T]{State: FactGap, Gap: gap} }

// Read reports whether the value is there.
func (f Fact[T]) Read() bool { return f.State == FactRead }

// Gap is something that matters and could not be read or decided.
type Gap struct {
	Resource    Resource   `json:"resource"`
	Need        Permission `json:"need"` // the permission that would let the caller read it; empty if none would
	Reason      string     `json:"reason"`
	Next        string     `json:"next,omitempty"`    // what to do about it, where that is no matter of Need: a sentence without its dot, or the command
	NextInApp   string     `json:"-"`                 // what the app says in place of Next, where that names a flag
	Command     string     `json:"command,omitempty"` // the command that helps, where there is one
	DisabledAPI Resource   `json:"off,omitempty"`     // the API that is off, where that is why
	Cause       GapCause   `json:"cause,omitempty"`   // why a read failed
	pending     bool       // not read yet: the answer is still under way
}

// Pending reports whether the gap is only there because the answer has not arrived.
func (g Gap) Pending() bool { return g.pending }

// Project is a project as Resource Manager reports it.
type Project struct {
	ID     string            `json:"id"`
	Number string            `json:"number"`
	Name   string            `json:"name,omitempty"` // display name
	State  string            `json:"state,omitempty"`
	Labels map[string]string `json:"labels,omitempty"`
}

// BeingDeleted reports whether the project is being deleted: what it holds may stop at any moment (iam-facts 12.12).
func (p Project) BeingDeleted() bool { return p.State == "DELETE_REQUESTED" }

// Ancestor is one level of a project's ancestry.
type Ancestor struct {
	Resource Resource `json:"resource"`
	Name     string   `json:"name,omitempty"` // display name, where it could be read
}

// Repository is a repository as Artifact Registry reports it.
type Repository struct {
	Name      RepositoryName   `json:"name"`
	Format    string           `json:"format"` // DOCKER, …
	Mode      string           `json:"mode"`   // STANDARD_REPOSITORY, ModeVirtual, ModeRemote
	Upstreams []RepositoryName `json:"upstreams,omitempty"`
}

// ImageFact is what was found under an image reference.
type ImageFact struct {
	Digest string    `json:"digest"`
	Pushed time.Time `json:"pushed,omitzero"`
}

// Account is a service account as IAM reports it.
type Account struct {
	Email    string `json:"email"`
	Disabled bool   `json:"disabled,omitempty"`
}

// Situation is everything read about one question: each Fact is a value, a gap, or not read yet. The zero maps are
// fine to read from. NewSituation and Clone below name every map; CONTRIBUTING.md says what else a new fact needs.
type Situation struct {
	Question            Question                               `json:"question"`
	Time                time.Time                              `json:"time"` // when the reading began; conditions are decided against it
	Caller              Fact[Member]                           `json:"caller"`
	Workload            Fact[Workload]                         `json:"workload,omitzero"`
	Projects            map[string]Fact[Project]               `json:"projects,omitempty"`     // by ID or number, as asked
	Ancestry            map[string]Fact[[]Ancestor]            `json:"ancestry,omitempty"`     // by project; nearest first, the project itself included
	APIs                map[Resource]Fact[bool]                `json:"apis,omitempty"`         // enabled?
	Repositories        map[Resource]Fact[Repository]          `json:"repositories,omitempty"` //
	Images              map[string]Fact[ImageFact]             `json:"images,omitempty"`       // by Image.String()
	Accounts            map[Resource]Fact[Account]             `json:"accounts,omitempty"`     //
	Policies            map[Resource]Fact[Policy]              `json:"policies,omitempty"`     //
	Roles               map[string]Fact[Role]                  `json:"roles,omitempty"`        // by role name
	Tested              map[TestKey]Fact[bool]                 `json:"tested,omitempty"`       // testIamPermissions for the caller
	Constraints         map[Resource]Fact[bool]                `json:"constraints,omitempty"`  // CrossProjectConstraint enforced on a project?
	Denies              map[Resource]Fact[[]DenyPolicy]        `json:"denies,omitempty"`       // by attachment point
	Opinions            map[Access]Fact[SecondOpinion]         `json:"opinions,omitempty"`     // Policy Troubleshooter's
	Redirections        map[Resource]Fact[bool]                `json:"redirections,omitempty"` // by project: does Artifact Registry serve its gcr.io hosts?
	Rules               map[Resource]Fact[[]DownloadRule]      `json:"rules,omitempty"`        // by repository
	Anonymous           map[string]Fact[ImageFact]             `json:"anonymous,omitempty"`    // by Image.String(): what is served to nobody
	DomainRestrictions  map[Resource]Fact[[]DomainRestriction] `json:"sharing,omitempty"`      // by project
	Inventories         map[string]Fact[Inventory]             `json:"inventories,omitempty"`  // by project, as asked: what runs there
	ProjectRepositories map[string]Fact[RepositoryList]        `json:"listed,omitempty"`       // by project: its repositories
	Index               *Index                                 `json:"index,omitempty"`        // of a folder or an organization
	ReadingDone         bool                                   `json:"-"`                      // nothing more will be read: what was not asked is a gap, not under way
}

// NewSituation makes a Situation in which nothing was read yet.
func NewSituation(question Question, at time.Time) Situation {
	return Situation{
		Question: question, Time: at,
		Projects:            map[string]Fact[Project]{},
		Ancestry:            map[string]Fact[[]Ancestor]{},
		APIs:                map[Resource]Fact[bool]{},
		Repositories:        map[Resource]Fact[Repository]{},
		Images:              map[string]Fact[ImageFact]{},
		Accounts:            map[Resource]Fact[Account]{},
		Policies:            map[Resource]Fact[Policy]{},
		Roles:               map[string]Fact[Role]{},
		Tested:              map[TestKey]Fact[bool]{},
		Constraints:         map[Resource]Fact[bool]{},
		Denies:              map[Resource]Fact[[]DenyPolicy]{},
		Opinions:            map[Access]Fact[SecondOpinion]{},
		Redirections:        map[Resource]Fact[bool]{},
		Rules:               map[Resource]Fact[[]DownloadRule]{},
		Anonymous:           map[string]Fact[ImageFact]{},
		DomainRestrictions:  map[Resource]Fact[[]DomainRestriction]{},
		Inventories:         map[string]Fact[Inventory]{},
		ProjectRepositories: map[string]Fact[RepositoryList]{},
	}
}

// Clone copies the maps, so that a reading can fill one copy while somebody looks at the other. The values are
// shared: nobody changes them.
func (s Situation) Clone() Situation {
	s.Projects = maps.Clone(s.Projects)
	s.Ancestry = maps.Clone(s.Ancestry)
	s.APIs = maps.Clone(s.APIs)
	s.Repositories = maps.Clone(s.Repositories)
	s.Images = maps.Clone(s.Images)
	s.Accounts = maps.Clone(s.Accounts)
	s.Policies = maps.Clone(s.Policies)
	s.Roles = maps.Clone(s.Roles)
	s.Tested = maps.Clone(s.Tested)
	s.Constraints = maps.Clone(s.Constraints)
	s.Denies = maps.Clone(s.Denies)
	s.Opinions = maps.Clone(s.Opinions)
	s.Redirections = maps.Clone(s.Redirections)
	s.Rules = maps.Clone(s.Rules)
	s.Anonymous = maps.Clone(s.Anonymous)
	s.DomainRestrictions = maps.Clone(s.DomainRestrictions)
	s.Inventories = maps.Clone(s.Inventories)
	s.ProjectRepositories = maps.Clone(s.ProjectRepositories)
	return s
}

// CrossProjectConstraint keeps service accounts from being used in other projects (iam-facts 5).
const CrossProjectConstraint = "iam.disableCrossProjectServiceAccountUsage"

// TestKey names one permission that the caller was tested for on a resource.
type TestKey struct {
	Resource   Resource
	Permission Permission
}

// UnmarshalText reads what MarshalText writes.
func (k *TestKey) UnmarshalText(text []byte) error {
	permission, resource, ok := strings.Cut(string(text), " ")
	if !ok {
		return fmt.Errorf("%q is not PERMISSION RESOURCE", text)
	}
	*k = TestKey{Resource: Resource(resource), Permission: Permission(permission)}
	return nil
}

// MarshalText writes a TestKey as a map key of JSON: PERMISSION RESOURCE.
func (k TestKey) MarshalText() ([]byte, error) {
	return []byte(string(k.Permission) + " " + string(k.Resource)), nil
}
