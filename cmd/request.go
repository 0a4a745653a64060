package cmd

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"whopulls/gcp/gcloud"
	"whopulls/model"
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
	settings       settings
	verify         string
	wait           time.Duration // for effects
	includeUnknown bool
	again          []string              // the flags to repeat in the command that comes next, not quoted
	others         []string              // the other flags that were given
	command        string                // that was given
	region         string                // of --region alone, which names no workload
	reach          model.Resource        // of stale: how far it looks
	statuses       []model.StaleStatus   // that are listed; none: all
	resume         bool                  // an interrupted scan
	save, from     string                // files of check: a snapshot to write, and one to answer from
	out, planFile  string                // of plan: where to keep it; of grant: where to take it from
	terraform      *model.TerraformState // of --terraform-state; nil: none was given
}

// request reads the flags and the variables behind them. Everything that is wrong is found here, before any network.
func (f *flags) request(c *cobra.Command, p *program, known []format) (request, error) {
	s := p.io
	r := request{quiet: f.quiet, confirm: f.confirm, includeUnknown: f.includeUnknown, save: f.save, from: f.from, out: f.out, planFile: f.planFile, verify: f.verify, wait: f.wait,
		again: repeatable(c.Flags()), others: others(c.Flags()), command: c.Name(), region: f.region}
	steps := []func() error{
		func() error { return refuseEmpty(c.Flags()) },
		func() (err error) { r.format, err = parseFormat(f.format, known); return },
		func() error { return r.guards(f, c.Flags().Changed("read-only"), s) },
		func() (err error) { r.target, r.config, err = f.target(s); return },
		func() error { return r.settle(f, c.Flags().Changed(flagVerbosity), p) },
		func() error { return r.logCalls(f, c.Flags().Changed(flagLogHTTP), s) },
		func() (err error) { r.plan, err = f.planOptions(); return },
		func() (err error) { r.question, err = f.question(r.config); return },
		func() error { return f.checkVerifying(r.question) },
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

func (f *flags) checkVerifying(q model.Question) error {
	switch {
	case f.verify != "" && !slices.Contains(verifications, f.verify):
		return usage(fmt.Sprintf("--verify=%s is not known", f.verify), append(alike(f.verify, verifications), "it is one of "+listOf(verifications))...)
	case f.verify == verifyDeploy && q.Workload == nil && f.planFile == "":
		return usage("--verify=deploy needs a workload that exists", "name it: --service, --job or --worker-pool, with --region")
	case f.wait < 0:
		return usage(fmt.Sprintf("--wait=%s is negative", f.wait), "write it as 30s or 5m")
	}
	return nil
}

// checkPattern refuses a pattern that would guard nothing; origin is where it was written.
func checkPattern(pattern, origin string) error {
	if _, err := path.Match(pattern, ""); err != nil {
		return usage(fmt.Sprintf("%s is no pattern: %q", origin, pattern), "write it as *-prod, where * stands for anything")
	}
	return nil
}

func checkVerbosity(word string) error {
	if slices.Contains(verbosities, word) {
		return nil
	}
	return usage(fmt.Sprintf("--verbosity=%s is not known", word), append(alike(word, verbosities), "it is one of "+listOf(verbosities))...)
}

func (f *flags) planOptions() (model.PlanOptions, error) {
	o := model.PlanOptions{Scope: model.Scope(f.scope), Only: wordsOf(f.only)}
	if f.scope != "" && !slices.Contains(scopes, o.Scope) {
		return o, usage(fmt.Sprintf("--scope=%s is not known", f.scope), append(alike(f.scope, stringsOf(scopes)), "it is one of "+listOf(scopes))...)
	}
	for _, id := range o.Only {
		family, _, _ := strings.Cut(id, "#")
		if !slices.Contains(model.CheckIDs[:], family) {
			return o, usage(fmt.Sprintf("--only=%s names no check", id), append(alike(family, model.CheckIDs[:]), "the checks are "+listOf(model.CheckIDs[:]))...)
		}
	}
	return o, nil
}

// question reads what is asked; what was not given stays empty, for complete to judge.
func (f *flags) question(c *gcloud.Configuration) (q model.Question, err error) {
	q = model.Question{Image: f.image, Strict: f.strict}
	if q.Project, err = f.consumer(c); err != nil {
		return q, err
	}
	if q.Workload, err = f.workload(c); err != nil {
		return q, err
	}
	if err = f.readKind(&q); err != nil {
		return q, err
	}
	if err = f.readImage(&q, c); err != nil {
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

func (f *flags) consumer(c *gcloud.Configuration) (string, error) {
	project := c.Text(gcloud.Project)
	if project == "" {
		return "", nil
	}
	return project, model.ValidateProject(project)
}

// workload reads the one workload that is named, with its region.
func (f *flags) workload(c *gcloud.Configuration) (*model.WorkloadName, error) {
	region := c.Text(gcloud.Region)
	named := f.named()
	switch {
	case len(named) > 1:
		return nil, usage(fmt.Sprintf("--%s and --%s name two workloads", named[0].Kind, named[1].Kind),
			"give one of --service, --job and --worker-pool")
	case len(named) == 0 && f.region == "":
		return nil, nil
	case len(named) == 0: // a wrong region is told even where no workload needs it
		return nil, model.WorkloadName{Kind: model.Service, Name: "any", Region: region}.Validate()
	case region == "":
		return nil, usage(fmt.Sprintf("--%s needs a region", named[0].Kind),
			"add --region, for example --region=asia-northeast1, or set one for all: gcloud config set run/region")
	}
	w := named[0]
	w.Region = region
	return &w, w.Validate()
}

// readKind reads what a new deployment is to be, and whether everybody may call it, which of the kinds only a service has.
func (f *flags) readKind(q *model.Question) error {
	kind, given := model.WorkloadKind(f.kind), "--"+flagKind+"="+f.kind
	if f.kind != "" && !slices.Contains(kinds, kind) {
		return usage(given+" is not known", append(alike(f.kind, stringsOf(kinds)), "it is one of "+listOf(kinds))...)
	}
	if q.Workload != nil {
		if f.kind != "" && kind != q.Workload.Kind {
			return usage(fmt.Sprintf("%s and --%s name two kinds", given, q.Workload.Kind),
				"leave --"+flagKind+" out: it is for a new deployment that has no name yet")
		}
		kind, given = q.Workload.Kind, "--"+string(q.Workload.Kind)
	} else {
		q.Kind = kind
	}
	if q.Public = f.public; q.Public && kind != "" && kind != model.Service {
		return usage("--"+flagPublic+" and "+given+" don't go together", "only a service can be called by everybody; leave --"+flagPublic+" out")
	}
	return nil
}

func (f *flags) named() []model.WorkloadName {
	var named []model.WorkloadName
	for _, w := range []model.WorkloadName{{Kind: model.Service, Name: f.service}, {Kind: model.Job, Name: f.job},
		{Kind: model.WorkerPool, Name: f.workerPool}} {
		if w.Name != "" {
			named = append(named, w)
		}
	}
	return named
}

func (f *flags) readImage(q *model.Question, c *gcloud.Configuration) (err error) {
	switch {
	case f.image != "" && f.repository != "":
		return usage("--image and --repository are both given", "give one: --repository is for before the first push")
	case f.image != "":
		_, err = model.ParseImage(f.image)
	case f.repository != "":
		q.Repository, err = fullRepository(f.repository, c)
	}
	return err
}

// complete refuses a question that nothing can be answered to.
func (r request) complete() error {
	q := r.question
	switch {
	case q.Project == "":
		return usage("no consumer project is given", "add --project=PROJECT, the project where the image runs, or set one for all: gcloud config set project")
	case q.Workload == nil && q.Image == "" && q.Repository.ID == "":
		return usage("nothing is given to ask about",
			"name a workload (--service, --job or --worker-pool, with --region), an --image, or a --repository")
	}
	return nil
}
