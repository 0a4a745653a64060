package model

import "slices"

// upstreamLink is one step from a virtual or remote repository to one that it reads.
type upstreamLink struct{ downstream, upstream RepositoryName }

// reader is the repository that reads.
func (l upstreamLink) reader(q *evaluation) Repository {
	return q.repository(l.downstream.Resource()).Value
}

// maxUpstreamDepth bounds how far upstreams of upstreams are followed. A virtual repository may read a virtual one
// (iam-facts 4.5); no limit is documented, and each level is a round of calls.
const maxUpstreamDepth = 5

// upstreamLinks lists what a repository reads, and what these read, nearest first and each once. Every link has its own reader:
// the Artifact Registry agent of the project that owns the repository at its near end. Pending are the repositories
// whose answers may bring more.
func (q *evaluation) upstreamLinks(name RepositoryName) (links []upstreamLink, pending []Gap) {
	level := []RepositoryName{name}
	seen := []RepositoryName{name}
	for range maxUpstreamDepth {
		var next []RepositoryName
		for _, at := range level {
			fact := q.repository(at.Resource())
			pending = append(pending, pendingOnly([]Gap{fact.Gap})...)
			for _, to := range fact.Value.Upstreams {
				links = append(links, upstreamLink{at, to})
				if !slices.Contains(seen, to) {
					seen, next = append(seen, to), append(next, to)
				}
			}
		}
		level = next
	}
	return links, pending
}

// upstreamLinksOf are the links behind a place that images come from.
func (q *evaluation) upstreamLinksOf(p imageRepository) ([]upstreamLink, []Gap) {
	if p.registry != ArtifactRegistry {
		return nil, nil
	}
	return q.upstreamLinks(p.name)
}

// mixesNumberAndID reports whether one end of the link names its project by number and the other by ID. Then
// one project must be read to know whether they are the same.
func (l upstreamLink) mixesNumberAndID() bool {
	return IsProjectNumber(l.downstream.Project) != IsProjectNumber(l.upstream.Project)
}

// pendingProjects is what may yet show that a link stays in its project, and so needs no check.
func (q *evaluation) pendingProjects(l upstreamLink) []Gap {
	if !l.mixesNumberAndID() {
		return nil
	}
	return pendingOnly([]Gap{q.project(l.downstream.Project).Gap, q.project(l.upstream.Project).Gap})
}

// staysInProject reports whether a link stays in its project, whose agent holds its role there by default (iam-facts 4.6).
func (q *evaluation) staysInProject(l upstreamLink) ternary {
	if !l.mixesNumberAndID() {
		return ternaryOf(l.downstream.Project == l.upstream.Project)
	}
	for _, end := range [][2]string{{l.downstream.Project, l.upstream.Project}, {l.upstream.Project, l.downstream.Project}} {
		if p := q.project(end[0]); p.Read() {
			return ternaryOf(p.Value.ID == end[1] || p.Value.Number == end[1])
		}
	}
	return maybe
}

// findInUpstreams looks for the image in everything behind its repository. If it is not found, open says what
// may still have it. open has no reason if nothing may: every repository behind it was read, and none fetches
// from outside.
func (q *evaluation) findInUpstreams(i Image) (in RepositoryName, image ImageFact, openGap Gap) {
	links, pending := q.upstreamLinks(i.Repository)
	elsewhere := Gap{Resource: i.Repository.Resource(), Reason: "it may come from an upstream of this repository"}
	if q.fetchesOutside(i.Repository) {
		openGap = elsewhere
	}
	for _, l := range links {
		candidate := i
		candidate.Repository, candidate.Host = l.upstream, l.upstream.Location+"-docker.pkg.dev"
		candidate.GCR, candidate.Regional = false, false
		fact, behind := q.image(candidate), q.repository(l.upstream.Resource())
		if fact.Read() {
			return l.upstream, fact.Value, Gap{}
		}
		pending = append(pending, pendingOnly([]Gap{fact.Gap, behind.Gap})...)
		if fact.State == FactGap || q.fetchesOutside(l.upstream) || !upstreamsFollowed(links, behind.Value) {
			openGap = elsewhere
		}
	}
	if len(pending) > 0 {
		return RepositoryName{}, ImageFact{}, pending[0]
	}
	return RepositoryName{}, ImageFact{}, openGap
}

// upstreamsFollowed reports whether the upstreams of a repository are among the links: at the greatest depth they are not.
func upstreamsFollowed(links []upstreamLink, r Repository) bool {
	return len(r.Upstreams) == 0 || slices.ContainsFunc(links, func(l upstreamLink) bool { return l.downstream == r.Name })
}

// fetchesOutside reports whether a repository may serve images that no read repository has. It is a remote
// repository of another registry, or it could not be read.
func (q *evaluation) fetchesOutside(name RepositoryName) bool {
	fact := q.repository(name.Resource())
	return fact.State == FactGap || (fact.Value.Mode == ModeRemote && len(fact.Value.Upstreams) == 0)
}
