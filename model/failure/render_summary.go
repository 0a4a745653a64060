package failure

import (
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/model/words"
)

// statement is the headline and the summary of a cause, or of a wording of it.
type statement struct {
	headline bilingual
	summary  []bilingual
}

// statementByCause are those that are the same for every identity.
var statementByCause = map[Cause]statement{
	PullerRead:         {headCantRead, []bilingual{sumPuller, sumPulls}},
	DeployerRead:       {headCantRead, []bilingual{sumDeployerRead}},
	ImageNotFound:      {headImageNotFound, []bilingual{sumNotFound}},
	ImageReference:     {headImageReference, []bilingual{sumReference}},
	APIDisabled:        {headAPIDisabled, []bilingual{sumAPI}},
	RepositoryNotFound: {headRepositoryNotFound, []bilingual{sumNoRepository}},
	MemberNotFound:     {headMemberNotFound, []bilingual{sumMember}},
	OrgPolicy:          {headOrgPolicy, []bilingual{sumOrgPolicy}},
	ServiceControls:    {headServiceControls, []bilingual{sumServiceControls}},
	ConcurrentChange:   {headConcurrentChange, []bilingual{sumConcurrent}},
	NotAccess:          {headNotAccess, []bilingual{sumNotAccess}},
	Unrecognized:       {headUnrecognized, []bilingual{sumUnrecognized}},
}

// statementByVariant go before what is said about their cause.
var statementByVariant = map[variant]statement{
	variantCreateOnPush:          {headCantCreate, []bilingual{sumCreateOnPush}},
	variantImmutableTag:          {headImmutable, []bilingual{sumImmutable}},
	variantRegistryShutDown:      {headShut, []bilingual{sumShut}},
	variantBuildSource:           {headNoSource, nil},
	variantLogs:                  {headNoLogs, []bilingual{sumLogs}},
	variantKey:                   {headNoKey, []bilingual{sumKey}},
	variantBuildAccount:          {headRefused, []bilingual{sumBuildLacks}},
	variantStagingBucket:         {headNoBucket, []bilingual{sumStaging}},
	variantSecret:                {headNoSecret, []bilingual{sumSecret}},
	variantDatabase:              {headNoDatabase, nil},
	variantConnector:             {headNoConnector, []bilingual{sumConnector}},
	variantInvoker:               {headInvoker, []bilingual{sumInvoker}},
	variantRuntimeAccountMissing: {headNoAccount, []bilingual{sumNoAccount}},
	variantFunctionsRepository:   {headFunctions, []bilingual{sumElsewhere}},
	variantBillingOff:            {headNotAccess, []bilingual{sumBilling}},
	variantRateLimited:           {headNotAccess, []bilingual{sumRate}},
	variantQuotaExceeded:         {headNotAccess, []bilingual{sumQuota}},
	variantAttestation:           {headNotAccess, []bilingual{sumAttestation}},
	variantAccessBoundary:        {headRefused, []bilingual{sumBoundary}},
}

// statement is the headline, and the sentences about what is wrong.
func (f Failure) statement() statement {
	if s, ok := f.variantStatement(); ok {
		return s
	}
	s := f.causeStatement()
	if worded, ok := statementByVariant[f.details.variant]; ok {
		s.headline = worded.headline
	}
	return s
}

// variantStatement is what the message says beyond its cause.
func (f Failure) variantStatement() (s statement, ok bool) {
	switch {
	case f.details.variant == variantBuildSource && f.Permission == "":
		return statement{headNoSource, []bilingual{sumSource}}, true
	case f.isBareBuildFailure():
		return statement{headBuildFailed, []bilingual{sumBuildFailed}}, true
	case f.lacksScopes():
		return statement{headScopes, []bilingual{sumScopes}}, true
	case f.details.variant == variantSecret && f.details.mayNotExist:
		return statement{headNoSecret, []bilingual{sumSecretOr}}, true
	case statementByVariant[f.details.variant].summary != nil:
		return statementByVariant[f.details.variant], true
	case f.Cause == OrgPolicy && !f.isDomainRestriction():
		return statement{headOtherPolicy, []bilingual{pick(f.clues.constraint == "", sumSomePolicy, sumOtherPolicy)}}, true
	}
	return statement{}, false
}

// causeStatement is what the cause comes to.
func (f Failure) causeStatement() statement {
	switch {
	case f.Cause == ActAs:
		return f.actAsStatement()
	case f.Cause == RunAs:
		return statement{headNoTokens, []bilingual{pick(f.isSameProject(), sumRunAsHome, sumRunAs)}}
	case f.Cause == RegistryDenied:
		return f.registryStatement()
	case f.isImpersonation():
		return statement{headCantCallAs, []bilingual{sumImpersonate}}
	case f.Cause == PermissionMissing:
		return f.permissionStatement()
	case f.Cause == NotAccess && f.clues.containerRan:
		return statement{headNotAccess, []bilingual{sumRan}}
	case f.Cause == MemberNotFound && f.isBindingChange():
		return statement{headMemberNotFound, []bilingual{sumMemberBound}}
	}
	return statementByCause[f.Cause]
}

func pick(first bool, a, b bilingual) bilingual {
	if first {
		return a
	}
	return b
}

func (f Failure) headline() bilingual { return f.statement().headline }

// summary is what is wrong, and where it stands on the way from the source to the running container.
func (f Failure) summary() []words.Text {
	entries := slices.Clone(f.statement().summary)
	switch {
	case f.Cause == NotAccess || f.Cause == Unrecognized || f.details.variant == variantStagingBucket:
	case f.Identity == IdentityBuilder:
		entries = append(entries, sumBuildFirst)
	case f.Identity == IdentityPusher:
		entries = append(entries, sumPushFirst)
	case f.Identity == IdentityRunner && f.Cause == PermissionMissing:
		entries = append(entries, sumRuns)
	}
	if f.details.variant == variantFunctionsAgent {
		entries = append(entries, sumFunctions)
	}
	texts := make([]words.Text, len(entries))
	for i, e := range entries {
		texts[i] = f.textOf(e)
	}
	return texts
}

func (f Failure) actAsStatement() statement {
	return statement{pick(f.accountNoun() == nounRunner, headCantActAs, headCantActAsOther), []bilingual{pick(f.details.mayNotExist, sumActAsOr, sumActAs)}}
}

func (f Failure) registryStatement() statement {
	asked := []bilingual{pick(f.details.mayNotExist, sumRegistryOr, sumRegistry), sumRegistryAlone}
	if f.isPush() {
		asked = []bilingual{pick(f.details.mayNotExist, sumPushOr, sumPush)}
	}
	if f.details.variant == variantUnauthenticated {
		asked[0] = sumNotSignedIn
		return statement{headNotSignedIn, asked}
	}
	switch {
	case f.isPush():
		return statement{pick(f.Identity == IdentityPusher, headPushRefused, headCantPush), asked}
	case f.lane() == bilingual{}:
		return statement{headRegistryDenied, asked}
	}
	return statement{headCantRead, asked}
}

func (f Failure) permissionStatement() statement {
	on := f.refusedResource().isNamed
	switch {
	case f.Permission == "":
		return statement{headRefused, []bilingual{sumRefused}}
	case f.details.mayNotExist:
		return statement{headLacks, []bilingual{pick(on, sumLacksOnOr, sumLacksOr)}}
	}
	return statement{headLacks, []bilingual{pick(on, sumLacksOn, sumLacks)}}
}

// isImpersonation reports whether somebody may not call as another account.
func (f Failure) isImpersonation() bool {
	return f.Cause == PermissionMissing && f.Identity == IdentityCaller &&
		(f.Permission == string(model.PermGetAccessToken) || f.details.variant == variantImpersonation && f.Permission == "")
}

// isDomainRestriction reports whether a policy refused a member for the organization that it is from.
func (f Failure) isDomainRestriction() bool { return f.clues.domainRestricted || f.Principal != "" }

// lacksScopes reports whether a permission was refused for the scopes of what was presented, and not for a role.
func (f Failure) lacksScopes() bool { return f.Cause == PermissionMissing && f.clues.tooFewScopes }

// isBindingChange reports whether a binding was written: by the command, or by the kind of Terraform's resource.
func (f Failure) isBindingChange() bool {
	return strings.HasSuffix(f.details.command, "iam-policy-binding") || strings.HasSuffix(f.details.command, "set-iam-policy") || strings.Contains(f.details.terraformType, "_iam_")
}

// isSameProject reports whether the agent and the runtime account show the same project number.
func (f Failure) isSameProject() bool {
	number, _, _ := strings.Cut(strings.TrimPrefix(f.Principal, "service-"), "@")
	return asRunAgent(f.Principal) != "" && number == model.AccountProject(f.ServiceAccount)
}
