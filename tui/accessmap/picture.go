package accessmap

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// picture is the access map before it is drawn: two places, three lanes, one line for each check.
type picture struct {
	consumerTitle string // project and number
	api           model.Check
	lanes         []lane
	sourceTitle   string // title of the source place
	repositories  []mapRepository
}

// lane is one identity with what it needs.
type lane struct {
	name     string // DEPLOYS, PULLS, RUNS
	identity string
	lines    []checkLine
	remark   string // what there is to say apart from the checks
}

// checkLine is one check in a lane.
type checkLine struct {
	check           model.Check
	label           string
	proof           string
	repositoryIndex int // index of the target that it reaches over to; -1 stays at home
}

// mapRepository is a repository of the source place, with the images asked about in it.
type mapRepository struct {
	title  string
	note   string
	images []checkLine
}

// newPicture sorts a diagnosis into places and lanes.
func newPicture(d model.Diagnosis, s model.Situation) picture {
	p := picture{consumerTitle: consumerTitle(d)}
	p.api, _ = d.CheckByID(model.CheckRunAPI)
	p.repositories = mapRepositories(d, s)
	p.sourceTitle = sourceTitle(d)
	deployer := lane{name: "DEPLOYS", identity: identityText(string(d.Identities.Deployer), unknownIdentity(d, "the deployer: not known"))}
	puller := lane{name: "PULLS", identity: identityText(string(d.Identities.Puller), unknownIdentity(d, "the Cloud Run service agent: project number not known"))}
	runner := lane{name: "RUNS", identity: text.Clean(cmp.Or(d.RunnerDisplayName(), unknownIdentity(d, "the runtime account: not known"))), remark: runnerRemark}
	for _, c := range d.Checks {
		l := checkLine{check: c, label: text.Clean(d.CheckLabel(c)), proof: proofText(c), repositoryIndex: -1}
		switch c.BaseID() {
		case model.CheckDeploy, model.CheckActAs:
			deployer.lines = append(deployer.lines, l)
		case model.CheckReadImage:
			l.repositoryIndex = p.repositoryIndexOf(c, len(deployer.lines)-2)
			deployer.lines = append(deployer.lines, l)
		case model.CheckAgent:
			puller.lines = append(puller.lines, l)
		case model.CheckRunAs:
			puller.lines = slices.Insert(puller.lines, 1, l)
		case model.CheckPull:
			l.repositoryIndex = p.repositoryIndexOf(c, len(puller.lines)-1)
			puller.lines = append(puller.lines, l)
		case model.CheckRuntimeAccount:
			runner.lines = append(runner.lines, l)
		}
	}
	p.lanes = []lane{deployer, puller, runner}
	return p
}

const runnerRemark = "needs no right to the images: they are pulled before it runs"

func identityText(member, unknown string) string {
	if member == "" {
		return unknown
	}
	return text.Clean(model.Member(member).Value())
}

// unknownIdentity stands for an identity that is not known, or not yet.
func unknownIdentity(d model.Diagnosis, text string) string {
	if d.Pending() {
		return signs.More
	}
	return text
}

func consumerTitle(d model.Diagnosis) string {
	if d.Consumer.Number == nil || *d.Consumer.Number == d.Consumer.ID {
		return text.Clean(d.Consumer.ID)
	}
	return text.Clean(d.Consumer.ID + "  " + *d.Consumer.Number)
}

// repositoryIndexOf finds the repository that a check asks about; the nth one where the check has no resource.
func (p picture) repositoryIndexOf(c model.Check, nth int) int {
	for i, t := range p.repositories {
		for _, l := range t.images {
			if c.Resource != "" && l.check.Resource == c.Resource {
				return i
			}
		}
	}
	return max(0, min(nth, len(p.repositories)-1))
}

// mapRepositories groups the image checks by repository.
func mapRepositories(d model.Diagnosis, s model.Situation) []mapRepository {
	var found []mapRepository
	images, upstreams := 0, 0
	for _, c := range d.Checks {
		switch c.BaseID() {
		case model.CheckImage:
			found = addImage(found, c, imageAt(d, images), s)
			images++
		case model.CheckUpstream:
			upstreams++
			last := &found[len(found)-1]
			last.images = append(last.images, checkLine{check: c, label: text.Clean("upstream " + c.Resource.Project() + "/" + c.Resource.ID()), proof: proofText(c), repositoryIndex: -1})
		}
	}
	return found
}

func imageAt(d model.Diagnosis, n int) *model.ImageUse {
	if n < len(d.Images) {
		return &d.Images[n]
	}
	return nil
}

func addImage(found []mapRepository, c model.Check, use *model.ImageUse, s model.Situation) []mapRepository {
	l := checkLine{check: c, label: "any image", proof: proofText(c), repositoryIndex: -1}
	title, note := "an image that is not known", ""
	switch {
	case use == nil && c.Resource != "":
		title, note = c.Resource.ID(), repositoryNote(c, s)
	case use != nil && use.Image.Registry == model.ArtifactRegistry:
		title, note, l.label = use.Image.Repository.ID, repositoryNote(c, s), use.Image.Short()
	case use != nil:
		title, l.label = use.Image.Host, use.Image.Short()
	}
	l.label = text.Clean(l.label)
	for i := range found {
		if found[i].title == text.Clean(title) && c.Resource != "" && found[i].images[0].check.Resource == c.Resource {
			found[i].images = append(found[i].images, l)
			return found
		}
	}
	return append(found, mapRepository{title: text.Clean(title), note: text.Clean(note), images: []checkLine{l}})
}

func repositoryNote(c model.Check, s model.Situation) string {
	note := c.Resource.Segment("locations")
	if fact := s.Repositories[c.Resource]; fact.Read() {
		note += signs.Between + strings.ToLower(fact.Value.Format) + signs.Between + ui.ModeText(fact.Value.Mode)
	}
	return note
}

// sourceTitle names the source project, or says what stands in its place.
func sourceTitle(d model.Diagnosis) string {
	var projects []string
	for _, c := range d.Checks {
		if p := c.Resource.Project(); c.BaseID() == model.CheckImage && p != "" && !slices.Contains(projects, p) {
			projects = append(projects, p)
		}
	}
	switch {
	case len(projects) == 0 && len(d.Images) > 0:
		return "outside Artifact Registry"
	case len(projects) == 0:
		return "source project"
	case len(projects) == 1 && projects[0] == d.Consumer.ID:
		return "source project  " + text.Clean(projects[0]) + ", the same one"
	}
	return "source project  " + text.Clean(strings.Join(projects, ", "))
}

func hasCheck(d model.Diagnosis, id string) bool {
	_, ok := d.CheckByID(id)
	return ok
}

// proofText is the evidence of a check in a few words: the role that gives it, or why there is none.
func proofText(c model.Check) string {
	switch {
	case c.Pending():
		return signs.More
	case c.Verdict == model.Granted:
		return grantedText(c)
	case c.Verdict == model.Denied:
		return "taken away: " + text.Clean(c.Evidence[0].Source[strings.LastIndex(c.Evidence[0].Source, "/")+1:])
	case c.Verdict == model.Missing:
		return missingText(c)
	case len(c.Gaps) > 1:
		return fmt.Sprintf("%d things are not known", len(c.Gaps))
	case len(c.Gaps) == 1:
		return text.Clean(c.Gaps[0].Reason)
	}
	return "not decided"
}

func grantedText(c model.Check) string {
	switch {
	case c.NotApplicable():
		return "does not apply: no service account"
	case c.BaseID() == model.CheckImage:
		return imageProof(c)
	case c.BaseID() == model.CheckRuntimeAccount:
		return ""
	}
	if roles := provingRoles(c); len(roles) > 0 {
		return text.Clean(strings.Join(roles, ", "))
	}
	if len(c.Evidence) > 0 && c.Evidence[0].Source == model.SourceAnonymous {
		return "public: anybody may"
	}
	if len(c.Evidence) > 0 && c.Evidence[0].Source == model.SourceTest {
		return "tested: you may"
	}
	return ""
}

// provingRoles are the roles that a granted check rests on, else the first that is among its evidence.
func provingRoles(c model.Check) []string {
	var roles []string
	for _, e := range slices.Concat(c.Proofs(), c.Evidence) {
		if e.Role != "" && !slices.Contains(roles, e.Role) && len(roles) < max(1, len(c.Proofs())) {
			roles = append(roles, e.Role)
		}
	}
	return roles
}

// imageProof is the digest, where one was found in the repository itself.
func imageProof(c model.Check) string {
	if c.Detail.Digest != "" {
		return text.Clean(model.ShortDigest(c.Detail.Digest))
	}
	return "is there"
}

// absenceTexts say what an image is missing for.
var absenceTexts = map[model.Absence]string{
	"":                       "is not there",
	model.AbsentImage:        "is not there",
	model.AbsentRepository:   "the repository is not there",
	model.AbsentProject:      "the project is not there",
	model.AbsentDockerFormat: "the repository holds no images",
}

func missingText(c model.Check) string {
	switch c.BaseID() {
	case model.CheckImage:
		return absenceTexts[c.Detail.Absent]
	case model.CheckRuntimeAccount:
		return text.Clean(strings.TrimSuffix(c.Reason, "."))
	}
	if len(c.Levels) == 0 {
		return text.Clean(strings.TrimSuffix(c.Reason, "."))
	}
	return "no binding"
}
