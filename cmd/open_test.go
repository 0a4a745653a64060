package cmd

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"whopulls/cmd/options"
	"whopulls/model"
	"whopulls/model/pasted"
)

func TestOpenForPrograms(t *testing.T) {
	const repository = "projects/myproject-b/locations/asia-northeast1/repositories/myrepo"
	job := map[string]any{"kind": "job", "name": "myjob", "region": "asia-northeast1"}
	cases := []struct {
		text string
		code int
		want map[string]any
	}{
		{image, 0, map[string]any{"kind": "image", "opens": "pick", "projectId": "myproject-b", "workload": nil, "image": image, "repository": repository, "principal": nil}},
		{"//run.googleapis.com/projects/myproject-a/locations/asia-northeast1/jobs/myjob", 0,
			map[string]any{"kind": "workload", "opens": "map", "projectId": "myproject-a", "workload": job, "image": nil, "repository": nil, "principal": nil}},
		{repository, 0, map[string]any{"kind": "repository", "opens": "registry", "projectId": "myproject-b", "workload": nil, "image": nil, "repository": repository, "principal": nil}},
		{"111111111111", 0, map[string]any{"kind": "project", "opens": "pick", "projectId": "111111111111", "workload": nil, "image": nil, "repository": nil, "principal": nil}},
		{agent.Email(), 0, map[string]any{"kind": "agent", "opens": "pick", "projectId": "111111111111", "workload": nil, "image": nil, "repository": nil, "principal": string(agent)}},
		{"gcloud run deploy web --image=" + image, 0, map[string]any{"kind": "command", "opens": "pick", "projectId": nil,
			"workload": map[string]any{"kind": "service", "name": "web", "region": nil}, "image": image, "repository": repository, "principal": nil}},
		{pullText, 0, map[string]any{"kind": "failure", "opens": "failure", "projectId": "myproject-a", "workload": nil, "image": image, "repository": repository, "principal": string(agent)}},
		{"no luck", 5, map[string]any{"kind": "unknown", "opens": "none", "projectId": nil, "workload": nil, "image": nil, "repository": nil, "principal": nil}},
	}
	for _, c := range cases {
		t.Run(c.want["kind"].(string), func(t *testing.T) {
			tt := (&cliRun{}).run("open", "--format=json", c.text).expect(t, c.code)
			got := decodeDocument(t, tt.out)
			if got["summary"] == "" {
				t.Error("there is no summary")
			}
			delete(got, "summary")
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("%v\nwant %v", got, c.want)
			}
			if tt.err != "" || len(tt.targets) > 0 {
				t.Errorf("standard error is %q, and it dialled %v", tt.err, tt.targets)
			}
		})
	}
}

func TestOpenForPeople(t *testing.T) {
	cases := []struct {
		name string
		args []string
		want []string // lines
	}{
		{"an image", []string{image}, []string{"  project     myproject-b", "  image       " + image,
			"  repository  projects/myproject-b/locations/asia-northeast1/repositories/myrepo", "Next: whopulls check --project=PROJECT --image=" + image}},
		{"an image with a project", []string{image, "--project=myproject-a"}, []string{"Next: whopulls check --project=myproject-a --image=" + image}},
		{"a workload", []string{"projects/myproject-a/locations/us-central1/services/web", "--sandbox"},
			[]string{"✓ Service web in us-central1 of project myproject-a", "  workload    service web in us-central1",
				"Next: whopulls check --project=myproject-a --region=us-central1 --service=web --sandbox=article"}},
		{"a workload of a project, asked about in another", []string{"projects/myproject-a/locations/us-central1/services/web", "--project=other-project"}, []string{"Next: whopulls --project=other-project"}},
		{"a repository", []string{"us-docker.pkg.dev/myproject-b/myrepo"}, []string{"Next: whopulls stale list --repository=projects/myproject-b/locations/us/repositories/myrepo"}},
		{"a project", []string{"myproject-a"}, []string{"✓ Project myproject-a; choose what runs there", "Next: whopulls --project=myproject-a"}},
		{"a failure", []string{pullText}, []string{"Next: whopulls explain FILE"}},
		{"words apart", []string{"docker", "pull", image}, []string{"  image       " + image}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			lines := strings.Split((&cliRun{}).run(append([]string{"open"}, c.args...)...).expect(t, 0).out, "\n")
			for _, want := range c.want {
				if !slices.Contains(lines, want) {
					t.Errorf("no line is %q:\n%s", want, strings.Join(lines, "\n"))
				}
			}
		})
	}
	tt := (&cliRun{}).run("open", "no luck").expect(t, 5)
	if !strings.HasPrefix(tt.out, "? Not recognized.") || strings.Contains(tt.out, "Next") {
		t.Errorf("what can't be used is %q", tt.out)
	}
}

func TestOpenReadsStandardInput(t *testing.T) {
	tt := (&cliRun{in: "\n" + image + "\r\n"}).run("open", "-", "--format=json").expect(t, 0)
	if got := decodeDocument(t, tt.out)["image"]; got != image {
		t.Errorf("the image is %v", got)
	}
}

func TestOpenNeedsAText(t *testing.T) {
	for _, args := range [][]string{{"open"}, {"open", ""}, {"open", " "}, {"open", "--format=json"}} {
		if tt := (&cliRun{}).run(args...).expect(t, 2); !strings.Contains(tt.out+tt.err, "no text is given") {
			t.Errorf("%q says %q", args, tt.out+tt.err)
		}
	}
	tt := (&cliRun{}).run("open", "gcloud", "run", "deploy", "--image="+image).expect(t, 2)
	if !strings.Contains(tt.err, "quote TEXT") {
		t.Errorf("a flag of the text is refused with %q", tt.err)
	}
}

// A text needs no command before it, unless it is a bare word: that is a mistyped command.
func TestATextOpensWithoutTheCommand(t *testing.T) {
	cases := []struct {
		name    string
		args    []string
		opens   bool
		unknown string // the word that is refused
	}{
		{"an image", []string{image}, true, ""},
		{"an image behind flags", []string{"--sandbox", "--format", "json", image}, true, ""},
		{"an image before flags", []string{image, "--format=json"}, true, ""},
		{"words apart", []string{"docker", "pull", image}, true, ""},
		{"a quoted command", []string{"gcloud run deploy web"}, true, ""},
		{"an e-mail", []string{agent.Email()}, true, ""},
		{"behind two dashes", []string{"--", image}, true, ""},
		{"a bare word", []string{"chekc"}, false, "chekc"},
		{"a bare word that could be a project", []string{"myproject-a"}, false, "myproject-a"},
		{"a number", []string{"111111111111"}, false, "111111111111"},
		{"a file", []string{"build.log"}, false, "build.log"},
		{"two words", []string{"stal", "list"}, false, "stal"},
		{"a person", []string{"dev@example.com"}, false, "dev@example.com"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			tt := (&cliRun{}).run(c.args...)
			if c.opens {
				tt.expect(t, 0)
				return
			}
			if tt.expect(t, 2); !strings.Contains(tt.err, `unknown command "`+c.unknown+`"`) {
				t.Errorf("it says %q", tt.err)
			}
		})
	}
	if tt := (&cliRun{}).run("chekc").expect(t, 2); !strings.Contains(tt.err, "did you mean check?") {
		t.Errorf("it says %q", tt.err)
	}
}

// Flags count before the text, as everywhere.
func TestTheQuestionOfAText(t *testing.T) {
	web := &model.WorkloadName{Kind: model.Service, Name: "web", Region: "us-central1"}
	const service = "projects/myproject-a/locations/us-central1/services/web"
	cases := []struct {
		name, project, text string
		want                model.Question
	}{
		{"the text alone", "", service, model.Question{Project: "myproject-a", Workload: web}},
		{"the same project", "myproject-a", service, model.Question{Project: "myproject-a", Workload: web}},
		{"another project has another workload", "other-project", service, model.Question{Project: "other-project"}},
		{"the project of an image is asked for", "myproject-a", image, model.Question{Project: "myproject-a", Image: model.ImageOf(image)}},
		{"a failure is read on its screen", "myproject-a", pullText, model.Question{Project: "myproject-a"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			o := openOptions{ProjectFlag: options.ProjectFlag{Project: c.project}}
			r := o.request(options.Session{}, c.text)
			if !reflect.DeepEqual(r.Question, c.want) {
				t.Errorf("%+v, want %+v", r.Question, c.want)
			}
			if (r.thing.Kind == pasted.Failure) != (c.text == pullText) {
				t.Errorf("it is %s", r.thing.Kind)
			}
		})
	}
}
