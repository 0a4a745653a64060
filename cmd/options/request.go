package options

import (
	"fmt"
	"slices"
	"strings"

	"whopulls/cmd/console"
	"whopulls/gcp/gcloud"
	"whopulls/model"
)

// Request is a question, and the session that it is asked in.
type Request struct {
	Session
	Question model.Question
	Plan     model.PlanOptions
	Region   string // of --region alone, which names no workload
}

// Request reads a question with everything that it needs.
func (f QuestionFlags) Request(in CommandLine, cloud CloudFlags, diagnosis DiagnosisFlags, plan PlanFlags, formats []Format) (r Request, err error) {
	r.Region = f.Region
	if r.Session, err = cloud.Session(in, diagnosis.FormatFlag, formats, f.Project, f.Region); err != nil {
		return r, err
	}
	if r.Plan, err = plan.parse(); err != nil {
		return r, err
	}
	r.Question, err = f.parse(diagnosis, r.Config)
	return r, err
}

// Validate refuses a proof that can't be had. planned says that the question comes from a plan file.
func (f VerifyFlags) Validate(q model.Question, planned bool) error {
	switch {
	case f.Verify != "" && !slices.Contains(verifyModes, f.Verify):
		return console.UsageError(fmt.Sprintf("--verify=%s is not known", f.Verify), append(DidYouMean(f.Verify, verifyModes), "it is one of "+JoinNames(verifyModes))...)
	case f.Verify == VerifyDeploy && q.Workload == nil && !planned:
		return console.UsageError("--verify=deploy needs a workload that exists", "name it: --service, --job or --worker-pool, with --region")
	case f.Wait < 0:
		return console.UsageError(fmt.Sprintf("--wait=%s is negative", f.Wait), "write it as 30s or 5m")
	}
	return nil
}

func (f PlanFlags) parse() (model.PlanOptions, error) {
	o := model.PlanOptions{Scope: model.Scope(f.scope), Only: TrimmedItems(f.only)}
	if f.scope != "" && !slices.Contains(Scopes, o.Scope) {
		return o, console.UsageError(fmt.Sprintf("--scope=%s is not known", f.scope), append(DidYouMean(f.scope, ToStrings(Scopes)), "it is one of "+JoinNames(Scopes))...)
	}
	for _, id := range o.Only {
		family, _, _ := strings.Cut(id, "#")
		if !slices.Contains(model.CheckIDs[:], family) {
			return o, console.UsageError(fmt.Sprintf("--only=%s names no check", id), append(DidYouMean(family, model.CheckIDs[:]), "the checks are "+JoinNames(model.CheckIDs[:]))...)
		}
	}
	return o, nil
}

// parse reads what is asked. What was not given stays empty, for validate to judge.
func (f QuestionFlags) parse(diagnosis DiagnosisFlags, c *gcloud.Configuration) (q model.Question, err error) {
	q = model.Question{Strict: diagnosis.strict}
	if q.Project, err = ConsumerProject(c); err != nil {
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

// ConsumerProject is the project that flags, variables or gcloud's configuration name; empty: none do.
func ConsumerProject(c *gcloud.Configuration) (string, error) {
	project := c.Text(gcloud.Project)
	if project == "" {
		return "", nil
	}
	return project, model.ValidateProject(project)
}

// parseWorkload reads the one workload that is named, with its region.
func (f QuestionFlags) parseWorkload(c *gcloud.Configuration) (*model.WorkloadName, error) {
	region := c.Text(gcloud.Region)
	named := f.NamedWorkloads()
	switch {
	case len(named) > 1:
		return nil, console.UsageError(fmt.Sprintf("--%s and --%s name two workloads", named[0].Kind, named[1].Kind),
			"give one of --service, --job and --worker-pool")
	case len(named) == 0 && f.Region == "":
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
func (f QuestionFlags) parseKind(q *model.Question) error {
	kind, given := model.WorkloadKind(f.kind), "--"+FlagKind+"="+f.kind
	if f.kind != "" && !slices.Contains(Kinds, kind) {
		return console.UsageError(given+" is not known", append(DidYouMean(f.kind, ToStrings(Kinds)), "it is one of "+JoinNames(Kinds))...)
	}
	if q.Workload != nil {
		if f.kind != "" && kind != q.Workload.Kind {
			return console.UsageError(fmt.Sprintf("%s and --%s name two kinds", given, q.Workload.Kind),
				"leave --"+FlagKind+" out: it is for a new deployment that has no name yet")
		}
		kind, given = q.Workload.Kind, "--"+string(q.Workload.Kind)
	} else {
		q.Kind = kind
	}
	if q.Public = f.public; q.Public && kind != "" && kind != model.Service {
		return console.UsageError("--"+FlagPublic+" and "+given+" don't go together", "only a service can be called by everybody; leave --"+FlagPublic+" out")
	}
	return nil
}

// NamedWorkloads are the workloads that the flags name, without a region.
func (f QuestionFlags) NamedWorkloads() []model.WorkloadName {
	var named []model.WorkloadName
	for _, w := range []model.WorkloadName{{Kind: model.Service, Name: f.Service}, {Kind: model.Job, Name: f.Job},
		{Kind: model.WorkerPool, Name: f.WorkerPool}} {
		if w.Name != "" {
			named = append(named, w)
		}
	}
	return named
}

func (f QuestionFlags) parseImage(q *model.Question, repository string, c *gcloud.Configuration) (err error) {
	switch {
	case f.image != "" && repository != "":
		return console.UsageError("--image and --repository are both given", "give one: --repository is for before the first push")
	case f.image != "":
		q.Image, err = model.ParseImage(f.image)
	case repository != "":
		q.Repository, err = ParseRepository(repository, c)
	}
	return err
}

// Validate refuses a question that nothing can be answered to.
func (r Request) Validate() error { return ValidateQuestion(r.Question) }

// ValidateQuestion refuses a question without a consumer project, or about nothing.
func ValidateQuestion(q model.Question) error {
	switch {
	case q.Project == "":
		return console.UsageError("no consumer project is given", "add --project=PROJECT, the project where the image runs, or set one for all: gcloud config set project")
	case q.Workload == nil && q.Image.IsZero() && q.Repository.ID == "":
		return console.UsageError("nothing is given to ask about",
			"name a workload (--service, --job or --worker-pool, with --region), an --image, or a --repository")
	}
	return nil
}
