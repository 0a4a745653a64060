package model_test

import (
	"strings"
	"testing"

	"whopulls/model"
)

// notGranted stands for either of missing and unknown: Google's pages leave it open, and it must not be granted.
const notGranted model.Verdict = "not granted"

// coverage says for each kind of member whether a binding for it reaches a user, a service account, a service agent.
var coverage = []struct {
	member                model.Member
	user, account, robots model.Verdict
}{
	{dev, model.Granted, model.Missing, model.Missing},
	{"user:DEV@Example.COM", model.Granted, model.Missing, model.Missing},
	{"user:eve@example.com", model.Missing, model.Missing, model.Missing},
	{"user:" + webEmail, model.Missing, model.Missing, model.Missing},
	{web, model.Missing, model.Granted, model.Missing},
	{"serviceAccount:WEB@myproject-a.iam.gserviceaccount.com", model.Missing, model.Granted, model.Missing},
	{agent, model.Missing, model.Missing, model.Granted},
	{"serviceAccount:Service-111111111111@Serverless-Robot-Prod.iam.gserviceaccount.com", model.Missing, model.Missing, model.Granted},
	{"serviceAccount:service-222222222222@serverless-robot-prod.iam.gserviceaccount.com", model.Missing, model.Missing, model.Missing},
	{"group:team@example.com", model.Unknown, model.Unknown, model.Unknown},
	{"domain:example.com", model.Unknown, model.Unknown, model.Unknown},
	{"allUsers", model.Granted, model.Granted, model.Granted},
	{"allAuthenticatedUsers", model.Granted, model.Granted, model.Granted},
	{"principal://iam.googleapis.com/locations/global/workforcePools/p/subject/dev@example.com", model.Missing, model.Missing, model.Missing},
	{"principalSet://iam.googleapis.com/locations/global/workforcePools/p/group/g", model.Missing, model.Missing, model.Missing},
	{"principalSet://iam.googleapis.com/locations/global/workforcePools/p/*", model.Missing, model.Missing, model.Missing},
	{"principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/attribute.a/v", model.Missing, model.Missing, model.Missing},
	{"principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p.svc.id.goog/subject/ns/n/sa/s", model.Missing, model.Missing, model.Missing},
	{"principal://agents.global.org-1.system.id.goog/resources/x", model.Missing, model.Missing, model.Missing},
	{"principalSet://cloudresourcemanager.googleapis.com/projects/111111111111/type/ServiceAccount", model.Missing, notGranted, notGranted},
	{"principalSet://cloudresourcemanager.googleapis.com/folders/200000000001/type/ServiceAccount", model.Missing, notGranted, notGranted},
	{"principalSet://cloudresourcemanager.googleapis.com/projects/111111111111/type/ServiceAgent", model.Missing, notGranted, notGranted},
	{"deleted:user:dev@example.com?uid=1", model.Missing, model.Missing, model.Missing},
	{"deleted:serviceAccount:web@myproject-a.iam.gserviceaccount.com?uid=1", model.Missing, model.Missing, model.Missing},
	{"deleted:serviceAccount:service-111111111111@serverless-robot-prod.iam.gserviceaccount.com?uid=1", model.Missing, model.Missing, model.Missing},
	{"deleted:group:team@example.com?uid=1", model.Missing, model.Missing, model.Missing},
	{"deleted:principal://iam.googleapis.com/locations/global/workforcePools/p/subject/s", model.Missing, model.Missing, model.Missing},
}

// decideWith asks for a download under one binding of the repository.
func decideWith(member, principal model.Member) model.Decision {
	w := article()
	for r := range w.Policies {
		w.Policies[r] = model.Known(model.Policy{})
	}
	w.bind(repository, reader, member)
	return model.Decide(w.Situation, model.Access{Principal: principal, Permission: download, Resource: repository})
}

func TestCoverage(t *testing.T) {
	for _, c := range coverage {
		t.Run(string(c.member), func(t *testing.T) {
			for principal, want := range map[model.Member]model.Verdict{dev: c.user, web: c.account, agent: c.robots} {
				d := decideWith(c.member, principal)
				if d.Verdict != want && (want != notGranted || d.Verdict == model.Granted) {
					t.Errorf("a binding for %s makes it %s for %s, want %s", c.member, d.Verdict, principal, want)
				}
				if d.Verdict == model.Unknown && (len(d.Gaps) == 0 || !strings.Contains(d.Gaps[0].Reason, string(c.member))) {
					t.Errorf("the gap for %s names no %s: %v", principal, c.member, d.Gaps)
				}
			}
		})
	}
}

// A federated identity is nobody's Google account (iam-facts 6.5).
func TestCoverageOfFederatedPrincipals(t *testing.T) {
	pipeline := model.Member("principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/s")
	for member, want := range map[model.Member]model.Verdict{
		pipeline:                model.Granted,
		"allUsers":              model.Granted,
		"allAuthenticatedUsers": model.Missing,
		dev:                     model.Missing,
		pipeline + "2":          model.Missing,
		"principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/*": model.Unknown,
	} {
		t.Run(string(member), func(t *testing.T) {
			if d := decideWith(member, pipeline); d.Verdict != want {
				t.Errorf("a binding for %s makes it %s for the pipeline, want %s", member, d.Verdict, want)
			}
		})
	}
}

// convenience binds projectEditor:myproject-c and then fills that project's policy.
var convenience = map[string]struct {
	fill func(*fixture)
	want model.Verdict
}{
	"nobody is editor":             {func(*fixture) {}, model.Missing},
	"the principal is editor":      {func(w *fixture) { w.bind(projectC, "roles/editor", dev) }, model.Granted},
	"in other letters":             {func(w *fixture) { w.bind(projectC, "roles/editor", "user:Dev@example.com") }, model.Granted},
	"somebody else is editor":      {func(w *fixture) { w.bind(projectC, "roles/editor", "user:eve@example.com") }, model.Missing},
	"the principal is only viewer": {func(w *fixture) { w.bind(projectC, "roles/viewer", dev) }, model.Missing},
	"a group is editor":            {func(w *fixture) { w.bind(projectC, "roles/editor", "group:team@example.com") }, model.Unknown},
	"a deleted editor":             {func(w *fixture) { w.bind(projectC, "roles/editor", "deleted:user:dev@example.com?uid=1") }, model.Missing},
	"itself is editor":             {func(w *fixture) { w.bind(projectC, "roles/editor", "projectEditor:myproject-c") }, model.Missing},
	"the policy can't be read":     {func(w *fixture) { w.hide(projectC) }, model.Unknown},
	"under a condition": {func(w *fixture) {
		w.bindIf(projectC, "roles/editor", &model.Condition{Expression: "false"}, dev)
	}, model.Unknown},
}

func TestConvenienceMembers(t *testing.T) {
	for name, c := range convenience {
		t.Run(name, func(t *testing.T) {
			w := article()
			for r := range w.Policies {
				w.Policies[r] = model.Known(model.Policy{})
			}
			w.bind(repository, reader, "projectEditor:myproject-c")
			c.fill(w)
			d := model.Decide(w.Situation, model.Access{Principal: dev, Permission: download, Resource: repository})
			if d.Verdict != c.want {
				t.Errorf("it is %s (%v), want %s", d.Verdict, d.Gaps, c.want)
			}
		})
	}
}

func TestConvenienceMemberNamesWhatWouldDecideIt(t *testing.T) {
	w := article()
	w.unbind(projectB, dev)
	w.unbind(repository, dev)
	w.bind(repository, reader, "projectEditor:myproject-c")
	w.hide(projectC)
	d := model.Decide(w.Situation, model.Access{Principal: dev, Permission: download, Resource: repository})
	if d.Verdict != model.Unknown || !hasGap(d.Gaps, projectC, "resourcemanager.projects.getIamPolicy") {
		t.Errorf("it is %s with the gaps %v; the policy of myproject-c would decide", d.Verdict, d.Gaps)
	}
}

// What was deleted reaches nobody, whatever it was, also one who has its name: there is nothing that could be unknown.
func TestDeletedMembersReachNobody(t *testing.T) {
	for _, kind := range []string{"group:g@example.com", "domain:example.com", "principalSet://cloudresourcemanager.googleapis.com/projects/111111111111/type/ServiceAgent",
		"projectOwner:myproject-c", string(agent)} {
		t.Run(kind, func(t *testing.T) {
			w := article()
			w.bind(repository, reader, model.Member("deleted:"+kind+"?uid=123"))
			if d := model.Decide(w.Situation, pull); d.Verdict != model.Missing || len(d.Gaps) != 0 {
				t.Errorf("deleted:%s: %s, gaps %v", kind, d.Verdict, d.Gaps)
			}
			d := model.Decide(w.Situation, model.Access{Principal: model.Member("deleted:" + kind + "?uid=123"), Permission: download, Resource: repository})
			if d.Verdict != model.Missing {
				t.Errorf("deleted:%s itself: %s", kind, d.Verdict)
			}
		})
	}
}
