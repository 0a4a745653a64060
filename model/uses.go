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
	Image    string         `json:"image"`              // as the workload names it; empty where it is the account that is used
	Account  string         `json:"account,omitempty"`  // that it runs as, where the binding gives its tokens
	Through  RepositoryName `json:"through,omitzero"`   // the virtual repository through which it is read
}

// pulled is an image of Artifact Registry that a project's inventory names.
type pulled struct {
	use     Use
	account string // that it runs as
	from    RepositoryName
	unclear bool // it is of Artifact Registry, and which repository's can't be told
}

// uses are the workloads of a project that use what a binding on r reaches: the repository, or with r a project or a level
// above it, any repository beneath. What could not be seen are the gaps.
func (q *inquiry) uses(project string, r Resource) ([]Use, []Gap) {
	return q.usesIn(project, r, func(pulled) bool { return true })
}

// usesAs are those of workloads that run as an account.
func (q *inquiry) usesAs(project, account string, r Resource) ([]Use, []Gap) {
	return q.usesIn(project, r, func(p pulled) bool { return p.account == account })
}

func (q *inquiry) usesIn(project string, r Resource, wanted func(pulled) bool) ([]Use, []Gap) {
	inventory := q.inventory(project)
	if !inventory.Read() {
		return nil, []Gap{unseenInventory(project, inventory)}
	}
	uses, gaps := q.usesOf(q.pulls(project, project, inventory.Value), r, wanted)
	return uses, append(slices.Clone(inventory.Value.Gaps), gaps...)
}

// unseenInventory is why it is not known what runs in a project.
func unseenInventory(project string, inventory Fact[Inventory]) Gap {
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
func (q *inquiry) indexedUses(number, project string, r Resource) []Use {
	if q.s.Index == nil {
		return nil
	}
	inventory, ok := q.s.Index.Inventories[number]
	if !ok {
		return nil
	}
	q.indexing = true
	defer func() { q.indexing = false }()
	all := q.pulls("index "+number, project, inventory)
	direct := q.direct[:0]
	for i := range all {
		if same, _ := q.reached(all[i].from, r); same == yes {
			direct = append(direct, all[i].use)
		}
	}
	q.direct = direct
	if len(direct) > 0 {
		return slices.Clone(direct)
	}
	uses, _ := q.usesOf(all, r, func(pulled) bool { return true })
	return uses
}

// pulls takes an inventory apart; the last one stays at hand, as an agent's bindings are judged one after the other.
func (q *inquiry) pulls(key, project string, inventory Inventory) []pulled {
	if q.pulledOf == key {
		return q.pulled
	}
	all := make([]pulled, 0, inventory.images())
	for _, w := range inventory.Running {
		for _, part := range append([]Revision{{Images: w.Images}}, w.Serving...) {
			for _, image := range part.Images {
				if from := q.repositoryOf(image); from.ID != "" || ofRegistry(image) {
					all = append(all, pulled{Use{Project: project, Workload: w.WorkloadName, Revision: part.Name, Image: image}, w.ServiceAccount, from, from.ID == ""})
				}
			}
		}
	}
	q.pulledOf, q.pulled = key, all
	return all
}

// repositoryOf is the repository of Artifact Registry that an image lies in, if it does. Many workloads name the same.
func (q *inquiry) repositoryOf(image string) RepositoryName {
	from, known := q.imagesOf[image]
	if known {
		return from
	}
	if i, err := ParseImage(image); err == nil && i.Registry == ArtifactRegistry {
		from = i.Repository
	}
	q.imagesOf[image] = from
	return from
}

// ofRegistry tells by its host alone whether an image is of Artifact Registry, however that is spelled.
func ofRegistry(image string) bool {
	host, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(image)), "/")
	host, _, _ = strings.Cut(host, ":")
	_, gcr := gcrLocations[host]
	return gcr || strings.HasSuffix(host, "docker.pkg.dev") || regionalHost.MatchString(host)
}

// fetch is how a repository comes to be read for the images of another.
type fetch struct {
	through RepositoryName
	reads   tri
	gap     Gap
}

// usesOf picks those that come from what a binding on r reaches; each repository is looked at once.
func (q *inquiry) usesOf(all []pulled, r Resource, wanted func(pulled) bool) (uses []Use, gaps []Gap) {
	looked := map[RepositoryName]fetch{}
	for _, p := range all {
		if !wanted(p) {
			continue
		}
		if p.unclear {
			gaps = append(gaps, Gap{Resource: ProjectResource(p.use.Project), Reason: "of which repository " + p.use.Image + " is, which " +
				p.use.Workload.Kind.Words() + " " + p.use.Workload.Name + " runs, is not known"})
			continue
		}
		f, ok := looked[p.from]
		if !ok {
			f = q.fetches(p.from, r)
			looked[p.from] = f
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

// fetches tells whether a repository's images come from what a binding on r reaches: from it, or through it as a virtual
// repository.
func (q *inquiry) fetches(from RepositoryName, r Resource) fetch {
	switch same, open := q.reached(from, r); same {
	case yes:
		return fetch{reads: yes}
	case maybe:
		return fetch{reads: maybe, gap: open}
	}
	at := q.repository(from.Resource())
	switch at.State {
	case FactAbsent:
		return fetch{reads: no}
	case FactGap:
		gap := at.Gap
		gap.Resource = from.Resource()
		gap.Reason = "whether repository " + from.ID + " reads this one could not be seen: " + gap.Reason
		return fetch{reads: maybe, gap: gap}
	}
	links, pending := q.links(from)
	for _, l := range links {
		same, open := q.reached(l.to, r)
		if same == yes {
			return fetch{through: from, reads: yes}
		}
		if same == maybe {
			pending = append(pending, open)
		}
		behind := q.repository(l.to.Resource())
		if !followed(links, behind.Value) {
			pending = append(pending, Gap{Resource: l.to.Resource(), Reason: "what lies behind repository " + l.to.ID + " is too far away to be looked into"})
		}
		if behind.State == FactGap {
			pending = append(pending, Gap{Resource: l.to.Resource(), Need: behind.Gap.Need, Reason: "what lies behind repository " + l.to.ID + " could not be seen: " + behind.Gap.Reason, pending: behind.Gap.pending})
		}
	}
	if len(pending) > 0 {
		return fetch{reads: maybe, gap: pending[0]}
	}
	return fetch{reads: no}
}

// reached tells whether a repository is one that a binding on r reaches.
func (q *inquiry) reached(name RepositoryName, r Resource) (tri, Gap) {
	switch r.Kind() {
	case KindRepository:
		if name.ID != r.ID() || name.Location != r.Segment("locations") {
			return no, Gap{}
		}
	case KindProject:
	default:
		return q.beneath(name.Project, r)
	}
	return q.sameProject(name.Project, r.Project())
}

// sameProject compares an ID or number with another.
func (q *inquiry) sameProject(name, target string) (tri, Gap) {
	if name == target {
		return yes, Gap{}
	}
	if isNumber(name) == isNumber(target) { // spelled alike, and others
		return no, Gap{}
	}
	project := q.project(target)
	if !project.Read() {
		return maybe, Gap{Resource: ProjectResource(target), Need: project.Gap.Need, Reason: "the number of project " + target + " is not known", pending: project.Gap.pending}
	}
	return triOf(project.Value.ID == name || project.Value.Number == name), Gap{}
}

// beneath tells whether a project lies in a folder or an organization.
func (q *inquiry) beneath(project string, top Resource) (tri, Gap) {
	if q.s.Index != nil && (slices.Contains(q.s.Index.Levels[project], top) || q.indexing) {
		return triOf(slices.Contains(q.s.Index.Levels[project], top)), Gap{}
	}
	ancestry := q.ancestry(project)
	if ancestry.Read() {
		return triOf(slices.ContainsFunc(ancestry.Value, func(a Ancestor) bool { return a.Resource == top })), Gap{}
	}
	return maybe, Gap{Resource: ProjectResource(project), Need: ancestry.Gap.Need, pending: ancestry.Gap.pending,
		Reason: "whether project " + project + " lies in " + Describe(top, nil) + " could not be seen: " + ancestry.Gap.Reason}
}
