package cmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"whopulls/cmd/console"
	"whopulls/gcp/transport"
	"whopulls/model"
	"whopulls/test/golden"
	"whopulls/text/cells"
)

func TestCheckForPeople(t *testing.T) {
	hidden := article()
	hidden.hidden = map[model.WantKind]bool{model.WantPolicy: true, model.WantTest: true}
	denied := article()
	denied.denies = map[model.Resource][]model.DenyPolicy{folder: {{Name: "policies/stop", Rules: []model.DenyRule{{
		DeniedPrincipals:  []string{"principal://iam.googleapis.com/projects/-/serviceAccounts/" + agent.Email()},
		DeniedPermissions: []string{"artifactregistry.googleapis.com/repositories.downloadArtifacts"}}}}}}
	whole := article()
	whole.policies[repository] = model.Policy{Bindings: []model.Binding{{Role: model.RoleReader, Members: []model.Member{dev, agent}}}}
	for name, c := range map[string]struct {
		cloud *fakeCloud
		code  int
	}{"missing": {article(), 3}, "unknown": {hidden, 5}, "denied": {denied, 3}, "granted": {whole, 0}} {
		t.Run(name, func(t *testing.T) {
			tt := (&cliRun{cloud: c.cloud}).runOnJob("check").expect(t, c.code)
			golden.Compare(t, "check-"+name+".txt", tt.out)
			wantWidth(t, tt.out)
			if tt.err != "" {
				t.Errorf("standard error is not empty: %s", tt.err)
			}
			if !c.cloud.closed {
				t.Error("the connection was left open")
			}
		})
	}
}

// Each paragraph stands under the words of its line in the picture; what several say alike is said once.
func TestWhyStandsUnderItsLine(t *testing.T) {
	c := bare()
	c.policies[account] = model.Policy{}
	out := (&cliRun{cloud: c}).runOnJob("check").expect(t, 3).out
	wantContains(t, out, "\n✗ missing  act as the runner (act-as)\n  Nothing that was read gives it: service account\n",
		"\n✗ missing  read the image (read-image); pull the image (pull)\n  Nothing that was read gives it: repository myrepo")
	if n := strings.Count(out, "Nothing that was read"); n != 2 {
		t.Errorf("%d reasons for two:\n%s", n, out)
	}
	_, why, _ := strings.Cut(out, "PROJECT AND IMAGE")
	for _, c := range []string{"act as the runner", "read the image", "pull the image"} {
		if !strings.Contains(out, "  ✗ missing  "+c) || !strings.Contains(why, c) {
			t.Errorf("%s is not a line and a heading", c)
		}
	}
}

// Without an image it is the repository that is there, and no image that is granted.
func TestNoImageIsGrantedWithoutOne(t *testing.T) {
	out := (&cliRun{cloud: article()}).run("check", "--project=myproject-a", repositoryFlag).expect(t, 3).out
	if wantContains(t, out, "✓ granted  repository             The repository is there; no image was asked"); strings.Contains(out, "✓ granted  image") {
		t.Errorf("an image is granted:\n%s", out)
	}
	wantContains(t, (&cliRun{cloud: article()}).runOnJob("check").expect(t, 3).out, "✓ granted  image ")
}

// wantWidth: only a command or a name, which must stay whole to be copied, may be wider than the terminal.
func wantWidth(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if cells.Width(line) > console.DefaultWidth && !strings.HasPrefix(line, "Next:") && !strings.Contains(line, "gcloud ") && !strings.Contains(line, "@") {
			t.Errorf("line is %d columns wide: %s", cells.Width(line), line)
		}
	}
}

// decodeDocument reads standard output, which must be one JSON document.
func decodeDocument(t *testing.T, out string) map[string]any {
	t.Helper()
	var d map[string]any
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		t.Fatalf("standard output is not one JSON document: %v\n%s", err, out)
	}
	return d
}

func TestCheckForPrograms(t *testing.T) {
	tt := (&cliRun{cloud: article()}).runOnJob("check", "--format=json").expect(t, 3)
	d := decodeDocument(t, tt.out)
	if d["verdict"] != "missing" || len(d["steps"].([]any)) != 1 || len(d["checks"].([]any)) != 9 {
		t.Errorf("not the expected document:\n%s", tt.out)
	}
	yml := (&cliRun{cloud: article()}).runOnJob("check", "--format=yaml").expect(t, 3).out
	golden.Compare(t, "check.yaml", yml)
}

func TestFailuresAreDocumentsToo(t *testing.T) {
	for _, c := range []struct {
		terminal *cliRun
		args     []string
		code     int
		status   string
	}{
		{&cliRun{}, []string{"check", "--format=json"}, 2, "usage"},
		{&cliRun{}, []string{"check", "--format", "json", "--nonsense"}, 2, "usage"},
		{&cliRun{}, []string{"nonsense", "--format=json"}, 2, "usage"},
		{&cliRun{}, []string{"--format=json"}, 2, "usage"},
		{&cliRun{dialErr: fmt.Errorf("dial: %w", transport.ErrNotSignedIn)}, append(jobFlags, "check", "--format=json"), 4, "not-signed-in"},
		{&cliRun{dialErr: transport.ErrUnreachable}, append(jobFlags, "check", "--format=json"), 1, "unreachable"},
		{&cliRun{cloud: &fakeCloud{noJob: true}}, append(jobFlags, "check", "--format=json"), 1, "not-found"},
		{&cliRun{cloud: &fakeCloud{readErr: errors.New("no luck")}}, append(jobFlags, "check", "--format=json"), 1, "error"},
	} {
		t.Run(c.status+" "+strings.Join(c.args, " "), func(t *testing.T) {
			tt := c.terminal.run(c.args...).expect(t, c.code)
			body := decodeDocument(t, tt.out)["error"].(map[string]any)
			if body["status"] != c.status || body["code"] != float64(c.code) || body["hints"] == nil || body["message"] == "" {
				t.Errorf("%v: %s", c.args, tt.out)
			}
			wantContains(t, tt.err, "ERROR: (whopulls")
		})
	}
}

func TestAbsentWorkloadWithAnImageIsANewDeployment(t *testing.T) {
	c := article()
	c.noJob = true
	tt := (&cliRun{cloud: c}).runOnJob("check", "--image="+image).expect(t, 3)
	wantContains(t, tt.out, "job myjob in asia-northeast1, which does not exist yet", "create jobs", "111111111111-compute@developer.gserviceaccount.com")
}

func TestUnreadProjectIsADiagnosisWithAWarning(t *testing.T) {
	c := article()
	c.hidden = map[model.WantKind]bool{model.WantProject: true}
	tt := (&cliRun{cloud: c}).runOnJob("check").expect(t, 5)
	wantContains(t, tt.err, "WARNING: project myproject-a could not be read: you may not read the project")
	if quiet := (&cliRun{cloud: c}).runOnJob("check", "--verbosity=error"); quiet.err != "" {
		t.Errorf("--verbosity=error lets through: %s", quiet.err)
	}
}

func TestVerbosityNoneSilencesErrors(t *testing.T) {
	if tt := (&cliRun{}).run("check", "--verbosity=none").expect(t, 2); tt.err != "" {
		t.Errorf("--verbosity=none lets through: %s", tt.err)
	}
}

func TestPlan(t *testing.T) {
	golden.Compare(t, "plan.txt", (&cliRun{cloud: bare()}).runOnJob("plan").expect(t, 3).out)
	golden.Compare(t, "plan-only.txt", (&cliRun{cloud: bare()}).runOnJob("plan", "--only=read-image", "--scope=project").expect(t, 3).out)
	hidden := article()
	hidden.hidden = map[model.WantKind]bool{model.WantPolicy: true, model.WantTest: true}
	tt := (&cliRun{cloud: hidden}).runOnJob("plan", "--only=agent,pull").expect(t, 5)
	golden.Compare(t, "plan-unsure.txt", tt.out)
	golden.Compare(t, "plan-unsure.sh", (&cliRun{cloud: hidden}).runOnJob("plan", "--only=agent,pull", "--format=gcloud").expect(t, 5).out)
	d := decodeDocument(t, (&cliRun{cloud: article()}).runOnJob("plan", "--format=json").expect(t, 3).out)
	if len(d) != 3 || d["verdict"] != "missing" || d["ask"] == nil {
		t.Errorf("plan's document is %v", d)
	}
}

func TestPlanWithoutSteps(t *testing.T) {
	none := (&cliRun{cloud: article()}).runOnJob("plan", "--only=deploy").expect(t, 3)
	wantContains(t, none.out, "No steps: the verdict is missing")
	script := (&cliRun{cloud: article()}).runOnJob("plan", "--only=deploy", "--format=gcloud").expect(t, 3)
	wantContains(t, script.out, "# No steps")
	if d := decodeDocument(t, (&cliRun{cloud: article()}).runOnJob("plan", "--only=deploy", "--format=json").out); len(d["steps"].([]any)) != 0 {
		t.Errorf("steps are %v", d["steps"])
	}
}

func TestUntrustedTextLosesItsControls(t *testing.T) {
	c := article()
	c.readErr = errors.New("no\x1b[31m luck\nERROR: forged\u202e\u009b")
	tt := (&cliRun{cloud: c}).runOnJob("check", "--format=json").expect(t, 1)
	for _, r := range tt.out + tt.err {
		if (r < ' ' && r != '\n') || (r >= 0x7f && r < 0xa0) {
			t.Errorf("control character %q reaches the terminal", r)
		}
	}
	wantContains(t, tt.err, "\n  ERROR: forged")
	body := decodeDocument(t, tt.out)["error"].(map[string]any)
	if body["message"] != c.readErr.Error() {
		t.Errorf("the document changed the message: %q", body["message"])
	}
}
