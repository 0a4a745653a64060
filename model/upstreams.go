package model

import "slices"

// link is one step from a virtual or remote repository to one that it reads.
type link struct{ at, to RepositoryName }

// from is the repository that reads.
func (l link) from(q *inquiry) Repository { return q.repository(l.at.Resource()).Value }

// maxUpstreamDepth bounds how far upstreams of upstreams are followed. A virtual repository may read a virtual one
// (iam-facts 4.5); no limit is documented, and each level is a round of calls.
const maxUpstreamDepth = 5

// links lists what a repository reads, and what these read, nearest first and each once. Every link has its own reader:
// the Artifact Registry agent of the project that owns the repository at its near end. Pending are the repositories
// whose answers may bring more.
func (q *inquiry) links(name RepositoryName) (links []link, pending []Gap) {
	level := []RepositoryName{name}
	seen := []RepositoryName{name}
	for range maxUpstreamDepth {
		var next []RepositoryName
		for _, at := range level {
			fact := q.repository(at.Resource())
			pending = append(pending, pendingOnly([]Gap{fact.Gap})...)
			for _, to := range fact.Value.Upstreams {
				links = append(links, link{at, to})
				if !slices.Contains(seen, to) {
					seen, next = append(seen, to), append(next, to)
				}
			}
		}
		level = next
	}
	return links, pending
}

// linksOf are the links behind a place that images come from.
func (q *inquiry) linksOf(p place) ([]link, []Gap) {
	if p.registry != ArtifactRegistry {
		return nil, nil
	}
	return q.links(p.name)
}

// mixed tells whether one end of the link spells its project by number and the other by ID, so that only reading one of
// them tells whether they are the same.
func (l link) mixed() bool { return isNumber(l.at.Project) != isNumber(l.to.Project) }

// unsettled is what may yet show that a link stays in its project, and so needs no check.
func (q *inquiry) unsettled(l link) []Gap {
	if !l.mixed() {
		return nil
	}
	return pendingOnly([]Gap{q.project(l.at.Project).Gap, q.project(l.to.Project).Gap})
}

// within tells whether a link stays in its project, whose agent holds its role there by default (iam-facts 4.6).
func (q *inquiry) within(l link) tri {
	if !l.mixed() {
		return triOf(l.at.Project == l.to.Project)
	}
	for _, end := range [][2]string{{l.at.Project, l.to.Project}, {l.to.Project, l.at.Project}} {
		if p := q.project(end[0]); p.Read() {
			return triOf(p.Value.ID == end[1] || p.Value.Number == end[1])
		}
	}
	return maybe
}

// upstreamImage looks for the image in everything behind its repository. Where it is not found, open says what may hold
// it still, and has no reason when nothing may: every repository behind it was read, and none fetches from outside.
func (q *inquiry) upstreamImage(i Image) (in RepositoryName, image ImageFact, open Gap) {
	links, pending := q.links(i.Repository)
	elsewhere := Gap{Resource: i.Repository.Resource(), Reason: "it may come from an upstream of this repository"}
	if q.fetchesOutside(i.Repository) {
		open = elsewhere
	}
	for _, l := range links {
		there := i
		there.Repository, there.Host, there.GCR = l.to, l.to.Location+"-docker.pkg.dev", false
		fact, behind := q.image(there.String()), q.repository(l.to.Resource())
		if fact.Read() {
			return l.to, fact.Value, Gap{}
		}
		pending = append(pending, pendingOnly([]Gap{fact.Gap, behind.Gap})...)
		if fact.State == FactGap || q.fetchesOutside(l.to) || !followed(links, behind.Value) {
			open = elsewhere
		}
	}
	if len(pending) > 0 {
		return RepositoryName{}, ImageFact{}, pending[0]
	}
	return RepositoryName{}, ImageFact{}, open
}

// followed tells whether the upstreams of a repository are among the links: at the greatest depth they are not.
func followed(links []link, r Repository) bool {
	return len(r.Upstreams) == 0 || slices.ContainsFunc(links, func(l link) bool { return l.at == r.Name })
}

// fetchesOutside tells whether a repository may serve what no repository that was read holds: a remote one of another
// registry, or one that could not be read.
func (q *inquiry) fetchesOutside(name RepositoryName) bool {
	fact := q.repository(name.Resource())
	return fact.State == FactGap || (fact.Value.Mode == ModeRemote && len(fact.Value.Upstreams) == 0)
}
