package world

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"time"
)

// generate adds the made-up content that the file asks for. The same seed
// makes the same content. Repositories and workloads are spread over the
// made-up projects, or over the file's own when there are none.
func (w *World) generate() {
	g := w.Generate
	if g.Projects+g.Repositories+g.Images+g.Workloads+g.Instances == 0 {
		return
	}
	gen := &generator{rand: rand.New(rand.NewPCG(uint64(g.Seed), 0))}
	projects := w.Projects
	if g.Projects > 0 {
		projects = nil
		for i := range g.Projects {
			p := gen.newProject(i, w.Organization)
			w.Projects = append(w.Projects, p)
			projects = append(projects, p)
		}
	}
	gen.distribute(projects, g)
	gen.rand = rand.New(rand.NewPCG(uint64(g.Seed), 2)) // what else is made stays the same
	gen.addInstances(projects, g.Instances)
	if g.Agents {
		gen.rand = rand.New(rand.NewPCG(uint64(g.Seed), 1))
		gen.shareRepositories(projects, g.Projects > 0)
	}
	w.buildIndex()
}

type generator struct {
	rand         *rand.Rand
	repositories []*Repository
}

var (
	sampleTeams   = []string{"billing", "catalog", "search", "payments", "mobile", "ledger", "media", "reports", "identity", "maps"}
	sampleStages  = []string{"dev", "stg", "prod"}
	sampleImages  = []string{"api", "worker", "web", "batch", "migrate", "tools/lint", "tools/proxy", "cron"}
	sampleRegions = []string{"asia-northeast1", "us-central1", "europe-west1", "asia-northeast2"}
	sampleKinds   = []string{"service", "job", "worker-pool"}
)

func randomWord(gen *generator, words []string) string { return words[gen.rand.IntN(len(words))] }

func (gen *generator) newProject(i int, o *Organization) *Project {
	p := &Project{
		ID:             fmt.Sprintf("gen-%s-%s-%05d", randomWord(gen, sampleTeams), randomWord(gen, sampleStages), i+1),
		Number:         fmt.Sprintf("9%011d", i+1),
		State:          "ACTIVE",
		GCRRedirection: "ENABLED",
		Services:       []string{"run.googleapis.com", "artifactregistry.googleapis.com", "cloudresourcemanager.googleapis.com", "iam.googleapis.com"},
	}
	p.DisplayName = p.ID
	if o != nil {
		p.Parent = o.Name()
	}
	return p
}

// distribute spreads repositories, images and workloads round robin.
func (gen *generator) distribute(projects []*Project, g Generate) {
	if len(projects) == 0 {
		return
	}
	for i := range g.Repositories {
		r := &Repository{Location: randomWord(gen, sampleRegions), ID: fmt.Sprintf("gen-%05d", i+1), Format: "DOCKER", Mode: "STANDARD"}
		r.Project = projects[i%len(projects)]
		r.Project.Repositories = append(r.Project.Repositories, r)
		gen.repositories = append(gen.repositories, r)
	}
	if len(gen.repositories) > 0 {
		for i := range g.Images {
			r := gen.repositories[i%len(gen.repositories)]
			r.Images = append(r.Images, gen.newImage(i))
		}
	}
	for i := range g.Workloads {
		p := projects[i%len(projects)]
		p.Workloads = append(p.Workloads, gen.newWorkload(p, i))
	}
}

// addInstances are spread as the other workloads are.
func (gen *generator) addInstances(projects []*Project, n int) {
	for i := range n {
		if len(projects) == 0 {
			return
		}
		p := projects[i%len(projects)]
		l := gen.newWorkload(p, i)
		l.Kind, l.ID = "instance", fmt.Sprintf("gen-instance-%05d", i+1)
		p.Workloads = append(p.Workloads, l)
	}
}

func (gen *generator) newImage(i int) *Image {
	sum := sha256.Sum256(fmt.Appendf(nil, "made-up image %d", i))
	return &Image{
		Package:    fmt.Sprintf("%s-%d", randomWord(gen, sampleImages), i),
		Digest:     fmt.Sprintf("sha256:%x", sum),
		Tags:       []string{"latest", fmt.Sprintf("v1.%d", i%50)},
		SizeBytes:  int64(10_000_000 + gen.rand.IntN(400_000_000)),
		UploadTime: DefaultTime.Add(-time.Duration(gen.rand.IntN(500)) * time.Hour).Format(time.RFC3339),
	}
}

// newWorkload runs an image of the project's own when it has one, so that most of
// a made-up cloud works.
func (gen *generator) newWorkload(p *Project, i int) *Workload {
	image := "docker.io/library/nginx:1.27"
	if len(p.Repositories) > 0 {
		r := p.Repositories[gen.rand.IntN(len(p.Repositories))]
		if len(r.Images) > 0 && r.Format == "DOCKER" {
			image = r.RegistryPath() + "/" + r.Images[gen.rand.IntN(len(r.Images))].Package + ":latest"
		}
	}
	return &Workload{
		Kind: randomWord(gen, sampleKinds), Region: randomWord(gen, sampleRegions),
		ID: fmt.Sprintf("gen-%05d", i+1), Images: []string{image},
	}
}
