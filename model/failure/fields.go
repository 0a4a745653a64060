package failure

import (
	"cmp"
	"regexp"
	"strings"

	"whopulls/model"
)

// fill reads the fields. Each is looked for between the phrases of the message first, where it is exact, then by its own
// form.
func (f *Failure) fill(t message, w wording) {
	f.Image = t.image(f.Cause)
	f.Repository = t.repository(f.Image)
	f.ImageProject = t.imageProject(f.Image, f.Repository, f.Cause)
	f.ConsumerProject = t.consumerProject(f.Cause)
	f.Workload = t.workload(f.ConsumerProject)
	f.ServiceAccount = t.serviceAccount(f.Cause, w)
	f.Principal = t.principal(f.Cause, w)
	f.Permission = t.permission()
	if f.Cause == APIDisabled {
		f.API = t.api()
	}
}

// Where the messages name the image: "… permission to read the image, X. Ensure that …", "Image 'X' not found.",
// "… but obtained X. To deploy …" (Cloud Run troubleshooting; Cloud Run, deploying container images).
var (
	imageRead     = phrase(`permissiontoreadtheimage,?['"]?(\S{1,600}?)['"]?\.(?:ensure|ifyou|note(?:that)?the|permissionmust|see|cause:)`)
	imageReadWord = regexp.MustCompile(`(?i)permission\s+to\s+read\s+the\s+image,?\s+["']?([^\s"']+)`)
	imageQuoted   = phrase(`images?:?['"]+([^'"]{1,600})['"]+`)
	imageObtained = phrase(`butobtained['"]?(\S{1,600}?)['"]?\.(?:todeploy|see)`)
	imageWord     = regexp.MustCompile(`([\w.-]+(?:docker\.pkg\.dev|\bgcr\.io|\.rep\.pkg\.dev|\bdocker\.io)/[^\s"',;()\[\]]+|\bgcr\.io/[^\s"',;()\[\]]+)`)
	obtainedWord  = regexp.MustCompile(`but obtained ["']?([^\s"']+)`)
	manifestURL   = phrase(`https://([\w.-]+)/v2/([\w./%-]+)/manifests/(sha256:[0-9a-f]{64}|\w[\w.-]{0,127}?)["'{:]`)
	manifestWord  = regexp.MustCompile(`https://([\w.-]+)/v2/([\w./%-]+)/manifests/(sha256:[0-9a-f]{64}|\w[\w.-]*)`)
)

func (m message) image(cause Cause) string {
	if cause == ImageReference {
		return m.obtained()
	}
	for _, accept := range []func(string) string{asHosted, asSlashed} {
		if image := cmp.Or(m.between(imageRead, accept), m.word(imageReadWord, accept), m.between(imageQuoted, asHosted)); image != "" {
			return image
		}
	}
	if image := m.word(imageWord, asOwn); image != "" {
		return image
	}
	return m.requested()
}

// obtained is the reference that Cloud Run refused; being wrong is what it is about, so that its form is not judged.
func (m message) obtained() string {
	accept := func(text string) string {
		if text = trim(text); !whole(text) || !visible.MatchString(text) {
			return ""
		}
		return text
	}
	if image := m.between(imageObtained, accept); image != "" {
		return image
	}
	if image := m.word(obtainedWord, accept); image != "" {
		return image
	}
	return m.between(imageQuoted, asImage)
}

var visible = regexp.MustCompile(`^[!-~]+$`)

// requested is the image that a registry's client asked for, by the address of its manifest.
func (m message) requested() string {
	tight := manifestURL.FindAllStringSubmatch(m.tight, candidates)
	for _, match := range append(tight, manifestWord.FindAllStringSubmatch(m.plain, candidates)...) {
		sign := ":"
		if strings.HasPrefix(match[3], "sha256:") {
			sign = "@"
		}
		if image := asHosted(match[1] + "/" + match[2] + sign + strings.TrimRight(match[3], ".")); image != "" {
			return image
		}
	}
	return ""
}

var (
	repositoryQuoted = phrase(`['"](?:(?://)?artifactregistry\.googleapis\.com/)?(projects/[\w.:-]+?/locations/[\w-]+?/repositories/[\w.-]+?)['"]`)
	repositoryName   = regexp.MustCompile(`(projects/[\w.:-]+/locations/[\w-]+/repositories/[^\s"'(),;\[\]]+)`)
	pushedTo         = regexp.MustCompile(`repository \[([\w.-]+/[\w./-]+)\]`)
)

// repository is named by the text, else by the image.
func (m message) repository(image string) string {
	if name := m.between(repositoryQuoted, asRepository); name != "" {
		return name
	}
	if name := m.word(repositoryName, asRepository); name != "" {
		return name
	}
	if at := imageOf(image); at.Registry == model.ArtifactRegistry {
		return at.Repository.String()
	}
	return imageOf(m.word(pushedTo, asHosted)).Repository.String()
}

// "Note that the image is from project [A], which is not the same as this project [B]." An older form is "Note that
// A/IMAGE is not in project B." (Cloud Run troubleshooting).
var (
	fromProject = phrase(`imageisfromproject(?:\[([^\]]{1,120})\]|([a-z][\w.:-]{1,80}?),whichis)`)
	thisProject = phrase(`notthesameasthisproject(?:\[([^\]]{1,120})\]|([a-z][\w.:-]{1,80}?)\.(?:permission|see|cause|ensure|$))`)
	notInHere   = phrase(`isnotinproject(?:\[([^\]]{1,120})\]|([a-z][\w:-]{1,80}?)\.(?:permission|see|cause|ensure|$))`)
)

func (m message) imageProject(image, repository string, cause Cause) string {
	if project := m.between(fromProject, asProject); project != "" {
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

// Where messages name the project that runs the image, apart from the clause above: Cloud Run's resource names, gcloud's
// progress line and frame, the command that was run, the labels of a log entry.
var (
	consumerForms = []*regexp.Regexp{
		phrase(`namespaces?/([\w.:-]{1,80}?)/(?:services|jobs|workerpools|revisions|executions)`),
		phrase(`projects/([\w.:-]{1,80}?)/locations/[\w-]{1,40}/(?:services|jobs|workerpools|revisions|executions)`),
		phrase(`permission['"]*run\.[a-z.]{3,60}['"]*deniedonresource['"]*projects/([\w.:-]{1,80}?)/locations/`),
		phrase(`permissiontoaccessnamespaces?(?:instance)?\[([^\]]{1,80})\]`),
		phrase(`\(gcloud\.(?:alpha\.|beta\.)?run\.[a-z.-]{3,40}\)permission_denied:permissiondeniedonresourceproject([\w:-]{1,80})\.`),
		phrase(`cloudrun(?:service|job|workerpool|function)\[[^\]]{0,80}\]inproject\[([^\]]{1,80})\]`),
	}
	consumerWords = []*regexp.Regexp{
		regexp.MustCompile(`"?resource"?[^}]{0,600}?"?cloud_run_\w+"?[^}]{0,600}?"?project_id"?: ?"?([\w.:-]+)`),
		regexp.MustCompile(`"?labels"?[^}]{0,400}?"?project_id"?: ?"?([\w.:-]+)[^}]{0,400}\}[^}]{0,200}?cloud_run_`),
		regexp.MustCompile(`\blabels: [^{}]{0,600}?\bproject_id: ?"?([\w.:-]+)[^{}]{0,400}?\btype: ?"?cloud_run_`),
	}
)

func (m message) consumerProject(cause Cause) string {
	for _, form := range []*regexp.Regexp{thisProject, notInHere} {
		if project := m.between(form, asProject); project != "" {
			return project
		}
	}
	if cause == APIDisabled { // Cloud Run's API is needed where the image runs; another's project may be anyone's
		if m.api() != runAPI {
			return ""
		}
		return m.disabledIn()
	}
	for _, form := range consumerForms {
		if project := m.between(form, asProject); project != "" {
			return project
		}
	}
	for _, form := range consumerWords {
		if project := m.word(form, asProject); project != "" {
			return project
		}
	}
	return ""
}

// Where messages name the API and the project in which it is off (Service Usage; google.rpc.ErrorInfo SERVICE_DISABLED).
var (
	apiForms = phrase(`apis/(?:api|library)/([a-z0-9.-]+?\.googleapis\.com)|marketplace/product/google/([a-z0-9-]+\.googleapis\.com)|api\[([a-z0-9.-]+?\.googleapis\.com)\]|"?service"?[:=]?\[?"?([a-z0-9-]+\.googleapis\.com)` +
		`|(?:^|[^a-z0-9.-])([a-z0-9-]+\.googleapis\.com)['"\]]*\(?(?:isnotenabled|isdisabled|hasnotbeen|mustbeenabled|notenabled)`)
	offIn       = phrase(`(?:hasnotbeenusedin|disabledin|notenabled(?:in|on|for)|enabledfor)(?:the)?project['"\[]*([\w.:-]{1,80}?)['"\]]*(?:before|\.|,|andneeds|$)|notenabledonproject\[([^\]]{1,80})\]`)
	offLink     = phrase(`\?project=([a-z0-9:.-]{1,80}?)(?:then|["')\s&]|$)`)
	offSentence = phrase(`hasnotbeenusedinproject|notenabledonproject`)
	consumed    = phrase(`"consumer":"projects/([\w.:-]{1,80})"`)
	apiTitle    = phrase(`(cloudrunadmin|artifactregistry|cloudresourcemanager|serviceusage|cloudbuild|identityandaccessmanagement\(iam\)|iamservicecredentials|iamserviceaccountcredentials|secretmanager|computeengine|compute|containerregistry|cloudfunctions|eventarc|cloudsqladmin|serverlessvpcaccess)api(?:hasnot|isnot|isdisabled|mustbe)`)
)

var apiTitles = map[string]string{
	"cloudrunadmin": "run", "artifactregistry": "artifactregistry", "cloudresourcemanager": "cloudresourcemanager", "serviceusage": "serviceusage",
	"cloudbuild": "cloudbuild", "identityandaccessmanagement(iam)": "iam", "secretmanager": "secretmanager", "compute": "compute", "containerregistry": "containerregistry",
	"computeengine": "compute", "cloudfunctions": "cloudfunctions", "eventarc": "eventarc", "cloudsqladmin": "sqladmin", "serverlessvpcaccess": "vpcaccess",
	"iamservicecredentials": "iamcredentials", "iamserviceaccountcredentials": "iamcredentials",
}

func (m message) api() string {
	if api := m.between(apiTitle, func(title string) string { return apiTitles[strings.ToLower(title)] }); api != "" {
		return api + ".googleapis.com"
	}
	return m.between(apiForms, asAPI)
}

// disabledIn is the project in which the API is off. Where the sentence names it and somebody hid that, the link is not
// asked.
func (m message) disabledIn() string {
	if project := m.between(offIn, asProject); project != "" {
		return project
	}
	if offSentence.MatchString(m.low) {
		return ""
	}
	return cmp.Or(m.between(consumed, asProject), m.between(offLink, asProject))
}

const runAPI = "run.googleapis.com"

// Where messages name the runtime account: "denied on service account X", "access tokens for the service account X"
// (Cloud Run troubleshooting), and the resource name of IAM.
var accountForms = phrase(`actas['"]*(?:denied|permission|for\S{0,160}?)?on(?:the)?(?:serviceaccount|resource)['"\[]*(?://iam\.googleapis\.com/)?(?:projects/[\w.:-]+/serviceaccounts/)?` + account +
	`|(?:actas|getaccesstoken)['"]*fortheresource['"\[]*(?://iam\.googleapis\.com/)?(?:projects/[\w.:-]+/serviceaccounts/)?` + account +
	`|accesstokens?fortheserviceaccount['"\[]*` + account + `|actas(?:the)?serviceaccount:?['"\[]*` + account + `|serviceaccounts/` + account +
	`|forrevisionserviceaccount` + account + `|serviceaccount['"\[]*` + account + `['"\]]*(?:does|wasnot|isnot|notfound)`)

const account = `([a-z0-9*][a-z0-9.*-]{0,80}@[a-z0-9.*-]+?\.gserviceaccount\.com)`

// accountCauses are the causes that are about an account which somebody else is to act as.
var accountCauses = map[Cause]bool{ActAs: true, RunAs: true, Permission: true, NotAccess: true}

// refusedToBuilds are the wordings whose account is a build's, which is the one that was refused.
var refusedToBuilds = map[wording]bool{buildAccount: true, buildSource: true, logsRefused: true}

func (m message) serviceAccount(cause Cause, w wording) string {
	if !accountCauses[cause] || refusedToBuilds[w] {
		return ""
	}
	return m.between(accountForms, asAccount)
}

// Where messages name who was refused.
var (
	agentForms  = phrase(`(service-[0-9]{1,30}@serverless-robot-prod\.[a-z0-9.-]*?iam\.gserviceaccount\.com)`)
	notExisting = phrase(`(?:serviceaccount|user|group|principal|member|account):?['"\[]*` + anybody + `['"\]]*(?:does(?:not|n't)exist|(?:was|is)?notfound)|donotexist:['"]?` + anybody + `(?:["',]|\.?$)`)
	refused     = phrase(`(?:user|account|principal|:|\[)\[?` + anybody + `\]?does(?:not|n't)have`)
	notAllowed  = phrase(`user` + anybody + `isnotinpermitted`)
	ofAccount   = phrase(`(?:serviceaccount|agent)['"\[(]*` + anybody + `['"\])]*(?:denied|lacks|ismissing|needs|musthave|does(?:not|n't)have)` +
		`|(?:forrevisionserviceaccount|deniedforserviceaccount|mustgrant[a-z]{3,60}permissionto|runningthisbuildprojects/[\w.:-]{1,80}/serviceaccounts/)` + account +
		`|actasfor` + anybody + `on(?:the)?(?:serviceaccount|resource|project)`)
	toldToGrant = phrase(`grant(?:the)?role\.?` + account)
	loggedBy    = phrase(`principalemail"?:"?` + anybody + `(?:"|[a-z]+:|,|$)`)
	signedIn    = regexp.MustCompile(`(?i)authenticated as ([\w.+-]+@[\w.-]+)`)
	callerWords = []*regexp.Regexp{
		regexp.MustCompile(`(?i)\b(?:user|account|principal)?:? ?\[?([\w.+-]+@[\w.-]+)\]? does(?: not|n't) have`),
		regexp.MustCompile(`(?i)\bUser ["[]?([\w.+-]+@[\w.-]+)["\]]? must have permission`),
	}
)

const anybody = `([a-z0-9][\w.+-]{0,100}@[a-z0-9-]+(?:\.[a-z0-9-]+)+?)`

func (m message) principal(cause Cause, w wording) string {
	switch cause {
	case Puller, RunAs:
		return m.between(agentForms, asAgent)
	case MemberNotFound:
		return m.between(notExisting, asEmail)
	case OrgPolicy:
		return m.between(notAllowed, asEmail)
	case DeployerRead, ActAs, Permission, RegistryDenied:
		if refusedToOthers[w] {
			return cmp.Or(m.refusedOne(), m.between(toldToGrant, asEmail))
		}
		return cmp.Or(m.refusedOne(), m.word(signedIn, asEmail))
	}
	return ""
}

// refusedToOthers are the wordings of what was refused to another than the one who is signed in.
var refusedToOthers = map[wording]bool{buildAccount: true, buildSource: true, logsRefused: true, functionsAgent: true, keyRefused: true, secretRefused: true,
	databaseRefused: true}

func (m message) refusedOne() string {
	for _, form := range []*regexp.Regexp{refused, ofAccount, loggedBy} {
		if email := m.between(form, asEmail); email != "" {
			return email
		}
	}
	for _, form := range callerWords {
		if email := m.word(form, asEmail); email != "" {
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
	permissionWord   = regexp.MustCompile(`(?i)(?:permissions?:? ?["']?|required ["']|have |lacks |needs |requires the |missing |requires |with the )["']?\b([a-z]+(?:\.[a-zA-Z_]+){2,3}[^\s"'(),;:\[\]]*)`)
)

func (m message) permission() string {
	for _, form := range []*regexp.Regexp{permissionQuoted, permissionGiven, permissionBefore, permissionAccess} {
		if p := m.between(form, asPermission); p != "" {
			return p
		}
	}
	return m.word(permissionWord, asPermission)
}
