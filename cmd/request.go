package cmd

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"whopulls/model"
)

// request is a command line, understood: what is asked, where, and how the answer is wanted.
type request struct {
	question       model.Question
	plan           model.PlanOptions
	target         target
	format         format
	verbosity      string
	quiet          bool // --quiet on the command line: consent to every certain step
	readOnly       bool
	confirm        string // the project of --confirm
	production     string // pattern of projects that are production
	settings       settings
	verify         string
	wait           time.Duration // for effects
	includeUnknown bool
	again          []string // the flags to repeat in the command that comes next, not quoted
	save, from     string   // files of check: a snapshot to write, and one to answer from
	out, planFile  string   // of plan: where to keep it; of grant: where to take it from
}

// request reads the flags and the variables behind them. Everything that is wrong is found here, before any network.
func (f *flags) request(c *cobra.Command, s streams, known []format) (request, error) {
	r := request{quiet: f.quiet, confirm: f.confirm, includeUnknown: f.includeUnknown, verbosity: f.verbosity, save: f.save, from: f.from, out: f.out, planFile: f.planFile, verify: f.verify, wait: f.wait,
		again: repeatable(c.Flags())}
	steps := []func() error{
		func() error { return refuseEmpty(c.Flags()) },
		func() (err error) { r.format, err = parseFormat(f.format, known); return },
		func() error { return r.guards(f, c.Flags().Changed("read-only"), s) },
		func() error { return checkVerbosity(f.verbosity) },
		func() (err error) { r.target, err = f.target(s); return },
		func() (err error) { r.plan, err = f.planOptions(); return },
		func() (err error) { r.question, err = f.question(s); return },
		func() error { return f.checkVerifying(r.question) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return request{}, err
		}
	}
	return r, nil
}

func (f *flags) checkVerifying(q model.Question) error {
	switch {
	case f.verify != "" && !slices.Contains(verifications, f.verify):
		return usage(fmt.Sprintf("--verify=%s is not known", f.verify), "it is one of "+listOf(verifications))
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
	return usage(fmt.Sprintf("--verbosity=%s is not known", word), "it is one of "+strings.Join(verbosities, ", "))
}

func (f *flags) planOptions() (model.PlanOptions, error) {
	o := model.PlanOptions{Scope: model.Scope(f.scope), Only: f.only}
	if f.scope != "" && !slices.Contains(scopes, o.Scope) {
		return o, usage(fmt.Sprintf("--scope=%s is not known", f.scope), "it is one of "+listOf(scopes))
	}
	for _, id := range f.only {
		family, _, _ := strings.Cut(id, "#")
		if !slices.Contains(model.CheckIDs[:], family) {
			return o, usage(fmt.Sprintf("--only=%s names no check", id), "the checks are "+listOf(model.CheckIDs[:]))
		}
	}
	return o, nil
}

// question reads what is asked; what was not given stays empty, for complete to judge.
func (f *flags) question(s streams) (q model.Question, err error) {
	q = model.Question{Image: f.image, Strict: f.strict}
	if q.Project, err = f.consumer(s); err != nil {
		return q, err
	}
	if q.Workload, err = f.workload(s); err != nil {
		return q, err
	}
	if err = f.readImage(&q); err != nil {
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

func (f *flags) consumer(s streams) (string, error) {
	project := cmp.Or(f.project, s.env("CLOUDSDK_CORE_PROJECT"))
	if project == "" {
		return "", nil
	}
	return project, model.CheckProject(project)
}

// workload reads the one workload that is named, with its region.
func (f *flags) workload(s streams) (*model.WorkloadName, error) {
	region := cmp.Or(f.region, s.env("CLOUDSDK_RUN_REGION"))
	named := f.named()
	switch {
	case len(named) > 1:
		return nil, usage(fmt.Sprintf("--%s and --%s name two workloads", named[0].Kind, named[1].Kind),
			"give one of --service, --job and --worker-pool")
	case len(named) == 0 && f.region == "":
		return nil, nil
	case len(named) == 0: // a wrong region is told even where no workload needs it
		return nil, model.WorkloadName{Kind: model.Service, Name: "any", Region: region}.Check()
	case region == "":
		return nil, usage(fmt.Sprintf("--%s needs a region", named[0].Kind),
			"add --region, for example --region=asia-northeast1, or set CLOUDSDK_RUN_REGION")
	}
	w := named[0]
	w.Region = region
	return &w, w.Check()
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

func (f *flags) readImage(q *model.Question) (err error) {
	switch {
	case f.image != "" && f.repository != "":
		return usage("--image and --repository are both given", "give one: --repository is for before the first push")
	case f.image != "":
		_, err = model.ParseImage(f.image)
	case f.repository != "":
		q.Repository, err = model.ParseRepository(f.repository)
	}
	return err
}

// complete refuses a question that nothing can be answered to.
func (r request) complete() error {
	q := r.question
	switch {
	case q.Project == "":
		return usage("no consumer project is given", "add --project=PROJECT, the project where the image runs, or set CLOUDSDK_CORE_PROJECT")
	case q.Workload == nil && q.Image == "" && q.Repository.ID == "":
		return usage("nothing is given to ask about",
			"name a workload (--service, --job or --worker-pool, with --region), an --image, or a --repository")
	}
	return nil
}
