package model_test

import (
	"strings"
	"testing"

	"whopulls/model"
)

const otherOrganization model.Resource = "//cloudresourcemanager.googleapis.com/organizations/900000000009"

var (
	otherOrgAncestry   = model.Known([]model.Ancestor{{Resource: projectA}, {Resource: otherOrganization, Name: "elsewhere.example"}})
	noOrgAncestry      = model.Known([]model.Ancestor{{Resource: projectA}})
	restrictionInForce = model.Known([]model.DomainRestriction{{Constraint: model.DomainsConstraint, Allowed: []string{"C0abc"}}})
)

// cautionOf gives the caution of the step that closes a check.
func cautionOf(t *testing.T, w *fixture, check string) string {
	t.Helper()
	for _, s := range model.PlanFor(w.Situation, model.Diagnose(w.Situation), model.PlanOptions{}).Steps {
		if s.Check == check {
			return s.Caution
		}
	}
	t.Fatalf("no step closes %s", check)
	return ""
}

// Domain restricted sharing may refuse members of other organizations (iam-facts 3.3, 10 item 14). Whether Google
// exempts service agents is not documented (11), so it is a word of caution, never a verdict.
func TestCautionAcrossOrganizations(t *testing.T) {
	allows := func(name string) model.Fact[[]model.DomainRestriction] {
		return model.Known([]model.DomainRestriction{{Constraint: model.MembersConstraint, Allowed: []string{name}}})
	}
	unread := model.Unread[[]model.DomainRestriction](model.Gap{Need: "orgpolicy.policy.get", Reason: "forbidden"})
	hidden := model.Unread[[]model.Ancestor](gap("forbidden"))
	for name, c := range map[string]struct {
		home    model.Fact[[]model.Ancestor] // of the consumer project
		sharing model.Fact[[]model.DomainRestriction]
		want    string // part of the caution; empty: none
	}{
		"another organization, in force":      {otherOrgAncestry, restrictionInForce, "does not belong to its organization"},
		"no organization at all, in force":    {noOrgAncestry, restrictionInForce, "does not belong to its organization"},
		"another organization, not in force":  {otherOrgAncestry, model.Known([]model.DomainRestriction{}), ""},
		"another organization, let in":        {otherOrgAncestry, allows("is:principalSet://iam.googleapis.com/organizations/900000000009"), ""},
		"another organization, not let in":    {otherOrgAncestry, allows("//cloudresourcemanager.googleapis.com/organizations/100000000001"), model.MembersConstraint},
		"another organization, policy unread": {otherOrgAncestry, unread, "is not known"},
		"another organization, both in force, one lets in": {otherOrgAncestry, model.Known([]model.DomainRestriction{{Constraint: model.MembersConstraint, Allowed: []string{string(agent)}}, {Constraint: model.DomainsConstraint}}),
			model.DomainsConstraint},
		"unread organization, in force":        {hidden, restrictionInForce, "may not belong to its organization"},
		"unread organization, policy unread":   {hidden, unread, ""},
		"unread organization, not in force":    {hidden, model.Known([]model.DomainRestriction{}), ""},
		"the same organization, though forced": {article().Ancestry["myproject-b"], restrictionInForce, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := article()
			before := model.Diagnose(w.Situation).Verdict
			w.Ancestry["myproject-a"], w.DomainRestrictions[projectB] = c.home, c.sharing
			got := cautionOf(t, w, "pull")
			if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
				t.Errorf("%s: the caution is %q", name, got)
			}
			if got != "" && (!strings.HasPrefix(got, "This may be refused: ") || !strings.Contains(got, "project myproject-b")) {
				t.Errorf("%s: the caution is %q", name, got)
			}
			if after := model.Diagnose(w.Situation).Verdict; c.home.Read() && after != before {
				t.Errorf("%s: the verdict went from %s to %s", name, before, after)
			}
		})
	}
}

func TestCautionWhereTheResourceHasNoOrganization(t *testing.T) {
	w := article()
	w.Ancestry["myproject-b"] = model.Known([]model.Ancestor{{Resource: projectB}})
	if got := cautionOf(t, w, "pull"); got != "" {
		t.Errorf("no organization restricts sharing, but the caution is %q", got)
	}
	w.Ancestry["myproject-b"] = model.Unread[[]model.Ancestor](gap("forbidden"))
	w.DomainRestrictions[projectB] = restrictionInForce
	if got := cautionOf(t, w, "pull"); !strings.Contains(got, "may not belong") {
		t.Errorf("the organization is unread, and the caution is %q", got)
	}
}

// People's organization is known by the domain of their address, and only when it is the organization's own.
func TestCautionForPeople(t *testing.T) {
	for member, want := range map[model.Member]string{"user:eve@elsewhere.example": "may not belong", "user:eve@example.com": "",
		"principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/s": ""} {
		t.Run(string(member), func(t *testing.T) {
			w := article()
			w.Question.Deployer = member
			w.DomainRestrictions[projectB], w.DomainRestrictions[projectA] = restrictionInForce, model.Known([]model.DomainRestriction{})
			if got := cautionOf(t, w, "read-image"); (want == "") != (got == "") || !strings.Contains(got, want) {
				t.Errorf("%s: the caution is %q", member, got)
			}
		})
	}
}

// The agent that reads an upstream belongs to the project of the repository before it, whose ancestry is read anyway.
func TestCautionForTheAgentOfAnUpstream(t *testing.T) {
	w := article()
	w.makeVirtual(model.ModeVirtual)
	w.Ancestry["myproject-c"] = model.Known([]model.Ancestor{{Resource: projectC}, {Resource: otherOrganization}})
	w.Denies[otherOrganization], w.Policies[otherOrganization] = model.Known([]model.DenyPolicy{}), model.Known(model.Policy{})
	w.DomainRestrictions[projectC] = restrictionInForce
	if got := cautionOf(t, w, "upstream"); !strings.Contains(got, "project myproject-c, and the member does not belong") {
		t.Errorf("the caution is %q", got)
	}
}

// The policy is only asked for where a grant may meet it.
func TestSharingIsWantedAcrossOrganizationsOnly(t *testing.T) {
	wanted := func(w *fixture) (n int) {
		w.readAll(t, model.PlanOptions{}, allWants, func(_ model.Situation, wants []model.Want) {
			for _, want := range wants {
				if want.Kind == model.WantDomainRestrictions {
					n++
				}
			}
		})
		return n
	}
	w := article()
	if n := wanted(w); n != 0 {
		t.Errorf("within one organization it was asked for %d times", n)
	}
	w.Ancestry["myproject-a"] = otherOrgAncestry
	if n := wanted(w); n != 1 {
		t.Errorf("across two organizations it was asked for %d times", n)
	}
	w.bind(repository, reader, agent)
	if n := wanted(w); n != 0 {
		t.Errorf("with nothing to grant it was asked for %d times", n)
	}
}
