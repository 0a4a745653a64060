package cmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"whopulls/cmd/console"
	"whopulls/gcp/gcloud"
	"whopulls/model"
	"whopulls/settings"
)

// session is what every command that calls a cloud knows: which cloud, and how to behave.
type session struct {
	target       target
	config       *gcloud.Configuration // gcloud's, with the flags on top
	format       format
	verbosity    string
	noPrompts    bool // core/disable_prompts
	screenReader bool // accessibility/screen_reader
	quiet        bool // --quiet on the command line: consent to every certain step
	readOnly     bool
	production   string // pattern of projects that are production
	settings     settings.Settings
	command      string   // that was given
	repeatFlags  []string // the flags to repeat in the command that comes next, not quoted
	otherFlags   []string // the other flags that were given
}

// request is a question, and the session that it is asked in.
type request struct {
	session
	question model.Question
	plan     model.PlanOptions
	region   string // of --region alone, which names no workload
}

// commandLine is what the options of a command are parsed from, in addition to the flags themselves.
type commandLine struct {
	io      console.Streams
	set     *pflag.FlagSet
	command string
	// tolerant makes a session of what can be understood, where something else is wrong.
	tolerant bool
}

func (p *program) commandLine(c *cobra.Command) commandLine {
	return commandLine{io: p.io, set: c.Flags(), command: c.Name()}
}

// start applies what a command line says about the program itself, also where it is wrong in something else: err.
func (p *program) start(s session, err error) error {
	p.io.ScreenReader, p.verbosity = s.screenReader, s.verbosity
	return err
}

// session reads the flags and the variables behind them. It changes nothing, and finds every error before any network.
func (f cloudFlags) session(in commandLine, form formatFlag, formats []format, project, region string) (session, error) {
	r := session{quiet: f.quiet, repeatFlags: repeatableFlags(in.set), otherFlags: otherFlags(in.set), command: in.command}
	steps := []func() error{
		func() error { return refuseEmpty(in.set) },
		func() (err error) { r.format, err = parseFormat(form.format, formats); return },
		func() error { return r.applyGuards(f.readOnly, in.set.Changed("read-only"), in.io) },
		func() (err error) { r.target, r.config, err = f.resolveTarget(in.io, project, region); return },
		func() error { return r.applyDefaults(f.verbosity, in.set.Changed(flagVerbosity)) },
		func() error { return r.setCallLog(f.logHTTP, in.set.Changed(flagLogHTTP), in.io) },
	}
	var first error
	for _, step := range steps {
		err := step()
		if first == nil {
			first = err
		}
		if err != nil && !in.tolerant {
			return r, err
		}
	}
	return r, first
}

// request reads a question with everything that it needs.
func (f questionFlags) request(in commandLine, cloud cloudFlags, diagnosis diagnosisFlags, plan planFlags, formats []format) (r request, err error) {
	r.region = f.region
	if r.session, err = cloud.session(in, diagnosis.formatFlag, formats, f.project, f.region); err != nil {
		return r, err
	}
	if r.plan, err = plan.parse(); err != nil {
		return r, err
	}
	r.question, err = f.parse(diagnosis, r.config)
	return r, err
}

// validate refuses a proof that can't be had. planned says that the question comes from a plan file.
func (f verifyFlags) validate(q model.Question, planned bool) error {
	switch {
	case f.verify != "" && !slices.Contains(verifyModes, f.verify):
		return console.UsageError(fmt.Sprintf("--verify=%s is not known", f.verify), append(didYouMean(f.verify, verifyModes), "it is one of "+joinNames(verifyModes))...)
	case f.verify == verifyDeploy && q.Workload == nil && !planned:
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

func (f planFlags) parse() (model.PlanOptions, error) {
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

// parse reads what is asked. What was not given stays empty, for validate to judge.
func (f questionFlags) parse(diagnosis diagnosisFlags, c *gcloud.Configuration) (q model.Question, err error) {
	q = model.Question{Image: f.image, Strict: diagnosis.strict}
	if q.Project, err = consumerProject(c); err != nil {
		return q, err
	}
	if q.Workload, err = f.parseWorkload(c); err != nil {
		return q, err
	}
	if err = f.parseKind(&q); err != nil {
		return q, err
	}
	if err = f.parseImage(&q, diagnosis.repository, c); err != nil {
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

func consumerProject(c *gcloud.Configuration) (string, error) {
	project := c.Text(gcloud.Project)
	if project == "" {
		return "", nil
	}
	return project, model.ValidateProject(project)
}

// parseWorkload reads the one workload that is named, with its region.
func (f questionFlags) parseWorkload(c *gcloud.Configuration) (*model.WorkloadName, error) {
	region := c.Text(gcloud.Region)
	named := f.namedWorkloads()
	switch {
	case len(named) > 1:
		return nil, console.UsageError(fmt.Sprintf("--%s and --%s name two workloads", named[0].Kind, named[1].Kind),
			"give one of --service, --job and --worker-pool")
	case len(named) == 0 && f.region == "":
		return nil, nil
	case len(named) == 0: // a wrong region is an error even where no workload needs it
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
func (f questionFlags) parseKind(q *model.Question) error {
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

func (f questionFlags) namedWorkloads() []model.WorkloadName {
	var named []model.WorkloadName
	for _, w := range []model.WorkloadName{{Kind: model.Service, Name: f.service}, {Kind: model.Job, Name: f.job},
		{Kind: model.WorkerPool, Name: f.workerPool}} {
		if w.Name != "" {
			named = append(named, w)
		}
	}
	return named
}

func (f questionFlags) parseImage(q *model.Question, repository string, c *gcloud.Configuration) (err error) {
	switch {
	case f.image != "" && repository != "":
		return console.UsageError("--image and --repository are both given", "give one: --repository is for before the first push")
	case f.image != "":
		_, err = model.ParseImage(f.image)
	case repository != "":
		q.Repository, err = parseRepository(repository, c)
	}
	return err
}

// validate refuses a question that nothing can be answered to.
func (r request) validate() error { return validateQuestion(r.question) }

func validateQuestion(q model.Question) error {
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
func (r *session) applyGuards(flag, flagGiven bool, s console.Streams) error {
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
		r.readOnly = flag
	}
	if value, ok := s.Lookup("WHOPULLS_PRODUCTION"); ok {
		r.production = settings.ProductionPattern(value)
	}
	return settings.ValidatePattern(r.production, "WHOPULLS_PRODUCTION")
}
