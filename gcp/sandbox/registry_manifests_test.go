package sandbox_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"whopulls/gcp/sandbox"
)

// registryWorld has a public repository, one for a reader and one that a deny
// policy closes to the public; gcr.io names with and without redirection; and
// what is no registry of container images.
const registryWorld = `caller: user:owner@example.com
organization: {id: "9"}
denyPolicies: [{attachmentPoint: projects/closed, rules: [{deniedPrincipals: ["principalSet://goog/public:all"], exceptionPrincipals: ["principal://goog/subject/owner@example.com"], deniedPermissions: [artifactregistry.googleapis.com/repositories.downloadArtifacts]}]}]
projects:
  - id: pub
    number: "1"
    services: [artifactregistry.googleapis.com]
    policy: {bindings: [{role: roles/artifactregistry.reader, members: ["user:owner@example.com"]}]}
    repositories:
      - location: us
        id: open
        policy: {bindings: [{role: roles/artifactregistry.reader, members: [allUsers]}]}
        images: [{name: i, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}, {name: team/app, digest: "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752", tags: [v1]}]
      - location: us
        id: signedin
        policy: {bindings: [{role: roles/artifactregistry.reader, members: [allAuthenticatedUsers]}]}
        images: [{name: i, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}]
      - {location: us, id: shut, images: [{name: i, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}]}
      - {location: us, id: maven, format: MAVEN, policy: {bindings: [{role: roles/artifactregistry.reader, members: [allUsers]}]}}
      - {location: us, id: all, mode: VIRTUAL, upstreams: [projects/pub/locations/us/repositories/shut], policy: {bindings: [{role: roles/artifactregistry.reader, members: [allUsers]}]}}
      - {location: us, id: hub, mode: REMOTE, upstreams: ["https://registry-1.docker.io"], policy: {bindings: [{role: roles/artifactregistry.reader, members: [allUsers]}]}}
      - {location: us, id: gcr.io, policy: {bindings: [{role: roles/artifactregistry.reader, members: [allUsers]}]}, images: [{name: i, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}]}
      - {location: europe, id: eu.gcr.io, policy: {bindings: [{role: roles/artifactregistry.reader, members: [allUsers]}]}, images: [{name: i, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}]}
  - id: unredirected
    number: "2"
    gcrRedirection: DISABLED
    services: [artifactregistry.googleapis.com]
    repositories: [{location: us, id: gcr.io, policy: {bindings: [{role: roles/artifactregistry.reader, members: [allUsers]}]}, images: [{name: i, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}]}]
  - id: closed
    number: "3"
    services: [artifactregistry.googleapis.com]
    repositories: [{location: us, id: open, policy: {bindings: [{role: roles/artifactregistry.reader, members: [allUsers]}]}, images: [{name: i, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}]}]
  - id: switched-off
    number: "4"
    repositories: [{location: us, id: open, policy: {bindings: [{role: roles/artifactregistry.reader, members: [allUsers]}]}, images: [{name: i, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}]}]
  - id: example.com:scoped
    number: "5"
    services: [artifactregistry.googleapis.com]
    repositories: [{location: us, id: open, policy: {bindings: [{role: roles/artifactregistry.reader, members: [allUsers]}]}, images: [{name: i, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}]}]
`

const (
	usHost     = "us-docker.pkg.dev"
	digestOfI  = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	noSignIn   = `Unauthenticated request. Unauthenticated requests do not have permission "artifactregistry.repositories.downloadArtifacts" on resource "projects/`
	dockerType = "application/vnd.docker.distribution.manifest.v2+json"
	ociType    = "application/vnd.oci.image.manifest.v1+json"
)

// registryAnswer is an answer of a registry.
type registryAnswer struct {
	status        int
	header        http.Header
	code, message string // of a refusal
	body          string
}

// callRegistry asks a registry for a path, with those headers (name, value, …).
func callRegistry(t *testing.T, s *sandbox.Server, method, host, path string, headers ...string) registryAnswer {
	t.Helper()
	r := must(http.NewRequestWithContext(t.Context(), method, "http://"+s.Addr()+path, nil))(t)
	r.Host = host
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	answer := must(httpClient("").Do(r))(t)
	defer answer.Body.Close()
	got := registryAnswer{status: answer.StatusCode, header: answer.Header, body: string(must(io.ReadAll(answer.Body))(t))}
	var e struct {
		Errors []struct{ Code, Message string }
	}
	if json.Unmarshal([]byte(got.body), &e) == nil && len(e.Errors) == 1 {
		got.code, got.message = e.Errors[0].Code, e.Errors[0].Message
	}
	return got
}

func TestManifests(t *testing.T) {
	s := startYAML(t, registryWorld)
	const denied = `Permission "artifactregistry.repositories.downloadArtifacts" denied on resource "projects/`
	for _, q := range []struct {
		host, path, as string
		status         int
		code, message  string // of a refusal
	}{
		{usHost, "pub/open/i/manifests/latest", "", 200, "", ""},
		{usHost, "pub/open/i/manifests/" + digestOfI, "", 200, "", ""},
		{usHost, "pub/open/team/app/manifests/v1", "", 200, "", ""},
		{usHost, "pub/open/i/manifests/latest", nobody, 200, "", ""},
		{usHost, "pub/open/i/manifests/v9", "", 404, "MANIFEST_UNKNOWN", `Failed to fetch "v9"`},
		{usHost, "pub/open/none/manifests/latest", "", 404, "MANIFEST_UNKNOWN", `Failed to fetch "latest"`},
		{usHost, "pub/open/i/manifests/sha256:" + strings.Repeat("0", 64), "", 404, "MANIFEST_UNKNOWN", "Failed to fetch"},
		{usHost, "pub/signedin/i/manifests/latest", "", 401, "UNAUTHORIZED", noSignIn + `pub/locations/us/repositories/signedin" (or it may not exist)`},
		{usHost, "pub/signedin/i/manifests/latest", nobody, 200, "", ""},
		{usHost, "pub/signedin/i/manifests/latest", "principal://iam.googleapis.com/locations/global/workforcePools/p/subject/a", 403, "DENIED", denied + "pub/locations/us/repositories/signedin"},
		{usHost, "pub/shut/i/manifests/latest", "", 401, "UNAUTHORIZED", noSignIn + `pub/locations/us/repositories/shut" (or it may not exist)`},
		{usHost, "pub/none/i/manifests/latest", "", 401, "UNAUTHORIZED", noSignIn + `pub/locations/us/repositories/none" (or it may not exist)`},
		{usHost, "no-project/none/i/manifests/latest", "", 401, "UNAUTHORIZED", noSignIn + `no-project/locations/us/repositories/none" (or it may not exist)`},
		{usHost, "pub/shut/i/manifests/latest", nobody, 403, "DENIED", denied + `pub/locations/us/repositories/shut" (or it may not exist)`},
		{usHost, "pub/none/i/manifests/latest", nobody, 403, "DENIED", denied + `pub/locations/us/repositories/none" (or it may not exist)`},
		{usHost, "no-project/none/i/manifests/latest", "user:owner@example.com", 403, "DENIED", denied + `no-project/locations/us/repositories/none" (or it may not exist)`},
		{usHost, "pub/shut/i/manifests/latest", "user:owner@example.com", 200, "", ""},
		{usHost, "pub/none/i/manifests/latest", "user:owner@example.com", 404, "NAME_UNKNOWN", `Repository "none" not found`},
		{"asia-docker.pkg.dev", "pub/open/i/manifests/latest", "", 401, "UNAUTHORIZED", noSignIn + "pub/locations/asia/repositories/open"},
		{usHost, "pub/maven/i/manifests/latest", "", 404, "NAME_UNKNOWN", `Repository "maven" not found`},
		{usHost, "pub/all/i/manifests/latest", "", 200, "", ""},
		{usHost, "pub/hub/library/nginx/manifests/latest", "", 200, "", ""},
		{"gcr.io", "pub/i/manifests/latest", "", 200, "", ""},
		{"eu.gcr.io", "pub/i/manifests/latest", "", 200, "", ""},
		{"asia.gcr.io", "pub/i/manifests/latest", "", 401, "UNAUTHORIZED", noSignIn + "pub/locations/asia/repositories/asia.gcr.io"},
		{usHost, "pub/gcr.io/i/manifests/latest", "", 200, "", ""},
		{"gcr.io", "unredirected/i/manifests/latest", "", 404, "NAME_UNKNOWN", `Repository "gcr.io" not found`},
		{usHost, "unredirected/gcr.io/i/manifests/latest", "", 200, "", ""},
		{usHost, "closed/open/i/manifests/latest", "", 401, "UNAUTHORIZED", noSignIn + "closed/locations/us/repositories/open"},
		{usHost, "closed/open/i/manifests/latest", nobody, 403, "DENIED", denied + "closed/locations/us/repositories/open"},
		{usHost, "closed/open/i/manifests/latest", "user:owner@example.com", 200, "", ""},
		{usHost, "switched-off/open/i/manifests/latest", "", 403, "DENIED", "Artifact Registry API has not been used in project 4 before or it is disabled."},
		{usHost, "example.com/scoped/open/i/manifests/latest", "", 200, "", ""},
		{usHost, "pub/open/manifests/latest", "", 400, "NAME_INVALID", "names no image"},
		{usHost, "pub/open/i/manifests/sha256:1", "", 400, "NAME_INVALID", "names no image"},
		{usHost, "pub/open/i/tags/list", "", 501, "UNSUPPORTED", "manifests alone"},
		{usHost, "", "", 401, "UNAUTHORIZED", "Unauthenticated request."},
		{usHost, "", nobody, 200, "", ""},
		{usHost, "pub/open/i/manifests/latest", "wrong", 401, "UNAUTHORIZED", "invalid authentication credentials"},
	} {
		t.Run(q.host+" "+q.path, func(t *testing.T) {
			var headers []string
			if q.as != "" {
				headers = []string{"Authorization", "Bearer " + q.as}
			}
			got := callRegistry(t, s, http.MethodGet, q.host, "/v2/"+q.path, headers...)
			if got.status != q.status || got.code != q.code || !strings.HasPrefix(got.message, q.message) && !strings.Contains(got.message, q.message) {
				t.Errorf("%s gets %s/v2/%s: %d %s, want %d %s %s", q.as, q.host, q.path, got.status, got.body, q.status, q.code, q.message)
			}
			if challenge := got.header.Get("Www-Authenticate"); (q.status == 401) != strings.HasPrefix(challenge, `Bearer realm="https://`+q.host+`/v2/token",service="`+q.host+`"`) {
				t.Errorf("%s gets %s/v2/%s: the challenge is %q", q.as, q.host, q.path, challenge)
			}
		})
	}
}

// TestManifestAnswer holds headers and body of GET and HEAD.
func TestManifestAnswer(t *testing.T) {
	s := startYAML(t, registryWorld)
	const path = "/v2/pub/open/i/manifests/latest"
	for _, q := range []struct{ method, accept, kind string }{
		{http.MethodGet, "", dockerType},
		{http.MethodHead, "", dockerType},
		{http.MethodGet, ociType, ociType},
		{http.MethodHead, dockerType + ", " + ociType, dockerType},
	} {
		t.Run(q.method+" "+q.accept, func(t *testing.T) {
			got := callRegistry(t, s, q.method, usHost+":443", path, "Accept", q.accept)
			if got.status != 200 || got.header.Get("Docker-Content-Digest") != digestOfI || got.header.Get("Content-Type") != q.kind || got.header.Get("Content-Length") == "" {
				t.Errorf("%s with %q: %d and %v", q.method, q.accept, got.status, got.header)
			}
			if (q.method == http.MethodHead) != (got.body == "") || (got.body != "" && !strings.Contains(got.body, `"mediaType":"`+q.kind+`"`)) {
				t.Errorf("%s with %q has the body %q", q.method, q.accept, got.body)
			}
		})
	}
	if got := callRegistry(t, s, http.MethodHead, usHost, "/v2/pub/shut/i/manifests/latest"); got.status != 401 || got.header.Get("Www-Authenticate") == "" {
		t.Errorf("HEAD of a closed image: %d %v", got.status, got.header)
	}
	if got := callRegistry(t, s, http.MethodPut, usHost, path, "Authorization", "Bearer user:owner@example.com"); got.status != 405 || got.code != "UNSUPPORTED" {
		t.Errorf("PUT: %d %s", got.status, got.body)
	}
}

// TestRegistryBasicAuthentication signs in as docker does with an access token.
func TestRegistryBasicAuthentication(t *testing.T) {
	s := startYAML(t, registryWorld)
	basic := func(pair string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)) }
	for header, want := range map[string]int{
		basic("oauth2accesstoken:user:owner@example.com"): 200,
		basic("oauth2accesstoken:" + nobody):              403,
		basic("oauth2accesstoken:wrong"):                  401,
		basic("_json_key:user:owner@example.com"):         401,
		"Basic !": 401,
	} {
		t.Run(header, func(t *testing.T) {
			if got := callRegistry(t, s, http.MethodGet, usHost, "/v2/pub/shut/i/manifests/latest", "Authorization", header); got.status != want {
				t.Errorf("%s: got %d %s, want %d", header, got.status, got.body, want)
			}
		})
	}
}

// TestNobodyIsOnlyAtTheRegistry holds that other hosts take no token for the
// world's caller, and that the log has no caller for nobody.
func TestNobodyIsOnlyAtTheRegistry(t *testing.T) {
	s := startYAML(t, registryWorld)
	callRegistry(t, s, http.MethodGet, usHost, "/v2/pub/shut/i/manifests/latest")
	if code, text := send(t, s, http.MethodGet, "artifactregistry.googleapis.com", "/v1/projects/pub/locations/us/repositories/shut", "", nil); code != 200 {
		t.Errorf("the API without a token: %d %s", code, text)
	}
	log := s.Log()
	if log[0].Caller != "" || log[0].Product != "registry" || log[0].Outcome != "HTTP_401" || log[0].Method != "GET /v2/pub/shut/i/manifests/latest" {
		t.Errorf("the log has %+v", log[0])
	}
	if log[1].Caller != "user:owner@example.com" {
		t.Errorf("the log has %+v", log[1])
	}
}

// TestOtherRegistriesAreNotServed holds that no other registry's host is one
// of Artifact Registry's.
func TestOtherRegistriesAreNotServed(t *testing.T) {
	s := startYAML(t, registryWorld)
	for host, want := range map[string]int{"mirror.gcr.io": http.StatusNotImplemented, "docker.us.rep.pkg.dev": http.StatusNotImplemented,
		"us-maven.pkg.dev": http.StatusNotImplemented, "pkg.dev": http.StatusNotImplemented, "ghcr.io": http.StatusForbidden,
		"docker.io": http.StatusForbidden, "registry-1.docker.io": http.StatusForbidden, "quay.io": http.StatusForbidden, "xgcr.io": http.StatusForbidden} {
		t.Run(host, func(t *testing.T) {
			if got := callRegistry(t, s, http.MethodGet, host, "/v2/pub/open/i/manifests/latest"); got.status != want || got.code != "" {
				t.Errorf("%s: %d %s", host, got.status, got.body)
			}
		})
	}
}
