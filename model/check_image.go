package model

import (
	"fmt"
	"slices"
)

// checkImages asks for every distinct image whether it is there.
func (q *inquiry) checkImages(sub subject) []Check {
	base := Check{ID: CheckImage}
	if sub.reposOnly {
		base.Resource = sub.repository.Resource()
		return []Check{q.checkWhole(base, sub.repository.Project)}
	}
	if len(sub.images) == 0 {
		return []Check{base.unknownFor(sub.imagesGap, "Which image is meant is not known")}
	}
	checks := make([]Check, 0, len(sub.images))
	for n, i := range sub.images {
		c := base
		c.ID, c.place = numbered(CheckImage, n), i.Short()
		checks = append(checks, q.checkImage(c, i))
	}
	return checks
}

// checkWhole asks whether a repository is there, before the first push.
func (q *inquiry) checkWhole(c Check, project string) Check {
	owner := q.project(project)
	if end, gone := c.inGone(owner, project); gone {
		return end
	}
	c = q.checkRepository(c, "The repository is there; no image was asked about.")
	c.Gaps = append(c.Gaps, pendingOnly([]Gap{owner.Gap})...)
	return c
}

func (q *inquiry) checkImage(c Check, i Image) Check {
	switch i.Registry {
	case DockerHub, PublicRegistry:
		return c.unknownFor(Gap{Reason: "it is not asked; a public image works"}, i.String()+" lives at "+i.registryWords())
	case ForeignRegistry:
		c.Verdict, c.Advice = Missing, []string{remoteAdvice}
		c.Reason = "Cloud Run does not take images from there: " + i.Text + "."
		return c
	}
	c.Resource = i.Repository.Resource()
	if i.Regional {
		return c.unproven(i)
	}
	return q.servedImage(q.redirected(q.storedImage(c, i), i), i)
}

// storedImage asks whether the repository holds the image.
func (q *inquiry) storedImage(c Check, i Image) Check {
	fact, owner := q.image(i.String()), q.project(i.Repository.Project)
	if end, gone := c.inGone(owner, i.Repository.Project); gone {
		return end
	}
	if c = q.checkRepository(c, ""); c.Verdict != Granted {
		c.Gaps = append(c.Gaps, pendingOnly([]Gap{owner.Gap})...)
		return c
	}
	if owner.Gap.pending {
		return c.unknownFor(owner.Gap, "")
	}
	switch fact.State {
	case FactGap:
		return c.unknownFor(fact.Gap, "Whether "+i.Short()+" exists is not known")
	case FactAbsent:
		return q.absentImage(c, i)
	}
	c.Detail.Digest = fact.Value.Digest
	c.Reason = fmt.Sprintf("%s is there: %s.", i.Short(), ShortDigest(fact.Value.Digest))
	return c
}

// absentImage: what a virtual or remote repository serves may live in its upstreams, so not finding it there decides
// nothing (iam-facts 4.5); finding it in one of them does.
func (q *inquiry) absentImage(c Check, i Image) Check {
	if mode := q.repository(c.Resource).Value.Mode; mode == ModeVirtual || mode == ModeRemote {
		if upstream, fact, open := q.upstreamImage(i); upstream.ID != "" {
			c.Evidence = []Evidence{{Resource: upstream.Resource(), Source: "artifactregistry"}}
			c.Detail.Digest = fact.Digest
			c.Reason = fmt.Sprintf("%s comes from upstream %s: %s.", i.Short(), upstream.ID, ShortDigest(fact.Digest))
			return c
		} else if open.Reason != "" {
			return c.unknownFor(open, i.Short()+" is not in the repository itself")
		}
	}
	c.Verdict, c.Evidence, c.Detail.Absent = Missing, nil, AbsentImage
	c.Reason = fmt.Sprintf("%s is not in repository %s.", i.Short(), i.Repository.ID)
	c.Advice = []string{"Push the image, or name a tag that exists: gcloud artifacts docker tags list " + quote(i.Base()) + "."}
	return c
}

// The modes of a repository that matter here.
const (
	ModeVirtual = "VIRTUAL_REPOSITORY"
	ModeRemote  = "REMOTE_REPOSITORY"
)

func (q *inquiry) checkRepository(c Check, granted string) Check {
	fact := q.repository(c.Resource)
	switch fact.State {
	case FactGap:
		return c.unknownFor(fact.Gap, "The repository could not be read")
	case FactAbsent:
		c.Detail.Absent = AbsentRepository
		c.Verdict, c.Reason = Missing, fmt.Sprintf("Repository %s does not exist in %s of project %s.",
			c.Resource.ID(), c.Resource.Segment("locations"), c.Resource.Project())
		c.Advice = []string{"Check the location and the name: gcloud artifacts repositories list --project=" + quote(c.Resource.Project()) + "."}
	default:
		if !fact.Value.holdsImages() {
			return c.wrongFormat(fact.Value.Format)
		}
		c.Verdict, c.Reason = Granted, granted
		c.Evidence = []Evidence{{Resource: c.Resource, Source: "artifactregistry"}}
	}
	return c
}

// holdsImages tells whether container images can lie in the repository. What gives no format is taken to hold them.
func (r Repository) holdsImages() bool {
	return slices.Contains([]string{"DOCKER", "FORMAT_UNSPECIFIED", ""}, r.Format)
}

// wrongFormat is the check of images in a repository of Maven, npm or the like.
func (c Check) wrongFormat(format string) Check {
	c.Verdict, c.noGrant, c.Detail.Absent = Missing, true, AbsentDocker
	c.Reason = "Repository " + c.Resource.ID() + " is of format " + format + ": it holds no container images."
	c.Advice = []string{"Name a repository of format DOCKER: gcloud artifacts repositories list --filter=format=DOCKER --project=" + quote(c.Resource.Project()) + "."}
	return c
}

// inGone is the check of something in a project that is gone, or going.
func (c Check) inGone(owner Fact[Project], project string) (Check, bool) {
	switch {
	case owner.Value.Leaving():
		return c.leaving(project), true
	case owner.State == FactAbsent:
		c.Verdict, c.noGrant, c.Evidence, c.Detail.Absent = Missing, true, nil, AbsentProject
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

// checkUpstreams asks, for virtual and remote repositories that read a repository of another project, whether the
// Artifact Registry agent of their own project may do so (iam-facts 4.5).
func (q *inquiry) checkUpstreams(sub subject) []Check {
	var checks []Check
	var pending []Gap
	asked := map[link]bool{}
	for _, p := range sub.places() {
		links, open := q.linksOf(p)
		pending = append(pending, open...)
		for _, l := range links {
			pending = append(pending, q.unsettled(l)...)
			if stays := q.within(l); !asked[l] && stays != yes {
				asked[l] = true
				checks = append(checks, q.checkUpstream(numbered(CheckUpstream, len(checks)), l, stays))
			}
		}
	}
	for i := range checks { // a link that is still to come may change their numbers
		checks[i].Gaps = append(checks[i].Gaps, pending...)
	}
	return checks
}

// checkUpstream decides one link, which may turn out to stay in its project.
func (q *inquiry) checkUpstream(id string, l link, stays tri) Check {
	r, upstream := l.from(q), l.to
	c := Check{ID: id, Permission: PermDownload, Resource: upstream.Resource()}
	if r.Mode == ModeVirtual {
		c.Permission = PermReadVirtually
	}
	owner := q.project(r.Name.Project)
	if stays == maybe && owner.Gap.Reason != "" {
		gap := owner.Gap
		gap.Resource = ProjectResource(l.at.Project)
		return c.unknownFor(gap, "Whether projects "+l.at.Project+" and "+l.to.Project+" are the same is not known")
	}
	if !owner.Read() {
		gap := owner.Gap
		gap.Resource = ProjectResource(r.Name.Project)
		return c.unknownFor(gap, "The agent's name holds the number of project "+r.Name.Project+", which is not known")
	}
	c.Principal = RegistryAgent(owner.Value.Number)
	if r.Mode == ModeRemote {
		c.noGrant = true
		c.Advice = []string{"Google's pages ask for roles/artifactregistry.serviceAgent on the upstream repository, for " + string(c.Principal) + "."}
	}
	there, theirs := q.repository(c.Resource), q.project(upstream.Project)
	if end, gone := c.inGone(theirs, upstream.Project); gone {
		return end
	}
	if there.State == FactAbsent {
		c.noGrant = true
		return q.checkRepository(c, "")
	}
	a := Access{c.Principal, c.Permission, c.Resource}
	c = c.with(q.second(a, q.decide(a)))
	c.Gaps = append(c.Gaps, pendingOnly([]Gap{there.Gap, theirs.Gap})...)
	return c
}
