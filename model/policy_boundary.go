package model

import (
	"slices"
	"strings"
)

// Boundary is what Policy Troubleshooter knows about the principal access boundaries that bind a principal.
// They are policies of the principal's organization. They say where it may use its permissions, no matter who
// grants them (iam-facts 12.8).
type Boundary struct {
	State  BoundaryState `json:"state"`
	Policy string        `json:"policy,omitempty"` // of one that blocks: its full name
}

// BoundaryState is what the boundaries do to an access.
type BoundaryState string

// The states. The zero value was not looked at: the older version of Policy Troubleshooter says nothing about boundaries.
const (
	BoundaryOpen   BoundaryState = "open"    // none binds the principal here, or the resource lies within
	BoundaryBlocks BoundaryState = "blocks"  // one keeps the principal from it
	BoundaryHidden BoundaryState = "unknown" // there may be one that the caller may not see
)

// boundablePermissions are those that a boundary can block (IAM, "Principal access boundary enforcement versions"; iam-facts
// 12.8): what is not among them no boundary stops.
var (
	boundableServices    = []string{"artifactregistry.", "iam.serviceAccounts."}
	boundablePermissions = []Permission{"run.services.create", "run.services.update", "run.jobs.create", "run.jobs.delete",
		"run.jobs.get", "run.jobs.list", "run.jobs.run"}
)

// CanBeBounded reports whether a principal access boundary may stop the access. Google supports no sets of service agents for
// them, so that they don't reach who pulls.
func (a Access) CanBeBounded() bool {
	_, agent := parseServiceAgent(a.Principal.Email())
	if a.Principal.Deleted() || a.Principal.IsServiceAccount() && agent == yes {
		return false
	}
	return slices.Contains(boundablePermissions, a.Permission) ||
		slices.ContainsFunc(boundableServices, func(s string) bool { return strings.HasPrefix(string(a.Permission), s) })
}

// applyBoundary lets a boundary decide about somebody else than the caller, whose own test includes it: it stops what
// is granted. Where it was not looked at, that is a gap next to the grant, as an unread deny policy is.
func (q *evaluation) applyBoundary(a Access, d Decision) Decision {
	if !a.CanBeBounded() {
		return d
	}
	var found Boundary
	if d.Opinion != nil {
		found = d.Opinion.Boundary
	}
	switch {
	case found.State == BoundaryBlocks:
		d.Verdict, d.blockedBy, d.Gaps = Denied, &found, pendingOnly(d.Gaps)
		d.Evidence = append([]Evidence{{Resource: a.Resource, Source: found.evidenceSource()}}, d.Evidence...)
	case d.Verdict == Granted && !d.pending() && found.State != BoundaryOpen:
		d.Gaps, d.boundaryUnchecked = append(slices.Clone(d.Gaps), q.boundaryGap(a, found)), true
		if q.s.Question.Strict {
			d.Verdict = Unknown
		}
	}
	return d
}

// evidenceSource names the boundary, where Policy Troubleshooter shows it.
func (b Boundary) evidenceSource() string {
	if b.Policy == "" {
		return SourceOpinion
	}
	return b.Policy
}

// boundaryGap says why it is not known whether a boundary stops the principal.
func (q *evaluation) boundaryGap(a Access, found Boundary) Gap {
	g := Gap{Reason: "whether a principal access boundary stops " + a.Principal.displayName() + " is not known"}
	switch {
	case found.State == BoundaryHidden:
		g.Reason += ": you may not see those of its organization"
		g.Need, g.Cause = PermGetBoundary, GapForbidden
	case !a.canTroubleshoot():
		g.Reason += ": Policy Troubleshooter takes people and service accounts only"
	default:
		fact := q.opinion(a)
		g.Next, g.Command, g.Cause = fact.Gap.Next, fact.Gap.Command, fact.Gap.Cause
		if fact.Gap.Reason != "" {
			g.Reason += ": " + fact.Gap.Reason
		}
	}
	return g
}

// sentence says what the boundary does.
func (b Boundary) sentence() string {
	name := b.Policy[strings.LastIndex(b.Policy, "/")+1:]
	return strings.TrimSpace("Principal access boundary "+name) + " stops it: the resource lies outside of where the principal may use its permissions."
}

const boundaryAdvice = "An administrator of the boundary can add the project to it. No grant helps."

// UncheckedControls says in a line what a verdict of granted says nothing about (iam-facts 12.8, 12.10).
func (d Diagnosis) UncheckedControls() string {
	all := "VPC Service Controls, Binary Authorization, custom constraints"
	if slices.ContainsFunc(d.Checks, func(c Check) bool { return c.boundaryUnchecked }) {
		all += ", principal access boundaries"
	}
	return "not looked at: " + all
}

// displayName is the member as people call it.
func (m Member) displayName() string {
	if m.Email() != "" {
		return m.Email()
	}
	return string(m)
}
