package failure

import (
	"slices"
	"strings"

	"whopulls/text/pattern"
)

// clues says where a message comes from and who it is about, as types. The signs are the words of Google's
// services, of registry clients and of the programs that run them.
type clues struct {
	activity         activity // of the message; where it shows none, of the text around it
	textActivity     activity // of the text around the message
	subject          subject  // who the message calls by what it does
	containerRan     bool     // a container ran, or was started
	buildFailed      bool     // a build failed, for a reason that is not here
	tooFewScopes     bool     // what was presented has too few OAuth scopes
	kmsKeyRefused    bool     // a key of Cloud KMS was refused
	domainRestricted bool     // an organization refused a member for where it is from
	constraint       string   // of the organization, with constraints/ or customConstraints/ before it
	notGoogle        bool     // nothing in the text is of a registry of Google's
	suggestedRole    string   // that the message itself says to grant; empty if it names none, or several
}

// activity is what was being done when the message was written.
type activity int

const (
	activityUnknown        activity = iota
	activityNodePull                // a machine of a cluster pulled
	activitySignIn                  // somebody signed in as a service account
	activityServiceCall             // another service of Google's called what was deployed
	activityTerraformState          // Terraform read its state
	activityBuild                   // a build ran
	activityPush                    // an image was pushed
	activityRun                     // a container ran
	activityPull                    // a registry's client asked for an image
)

// buildSigns are the signs of Cloud Build, and of the buildpacks that it runs.
var buildSigns = phrases(
	`buildstep\d`, `stepexitedwith(?:non-zero)?status`, `runningthisbuild`, `(?:^|[^a-z])fetchsource`,
	`resource":\{"type":"build"`, `logs/cloudbuild`, `cloud-builders/`, `couldnotresolvesource`, `gcf-sources-`,
	`settingupgcslogging`, `createimagecache`, `gcf-artifacts/`, `buildtriggered`, `couldnotbuildthefunction`,
	`cloudbuild[0-9a-f-]{36}`, `startingbuild"`)

// activities are in the order in which they are asked: what runs something else goes before what everybody writes.
var activities = []struct {
	scene activity
	signs []phraseMatcher
}{
	{activityNodePull, phrases(`kubelet`, `errimagepull`, `imagepullbackoff`, `failedtopullandunpackimage`, `pullingfromhost`)},
	{activitySignIn, phrases(`google-github-actions/auth`, `workloadidentitypools`, `impersonatedcredentials`, `failedtoimpersonate`, `googlecloud(?:access|federated)token`, `iamcredentials\.googleapis\.com`, `generateaccesstoken`)},
	{activityServiceCall, phrases(`cloud_scheduler_job`, `cloud.scheduler.logging`, `cloud_tasks_queue`, `pubsub_subscription`)},
	{activityTerraformState, phrases(`initializingthebackend`, `existingworkspaces`, `failedto(?:get|load|read)(?:the)?(?:existing)?state`, `queryingcloudstorage`)},
	{activityBuild, buildSigns},
	{activityPush, phrases(`(?:docker|podman|buildah|crane|nerdctl)push`, `failedtopush`, `couldnotpush`, `thepushrefersto`, `pushpermission`, `errorpushing`, `pull%2cpush`, `blobs/uploads`, `tokenexchangefailed`)},
	{activityRun, phrases(`cloud_run_(?:revision|job|worker_pool)`, `gcsfuse`, `revisionserviceaccount`, `user-providedcontainer`, `containercalledexit`, `cloudsqlconnectionfailed`, `traceback\(mostrecent`, `google\.api_core\.exceptions`, `node_modules/`, `atio\.grpc\.`, `statusruntimeexception`, `unhandledexception`, `uncaughtexception`, `(?:get|post|put|patch|delete)https://storage\.googleapis\.com`)},
	{activityPull, phrases(`(?:docker|podman|buildah|crane|nerdctl|skopeo)(?:pull|run|copy|create)`, `errorresponsefromdaemon`, `initializingsource`, `readingmanifest`, `fetchingmanifest`, `failedtopullimage`, `skaffold`)},
}

func activityIn(lower string) activity {
	for _, s := range activities {
		if containsAny(s.signs, lower) {
			return s.scene
		}
	}
	return activityUnknown
}

// subject is what a message calls the one who was refused, where it does that by the role instead of an e-mail.
type subject int

const (
	subjectUnnamed   subject = iota
	subjectBuild             // the account that a build runs as
	subjectRevision          // the runtime account
	subjectFunctions         // Cloud Functions' service agent
	subjectRegistry          // Artifact Registry's service agent
	subjectAgent             // another service's agent
	subjectPrincipal         // "the principal", in the words that every API has
	subjectCaller            // "caller", in Cloud Build's words
)

var subjects = []struct {
	subject subject
	names   []phraseMatcher
}{
	{subjectFunctions, phrases(`cloudfunctionsservice(?:account|agent)`)},
	{subjectRegistry, phrases(`artifactregistryservice(?:account|agent)`)},
	{subjectAgent, phrases(`(?:eventarc|pub/?sub|cloudscheduler|cloudtasks|googleapis|cloudbuild|cloudstorage|compute(?:engine)?)service(?:agent|account)[("']*(?:has|needs|musthave|lacks|does|[\w-]+@)`)},
	{subjectBuild, phrases(`buildserviceaccount`, `serviceaccountrunningthisbuild`, `buildfailedbecausethe(?:default)?serviceaccount`, `mustgrant[a-z]+permissionto[\w-]+@(?:developer|cloudbuild)`)},
	{subjectRevision, phrases(`revisionserviceaccount`)},
	{subjectPrincipal, phrases(`theprincipal\(userorserviceaccount\)`)},
	{subjectCaller, phrases(`callerdoesnothavepermissiontoactas`)},
}

func subjectIn(lower string) subject {
	for _, s := range subjects {
		if containsAny(s.names, lower) {
			return s.subject
		}
	}
	return subjectUnnamed
}

// surroundings are what the whole text shows.
type surroundings struct {
	activity       activity
	oneMessage     bool // it holds one message
	mentionsGoogle bool // something in it is of Google's
}

// googleSigns are the signs of Google's registries and APIs.
var googleSigns = phrases(`docker.pkg.dev`, `gcr.io`, `artifactregistry`, `artifact-registry`, `container-registry`, `containerregistry`, `googleapis`, `gcloud`)

func surroundingsOf(text string, messages int) surroundings {
	m := newSearchText(text)
	s := surroundings{activity: activityIn(m.compactLower), oneMessage: messages == 1, mentionsGoogle: containsAny(googleSigns, m.compactLower)}
	if strings.ContainsRune(text, stepStarted) || containsAny(buildSigns, m.compactLower) {
		s.activity = activityBuild
	}
	return s
}

var (
	containerSigns         = phrases(`containerexitedwith`, `user-providedcontainer`, `containercalledexit`, `memorylimitof`, `startupprobe`, `failedtolisten`, `listenontheport`)
	scopeSigns             = phrases(`insufficientauthenticationscopes`, `access_token_scope_insufficient`)
	keySigns               = phrases(`cloudkmskey`, `cloudkmscryptokey`, `cryptokeys/`)
	domainRestrictionSigns = phrases(`permittedcustomer`, `permittedorganization`, `allowedpolicymember`)
	constraintID           = pattern.Lazy(`\b((?:constraints|customConstraints)/[a-zA-Z]+(?:\.[a-zA-Z0-9]+)+)\b`)
	failedBuildSigns       = phrases(`buildfailed`, `completedwithstatus"failure"`)
)

// clues reads the message. What the message does not show comes from the commands and the progress before it.
// Otherwise it comes from the rest of the text, if that is about nothing else.
func (m searchText) clues(preceding []logicalLine, around surroundings) clues {
	s := clues{activity: activityIn(m.compactLower), textActivity: around.activity, subject: subjectIn(m.compactLower), suggestedRole: m.suggestedRole(), notGoogle: !around.mentionsGoogle,
		containerRan: containsAny(containerSigns, m.compactLower), buildFailed: containsAny(failedBuildSigns, m.compactLower), tooFewScopes: containsAny(scopeSigns, m.compactLower), kmsKeyRefused: containsAny(keySigns, m.compactLower), domainRestricted: containsAny(domainRestrictionSigns, m.compactLower), constraint: submatch(constraintID, m.text)}
	for _, u := range slices.Backward(preceding) {
		if s.activity == activityUnknown {
			s.activity = activityIn(u.search.compactLower)
		}
	}
	if s.activity == activityUnknown && around.oneMessage {
		s.activity = around.activity
	}
	return s
}

// Where messages name the role that helps: by its ID, or as the console writes it ("Storage Object Viewer").
var roleID = pattern.Lazy(`\broles/[a-zA-Z]+(?:\.[a-zA-Z]+)+\b`)

// suggestedRole is the one role that a message names, of those that are known here.
func (m searchText) suggestedRole() string {
	named := roleID().FindAllString(m.text, maxMatches)
	if len(named) == 0 {
		named = rolesByTitle(m.compactLower)
	}
	named = slices.DeleteFunc(named, func(id string) bool { return !isKnownRole(id) })
	slices.Sort(named)
	if named = slices.Compact(named); len(named) == 1 {
		return named[0]
	}
	return ""
}

// rolesByTitle are the roles whose titles a message names before the word "role" or "permission".
func rolesByTitle(lower string) (ids []string) {
	for _, r := range generalRoles {
		title := strings.ToLower(strings.ReplaceAll(r.title, " ", ""))
		for _, suffix := range []string{"role", "permission", "'role", `"role`, "(roles/"} {
			if strings.Contains(lower, title+suffix) {
				ids = append(ids, r.id)
				break
			}
		}
	}
	return ids
}
