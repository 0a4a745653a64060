package failure

import (
	"cmp"
	"regexp"
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/model/words"
)

// target is the resource that the matched message is about, as far as it names one that a command can show.
type target struct {
	noun   entry
	name   string // what the noun names
	region string
	named  bool
	show   []string // gcloud's words that show it, or list those among which it would stand
	grant  []string // gcloud's words that add a binding to it, without member and role
}

const registryAPI, storageAPI, secretsAPI = "artifactregistry.googleapis.com", "storage.googleapis.com", "secretmanager.googleapis.com"

// resource is what was refused.
func (f Failure) resource() target {
	if f.Cause == RegistryDenied {
		return f.refusedRepository()
	}
	switch f.matter.service {
	case runAPI:
		return f.refusedWorkload()
	case registryAPI:
		return f.refusedRepository()
	case iamAPI:
		return f.refusedAccount()
	case storageAPI:
		return f.refusedBucket()
	case secretsAPI:
		return f.refusedSecret()
	}
	switch f.matter.wording {
	case stagingBucket, bucketRefused:
		return f.refusedBucket()
	case secretRefused:
		return f.refusedSecret()
	}
	if f.setting.ofKey || f.matter.wording == keyRefused {
		return target{noun: nounKey}
	}
	if project := submatch(projectName, f.matter.resource); project != "" {
		return projectTarget(project)
	}
	return target{noun: nounResource}
}

// workloadNouns say a workload with its region.
var workloadNouns = map[model.WorkloadKind]entry{model.Service: nounServiceIn, model.Job: nounJobIn, model.WorkerPool: nounPoolIn}

// gcloudGroups are gcloud's words for the kinds.
var gcloudGroups = map[model.WorkloadKind]string{model.Service: "services", model.Job: "jobs", model.WorkerPool: "worker-pools"}

// groupsOfPermissions are gcloud's words by the first two of a permission.
var groupsOfPermissions = map[string]string{"run.services": "services", "run.jobs": "jobs", "run.workerpools": "worker-pools"}

func (f Failure) refusedWorkload() target {
	w := f.Workload
	if f.ConsumerProject == "" {
		return target{noun: nounResource}
	}
	if strings.HasSuffix(f.Permission, ".create") { // it is the project that may not exist
		return projectTarget(f.ConsumerProject)
	}
	if w == nil { // its region was not read
		t := target{noun: nounResource}
		if group, ok := groupsOfPermissions[strings.Join(strings.SplitN(f.Permission, ".", 3)[:2], ".")]; ok {
			t.show = []string{"gcloud", "run", group, "list", "--project=" + f.ConsumerProject}
		}
		return t
	}
	at := []string{"--region=" + w.Region, "--project=" + f.ConsumerProject}
	run := []string{"gcloud", "run", gcloudGroups[w.Kind]}
	return target{noun: workloadNouns[w.Kind], name: w.Name, region: w.Region, named: true,
		show:  slices.Concat(run, []string{"describe", w.Name}, at),
		grant: slices.Concat(run, []string{"add-iam-policy-binding", w.Name}, at)}
}

func (f Failure) refusedRepository() target {
	r, err := model.ParseRepository(f.Repository)
	if err != nil {
		return target{noun: nounRepository}
	}
	at := []string{"--location=" + r.Location, "--project=" + r.Project}
	return target{noun: nounRepositoryNamed, name: f.Repository, named: true,
		show:  slices.Concat([]string{"gcloud", "artifacts", "repositories", "describe", r.ID}, at),
		grant: slices.Concat([]string{"gcloud", "artifacts", "repositories", "add-iam-policy-binding", r.ID}, at)}
}

// refusedAccount: a default account's e-mail shows the number of its project, which gcloud takes as well as the ID.
func (f Failure) refusedAccount() target {
	project := model.AccountProject(f.ServiceAccount)
	if f.ServiceAccount == "" {
		return target{noun: f.accountNoun()}
	}
	r := target{noun: nounAccountNamed, name: f.ServiceAccount, named: true}
	if project != "" {
		accounts := []string{"gcloud", "iam", "service-accounts"}
		r.show = slices.Concat(accounts, []string{"describe", f.ServiceAccount, "--project=" + project})
		r.grant = slices.Concat(accounts, []string{"add-iam-policy-binding", f.ServiceAccount, "--project=" + project})
	}
	return r
}

var (
	secretName = regexp.MustCompile(`^projects/([^/]+)/secrets/([^/]+)`)
	bucketName = regexp.MustCompile(`^(?:gs://|projects/_/buckets/|b/)?([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])(?:/|$)`)
)

func (f Failure) refusedSecret() target {
	name := secretName.FindStringSubmatch(f.matter.resource)
	if name == nil {
		return target{noun: nounSecret}
	}
	return target{noun: nounSecretNamed, name: name[2], named: true,
		show:  []string{"gcloud", "secrets", "describe", name[2], "--project=" + name[1]},
		grant: []string{"gcloud", "secrets", "add-iam-policy-binding", name[2], "--project=" + name[1]}}
}

func (f Failure) refusedBucket() target {
	name := bucketName.FindStringSubmatch(f.matter.resource)
	if name == nil {
		return target{noun: nounBucket}
	}
	return target{noun: nounBucketNamed, name: name[1], named: true,
		show:  []string{"gcloud", "storage", "buckets", "describe", "gs://" + name[1]},
		grant: []string{"gcloud", "storage", "buckets", "add-iam-policy-binding", "gs://" + name[1]}}
}

func (r target) text(v values) words.Text {
	v.Name, v.Region = words.Name(r.name), words.Name(r.region)
	return r.noun.With(v)
}

// host is the registry's, for signing in to it; empty where no image and no repository tells it.
func (f Failure) host() string {
	if host, _, ok := strings.Cut(f.Image, "/"); ok && imageOf(f.Image).Registry == model.ArtifactRegistry {
		return host
	}
	r, err := model.ParseRepository(f.Repository)
	if err != nil || strings.HasSuffix(r.ID, "gcr.io") {
		return ""
	}
	return r.Location + "-docker.pkg.dev"
}

// place is where a role is granted so that it helps: on what was refused, else on the project.
func (f Failure) place(role string) target {
	refused := f.resource()
	switch {
	case role == "roles/serviceusage.serviceUsageConsumer", f.matter.wording == createOnPush, f.matter.wording == connectorRefused:
		return f.onProject()
	case slices.ContainsFunc(buildersRoles, func(r listedRole) bool { return r.id == role }):
		return f.onProject()
	case f.Identity == IdentityDeployer && (f.matter.service == runAPI || f.fromSource()): // what is deployed for the first time has no policy yet
		return f.onProject()
	case f.Cause == ActAs:
		return f.refusedAccount()
	case refused.noun == nounResource:
		if project := submatch(projectOf, f.matter.resource); project != "" && f.matter.service != runAPI {
			return projectTarget(project)
		}
		return f.onProject()
	}
	return refused
}

func (f Failure) onProject() target {
	project := f.homeProject()
	if project == "" {
		return target{noun: nounProject}
	}
	return projectTarget(project)
}

func projectTarget(project string) target {
	return target{noun: nounProjectNamed, name: project, named: true, show: []string{"gcloud", "projects", "describe", project}, grant: projectGrant(project)}
}

var (
	projectName = regexp.MustCompile(`^(?://cloudresourcemanager\.googleapis\.com/)?projects/([a-z0-9-]+)$`)
	projectOf   = regexp.MustCompile(`^(?://[a-z]+\.googleapis\.com/)?projects/([a-z0-9-]+)/`)
	stagingOf   = regexp.MustCompile(`^([a-z][a-z0-9-]+)_cloudbuild$`)
)

// homeProject is where whoever was refused works: the project that runs the image, else the one that was refused, that of
// the staging bucket, or that of a build's account.
func (f Failure) homeProject() string {
	if f.matter.wording == createOnPush {
		return f.ImageProject
	}
	return cmp.Or(f.ConsumerProject, submatch(projectName, f.matter.resource), submatch(stagingOf, f.refusedBucket().name),
		model.BuildAccountProject(f.email()), model.DefaultComputeProject(f.email()))
}
