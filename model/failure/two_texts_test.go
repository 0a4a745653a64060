package failure_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"whopulls/model/failure"
)

// glued is a text with its readings when it stands alone.
type knownText struct {
	name     string
	text     string
	failures []failure.Failure
}

// readAll are all that stand in a text, the first one before the others, without their words.
func readAll(text string) []failure.Failure {
	f := failure.Read(text)
	all := []failure.Failure{failure.Fields(f)}
	for _, o := range f.Others {
		all = append(all, failure.Fields(o))
	}
	return all
}

func knownTexts(t testing.TB) []knownText {
	t.Helper()
	var all []knownText
	add := func(name, text string) {
		if one := (knownText{name, text, readAll(text)}); one.failures[0].Cause != failure.Unrecognized {
			all = append(all, one)
		}
	}
	for _, s := range samples(t) {
		add(s.ID, s.Text)
	}
	for _, c := range postedCases(t) {
		add(c.name, c.text)
	}
	return all
}

// proseBetween are what people write between two texts.
var proseBetween = []string{
	"\n\nThen I granted the role in your project and tried again. Now it says:\n\n",
	"\n\nI looked around, and on the other machine the permission seems to be fine.\n\n",
	"\n\nロールを付けてもう一度デプロイしたら、今度はこうなりました。\n\n",
	"\n```\n\nAnd this is what the second one says, for my-service in the same project:\n\n```\n",
	"\nAfter that I created the account again, and this came out:\n\n",
}

// Two texts glued together, with words between them, are read as each is alone: both causes, and no field of one in the
// other. Where both report the same error, one of the two is enough; that a build ended with an error needs no
// saying where another is read.
func TestGluedTexts(t *testing.T) {
	all := knownTexts(t)
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.SampledFrom(all).Draw(t, "first"), rapid.SampledFrom(all).Draw(t, "second")
		if wrong := glueMismatch(a, b, rapid.SampledFrom(proseBetween).Draw(t, "prose")); wrong != "" {
			t.Fatalf("%s and %s: %s", a.name, b.name, wrong)
		}
	})
}

func glueMismatch(a, b knownText, prose string) string {
	alone := slices.Concat(a.failures, b.failures)
	got := readAll(a.text + prose + b.text)
	for _, f := range got {
		if !slices.ContainsFunc(alone, func(g failure.Failure) bool { return reflect.DeepEqual(f, g) }) {
			return fmt.Sprintf("neither says %+v", f)
		}
	}
	for _, f := range alone {
		if !slices.ContainsFunc(got, func(g failure.Failure) bool { return g.Cause == f.Cause || failure.SameError(f, g) }) && f.Cause != failure.NotAccess {
			return fmt.Sprintf("%+v is lost", f)
		}
	}
	return ""
}

// A text that says everything twice says what it says once: lines of one width that repeat are not wrapped lines.
func TestGluedToItself(t *testing.T) {
	for i, known := range knownTexts(t) {
		if wrong := glueMismatch(known, known, proseBetween[i%len(proseBetween)]); wrong != "" {
			t.Errorf("%s: %s", known.name, wrong)
		}
	}
}

// A command line after a name is no rest of the name, whatever prompt begins it.
func TestACommandLineContinuesNoName(t *testing.T) {
	for _, prompt := range []string{"kai@vm-1:~/app$ ", "root@build-7:/# ", "mira@laptop app % sudo ", "me@cloudshell:~ (apps-77)$ ", "$ ", "% ", "❯ ", "➜  app ", "➜  app git:(main) ✗ "} {
		t.Run(prompt, func(t *testing.T) {
			session := prompt + "gcloud auth configure-docker asia-northeast1-docker.pkg.dev\nAdding credentials for: asia-northeast1-docker.pkg.dev\n" +
				prompt + "docker push asia-northeast1-docker.pkg.dev/sakura-lab-5/demo/hello:1\nd2b1a9f1d0a3: Preparing\n" +
				"denied: Unauthenticated request. Unauthenticated requests do not have permission \"artifactregistry.repositories.uploadArtifacts\"" +
				" on resource \"projects/sakura-lab-5/locations/asia-northeast1/repositories/demo\" (or it may not exist)\n"
			for _, text := range []string{session, session + session} {
				f := failure.Read(text)
				if want := "asia-northeast1-docker.pkg.dev/sakura-lab-5/demo/hello:1"; f.Image != want || len(f.Others) > 0 {
					t.Errorf("image %q, want %q, and %d others", f.Image, want, len(f.Others))
				}
			}
		})
	}
}

// Lines that YAML folded within a name have the same width twice where two of them stand in one text.
func TestFoldedTwice(t *testing.T) {
	const folded = "    message: \"Google Cloud Run Service Agent service-424242424242@serverless-robot-prod.iam.gserviceaccount.com\\\n" +
		"      \\ must have permission to read the image, us-docker.pkg.dev/image-store-77/team/ap\\\n" +
		"      i:3. Ensure that the provided container image URL is correct.\""
	f := failure.Read(folded + "\n\nThen I tried again. Now it says:\n\n" + folded)
	if f.Cause != failure.PullerRead || f.Image != "us-docker.pkg.dev/image-store-77/team/api:3" || len(f.Others) > 0 {
		t.Errorf("%s of %s, and %d others", f.Cause, f.Image, len(f.Others))
	}
}
