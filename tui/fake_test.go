package tui

import (
	"context"
	"iter"
	"strings"
	"sync"
	"time"

	"whopulls/model"
)

// fakeCloud is a small Google Cloud in memory: the article's two projects. It answers every want of a question.
type fakeCloud struct {
	labels     map[string]string // of every project
	unlabelled bool              // no project can be read
	targets    int               // how often a project was looked at before a change
	slow       chan struct{}     // until it is closed, that look is not answered
	mu         sync.Mutex
	policies   map[model.Resource]model.Policy
	hold       chan struct{} // answers wait until it is closed
	perform    func(model.Step) (model.Outcome, error)
	denied     bool // the caller may set no policy
	asked      int
	spoil      string // put into every name that is free text
	differs    string
	via        string
	gaps       []model.Gap                  // of the list of workloads
	unread     map[model.Resource]model.Gap // policies that can't be read
	left       chan struct{}                // closed when a survey was not waited for
	running    map[string][]string          // images that run, by project
	agent      bool                         // the workload runs as an agent identity
	hidden     bool                         // the workload itself can't be read, only its list
	sidecar    string                       // the image of its second container
	unpushed   bool                         // no image is there
	undone     []string                     // the entries that were to be taken back
	writes     []model.Write                // all that was to be made
	ending     func(context.Context)        // called with what each change is made in, before it is
	sure       bool                         // the last of them, only while it is surely as it was left
	foreign    bool                         // others changed the policies since
	blind      error                        // what looking at whose a binding is answers
	blinded    func() error                 // what a last look answers; nil: what is there
	strange    bool                         // the consumer project lies outside the organization, which restricts sharing
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

// holds tells whether the repository's policy gives the agent the reader role.
func (f *fakeCloud) holds() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.policies[repoName.Resource()].Holds(model.RoleReader, agentMember)
}

// answered counts the facts that were asked.
func (f *fakeCloud) answered() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked
}

func (f *fakeCloud) Caller() model.Fact[model.Member] { return model.Known(devMember) }
func (f *fakeCloud) ImpersonatedBy() string           { return f.via }
func (f *fakeCloud) MismatchedAccount() string        { return f.differs }
func (f *fakeCloud) World() string                    { return "article" }

func (f *fakeCloud) wait(ctx context.Context) error {
	if f.hold == nil {
		return nil
	}
	select {
	case <-f.hold:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// images are those of the workload.
func (f *fakeCloud) images() []string {
	if f.sidecar == "" {
		return []string{imageText}
	}
	return []string{imageText, f.sidecar}
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
	return onePage(ctx, f, model.Project{ID: "myproject-a", Number: "111111111111", Name: "My project A" + f.spoil},
		model.Project{ID: "myproject-b", Number: "222222222222", Name: "My project B"},
		model.Project{ID: "data-lake", Number: "333333333333", Name: "データ基盤"})
}

func (f *fakeCloud) Workloads(ctx context.Context, _ string) iter.Seq2[model.ListPage[model.Workload], error] {
	return withGaps(onePage(ctx, f, model.Workload{WorkloadName: jobName, ServiceAccount: webAccount, Images: f.images()},
		model.Workload{WorkloadName: model.WorkloadName{Kind: model.Service, Name: "web", Region: "us-central1"}, Images: []string{"nginx" + f.spoil}}), f.gaps)
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
	return onePage(ctx, f, model.ListedImage{Base: imageText, Path: "myjob", Digest: digest, Tags: []string{"latest"}})
}

func (f *fakeCloud) Read(ctx context.Context, q model.Question, o model.PlanOptions, progress func(model.Situation)) (model.Situation, error) {
	s := model.Situation{Question: q, Time: time.Unix(1800000000, 0).UTC()}
	if err := f.wait(ctx); err != nil {
		return s, err
	}
	for wants := model.Wants(s, o); len(wants) > 0; wants = model.Wants(s, o) {
		for _, w := range wants {
			f.answer(&s, w)
		}
		if progress != nil {
			progress(s)
		}
	}
	return s, nil
}

// keep puts a fact into one of the situation's maps without changing the map that others may hold.
func keep[K comparable, T any](facts *map[K]model.Fact[T], key K, fact model.Fact[T]) {
	grown := map[K]model.Fact[T]{key: fact}
	for k, v := range *facts {
		grown[k] = v
	}
	*facts = grown
}

func (f *fakeCloud) answer(s *model.Situation, w model.Want) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	r := model.Resource(w.Key)
	switch w.Kind {
	case model.WantCaller:
		s.Caller = f.Caller()
	case model.WantWorkload:
		s.Workload = model.Known(model.Workload{WorkloadName: *s.Question.Workload, ServiceAccount: webAccount, Images: f.images()})
		if f.agent {
			s.Workload.Value.ServiceAccount, s.Workload.Value.AgentIdentity = "", true
		}
		if f.hidden {
			s.Workload = model.Unread[model.Workload](model.Gap{Reason: "you may not see job myjob"})
		}
	case model.WantProject:
		number := map[string]string{"myproject-a": "111111111111", "myproject-b": "222222222222"}[w.Key]
		keep(&s.Projects, w.Key, model.Known(model.Project{ID: w.Key, Number: number, Name: f.spoil, Labels: map[string]string{"env": f.spoil}}))
	case model.WantAncestry:
		levels := []model.Ancestor{{Resource: model.ProjectResource(w.Key)}, folder, organization}
		if f.strange && w.Key == "myproject-a" {
			levels = levels[:1]
		}
		for i := range levels {
			levels[i].Name += f.spoil
		}
		keep(&s.Ancestry, w.Key, model.Known(levels))
	case model.WantAPI:
		keep(&s.APIs, r, model.Known(true))
	case model.WantRepository:
		keep(&s.Repositories, r, model.Known(model.Repository{Name: repoName, Format: "DOCKER", Mode: "STANDARD_REPOSITORY"}))
	case model.WantImage:
		image := model.Known(model.ImageFact{Digest: digest})
		if f.unpushed {
			image = model.Absent[model.ImageFact]()
		}
		keep(&s.Images, w.Key, image)
	case model.WantAccount:
		keep(&s.Accounts, r, model.Known(model.Account{Email: r.ID()}))
	case model.WantPolicy:
		policy := model.Known(f.policies[r])
		if gap, ok := f.unread[r]; ok {
			policy = model.Unread[model.Policy](gap)
		}
		keep(&s.Policies, r, policy)
	case model.WantRole:
		keep(&s.Roles, w.Key, model.Known(model.Role{Name: w.Key, Permissions: rolePermissions[w.Key]}))
	case model.WantTest:
		allowed := !f.denied || !strings.HasSuffix(string(w.Permission), "setIamPolicy")
		keep(&s.Tested, model.TestKey{Resource: r, Permission: w.Permission}, model.Known(allowed))
	case model.WantConstraint:
		keep(&s.Constraints, r, model.Known(false))
	case model.WantOpinion:
		keep(&s.Opinions, w.Access(), model.Unread[model.SecondOpinion](model.Gap{}))
	case model.WantDeny:
		keep(&s.Denies, r, model.Known([]model.DenyPolicy(nil)))
	case model.WantAnonymous:
		keep(&s.Anonymous, w.Key, model.Unread[model.ImageFact](model.Gap{Reason: "not public"}))
	case model.WantRules:
		var rules []model.DownloadRule
		if f.strange {
			rules = []model.DownloadRule{{ID: "no-latest", Action: "DENY"}}
		}
		keep(&s.Rules, r, model.Known(rules))
	case model.WantRedirect:
		keep(&s.Redirections, r, model.Known(true))
	case model.WantDomainRestrictions:
		keep(&s.DomainRestrictions, r, model.Known([]model.DomainRestriction{{Constraint: model.DomainsConstraint}}))
	}
}

func (f *fakeCloud) ProjectOf(ctx context.Context, r model.Resource) model.Fact[model.Project] {
	f.mu.Lock()
	f.targets++
	f.mu.Unlock()
	if f.slow != nil {
		select {
		case <-f.slow:
		case <-ctx.Done():
		}
	}
	if f.unlabelled {
		return model.Fact[model.Project]{State: model.FactGap, Value: model.Project{ID: r.Project()}, Gap: model.Gap{Reason: "you may not see project " + r.Project()}}
	}
	if r == folder.Resource {
		return model.Known(model.Project{Name: folder.Name})
	}
	return model.Known(model.Project{ID: r.Project(), Labels: f.labels})
}

func (f *fakeCloud) Perform(ctx context.Context, g model.Gate, ws []model.Write) ([]model.Outcome, error) {
	if f.ending != nil {
		f.ending(ctx)
	}
	f.mu.Lock()
	f.writes = append(f.writes, ws...)
	if ws[0].Undoes != "" {
		f.undone, f.sure = append(f.undone, ws[0].Undoes), ws[0].OnlyIfUnchanged
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
	return f.done(s)
}

// done answers that a step was made, and makes it.
func (f *fakeCloud) done(s model.Step) (model.Outcome, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	p := f.policies[s.Resource]
	f.policies[s.Resource] = p.Apply(p.EditFor(s))
	entry := "entry1"
	return model.Outcome{Step: s, State: model.StepDone, Verified: true, Entry: &entry}, nil
}

func (f *fakeCloud) UntouchedSince(context.Context, model.Resource, string) (bool, error) {
	return !f.foreign, f.blind
}
