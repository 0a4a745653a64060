package failure

import "regexp"

// matter is what the matched message is about, in types: who is at fault, and what helps, is decided on it and never on
// a sentence.
type matter struct {
	wording     wording // which of the wordings of its cause the message has; plain where one is as good as another
	command     string  // gcloud's command in the frame of the message, without the release track: run.deploy, builds.submit
	terraform   string  // type of the Terraform resource that failed: google_cloud_run_v2_job
	service     string  // the API whose permission was refused: storage.googleapis.com
	resource    string  // that was refused, as the text names it: a bucket's name, projects/P/secrets/S, namespaces/P/services/W
	mayNotExist bool    // Google says "(or it may not exist)"
	cloudRun    bool    // it is about a Cloud Run resource, or a function
}

// wording tells apart what one cause has several remedies for.
type wording int

const (
	plain            wording = iota
	unauthenticated          // the registry was asked without a sign-in
	pushed                   // the registry was asked to take an image, not to give one
	createOnPush             // a gcr.io repository would have to be created by the push
	immutableTag             // the tag exists, and its repository does not let it move
	registryShut             // Container Registry, which is shut down, answered with 412
	buildSource              // a build could not fetch the source that was uploaded for it
	buildAccount             // a build's own account lacks roles, whichever
	stagingBucket            // the bucket to which a build's source goes is refused
	functionsAgent           // the service agent of Cloud Functions can't read a repository
	impersonation            // whoever signs in may not get tokens of the account that deploys
	secretRefused            // the runtime account may not read a secret
	bucketRefused            // somebody may not read or write a bucket's objects
	databaseRefused          // the runtime account may not connect to Cloud SQL
	connectorRefused         // a VPC connector does not exist, or may not be used
	invokerRefused           // whoever called the URL of a service may not
	runtimeMissing           // the account that the workload would run as does not exist
	billingOff               // billing is off, or its account is closed
	rateLimited              // Docker Hub, or an API, answered with 429
	quotaSpent               // a quota is used up
	attestation              // Binary Authorization refused the image
	accessBoundary           // a principal access boundary policy refused the principal
	customConstraint         // a custom constraint of the organization refused the resource
)

var (
	gcloudFrame   = regexp.MustCompile(`\(gcloud\.(?:alpha\.|beta\.)?([a-z][a-z.-]{1,80})\)`)
	terraformType = regexp.MustCompile(`\b(google_[a-z0-9_]{3,60})\.[\w-]`)
	orMayNotExist = phrase(`\(or(?:it|resource|theresource)maynotexist\)`)
)

// matter reads what the message is about.
func (m message) matter(r rule, permission string) matter {
	return matter{wording: r.wording, command: submatch(gcloudFrame, m.tight), terraform: submatch(terraformType, m.plain),
		service: serviceOf(permission), mayNotExist: orMayNotExist.MatchString(m.tight)}
}

// serviceOf is the API that a permission belongs to.
func serviceOf(permission string) string {
	if name := submatch(permissionService, permission); name != "" {
		return name + ".googleapis.com"
	}
	return ""
}

var permissionService = regexp.MustCompile(`^([a-z]+)\.`)

func submatch(form *regexp.Regexp, text string) string {
	if match := form.FindStringSubmatch(text); match != nil {
		return match[1]
	}
	return ""
}

// split takes a text apart into the messages in it.
func (m message) split() []message { return []message{m} }
