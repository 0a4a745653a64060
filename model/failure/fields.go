package failure

import (
	"cmp"
	"strings"

	"whopulls/model"
	"whopulls/text/pattern"
)

// readFields reads the fields. Each is looked for between the phrases of the message first, where it is exact, then by its own
// form.
func (f *Failure) readFields(m searchText, v variant) {
	f.Image = m.image(f.Cause)
	f.Repository = m.repository(f.Image)
	f.ImageProject = m.imageProject(f.Image, f.Repository, f.Cause)
	f.ConsumerProject = m.consumerProject(f.Cause)
	f.Workload = m.workload(f.ConsumerProject)
	f.ServiceAccount = m.serviceAccount(f.Cause, v)
	f.Principal = m.principal(f.Cause, v)
	f.Permission = m.permission()
	if f.Cause == APIDisabled {
		f.API = m.api()
	}
}

// Where the messages name the image: "… permission to read the image, X. Ensure that …", "Image 'X' not found.",
// "… but obtained X. To deploy …" (Cloud Run troubleshooting; Cloud Run, deploying container images).
var (
	imageRead     = phrase(`permissiontoreadtheimage,?['"]?(\S{1,600}?)['"]?\.(?:ensure|ifyou|note(?:that)?the|permissionmust|see|cause:)`)
	imageReadWord = pattern.Lazy(`(?i)permission\s+to\s+read\s+the\s+image,?\s+["']?([^\s"']+)`)
	imageQuoted   = phrase(`images?:?['"]+([^'"]{1,600})['"]+`)
	imageObtained = phrase(`butobtained['"]?(\S{1,600}?)['"]?\.(?:todeploy|see)`)
	imageWord     = pattern.Lazy(`([\w.-]+(?:docker\.pkg\.dev|\bgcr\.io|\.rep\.pkg\.dev|\bdocker\.io)/[^\s"',;()\[\]]+|\bgcr\.io/[^\s"',;()\[\]]+)`)
	obtainedWord  = pattern.Lazy(`but obtained ["']?([^\s"']+)`)
	manifestURL   = phrase(`https://([\w.-]+)/v2/([\w./%-]+)/manifests/(sha256:[0-9a-f]{64}|\w[\w.-]{0,127}?)["'{:]`)
	manifestWord  = pattern.Lazy(`https://([\w.-]+)/v2/([\w./%-]+)/manifests/(sha256:[0-9a-f]{64}|\w[\w.-]*)`)
)

func (m searchText) image(cause Cause) string {
	if cause == ImageReference {
		return m.refusedReference()
	}
	for _, accept := range []func(string) string{asGoogleImage, asImagePath} {
		if image := cmp.Or(m.findCompact(imageRead, accept), m.findText(imageReadWord, accept), m.findCompact(imageQuoted, asGoogleImage)); image != "" {
			return image
		}
	}
	if image := m.findText(imageWord, asUserImage); image != "" {
		return image
	}
	return m.manifestImage()
}

// refusedReference is the reference that Cloud Run refused; being wrong is what it is about, so that its form is not judged.
func (m searchText) refusedReference() string {
	accept := func(text string) string {
		if text = trimPunctuation(text); !isUnmasked(text) || !visibleASCII().MatchString(text) {
			return ""
		}
		return text
	}
	if image := m.findCompact(imageObtained, accept); image != "" {
		return image
	}
	if image := m.findText(obtainedWord, accept); image != "" {
		return image
	}
	return m.findCompact(imageQuoted, asImage)
}

var visibleASCII = pattern.Lazy(`^[!-~]+$`)

// manifestImage is the image that a registry's client asked for, by the address of its manifest.
func (m searchText) manifestImage() string {
	matches := manifestURL().FindAllStringSubmatch(m.compact, maxMatches)
	for _, match := range append(matches, manifestWord().FindAllStringSubmatch(m.text, maxMatches)...) {
		separator := ":"
		if strings.HasPrefix(match[3], "sha256:") {
			separator = "@"
		}
		if image := asGoogleImage(match[1] + "/" + match[2] + separator + strings.TrimRight(match[3], ".")); image != "" {
			return image
		}
	}
	return ""
}

var (
	repositoryQuoted = phrase(`['"](?:(?://)?artifactregistry\.googleapis\.com/)?(projects/[\w.:-]+?/locations/[\w-]+?/repositories/[\w.-]+?)['"]`)
	repositoryName   = pattern.Lazy(`(projects/[\w.:-]+/locations/[\w-]+/repositories/[^\s"'(),;\[\]]+)`)
	pushRepository   = pattern.Lazy(`repository \[([\w.-]+/[\w./-]+)\]`)
)

// repository is named by the text, else by the image.
func (m searchText) repository(image string) string {
	if name := m.findCompact(repositoryQuoted, asRepository); name != "" {
		return name
	}
	if name := m.findText(repositoryName, asRepository); name != "" {
		return name
	}
	if at := imageOf(image); at.Registry == model.ArtifactRegistry {
		return at.Repository.String()
	}
	return imageOf(m.findText(pushRepository, asGoogleImage)).Repository.String()
}

// "Note that the image is from project [A], which is not the same as this project [B]." An older form is "Note that
// A/IMAGE is not in project B." (Cloud Run troubleshooting).
var (
	imageFromProject  = phrase(`imageisfromproject(?:\[([^\]]{1,120})\]|([a-z][\w.:-]{1,80}?),whichis)`)
	notSameProject    = phrase(`notthesameasthisproject(?:\[([^\]]{1,120})\]|([a-z0-9][\w.:-]{1,80}?)\.(?:permission|see|cause|ensure|$))`)
	imageNotInProject = phrase(`isnotinproject(?:\[([^\]]{1,120})\]|([a-z0-9][\w:-]{1,80}?)\.(?:permission|see|cause|ensure|$))`)
)

func (m searchText) imageProject(image, repository string, cause Cause) string {
	if project := m.findCompact(imageFromProject, asProject); project != "" {
		return project
	}
	if at := imageOf(image); at.Registry == model.ArtifactRegistry {
		return at.Repository.Project
	}
	if cause == ImageReference {
		return ""
	}
	name, err := model.ParseRepository(repository)
	if err != nil {
		return ""
	}
	return name.Project
}

// These forms name the project that runs the image, in addition to the clause above. They are Cloud Run's
// resource names, gcloud's progress line and frame, the command that was run, and the labels of a log entry.
var (
	consumerForms = []pattern.Pattern{
		phrase(`namespaces?/([\w.:-]{1,80}?)/(?:services|jobs|workerpools|revisions|executions)`),
		phrase(`projects/([\w.:-]{1,80}?)/locations/[\w-]{1,40}/(?:services|jobs|workerpools|revisions|executions)`),
		phrase(`permission['"]*run\.[a-z.]{3,60}['"]*deniedonresource['"]*projects/([\w.:-]{1,80}?)/locations/`),
		phrase(`permissiontoaccessnamespaces?(?:instance)?\[([^\]]{1,80})\]`),
		phrase(`\(gcloud\.(?:alpha\.|beta\.)?run\.[a-z.-]{3,40}\)permission_denied:permissiondeniedonresourceproject([\w:-]{1,80})\.`),
		phrase(`cloudrun(?:service|job|workerpool|function)\[[^\]]{0,80}\]inproject\[([^\]]{1,80})\]`),
	}
	consumerWords = []pattern.Pattern{
		pattern.Lazy(`"?resource"?[^}]{0,600}?"?cloud_run_\w+"?[^}]{0,600}?"?project_id"?: ?"?([\w.:-]+)`),
		pattern.Lazy(`"?labels"?[^}]{0,400}?"?project_id"?: ?"?([\w.:-]+)[^}]{0,400}\}[^}]{0,200}?cloud_run_`),
		pattern.Lazy(`\blabels: [^{}]{0,600}?\bproject_id: ?"?([\w.:-]+)[^{}]{0,400}?\btype: ?"?cloud_run_`),
	}
)

func (m searchText) consumerProject(cause Cause) string {
	for _, form := range []pattern.Pattern{notSameProject, imageNotInProject} {
		if project := m.findCompact(form, asProject); project != "" {
			return project
		}
	}
	if cause == APIDisabled { // Cloud Run's API is needed where the image runs; another's project may be anyone's
		if m.api() != runAPI {
			return ""
		}
		return m.disabledProject()
	}
	for _, form := range consumerForms {
		if project := m.findCompact(form, asProject); project != "" {
			return project
		}
	}
	for _, form := range consumerWords {
		if project := m.findText(form, asProject); project != "" {
			return project
		}
	}
	return ""
}

// Where messages name the API and the project in which it is off (Service Usage; google.rpc.ErrorInfo SERVICE_DISABLED).
var (
	apiForms = phrase(`apis/(?:api|library)/([a-z0-9.-]+?\.googleapis\.com)|marketplace/product/google/([a-z0-9-]+\.googleapis\.com)|api\[([a-z0-9.-]+?\.googleapis\.com)\]|"?service"?[:=]?\[?"?([a-z0-9-]+\.googleapis\.com)` +
		`|(?:^|[^a-z0-9.-])([a-z0-9-]+\.googleapis\.com)['"\]]*\(?(?:isnotenabled|isdisabled|hasnotbeen|mustbeenabled|notenabled)`)
	disabledInProject = phrase(`(?:hasnotbeenusedin|disabledin|notenabled(?:in|on|for)|enabledfor)(?:the)?project['"\[]*([\w.:-]{1,80}?)['"\]]*(?:before|\.|,|andneeds|$)|notenabledonproject\[([^\]]{1,80})\]`)
	enableLink        = phrase(`\?project=([a-z0-9:.-]{1,80}?)(?:then|["')\s&]|$)`)
	disabledSentence  = phrase(`hasnotbeenusedinproject|notenabledonproject`)
	consumerProperty  = phrase(`"consumer":"projects/([\w.:-]{1,80})"`)
	apiTitle          = phrase(`(cloudrunadmin|artifactregistry|cloudresourcemanager|serviceusage|cloudbuild|identityandaccessmanagement\(iam\)|iamservicecredentials|iamserviceaccountcredentials|secretmanager|computeengine|compute|containerregistry|cloudfunctions|eventarc|cloudsqladmin|serverlessvpcaccess)api(?:hasnot|isnot|isdisabled|mustbe)`)
)

var apiTitles = map[string]string{
	"cloudrunadmin": "run", "artifactregistry": "artifactregistry", "cloudresourcemanager": "cloudresourcemanager", "serviceusage": "serviceusage",
	"cloudbuild": "cloudbuild", "identityandaccessmanagement(iam)": "iam", "secretmanager": "secretmanager", "compute": "compute", "containerregistry": "containerregistry",
	"computeengine": "compute", "cloudfunctions": "cloudfunctions", "eventarc": "eventarc", "cloudsqladmin": "sqladmin", "serverlessvpcaccess": "vpcaccess",
	"iamservicecredentials": "iamcredentials", "iamserviceaccountcredentials": "iamcredentials",
}

func (m searchText) api() string {
	if title := submatch(apiTitle, m.compactLower); title != "" { // it has blanks, unlike other names
		return apiTitles[title] + ".googleapis.com"
	}
	return m.findCompact(apiForms, asAPI)
}

// disabledProject is the project in which the API is off. Where the sentence names it and somebody hid that, the link is not
// asked.
func (m searchText) disabledProject() string {
	if project := m.findCompact(disabledInProject, asProject); project != "" {
		return project
	}
	if disabledSentence().MatchString(m.compactLower) {
		return ""
	}
	return cmp.Or(m.findCompact(consumerProperty, asProject), m.findCompact(enableLink, asProject))
}

const runAPI = "run.googleapis.com"

// These forms name the runtime account: "denied on service account X", "access tokens for the service account
// X" (Cloud Run troubleshooting), and IAM's resource name.
var accountForms = phrase(`actas['"]*(?:denied|permission|for\S{0,160}?)?on(?:the)?(?:serviceaccount|resource)['"\[]*(?://iam\.googleapis\.com/)?(?:projects/[\w.:-]+/serviceaccounts/)?` + accountPattern +
	`|(?:actas|getaccesstoken)['"]*fortheresource['"\[]*(?://iam\.googleapis\.com/)?(?:projects/[\w.:-]+/serviceaccounts/)?` + accountPattern +
	`|accesstokens?fortheserviceaccount['"\[]*` + accountPattern + `|actas(?:the)?serviceaccount:?['"\[]*` + accountPattern + `|serviceaccounts/` + accountPattern +
	`|forrevisionserviceaccount` + accountPattern + `|serviceaccount['"\[]*` + accountPattern + `['"\]]*(?:does|wasnot|isnot|notfound)`)

const accountPattern = `([a-z0-9*][a-z0-9.*-]{0,80}@[a-z0-9.*-]+?\.gserviceaccount\.com)`

// accountCauses are the causes that are about an account which somebody else is to act as.
var accountCauses = map[Cause]bool{ActAs: true, RunAs: true, PermissionMissing: true, NotAccess: true}

// buildVariants are the wordings whose account is a build's, which is the one that was refused.
var buildVariants = map[variant]bool{variantBuildAccount: true, variantBuildSource: true, variantLogs: true}

func (m searchText) serviceAccount(cause Cause, v variant) string {
	if !accountCauses[cause] || buildVariants[v] {
		return ""
	}
	return m.findCompact(accountForms, asAccount)
}

// Where messages name who was refused.
var (
	agentForms         = phrase(`(service-[0-9]{1,30}@serverless-robot-prod\.[a-z0-9.-]*?iam\.gserviceaccount\.com)`)
	missingMember      = phrase(`(?:serviceaccount|user|group|principal|member|account):?['"\[]*` + emailPattern + `['"\]]*(?:does(?:not|n't)exist|(?:was|is)?notfound)|donotexist:['"]?` + emailPattern + `(?:["',]|\.?$)`)
	refusedForm        = phrase(`(?:user|account|principal|:|\[)\[?` + emailPattern + `\]?does(?:not|n't)have`)
	disallowedMember   = phrase(`user` + emailPattern + `isnotinpermitted`)
	refusedAccountForm = phrase(`(?:serviceaccount|agent)['"\[(]*` + emailPattern + `['"\])]*(?:denied|lacks|ismissing|needs|musthave|does(?:not|n't)have)` +
		`|(?:forrevisionserviceaccount|deniedforserviceaccount|mustgrant[a-z]{3,60}permissionto|runningthisbuildprojects/[\w.:-]{1,80}/serviceaccounts/)` + accountPattern +
		`|actasfor` + emailPattern + `on(?:the)?(?:serviceaccount|resource|project)`)
	granteeForm  = phrase(`grant(?:the)?role\.?` + accountPattern)
	logPrincipal = phrase(`principalemail"?:"?` + emailPattern + `(?:"|[a-z]+:|,|$)`)
	signedInForm = pattern.Lazy(`(?i)authenticated as ([\w.+-]+@[\w.-]+)`)
	callerForms  = []pattern.Pattern{
		pattern.Lazy(`(?i)\b(?:user|account|principal)?:? ?\[?([\w.+-]+@[\w.-]+)\]? does(?: not|n't) have`),
		pattern.Lazy(`(?i)\bUser ["[]?([\w.+-]+@[\w.-]+)["\]]? must have permission`),
	}
)

const emailPattern = `([a-z0-9][\w.+-]{0,100}@[a-z0-9-]+(?:\.[a-z0-9-]+)+?)`

func (m searchText) principal(cause Cause, v variant) string {
	switch cause {
	case PullerRead, RunAs:
		return m.findCompact(agentForms, asRunAgent)
	case MemberNotFound:
		return m.findCompact(missingMember, asEmail)
	case OrgPolicy:
		return m.findCompact(disallowedMember, asEmail)
	case DeployerRead, ActAs, PermissionMissing, RegistryDenied:
		if notCallerVariants[v] {
			return cmp.Or(m.refusedEmail(), m.findCompact(granteeForm, asEmail))
		}
		return cmp.Or(m.refusedEmail(), m.findText(signedInForm, asEmail))
	}
	return ""
}

// notCallerVariants are the wordings of what was refused to another than the one who is signed in.
var notCallerVariants = map[variant]bool{variantBuildAccount: true, variantBuildSource: true, variantLogs: true, variantFunctionsAgent: true, variantKey: true, variantSecret: true,
	variantDatabase: true}

func (m searchText) refusedEmail() string {
	for _, form := range []pattern.Pattern{refusedForm, refusedAccountForm, logPrincipal} {
		if email := m.findCompact(form, asEmail); email != "" {
			return email
		}
	}
	for _, form := range callerForms {
		if email := m.findText(form, asEmail); email != "" {
			return email
		}
	}
	return ""
}

// Where messages name the permission. In quotes it is exact however the text was wrapped.
var (
	permissionQuoted = phrase(`permissions?"?:?['"\[(]+([a-z]+(?:\.[a-z_]+){2,3})['"\])]`)
	permissionGiven  = phrase(`permission(iam\.serviceaccounts\.(?:getaccesstoken|actas))(?:on|for)`)
	permissionBefore = phrase(`['"{]([a-z]+(?:\.[a-z_]+){2,3})['"}]permission`)
	permissionAccess = phrase(`doesnothave([a-z]+(?:\.[a-z_]+){2,3}?)accessto`)
	permissionWord   = pattern.Lazy(`(?i)(?:permissions?:? ?["']?|required ["']|have |lacks |needs |requires the |missing |requires |with the )["']?\b([a-z]+(?:\.[a-zA-Z_]+){2,3}[^\s"'(),;:\[\]]*)`)
)

func (m searchText) permission() string {
	for _, form := range []pattern.Pattern{permissionQuoted, permissionGiven, permissionBefore, permissionAccess} {
		if p := m.findCompact(form, asPermission); p != "" {
			return p
		}
	}
	return m.findText(permissionWord, asPermission)
}
