package world

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

const (
	downloadArtifacts = "artifactregistry.repositories.downloadArtifacts"
	readViaVirtual    = "artifactregistry.repositories.readViaVirtualRepository"
	registryAPI       = "artifactregistry.googleapis.com"
)

// FindImage looks the referenced image up; nil if it is not in the world. A virtual repository is searched
// through to its upstreams, no matter who may read them. Where redirection is off, nobody serves an image by
// its gcr.io name.
func (w *World) FindImage(ref Reference) *Image {
	if !w.servesHost(ref) {
		return nil
	}
	return w.findImage(ref, ref.Repository, 0, func(*Repository, *Repository) string { return "" }).image
}

func (w *World) servesHost(ref Reference) bool {
	p := w.Project(ref.ProjectID)
	return gcrLocations[ref.Host] == "" || p == nil || p.GCRRedirection != "DISABLED"
}

// maxUpstreamDepth is how deep virtual repositories may be nested in each other.
const maxUpstreamDepth = 5

// pullResult is what a look for an image comes to.
type pullResult struct {
	image    *Image
	external bool   // it may be fetched from another registry
	refusal  string // why an upstream that may have it is not read; "" when all are
}

// findImage looks for an image in a repository and in what it reads. closed says why a repository may not
// read one of its upstreams; "" if it may read all. Such an upstream is skipped, and reported only if nothing
// else has the image.
func (w *World) findImage(ref Reference, repository string, depth int, refuses func(at, upstream *Repository) string) pullResult {
	r := w.Repository(repository)
	if r == nil || depth > maxUpstreamDepth {
		return pullResult{}
	}
	for _, img := range w.index.images[packageKey{r, ref.Package}] {
		if img.Digest == ref.Digest || (ref.Digest == "" && slices.Contains(img.Tags, ref.Tag)) {
			return pullResult{image: img}
		}
	}
	var all pullResult
	for _, name := range r.Upstreams {
		up := w.Repository(name)
		if up == nil { // https://…
			all.external = true
			continue
		}
		if why := refuses(r, up); why != "" {
			all.refusal = why
			continue
		}
		in := w.findImage(ref, name, depth+1, refuses)
		if in.image != nil {
			return in
		}
		all.external = all.external || in.external
		if in.refusal != "" {
			all.refusal = in.refusal
		}
	}
	return all
}

// refusalFunc says in the registry's words why a member may not use a permission on
// a repository; "" when it may.
type refusalFunc func(member, permission, repository string) string

// pull looks for an image as the registry does for a caller that may read its repository.
func (w *World) pull(ref Reference, refuses refusalFunc) pullResult {
	if !w.servesHost(ref) {
		return pullResult{}
	}
	return w.findImage(ref, ref.Repository, 0, func(at, upstream *Repository) string { return upstreamRefusal(at, upstream, refuses) })
}

// upstreamRefusal says why the Artifact Registry service agent of a repository's project may not read an
// upstream in another project (iam-facts 4.5). A virtual repository needs a permission of its own for that.
// Within a project it may, by the role that it gets there.
func upstreamRefusal(at, upstream *Repository, refuses refusalFunc) string {
	if at.Project == upstream.Project {
		return ""
	}
	permission := downloadArtifacts
	if at.Mode == "VIRTUAL" {
		permission = readViaVirtual
	}
	agent, _ := AgentEmail(at.Project, registryAPI)
	return refuses("serviceAccount:"+agent, permission, upstream.Name())
}

// iamRefusal is a refusal by IAM.
func (w *World) iamRefusal(member, permission, repository string) string {
	if w.allowed(member, permission, FullName("artifactregistry", repository), time.Now()) {
		return ""
	}
	return fmt.Sprintf("Permission %q denied on resource %q (or it may not exist)", permission, repository)
}

// readRefusal is a refusal by IAM, or because the API is off. As everywhere the
// permission comes first: the state of the API is for those who hold it.
func (w *World) readRefusal(member, permission, repository string) string {
	if why := w.iamRefusal(member, permission, repository); why != "" {
		return why
	}
	p := w.Project(strings.Split(repository, "/")[1])
	if p != nil && !w.enabledAPIs[p.ID][registryAPI] {
		return APIDisabledMessage("Artifact Registry API", registryAPI, p)
	}
	return ""
}

// APIDisabledMessage words the refusal of an API that is off in a project.
func APIDisabledMessage(title, api string, p *Project) string {
	return fmt.Sprintf("%[1]s has not been used in project %[2]s before or it is disabled. "+
		"Enable it by visiting https://console.developers.google.com/apis/api/%[3]s/overview?project=%[2]s then retry. "+
		"If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.",
		title, p.Number, api)
}

// pullReadiness gives the condition that a deploy of these images leaves now. The first image that can't be
// pulled makes it fail. Either the Cloud Run service agent may not read it, the repository may not fetch it
// from an upstream, or it doesn't exist.
func (w *World) pullReadiness(p *Project, images []string, refuses refusalFunc) Readiness {
	agent, _ := AgentEmail(p, "run.googleapis.com")
	account := "Google Cloud Run Service Agent " + agent
	for _, text := range images {
		ref, ok := ParseReference(text)
		if !ok {
			continue // no IAM there
		}
		if why := refuses("serviceAccount:"+agent, downloadArtifacts, ref.Repository); why != "" {
			return Readiness{Message: pullDeniedMessage(p, account, ref, why)}
		}
		switch in := w.pull(ref, refuses); {
		case in.image != nil:
		case in.refusal != "":
			return Readiness{Message: pullDeniedMessage(p, account, ref, in.refusal)}
		case !in.external:
			return Readiness{ImageMissing: true, Message: fmt.Sprintf("Image '%s' not found.", text)}
		}
	}
	return Readiness{Ready: true}
}

// DeployerRefusal says in Cloud Run's words why somebody who deploys may not
// read an image which a workload of that project names; "" when they may. Only
// the repository itself is asked: whether the image is there, and what its
// upstreams say, comes out when it is pulled.
func (w *World) DeployerRefusal(p *Project, member string, ref Reference) string {
	w.mu.RLock()
	defer w.mu.RUnlock()
	why := w.readRefusal(member, downloadArtifacts, ref.Repository)
	if why == "" {
		return ""
	}
	return pullDeniedMessage(p, "User", ref, why)
}

// pullDeniedMessage says in Cloud Run's words that an account may not read an image. The account is "User"
// for the deployer, or the title and e-mail of the service agent. What the registry said stands in the end.
func pullDeniedMessage(p *Project, account string, ref Reference, why string) string {
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
