package model

import "strings"

func (q *evaluation) checkRuntimeAccount(resolved resolvedQuestion) Check {
	c := Check{ID: CheckRuntimeAccount, Identity: Runner, Principal: resolved.runnerMember()}
	if resolved.hasAgentIdentity {
		return q.notApplicableCheck(c, resolved, "")
	}
	if gap, ok := resolved.runnerGapIfAny(); ok {
		return c.unknownBecause(gap, "The runtime account is not known")
	}
	c.Resource = AccountResource(resolved.runnerProject, resolved.runner)
	fact, owner := q.account(c.Resource), q.project(resolved.runnerProject)
	switch {
	case owner.Value.BeingDeleted():
		return c.inProjectBeingDeleted(resolved.runnerProject)
	case owner.Gap.pending:
		return c.unknownBecause(owner.Gap, "")
	case fact.State == FactGap:
		return c.unknownBecause(fact.Gap, "The runtime account could not be read")
	case fact.State == FactAbsent:
		c.Verdict, c.Reason = Missing, resolved.runner+" does not exist."
		c.Advice = []string{"Create the account, or name another one with --service-account when you deploy."}
		if strings.HasSuffix(resolved.runner, computeSuffix) {
			c.Advice = []string{"Name another account with --service-account when you deploy: the default compute account is Google's to make, with the Compute Engine API."}
		}
	case fact.Value.Disabled:
		// What Cloud Run answers for a disabled account is not documented.
		c.ground = GroundDisabled
		c.Verdict, c.Reason = Missing, resolved.runner+" is disabled. What Cloud Run answers then is not documented; a container gets no tokens of a disabled account."
		c.Advice = []string{"Enable the account (gcloud iam service-accounts enable " + shellQuote(resolved.runner) + "), or name another one with --service-account when you deploy."}
	default:
		c.Verdict, c.Reason = Granted, "The account exists and is enabled; for the pull it needs nothing."
		c.Evidence = []Evidence{{Resource: c.Resource, Source: "iam"}}
	}
	return c
}
