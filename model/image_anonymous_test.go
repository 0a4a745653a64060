package model_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"whopulls/model"
)

// servedAnonymously is a stranger's image that the registry serves to nobody in particular.
func servedAnonymously() *fixture {
	w := sourceUnseen(article())
	w.anonymous(arImage+":latest", model.Known(model.ImageFact{Digest: digest}))
	w.test(repository, download, true)
	return w
}

var anonymousWant = model.Want{Kind: model.WantAnonymous, Image: parsed(arImage + ":latest")}

// A manifest that is served without signing in proves that anybody may read the image, and that it is there.
func TestAPublicImageIsGranted(t *testing.T) {
	w := servedAnonymously()
	w.expect(t, map[string]model.Verdict{"pull": model.Granted, "read-image": model.Granted, "image": model.Granted})
	c := w.check(t, "pull")
	text, err := json.Marshal(c.Evidence)
	want := `[{"resource":"` + string(repository) + `","role":"","member":"allUsers","source":"anonymous-request"}]`
	if err != nil || string(text) != want {
		t.Errorf("the evidence is %s (%v), want %s", text, err, want)
	}
	if !strings.Contains(c.Reason, "without signing in") || w.check(t, "image").Detail.Digest != digest {
		t.Errorf("pull says %q, image %+v", c.Reason, w.check(t, "image"))
	}
	if d := model.Diagnose(w.Situation); d.Images[0].Digest == nil || *d.Images[0].Digest != digest {
		t.Errorf("the image is %+v", d.Images[0])
	}
	if p := fullPlan(w); len(p.Steps)+len(p.Ask) != 0 {
		t.Errorf("the plan is %+v", p)
	}
}

// A deny policy comes before what anybody may do.
func TestADenyHoldsForAPublicImage(t *testing.T) {
	for name, c := range map[string]struct {
		rule   model.DenyRule
		strict bool
		want   model.Verdict
	}{
		"everybody":           {denyPull(everybody), false, model.Denied},
		"a group":             {denyPull("principalSet://goog/group/team@example.com"), false, model.Unknown},
		"another's":           {denyPull("principal://goog/subject/eve@example.com"), false, model.Granted},
		"another's, strictly": {denyPull("principal://goog/subject/eve@example.com"), true, model.Unknown}, // the folders above are not known
	} {
		t.Run(name, func(t *testing.T) {
			w := servedAnonymously()
			w.deny(projectB, c.rule)
			w.Question.Strict = c.strict
			got := w.check(t, "pull")
			if got.Verdict != c.want {
				t.Errorf("%s: pull is %s (%s)", name, got.Verdict, got.Reason)
			}
			if p := fullPlan(w); slices.ContainsFunc(append(p.Steps, p.Ask...), func(s model.Step) bool { return s.Check == "pull" }) {
				t.Errorf("%s: the plan is %+v", name, p)
			}
		})
	}
}

// Anything but a manifest proves nothing, and the caller's own no is the later word.
func TestNoManifestProvesNothing(t *testing.T) {
	w := servedAnonymously()
	w.anonymous(arImage+":latest", model.Unread[model.ImageFact](gap("asked without signing in, it answered with status 401")))
	w.expect(t, map[string]model.Verdict{"pull": model.Unknown, "image": model.Unknown})
	w = servedAnonymously()
	w.test(repository, download, false)
	w.expect(t, map[string]model.Verdict{"pull": model.Granted, "read-image": model.Unknown})
}

// Nobody is asked where the answer is known, or of another registry, or without an image.
func TestWhenTheRegistryIsAskedAsNobody(t *testing.T) {
	for name, c := range map[string]struct {
		edit  func(*fixture)
		asked bool
	}{
		"nothing can be seen": {func(*fixture) {}, true},
		"the pull is granted": {func(w *fixture) {
			w.Policies[repository] = model.Known(model.Policy{})
			w.bind(repository, reader, agent)
		}, false},
		"allUsers": {func(w *fixture) {
			w.Policies[repository] = model.Known(model.Policy{})
			w.bind(repository, reader, "allUsers")
		}, false},
		"a regional endpoint": {func(w *fixture) {
			w.Workload.Value.Images = model.ImagesOf("docker.asia-northeast1.rep.pkg.dev/myproject-b/myrepo/myjob")
		}, false},
		"Docker Hub":   {func(w *fixture) { w.Workload.Value.Images = model.ImagesOf("nginx") }, false},
		"ghcr.io":      {func(w *fixture) { w.Workload.Value.Images = model.ImagesOf("ghcr.io/a/b") }, false},
		"a repository": {func(w *fixture) { w.Question.Repository = nameOf(repository) }, false},
		"a snapshot":   {func(w *fixture) { w.ReadingDone = true }, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := servedAnonymously()
			w.Anonymous = nil
			c.edit(w)
			wants := model.Wants(w.Situation, model.PlanOptions{})
			got := slices.ContainsFunc(wants, func(want model.Want) bool { return want.Kind == model.WantAnonymous })
			if got != c.asked || (got && !slices.Contains(wants, anonymousWant)) {
				t.Errorf("%s: the wants are %v", name, wants)
			}
		})
	}
}
