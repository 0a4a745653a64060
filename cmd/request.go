package cmd

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"whopulls/cmd/console"
	"whopulls/gcp/gcloud"
	"whopulls/model"
	"whopulls/model/handover"
	"whopulls/settings"
)

// request is a command line, understood: what is asked, where, and how the answer is wanted.
type request struct {
	question       model.Question
	plan           model.PlanOptions
	target         target
	format         format
	config         *gcloud.Configuration // gcloud's, with the flags on top
	verbosity      string
	noPrompts      bool // core/disable_prompts
	quiet          bool // --quiet on the command line: consent to every certain step
	readOnly       bool
	confirm        []string // of --confirm
	production     string   // pattern of projects that are production
	settings       settings.Settings
	verify         string
	wait           time.Duration // for effects
	includeUnknown bool
	repeatFlags    []string                 // the flags to repeat in the command that comes next, not quoted
	otherFlags     []string                 // the other flags that were given
	command        string                   // that was given
	region         string                   // of --region alone, which names no workload
	staleScope     model.Resource           // of stale: how far it looks
	statuses       []model.StaleStatus      // that are listed; none: all
	resume         bool                     // an interrupted scan
	save, from     string                   // files of check: a snapshot to write, and one to answer from
	out, planFile  string                   // of plan: where to keep it; of grant: where to take it from
	terraformState *handover.TerraformState // of --terraform-state; nil: none was given
}

// parse reads the flags and the variables behind them. Everything that is wrong is found here, before any network.
func (f *flags) parse(c *cobra.Command, p *program, formats []format) (request, error) {
	s := p.io
	r := request{quiet: f.quiet, confirm: f.confirm, includeUnknown: f.includeUnknown, save: f.save, from: f.from, out: f.out, planFile: f.planFile, verify: f.verify, wait: f.wait,
		repeatFlags: repeatableFlags(c.Flags()), otherFlags: otherFlags(c.Flags()), command: c.Name(), region: f.region}
	steps := []func() error{
		func() error { return refuseEmpty(c.Flags()) },
		func() (err error) { r.format, err = parseFormat(f.format, formats); return },
		func() error { return r.applyGuards(f, c.Flags().Changed("read-only"), s) },
		func() (err error) { r.target, r.config, err = f.resolveTarget(s); return },
		func() error { return r.applyDefaults(f, c.Flags().Changed(flagVerbosity), p) },
		func() error { return r.setCallLog(f, c.Flags().Changed(flagLogHTTP), s) },
		func() (err error) { r.plan, err = f.planOptions(); return },
		func() (err error) { r.question, err = f.parseQuestion(r.config); return },
		func() error { return f.validateVerification(r.question) },
	}
	var first error
	for _, step := range steps {
		err := step()
		if first == nil {
			first = err
		}
		if err != nil && !f.tolerant {
			return request{}, err
		}
	}
	return r, first
}

func (f *flags) validateVerification(q model.Question) error {
	switch {
	case f.verify != "" && !slices.Contains(verifyModes, f.verify):
		return console.UsageError(fmt.Sprintf("--verify=%s is not known", f.verify), append(didYouMean(f.verify, verifyModes), "it is one of "+joinNames(verifyModes))...)
	case f.verify == verifyDeploy && q.Workload == nil && f.planFile == "":
		return console.UsageError("--verify=deploy needs a workload that exists", "name it: --service, --job or --worker-pool, with --region")
	case f.wait < 0:
		return console.UsageError(fmt.Sprintf("--wait=%s is negative", f.wait), "write it as 30s or 5m")
	}
	return nil
}

func validateVerbosity(word string) error {
	if slices.Contains(verbosities, word) {
		return nil
	}
	return console.UsageError(fmt.Sprintf("--verbosity=%s is not known", word), append(didYouMean(word, verbosities), "it is one of "+joinNames(verbosities))...)
}

func (f *flags) planOptions() (model.PlanOptions, error) {
	o := model.PlanOptions{Scope: model.Scope(f.scope), Only: trimmedItems(f.only)}
	if f.scope != "" && !slices.Contains(scopes, o.Scope) {
		return o, console.UsageError(fmt.Sprintf("--scope=%s is not known", f.scope), append(didYouMean(f.scope, toStrings(scopes)), "it is one of "+joinNames(scopes))...)
	}
	for _, id := range o.Only {
		family, _, _ := strings.Cut(id, "#")
		if !slices.Contains(model.CheckIDs[:], family) {
			return o, console.UsageError(fmt.Sprintf("--only=%s names no check", id), append(didYouMean(family, model.CheckIDs[:]), "the checks are "+joinNames(model.CheckIDs[:]))...)
		}
	}
	return o, nil
}

// parseQuestion reads what is asked; what was not given stays empty, for complete to judge.
func (f *flags) parseQuestion(c *gcloud.Configuration) (q model.Question, err error) {
	q = model.Question{Image: f.image, Strict: f.strict}
	if q.Project, err = f.consumerProject(c); err != nil {
		return q, err
	}
	if q.Workload, err = f.parseWorkload(c); err != nil {
		return q, err
	}
	if err = f.parseKind(&q); err != nil {
		return q, err
	}
	if err = f.parseImage(&q, c); err != nil {
		return q, err
	}
	if f.serviceAccount != "" {
		if q.ServiceAccount, err = model.ParseAccountEmail(f.serviceAccount); err != nil {
			return q, err
		}
	}
	if f.deployer != "" {
		q.Deployer, err = model.ParseMember(f.deployer)
	}
	return q, err
}

func (f *flags) consumerProject(c *gcloud.Configuration) (string, error) {
	project := c.Text(gcloud.Project)
	if project == "" {
		return "", nil
	}
	return project, model.ValidateProject(project)
}

// parseWorkload reads the one workload that is named, with its region.
func (f *flags) parseWorkload(c *gcloud.Configuration) (*model.WorkloadName, error) {
	region := c.Text(gcloud.Region)
	named := f.namedWorkloads()
	switch {
	case len(named) > 1:
		return nil, console.UsageError(fmt.Sprintf("--%s and --%s name two workloads", named[0].Kind, named[1].Kind),
			"give one of --service, --job and --worker-pool")
	case len(named) == 0 && f.region == "":
		return nil, nil
	case len(named) == 0: // a wrong region is told even where no workload needs it
		return nil, model.WorkloadName{Kind: model.Service, Name: "any", Region: region}.Validate()
	case region == "":
		return nil, console.UsageError(fmt.Sprintf("--%s needs a region", named[0].Kind),
			"add --region, for example --region=asia-northeast1, or set one for all: gcloud config set run/region")
	}
	w := named[0]
	w.Region = region
	return &w, w.Validate()
}

// parseKind reads what a new deployment is to be, and whether everybody may call it, which of the kinds only a service has.
func (f *flags) parseKind(q *model.Question) error {
	kind, given := model.WorkloadKind(f.kind), "--"+flagKind+"="+f.kind
	if f.kind != "" && !slices.Contains(kinds, kind) {
		return console.UsageError(given+" is not known", append(didYouMean(f.kind, toStrings(kinds)), "it is one of "+joinNames(kinds))...)
	}
	if q.Workload != nil {
		if f.kind != "" && kind != q.Workload.Kind {
			return console.UsageError(fmt.Sprintf("%s and --%s name two kinds", given, q.Workload.Kind),
				"leave --"+flagKind+" out: it is for a new deployment that has no name yet")
		}
		kind, given = q.Workload.Kind, "--"+string(q.Workload.Kind)
	} else {
		q.Kind = kind
	}
	if q.Public = f.public; q.Public && kind != "" && kind != model.Service {
		return console.UsageError("--"+flagPublic+" and "+given+" don't go together", "only a service can be called by everybody; leave --"+flagPublic+" out")
	}
	return nil
}

func (f *flags) namedWorkloads() []model.WorkloadName {
	var named []model.WorkloadName
	for _, w := range []model.WorkloadName{{Kind: model.Service, Name: f.service}, {Kind: model.Job, Name: f.job},
		{Kind: model.WorkerPool, Name: f.workerPool}} {
		if w.Name != "" {
			named = append(named, w)
		}
	}
	return named
}

func (f *flags) parseImage(q *model.Question, c *gcloud.Configuration) (err error) {
	switch {
	case f.image != "" && f.repository != "":
		return console.UsageError("--image and --repository are both given", "give one: --repository is for before the first push")
	case f.image != "":
		_, err = model.ParseImage(f.image)
	case f.repository != "":
		q.Repository, err = parseRepository(f.repository, c)
	}
	return err
}

// validate refuses a question that nothing can be answered to.
func (r request) validate() error {
	q := r.question
	switch {
	case q.Project == "":
		return console.UsageError("no consumer project is given", "add --project=PROJECT, the project where the image runs, or set one for all: gcloud config set project")
	case q.Workload == nil && q.Image == "" && q.Repository.ID == "":
		return console.UsageError("nothing is given to ask about",
			"name a workload (--service, --job or --worker-pool, with --region), an --image, or a --repository")
	}
	return nil
}

// applyGuards reads what keeps changes away: the flag before the variable before the settings.
func (r *request) applyGuards(f *flags, flagGiven bool, s console.Streams) error {
	saved, err := settings.Read(s.Settings)
	if err != nil {
		return err
	}
	r.settings, r.readOnly, r.production = saved, saved.ReadOnly, saved.Production
	if value, ok := s.Lookup("WHOPULLS_READ_ONLY"); ok {
		word := strings.TrimSpace(value)
		if r.readOnly = !settings.IsFalse(word); r.readOnly && word != "" && !settings.IsTrue(word) {
			return console.UsageError(fmt.Sprintf("WHOPULLS_READ_ONLY is neither true nor false: %q", value), "set it to true or false, or unset it")
		}
	}
	if flagGiven {
		r.readOnly = f.readOnly
	}
	if value, ok := s.Lookup("WHOPULLS_PRODUCTION"); ok {
		r.production = settings.ProductionPattern(value)
	}
	return settings.ValidatePattern(r.production, "WHOPULLS_PRODUCTION")
}
