package model

import "time"

// Identity is one of the three identities that take part. Written out as JSON, none is null.
type Identity string

// The identities.
const (
	Deployer Identity = "deployer" // who calls Cloud Run
	Puller   Identity = "puller"   // the Cloud Run service agent of the consumer project
	Runner   Identity = "runner"   // the runtime service account, or an agent identity
)

// MarshalJSON writes null for none.
func (i Identity) MarshalJSON() ([]byte, error) { return marshalNullable(string(i)) }

// The checks, by the first part of their ids; further images and repositories number them: pull#2.
const (
	CheckRunAPI         = "run-api"
	CheckAgent          = "agent"
	CheckPull           = "pull"
	CheckDeploy         = "deploy"
	CheckActAs          = "act-as"
	CheckReadImage      = "read-image"
	CheckRunAs          = "run-as"
	CheckRuntimeAccount = "runtime-account"
	CheckImage          = "image"
	CheckUpstream       = "upstream"
)

// CheckIDs are the nine that every diagnosis carries, and the one that only some do, in their order.
var CheckIDs = [...]string{CheckRunAPI, CheckAgent, CheckPull, CheckDeploy, CheckActAs, CheckReadImage, CheckRunAs,
	CheckRuntimeAccount, CheckImage, CheckUpstream}

// Check is one line of the picture: one thing that must be so, and whether it is.
type Check struct {
	ID                string         `json:"id"`
	Identity          Identity       `json:"identity"`
	Principal         Member         `json:"principal"`
	Permission        Permission     `json:"permission"`            // the first that lacks, where there are more
	Permissions       []Permission   `json:"permissions,omitempty"` // all that are asked for, where it is more than one
	Resource          Resource       `json:"resource"`
	Verdict           Verdict        `json:"verdict"`
	Reason            string         `json:"reason"` // one sentence
	Evidence          []Evidence     `json:"evidence"`
	Gaps              []Gap          `json:"gaps"`
	Opinion           *SecondOpinion `json:"opinion,omitempty"` // Policy Troubleshooter's, where it was available
	Advice            []string       `json:"advice,omitempty"`  // what helps where no step does
	Detail            Detail         `json:"detail,omitzero"`   // what was found next to the verdict
	Levels            []Ancestor     `json:"-"`                 // what was looked at, narrowest first
	shortName         string         // the repository, registry or image meant, for words
	proofs            []Evidence     // what each of several permissions rests on, where no one binding gives them all
	boundaryUnchecked bool           // whether a principal access boundary stops it was not looked at
	noGrantHelps      bool           // a grant would not close it
	ground            Ground         // what the verdict rests on, where evidence and gaps do not show it
}

// Detail is what a check found next to its verdict, for code to decide on: its reason is for people alone.
type Detail struct {
	Digest string  `json:"digest,omitempty"` // of the image that is there
	Absent Absence `json:"absent,omitempty"` // what is not there
}

// Absence names what a check looked for in vain.
type Absence string

// What can be absent.
const (
	AbsentRepository   Absence = "repository"
	AbsentImage        Absence = "image"
	AbsentProject      Absence = "project"
	AbsentDockerFormat Absence = "docker" // the repository is of a format that holds no images
)

// Pending reports whether an answer that the check depends on is still under way.
func (c Check) Pending() bool {
	for _, g := range c.Gaps {
		if g.pending {
			return true
		}
	}
	return false
}

// ConsumerRef is the consumer project in a diagnosis; the number is null while it could not be read.
type ConsumerRef struct {
	ID     string  `json:"projectId"`
	Number *string `json:"projectNumber"`
}

// ImageUse is an image of the question with what it resolved to.
type ImageUse struct {
	Reference  string  `json:"reference"`
	Repository *string `json:"repository"` // projects/P/locations/L/repositories/R; null outside Artifact Registry
	Digest     *string `json:"digest"`     // null while not resolved
	Image      Image   `json:"-"`
}

// Identities are the three, each null while it is not known.
type Identities struct {
	Deployer Member `json:"deployer"`
	Puller   Member `json:"puller"`
	Runner   Member `json:"runner"`

	RunnerKind RunnerKind `json:"runnerKind,omitempty"` // where the runner is no service account
}

// Observation is something that was said elsewhere, for example by the workload itself; it alters no verdict.
type Observation struct {
	Text    string    `json:"text"`
	Time    time.Time `json:"time,omitzero"`
	Command string    `json:"command,omitempty"` // shows more of it

	// Of a near miss: its kind, the check that it comes close to, and the binding.
	Kind     ObservationKind `json:"kind,omitempty"`
	Check    string          `json:"check,omitempty"`
	Resource Resource        `json:"resource,omitempty"`
	Role     string          `json:"role,omitempty"`
	Member   Member          `json:"member,omitempty"`

	// Age is how long before the answer a part of it was read, at Time; zero if the observation tells no age.
	Age time.Duration `json:"-"`
	// Quoted: it ends in somebody else's words, which may be of any length.
	Quoted bool `json:"-"`
}

// Diagnosis is the answer to a Question.
type Diagnosis struct {
	Verdict             Verdict       `json:"verdict"`
	Consumer            ConsumerRef   `json:"consumer"`
	Workload            *WorkloadName `json:"workload"`
	Images              []ImageUse    `json:"images"`
	Identities          Identities    `json:"identities"`
	Checks              []Check       `json:"checks"`
	Observations        []Observation `json:"observations,omitempty"`
	observationsPending bool          // facts are still being read that may add an observation
}

// Pending reports whether any check, or what is observed of it, still waits for an answer.
func (d Diagnosis) Pending() bool {
	if d.observationsPending {
		return true
	}
	for _, c := range d.Checks {
		if c.Pending() {
			return true
		}
	}
	return false
}

// CheckByID gives the check with that id.
func (d Diagnosis) CheckByID(id string) (Check, bool) {
	for _, c := range d.Checks {
		if c.ID == id {
			return c, true
		}
	}
	return Check{}, false
}

// Diagnose answers the question of the Situation: every check of the design, with evidence and gaps.
func Diagnose(s Situation) Diagnosis {
	q := &evaluation{s: s}
	return q.diagnose()
}
