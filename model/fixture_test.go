package model_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"whopulls/model"
)

// The pretend cloud that most tests ask about: three projects, of which myproject-a runs an image of myproject-b.
const (
	dev   model.Member = "user:dev@example.com"
	agent model.Member = "serviceAccount:service-111111111111@serverless-robot-prod.iam.gserviceaccount.com"
	web   model.Member = "serviceAccount:web@myproject-a.iam.gserviceaccount.com"

	webEmail     = "web@myproject-a.iam.gserviceaccount.com"
	computeEmail = "111111111111-compute@developer.gserviceaccount.com"
	farEmail     = "far@myproject-c.iam.gserviceaccount.com"

	projectA     model.Resource = "//cloudresourcemanager.googleapis.com/projects/myproject-a"
	projectB     model.Resource = "//cloudresourcemanager.googleapis.com/projects/myproject-b"
	projectC     model.Resource = "//cloudresourcemanager.googleapis.com/projects/myproject-c"
	folder       model.Resource = "//cloudresourcemanager.googleapis.com/folders/200000000001"
	organization model.Resource = "//cloudresourcemanager.googleapis.com/organizations/100000000001"
	repository   model.Resource = "//artifactregistry.googleapis.com/projects/myproject-b/locations/asia-northeast1/repositories/myrepo"
	other        model.Resource = "//artifactregistry.googleapis.com/projects/myproject-b/locations/asia-northeast1/repositories/other"
	webAccount   model.Resource = "//iam.googleapis.com/projects/myproject-a/serviceAccounts/web@myproject-a.iam.gserviceaccount.com"
	compute      model.Resource = "//iam.googleapis.com/projects/myproject-a/serviceAccounts/111111111111-compute@developer.gserviceaccount.com"
	farAccount   model.Resource = "//iam.googleapis.com/projects/myproject-c/serviceAccounts/far@myproject-c.iam.gserviceaccount.com"
	job          model.Resource = "//run.googleapis.com/projects/myproject-a/locations/asia-northeast1/jobs/myjob"
	runAPI       model.Resource = "//serviceusage.googleapis.com/projects/myproject-a/services/run.googleapis.com"

	reader       = "roles/artifactregistry.reader"
	developer    = "roles/run.developer"
	accountUser  = "roles/iam.serviceAccountUser"
	tokenCreator = "roles/iam.serviceAccountTokenCreator"
	runAgentRole = "roles/run.serviceAgent"
	owner        = "roles/owner"

	download   model.Permission = "artifactregistry.repositories.downloadArtifacts"
	readVirt   model.Permission = "artifactregistry.repositories.readViaVirtualRepository"
	actAs      model.Permission = "iam.serviceAccounts.actAs"
	tokens     model.Permission = "iam.serviceAccounts.getAccessToken"
	jobsCreate model.Permission = "run.jobs.create"
	jobsUpdate model.Permission = "run.jobs.update"
	jobsGet    model.Permission = "run.jobs.get"
	svcGet     model.Permission = "run.services.get"
	svcPublic  model.Permission = "run.services.setIamPolicy"
	svcCreate  model.Permission = "run.services.create"
	svcUpdate  model.Permission = "run.services.update"
	poolUpdate model.Permission = "run.workerpools.update"
)

// now is when the pretend cloud is asked: a Tuesday.
var now = time.Date(2026, 3, 3, 14, 30, 0, 0, time.UTC)

// fixture is a Situation that a test edits before it asks.
type fixture struct{ model.Situation }

// deploys are the permissions that deploying any kind of workload asks for.
var deploys = []model.Permission{jobsCreate, jobsUpdate, jobsGet, svcCreate, svcUpdate, svcGet, "run.workerpools.create", poolUpdate, "run.workerpools.get"}

// roleDefinitions is what the roles of the pretend cloud hold.
var roleDefinitions = map[string][]model.Permission{
	reader:                                {download, readVirt},
	developer:                             deploys,
	accountUser:                           {actAs},
	tokenCreator:                          {tokens},
	runAgentRole:                          {download, readVirt, actAs, tokens},
	"roles/serverless.serviceAgent":       {download, readVirt, actAs, tokens},
	owner:                                 append([]model.Permission{download, readVirt, actAs}, deploys...),
	"roles/editor":                        append([]model.Permission{download, readVirt, actAs}, deploys...),
	"roles/viewer":                        {download, readVirt},
	"roles/storage.objectViewer":          {"storage.objects.get"},
	"projects/myproject-b/roles/puller":   {download},
	"organizations/100000000001/roles/no": {"artifactregistry.repositories.get"},
}

// changePermissions is what changing each policy asks for, to be tested for the caller.
var changePermissions = map[model.Resource][]model.Permission{
	projectA:   {"resourcemanager.projects.setIamPolicy", "resourcemanager.projects.getIamPolicy", "serviceusage.services.enable"},
	projectB:   {"resourcemanager.projects.setIamPolicy", "resourcemanager.projects.getIamPolicy"},
	repository: {"artifactregistry.repositories.setIamPolicy", "artifactregistry.repositories.getIamPolicy"},
	other:      {"artifactregistry.repositories.setIamPolicy", "artifactregistry.repositories.getIamPolicy"},
	webAccount: {"iam.serviceAccounts.setIamPolicy", "iam.serviceAccounts.getIamPolicy"},
	compute:    {"iam.serviceAccounts.setIamPolicy", "iam.serviceAccounts.getIamPolicy"},
	farAccount: {"iam.serviceAccounts.setIamPolicy", "iam.serviceAccounts.getIamPolicy"},
	job:        {"run.jobs.setIamPolicy", "run.jobs.getIamPolicy"},
}

// article is the design's first example, everything read: the job's deployer and agent have all they need but for the
// agent's reader role on the repository.
func article() *fixture {
	name := model.WorkloadName{Kind: model.Job, Name: "myjob", Region: tokyo}
	w := &fixture{model.Situation{
		Question: model.Question{Project: "myproject-a", Workload: &name},
		Time:     now,
		Caller:   model.Known(dev),
		Workload: model.Known(model.Workload{WorkloadName: name, ServiceAccount: webEmail, Images: model.ImagesOf(arImage + ":latest")}),
		Projects: map[string]model.Fact[model.Project]{
			"myproject-a": model.Known(model.Project{ID: "myproject-a", Number: "111111111111"}),
			"myproject-b": model.Known(model.Project{ID: "myproject-b", Number: "222222222222"}),
			"myproject-c": model.Known(model.Project{ID: "myproject-c", Number: "333333333333"}),
		},
		APIs:               map[model.Resource]model.Fact[bool]{runAPI: model.Known(true)},
		Repositories:       map[model.Resource]model.Fact[model.Repository]{},
		Images:             map[string]model.Fact[model.ImageFact]{},
		Accounts:           map[model.Resource]model.Fact[model.Account]{},
		Policies:           map[model.Resource]model.Fact[model.Policy]{},
		Roles:              map[string]model.Fact[model.Role]{},
		Tested:             map[model.TestKey]model.Fact[bool]{},
		Constraints:        map[model.Resource]model.Fact[bool]{projectC: model.Known(false)},
		Denies:             map[model.Resource]model.Fact[[]model.DenyPolicy]{},
		Rules:              map[model.Resource]model.Fact[[]model.DownloadRule]{},
		Redirections:       map[model.Resource]model.Fact[bool]{projectB: model.Known(true)},
		DomainRestrictions: map[model.Resource]model.Fact[[]model.DomainRestriction]{},
	}}
	w.addDefaults()
	w.bindArticle()
	return w
}

// addDefaults puts in what every world has: empty policies, roles, repositories, accounts, and a caller who may do all.
func (w *fixture) addDefaults() {
	top := []model.Ancestor{{Resource: folder, Name: "apps"}, {Resource: organization, Name: "example.com"}}
	w.Ancestry = map[string]model.Fact[[]model.Ancestor]{}
	for _, p := range []string{"myproject-a", "myproject-b", "myproject-c"} {
		w.Ancestry[p] = model.Known(append([]model.Ancestor{{Resource: model.ProjectResource(p)}}, top...))
	}
	for _, r := range []model.Resource{projectA, projectB, projectC, folder, organization, repository, other, webAccount, compute, farAccount, job} {
		w.Policies[r] = model.Known(model.Policy{})
		w.Denies[r] = model.Known([]model.DenyPolicy{})
		for _, p := range append([]model.Permission{download, actAs}, append(deploys, changePermissions[r]...)...) {
			w.test(r, p, true)
		}
	}
	for name, permissions := range roleDefinitions {
		w.Roles[name] = model.Known(model.Role{Name: name, Permissions: permissions})
	}
	for _, r := range []model.Resource{repository, other} {
		w.Repositories[r] = model.Known(model.Repository{Name: nameOf(r), Format: "DOCKER", Mode: "STANDARD_REPOSITORY"})
		w.Rules[r] = model.Known([]model.DownloadRule{})
	}
	for r, email := range map[model.Resource]string{webAccount: webEmail, compute: computeEmail, farAccount: farEmail} {
		w.Accounts[r] = model.Known(model.Account{Email: email})
	}
	w.image(arImage + ":latest")
	w.noOpinions()
}

// noOpinions: Policy Troubleshooter is not to be had, for anybody who takes part.
func (w *fixture) noOpinions() {
	w.Opinions = map[model.Access]model.Fact[model.SecondOpinion]{}
	everybody := []model.Member{agent, dev, web, "user:eve@example.com", "user:eve@elsewhere.example", model.RegistryServiceAgent("222222222222")}
	for _, m := range everybody {
		for _, r := range append(slices.Collect(maps.Keys(w.Policies)), upstreamOfC) {
			for _, p := range append([]model.Permission{download, readVirt, actAs, tokens}, deploys...) {
				w.opinion(m, p, r, model.Unread[model.SecondOpinion](model.Gap{}))
			}
		}
	}
}

func (w *fixture) opinion(m model.Member, p model.Permission, r model.Resource, fact model.Fact[model.SecondOpinion]) {
	w.Opinions[model.Access{Principal: m, Permission: p, Resource: r}] = fact
}

func (w *fixture) anonymous(reference string, fact model.Fact[model.ImageFact]) {
	if w.Anonymous == nil {
		w.Anonymous = map[string]model.Fact[model.ImageFact]{}
	}
	w.Anonymous[reference] = fact
}

func (w *fixture) bindArticle() {
	w.bind(projectA, owner, dev)
	w.bind(projectB, owner, dev)
	w.bind(projectA, developer, dev)
	w.bind(webAccount, accountUser, dev)
	w.bind(repository, reader, dev)
	w.bind(projectA, runAgentRole, agent)
}

func nameOf(r model.Resource) model.RepositoryName {
	return model.RepositoryName{Project: r.Project(), Location: r.Segment("locations"), ID: r.ID()}
}

func (w *fixture) image(reference string) {
	w.Images[reference] = model.Known(model.ImageFact{Digest: digest})
	w.anonymous(reference, model.Unread[model.ImageFact](model.Gap{}))
}

func (w *fixture) test(r model.Resource, p model.Permission, answer bool) {
	w.Tested[model.TestKey{Resource: r, Permission: p}] = model.Known(answer)
}

// hideTests takes away the caller's own test of a permission everywhere.
func (w *fixture) hideTests(permissions ...model.Permission) {
	for key := range w.Tested {
		for _, p := range permissions {
			if key.Permission == p {
				w.Tested[key] = model.Unread[bool](gap("the test failed"))
			}
		}
	}
}

// bind adds a binding to a policy.
func (w *fixture) bind(r model.Resource, role string, members ...model.Member) {
	w.bindIf(r, role, nil, members...)
}

func (w *fixture) bindIf(r model.Resource, role string, c *model.Condition, members ...model.Member) {
	p := w.Policies[r].Value
	p.Bindings = append(p.Bindings[:len(p.Bindings):len(p.Bindings)], model.Binding{Role: role, Members: members, Condition: c})
	w.Policies[r] = model.Known(p)
}

// unbind takes a member out of a policy.
func (w *fixture) unbind(r model.Resource, member model.Member) {
	var kept []model.Binding
	for _, b := range w.Policies[r].Value.Bindings {
		if len(b.Members) != 1 || b.Members[0] != member {
			kept = append(kept, b)
		}
	}
	w.Policies[r] = model.Known(model.Policy{Bindings: kept})
}

// hide makes policies unreadable.
func (w *fixture) hide(resources ...model.Resource) {
	for _, r := range resources {
		w.Policies[r] = model.Unread[model.Policy](gap("permission denied"))
	}
}

func (w *fixture) deny(r model.Resource, rules ...model.DenyRule) {
	w.Denies[r] = model.Known([]model.DenyPolicy{{Name: "policies/stop", Rules: rules}})
}

// clone gives a world that can be edited apart from this one.
func (w *fixture) clone() *fixture {
	c := *w
	c.Policies, c.Roles, c.Denies = maps.Clone(w.Policies), maps.Clone(w.Roles), maps.Clone(w.Denies)
	c.Ancestry = maps.Clone(w.Ancestry)
	return &c
}

func gap(reason string) model.Gap { return model.Gap{Reason: reason} }

// check gives one check of the diagnosis; a diagnosis without it ends the test.
func (w *fixture) check(t *testing.T, id string) model.Check {
	c, ok := model.Diagnose(w.Situation).CheckByID(id)
	if !ok {
		t.Fatalf("the diagnosis has no check %s", id)
	}
	return c
}

// expect compares verdicts of several checks.
func (w *fixture) expect(t *testing.T, want map[string]model.Verdict) {
	for id, verdict := range want {
		if c := w.check(t, id); c.Verdict != verdict {
			t.Errorf("%s is %s (%s %v), want %s", id, c.Verdict, c.Reason, c.Gaps, verdict)
		}
	}
}

// hasGap reports whether one of the gaps names the permission on the resource.
func hasGap(gaps []model.Gap, r model.Resource, p model.Permission) bool {
	for _, g := range gaps {
		if g.Resource == r && g.Need == p {
			return true
		}
	}
	return false
}
