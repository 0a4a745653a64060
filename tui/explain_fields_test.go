package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
	"whopulls/model/failure"
)

// What the map is drawn for can be corrected, by the keys of the other screens.
func TestFieldsOfTheFailureText(t *testing.T) {
	term := start(t, newFakeCloud(), Options{}, 80, 24)
	term.shows("3 projects")
	term.paste(failureText)
	term.shows("  consumer project  myproject-a", "  deployer          you", "tab correct it")
	term.press("tab")
	term.shows("▸ consumer project  myproject-a", "esc leave the field")
	term.press("backspace")
	term.typeText("c")
	term.press("tab")
	golden(t, "explain-field", term.shows("  consumer project  myproject-c", "▸ image"))
	term.press("tab")
	term.typeText("ci@example.com")
	term.shows("▸ deployer          ci@example.com")
	term.press("shift+tab", "shift+tab")
	term.shows("▸ consumer project")
	term.press("ctrl+u", "enter")
	term.shows("name the project that runs the image")
	term.paste("myproject-d\n")
	term.shows("▸ consumer project  myproject-d")
	term.press("esc")
	term.shows("  consumer project  myproject-d", "esc back")
	term.press("enter")
	got := term.shows("consumer project myproject-d", "DEPLOYS ci@example.com")
	if q := term.root.top().(*mapScreen).question; q.Deployer != "user:ci@example.com" || q.Image != imageText+":latest" {
		t.Errorf("it asks %+v:\n%s", q, got)
	}
	term.press("esc")
	term.shows("  consumer project  myproject-d")
}

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
		s := newExplainScreen(newRoot(t.Context(), Options{}, nil).app, model.Question{}, failureText)
		s.fields.inputs[c.field].SetValue(c.text)
		_, wrong, why := s.question()
		if wrong != c.field || !strings.Contains(why, c.want) {
			t.Errorf("%d, %q: field %d is wrong: %s", c.field, c.text, wrong, why)
		}
		if s.openMap(); s.fields.focus != c.field {
			t.Errorf("%d, %q: the cursor is in %d", c.field, c.text, s.fields.focus)
		}
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
		{"as it is", model.Question{}, of + failureText, func(*fields) {}, model.Question{Project: "myproject-a", Workload: &web, Image: imageText + ":latest"}},
		{"another project", model.Question{}, of + failureText, func(f *fields) { f.inputs[fieldProject].SetValue("myproject-c") }, model.Question{Project: "myproject-c", Image: imageText + ":latest"}},
		{"the workload's own image", model.Question{}, of + failureText, func(f *fields) { f.inputs[fieldImage].SetValue("") }, model.Question{Project: "myproject-a", Workload: &web}},
		{"a repository", model.Question{}, of + failureText, func(f *fields) { f.inputs[fieldImage].SetValue(repoName.String()) }, model.Question{Project: "myproject-a", Repository: repoName}},
		{"from a map", articleQuestion(), failureText, func(*fields) {}, model.Question{Project: "myproject-a", Workload: &jobName, Image: imageText + ":latest"}},
		{"from a strict map", model.Question{Project: "myproject-a", Strict: true}, failureText, func(*fields) {}, model.Question{Project: "myproject-a", Image: imageText + ":latest", Strict: true}},
		{"from another project's map", model.Question{Project: "myproject-z", Workload: &jobName}, failureText, func(*fields) {}, model.Question{Project: "myproject-a", Image: imageText + ":latest"}},
	} {
		s := newExplainScreen(newRoot(t.Context(), Options{}, nil).app, c.base, c.text)
		c.change(&s.fields)
		got, wrong, why := s.question()
		if wrong != noField {
			t.Errorf("%s: field %d: %s", c.about, wrong, why)
		}
		if (got.Workload == nil) != (c.want.Workload == nil) || got.Workload != nil && *got.Workload != *c.want.Workload {
			t.Errorf("%s: the workload is %v, not %v", c.about, got.Workload, c.want.Workload)
		}
		if got.Workload = c.want.Workload; got != c.want {
			t.Errorf("%s: it asks %+v, not %+v", c.about, got, c.want)
		}
	}
}

// Another failure text takes the place of the first one, also from within a field.
func TestAnotherTextInAField(t *testing.T) {
	term := start(t, newFakeCloud(), Options{}, 80, 24)
	term.shows("3 projects")
	term.paste(failureText)
	term.shows("✗ PULLS")
	term.press("tab")
	term.shows("▸ consumer project")
	term.paste("ERROR: (gcloud.run.deploy) PERMISSION_DENIED: Permission 'run.services.get' denied on resource 'namespaces/myproject-c/services/web' (or resource may not exist).")
	term.shows("✗ DEPLOYS", "  consumer project  myproject-c")
}

// The other errors of a text stand below the first one.
func TestOtherErrorsInTheText(t *testing.T) {
	s := newExplainScreen(newRoot(t.Context(), Options{}, nil).app, model.Question{}, failureText)
	s.failure.Others = []failure.Failure{failure.Read("ERROR: (gcloud.run.deploy) Image 'gcr.io/some-project/web' not found.")}
	got := ansi.Strip(strings.Join(s.explanation(80), "\n"))
	at := strings.Index(got, "Also in the text:")
	if at < 0 || !strings.Contains(got[at:], "✗ The image does not exist") || !strings.Contains(got[at:], "some-project/web") {
		t.Errorf("the other is not listed:\n%s", got)
	}
}

// In every window the reading and the fields are both there, and no line is too wide.
func TestTheFailureTextInEveryWindow(t *testing.T) {
	for _, size := range []struct {
		name          string
		width, height int
	}{{"explain-60x15", 60, 15}, {"explain-120x40", 120, 40}} {
		term := start(t, newFakeCloud(), Options{}, size.width, size.height)
		term.shows("3 projects")
		term.paste(failureText)
		golden(t, size.name, term.shows("✗ PULLS", "consumer project  myproject-a", "deployer          you"))
	}
}
