package failure

// permissionPattern is the form of a permission's name, in quotes or not.
const permissionPattern = `['"\[(]*[a-z]+(?:\.[a-z_]+){2,3}['"\])]*`

// policyRules are of what no grant helps against.
var policyRules = []causeRule{
	{cause: ServiceControls, phrases: phrases(
		`vpcservicecontrolsuniqueidentifier`, `requestisprohibitedbyorganization['"]*spolicy`, `security_policy_violated`, `vpcservicecontrols:`)},
	// Organization Policy, "Create and manage custom constraints": the output of a refused request.
	{cause: OrgPolicy, variant: variantCustomConstraint, phrases: phrases(
		`deniedbycustomorg(?:anization)?polic`, `custom_org_policy_violation`, `customconstraints/custom\.`)},
	// The console's page for the one who is refused (IAM, "Permission error messages").
	{cause: PermissionMissing, variant: variantAccessBoundary, phrases: phrases(
		`youneedadditionalaccesstothe`,
		`(?:denied|blocked|refused|prohibited|violate[sd]?|noteligible)\S{0,120}?principalaccessboundary`,
		`principalaccessboundary\S{0,120}?(?:denied|den(?:y|ies)|blocks?|blocked|refused|prohibited|violat|noteligible|ineligible|doesnotallow)`)},
}

// The subject of "must have permission to read the image" distinguishes the puller from the deployer. Cloud
// Run has one template for both (Cloud Run troubleshooting, "Cloud Run Service Agent missing permission to
// read the image").
const mustReadPattern = `(?:musthave|needs?|lacks?|does(?:not|n't)have)(?:the)?permissiontoread`

var imageRules = []causeRule{
	{cause: PullerRead, phrases: phrases(`serviceagent\S{0,100}?`+mustReadPattern, `@serverless-robot-prod[\w.-]*\.gserviceaccount\.com[\])"']*`+mustReadPattern)},
	{cause: DeployerRead, phrases: phrases(
		`(?:user|principal|caller|account|deployer|permission_denied:)[\["':]*[^\s\]]{0,120}?[\]"']*`+mustReadPattern,
		`(?:user|caller)(?:\[[^\]]*\])?does(?:not|n't)haveaccesstoimage`)},
	{cause: PullerRead, phrases: phrases(mustReadPattern + `.*permissionmustbegrantedtothe(?:google)?cloudrunserviceagent`)},
	{cause: DeployerRead, phrases: phrases(mustReadPattern + `.*permissionmustbegrantedtotheuser`)},
	{cause: PullerRead, phrases: phrases(`container_?permission_?denied`)},
}

// accountRules are of service accounts: whose tokens are wanted, and who acts as which account.
var accountRules = []causeRule{
	{cause: RunAs, phrases: phrases(
		`permissiontogetaccesstokens?fortheserviceaccount`, `permissioniam\.serviceaccounts\.getaccesstokenontheserviceaccount`,
		`doesnothavepermissiontogetaccesstokens`)},
	{cause: NotAccess, variant: variantRuntimeAccountMissing, phrases: phrases(
		`(?:default|runtime)serviceaccount['"\[]*[^\s'"\]]{0,160}@[\w.*-]+?['"\]]*(?:does(?:not|n't)exist|(?:was|is)?notfound)`,
		`(?:service_account(?:_name)?|serviceaccountname|\(gcloud\.(?:alpha\.|beta\.)?(?:run|functions)\.(?:[a-z-]+\.)?(?:deploy|update|create|replace)\)[a-z_]{0,40}):?serviceaccount['"\[]*[^\s'"\]]{0,160}@[\w.*-]+?['"\]]*(?:does(?:not|n't)exist|(?:was|is)?notfound)`,
		`(?:recreatethisaccountorspecify|pleasespecify)adifferent(?:service)?account`)},
	{cause: ActAs, phrases: phrases(
		`iam\.serviceaccounts\.actas['"]*\]?(?:denied|on(?:the)?serviceaccount|permissiondenied|permission|for\S{0,160}?on(?:the)?(?:serviceaccount|resource|project)|fortheresource)`,
		`(?:permission(?:s)?|missing|lacks?|required|requires|need(?:s)?)[:(\["']*iam\.serviceaccounts\.actas`,
		`permissiontoactas(?:the)?serviceaccount`, `(?:not|n't|unableto|cannot)actas(?:the)?serviceaccount`)},
	// Workload identity federation: google-github-actions/auth, gcloud with --impersonate-service-account.
	{cause: PermissionMissing, variant: variantImpersonation, phrases: phrases(
		`unabletoacquireimpersonatedcredentials`, `iam\.serviceaccounts\.getaccesstoken['"]*\]?(?:denied|fortheresource)`,
		`failedtoimpersonate`, `failedtogenerate(?:googlecloud)?(?:federatedtoken|accesstoken|oauth2?\.?0?accesstoken)\S{0,300}?(?:denied|403|refused)`,
		`errorcode(?:unauthorized_client|permission_denied)\S{0,200}?impersonat`)},
}

// missingRules are of what is off, or does not exist.
var missingRules = []causeRule{
	{cause: APIDisabled, phrases: phrases(
		`apihasnotbeenusedin`, `service_disabled`, `accessnotconfigured`, `notenabledonproject`, `hasnotbeenenabled`,
		`(?:api|\.googleapis\.com['"\]]*)(?:isnotenabled|isdisabled|mustbeenabled|hasnotbeenenabled|notenabled)`,
		`\.com(?:to)?be(?:en)?enabledforproject`, `toenablethe[a-z]{3,60}api(?:in|at|before|$)`, `\.googleapis\.com['"\]]*\(?(?:isnotenabled|isdisabled|hasnotbeenactivated)`)},
	{cause: ConcurrentChange, phrases: phrases(
		`concurrentpolicychange`, `concurrentmodification.{0,40}policy`, `policy.{0,60}etag.{0,40}(?:mismatch|doesnotmatch|stale)`,
		`etag.{0,60}policy.{0,60}(?:mismatch|doesnotmatch|stale)`)},
	{cause: OrgPolicy, phrases: phrases(
		`belongtoapermittedcustomer`, `notinpermittedorganization`, `constraints?/[a-z.]+[a-z]['"]*\]?(?:isviolated|violated|denied|constraintisviolated)`,
		`violates(?:the)?(?:organizationpolicy)?constraint`, `(?:violated|violates)[^.]{0,40}organizationpolic`,
		`constraint[s]?/iam\.(?:managed\.)?allowedpolicymember`, `orgpolicyviolation`, `deniedby(?:an)?org(?:anization)?policy`,
		`disablecrossprojectserviceaccountusage`)},
	{cause: MemberNotFound, phrases: phrases(
		`(?:serviceaccount|user|group|principal|member|account|domain|identity)s?:?['"\[]*[^\s'"\]]{0,160}@[\w.*-]+?['"\]]*(?:does(?:not|n't)exist|(?:was|is|were)?notfound)`,
		`(?:principals?|members?|serviceaccounts?)(?:named)?(?:inthepolicy)?do(?:es)?notexist`)},
	// gcloud's own check, and the API's: a function can't use a repository of another project (iam-facts 12.15).
	{cause: ImageReference, variant: variantFunctionsRepository, phrases: phrases(`cross-projectrepositoriesarenotsupported`)},
	{cause: ImageReference, phrases: phrases(
		`expectedanimagepathlike`, `(?:unsupported|invalid)(?:container)?image(?:host|registry|path|url|reference|uri|name)`,
		`imagehostisnotsupported`, `registryisnotsupported`)},
	// Artifact Registry, "Pushing to gcr.io hosts": the first push creates the repository, for those who may.
	{cause: RegistryDenied, variant: variantCreateOnPush, phrases: phrases(`repositories\.createonpush`, `creatingonpushrequires`)},
	{cause: RepositoryNotFound, unless: phrase(`image['"][^'"]{0,400}['"](?:was)?notfound|pullaccessdenied`), phrases: phrases(
		`name_?unknown`, `repository['"]*[\w./:-]{0,200}?['"]*(?:(?:was|is)?notfound|doesnotexist)`)},
	{cause: ImageNotFound, phrases: phrases(
		`image:?['"]+[^'"]{1,400}['"]+(?:(?:was|is)?notfound|couldnotbefound|cannotbefound)`, `image:?[a-z0-9][\w./:@-]{2,300}?(?:notfound|notbefound)`,
		`imagenotfound`, `manifest_?unknown`, `manifestfor\S{0,400}?notfound`, `container_?missing`,
		`manifests/[^\s"]{1,160}["']?:?(?:unexpectedstatuscode)?(?:404|notfound)`, `image['"]*\S{0,300}?doesnotexist`,
		`[\w.-]+(?:docker\.pkg\.dev|gcr\.io)/[\w./:@-]{1,400}:notfound`)},
}
