package cmd

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"whopulls/gcp"
	"whopulls/gcp/journal"
	"whopulls/model"
)

// cloud is what the commands need of Google Cloud.
type cloud interface {
	Read(ctx context.Context, q model.Question, o model.PlanOptions, progress func(model.Situation)) (model.Situation, error)
	ReadScope(ctx context.Context, scope model.Resource, progress func(model.Situation)) (model.Situation, error)
	RereadBindings(ctx context.Context, at model.Resource) (model.Situation, error)
	Scan(ctx context.Context, scope model.Resource, o gcp.ScanOptions) (model.Situation, model.StaleList, error)
	InterruptedScan(scope model.Resource) (at time.Time, ok bool)
	Perform(ctx context.Context, g model.Gate, ws []model.Write) ([]model.Outcome, error)
	ProjectOf(ctx context.Context, r model.Resource) model.Fact[model.Project]
	CheckJournal() error
	DryRunDeploy(ctx context.Context, project string, w model.WorkloadName) error
	Caller() model.Fact[model.Member]
	MismatchedAccount() string
	MismatchHint() string
	lists
	kept() lists // for words that a shell completes
	Origin() string
	History() (journal.History, error)
	Reconcile(ctx context.Context) ([]journal.Entry, error)
	UntouchedSince(ctx context.Context, r model.Resource, entry string) (bool, error)
	Close() error
}

// lists is what can be picked from.
type lists interface {
	Projects(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error]
	Workloads(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Workload], error]
	Repositories(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Repository], error]
	Images(ctx context.Context, repository model.RepositoryName) iter.Seq2[model.ListPage[model.ListedImage], error]
}

// finding is what a look at the cloud brought: the facts and what follows from them.
type finding struct {
	situation model.Situation
	diagnosis model.Diagnosis
	plan      model.Plan
	options   model.PlanOptions // of the plan
	where     string            // the sandbox, empty at Google
	origin    string            // the cloud, as the journal names it
}

// patience is how long a reading may take before a person is told of it.
const patience = time.Second

// connected runs use with an open cloud, and closes it.
func (p *program) connected(ctx context.Context, r request, use func(cloud) error) error {
	r.target.waits = p.countdown(r)
	c, err := p.dial(ctx, r.target, p.build.userAgent())
	if err != nil {
		return stopped(ctx, err)
	}
	p.sayDiffers(c, r)
	err = use(c)
	if closed := c.Close(); err == nil && closed != nil {
		return fmt.Errorf("closing the connection: %w", closed)
	}
	return stopped(ctx, err)
}

// sayDiffers begins with who really calls, where the account that was named is another one.
func (p *program) sayDiffers(c cloud, r request) {
	if c.MismatchedAccount() == "" || terse(r.verbosity) {
		return
	}
	notes := p.io.notes()
	notes.line(span{doubtful, "WARNING:"}, text(" "+nameOf(c.Caller().Value)+" calls, not "+c.MismatchedAccount()+" ("+r.target.google.named.Origin+")"))
	notes.line(text("  " + c.MismatchHint()))
}

// stopped: whatever a call says after the user's signal, the signal is why. An [ending] stays one by its cause.
func stopped(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	f := &failure{status: statusInterrupted, message: "interrupted", cause: err}
	f.steps = failureOf(err).steps
	return f
}

// look reads everything that the question hangs on.
func (p *program) look(ctx context.Context, c cloud, r request) (finding, error) {
	defer p.reading(r.question.Project, r)()
	s, err := c.Read(ctx, r.question, r.plan, nil)
	if err = cmp.Or(err, ctx.Err()); err != nil {
		return finding{}, err
	}
	if err := p.absentWorkload(ctx, c, s, r); err != nil {
		return finding{}, err
	}
	d := model.Diagnose(s)
	return finding{s, d, model.PlanFor(s, d, r.plan), r.plan, r.target.title(), c.Origin()}, nil
}

// reading tells a person who waits longer than the usual what for, until it is stopped.
func (p *program) reading(what string, r request) (stop func()) {
	if !p.io.ErrTerminal || terse(r.verbosity) {
		return func() {}
	}
	note := time.AfterFunc(patience, func() {
		p.waits.unlessWaiting(func() { p.io.notes().line(text("Reading " + what + " …")) })
	})
	return func() { note.Stop() }
}

// absentWorkload says where else workloads of that name are. Without the workload and without an image there is nothing to
// ask about.
func (p *program) absentWorkload(ctx context.Context, c cloud, s model.Situation, r request) error {
	q := s.Question
	if q.Workload == nil || s.Workload.State != model.FactAbsent {
		return nil
	}
	w := q.Workload
	elsewhere := namesakes(ctx, c, q)
	if q.Image != "" || q.Repository.ID != "" {
		if words := model.NamesakeSentence(elsewhere); words != "" && !terse(r.verbosity) {
			p.io.notes().hang([]span{{doubtful, "NOTE:"}, text(" ")}, text(fmt.Sprintf("%s %s does not exist in %s. %s", w.Kind.DisplayName(), w.Name, w.Region, words)))
		}
		return nil
	}
	return &failure{status: statusNotFound,
		message: fmt.Sprintf("%s %q does not exist in %s of project %s", w.Kind.DisplayName(), w.Name, w.Region, q.Project),
		hints: append(namesakeHints(elsewhere),
			"list what is there, in all regions: "+listCommand(*w, q.Project),
			"for a first deployment name what it is to run: --image=LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE",
		)}
}

// namesakesTime is how long is looked for workloads of the same name: it only helps against a slip.
const namesakesTime = 10 * time.Second

// namesakes are the workloads of the question's name that the lists have elsewhere, as far as they could be read.
func namesakes(ctx context.Context, c cloud, q model.Question) []model.WorkloadName {
	ctx, cancel := context.WithTimeout(ctx, namesakesTime)
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

// fewNamesakes are shown with the flags that select them.
const fewNamesakes = 3

func namesakeHints(names []model.WorkloadName) (hints []string) {
	for _, n := range names[:min(len(names), fewNamesakes)] {
		hints = append(hints, fmt.Sprintf("%s: --%s=%s --region=%s", strings.TrimSuffix(model.NamesakeSentence([]model.WorkloadName{n}), "."), n.Kind, n.Name, n.Region))
	}
	return hints
}

// listCommand lists the workloads of a kind in all regions, for it may be the region that is wrong; worker pools are in
// gcloud's beta track only (iam-facts 9.3).
func listCommand(w model.WorkloadName, project string) string {
	track := ""
	if w.Kind == model.WorkerPool {
		track = "beta "
	}
	return fmt.Sprintf("gcloud %srun %ss list --project=%s", track, w.Kind, project)
}

// warnUnread says on standard error that the consumer project itself could not be read: most often its name is wrong.
func (p *program) warnUnread(f finding, r request) {
	warnProject(p, r, r.question.Project, f.situation.Projects[r.question.Project])
}

// warnProject says that a project does not exist or could not be read.
func warnProject[T any](p *program, r request, project string, fact model.Fact[T]) {
	if fact.Read() || terse(r.verbosity) {
		return
	}
	words, next := "could not be read: "+fact.Gap.Reason, "check the ID (gcloud projects list), or ask for "+string(model.PermGetProject)+" there"
	if fact.State == model.FactAbsent {
		words, next = "does not exist", "check the ID: gcloud projects list"
	}
	notes := p.io.notes()
	notes.line(span{doubtful, "WARNING:"}, text(" project "+project+" "+words))
	notes.line(text("  " + cmp.Or(fact.Gap.Next, next)))
}
