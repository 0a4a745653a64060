package failure

import (
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/model/words"
)

// said is the headline and the summary of a cause, or of a wording of it.
type said struct {
	headline entry
	summary  []entry
}

// causesSaid are those that are the same for every identity.
var causesSaid = map[Cause]said{
	Puller:             {headCantRead, []entry{sumPuller, sumPulls}},
	DeployerRead:       {headCantRead, []entry{sumDeployerRead}},
	ImageNotFound:      {headImageNotFound, []entry{sumNotFound}},
	ImageReference:     {headImageReference, []entry{sumReference}},
	APIDisabled:        {headAPIDisabled, []entry{sumAPI}},
	RepositoryNotFound: {headRepositoryNotFound, []entry{sumNoRepository}},
	MemberNotFound:     {headMemberNotFound, []entry{sumMember}},
	OrgPolicy:          {headOrgPolicy, []entry{sumOrgPolicy}},
	ServiceControls:    {headServiceControls, []entry{sumServiceControls}},
	ConcurrentChange:   {headConcurrentChange, []entry{sumConcurrent}},
	NotAccess:          {headNotAccess, []entry{sumNotAccess}},
	Unrecognized:       {headUnrecognized, []entry{sumUnrecognized}},
}

// wordingsSaid go before what is said of their cause.
var wordingsSaid = map[wording]said{
	createOnPush:        {headCantCreate, []entry{sumCreateOnPush}},
	immutableTag:        {headImmutable, []entry{sumImmutable}},
	registryShut:        {headShut, []entry{sumShut}},
	buildSource:         {headNoSource, nil},
	logsRefused:         {headNoLogs, []entry{sumLogs}},
	keyRefused:          {headNoKey, []entry{sumKey}},
	buildAccount:        {headRefused, []entry{sumBuildLacks}},
	stagingBucket:       {headNoBucket, []entry{sumStaging}},
	secretRefused:       {headNoSecret, []entry{sumSecret}},
	databaseRefused:     {headNoDatabase, nil},
	connectorRefused:    {headNoConnector, []entry{sumConnector}},
	invokerRefused:      {headInvoker, []entry{sumInvoker}},
	runtimeMissing:      {headNoAccount, []entry{sumNoAccount}},
	functionsRepository: {headFunctions, []entry{sumElsewhere}},
	billingOff:          {headNotAccess, []entry{sumBilling}},
	rateLimited:         {headNotAccess, []entry{sumRate}},
	quotaSpent:          {headNotAccess, []entry{sumQuota}},
	attestation:         {headNotAccess, []entry{sumAttestation}},
	accessBoundary:      {headRefused, []entry{sumBoundary}},
}

// saying is the headline, and the sentences about what is wrong.
func (f Failure) saying() said {
	if s, ok := f.sayWording(); ok {
		return s
	}
	s := f.sayCause()
	if worded, ok := wordingsSaid[f.matter.wording]; ok {
		s.headline = worded.headline
	}
	return s
}

// sayWording is what the message says beyond its cause.
func (f Failure) sayWording() (s said, ok bool) {
	switch {
	case f.matter.wording == buildSource && f.Permission == "":
		return said{headNoSource, []entry{sumSource}}, true
	case f.buildAlone():
		return said{headBuildFailed, []entry{sumBuildFailed}}, true
	case f.scopeless():
		return said{headScopes, []entry{sumScopes}}, true
	case f.matter.wording == secretRefused && f.matter.mayNotExist:
		return said{headNoSecret, []entry{sumSecretOr}}, true
	case wordingsSaid[f.matter.wording].summary != nil:
		return wordingsSaid[f.matter.wording], true
	case f.Cause == OrgPolicy && !f.aboutSharing():
		return said{headOtherPolicy, []entry{pick(f.setting.constraint == "", sumSomePolicy, sumOtherPolicy)}}, true
	}
	return said{}, false
}

// sayCause is what the cause comes to.
func (f Failure) sayCause() said {
	switch {
	case f.Cause == ActAs:
		return f.sayActAs()
	case f.Cause == RunAs:
		return said{headNoTokens, []entry{pick(f.atHome(), sumRunAsHome, sumRunAs)}}
	case f.Cause == RegistryDenied:
		return f.sayRegistry()
	case f.impersonates():
		return said{headCantCallAs, []entry{sumImpersonate}}
	case f.Cause == Permission:
		return f.sayPermission()
	case f.Cause == NotAccess && f.setting.ran:
		return said{headNotAccess, []entry{sumRan}}
	case f.Cause == MemberNotFound && f.binds():
		return said{headMemberNotFound, []entry{sumMemberBound}}
	}
	return causesSaid[f.Cause]
}

func pick(first bool, a, b entry) entry {
	if first {
		return a
	}
	return b
}

func (f Failure) headline() entry { return f.saying().headline }

// summary is what is wrong, and where it stands on the way from the source to the running container.
func (f Failure) summary() []words.Text {
	entries := slices.Clone(f.saying().summary)
	switch {
	case f.Cause == NotAccess || f.Cause == Unrecognized || f.matter.wording == stagingBucket:
	case f.Identity == IdentityBuilder:
		entries = append(entries, sumBuildFirst)
	case f.Identity == IdentityPusher:
		entries = append(entries, sumPushFirst)
	case f.Identity == IdentityRunner && f.Cause == Permission:
		entries = append(entries, sumRuns)
	}
	if f.matter.wording == functionsAgent {
		entries = append(entries, sumFunctions)
	}
	texts := make([]words.Text, len(entries))
	for i, e := range entries {
		texts[i] = f.says(e)
	}
	return texts
}

func (f Failure) sayActAs() said {
	return said{pick(f.accountNoun() == nounRunner, headCantActAs, headCantActAsOther), []entry{pick(f.matter.mayNotExist, sumActAsOr, sumActAs)}}
}

func (f Failure) sayRegistry() said {
	asked := []entry{pick(f.matter.mayNotExist, sumRegistryOr, sumRegistry), sumRegistryAlone}
	if f.pushing() {
		asked = []entry{pick(f.matter.mayNotExist, sumPushOr, sumPush)}
	}
	if f.matter.wording == unauthenticated {
		asked[0] = sumNotSignedIn
		return said{headNotSignedIn, asked}
	}
	switch {
	case f.pushing():
		return said{pick(f.Identity == IdentityPusher, headPushRefused, headCantPush), asked}
	case f.lane() == entry{}:
		return said{headRegistryDenied, asked}
	}
	return said{headCantRead, asked}
}

func (f Failure) sayPermission() said {
	on := f.resource().named
	switch {
	case f.Permission == "":
		return said{headRefused, []entry{sumRefused}}
	case f.matter.mayNotExist:
		return said{headLacks, []entry{pick(on, sumLacksOnOr, sumLacksOr)}}
	}
	return said{headLacks, []entry{pick(on, sumLacksOn, sumLacks)}}
}

// impersonates tells whether somebody may not call as another account.
func (f Failure) impersonates() bool {
	return f.Cause == Permission && f.Identity == IdentityCaller &&
		(f.Permission == string(model.PermGetAccessToken) || f.matter.wording == impersonation && f.Permission == "")
}

// aboutSharing tells whether a policy refused a member for the organization that it is from.
func (f Failure) aboutSharing() bool { return f.setting.sharing || f.Principal != "" }

// scopeless tells whether a permission was refused for the scopes of what was presented, and not for a role.
func (f Failure) scopeless() bool { return f.Cause == Permission && f.setting.scopes }

// binds tells whether a binding was written: by the command, or by the kind of Terraform's resource.
func (f Failure) binds() bool {
	return strings.HasSuffix(f.matter.command, "iam-policy-binding") || strings.HasSuffix(f.matter.command, "set-iam-policy") || strings.Contains(f.matter.terraform, "_iam_")
}

// atHome tells whether the agent and the runtime account show the same project number.
func (f Failure) atHome() bool {
	number, _, _ := strings.Cut(strings.TrimPrefix(f.Principal, "service-"), "@")
	return asAgent(f.Principal) != "" && number == model.AccountProject(f.ServiceAccount)
}
