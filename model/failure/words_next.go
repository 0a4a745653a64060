package failure

import (
	"slices"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"whopulls/model"
	"whopulls/model/words"
)

// plainAdvice is for what no command of ours or gcloud's settles, by cause and by wording.
var plainAdvice = map[Cause][]entry{
	ImageReference:   {advRemote},
	OrgPolicy:        {advOrgPolicy},
	ServiceControls:  {advPerimeter, advIngress},
	ConcurrentChange: {advConcurrent},
	NotAccess:        {advLogs},
	Unrecognized:     {advWholeText, advAskAlone},
}

var wordedAdvice = map[wording][]entry{
	immutableTag:        {advOtherTag},
	invokerRefused:      {advInvoker},
	functionsRepository: {advElsewhere},
	billingOff:          {advBilling},
	rateLimited:         {advRate},
	quotaSpent:          {advQuota},
	attestation:         {advAttestation},
	accessBoundary:      {advBoundary},
	connectorRefused:    {advConnector},
	runtimeMissing:      {advAccount},
}

// next is what to do, in order.
func (f Failure) next() []advice {
	if told, ok := f.nextByWording(); ok {
		return told
	}
	switch f.Cause {
	case Puller:
		return f.nextPuller()
	case DeployerRead:
		return append(append(f.existence(), f.reads()...), f.diagnose()...)
	case RegistryDenied:
		return f.nextRegistry()
	case ActAs:
		if f.Identity == IdentityCaller { // a build, or another service: the map is about neither
			return f.nextActAs()
		}
		return append(f.nextActAs(), f.diagnose()...)
	case RunAs:
		return append(f.nextRunAs(), f.diagnose()...)
	case MemberNotFound:
		return f.nextMember()
	case APIDisabled:
		return f.nextAPI()
	case Permission:
		return f.nextPermission()
	case RepositoryNotFound, ImageNotFound:
		return f.nextMissing()
	}
	return f.tell(plainAdvice[f.Cause]...)
}

// nextByWording is what to do where the message says more than its cause.
func (f Failure) nextByWording() (told []advice, ok bool) {
	switch {
	case f.buildAlone():
		return f.tell(advBuildLog), true
	case f.scopeless():
		return f.tell(advScopes), true
	}
	if plain, ok := wordedAdvice[f.matter.wording]; ok {
		return f.tell(plain...), true
	}
	if f.Cause == OrgPolicy && !f.aboutSharing() {
		return f.tell(pick(f.setting.constraint == "", advSomePolicy, advOtherPolicy)), true
	}
	return nil, false
}

// buildAlone tells whether the text says that a build failed, and not why.
func (f Failure) buildAlone() bool {
	return f.Cause == NotAccess && f.setting.buildFailed && f.matter.wording == plain
}

func (f Failure) nextPuller() []advice {
	steps := f.tell(pick(f.ConsumerProject == "", advWhichProject, advRightProject))
	grant := f.bind(f.refusedRepository().grant, model.RoleReader)
	if grant == "" {
		return append(append(steps, f.numberCommand()...), f.diagnose()...)
	}
	steps = append(append(steps, f.lead(advAgentReads, grant)...), f.tell(advWait)...)
	return append(steps, f.diagnose()...)
}

// numberCommand finds the number that the agent's e-mail is made of.
func (f Failure) numberCommand() []advice {
	if f.ConsumerProject == "" || f.Principal != "" {
		return nil
	}
	return f.lead(advAgentNumber, command("gcloud", "projects", "describe", f.ConsumerProject, "--format=value(projectNumber)"))
}

// reads lets who was refused read the repository.
func (f Failure) reads() []advice {
	if grant := f.bind(f.refusedRepository().grant, model.RoleReader); grant != "" {
		return f.lead(advReads, grant)
	}
	return f.tell(advRegistryReads)
}

// nextRegistry: whoever pushes needs to write, and whoever is not signed in needs no role before that.
func (f Failure) nextRegistry() []advice {
	steps := f.existence()
	switch {
	case f.matter.wording == registryShut:
		return f.migrate()
	case f.setting.foreign:
		return f.tell(advForeign)
	case f.matter.wording == unauthenticated:
		steps = append(steps, f.signIn()...)
	case f.matter.wording == createOnPush, f.role() == "", f.bind(f.refusedRepository().grant, f.role()) != "":
		steps = append(steps, f.nextRole()...)
	default:
		steps = append(steps, f.tell(pick(f.keyless(), advNeeds, advOrSignIn))...)
	}
	if f.Identity == IdentityPusher || f.Identity == IdentityBuilder {
		return steps
	}
	return append(steps, f.diagnose()...)
}

// keyless tells whether whoever was refused is signed in by what it runs on.
func (f Failure) keyless() bool {
	return f.setting.scene == sceneNode || slices.Contains([]Identity{IdentityBuilder, IdentityRunner, IdentityRegistryAgent, IdentityOther}, f.Identity)
}

func (f Failure) signIn() []advice {
	if host := f.host(); host != "" {
		return f.lead(advSignIn, command("gcloud", "auth", "configure-docker", host))
	}
	return f.tell(advSignInHost)
}

func (f Failure) migrate() []advice {
	if f.ImageProject == "" {
		return f.tell(advMigrateAlone)
	}
	return f.lead(advMigrate, command("gcloud", "artifacts", "docker", "upgrade", "migrate", "--projects="+f.ImageProject))
}

func (f Failure) nextActAs() []advice {
	steps := f.existence()
	if grant := f.bind(f.refusedAccount().grant, model.RoleAccountUser); grant != "" {
		return append(steps, f.lead(advActAs, grant)...)
	}
	return append(steps, f.tell(advNeeds)...)
}

func (f Failure) nextRunAs() []advice {
	if f.atHome() {
		return f.lead(advAgentRole, f.bind(projectGrant(model.AccountProject(f.ServiceAccount)), model.RoleRunAgent))
	}
	steps := []advice{{words: advRunAsHome.With(f.withRole(model.RoleRunAgent))}}
	if grant := f.bind(f.refusedAccount().grant, model.RoleTokenCreator); grant != "" {
		return append(steps, f.lead(advTokens, grant)...)
	}
	return append(steps, advice{words: advTokensAlone.With(f.withRole(model.RoleTokenCreator))})
}

// nextMember: a service agent comes to be with the first use of its API, or by this call (IAM, "Create service agents").
func (f Failure) nextMember() []advice {
	number := model.RunServiceAgentProject(model.ServiceAccountMember(f.Principal))
	if build := model.BuildAccountProject(f.Principal); build != "" {
		v := f.values()
		v.Account = words.Name(model.DefaultComputeAccount(build))
		return []advice{{words: advNoBuildAccount.With(v)}}
	}
	if number == "" {
		return f.nextOtherMember()
	}
	return append(f.lead(advCreateAgent, command("gcloud", "beta", "services", "identity", "create", "--service="+runAPI, "--project="+number)),
		advice{command: f.bind(projectGrant(number), model.RoleRunAgent)})
}

// agentAPIs are the APIs of agents that a binding often names before they exist.
var agentAPIs = map[string]string{"gcf-admin-robot": functionsAPI, "gcp-sa-artifactregistry": registryAPI, "gcp-sa-cloudbuild": "cloudbuild.googleapis.com",
	"gcp-sa-eventarc": "eventarc.googleapis.com", "gcp-sa-pubsub": "pubsub.googleapis.com", "gcp-sa-secretmanager": secretsAPI}

func (f Failure) nextOtherMember() []advice {
	name, _, _ := strings.Cut(f.Principal, "@")
	number, numbered := strings.CutPrefix(name, "service-")
	api := agentAPIs[model.ServiceAgentHost(f.Principal)]
	if api == "" || !numbered || model.ValidateProject(number) != nil {
		return f.tell(advMember)
	}
	return f.lead(advCreateOther, command("gcloud", "beta", "services", "identity", "create", "--service="+api, "--project="+number))
}

func (f Failure) nextAPI() []advice {
	if f.API == "" || f.matter.project == "" {
		return f.tell(advEnableAlone)
	}
	return append(f.lead(advEnable, command("gcloud", "services", "enable", f.API, "--project="+f.matter.project)), f.diagnose()...)
}

// nextMissing: what a push would have created is lacking for another reason than what was never pushed.
func (f Failure) nextMissing() []advice {
	if f.matter.wording == createOnPush {
		return f.nextRole()
	}
	if r, err := model.ParseRepository(f.Repository); err == nil && f.Cause == RepositoryNotFound {
		create := command("gcloud", "artifacts", "repositories", "create", r.ID, "--repository-format=docker", "--location="+r.Location, "--project="+r.Project)
		return append(f.lead(advMakeRepo, create), f.diagnose()...)
	}
	steps := f.tell(advPushIt)
	if at := imageOf(f.Image); at.Registry == model.ArtifactRegistry {
		steps = append(steps, f.lead(advTags, command("gcloud", "artifacts", "docker", "images", "list", at.Base(), "--include-tags"))...)
	}
	return append(steps, f.diagnose()...)
}

// nextPermission: whether it exists comes first, then the role.
func (f Failure) nextPermission() []advice {
	if f.impersonates() {
		return f.nextImpersonate()
	}
	steps := append(f.existence(), f.nextRole()...)
	if f.matter.wording == functionsAgent {
		return append(steps, f.tell(advFunctions)...)
	}
	switch f.Identity {
	case IdentityDeployer, IdentityPuller, "":
		return append(steps, f.diagnose()...)
	case IdentityCaller:
		if f.matter.service == runAPI {
			return append(steps, f.diagnose()...)
		}
	}
	return steps
}

// nextImpersonate: whoever signs in by federation is given another role than whoever calls as the account.
func (f Failure) nextImpersonate() []advice {
	steps := f.existence()
	if grant := f.bind(f.refusedAccount().grant, model.RoleTokenCreator); grant != "" && f.Principal != f.ServiceAccount {
		return append(steps, f.lead(advCallAs, grant)...)
	}
	return append(steps, f.tell(advFederated)...)
}

// existence asks whether the thing exists, where Google says that it may not.
func (f Failure) existence() []advice {
	if !f.matter.mayNotExist {
		return nil
	}
	var steps []advice
	if f.mayOwn() && ownerHolds(f.Permission) {
		steps = f.tell(advOwner)
	}
	if show := f.resource().show; len(show) > 0 {
		return append(steps, f.lead(advExists, command(show...))...)
	}
	return append(steps, f.tell(advExistsAlone)...)
}

// mayOwn tells whether whoever was refused may be an owner: a person, or an account that people call with.
func (f Failure) mayOwn() bool {
	switch f.Identity {
	case IdentityBuilder, IdentityRunner, IdentityPuller, IdentityRegistryAgent, IdentityOther:
		return false
	}
	return f.matter.wording != unauthenticated
}

// nextRole names the role that helps, with the command that grants it where the text tells enough for one.
func (f Failure) nextRole() []advice {
	switch role := f.role(); {
	case role == "" && f.Permission == "":
		return f.tell(advNeedsUnnamed)
	case role == "":
		return f.tell(advNeedsSome)
	default:
		if grant := f.bind(f.place(role).grant, role); grant != "" {
			return f.lead(advGrant, grant)
		}
	}
	return f.tell(advNeeds)
}

// check is how to ask where the text does not tell enough of the question for a command.
func (f Failure) diagnose() []advice {
	q := f.Fill(model.Question{})
	if q.Project == "" || q.Image == "" && q.Repository.ID == "" && q.Workload == nil {
		return f.tell(advWhich)
	}
	line := []string{"whopulls", "check", "--project=" + q.Project}
	if w := q.Workload; w != nil {
		line = append(line, "--"+string(w.Kind)+"="+w.Name, "--region="+w.Region)
	}
	for _, one := range []struct{ flag, value string }{{"image", q.Image}, {"repository", q.Repository.String()},
		{"service-account", q.ServiceAccount}, {"deployer", string(q.Deployer)}} {
		if one.value != "" {
			line = append(line, "--"+one.flag+"="+one.value)
		}
	}
	return f.lead(advDiagnose, command(line...))
}

// bind adds member and role to a command that grants; empty where it, or who needs the role, is not known. Where a policy
// holds conditions, gcloud asks for one unless it is told that there is none.
func (f Failure) bind(grant []string, role string) string {
	member, err := model.ParseMember(f.email())
	if len(grant) == 0 || f.email() == "" || err != nil || role == "" {
		return ""
	}
	line := slices.Concat(grant, []string{"--member=" + string(member), "--role=" + role})
	if grant[1] == "projects" || grant[1] == "iam" {
		line = append(line, "--condition=None")
	}
	return command(line...)
}

func projectGrant(project string) []string {
	if project == "" {
		return nil
	}
	return []string{"gcloud", "projects", "add-iam-policy-binding", project}
}

// command makes a line that runs as it stands: whatever a text held, the shell sees words.
func command(words ...string) string { return shellescape.QuoteCommand(words) }

// tell is advice in words.
func (f Failure) tell(entries ...entry) []advice {
	steps := make([]advice, len(entries))
	for i, e := range entries {
		steps[i].words = f.says(e)
	}
	return steps
}

// lead is advice that leads to a command.
func (f Failure) lead(e entry, command string) []advice {
	return []advice{{words: f.says(e)}, {command: command}}
}

func (f Failure) withRole(role string) values {
	v := f.values()
	v.Role = words.Name(role)
	return v
}
