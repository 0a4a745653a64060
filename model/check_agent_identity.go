package model

import "slices"

// SourceTemplate is the source of evidence that the template of the workload gave.
const SourceTemplate = "template"

// mayHaveAgentIdentity reports whether workloads of a kind can run as an agent identity. Cloud Run's API has
// the field on the templates of revisions and tasks, but not for worker pools and instances (iam-facts 12.6).
func (k WorkloadKind) mayHaveAgentIdentity() bool { return k == Service || k == Job }

// accountRevisions are the template and the revisions that are known to run as a service account.
func (r RunningWorkload) accountRevisions() []Revision {
	all := slices.Clone(r.Serving)
	if r.RunnerGap == nil {
		all = append([]Revision{{ServiceAccount: r.ServiceAccount, AgentIdentity: r.AgentIdentity}}, all...)
	}
	return slices.DeleteFunc(all, func(part Revision) bool { return part.AgentIdentity })
}

// agentIdentity is the member that a workload is which runs as an agent identity. Google documents the form for services
// alone (iam-facts 12.6), and it holds the organization: nobody where either is not known.
func (q *evaluation) agentIdentity(resolved resolvedQuestion) Member {
	w := resolved.workload.Value
	ancestry := q.ancestry(resolved.project)
	at := slices.IndexFunc(ancestry.Value, func(a Ancestor) bool { return a.Resource.Kind() == KindOrganization })
	if w.Kind != Service || at < 0 || !resolved.consumer.Read() {
		return ""
	}
	return Member("principal://agents.global.org-" + ancestry.Value[at].Resource.ID() + ".system.id.goog/resources/run/projects/" +
		resolved.consumer.Value.Number + "/locations/" + w.Region + "/services/" + w.Name)
}

// runnerMember is who the container runs as; empty while that is not known.
func (s resolvedQuestion) runnerMember() Member {
	if s.hasAgentIdentity {
		return s.agentIdentity
	}
	return ServiceAccountMember(s.runner)
}

// RunnerKind says what the container runs as.
type RunnerKind string

// RunnerAgentIdentity is an agent identity. The zero value is a service account, or not known.
const RunnerAgentIdentity RunnerKind = "agent-identity"

// RunnerDisplayName names the runner for people; empty while it is not known.
func (d Diagnosis) RunnerDisplayName() string {
	switch {
	case d.Identities.RunnerKind == RunnerAgentIdentity:
		return "the agent identity of " + d.Workload.Kind.DisplayName() + " " + d.Workload.Name
	case d.Identities.Runner.IsServiceAccount():
		return d.Identities.Runner.Value()
	}
	return string(d.Identities.Runner)
}

// notApplicableCheck is a check of the runtime account if there is none. The template says so, and nothing of
// an account can stand in the way then. Google doesn't document what it requires for an agent identity
// instead. Where it may require something, the check has a gap next to its verdict, like an unread deny
// policy. Nobody can close it.
func (q *evaluation) notApplicableCheck(c Check, resolved resolvedQuestion, undocumented string) Check {
	w := resolved.workload.Value
	c.Verdict, c.noGrantHelps = Granted, true
	c.Evidence = []Evidence{{Resource: w.Resource(resolved.project), Source: SourceTemplate}}
	c.Reason = "Does not apply: " + w.Kind.DisplayName() + " " + w.Name + " runs as an agent identity and has no runtime service account."
	if undocumented == "" {
		if resolved.agentIdentity != "" {
			c.Reason += " In a policy it is " + string(resolved.agentIdentity) + "."
		}
		return c
	}
	c.Gaps = []Gap{{Resource: w.Resource(resolved.project), Reason: undocumented}}
	if q.s.Question.Strict {
		c.Verdict, c.Evidence = Unknown, nil
		c.Reason = "Not decided: " + undocumented + "."
	}
	return c
}

// NotApplicable reports whether a check asks about a runtime account that the workload does not have.
func (c Check) NotApplicable() bool {
	return slices.ContainsFunc(c.Evidence, func(e Evidence) bool { return e.Source == SourceTemplate })
}

// What is not documented of an agent identity (iam-facts 12.6, Preview).
const (
	undocumentedActAs = "what Google asks of a deployer for an agent identity is not documented"
	undocumentedRunAs = "what Google asks of the service agent for an agent identity is not documented"
)
