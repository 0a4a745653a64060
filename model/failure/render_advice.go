package failure

import (
	"slices"
	"strings"

	"al.essio.dev/pkg/shellescape"

	"whopulls/model"
	"whopulls/model/words"
)

// adviceByCause is for what no command of ours or gcloud's settles, by cause and by wording.
var adviceByCause = map[Cause][]bilingual{
	ImageReference:   {advRemote},
	OrgPolicy:        {advOrgPolicy},
	ServiceControls:  {advPerimeter, advIngress},
	ConcurrentChange: {advConcurrent},
	NotAccess:        {advLogs},
	Unrecognized:     {advWholeText, advAskAlone},
}

var adviceByVariant = map[variant][]bilingual{
	variantImmutableTag:          {advOtherTag},
	variantInvoker:               {advInvoker},
	variantFunctionsRepository:   {advElsewhere},
	variantBillingOff:            {advBilling},
	variantRateLimited:           {advRate},
	variantQuotaExceeded:         {advQuota},
	variantAttestation:           {advAttestation},
	variantAccessBoundary:        {advBoundary},
	variantConnector:             {advConnector},
	variantRuntimeAccountMissing: {advAccount},
}

// next is what to do, in order.
func (f Failure) next() []advice {
	if steps, ok := f.nextByVariant(); ok {
		return steps
	}
	switch f.Cause {
	case PullerRead:
		return f.nextPuller()
	case DeployerRead:
		return append(append(f.existenceAdvice(), f.readAdvice()...), f.checkAdvice()...)
	case RegistryDenied:
		return f.nextRegistry()
	case ActAs:
		if f.Identity == IdentityCaller { // a build, or another service: the map is about neither
			return f.nextActAs()
		}
		return append(f.nextActAs(), f.checkAdvice()...)
	case RunAs:
		return append(f.nextRunAs(), f.checkAdvice()...)
	case MemberNotFound:
		return f.nextMember()
	case APIDisabled:
		return f.nextAPI()
	case PermissionMissing:
		return f.nextPermission()
	case RepositoryNotFound, ImageNotFound:
		return f.nextMissing()
	}
	return f.textAdvice(adviceByCause[f.Cause]...)
}

// nextByVariant is what to do where the message says more than its cause.
func (f Failure) nextByVariant() (steps []advice, ok bool) {
	switch {
	case f.isBareBuildFailure():
		return f.textAdvice(advBuildLog), true
	case f.lacksScopes():
		return f.textAdvice(advScopes), true
	}
	if entries, ok := adviceByVariant[f.details.variant]; ok {
		return f.textAdvice(entries...), true
	}
	if f.Cause == OrgPolicy && !f.isDomainRestriction() {
		return f.textAdvice(pick(f.clues.constraint == "", advSomePolicy, advOtherPolicy)), true
	}
	return nil, false
}

// isBareBuildFailure reports whether the text says that a build failed, and not why.
func (f Failure) isBareBuildFailure() bool {
	return f.Cause == NotAccess && f.clues.buildFailed && f.details.variant == variantNone
}

func (f Failure) nextPuller() []advice {
	steps := f.textAdvice(pick(f.ConsumerProject == "", advWhichProject, advRightProject))
	grant := f.grantCommand(f.refusedRepository().grantArgs, model.RoleReader)
	if grant == "" {
		return append(append(steps, f.projectNumberAdvice()...), f.checkAdvice()...)
	}
	steps = append(append(steps, f.commandAdvice(advAgentReads, grant)...), f.textAdvice(advWait)...)
	return append(steps, f.checkAdvice()...)
}

// projectNumberAdvice finds the number that the agent's e-mail is made of.
func (f Failure) projectNumberAdvice() []advice {
	if f.ConsumerProject == "" || f.Principal != "" {
		return nil
	}
	return f.commandAdvice(advAgentNumber, shellCommand("gcloud", "projects", "describe", f.ConsumerProject, "--format=value(projectNumber)"))
}

// readAdvice lets who was refused read the repository.
func (f Failure) readAdvice() []advice {
	if grant := f.grantCommand(f.refusedRepository().grantArgs, model.RoleReader); grant != "" {
		return f.commandAdvice(advReads, grant)
	}
	return f.textAdvice(advRegistryReads)
}

// nextRegistry: the one who pushes needs to write, and the one who is not signed in needs no role before that.
func (f Failure) nextRegistry() []advice {
	steps := f.existenceAdvice()
	switch {
	case f.details.variant == variantRegistryShutDown:
		return f.migrateAdvice()
	case f.clues.notGoogle:
		return f.textAdvice(advForeign)
	case f.details.variant == variantUnauthenticated:
		steps = append(steps, f.signInAdvice()...)
	case f.details.variant == variantCreateOnPush, f.roleToGrant() == "", f.grantCommand(f.refusedRepository().grantArgs, f.roleToGrant()) != "":
		steps = append(steps, f.nextRole()...)
	default:
		steps = append(steps, f.textAdvice(pick(f.isSignedInByPlatform(), advNeeds, advOrSignIn))...)
	}
	if f.Identity == IdentityPusher || f.Identity == IdentityBuilder {
		return steps
	}
	return append(steps, f.checkAdvice()...)
}

// isSignedInByPlatform reports whether the one who was refused is signed in by what it runs on.
func (f Failure) isSignedInByPlatform() bool {
	return f.clues.activity == activityNodePull || slices.Contains([]Identity{IdentityBuilder, IdentityRunner, IdentityRegistryAgent, IdentityOther}, f.Identity)
}

func (f Failure) signInAdvice() []advice {
	if host := f.registryHost(); host != "" {
		return f.commandAdvice(advSignIn, shellCommand("gcloud", "auth", "configure-docker", host))
	}
	return f.textAdvice(advSignInHost)
}

func (f Failure) migrateAdvice() []advice {
	if f.ImageProject == "" {
		return f.textAdvice(advMigrateAlone)
	}
	return f.commandAdvice(advMigrate, shellCommand("gcloud", "artifacts", "docker", "upgrade", "migrate", "--projects="+f.ImageProject))
}

func (f Failure) nextActAs() []advice {
	steps := f.existenceAdvice()
	if grant := f.grantCommand(f.refusedAccount().grantArgs, model.RoleAccountUser); grant != "" {
		return append(steps, f.commandAdvice(advActAs, grant)...)
	}
	return append(steps, f.textAdvice(advNeeds)...)
}

func (f Failure) nextRunAs() []advice {
	if f.isSameProject() {
		return f.commandAdvice(advAgentRole, f.grantCommand(projectGrantArgs(model.AccountProject(f.ServiceAccount)), model.RoleRunAgent))
	}
	steps := []advice{{text: advRunAsHome.With(f.valuesWithRole(model.RoleRunAgent))}}
	if grant := f.grantCommand(f.refusedAccount().grantArgs, model.RoleTokenCreator); grant != "" {
		return append(steps, f.commandAdvice(advTokens, grant)...)
	}
	return append(steps, advice{text: advTokensAlone.With(f.valuesWithRole(model.RoleTokenCreator))})
}

// nextMember: a service agent comes to be with the first use of its API, or by this call (IAM, "Create service agents").
func (f Failure) nextMember() []advice {
	number := model.RunServiceAgentProject(model.ServiceAccountMember(f.Principal))
	if build := model.BuildAccountProject(f.Principal); build != "" {
		v := f.values()
		v.Account = words.Name(model.DefaultComputeAccount(build))
		return []advice{{text: advNoBuildAccount.With(v)}}
	}
	if number == "" {
		return f.nextOtherMember()
	}
	return append(f.commandAdvice(advCreateAgent, shellCommand("gcloud", "beta", "services", "identity", "create", "--service="+runAPI, "--project="+number)),
		advice{command: f.grantCommand(projectGrantArgs(number), model.RoleRunAgent)})
}

// agentAPIs are the APIs of agents that a binding often names before they exist.
var agentAPIs = map[string]string{"gcf-admin-robot": functionsAPI, "gcp-sa-artifactregistry": registryAPI, "gcp-sa-cloudbuild": "cloudbuild.googleapis.com",
	"gcp-sa-eventarc": "eventarc.googleapis.com", "gcp-sa-pubsub": "pubsub.googleapis.com", "gcp-sa-secretmanager": secretsAPI}

func (f Failure) nextOtherMember() []advice {
	name, _, _ := strings.Cut(f.Principal, "@")
	number, numbered := strings.CutPrefix(name, "service-")
	api := agentAPIs[model.ServiceAgentHost(f.Principal)]
	if api == "" || !numbered || model.ValidateProject(number) != nil {
		return f.textAdvice(advMember)
	}
	return f.commandAdvice(advCreateOther, shellCommand("gcloud", "beta", "services", "identity", "create", "--service="+api, "--project="+number))
}

func (f Failure) nextAPI() []advice {
	if f.API == "" || f.details.apiProject == "" {
		return f.textAdvice(advEnableAlone)
	}
	return append(f.commandAdvice(advEnable, shellCommand("gcloud", "services", "enable", f.API, "--project="+f.details.apiProject)), f.checkAdvice()...)
}

// nextMissing: what a push would have created is lacking for another reason than what was never pushed.
func (f Failure) nextMissing() []advice {
	if f.details.variant == variantCreateOnPush {
		return f.nextRole()
	}
	if r, err := model.ParseRepository(f.Repository); err == nil && f.Cause == RepositoryNotFound {
		create := shellCommand("gcloud", "artifacts", "repositories", "create", r.ID, "--repository-format=docker", "--location="+r.Location, "--project="+r.Project)
		return append(f.commandAdvice(advMakeRepo, create), f.checkAdvice()...)
	}
	steps := f.textAdvice(advPushIt)
	if at := imageOf(f.Image); at.Registry == model.ArtifactRegistry {
		steps = append(steps, f.commandAdvice(advTags, shellCommand("gcloud", "artifacts", "docker", "images", "list", at.Base(), "--include-tags"))...)
	}
	return append(steps, f.checkAdvice()...)
}

// nextPermission: whether it exists comes first, then the role.
func (f Failure) nextPermission() []advice {
	if f.isImpersonation() {
		return f.nextImpersonate()
	}
	steps := append(f.existenceAdvice(), f.nextRole()...)
	if f.details.variant == variantFunctionsAgent {
		return append(steps, f.textAdvice(advFunctions)...)
	}
	switch f.Identity {
	case IdentityDeployer, IdentityPuller, "":
		return append(steps, f.checkAdvice()...)
	case IdentityCaller:
		if f.details.service == runAPI {
			return append(steps, f.checkAdvice()...)
		}
	}
	return steps
}

// nextImpersonate: the one who signs in by federation is given another role than the one who calls as the account.
func (f Failure) nextImpersonate() []advice {
	steps := f.existenceAdvice()
	if grant := f.grantCommand(f.refusedAccount().grantArgs, model.RoleTokenCreator); grant != "" && f.Principal != f.ServiceAccount {
		return append(steps, f.commandAdvice(advCallAs, grant)...)
	}
	return append(steps, f.textAdvice(advFederated)...)
}

// existenceAdvice asks whether the thing exists, where Google says that it may not.
func (f Failure) existenceAdvice() []advice {
	if !f.details.mayNotExist {
		return nil
	}
	var steps []advice
	if f.mayBeOwner() && ownerHolds(f.Permission) {
		steps = f.textAdvice(advOwner)
	}
	if show := f.refusedResource().showArgs; len(show) > 0 {
		return append(steps, f.commandAdvice(advExists, shellCommand(show...))...)
	}
	return append(steps, f.textAdvice(advExistsAlone)...)
}

// mayBeOwner reports whether the one who was refused may be an owner: a person, or an account that people call with.
func (f Failure) mayBeOwner() bool {
	switch f.Identity {
	case IdentityBuilder, IdentityRunner, IdentityPuller, IdentityRegistryAgent, IdentityOther:
		return false
	}
	return f.details.variant != variantUnauthenticated
}

// nextRole names the role that helps, with the command that grants it where the text tells enough for one.
func (f Failure) nextRole() []advice {
	switch role := f.roleToGrant(); {
	case role == "" && f.Permission == "":
		return f.textAdvice(advNeedsUnnamed)
	case role == "":
		return f.textAdvice(advNeedsSome)
	default:
		if grant := f.grantCommand(f.grantResource(role).grantArgs, role); grant != "" {
			return f.commandAdvice(advGrant, grant)
		}
	}
	return f.textAdvice(advNeeds)
}

// check is how to ask where the text does not tell enough of the question for a command.
func (f Failure) checkAdvice() []advice {
	q := f.FillQuestion(model.Question{})
	if q.Project == "" || q.Image.IsZero() && q.Repository.ID == "" && q.Workload == nil {
		return f.textAdvice(advWhich)
	}
	line := []string{"whopulls", "check", "--project=" + q.Project}
	if w := q.Workload; w != nil {
		line = append(line, "--"+string(w.Kind)+"="+w.Name, "--region="+w.Region)
	}
	for _, one := range []struct{ flag, value string }{{"image", q.Image.Text}, {"repository", q.Repository.String()},
		{"service-account", q.ServiceAccount}, {"deployer", string(q.Deployer)}} {
		if one.value != "" {
			line = append(line, "--"+one.flag+"="+one.value)
		}
	}
	return f.commandAdvice(advDiagnose, shellCommand(line...))
}

// grantCommand adds member and role to a command that grants; empty if it, or who needs the role, is not
// known. Where a policy holds conditions, gcloud asks for one unless it knows that there is none.
func (f Failure) grantCommand(grant []string, role string) string {
	member, err := model.ParseMember(f.emailAtFault())
	if len(grant) == 0 || f.emailAtFault() == "" || err != nil || role == "" {
		return ""
	}
	line := slices.Concat(grant, []string{"--member=" + string(member), "--role=" + role})
	if grant[1] == "projects" || grant[1] == "iam" {
		line = append(line, "--condition=None")
	}
	return shellCommand(line...)
}

func projectGrantArgs(project string) []string {
	if project == "" {
		return nil
	}
	return []string{"gcloud", "projects", "add-iam-policy-binding", project}
}

// shellCommand makes a line that runs as it is: whatever a text held, the shell sees words.
func shellCommand(args ...string) string { return shellescape.QuoteCommand(args) }

// textAdvice is advice in words.
func (f Failure) textAdvice(entries ...bilingual) []advice {
	steps := make([]advice, len(entries))
	for i, e := range entries {
		steps[i].text = f.textOf(e)
	}
	return steps
}

// commandAdvice is advice that leads to a command.
func (f Failure) commandAdvice(e bilingual, command string) []advice {
	return []advice{{text: f.textOf(e)}, {command: command}}
}

func (f Failure) valuesWithRole(role string) values {
	v := f.values()
	v.Role = words.Name(role)
	return v
}
