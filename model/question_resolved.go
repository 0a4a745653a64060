package model

import (
	"slices"
	"strings"
)

// resolvedQuestion is the question with its parts found: who takes part and which images and repositories are meant.
type resolvedQuestion struct {
	consumer         Fact[Project]
	project          string // the consumer project's ID, or as it was given while that is not known
	workload         Fact[Workload]
	deployer         Fact[Member]
	puller           Member
	runner           string // e-mail
	hasAgentIdentity bool   // the workload runs as an agent identity: there is no runner's e-mail
	agentIdentity    Member // that identity; empty if its name is not known
	runnerGap        Gap    // why runner is not known
	runnerProject    string // the project that owns the runner
	images           []Image
	imagesGap        Gap // why images is empty
	repositoryOnly   bool
	repository       RepositoryName // of repositoryOnly
	runnerElsewhere  ternary        // the runner lives in another project
}

// resolveQuestion finds the parts of the question, as far as the facts tell.
func (q *evaluation) resolveQuestion() resolvedQuestion {
	question := q.s.Question
	resolved := resolvedQuestion{project: question.Project, consumer: q.project(question.Project), repository: question.Repository}
	resolved.deployer = Known(question.Deployer)
	if question.Deployer == "" {
		resolved.deployer = q.caller()
	}
	if resolved.consumer.Read() {
		resolved.project = resolved.consumer.Value.ID
		resolved.puller = RunServiceAgent(resolved.consumer.Value.Number)
	} else if IsProjectNumber(question.Project) { // the number is all that the agent's name needs
		resolved.puller = RunServiceAgent(question.Project)
	}
	resolved.workload = Absent[Workload]()
	if question.Workload != nil {
		resolved.workload = q.workload()
	}
	resolved.findImages(question)
	resolved.findRunner(question)
	if resolved.hasAgentIdentity {
		resolved.agentIdentity = q.agentIdentity(resolved)
	}
	return resolved
}

func (s *resolvedQuestion) findImages(question Question) {
	if question.Repository.ID != "" {
		s.repositoryOnly = true
		return
	}
	images := s.workload.Value.Images
	if !question.Image.IsZero() {
		images = append([]Image{question.Image}, images[min(1, len(images)):]...)
	}
	seen := map[string]bool{}
	for _, image := range images {
		if !seen[image.String()] {
			seen[image.String()] = true
			s.images = append(s.images, image)
		}
	}
	if len(s.images) == 0 {
		s.imagesGap = s.workload.Gap
		if s.workload.State != FactGap {
			s.imagesGap = Gap{Reason: "no image was named", Next: "name one with --image or --repository", NextInApp: "paste one here"}
		}
	}
}

func (s *resolvedQuestion) findRunner(question Question) {
	switch {
	case question.ServiceAccount != "":
		s.runner = question.ServiceAccount
	case s.workload.State == FactGap:
		s.runnerGap = s.workload.Gap
		return
	case s.workload.Value.AgentIdentity:
		s.hasAgentIdentity = true
		return
	case s.workload.Value.ServiceAccount != "":
		s.runner = s.workload.Value.ServiceAccount
	case s.consumer.Read():
		s.runner = DefaultComputeAccount(s.consumer.Value.Number)
	default:
		s.runnerGap = s.consumer.Gap
		return
	}
	s.runnerProject = AccountProject(s.runner)
	if s.consumer.Gap.pending && IsProjectNumber(s.runnerProject) { // it may be the consumer project's own number
		s.runner, s.runnerProject, s.runnerGap = "", "", s.consumer.Gap
		return
	}
	if s.runnerProject == s.consumer.Value.Number && s.runnerProject != "" {
		s.runnerProject = s.project
	}
	s.runnerElsewhere = s.isRunnerElsewhere()
}

// isRunnerElsewhere reports whether the runner lives in another project. While the consumer project could not be read, an ID can't be
// compared with a number.
func (s *resolvedQuestion) isRunnerElsewhere() ternary {
	switch {
	case s.runnerProject == "" || s.runnerProject == s.project:
		return no
	case s.consumer.Read() || IsProjectNumber(s.runnerProject) == IsProjectNumber(s.project):
		return yes
	}
	return maybe
}

// IsProjectNumber reports whether a project is named by its number, not by its ID.
func IsProjectNumber(project string) bool {
	return project != "" && strings.Trim(project, "0123456789") == ""
}

// imageRepository is one distinct repository that the images come from.
type imageRepository struct {
	name     RepositoryName // zero outside Artifact Registry
	registry Registry
	text     string // how people call it
	regional bool   // it is named by its regional endpoint alone
	image    Image  // the first that comes from it; zero if none was asked about
}

// imageRepositoryOf is where an image comes from.
func imageRepositoryOf(i Image) imageRepository {
	p := imageRepository{name: i.Repository, registry: i.Registry, text: i.Repository.String(), regional: i.Regional, image: i}
	if i.Registry != ArtifactRegistry {
		p.text = i.Base()
	}
	if i.Host == "" {
		p.text = i.Text
	}
	return p
}

// same reports whether two images come from the same place.
func (p imageRepository) same(other imageRepository) bool {
	return p.name == other.name && p.registry == other.registry && p.text == other.text
}

// shortName is the repository's ID, or the host of another registry.
func (p imageRepository) shortName() string {
	if p.name.ID != "" {
		return p.name.ID
	}
	host, _, _ := strings.Cut(p.text, "/")
	return host
}

// repositories lists the distinct repositories by first appearance.
func (s resolvedQuestion) repositories() []imageRepository {
	if s.repositoryOnly {
		return []imageRepository{{name: s.repository, registry: ArtifactRegistry, text: s.repository.String()}}
	}
	var all []imageRepository
	for _, i := range s.images {
		p := imageRepositoryOf(i)
		at := slices.IndexFunc(all, p.same)
		switch {
		case at < 0:
			all = append(all, p)
		case all[at].regional && !p.regional: // by this name Cloud Run takes it
			all[at] = p
		}
	}
	return all
}
