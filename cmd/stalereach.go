package cmd

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"

	"whopulls/gcp"
	"whopulls/model"
)

// The flags that say how far stale looks; one of them is given.
const (
	flagRepository    = "repository"
	flagSourceProject = "source-project"
	flagFolder        = "folder"
	flagOrganization  = "organization"
)

// addReach gives a command the flags that say where it looks for stale bindings.
func (f *flags) addReach(c *cobra.Command) {
	s := c.Flags()
	s.SortFlags = false
	s.StringVar(&f.repository, flagRepository, "", "`NAME` of a repository: projects/P/locations/L/repositories/R")
	s.StringVar(&f.sourceProject, flagSourceProject, "", "`ID` or number of a project: all its Docker repositories, and itself")
	s.StringVar(&f.folder, flagFolder, "", "`NUMBER` of a folder: everything in it, by way of Cloud Asset Inventory")
	s.StringVar(&f.organization, flagOrganization, "", "`NUMBER` of an organization: the same")
	s.BoolVar(&f.resume, "resume", false, "go on with a scan of the folder or organization that was interrupted")
}

// reach reads how far to look.
func (f *flags) reach(q model.Question) (model.Resource, error) {
	given := 0
	for _, value := range []string{f.repository, f.sourceProject, f.folder, f.organization} {
		if value != "" {
			given++
		}
	}
	switch {
	case given == 0:
		return "", usage("nothing to look through is given", "add --repository=projects/PROJECT/locations/LOCATION/repositories/REPOSITORY",
			"or one of --source-project, --folder and --organization")
	case given > 1:
		return "", usage("more than one place to look through is given", "give one of --repository, --source-project, --folder and --organization")
	case f.resume && f.folder == "" && f.organization == "":
		return "", usage("--resume is for a folder or an organization", "leave it out: the rest is read anew each time")
	case f.repository != "":
		return q.Repository.Resource(), nil
	case f.sourceProject != "":
		return model.ProjectResource(f.sourceProject), model.ValidateProject(f.sourceProject)
	case f.folder != "":
		return numbered("folders", flagFolder, f.folder)
	}
	return numbered("organizations", flagOrganization, f.organization)
}

// numbered names a folder or an organization, given as its number or with its collection before it.
func numbered(collection, flag, value string) (model.Resource, error) {
	number := strings.TrimPrefix(value, collection+"/")
	if number == "" || strings.Trim(number, "0123456789") != "" {
		return "", usage(fmt.Sprintf("--%s=%s is no number", flag, value), "gcloud projects get-ancestors PROJECT lists the numbers above a project")
	}
	return model.AncestorResource(collection + "/" + number), nil
}

// findStale reads what lies within reach, and judges it; of what does not exist there is nothing to say.
func (p *program) findStale(ctx context.Context, c cloud, r request) (model.Situation, model.StaleList, error) {
	if kind := r.reach.Kind(); kind == model.KindFolder || kind == model.KindOrganization {
		return p.scan(ctx, c, r)
	}
	s, err := c.ReadScope(ctx, r.reach, nil)
	if err == nil && r.reach.Kind() == model.KindRepository && s.Policies[r.reach].State == model.FactAbsent {
		err = &failure{status: statusNotFound, message: "repository " + r.reach.Path() + " does not exist",
			hints: []string{"list what is there: gcloud artifacts repositories list --project=" + r.reach.Project()}}
	}
	list := model.FindStale(s)
	if id := r.reach.Project(); err == nil && len(list.Bindings) == 0 && len(list.Gaps) > 0 {
		warnProject(p, r, id, s.Ancestry[id])
	}
	return s, list, err
}

// scan reads a folder or an organization, and tells on standard error how far it is.
func (p *program) scan(ctx context.Context, c cloud, r request) (model.Situation, model.StaleList, error) {
	at, interrupted := c.InterruptedScan(r.reach)
	switch {
	case r.resume && interrupted:
		p.note("It goes on with the scan that was interrupted on " + at.UTC().Format(time.DateTime) + " UTC.")
	case r.resume:
		p.note("No interrupted scan of " + model.Describe(r.reach, nil) + " is kept here: it begins from the start.")
	}
	if debug.SetMemoryLimit(-1) == math.MaxInt64 { // GOMEMLIMIT is not set
		debug.SetMemoryLimit(scanMemory)
	}
	meter := &scanMeter{notes: p.io.notes(), hush: r.quiet || terse(r.verbosity), began: time.Now(),
		terminal: p.io.ErrTerminal && !p.io.byLines() && r.target.calls == nil}
	s, list, err := c.Scan(ctx, r.reach, gcp.ScanOptions{Project: r.question.Project, Progress: meter.tell, Resume: r.resume})
	meter.end()
	var refused *gcp.ScanError
	if errors.As(err, &refused) {
		err = scanRefused(r.reach, refused)
	}
	if err != nil && ctx.Err() != nil {
		if _, kept := c.InterruptedScan(r.reach); kept {
			p.note("What was read is kept for a day: --resume goes on with it.")
		}
	}
	return s, list, err
}

// scanMemory is what the collector of garbage aims to stay under: the pages of an organization leave much of it. What is kept
// may be more.
const scanMemory = 220 << 20

// scanRefused says what a scan needs.
func scanRefused(scope model.Resource, refused *gcp.ScanError) error {
	var hints []string
	if refused.Gap.Next != "" {
		hints = append(hints, refused.Gap.Next)
	}
	if refused.Gap.Need != "" {
		hints = append(hints, "it takes roles/cloudasset.viewer on "+model.Describe(scope, nil)+", which holds "+string(refused.Gap.Need))
	}
	hints = append(hints, "without it: --source-project looks through one project",
		"check the number too: gcloud projects get-ancestors PROJECT lists those above a project")
	return &failure{status: statusError, message: refused.Error(), hints: hints, cause: refused}
}

// scanMeter tells how a scan goes: on a terminal in one line that is written anew, elsewhere now and then.
type scanMeter struct {
	notes    *printer
	hush     bool
	terminal bool
	began    time.Time
	told     time.Time
}

// How often the meter speaks.
const (
	meterTick = 200 * time.Millisecond
	meterLine = 15 * time.Second
)

func (m *scanMeter) tell(s gcp.ScanProgress) {
	every := meterLine
	if m.terminal {
		every = meterTick
	}
	if m.hush || !s.Direct && time.Since(m.told) < every || !m.terminal && time.Since(m.began) < every {
		return
	}
	m.told = time.Now()
	words := scanWords(s, time.Since(m.began))
	if !m.terminal {
		m.notes.line(text(words))
		return
	}
	m.notes.write(eraseLine + m.notes.render([]span{text(ansi.Truncate(words+" (ctrl+c ends it)", m.notes.width-1, "…"))}))
}

func scanWords(s gcp.ScanProgress, passed time.Duration) string {
	words := model.CountNoun(s.Bindings, "binding") + " found, " + model.CountNoun(s.Assets, "asset") + " read"
	if s.Direct {
		return words + "; looking directly where no use is shown …"
	}
	return words + fmt.Sprintf(", %d a second …", int(float64(s.Assets)/max(passed.Seconds(), 1)))
}

func (m *scanMeter) end() {
	if !m.hush && m.terminal && !m.told.IsZero() {
		m.notes.write(eraseLine)
	}
}

// note tells something beside the answer.
func (p *program) note(words string) {
	p.io.notes().line(span{doubtful, "NOTE:"}, text(" "+words))
}
