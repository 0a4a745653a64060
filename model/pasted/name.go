package pasted

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"whopulls/model"
)

// place is where a name stands. Alone, a word may be a project or an image of Docker Hub; among other words it must show
// by itself what it is.
type place bool

const (
	alone place = true
	amid  place = false
)

// maxName is the longest name that is read: addresses of logs hold whole queries.
const maxName = 8 << 10

// name says what one name is; a Thing without a kind for none.
func name(s string, at place) Thing {
	if s == "" || len(s) > maxName || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= unicode.MaxASCII }) {
		return Thing{}
	}
	for _, read := range []func(string, place) Thing{address, resourceName, member, project, image} {
		if t := read(s, at); t.Kind != "" {
			return t
		}
	}
	return Thing{}
}

// nameWithin is the name among other words that tells most.
func nameWithin(plain string) Thing {
	var best Thing
	for _, token := range tokens(plain) {
		for _, candidate := range candidates(token) {
			best = better(best, name(candidate, amid))
		}
	}
	return best
}

// candidates are the names that a piece of text may be: the whole of it, or what follows a label, as in --image=NAME.
func candidates(token string) []string {
	if !strings.ContainsAny(token, "/@") && !strings.Contains(token, ".run.app") {
		return nil
	}
	all := []string{unwrap(token)}
	for _, sign := range []string{"=", ":"} {
		if _, value, found := strings.Cut(token, sign); found {
			all = append(all, unwrap(value))
		}
	}
	return all
}

// numberForm: numbers of projects that were seen have this many digits. The others are something else.
var numberForm = regexp.MustCompile(`^[0-9]{6,19}$`)

var allDigits = regexp.MustCompile(`^[0-9]+$`)

// project reads a project's ID or number.
func project(s string, at place) Thing {
	if at == amid || model.ValidateProject(s) != nil || allDigits.MatchString(s) && !numberForm.MatchString(s) {
		return Thing{}
	}
	return Thing{Kind: Project, Consumer: s}
}

// labeledProject is a project with its label, as gcloud config list, gcloud projects describe and flags have it.
var labeledProject = regexp.MustCompile(`(?im)^\s*(?:export\s+)?-*["']?(?:[a-z_/]*[_/])?project(?:[_-]?(?:id|number))?["']?\s*[:=]\s*["']?([a-z0-9.:-]+)["']?,?\s*$`)

// projectWithin is the first project of a text that has a label before it.
func projectWithin(plain string) Thing {
	for _, m := range labeledProject.FindAllStringSubmatch(plain, maxLabels) {
		if t := project(m[1], alone); t.Kind != "" {
			return t
		}
	}
	return Thing{}
}

// maxLabels is how many are looked at.
const maxLabels = 64

// validProject gives a project back, and nothing for what can't be one.
func validProject(s string) string {
	if model.ValidateProject(s) != nil {
		return ""
	}
	return s
}

// Hosts of Artifact Registry, and of its repositories for other formats than Docker's.
var (
	registryHost = regexp.MustCompile(`(?i)^(?:[a-z]+://)?(?:[a-z0-9-]+-docker\.pkg\.dev|docker\.[a-z0-9-]+\.rep\.pkg\.dev|(?:[a-z]+\.)?gcr\.io)/`)
	otherFormat  = regexp.MustCompile(`^[a-z0-9-]+\.pkg\.dev$`)
)

// apiOfRegistry is the address of a manifest in a registry's own API (OCI distribution specification).
var apiOfRegistry = regexp.MustCompile(`^((?:https://)?[^/]+)/v2/(.+)/(?:manifests|blobs|tags)/(.+)$`)

// image reads an image, or the repository that a path of an image ends with.
func image(s string, at place) Thing {
	if m := apiOfRegistry.FindStringSubmatch(s); m != nil {
		s = withReference(m[1]+"/"+m[2], m[3])
	}
	s = strings.TrimRight(strings.TrimPrefix(s, "oci://"), "/")
	parsed, err := model.ParseImage(s)
	switch {
	case registryHost.MatchString(s) && err != nil:
		return repositoryOrReason(s, err)
	case err != nil || !isMeantAsImage(s, parsed, at):
		return Thing{}
	case parsed.Registry == model.ForeignRegistry && otherFormat.MatchString(parsed.Host):
		return unusable("A repository of " + parsed.Host + " holds no images")
	}
	return Thing{Kind: Image, Image: parsed}
}

// isMeantAsImage reports whether what can be read as an image is meant as one. Nearly every word could be.
func isMeantAsImage(s string, i model.Image, at place) bool {
	switch i.Registry {
	case model.ArtifactRegistry, model.PublicRegistry:
		return true
	case model.DockerHub:
		return showsHost(s, i) || at == alone && isHubImage(s)
	}
	return at == alone && isHost.MatchString(i.Host) && !strings.Contains(s, "://")
}

// showsHost reports whether a reference names its registry; one of Docker Hub need not.
func showsHost(s string, i model.Image) bool { return strings.Contains(strings.ToLower(s), i.Host+"/") }

// withReference adds a tag or a digest to the name of an image.
func withReference(base, reference string) string {
	switch {
	case strings.Contains(reference, ":"):
		return base + "@" + reference
	case reference == "list": // of tags
		return base
	}
	return base + ":" + reference
}

// isHost is a host of the internet, or one with a port: a folder with a dot in its name is neither.
var isHost = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?:\.[a-z]{2,}|:[0-9]+)$`)

// hubImage is an image of Docker Hub without a host: OWNER/NAME or NAME:TAG. A dot would make it a file or a host, and digits
// alone a time or a date.
var hubImage = regexp.MustCompile(`^(?:([a-z][a-z0-9_-]*)/[a-z0-9_-]+(?::[\w.-]+)?|([a-z][a-z0-9_-]*):[\w.-]+)(?:@sha256:[0-9a-f]{64})?$`)

// notOwners begin parts of resource names, and notNames stand before a colon: roles/owner, services/web, localhost:8080.
var (
	notOwners = []string{"roles", "projects", "folders", "organizations", "namespaces", "locations", "regions", "services", "jobs", "repositories", "revisions", "secrets"}
	notNames  = []string{"localhost", "sha256", "projects", "user", "group", "domain"}
)

func isHubImage(s string) bool {
	m := hubImage.FindStringSubmatch(s)
	return m != nil && !slices.Contains(notOwners, m[1]) && !slices.Contains(notNames, m[2])
}

// repositoryOrReason reads a repository at a registry's host, where no image can be read; else it says what is wrong. Of
// an image whose tag or name is a variable the repository is known.
func repositoryOrReason(s string, err error) Thing {
	known, _, hasVariable := strings.Cut(s, "$")
	for {
		if repository := repositoryAt(known); repository.ID != "" {
			return Thing{Kind: Repository, Repository: repository}
		}
		at := strings.LastIndex(known, "/")
		if !hasVariable || at < 0 {
			break
		}
		known = known[:at]
	}
	var input *model.InputError
	if !errors.As(err, &input) {
		return Thing{}
	}
	return unusable("This image can't be used: " + input.Why + "; " + input.Next)
}

// repositoryAt is the repository at LOCATION-docker.pkg.dev/PROJECT/REPOSITORY, or the one that serves gcr.io/PROJECT.
func repositoryAt(s string) model.RepositoryName {
	if repository, err := model.ParseRepository(s); err == nil {
		return repository
	}
	within, err := model.ParseImage(strings.TrimSuffix(s, "/") + "/any")
	if err != nil || !within.GCR || within.Path != "any" {
		return model.RepositoryName{}
	}
	return within.Repository
}

// imageIn is an image by its repository and its path in it.
func imageIn(repository model.RepositoryName, path, reference string) Thing {
	in := model.Image{Registry: model.ArtifactRegistry, Host: repository.Location + "-docker.pkg.dev", Repository: repository, Path: path}
	if strings.HasSuffix(repository.ID, "gcr.io") {
		in.GCR, in.Host = true, repository.ID
	}
	ref := in.Base()
	if in.Path = strings.Trim(path, "/"); reference != "" {
		ref = withReference(ref, reference)
	}
	parsed, err := model.ParseImage(ref)
	if err != nil {
		return Thing{Kind: Repository, Repository: repository}
	}
	return Thing{Kind: Image, Image: parsed}
}
