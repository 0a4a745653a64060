package model

import (
	"fmt"
	"slices"
)

// checkImages asks for every distinct image whether it is there.
func (q *evaluation) checkImages(resolved resolvedQuestion) []Check {
	base := Check{ID: CheckImage}
	if resolved.repositoryOnly {
		base.Resource = resolved.repository.Resource()
		return []Check{q.checkWholeRepository(base, resolved.repository.Project)}
	}
	if len(resolved.images) == 0 {
		return []Check{base.unknownBecause(resolved.imagesGap, "Which image is meant is not known")}
	}
	checks := make([]Check, 0, len(resolved.images))
	for n, i := range resolved.images {
		c := base
		c.ID, c.shortName = numberedID(CheckImage, n), i.Short()
		checks = append(checks, q.checkImage(c, i))
	}
	return checks
}

// checkWholeRepository asks whether a repository is there, before the first push.
func (q *evaluation) checkWholeRepository(c Check, project string) Check {
	owner := q.project(project)
	if end, gone := c.inDeletedProject(owner, project); gone {
		return end
	}
	c = q.checkRepository(c, "The repository is there; no image was asked about.")
	c.Gaps = append(c.Gaps, pendingOnly([]Gap{owner.Gap})...)
	return c
}

func (q *evaluation) checkImage(c Check, i Image) Check {
	switch i.Registry {
	case DockerHub, PublicRegistry:
		c.ground = GroundElsewhere
		return c.unknownBecause(Gap{Reason: "it is not asked; a public image works"}, i.String()+" lives at "+i.registryDisplayName())
	case ForeignRegistry:
		c.Verdict, c.Advice, c.ground = Missing, []string{remoteRepositoryAdvice}, GroundRefused
		c.Reason = "Cloud Run does not take images from there: " + i.reference() + "."
		return c
	}
	c.Resource = i.Repository.Resource()
	if i.Regional {
		return c.hostUnproven(i)
	}
	return q.applyAnonymousImage(q.applyGCRRedirect(q.checkStoredImage(c, i), i), i)
}

// checkStoredImage asks whether the repository holds the image.
func (q *evaluation) checkStoredImage(c Check, i Image) Check {
	fact, owner := q.image(i), q.project(i.Repository.Project)
	if end, gone := c.inDeletedProject(owner, i.Repository.Project); gone {
		return end
	}
	if c = q.checkRepository(c, ""); c.Verdict != Granted {
		c.Gaps = append(c.Gaps, pendingOnly([]Gap{owner.Gap})...)
		return c
	}
	if owner.Gap.pending {
		return c.unknownBecause(owner.Gap, "")
	}
	switch fact.State {
	case FactGap:
		return c.unknownBecause(fact.Gap, "Whether "+i.Short()+" exists is not known")
	case FactAbsent:
		return q.checkAbsentImage(c, i)
	}
	c.Detail.Digest = fact.Value.Digest
	c.Reason = fmt.Sprintf("%s is there: %s.", i.Short(), ShortDigest(fact.Value.Digest))
	return c
}

// checkAbsentImage checks an image that its repository lacks. The upstreams of a virtual or remote repository
// may have it, so its absence decides nothing (iam-facts 4.5). Finding it in an upstream does.
func (q *evaluation) checkAbsentImage(c Check, i Image) Check {
	if mode := q.repository(c.Resource).Value.Mode; mode == ModeVirtual || mode == ModeRemote {
		if upstream, fact, gap := q.findInUpstreams(i); upstream.ID != "" {
			c.Evidence = []Evidence{{Resource: upstream.Resource(), Source: "artifactregistry"}}
			c.Detail.Digest = fact.Digest
			c.Reason = fmt.Sprintf("%s comes from upstream %s: %s.", i.Short(), upstream.ID, ShortDigest(fact.Digest))
			return c
		} else if gap.Reason != "" {
			return c.unknownBecause(gap, i.Short()+" is not in the repository itself")
		}
	}
	c.Verdict, c.Evidence, c.Detail.Absent = Missing, nil, AbsentImage
	c.Reason = fmt.Sprintf("%s is not in repository %s.", i.Short(), i.Repository.ID)
	c.Advice = []string{"Push the image, or name a tag that exists: gcloud artifacts docker tags list " + shellQuote(i.Base()) + "."}
	return c
}

// The modes of a repository that matter here.
const (
	ModeVirtual = "VIRTUAL_REPOSITORY"
	ModeRemote  = "REMOTE_REPOSITORY"
)

func (q *evaluation) checkRepository(c Check, granted string) Check {
	fact := q.repository(c.Resource)
	switch fact.State {
	case FactGap:
		return c.unknownBecause(fact.Gap, "The repository could not be read")
	case FactAbsent:
		c.Detail.Absent = AbsentRepository
		c.Verdict, c.Reason = Missing, fmt.Sprintf("Repository %s does not exist in %s of project %s.",
			c.Resource.ID(), c.Resource.Segment("locations"), c.Resource.Project())
		c.Advice = []string{"Check the location and the name: gcloud artifacts repositories list --project=" + shellQuote(c.Resource.Project()) + "."}
	default:
		if !fact.Value.holdsImages() {
			return c.wrongFormat(fact.Value.Format)
		}
		c.Verdict, c.Reason = Granted, granted
		c.Evidence = []Evidence{{Resource: c.Resource, Source: "artifactregistry"}}
	}
	return c
}

// holdsImages reports whether the repository can hold container images. What gives no format is taken to
// hold them.
func (r Repository) holdsImages() bool {
	return slices.Contains([]string{"DOCKER", "FORMAT_UNSPECIFIED", ""}, r.Format)
}

// wrongFormat is the check of images in a repository of Maven, npm or the like.
func (c Check) wrongFormat(format string) Check {
	c.Verdict, c.noGrantHelps, c.Detail.Absent = Missing, true, AbsentDockerFormat
	c.Reason = "Repository " + c.Resource.ID() + " is of format " + format + ": it holds no container images."
	c.Advice = []string{"Name a repository of format DOCKER: gcloud artifacts repositories list --filter=format=DOCKER --project=" + shellQuote(c.Resource.Project()) + "."}
	return c
}

// inDeletedProject is the check of something in a project that is gone, or going.
func (c Check) inDeletedProject(owner Fact[Project], project string) (Check, bool) {
	switch {
	case owner.Value.BeingDeleted():
		return c.inProjectBeingDeleted(project), true
	case owner.State == FactAbsent:
		c.Verdict, c.noGrantHelps, c.Evidence, c.Detail.Absent = Missing, true, nil, AbsentProject
		c.Reason = "Project " + project + " does not exist."
		c.Advice = []string{"Check the name of the project in the image; the image may have moved."}
		return c, true
	}
	return c, false
}

// ShortDigest is a digest's beginning, enough to tell it by.
func ShortDigest(digest string) string {
	const enough = len("sha256:") + 12
	if len(digest) <= enough {
		return digest
	}
	return digest[:enough]
}

// checkUpstreams is for virtual and remote repositories that read a repository of another project. It asks
// whether their own project's Artifact Registry agent may do so (iam-facts 4.5).
func (q *evaluation) checkUpstreams(resolved resolvedQuestion) []Check {
	var checks []Check
	var pending []Gap
	checked := map[upstreamLink]bool{}
	for _, p := range resolved.repositories() {
		links, open := q.upstreamLinksOf(p)
		pending = append(pending, open...)
		for _, l := range links {
			pending = append(pending, q.pendingProjects(l)...)
			if sameProject := q.staysInProject(l); !checked[l] && sameProject != yes {
				checked[l] = true
				checks = append(checks, q.checkUpstream(numberedID(CheckUpstream, len(checks)), l, sameProject))
			}
		}
	}
	for i := range checks { // a link that is still to come may change their numbers
		checks[i].Gaps = append(checks[i].Gaps, pending...)
	}
	return checks
}

// checkUpstream decides one link, which may turn out to stay in its project.
func (q *evaluation) checkUpstream(id string, l upstreamLink, sameProject ternary) Check {
	r, upstream := l.reader(q), l.upstream
	c := Check{ID: id, Permission: PermDownload, Resource: upstream.Resource()}
	if r.Mode == ModeVirtual {
		c.Permission = PermReadViaVirtual
	}
	owner := q.project(r.Name.Project)
	if sameProject == maybe && owner.Gap.Reason != "" {
		gap := owner.Gap
		gap.Resource = ProjectResource(l.downstream.Project)
		return c.unknownBecause(gap, "Whether projects "+l.downstream.Project+" and "+l.upstream.Project+" are the same is not known")
	}
	if !owner.Read() {
		gap := owner.Gap
		gap.Resource = ProjectResource(r.Name.Project)
		return c.unknownBecause(gap, "The agent's name holds the number of project "+r.Name.Project+", which is not known")
	}
	c.Principal = RegistryServiceAgent(owner.Value.Number)
	if r.Mode == ModeRemote {
		c.noGrantHelps = true
		c.Advice = []string{"Google's pages ask for roles/artifactregistry.serviceAgent on the upstream repository, for " + string(c.Principal) + "."}
	}
	upstreamFact, upstreamProject := q.repository(c.Resource), q.project(upstream.Project)
	if end, gone := c.inDeletedProject(upstreamProject, upstream.Project); gone {
		return end
	}
	if upstreamFact.State == FactAbsent {
		c.noGrantHelps = true
		return q.checkRepository(c, "")
	}
	a := Access{c.Principal, c.Permission, c.Resource}
	c = c.withDecision(q.withSecondOpinion(a, q.decideByPolicies(a)))
	c.Gaps = append(c.Gaps, pendingOnly([]Gap{upstreamFact.Gap, upstreamProject.Gap})...)
	return c
}
