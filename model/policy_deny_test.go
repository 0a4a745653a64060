package model_test

import (
	"fmt"
	"slices"
	"testing"

	"whopulls/model"
)

const (
	deniedPull    = "artifactregistry.googleapis.com/repositories.downloadArtifacts"
	everybody     = "principalSet://goog/public:all"
	agentAsDenied = "principal://iam.googleapis.com/projects/-/serviceAccounts/service-111111111111@serverless-robot-prod.iam.gserviceaccount.com"
	agentsOfA     = "principalSet://cloudresourcemanager.googleapis.com/projects/111111111111/type/ServiceAgent"
	agentsOfB     = "principalSet://cloudresourcemanager.googleapis.com/projects/222222222222/type/ServiceAgent"
)

// denyPull denies the pull to some principals.
func denyPull(principals ...string) model.DenyRule {
	return model.DenyRule{DeniedPrincipals: principals, DeniedPermissions: []string{deniedPull}}
}

func (w *fixture) strictly() *fixture {
	w.Question.Strict = true
	return w
}

func decideWithDeny(rules ...model.DenyRule) model.Decision {
	w := article()
	w.bind(repository, reader, agent)
	w.deny(projectB, rules...)
	return model.Decide(w.Situation, pull)
}

func TestDenyBeatsEverything(t *testing.T) {
	for _, level := range levels[1:] {
		for _, granted := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s granted %t", level, granted), func(t *testing.T) {
				w := article()
				if granted {
					w.bind(repository, reader, agent)
				}
				w.deny(level, denyPull(agentAsDenied))
				d := model.Decide(w.Situation, pull)
				if d.Verdict != model.Denied || len(d.Evidence) == 0 || d.Evidence[0].Resource != level || d.Evidence[0].Source != "policies/stop" {
					t.Errorf("denied on %s, granted %t: it is %s with %v", level, granted, d.Verdict, d.Evidence)
				}
			})
		}
	}
}

func TestDenyBeatsUnknown(t *testing.T) {
	w := article()
	w.hide(repository)
	w.deny(projectB, denyPull(everybody))
	if d := model.Decide(w.Situation, pull); d.Verdict != model.Denied {
		t.Errorf("it is %s, want denied", d.Verdict)
	}
}

func TestDenyElsewhere(t *testing.T) {
	w := article()
	w.bind(repository, reader, agent)
	w.deny(projectA, denyPull(everybody))
	w.deny(projectC, denyPull(everybody))
	if d := model.Decide(w.Situation, pull); d.Verdict != model.Granted {
		t.Errorf("denied on other projects it is %s, want granted", d.Verdict)
	}
}

func TestDenyPrincipals(t *testing.T) {
	for principal, want := range map[string]model.Verdict{
		everybody:     model.Denied,
		agentAsDenied: model.Denied,
		"principal://iam.googleapis.com/projects/-/serviceAccounts/Service-111111111111@Serverless-robot-prod.iam.gserviceaccount.com": model.Denied,
		"principal://iam.googleapis.com/projects/-/serviceAccounts/" + webEmail:                                                        model.Granted,
		"principal://goog/subject/dev@example.com":                                                                                     model.Granted,
		"principalSet://goog/group/team@example.com":                                                                                   model.Unknown,
		"principalSet://goog/cloudIdentityCustomerId/C0123":                                                                            model.Unknown,
		agentsOfA: model.Denied,
		agentsOfB: model.Granted,
		"principalSet://cloudresourcemanager.googleapis.com/organizations/100000000001/type/ServiceAgent": model.Unknown,
		"principalSet://cloudresourcemanager.googleapis.com/folders/200000000001/type/ServiceAgent":       model.Unknown,
		"principal://iam.googleapis.com/locations/global/workforcePools/p/subject/s":                      model.Granted,
		"principalSet://iam.googleapis.com/locations/global/workforcePools/p/*":                           model.Granted,
		"deleted:" + agentAsDenied + "?uid=1":                                                             model.Granted,
		"deleted:principalSet://goog/group/team@example.com?uid=1":                                        model.Granted,
	} {
		t.Run(principal, func(t *testing.T) {
			if d := decideWithDeny(denyPull(principal)); d.Verdict != want {
				t.Errorf("a rule against %s makes it %s, want %s", principal, d.Verdict, want)
			}
		})
	}
}

func TestDenyUsersAndAccounts(t *testing.T) {
	cases := []struct {
		entry     string
		principal model.Member
		want      model.Verdict
	}{
		{"principal://goog/subject/DEV@example.com", dev, model.Denied},
		{"principal://goog/subject/eve@example.com", dev, model.Granted},
		{agentAsDenied, dev, model.Granted},
		{agentsOfA, dev, model.Granted},
		{"principal://iam.googleapis.com/projects/-/serviceAccounts/" + webEmail, web, model.Denied},
		{"principal://goog/subject/" + webEmail, web, model.Granted},
		{agentsOfA, web, model.Granted},
		{"principalSet://goog/group/team@example.com", dev, model.Unknown},
	}
	for _, c := range cases {
		t.Run(c.entry+" "+string(c.principal), func(t *testing.T) {
			w := article()
			w.bind(repository, reader, c.principal)
			w.deny(folder, denyPull(c.entry))
			access := model.Access{Principal: c.principal, Permission: download, Resource: repository}
			if d := model.Decide(w.Situation, access); d.Verdict != c.want {
				t.Errorf("a rule against %s makes it %s for %s, want %s", c.entry, d.Verdict, c.principal, c.want)
			}
		})
	}
}

// The wildcard groups are those of Google's page on deny policies, "Permission groups".
func TestDenyPermissions(t *testing.T) {
	for permission, want := range map[string]model.Verdict{
		deniedPull: model.Denied,
		"artifactregistry.googleapis.com/repositories.*":                model.Denied,
		"artifactregistry.googleapis.com/*.*":                           model.Denied,
		"artifactregistry.googleapis.com/*.downloadArtifacts":           model.Denied,
		"artifactregistry.googleapis.com/*.uploadArtifacts":             model.Granted,
		"artifactregistry.googleapis.com/repositories.uploadArtifacts":  model.Granted,
		"artifactregistry.googleapis.com/repositories.downloadArtifact": model.Granted,
		"artifactregistry.googleapis.com/dockerimages.*":                model.Granted,
		"artifactregistry.googleapis.com/repo.*":                        model.Granted,
		"run.googleapis.com/*.*":                                        model.Granted,
		"artifactregistry.repositories.downloadArtifacts":               model.Granted,
		"example.artifactregistry.googleapis.com/repositories.*":        model.Granted,
	} {
		t.Run(permission, func(t *testing.T) {
			r := model.DenyRule{DeniedPrincipals: []string{everybody}, DeniedPermissions: []string{permission}}
			if d := decideWithDeny(r); d.Verdict != want {
				t.Errorf("a rule about %s makes it %s, want %s", permission, d.Verdict, want)
			}
		})
	}
}

func TestDenySpellsPermissionsOfOtherServices(t *testing.T) {
	for permission, access := range map[string]model.Access{
		"run.googleapis.com/jobs.create":           {Principal: dev, Permission: jobsCreate, Resource: projectA},
		"run.googleapis.com/jobs.update":           {Principal: dev, Permission: jobsUpdate, Resource: job},
		"iam.googleapis.com/serviceAccounts.actAs": {Principal: dev, Permission: actAs, Resource: webAccount},
	} {
		t.Run(permission, func(t *testing.T) {
			w := article()
			w.deny(organization, model.DenyRule{DeniedPrincipals: []string{everybody}, DeniedPermissions: []string{permission}})
			if d := model.Decide(w.Situation, access); d.Verdict != model.Denied {
				t.Errorf("a rule about %s leaves %s %s, want denied", permission, access.Permission, d.Verdict)
			}
		})
	}
}

func TestDenyExceptions(t *testing.T) {
	all := denyPull(everybody)
	with := func(principals, permissions []string) model.DenyRule {
		r := all
		r.ExceptionPrincipals, r.ExceptionPermissions = principals, permissions
		return r
	}
	cases := map[string]struct {
		rule model.DenyRule
		want model.Verdict
	}{
		"nobody is excepted":          {all, model.Denied},
		"the agent is excepted":       {with([]string{agentAsDenied}, nil), model.Granted},
		"its set is excepted":         {with([]string{agentsOfA}, nil), model.Granted},
		"another set is excepted":     {with([]string{agentsOfB}, nil), model.Denied},
		"a group is excepted":         {with([]string{"principalSet://goog/group/g@example.com"}, nil), model.Unknown},
		"a group and the agent are":   {with([]string{"principalSet://goog/group/g@example.com", agentAsDenied}, nil), model.Granted},
		"the permission is excepted":  {with(nil, []string{deniedPull}), model.Granted},
		"its group is excepted":       {with(nil, []string{"artifactregistry.googleapis.com/repositories.*"}), model.Granted},
		"another permission excepted": {with(nil, []string{"artifactregistry.googleapis.com/repositories.get"}), model.Denied},
		"a group denied, the agent excepted": {model.DenyRule{DeniedPrincipals: []string{"principalSet://goog/group/g@example.com"},
			DeniedPermissions: []string{deniedPull}, ExceptionPrincipals: []string{agentAsDenied}}, model.Granted},
		"a rule about nobody": {model.DenyRule{DeniedPermissions: []string{deniedPull}}, model.Granted},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if d := decideWithDeny(c.rule); d.Verdict != c.want {
				t.Errorf("%s: it is %s, want %s", name, d.Verdict, c.want)
			}
		})
	}
}

func TestDenyThatCantBeDecided(t *testing.T) {
	group := denyPull("principalSet://goog/group/team@example.com")
	tagged := denyPull(everybody)
	tagged.Condition = &model.Condition{Expression: "resource.matchTag('1/env', 'prod')"}
	for about, r := range map[string]model.DenyRule{"a group": group, "a tag": tagged} {
		t.Run(about, func(t *testing.T) {
			if d := decideWithDeny(r); d.Verdict != model.Unknown || len(d.Gaps) == 0 || len(d.Evidence) == 0 {
				t.Errorf("granted under %v it is %s with %v and the gaps %v", r, d.Verdict, d.Evidence, d.Gaps)
			}
			w := article()
			w.deny(projectB, r)
			if d := model.Decide(w.Situation, pull); d.Verdict != model.Missing {
				t.Errorf("missing under %v it is %s", r, d.Verdict)
			}
		})
	}
}

func TestDenyAppliesBesideOneThatCantBeDecided(t *testing.T) {
	group := denyPull("principalSet://goog/group/team@example.com")
	for about, rules := range map[string][]model.DenyRule{"behind it": {group, denyPull(everybody)}, "before it": {denyPull(everybody), group}} {
		t.Run(about, func(t *testing.T) {
			if d := decideWithDeny(rules...); d.Verdict != model.Denied {
				t.Errorf("under %v it is %s, want denied", rules, d.Verdict)
			}
		})
	}
}

func TestDenyUnread(t *testing.T) {
	for _, level := range levels[1:] {
		w := article()
		w.Denies[level] = model.Unread[[]model.DenyPolicy](model.Gap{Need: model.PermListDeny, Reason: "forbidden"})
		if d := model.Decide(w.clone().strictly().Situation, pull); d.Verdict != model.Missing {
			t.Errorf("strictly, unread on %s and not granted, it is %s, want missing", level, d.Verdict)
		}
		w.bind(repository, reader, agent)
		d := model.Decide(w.Situation, pull)
		if d.Verdict != model.Granted || !hasGap(d.Gaps, level, "iam.denypolicies.list") {
			t.Errorf("unread on %s it is %s with the gaps %v, want granted and a gap", level, d.Verdict, d.Gaps)
		}
		if d := model.Decide(w.strictly().Situation, pull); d.Verdict != model.Unknown || len(d.Gaps) == 0 {
			t.Errorf("strictly, unread on %s it is %s, want unknown", level, d.Verdict)
		}
	}
}

func TestDenyKeepsTheNeedOfTheGet(t *testing.T) {
	w := article()
	w.bind(repository, reader, agent)
	w.Denies[folder] = model.Unread[[]model.DenyPolicy](model.Gap{Need: "iam.denypolicies.get", Reason: "a rule could not be read"})
	if d := model.Decide(w.Situation, pull); !hasGap(d.Gaps, folder, "iam.denypolicies.get") {
		t.Errorf("the gaps are %v", d.Gaps)
	}
}

func TestStrictChangesNothingWhenAllWasRead(t *testing.T) {
	w := article()
	for _, strict := range []bool{false, true} {
		t.Run(fmt.Sprintf("strict %t", strict), func(t *testing.T) {
			w.Question.Strict = strict
			d := model.Decide(w.Situation, model.Access{Principal: dev, Permission: download, Resource: repository})
			if d.Verdict != model.Granted || slices.ContainsFunc(d.Gaps, func(model.Gap) bool { return true }) {
				t.Errorf("strict %t: it is %s with the gaps %v", strict, d.Verdict, d.Gaps)
			}
		})
	}
}
