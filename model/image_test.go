package model_test

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"testing"

	"whopulls/model"
)

const (
	digest  = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	tokyo   = "asia-northeast1"
	arImage = "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob"
)

// imageRepository is what a reference to Artifact Registry must be taken for.
type imageRepository struct{ project, location, repository, path, tag, digest string }

var registryReferences = map[string]struct {
	text string
	want imageRepository
}{
	"region, no tag":          {arImage, imageRepository{"myproject-b", tokyo, "myrepo", "myjob", "latest", ""}},
	"region, tag":             {arImage + ":v1", imageRepository{"myproject-b", tokyo, "myrepo", "myjob", "v1", ""}},
	"region, digest":          {arImage + "@" + digest, imageRepository{"myproject-b", tokyo, "myrepo", "myjob", "", digest}},
	"region, tag and digest":  {arImage + ":v1@" + digest, imageRepository{"myproject-b", tokyo, "myrepo", "myjob", "v1", digest}},
	"tag in capitals":         {arImage + ":V1.0_RC-2", imageRepository{"myproject-b", tokyo, "myrepo", "myjob", "V1.0_RC-2", ""}},
	"multi-region us":         {"us-docker.pkg.dev/p1/r1/i", imageRepository{"p1", "us", "r1", "i", "latest", ""}},
	"multi-region europe":     {"europe-docker.pkg.dev/p1/r1/i", imageRepository{"p1", "europe", "r1", "i", "latest", ""}},
	"multi-region asia":       {"asia-docker.pkg.dev/p1/r1/i", imageRepository{"p1", "asia", "r1", "i", "latest", ""}},
	"nested path":             {"us-west1-docker.pkg.dev/p1/r1/a/b/c:t", imageRepository{"p1", "us-west1", "r1", "a/b/c", "t", ""}},
	"domain-scoped, pkg.dev":  {"us-west1-docker.pkg.dev/example.com/my-project/my-repo/image", imageRepository{"example.com:my-project", "us-west1", "my-repo", "image", "latest", ""}},
	"domain-scoped, nested":   {"us-west1-docker.pkg.dev/example.com/my-project/my-repo/a/b:t", imageRepository{"example.com:my-project", "us-west1", "my-repo", "a/b", "t", ""}},
	"domain-scoped, gcr.io":   {"gcr.io/example.com/my-project/app:t", imageRepository{"example.com:my-project", "us", "gcr.io", "app", "t", ""}},
	"gcr.io":                  {"gcr.io/p1/app", imageRepository{"p1", "us", "gcr.io", "app", "latest", ""}},
	"us.gcr.io":               {"us.gcr.io/p1/app:t", imageRepository{"p1", "us", "us.gcr.io", "app", "t", ""}},
	"eu.gcr.io":               {"eu.gcr.io/p1/app@" + digest, imageRepository{"p1", "europe", "eu.gcr.io", "app", "", digest}},
	"asia.gcr.io":             {"asia.gcr.io/p1/a/b", imageRepository{"p1", "asia", "asia.gcr.io", "a/b", "latest", ""}},
	"gcr.io by its own name":  {"us-docker.pkg.dev/p1/gcr.io/app", imageRepository{"p1", "us", "gcr.io", "app", "latest", ""}},
	"regional endpoint":       {"docker.us-central1.rep.pkg.dev/p1/r1/i:t", imageRepository{"p1", "us-central1", "r1", "i", "t", ""}},
	"blanks around":           {"  " + arImage + ":v1\n", imageRepository{"myproject-b", tokyo, "myrepo", "myjob", "v1", ""}},
	"host in capitals":        {"US-DOCKER.PKG.DEV/p1/r1/i:V1", imageRepository{"p1", "us", "r1", "i", "V1", ""}},
	"host in mixed letters":   {"Asia-Northeast1-Docker.pkg.dev/p1/r1/a/b@" + digest, imageRepository{"p1", tokyo, "r1", "a/b", "", digest}},
	"gcr.io in capitals":      {"EU.GCR.IO/p1/app", imageRepository{"p1", "europe", "eu.gcr.io", "app", "latest", ""}},
	"regional, in capitals":   {"Docker.US-Central1.rep.pkg.dev/p1/r1/i:t", imageRepository{"p1", "us-central1", "r1", "i", "t", ""}},
	"scheme in capitals":      {"HTTPS://us-docker.pkg.dev/p1/r1/i", imageRepository{"p1", "us", "r1", "i", "latest", ""}},
	"underscores in the path": {"us-docker.pkg.dev/p1/r1/my_app/x.y", imageRepository{"p1", "us", "r1", "my_app/x.y", "latest", ""}},
}

func TestParseImageOfArtifactRegistry(t *testing.T) {
	for name, c := range registryReferences {
		t.Run(name, func(t *testing.T) {
			i, err := model.ParseImage(c.text)
			if err != nil {
				t.Fatal(err)
			}
			got := imageRepository{i.Repository.Project, i.Repository.Location, i.Repository.ID, i.Path, i.Tag, i.Digest}
			if got != c.want || i.Registry != model.ArtifactRegistry {
				t.Errorf("%q is %+v in %s, want %+v", c.text, got, i.Registry, c.want)
			}
		})
	}
}

func TestParseImageElsewhere(t *testing.T) {
	cases := map[string]struct {
		registry model.Registry
		path     string
	}{
		"nginx":                        {model.DockerHub, "nginx"},
		"nginx:1.27":                   {model.DockerHub, "nginx"},
		"library/nginx":                {model.DockerHub, "library/nginx"},
		"docker.io/library/nginx":      {model.DockerHub, "library/nginx"},
		"index.docker.io/acme/web":     {model.DockerHub, "acme/web"},
		"acme/web@" + digest:           {model.DockerHub, "acme/web"},
		"ghcr.io/acme/web:v1":          {model.PublicRegistry, "acme/web"},
		"GHCR.IO/acme/web:v1":          {model.PublicRegistry, "acme/web"},
		"Docker.IO/library/nginx":      {model.DockerHub, "library/nginx"},
		"QUAY.io/acme/web":             {model.ForeignRegistry, "acme/web"},
		"mirror.gcr.io/library/nginx":  {model.PublicRegistry, "library/nginx"},
		"example.jfrog.io/acme/web":    {model.ForeignRegistry, "acme/web"},
		"quay.io/acme/web":             {model.ForeignRegistry, "acme/web"},
		"mcr.microsoft.com/dotnet/sdk": {model.ForeignRegistry, "dotnet/sdk"},
		"localhost:5000/web":           {model.ForeignRegistry, "web"},
		"localhost/web":                {model.ForeignRegistry, "web"},
	}
	for text, c := range cases {
		t.Run(text, func(t *testing.T) {
			i, err := model.ParseImage(text)
			if err != nil {
				t.Errorf("%q: %v", text, err)
				return
			}
			if i.Registry != c.registry || i.Path != c.path || i.Repository != (model.RepositoryName{}) {
				t.Errorf("%q is %q in %s, repository %v; want %q in %s", text, i.Path, i.Registry, i.Repository, c.path, c.registry)
			}
		})
	}
}

func TestParseImageRefuses(t *testing.T) {
	cases := map[string]string{ // what the message must speak of
		"":    "empty",
		"   ": "empty",
		"us-west1-docker.pkg.dev/my-project/my-image:v1":      "repository",
		"us-west1-docker.pkg.dev/my-project":                  "repository",
		"us-west1-docker.pkg.dev/my-project/my-repo/":         "image",
		"us-west1-docker.pkg.dev/example.com/my-project/repo": "image",
		"gcr.io/my-project":                                   "image",
		"gcr.io/example.com/my-project":                       "image",
		"foo.gcr.io/p1/app":                                   "gcr.io",
		"k8s.gcr.io/pause":                                    "gcr.io",
		"docker.pkg.dev/p1/r1/i":                              "location",
		arImage + ":":                                         "tag",
		arImage + "@":                                         "digest",
		arImage + ":v 1":                                      "",
		arImage + "@sha256:12":                                "",
		arImage + "@" + digest + "@" + digest:                 "",
		"us-docker.pkg.dev/p1/R1/i":                           "write us-docker.pkg.dev/p1/r1/i",
		"US-docker.pkg.dev/P1/r1/i:V1":                        "write us-docker.pkg.dev/p1/r1/i",
		"Acme/web":                                            "write acme/web",
		"us-docker.pkg.dev/p1/r1/my image":                    "",
		"us-docker.pkg.dev/p1/r1/$(x)":                        "",
		"us-docker.pkg.dev/p1/r1/i\x1b[2J":                    "",
		"us-docker.pkg.dev/p1/r1/i/":                          "",
		"us-docker.pkg.dev/p1/r1//i":                          "",
		"us-docker.pkg.dev/p1//r1/i":                          "",
		"/nginx":                                              "",
	}
	for text, word := range cases {
		t.Run(cmp.Or(fmt.Sprintf("%.120s", text), "empty"), func(t *testing.T) {
			i, err := model.ParseImage(text)
			var bad *model.InputError
			if !errors.As(err, &bad) {
				t.Errorf("%q was taken for %+v, want an InputError", text, i)
				return
			}
			if !strings.Contains(bad.Why, word) || bad.What != "image" || bad.Text != text || bad.Hint() == "" {
				t.Errorf("%q: %+v, want a reason that speaks of %q and a hint", text, bad, word)
			}
		})
	}
}

func TestImageNames(t *testing.T) {
	cases := []struct{ text, full, base, pkg, short string }{
		{arImage, arImage + ":latest", arImage, "projects/myproject-b/locations/asia-northeast1/repositories/myrepo/packages/myjob", "myjob:latest"},
		{"us-docker.pkg.dev/p1/r1/a/b/c:t", "us-docker.pkg.dev/p1/r1/a/b/c:t", "us-docker.pkg.dev/p1/r1/a/b/c", "projects/p1/locations/us/repositories/r1/packages/a%2Fb%2Fc", "a/b/c:t"},
		{"eu.gcr.io/p1/a/b:t", "eu.gcr.io/p1/a/b:t", "eu.gcr.io/p1/a/b", "projects/p1/locations/europe/repositories/eu.gcr.io/packages/a%2Fb", "a/b:t"},
		{"gcr.io/example.com/p1/i:t", "gcr.io/example.com/p1/i:t", "gcr.io/example.com/p1/i", "projects/example.com:p1/locations/us/repositories/gcr.io/packages/i", "i:t"},
	}
	for _, c := range cases {
		t.Run(c.text, func(t *testing.T) {
			i, err := model.ParseImage(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if i.String() != c.full || i.Base() != c.base || i.Package() != c.pkg || i.Short() != c.short || i.Text != c.text {
				t.Errorf("%q prints as\n%s\n%s\n%s\n%s", c.text, i, i.Base(), i.Package(), i.Short())
			}
		})
	}
}

func TestShortDigest(t *testing.T) {
	for digest, want := range map[string]string{digest: "sha256:9f86d081884c", "sha256:12": "sha256:12", "": ""} {
		t.Run(cmp.Or(digest, "empty"), func(t *testing.T) {
			if got := model.ShortDigest(digest); got != want {
				t.Errorf("ShortDigest(%q) = %q, want %q", digest, got, want)
			}
		})
	}
}

func TestImageEntryReference(t *testing.T) {
	tagged := model.ListedImage{Base: model.ImageOf(arImage), Digest: digest, Tags: []string{"v2", "v1"}}
	if got := tagged.Reference().Text; got != arImage+":v2" {
		t.Errorf("a tagged entry is %q", got)
	}
	tagged.Tags = nil
	if got := tagged.Reference().Text; got != arImage+"@"+digest {
		t.Errorf("an entry without a tag is %q", got)
	}
}

// What Cloud Run or a file holds keeps its text, and means what the parser reads in it.
func TestImageOf(t *testing.T) {
	for _, text := range []string{arImage, "nginx", "US-Docker.pkg.dev/p/r/i:v1", " docker://gcr.io/p/i ", "ghcr.io/a/b"} {
		t.Run(text, func(t *testing.T) {
			want, err := model.ParseImage(text)
			if err != nil {
				t.Fatal(err)
			}
			want.Text = text
			if got := model.ImageOf(text); got != want {
				t.Errorf("it is %+v, not %+v", got, want)
			}
		})
	}
	for _, text := range []string{"not an image", "host:1/", "us-docker.pkg.dev/p"} {
		t.Run(text, func(t *testing.T) {
			if got := model.ImageOf(text); got != (model.Image{Text: text, Registry: model.ForeignRegistry, Path: text}) {
				t.Errorf("it is %+v", got)
			}
		})
	}
	if got := model.ImageOf(""); !got.IsZero() {
		t.Errorf("nothing is %+v", got)
	}
}

// A diagnosis names an image plainly, however the workload names it.
func TestDiagnoseNamesImagesPlainly(t *testing.T) {
	w := withImages("Asia-Northeast1-Docker.pkg.dev/myproject-b/myrepo/myjob", "no image")
	d := model.Diagnose(w.Situation)
	if len(d.Images) != 2 || d.Images[0].Reference != arImage || d.Images[1].Reference != "no image" {
		t.Errorf("the images are %+v", d.Images)
	}
}
