package model_test

import (
	"cmp"
	"testing"

	"pgregory.net/rapid"

	"whopulls/model"
)

// sameImage compares what two references mean, however they were typed.
func sameImage(a, b model.Image) bool {
	a.Text, b.Text = "", ""
	return a == b
}

// assertRoundTrip states the round trip: what a reference prints is read as the same reference.
func assertRoundTrip(t interface{ Fatalf(string, ...any) }, i model.Image) {
	again, err := model.ParseImage(i.String())
	if err != nil {
		t.Fatalf("%q printed %q, which is refused: %v", i.Text, i.String(), err)
	}
	if !sameImage(i, again) || i.String() != again.String() {
		t.Fatalf("%q printed %q, which is read as %+v, not %+v", i.Text, i.String(), again, i)
	}
}

func TestImageRoundTrip(t *testing.T) {
	for name, c := range registryReferences {
		t.Run(name, func(t *testing.T) {
			i, err := model.ParseImage(c.text)
			if err != nil {
				t.Fatal(err)
			}
			assertRoundTrip(t, i)
		})
	}
}

// references draws well-formed references of every registry.
func references(t *rapid.T) string {
	word := rapid.StringMatching(`[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,4})?`)
	host := rapid.SampledFrom([]string{"", "docker.io/", "ghcr.io/", "gcr.io/", "us.gcr.io/", "eu.gcr.io/", "asia.gcr.io/",
		"us-docker.pkg.dev/", "asia-northeast1-docker.pkg.dev/", "docker.us-central1.rep.pkg.dev/"}).Draw(t, "host")
	ref := host
	if rapid.Bool().Draw(t, "domain-scoped") {
		ref += "example.com/"
	}
	ref += word.Draw(t, "project") + "/" + word.Draw(t, "repository")
	for _, part := range rapid.SliceOfN(word, 1, 4).Draw(t, "path") {
		ref += "/" + part
	}
	if rapid.Bool().Draw(t, "tagged") {
		ref += ":" + rapid.StringMatching(`[A-Za-z0-9_][A-Za-z0-9_.-]{0,20}`).Draw(t, "tag")
	}
	if rapid.Bool().Draw(t, "pinned") {
		ref += "@sha256:" + rapid.StringMatching(`[0-9a-f]{64}`).Draw(t, "digest")
	}
	return ref
}

func TestImageRoundTripAnywhere(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := references(t)
		i, err := model.ParseImage(text)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		assertRoundTrip(t, i)
	})
}

func FuzzParseImage(f *testing.F) {
	for _, c := range registryReferences {
		f.Add(c.text)
	}
	for _, seed := range []string{"", "nginx", "library/nginx:1", "ghcr.io/a/b", "@", ":", "/", "a@b@c", "localhost:1/x:y",
		"https://gcr.io/p/i", "docker://nginx", "[::1]:5000/x", "us-docker.pkg.dev/a.b//r/i", "gcr.io/a./i"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		i, err := model.ParseImage(text)
		if err != nil {
			if err.Error() == "" {
				t.Fatalf("%q is refused silently", text)
			}
			return
		}
		assertRoundTrip(t, i)
	})
}

func FuzzParseRepository(f *testing.F) {
	for _, seed := range []string{"", "projects/p1/locations/us/repositories/r1", "us-docker.pkg.dev/p1/r1", "projects////",
		"//artifactregistry.googleapis.com/projects/p1/locations/us/repositories/r1", "us-docker.pkg.dev/example.com/p1/r1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := model.ParseRepository(text)
		if err != nil {
			return
		}
		again, err := model.ParseRepository(r.String())
		if err != nil || again != r {
			t.Fatalf("%q printed %q, which is read as %v, %v", text, r, again, err)
		}
	})
}

func TestParseRepository(t *testing.T) {
	plain := model.RepositoryName{Project: "myproject-b", Location: tokyo, ID: "myrepo"}
	scoped := model.RepositoryName{Project: "example.com:my-project", Location: "us", ID: "my-repo"}
	cases := map[string]model.RepositoryName{
		plain.String():                                              plain,
		plain.String() + "/":                                        plain,
		string(plain.Resource()):                                    plain,
		"  " + plain.String() + "":                                  plain,
		"asia-northeast1-docker.pkg.dev/myproject-b/myrepo":         plain,
		"docker.asia-northeast1.rep.pkg.dev/myproject-b/myrepo":     plain,
		"us-docker.pkg.dev/example.com/my-project/my-repo":          scoped,
		scoped.String():                                             scoped,
		"us-docker.pkg.dev/p1/gcr.io":                               {Project: "p1", Location: "us", ID: "gcr.io"},
		"projects/p1/locations/europe/repositories/eu.gcr.io":       {Project: "p1", Location: "europe", ID: "eu.gcr.io"},
		"//artifactregistry.googleapis.com/" + (scoped.String()):    scoped,
		"https://asia-northeast1-docker.pkg.dev/myproject-b/myrepo": plain,
	}
	for text, want := range cases {
		t.Run(text, func(t *testing.T) {
			if got, err := model.ParseRepository(text); err != nil || got != want {
				t.Errorf("%q is %+v, %v; want %+v", text, got, err, want)
			}
		})
	}
}

func TestParseRepositoryRefuses(t *testing.T) {
	for _, text := range []string{"", " ", "myrepo", "myproject-b/myrepo", "us-docker.pkg.dev/myproject-b", arImage, arImage + ":v1",
		"us-docker.pkg.dev/example.com/my-project", "projects/p1/repositories/r1", "projects//locations/us/repositories/r1",
		"projects/p1/locations/us/repositories/", "projects/p1/locations/us/repositories/r1/packages/i", "ghcr.io/acme/web", "nginx",
		"us-docker.pkg.dev/p1/r1:v1", "us-docker.pkg.dev/p1/r1@" + digest, "us-docker.pkg.dev/p1/my repo", "us-docker.pkg.dev/p1/r\x1b1",
		"us-docker.pkg.dev/_/r1", "us-docker.pkg.dev/my_project/r1", "us-docker.pkg.dev/example.com/my_project/r1",
		"projects/p1/locations/us/repositories/my repo", "projects/p1/locations/us/repositories/r\x1b[2J1"} {
		t.Run(cmp.Or(text, "empty"), func(t *testing.T) {
			if got, err := model.ParseRepository(text); err == nil {
				t.Errorf("%q is taken for %+v, want a refusal", text, got)
			}
		})
	}
}

func TestRepositoryName(t *testing.T) {
	r := model.RepositoryName{Project: "p1", Location: "us", ID: "r1"}
	if got := r.Resource(); got != "//artifactregistry.googleapis.com/projects/p1/locations/us/repositories/r1" {
		t.Errorf("Resource() = %q", got)
	}
	none := model.RepositoryName{}
	if none.String() != "" || none.Resource() != "" {
		t.Errorf("no repository prints as %q, %q", none, none.Resource())
	}
}
