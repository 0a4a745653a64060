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
	m := &maker{rand: rand.New(rand.NewPCG(uint64(g.Seed), 0))}
	homes := w.Projects
	if g.Projects > 0 {
		homes = nil
		for i := range g.Projects {
			p := m.project(i, w.Organization)
			w.Projects = append(w.Projects, p)
			homes = append(homes, p)
		}
	}
	m.fill(homes, g)
	m.rand = rand.New(rand.NewPCG(uint64(g.Seed), 2)) // what else is made stays the same beside them
	m.instances(homes, g.Instances)
	if g.Agents {
		m.rand = rand.New(rand.NewPCG(uint64(g.Seed), 1))
		m.share(homes, g.Projects > 0)
	}
	w.build()
}

type maker struct {
	rand         *rand.Rand
	repositories []*Repository
}

var (
	madeTeams   = []string{"billing", "catalog", "search", "payments", "mobile", "ledger", "media", "reports", "identity", "maps"}
	madeStages  = []string{"dev", "stg", "prod"}
	madeImages  = []string{"api", "worker", "web", "batch", "migrate", "tools/lint", "tools/proxy", "cron"}
	madeRegions = []string{"asia-northeast1", "us-central1", "europe-west1", "asia-northeast2"}
	madeKinds   = []string{"service", "job", "worker-pool"}
)

func pick(m *maker, words []string) string { return words[m.rand.IntN(len(words))] }

func (m *maker) project(i int, o *Organization) *Project {
	p := &Project{
		ID:             fmt.Sprintf("gen-%s-%s-%05d", pick(m, madeTeams), pick(m, madeStages), i+1),
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

// fill spreads repositories, images and workloads round robin.
func (m *maker) fill(homes []*Project, g Generate) {
	if len(homes) == 0 {
		return
	}
	for i := range g.Repositories {
		r := &Repository{Location: pick(m, madeRegions), ID: fmt.Sprintf("gen-%05d", i+1), Format: "DOCKER", Mode: "STANDARD"}
		r.Project = homes[i%len(homes)]
		r.Project.Repositories = append(r.Project.Repositories, r)
		m.repositories = append(m.repositories, r)
	}
	if len(m.repositories) > 0 {
		for i := range g.Images {
			r := m.repositories[i%len(m.repositories)]
			r.Images = append(r.Images, m.image(i))
		}
	}
	for i := range g.Workloads {
		p := homes[i%len(homes)]
		p.Workloads = append(p.Workloads, m.workload(p, i))
	}
}

// instances are spread as the other workloads are.
func (m *maker) instances(homes []*Project, n int) {
	for i := range n {
		if len(homes) == 0 {
			return
		}
		p := homes[i%len(homes)]
		l := m.workload(p, i)
		l.Kind, l.ID = "instance", fmt.Sprintf("gen-instance-%05d", i+1)
		p.Workloads = append(p.Workloads, l)
	}
}

func (m *maker) image(i int) *Image {
	sum := sha256.Sum256(fmt.Appendf(nil, "made-up image %d", i))
	return &Image{
		Package:    fmt.Sprintf("%s-%d", pick(m, madeImages), i),
		Digest:     fmt.Sprintf("sha256:%x", sum),
		Tags:       []string{"latest", fmt.Sprintf("v1.%d", i%50)},
		SizeBytes:  int64(10_000_000 + m.rand.IntN(400_000_000)),
		UploadTime: DefaultTime.Add(-time.Duration(m.rand.IntN(500)) * time.Hour).Format(time.RFC3339),
	}
}

// workload runs an image of the project's own when it has one, so that most of
// a made-up cloud works.
func (m *maker) workload(p *Project, i int) *Workload {
	image := "docker.io/library/nginx:1.27"
	if len(p.Repositories) > 0 {
		r := p.Repositories[m.rand.IntN(len(p.Repositories))]
		if len(r.Images) > 0 && r.Format == "DOCKER" {
			image = r.RegistryPath() + "/" + r.Images[m.rand.IntN(len(r.Images))].Package + ":latest"
		}
	}
	return &Workload{
		Kind: pick(m, madeKinds), Region: pick(m, madeRegions),
		ID: fmt.Sprintf("gen-%05d", i+1), Images: []string{image},
	}
}
