package model

import (
	"fmt"
	"slices"
	"strconv"
)

// StepKind is what a step does.
type StepKind string

// The kinds of step.
const (
	StepEnableAPI   StepKind = "enable-api"
	StepCreateAgent StepKind = "create-agent"
	StepGrant       StepKind = "grant"
	StepRevoke      StepKind = "revoke"
)

// Step is one change, complete enough to be performed, shown and handed to somebody else.
type Step struct {
	ID        string       `json:"id"`
	Check     string       `json:"check"`            // the check that it closes
	Closes    []string     `json:"closes,omitempty"` // all that it closes, where Check is not the only one
	Kind      StepKind     `json:"kind"`
	Title     string       `json:"title"`
	Why       string       `json:"why"`
	Resource  Resource     `json:"resource"`
	Role      string       `json:"role,omitempty"`
	Member    Member       `json:"member"`
	Condition *Condition   `json:"condition,omitempty"` // of the binding
	Requires  []Permission `json:"requires"`            // of the one who makes the change
	Allowed   *bool        `json:"allowed"`             // may the caller? nil: could not be tested
	Certain   bool         `json:"certain"`             // false: the binding may be there already, unseen
	After     []string     `json:"after"`               // ids of steps that come first
	Gcloud    []string     `json:"gcloud"`              // the commands that do the same, ready for a POSIX shell

	// GcloudNeeds is what gcloud they take, where not every one knows them: newer than 528.
	GcloudNeeds string `json:"gcloudNeeds,omitempty"`

	// Caution is what may stand in the way although the caller may make the change; most often there is none.
	Caution string `json:"caution,omitempty"`
}

// Plan is the steps that close what is missing, in an order that works.
type Plan struct {
	Verdict Verdict `json:"verdict"` // of the diagnosis that it was made from
	Steps   []Step  `json:"steps"`
	Ask     []Step  `json:"ask"` // to be asked for where nothing at all could be seen, and never made from here
}

// Scope is how wide a grant of the reader role reaches.
type Scope string

// The scopes; the narrower one is the default.
const (
	ScopeRepository Scope = "repository"
	ScopeProject    Scope = "project"
)

// PlanOptions are the user's wishes about a plan. The zero value asks for every step, as narrow as can be.
type PlanOptions struct {
	Scope Scope    `json:"scope,omitempty"`
	Only  []string `json:"only,omitempty"` // check ids; empty: all
}

// The roles that close checks, least privilege first (iam-facts 9.2).
const (
	RoleReader       = "roles/artifactregistry.reader"
	RoleDeveloper    = "roles/run.developer"
	RoleRunAdmin     = "roles/run.admin"
	RoleAccountUser  = "roles/iam.serviceAccountUser"
	RoleTokenCreator = "roles/iam.serviceAccountTokenCreator"
)

// PlanFor makes a step for each missing check, and an uncertain one for each unknown check that a grant would close.
// A denied check gets none: no grant helps against a deny policy.
func PlanFor(s Situation, d Diagnosis, o PlanOptions) Plan {
	q := &evaluation{s: s}
	return q.plan(d, o)
}

// stepKindRanks puts the steps that others wait for first.
var stepKindRanks = map[StepKind]int{StepEnableAPI: 0, StepCreateAgent: 1}

func (q *evaluation) plan(d Diagnosis, o PlanOptions) Plan {
	resolved := q.resolveQuestion()
	var all []candidateStep
	if resolved.consumer.Value.BeingDeleted() { // nothing helps a project that is being deleted
		return Plan{Verdict: d.Verdict, Steps: []Step{}, Ask: []Step{}}
	}
	for _, c := range d.Checks {
		if !o.includes(c.ID) || !isClosable(c) {
			continue
		}
		for _, step := range stepsFor(c, resolved, o) {
			step.Check, step.Certain = c.ID, c.Verdict == Missing
			all = addCandidate(all, step, c)
		}
	}
	slices.SortStableFunc(all, func(a, b candidateStep) int { return a.rank() - b.rank() })
	return q.numberSteps(d, resolved, q.dropRedundant(all))
}

// numberSteps numbers the steps, those to be asked for after all others.
func (q *evaluation) numberSteps(d Diagnosis, resolved resolvedQuestion, all []candidateStep) Plan {
	doable, ask := []candidateStep{}, []candidateStep{}
	for _, s := range all {
		if q.isAboutUnseen(s, resolved) {
			ask = append(ask, s)
		} else {
			doable = append(doable, s)
		}
	}
	var steps []Step
	for _, s := range append(slices.Clone(doable), ask...) {
		q.completeStep(&s.Step, steps)
		s.Closes = s.closedChecks(d)
		steps = append(steps, s.Step)
	}
	return Plan{Verdict: d.Verdict, Steps: append([]Step{}, steps[:len(doable)]...), Ask: append([]Step{}, steps[len(doable):]...)}
}

// includes reports whether the user asked for steps of that check; pull stands for pull#2 too.
func (o PlanOptions) includes(id string) bool {
	return len(o.Only) == 0 || slices.Contains(o.Only, id) || slices.Contains(o.Only, baseID(id))
}

// FilterDiagnosis is a diagnosis as far as the user asked about it: without the other checks, and without what comes close to them. Its
// verdict stays that of all.
func (o PlanOptions) FilterDiagnosis(d Diagnosis) Diagnosis {
	d.Checks = slices.DeleteFunc(slices.Clone(d.Checks), func(c Check) bool { return !o.includes(c.ID) })
	d.Observations = slices.DeleteFunc(slices.Clone(d.Observations), func(n Observation) bool { return n.Check != "" && !o.includes(n.Check) })
	return d
}

// Verdict is that of the checks that the user named; without names, or where none of them is there, that of them all.
func (o PlanOptions) Verdict(d Diagnosis) Verdict {
	var named []Verdict
	for _, c := range d.Checks {
		if len(o.Only) > 0 && o.includes(c.ID) {
			named = append(named, c.Verdict)
		}
	}
	if len(named) == 0 {
		return d.Verdict
	}
	return Worst(named...)
}

func isClosable(c Check) bool {
	if c.noGrantHelps || c.Resource == "" || c.Pending() {
		return false
	}
	undecided := c.Verdict == Unknown && c.Principal != "" && len(c.Evidence) == 0 // with evidence the binding is there
	return c.Verdict == Missing || undecided
}

// NotFixable lists the checks that are not granted and that no step of ours closes: their advice says what would.
func (d Diagnosis) NotFixable() []Check {
	var checks []Check
	for _, c := range d.Checks {
		if c.Verdict != Granted && (!isClosable(c) || c.BaseID() == CheckImage || c.BaseID() == CheckRuntimeAccount) {
			checks = append(checks, c)
		}
	}
	return checks
}

func (s Step) rank() int {
	if r, ok := stepKindRanks[s.Kind]; ok {
		return r
	}
	if s.Check == CheckAgent {
		return 2
	}
	return 3
}

// stepsFor is the design's table of what closes which check.
func stepsFor(c Check, resolved resolvedQuestion, o PlanOptions) []Step {
	switch c.BaseID() {
	case CheckRunAPI:
		return []Step{{Kind: StepEnableAPI, Resource: c.Resource}}
	case CheckAgent:
		return []Step{
			{Kind: StepCreateAgent, Resource: APIResource(resolved.project, RunService), Member: c.Principal},
			grantStep(c, c.Resource, RoleRunAgent),
		}
	case CheckPull, CheckReadImage:
		if o.Scope == ScopeProject {
			return []Step{grantStep(c, ProjectResource(c.Resource.Project()), RoleReader)}
		}
		return []Step{grantStep(c, c.Resource, RoleReader)}
	case CheckUpstream:
		return []Step{grantStep(c, c.Resource, RoleReader)}
	case CheckDeploy:
		return []Step{grantStep(c, c.Resource, deployRole(c))}
	case CheckActAs:
		return []Step{grantStep(c, c.Resource, RoleAccountUser)}
	case CheckRunAs:
		if resolved.runnerElsewhere != no { // where that is not known, the account's own policy is a place that always helps
			return []Step{grantStep(c, c.Resource, RoleTokenCreator)}
		}
		return []Step{grantStep(c, ProjectResource(resolved.project), RoleRunAgent)}
	}
	return nil
}

func grantStep(c Check, r Resource, role string) Step {
	return Step{Kind: StepGrant, Resource: r, Role: role, Member: c.Principal}
}

// deployRole: the developer may not make a service public, the admin may (iam-facts 12.7).
func deployRole(c Check) string {
	if slices.Contains(c.Permissions, Service.Permission("setIamPolicy")) {
		return RoleRunAdmin
	}
	return RoleDeveloper
}

// completeStep numbers a step and adds what follows from its place and from its resource.
func (q *evaluation) completeStep(s *Step, before []Step) {
	s.ID = strconv.Itoa(len(before) + 1)
	s.After = []string{}
	for _, earlier := range before {
		if earlier.rank() < s.rank() {
			s.After = append(s.After, earlier.ID)
		}
	}
	s.Title, s.Why = s.titleAndWhy()
	s.Requires = s.requiredPermissions()
	s.Allowed = q.callerMayMake(*s)
	s.Gcloud, s.GcloudNeeds = s.gcloudCommands(), s.gcloudNeeds()
	s.Caution = q.domainRestrictionCaution(*s)
}

// requiredPermissions is what the change asks of the one who makes it. Reading comes with writing: a policy is changed by reading it,
// editing it and writing it back.
func (s Step) requiredPermissions() []Permission {
	switch s.Kind {
	case StepEnableAPI:
		return []Permission{PermEnableAPI}
	case StepCreateAgent:
		return []Permission{} // Google asks for none (iam-facts 1.3)
	}
	return []Permission{s.Resource.WritePolicyPermission(), s.Resource.ReadPolicyPermission()}
}

// callerMayMake tests the caller for everything that the step requires.
func (q *evaluation) callerMayMake(s Step) *bool {
	resource := s.Resource
	if s.Kind == StepEnableAPI {
		resource = ProjectResource(s.Resource.Project())
	}
	may, known := true, true
	for _, p := range s.Requires {
		fact := q.tested(resource, p)
		known = known && fact.Read()
		may = may && (fact.Value || !fact.Read())
	}
	if may && !known {
		return nil
	}
	return &may
}

// titleAndWhy says what a step does and why.
func (s Step) titleAndWhy() (title, why string) {
	where := Describe(s.Resource, nil)
	switch s.Kind {
	case StepEnableAPI:
		return "Enable the Cloud Run API in " + s.Resource.Project(), apiReason
	case StepCreateAgent:
		return "Create the Cloud Run service agent of " + s.Resource.Project(),
			"The agent pulls the image. Creating it is safe to repeat; it comes without its role."
	}
	if s.Kind == StepRevoke {
		return fmt.Sprintf("Remove %s on %s from %s", s.Role, where, s.memberDisplayName()), undoGrantReason
	}
	return fmt.Sprintf("Grant %s on %s to %s", s.Role, where, s.memberDisplayName()), grantReasons[baseID(s.Check)]
}

// memberDisplayName names the member of a step for people. In a plan there is one agent; a change that is looked back on is one of many.
func (s Step) memberDisplayName() string {
	number := RunServiceAgentProject(s.Member)
	switch {
	case s.Member.Deleted():
		return string(s.Member)
	case number != "" && s.Check == "":
		return "the Cloud Run service agent of project " + number
	case number != "":
		return "the Cloud Run service agent"
	}
	return s.Member.Value()
}

const apiReason = "Nothing deploys while the API is off."

var grantReasons = map[string]string{
	CheckAgent:     "Without its role on its own project the agent can neither pull nor hand tokens to the container.",
	CheckPull:      "The agent of the consumer project pulls the image; the repository must let it read.",
	CheckReadImage: "Cloud Run refuses a deploy whose caller is not allowed to read the image.",
	CheckDeploy:    "The deployer must be allowed to create or update the workload, and to look at it.",
	CheckActAs:     "The deployer must be allowed to act as the account that the container runs as.",
	CheckRunAs:     "The agent fetches tokens of the runtime account for the container.",
	CheckUpstream:  "The Artifact Registry agent reads the upstream on behalf of everyone who pulls through this repository.",
}
