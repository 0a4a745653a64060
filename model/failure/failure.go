// Package failure reads the error text of a failed deploy or pull, in any form that a person has. The text
// may be from gcloud, Terraform, a log entry, the console or a registry client. It may be wrapped, boxed,
// coloured, escaped or cut short.
//
// normalise.go undoes what terminals, logs and people did to the text. units.go and messages.go take it apart
// into the errors that stand in it, each with its details. For each message, rules.go decides on the cause by
// key phrases and reasons. entities.go finds typed things in it (images, e-mails, resource names,
// permissions, projects). fields.go selects the ones that the cause is about. context.go adds what the
// command that failed tells; others.go puts the errors in order.
package failure

import (
	"encoding/json"

	"whopulls/model"
	"whopulls/model/words"
)

// Cause is the class of a failure.
type Cause string

// The causes. Permission is the general cause among those of the deployer. It applies if the text was cut
// before it names the permission.
const (
	// PullerRead: the Cloud Run service agent of the consumer project can't read the image.
	PullerRead Cause = "puller"
	// DeployerRead: the one who deploys can't read the image.
	DeployerRead Cause = "deployer-read"
	// ActAs: the one who deploys may not act as the runtime service account.
	ActAs Cause = "act-as"
	// RunAs: the Cloud Run service agent may not get tokens for the runtime service account.
	RunAs Cause = "run-as"
	// ImageNotFound: the image, tag or digest does not exist.
	ImageNotFound Cause = "image-not-found"
	// ImageReference: Cloud Run does not take images of that host or path.
	ImageReference Cause = "image-reference"
	// APIDisabled: an API is off in a project.
	APIDisabled Cause = "api-disabled"
	// RegistryDenied: the registry itself refused the one who asked it.
	RegistryDenied Cause = "registry-denied"
	// RepositoryNotFound: the repository does not exist.
	RepositoryNotFound Cause = "repository-not-found"
	// PermissionMissing: some other permission is missing.
	PermissionMissing Cause = "permission"
	// MemberNotFound: a binding was refused because its member does not exist.
	MemberNotFound Cause = "member-not-found"
	// OrgPolicy: an organization policy refused a member.
	OrgPolicy Cause = "org-policy"
	// ServiceControls: a service perimeter refused the request.
	ServiceControls Cause = "vpc-service-controls"
	// ConcurrentChange: two writers met on one policy.
	ConcurrentChange Cause = "concurrent-policy-change"
	// NotAccess: no question of access at all.
	NotAccess Cause = "not-access"
	// Unrecognized: nothing of the above could be read.
	Unrecognized Cause = "unrecognized"
)

// Failure is what was read out of a text. A field that the text does not show, or hides behind asterisks or
// placeholders, is empty: nothing is made up.
type Failure struct {
	Cause           Cause
	Image           string              // the reference as the text has it
	ImageProject    string              // ID of the project that the image is in
	ConsumerProject string              // ID, or number, of the project that runs the image
	Workload        *model.WorkloadName // that runs the image in the consumer project; nil if the text does not name one, and one only
	Principal       string              // e-mail of the identity that was refused
	ServiceAccount  string              // e-mail of the runtime service account
	Repository      string              // projects/P/locations/L/repositories/R
	Permission      string              // as IAM spells it
	API             string              // for example run.googleapis.com
	Identity        Identity            // who is at fault
	Summary         string              // one or two sentences: which identity, and what it lacks
	Next            []model.Advice      // what to do, in order: words, or a command
	Others          []Failure           // the other errors in the text, each read by itself, in its order
	details         details             // what the matched message is about
	clues           clues               // where the message comes from, and who it speaks of
	language        words.Language      // of Summary, Next and the headline
	howToAsk        string              // in which way the question is asked that the text does not tell whole; empty: by a command
}

// Document is a Failure as programs get it: what is not known is null.
type Document struct {
	Cause           Cause               `json:"cause"`
	Image           *string             `json:"image"`
	ImageProject    *string             `json:"imageProject"`
	ConsumerProject *string             `json:"consumerProject"`
	Workload        *model.WorkloadName `json:"workload"`
	Principal       *string             `json:"principal"`
	ServiceAccount  *string             `json:"serviceAccount"`
	Repository      *string             `json:"repository"`
	Permission      *string             `json:"permission"`
	API             *string             `json:"api"`
	Identity        *Identity           `json:"identity"`
	Summary         string              `json:"summary"`
	Next            []string            `json:"next"`
	MayNotExist     bool                `json:"mayNotExist"` // Google says that what was refused may not exist
	Others          []OtherFailure      `json:"others"`
}

// OtherFailure is another error in the same text.
type OtherFailure struct {
	Cause    Cause     `json:"cause"`
	Identity *Identity `json:"identity"`
	Summary  string    `json:"summary"`
	Next     []string  `json:"next"`
}

// Document gives the failure in the shape for programs.
func (f Failure) Document() Document {
	others := make([]OtherFailure, 0, len(f.Others))
	for _, o := range f.Others {
		others = append(others, OtherFailure{Cause: o.Cause, Identity: orNil(o.Identity), Summary: o.Summary, Next: model.AdviceLines(o.Next)})
	}
	return Document{Cause: f.Cause, Image: orNil(f.Image), ImageProject: orNil(f.ImageProject), ConsumerProject: orNil(f.ConsumerProject), Workload: f.Workload,
		Principal: orNil(f.Principal), ServiceAccount: orNil(f.ServiceAccount), Repository: orNil(f.Repository),
		Permission: orNil(f.Permission), API: orNil(f.API), Identity: orNil(f.Identity), Summary: f.Summary, Next: model.AdviceLines(f.Next),
		MayNotExist: f.details.mayNotExist, Others: others}
}

// MarshalJSON writes the Document.
func (f Failure) MarshalJSON() ([]byte, error) { return json.Marshal(f.Document()) }

func orNil[S ~string](s S) *S {
	if s == "" {
		return nil
	}
	return &s
}

// Read reads an error message: the error that matters most in it, with the others that stand in it. It takes time linear in
// the text's length, and gives the same answer every time.
func Read(text string) Failure {
	normalized := normalize(text)
	messages := splitMessages(normalized)
	around := surroundingsOf(normalized, len(messages))
	var all []Failure
	for _, r := range parseMessages(messages) {
		all = append(all, r.explain(around))
	}
	f := all[0]
	f.Others = all[1:]
	return f
}

// parsedMessage is what was read of one message, before it is put into words.
type parsedMessage struct {
	Failure
	msg    errorMessage
	search searchText
}

func (p errorMessage) parse() parsedMessage {
	m := p.joined()
	r := p.matchedRule(m)
	f := Failure{Cause: r.cause}
	f.readFields(m, r.variant)
	f.details = m.details(r.variant, &f)
	f.fillFromContext(p.preceding, p.stepFailures)
	return parsedMessage{f, p, m}
}

// explain says who is at fault and what to do.
func (r parsedMessage) explain(around surroundings) Failure {
	f := r.Failure
	f.fillAgentProject()
	f.clues = r.search.clues(r.msg.preceding, around)
	f.Identity = f.identityAtFault()
	f.render()
	return f
}
