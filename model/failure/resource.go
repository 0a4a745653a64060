package failure

import (
	"cmp"
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/model/words"
	"whopulls/text/pattern"
)

// resourceRef is the resource that the matched message is about, as far as it names one that a command can show.
type resourceRef struct {
	noun      bilingual
	name      string // what the noun names
	region    string
	isNamed   bool
	showArgs  []string // gcloud's words that show it, or list those among which it would stand
	grantArgs []string // gcloud's words that add a binding to it, without member and role
}

const registryAPI, storageAPI, secretsAPI = "artifactregistry.googleapis.com", "storage.googleapis.com", "secretmanager.googleapis.com"

// refusedResource is what was refused.
func (f Failure) refusedResource() resourceRef {
	if f.Cause == RegistryDenied {
		return f.refusedRepository()
	}
	switch f.details.service {
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
	switch f.details.variant {
	case variantStagingBucket, variantBucket:
		return f.refusedBucket()
	case variantSecret:
		return f.refusedSecret()
	}
	if f.clues.kmsKeyRefused || f.details.variant == variantKey {
		return resourceRef{noun: nounKey}
	}
	if project := submatch(projectName, f.details.resource); project != "" {
		return projectResource(project)
	}
	return resourceRef{noun: nounResource}
}

// workloadNouns say a workload with its region.
var workloadNouns = map[model.WorkloadKind]bilingual{model.Service: nounServiceIn, model.Job: nounJobIn, model.WorkerPool: nounPoolIn}

// gcloudGroups are gcloud's words for the kinds.
var gcloudGroups = map[model.WorkloadKind]string{model.Service: "services", model.Job: "jobs", model.WorkerPool: "worker-pools"}

// gcloudGroupByPermission are gcloud's words by the first two of a permission.
var gcloudGroupByPermission = map[string]string{"run.services": "services", "run.jobs": "jobs", "run.workerpools": "worker-pools"}

func (f Failure) refusedWorkload() resourceRef {
	w := f.Workload
	if f.ConsumerProject == "" {
		return resourceRef{noun: nounResource}
	}
	if strings.HasSuffix(f.Permission, ".create") { // it is the project that may not exist
		return projectResource(f.ConsumerProject)
	}
	if w == nil { // its region was not read
		t := resourceRef{noun: nounResource}
		if group, ok := gcloudGroupByPermission[strings.Join(strings.SplitN(f.Permission, ".", 3)[:2], ".")]; ok {
			t.showArgs = []string{"gcloud", "run", group, "list", "--project=" + f.ConsumerProject}
		}
		return t
	}
	flags := []string{"--region=" + w.Region, "--project=" + f.ConsumerProject}
	run := []string{"gcloud", "run", gcloudGroups[w.Kind]}
	return resourceRef{noun: workloadNouns[w.Kind], name: w.Name, region: w.Region, isNamed: true,
		showArgs:  slices.Concat(run, []string{"describe", w.Name}, flags),
		grantArgs: slices.Concat(run, []string{"add-iam-policy-binding", w.Name}, flags)}
}

func (f Failure) refusedRepository() resourceRef {
	r, err := model.ParseRepository(f.Repository)
	if err != nil {
		return resourceRef{noun: nounRepository}
	}
	flags := []string{"--location=" + r.Location, "--project=" + r.Project}
	return resourceRef{noun: nounRepositoryNamed, name: f.Repository, isNamed: true,
		showArgs:  slices.Concat([]string{"gcloud", "artifacts", "repositories", "describe", r.ID}, flags),
		grantArgs: slices.Concat([]string{"gcloud", "artifacts", "repositories", "add-iam-policy-binding", r.ID}, flags)}
}

// refusedAccount: a default account's e-mail shows the number of its project, which gcloud takes as well as the ID.
func (f Failure) refusedAccount() resourceRef {
	project := model.AccountProject(f.ServiceAccount)
	if f.ServiceAccount == "" {
		return resourceRef{noun: f.accountNoun()}
	}
	r := resourceRef{noun: nounAccountNamed, name: f.ServiceAccount, isNamed: true}
	if project != "" {
		accounts := []string{"gcloud", "iam", "service-accounts"}
		r.showArgs = slices.Concat(accounts, []string{"describe", f.ServiceAccount, "--project=" + project})
		r.grantArgs = slices.Concat(accounts, []string{"add-iam-policy-binding", f.ServiceAccount, "--project=" + project})
	}
	return r
}

var (
	secretName = pattern.Lazy(`^projects/([^/]+)/secrets/([^/]+)`)
	bucketName = pattern.Lazy(`^(?:gs://|projects/_/buckets/|b/)?([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])(?:/|$)`)
)

func (f Failure) refusedSecret() resourceRef {
	name := secretName().FindStringSubmatch(f.details.resource)
	if name == nil {
		return resourceRef{noun: nounSecret}
	}
	return resourceRef{noun: nounSecretNamed, name: name[2], isNamed: true,
		showArgs:  []string{"gcloud", "secrets", "describe", name[2], "--project=" + name[1]},
		grantArgs: []string{"gcloud", "secrets", "add-iam-policy-binding", name[2], "--project=" + name[1]}}
}

func (f Failure) refusedBucket() resourceRef {
	name := bucketName().FindStringSubmatch(f.details.resource)
	if name == nil {
		return resourceRef{noun: nounBucket}
	}
	return resourceRef{noun: nounBucketNamed, name: name[1], isNamed: true,
		showArgs:  []string{"gcloud", "storage", "buckets", "describe", "gs://" + name[1]},
		grantArgs: []string{"gcloud", "storage", "buckets", "add-iam-policy-binding", "gs://" + name[1]}}
}

func (r resourceRef) text(v values) words.Text {
	v.Name, v.Region = words.Name(r.name), words.Name(r.region)
	return r.noun.With(v)
}

// registryHost is the registry's, for signing in to it; empty if no image and no repository tells it.
func (f Failure) registryHost() string {
	if host, _, ok := strings.Cut(f.Image, "/"); ok && imageOf(f.Image).Registry == model.ArtifactRegistry {
		return host
	}
	r, err := model.ParseRepository(f.Repository)
	if err != nil || strings.HasSuffix(r.ID, "gcr.io") {
		return ""
	}
	return r.Location + "-docker.pkg.dev"
}

// grantResource is where a role is granted so that it helps: on what was refused, else on the project.
func (f Failure) grantResource(role string) resourceRef {
	refused := f.refusedResource()
	switch {
	case role == "roles/serviceusage.serviceUsageConsumer", f.details.variant == variantCreateOnPush, f.details.variant == variantConnector:
		return f.homeProjectResource()
	case slices.ContainsFunc(builderRoles, func(r predefinedRole) bool { return r.id == role }):
		return f.homeProjectResource()
	case f.Identity == IdentityDeployer && (f.details.service == runAPI || f.isSourceDeploy()): // what is deployed for the first time has no policy yet
		return f.homeProjectResource()
	case f.Cause == ActAs:
		return f.refusedAccount()
	case refused.noun == nounResource:
		if project := submatch(projectPrefix, f.details.resource); project != "" && f.details.service != runAPI {
			return projectResource(project)
		}
		return f.homeProjectResource()
	}
	return refused
}

func (f Failure) homeProjectResource() resourceRef {
	project := f.homeProject()
	if project == "" {
		return resourceRef{noun: nounProject}
	}
	return projectResource(project)
}

func projectResource(project string) resourceRef {
	return resourceRef{noun: nounProjectNamed, name: project, isNamed: true, showArgs: []string{"gcloud", "projects", "describe", project}, grantArgs: projectGrantArgs(project)}
}

var (
	projectName       = pattern.Lazy(`^(?://cloudresourcemanager\.googleapis\.com/)?projects/([a-z0-9-]+)$`)
	projectPrefix     = pattern.Lazy(`^(?://[a-z]+\.googleapis\.com/)?projects/([a-z0-9-]+)/`)
	stagingBucketName = pattern.Lazy(`^([a-z][a-z0-9-]+)_cloudbuild$`)
)

// homeProject is the project that the refused account works in. It is the project that runs the image, else
// the refused project, the staging bucket's project, or the project of a build's account.
func (f Failure) homeProject() string {
	if f.details.variant == variantCreateOnPush {
		return f.ImageProject
	}
	return cmp.Or(f.ConsumerProject, submatch(projectName, f.details.resource), submatch(stagingBucketName, f.refusedBucket().name),
		model.BuildAccountProject(f.emailAtFault()), model.DefaultComputeProject(f.emailAtFault()))
}
