package cmd

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/model"
)

// TestUsage: every mistake on the command line is reported before anything is asked of anybody.
func TestUsage(t *testing.T) {
	ask := []string{"--project=myproject-a", "--image=" + image}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"check"}, "(whopulls.check) no consumer project is given"},
		{[]string{"check", "--project=myproject-a"}, "nothing is given to ask about"},
		{[]string{"check", "--project=No_Project", "--image=nginx"}, `project "No_Project": it is neither a project ID nor a project number`},
		{[]string{"check", "--project=", "--image=nginx"}, "--project is given without a value"},
		{append([]string{"check", "--sandbox="}, ask...), "--sandbox is given without a value"},
		{append([]string{"grant", "--only="}, ask...), "--only is given without a value"},
		{append([]string{"grant", "--only= , "}, ask...), "--only is given without a value"},
		{[]string{"check", "--project=myproject-a", "--job=myjob"}, "--job needs a region"},
		{[]string{"check", "--project=myproject-a", "--job=My_Job", "--region=asia-northeast1"}, `job "My_Job": it is not a Cloud Run name`},
		{append([]string{"check", "--region=Tokyo"}, ask...), `region "Tokyo": it is not a Google Cloud region`},
		{append([]string{"check", "--job=a", "--service=b", "--region=asia-northeast1"}, ask...), "--service and --job name two workloads"},
		{append([]string{"check", "--repository=projects/p/locations/l/repositories/r"}, ask...), "--image and --repository are both given"},
		{[]string{"check", "--project=myproject-a", "--image=UPPER"}, `image "UPPER"`},
		{[]string{"check", "--project=myproject-a", "--repository=myrepo"}, "--repository=myrepo is the name alone"},
		{append([]string{"check", "--account=nobody"}, ask...), `account "nobody"`},
		{append([]string{"check", "--account=group:team@example.com"}, ask...), `account "group:team@example.com": it is not one identity`},
		{append([]string{"check", "--deployer=allUsers"}, ask...), `member "allUsers"`},
		{append([]string{"check", "--service-account=web"}, ask...), `service account "web"`},
		{append([]string{"check", "--billing-project=x"}, ask...), `project "x"`},
		{append([]string{"check", "--format=terraform"}, ask...), "--format=terraform is not known here"},
		{append([]string{"plan", "--format=xml"}, ask...), "--format=xml is not known here"},
		{append([]string{"check", "--verbosity=loud"}, ask...), "--verbosity=loud is not known"},
		{append([]string{"plan", "--only=pull, pul"}, ask...), "--only=pul names no check"},
		{append([]string{"plan", "--scope=folder"}, ask...), "--scope=folder is not known"},
		{append([]string{"check", "--sandbox=nowhere"}, ask...), `--sandbox names no world: "nowhere"`},
		{append([]string{"check", "--sandbox", "article"}, ask...), `unrecognized argument "article"`},
		{append([]string{"check", "--only=pull"}, ask...), "unknown flag: --only"},
		{append([]string{"check", "--projct=x"}, ask...), "did you mean --project?"},
		{[]string{"chek"}, "did you mean check?"},
		{[]string{"stale", "list"}, "nothing to look through is given"},
		{[]string{"stale"}, "(whopulls.stale) a command is missing"},
		{[]string{"help", "nonsense"}, `unknown command "nonsense"`},
		{[]string{"sandbox"}, "(whopulls.sandbox) a command is missing"},
		{[]string{"sandbox", "stat"}, "did you mean start?"},
		{[]string{"sandbox", "start", "--port=99999"}, "--port=99999 is no port"},
		{[]string{"sandbox", "start", "--latency=-1s"}, "--latency=-1s is negative"},
		{[]string{"sandbox", "start", "--jitter=-1s"}, "--jitter=-1s is negative"},
		{[]string{"sandbox", "start", "--jitter=2"}, "--jitter can't be \"2\"\n  a time is written as 50ms, 1s or 5m\n  whopulls sandbox start --help"},
		{[]string{"grant", "--wait=x"}, "a time is written as 50ms"},
		{[]string{"check", "--strict=x"}, "it takes true or false"},
		{[]string{"sandbox", "start", "--propagation=-5s"}, "--propagation=-5s is negative"},
		{[]string{"sandbox", "start", "--fault-rate=1.5"}, "--fault-rate=1.5 is no share of the calls"},
		{[]string{"sandbox", "start", "--fault-rate=NaN"}, "--fault-rate=NaN is no share of the calls"},
		{[]string{"sandbox", "start", "--seed=many"}, "--seed can't be \"many\"\n  it takes a whole number\n"},
		{[]string{"sandbox", "start", "--port=x"}, "it takes a whole number"},
		{[]string{"sandbox", "start", "--fault-rate=x"}, "it takes a number, as 0.1"},
		{[]string{"sandbox", "start", "--log-file="}, "--log-file is given without a value"},
		{[]string{"sandbox", "start", "--world=127.0.0.1:80"}, "--world names no world"},
		{[]string{"sandbox", "start", "--as=nobody"}, `member "nobody"`},
		{[]string{"completion"}, "a command is missing"},
		{[]string{"completion", "bash", "x"}, "unrecognized argument \"x\"\n  whopulls completion bash --help shows what it takes"},
		{[]string{"version", "--format=xml"}, "--format=xml is not known here"},
		{nil, "the app needs a terminal"},
	} {
		t.Run(fmt.Sprint(c.args), func(t *testing.T) {
			tt := (&cliRun{}).run(c.args...).expect(t, 2)
			wantContains(t, tt.err, "ERROR: (whopulls", c.want)
			if len(tt.targets) > 0 || (tt.out != "" && !strings.HasPrefix(tt.out, "error:")) {
				t.Errorf("%v: continued to %v, printed %q", c.args, tt.targets, tt.out)
			}
		})
	}
}

func TestVariablesStandBehindFlags(t *testing.T) {
	variables := map[string]string{"CLOUDSDK_CORE_PROJECT": "myproject-a", "CLOUDSDK_RUN_REGION": "asia-northeast1",
		"CLOUDSDK_CORE_ACCOUNT": "other@example.com"}
	other := article()
	other.otherAccount = "other@example.com"
	tt := (&cliRun{cloud: other, variables: variables}).run("check", "--job=myjob").expect(t, 3)
	if got := tt.targets[0].Google.SignIn; got.Account != "other@example.com" || got.AccountFromFlag {
		t.Errorf("the account is %q, insisted %v", got.Account, got.AccountFromFlag)
	}
	first, _, _ := strings.Cut(tt.err, "\n")
	wantContains(t, first, "WARNING: dev@example.com calls, not other@example.com (CLOUDSDK_CORE_ACCOUNT)")
	tt = (&cliRun{cloud: article(), variables: variables}).run("check", "--job=myjob", "--account=serviceAccount:ci@myproject-a.iam.gserviceaccount.com")
	if got := tt.targets[0].Google.SignIn; got.Account != "ci@myproject-a.iam.gserviceaccount.com" || !got.AccountFromFlag {
		t.Errorf("the account is %q, insisted %v", got.Account, got.AccountFromFlag)
	}
	tt = (&cliRun{cloud: article(), variables: variables}).run("check", "--job=myjob", "--sandbox").expect(t, 3)
	if got := tt.targets[0]; got.Account != "" || got.World != "article" {
		t.Errorf("in the sandbox the target is %+v", got)
	}
	(&cliRun{cloud: article(), variables: variables}).run("check", "--job=myjob", "--project=No").expect(t, 2)
}

func TestSandboxValues(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "plain")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]options.Target{
		"article":            {World: "article"},
		"127.0.0.1:4711":     {Address: "127.0.0.1:4711"},
		"[::1]:4711":         {Address: "[::1]:4711"},
		"localhost:80":       {Address: "localhost:80"},
		"world.yaml":         {World: "world.yaml"},
		"./dir:80":           {World: "./dir:80"},
		file:                 {World: file},
		"some.yml":           {World: "some.yml"},
		"host:99999":         {},
		"host:name":          {},
		":4711":              {},
		filepath.Base(file):  {},
		"nonsense":           {},
		"article.yam":        {},
		"127.0.0.1":          {},
		"http://127.0.0.1:8": {World: "http://127.0.0.1:8"},
	} {
		t.Run(value, func(t *testing.T) {
			got, _, err := (options.CloudFlags{Sandbox: value}).ResolveTarget(console.Streams{Lookup: func(string) (string, bool) { return "", false }}, "", "")
			if (err == nil) != want.IsSandbox() || (err == nil && (got.Address != want.Address || got.World != want.World)) {
				t.Errorf("--sandbox=%s is %+v, %v", value, got, err)
			}
		})
	}
	tt := (&cliRun{cloud: article(), variables: map[string]string{"WHOPULLS_SANDBOX": "127.0.0.1:4711"}}).runOnJob("check")
	if tt.targets[0].Address != "127.0.0.1:4711" {
		t.Errorf("the target is %+v", tt.targets[0])
	}
	tt = (&cliRun{variables: map[string]string{"WHOPULLS_SANDBOX": "nowhere"}}).runOnJob("check").expect(t, 2)
	wantContains(t, tt.err, `WHOPULLS_SANDBOX names no world: "nowhere"`)
}

func TestFlagsBeforeTheCommand(t *testing.T) {
	args := append(append([]string{"-q", "--read-only", "--sandbox"}, jobFlags...), "check")
	(&cliRun{cloud: article()}).run(args...).expect(t, 3)
}

func TestNextRepeatsTheFlags(t *testing.T) {
	tt := (&cliRun{cloud: article()}).runOnJob("check", "--strict", "--sandbox", "--deployer=user:it's@example.com", "--format=table")
	want := `Next: whopulls grant --project=myproject-a --region=asia-northeast1 --job=myjob '--deployer=user:it'"'"'s@example.com' --strict --sandbox=article`
	wantContains(t, tt.out, want)
}

func TestEveryHelpFitsTheTerminal(t *testing.T) {
	for _, command := range []string{"", "check", "plan", "grant", "explain", "sandbox", "sandbox start", "sandbox worlds", "version", "completion"} {
		t.Run(cmp.Or(command, "whopulls"), func(t *testing.T) {
			tt := (&cliRun{}).run(append(strings.Fields(command), "--help")...).expect(t, 0)
			for line := range strings.Lines(tt.out) {
				if len(line) > helpWidth+1 {
					t.Errorf("help of %q is too wide: %s", command, line)
				}
			}
			if via := (&cliRun{}).run(append([]string{"help"}, strings.Fields(command)...)...).expect(t, 0); via.out != tt.out {
				t.Errorf("help %s differs from --help", command)
			}
		})
	}
}

func TestExamplesOfTheHelpParse(t *testing.T) {
	t.Chdir(t.TempDir()) // some write files
	root := newRoot(&program{})
	for _, c := range append(root.Commands(), root) {
		example := strings.ReplaceAll(c.Example, "\\\n", " ")
		for line := range strings.Lines(example) {
			words := slices.DeleteFunc(strings.Fields(line), func(word string) bool { return strings.HasPrefix(word, ">") }) // the shell's
			if len(words) < 2 || words[0] != "whopulls" || words[1] == "sandbox" {
				continue
			}
			tt := (&cliRun{cloud: article()}).run(words[1:]...)
			if tt.code == 2 && !strings.Contains(tt.err, "terminal") {
				t.Errorf("%s: %s", line, tt.err)
			}
		}
	}
}

func TestEveryVerdictHasACodeAndASign(t *testing.T) {
	for v, code := range map[model.Verdict]int{model.Granted: 0, model.Missing: 3, model.Denied: 3, model.Unknown: 5} {
		t.Run(string(v), func(t *testing.T) {
			if console.Status(v).Code() != code || console.VerdictMarks[v].Sign == "" {
				t.Errorf("%s: code %d, sign %q", v, console.Status(v).Code(), console.VerdictMarks[v].Sign)
			}
		})
	}
}

func TestVersion(t *testing.T) {
	if tt := (&cliRun{}).run("version").expect(t, 0); tt.out != "whopulls 1.2.3 (abc, 2026-01-02, go1.26)\n" {
		t.Errorf("version prints %q", tt.out)
	}
	for _, flag := range []string{"--version", "-v"} {
		t.Run(flag, func(t *testing.T) {
			if tt := (&cliRun{}).run(flag).expect(t, 0); tt.out != "whopulls 1.2.3 (abc, 2026-01-02, go1.26)\n" || tt.err != "" {
				t.Errorf("%s prints %q, %q", flag, tt.out, tt.err)
			}
		})
	}
	if got := (Build{Version: "(devel)", Commit: "unknown", Date: "unknown", Go: "go1.26"}).summary(); got != "whopulls (devel) (go1.26)" {
		t.Errorf("of an unknown build it prints %q", got)
	}
	if d := decodeDocument(t, (&cliRun{}).run("version", "--format=json").expect(t, 0).out); d["version"] != "1.2.3" {
		t.Errorf("version's document is %v", d)
	}
}

func TestColourNeedsATerminalThatAllowsIt(t *testing.T) {
	for _, c := range []struct {
		terminal  bool
		variables map[string]string
		want      bool
	}{
		{true, nil, true},
		{false, nil, false},
		{true, map[string]string{"NO_COLOR": ""}, false},
		{true, map[string]string{"NO_COLOR": "0"}, false},
		{true, map[string]string{"TERM": "dumb"}, false},
	} {
		t.Run(fmt.Sprintf("terminal %t %v", c.terminal, c.variables), func(t *testing.T) {
			s := console.Streams{Lookup: func(name string) (string, bool) { v, ok := c.variables[name]; return v, ok }}
			if got := s.AllowsColour(c.terminal); got != c.want {
				t.Errorf("terminal %v with %v: %v", c.terminal, c.variables, got)
			}
		})
	}
	var b strings.Builder
	p := &console.Printer{W: &b, Width: 80, Colour: true}
	p.Line(p.Verdict(model.Missing))
	wantContains(t, b.String(), "\x1b[", "✗ missing")
}
