package world

import (
	"regexp"
	"slices"
	"strings"
)

// Reference is an image as a workload names it, when it is in Artifact Registry.
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
// Artifact Registry (Docker Hub, or a host that is not one).
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
	ref.Host = strings.ToLower(parts[0])
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
