package model_test

import (
	"fmt"
	"strings"
	"testing"

	"whopulls/model"
)

// Only what Google lists can be blocked, and only for principals that a boundary binds (iam-facts 12.8).
func TestBounded(t *testing.T) {
	for permission, want := range map[model.Permission]bool{
		download: true, "artifactregistry.repositories.get": true, actAs: true, tokens: true,
		svcCreate: true, svcUpdate: true, jobsCreate: true, jobsGet: true, "run.jobs.run": true, "run.jobs.list": true, "run.jobs.delete": true,
		jobsUpdate: false, poolUpdate: false, "run.workerpools.create": false, "run.instances.create": false, svcPublic: false,
		"iam.roles.get": false, "storage.objects.get": false,
	} {
		for principal, bound := range map[model.Member]bool{
			eve: true, web: true, "principal://iam.googleapis.com/locations/global/workforcePools/p/subject/s": true, "group:g@example.com": true,
			"serviceAccount:service-1@myproject-a.iam.gserviceaccount.com": true, // a user's, by its host
			agent: false, "serviceAccount:1@cloudservices.gserviceaccount.com": false, "deleted:user:x@example.com?uid=1": false,
		} {
			t.Run(string(permission)+" "+string(principal), func(t *testing.T) {
				a := model.Access{Principal: principal, Permission: permission, Resource: repository}
				if got := a.CanBeBounded(); got != (want && bound) {
					t.Errorf("%s for %s: %v, want %v", permission, principal, got, want && bound)
				}
			})
		}
	}
}

// eveWithBoundary is the article, deployed by eve who has all of it, as Policy Troubleshooter sees it.
func eveWithBoundary(b *model.Boundary) *fixture {
	w := article()
	w.Question.Deployer = eve
	w.bind(repository, reader, eve, agent)
	w.bind(webAccount, accountUser, eve)
	w.bind(job, developer, eve)
	if b == nil {
		return w
	}
	for access := range w.Opinions {
		if access.Principal == eve {
			w.Opinions[access] = model.Known(model.SecondOpinion{Verdict: model.Granted, Boundary: *b})
		}
	}
	return w
}

const boundaryPolicy = "organizations/1/locations/global/principalAccessBoundaryPolicies/fence"

// What is known about boundaries next to a deployer's grants: they stop it, they don't, or that is a gap, which --strict counts.
func TestBoundariesOfADeployer(t *testing.T) {
	for name, c := range map[string]struct {
		boundary *model.Boundary
		want     model.Verdict // of act-as and read-image, which a boundary can stop
		strict   model.Verdict
		gap      string
	}{
		"no second opinion":   {nil, model.Granted, model.Unknown, "whether a principal access boundary stops eve@example.com is not known"},
		"the older version":   {&model.Boundary{}, model.Granted, model.Unknown, "is not known"},
		"hidden":              {&model.Boundary{State: model.BoundaryHidden}, model.Granted, model.Unknown, "you may not see those of its organization"},
		"none, or within":     {&model.Boundary{State: model.BoundaryOpen}, model.Granted, model.Granted, ""},
		"one blocks":          {&model.Boundary{State: model.BoundaryBlocks, Policy: boundaryPolicy}, model.Denied, model.Denied, ""},
		"one blocks, unnamed": {&model.Boundary{State: model.BoundaryBlocks}, model.Denied, model.Denied, ""},
	} {
		for _, strict := range []bool{false, true} {
			t.Run(name+" "+fmt.Sprintf("strict %t", strict), func(t *testing.T) {
				w := eveWithBoundary(c.boundary)
				w.Question.Strict = strict
				want := c.want
				if strict {
					want = c.strict
				}
				for _, id := range []string{"act-as", "read-image"} {
					got := w.check(t, id)
					said := ""
					for _, g := range got.Gaps {
						said += g.Reason
					}
					if got.Verdict != want || !strings.Contains(said, c.gap) || c.gap == "" && said != "" {
						t.Errorf("%s, strict %v: %s is %s (%s) with the gaps %q, want %s", name, strict, id, got.Verdict, got.Reason, said, want)
					}
				}
				w.expect(t, map[string]model.Verdict{"pull": model.Granted, "run-as": model.Granted})
			})
		}
	}
}

// A boundary that blocks is the evidence, and no grant is offered against it.
func TestABoundaryThatBlocksIsTheEvidence(t *testing.T) {
	w := eveWithBoundary(&model.Boundary{State: model.BoundaryBlocks, Policy: boundaryPolicy})
	c := w.check(t, "read-image")
	if c.Evidence[0] != (model.Evidence{Resource: repository, Source: boundaryPolicy}) || !strings.Contains(c.Reason, "boundary fence stops it") || c.OpinionSentence() != "" {
		t.Errorf("it rests on %v: %s %s", c.Evidence, c.Reason, c.OpinionSentence())
	}
	if got := steps(w, model.PlanOptions{}); len(got) != 0 {
		t.Errorf("the steps are %v", summaries(got))
	}
	w = eveWithBoundary(&model.Boundary{State: model.BoundaryBlocks, Policy: boundaryPolicy})
	w.Policies[repository] = model.Known(model.Policy{})
	if c := w.check(t, "read-image"); c.Verdict != model.Denied {
		t.Errorf("without a grant too it is %s, want denied", c.Verdict)
	}
}

// No boundary stops jobs.update or worker pools, the caller's own tests include them, and service agents have none.
func TestBoundariesAreNoMatter(t *testing.T) {
	w := eveWithBoundary(nil)
	w.Roles["projects/myproject-a/roles/updater"] = model.Known(model.Role{Permissions: []model.Permission{jobsUpdate}})
	if d := model.Decide(w.Situation, model.Access{Principal: eve, Permission: jobsUpdate, Resource: job}); len(d.Gaps) > 0 {
		t.Errorf("the gaps are %v", d.Gaps)
	}
	mine := article()
	for _, id := range []string{"deploy", "act-as", "read-image", "run-as", "agent"} {
		if c := mine.check(t, id); len(c.Gaps) > 0 {
			t.Errorf("%s has the gaps %v", id, c.Gaps)
		}
	}
	pool := eveWithBoundary(nil).withWorkload(model.WorkerPool, true)
	pool.Question.Deployer = eve
	at := model.WorkloadName{Kind: model.WorkerPool, Name: "w1", Region: tokyo}.Resource("myproject-a")
	pool.bind(at, developer, eve)
	for _, p := range []model.Permission{poolUpdate, "run.workerpools.get"} {
		pool.opinion(eve, p, at, model.Unread[model.SecondOpinion](model.Gap{}))
	}
	if c := pool.check(t, "deploy"); c.Verdict != model.Granted || len(c.Gaps) > 0 {
		t.Errorf("deploy is %s with the gaps %v", c.Verdict, c.Gaps)
	}
}
