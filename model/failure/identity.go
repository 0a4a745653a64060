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
	case host != "":
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

// byWording are the wordings that name who is at fault, or leave one alone.
var byWording = map[wording]Identity{functionsAgent: IdentityOther, buildAccount: IdentityBuilder, buildSource: IdentityBuilder, stagingBucket: IdentityCaller,
	impersonation: IdentityCaller, secretRefused: IdentityRunner, databaseRefused: IdentityRunner, invokerRefused: IdentityCaller, runtimeMissing: IdentityRunner}

// atFault decides by what was read, as types: the cause, its wording, whose e-mail it is, the permission, the command.
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
	case NotAccess, Unrecognized, MemberNotFound:
		return byWording[f.matter.wording]
	}
	return ""
}

// refused is who was refused.
func (f Failure) refused() Identity {
	if who, ok := agents[partyOf(f.Principal)]; ok {
		return who
	}
	if who, ok := byWording[f.matter.wording]; ok {
		return who
	}
	if f.Cause == ActAs {
		return f.acts()
	}
	if f.Cause == RegistryDenied {
		return f.asks()
	}
	if who, ok := f.byPermission(); ok {
		return who
	}
	return f.byCommand()
}

// acts is who may not act as an account: whoever deploys, but for a build that is submitted.
func (f Failure) acts() Identity {
	switch {
	case f.phase() == phaseSubmit:
		return IdentityCaller
	case f.phase() == phaseDeploy, f.matter.cloudRun, f.ConsumerProject != "":
		return IdentityDeployer
	case f.Permission != "" && f.matter.service == iamAPI:
		return IdentityDeployer
	}
	return ""
}

// asks is who asked the registry. Of a pull only the client can tell; a machine of a cluster is nobody of ours.
func (f Failure) asks() Identity {
	if f.pushing() {
		return f.pushes()
	}
	if f.builds() {
		return IdentityBuilder
	}
	return f.byCommand()
}

// pushing tells whether an image was on its way into the registry.
func (f Failure) pushing() bool {
	w := f.matter.wording
	return w == pushed || w == createOnPush || slices.Contains(pushes, f.Permission)
}

// pushes are the permissions that only a push asks for.
var pushes = []string{"artifactregistry.repositories.uploadArtifacts", "artifactregistry.repositories.createOnPush", "artifactregistry.tags.create", "artifactregistry.tags.update"}

func (f Failure) pushes() Identity {
	if f.builds() {
		return IdentityBuilder
	}
	return IdentityPusher
}

// builds tells whether a build's own account is the one that was refused.
func (f Failure) builds() bool {
	return partyOf(f.Principal) == partyBuild || f.phase() == phaseBuild
}

const iamAPI, runtimeAPI, functionsAPI = "iam.googleapis.com", "run.googleapis.com", "cloudfunctions.googleapis.com"

// byPermission decides where the permission tells who needs it.
func (f Failure) byPermission() (Identity, bool) {
	switch f.matter.service {
	case runtimeAPI, functionsAPI:
		if slices.Contains([]string{"run.jobs.run", "run.routes.invoke", "cloudfunctions.functions.invoke"}, f.Permission) && f.phase() != phaseDeploy {
			return IdentityCaller, true
		}
		return IdentityDeployer, true
	case "cloudsql.googleapis.com":
		return IdentityRunner, true
	case "artifactregistry.googleapis.com":
		return f.ofRegistry()
	case "storage.googleapis.com", "logging.googleapis.com", "secretmanager.googleapis.com":
		return f.ofData()
	}
	return "", false
}

// ofRegistry: uploads are a push; reading a repository's settings is a part of deploying from source.
func (f Failure) ofRegistry() (Identity, bool) {
	if f.pushing() {
		return f.pushes(), true
	}
	if f.builds() {
		return IdentityBuilder, true
	}
	return "", false
}

// ofData: objects, logs and secrets are what a build's account and a container's code both ask for.
func (f Failure) ofData() (Identity, bool) {
	p := partyOf(f.Principal)
	switch {
	case f.builds():
		return IdentityBuilder, true
	case p == partyAccount && f.phase() == phaseDeploy:
		return IdentityDeployer, true
	case p == partyDefault && f.phase() != phaseRun:
		return IdentityBuilder, true
	case p == partyDefault || p == partyAccount || f.phase() == phaseRun:
		return IdentityRunner, true
	}
	return "", false
}

// byCommand decides by what was being done.
func (f Failure) byCommand() Identity {
	switch f.phase() {
	case phaseDeploy:
		return IdentityDeployer
	case phaseBuild:
		return IdentityBuilder
	case phaseRun:
		return IdentityRunner
	case phaseSubmit, phaseCommand:
		return IdentityCaller
	}
	return ""
}

// phase is what was being done when it failed.
type phase int

const (
	phaseUnread  phase = iota
	phaseDeploy        // Cloud Run, or a function, was called
	phaseSubmit        // a build was handed in
	phaseBuild         // a build ran
	phaseRun           // a container ran
	phaseCommand       // another command of gcloud
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
	case strings.HasPrefix(f.matter.terraform, "google_cloud_run"), strings.HasPrefix(f.matter.terraform, "google_cloudfunctions"):
		return phaseDeploy
	case f.matter.wording == bucketRefused:
		return phaseRun
	}
	return phaseUnread
}
