package model

// Use is a place where an image of a repository is in use.
type Use struct {
	Project  string         `json:"project"`
	Workload WorkloadName   `json:"workload"`
	Revision string         `json:"revision,omitempty"` // a serving one; empty: the workload's template
	Image    string         `json:"image"`              // as the workload names it
	Through  RepositoryName `json:"through,omitzero"`   // the virtual repository through which it is read
}

// Words say where the image is in use.
func (u Use) Words() string {
	where := u.Workload.Kind.Words() + " " + u.Workload.Name + " in " + u.Workload.Region + " of " + u.Project
	if u.Revision != "" {
		where = "revision " + u.Revision + " of " + where
	}
	words := "used by " + where + ": " + u.Image
	if u.Through.ID != "" {
		words += " through repository " + u.Through.ID
	}
	return words
}

// uses are the workloads of a project that use what a binding on r reaches: the repository of the question, or with r a
// project or a level above it, any repository of that repository's project. What could not be seen are the gaps.
func (q *inquiry) uses(project string, r Resource) ([]Use, []Gap) {
	return q.usesIn(project, r, func(Running) bool { return true })
}

// usesAs are those of workloads that run as an account.
func (q *inquiry) usesAs(project, account string, r Resource) ([]Use, []Gap) {
	return q.usesIn(project, r, func(w Running) bool { return w.ServiceAccount == account })
}

func (q *inquiry) usesIn(project string, r Resource, wanted func(Running) bool) (uses []Use, gaps []Gap) {
	inventory := q.inventory(project)
	if !inventory.Read() {
		gap := inventory.Gap
		if gap.Resource == "" {
			gap.Resource = ProjectResource(project)
		}
		if inventory.State == FactAbsent {
			gap.Reason = "project " + project + " does not exist, or you may not see it"
		}
		return nil, []Gap{gap}
	}
	gaps = append(gaps, inventory.Value.Gaps...)
	for _, w := range inventory.Value.Running {
		if !wanted(w) {
			continue
		}
		parts := append([]Revision{{Images: w.Images}}, w.Serving...)
		for _, part := range parts {
			for _, image := range part.Images {
				through, reads, gap := q.fetches(image, r)
				switch reads {
				case yes:
					uses = append(uses, Use{project, w.WorkloadName, part.Name, image, through})
				case maybe:
					gaps = append(gaps, gap)
				}
			}
		}
	}
	return uses, gaps
}

// fetches tells whether an image comes from what a binding on r reaches, by itself or through a virtual repository.
func (q *inquiry) fetches(image string, r Resource) (through RepositoryName, reads tri, gap Gap) {
	i, err := ParseImage(image)
	if err != nil || i.Registry != ArtifactRegistry {
		return through, no, gap
	}
	switch same, open := q.reached(i.Repository, r); same {
	case yes:
		return through, yes, gap
	case maybe:
		return through, maybe, open
	}
	at := q.repository(i.Repository.Resource())
	switch at.State {
	case FactAbsent:
		return through, no, gap
	case FactGap:
		gap = at.Gap
		gap.Resource = i.Repository.Resource()
		gap.Reason = "whether repository " + i.Repository.ID + " reads this one could not be seen: " + gap.Reason
		return through, maybe, gap
	}
	links, pending := q.links(i.Repository)
	for _, l := range links {
		if same, _ := q.reached(l.to, r); same == yes {
			return i.Repository, yes, gap
		}
		if behind := q.repository(l.to.Resource()); behind.State == FactGap {
			pending = append(pending, Gap{Resource: l.to.Resource(), Need: behind.Gap.Need, Reason: "what lies behind repository " + l.to.ID + " could not be seen: " + behind.Gap.Reason, pending: behind.Gap.pending})
		}
	}
	if len(pending) > 0 {
		return through, maybe, pending[0]
	}
	return through, no, gap
}

// reached tells whether a repository is one that a binding on r reaches.
func (q *inquiry) reached(name RepositoryName, r Resource) (tri, Gap) {
	target := q.s.Question.Repository
	if r.Kind() == KindRepository && (name.ID != target.ID || name.Location != target.Location) {
		return no, Gap{}
	}
	if name.Project == target.Project {
		return yes, Gap{}
	}
	if isNumber(name.Project) == isNumber(target.Project) { // spelled alike, and others
		return no, Gap{}
	}
	project := q.project(target.Project)
	if !project.Read() {
		return maybe, Gap{Resource: ProjectResource(target.Project), Need: project.Gap.Need, Reason: "the number of project " + target.Project + " could not be read", pending: project.Gap.pending}
	}
	return triOf(project.Value.ID == name.Project || project.Value.Number == name.Project), Gap{}
}
