package oracle

import (
	"bytes"
	"testing"

	"whopulls/gcp/sandbox/world"
	"whopulls/model"
)

// publicWorld has repositories that anybody may read: one with images of its own, and some that fetch them.
const publicWorld = `
caller: user:dev@example.com
projects:
  - id: consumer-a
    number: "111111111111"
    services: [run.googleapis.com, artifactregistry.googleapis.com]
    agents: [run.googleapis.com, artifactregistry.googleapis.com]
    policy: {bindings: [{role: roles/browser, members: ["user:dev@example.com"]}]}
  - id: source-b
    number: "222222222222"
    services: [artifactregistry.googleapis.com]
    agents: [artifactregistry.googleapis.com]
    repositories:
      - &image {location: us, id: own, images: [{name: app, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}], policy: &public {bindings: [{role: roles/artifactregistry.reader, members: [allUsers]}]}}
      - {location: us, id: front, mode: VIRTUAL, upstreams: [projects/source-b/locations/us/repositories/own], policy: *public}
      - {location: us, id: closed-front, mode: VIRTUAL, upstreams: [projects/third-c/locations/us/repositories/closed], policy: *public}
      - {location: us, id: hub, mode: REMOTE, upstreams: ["https://registry-1.docker.io"], policy: *public}
      - {location: us, id: mirror, mode: REMOTE, upstreams: [projects/source-b/locations/us/repositories/own], policy: *public}
      - {location: us, id: front-of-hub, mode: VIRTUAL, upstreams: [projects/source-b/locations/us/repositories/hub], policy: *public}
  - id: third-c
    number: "333333333333"
    services: [artifactregistry.googleapis.com]
    repositories:
      - {location: us, id: closed, images: [{name: app, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}]}
  - id: off-d
    number: "444444444444"
    services: []
    repositories:
      - {location: us, id: own, images: [{name: app, digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", tags: [latest]}], policy: *public}
`

// What the registry serves to nobody decides here, for the caller may read no policy. Drawn worlds seldom have this.
func TestClientsReadPublicRepositoriesTheSame(t *testing.T) {
	for name, c := range map[string]struct {
		image string
		want  model.Verdict
	}{
		"its own image":                 {"us-docker.pkg.dev/source-b/own/app:latest", model.Granted},
		"its own image, by digest":      {"us-docker.pkg.dev/source-b/own/app@" + imageDigest, model.Granted},
		"an image that is not here":     {"us-docker.pkg.dev/source-b/own/other:latest", model.Unknown},
		"a virtual one":                 {"us-docker.pkg.dev/source-b/front/app:latest", model.Granted},
		"a virtual one, closed":         {"us-docker.pkg.dev/source-b/closed-front/app:latest", model.Unknown},
		"of the outer world":            {"us-docker.pkg.dev/source-b/hub/app:latest", model.Granted},
		"of the outer world, by digest": {"us-docker.pkg.dev/source-b/hub/app@" + imageDigest, model.Granted},
		"a mirror":                      {"us-docker.pkg.dev/source-b/mirror/app:latest", model.Granted},
		"a virtual one of a remote":     {"us-docker.pkg.dev/source-b/front-of-hub/app:latest", model.Granted},
		"the API is off":                {"us-docker.pkg.dev/off-d/own/app:latest", model.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			w, err := world.Parse("public", []byte(publicWorld))
			if err != nil {
				t.Fatal(err)
			}
			image, err := model.ParseImage(c.image)
			if err != nil {
				t.Fatal(err)
			}
			s := &scenario{world: w, caller: w.Caller, question: model.Question{Project: "consumer-a", Image: image}}
			read := readByClients(t, s)
			theirs, ours := model.Diagnose(read), model.Diagnose(s.read(read.Time))
			if got := asJSON(withoutSentences(theirs)); !bytes.Equal(got, asJSON(withoutSentences(ours))) {
				t.Errorf("the clients: %s\nthe reader:  %s", got, asJSON(withoutSentences(ours)))
			}
			for _, check := range theirs.Checks {
				if check.ID == model.CheckPull && check.Verdict != c.want {
					t.Errorf("pull is %s, want %s", check.Verdict, c.want)
				}
			}
		})
	}
}
