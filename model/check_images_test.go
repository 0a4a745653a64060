package model_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"whopulls/model"
)

// withImages gives the article's world with other images in the job.
func withImages(images ...string) *fixture {
	w := article()
	w.Workload.Value.Images = model.ImagesOf(images...)
	for _, ref := range images {
		if i, err := model.ParseImage(ref); err == nil && i.Registry == model.ArtifactRegistry {
			w.image(i.String())
		}
	}
	return w
}

const otherImage = "asia-northeast1-docker.pkg.dev/myproject-b/other/side"

// Up to ten containers, each with an image of its own (iam-facts 1.6).
func TestDiagnoseSeveralContainers(t *testing.T) {
	cases := map[string]struct {
		images []string
		want   []string // the numbered ids of pull, read-image and image
	}{
		"one": {[]string{arImage}, []string{"pull", "read-image", "image"}},
		"two images of one repository": {[]string{arImage, arImage + ":v2"},
			[]string{"pull", "read-image", "image", "image#2"}},
		"the same image twice": {[]string{arImage + ":v1", arImage + ":v1"}, []string{"pull", "read-image", "image"}},
		"the same with and without latest": {[]string{arImage, arImage + ":latest"},
			[]string{"pull", "read-image", "image"}},
		"two repositories": {[]string{arImage, otherImage, arImage + ":v2", otherImage},
			[]string{"pull", "pull#2", "read-image", "read-image#2", "image", "image#2", "image#3"}},
		"Docker Hub next to": {[]string{arImage, "nginx", otherImage},
			[]string{"pull", "pull#2", "pull#3", "read-image", "read-image#2", "read-image#3", "image", "image#2", "image#3"}},
		"two hosts of one repository": {[]string{arImage, "docker.asia-northeast1.rep.pkg.dev/myproject-b/myrepo/myjob:v2"},
			[]string{"pull", "read-image", "image", "image#2"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, id := range ids(model.Diagnose(withImages(c.images...).Situation)) {
				family, _, _ := strings.Cut(id, "#")
				if slices.Contains([]string{"pull", "read-image", "image"}, family) {
					got = append(got, id)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: the checks are %v, want %v", name, got, c.want)
			}
		})
	}
}

func TestDiagnoseNumbersByFirstAppearance(t *testing.T) {
	w := withImages(otherImage, arImage, otherImage+":v2")
	w.bind(other, reader, agent)
	w.expect(t, map[string]model.Verdict{"pull": model.Granted, "pull#2": model.Missing, "image#3": model.Granted})
	if c := w.check(t, "pull#2"); c.Resource != repository {
		t.Errorf("pull#2 asks about %s", c.Resource)
	}
	d := model.Diagnose(w.Situation)
	var references []string
	for _, i := range d.Images {
		references = append(references, i.Reference)
	}
	if !slices.Equal(references, []string{otherImage, arImage, otherImage + ":v2"}) {
		t.Errorf("the images are %v", references)
	}
}

func TestDiagnoseImageReplacesTheFirst(t *testing.T) {
	w := withImages(arImage, otherImage)
	w.Question.Image = model.ImageOf(otherImage + ":v9")
	w.image(otherImage + ":v9")
	d := model.Diagnose(w.Situation)
	if len(d.Images) != 2 || d.Images[0].Reference != otherImage+":v9" || d.Images[1].Reference != otherImage {
		t.Errorf("the images are %+v", d.Images)
	}
	if got := w.Workload.Value.Images[0]; got.Text != arImage {
		t.Errorf("the question changed the workload that was read: %s", got.Text)
	}
}

// No IAM decides at Docker Hub (iam-facts 4.4; design, Verdicts).
func TestDiagnoseDockerHub(t *testing.T) {
	w := withImages("nginx:1.27")
	for _, id := range []string{"image", "pull", "read-image"} {
		c := w.check(t, id)
		if c.Verdict != model.Unknown || len(c.Gaps) != 1 || c.Gaps[0].Need != "" || c.Gaps[0].Reason == "" {
			t.Errorf("%s is %s with the gaps %+v", id, c.Verdict, c.Gaps)
		}
	}
	d := model.Diagnose(w.Situation)
	if d.Images[0].Repository != nil || d.Images[0].Digest != nil || len(model.PlanFor(w.Situation, d, model.PlanOptions{}).Steps) != 0 {
		t.Errorf("an image of Docker Hub has %+v", d.Images[0])
	}
}

// Cloud Run refuses every other host; a remote repository is the way round (iam-facts 4.4).
func TestDiagnoseForeignRegistry(t *testing.T) {
	for _, ref := range []string{"quay.io/acme/web:v1", "k8s.gcr.io/pause:3", "mcr.microsoft.com/dotnet/sdk:8.0", "acme.jfrog.io/web:v1"} {
		w := withImages(ref)
		w.expect(t, map[string]model.Verdict{"image": model.Missing, "pull": model.Unknown, "read-image": model.Unknown})
		for _, id := range []string{"image", "pull", "read-image"} {
			c := w.check(t, id)
			if !strings.Contains(strings.Join(c.Advice, " "), "remote repository") || !strings.Contains(c.Reason, ref[:strings.Index(ref, ":")]) {
				t.Errorf("%s of %s says %q and advises %q", id, ref, c.Reason, c.Advice)
			}
			if strings.Contains(c.Reason, "/"+ref[:4]) {
				t.Errorf("%s misspells %s: %s", id, ref, c.Reason)
			}
		}
		if steps := model.PlanFor(w.Situation, model.Diagnose(w.Situation), model.PlanOptions{}).Steps; len(steps) != 0 {
			t.Errorf("the plan for %s has %v", ref, steps)
		}
	}
}

// Public images of two more registries run as those of Docker Hub do, and nobody is asked (iam-facts 12.1).
func TestDiagnosePublicRegistries(t *testing.T) {
	for ref, words := range map[string]string{"ghcr.io/acme/web:v1": "ghcr.io", "mirror.gcr.io/library/nginx:1": "mirror.gcr.io", "nginx:1": "Docker Hub"} {
		t.Run(ref, func(t *testing.T) {
			w := withImages(ref)
			for _, id := range []string{"image", "pull", "read-image"} {
				c := w.check(t, id)
				if c.Verdict != model.Unknown || len(c.Gaps) != 1 || c.Gaps[0].Need != "" || len(c.Advice) != 0 {
					t.Errorf("%s of %s is %s with the gaps %v and the advice %q", id, ref, c.Verdict, c.Gaps, c.Advice)
				}
				if !strings.Contains(c.Reason, words) || !strings.Contains(c.Reason, "a public image works") {
					t.Errorf("%s of %s says %q", id, ref, c.Reason)
				}
			}
			if got := steps(w, model.PlanOptions{}); len(got) != 0 {
				t.Errorf("the plan for %s has %v", ref, summaries(got))
			}
		})
	}
}

// No source says that Cloud Run takes a regional endpoint: whatever IAM says about the repository, nothing is granted.
func TestDiagnoseRegionalEndpoint(t *testing.T) {
	const regional = "docker.asia-northeast1.rep.pkg.dev/myproject-b/myrepo/myjob:v2"
	w := withImages(regional)
	w.bind(repository, reader, agent)
	w.image(arImage + ":v2")
	w.Images[regional] = w.Images[arImage+":v2"]
	for _, id := range []string{"image", "pull", "read-image"} {
		c := w.check(t, id)
		if c.Verdict != model.Unknown || len(c.Gaps) != 1 || c.Gaps[0].Need != "" || c.Resource != repository {
			t.Errorf("%s is %s on %s with the gaps %v", id, c.Verdict, c.Resource, c.Gaps)
		}
		if !strings.Contains(strings.Join(c.Advice, " "), arImage+":v2") || !strings.Contains(c.Reason, "docker.asia-northeast1.rep.pkg.dev") {
			t.Errorf("%s says %q and advises %q", id, c.Reason, c.Advice)
		}
	}
	w.Policies[repository] = model.Known(model.Policy{})
	if got := steps(w, model.PlanOptions{Only: []string{"pull"}}); len(got) != 0 {
		t.Errorf("the steps are %v", summaries(got))
	}
	both := withImages(regional, arImage)
	both.expect(t, map[string]model.Verdict{"pull": model.Missing, "image": model.Unknown, "image#2": model.Granted})
}

// A repository of another format holds no images, and no grant makes it hold some.
func TestDiagnoseFormat(t *testing.T) {
	for _, format := range []string{"MAVEN", "NPM", "PYTHON", "GENERIC", "KFP"} {
		for _, whole := range []bool{true, false} {
			t.Run(format+" "+fmt.Sprintf("whole %t", whole), func(t *testing.T) {
				w := article()
				if whole {
					w.Question.Repository = nameOf(repository)
				}
				w.Repositories[repository] = model.Known(model.Repository{Name: nameOf(repository), Format: format, Mode: "STANDARD_REPOSITORY"})
				c := w.check(t, "image")
				if c.Verdict != model.Missing || !strings.Contains(c.Reason, format) || len(c.Advice) == 0 || c.Detail.Absent != model.AbsentDockerFormat {
					t.Errorf("%s: image is %s (%s) with the advice %q", format, c.Verdict, c.Reason, c.Advice)
				}
				if got := steps(w, model.PlanOptions{}); len(got) != 0 {
					t.Errorf("%s: the steps are %v", format, summaries(got))
				}
			})
		}
	}
	w := article()
	w.Repositories[repository] = model.Known(model.Repository{Name: nameOf(repository), Format: "FORMAT_UNSPECIFIED"})
	w.expect(t, map[string]model.Verdict{"image": model.Granted})
}

// An image whose project is gone can't be pulled, and nothing is granted there.
func TestDiagnoseProjectOfTheImageGone(t *testing.T) {
	for name, fact := range map[string]model.Fact[model.Project]{
		"absent": model.Absent[model.Project](),
		"going":  model.Known(model.Project{ID: "myproject-b", Number: "222222222222", State: "DELETE_REQUESTED"}),
	} {
		for _, whole := range []bool{true, false} {
			t.Run(name+" "+fmt.Sprintf("whole %t", whole), func(t *testing.T) {
				w := article()
				if whole {
					w.Question.Repository = nameOf(repository)
				}
				w.Projects["myproject-b"] = fact
				w.Repositories[repository] = model.Unread[model.Repository](model.Gap{Need: "artifactregistry.repositories.get", Reason: "forbidden"})
				c := w.check(t, "image")
				if c.Verdict != model.Missing || !strings.Contains(c.Reason, "roject myproject-b") {
					t.Errorf("%s: image is %s (%s)", name, c.Verdict, c.Reason)
				}
				if got := steps(w, model.PlanOptions{}); len(got) != 0 {
					t.Errorf("%s: the steps are %v", name, summaries(got))
				}
			})
		}
	}
}

func TestDiagnoseImage(t *testing.T) {
	latest := arImage + ":latest"
	cases := map[string]struct {
		edit func(*fixture)
		want model.Verdict
	}{
		"there":                   {func(*fixture) {}, model.Granted},
		"not there":               {func(w *fixture) { w.Images[latest] = model.Absent[model.ImageFact]() }, model.Missing},
		"unread":                  {func(w *fixture) { w.Images[latest] = model.Unread[model.ImageFact](gap("forbidden")) }, model.Unknown},
		"repository not there":    {func(w *fixture) { w.Repositories[repository] = model.Absent[model.Repository]() }, model.Missing},
		"repository unread":       {func(w *fixture) { w.Repositories[repository] = model.Unread[model.Repository](gap("forbidden")) }, model.Unknown},
		"not in a virtual itself": {func(w *fixture) { w.makeVirtual(model.ModeVirtual); w.Images[latest] = model.Absent[model.ImageFact]() }, model.Unknown},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := article()
			c.edit(w)
			got := w.check(t, "image")
			if got.Verdict != c.want {
				t.Errorf("%s: image is %s (%s), want %s", name, got.Verdict, got.Reason, c.want)
			}
			if got.Verdict == model.Missing && len(got.Advice) == 0 {
				t.Errorf("%s: image is missing without advice", name)
			}
		})
	}
}

// makeVirtual makes the article's repository read another of myproject-c.
func (w *fixture) makeVirtual(mode string) model.Resource {
	upstream := model.RepositoryName{Project: "myproject-c", Location: tokyo, ID: "base"}
	w.Repositories[repository] = model.Known(model.Repository{Name: nameOf(repository), Mode: mode, Upstreams: []model.RepositoryName{upstream, nameOf(other)}})
	w.Policies[upstream.Resource()] = model.Known(model.Policy{})
	w.Denies[upstream.Resource()] = model.Known([]model.DenyPolicy{})
	w.Repositories[upstream.Resource()] = model.Known(model.Repository{Name: upstream, Mode: "STANDARD_REPOSITORY"})
	return upstream.Resource()
}

// Reading through a virtual or remote repository takes a role of the Artifact Registry agent (iam-facts 4.5).
func TestDiagnoseUpstreamOfAnotherProject(t *testing.T) {
	robot := model.RegistryServiceAgent("222222222222")
	for mode, permission := range map[string]model.Permission{model.ModeVirtual: readVirt, model.ModeRemote: download} {
		t.Run(mode, func(t *testing.T) {
			w := article()
			upstream := w.makeVirtual(mode)
			d := model.Diagnose(w.Situation)
			if !slices.Equal(ids(d), append(slices.Clone(alwaysPresentChecks), "upstream")) {
				t.Fatalf("the checks are %v", ids(d))
			}
			c := w.check(t, "upstream")
			if c.Verdict != model.Missing || c.Principal != robot || c.Permission != permission || c.Resource != upstream {
				t.Errorf("%s: upstream is %s for %s %s on %s", mode, c.Verdict, c.Principal, c.Permission, c.Resource)
			}
			w.bind(upstream, reader, robot)
			w.expect(t, map[string]model.Verdict{"upstream": model.Granted, "pull": model.Missing})
		})
	}
}

func TestDiagnoseUpstreamWithoutTheNumber(t *testing.T) {
	w := article()
	w.makeVirtual(model.ModeVirtual)
	w.Projects["myproject-b"] = model.Unread[model.Project](model.Gap{Need: "resourcemanager.projects.get", Reason: "forbidden"})
	if c := w.check(t, "upstream"); c.Verdict != model.Unknown || !hasGap(c.Gaps, projectB, "resourcemanager.projects.get") {
		t.Errorf("upstream is %s with the gaps %v", c.Verdict, c.Gaps)
	}
}

func TestDiagnoseRepositoryInsteadOfImage(t *testing.T) {
	w := article()
	w.Question.Repository = nameOf(repository)
	d := model.Diagnose(w.Situation)
	if !slices.Equal(ids(d), alwaysPresentChecks) || len(d.Images) != 0 {
		t.Errorf("the checks are %v, the images %v", ids(d), d.Images)
	}
	w.expect(t, map[string]model.Verdict{"pull": model.Missing, "read-image": model.Granted, "image": model.Granted})
	w.Repositories[repository] = model.Absent[model.Repository]()
	w.expect(t, map[string]model.Verdict{"image": model.Missing})
}

// A grant can't be put on a repository that does not exist.
func TestDiagnoseRepositoryGoneOffersNoGrant(t *testing.T) {
	w := article()
	w.Repositories[repository] = model.Absent[model.Repository]()
	for _, s := range model.PlanFor(w.Situation, model.Diagnose(w.Situation), model.PlanOptions{}).Steps {
		t.Errorf("the plan has %s on %s", s.Kind, s.Resource)
	}
}
