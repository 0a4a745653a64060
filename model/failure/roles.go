package failure

import (
	"cmp"
	"slices"
	"strings"

	"whopulls/model"
)

// listedRole is a predefined role with what it holds of the permissions that failures are about; those of one resource
// stand together, their verbs apart.
type listedRole struct {
	id    string
	total int // permissions in the whole role
	holds []string
}

// The roles are those of the IAM API on 2026-08-22 (iann0036/iam-dataset), without basic, service agents' and legacy ones.
var anybodysRoles = []listedRole{
	{"roles/artifactregistry.reader", 33, []string{"artifactregistry.repositories.downloadArtifacts|get|list|readViaVirtualRepository",
		"artifactregistry.tags.get|list"}},
	{"roles/artifactregistry.viewer", 35, []string{
		"artifactregistry.repositories.downloadArtifacts|get|getIamPolicy|list|readViaVirtualRepository", "artifactregistry.tags.get|list"}},
	{"roles/artifactregistry.writer", 44, []string{
		"artifactregistry.repositories.downloadArtifacts|get|list|readViaVirtualRepository|uploadArtifacts",
		"artifactregistry.tags.create|get|list|update"}},
	{"roles/artifactregistry.createOnPushWriter", 45, []string{
		"artifactregistry.repositories.createOnPush|downloadArtifacts|get|list|readViaVirtualRepository|uploadArtifacts",
		"artifactregistry.tags.create|get|list|update"}},
	{"roles/artifactregistry.repoAdmin", 53, []string{
		"artifactregistry.repositories.deleteArtifacts|downloadArtifacts|get|list|readViaVirtualRepository|uploadArtifacts",
		"artifactregistry.tags.create|delete|get|list|update"}},
	{"roles/artifactregistry.editor", 61, []string{
		"artifactregistry.repositories.create|createOnPush|delete|deleteArtifacts|downloadArtifacts|get|getIamPolicy|list|readViaVirtualRepository|update|uploadArtifacts",
		"artifactregistry.tags.create|delete|get|list|update"}},
	{"roles/artifactregistry.admin", 67, []string{
		"artifactregistry.repositories.create|delete|deleteArtifacts|downloadArtifacts|get|getIamPolicy|list|readViaVirtualRepository|setIamPolicy|update|uploadArtifacts",
		"artifactregistry.tags.create|delete|get|list|update"}},
	{"roles/run.servicesInvoker", 1, []string{"run.routes.invoke"}},
	{"roles/run.jobsExecutor", 2, []string{"run.jobs.run"}},
	{"roles/run.invoker", 3, []string{"run.jobs.run", "run.routes.invoke"}},
	{"roles/run.viewer", 50, []string{"run.executions.get|list", "run.instances.get|getIamPolicy|list", "run.jobs.get|getIamPolicy|list",
		"run.locations.list", "run.operations.get", "run.revisions.get|list", "run.services.get|getIamPolicy|list",
		"run.workerpools.get|getIamPolicy|list"}},
	{"roles/run.developer", 89, []string{"run.executions.get|list", "run.instances.create|delete|get|getIamPolicy|list|update",
		"run.jobs.create|delete|get|getIamPolicy|list|run|update", "run.locations.list", "run.operations.get", "run.revisions.get|list",
		"run.routes.invoke", "run.services.create|delete|get|getIamPolicy|list|update",
		"run.workerpools.create|delete|get|getIamPolicy|list|update"}},
	{"roles/run.admin", 97, []string{"run.executions.get|list", "run.instances.create|delete|get|getIamPolicy|list|setIamPolicy|update",
		"run.jobs.create|delete|get|getIamPolicy|list|run|setIamPolicy|update", "run.locations.list", "run.operations.get",
		"run.revisions.get|list", "run.routes.invoke", "run.services.create|createTagBinding|delete|get|getIamPolicy|list|setIamPolicy|update",
		"run.workerpools.create|delete|get|getIamPolicy|list|setIamPolicy|update"}},
	{"roles/iam.serviceAccountUser", 5, []string{"iam.serviceAccounts.actAs|get|list"}},
	{"roles/iam.serviceAccountTokenCreator", 9, []string{
		"iam.serviceAccounts.get|getAccessToken|getOpenIdToken|implicitDelegation|list|signBlob|signJwt"}},
	{"roles/iam.serviceAccountOpenIdTokenCreator", 1, []string{"iam.serviceAccounts.getOpenIdToken"}},
	{"roles/iam.serviceAccountViewer", 9, []string{"iam.serviceAccounts.get|getIamPolicy|list"}},
	{"roles/iam.serviceAccountCreator", 5, []string{"iam.serviceAccounts.create|get|list"}},
	{"roles/iam.serviceAccountDeleter", 5, []string{"iam.serviceAccounts.delete|get|list"}},
	{"roles/iam.serviceAccountAdmin", 19, []string{
		"iam.serviceAccounts.create|delete|disable|enable|get|getIamPolicy|list|setIamPolicy|undelete"}},
	{"roles/secretmanager.secretAccessor", 3, []string{"secretmanager.versions.access"}},
	{"roles/secretmanager.viewer", 11, []string{"secretmanager.secrets.get"}},
	{"roles/secretmanager.admin", 29, []string{"secretmanager.secrets.get", "secretmanager.versions.access"}},
	{"roles/storage.objectViewer", 8, []string{"storage.objects.get|list"}},
	{"roles/storage.objectCreator", 10, []string{"storage.objects.create"}},
	{"roles/storage.objectUser", 27, []string{"storage.objects.create|get|list"}},
	{"roles/cloudbuild.builds.viewer", 9, []string{"cloudbuild.builds.get|list"}},
	{"roles/cloudbuild.builds.editor", 11, []string{"cloudbuild.builds.create|get|list"}},
	{"roles/cloudsql.client", 2, []string{"cloudsql.instances.connect"}},
	{"roles/logging.logWriter", 2, []string{"logging.logEntries.create"}},
	{"roles/serviceusage.serviceUsageViewer", 15, []string{"serviceusage.services.get|list"}},
	{"roles/serviceusage.serviceUsageConsumer", 16, []string{"serviceusage.services.get|list|use"}},
	{"roles/serviceusage.serviceUsageAdmin", 24, []string{"serviceusage.services.enable|get|list|use"}},
	{"roles/resourcemanager.projectIamAdmin", 9, []string{"resourcemanager.projects.setIamPolicy"}},
	{"roles/compute.networkUser", 222, []string{"compute.subnetworks.use", "serviceusage.services.get|list"}},
}

// deployersRoles are what somebody is given who deploys: whoever lacks one permission of a deploy needs them all.
var deployersRoles = slices.DeleteFunc(slices.Clone(anybodysRoles), func(r listedRole) bool {
	return strings.HasPrefix(r.id, "roles/run.") && r.id != "roles/run.developer" && r.id != "roles/run.admin"
})

// buildersRoles are what a build's account is given, for the same reason (iam-facts 12.16).
var buildersRoles = []listedRole{
	{"roles/run.builder", 6, []string{"artifactregistry.repositories.deleteArtifacts|downloadArtifacts|uploadArtifacts",
		"logging.logEntries.create", "storage.objects.get"}},
	{"roles/cloudbuild.builds.builder", 78, []string{
		"artifactregistry.repositories.createOnPush|deleteArtifacts|downloadArtifacts|get|list|readViaVirtualRepository|uploadArtifacts",
		"artifactregistry.tags.create|get|list|update", "cloudbuild.builds.create|get|list", "logging.logEntries.create",
		"storage.objects.create|get|list"}},
}

// ownersLack are permissions of the list that roles/owner does not hold.
var ownersLack = []string{"iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.getOpenIdToken", "iam.serviceAccounts.implicitDelegation", "iam.serviceAccounts.signBlob", "iam.serviceAccounts.signJwt", "storage.objects.create", "storage.objects.get", "storage.objects.list"}

// has tells whether the role holds a permission.
func (r listedRole) has(permission string) bool {
	resource, verb := cutLast(permission)
	return slices.ContainsFunc(r.holds, func(held string) bool {
		of, verbs := cutLast(held)
		return of == resource && slices.Contains(strings.Split(verbs, "|"), verb)
	})
}

// within tells whether another role holds all that this one does.
func (r listedRole) within(other listedRole) bool {
	for _, held := range r.holds {
		of, verbs := cutLast(held)
		for verb := range strings.SplitSeq(verbs, "|") {
			if !other.has(of + "." + verb) {
				return false
			}
		}
	}
	return true
}

func cutLast(permission string) (resource, verb string) {
	at := strings.LastIndexByte(permission, '.')
	return permission[:max(at, 0)], permission[at+1:]
}

// leastRole is the one role of a list that is enough for a permission; empty where none is, or where several are and none
// of them is a part of all others.
func leastRole(list []listedRole, permission string) string {
	var fit []listedRole
	for _, r := range list {
		if r.has(permission) {
			fit = append(fit, r)
		}
	}
	if len(fit) == 0 {
		return ""
	}
	least := slices.MinFunc(fit, func(a, b listedRole) int { return a.total - b.total })
	if slices.ContainsFunc(fit, func(r listedRole) bool { return !least.within(r) }) {
		return ""
	}
	return least.id
}

// ownerHolds tells whether roles/owner surely holds a permission.
func ownerHolds(permission string) bool {
	listed := slices.ContainsFunc(anybodysRoles, func(r listedRole) bool { return r.has(permission) })
	return listed && !slices.Contains(ownersLack, permission)
}

// role is the least one that helps who was refused; empty where several do and none is the least, and where none is known.
func (f Failure) role() string {
	switch f.matter.wording {
	case databaseRefused:
		return "roles/cloudsql.client"
	case secretRefused:
		return "roles/secretmanager.secretAccessor"
	case buildAccount, buildSource:
		return "roles/run.builder"
	case stagingBucket:
		return "roles/serviceusage.serviceUsageConsumer"
	case functionsAgent:
		return "roles/artifactregistry.reader"
	case createOnPush:
		return "roles/artifactregistry.createOnPushWriter"
	}
	switch {
	case f.Cause == ActAs:
		return "roles/iam.serviceAccountUser"
	case f.Permission == "" && f.pushing():
		return "roles/artifactregistry.writer"
	case f.Permission == "" && f.Cause == RegistryDenied:
		return "roles/artifactregistry.reader"
	case f.Identity == IdentityBuilder && f.matter.service != registryAPI:
		if role := leastRole(buildersRoles, f.Permission); role != "" {
			return role
		}
	case f.Identity == IdentityDeployer:
		return leastRole(deployersRoles, f.Permission)
	}
	return leastRole(anybodysRoles, f.Permission)
}

// grantOn is the command that grants a role where it helps: on what was refused, else on the project.
func (f Failure) grantOn(role string) []string {
	project := projectGrant(f.homeProject())
	switch {
	case slices.ContainsFunc(buildersRoles, func(r listedRole) bool { return r.id == role }):
		return project
	case f.Identity == IdentityDeployer && f.matter.service == runtimeAPI: // what is deployed for the first time has no policy yet
		return project
	}
	if grant := f.resource().grant; len(grant) > 0 && f.matter.wording != createOnPush {
		return grant
	}
	if slices.Contains([]string{registryAPI, iamAPI, storageAPI, secretsAPI}, f.matter.service) && f.matter.wording != createOnPush {
		return nil // on the project it would reach more than what was refused
	}
	return project
}

// homeProject is where whoever was refused works: the project that runs the image, else that of a build's account.
func (f Failure) homeProject() string {
	return cmp.Or(f.ConsumerProject, model.BuildAccountProject(f.Principal), model.DefaultComputeProject(f.Principal))
}
