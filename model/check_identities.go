package model

import (
	"fmt"
	"slices"
)

// RunService is the Cloud Run API.
const RunService = "run.googleapis.com"

// The roles that make a service agent the Cloud Run agent of its project; both carry what it needs (iam-facts 1.4).
const (
	RoleRunAgent        = "roles/run.serviceAgent"
	roleServerlessAgent = "roles/serverless.serviceAgent"
)

func (q *evaluation) checkRunAPI(resolved resolvedQuestion) Check {
	c := Check{ID: CheckRunAPI, Resource: APIResource(resolved.project, RunService)}
	fact := q.api(c.Resource)
	switch {
	case resolved.consumer.Value.BeingDeleted():
		return c.inProjectBeingDeleted(resolved.project)
	case resolved.consumer.Gap.pending:
		return c.unknownBecause(resolved.consumer.Gap, "")
	case !fact.Read():
		return c.unknownBecause(fact.Gap, "Whether the Cloud Run API is on is not known")
	case fact.Value:
		c.Verdict, c.Reason = Granted, "The Cloud Run API is on."
		c.Evidence = []Evidence{{Resource: c.Resource, Source: "serviceusage"}}
	default:
		c.ground = GroundOff
		c.Verdict, c.Reason = Missing, "The Cloud Run API is off in "+resolved.project+"."
	}
	return c
}

// inProjectBeingDeleted is the check of something in a project that is being deleted. The deletion "starts at
// an unspecified time, at which point the Project is no longer accessible" (iam-facts 12.12). So nothing is
// certain to work, or to fail.
func (c Check) inProjectBeingDeleted(project string) Check {
	c.Verdict, c.noGrantHelps, c.Evidence, c.ground = Missing, true, nil, GroundDying
	c.Reason = "Project " + project + " is being deleted: what it holds may stop at any moment."
	c.Advice = []string{"If that was not meant, take it back: gcloud projects undelete " + shellQuote(project) + "."}
	return c
}

// checkAgent looks for either role, not for a permission: holding one proves that the agent exists.
func (q *evaluation) checkAgent(resolved resolvedQuestion) Check {
	c := Check{ID: CheckAgent, Identity: Puller, Principal: resolved.puller, Resource: ProjectResource(resolved.project)}
	if resolved.puller == "" {
		return c.unknownBecause(projectNumberGap(resolved), "The agent's name holds the project's number, which is not known")
	}
	f := q.searchLevels(c.Resource, resolved.puller, agentRoleTest)
	c = c.withDecision(f.decision())
	switch c.Verdict {
	case Granted:
		c.Reason = evidenceText(c.Evidence[0]) + " shows that the agent is there and has its role."
	case Missing:
		c.Reason = "Nothing that was read gives the agent its role: " + joinLevels(c.Levels) + "."
	}
	return c
}

// agentRoleTest tells the roles that a Cloud Run agent holds on its project from all others.
func agentRoleTest(role string) (ternary, Gap) {
	return ternaryOf(role == RoleRunAgent || role == roleServerlessAgent), Gap{}
}

// projectNumberGap is why the consumer project's number is not known.
func projectNumberGap(resolved resolvedQuestion) Gap {
	gap := resolved.consumer.Gap
	gap.Resource = ProjectResource(resolved.project)
	if resolved.consumer.State == FactAbsent {
		gap.Reason = "project " + resolved.project + " does not exist"
	} else if !gap.pending {
		gap.Need = PermGetProject
	}
	return gap
}

func (q *evaluation) checkPulls(resolved resolvedQuestion) []Check {
	return q.checkReads(resolved, CheckPull, Puller, Known(resolved.puller), projectNumberGap(resolved))
}

func (q *evaluation) checkReadImages(resolved resolvedQuestion) []Check {
	return q.checkReads(resolved, CheckReadImage, Deployer, resolved.deployer, resolved.deployer.Gap)
}

// checkReads asks for every distinct repository whether the principal may read images there.
func (q *evaluation) checkReads(resolved resolvedQuestion, id string, identity Identity, principal Fact[Member], principalGap Gap) []Check {
	base := Check{ID: id, Identity: identity, Principal: principal.Value, Permission: PermDownload}
	places := resolved.repositories()
	if len(places) == 0 {
		return []Check{base.unknownBecause(resolved.imagesGap, "Which image is meant is not known")}
	}
	checks := make([]Check, 0, len(places))
	for n, p := range places {
		c := base
		c.ID, c.Resource, c.shortName = numberedID(id, n), p.name.Resource(), p.shortName()
		c = q.checkRead(c, p, principalGap)
		c.Gaps = append(c.Gaps, q.pendingAnswers(p)...)
		q.notePendingRead(c, p.image)
		checks = append(checks, c)
	}
	return checks
}

func (q *evaluation) checkRead(c Check, p imageRepository, principalGap Gap) Check {
	switch {
	case p.registry == DockerHub || p.registry == PublicRegistry:
		c.noGrantHelps, c.ground = true, GroundElsewhere
		return c.unknownBecause(Gap{Reason: "no IAM of Google's decides at " + p.image.registryDisplayName() + "; a public image works"}, p.text+" is not in Artifact Registry")
	case p.registry == ForeignRegistry:
		c.noGrantHelps, c.ground = true, GroundRefused
		c.Advice = []string{remoteRepositoryAdvice}
		return c.unknownBecause(Gap{Reason: "Cloud Run takes images from Artifact Registry, Docker Hub and ghcr.io only"}, p.text+" is not in Artifact Registry")
	case p.regional:
		return c.hostUnproven(p.image)
	case c.Principal == "":
		return c.unknownBecause(principalGap, "The account is not known")
	}
	repository, owner := q.repository(c.Resource), q.project(p.name.Project)
	if end, gone := c.inDeletedProject(owner, p.name.Project); gone {
		return end
	}
	if repository.State == FactAbsent {
		c.noGrantHelps = true
		return q.checkRepository(c, "")
	}
	c.noGrantHelps = !repository.Value.holdsImages() // no image is pulled from there, no matter who may read
	a, pending := Access{c.Principal, c.Permission, c.Resource}, pendingOnly([]Gap{repository.Gap, owner.Gap})
	d := q.decideAccess(a, existenceOf(repository))
	if len(pending) == 0 {
		d = q.applyAnonymousRequest(a, d, p.image)
	}
	c = c.withDecision(d)
	c.Gaps = append(c.Gaps, pending...)
	return c
}

// registryDisplayName names a registry that Cloud Run takes images of and that is not asked.
func (i Image) registryDisplayName() string {
	switch i.Host {
	case "ghcr.io":
		return "GitHub's registry, ghcr.io"
	case "mirror.gcr.io":
		return "mirror.gcr.io, Google's copy of Docker Hub"
	}
	return "Docker Hub"
}

// hostUnproven is the check of an image that is named by a regional endpoint. No source says that Cloud Run
// accepts that host (iam-facts 12.1), so the repository's IAM decides nothing.
func (c Check) hostUnproven(i Image) Check {
	c.noGrantHelps = true
	known := i
	known.Host, known.Regional = i.Repository.Location+"-docker.pkg.dev", false
	c.Advice = []string{"Name the image by the host that Cloud Run is known to take: " + known.String() + "."}
	return c.unknownBecause(Gap{Reason: "nothing that Google publishes says so"}, "Whether Cloud Run takes images from "+i.Host+" is not known")
}

const remoteRepositoryAdvice = "Make a remote repository in Artifact Registry for that registry, and deploy from it."

// existence reports whether a resource is known to exist.
type existence int

const (
	existenceUnknown existence = iota
	existencePending
	existenceSeen
	existenceAbsent // looked for where the caller may look, and not there
)

func existenceOf[T any](f Fact[T]) existence {
	switch {
	case f.Read():
		return existenceSeen
	case f.Gap.pending:
		return existencePending
	case f.State == FactAbsent:
		return existenceAbsent
	}
	return existenceUnknown
}

// decideAccess decides an Access, for the caller's own permissions by the caller's own test (iam-facts 6.8). Unless the
// resource was seen to exist, the test's no says nothing.
func (q *evaluation) decideAccess(a Access, exists existence) Decision {
	d := q.decideByPolicies(a)
	caller := q.caller()
	if caller.Gap.pending {
		d.Gaps = append(d.Gaps, caller.Gap)
	}
	switch {
	case caller.Gap.pending || exists == existenceAbsent:
		return d
	case !caller.Read() || !caller.Value.Same(a.Principal):
		return q.applyBoundary(a, q.withSecondOpinion(a, d))
	}
	test := q.tested(a.Resource, a.Permission)
	switch {
	case !test.Read():
		return d.withoutCallerTest(test.Gap)
	case test.Value:
		proof := Evidence{Resource: a.Resource, Source: SourceTest}
		if d.Verdict == Denied { // its evidence speaks against, and the test is the later word
			d.Evidence = nil
		}
		return Decision{Verdict: Granted, Evidence: append(d.Evidence, proof), Levels: d.Levels, Gaps: pendingOnly(d.Gaps)}
	case d.Verdict == Denied:
		return d
	case exists == existenceSeen && len(d.Evidence) > 0: // given, denied perhaps: a grant of what is there already would change nothing
		return Decision{Verdict: Missing, callerTest: callerTestNoDespiteBinding, contradictedBinding: d.Evidence[0], Levels: d.Levels, Gaps: d.Gaps}
	case exists == existenceSeen && q.anyPolicyUnread(d.Levels): // what was read does not say it: the test does
		return Decision{Verdict: Missing, callerTest: callerTestNo, Gaps: pendingOnly(d.Gaps)}
	case exists == existenceSeen:
		return Decision{Verdict: Missing, Levels: d.Levels, ConditionUnmet: d.ConditionUnmet, Inert: d.Inert, Gaps: pendingOnly(d.Gaps)}
	case exists == existencePending:
		return Decision{Verdict: Unknown, Levels: d.Levels, Gaps: []Gap{{Resource: a.Resource, Reason: "not read yet", pending: true}}}
	}
	return Decision{Verdict: Unknown, Levels: d.Levels, callerTest: callerTestNoUnseen, Gaps: append(d.Gaps, Gap{Resource: a.Resource,
		Reason: "you lack this permission, or the resource doesn't exist: Google answers both the same way"})}
}

// anyPolicyUnread reports whether the policy of one of the levels could not be read.
func (q *evaluation) anyPolicyUnread(levels []Ancestor) bool {
	return slices.ContainsFunc(levels, func(l Ancestor) bool { return isUnreadable(q.policy(l.Resource)) })
}

// callerTest is what the caller's own test says, where the sentence of a decision rests on it.
type callerTest int

const (
	callerTestUnused callerTest = iota
	callerTestNo
	callerTestNoUnseen         // no, and the resource was not seen to exist
	callerTestNoDespiteBinding // no, although a binding gives it
)

// withoutCallerTest keeps a decision that was reached by reading, and says that the test is lacking where it was not.
func (d Decision) withoutCallerTest(gap Gap) Decision {
	if d.Verdict == Unknown || gap.pending {
		d.Gaps = append(d.Gaps, gap)
	}
	return d
}

func (q *evaluation) checkActAs(resolved resolvedQuestion) Check {
	c := Check{ID: CheckActAs, Identity: Deployer, Principal: resolved.deployer.Value, Permission: PermActAs}
	if c.Principal == "" {
		return c.unknownBecause(resolved.deployer.Gap, "Who deploys is not known")
	}
	if resolved.hasAgentIdentity {
		return q.notApplicableCheck(c, resolved, undocumentedActAs)
	}
	c = q.checkOnRunner(c, resolved)
	switch {
	case c.noGrantHelps || resolved.runnerElsewhere == no:
		return c
	case resolved.runnerElsewhere == maybe:
		return c.runnerProjectUnknown(resolved)
	}
	return q.applyCrossProjectConstraint(c, ProjectResource(resolved.runnerProject)).withTokenCreatorAdvice(resolved)
}

// withTokenCreatorAdvice adds what only one of Google's pages requires of the deployer if the runtime account
// belongs to another project. It is not a check: the other page and Cloud Run's own error message require it
// of the agent (iam-facts 5, item 4).
func (c Check) withTokenCreatorAdvice(resolved resolvedQuestion) Check {
	if c.Verdict == Denied || c.Pending() {
		return c
	}
	c.Advice = append(c.Advice, "One of Google's pages lists "+RoleTokenCreator+" on the account for the deployer too; should the deploy be refused "+
		"all the same: "+shellCommand("gcloud", "iam", "service-accounts", "add-iam-policy-binding", resolved.runner, "--project="+resolved.runnerProject,
		"--member="+string(c.Principal), "--role="+RoleTokenCreator, noCondition)+".")
	return c
}

// runnerProjectUnknown: whether the account lives at home, where no constraint holds it back, is not known.
func (c Check) runnerProjectUnknown(resolved resolvedQuestion) Check {
	c.Gaps = append(c.Gaps, projectNumberGap(resolved))
	if c.Verdict == Granted {
		c.Verdict = Unknown
		c.Reason = "Whether the account belongs to the consumer project is not known."
	}
	return c
}

// applyCrossProjectConstraint answers for the organization policy that keeps accounts at home, enforced by default (iam-facts 5).
func (q *evaluation) applyCrossProjectConstraint(c Check, owner Resource) Check {
	fact := q.constraint(owner)
	switch {
	case fact.State == FactAbsent || (fact.Read() && fact.Value): // enforced by default
		c.Verdict, c.noGrantHelps, c.ground = Denied, true, GroundOrganizationPolicy
		c.Reason = fmt.Sprintf("%s is enforced on project %s: its accounts can't be used in other projects.", CrossProjectConstraint, owner.ID())
		c.Evidence = []Evidence{{Resource: owner, Source: "constraints/" + CrossProjectConstraint}}
		c.Advice = []string{"Let an organization policy administrator turn " + CrossProjectConstraint + " off on project " + owner.ID() +
			", or run as an account of the consumer project."}
	case fact.State == FactGap:
		gap := fact.Gap
		gap.Resource = owner
		c.Gaps = append(c.Gaps, gap)
		if c.Verdict == Granted {
			c.Verdict = Unknown
			c.Reason = "Whether " + CrossProjectConstraint + " forbids it is not known: " + gap.Reason + "."
		}
	}
	return c
}

func (q *evaluation) checkRunAs(resolved resolvedQuestion) Check {
	c := Check{ID: CheckRunAs, Identity: Puller, Principal: resolved.puller, Permission: PermGetAccessToken}
	if c.Principal == "" {
		return c.unknownBecause(projectNumberGap(resolved), "The agent's name holds the project's number, which is not known")
	}
	if resolved.hasAgentIdentity {
		return q.notApplicableCheck(c, resolved, undocumentedRunAs)
	}
	return q.checkOnRunner(c, resolved)
}

// checkOnRunner decides a permission on the runtime account.
func (q *evaluation) checkOnRunner(c Check, resolved resolvedQuestion) Check {
	if gap, ok := resolved.runnerGapIfAny(); ok {
		return c.unknownBecause(gap, "The runtime account is not known")
	}
	c.Resource = AccountResource(resolved.runnerProject, resolved.runner)
	account := q.account(c.Resource)
	if account.State == FactAbsent {
		c.Verdict, c.noGrantHelps = Missing, true
		c.Reason = resolved.runner + " does not exist."
		return c
	}
	owner := q.project(resolved.runnerProject)
	if owner.Value.BeingDeleted() && resolved.runnerProject != resolved.project { // of the consumer project, run-api speaks
		return c.inProjectBeingDeleted(resolved.runnerProject)
	}
	c = c.withDecision(q.decideAccess(Access{c.Principal, c.Permission, c.Resource}, existenceOf(account)))
	c.Gaps = append(c.Gaps, pendingOnly([]Gap{owner.Gap})...)
	return c
}

// runnerGapIfAny gives the gap that hides the runtime account, if one does.
func (s resolvedQuestion) runnerGapIfAny() (Gap, bool) {
	if s.runner == "" {
		return s.runnerGap, true
	}
	if s.runnerProject == "" {
		return Gap{Reason: "the e-mail " + s.runner + " does not show which project owns the account"}, true
	}
	return Gap{}, false
}
