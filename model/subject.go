package model

import (
	"slices"
	"strings"
)

// subject is the question with its parts found: who takes part and which images and repositories are meant.
type subject struct {
	consumer    Fact[Project]
	project     string // the consumer project's ID, or as it was given while that is not known
	workload    Fact[Workload]
	deployer    Fact[Member]
	puller      Member
	runner      string // e-mail
	runsAsAgent bool   // the workload runs as an agent identity: there is no runner's e-mail
	agent       Member // that identity; empty where its name is not known
	runnerGap   Gap    // why runner is not known
	runnerAt    string // the project that owns the runner
	images      []Image
	imagesGap   Gap // why images is empty
	reposOnly   bool
	repository  RepositoryName // of reposOnly
	runnerAlien tri            // the runner lives in another project
}

// subject finds the parts of the question, as far as the facts tell.
func (q *inquiry) subject() subject {
	question := q.s.Question
	sub := subject{project: question.Project, consumer: q.project(question.Project), repository: question.Repository}
	sub.deployer = Known(question.Deployer)
	if question.Deployer == "" {
		sub.deployer = q.caller()
	}
	if sub.consumer.Read() {
		sub.project = sub.consumer.Value.ID
		sub.puller = RunAgent(sub.consumer.Value.Number)
	} else if isNumber(question.Project) { // the number is all that the agent's name needs
		sub.puller = RunAgent(question.Project)
	}
	sub.workload = Absent[Workload]()
	if question.Workload != nil {
		sub.workload = q.workload()
	}
	sub.findImages(question)
	sub.findRunner(question)
	if sub.runsAsAgent {
		sub.agent = q.agentIdentity(sub)
	}
	return sub
}

func (s *subject) findImages(question Question) {
	if question.Repository.ID != "" {
		s.reposOnly = true
		return
	}
	references := slices.Clone(s.workload.Value.Images)
	if question.Image != "" && len(references) > 0 {
		references[0] = question.Image
	} else if question.Image != "" {
		references = []string{question.Image}
	}
	seen := map[string]bool{}
	for _, ref := range references {
		image := imageOf(ref)
		if !seen[image.String()] {
			seen[image.String()] = true
			s.images = append(s.images, image)
		}
	}
	if len(s.images) == 0 {
		s.imagesGap = s.workload.Gap
		if s.workload.State != FactGap {
			s.imagesGap = Gap{Reason: "no image was named; name one with --image or --repository"}
		}
	}
}

// imageOf never fails: a reference that Cloud Run holds but this program can't read is one of a foreign registry.
func imageOf(ref string) Image {
	image, err := ParseImage(ref)
	if err != nil {
		return Image{Text: ref, Registry: ForeignRegistry, Host: "", Path: ref}
	}
	return image
}

func (s *subject) findRunner(question Question) {
	switch {
	case question.ServiceAccount != "":
		s.runner = question.ServiceAccount
	case s.workload.State == FactGap:
		s.runnerGap = s.workload.Gap
		return
	case s.workload.Value.AgentIdentity:
		s.runsAsAgent = true
		return
	case s.workload.Value.ServiceAccount != "":
		s.runner = s.workload.Value.ServiceAccount
	case s.consumer.Read():
		s.runner = DefaultComputeAccount(s.consumer.Value.Number)
	default:
		s.runnerGap = s.consumer.Gap
		return
	}
	s.runnerAt = AccountProject(s.runner)
	if s.consumer.Gap.pending && isNumber(s.runnerAt) { // it may be the consumer project's own number
		s.runner, s.runnerAt, s.runnerGap = "", "", s.consumer.Gap
		return
	}
	if s.runnerAt == s.consumer.Value.Number && s.runnerAt != "" {
		s.runnerAt = s.project
	}
	s.runnerAlien = s.alien()
}

// alien tells whether the runner lives in another project. While the consumer project could not be read, an ID can't be
// compared with a number.
func (s *subject) alien() tri {
	switch {
	case s.runnerAt == "" || s.runnerAt == s.project:
		return no
	case s.consumer.Read() || isNumber(s.runnerAt) == isNumber(s.project):
		return yes
	}
	return maybe
}

func isNumber(project string) bool {
	return project != "" && strings.Trim(project, "0123456789") == ""
}

// place is one distinct repository that the images come from.
type place struct {
	name     RepositoryName // zero outside Artifact Registry
	registry Registry
	text     string // how people call it
	regional bool   // it is named by its regional endpoint alone
	image    Image  // the first that comes from it; zero where none was asked about
}

// placeOf is where an image comes from.
func placeOf(i Image) place {
	p := place{name: i.Repository, registry: i.Registry, text: i.Repository.String(), regional: i.Regional, image: i}
	if i.Registry != ArtifactRegistry {
		p.text = i.Base()
	}
	if i.Host == "" {
		p.text = i.Text
	}
	return p
}

// same tells whether two images come from the same place.
func (p place) same(other place) bool {
	return p.name == other.name && p.registry == other.registry && p.text == other.text
}

// short is the repository's ID, or the host of another registry.
func (p place) short() string {
	if p.name.ID != "" {
		return p.name.ID
	}
	host, _, _ := strings.Cut(p.text, "/")
	return host
}

// places lists the distinct repositories by first appearance.
func (s subject) places() []place {
	if s.reposOnly {
		return []place{{name: s.repository, registry: ArtifactRegistry, text: s.repository.String()}}
	}
	var places []place
	for _, i := range s.images {
		p := placeOf(i)
		at := slices.IndexFunc(places, p.same)
		switch {
		case at < 0:
			places = append(places, p)
		case places[at].regional && !p.regional: // by this name Cloud Run takes it
			places[at] = p
		}
	}
	return places
}
