package explain

import (
	"context"
	"testing"

	"whopulls/model"
	"whopulls/tui/ui"
)

// agentText names the project that runs the image by its agent's number alone.
const agentText = "ERROR: (gcloud.run.deploy) Google Cloud Run Service Agent service-111111111111@serverless-robot-prod.iam.gserviceaccount.com must have permission to read the image, " + imageText + ":latest."

// numberedScreen is the screen of that text, where the cloud gives an answer.
func numberedScreen(known model.Question, answer model.Project) *Screen {
	links := Links{ReadProject: func(context.Context, string) model.Project { return answer }}
	return New(&ui.Session{Context: context.Background(), Styles: ui.NewStyles("")}, links, known, agentText)
}

// A project's ID takes the place of its number, unless the field was corrected meanwhile. Without an answer the number is asked about.
func TestAProjectIsNamedByItsID(t *testing.T) {
	project := model.Project{ID: "myproject-a", Number: "111111111111"}
	atMap := model.Question{Project: "myproject-a", Workload: &jobName}
	for _, c := range []struct {
		about  string
		known  model.Question
		answer model.Project
		change func(*fields)
		want   model.Question
	}{
		{"the ID", model.Question{}, project, func(*fields) {}, model.Question{Project: "myproject-a"}},
		{"on its map", atMap, project, func(*fields) {}, atMap},
		{"on another map", model.Question{Project: "myproject-z", Workload: &jobName}, project, func(*fields) {}, model.Question{Project: "myproject-a"}},
		{"no answer", model.Question{}, model.Project{ID: "111111111111"}, func(*fields) {}, model.Question{Project: "111111111111"}},
		{"not connected", model.Question{}, model.Project{}, func(*fields) {}, model.Question{Project: "111111111111"}},
		{"corrected meanwhile", model.Question{}, project, func(f *fields) { f.setValue(fieldProject, "myproject-c") }, model.Question{Project: "myproject-c"}},
	} {
		t.Run(c.about, func(t *testing.T) {
			s := numberedScreen(c.known, c.answer)
			read := s.Init()
			c.change(&s.fields)
			s.fields.focusOn(fieldImage)
			s.Update(read())
			if s.fields.focus != fieldImage {
				t.Error("the cursor left its field")
			}
			got, wrong, why := s.question()
			if wrong != noField || got.Project != c.want.Project || (got.Workload == nil) != (c.want.Workload == nil) {
				t.Errorf("it asks %+v: %s", got, why)
			}
		})
	}
}

// An answer to an earlier text changes nothing, and nothing is asked about an ID.
func TestALateProjectIsDropped(t *testing.T) {
	s := numberedScreen(model.Question{}, model.Project{ID: "myproject-z", Number: "111111111111"})
	late := s.Init()
	if again := s.setText(failureText); again != nil {
		t.Error("it asks about an ID")
	}
	s.setText(agentText)
	s.Update(late())
	if got := s.fields.value(fieldProject); got != "111111111111" {
		t.Errorf("the field has %q", got)
	}
}
