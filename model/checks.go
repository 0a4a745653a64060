package model

import (
	"fmt"
	"slices"
	"strings"
)

// RunService is the Cloud Run API.
const RunService = "run.googleapis.com"

// The roles that make a service agent the Cloud Run agent of its project; both carry what it needs (iam-facts 1.4).
const (
	RoleRunAgent        = "roles/run.serviceAgent"
	roleServerlessAgent = "roles/serverless.serviceAgent"
)

func (q *inquiry) checkRunAPI(sub subject) Check {
	c := Check{ID: CheckRunAPI, Resource: APIResource(sub.project, RunService)}
	fact := q.api(c.Resource)
	switch {
	case sub.consumer.Value.Leaving():
		return c.leaving(sub.project)
	case sub.consumer.Gap.pending:
		return c.unknownFor(sub.consumer.Gap, "")
	case !fact.Read():
		return c.unknownFor(fact.Gap, "Whether the Cloud Run API is on is not known")
	case fact.Value:
		c.Verdict, c.Reason = Granted, "The Cloud Run API is on."
		c.Evidence = []Evidence{{Resource: c.Resource, Source: "serviceusage"}}
	default:
		c.Verdict, c.Reason = Missing, "The Cloud Run API is off in "+sub.project+"."
	}
	return c
}

// leaving is the check of something in a project that is being deleted. The deletion "starts at an unspecified time, at
// which point the Project is no longer accessible" (iam-facts 12.12): nothing is certain to work, or not to.
func (c Check) leaving(project string) Check {
	c.Verdict, c.noGrant, c.Evidence = Missing, true, nil
	c.Reason = "Project " + project + " is being deleted: what it holds may stop at any moment."
	c.Advice = []string{"If that was not meant, take it back: gcloud projects undelete " + quote(project) + "."}
	return c
}

// checkAgent looks for either role, not for a permission: holding one proves that the agent exists.
func (q *inquiry) checkAgent(sub subject) Check {
	c := Check{ID: CheckAgent, Identity: Puller, Principal: sub.puller, Resource: ProjectResource(sub.project)}
	if sub.puller == "" {
		return c.unknownFor(numberGap(sub), "The agent's name holds the project's number, which is not known")
	}
	f := q.search(c.Resource, sub.puller, agentRole)
	c = c.with(f.decision())
	switch c.Verdict {
	case Granted:
		c.Reason = proof(c.Evidence[0]) + " shows that the agent is there and has its role."
	case Missing:
		c.Reason = "Nothing that was read gives the agent its role: " + levelList(c.Levels) + "."
	}
	return c
}

// agentRole tells the roles that a Cloud Run agent holds on its project from all others.
func agentRole(role string) (tri, Gap) {
	return triOf(role == RoleRunAgent || role == roleServerlessAgent), Gap{}
}

// numberGap is why the consumer project's number is not known.
func numberGap(sub subject) Gap {
	gap := sub.consumer.Gap
	gap.Resource = ProjectResource(sub.project)
	if sub.consumer.State == FactAbsent {
		gap.Reason = "project " + sub.project + " does not exist"
	} else if !gap.pending {
		gap.Need = PermGetProject
	}
	return gap
}

func (q *inquiry) checkPulls(sub subject) []Check {
	return q.checkReads(sub, CheckPull, Puller, Known(sub.puller), numberGap(sub))
}

func (q *inquiry) checkReadImages(sub subject) []Check {
	return q.checkReads(sub, CheckReadImage, Deployer, sub.deployer, sub.deployer.Gap)
}

// checkReads asks for every distinct repository whether the principal may read images there.
func (q *inquiry) checkReads(sub subject, id string, who Identity, principal Fact[Member], nobody Gap) []Check {
	base := Check{ID: id, Identity: who, Principal: principal.Value, Permission: PermDownload}
	places := sub.places()
	if len(places) == 0 {
		return []Check{base.unknownFor(sub.imagesGap, "Which image is meant is not known")}
	}
	checks := make([]Check, 0, len(places))
	for n, p := range places {
		c := base
		c.ID, c.Resource, c.place = numbered(id, n), p.name.Resource(), p.short()
		c = q.checkRead(c, p, nobody)
		c.Gaps = append(c.Gaps, q.awaited(p)...)
		q.noteReads(c, p.image)
		checks = append(checks, c)
	}
	return checks
}

func (q *inquiry) checkRead(c Check, p place, nobody Gap) Check {
	switch {
	case p.registry == DockerHub || p.registry == PublicRegistry:
		c.noGrant = true
		return c.unknownFor(Gap{Reason: "no IAM of Google's decides at " + p.image.registryWords() + "; a public image works"}, p.text+" is not in Artifact Registry")
	case p.registry == ForeignRegistry:
		c.noGrant = true
		c.Advice = []string{remoteAdvice}
		return c.unknownFor(Gap{Reason: "Cloud Run takes images from Artifact Registry, Docker Hub and ghcr.io only"}, p.text+" is not in Artifact Registry")
	case p.regional:
		return c.unproven(p.image)
	case c.Principal == "":
		return c.unknownFor(nobody, "The account is not known")
	}
	repository, owner := q.repository(c.Resource), q.project(p.name.Project)
	if end, gone := c.inGone(owner, p.name.Project); gone {
		return end
	}
	if repository.State == FactAbsent {
		c.noGrant = true
		return q.checkRepository(c, "")
	}
	c.noGrant = !repository.Value.holdsImages() // no image is pulled from there, whoever may read
	a, awaited := Access{c.Principal, c.Permission, c.Resource}, pendingOnly([]Gap{repository.Gap, owner.Gap})
	d := q.answer(a, sightOf(repository))
	if len(awaited) == 0 {
		d = q.publicly(a, d, p.image)
	}
	c = c.with(d)
	c.Gaps = append(c.Gaps, awaited...)
	return c
}

// registryWords names a registry that Cloud Run takes images of and that is not asked.
func (i Image) registryWords() string {
	switch i.Host {
	case "ghcr.io":
		return "GitHub's registry, ghcr.io"
	case "mirror.gcr.io":
		return "mirror.gcr.io, Google's copy of Docker Hub"
	}
	return "Docker Hub"
}

// unproven is the check of an image that is named by a regional endpoint: no source says that Cloud Run takes that host
// (iam-facts 12.1), so that what IAM says of the repository decides nothing.
func (c Check) unproven(i Image) Check {
	c.noGrant = true
	known := i
	known.Host, known.Regional = i.Repository.Location+"-docker.pkg.dev", false
	c.Advice = []string{"Name the image by the host that Cloud Run is known to take: " + known.String() + "."}
	return c.unknownFor(Gap{Reason: "nothing that Google publishes says so"}, "Whether Cloud Run takes images from "+i.Host+" is not known")
}

const remoteAdvice = "Make a remote repository in Artifact Registry for that registry, and deploy from it."

// sight tells whether a resource is known to exist.
type sight int

const (
	unseen sight = iota
	underway
	seen
	gone // looked for where the caller may look, and not there
)

func sightOf[T any](f Fact[T]) sight {
	switch {
	case f.Read():
		return seen
	case f.Gap.pending:
		return underway
	case f.State == FactAbsent:
		return gone
	}
	return unseen
}

// answer decides an Access, for the caller's own permissions by the caller's own test (iam-facts 6.8). Unless the
// resource was seen to exist, the test's no says nothing.
func (q *inquiry) answer(a Access, exists sight) Decision {
	d := q.decide(a)
	caller := q.caller()
	if caller.Gap.pending {
		d.Gaps = append(d.Gaps, caller.Gap)
	}
	switch {
	case caller.Gap.pending || exists == gone:
		return d
	case !caller.Read() || !caller.Value.same(a.Principal):
		return q.bounded(a, q.second(a, d))
	}
	test := q.tested(a.Resource, a.Permission)
	switch {
	case !test.Read():
		return d.untested(test.Gap)
	case test.Value:
		proof := Evidence{Resource: a.Resource, Source: SourceTest}
		if d.Verdict == Denied { // its evidence speaks against, and the test is the later word
			d.Evidence = nil
		}
		return Decision{Verdict: Granted, Evidence: append(d.Evidence, proof), Levels: d.Levels, Gaps: pendingOnly(d.Gaps)}
	case d.Verdict == Denied:
		return d
	case exists == seen && len(d.Evidence) > 0: // given, denied perhaps: a grant of what is there already would change nothing
		return Decision{Verdict: Missing, own: ownAgainst, withheld: d.Evidence[0], Levels: d.Levels, Gaps: d.Gaps}
	case exists == seen && q.unreadAmong(d.Levels): // what was read does not say it: the test does
		return Decision{Verdict: Missing, own: ownNo, Gaps: pendingOnly(d.Gaps)}
	case exists == seen:
		return Decision{Verdict: Missing, Levels: d.Levels, Lapsed: d.Lapsed, Inert: d.Inert, Gaps: pendingOnly(d.Gaps)}
	case exists == underway:
		return Decision{Verdict: Unknown, Levels: d.Levels, Gaps: []Gap{{Resource: a.Resource, Reason: "not read yet", pending: true}}}
	}
	return Decision{Verdict: Unknown, Levels: d.Levels, own: ownUnseen, Gaps: append(d.Gaps, Gap{Resource: a.Resource,
		Reason: "you lack this permission, or the resource doesn't exist: Google answers both the same way"})}
}

// unreadAmong tells whether the policy of one of the levels could not be read.
func (q *inquiry) unreadAmong(levels []Ancestor) bool {
	return slices.ContainsFunc(levels, func(l Ancestor) bool { return unread(q.policy(l.Resource)) })
}

// own is what the caller's own test says, where the sentence of a decision rests on it.
type own int

const (
	ownNone own = iota
	ownNo
	ownUnseen  // no, and the resource was not seen to exist
	ownAgainst // no, although a binding gives it
)

// untested keeps a decision that was reached by reading, and says that the test is lacking where it was not.
func (d Decision) untested(gap Gap) Decision {
	if d.Verdict == Unknown || gap.pending {
		d.Gaps = append(d.Gaps, gap)
	}
	return d
}

func (q *inquiry) checkActAs(sub subject) Check {
	c := Check{ID: CheckActAs, Identity: Deployer, Principal: sub.deployer.Value, Permission: PermActAs}
	if c.Principal == "" {
		return c.unknownFor(sub.deployer.Gap, "Who deploys is not known")
	}
	if sub.runsAsAgent {
		return q.noAccount(c, sub, undocumentedActAs)
	}
	c = q.checkOnRunner(c, sub)
	switch {
	case c.noGrant || sub.runnerAlien == no:
		return c
	case sub.runnerAlien == maybe:
		return c.homeUnknown(sub)
	}
	return q.constrained(c, ProjectResource(sub.runnerAt)).alsoListed(sub)
}

// alsoListed adds what only one page of Google's asks of the deployer, when the runtime account belongs to another
// project: it is no check, for the other page and Cloud Run's own failure text ask it of the agent (iam-facts 5, item 4).
func (c Check) alsoListed(sub subject) Check {
	if c.Verdict == Denied || c.Pending() {
		return c
	}
	c.Advice = append(c.Advice, "One of Google's pages lists "+RoleTokenCreator+" on the account for the deployer too; should the deploy be refused "+
		"all the same: "+command("gcloud", "iam", "service-accounts", "add-iam-policy-binding", sub.runner, "--project="+sub.runnerAt,
		"--member="+string(c.Principal), "--role="+RoleTokenCreator, noCondition)+".")
	return c
}

// homeUnknown: whether the account lives at home, where no constraint holds it back, could not be told.
func (c Check) homeUnknown(sub subject) Check {
	c.Gaps = append(c.Gaps, numberGap(sub))
	if c.Verdict == Granted {
		c.Verdict = Unknown
		c.Reason = "Whether the account belongs to the consumer project is not known."
	}
	return c
}

// constrained answers for the organization policy that keeps accounts at home, enforced by default (iam-facts 5).
func (q *inquiry) constrained(c Check, owner Resource) Check {
	fact := q.constraint(owner)
	switch {
	case fact.State == FactAbsent || (fact.Read() && fact.Value): // enforced by default
		c.Verdict, c.noGrant = Denied, true
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

func (q *inquiry) checkRunAs(sub subject) Check {
	c := Check{ID: CheckRunAs, Identity: Puller, Principal: sub.puller, Permission: PermGetAccessToken}
	if c.Principal == "" {
		return c.unknownFor(numberGap(sub), "The agent's name holds the project's number, which is not known")
	}
	if sub.runsAsAgent {
		return q.noAccount(c, sub, undocumentedRunAs)
	}
	return q.checkOnRunner(c, sub)
}

// checkOnRunner decides a permission on the runtime account.
func (q *inquiry) checkOnRunner(c Check, sub subject) Check {
	if gap, ok := sub.runnerUnknown(); ok {
		return c.unknownFor(gap, "The runtime account is not known")
	}
	c.Resource = AccountResource(sub.runnerAt, sub.runner)
	account := q.account(c.Resource)
	if account.State == FactAbsent {
		c.Verdict, c.noGrant = Missing, true
		c.Reason = sub.runner + " does not exist."
		return c
	}
	owner := q.project(sub.runnerAt)
	if owner.Value.Leaving() && sub.runnerAt != sub.project { // of the consumer project, run-api speaks
		return c.leaving(sub.runnerAt)
	}
	c = c.with(q.answer(Access{c.Principal, c.Permission, c.Resource}, sightOf(account)))
	c.Gaps = append(c.Gaps, pendingOnly([]Gap{owner.Gap})...)
	return c
}

// runnerUnknown gives the gap that hides the runtime account, if one does.
func (s subject) runnerUnknown() (Gap, bool) {
	if s.runner == "" {
		return s.runnerGap, true
	}
	if s.runnerAt == "" {
		return Gap{Reason: "the e-mail " + s.runner + " does not tell which project owns the account"}, true
	}
	return Gap{}, false
}

func (q *inquiry) checkRuntimeAccount(sub subject) Check {
	c := Check{ID: CheckRuntimeAccount, Identity: Runner, Principal: sub.runnerMember()}
	if sub.runsAsAgent {
		return q.noAccount(c, sub, "")
	}
	if gap, ok := sub.runnerUnknown(); ok {
		return c.unknownFor(gap, "The runtime account is not known")
	}
	c.Resource = AccountResource(sub.runnerAt, sub.runner)
	fact, owner := q.account(c.Resource), q.project(sub.runnerAt)
	switch {
	case owner.Value.Leaving():
		return c.leaving(sub.runnerAt)
	case owner.Gap.pending:
		return c.unknownFor(owner.Gap, "")
	case fact.State == FactGap:
		return c.unknownFor(fact.Gap, "The runtime account could not be read")
	case fact.State == FactAbsent:
		c.Verdict, c.Reason = Missing, sub.runner+" does not exist."
		c.Advice = []string{"Create the account, or name another one with --service-account when you deploy."}
		if strings.HasSuffix(sub.runner, computeSuffix) {
			c.Advice = []string{"Name another account with --service-account when you deploy: the default compute account is Google's to make, with the Compute Engine API."}
		}
	case fact.Value.Disabled:
		// What Cloud Run answers for a disabled account is not documented.
		c.Verdict, c.Reason = Missing, sub.runner+" is disabled. What Cloud Run answers then is not documented; a container gets no tokens of a disabled account."
		c.Advice = []string{"Enable the account (gcloud iam service-accounts enable " + quote(sub.runner) + "), or name another one with --service-account when you deploy."}
	default:
		c.Verdict, c.Reason = Granted, "The account exists and is enabled; for the pull it needs nothing."
		c.Evidence = []Evidence{{Resource: c.Resource, Source: "iam"}}
	}
	return c
}
