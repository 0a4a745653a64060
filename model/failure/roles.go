package failure

import (
	"cmp"
	"slices"
	"strings"

	"whopulls/model"
)

// predefinedRole is a predefined role with what it holds of the permissions that failures are about; those of one resource
// stand together, their verbs apart.
type predefinedRole struct {
	id          string
	title       string // as the console has it
	total       int    // permissions in the whole role
	permissions []string
}

// The roles are those of the IAM API on 2026-08-22 (iann0036/iam-dataset), without basic roles, service
// agents' roles and legacy ones. Roles that Google's pages don't name for the task are left out too:
// run.servicesInvoker, run.jobsExecutor.
var generalRoles = []predefinedRole{
	{"roles/artifactregistry.reader", "Artifact Registry Reader", 33, []string{
		"artifactregistry.repositories.downloadArtifacts|get|list|readViaVirtualRepository", "artifactregistry.tags.get|list"}},
	{"roles/artifactregistry.viewer", "Artifactregistry Viewer", 35, []string{
		"artifactregistry.repositories.downloadArtifacts|get|getIamPolicy|list|readViaVirtualRepository", "artifactregistry.tags.get|list"}},
	{"roles/artifactregistry.writer", "Artifact Registry Writer", 44, []string{
		"artifactregistry.repositories.downloadArtifacts|get|list|readViaVirtualRepository|uploadArtifacts",
		"artifactregistry.tags.create|get|list|update"}},
	{"roles/artifactregistry.createOnPushWriter", "Artifact Registry Create-on-Push Writer", 45, []string{
		"artifactregistry.repositories.createOnPush|downloadArtifacts|get|list|readViaVirtualRepository|uploadArtifacts",
		"artifactregistry.tags.create|get|list|update"}},
	{"roles/artifactregistry.repoAdmin", "Artifact Registry Repository Administrator", 53, []string{
		"artifactregistry.repositories.deleteArtifacts|downloadArtifacts|get|list|readViaVirtualRepository|uploadArtifacts",
		"artifactregistry.tags.create|delete|get|list|update"}},
	{"roles/artifactregistry.editor", "Artifactregistry Editor", 61, []string{
		"artifactregistry.repositories.create|createOnPush|delete|deleteArtifacts|downloadArtifacts|get|getIamPolicy|list|readViaVirtualRepository|update|uploadArtifacts",
		"artifactregistry.tags.create|delete|get|list|update"}},
	{"roles/artifactregistry.admin", "Artifact Registry Administrator", 67, []string{
		"artifactregistry.repositories.create|delete|deleteArtifacts|downloadArtifacts|get|getIamPolicy|list|readViaVirtualRepository|setIamPolicy|update|uploadArtifacts",
		"artifactregistry.tags.create|delete|get|list|update"}},
	{"roles/run.invoker", "Cloud Run Invoker", 3, []string{"run.jobs.run", "run.routes.invoke"}},
	{"roles/run.viewer", "Cloud Run Viewer", 50, []string{"run.executions.get|list", "run.instances.get|getIamPolicy|list",
		"run.jobs.get|getIamPolicy|list", "run.locations.list", "run.operations.get", "run.revisions.get|list",
		"run.services.get|getIamPolicy|list", "run.workerpools.get|getIamPolicy|list"}},
	{"roles/run.developer", "Cloud Run Developer", 89, []string{"run.executions.get|list",
		"run.instances.create|delete|get|getIamPolicy|list|update", "run.jobs.create|delete|get|getIamPolicy|list|run|update",
		"run.locations.list", "run.operations.get", "run.revisions.get|list", "run.routes.invoke",
		"run.services.create|delete|get|getIamPolicy|list|update", "run.workerpools.create|delete|get|getIamPolicy|list|update"}},
	{"roles/run.admin", "Cloud Run Admin", 97, []string{"run.executions.get|list",
		"run.instances.create|delete|get|getIamPolicy|list|setIamPolicy|update",
		"run.jobs.create|delete|get|getIamPolicy|list|run|setIamPolicy|update", "run.locations.list", "run.operations.get",
		"run.revisions.get|list", "run.routes.invoke", "run.services.create|createTagBinding|delete|get|getIamPolicy|list|setIamPolicy|update",
		"run.workerpools.create|delete|get|getIamPolicy|list|setIamPolicy|update"}},
	{"roles/iam.serviceAccountUser", "Service Account User", 5, []string{"iam.serviceAccounts.actAs|get|list"}},
	{"roles/iam.serviceAccountTokenCreator", "Service Account Token Creator", 9, []string{
		"iam.serviceAccounts.get|getAccessToken|getOpenIdToken|implicitDelegation|list|signBlob|signJwt"}},
	{"roles/iam.serviceAccountOpenIdTokenCreator", "Service Account OpenID Connect Identity Token Creator", 1, []string{
		"iam.serviceAccounts.getOpenIdToken"}},
	{"roles/iam.serviceAccountViewer", "View Service Accounts", 9, []string{"iam.serviceAccounts.get|getIamPolicy|list"}},
	{"roles/iam.serviceAccountCreator", "Create Service Accounts", 5, []string{"iam.serviceAccounts.create|get|list"}},
	{"roles/iam.serviceAccountDeleter", "Delete Service Accounts", 5, []string{"iam.serviceAccounts.delete|get|list"}},
	{"roles/iam.serviceAccountAdmin", "Service Account Admin", 19, []string{
		"iam.serviceAccounts.create|delete|disable|enable|get|getIamPolicy|list|setIamPolicy|undelete"}},
	{"roles/secretmanager.secretAccessor", "Secret Manager Secret Accessor", 3, []string{"secretmanager.versions.access"}},
	{"roles/secretmanager.viewer", "Secret Manager Viewer", 11, []string{"secretmanager.secrets.get"}},
	{"roles/secretmanager.admin", "Secret Manager Admin", 29, []string{"secretmanager.secrets.get", "secretmanager.versions.access"}},
	{"roles/storage.objectViewer", "Storage Object Viewer", 8, []string{"storage.objects.get|list"}},
	{"roles/storage.objectCreator", "Storage Object Creator", 10, []string{"storage.objects.create"}},
	{"roles/storage.objectUser", "Storage Object User", 27, []string{"storage.objects.create|get|list"}},
	{"roles/cloudbuild.builds.viewer", "Cloud Build Viewer", 9, []string{"cloudbuild.builds.get|list"}},
	{"roles/cloudbuild.builds.editor", "Cloud Build Editor", 11, []string{"cloudbuild.builds.create|get|list"}},
	{"roles/cloudsql.client", "Cloud SQL Client", 2, []string{"cloudsql.instances.connect"}},
	{"roles/logging.logWriter", "Logs Writer", 2, []string{"logging.logEntries.create"}},
	{"roles/serviceusage.serviceUsageViewer", "Service Usage Viewer", 15, []string{"serviceusage.services.get|list"}},
	{"roles/serviceusage.serviceUsageConsumer", "Service Usage Consumer", 16, []string{"serviceusage.services.get|list|use"}},
	{"roles/serviceusage.serviceUsageAdmin", "Service Usage Admin", 24, []string{"serviceusage.services.enable|get|list|use"}},
	{"roles/resourcemanager.projectIamAdmin", "Project IAM Admin", 9, []string{"resourcemanager.projects.setIamPolicy"}},
}

// deployerRoles are what somebody is given who deploys: the one who lacks one permission of a deploy needs them all.
var deployerRoles = slices.DeleteFunc(slices.Clone(generalRoles), func(r predefinedRole) bool {
	return strings.HasPrefix(r.id, "roles/run.") && r.id != "roles/run.developer" && r.id != "roles/run.admin"
})

// sourceDeployRoles are the roles for a deploy from source. The deployer uploads the source, starts a build
// and looks for the repository (Cloud Run, "Deploy from source code").
var sourceDeployRoles = []predefinedRole{
	{"roles/run.sourceDeveloper", "Cloud Run Source Developer", 274, []string{
		"artifactregistry.repositories.create|downloadArtifacts|get|list|readViaVirtualRepository", "artifactregistry.tags.get|list",
		"cloudbuild.builds.create|get|list", "run.executions.get|list", "run.instances.create|delete|get|getIamPolicy|list|update",
		"run.jobs.create|delete|get|getIamPolicy|list|run|update", "run.locations.list", "run.operations.get", "run.revisions.get|list",
		"run.routes.invoke", "run.services.create|delete|get|getIamPolicy|list|update",
		"run.workerpools.create|delete|get|getIamPolicy|list|update", "serviceusage.services.get|list|use", "storage.buckets.create|get", "storage.objects.create|get|list"}},
}

// builderRoles are what a build's account is given, for the same reason (iam-facts 12.16).
var builderRoles = []predefinedRole{
	{"roles/run.builder", "Cloud Run Builder", 6, []string{"artifactregistry.repositories.deleteArtifacts|downloadArtifacts|uploadArtifacts",
		"logging.logEntries.create", "storage.objects.get"}},
	{"roles/cloudbuild.builds.builder", "Cloud Build Service Account", 78, []string{
		"artifactregistry.repositories.createOnPush|deleteArtifacts|downloadArtifacts|get|list|readViaVirtualRepository|uploadArtifacts",
		"artifactregistry.tags.create|get|list|update", "cloudbuild.builds.create|get|list", "logging.logEntries.create",
		"storage.buckets.create|get", "storage.objects.create|get|list"}},
}

// notHeldByOwner are permissions of the list that roles/owner does not hold.
var notHeldByOwner = []string{"iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.getOpenIdToken", "iam.serviceAccounts.implicitDelegation", "iam.serviceAccounts.signBlob", "iam.serviceAccounts.signJwt", "storage.buckets.get",
	"storage.objects.create", "storage.objects.get", "storage.objects.list"}

// has reports whether the role holds a permission.
func (r predefinedRole) has(permission string) bool {
	resource, verb := cutVerb(permission)
	return slices.ContainsFunc(r.permissions, func(held string) bool {
		of, verbs := cutVerb(held)
		return of == resource && slices.Contains(strings.Split(verbs, "|"), verb)
	})
}

// isSubsetOf reports whether another role holds all that this one does.
func (r predefinedRole) isSubsetOf(other predefinedRole) bool {
	for _, held := range r.permissions {
		of, verbs := cutVerb(held)
		for verb := range strings.SplitSeq(verbs, "|") {
			if !other.has(of + "." + verb) {
				return false
			}
		}
	}
	return true
}

func cutVerb(permission string) (resource, verb string) {
	at := strings.LastIndexByte(permission, '.')
	return permission[:max(at, 0)], permission[at+1:]
}

// leastRole is the one role of a list that is enough for a permission. It is empty if no role is, or if
// several are and none of them is a part of all others.
func leastRole(list []predefinedRole, permission string) string {
	var fit []predefinedRole
	for _, r := range list {
		if r.has(permission) {
			fit = append(fit, r)
		}
	}
	if len(fit) == 0 {
		return ""
	}
	least := slices.MinFunc(fit, func(a, b predefinedRole) int { return a.total - b.total })
	if slices.ContainsFunc(fit, func(r predefinedRole) bool { return !least.isSubsetOf(r) }) {
		return ""
	}
	return least.id
}

// ownerHolds reports whether roles/owner surely holds a permission.
func ownerHolds(permission string) bool {
	listed := slices.ContainsFunc(slices.Concat(generalRoles, sourceDeployRoles, builderRoles), func(r predefinedRole) bool { return r.has(permission) })
	return listed && !slices.Contains(notHeldByOwner, permission)
}

// documentedRoles are what Google's pages give for permissions that the list does not hold.
var documentedRoles = map[string]string{
	"cloudsql.instances.get":                  "roles/cloudsql.client",
	"compute.subnetworks.use":                 "roles/compute.networkUser",
	"vpcaccess.connectors.use":                "roles/vpcaccess.user",
	"cloudkms.cryptoKeyVersions.useToEncrypt": "roles/cloudkms.cryptoKeyEncrypterDecrypter",
	"cloudkms.cryptoKeyVersions.useToDecrypt": "roles/cloudkms.cryptoKeyEncrypterDecrypter",
	"clouddeploy.releases.create":             "roles/clouddeploy.releaser",
	"clouddeploy.rollouts.create":             "roles/clouddeploy.releaser",
	"cloudtasks.tasks.create":                 "roles/cloudtasks.enqueuer",
	"pubsub.topics.publish":                   "roles/pubsub.publisher",
	"bigquery.jobs.create":                    "roles/bigquery.jobUser",
}

// permissionByCommand are the permissions that a command is refused for where its message names none.
var permissionByCommand = map[string]string{"services.enable": "serviceusage.services.enable"}

// isKnownRole reports whether a role is one that is named here.
func isKnownRole(id string) bool {
	for _, list := range [][]predefinedRole{generalRoles, builderRoles} {
		if slices.ContainsFunc(list, func(r predefinedRole) bool { return r.id == id }) {
			return true
		}
	}
	for _, documented := range documentedRoles {
		if documented == id {
			return true
		}
	}
	return id == roleFederated
}

// roleToGrant is the least one that helps who was refused; empty if several do and none is the least, and
// where none is known. The list is asked first: what a message says to grant may be more than is lacking.
func (f Failure) roleToGrant() string {
	permission := cmp.Or(f.Permission, permissionByCommand[f.details.command])
	role := f.clues.suggestedRole
	if permission == "" {
		return cmp.Or(role, f.variantRole(), f.pushRole(permission))
	}
	if !mayHold(role, permission) {
		role = ""
	}
	return cmp.Or(f.variantRole(), f.pushRole(permission), f.leastRoleFor(permission), documentedRoles[permission], role)
}

// pushRole: the one who pushes needs to write, whatever was refused first.
func (f Failure) pushRole(permission string) string {
	switch {
	case f.isPush() && !slices.Contains(pushPermissions, permission):
		return roleWriter
	case f.Cause == RegistryDenied && permission == "":
		return model.RoleReader
	}
	return ""
}

// leastRoleFor takes the role from the list of those that such an identity is given.
func (f Failure) leastRoleFor(permission string) string {
	switch {
	case f.isSourceDeploy():
		return cmp.Or(leastRole(sourceDeployRoles, permission), leastRole(deployerRoles, permission))
	case f.Identity == IdentityDeployer:
		return leastRole(deployerRoles, permission)
	case f.Identity == IdentityBuilder && f.details.service != registryAPI:
		return cmp.Or(f.builderRole(permission), leastRole(generalRoles, permission))
	}
	return leastRole(generalRoles, permission)
}

// isSourceDeploy reports whether a deploy was refused what only one from source asks for.
func (f Failure) isSourceDeploy() bool {
	return f.Identity == IdentityDeployer && f.details.command == "run.deploy" && f.Permission != string(model.PermDownload) &&
		slices.Contains([]string{storageAPI, registryAPI, "cloudbuild.googleapis.com"}, f.details.service)
}

const (
	roleFederated    = "roles/iam.workloadIdentityUser"
	roleWriter       = "roles/artifactregistry.writer"
	roleRunBuilder   = "roles/run.builder"
	roleBuildBuilder = "roles/cloudbuild.builds.builder"
)

// mayHold reports whether a role is not known to lack a permission.
func mayHold(role, permission string) bool {
	for _, list := range [][]predefinedRole{generalRoles, builderRoles} {
		for _, r := range list {
			if r.id == role && permission != "" && !r.has(permission) {
				return false
			}
		}
	}
	return true
}

func (f Failure) variantRole() string {
	if f.Cause == ActAs {
		return model.RoleAccountUser
	}
	if f.clues.kmsKeyRefused || f.details.variant == variantKey {
		return documentedRoles["cloudkms.cryptoKeyVersions.useToDecrypt"]
	}
	switch f.details.variant {
	case variantLogs:
		return "roles/logging.logWriter"
	case variantDatabase:
		return "roles/cloudsql.client"
	case variantSecret:
		return "roles/secretmanager.secretAccessor"
	case variantBuildAccount, variantBuildSource:
		return f.builderRole("")
	case variantStagingBucket:
		return "roles/serviceusage.serviceUsageConsumer"
	case variantFunctionsAgent:
		return model.RoleReader
	case variantCreateOnPush:
		return "roles/artifactregistry.createOnPushWriter"
	case variantInvoker:
		return "roles/run.invoker"
	case variantConnector:
		return "roles/vpcaccess.user"
	}
	return ""
}

// builderRole is the role for a build's account. Functions are built with Cloud Build's own role, sources of
// Cloud Run with Cloud Run's role (iam-facts 12.16; Cloud Functions, "Build service account").
func (f Failure) builderRole(permission string) string {
	role := leastRole(builderRoles, permission)
	if permission == "" {
		role = roleRunBuilder
	}
	if role != "" && strings.HasPrefix(f.details.command, "functions.") {
		return roleBuildBuilder
	}
	return role
}
