package tui

import (
	"context"
	"iter"
	"strings"
	"sync"
	"time"

	"whopulls/model"
	"whopulls/model/ledger"
)

// fakeCloud is a small Google Cloud in memory: the article's two projects. It answers every want of a question.
type fakeCloud struct {
	labels              map[string]string // of every project
	unlabelled          bool              // no project can be read
	projectReads        int               // how often a project was looked at before a change
	projectHold         chan struct{}     // until it is closed, that look is not answered
	mu                  sync.Mutex
	policies            map[model.Resource]model.Policy
	answersHold         chan struct{} // answers wait until it is closed
	perform             func(model.Step) (model.Outcome, error)
	mayNotSetPolicy     bool // the caller may set no policy
	factReads           int
	nameSuffix          string // put into every name that is free text
	mismatchedAccount   string
	impersonatedBy      string
	gaps                []model.Gap                  // of the list of workloads
	unreadablePolicies  map[model.Resource]model.Gap // policies that can't be read
	interruptedAt       time.Time                    // of a scan; zero: none was
	scan                func(ctx context.Context, scope model.Resource, o model.ScanOptions) (model.Situation, model.StaleList, error)
	surveyAbandoned     chan struct{}          // closed when a survey was not waited for
	runningImages       map[string][]string    // images that run, by project
	agentIdentity       bool                   // the workload runs as an agent identity
	sidecar             string                 // the image of its second container
	imageAbsent         bool                   // no image is there
	undoneEntries       []string               // the entries that were to be taken back
	writes              []model.Write          // all that was to be made
	beforePerform       func(context.Context)  // called with what each change is made in, before it is
	lastSure            bool                   // the last of them, only while it is surely as it was left
	changedByOthers     bool                   // others changed the policies since
	untouchedErr        error                  // what looking at whose a binding is answers
	rereadErr           func() error           // what a last look answers; nil: what is there
	spoilScope          func(*model.Situation) // changes what a registry is read from; may be nil
	outsideOrganization bool                   // the consumer project lies outside the organization, which restricts sharing
	journal             ledger.History
	journalErr          error
	settle              func(context.Context) ([]ledger.Entry, error) // nil: nothing was left open
	searchWorkloads     func(ctx context.Context, scope model.Resource, words []string, quotaProject string) (model.Fact[model.WorkloadSearch], error)
	dryRunRefusal       error // what Cloud Run says to a rehearsed deploy
}

func (f *fakeCloud) DryRunDeploy(context.Context, string, model.WorkloadName) error {
	return f.dryRunRefusal
}

const (
	devMember   = model.Member("user:dev@example.com")
	agentMember = model.Member("serviceAccount:service-111111111111@serverless-robot-prod.iam.gserviceaccount.com")
	webAccount  = "web@myproject-a.iam.gserviceaccount.com"
	imageText   = "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob"
	digest      = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
)

var (
	repoName     = model.RepositoryName{Project: "myproject-b", Location: "asia-northeast1", ID: "myrepo"}
	jobName      = model.WorkloadName{Kind: model.Job, Name: "myjob", Region: "asia-northeast1"}
	folder       = model.Ancestor{Resource: model.AncestorResource("folders/200000000001"), Name: "apps"}
	organization = model.Ancestor{Resource: model.AncestorResource("organizations/100000000001"), Name: "example.com"}
)

func newFakeCloud() *fakeCloud {
	return &fakeCloud{policies: map[model.Resource]model.Policy{
		repoName.Resource(): {Bindings: []model.Binding{
			{Role: "roles/artifactregistry.writer", Members: []model.Member{"serviceAccount:ci@myproject-b.iam.gserviceaccount.com"}},
			{Role: model.RoleReader, Members: []model.Member{devMember}},
		}},
		model.ProjectResource("myproject-a"): {Bindings: []model.Binding{
			{Role: model.RoleRunAgent, Members: []model.Member{agentMember}},
			{Role: model.RoleDeveloper, Members: []model.Member{devMember}},
		}},
		model.AccountResource("myproject-a", webAccount): {Bindings: []model.Binding{
			{Role: model.RoleAccountUser, Members: []model.Member{devMember}},
		}},
	}}
}

var rolePermissions = map[string][]model.Permission{
	model.RoleReader:      {model.PermDownload},
	model.RoleRunAgent:    {model.PermDownload, model.PermGetAccessToken, model.PermActAs},
	model.RoleDeveloper:   {"run.jobs.update", "run.jobs.create", "run.jobs.get", "run.services.create", "run.services.get"},
	model.RoleAccountUser: {model.PermActAs},
}

// agentHasReader reports whether the repository's policy gives the agent the reader role.
func (f *fakeCloud) agentHasReader() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.policies[repoName.Resource()].Holds(model.RoleReader, agentMember)
}

// factReadCount counts the facts that were asked.
func (f *fakeCloud) factReadCount() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.factReads
}

func (f *fakeCloud) Caller() model.Fact[model.Member] { return model.Known(devMember) }
func (f *fakeCloud) ImpersonatedBy() string           { return f.impersonatedBy }
func (f *fakeCloud) MismatchedAccount() string        { return f.mismatchedAccount }
func (f *fakeCloud) World() string                    { return "article" }

func (f *fakeCloud) wait(ctx context.Context) error {
	if f.answersHold == nil {
		return nil
	}
	select {
	case <-f.answersHold:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// images are those of the workload.
func (f *fakeCloud) images() []model.Image {
	if f.sidecar == "" {
		return model.ImagesOf(imageText)
	}
	return model.ImagesOf(imageText, f.sidecar)
}

// onePage gives a list of a single page.
func onePage[T any](ctx context.Context, f *fakeCloud, items ...T) iter.Seq2[model.ListPage[T], error] {
	return func(yield func(model.ListPage[T], error) bool) {
		if err := f.wait(ctx); err != nil {
			yield(model.ListPage[T]{}, err)
			return
		}
		yield(model.ListPage[T]{Items: items}, nil)
	}
}

func (f *fakeCloud) Projects(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error] {
	return onePage(ctx, f, model.Project{ID: "myproject-a", Number: "111111111111", Name: "My project A" + f.nameSuffix},
		model.Project{ID: "myproject-b", Number: "222222222222", Name: "My project B"},
		model.Project{ID: "data-lake", Number: "333333333333", Name: "データ基盤"})
}

func (f *fakeCloud) Workloads(ctx context.Context, _ string) iter.Seq2[model.ListPage[model.Workload], error] {
	return withGaps(onePage(ctx, f, model.Workload{WorkloadName: jobName, ServiceAccount: webAccount, Images: f.images()},
		model.Workload{WorkloadName: model.WorkloadName{Kind: model.Service, Name: "web", Region: "us-central1"}, Images: model.ImagesOf("nginx" + f.nameSuffix)}), f.gaps)
}

// withGaps adds to a list what could not be read of it.
func withGaps[T any](list iter.Seq2[model.ListPage[T], error], gaps []model.Gap) iter.Seq2[model.ListPage[T], error] {
	return func(yield func(model.ListPage[T], error) bool) {
		for page, err := range list {
			page.Gaps = append(page.Gaps, gaps...)
			if !yield(page, err) {
				return
			}
		}
	}
}

func (f *fakeCloud) Repositories(ctx context.Context, _ string) iter.Seq2[model.ListPage[model.Repository], error] {
	return onePage(ctx, f, model.Repository{Name: repoName, Format: "DOCKER", Mode: "STANDARD_REPOSITORY"})
}

func (f *fakeCloud) Images(ctx context.Context, _ model.RepositoryName) iter.Seq2[model.ListPage[model.ListedImage], error] {
	return onePage(ctx, f, model.ListedImage{Base: model.ImageOf(imageText), Path: "myjob", Digest: digest, Tags: []string{"latest"}})
}

func (f *fakeCloud) ReadFacts(ctx context.Context, project string, wants []model.Want, progress func(model.Situation)) (model.Situation, error) {
	s := model.Situation{Question: model.Question{Project: project}}
	if err := f.wait(ctx); err != nil {
		return s, err
	}
	for _, w := range wants {
		f.readWant(&s, w)
	}
	progress(s)
	return s, nil
}

func (f *fakeCloud) Read(ctx context.Context, q model.Question, o model.PlanOptions, progress func(model.Situation)) (model.Situation, error) {
	s := model.Situation{Question: q, Time: time.Unix(1800000000, 0).UTC()}
	if err := f.wait(ctx); err != nil {
		return s, err
	}
	for wants := model.Wants(s, o); len(wants) > 0; wants = model.Wants(s, o) {
		for _, w := range wants {
			f.readWant(&s, w)
		}
		if progress != nil {
			progress(s)
		}
	}
	return s, nil
}

// ReadAll reads one after the other.
func (f *fakeCloud) ReadAll(ctx context.Context, questions []model.Question, o model.PlanOptions) iter.Seq2[model.Situation, error] {
	return func(yield func(model.Situation, error) bool) {
		for _, q := range questions {
			if !yield(f.Read(ctx, q, o, nil)) {
				return
			}
		}
	}
}

// setFact puts a fact into one of the situation's maps without changing the map that others may hold.
func setFact[K comparable, T any](facts *map[K]model.Fact[T], key K, fact model.Fact[T]) {
	grown := map[K]model.Fact[T]{key: fact}
	for k, v := range *facts {
		grown[k] = v
	}
	*facts = grown
}

func (f *fakeCloud) readWant(s *model.Situation, w model.Want) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.factReads++
	r := w.Resource
	switch w.Kind {
	case model.WantCaller:
		s.Caller = f.Caller()
	case model.WantWorkload:
		s.Workload = model.Known(model.Workload{WorkloadName: *s.Question.Workload, ServiceAccount: webAccount, Images: f.images()})
		if f.agentIdentity {
			s.Workload.Value.ServiceAccount, s.Workload.Value.AgentIdentity = "", true
		}
	case model.WantProject:
		number := map[string]string{"myproject-a": "111111111111", "myproject-b": "222222222222"}[w.Project]
		setFact(&s.Projects, w.Project, model.Known(model.Project{ID: w.Project, Number: number, Name: f.nameSuffix, Labels: map[string]string{"env": f.nameSuffix}}))
	case model.WantAncestry:
		levels := []model.Ancestor{{Resource: model.ProjectResource(w.Project)}, folder, organization}
		if f.outsideOrganization && w.Project == "myproject-a" {
			levels = levels[:1]
		}
		for i := range levels {
			levels[i].Name += f.nameSuffix
		}
		setFact(&s.Ancestry, w.Project, model.Known(levels))
	case model.WantAPI:
		setFact(&s.APIs, r, model.Known(true))
	case model.WantRepository:
		setFact(&s.Repositories, r, model.Known(model.Repository{Name: repoName, Format: "DOCKER", Mode: "STANDARD_REPOSITORY"}))
	case model.WantImage:
		image := model.Known(model.ImageFact{Digest: digest})
		if f.imageAbsent {
			image = model.Absent[model.ImageFact]()
		}
		setFact(&s.Images, w.Image.String(), image)
	case model.WantAccount:
		setFact(&s.Accounts, r, model.Known(model.Account{Email: r.ID()}))
	case model.WantPolicy:
		policy := model.Known(f.policies[r])
		if gap, ok := f.unreadablePolicies[r]; ok {
			policy = model.Unread[model.Policy](gap)
		}
		setFact(&s.Policies, r, policy)
	case model.WantRole:
		setFact(&s.Roles, w.Role, model.Known(model.Role{Name: w.Role, Permissions: rolePermissions[w.Role]}))
	case model.WantTest:
		allowed := !f.mayNotSetPolicy || !strings.HasSuffix(string(w.Permission), "setIamPolicy")
		setFact(&s.Tested, model.TestKey{Resource: r, Permission: w.Permission}, model.Known(allowed))
	case model.WantConstraint:
		setFact(&s.Constraints, r, model.Known(false))
	case model.WantOpinion:
		setFact(&s.Opinions, w.Access, model.Unread[model.SecondOpinion](model.Gap{}))
	case model.WantDeny:
		setFact(&s.Denies, r, model.Known([]model.DenyPolicy(nil)))
	case model.WantAnonymous:
		setFact(&s.Anonymous, w.Image.String(), model.Unread[model.ImageFact](model.Gap{Reason: "not public"}))
	case model.WantRules:
		var rules []model.DownloadRule
		if f.outsideOrganization {
			rules = []model.DownloadRule{{ID: "no-latest", Action: "DENY"}}
		}
		setFact(&s.Rules, r, model.Known(rules))
	case model.WantRedirect:
		setFact(&s.Redirections, r, model.Known(true))
	case model.WantDomainRestrictions:
		setFact(&s.DomainRestrictions, r, model.Known([]model.DomainRestriction{{Constraint: model.DomainsConstraint}}))
	}
}

func (f *fakeCloud) ProjectOf(ctx context.Context, r model.Resource) model.Fact[model.Project] {
	f.mu.Lock()
	f.projectReads++
	f.mu.Unlock()
	if f.projectHold != nil {
		select {
		case <-f.projectHold:
		case <-ctx.Done():
		}
	}
	if f.unlabelled {
		return model.Fact[model.Project]{State: model.FactGap, Value: model.Project{ID: r.Project()}, Gap: model.Gap{Reason: "you may not see project " + r.Project()}}
	}
	if r == folder.Resource {
		return model.Known(model.Project{Name: folder.Name})
	}
	if r.Project() == "111111111111" {
		return model.Known(model.Project{ID: "myproject-a", Number: r.Project(), Labels: f.labels})
	}
	return model.Known(model.Project{ID: r.Project(), Labels: f.labels})
}

func (f *fakeCloud) Perform(ctx context.Context, g model.Gate, ws []model.Write) ([]model.Outcome, error) {
	if f.beforePerform != nil {
		f.beforePerform(ctx)
	}
	f.mu.Lock()
	f.writes = append(f.writes, ws...)
	if ws[0].Undoes != "" {
		f.undoneEntries, f.lastSure = append(f.undoneEntries, ws[0].Undoes), ws[0].OnlyIfUnchanged
	}
	f.mu.Unlock()
	o, err := f.performOne(g, ws[0].Step)
	return []model.Outcome{o}, err
}

func (f *fakeCloud) performOne(g model.Gate, s model.Step) (model.Outcome, error) {
	if err := g.AllowStep(s); err != nil {
		return model.Outcome{Step: s, State: model.StepNotAllowed}, err
	}
	if err := g.AllowResource(s.Resource, f.ProjectOf(context.Background(), s.Resource)); err != nil {
		return model.Outcome{Step: s, State: model.StepNotAllowed}, err
	}
	if f.perform != nil {
		return f.perform(s)
	}
	return f.makeStep(s)
}

// makeStep answers that a step was made, and makes it.
func (f *fakeCloud) makeStep(s model.Step) (model.Outcome, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := f.policies[s.Resource]
	f.policies[s.Resource] = p.Apply(p.EditFor(s))
	entry := "entry1"
	return model.Outcome{Step: s, State: model.StepDone, Verified: true, Entry: &entry}, nil
}

func (f *fakeCloud) UntouchedSince(context.Context, model.Resource, string) (bool, error) {
	return !f.changedByOthers, f.untouchedErr
}

func (f *fakeCloud) Origin() string { return "google:googleapis.com" }

func (f *fakeCloud) History() (ledger.History, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.journal, f.journalErr
}

func (f *fakeCloud) Reconcile(ctx context.Context) ([]ledger.Entry, error) {
	if f.settle == nil {
		return nil, nil
	}
	return f.settle(ctx)
}
