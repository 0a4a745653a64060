package failure

import (
	"regexp"
	"slices"
	"strings"
)

// setting is where a message comes from and whom it speaks of, as types: the signs are the words of Google's services,
// of registries' clients and of the programs that run them.
type setting struct {
	scene       scene   // of the message; where it shows none, of the text around it
	around      scene   // of the text around the message
	subject     subject // whom the message calls by what it does
	ran         bool    // a container ran, or was started
	buildFailed bool    // a build failed, for a reason that is not here
	scopes      bool    // what was presented has too few OAuth scopes
	ofKey       bool    // a key of Cloud KMS was refused
	sharing     bool    // an organization refused a member for where it is from
	constraint  string  // of the organization, with constraints/ or customConstraints/ before it
	foreign     bool    // nothing in the text is of a registry of Google's
	role        string  // that the message itself says to grant; empty where it names none, or several
}

// scene is what was going on when the message was written.
type scene int

const (
	sceneUnread    scene = iota
	sceneNode            // a machine of a cluster pulled
	sceneSignIn          // somebody signed in as a service account
	sceneService         // another service of Google's called what was deployed
	sceneTerraform       // Terraform read its state
	sceneBuild           // a build ran
	scenePush            // an image was pushed
	sceneRun             // a container ran
	scenePull            // a registry's client asked for an image
)

// ofBuild are the signs of Cloud Build, and of the buildpacks that it runs.
var ofBuild = phrases(
	`buildstep\d`, `stepexitedwith(?:non-zero)?status`, `runningthisbuild`, `(?:^|[^a-z])fetchsource`,
	`resource":\{"type":"build"`, `logs/cloudbuild`, `cloud-builders/`, `couldnotresolvesource`, `gcf-sources-`,
	`settingupgcslogging`, `createimagecache`, `gcf-artifacts/`, `buildtriggered`, `couldnotbuildthefunction`,
	`cloudbuild[0-9a-f-]{36}`, `startingbuild"`)

// scenes are in the order in which they are asked: what runs something else goes before what everybody writes.
var scenes = []struct {
	scene scene
	signs []phrasing
}{
	{sceneNode, phrases(`kubelet`, `errimagepull`, `imagepullbackoff`, `failedtopullandunpackimage`, `pullingfromhost`)},
	{sceneSignIn, phrases(`google-github-actions/auth`, `workloadidentitypools`, `impersonatedcredentials`, `failedtoimpersonate`, `googlecloud(?:access|federated)token`, `iamcredentials\.googleapis\.com`, `generateaccesstoken`)},
	{sceneService, phrases(`cloud_scheduler_job`, `cloud.scheduler.logging`, `cloud_tasks_queue`, `pubsub_subscription`)},
	{sceneTerraform, phrases(`initializingthebackend`, `existingworkspaces`, `failedto(?:get|load|read)(?:the)?(?:existing)?state`, `queryingcloudstorage`)},
	{sceneBuild, ofBuild},
	{scenePush, phrases(`(?:docker|podman|buildah|crane|nerdctl)push`, `failedtopush`, `couldnotpush`, `thepushrefersto`, `pushpermission`, `errorpushing`, `pull%2cpush`, `blobs/uploads`, `tokenexchangefailed`)},
	{sceneRun, phrases(`cloud_run_(?:revision|job|worker_pool)`, `gcsfuse`, `revisionserviceaccount`, `user-providedcontainer`, `containercalledexit`, `cloudsqlconnectionfailed`, `traceback\(mostrecent`, `google\.api_core\.exceptions`, `node_modules/`, `atio\.grpc\.`, `statusruntimeexception`, `unhandledexception`, `uncaughtexception`, `(?:get|post|put|patch|delete)https://storage\.googleapis\.com`)},
	{scenePull, phrases(`(?:docker|podman|buildah|crane|nerdctl|skopeo)(?:pull|run|copy|create)`, `errorresponsefromdaemon`, `initializingsource`, `readingmanifest`, `fetchingmanifest`, `failedtopullimage`, `skaffold`)},
}

func sceneIn(low string) scene {
	for _, s := range scenes {
		if say(s.signs, low) {
			return s.scene
		}
	}
	return sceneUnread
}

// subject is what a message calls whoever was refused, where it does that by the role instead of an e-mail.
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
	names   []phrasing
}{
	{subjectFunctions, phrases(`cloudfunctionsservice(?:account|agent)`)},
	{subjectRegistry, phrases(`artifactregistryservice(?:account|agent)`)},
	{subjectAgent, phrases(`(?:eventarc|pub/?sub|cloudscheduler|cloudtasks|googleapis|cloudbuild|cloudstorage|compute(?:engine)?)service(?:agent|account)[("']*(?:has|needs|musthave|lacks|does|[\w-]+@)`)},
	{subjectBuild, phrases(`buildserviceaccount`, `serviceaccountrunningthisbuild`, `buildfailedbecausethe(?:default)?serviceaccount`, `mustgrant[a-z]+permissionto[\w-]+@(?:developer|cloudbuild)`)},
	{subjectRevision, phrases(`revisionserviceaccount`)},
	{subjectPrincipal, phrases(`theprincipal\(userorserviceaccount\)`)},
	{subjectCaller, phrases(`callerdoesnothavepermissiontoactas`)},
}

func subjectIn(low string) subject {
	for _, s := range subjects {
		if say(s.names, low) {
			return s.subject
		}
	}
	return subjectUnnamed
}

// surroundings are what the whole text shows.
type surroundings struct {
	scene  scene
	alone  bool // it holds one message
	google bool // something in it is of Google's
}

// ofGoogle are the signs of Google's registries and APIs.
var ofGoogle = phrases(`docker.pkg.dev`, `gcr.io`, `artifactregistry`, `artifact-registry`, `container-registry`, `containerregistry`, `googleapis`, `gcloud`)

func surroundingsOf(text string, messages int) surroundings {
	m := newMessage(text)
	s := surroundings{scene: sceneIn(m.low), alone: messages == 1, google: say(ofGoogle, m.low)}
	if strings.ContainsRune(text, stepped) || say(ofBuild, m.low) {
		s.scene = sceneBuild
	}
	return s
}

var (
	ofRunning     = phrases(`containerexitedwith`, `user-providedcontainer`, `containercalledexit`, `memorylimitof`, `startupprobe`, `failedtolisten`, `listenontheport`)
	ofScopes      = phrases(`insufficientauthenticationscopes`, `access_token_scope_insufficient`)
	ofKey         = phrases(`cloudkmskey`, `cloudkmscryptokey`, `cryptokeys/`)
	ofSharing     = phrases(`permittedcustomer`, `permittedorganization`, `allowedpolicymember`)
	constraintID  = regexp.MustCompile(`\b((?:constraints|customConstraints)/[a-zA-Z]+(?:\.[a-zA-Z0-9]+)+)\b`)
	ofFailedBuild = phrases(`buildfailed`, `completedwithstatus"failure"`)
)

// setting reads the message; what it does not show is shown by the commands and the progress before it, else by the rest
// of the text, where that is about nothing else.
func (m message) setting(before []unit, around surroundings) setting {
	s := setting{scene: sceneIn(m.low), around: around.scene, subject: subjectIn(m.low), role: m.namedRole(), foreign: !around.google,
		ran: say(ofRunning, m.low), buildFailed: say(ofFailedBuild, m.low), scopes: say(ofScopes, m.low), ofKey: say(ofKey, m.low), sharing: say(ofSharing, m.low), constraint: submatch(constraintID, m.plain)}
	for _, u := range slices.Backward(before) {
		if s.scene == sceneUnread {
			s.scene = sceneIn(u.tight.low)
		}
	}
	if s.scene == sceneUnread && around.alone {
		s.scene = around.scene
	}
	return s
}

// Where messages name the role that helps: by its ID, or as the console writes it ("Storage Object Viewer").
var roleID = regexp.MustCompile(`\broles/[a-zA-Z]+(?:\.[a-zA-Z]+)+\b`)

// namedRole is the one role that a message names, of those that are known here.
func (m message) namedRole() string {
	named := roleID.FindAllString(m.plain, candidates)
	if len(named) == 0 {
		named = titled(m.low)
	}
	named = slices.DeleteFunc(named, func(id string) bool { return !knownRole(id) })
	slices.Sort(named)
	if named = slices.Compact(named); len(named) == 1 {
		return named[0]
	}
	return ""
}

// titled are the roles whose titles a message names before the word "role" or "permission".
func titled(low string) (ids []string) {
	for _, r := range anybodysRoles {
		title := strings.ToLower(strings.ReplaceAll(r.title, " ", ""))
		for _, after := range []string{"role", "permission", "'role", `"role`, "(roles/"} {
			if strings.Contains(low, title+after) {
				ids = append(ids, r.id)
				break
			}
		}
	}
	return ids
}
