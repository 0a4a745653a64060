package cmd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"whopulls/model"
	"whopulls/test/golden"
)

func TestGrantAnswers(t *testing.T) {
	for _, c := range []struct {
		name, in string
		code     int
		states   []model.StepState
	}{
		{"yes to both", "y\nyes\n", 0, []model.StepState{"done", "done"}},
		{"no is the default", "\n\n", 3, []model.StepState{"skipped", "skipped"}},
		{"no for the first", "\ny\n", 3, []model.StepState{"skipped", "done"}},
		{"skip the first", "s\ny\n", 3, []model.StepState{"skipped", "done"}},
		{"quit after the first", "y\nq\n", 3, []model.StepState{"done", "skipped"}},
		{"end of input stops", "", 3, []model.StepState{"skipped", "skipped"}},
		{"anything else asks again", "yess\nwhat\nY\n n \n", 3, []model.StepState{"done", "skipped"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cloud := bare()
			tt := (&cliRun{cloud: cloud, interactive: true, in: c.in}).runOnJob("grant", "--format=json").expect(t, c.code)
			var states []model.StepState
			for _, s := range decodeDocument(t, tt.out)["steps"].([]any) {
				states = append(states, model.StepState(s.(map[string]any)["state"].(string)))
			}
			if !slices.Equal(states, c.states) {
				t.Errorf("states %v, want %v\n%s", states, c.states, tt.err)
			}
			for _, g := range cloud.gates {
				if g.Consent != model.PersonSaidYes {
					t.Errorf("the gate was given %v", g)
				}
			}
		})
	}
}

func TestGrantForPeople(t *testing.T) {
	tt := (&cliRun{cloud: bare(), interactive: true, in: "y\nn\n"}).runOnJob("grant").expect(t, 3)
	golden.Compare(t, "grant-results.txt", tt.out)
	golden.Compare(t, "grant-walk.txt", tt.err)
	golden.Compare(t, "grant-quiet.txt", (&cliRun{cloud: bare()}).runOnJob("grant", "-q").expect(t, 0).out)
}

// A yes is for one step; --quiet is for all that don't wait for each other.
func TestGrantTogether(t *testing.T) {
	asked := (&cliRun{cloud: bare(), interactive: true, in: "y\ny\n"}).runOnJob("grant").expect(t, 0).cloud
	quiet := (&cliRun{cloud: bare()}).runOnJob("grant", "--quiet").expect(t, 0).cloud
	if !slices.Equal(asked.batches, []int{1, 1}) || !slices.Equal(quiet.batches, []int{2}) {
		t.Errorf("asked: %v at once, quiet: %v", asked.batches, quiet.batches)
	}
}

func TestGrantEffects(t *testing.T) {
	tt := (&cliRun{cloud: bare()}).runOnJob("grant", "--quiet", "--format=json").expect(t, 0)
	want := map[string]string{"pull": "not-observable", "read-image": "observed"}
	for _, s := range decodeDocument(t, tt.out)["steps"].([]any) {
		step := s.(map[string]any)
		if check := step["check"].(string); step["effect"] != want[check] {
			t.Errorf("the effect of %s is %v", check, step["effect"])
		}
	}
}

// Once a person has stopped, the steps that nobody is asked about any more are shown by what became of them alone.
func TestNothingIsShownAfterAStop(t *testing.T) {
	for _, args := range [][]string{append([]string{"grant"}, jobFlags...), {"stale", "remove", "--status=idle,deleted", repositoryFlag}} {
		for _, in := range []string{"q\n", "quit\n", ""} { // the end of the input too
			t.Run(fmt.Sprintf("%s %q", args[0], in), func(t *testing.T) {
				cloud := bare()
				cloud.surveys = []model.Situation{surveyedRepository()}
				tt := (&cliRun{cloud: cloud, interactive: true, in: in}).run(args...).expect(t, 3)
				wantContains(t, tt.err, "Step 1 of 2: ")
				wantContains(t, tt.out, "- skipped      1. ", "you stopped here", "- skipped      2. ", "you stopped before it")
				if strings.Contains(tt.err, "Step 2 of 2: ") {
					t.Errorf("%s %q: the second step is shown:\n%s", args[0], in, tt.err)
				}
			})
		}
	}
}

func TestGrantWithoutAnybodyToAsk(t *testing.T) {
	for about, tt := range map[string]*cliRun{
		"no terminal":                {cloud: bare()},
		"answers without a terminal": {cloud: bare(), in: "y\ny\n"},
		"prompts disabled":           {cloud: bare(), in: "y\ny\n", interactive: true, variables: map[string]string{"CLOUDSDK_CORE_DISABLE_PROMPTS": "True"}},
	} {
		t.Run(about, func(t *testing.T) {
			tt.runOnJob("grant").expect(t, 2)
			wantContains(t, tt.err, "ERROR: (whopulls.grant) nothing was changed", "--quiet")
			wantContains(t, tt.out, "gcloud artifacts repositories add-iam-policy-binding")
			tt.runOnJob("grant", "--include-unknown", "--format=json").expect(t, 2)
			decodeDocument(t, tt.out)
			if len(tt.cloud.gates) > 0 {
				t.Error("a change was tried")
			}
		})
	}
}

func TestGrantWithNothingToDoNeedsNobody(t *testing.T) {
	named := (&cliRun{cloud: article()}).runOnJob("grant", "--only=deploy").expect(t, 0)
	wantContains(t, named.out, "✓ granted  deploy, as asked by --only; the other checks:", "✗ missing  pull the image (pull)")
	if strings.Contains(named.out, "No steps: the verdict is missing") {
		t.Error("what was asked for is granted, and the verdict is missing:", named.out)
	}
	c := article()
	c.policies[repository] = model.Policy{Bindings: []model.Binding{{Role: model.RoleReader, Members: []model.Member{dev, agent}}}}
	tt := (&cliRun{cloud: c}).runOnJob("grant").expect(t, 0)
	wantContains(t, tt.out, "No steps: nothing is missing.")
}

func TestReadOnlyIsNotAllowed(t *testing.T) {
	for _, flags := range [][]string{{"--read-only"}, {"--read-only", "--quiet"}} {
		t.Run(strings.Join(flags, " "), func(t *testing.T) {
			c := bare()
			tt := (&cliRun{cloud: c, interactive: true, in: "y\ny\n"}).runOnJob("grant", flags...).expect(t, 3)
			wantContains(t, tt.out, "✗ not-allowed", "read-only: nothing is changed")
			if c.policies[repository].Holds(model.RoleReader, agent) {
				t.Error("a read-only walk changed the policy")
			}
		})
	}
}

func TestUnsureStepsNeedMoreThanQuiet(t *testing.T) {
	unsure := func() *fakeCloud {
		c := article()
		c.hidden = map[model.WantKind]bool{model.WantPolicy: true}
		return c
	}
	c := unsure()
	tt := (&cliRun{cloud: c}).runOnJob("grant", "--quiet", "--only=pull").expect(t, 3)
	wantContains(t, tt.out, "- skipped", "--include-unknown")
	if len(c.gates) > 0 {
		t.Error("--quiet alone took a step that is not sure")
	}
	(&cliRun{cloud: c}).runOnJob("grant", "--quiet", "--include-unknown", "--only=pull").expect(t, 5)
	if len(c.gates) != 1 || c.gates[0].Consent != model.QuietFlag {
		t.Errorf("gates %v", c.gates)
	}
	c = unsure()
	tt = (&cliRun{cloud: c, interactive: true, in: "y\n"}).runOnJob("grant", "--only=pull").expect(t, 5)
	wantContains(t, tt.err, "It may be there already, unseen; it is safe to repeat.")
	if len(c.gates) != 1 || c.gates[0].Consent != model.PersonSaidYes {
		t.Errorf("gates %v", c.gates)
	}
}

func TestStepsWaitForTheOnesBefore(t *testing.T) {
	c := bare()
	c.runAPIOn = false
	tt := (&cliRun{cloud: c, interactive: true, in: "n\n"}).runOnJob("grant").expect(t, 3)
	wantContains(t, tt.out, "it waits for step 1, which is not in place")
	if len(c.gates) > 0 {
		t.Error("a step was taken while the API is off")
	}
}

func TestAFailedChangeExitsOne(t *testing.T) {
	c := bare()
	c.performErr = errors.New("the write was refused")
	tt := (&cliRun{cloud: c}).runOnJob("grant", "--quiet").expect(t, 1)
	wantContains(t, tt.out, "✗ failed", "the write was refused", "✗ missing  read the image (read-image); pull the image (pull)")
}

func TestAChangeThatDidNotTakeIsNotGranted(t *testing.T) {
	c := bare()
	c.dropsWrites = true
	tt := (&cliRun{cloud: c}).runOnJob("grant", "--quiet").expect(t, 3)
	wantContains(t, tt.out, "a fresh read does not show it yet")
}

// interruptingReader is a person who presses ctrl+c at the second question and says nothing more.
type interruptingReader struct {
	cancel context.CancelFunc
	reads  int
}

func (p *interruptingReader) Read(b []byte) (int, error) {
	if p.reads++; p.reads == 1 {
		return copy(b, "y\n"), nil
	}
	p.cancel()
	select {}
}

func TestInterruptedWhileAsking(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	c := bare()
	tt := (&cliRun{cloud: c, interactive: true, input: &interruptingReader{cancel: cancel}, ctx: ctx}).runOnJob("grant", "--format=json").expect(t, 130)
	d := decodeDocument(t, tt.out)
	if body := d["error"].(map[string]any); body["status"] != "interrupted" || body["code"] != 130.0 {
		t.Errorf("the error is %v", body)
	}
	steps := d["steps"].([]any)
	if len(steps) != 2 || steps[0].(map[string]any)["state"] != "done" || steps[1].(map[string]any)["state"] != "skipped" {
		t.Errorf("the steps are %v", steps)
	}
	if !c.closed {
		t.Error("the connection was left open")
	}
}

func TestInterruptedWhileReading(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := article()
	tt := (&cliRun{cloud: c, ctx: ctx}).runOnJob("check").expect(t, 130)
	if tt.err != "ERROR: (whopulls.check) interrupted\n" {
		t.Errorf("standard error: %s", tt.err)
	}
}

// A person types the id of a project that looks like production; a yes alone changes nothing.
func TestGrantInProduction(t *testing.T) {
	for _, c := range []struct {
		in      string
		flags   []string
		code    int
		granted bool
	}{
		{"y\nmyproject-b\n", nil, 0, true},
		{"y\ny\n", nil, 3, false},
		{"y\nmyproject-a\n", nil, 3, false},
		{"y\n", nil, 3, false},
		{"y\n", []string{"--confirm=myproject-b"}, 0, true},
		{"", []string{"--quiet"}, 3, false},
		{"", []string{"--quiet", "--confirm=myproject-b"}, 0, true},
	} {
		t.Run(fmt.Sprintf("%q %v", c.in, c.flags), func(t *testing.T) {
			cloud := article()
			cloud.labels = map[string]string{"env": "prod"}
			(&cliRun{cloud: cloud, interactive: true, in: c.in}).runOnJob("grant", c.flags...).expect(t, c.code)
			if got := cloud.policies[repository].Holds(model.RoleReader, agent); got != c.granted {
				t.Errorf("%q %v: granted %v", c.in, c.flags, got)
			}
		})
	}
}

// Whether a project is production is unknown where it can't be read: a person types its id, a script is warned.
func TestGrantWhereLabelsCantBeRead(t *testing.T) {
	for _, c := range []struct {
		in      string
		flags   []string
		code    int
		says    string
		granted bool
	}{
		{"y\nmyproject-b\n", nil, 0, "Project myproject-b may be production: its labels are not known. Type its id", true},
		{"y\ny\n", nil, 3, "and its id", false},
		{"", []string{"--quiet"}, 0, "WARNING: whether project myproject-b is production is not known: you may not see project myproject-b", true},
		{"", []string{"--quiet", "--verbosity=error"}, 0, "", true},
	} {
		t.Run(fmt.Sprintf("%q %v", c.in, c.flags), func(t *testing.T) {
			cloud := article()
			cloud.unreadableProjects = true
			tt := (&cliRun{cloud: cloud, interactive: true, in: c.in}).runOnJob("grant", c.flags...).expect(t, c.code)
			wantContains(t, tt.out+tt.err, c.says)
			if got := cloud.policies[repository].Holds(model.RoleReader, agent); got != c.granted {
				t.Errorf("%q %v: granted %v", c.in, c.flags, got)
			}
			if strings.Contains(tt.err, "WARNING: whether") != (c.flags != nil && c.says != "") {
				t.Errorf("%v: %s", c.flags, tt.err)
			}
		})
	}
}

// What was refused for production is shown with the command that isn't, and a confirmation of another project is remarked on.
func TestGrantSaysWhatToConfirm(t *testing.T) {
	for _, flags := range [][]string{{"--quiet"}, {"--quiet", "--confirm=myproject-a"}} {
		t.Run(strings.Join(flags, " "), func(t *testing.T) {
			cloud := article()
			cloud.labels = map[string]string{"env": "prod"}
			tt := (&cliRun{cloud: cloud}).runOnJob("grant", flags...).expect(t, 3)
			wantContains(t, tt.out, "--confirm=myproject-b\n")
			if warned := strings.Contains(tt.err, "WARNING: --confirm=myproject-a is not for project myproject-b"); warned != (len(flags) > 1) {
				t.Errorf("%v: %s", flags, tt.err)
			}
		})
	}
}

// The guards of the command line stand in the gate of each change, no matter who agreed to it.
func TestTheGateHasTheGuards(t *testing.T) {
	for _, c := range []struct {
		variables map[string]string
		args      []string
		person    bool
		in        string
		want      model.Gate
		made      bool
	}{
		{nil, []string{"--quiet"}, false, "", model.Gate{Consent: model.QuietFlag, Production: ""}, true},
		{map[string]string{"WHOPULLS_PRODUCTION": "myproject-*"}, []string{"--quiet"}, false, "",
			model.Gate{Consent: model.QuietFlag, Production: "myproject-*"}, false},
		{map[string]string{"WHOPULLS_PRODUCTION": "myproject-*"}, []string{"--quiet", "--confirm=myproject-b"}, false, "",
			model.Gate{Consent: model.QuietFlag, Production: "myproject-*", Confirmed: []string{"myproject-b"}}, true},
		{map[string]string{"WHOPULLS_PRODUCTION": "myproject-*"}, nil, true, "y\nmyproject-b\n",
			model.Gate{Consent: model.PersonSaidYes, Production: "myproject-*", Confirmed: []string{"myproject-b"}}, true},
		{map[string]string{"WHOPULLS_READ_ONLY": "true"}, []string{"--quiet"}, false, "", model.Gate{ReadOnly: true}, false},
		{nil, []string{"--read-only"}, true, "y\n", model.Gate{ReadOnly: true}, false},
	} {
		t.Run(fmt.Sprintf("%v %v", c.variables, c.args), func(t *testing.T) {
			cloud := article()
			tt := &cliRun{cloud: cloud, interactive: c.person, in: c.in, variables: c.variables}
			tt.runOnJob("grant", c.args...)
			if len(cloud.gates) != 1 || !reflect.DeepEqual(cloud.gates[0], c.want) || cloud.policies[repository].Holds(model.RoleReader, agent) != c.made {
				t.Errorf("%v %v: the gate was %+v, want %+v; made %v\n%s", c.variables, c.args, cloud.gates, c.want, cloud.policies[repository].Holds(model.RoleReader, agent), tt.err)
			}
		})
	}
}

// The log of requests says who called what: nobody else reads it.
func TestTheLogOfRequestsIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "requests.log")
	log, err := openLog(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}
