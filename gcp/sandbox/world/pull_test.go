package world

import (
	"fmt"
	"strings"
	"testing"
)

// upstreamWorld has an image at the end of several ways: a virtual repository
// of another project, one behind that, and a remote one. grant is the policy of
// the repository that has the image, services are the APIs of its project.
func upstreamWorld(t *testing.T, grant, services string) *World {
	t.Helper()
	const image = `images: [{name: app, tags: [latest], digest: "sha256:%s"}]`
	return parseWorld(t, fmt.Sprintf(`
caller: user:dev@example.com
organization: {id: "1"}
roles: [{name: organizations/1/roles/virtual, includedPermissions: [artifactregistry.repositories.readViaVirtualRepository]},
        {name: organizations/1/roles/direct, includedPermissions: [artifactregistry.repositories.downloadArtifacts]}]
projects:
  - {id: app, number: "11", parent: organizations/1, services: [run.googleapis.com]}
  - id: mid
    number: "22"
    parent: organizations/1
    services: [artifactregistry.googleapis.com]
    policy: {bindings: [{role: roles/artifactregistry.reader, members: ["serviceAccount:service-11@serverless-robot-prod.iam.gserviceaccount.com"]}]}
    repositories:
      - {location: us, id: plain, %[3]s}
      - {location: us, id: own, mode: VIRTUAL, upstreams: [projects/mid/locations/us/repositories/plain]}
      - {location: us, id: virtual, mode: VIRTUAL, upstreams: [projects/end/locations/us/repositories/base]}
      - {location: us, id: nested, mode: VIRTUAL, upstreams: [projects/mid/locations/us/repositories/virtual]}
      - {location: us, id: remote, mode: REMOTE, upstreams: [projects/end/locations/us/repositories/base]}
      - {location: us, id: both, mode: VIRTUAL, upstreams: [projects/end/locations/us/repositories/base, projects/mid/locations/us/repositories/plain]}
      - {location: us, id: hub, mode: REMOTE, upstreams: ["https://registry-1.docker.io"]}
      - {location: us, id: overhub, mode: VIRTUAL, upstreams: [projects/mid/locations/us/repositories/hub]}
  - id: end
    number: "33"
    parent: organizations/1
    services: %[2]s
    agents: []
    repositories: [{location: us, id: base, %[3]s, policy: {bindings: [%[1]s]}}]
`, grant, services, fmt.Sprintf(image, strings.Repeat("0", 64))))
}

// TestPullThroughUpstreams holds section 4.5 of the fact sheet: the Artifact
// Registry agent of the repository's own project reads an upstream of another.
func TestPullThroughUpstreams(t *testing.T) {
	const on = "[artifactregistry.googleapis.com]"
	bound := func(role, number string) string {
		return "{role: " + role + `, members: ["serviceAccount:service-` + number + `@gcp-sa-artifactregistry.iam.gserviceaccount.com"]}`
	}
	reader := bound("roles/artifactregistry.reader", "22")
	const denied = `Permission \"artifactregistry.repositories.%s\" denied on resource \"projects/end/locations/us/repositories/base\" (or it may not exist)`
	virtually, directly := fmt.Sprintf(denied, "readViaVirtualRepository"), fmt.Sprintf(denied, "downloadArtifacts")
	const off = "Artifact Registry API has not been used in project 33 before or it is disabled."
	for _, c := range []struct{ about, grant, services, repository, want string }{
		{"nothing is granted", "", on, "virtual", virtually},
		{"nothing is granted to a remote one", "", on, "remote", directly},
		{"nor behind another virtual one", "", on, "nested", virtually},
		{"the agent reads", reader, on, "virtual", ""},
		{"the agent reads for a remote one", reader, on, "remote", ""},
		{"the agent reads behind another virtual one", reader, on, "nested", ""},
		{"as its own role has it", bound("roles/artifactregistry.serviceAgent", "22"), on, "remote", ""},
		{"a narrow role for a virtual one", bound("organizations/1/roles/virtual", "22"), on, "virtual", ""},
		{"which a remote one is not served by", bound("organizations/1/roles/virtual", "22"), on, "remote", directly},
		{"a role for pulls alone", bound("organizations/1/roles/direct", "22"), on, "remote", ""},
		{"which a virtual one is not served by", bound("organizations/1/roles/direct", "22"), on, "virtual", virtually},
		{"another project's agent", bound("roles/artifactregistry.reader", "33"), on, "virtual", virtually},
		{"the puller in the agent's place", `{role: roles/artifactregistry.reader, members: ["serviceAccount:service-11@serverless-robot-prod.iam.gserviceaccount.com"]}`, on, "virtual", virtually},
		{"everybody", "{role: roles/artifactregistry.reader, members: [allUsers]}", on, "virtual", ""},
		{"the API is off behind", reader, "[]", "virtual", off},
		{"an upstream of its own project", "", on, "own", ""},
		{"another upstream has the image", "", on, "both", ""},
		{"a remote one of another registry", "", on, "hub", ""},
		{"a virtual one over it", "", on, "overhub", ""},
	} {
		t.Run(c.about, func(t *testing.T) {
			w := upstreamWorld(t, c.grant, c.services)
			got := w.pullReadiness(w.Project("app"), []string{"us-docker.pkg.dev/mid/" + c.repository + "/app"}, w.readRefusal)
			ref, _ := ParseReference("us-docker.pkg.dev/mid/" + c.repository + "/app")
			if digest, refused := w.ManifestDigest(ref); (digest != "") != (c.want == "") || !strings.Contains(refused, strings.ReplaceAll(c.want, `\"`, `"`)) {
				t.Errorf("%s: the registry's manifest is %q, or refused with %q", c.about, digest, refused)
			}
			switch {
			case c.want == "" && got.Ready:
			case c.want == "" || got.Ready || got.ImageMissing || !strings.Contains(got.Message, c.want):
				t.Errorf("%s: %+v, want a refusal with %q", c.about, got, c.want)
			case !strings.HasPrefix(got.Message, "Google Cloud Run Service Agent service-11@serverless-robot-prod.iam.gserviceaccount.com must have permission to read the image, us-docker.pkg.dev/mid/"+c.repository+"/app. "):
				t.Errorf("%s: it is not in Cloud Run's words: %s", c.about, got.Message)
			}
		})
	}
	w := upstreamWorld(t, reader, on)
	if got := w.pullReadiness(w.Project("app"), []string{"us-docker.pkg.dev/mid/virtual/none"}, w.readRefusal); !got.ImageMissing {
		t.Errorf("an image that nobody has: %+v", got)
	}
}

// TestPullWhereTheAPIIsOff is about the project that holds the repository.
func TestPullWhereTheAPIIsOff(t *testing.T) {
	const puller = "{role: roles/artifactregistry.reader, members: [\"serviceAccount:service-11@serverless-robot-prod.iam.gserviceaccount.com\", \"user:dev@example.com\"]}"
	const image = "us-docker.pkg.dev/end/base/app"
	ref, _ := ParseReference(image)
	for services, want := range map[string]string{
		"[artifactregistry.googleapis.com]": "",
		"[run.googleapis.com]": `"message":"Artifact Registry API has not been used in project 33 before or it is disabled. Enable it by visiting ` +
			`https://console.developers.google.com/apis/api/artifactregistry.googleapis.com/overview?project=33 then retry.`,
	} {
		t.Run(services, func(t *testing.T) {
			w := upstreamWorld(t, puller, services)
			got := w.pullReadiness(w.Project("app"), []string{image}, w.readRefusal)
			if got.Ready != (want == "") || !strings.Contains(got.Message, want) {
				t.Errorf("services %s: %+v", services, got)
			}
			if !w.pullReadiness(w.Project("app"), []string{image}, w.iamRefusal).Ready {
				t.Errorf("services %s: what was deployed before the API was off has failed", services)
			}
			deployer := w.DeployerRefusal(w.Project("app"), "user:dev@example.com", ref)
			if (deployer == "") != (want == "") || !strings.Contains(deployer, want) {
				t.Errorf("services %s: the deployer reads %q", services, deployer)
			}
			if told := w.DeployerRefusal(w.Project("app"), "user:stranger@example.com", ref); !strings.Contains(told, "denied on resource") {
				t.Errorf("services %s: a stranger reads %q", services, told)
			}
			w.Enable(w.Project("end"), registryAPI)
			if got := w.pullReadiness(w.Project("app"), []string{image}, w.readRefusal); !got.Ready {
				t.Errorf("services %s: once it is on: %+v", services, got)
			}
		})
	}
}
