package model

import (
	"regexp"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
)

// Registry is where an image lives, as Cloud Run tells registries apart (iam-facts 12.1).
type Registry string

// The registries.
const (
	// ArtifactRegistry also serves the gcr.io hosts.
	ArtifactRegistry Registry = "artifact-registry"
	// DockerHub is taken directly by Cloud Run; no IAM decides there.
	DockerHub Registry = "docker-hub"
	// PublicRegistry is one of the others that Cloud Run takes public images of, and that are not asked.
	PublicRegistry Registry = "public"
	// ForeignRegistry is any other host: Cloud Run refuses it. What names no image at all is not of another one either.
	ForeignRegistry Registry = ""
)

// RepositoryName is an Artifact Registry repository.
type RepositoryName struct{ Project, Location, ID string }

// String is the API's name: projects/P/locations/L/repositories/R; empty for no repository.
func (r RepositoryName) String() string {
	if r.ID == "" {
		return ""
	}
	return "projects/" + r.Project + "/locations/" + r.Location + "/repositories/" + r.ID
}

// Resource is the full resource name.
func (r RepositoryName) Resource() Resource {
	if r.ID == "" {
		return ""
	}
	return Resource(hostRegistry + r.String())
}

// projectIDChars is what a project's ID is made of, that of a domain with its domain. An image's path may hold more.
const projectIDChars = `[a-z0-9.:-]+`

var projectIDForm = regexp.MustCompile(`^` + projectIDChars + `$`)

// repositoryPath is the API's name of a repository; a full resource name's path has the same form.
var repositoryPath = regexp.MustCompile(`^projects/(` + projectIDChars + `)/locations/([a-z0-9-]+)/repositories/([A-Za-z0-9._-]+)$`)

// repositoryAt is the repository of the API's name.
func repositoryAt(path string) (name RepositoryName, ok bool) {
	m := repositoryPath.FindStringSubmatch(path)
	if m == nil {
		return name, false
	}
	return RepositoryName{Project: m[1], Location: m[2], ID: m[3]}, true
}

// Repository is the repository that has this full resource name; ok is false for a resource of another kind.
func (r Resource) Repository() (name RepositoryName, ok bool) {
	path, ok := strings.CutPrefix(string(r), hostRegistry)
	if !ok {
		return name, false
	}
	return repositoryAt(path)
}

// ParseRepository reads projects/P/locations/L/repositories/R, the full resource name of it, or the path of the
// repository as an image reference begins (LOCATION-docker.pkg.dev/P/R).
func ParseRepository(text string) (RepositoryName, error) {
	clean := strings.TrimSuffix(strings.TrimSpace(text), "/")
	clean = strings.TrimPrefix(clean, hostRegistry)
	if name, ok := repositoryAt(clean); ok {
		return name, nil
	}
	if image, err := ParseImage(clean + "/any"); err == nil && image.Registry == ArtifactRegistry && !image.GCR && image.Path == "any" {
		return image.Repository, nil
	}
	return RepositoryName{}, &InputError{What: "repository", Text: text,
		Why:  "it does not name an Artifact Registry repository",
		Next: "write it as projects/PROJECT/locations/LOCATION/repositories/REPOSITORY"}
}

// Image is a container image reference, parsed.
type Image struct {
	Text       string // as it was given; from ParseImage without a scheme, the host in lower case
	Registry   Registry
	Host       string
	Repository RepositoryName // zero unless Registry is ArtifactRegistry
	Path       string         // the image's path inside the repository; may hold slashes
	Tag        string         // "latest" when neither tag nor digest was given
	Digest     string         // sha256:…; decides when a tag is given too
	GCR        bool           // the host is one of the gcr.io hosts
	Regional   bool           // the host is a regional endpoint, of which no source says that Cloud Run takes it
}

// IsZero reports whether no image is named.
func (i Image) IsZero() bool { return i == Image{} }

// Full is the image as if its reference had been given in full, so that equal images have equal texts.
func (i Image) Full() Image {
	i.Text = i.String()
	return i
}

// String is the reference in full: host, path, and the tag and digest that count.
func (i Image) String() string {
	s := i.Base()
	if i.Tag != "" {
		s += ":" + i.Tag
	}
	if i.Digest != "" {
		s += "@" + i.Digest
	}
	return s
}

// Base is the reference without tag and digest.
func (i Image) Base() string {
	if i.Registry != ArtifactRegistry {
		return i.Host + "/" + i.Path
	}
	project := strings.Replace(i.Repository.Project, ":", "/", 1)
	if i.GCR {
		return i.Host + "/" + project + "/" + i.Path
	}
	return i.Host + "/" + project + "/" + i.Repository.ID + "/" + i.Path
}

// Package is the API's name of the image's package, its slashes escaped (iam-facts 4.1).
func (i Image) Package() string {
	return i.Repository.String() + "/packages/" + strings.ReplaceAll(i.Path, "/", "%2F")
}

// Short is the image without host, project and repository: path:tag.
func (i Image) Short() string {
	if i.Tag != "" {
		return i.Path + ":" + i.Tag
	}
	return i.Path
}

// publicHosts are, in addition to Docker Hub, the registries without an IAM of Google's whose public images Cloud Run takes
// (iam-facts 12.1).
var publicHosts = map[string]bool{"ghcr.io": true, "mirror.gcr.io": true}

// gcrLocations maps the gcr.io hosts to the location of the repository that serves them (iam-facts 4.3).
var gcrLocations = map[string]string{"gcr.io": "us", "us.gcr.io": "us", "eu.gcr.io": "europe", "asia.gcr.io": "asia"}

// The hosts of Artifact Registry's Docker repositories: LOCATION-docker.pkg.dev, and the regional endpoint
// docker.LOCATION.rep.pkg.dev (iam-facts 4.1).
var (
	pkgDevHost   = regexp.MustCompile(`^([a-z0-9-]+)-docker\.pkg\.dev$`)
	regionalHost = regexp.MustCompile(`^docker\.([a-z0-9-]+)\.rep\.pkg\.dev$`)
)

// ParseImage takes an image reference apart. It accepts every form that Cloud Run's own validator names.
// Those are the pkg.dev and gcr.io hosts, domain-scoped projects, nested paths, tag, digest or both, and
// Docker Hub without a host.
func ParseImage(text string) (Image, error) {
	clean := plainReference(text)
	if clean == "" {
		return Image{}, imageError(text, "it is empty")
	}
	base, tag, digest := splitReference(clean)
	image := Image{Text: clean, Tag: tag, Digest: digest}
	if strings.HasSuffix(clean, "@") || strings.HasSuffix(clean, ":") || strings.Contains(clean, ":@") {
		return Image{}, imageError(text, "nothing follows the sign for a tag or a digest")
	}
	if err := validateReference(base, tag, digest); err != nil {
		return Image{}, imageError(text, err.Error())
	}
	if tag == "" && digest == "" {
		image.Tag = "latest"
	}
	if strings.HasSuffix(base, "/") {
		return Image{}, imageError(text, "no image follows its last slash")
	}
	if strings.Contains("/"+base, "//") {
		return Image{}, imageError(text, "a part between two slashes is empty")
	}
	return image.locate(base)
}

// plainReference is a reference without blanks and a scheme, the host in lower case.
func plainReference(text string) string { return lowerHost(trimScheme(strings.TrimSpace(text))) }

func trimScheme(ref string) string {
	for _, scheme := range []string{"https://", "docker://"} {
		if len(ref) >= len(scheme) && strings.EqualFold(ref[:len(scheme)], scheme) {
			return ref[len(scheme):]
		}
	}
	return ref
}

// lowerHost writes a host in lower case. Host names ignore case (RFC 4343). The grammar that Docker and
// containerd share allows capital letters in them, unlike in paths (github.com/distribution/reference).
func lowerHost(ref string) string {
	host, path, found := strings.Cut(ref, "/")
	if !found || !isHost(host) {
		return ref
	}
	return strings.ToLower(host) + "/" + path
}

// splitReference cuts base[:tag][@digest]; a colon before the last slash is a port.
func splitReference(ref string) (base, tag, digest string) {
	base, digest, _ = strings.Cut(ref, "@")
	if colon := strings.LastIndex(base, ":"); colon > strings.LastIndex(base, "/") {
		base, tag = base[:colon], base[colon+1:]
	}
	return base, tag, digest
}

// validateReference leaves the alphabet and lengths to the library that the registry world shares.
func validateReference(base, tag, digest string) error {
	if _, err := name.NewRepository(base); err != nil {
		if lower := strings.ToLower(base); lower != base {
			if _, err := name.NewRepository(lower); err == nil {
				return referenceError("capital letters are allowed in the host and the tag only; write " + lower)
			}
		}
		return plainReason(err)
	}
	if tag != "" {
		if _, err := name.NewTag(base + ":" + tag); err != nil {
			return plainReason(err)
		}
	}
	if digest != "" {
		if _, err := name.NewDigest(base + "@" + digest); err != nil {
			return plainReason(err)
		}
	}
	return nil
}

// plainReason drops the library's prefix, which repeats the reference.
func plainReason(err error) error {
	if err == nil {
		return nil
	}
	return referenceError(strings.TrimPrefix(err.Error(), "could not parse reference: "))
}

type referenceError string

func (r referenceError) Error() string { return string(r) }

// locate finds registry, repository and path from host/path.
func (i Image) locate(base string) (Image, error) {
	host, path, found := strings.Cut(base, "/")
	if !found || !isHost(host) {
		i.Registry, i.Host, i.Path = DockerHub, "docker.io", base
		return i, nil
	}
	i.Host, i.Path = host, path
	if location, ok := gcrLocations[host]; ok {
		i.GCR = true
		return i.locateGCR(location)
	}
	if location := registryLocation(host); location != "" {
		i.Regional = regionalHost.MatchString(host)
		return i.locatePkgDev(location)
	}
	return i.locateElsewhere()
}

// isHost tells a registry's host from the first segment of a Docker Hub path, as Docker does.
func isHost(segment string) bool {
	return strings.ContainsAny(segment, ".:") || segment == "localhost"
}

func registryLocation(host string) string {
	for _, form := range []*regexp.Regexp{pkgDevHost, regionalHost} {
		if m := form.FindStringSubmatch(host); m != nil {
			return m[1]
		}
	}
	return ""
}

func (i Image) locateElsewhere() (Image, error) {
	switch {
	case i.Host == "docker.io" || i.Host == "index.docker.io" || i.Host == "registry-1.docker.io":
		i.Registry = DockerHub
	case publicHosts[i.Host]:
		i.Registry = PublicRegistry
	case strings.HasSuffix(i.Host, "docker.pkg.dev"):
		return Image{}, imageError(i.Text, "its host names no location")
	case strings.HasSuffix(i.Host, ".gcr.io"):
		return Image{}, imageError(i.Text, "its host is not gcr.io, us.gcr.io, eu.gcr.io or asia.gcr.io")
	default:
		i.Registry = ForeignRegistry
	}
	return i, nil
}

func (i Image) locateGCR(location string) (Image, error) {
	project, rest := cutProject(i.Path)
	if project == "" || rest == "" {
		return Image{}, imageError(i.Text, "it names no image after the project")
	}
	if !projectIDForm.MatchString(project) {
		return Image{}, projectError(i.Text, project)
	}
	i.Registry, i.Path = ArtifactRegistry, rest
	i.Repository = RepositoryName{Project: project, Location: location, ID: i.Host}
	return i, nil
}

func (i Image) locatePkgDev(location string) (Image, error) {
	project, rest := cutProject(i.Path)
	repository, path, _ := strings.Cut(rest, "/")
	switch {
	case project == "" || repository == "":
		return Image{}, imageError(i.Text, "it names no repository")
	case !projectIDForm.MatchString(project):
		return Image{}, projectError(i.Text, project)
	case path == "":
		return Image{}, imageError(i.Text, "it names only a project and one more part: a repository without an image, or an image without its repository")
	}
	i.Registry, i.Path = ArtifactRegistry, path
	i.Repository = RepositoryName{Project: project, Location: location, ID: repository}
	return i, nil
}

// cutProject cuts the project off a path. A first segment with a dot is the domain of a domain-scoped
// project, which the API writes as domain:project (iam-facts 4.1). Project IDs themselves have no dots.
func cutProject(path string) (project, rest string) {
	project, rest, _ = strings.Cut(path, "/")
	if !strings.Contains(project, ".") {
		return project, rest
	}
	second, rest, _ := strings.Cut(rest, "/")
	if second == "" {
		return "", ""
	}
	return project + ":" + second, rest
}

func projectError(text, project string) error {
	return imageError(text, `"`+project+`" is no project: a project ID has small letters, digits and hyphens`)
}

func imageError(text, why string) error {
	return &InputError{What: "image", Text: text, Why: why,
		Next: "write it as LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE[:TAG][@DIGEST]"}
}
