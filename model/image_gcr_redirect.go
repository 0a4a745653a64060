package model

// PermGetSettings lets a caller read whether Artifact Registry serves a project's gcr.io hosts.
const PermGetSettings Permission = "artifactregistry.projectsettings.get"

// applyGCRRedirect decides about an image of a gcr.io host. Since the shutdown of Container Registry only
// Artifact Registry serves it, and only if redirection is on (iam-facts 4.3). The image is in the repository
// all the same; unread, whether it is served is not known.
func (q *evaluation) applyGCRRedirect(c Check, i Image) Check {
	if !i.GCR {
		return c
	}
	fact := q.redirection(ProjectResource(i.Repository.Project))
	gap := fact.Gap
	switch {
	case gap.pending:
		c.Gaps = append(c.Gaps, gap)
	case fact.State == FactGap:
		gap.Resource = ProjectResource(i.Repository.Project)
		return c.redirectUnknown(gap)
	case fact.Read() && !fact.Value:
		return c.notRedirected(i)
	}
	return c
}

// redirectUnknown keeps a verdict that stands without knowing about redirection, and takes back the one that does not.
func (c Check) redirectUnknown(gap Gap) Check {
	c.Gaps = append(c.Gaps, gap)
	if c.Verdict == Granted {
		c.Verdict = Unknown
		c.Reason += " Whether it is served by its gcr.io name is not known: " + gap.Reason + "."
	}
	return c
}

func (c Check) notRedirected(i Image) Check {
	project := i.Repository.Project
	reason := "Redirection of " + i.Host + " to Artifact Registry is off in " + project + ": nothing serves " + i.Short() + " by that name."
	advice := "Turn it on (gcloud artifacts settings enable-upgrade-redirection --project=" + shellQuote(project) +
		"), or deploy the image by its name in Artifact Registry."
	if c.Verdict == Missing {
		c.Reason += " " + reason
		c.Advice = append(c.Advice, advice)
		return c
	}
	c.Verdict, c.Evidence, c.Gaps = Missing, nil, pendingOnly(c.Gaps)
	c.Reason, c.Advice = reason, []string{advice}
	return c
}
