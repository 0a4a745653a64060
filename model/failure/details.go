package failure

import (
	"strings"

	"whopulls/text/pattern"
)

// details is what the matched message is about, in types. Who is at fault and what helps is decided on these
// values, never on a sentence.
type details struct {
	variant       variant // which of the wordings of its cause the message has; plain where one is as good as another
	command       string  // gcloud's command in the frame of the message, without the release track: run.deploy, builds.submit
	terraformType string  // type of the Terraform resource that failed: google_cloud_run_v2_job
	service       string  // the API whose permission was refused: storage.googleapis.com
	resource      string  // that was refused, as the text names it: a bucket's name, projects/P/secrets/S, namespaces/P/services/W
	apiProject    string  // in which an API is off, whosever project that is: its ID or its number
	mayNotExist   bool    // Google says "(or it may not exist)"
	aboutCloudRun bool    // it is about a Cloud Run resource, or a function
}

// variant tells apart what one cause has several remedies for.
type variant int

const (
	variantNone                  variant = iota
	variantUnauthenticated               // the registry was asked without a sign-in
	variantPush                          // the registry was asked to take an image, not to give one
	variantCreateOnPush                  // a gcr.io repository would have to be created by the push
	variantImmutableTag                  // the tag exists, and its repository does not let it move
	variantRegistryShutDown              // Container Registry, which is shut down, answered with 412
	variantBuildSource                   // a build could not fetch the source that was uploaded for it
	variantBuildAccount                  // a build's own account lacks roles, whichever
	variantStagingBucket                 // the bucket to which a build's source goes is refused
	variantFunctionsAgent                // the service agent of Cloud Functions can't read a repository
	variantImpersonation                 // the one who signs in may not get tokens of the account that deploys
	variantSecret                        // the runtime account may not read a secret
	variantBucket                        // somebody may not read or write a bucket's objects
	variantDatabase                      // the runtime account may not connect to Cloud SQL
	variantConnector                     // a VPC connector does not exist, or may not be used
	variantInvoker                       // the one who called the URL of a service may not
	variantRuntimeAccountMissing         // the account that the workload would run as does not exist
	variantBillingOff                    // billing is off, or its account is closed
	variantRateLimited                   // Docker Hub, or an API, answered with 429
	variantQuotaExceeded                 // a quota is used up
	variantAttestation                   // Binary Authorization refused the image
	variantAccessBoundary                // a principal access boundary policy refused the principal
	variantFunctionsRepository           // a function's repository is in another project
	variantCustomConstraint              // a custom constraint of the organization refused the resource
	variantLogs                          // a build's account may not write its logs
	variantKey                           // a service's agent may not use a key of Cloud KMS
)

var (
	gcloudCommand   = pattern.Lazy(`\(gcloud\.(?:alpha\.|beta\.)?([a-z][a-z.-]{1,80})\)`)
	terraformType   = pattern.Lazy(`(?:with|resource) (?:module\.[^,]{1,200}?\.)?"?(google_[a-z0-9_]{3,60})[."]`)
	mayNotExistForm = phrase(`\(or(?:it|resource|theresource)maynotexist\)|oritdoesnotexist|project#?[\w-]{1,40}hasbeendeleted|verifythatthe[a-z]{1,30}exists|doesnotexist,?or|reason"?:"?consumer_invalid`)
)

// details reads what the message is about.
func (m searchText) details(v variant, f *Failure) details {
	about := details{variant: v, command: m.command(), terraformType: submatch(terraformType, m.text),
		service: apiOfPermission(f.Permission), mayNotExist: mayNotExistForm().MatchString(m.compactLower), resource: m.findCompact(resourceForm, asResource)}
	if f.Cause == APIDisabled {
		about.apiProject = m.disabledProject()
	}
	about.aboutCloudRun = m.isAboutCloudRun(about, f)
	return about
}

// command is gcloud's, by its frame, else by its words.
func (m searchText) command() string {
	if framed := submatch(gcloudCommand, m.compactLower); framed != "" {
		return framed
	}
	return strings.ReplaceAll(submatch(commandWords, m.text), " ", ".")
}

var commandWords = pattern.Lazy(`\bgcloud (?:alpha |beta )?(builds submit|run deploy|run (?:services|jobs|worker-pools) [a-z-]+|functions deploy)\b`)

// apiOfPermission is the API that a permission belongs to.
func apiOfPermission(permission string) string {
	if name, _, found := strings.Cut(permission, "."); found {
		return name + ".googleapis.com"
	}
	return ""
}

// Where messages name what was refused: "denied on resource 'X' (or …)", "access to bucket [X]", "denied on secret: X".
var resourceForm = phrase(`(?:deniedon|foron|for|on)(?:the)?resource['"\[:]*([^\s'"\[\]()]{3,300}?)['"\]]*(?:\(or|\.|$)|bucket\[([\w.-]{3,222})\]|deniedonsecret:['"]*(projects/[\w.:-]+/secrets/[\w-]+)|storage/v1/b/([\w.-]{3,222})/o|accesstobucket([\w.-]{3,222}?)denied|gs://([\w.-]{3,222})|vpcconnector['"]*(projects/[\w./:-]+?)['"]*(?:doesnot|isnot)`)

// asResource accepts a name that nobody hid.
func asResource(text string) string {
	if text = trimPunctuation(text); !isUnmasked(text) {
		return ""
	}
	return text
}

// cloudRunForm are the forms in which messages name Cloud Run's resources.
var cloudRunForm = phrase(`namespaces?/[^\s/'"]{1,80}/(?:services|jobs|workerpools|revisions|executions)|locations/[\w-]{1,40}/(?:services|jobs|workerpools|functions)/|cloudrun(?:service|job|workerpool|function)|cloud_run_(?:revision|job|worker_pool)|(?:creating|updating|tocreate|toupdate)(?:service|job|workerpool|function)\b|revision['"]|spec\.template|user-providedcontainer|gcsfuse|accessnamespaces|revisionserviceaccount|cloudfunction|(?:actas|iam\.serviceaccounts\.actas)['"]*\]?(?:denied|for\S{0,160}?)on(?:the)?serviceaccount|functions:`)

// cloudRunCauses are the causes that only Cloud Run gives.
var cloudRunCauses = map[Cause]bool{PullerRead: true, DeployerRead: true, RunAs: true, ImageReference: true}

// isAboutCloudRun reports whether the message is about a resource of Cloud Run. Where a frame says what failed, it decides.
func (m searchText) isAboutCloudRun(about details, f *Failure) bool {
	switch {
	case cloudRunCauses[f.Cause]:
		return true
	case about.terraformType != "":
		return strings.HasPrefix(about.terraformType, "google_cloud_run") || strings.HasPrefix(about.terraformType, "google_cloudfunctions")
	case about.command != "":
		return strings.HasPrefix(about.command, "run.") || strings.HasPrefix(about.command, "functions.")
	}
	return f.API == runAPI || strings.HasPrefix(f.Permission, "run.") || cloudRunForm().MatchString(m.compactLower)
}

func submatch(form pattern.Pattern, text string) string {
	if match := form().FindStringSubmatch(text); match != nil {
		return match[1]
	}
	return ""
}
