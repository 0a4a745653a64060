package failure

import (
	"regexp"
	"slices"
	"strings"
)

// setting is where a message comes from and whom it speaks of, as types: the signs are the words of Google's services,
// of registries' clients and of the programs that run them.
type setting struct {
	scene      scene   // of the message; where it shows none, of the text around it
	around     scene   // of the text around the message
	subject    subject // whom the message calls by what it does
	ofKey      bool    // a key of Cloud KMS was refused
	sharing    bool    // an organization refused a member for where it is from
	constraint string  // of the organization, with constraints/ or customConstraints/ before it
	foreign    bool    // nothing in the text is of a registry of Google's
	role       string  // that the message itself says to grant; empty where it names none, or several
}

// scene is what was going on when the message was written.
type scene int

const (
	sceneUnread    scene = iota
	sceneNode            // a machine of a cluster pulled
	sceneSignIn          // somebody signed in as a service account
	sceneTerraform       // Terraform read its state
	sceneBuild           // a build ran
	scenePush            // an image was pushed
	sceneRun             // a container ran
	scenePull            // a registry's client asked for an image
)

// scenes are in the order in which they are asked: what runs something else goes before what everybody writes.
var scenes = []struct {
	scene scene
	signs *regexp.Regexp
}{
	{sceneNode, phrase(`kubelet|errimagepull|imagepullbackoff|failedtopullandunpackimage|pullingfromhost`)},
	{sceneSignIn, phrase(`google-github-actions/auth|workloadidentitypools|impersonatedcredentials|failedtoimpersonate|googlecloud(?:access|federated)token|iamcredentials\.googleapis\.com|generateaccesstoken`)},
	{sceneTerraform, phrase(`initializingthebackend|existingworkspaces|failedto(?:get|load|read)(?:the)?(?:existing)?state|queryingcloudstorage`)},
	{sceneBuild, phrase(`buildstep\d|stepexitedwith(?:non-zero)?status|runningthisbuild|(?:^|[^a-z])fetchsource|resource":\{"type":"build"|logs/cloudbuild|cloud-builders/|couldnotresolvesource|gcf-sources-|settingupgcslogging|createimagecache|gcf-artifacts/|buildtriggered|couldnotbuildthefunction|cloudbuild[0-9a-f-]{36}|startingbuild"`)},
	{scenePush, phrase(`(?:docker|podman|buildah|crane|nerdctl)push|failedtopush|couldnotpush|thepushrefersto|pushpermission|errorpushing|pull%2cpush|blobs/uploads|tokenexchangefailed`)},
	{sceneRun, phrase(`cloud_run_(?:revision|job|worker_pool)|gcsfuse|revisionserviceaccount|user-providedcontainer|containercalledexit|cloudsqlconnectionfailed|traceback\(mostrecent|google\.api_core\.exceptions|node_modules/|atio\.grpc\.|statusruntimeexception|unhandledexception|uncaughtexception|(?:get|post|put|patch|delete)https://storage\.googleapis\.com`)},
	{scenePull, phrase(`(?:docker|podman|buildah|crane|nerdctl|skopeo)(?:pull|run|copy|create)|errorresponsefromdaemon|initializingsource|readingmanifest|fetchingmanifest|failedtopullimage|skaffold`)},
}

func sceneIn(tight string) scene {
	for _, s := range scenes {
		if s.signs.MatchString(tight) {
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
	names   *regexp.Regexp
}{
	{subjectFunctions, phrase(`cloudfunctionsservice(?:account|agent)`)},
	{subjectRegistry, phrase(`artifactregistryservice(?:account|agent)`)},
	{subjectAgent, phrase(`(?:eventarc|pub/?sub|cloudscheduler|cloudtasks|googleapis|cloudbuild|cloudstorage|compute(?:engine)?)service(?:agent|account)[("']*(?:has|needs|musthave|lacks|does|[\w-]+@)`)},
	{subjectBuild, phrase(`buildserviceaccount|serviceaccountrunningthisbuild|buildfailedbecausethe(?:default)?serviceaccount|mustgrant[a-z]+permissionto[\w-]+@(?:developer|cloudbuild)`)},
	{subjectRevision, phrase(`revisionserviceaccount`)},
	{subjectPrincipal, phrase(`theprincipal\(userorserviceaccount\)`)},
	{subjectCaller, phrase(`callerdoesnothavepermissiontoactas`)},
}

func subjectIn(tight string) subject {
	for _, s := range subjects {
		if s.names.MatchString(tight) {
			return s.subject
		}
	}
	return subjectUnnamed
}

// ofGoogle are the signs of Google's registries.
var ofGoogle = phrase(`docker\.pkg\.dev|gcr\.io|artifactregistry|artifact-?registry|container-?registry|googleapis|gcloud`)

var (
	ofKey        = phrase(`cloudkms(?:crypto)?key|cryptokeys/`)
	ofSharing    = phrase(`permittedcustomer|permittedorganization|allowedpolicymember`)
	constraintID = regexp.MustCompile(`\b((?:constraints|customConstraints)/[a-zA-Z]+(?:\.[a-zA-Z0-9]+)+)\b`)
)

// setting reads the message, and for what it does not show the rest of the text.
func (m message) setting(rest message) setting {
	s := setting{scene: sceneIn(m.tight), around: sceneIn(rest.tight), subject: subjectIn(m.tight), role: m.namedRole()}
	s.foreign = !ofGoogle.MatchString(m.tight) && !ofGoogle.MatchString(rest.tight)
	s.ofKey, s.sharing = ofKey.MatchString(m.tight), ofSharing.MatchString(m.tight)
	s.constraint = submatch(constraintID, m.plain)
	if s.scene == sceneUnread {
		s.scene = s.around
	}
	return s
}

// Where messages name the role that helps: by its ID, or as the console writes it ("Storage Object Viewer").
var roleID = regexp.MustCompile(`\broles/[a-zA-Z]+(?:\.[a-zA-Z]+)+\b`)

// namedRole is the one role that a message names, of those that are known here.
func (m message) namedRole() string {
	named := roleID.FindAllString(m.plain, candidates)
	if len(named) == 0 {
		named = titled(m.tight)
	}
	named = slices.DeleteFunc(named, func(id string) bool { return !knownRole(id) })
	slices.Sort(named)
	if named = slices.Compact(named); len(named) == 1 {
		return named[0]
	}
	return ""
}

// titled are the roles whose titles a message names before the word "role" or "permission".
func titled(tight string) (ids []string) {
	lower := strings.ToLower(tight)
	for _, r := range anybodysRoles {
		title := strings.ToLower(squeeze(r.title))
		for _, after := range []string{"role", "permission", "'role", `"role`, "(roles/"} {
			if strings.Contains(lower, title+after) {
				ids = append(ids, r.id)
				break
			}
		}
	}
	return ids
}
