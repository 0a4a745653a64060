package cmd

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"whopulls/cmd/checkall"
	"whopulls/cmd/completion"
	"whopulls/cmd/connect"
	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/cmd/view"
	"whopulls/guard"
	"whopulls/model"
)

// cloud is everything that the commands need from Google Cloud. Each function takes one of its parts.
type cloud interface {
	assessor
	checkall.Cloud
	callerInfo
	lister
	completion.Cloud
	reconciler
	granter
	staleFinder
	staleRemover
	undoer
}

// connectedCloud is a connection, with its cached lists as completion takes them.
type connectedCloud struct{ *connect.Connection }

// CachedLists gives the lists as they were last read whole.
func (c connectedCloud) CachedLists() completion.Lister { return c.Connection.CachedLists() }

// dialCloud is how the commands open the target.
func dialCloud(ctx context.Context, t options.Target, userAgent string) (cloud, error) {
	c, err := connect.Open(ctx, t, userAgent)
	if err != nil {
		return nil, err
	}
	return connectedCloud{c}, nil
}

// assessor is what a diagnosis needs.
type assessor interface {
	Read(ctx context.Context, q model.Question, o model.PlanOptions, progress func(model.Situation)) (model.Situation, error)
	Origin() string
	workloadLister
}

// workloadLister lists the workloads of a project in all regions.
type workloadLister interface {
	Workloads(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Workload], error]
}

// callerInfo says who calls.
type callerInfo interface {
	Caller() model.Fact[model.Member]
	MismatchedAccount() string
	MismatchHint() string
}

// assessment is what a look at the cloud brought: the facts and what follows from them.
type assessment struct {
	view.Assessment
	origin string // the cloud, as the journal names it
}

// assessmentOf judges what was read.
func assessmentOf(s model.Situation, o model.PlanOptions, sandbox, origin string) assessment {
	d := model.Diagnose(s)
	return assessment{view.Assessment{Situation: s, Diagnosis: d, Plan: model.PlanFor(s, d, o), Options: o, Sandbox: sandbox}, origin}
}

// progressDelay is how long a reading may take before it is shown.
const progressDelay = time.Second

// withCloud runs use with an open cloud, and closes it.
func (p *program) withCloud(ctx context.Context, r options.Session, use func(cloud) error) error {
	p.activeCountdown = console.NewCountdown(p.io, r.Quiet || r.HidesWarnings(), r.Target.CallLog == nil)
	r.Target.Countdown = p.activeCountdown
	c, err := p.dial(ctx, r.Target, p.build.userAgent())
	if err != nil {
		return interruptedOr(ctx, err)
	}
	p.warnOtherCaller(c, r)
	err = use(c)
	if closeErr := c.Close(); err == nil && closeErr != nil {
		return fmt.Errorf("closing the connection: %w", closeErr)
	}
	return interruptedOr(ctx, err)
}

// warnOtherCaller begins with who really calls, where the account that was named is another one.
func (p *program) warnOtherCaller(c callerInfo, r options.Session) {
	if c.MismatchedAccount() == "" || r.HidesWarnings() {
		return
	}
	notes := p.io.ErrPrinter()
	notes.Line(console.Doubtful.Text("WARNING:"), console.Text(" "+console.MemberName(c.Caller().Value)+" calls, not "+c.MismatchedAccount()+" ("+r.Target.Google.ConfiguredAccount.Origin+")"))
	notes.Line(console.Text("  " + c.MismatchHint()))
}

// interruptedOr: whatever a call says after the user's signal, the signal is why. An [ending] stays one by its cause.
func interruptedOr(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	f := &console.Error{Status: console.StatusInterrupted, Message: "interrupted", Cause: err}
	f.Steps = connect.AsUserError(err).Steps
	return f
}

// assess reads everything that the question depends on.
func (p *program) assess(ctx context.Context, c assessor, r options.Request) (assessment, error) {
	defer p.showProgress(r.Question.Project, r.Session)()
	s, err := c.Read(ctx, r.Question, r.Plan, nil)
	if err = cmp.Or(err, ctx.Err()); err != nil {
		return assessment{}, err
	}
	if err := p.requireWorkload(ctx, c, s, r); err != nil {
		return assessment{}, err
	}
	return assessmentOf(s, r.Plan, r.Target.SandboxName(), c.Origin()), nil
}

// showProgress tells a person who waits longer than the usual what for, until it is stopped.
func (p *program) showProgress(what string, r options.Session) (stop func()) {
	if !p.io.ErrTerminal || r.HidesWarnings() {
		return func() {}
	}
	note := time.AfterFunc(progressDelay, guard.Func(func() {
		p.activeCountdown.WriteUnlessActive(func() { p.io.ErrPrinter().Line(console.Text("Reading " + what + " …")) })
	}))
	return func() { note.Stop() }
}

// requireWorkload says where else workloads of that name are. Without the workload and without an image there is nothing to
// ask about.
func (p *program) requireWorkload(ctx context.Context, c workloadLister, s model.Situation, r options.Request) error {
	q := s.Question
	if q.Workload == nil || s.Workload.State != model.FactAbsent {
		return nil
	}
	w := q.Workload
	elsewhere := namesakes(ctx, c, q)
	if !q.Image.IsZero() || q.Repository.ID != "" {
		if sentence := model.NamesakeSentence(elsewhere); sentence != "" && !r.HidesWarnings() {
			p.io.ErrPrinter().WrapAfter([]console.Span{console.Doubtful.Text("NOTE:"), console.Text(" ")}, console.Text(fmt.Sprintf("%s %s does not exist in %s. %s", w.Kind.DisplayName(), w.Name, w.Region, sentence)))
		}
		return nil
	}
	return &console.Error{Status: console.StatusNotFound,
		Message: fmt.Sprintf("%s %q does not exist in %s of project %s", w.Kind.DisplayName(), w.Name, w.Region, q.Project),
		Hints: append(namesakeHints(elsewhere),
			"list what is there, in all regions: "+listCommand(*w, q.Project),
			"for a first deployment name what it is to run: --image=LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE",
		)}
}

// namesakesTimeout is how long is looked for workloads of the same name: it only helps against a slip.
const namesakesTimeout = 10 * time.Second

// namesakes are the workloads of the question's name that the lists have elsewhere, as far as they could be read.
func namesakes(ctx context.Context, c workloadLister, q model.Question) []model.WorkloadName {
	ctx, cancel := context.WithTimeout(ctx, namesakesTimeout)
	defer cancel()
	var all []model.Workload
	for page, err := range c.Workloads(ctx, q.Project) {
		if err != nil {
			break
		}
		all = append(all, page.Items...)
	}
	return q.Workload.Namesakes(all)
}

// maxShownNamesakes are shown with the flags that select them.
const maxShownNamesakes = 3

func namesakeHints(names []model.WorkloadName) (hints []string) {
	for _, n := range names[:min(len(names), maxShownNamesakes)] {
		hints = append(hints, fmt.Sprintf("%s: --%s=%s --region=%s", strings.TrimSuffix(model.NamesakeSentence([]model.WorkloadName{n}), "."), n.Kind, n.Name, n.Region))
	}
	return hints
}

// listCommand lists the workloads of a kind in all regions: the region may be wrong; worker pools are in
// gcloud's beta track only (iam-facts 9.3).
func listCommand(w model.WorkloadName, project string) string {
	track := ""
	if w.Kind == model.WorkerPool {
		track = "beta "
	}
	return fmt.Sprintf("gcloud %srun %ss list --project=%s", track, w.Kind, project)
}

// warnUnreadProject says on standard error that the consumer project itself could not be read: most often its name is wrong.
func (p *program) warnUnreadProject(f assessment, r options.Request) {
	warnProject(p, r.Session, r.Question.Project, f.Situation.Projects[r.Question.Project])
}

// warnProject says that a project does not exist or could not be read.
func warnProject[T any](p *program, r options.Session, project string, fact model.Fact[T]) {
	if fact.Read() || r.HidesWarnings() {
		return
	}
	problem, next := "could not be read: "+fact.Gap.Reason, "check the ID (gcloud projects list), or ask for "+string(model.PermGetProject)+" there"
	if fact.State == model.FactAbsent {
		problem, next = "does not exist", "check the ID: gcloud projects list"
	}
	notes := p.io.ErrPrinter()
	notes.Line(console.Doubtful.Text("WARNING:"), console.Text(" project "+project+" "+problem))
	notes.Line(console.Text("  " + cmp.Or(fact.Gap.Next, next)))
}
