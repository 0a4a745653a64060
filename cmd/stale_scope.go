package cmd

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/gcp"
	"whopulls/model"
	"whopulls/text"
)

// The flags that say how far stale looks; one of them is given.
const (
	flagRepository    = "repository"
	flagSourceProject = "source-project"
	flagFolder        = "folder"
	flagOrganization  = "organization"
)

// staleFlags say where stale looks. One of the four places is given.
type staleFlags struct {
	repository, sourceProject, folder, organization string
	resume                                          bool // an interrupted scan
}

// staleRequest is what both commands of stale ask.
type staleRequest struct {
	options.Session
	scope      model.Resource       // how far it looks
	repository model.RepositoryName // the scope, where it is one
	project    string               // the consumer project, whose quota a scan uses
	resume     bool
}

// question is what stale asks about its scope.
func (r staleRequest) question() model.Question {
	if r.scope.Kind() == model.KindRepository {
		return model.StaleInRepository(r.repository)
	}
	return model.StaleIn(r.scope)
}

// request reads where to look.
func (f staleFlags) request(in options.CommandLine, cloud options.CloudFlags, form options.FormatFlag, formats []options.Format, project string) (r staleRequest, err error) {
	r.resume = f.resume
	if r.Session, err = cloud.Session(in, form, formats, project, ""); err != nil {
		return r, err
	}
	if r.project, err = options.ConsumerProject(r.Config); err != nil {
		return r, err
	}
	if f.repository != "" {
		if r.repository, err = options.ParseRepository(f.repository, r.Config); err != nil {
			return r, err
		}
	}
	r.scope, err = f.parse(r.repository)
	return r, err
}

// addStaleScope gives a command the flags that say where it looks for stale bindings.
func (f *staleFlags) addStaleScope(c *cobra.Command) {
	s := c.Flags()
	s.SortFlags = false
	s.StringVar(&f.repository, flagRepository, "", "`NAME` of a repository: projects/P/locations/L/repositories/R")
	s.StringVar(&f.sourceProject, flagSourceProject, "", "`ID` or number of a project: all its Docker repositories, and itself")
	s.StringVar(&f.folder, flagFolder, "", "`NUMBER` of a folder: everything in it, by way of Cloud Asset Inventory")
	s.StringVar(&f.organization, flagOrganization, "", "`NUMBER` of an organization: the same")
	s.BoolVar(&f.resume, "resume", false, "continue an interrupted scan of the folder or organization")
}

// parse reads how far to look.
func (f staleFlags) parse(repository model.RepositoryName) (model.Resource, error) {
	given := 0
	for _, value := range []string{f.repository, f.sourceProject, f.folder, f.organization} {
		if value != "" {
			given++
		}
	}
	switch {
	case given == 0:
		return "", console.UsageError("nothing to look through is given", "add --repository=projects/PROJECT/locations/LOCATION/repositories/REPOSITORY",
			"or one of --source-project, --folder and --organization")
	case given > 1:
		return "", console.UsageError("more than one place to look through is given", "give one of --repository, --source-project, --folder and --organization")
	case f.resume && f.folder == "" && f.organization == "":
		return "", console.UsageError("--resume is for a folder or an organization", "leave it out: the rest is always read from the start")
	case f.repository != "":
		return repository.Resource(), nil
	case f.sourceProject != "":
		return model.ProjectResource(f.sourceProject), model.ValidateProject(f.sourceProject)
	case f.folder != "":
		return numberedAncestor("folders", flagFolder, f.folder)
	}
	return numberedAncestor("organizations", flagOrganization, f.organization)
}

// numberedAncestor names a folder or an organization, given as its number or with its collection before it.
func numberedAncestor(collection, flag, value string) (model.Resource, error) {
	number := strings.TrimPrefix(value, collection+"/")
	if number == "" || strings.Trim(number, "0123456789") != "" {
		return "", console.UsageError(fmt.Sprintf("--%s=%s is no number", flag, value), "gcloud projects get-ancestors PROJECT lists the numbers above a project")
	}
	return model.AncestorResource(collection + "/" + number), nil
}

// staleFinder reads who may read the repositories of a scope.
type staleFinder interface {
	ReadScope(ctx context.Context, q model.Question, progress func(model.Situation)) (model.Situation, error)
	scanner
}

// scanner reads a folder or an organization from Cloud Asset Inventory.
type scanner interface {
	Scan(ctx context.Context, scope model.Resource, o model.ScanOptions) (model.Situation, model.StaleList, error)
	InterruptedScan(scope model.Resource) (at time.Time, ok bool)
}

// findStale reads what is within reach, and judges it; of what does not exist there is nothing to say.
func (p *program) findStale(ctx context.Context, c staleFinder, r staleRequest) (model.Situation, model.StaleList, error) {
	if kind := r.scope.Kind(); kind == model.KindFolder || kind == model.KindOrganization {
		return p.scan(ctx, c, r)
	}
	s, err := c.ReadScope(ctx, r.question(), nil)
	if err != nil {
		return s, model.StaleList{}, err
	}
	state := model.ScopeStateOf(s)
	if state == model.ScopeAbsent {
		return s, model.StaleList{}, &console.Error{Status: console.StatusNotFound, Message: string(r.scope.Kind()) + " " + r.scope.Path() + " does not exist",
			Hints: []string{model.ScopeAdvice(r.scope).String()}}
	}
	list := model.FindStale(s)
	if id := r.scope.Project(); len(list.Bindings) == 0 && len(list.Gaps) > 0 {
		warnProject(p, r.Session, id, s.Ancestry[id])
	}
	if state == model.ScopeHidden && s.Ancestry[r.scope.Project()].Read() && !r.HidesWarnings() {
		p.note(model.ScopeHiddenText(r.scope) + "; " + model.ScopeAdvice(r.scope).String())
	}
	return s, list, nil
}

// scan reads a folder or an organization, and tells on standard error how far it is.
func (p *program) scan(ctx context.Context, c scanner, r staleRequest) (model.Situation, model.StaleList, error) {
	at, interrupted := c.InterruptedScan(r.scope)
	switch {
	case r.resume && interrupted:
		p.note("It continues the scan that was interrupted on " + at.UTC().Format(time.DateTime) + " UTC.")
	case r.resume:
		p.note("No interrupted scan of " + model.Describe(r.scope, nil) + " is kept here: it begins from the start.")
	}
	if debug.SetMemoryLimit(-1) == math.MaxInt64 { // GOMEMLIMIT is not set
		debug.SetMemoryLimit(scanMemoryLimit)
	}
	progress := &scanProgress{notes: p.io.ErrPrinter(), silent: r.Quiet || r.HidesWarnings(), began: time.Now(),
		terminal: p.io.ErrTerminal && !p.io.AppendOnly() && r.Target.CallLog == nil}
	s, list, err := c.Scan(ctx, r.scope, model.ScanOptions{Project: r.project, Progress: progress.show, Resume: r.resume})
	progress.end()
	var refused *gcp.ScanError
	if errors.As(err, &refused) {
		err = scanError(refused)
	}
	if err != nil && ctx.Err() != nil {
		if _, kept := c.InterruptedScan(r.scope); kept {
			p.note("What was read is kept for a day: --resume continues it.")
		}
	}
	return s, list, err
}

// scanMemoryLimit is what the collector of garbage aims to stay under: the pages of an organization leave much of it. What is kept
// may be more.
const scanMemoryLimit = 220 << 20

// scanError says what a scan needs.
func scanError(refused *gcp.ScanError) error {
	hints := append(refused.Hints(), "without it: --source-project looks through one project",
		"check the number too: gcloud projects get-ancestors PROJECT lists those above a project")
	return &console.Error{Status: console.StatusError, Message: refused.Error(), Hints: hints, Cause: refused}
}

// scanProgress shows how a scan goes: on a terminal in one line that is rewritten, elsewhere now and then.
type scanProgress struct {
	notes     *console.Printer
	silent    bool
	terminal  bool
	began     time.Time
	lastShown time.Time
}

// How often the meter speaks.
const (
	terminalInterval = 200 * time.Millisecond
	lineInterval     = 15 * time.Second
)

func (m *scanProgress) show(s model.ScanProgress) {
	every := lineInterval
	if m.terminal {
		every = terminalInterval
	}
	if m.silent || !s.Direct && time.Since(m.lastShown) < every || !m.terminal && time.Since(m.began) < every {
		return
	}
	m.lastShown = time.Now()
	line := scanProgressText(s, time.Since(m.began))
	if !m.terminal {
		m.notes.Line(console.Text(line))
		return
	}
	m.notes.Overwrite(line + " (ctrl+c ends it)")
}

func scanProgressText(s model.ScanProgress, passed time.Duration) string {
	words := text.CountNoun(s.Bindings, "binding") + " found, " + text.CountNoun(s.Assets, "asset") + " read"
	if s.Direct {
		return words + "; looking directly where no use is shown …"
	}
	return words + fmt.Sprintf(", %d a second …", int(float64(s.Assets)/max(passed.Seconds(), 1)))
}

func (m *scanProgress) end() {
	if !m.silent && m.terminal && !m.lastShown.IsZero() {
		m.notes.Erase()
	}
}

// note writes something in addition to the answer.
func (p *program) note(sentence string) {
	p.io.ErrPrinter().Line(console.Doubtful.Text("NOTE:"), console.Text(" "+sentence))
}
