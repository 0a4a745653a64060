package failure

// permissionRules are of a permission that has a name, or of which the text says what it is for.
var permissionRules = []causeRule{
	// Cloud Build fetches the uploaded source as the build's account (Cloud Build, "Troubleshoot build errors").
	{cause: PermissionMissing, variant: variantBuildSource, phrases: phrases(`couldnotresolvesource:\S{0,200}?(?:403|doesnothave|denied)`, `invalidbuildrequest\S{0,200}?storage\.objects\.`, `accesstobucket\S{3,222}?denied`)},
	{cause: PermissionMissing, variant: variantBuildAccount, phrases: phrases(
		`serviceaccountismissingrequired(?:iam)?permissions`, `buildfailedbecausethe\S{0,60}?serviceaccount`,
		`buildserviceaccount\S{0,160}?(?:doesnothave|lacks|ismissing)`, `missingpermissiononthebuildserviceaccount`)},
	{cause: PermissionMissing, variant: variantLogs, phrases: phrases(`runningthisbuild\S{0,200}?permissiontowritelogs`, `doesnothavepermissiontowritelogs`)},
	{cause: PermissionMissing, variant: variantKey, phrases: phrases(`permissiondeniedoncloudkmskey`, `cloudkms\.cryptokeyversions\.useto(?:en|de)crypt`)},
	{cause: PermissionMissing, variant: variantStagingBucket, phrases: phrases(`forbiddenfromaccessingthebucket`, `accesstothebucket\[?[\w.-]+_cloudbuild`, `[\w-]+_cloudbuild\S{0,200}?(?:denied|forbidden|doesnothave)`)},
	{cause: PermissionMissing, variant: variantFunctionsAgent, phrases: phrases(`unabletoretrievetherepositorymetadata`, `ensurethatthecloudfunctionsserviceaccounthas`)},
	{cause: PermissionMissing, variant: variantSecret, phrases: phrases(`permissiondeniedonsecret`, `secretmanager\.versions\.access['"]*\]?(?:denied|on|forthe|permission)`)},
	{cause: PermissionMissing, variant: variantDatabase, phrases: phrases(`boss::not_authorized`, `cloudsql\.instances\.(?:connect|get)['"]*\]?(?:denied|on|forthe|permission)`, `cloudsqlconnectionfailed\S{0,400}?(?:403|notauthorized|denied)`)},
	{cause: PermissionMissing, variant: variantConnector, phrases: phrases(`vpcconnector\S{0,200}?(?:doesnotexist,?or|permission|isnotready)`, `vpcaccess\.connectors\.use`)},
	{cause: NotAccess, variant: variantInvoker, phrases: phrases(
		`yourclientdoesnothavepermissiontogeturl`, `therequestwasnotauthenticated`, `requestwasnotauthorizedtoaccessthis(?:resource|service)`, `theaccesstokencouldnotbeverified`)},
	{cause: PermissionMissing, variant: variantBucket, phrases: phrases(`doesnothavestorage\.(?:objects|buckets)\.\w+access`, `permission['"]*storage\.(?:objects|buckets)\.\w+['"]*denied`)},
	{cause: PermissionMissing, phrases: phrases(
		`permissions?:?`+permissionPattern+`(?:wasdenied|isdenied|denied|for|on|isrequired|ismissing|\(orit)`,
		`required`+permissionPattern+`permission`,
		`does(?:not|n't)have(?:the)?(?:permission)?`+permissionPattern+`(?:access|permission)`,
		`(?:lacks?|missing|requires?|needs?)(?:the)?(?:necessary|required)?(?:iam)?permissions?:?`+permissionPattern,
		`hasthe`+permissionPattern+`permission`, `service(?:agent|account)\S{0,100}?needs[\w-]{1,60}role`, `lacks\{[a-z]+(?:\.[a-z_]+){2,3}\}`, `missingorinsufficientpermissions`,
		`"permission":"`+`[a-z]+(?:\.[a-z_]+){2,3}"`,
		`iam_permission_denied`, `auth_permission_denied`)},
}

// notAccessRules are of what is no question of access.
var notAccessRules = []causeRule{
	{cause: NotAccess, variant: variantBillingOff, phrases: phrases(
		`billing(?:accountforproject\S{0,60})?(?:is)?(?:not|disabled)`, `billingmustbeenabled`, `billing_disabled`, `billingtobeenabled`,
		`billingaccount\S{0,80}?(?:isclosed|disabled|notopen)`)},
	{cause: NotAccess, variant: variantQuotaExceeded, phrases: phrases(
		`quotaexceeded`, `exceeded\S{0,20}?quota`, `resource_exhausted`, `insufficient\S{0,40}?quota`, `quota\S{0,60}?(?:isinsufficient|wasexceeded|hasbeenexceeded|insufficient)`,
		`rate_limit_exceeded`, `noavailable(?:container)?instance`)},
	{cause: NotAccess, phrases: phrases(
		`failedtostart(?:and|[.]|withinthe)`, `failedtolisten`, `listenontheport`, `startupprobe`, `healthcheck(?:timeout|failed)`,
		`(?:duringcontainerimport|containerimport(?:failed|error))`, `memorylimit`, `outofmemory`, `toomuchmemory`, `containercalledexit`, `containerexitedwith`,
		`execformaterror`, `deadline_?exceeded`, `alreadyexists`, `secret\S{0,200}wasnotfound`,
		`notsupportedinthedeclaredlaunchstage`, `maximumcontainerinstancelimit`, `nospaceleft`, `nosuchfileordirectory`, `connectionrefused`,
		`timedoutwaiting`, `unrecognizedarguments`, `couldnotresolvehost`, `nosuchhost`, `taskswerenotready`, `deletion_protection`,
		`prohibitedinnon-interactivemode`, `conflictforresource`)},
}

// stepFailureRules are of a program that says that another has failed.
var stepFailureRules = []causeRule{
	{cause: NotAccess, stepFailure: true, phrases: phrases(`exitedwith`, `failedprecondition:buildfailed`, `buildfailed;`)},
}

// vagueRules say that something was refused, and not what. They hold for Google's own kinds of text only: others say
// "permission denied" of files, sockets, databases and keys.
var vagueRules = []causeRule{
	{cause: PermissionMissing, vague: true, phrases: phrases(
		`permission_denied`, // the status as Google's APIs spell it
		`(?:^|[^a-z])googleapi:error403`, `(?:^|[^a-z])httperror:?403`, `responseerror:status=\[403\]`,
		`"code":403,"message":"[^"]{0,300}?permission`,
		`thecallerdoesnothave(?:the)?(?:required)?permission`, `theprincipal\S{0,60}?(?:lacks|doesnothave)`,
		`(?:user|account|\[[^\]]{1,160}\])\S{0,160}?doesnothavepermissiontoaccess(?:projects?|namespaces?|locations?|services?)`,
		`operationfailedduetomissingpermissions`, `permissiondeniedto(?:enableservice|getservice|consumer)`,
		`permissiondeniedon(?:resource)?['"\[]*(?:project|locations/|//[a-z]+\.googleapis\.com)`,
		`\(gcloud\.[a-z.-]+\)\S{0,200}?(?:permissiondenied|doesnothavepermission|missingpermission|insufficientpermission|403)`,
		`insufficientauthenticationscopes`, `access_token_scope_insufficient`, `user_project_denied`,
		`googleapis\.com\S{0,300}?(?:403|permissiondenied|forbidden)`, `(?:403|permissiondenied|forbidden)\S{0,200}?googleapis\.com`)},
}
