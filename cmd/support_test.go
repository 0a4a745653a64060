package cmd

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"strings"
	"testing"
	"time"

	"whopulls/cmd/completion"
	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/model"
	"whopulls/model/ledger"
)

const (
	dev    model.Member = "user:dev@example.com"
	agent  model.Member = "serviceAccount:service-111111111111@serverless-robot-prod.iam.gserviceaccount.com"
	runner              = "web@myproject-a.iam.gserviceaccount.com"
	image               = "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob:latest"

	projectA     model.Resource = "//cloudresourcemanager.googleapis.com/projects/myproject-a"
	folder       model.Resource = "//cloudresourcemanager.googleapis.com/folders/200000000001"
	organization model.Resource = "//cloudresourcemanager.googleapis.com/organizations/100000000001"
	repository   model.Resource = "//artifactregistry.googleapis.com/projects/myproject-b/locations/asia-northeast1/repositories/myrepo"
	account      model.Resource = "//iam.googleapis.com/projects/myproject-a/serviceAccounts/" + runner
)

// jobFlags is the command line that most tests ask with.
var jobFlags = []string{"--project=myproject-a", "--region=asia-northeast1", "--job=myjob"}

// fakeCloud is a cloud in memory: it answers whatever is wanted, and keeps what is granted.
type fakeCloud struct {
	policies           map[model.Resource]model.Policy
	hidden             map[model.WantKind]bool // kinds of fact that nobody may read
	hiddenGap          model.Gap               // of what is hidden; empty: they may not
	denies             map[model.Resource][]model.DenyPolicy
	sharing            []model.DomainRestriction
	noJob              bool
	refusedDryRuns     int // rehearsals that Cloud Run refuses
	dryRuns            int
	labels             map[string]string // of every project
	unreadableProjects bool              // no project can be read
	runAPIOn           bool              // the Cloud Run API is on
	readErr            error             // what reading answers
	otherAccount       string
	performErr         error // what a change answers
	dropsWrites        bool  // a change is accepted and not made
	batches            []int // the sizes of what was asked to be performed at once
	gates              []model.Gate
	closed             bool
	moreProjects       int   // projects in addition to the two of the article
	listErr            error // what the lists end in
	listsHaveGap       bool  // the lists are not whole
	pagesRead          int   // of lists that were taken
	emptyLists         bool  // the lists are empty
	endlessLists       bool  // the lists never end
	surveys            []model.Situation
	onScan             func(context.Context, model.ScanOptions) error // what a scan does before it answers with the next survey
	changedByOthers    bool                                           // others changed the policies since
	interruptedAt      time.Time                                      // of which time an interrupted scan is kept
	writes             []model.Write                                  // what was asked to be performed
	onPerform          func()                                         // called while that is under way
	entries            []ledger.Entry                                 // of the journal; nil: one grant
	reconciles         int                                            // looks at what is open
	readyErr           error                                          // what the journal answers to a change
	oursErr            error                                          // what looking at whose a binding is answers
}

// article is the case of the design: everything is there but the agent's reader role.
func article() *fakeCloud {
	return &fakeCloud{runAPIOn: true, policies: map[model.Resource]model.Policy{
		projectA: {Bindings: []model.Binding{
			{Role: model.RoleDeveloper, Members: []model.Member{dev}},
			{Role: model.RoleRunAgent, Members: []model.Member{agent}},
		}},
		account:    {Bindings: []model.Binding{{Role: model.RoleAccountUser, Members: []model.Member{dev}}}},
		repository: {Bindings: []model.Binding{{Role: model.RoleReader, Members: []model.Member{dev}}}},
	}}
}

// bare is the article with the repository's policy empty, so that two steps are missing.
func bare() *fakeCloud {
	c := article()
	c.policies[repository] = model.Policy{}
	return c
}

var roles = map[string][]model.Permission{
	model.RoleDeveloper:   {"run.jobs.update", "run.jobs.create", "run.jobs.get", "run.services.create", "run.services.get"},
	model.RoleRunAgent:    {model.PermGetAccessToken},
	model.RoleAccountUser: {model.PermActAs},
	model.RoleReader:      {model.PermDownload},
}

// ReadAll reads one after the other.
func (c *fakeCloud) ReadAll(ctx context.Context, questions []model.Question, o model.PlanOptions) iter.Seq2[model.Situation, error] {
	return func(yield func(model.Situation, error) bool) {
		for _, q := range questions {
			if !yield(c.Read(ctx, q, o, nil)) {
				return
			}
		}
	}
}

func (c *fakeCloud) Read(ctx context.Context, q model.Question, o model.PlanOptions, _ func(model.Situation)) (model.Situation, error) {
	s := model.NewSituation(q, time.Time{})
	if c.readErr != nil {
		return s, c.readErr
	}
	for wants := model.Wants(s, o); len(wants) > 0; wants = model.Wants(s, o) {
		for _, w := range wants {
			c.answer(&s, w)
		}
	}
	return s, ctx.Err()
}

func fact[T any](c *fakeCloud, w model.Want, value T) model.Fact[T] {
	if c.hidden[w.Kind] && c.hiddenGap.Reason != "" {
		gap := c.hiddenGap
		gap.Resource = w.Resource
		return model.Unread[T](gap)
	}
	if c.hidden[w.Kind] {
		return model.Unread[T](model.Gap{Resource: w.Resource, Reason: "you may not read the " + string(w.Kind)})
	}
	return model.Known(value)
}

func (c *fakeCloud) answer(s *model.Situation, w model.Want) {
	r := w.Resource
	switch w.Kind {
	case model.WantCaller:
		s.Caller = fact(c, w, dev)
	case model.WantWorkload:
		s.Workload = fact(c, w, model.Workload{WorkloadName: *s.Question.Workload, ServiceAccount: runner, Images: model.ImagesOf(image)})
		if c.noJob {
			s.Workload = model.Absent[model.Workload]()
		}
	case model.WantProject:
		s.Projects[w.Project] = fact(c, w, model.Project{ID: w.Project, Number: "111111111111"})
	case model.WantAncestry:
		s.Ancestry[w.Project] = fact(c, w, []model.Ancestor{{Resource: model.ProjectResource(w.Project)},
			{Resource: folder, Name: "apps"}, {Resource: organization, Name: "example.com"}})
	case model.WantAPI:
		s.APIs[r] = fact(c, w, c.runAPIOn)
	case model.WantRepository:
		s.Repositories[r] = fact(c, w, model.Repository{Format: "DOCKER"})
	case model.WantImage:
		s.Images[w.Image.String()] = fact(c, w, model.ImageFact{Digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"})
	case model.WantAccount:
		s.Accounts[r] = fact(c, w, model.Account{Email: r.ID()})
	case model.WantPolicy:
		s.Policies[r] = fact(c, w, c.policies[r])
	case model.WantRole:
		s.Roles[w.Role] = fact(c, w, model.Role{Name: w.Role, Permissions: roles[w.Role]})
	case model.WantTest:
		s.Tested[model.TestKey{Resource: r, Permission: w.Permission}] = fact(c, w, c.callerMay(r, w.Permission))
	case model.WantConstraint:
		s.Constraints[r] = fact(c, w, false)
	case model.WantOpinion:
		s.Opinions[w.Access] = model.Unread[model.SecondOpinion](model.Gap{})
	case model.WantDeny:
		s.Denies[r] = fact(c, w, c.denies[r])
	case model.WantAnonymous:
		s.Anonymous[w.Image.String()] = model.Unread[model.ImageFact](model.Gap{Reason: "not public"})
	case model.WantRules:
		s.Rules[r] = fact(c, w, []model.DownloadRule(nil))
	case model.WantRedirect:
		s.Redirections[r] = fact(c, w, true)
	case model.WantDomainRestrictions:
		s.DomainRestrictions[r] = fact(c, w, c.sharing)
	}
}

// callerMay: the caller changes what they like, and has otherwise what the policies give.
func (c *fakeCloud) callerMay(r model.Resource, p model.Permission) bool {
	if strings.HasSuffix(string(p), "IamPolicy") || p == model.PermEnableAPI {
		return true
	}
	for _, level := range []model.Resource{r, model.ProjectResource(r.Project())} {
		for role, permissions := range roles {
			for _, given := range permissions {
				if given == p && c.policies[level].Holds(role, dev) {
					return true
				}
			}
		}
	}
	return false
}

func (c *fakeCloud) Perform(ctx context.Context, g model.Gate, ws []model.Write) ([]model.Outcome, error) {
	c.gates = append(c.gates, g)
	c.batches = append(c.batches, len(ws))
	c.writes = append(c.writes, ws...)
	if c.onPerform != nil {
		c.onPerform()
	}
	var outcomes []model.Outcome
	var errs []error
	for _, w := range ws {
		o, err := c.performOne(ctx, g, w.Step)
		if ours := !c.changedByOthers; w.Undoes != "" {
			o.Ours = &ours
		}
		outcomes, errs = append(outcomes, o), append(errs, err)
	}
	return outcomes, errors.Join(errs...)
}

func (c *fakeCloud) performOne(ctx context.Context, g model.Gate, s model.Step) (model.Outcome, error) {
	if err := g.AllowStep(s); err != nil {
		return model.Outcome{Step: s, State: model.StepNotAllowed, Message: err.Error()}, err
	}
	if err := g.AllowResource(s.Resource, c.ProjectOf(ctx, s.Resource)); err != nil {
		return model.Outcome{Step: s, State: model.StepNotAllowed, Message: err.Error()}, err
	}
	if c.performErr != nil {
		return model.Outcome{Step: s, State: model.StepFailed, Message: c.performErr.Error()}, ctx.Err()
	}
	if !c.dropsWrites {
		c.policies[s.Resource] = c.policies[s.Resource].Apply(c.policies[s.Resource].EditFor(s))
	}
	return model.Outcome{Step: s, State: model.StepDone, Verified: !c.dropsWrites}, nil
}

func (c *fakeCloud) ProjectOf(_ context.Context, r model.Resource) model.Fact[model.Project] {
	if c.unreadableProjects {
		return model.Fact[model.Project]{State: model.FactGap, Value: model.Project{ID: r.Project()}, Gap: model.Gap{Reason: "you may not see project " + r.Project()}}
	}
	return model.Known(model.Project{ID: r.Project(), Labels: c.labels})
}

func (c *fakeCloud) DryRunDeploy(context.Context, string, model.WorkloadName) error {
	c.dryRuns++
	if c.dryRuns > c.refusedDryRuns {
		return nil
	}
	return errors.New("Permission 'iam.serviceaccounts.actAs' denied on service account " + runner)
}

func (c *fakeCloud) CheckJournal() error { return c.readyErr }

func (c *fakeCloud) Origin() string            { return "sandbox:pretend" }
func (c *fakeCloud) MismatchedAccount() string { return c.otherAccount }
func (c *fakeCloud) MismatchHint() string {
	return "to call as that account: gcloud auth login " + c.otherAccount
}
func (c *fakeCloud) Caller() model.Fact[model.Member] {
	return model.Known(model.Member("user:dev@example.com"))
}

func (c *fakeCloud) CachedLists() completion.Lister { return c }

func (c *fakeCloud) History() (ledger.History, error) {
	if c.entries != nil {
		return ledger.History{Entries: c.entries}, nil
	}
	return ledger.History{Entries: []ledger.Entry{{ID: "abcdefghij", Run: "klmnopqrst", Target: c.Origin(), State: ledger.StateDone,
		Kind: model.StepGrant, Resource: repository, Role: model.RoleReader, Member: agent}}}, nil
}

func (c *fakeCloud) Reconcile(context.Context) ([]ledger.Entry, error) {
	c.reconciles++
	return nil, nil
}

func (c *fakeCloud) Close() error {
	c.closed = true
	return nil
}

// cliRun is one run of the program against a pretend cloud.
type cliRun struct {
	cloud       *fakeCloud
	in          string
	input       io.Reader // in place of in
	interactive bool      // a person sits at standard input
	outTerminal bool      // and at the other two ends
	variables   map[string]string
	ctx         context.Context
	targets     []options.Target
	refreshes   [][]string // command lines that are completed once more
	errToFile   bool       // standard error goes into a file
	dialErr     error      // what dialling answers

	out, err string
	code     int
}

func (tt *cliRun) run(args ...string) *cliRun {
	var out, errs bytes.Buffer
	lookup := func(name string) (string, bool) {
		v, ok := tt.variables[name]
		return v, ok || (name == "NO_COLOR" && !tt.outTerminal) // only who watches sees colours
	}
	var in io.Reader = strings.NewReader(tt.in)
	if tt.input != nil {
		in = tt.input
	}
	p := &program{build: Build{Version: "1.2.3", Commit: "abc", Date: "2026-01-02", Go: "go1.26"},
		io:           console.Streams{In: in, Out: &out, Err: &errs, InTerminal: tt.interactive, OutTerminal: tt.outTerminal, ErrTerminal: tt.outTerminal || (tt.interactive && !tt.errToFile), Width: console.DefaultWidth, Lookup: lookup},
		now:          func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) },
		startRefresh: func(args []string) error { tt.refreshes = append(tt.refreshes, args); return nil },
		dial: func(_ context.Context, t options.Target, _ string) (cloud, error) {
			tt.targets = append(tt.targets, t)
			if tt.dialErr != nil {
				return nil, tt.dialErr
			}
			return tt.cloud, nil
		}}
	ctx := tt.ctx
	if ctx == nil {
		ctx = context.Background()
	}
	tt.code = p.run(ctx, args)
	tt.out, tt.err = out.String(), errs.String()
	return tt
}

// runOnJob runs a command about the job.
func (tt *cliRun) runOnJob(command string, flags ...string) *cliRun {
	return tt.run(append(append([]string{command}, jobFlags...), flags...)...)
}

func (tt *cliRun) expect(t *testing.T, code int) *cliRun {
	t.Helper()
	if tt.code != code {
		t.Errorf("exit code %d, want %d\nstdout:\n%s\nstderr:\n%s", tt.code, code, tt.out, tt.err)
	}
	return tt
}

func (c *fakeCloud) UntouchedSince(context.Context, model.Resource, string) (bool, error) {
	return !c.changedByOthers, c.oursErr
}
