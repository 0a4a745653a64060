package world

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Reference is an image as a workload names it, when it lies in Artifact
// Registry.
type Reference struct {
	Text       string
	Host       string // "asia-northeast1-docker.pkg.dev" or "gcr.io"
	ProjectID  string
	Repository string // "projects/P/locations/L/repositories/R"
	Package    string // "myjob", "team/app"
	Tag        string // "latest" when neither tag nor digest was given
	Digest     string // "sha256:…" or ""
}

var (
	registryHost = regexp.MustCompile(`^([a-z0-9-]+)-docker\.pkg\.dev$`)
	gcrLocations = map[string]string{"gcr.io": "us", "us.gcr.io": "us", "eu.gcr.io": "europe", "asia.gcr.io": "asia"}
	imageForm    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:/-]*(@sha256:[0-9a-f]{64})?$`)
)

// ParseReference reads an image reference; false when it is not one of
// Artifact Registry (Docker Hub, or a host that is none).
func ParseReference(text string) (Reference, bool) {
	ref := Reference{Text: text}
	rest, digest, _ := strings.Cut(text, "@")
	ref.Digest = digest
	if colon := strings.LastIndex(rest, ":"); colon > strings.LastIndex(rest, "/") {
		rest, ref.Tag = rest[:colon], rest[colon+1:]
	}
	if ref.Tag == "" && digest == "" {
		ref.Tag = "latest"
	}
	parts := strings.Split(rest, "/")
	ref.Host = parts[0]
	parts = parts[1:]
	if len(parts) > 1 && strings.Contains(parts[0], ".") { // domain-scoped project: example.com/p
		parts = append([]string{parts[0] + ":" + parts[1]}, parts[2:]...)
	}
	location, repository := gcrLocations[ref.Host], ref.Host
	if m := registryHost.FindStringSubmatch(ref.Host); m != nil && len(parts) > 1 {
		location, repository = m[1], parts[1]
		parts = slices.Delete(parts, 1, 2)
	}
	if location == "" || len(parts) < 2 {
		return Reference{}, false
	}
	ref.ProjectID, ref.Package = parts[0], strings.Join(parts[1:], "/")
	ref.Repository = "projects/" + ref.ProjectID + "/locations/" + location + "/repositories/" + repository
	return ref, true
}

// Find looks the referenced image up; nil when it is not in the world. A
// virtual repository is searched through to its upstreams.
// Where redirection is off, nobody serves an image by its gcr.io name.
func (w *World) Find(ref Reference) *Image {
	if p := w.Project(ref.ProjectID); gcrLocations[ref.Host] != "" && p != nil && p.GCRRedirection == "DISABLED" {
		return nil
	}
	return w.find(ref, ref.Repository, 0)
}

// maxUpstreams is how deep virtual repositories may lie in each other.
const maxUpstreams = 5

func (w *World) find(ref Reference, repository string, depth int) *Image {
	r := w.Repository(repository)
	if r == nil || depth > maxUpstreams {
		return nil
	}
	for _, img := range w.index.images[packageKey{r, ref.Package}] {
		if img.Digest == ref.Digest || (ref.Digest == "" && slices.Contains(img.Tags, ref.Tag)) {
			return img
		}
	}
	for _, up := range r.Upstreams {
		if img := w.find(ref, up, depth+1); img != nil {
			return img
		}
	}
	return nil
}

// deployed gives the condition that a deploy of these images leaves now: the
// first image that the project's Cloud Run service agent may not read, or that
// is not there, makes it fail.
func (w *World) deployed(p *Project, images []string) Condition {
	agent, _ := AgentEmail(p, "run.googleapis.com")
	for _, text := range images {
		ref, ok := ParseReference(text)
		if !ok {
			continue // no IAM there
		}
		if !w.allowed("serviceAccount:"+agent, downloadArtifacts, Full("artifactregistry", ref.Repository), time.Now()) {
			return Condition{Message: pullDenied(p, agent, ref)}
		}
		if w.Find(ref) == nil && w.knowsImagesOf(ref) {
			return Condition{Missing: true, Message: fmt.Sprintf("Image '%s' not found.", text)}
		}
	}
	return Condition{Ready: true}
}

const downloadArtifacts = "artifactregistry.repositories.downloadArtifacts"

// knowsImagesOf is false for a remote repository of the outer world: it
// fetches what is asked for.
func (w *World) knowsImagesOf(ref Reference) bool {
	r := w.Repository(ref.Repository)
	return r == nil || r.Mode != "REMOTE" || !strings.HasPrefix(r.Upstreams[0], "https://")
}

// pullDenied words the refusal as Cloud Run does for its own agent.
func pullDenied(p *Project, agent string, ref Reference) string {
	return PullDenied(p, "Google Cloud Run Service Agent "+agent, ref)
}

// PullDenied says in Cloud Run's words that someone may not read an image which
// a workload of that project names: "User" for the one who deploys, or the
// service agent by its title and e-mail.
func PullDenied(p *Project, account string, ref Reference) string {
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
	return text + fmt.Sprintf(` Cause: 403 Forbidden GET https://%s/v2/%s/manifests/%s {"errors":[{"code":"DENIED","message":"Permission \"%s\" denied on resource \"%s\" (or it may not exist)"}]}`,
		ref.Host, path, version, downloadArtifacts, ref.Repository)
}
