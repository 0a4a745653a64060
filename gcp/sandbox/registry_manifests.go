package sandbox

import (
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"whopulls/gcp/sandbox/world"
)

// parseRegistryCaller reads the Authorization header of a call to a registry. It accepts what Artifact
// Registry accepts: a bearer token, or the password of the user "oauth2accesstoken". Without a header the
// caller is nobody (""), and has the rights of allUsers.
func parseRegistryCaller(header string) (string, error) {
	encoded, basic := strings.CutPrefix(header, "Basic ")
	if !basic {
		return parseCaller(header, "")
	}
	pair, err := base64.StdEncoding.DecodeString(encoded)
	token, ok := strings.CutPrefix(string(pair), "oauth2accesstoken:")
	if err != nil || !ok {
		return "", status.Error(codes.Unauthenticated, "Request had invalid authentication credentials. "+
			"The sandbox takes the user oauth2accesstoken with a member as the password.")
	}
	return parseCaller("Bearer "+token, "")
}

// registryError is an error of a registry, in the form of the OCI distribution specification.
type registryError struct {
	status        int
	code, message string
}

var (
	manifestPath    = regexp.MustCompile(`^/v2/(.+)/manifests/([^/]+)$`)
	tagOrDigestForm = regexp.MustCompile(`^([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}|sha256:[0-9a-f]{64})$`)
)

// serveRegistry answers for the hosts that serve images: whether somebody may read an image, and which digest
// a tag has. There are no layers to pull.
func (c *core) serveRegistry(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
	m := manifestPath.FindStringSubmatch(r.URL.Path)
	name := ""
	if m != nil {
		name = m[1]
	}
	switch err := callerError(r.Context()); {
	case err != nil:
		writeUnauthorized(w, r, name, status.Convert(err).Message())
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		writeRegistryError(w, registryError{http.StatusMethodNotAllowed, "UNSUPPORTED", "The sandbox's registry is for reading only."})
	case r.URL.Path == "/v2/" && caller(r.Context()) == "":
		writeUnauthorized(w, r, "", "Unauthenticated request.")
	case r.URL.Path == "/v2/":
		writeJSON(w, http.StatusOK, struct{}{})
	case m == nil:
		writeRegistryError(w, registryError{http.StatusNotImplemented, "UNSUPPORTED", "The sandbox's registry serves manifests alone."})
	default:
		c.serveManifest(w, r, name, m[2])
	}
}

func (c *core) serveManifest(w http.ResponseWriter, r *http.Request, name, reference string) {
	separator := ":"
	if strings.HasPrefix(reference, "sha256:") {
		separator = "@"
	}
	ref, ok := world.ParseReference(hostName(r) + "/" + name + separator + reference)
	if !ok || !tagOrDigestForm.MatchString(reference) {
		writeRegistryError(w, registryError{http.StatusBadRequest, "NAME_INVALID", fmt.Sprintf("%s:%s names no image of a repository.", name, reference)})
		return
	}
	full := world.FullName("artifactregistry", ref.Repository)
	const permission = "artifactregistry.repositories.downloadArtifacts"
	if who := caller(r.Context()); !c.world.Allowed(who, permission, full, time.Now()) {
		// The refusal does not show whether the repository exists.
		if who == "" {
			writeUnauthorized(w, r, name, fmt.Sprintf("Unauthenticated request. Unauthenticated requests do not have permission %q on resource %q (or it may not exist)", permission, ref.Repository))
			return
		}
		writeRegistryError(w, registryError{http.StatusForbidden, "DENIED", fmt.Sprintf("Permission %q denied on resource %q (or it may not exist)", permission, ref.Repository)})
		return
	}
	c.writeManifest(w, r, ref, reference)
}

// writeManifest is for callers that may read the image. So they may learn that it doesn't exist.
func (c *core) writeManifest(w http.ResponseWriter, r *http.Request, ref world.Reference, reference string) {
	if err := c.requireAPI(ref.ProjectID, "artifactregistry.googleapis.com"); err != nil {
		writeRegistryError(w, registryError{http.StatusForbidden, "DENIED", status.Convert(err).Message()})
		return
	}
	if !c.world.ServesImages(ref) {
		id := ref.Repository[strings.LastIndex(ref.Repository, "/")+1:]
		writeRegistryError(w, registryError{http.StatusNotFound, "NAME_UNKNOWN", fmt.Sprintf("Repository %q not found", id)})
		return
	}
	digest, refusal := c.world.ManifestDigest(ref)
	switch {
	case refusal != "":
		writeRegistryError(w, registryError{http.StatusForbidden, "DENIED", refusal})
		return
	case digest == "":
		writeRegistryError(w, registryError{http.StatusNotFound, "MANIFEST_UNKNOWN", fmt.Sprintf("Failed to fetch %q", reference)})
		return
	}
	kind := manifestType(r)
	w.Header().Set("Docker-Content-Digest", digest)
	w.Header().Set("Content-Type", kind)
	// The digest was not computed from these bytes: a world has no layers.
	body := fmt.Sprintf(`{"schemaVersion":2,"mediaType":%q,"config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":2,"digest":%q},"layers":[]}`, kind, digest)
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write([]byte(body)) // a client that went away needs no answer, and HEAD has no body
}

// manifestType is Docker's type, unless the client accepts only the OCI's.
func manifestType(r *http.Request) string {
	const docker, oci = "application/vnd.docker.distribution.manifest.v2+json", "application/vnd.oci.image.manifest.v1+json"
	accepted := strings.Join(r.Header.Values("Accept"), ",")
	if strings.Contains(accepted, oci) && !strings.Contains(accepted, docker) {
		return oci
	}
	return docker
}

// writeUnauthorized refuses the request and names where to get a token. The sandbox issues none: the name of
// a member is its token.
func writeUnauthorized(w http.ResponseWriter, r *http.Request, name, message string) {
	host := hostName(r)
	challenge := fmt.Sprintf("Bearer realm=%q,service=%q", "https://"+host+"/v2/token", host)
	if name != "" {
		challenge += fmt.Sprintf(",scope=%q", "repository:"+name+":pull")
	}
	w.Header().Set("Www-Authenticate", challenge)
	writeRegistryError(w, registryError{http.StatusUnauthorized, "UNAUTHORIZED", message})
}

func writeRegistryError(w http.ResponseWriter, r registryError) {
	writeJSON(w, r.status, map[string]any{"errors": []map[string]string{{"code": r.code, "message": r.message}}})
}

// hostName gives the host without its port.
func hostName(r *http.Request) string {
	if host, _, err := net.SplitHostPort(r.Host); err == nil {
		return host
	}
	return r.Host
}
