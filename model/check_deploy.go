package model

import (
	"fmt"
	"slices"
	"strings"
)

// workloadKind is what kind of workload the question is about: the one that is named, else what a new deployment is to be.
func (q Question) workloadKind() WorkloadKind {
	switch {
	case q.Workload != nil:
		return q.Workload.Kind
	case q.Kind != "":
		return q.Kind
	}
	return Service
}

// DeployableKinds are what a deployment that names no workload may be. Only a service can be called by everybody; the first is taken
// where nothing says otherwise.
func (q Question) DeployableKinds() []WorkloadKind {
	if q.Public {
		return []WorkloadKind{Service}
	}
	return []WorkloadKind{Service, Job, WorkerPool}
}

// NextKind is what a new deployment would be next, when a person goes through its kinds; empty if there is no
// choice.
func (q Question) NextKind() WorkloadKind {
	kinds := q.DeployableKinds()
	if q.Workload != nil || len(kinds) < 2 {
		return ""
	}
	return kinds[(slices.Index(kinds, q.workloadKind())+1)%len(kinds)]
}

// NewDeploymentText says for people what a deployment that names no workload is to be.
func (q Question) NewDeploymentText() string {
	if q.Kind == "" {
		return "a new deployment (" + q.workloadKind().DisplayName() + ", assumed)"
	}
	return "a new deployment (" + q.Kind.DisplayName() + ")"
}

// deployPermissions are what a deploy requires: to create or update the workload, and to get it, without
// which gcloud fails. To make it public takes one more (iam-facts 12.7).
func (q Question) deployPermissions(verb string) []Permission {
	kind := q.workloadKind()
	all := []Permission{kind.Permission(verb), kind.Permission("get")}
	if q.Public {
		all = append(all, kind.Permission("setIamPolicy"))
	}
	return all
}

func (q *evaluation) checkDeploy(resolved resolvedQuestion) Check {
	question := q.s.Question
	c := Check{ID: CheckDeploy, Identity: Deployer, Principal: resolved.deployer.Value}
	verb, resource, exists := "create", ProjectResource(resolved.project), existenceOf(resolved.consumer)
	if w := question.Workload; w != nil && resolved.workload.State != FactAbsent {
		verb, resource, exists = "update", w.Resource(resolved.project), existenceOf(resolved.workload)
	}
	c.Resource, c.Permissions = resource, question.deployPermissions(verb)
	c.Permission = c.Permissions[0]
	if c.Principal == "" {
		c = c.unknownBecause(resolved.deployer.Gap, "Who deploys is not known")
		c.Gaps = append(c.Gaps, pendingOnly([]Gap{resolved.workload.Gap})...) // create or update
		return c
	}
	c = q.decideAll(c, exists)
	if resolved.workload.State != FactGap {
		return c
	}
	return q.decideCreateOrUpdate(c, resolved)
}

// requiredPermissions are all the permissions that the check asks for.
func (c Check) requiredPermissions() []Permission {
	if len(c.Permissions) > 0 {
		return c.Permissions
	}
	return []Permission{c.Permission}
}

// decideAll decides each permission of a check on its resource, and takes them together: the worst verdict is the check's.
func (q *evaluation) decideAll(c Check, exists existence) Check {
	decisions := make([]Decision, len(c.Permissions))
	worst := Granted
	for n, p := range c.Permissions {
		decisions[n] = q.decideAccess(Access{c.Principal, p, c.Resource}, exists)
		worst = Worst(worst, decisions[n].Verdict)
	}
	var lacking []Permission
	for n, p := range c.Permissions {
		if decisions[n].Verdict == worst {
			lacking = append(lacking, p)
		}
	}
	first := slices.IndexFunc(decisions, func(d Decision) bool { return d.Verdict == worst })
	c.Permission = c.Permissions[first]
	c = c.withDecision(mergeDecisions(decisions, first))
	if worst == Granted {
		return c.withProofs(decisions)
	}
	if len(lacking) < len(c.Permissions) && !c.Pending() { // the rest is no matter
		c.Reason = joinPermissions(lacking) + ": " + c.Reason
	}
	return c
}

// withProofs says what gives the permissions of a granted check: the binding that gives them all, where there is one, else
// what gives each. The first proof of one permission alone would be no proof of the check.
func (c Check) withProofs(decisions []Decision) Check {
	for _, e := range decisions[0].Evidence {
		gives := func(d Decision) bool { return slices.Contains(d.Evidence, e) }
		if e.Role != "" && !slices.ContainsFunc(decisions[1:], func(d Decision) bool { return !gives(d) }) {
			c.Evidence = appendUnique([]Evidence{e}, c.Evidence)
			c.Reason = evidenceText(e) + " gives it."
			return c
		}
	}
	for _, d := range decisions {
		c.proofs = appendUnique(c.proofs, d.Evidence[:1])
	}
	if len(c.proofs) > 1 {
		c.Reason = reasonPerPermission(c.Permissions, decisions)
	}
	return c
}

// reasonPerPermission says for each permission what gives it, those together that the same gives.
func reasonPerPermission(all []Permission, decisions []Decision) string {
	byReason := map[string][]Permission{}
	var reasons, sentences []string
	for n, p := range all {
		reason := decisions[n].sentence()
		reasons, byReason[reason] = appendUnique(reasons, []string{reason}), append(byReason[reason], p)
	}
	for _, reason := range reasons {
		sentences = append(sentences, joinPermissions(byReason[reason])+": "+reason)
	}
	return strings.Join(sentences, " ")
}

// Proofs are the evidence that a granted check rests on. It is one piece, unless the check asks for several
// permissions that no one binding gives: then it is one for each.
func (c Check) Proofs() []Evidence {
	if len(c.proofs) > 0 {
		return c.proofs
	}
	return slices.Clip(c.Evidence[:min(len(c.Evidence), 1)])
}

// mergeDecisions is the decision that counts, with what the others of its verdict add to it.
func mergeDecisions(all []Decision, first int) Decision {
	d := all[first]
	d.Evidence, d.Gaps = slices.Clone(d.Evidence), slices.Clone(d.Gaps)
	for n, other := range all {
		if n == first {
			continue
		}
		gaps := pendingOnly(other.Gaps)
		if other.Verdict == d.Verdict {
			gaps, d.boundaryUnchecked = other.Gaps, d.boundaryUnchecked || other.boundaryUnchecked
			d.Evidence = appendUnique(d.Evidence, other.Evidence)
		}
		d.Gaps = appendUnique(d.Gaps, gaps)
	}
	return d
}

func appendUnique[T comparable](all, more []T) []T {
	for _, v := range more {
		if !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	return all
}

func joinPermissions(all []Permission) string {
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = string(p)
	}
	return strings.Join(names, ", ")
}

// decideCreateOrUpdate answers for a workload that could not be read: if it is not there, the deploy asks for another
// permission, on the project. Where the two answers differ, it is open.
func (q *evaluation) decideCreateOrUpdate(c Check, resolved resolvedQuestion) Check {
	kind := q.s.Question.workloadKind()
	create := c
	create.Resource, create.Permissions = ProjectResource(resolved.project), q.s.Question.deployPermissions("create")
	create = q.decideAll(create, existenceOf(resolved.consumer))
	c.Gaps = append(c.Gaps, pendingOnly(append([]Gap{resolved.workload.Gap}, create.Gaps...))...)
	if c.Verdict == create.Verdict || c.Verdict == Unknown {
		return c
	}
	gap := resolved.workload.Gap
	gap.Reason = fmt.Sprintf("whether the %s exists is not known (%s): to update it is %s, to create it %s",
		kind.DisplayName(), gap.Reason, c.Verdict, create.Verdict)
	c.Verdict, c.Evidence, c.Gaps = Unknown, nil, append(c.Gaps, gap)
	if !gap.pending {
		c.Reason = "Not decided: " + gap.Reason + "."
	}
	return c
}
