package model

import (
	"slices"
	"strings"
)

// Use is a place where an image of a repository is in use.
type Use struct {
	Project  string         `json:"project"`
	Workload WorkloadName   `json:"workload"`
	Revision string         `json:"revision,omitempty"` // a serving one; empty: the workload's template
	Image    string         `json:"image"`              // as the workload names it; empty if it is the account that is used
	Account  string         `json:"account,omitempty"`  // that it runs as, where the binding gives its tokens
	Through  RepositoryName `json:"through,omitzero"`   // the virtual repository through which it is read
}

// inventoryImage is an image of Artifact Registry that a project's inventory names.
type inventoryImage struct {
	use               Use
	account           string // that it runs as
	repository        RepositoryName
	repositoryUnknown bool // it is of Artifact Registry, and which repository's is not known
}

// uses are the workloads of a project that use what a binding on r reaches. That is the repository, or every
// repository below if r is a project or a higher level. What could not be seen are the gaps.
func (q *evaluation) uses(project string, r Resource) ([]Use, []Gap) {
	return q.matchingUses(project, r, func(inventoryImage) bool { return true })
}

// usesByAccount are those of workloads that run as an account.
func (q *evaluation) usesByAccount(project, account string, r Resource) ([]Use, []Gap) {
	return q.matchingUses(project, r, func(p inventoryImage) bool { return p.account == account })
}

func (q *evaluation) matchingUses(project string, r Resource, match func(inventoryImage) bool) ([]Use, []Gap) {
	inventory := q.inventory(project)
	if !inventory.Read() {
		return nil, []Gap{unreadInventoryGap(project, inventory)}
	}
	uses, gaps := q.usesFrom(q.inventoryImages(project, project, inventory.Value), r, match)
	return uses, append(slices.Clone(inventory.Value.Gaps), gaps...)
}

// unreadInventoryGap is why it is not known what runs in a project.
func unreadInventoryGap(project string, inventory Fact[Inventory]) Gap {
	gap := inventory.Gap
	if gap.Resource == "" {
		gap.Resource = ProjectResource(project)
	}
	if inventory.State == FactAbsent {
		gap.Reason = "project " + project + " does not exist, or you may not see it"
	}
	return gap
}

// indexedUses are the uses that an index shows; the first kind that is found is enough. That it shows none means nothing,
// and nothing is looked at for it.
func (q *evaluation) indexedUses(number, project string, r Resource) []Use {
	if q.s.Index == nil {
		return nil
	}
	inventory, ok := q.s.Index.Inventories[number]
	if !ok {
		return nil
	}
	q.indexOnly = true
	defer func() { q.indexOnly = false }()
	all := q.inventoryImages("index "+number, project, inventory)
	direct := q.directUses[:0]
	for i := range all {
		if same, _ := q.bindingReaches(all[i].repository, r); same == yes {
			direct = append(direct, all[i].use)
		}
	}
	q.directUses = direct
	if len(direct) > 0 {
		return slices.Clone(direct)
	}
	uses, _ := q.usesFrom(all, r, func(inventoryImage) bool { return true })
	return uses
}

// inventoryImages takes an inventory apart; the last one stays at hand, as an agent's bindings are judged one after the other.
func (q *evaluation) inventoryImages(key, project string, inventory Inventory) []inventoryImage {
	if q.lastImagesKey == key {
		return q.lastImages
	}
	all := make([]inventoryImage, 0, inventory.countImages())
	for _, w := range inventory.Running {
		for _, part := range append([]Revision{{Images: w.Images}}, w.Serving...) {
			for _, image := range part.Images {
				if from := image.Repository; from.ID != "" || isOfArtifactRegistry(image) {
					use := Use{Project: project, Workload: w.WorkloadName, Revision: part.Name, Image: image.Text}
					all = append(all, inventoryImage{use, w.ServiceAccount, from, from.ID == ""})
				}
			}
		}
	}
	q.lastImagesKey, q.lastImages = key, all
	return all
}

// isOfArtifactRegistry reports by its host alone whether an image is of Artifact Registry, however that is spelled.
func isOfArtifactRegistry(i Image) bool {
	host, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(i.Text)), "/")
	host, _, _ = strings.Cut(host, ":")
	_, gcr := gcrLocations[host]
	return gcr || strings.HasSuffix(host, "docker.pkg.dev") || regionalHost.MatchString(host)
}

// readPath is how a repository comes to be read for the images of another.
type readPath struct {
	through RepositoryName
	reads   ternary
	gap     Gap
}

// usesFrom picks those that come from what a binding on r reaches; each repository is looked at once.
func (q *evaluation) usesFrom(all []inventoryImage, r Resource, match func(inventoryImage) bool) (uses []Use, gaps []Gap) {
	paths := map[RepositoryName]readPath{}
	for _, p := range all {
		if !match(p) {
			continue
		}
		if p.repositoryUnknown {
			gaps = append(gaps, Gap{Resource: ProjectResource(p.use.Project), Reason: "of which repository " + p.use.Image + " is, which " +
				p.use.Workload.Kind.DisplayName() + " " + p.use.Workload.Name + " runs, is not known"})
			continue
		}
		f, ok := paths[p.repository]
		if !ok {
			f = q.readsFrom(p.repository, r)
			paths[p.repository] = f
			if f.reads == maybe {
				gaps = append(gaps, f.gap)
			}
		}
		if f.reads == yes {
			p.use.Through = f.through
			uses = append(uses, p.use)
		}
	}
	return uses, gaps
}

// readsFrom reports whether a repository's images come from what a binding on r reaches: from it, or through it as a virtual
// repository.
func (q *evaluation) readsFrom(from RepositoryName, r Resource) readPath {
	switch same, open := q.bindingReaches(from, r); same {
	case yes:
		return readPath{reads: yes}
	case maybe:
		return readPath{reads: maybe, gap: open}
	}
	at := q.repository(from.Resource())
	switch at.State {
	case FactAbsent:
		return readPath{reads: no}
	case FactGap:
		gap := at.Gap
		gap.Resource = from.Resource()
		gap.Reason = "whether repository " + from.ID + " reads this one could not be seen: " + gap.Reason
		return readPath{reads: maybe, gap: gap}
	}
	links, pending := q.upstreamLinks(from)
	for _, l := range links {
		same, open := q.bindingReaches(l.upstream, r)
		if same == yes {
			return readPath{through: from, reads: yes}
		}
		if same == maybe {
			pending = append(pending, open)
		}
		behind := q.repository(l.upstream.Resource())
		if !upstreamsFollowed(links, behind.Value) {
			pending = append(pending, Gap{Resource: l.upstream.Resource(), Reason: "what is behind repository " + l.upstream.ID + " is too far away to be looked into"})
		}
		if behind.State == FactGap {
			pending = append(pending, Gap{Resource: l.upstream.Resource(), Need: behind.Gap.Need, Reason: "what is behind repository " + l.upstream.ID + " could not be seen: " + behind.Gap.Reason}.Because(behind.Gap))
		}
	}
	if len(pending) > 0 {
		return readPath{reads: maybe, gap: pending[0]}
	}
	return readPath{reads: no}
}

// bindingReaches reports whether a repository is one that a binding on r reaches.
func (q *evaluation) bindingReaches(name RepositoryName, r Resource) (ternary, Gap) {
	switch r.Kind() {
	case KindRepository:
		if name.ID != r.ID() || name.Location != r.Segment("locations") {
			return no, Gap{}
		}
	case KindProject:
	default:
		return q.projectLiesBeneath(name.Project, r)
	}
	return q.sameProject(name.Project, r.Project())
}

// sameProject compares an ID or number with another.
func (q *evaluation) sameProject(name, other string) (ternary, Gap) {
	if name == other {
		return yes, Gap{}
	}
	if IsProjectNumber(name) == IsProjectNumber(other) { // spelled alike, and others
		return no, Gap{}
	}
	project := q.project(other)
	if !project.Read() {
		return maybe, Gap{Resource: ProjectResource(other), Need: project.Gap.Need, Reason: "the number of project " + other + " is not known"}.Because(project.Gap)
	}
	return ternaryOf(project.Value.ID == name || project.Value.Number == name), Gap{}
}

// projectLiesBeneath reports whether a project is in a folder or an organization.
func (q *evaluation) projectLiesBeneath(project string, top Resource) (ternary, Gap) {
	if q.s.Index != nil && (slices.Contains(q.s.Index.Levels[project], top) || q.indexOnly) {
		return ternaryOf(slices.Contains(q.s.Index.Levels[project], top)), Gap{}
	}
	ancestry := q.ancestry(project)
	if ancestry.Read() {
		return ternaryOf(slices.ContainsFunc(ancestry.Value, func(a Ancestor) bool { return a.Resource == top })), Gap{}
	}
	return maybe, Gap{Resource: ProjectResource(project), Need: ancestry.Gap.Need,
		Reason: "whether project " + project + " is in " + Describe(top, nil) + " could not be seen: " + ancestry.Gap.Reason}.Because(ancestry.Gap)
}
