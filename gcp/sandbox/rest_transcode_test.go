package sandbox_test

import (
	"strings"
	"testing"

	"whopulls/gcp/sandbox"
)

// TestTranscodedREST asks methods that have no REST form of their own here.
func TestTranscodedREST(t *testing.T) {
	s := start(t, sandbox.Options{})
	const images = "/v1/projects/myproject-b/locations/asia-northeast1/repositories/myrepo"
	for _, q := range []struct {
		method, host, path, body string
		code                     int
		text                     string
	}{
		{"GET", "artifactregistry.googleapis.com", images + "/packages/team%2Fimporter/tags?alt=json&prettyPrint=false&$.xgafv=2", "", 200, "packages/team%2Fimporter/tags/v0.4.2"},
		{"GET", "artifactregistry.googleapis.com", images + "/packages/team%2Fimporter/tags/latest", "", 200, "versions/sha256:a4e624d6"},
		{"GET", "artifactregistry.googleapis.com", images + "/packages/myjob/versions/sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "", 200, "createTime"},
		{"GET", "artifactregistry.googleapis.com", images + ":getIamPolicy?options.requestedPolicyVersion=3", "", 200, "user:kenji@example.com"},
		{"GET", "artifactregistry.googleapis.com", "/v1beta2/projects/myproject-b/locations", "", 200, `"asia-northeast1"`},
		{"GET", "artifactregistry.googleapis.com", images + "?colour=red", "", 400, "INVALID_ARGUMENT"},
		{"GET", "artifactregistry.googleapis.com", images + "x", "", 404, `"NOT_FOUND"`},
		{"DELETE", "artifactregistry.googleapis.com", images, "", 501, "does not serve DELETE " + images},
		{"POST", "cloudresourcemanager.googleapis.com", "/v1/projects/myproject-b:getIamPolicy", "{}", 200, "roles/logging.viewer"},
		{"POST", "cloudresourcemanager.googleapis.com", "/v1/projects/myproject-b:testIamPermissions", `{"permissions":["resourcemanager.projects.get"]}`, 200, "resourcemanager.projects.get"},
		{"POST", "cloudresourcemanager.googleapis.com", "/v2/folders/200000000001:getIamPolicy", `{"options":{"requestedPolicyVersion":3}}`, 200, "etag"},
		{"POST", "cloudresourcemanager.googleapis.com", "/v1/organizations/100000000001:getIamPolicy", "{}", 200, "roles/browser"},
		{"POST", "cloudresourcemanager.googleapis.com", "/v1/projects/myproject-b:setIamPolicy", `{"policy":{"etag":"AAAA"}}`, 409, `"ABORTED"`},
		{"POST", "cloudresourcemanager.googleapis.com", "/v1/projects/myproject-b:setIamPolicy", "{", 400, "INVALID_ARGUMENT"},
		{"GET", "cloudresourcemanager.googleapis.com", "/v3/projects/no-such", "", 403, `"reason":"IAM_PERMISSION_DENIED"`},
		{"GET", "cloudresourcemanager.googleapis.com", "/v1/projects?filter=colour:red", "", 400, "INVALID_ARGUMENT"},
		{"GET", "cloudresourcemanager.googleapis.com", "/v1/projects?pageSize=1", "", 200, "nextPageToken"},
		{"POST", "iam.googleapis.com", "/v1/projects/myproject-a/serviceAccounts/web%40myproject-a.iam.gserviceaccount.com:getIamPolicy", "", 200, "roles/iam.serviceAccountUser"},
		{"GET", "iam.googleapis.com", "/v2/policies/cloudresourcemanager.googleapis.com%252Fprojects%252Fmyproject-a/denypolicies", "", 200, "{}"},
		{"GET", "iam.googleapis.com", "/v2/policies/cloudresourcemanager.googleapis.com%2Fprojects%2Fmyproject-a/denypolicies", "", 200, "{}"},
		{"POST", "serviceusage.googleapis.com", "/v1/projects/myproject-b/services:batchEnable", `{"serviceIds":["run.googleapis.com","pubsub.googleapis.com"]}`, 200, `"done":true`},
		{"GET", "serviceusage.googleapis.com", "/v1/projects/222222222222/services/run.googleapis.com", "", 200, `"ENABLED"`},
		{"GET", "asia-northeast1-run.googleapis.com", "/v1/projects/myproject-a/locations/asia-northeast1/services/web:getIamPolicy", "", 200, "etag"},
		{"GET", "run.googleapis.com", "/v2/projects/myproject-a/locations/asia-northeast1/jobs/myjob", "", 200, "CONTAINER_PERMISSION_DENIED"},
		{"GET", "", "/v3/projects/myproject-a", "", 200, `"projects/111111111111"`},
		{"GET", "", "/v9/nothing", "", 501, "does not serve GET /v9/nothing"},
	} {
		t.Run(q.method+" "+q.host, func(t *testing.T) {
			code, text := send(t, s, q.method, q.host, q.path, q.body, nil)
			// The JSON of protocol buffers has a space after some colons, at random.
			if code != q.code || !strings.Contains(strings.ReplaceAll(text, `": `, `":`), q.text) {
				t.Errorf("%s %s%s: %d %s, want %d with %s", q.method, q.host, q.path, code, text, q.code, q.text)
			}
		})
	}
}
