package failure

import (
	"slices"
	"strings"

	"whopulls/model"
)

// Identity is who is at fault, by the role that it plays. Empty where nobody is, or where the text does not show who.
type Identity string

// The identities. The first three are those of the map; the others meet a person before the pull, or apart from it.
const (
	IdentityDeployer      Identity = "deployer"       // calls Cloud Run
	IdentityPuller        Identity = "puller"         // the Cloud Run service agent of the consumer project
	IdentityRunner        Identity = "runner"         // the runtime service account
	IdentityBuilder       Identity = "builder"        // what a build runs as (iam-facts 12.16)
	IdentityPusher        Identity = "pusher"         // pushes the image into the registry
	IdentityCaller        Identity = "caller"         // called something else
	IdentityRegistryAgent Identity = "registry-agent" // the Artifact Registry service agent
	IdentityOther         Identity = "other"          // another service's agent, a machine of a cluster
)

// principalKind is what an e-mail says about its owner.
type principalKind int

const (
	principalUnknown        principalKind = iota
	principalPerson                       // a user or a group
	principalServiceAccount               // a service account that somebody made
	principalDefaultAccount               // a default account: of Compute Engine or App Engine
	principalBuildAccount                 // Cloud Build's own account
	principalRunAgent                     // Cloud Run's service agent
	principalRegistryAgent                // Artifact Registry's service agent
	principalFunctionsAgent               // Cloud Functions' service agent
	principalOtherAgent                   // another service's agent
)

func principalKindOf(email string) principalKind {
	host := model.ServiceAgentHost(email)
	switch {
	case email == "":
		return principalUnknown
	case asRunAgent(email) != "":
		return principalRunAgent
	case host == "gcp-sa-artifactregistry":
		return principalRegistryAgent
	case host == "gcf-admin-robot":
		return principalFunctionsAgent
	case host != "", strings.HasSuffix(strings.ToLower(email), "@cloudservices.gserviceaccount.com"):
		return principalOtherAgent
	case model.BuildAccountProject(email) != "":
		return principalBuildAccount
	case model.DefaultComputeProject(email) != "", strings.HasSuffix(strings.ToLower(email), "@appspot.gserviceaccount.com"):
		return principalDefaultAccount
	case asAccount(email) != "":
		return principalServiceAccount
	}
	return principalPerson
}

// identityByPrincipal are those that play the same role whatever they were refused.
var identityByPrincipal = map[principalKind]Identity{principalRunAgent: IdentityPuller, principalRegistryAgent: IdentityRegistryAgent, principalFunctionsAgent: IdentityOther, principalOtherAgent: IdentityOther}

// emailAtFault is the e-mail of the account at fault. A person is never the account of a build or a container, and never
// an agent. Next to a message about what those do, the person is the caller. So is the account that deployed,
// where a build lacks roles.
func (f Failure) emailAtFault() string {
	p := principalKindOf(f.Principal)
	switch f.Identity {
	case IdentityBuilder:
		if p == principalPerson || p == principalServiceAccount && f.details.variant == variantBuildAccount && f.commandKind() == commandDeploy {
			return ""
		}
	case IdentityRunner, IdentityRegistryAgent, IdentityOther:
		if p == principalPerson {
			return ""
		}
	}
	return f.Principal
}

// identityBySubject are those that a message calls by what they do.
var identityBySubject = map[subject]Identity{subjectBuild: IdentityBuilder, subjectRevision: IdentityRunner, subjectFunctions: IdentityOther,
	subjectRegistry: IdentityRegistryAgent, subjectAgent: IdentityOther}

// identityByVariant are the wordings that are about one of them alone.
var identityByVariant = map[variant]Identity{variantFunctionsAgent: IdentityOther, variantBuildAccount: IdentityBuilder, variantBuildSource: IdentityBuilder, variantLogs: IdentityBuilder, variantStagingBucket: IdentityCaller,
	variantImpersonation: IdentityCaller, variantDatabase: IdentityRunner, variantConnector: IdentityPuller, variantInvoker: IdentityCaller,
	variantRuntimeAccountMissing: IdentityRunner, variantAccessBoundary: IdentityCaller}

// identityAtFault decides by what was read, as types: the cause, its wording, whose e-mail it is, the permission, the command and
// what was being done.
func (f Failure) identityAtFault() Identity {
	switch f.Cause {
	case PullerRead, RunAs:
		return IdentityPuller
	case DeployerRead:
		return IdentityDeployer
	case ActAs, PermissionMissing, RegistryDenied:
		return f.refusedIdentity()
	case RepositoryNotFound:
		if f.details.variant == variantCreateOnPush {
			return f.pusherIdentity()
		}
	case NotAccess, Unrecognized, MemberNotFound, OrgPolicy, ImageReference:
		if v := f.details.variant; v == variantImmutableTag || v == variantRegistryShutDown && f.clues.activity == activityPush {
			return f.pusherIdentity()
		}
		return identityByVariant[f.details.variant]
	}
	return ""
}

// refusedIdentity is who was refused: by name, by what the message calls it, by what it may not do, by what was being done.
func (f Failure) refusedIdentity() Identity {
	if who, ok := identityByPrincipal[principalKindOf(f.Principal)]; ok {
		return who
	}
	if who, ok := identityBySubject[f.clues.subject]; ok {
		return who
	}
	if who, ok := identityByVariant[f.details.variant]; ok {
		return who
	}
	switch f.Cause {
	case ActAs:
		return f.actAsIdentity()
	case RegistryDenied:
		return f.registryClientIdentity()
	}
	return f.identityByService()
}

// actAsIdentity is who may not act as an account: the one who deploys, but for a build that is submitted, and for other services.
func (f Failure) actAsIdentity() Identity {
	switch {
	case f.commandKind() == commandSubmitBuild, f.commandKind() == commandOther, f.clues.subject == subjectCaller:
		return IdentityCaller
	case f.commandKind() == commandUnknown && f.clues.subject == subjectPrincipal:
		return identityByActivity[f.clues.activity]
	case f.commandKind() == commandDeploy, f.details.aboutCloudRun, f.ConsumerProject != "":
		return IdentityDeployer
	case f.Permission != "":
		return IdentityDeployer
	}
	return ""
}

// registryClientIdentity is who asked the registry. Of a pull only the client can tell; a machine of a cluster is nobody of ours.
func (f Failure) registryClientIdentity() Identity {
	if f.isPush() {
		return f.pusherIdentity()
	}
	return f.identityByCommand()
}

// isPush reports whether an image was on its way into the registry. A client that pushes asks to read first.
func (f Failure) isPush() bool {
	v := f.details.variant
	return v == variantPush || v == variantCreateOnPush || slices.Contains(pushPermissions, f.Permission) || f.Cause == RegistryDenied && f.clues.activity == activityPush
}

// pushPermissions are the permissions that only a push asks for.
var pushPermissions = []string{"artifactregistry.repositories.uploadArtifacts", "artifactregistry.repositories.createOnPush", "artifactregistry.tags.create", "artifactregistry.tags.update"}

func (f Failure) pusherIdentity() Identity {
	if f.isBuildRefusal() || f.isBuildRepository() || f.clues.textActivity == activityBuild {
		return IdentityBuilder
	}
	return IdentityPusher
}

// isBuildRepository reports whether only the builds of Cloud Run and Cloud Functions push into the repository.
func (f Failure) isBuildRepository() bool {
	r, err := model.ParseRepository(f.Repository)
	return err == nil && (r.ID == "cloud-run-source-deploy" || r.ID == "gcf-artifacts")
}

// isBuildRefusal reports whether a build's own account is the one that was refused.
func (f Failure) isBuildRefusal() bool {
	return principalKindOf(f.Principal) == principalBuildAccount || f.clues.activity == activityBuild
}

const iamAPI, functionsAPI = "iam.googleapis.com", "cloudfunctions.googleapis.com"

// tokenPermissions are the permissions to get something that proves to be an account.
var tokenPermissions = []string{"iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.getOpenIdToken", "iam.serviceAccounts.implicitDelegation",
	"iam.serviceAccounts.signBlob", "iam.serviceAccounts.signJwt"}

// invokePermissions are the permissions to call what was deployed.
var invokePermissions = []string{"run.jobs.run", "run.jobs.runWithOverrides", "run.routes.invoke", "cloudfunctions.functions.invoke"}

// identityByService decides where the permission says who needs it.
func (f Failure) identityByService() Identity {
	switch f.details.service {
	case runAPI, functionsAPI:
		if slices.Contains(invokePermissions, f.Permission) && f.commandKind() != commandDeploy {
			return IdentityCaller
		}
		return IdentityDeployer
	case "cloudsql.googleapis.com":
		return IdentityRunner
	case registryAPI:
		return f.registryServiceIdentity()
	case storageAPI, "logging.googleapis.com", secretsAPI:
		return f.dataServiceIdentity()
	}
	if slices.Contains(tokenPermissions, f.Permission) && f.clues.activity != activityRun {
		return IdentityCaller
	}
	return f.identityByCommand()
}

// registryServiceIdentity: uploads are a push; reading a repository's settings is a part of deploying from source.
func (f Failure) registryServiceIdentity() Identity {
	if f.isPush() {
		return f.pusherIdentity()
	}
	return f.identityByCommand()
}

// dataServiceIdentity: objects, logs and secrets are what a build's account and a container's code both ask for. A default account
// runs builds and containers; without a sign of a container it is the build, which comes first. Of a secret a deploy asks
// for the runtime account (Cloud Run, "Configure secrets").
func (f Failure) dataServiceIdentity() Identity {
	switch p := principalKindOf(f.Principal); {
	case f.isBuildRefusal():
		return IdentityBuilder
	case f.clues.activity == activityUnknown && p == principalDefaultAccount && f.commandKind() != commandSubmitBuild:
		return IdentityBuilder
	case f.details.service == secretsAPI && f.commandKind() == commandDeploy && p != principalPerson:
		return IdentityRunner
	}
	return f.identityByCommand()
}

// identityByActivity are those who act in a scene.
var identityByActivity = map[activity]Identity{activityNodePull: IdentityOther, activitySignIn: IdentityCaller, activityServiceCall: IdentityCaller, activityTerraformState: IdentityCaller, activityBuild: IdentityBuilder,
	activityPush: IdentityPusher, activityRun: IdentityRunner, activityPull: IdentityCaller}

// identityByCommand decides by what was being done.
func (f Failure) identityByCommand() Identity {
	if f.isBuildRefusal() {
		return IdentityBuilder
	}
	switch f.commandKind() {
	case commandDeploy:
		return IdentityDeployer
	case commandSubmitBuild, commandOther:
		return IdentityCaller
	}
	switch {
	case f.clues.activity != activityUnknown:
		return identityByActivity[f.clues.activity]
	case f.details.aboutCloudRun:
		return IdentityDeployer
	case f.Cause == PermissionMissing && slices.Contains(managementAPIs, f.details.service):
		return IdentityCaller
	}
	return ""
}

// managementAPIs are the APIs with which people and pipelines manage a project.
var managementAPIs = []string{"serviceusage.googleapis.com", "resourcemanager.googleapis.com", "cloudbuild.googleapis.com", "clouddeploy.googleapis.com", iamAPI}

// commandKind is which command failed.
type commandKind int

const (
	commandUnknown     commandKind = iota
	commandDeploy                  // Cloud Run, or a function, was called
	commandSubmitBuild             // a build was handed in
	commandOther                   // something else was done with gcloud or Terraform
)

// deploying are gcloud's commands that call Cloud Run or Cloud Functions to change something.
var deploying = []string{"deploy", "update", "create", "replace", "update-traffic", "set-iam-policy", "add-iam-policy-binding"}

func (f Failure) commandKind() commandKind {
	group, rest, _ := strings.Cut(f.details.command, ".")
	verb := rest[strings.LastIndexByte(rest, '.')+1:]
	switch {
	case (group == "run" || group == "functions") && slices.Contains(deploying, verb):
		return commandDeploy
	case group == "builds":
		return commandSubmitBuild
	case group != "":
		return commandOther
	case f.details.terraformType == "":
		return commandUnknown
	case strings.HasPrefix(f.details.terraformType, "google_cloud_run"), strings.HasPrefix(f.details.terraformType, "google_cloudfunctions"):
		return commandDeploy
	}
	return commandOther
}
