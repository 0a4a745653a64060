package failure

// uploadPattern is the permission of a push.
const uploadPattern = `artifactregistry\.repositories\.uploadartifacts`

// registryRules are of what a registry answers to a client: docker, a build, a kubelet.
var registryRules = []causeRule{
	{cause: PermissionMissing, phrases: phrases(`permission['"]*artifactregistry\.[\w.]+['"]*deniedonresource['"]*//artifactregistry`)},
	{cause: NotAccess, variant: variantAttestation, phrases: phrases(
		`deniedbybinaryauthorization`, `binaryauthorization\S{0,160}?(?:den(?:y|ied)|violat|blocked|noattestation)`, `noattestationfound`, `deniedbyattestor`)},
	{cause: NotAccess, variant: variantRateLimited, phrases: phrases(`youhavereachedyour(?:unauthenticated)?pullratelimit`, `toomanyrequests`)},
	{cause: NotAccess, variant: variantImmutableTag, phrases: phrases(
		`(?:tag|manifest)s?\S{0,200}?immutab`, `tagimmutability`, `immutabletags?`, `tagalreadyexists`, `cannotbe(?:updated|overwritten)\S{0,80}?immutab`)},
	// Container Registry is shut down: it answers every push and pull of its own hosts so.
	{cause: RegistryDenied, variant: variantRegistryShutDown, phrases: phrases(
		`containerregistryis(?:deprecated|shutdown|nolongeravailable|unavailable)`, `containerregistry(?:has|was)(?:been)?shutdown`,
		`/v2/\S{1,400}?412preconditionfailed`, `412preconditionfailed\S{0,200}?/v2/`, `(?:gcr\.io)\S{0,300}?412preconditionfailed`)},
	{cause: RegistryDenied, variant: variantUnauthenticated, phrases: phrases(
		`unauthenticatedrequest`, `failedtofetchanonymoustoken`, `noba?sicauthcredentials`, `authenticationrequired`,
		`unauthorized:failedauthentication`)},
	{cause: RegistryDenied, variant: variantPush, phrases: phrases(
		uploadPattern+`['"]*\]?(?:denied|on|permission|access|\(or)`, `(?:permissions?|lacks?|requires?)['":]*`+uploadPattern,
		`failedtopush\S{0,400}?(?:denied|403|unauthorized|forbidden)`, `errorpushingimage\S{0,400}?(?:denied|403|unauthorized|forbidden)`)},
	{cause: RegistryDenied, phrases: phrases(
		`artifactregistry\.repositories\.downloadartifacts['"]*(?:denied|onresource)`, `pullaccessdenied`,
		`(?:pkg\.dev|\.io|registry[\w.-]{0,80}|azurecr\.io|amazonaws\.com|:\d+)/v2/[^\s"']{1,500}["']?:?(?:denied|unauthorized|forbidden|unexpectedstatus(?:code)?(?:fromheadrequest)?(?:[^"]{0,300}?)?40[13]|40[13])`,
		`failedto(?:authorize|fetchoauthtoken)`, `youdon'?thavetheneededpermissionstoperformthisoperation`,
		`40[13](?:forbidden|unauthorized)?(?:get|head)?["']?https://[\w.-]+(?:pkg\.dev|\.io|amazonaws\.com)/v2/`, `tokenexchangefailedforproject`,
		`(?:docker\.pkg\.dev|gcr\.io)[\w./:@-]{0,300}["']?:?(?:denied|unauthorized|forbidden)`,
		`failedtopullimage\S{1,900}?(?:40[13]|forbidden|unauthorized|denied)`, `pullingfromhost\S{1,300}?:?(?:40[13]|forbidden|unauthorized)`,
		`failedtofetchmanifest:(?:generic::)?permission_denied`, `(?:manifest|blob)\S{0,40}?:?generic::permission_denied`,
		`"code":"(?:denied|unauthorized)"`, `(?:^|[^_])denied:permissiondeniedfor`)},
}
