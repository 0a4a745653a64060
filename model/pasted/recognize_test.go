package pasted

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"whopulls/model"
)

const (
	agentEmail = "service-111111111111@serverless-robot-prod.iam.gserviceaccount.com"
	digest     = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
)

// pastedCase is a text, and where it leads.
type pastedCase struct{ name, text, want string }

// describe writes what a table compares: the kind, the screen, and each field that is known.
func describe(t Thing) string {
	parts := []string{string(t.Kind), string(t.Opens)}
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+"="+value)
		}
	}
	if t.Consumer != "" {
		add("consumer", t.Consumer)
	} else {
		add("project", t.Project)
	}
	if w := t.Workload; w != nil {
		add(string(w.Kind), w.Name+"/"+w.Region)
	}
	if add("image", t.Image.Text); t.Image.Text == "" {
		add("repository", t.Repository.String())
	}
	add("principal", string(t.Principal))
	add("runner", t.Runner)
	if t.Public {
		parts = append(parts, "public")
	}
	return strings.Join(parts, " ")
}

func TestRecognize(t *testing.T) {
	for group, cases := range map[string][]pastedCase{"name": namesCases, "address": addressesCases, "command": commandsCases, "text": textsCases} {
		for _, c := range cases {
			t.Run(group+"/"+c.name, func(t *testing.T) {
				got := Recognize(c.text)
				if describe(got) != c.want {
					t.Errorf("%q is\n  %s\nwant\n  %s", c.text, describe(got), c.want)
				}
				checkThing(t, got)
			})
		}
	}
}

// checkThing holds for whatever was pasted.
func checkThing(t *testing.T, got Thing) {
	t.Helper()
	kinds := []Kind{Image, Workload, Repository, Project, Agent, Command, Failure, Unknown}
	screens := []Screen{ScreenMap, ScreenPick, ScreenRegistry, ScreenFailure, ScreenNone}
	switch {
	case !slices.Contains(kinds, got.Kind) || !slices.Contains(screens, got.Opens):
		t.Errorf("it is %q and opens %q", got.Kind, got.Opens)
	case (got.Kind == Failure) != (got.Opens == ScreenFailure), got.Kind == Unknown && got.Opens != ScreenNone:
		t.Errorf("%s opens %s", got.Kind, got.Opens)
	case got.Summary == "" || strings.ContainsAny(got.Summary, "\n\r\t\x1b") || strings.HasSuffix(got.Summary, "."):
		t.Errorf("the summary is %q", got.Summary)
	case got.Consumer != "" && (got.Project != got.Consumer || model.ValidateProject(got.Consumer) != nil):
		t.Errorf("the project is %q, the consumer %q", got.Project, got.Consumer)
	case got.Opens == ScreenMap && (got.Consumer == "" || got.Workload == nil && got.Image.Host == ""):
		t.Errorf("it opens a map without a question: %s", describe(got))
	case got.Opens == ScreenRegistry && got.Repository.ID == "":
		t.Errorf("it opens the registry without a repository: %s", describe(got))
	case got.Workload != nil && got.Workload.Name == "":
		t.Errorf("it has a workload without a name: %s", describe(got))
	}
}

// What people put around a name changes nothing.
func TestWhatStandsAroundANameIsTakenOff(t *testing.T) {
	wrappings := []string{"%s", " %s\r\n", "\n\t%s\t\n", `"%s"`, "'%s'", "`%s`", "<%s>", "(%s)", "[%s]", "**%s**", "“%s”", "「%s」", "（%s）", "%s.", "%s,", "%s;", "%s!", "\u00a0%s\u00a0", "\u3000%s",
		"\u200b%s\ufeff", "\x1b[1m%s\x1b[0m", "<`%s`>.", "\x00%s\x07"}
	for _, c := range slices.Concat(namesCases, addressesCases) {
		if strings.HasPrefix(c.want, "unknown") || strings.ContainsAny(c.text, "$*") {
			continue
		}
		for _, wrapping := range wrappings {
			if got := describe(Recognize(fmt.Sprintf(wrapping, c.text))); got != c.want {
				t.Errorf("%q: %s\nwant %s", fmt.Sprintf(wrapping, c.text), got, c.want)
			}
		}
	}
}

// A name that shows by itself what it is, is found in a sentence.
func TestNamesAreFoundInSentences(t *testing.T) {
	for _, c := range namesCases[:8] {
		for _, sentence := range []string{"Please look at %s, it is slow", "見て：%s。お願いします", "why? %s", "- name: x\n  image: %s\n"} {
			if got := describe(Recognize(fmt.Sprintf(sentence, c.text))); got != c.want {
				t.Errorf("%q: %s\nwant %s", fmt.Sprintf(sentence, c.text), got, c.want)
			}
		}
	}
}

// The order of flags, and how their values are written, change nothing.
func TestTheOrderOfFlagsChangesNothing(t *testing.T) {
	flags := [][2]string{{"image", "us-docker.pkg.dev/myproject-b/myrepo/web"}, {"region", "us-central1"}, {"project", "myproject-a"}}
	want := "command map consumer=myproject-a service=web/us-central1 image=us-docker.pkg.dev/myproject-b/myrepo/web"
	for first := range flags {
		for _, form := range []string{"--%s=%s", "--%s %s", `--%s="%s"`, "--%s '%s'"} {
			for at := 0; at <= len(flags); at++ {
				words := []string{"gcloud run deploy"}
				for i := range flags {
					if i == at {
						words = append(words, "web")
					}
					f := flags[(first+i)%len(flags)]
					words = append(words, fmt.Sprintf(form, f[0], f[1]))
				}
				if at == len(flags) {
					words = append(words, "web")
				}
				line := strings.Join(words, " ")
				if got := describe(Recognize(line)); got != want {
					t.Errorf("%s\n  %s", line, got)
				}
			}
		}
	}
}

// The question that follows is the one that the text asks.
func TestQuestion(t *testing.T) {
	web := &model.WorkloadName{Kind: model.Service, Name: "web", Region: "us-central1"}
	image := "us-docker.pkg.dev/myproject-b/myrepo/web:v1"
	cases := []struct {
		name, text string
		want       model.Question
	}{
		{"an image asks about no project", image, model.Question{Image: model.ImageOf(image)}},
		{"a repository asks about no project", "us-docker.pkg.dev/myproject-b/myrepo",
			model.Question{Repository: model.RepositoryName{Project: "myproject-b", Location: "us", ID: "myrepo"}}},
		{"a workload", "projects/myproject-a/locations/us-central1/services/web", model.Question{Project: "myproject-a", Workload: web}},
		{"a workload without a region is still to be picked", "namespaces/myproject-a/services/web", model.Question{Project: "myproject-a", Kind: model.Service}},
		{"a deploy", "gcloud run deploy web --region=us-central1 --project=myproject-a --allow-unauthenticated --service-account=web@myproject-a.iam.gserviceaccount.com --image=" + image,
			model.Question{Project: "myproject-a", Workload: web, Image: model.ImageOf(image), Public: true, ServiceAccount: "web@myproject-a.iam.gserviceaccount.com"}},
		{"what is created is not there yet", "gcloud run jobs create myjob --region=us-central1 --project=myproject-a --image=" + image,
			model.Question{Project: "myproject-a", Kind: model.Job, Image: model.ImageOf(image)}},
		{"an agent asks about its project", agentEmail, model.Question{Project: "111111111111"}},
		{"a failure is asked about on its own screen", "Image 'us-docker.pkg.dev/myproject-b/myrepo/web:v9' not found.", model.Question{}},
		{"a sentence asks nothing", "my deploy does not work", model.Question{}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := Recognize(c.text).Question(); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%+v\nwant %+v", got, c.want)
			}
		})
	}
}

// Each kind is summarized in one line that says what it is, and what is still to be chosen.
func TestSummary(t *testing.T) {
	cases := []struct{ text, want string }{
		{"us-docker.pkg.dev/myproject-b/myrepo/web:v1", "Image web:v1 of repository myrepo in us, project myproject-b; choose the project that runs it"},
		{"nginx:1.27", "Image nginx:1.27 of Docker Hub; choose the project that runs it"},
		{"ghcr.io/owner/app:1", "Image owner/app:1 of ghcr.io; choose the project that runs it"},
		{"quay.io/owner/app:1", "Image owner/app:1 of quay.io, which Cloud Run does not pull from; choose the project that runs it"},
		{"us-docker.pkg.dev/myproject-b/myrepo", "Repository myrepo in us of project myproject-b"},
		{"projects/myproject-a/locations/us-central1/workerPools/pool", "Worker pool pool in us-central1 of project myproject-a"},
		{"namespaces/myproject-a/services/web", "Service web of project myproject-a; choose its region"},
		{"https://web-abcdefghij-an.a.run.app", "Service web; choose its project and its region"},
		{"myproject-a", "Project myproject-a; choose what runs there"},
		{"123456789012", "Project number 123456789012; choose what runs there"},
		{agentEmail, "Cloud Run service agent of project number 111111111111, which pulls the images there; choose what runs there"},
		{"deleted:serviceAccount:web@myproject-a.iam.gserviceaccount.com?uid=1", "Deleted service account web@myproject-a.iam.gserviceaccount.com of project myproject-a; choose what runs there"},
		{"service-myproject-a@serverless-robot-prod.iam.gserviceaccount.com", "Not an agent: its e-mail needs the number of project myproject-a, not its ID; choose what runs there"},
		{"gcloud run deploy web --region=us-central1", "Command line: service web in us-central1; choose the project that runs it"},
		{"gcloud artifacts repositories describe myrepo", "Command line: repository myrepo, without its project or its location; add what is missing, or paste the full name"},
		{"Image 'us-docker.pkg.dev/myproject-b/myrepo/web:v9' not found.", "Error message: The image does not exist"},
		{"folders/200000000001", "The folder 200000000001 has no screen of its own; whopulls stale list --folder=200000000001 looks below it"},
		{"gcloud run jobs create myjob --region=us-central1 --project=myproject-a", "Command line: job myjob in us-central1 of project myproject-a; choose its image"},
		{"gcloud run jobs create myjob --project=myproject-a", "Command line: job myjob of project myproject-a; choose its image"},
		{"gcloud run jobs create myjob --region=us-central1", "Command line: job myjob in us-central1; choose its project and its image"},
		{"gcloud run jobs create myjob --region=us-central1 --image=nginx:1.27", "Command line: job myjob in us-central1 with image nginx:1.27; choose the project that runs it"},
		{"hello", "Not recognized. " + usable},
	}
	for _, c := range cases {
		t.Run(c.text, func(t *testing.T) {
			if got := Recognize(c.text).Summary; got != c.want {
				t.Errorf("%q\nwant %q", got, c.want)
			}
		})
	}
}

// A long text is read as a failure, and its beginning is looked through. It takes no more time than an error message does.
func TestLongTexts(t *testing.T) {
	failed := "ERROR: (gcloud.run.deploy) Image 'us-docker.pkg.dev/myproject-b/myrepo/web:v9' not found.\n"
	cases := []struct{ name, text, want string }{
		{"a log with a failure at its end", strings.Repeat("Step 1/2: downloading\n", 50_000) + failed, "failure failure image=us-docker.pkg.dev/myproject-b/myrepo/web:v9"},
		{"a log with an image at its beginning", "us-docker.pkg.dev/myproject-b/myrepo/web " + strings.Repeat("downloading\n", 80_000),
			"image pick project=myproject-b image=us-docker.pkg.dev/myproject-b/myrepo/web"},
		{"one long word", strings.Repeat("a", 1<<20), "unknown none"},
		{"one long path", strings.Repeat("a/", 1<<19), "unknown none"},
		{"one long number", strings.Repeat("1", 1<<20), "unknown none"},
		{"quotes that are not closed", strings.Repeat(`gcloud run "`, 80_000), "command pick"},
		{"many lines of commands", strings.Repeat("gcloud run deploy web --region=us-central1\n", 20_000), "command pick service=web/us-central1"},
		{"an image's path without an end", "gcr.io" + strings.Repeat("/a", 30_000) + "/$TAG", "unknown none"},
		{"many addresses", strings.Repeat("https://web-abcdefghij-an.a.run.app/%41 ", 20_000), "workload pick service=web/"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := Recognize(c.text)
			if describe(got) != c.want {
				t.Errorf("%s\nwant %s", describe(got), c.want)
			}
			checkThing(t, got)
		})
	}
}

func FuzzRecognize(f *testing.F) {
	for _, c := range slices.Concat(namesCases, addressesCases, commandsCases, textsCases) {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Recognize(text)
		checkThing(t, got)
		if again := Recognize(text); describe(again) != describe(got) {
			t.Errorf("first %s, then %s", describe(got), describe(again))
		}
		if w := got.Workload; w != nil && w.Region != "" && w.Validate() != nil {
			t.Errorf("the workload can't be one: %+v", *w)
		}
		if q := got.Question(); !q.Image.IsZero() {
			if _, err := model.ParseImage(q.Image.Text); err != nil {
				t.Error(err)
			}
		}
	})
}
