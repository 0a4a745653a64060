package cmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"whopulls/gcp"
	"whopulls/model"
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
		cloud *pretend
		code  int
	}{"missing": {article(), 3}, "unknown": {hidden, 5}, "denied": {denied, 3}, "granted": {whole, 0}} {
		t.Run(name, func(t *testing.T) {
			tt := (&terminal{cloud: c.cloud}).on("check").expect(t, c.code)
			golden(t, "check-"+name+".txt", tt.out)
			checkWidth(t, tt.out)
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
	out := (&terminal{cloud: c}).on("check").expect(t, 3).out
	has(t, out, "\n✗ missing  act as the runner (act-as)\n  Nothing that was read gives it: service account\n",
		"\n✗ missing  read the image (read-image); pull the image (pull)\n  Nothing that was read gives it: repository myrepo")
	if n := strings.Count(out, "Nothing that was read"); n != 2 {
		t.Errorf("%d reasons for two:\n%s", n, out)
	}
	_, why, _ := strings.Cut(out, "BESIDES")
	for _, c := range []string{"act as the runner", "read the image", "pull the image"} {
		if !strings.Contains(out, "  ✗ missing  "+c) || !strings.Contains(why, c) {
			t.Errorf("%s is not a line and a heading", c)
		}
	}
}

// Without an image it is the repository that is there, and no image that is granted.
func TestNoImageIsGrantedWithoutOne(t *testing.T) {
	out := (&terminal{cloud: article()}).run("check", "--project=myproject-a", ofRepository).expect(t, 3).out
	if has(t, out, "✓ granted  repository         The repository is there; no image was asked"); strings.Contains(out, "✓ granted  image") {
		t.Errorf("an image is granted:\n%s", out)
	}
	has(t, (&terminal{cloud: article()}).on("check").expect(t, 3).out, "✓ granted  image ")
}

// Where some of what is not known has a word of its own, it says of what.
func TestWhyOfTheUnknownSaysOfWhat(t *testing.T) {
	d := model.Diagnosis{Verdict: model.Unknown, Checks: []model.Check{{ID: model.CheckPull, Identity: model.Puller, Verdict: model.Unknown},
		{ID: model.CheckActAs, Identity: model.Deployer, Verdict: model.Unknown, Advice: []string{"Ask."}}}}
	out := written(t, func(p *printer, f finding) { viewWorst(p, f.diagnosis) }, finding{diagnosis: d})
	has(t, strings.Join(strings.Fields(out), " "), "? unknown act as the runner (act-as); pull the image (pull) Of act as the runner (act-as): Ask.")
}

// checkWidth: only a command or a name, which must stay whole to be copied, may be wider than the terminal.
func checkWidth(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if ansi.StringWidth(line) > defaultWidth && !strings.HasPrefix(line, "Next:") && !strings.Contains(line, "gcloud ") && !strings.Contains(line, "@") {
			t.Errorf("line is %d columns wide: %s", ansi.StringWidth(line), line)
		}
	}
}

// document reads standard output, which must be one JSON document.
func document(t *testing.T, out string) map[string]any {
	t.Helper()
	var d map[string]any
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		t.Fatalf("standard output is not one JSON document: %v\n%s", err, out)
	}
	return d
}

func TestCheckForPrograms(t *testing.T) {
	tt := (&terminal{cloud: article()}).on("check", "--format=json").expect(t, 3)
	d := document(t, tt.out)
	if d["verdict"] != "missing" || len(d["steps"].([]any)) != 1 || len(d["checks"].([]any)) != 9 {
		t.Errorf("not the expected document:\n%s", tt.out)
	}
	yml := (&terminal{cloud: article()}).on("check", "--format=yaml").expect(t, 3).out
	golden(t, "check.yaml", yml)
}

func TestFailuresAreDocumentsToo(t *testing.T) {
	for _, c := range []struct {
		terminal *terminal
		args     []string
		code     int
		status   string
	}{
		{&terminal{}, []string{"check", "--format=json"}, 2, "usage"},
		{&terminal{}, []string{"check", "--format", "json", "--nonsense"}, 2, "usage"},
		{&terminal{}, []string{"nonsense", "--format=json"}, 2, "usage"},
		{&terminal{}, []string{"--format=json"}, 2, "usage"},
		{&terminal{unsigned: fmt.Errorf("dial: %w", gcp.ErrNotSignedIn)}, append(job, "check", "--format=json"), 4, "not-signed-in"},
		{&terminal{unsigned: gcp.ErrUnreachable}, append(job, "check", "--format=json"), 1, "unreachable"},
		{&terminal{cloud: &pretend{noJob: true}}, append(job, "check", "--format=json"), 1, "not-found"},
		{&terminal{cloud: &pretend{broken: errors.New("no luck")}}, append(job, "check", "--format=json"), 1, "error"},
	} {
		tt := c.terminal.run(c.args...).expect(t, c.code)
		body := document(t, tt.out)["error"].(map[string]any)
		if body["status"] != c.status || body["code"] != float64(c.code) || body["hints"] == nil || body["message"] == "" {
			t.Errorf("%v: %s", c.args, tt.out)
		}
		has(t, tt.err, "ERROR: (whopulls")
	}
}

func TestAbsentWorkloadWithAnImageIsANewDeployment(t *testing.T) {
	c := article()
	c.noJob = true
	tt := (&terminal{cloud: c}).on("check", "--image="+image).expect(t, 3)
	has(t, tt.out, "job myjob in asia-northeast1, which does not exist yet", "create jobs", "111111111111-compute@developer.gserviceaccount.com")
}

func TestUnreadProjectIsADiagnosisWithAWarning(t *testing.T) {
	c := article()
	c.hidden = map[model.WantKind]bool{model.WantProject: true}
	tt := (&terminal{cloud: c}).on("check").expect(t, 5)
	has(t, tt.err, "WARNING: project myproject-a could not be read: you may not read the project")
	if quiet := (&terminal{cloud: c}).on("check", "--verbosity=error"); quiet.err != "" {
		t.Errorf("--verbosity=error lets through: %s", quiet.err)
	}
}

func TestVerbosityNoneSilencesErrors(t *testing.T) {
	if tt := (&terminal{}).run("check", "--verbosity=none").expect(t, 2); tt.err != "" {
		t.Errorf("--verbosity=none lets through: %s", tt.err)
	}
}

func TestPlan(t *testing.T) {
	golden(t, "plan.txt", (&terminal{cloud: bare()}).on("plan").expect(t, 3).out)
	golden(t, "plan-only.txt", (&terminal{cloud: bare()}).on("plan", "--only=read-image", "--scope=project").expect(t, 3).out)
	hidden := article()
	hidden.hidden = map[model.WantKind]bool{model.WantPolicy: true, model.WantTest: true}
	tt := (&terminal{cloud: hidden}).on("plan", "--only=agent,pull").expect(t, 5)
	golden(t, "plan-unsure.txt", tt.out)
	golden(t, "plan-unsure.sh", (&terminal{cloud: hidden}).on("plan", "--only=agent,pull", "--format=gcloud").expect(t, 5).out)
	d := document(t, (&terminal{cloud: article()}).on("plan", "--format=json").expect(t, 3).out)
	if len(d) != 3 || d["verdict"] != "missing" || d["ask"] == nil {
		t.Errorf("plan's document is %v", d)
	}
}

func TestPlanWithoutSteps(t *testing.T) {
	none := (&terminal{cloud: article()}).on("plan", "--only=deploy").expect(t, 3)
	has(t, none.out, "No steps: the verdict is missing")
	script := (&terminal{cloud: article()}).on("plan", "--only=deploy", "--format=gcloud").expect(t, 3)
	has(t, script.out, "# No steps")
	if d := document(t, (&terminal{cloud: article()}).on("plan", "--only=deploy", "--format=json").out); len(d["steps"].([]any)) != 0 {
		t.Errorf("steps are %v", d["steps"])
	}
}

func TestUntrustedTextLosesItsControls(t *testing.T) {
	c := article()
	c.broken = errors.New("no\x1b[31m luck\nERROR: forged\u202e\u009b")
	tt := (&terminal{cloud: c}).on("check", "--format=json").expect(t, 1)
	for _, r := range tt.out + tt.err {
		if (r < ' ' && r != '\n') || (r >= 0x7f && r < 0xa0) {
			t.Errorf("control character %q reaches the terminal", r)
		}
	}
	has(t, tt.err, "\n  ERROR: forged")
	body := document(t, tt.out)["error"].(map[string]any)
	if body["message"] != c.broken.Error() {
		t.Errorf("the document changed the message: %q", body["message"])
	}
}
