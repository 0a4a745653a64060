package explain

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
	"whopulls/model/failure"
	"whopulls/tui/ui"
)

// failureText is gcloud's error message for the article's job, as a terminal of 80 columns broke it.
const failureText = `ERROR: (gcloud.run.jobs.deploy) Google Cloud Run Service Agent service-1111111111
11@serverless-robot-prod.iam.gserviceaccount.com must have permission to read the
image, asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob:latest. Note that the image is
from project [myproject-b], which is not the same as this project [myproject-a].
Permission must be granted to the Google Cloud Run Service Agent.`

const imageText = "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob"

var (
	repoName = model.RepositoryName{Project: "myproject-b", Location: "asia-northeast1", ID: "myrepo"}
	jobName  = model.WorkloadName{Kind: model.Job, Name: "myjob", Region: "asia-northeast1"}
)

// A field that is no answer is said to be none, and has the cursor.
func TestWrongFields(t *testing.T) {
	for _, c := range []struct {
		field int
		text  string
		want  string // of what is said
	}{
		{fieldProject, "My Project", "not a project: it is neither"},
		{fieldProject, "", "name the project"},
		{fieldImage, "asia-northeast1-docker.pkg.dev/x", "not an image reference"},
		{fieldImage, "", "name the image"},
		{fieldDeployer, "nobody", "not a member"},
	} {
		t.Run(c.want, func(t *testing.T) {
			s := New(&ui.Session{Styles: ui.NewStyles("")}, Links{}, model.Question{}, failureText)
			s.fields.inputs[c.field].SetValue(c.text)
			_, wrong, why := s.question()
			if wrong != c.field || !strings.Contains(why, c.want) {
				t.Errorf("%d, %q: field %d is wrong: %s", c.field, c.text, wrong, why)
			}
			if s.drawMap(); s.fields.focus != c.field {
				t.Errorf("%d, %q: the cursor is in %d", c.field, c.text, s.fields.focus)
			}
		})
	}
}

// What is asked is what stands in the fields, with the workload only while its project stands there too.
func TestWhatTheFieldsAsk(t *testing.T) {
	const of = "Deploying container to Cloud Run service [web] in project [myproject-a] region [us-central1]\n"
	web := model.WorkloadName{Kind: model.Service, Name: "web", Region: "us-central1"}
	for _, c := range []struct {
		about  string
		base   model.Question
		text   string
		change func(*fields)
		want   model.Question
	}{
		{"as it is", model.Question{}, of + failureText, func(*fields) {}, model.Question{Project: "myproject-a", Workload: &web, Image: model.ImageOf(imageText + ":latest")}},
		{"another project", model.Question{}, of + failureText, func(f *fields) { f.inputs[fieldProject].SetValue("myproject-c") }, model.Question{Project: "myproject-c", Image: model.ImageOf(imageText + ":latest")}},
		{"the workload's own image", model.Question{}, of + failureText, func(f *fields) { f.inputs[fieldImage].SetValue("") }, model.Question{Project: "myproject-a", Workload: &web}},
		{"a repository", model.Question{}, of + failureText, func(f *fields) { f.inputs[fieldImage].SetValue(repoName.String()) }, model.Question{Project: "myproject-a", Repository: repoName}},
		{"from a map", model.Question{Project: "myproject-a", Workload: &jobName}, failureText, func(*fields) {}, model.Question{Project: "myproject-a", Workload: &jobName, Image: model.ImageOf(imageText + ":latest")}},
		{"from a strict map", model.Question{Project: "myproject-a", Strict: true}, failureText, func(*fields) {}, model.Question{Project: "myproject-a", Image: model.ImageOf(imageText + ":latest"), Strict: true}},
		{"from another project's map", model.Question{Project: "myproject-z", Workload: &jobName}, failureText, func(*fields) {}, model.Question{Project: "myproject-a", Image: model.ImageOf(imageText + ":latest")}},
	} {
		t.Run(c.about, func(t *testing.T) {
			s := New(&ui.Session{Styles: ui.NewStyles("")}, Links{}, c.base, c.text)
			c.change(&s.fields)
			got, wrong, why := s.question()
			if wrong != noField {
				t.Errorf("field %d: %s", wrong, why)
			}
			if (got.Workload == nil) != (c.want.Workload == nil) || got.Workload != nil && *got.Workload != *c.want.Workload {
				t.Errorf("the workload is %v, not %v", got.Workload, c.want.Workload)
			}
			if got.Workload = c.want.Workload; got != c.want {
				t.Errorf("it asks %+v, not %+v", got, c.want)
			}
		})
	}
}

// The other errors of a text stand below the first one.
func TestOtherErrorsInTheText(t *testing.T) {
	s := New(&ui.Session{Styles: ui.NewStyles("")}, Links{}, model.Question{}, failureText)
	s.failure.Others = []failure.Failure{failure.Read("ERROR: (gcloud.run.deploy) Image 'gcr.io/some-project/web' not found.")}
	got := ansi.Strip(strings.Join(s.explanation(80), "\n"))
	at := strings.Index(got, "Also in the text:")
	if at < 0 || !strings.Contains(got[at:], "✗ The image does not exist") || !strings.Contains(got[at:], "some-project/web") {
		t.Errorf("the other is not listed:\n%s", got)
	}
}
