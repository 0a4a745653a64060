package failure

import (
	"regexp"
	"strings"
)

// matter is what the matched message is about, in types: who is at fault, and what helps, is decided on it and never on
// a sentence.
type matter struct {
	wording     wording // which of the wordings of its cause the message has; plain where one is as good as another
	command     string  // gcloud's command in the frame of the message, without the release track: run.deploy, builds.submit
	terraform   string  // type of the Terraform resource that failed: google_cloud_run_v2_job
	service     string  // the API whose permission was refused: storage.googleapis.com
	resource    string  // that was refused, as the text names it: a bucket's name, projects/P/secrets/S, namespaces/P/services/W
	project     string  // in which an API is off, whosever project that is: its ID or its number
	mayNotExist bool    // Google says "(or it may not exist)"
	cloudRun    bool    // it is about a Cloud Run resource, or a function
}

// wording tells apart what one cause has several remedies for.
type wording int

const (
	plain               wording = iota
	unauthenticated             // the registry was asked without a sign-in
	pushed                      // the registry was asked to take an image, not to give one
	createOnPush                // a gcr.io repository would have to be created by the push
	immutableTag                // the tag exists, and its repository does not let it move
	registryShut                // Container Registry, which is shut down, answered with 412
	buildSource                 // a build could not fetch the source that was uploaded for it
	buildAccount                // a build's own account lacks roles, whichever
	stagingBucket               // the bucket to which a build's source goes is refused
	functionsAgent              // the service agent of Cloud Functions can't read a repository
	impersonation               // whoever signs in may not get tokens of the account that deploys
	secretRefused               // the runtime account may not read a secret
	bucketRefused               // somebody may not read or write a bucket's objects
	databaseRefused             // the runtime account may not connect to Cloud SQL
	connectorRefused            // a VPC connector does not exist, or may not be used
	invokerRefused              // whoever called the URL of a service may not
	runtimeMissing              // the account that the workload would run as does not exist
	billingOff                  // billing is off, or its account is closed
	rateLimited                 // Docker Hub, or an API, answered with 429
	quotaSpent                  // a quota is used up
	attestation                 // Binary Authorization refused the image
	accessBoundary              // a principal access boundary policy refused the principal
	functionsRepository         // a function's repository lies in another project
	customConstraint            // a custom constraint of the organization refused the resource
	logsRefused                 // a build's account may not write its logs
	keyRefused                  // a service's agent may not use a key of Cloud KMS
)

var (
	gcloudCommand = regexp.MustCompile(`\(gcloud\.(?:alpha\.|beta\.)?([a-z][a-z.-]{1,80})\)`)
	terraformType = regexp.MustCompile(`(?:with|resource) (?:module\.[^,]{1,200}?\.)?"?(google_[a-z0-9_]{3,60})[."]`)
	orMayNotExist = phrase(`\(or(?:it|resource|theresource)maynotexist\)|oritdoesnotexist|project#?[\w-]{1,40}hasbeendeleted|verifythatthe[a-z]{1,30}exists|doesnotexist,?or|reason"?:"?consumer_invalid`)
)

// matter reads what the message is about.
func (m message) matter(w wording, f *Failure) matter {
	about := matter{wording: w, command: m.command(), terraform: submatch(terraformType, m.plain),
		service: serviceOf(f.Permission), mayNotExist: orMayNotExist.MatchString(m.low), resource: m.between(refusedResource, asResource)}
	if f.Cause == APIDisabled {
		about.project = m.disabledIn()
	}
	about.cloudRun = m.cloudRun(about, f)
	return about
}

// command is gcloud's, by its frame, else by its words.
func (m message) command() string {
	if framed := submatch(gcloudCommand, m.low); framed != "" {
		return framed
	}
	return strings.ReplaceAll(submatch(commandWords, m.plain), " ", ".")
}

var commandWords = regexp.MustCompile(`\bgcloud (?:alpha |beta )?(builds submit|run deploy|run (?:services|jobs|worker-pools) [a-z-]+|functions deploy)\b`)

// serviceOf is the API that a permission belongs to.
func serviceOf(permission string) string {
	if name, _, found := strings.Cut(permission, "."); found {
		return name + ".googleapis.com"
	}
	return ""
}

// Where messages name what was refused: "denied on resource 'X' (or …)", "access to bucket [X]", "denied on secret: X".
var refusedResource = phrase(`(?:deniedon|foron|for|on)(?:the)?resource['"\[:]*([^\s'"\[\]()]{3,300}?)['"\]]*(?:\(or|\.|$)|bucket\[([\w.-]{3,222})\]|deniedonsecret:['"]*(projects/[\w.:-]+/secrets/[\w-]+)|storage/v1/b/([\w.-]{3,222})/o|accesstobucket([\w.-]{3,222}?)denied|gs://([\w.-]{3,222})|vpcconnector['"]*(projects/[\w./:-]+?)['"]*(?:doesnot|isnot)`)

// asResource accepts a name that nobody hid.
func asResource(text string) string {
	if text = trim(text); !whole(text) {
		return ""
	}
	return text
}

// ofCloudRunText are the forms in which messages name Cloud Run's resources.
var ofCloudRunText = phrase(`namespaces?/[^\s/'"]{1,80}/(?:services|jobs|workerpools|revisions|executions)|locations/[\w-]{1,40}/(?:services|jobs|workerpools|functions)/|cloudrun(?:service|job|workerpool|function)|cloud_run_(?:revision|job|worker_pool)|(?:creating|updating|tocreate|toupdate)(?:service|job|workerpool|function)\b|revision['"]|spec\.template|user-providedcontainer|gcsfuse|accessnamespaces|revisionserviceaccount|cloudfunction|(?:actas|iam\.serviceaccounts\.actas)['"]*\]?(?:denied|for\S{0,160}?)on(?:the)?serviceaccount|functions:`)

// aboutCloudRun are the causes that only Cloud Run gives.
var aboutCloudRun = map[Cause]bool{Puller: true, DeployerRead: true, RunAs: true, ImageReference: true}

// cloudRun tells whether the message is about a resource of Cloud Run. Where a frame says what failed, it decides.
func (m message) cloudRun(about matter, f *Failure) bool {
	switch {
	case aboutCloudRun[f.Cause]:
		return true
	case about.terraform != "":
		return strings.HasPrefix(about.terraform, "google_cloud_run") || strings.HasPrefix(about.terraform, "google_cloudfunctions")
	case about.command != "":
		return strings.HasPrefix(about.command, "run.") || strings.HasPrefix(about.command, "functions.")
	}
	return f.API == runAPI || strings.HasPrefix(f.Permission, "run.") || ofCloudRunText.MatchString(m.low)
}

func submatch(form *regexp.Regexp, text string) string {
	if match := form.FindStringSubmatch(text); match != nil {
		return match[1]
	}
	return ""
}
