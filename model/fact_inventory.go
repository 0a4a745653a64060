package model

// Inventory is what runs in a project, as far as it matters to pulls. That is the images that Cloud Run may
// still start there.
type Inventory struct {
	Running []RunningWorkload `json:"running,omitempty"`
	Gaps    []Gap             `json:"gaps,omitempty"` // what could not be looked into: a region, a kind of workload, revisions
}

// countImages counts those that it names.
func (i Inventory) countImages() (n int) {
	for _, w := range i.Running {
		n += len(w.Images)
		for _, r := range w.Serving {
			n += len(r.Images)
		}
	}
	return n
}

// RunningWorkload is a workload with the images of its template, and those of the revisions that serve.
type RunningWorkload struct {
	Workload
	Serving []Revision `json:"serving,omitempty"` // with traffic or a traffic tag; services and worker pools have them

	// RunnerGap is why it is not known what the template runs as, where its list says nothing of it.
	RunnerGap *Gap `json:"runnerGap,omitempty"`
}

// Revision is a revision that serves.
type Revision struct {
	Name           string  `json:"name"`
	Images         []Image `json:"images"` // of every container, then of its sandbox templates
	ServiceAccount string  `json:"serviceAccount,omitempty"`
	AgentIdentity  bool    `json:"agentIdentity,omitempty"` // instead of the account
}

// WantInventory is the kind of want that fills Situation.Inventories.
const WantInventory WantKind = "inventory"

func (q *evaluation) inventory(project string) Fact[Inventory] {
	return lookup(q, q.s.Inventories[project], Want{Kind: WantInventory, Project: project})
}
