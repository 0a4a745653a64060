package world

import (
	"crypto/sha256"
	"fmt"
)

// IsRegistryHost reports whether images of Artifact Registry are pulled from that host, by their own names or
// by those of gcr.io.
func IsRegistryHost(host string) bool {
	return registryHost.MatchString(host) || gcrLocations[host] != ""
}

// ManifestDigest gives the digest that the registry has for a reference, or why an
// upstream is closed to its repository. It has neither for an image that is not
// there. A remote repository of the outer world fetches whatever is asked for,
// so that a digest is made up there.
func (w *World) ManifestDigest(ref Reference) (digest, refusal string) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	in := w.pull(ref, w.readRefusal)
	switch {
	case in.image != nil:
		return in.image.Digest, ""
	case in.refusal != "":
		return "", in.refusal
	case in.external && ref.Digest != "":
		return ref.Digest, ""
	case in.external:
		return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(ref.Text))), ""
	}
	return "", ""
}

// ServesImages reports whether a registry serves the repository of a reference at the host that the reference
// names. The repository must exist and hold container images. For a gcr.io host, Artifact Registry must serve
// such names.
func (w *World) ServesImages(ref Reference) bool {
	r := w.Repository(ref.Repository)
	return r != nil && r.Format == "DOCKER" && (gcrLocations[ref.Host] == "" || r.Project.GCRRedirection != "DISABLED")
}
