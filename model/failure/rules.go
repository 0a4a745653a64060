package failure

import "regexp"

// rule names a cause where one of its phrases stands in the tight text. Phrases have no spaces, like the text.
type rule struct {
	cause   Cause
	phrases *regexp.Regexp
	unless  *regexp.Regexp // nil: always
	wording wording
}

func phrase(form string) *regexp.Regexp { return regexp.MustCompile(`(?i)` + form) }

// The subject of "must have permission to read the image" tells the puller from the deployer: Cloud Run has one template
// for both (Cloud Run troubleshooting, "Cloud Run Service Agent missing permission to read the image").
const mustRead = `(?:musthave|needs?|lacks?|does(?:not|n't)have)(?:the)?permissiontoread`

// rules are in the order in which they are asked. What names an identity goes before what only says that something was
// refused, since the long messages end with the registry's own refusal.
var rules = []rule{
	{cause: ServiceControls, phrases: phrase(`vpcservicecontrolsuniqueidentifier|requestisprohibitedbyorganization['"]*spolicy|security_policy_violated|vpcservicecontrols:`)},
	{cause: Puller, phrases: phrase(`serviceagent\S{0,100}?` + mustRead)},
	{cause: Puller, phrases: phrase(`@serverless-robot-prod[\w.-]*\.gserviceaccount\.com[\])"']*` + mustRead)},
	{cause: DeployerRead, phrases: phrase(`(?:user|principal|caller|account|deployer|permission_denied:)[\["':]*[^\s\]]{0,120}?[\]"']*` + mustRead)},
	{cause: DeployerRead, phrases: phrase(`(?:user|caller)(?:\[[^\]]*\])?does(?:not|n't)haveaccesstoimage`)},
	{cause: Puller, phrases: phrase(mustRead + `.*permissionmustbegrantedtothe(?:google)?cloudrunserviceagent`)},
	{cause: DeployerRead, phrases: phrase(mustRead + `.*permissionmustbegrantedtotheuser`)},
	{cause: Puller, phrases: phrase(`container_?permission_?denied`)},
	{cause: RunAs, phrases: phrase(`permissiontogetaccesstokens?fortheserviceaccount|permissioniam\.serviceaccounts\.getaccesstokenontheserviceaccount|doesnothavepermissiontogetaccesstokens`)},
	{cause: ActAs, phrases: phrase(`iam\.serviceaccounts\.actas['"]*\]?(?:denied|onserviceaccount|permissiondenied|permission)`)},
	{cause: ActAs, phrases: phrase(`(?:permission(?:s)?|missing|lacks?|required|requires|need(?:s)?)[:(\["']*iam\.serviceaccounts\.actas|permissiontoactas(?:the)?serviceaccount|(?:not|n't|unableto|cannot)actas(?:the)?serviceaccount`)},
	{cause: APIDisabled, phrases: phrase(`apihasnotbeenusedin|service_disabled|accessnotconfigured|notenabledonproject|hasnotbeenenabled|(?:api|\.googleapis\.com['"\]]*)(?:isnotenabled|isdisabled|mustbeenabled)|\.com(?:to)?be(?:en)?enabledforproject`)},
	{cause: ConcurrentChange, phrases: phrase(`concurrentpolicychange|concurrentmodification.{0,40}policy|policy.{0,60}etag.{0,40}(?:mismatch|doesnotmatch|stale)|etag.{0,60}policy.{0,60}(?:mismatch|doesnotmatch|stale)`)},
	{cause: OrgPolicy, phrases: phrase(`belongtoapermittedcustomer|notinpermittedorganization|constraints?/[a-z.]+[a-z]['"]*\]?(?:isviolated|violated|denied|constraintisviolated)|violates(?:the)?(?:organizationpolicy)?constraint|(?:violated|violates)[^.]{0,40}organizationpolic|constraint[s]?/iam\.(?:managed\.)?allowedpolicymember|orgpolicyviolation|deniedby(?:an)?org(?:anization)?policy|disablecrossprojectserviceaccountusage`)},
	{cause: MemberNotFound, phrases: phrase(`(?:serviceaccount|user|group|principal|member|account|domain|identity)s?:?['"\[]*[^\s'"\]]{0,160}@[\w.*-]+?['"\]]*(?:does(?:not|n't)exist|(?:was|is|were)?notfound)|(?:principals?|members?|serviceaccounts?)(?:named)?(?:inthepolicy)?do(?:es)?notexist`)},
	{cause: ImageReference, phrases: phrase(`expectedanimagepathlike|(?:unsupported|invalid)(?:container)?image(?:host|registry|path|url|reference|uri|name)|imagehostisnotsupported|registryisnotsupported`)},
	{cause: RepositoryNotFound, phrases: phrase(`name_?unknown|repository['"]*[\w./:-]{0,200}?['"]*(?:(?:was|is)?notfound|doesnotexist)`), unless: phrase(`image['"][^'"]{0,400}['"](?:was)?notfound|pullaccessdenied`)},
	{cause: ImageNotFound, phrases: phrase(`image:?['"]+[^'"]{1,400}['"]+(?:(?:was|is)?notfound|couldnotbefound|cannotbefound)|image:?[a-z0-9][\w./:@-]{2,300}?(?:notfound|notbefound)|imagenotfound|manifest_?unknown|manifestfor\S{0,400}?notfound|container_?missing|manifests/[^\s"]{1,160}["']?:?(?:unexpectedstatuscode)?(?:404|notfound)|image['"]*\S{0,300}?doesnotexist|[\w.-]+(?:docker\.pkg\.dev|gcr\.io)/[\w./:@-]{1,400}:notfound`)},
	{cause: Permission, phrases: phrase(`permission['"]*artifactregistry\.[\w.]+['"]*deniedonresource['"]*//artifactregistry`)},
	{cause: RegistryDenied, phrases: phrase(`artifactregistry\.repositories\.(?:download|upload)artifacts['"]*(?:denied|onresource)|unauthenticatedrequest|pullaccessdenied|/v2/[^\s"']{1,500}["']?:?(?:denied|unauthorized|forbidden|unexpectedstatus(?:code)?(?:fromheadrequest)?(?:[^"]{0,300}?)?40[13]|40[13])|failedto(?:authorize|fetchoauthtoken|fetchanonymoustoken)|youdon'?thavetheneededpermissionstoperformthisoperation|40[13](?:forbidden|unauthorized)?(?:get|head)?["']?https://[\w.-]+/v2/|(?:docker\.pkg\.dev|gcr\.io)[\w./:@-]{0,300}["']?:?(?:denied|unauthorized|forbidden)|"code":"(?:denied|unauthorized)"|(?:^|[^_])denied:permissiondeniedfor`)},
	{cause: Permission, phrases: phrase(`permissions?:?['"\[(]*[a-z]+(?:\.[a-z_]+){2,3}['"\])]*(?:wasdenied|isdenied|denied|on|isrequired|ismissing|\(orit)|required['"]*[a-z]+(?:\.[a-z_]+){2,3}['"]*permission|does(?:not|n't)have(?:permission)?['"]*[a-z]+(?:\.[a-z_]+){2,3}['"]*(?:access|permission)|(?:lacks?|missing|requires?|needs?)(?:the)?(?:iam)?permissions?['":\[]*[a-z]+(?:\.[a-z_]+){2,3}|iam_permission_denied`)},
	{cause: NotAccess, phrases: phrase(`failedtostart(?:and|[.]|withinthe)|failedtolisten|listenontheport|startupprobe|healthcheck(?:timeout|failed)|(?:duringcontainerimport|containerimport(?:failed|error))|memorylimit|outofmemory|toomuchmemory|containercalledexit|exitedwith|execformaterror|quotaexceeded|exceededquota|resource_exhausted|noavailable(?:container)?instance|deadline_?exceeded|deadlineexceeded|alreadyexists|secret\S{0,200}wasnotfound|failedprecondition:buildfailed|buildfailed;|notsupportedinthedeclaredlaunchstage|maximumcontainerinstancelimit|nospaceleft|nosuchfileordirectory|connectionrefused|timedoutwaiting|unrecognizedarguments|couldnotresolvehost|nosuchhost|taskswerenotready|toomanyrequests|billing(?:accountforproject\S{0,60})?(?:is)?(?:not|disabled)|deletion_protection|prohibitedinnon-interactivemode|conflictforresource`)},
	{cause: Permission, phrases: phrase(`permission_denied|permissiondenied|(?:not|n't)havepermission|missingpermission|insufficient(?:iam)?permission|error:?403|(?:http|code|status)[:="]*403|403:?forbidden|notauthorizedto|accessdenied`)},
}

// rule gives the first one that holds.
func (m message) rule() rule {
	for _, r := range rules {
		if r.phrases.MatchString(m.tight) && (r.unless == nil || !r.unless.MatchString(m.tight)) {
			return r
		}
	}
	return rule{cause: Unrecognized}
}
