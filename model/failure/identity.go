package failure

import (
	"slices"
	"strings"

	"whopulls/model"
)

// Identity is who is at fault, by the role that it plays. Empty where nobody is, or where the text does not show who.
type Identity string

// The identities. The first three are those of the map; the others meet a person before or beside the pull.
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

// party is what an e-mail tells of its owner.
type party int

const (
	partyUnread    party = iota
	partyPerson          // a user or a group
	partyAccount         // a service account that somebody made
	partyDefault         // a default account: of Compute Engine or App Engine
	partyBuild           // Cloud Build's own account
	partyRunAgent        // Cloud Run's service agent
	partyRegistry        // Artifact Registry's service agent
	partyFunctions       // Cloud Functions' service agent
	partyAgent           // another service's agent
)

func partyOf(email string) party {
	host := model.ServiceAgentHost(email)
	switch {
	case email == "":
		return partyUnread
	case asAgent(email) != "":
		return partyRunAgent
	case host == "gcp-sa-artifactregistry":
		return partyRegistry
	case host == "gcf-admin-robot":
		return partyFunctions
	case host != "", strings.HasSuffix(strings.ToLower(email), "@cloudservices.gserviceaccount.com"):
		return partyAgent
	case model.BuildAccountProject(email) != "":
		return partyBuild
	case model.DefaultComputeProject(email) != "", strings.HasSuffix(strings.ToLower(email), "@appspot.gserviceaccount.com"):
		return partyDefault
	case asAccount(email) != "":
		return partyAccount
	}
	return partyPerson
}

// agents are those that play the same role whatever they were refused.
var agents = map[party]Identity{partyRunAgent: IdentityPuller, partyRegistry: IdentityRegistryAgent, partyFunctions: IdentityOther, partyAgent: IdentityOther}

// email is that of who is at fault. A person is never a build's or a container's account, nor an agent: beside a message
// that speaks of those by what they do it is whoever called. So is the account that deployed, where a build lacks roles.
func (f Failure) email() string {
	p := partyOf(f.Principal)
	switch f.Identity {
	case IdentityBuilder:
		if p == partyPerson || p == partyAccount && f.matter.wording == buildAccount && f.phase() == phaseDeploy {
			return ""
		}
	case IdentityRunner, IdentityRegistryAgent, IdentityOther:
		if p == partyPerson {
			return ""
		}
	}
	return f.Principal
}

// bySubject are those that a message calls by what they do.
var bySubject = map[subject]Identity{subjectBuild: IdentityBuilder, subjectRevision: IdentityRunner, subjectFunctions: IdentityOther,
	subjectRegistry: IdentityRegistryAgent, subjectAgent: IdentityOther}

// byWording are the wordings that are about one of them alone.
var byWording = map[wording]Identity{functionsAgent: IdentityOther, buildAccount: IdentityBuilder, buildSource: IdentityBuilder, logsRefused: IdentityBuilder, stagingBucket: IdentityCaller,
	impersonation: IdentityCaller, databaseRefused: IdentityRunner, connectorRefused: IdentityPuller, invokerRefused: IdentityCaller,
	runtimeMissing: IdentityRunner, accessBoundary: IdentityCaller}

// atFault decides by what was read, as types: the cause, its wording, whose e-mail it is, the permission, the command and
// what was going on.
func (f Failure) atFault() Identity {
	switch f.Cause {
	case Puller, RunAs:
		return IdentityPuller
	case DeployerRead:
		return IdentityDeployer
	case ActAs, Permission, RegistryDenied:
		return f.refused()
	case RepositoryNotFound:
		if f.matter.wording == createOnPush {
			return f.pushes()
		}
	case NotAccess, Unrecognized, MemberNotFound, OrgPolicy, ImageReference:
		if w := f.matter.wording; w == immutableTag || w == registryShut && f.setting.scene == scenePush {
			return f.pushes()
		}
		return byWording[f.matter.wording]
	}
	return ""
}

// refused is who was refused: by name, by what the message calls it, by what it may not do, by what was going on.
func (f Failure) refused() Identity {
	if who, ok := agents[partyOf(f.Principal)]; ok {
		return who
	}
	if who, ok := bySubject[f.setting.subject]; ok {
		return who
	}
	if who, ok := byWording[f.matter.wording]; ok {
		return who
	}
	switch f.Cause {
	case ActAs:
		return f.acts()
	case RegistryDenied:
		return f.asks()
	}
	return f.byService()
}

// acts is who may not act as an account: whoever deploys, but for a build that is submitted, and for other services.
func (f Failure) acts() Identity {
	switch {
	case f.phase() == phaseSubmit, f.phase() == phaseCommand, f.setting.subject == subjectCaller:
		return IdentityCaller
	case f.phase() == phaseUnread && f.setting.subject == subjectPrincipal:
		return byScene[f.setting.scene]
	case f.phase() == phaseDeploy, f.matter.cloudRun, f.ConsumerProject != "":
		return IdentityDeployer
	case f.Permission != "":
		return IdentityDeployer
	}
	return ""
}

// asks is who asked the registry. Of a pull only the client can tell; a machine of a cluster is nobody of ours.
func (f Failure) asks() Identity {
	if f.pushing() {
		return f.pushes()
	}
	return f.byCommand()
}

// pushing tells whether an image was on its way into the registry. A client that pushes asks to read first.
func (f Failure) pushing() bool {
	w := f.matter.wording
	return w == pushed || w == createOnPush || slices.Contains(pushes, f.Permission) || f.Cause == RegistryDenied && f.setting.scene == scenePush
}

// pushes are the permissions that only a push asks for.
var pushes = []string{"artifactregistry.repositories.uploadArtifacts", "artifactregistry.repositories.createOnPush", "artifactregistry.tags.create", "artifactregistry.tags.update"}

func (f Failure) pushes() Identity {
	if f.builds() || f.buildersRepository() || f.setting.around == sceneBuild {
		return IdentityBuilder
	}
	return IdentityPusher
}

// buildersRepository tells whether it is one into which nothing but the builds of Cloud Run and Cloud Functions pushes.
func (f Failure) buildersRepository() bool {
	r, err := model.ParseRepository(f.Repository)
	return err == nil && (r.ID == "cloud-run-source-deploy" || r.ID == "gcf-artifacts")
}

// builds tells whether a build's own account is the one that was refused.
func (f Failure) builds() bool {
	return partyOf(f.Principal) == partyBuild || f.setting.scene == sceneBuild
}

const iamAPI, functionsAPI = "iam.googleapis.com", "cloudfunctions.googleapis.com"

// tokens are the permissions to get something that proves to be an account.
var tokens = []string{"iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.getOpenIdToken", "iam.serviceAccounts.implicitDelegation",
	"iam.serviceAccounts.signBlob", "iam.serviceAccounts.signJwt"}

// invoking are the permissions to call what was deployed.
var invoking = []string{"run.jobs.run", "run.jobs.runWithOverrides", "run.routes.invoke", "cloudfunctions.functions.invoke"}

// byService decides where the permission tells who needs it.
func (f Failure) byService() Identity {
	switch f.matter.service {
	case runAPI, functionsAPI:
		if slices.Contains(invoking, f.Permission) && f.phase() != phaseDeploy {
			return IdentityCaller
		}
		return IdentityDeployer
	case "cloudsql.googleapis.com":
		return IdentityRunner
	case registryAPI:
		return f.ofRegistry()
	case storageAPI, "logging.googleapis.com", secretsAPI:
		return f.ofData()
	}
	if slices.Contains(tokens, f.Permission) && f.setting.scene != sceneRun {
		return IdentityCaller
	}
	return f.byCommand()
}

// ofRegistry: uploads are a push; reading a repository's settings is a part of deploying from source.
func (f Failure) ofRegistry() Identity {
	if f.pushing() {
		return f.pushes()
	}
	return f.byCommand()
}

// ofData: objects, logs and secrets are what a build's account and a container's code both ask for. A default account
// runs builds and containers; without a sign of a container it is the build, which comes first. Of a secret a deploy asks
// for the runtime account (Cloud Run, "Configure secrets").
func (f Failure) ofData() Identity {
	switch p := partyOf(f.Principal); {
	case f.builds():
		return IdentityBuilder
	case f.setting.scene == sceneUnread && p == partyDefault && f.phase() != phaseSubmit:
		return IdentityBuilder
	case f.matter.service == secretsAPI && f.phase() == phaseDeploy && p != partyPerson:
		return IdentityRunner
	}
	return f.byCommand()
}

// byScene are those who act in a scene.
var byScene = map[scene]Identity{sceneNode: IdentityOther, sceneSignIn: IdentityCaller, sceneService: IdentityCaller, sceneTerraform: IdentityCaller, sceneBuild: IdentityBuilder,
	scenePush: IdentityPusher, sceneRun: IdentityRunner, scenePull: IdentityCaller}

// byCommand decides by what was being done.
func (f Failure) byCommand() Identity {
	if f.builds() {
		return IdentityBuilder
	}
	switch f.phase() {
	case phaseDeploy:
		return IdentityDeployer
	case phaseSubmit, phaseCommand:
		return IdentityCaller
	}
	switch {
	case f.setting.scene != sceneUnread:
		return byScene[f.setting.scene]
	case f.matter.cloudRun:
		return IdentityDeployer
	case f.Cause == Permission && slices.Contains(managing, f.matter.service):
		return IdentityCaller
	}
	return ""
}

// managing are the APIs with which people and pipelines manage a project.
var managing = []string{"serviceusage.googleapis.com", "resourcemanager.googleapis.com", "cloudbuild.googleapis.com", "clouddeploy.googleapis.com", iamAPI}

// phase is which command failed.
type phase int

const (
	phaseUnread  phase = iota
	phaseDeploy        // Cloud Run, or a function, was called
	phaseSubmit        // a build was handed in
	phaseCommand       // something else was done with gcloud or Terraform
)

// deploying are gcloud's commands that call Cloud Run or Cloud Functions to change something.
var deploying = []string{"deploy", "update", "create", "replace", "update-traffic", "set-iam-policy", "add-iam-policy-binding"}

func (f Failure) phase() phase {
	group, rest, _ := strings.Cut(f.matter.command, ".")
	verb := rest[strings.LastIndexByte(rest, '.')+1:]
	switch {
	case (group == "run" || group == "functions") && slices.Contains(deploying, verb):
		return phaseDeploy
	case group == "builds":
		return phaseSubmit
	case group != "":
		return phaseCommand
	case f.matter.terraform == "":
		return phaseUnread
	case strings.HasPrefix(f.matter.terraform, "google_cloud_run"), strings.HasPrefix(f.matter.terraform, "google_cloudfunctions"):
		return phaseDeploy
	}
	return phaseCommand
}
