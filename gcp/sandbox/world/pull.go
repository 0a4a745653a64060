package world

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	downloadArtifacts = "artifactregistry.repositories.downloadArtifacts"
	readVirtually     = "artifactregistry.repositories.readViaVirtualRepository"
	registryAPI       = "artifactregistry.googleapis.com"
)

// Find looks the referenced image up; nil when it is not in the world. A
// virtual repository is searched through to its upstreams, whoever may read
// them. Where redirection is off, nobody serves an image by its gcr.io name.
func (w *World) Find(ref Reference) *Image {
	if !w.serves(ref) {
		return nil
	}
	return w.behind(ref, ref.Repository, 0, func(*Repository, *Repository) string { return "" }).image
}

func (w *World) serves(ref Reference) bool {
	p := w.Project(ref.ProjectID)
	return gcrLocations[ref.Host] == "" || p == nil || p.GCRRedirection != "DISABLED"
}

// maxUpstreams is how deep virtual repositories may lie in each other.
const maxUpstreams = 5

// found is what a look for an image comes to.
type found struct {
	image   *Image
	outside bool   // it may be fetched from another registry
	refused string // why an upstream that may have it is not read; "" when all are
}

// behind looks for an image in a repository and in what it reads. closed says
// why a repository may not read one of its upstreams, "" when it may: what it
// may not read is passed over, and told when nothing else has the image.
func (w *World) behind(ref Reference, repository string, depth int, closed func(at, upstream *Repository) string) found {
	r := w.Repository(repository)
	if r == nil || depth > maxUpstreams {
		return found{}
	}
	for _, img := range w.index.images[packageKey{r, ref.Package}] {
		if img.Digest == ref.Digest || (ref.Digest == "" && slices.Contains(img.Tags, ref.Tag)) {
			return found{image: img}
		}
	}
	var all found
	for _, name := range r.Upstreams {
		up := w.Repository(name)
		if up == nil { // https://…
			all.outside = true
			continue
		}
		if why := closed(r, up); why != "" {
			all.refused = why
			continue
		}
		in := w.behind(ref, name, depth+1, closed)
		if in.image != nil {
			return in
		}
		all.outside = all.outside || in.outside
		if in.refused != "" {
			all.refused = in.refused
		}
	}
	return all
}

// refusal says in the registry's words why a member may not use a permission on
// a repository; "" when it may.
type refusal func(member, permission, repository string) string

// pull looks for an image as the registry does for who may read its repository.
func (w *World) pull(ref Reference, refuses refusal) found {
	if !w.serves(ref) {
		return found{}
	}
	return w.behind(ref, ref.Repository, 0, func(at, upstream *Repository) string { return closedTo(at, upstream, refuses) })
}

// closedTo says why the Artifact Registry service agent of a repository's
// project may not read an upstream in another project (iam-facts 4.5): a
// virtual repository reads by a permission of its own. Within a project it
// may, by the role that it gets there.
func closedTo(at, upstream *Repository, refuses refusal) string {
	if at.Project == upstream.Project {
		return ""
	}
	permission := downloadArtifacts
	if at.Mode == "VIRTUAL" {
		permission = readVirtually
	}
	agent, _ := AgentEmail(at.Project, registryAPI)
	return refuses("serviceAccount:"+agent, permission, upstream.Name())
}

// forbidden is a refusal by IAM.
func (w *World) forbidden(member, permission, repository string) string {
	if w.allowed(member, permission, Full("artifactregistry", repository), time.Now()) {
		return ""
	}
	return fmt.Sprintf("Permission %q denied on resource %q (or it may not exist)", permission, repository)
}

// unreadable is a refusal by IAM, or because the API is off. As everywhere the
// permission comes first: the state of the API is for those who hold it.
func (w *World) unreadable(member, permission, repository string) string {
	if why := w.forbidden(member, permission, repository); why != "" {
		return why
	}
	p := w.Project(strings.Split(repository, "/")[1])
	if p != nil && !w.enabled[p.ID][registryAPI] {
		return APIOff("Artifact Registry API", registryAPI, p)
	}
	return ""
}

// APIOff words the refusal of an API that is off in a project.
func APIOff(title, api string, p *Project) string {
	return fmt.Sprintf("%[1]s has not been used in project %[2]s before or it is disabled. "+
		"Enable it by visiting https://console.developers.google.com/apis/api/%[3]s/overview?project=%[2]s then retry. "+
		"If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.",
		title, p.Number, api)
}

// deployed gives the condition that a deploy of these images leaves now: the
// first image that the project's Cloud Run service agent may not read, that the
// repository may not get from an upstream, or that is not there, makes it fail.
func (w *World) deployed(p *Project, images []string, refuses refusal) Condition {
	agent, _ := AgentEmail(p, "run.googleapis.com")
	account := "Google Cloud Run Service Agent " + agent
	for _, text := range images {
		ref, ok := ParseReference(text)
		if !ok {
			continue // no IAM there
		}
		if why := refuses("serviceAccount:"+agent, downloadArtifacts, ref.Repository); why != "" {
			return Condition{Message: pullDenied(p, account, ref, why)}
		}
		switch in := w.pull(ref, refuses); {
		case in.image != nil:
		case in.refused != "":
			return Condition{Message: pullDenied(p, account, ref, in.refused)}
		case !in.outside:
			return Condition{Missing: true, Message: fmt.Sprintf("Image '%s' not found.", text)}
		}
	}
	return Condition{Ready: true}
}

// DeployerDenied says in Cloud Run's words why somebody who deploys may not
// read an image which a workload of that project names; "" when they may. Only
// the repository itself is asked: whether the image is there, and what its
// upstreams say, comes out when it is pulled.
func (w *World) DeployerDenied(p *Project, member string, ref Reference) string {
	w.mu.RLock()
	defer w.mu.RUnlock()
	why := w.unreadable(member, downloadArtifacts, ref.Repository)
	if why == "" {
		return ""
	}
	return pullDenied(p, "User", ref, why)
}

// pullDenied says in Cloud Run's words that an account may not read an image:
// "User" for the one who deploys, or the service agent by its title and e-mail.
// What the registry said stands in the end.
func pullDenied(p *Project, account string, ref Reference, why string) string {
	text := account + " must have permission to read the image, " + ref.Text + ". " +
		"Ensure that the provided container image URL is correct and that the above account has permission to access the image. " +
		"If you just enabled the Cloud Run API, the permissions might take a few minutes to propagate."
	if ref.ProjectID != p.ID {
		text += fmt.Sprintf(" Note that the image is from project [%s], which is not the same as this project [%s]. "+
			"Permission must be granted to the %s from this project. "+
			"See https://cloud.google.com/run/docs/deploying#other-projects", ref.ProjectID, p.ID, account)
	}
	version := ref.Digest
	if version == "" {
		version = ref.Tag
	}
	_, path, _ := strings.Cut(ref.Text, "/")
	path, _, _ = strings.Cut(path, "@")
	path = strings.TrimSuffix(path, ":"+ref.Tag)
	return text + fmt.Sprintf(` Cause: 403 Forbidden GET https://%s/v2/%s/manifests/%s {"errors":[{"code":"DENIED","message":%q}]}`,
		ref.Host, path, version, why)
}
