package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/gcp/transport"
	"whopulls/model"
	reading "whopulls/model/failure"
	"whopulls/test/golden"
)

// pullText is what Cloud Run says about the case of the design.
const pullText = "ERROR: (gcloud.run.jobs.deploy) Google Cloud Run Service Agent service-111111111111@serverless-robot-prod.iam.gserviceaccount.com " +
	"must have permission to read the image, " + image + ". Ensure that the provided container image URL is correct. " +
	"Note that the image is from project [myproject-b], which is not the same as this project [myproject-a]. " +
	"Permission must be granted to the Google Cloud Run Service Agent from this project."

func TestExplainForPeople(t *testing.T) {
	tt := (&cliRun{cloud: article()}).run("explain", "--text="+pullText).expect(t, 0)
	golden.Compare(t, "explain.txt", tt.out)
	if tt.err != "" || !tt.cloud.closed {
		t.Errorf("standard error is %q, closed is %v", tt.err, tt.cloud.closed)
	}
	golden.Compare(t, "explain-alone.txt", (&cliRun{dialErr: transport.ErrNotSignedIn}).run("explain", "--text="+pullText).expect(t, 0).out)
	golden.Compare(t, "explain-unrecognized.txt", (&cliRun{}).run("explain", "--text=no luck").expect(t, 5).out)
}

func TestExplainForPrograms(t *testing.T) {
	d := decodeDocument(t, (&cliRun{cloud: article(), in: pullText}).run("explain", "--format=json").expect(t, 0).out)
	if d["cause"] != "puller" || d["image"] != image || d["serviceAccount"] != nil || len(d["next"].([]any)) == 0 {
		t.Errorf("the document is %v", d)
	}
	diagnosis, _ := d["diagnosis"].(map[string]any)
	if diagnosis["verdict"] != "missing" || len(diagnosis["checks"].([]any)) != 9 {
		t.Errorf("the diagnosis is %v", diagnosis)
	}
	tt := (&cliRun{dialErr: fmt.Errorf("dial: %w", transport.ErrNotSignedIn), in: pullText}).run("explain", "-", "--format=json").expect(t, 0)
	if _, there := decodeDocument(t, tt.out)["diagnosis"]; there || strings.Count(tt.err, "\n") != 1 {
		t.Errorf("without a sign-in it says %s and notes %s", tt.out, tt.err)
	}
}

// Whatever becomes of the diagnosis, the exit code is the reading's.
func TestExplainStandsWithoutADiagnosis(t *testing.T) {
	hidden := article()
	hidden.hidden = map[model.WantKind]bool{model.WantProject: true}
	for name, tt := range map[string]*cliRun{
		"broken":      {cloud: &fakeCloud{readErr: errors.New("no luck")}},
		"unreachable": {dialErr: transport.ErrUnreachable},
		"unread":      {cloud: hidden},
		"no job":      {cloud: &fakeCloud{noJob: true}},
	} {
		t.Run(name, func(t *testing.T) {
			tt.run("explain", "--text="+pullText).expect(t, 0)
			wantContains(t, tt.out, "✗ PULLS can't read the image", "Next:")
			if name != "no job" && !strings.HasPrefix(tt.err, "NOTE: the diagnosis is left out: ") {
				t.Errorf("%s notes %q", name, tt.err)
			}
		})
	}
	quiet := (&cliRun{dialErr: transport.ErrUnreachable}).run("explain", "--text="+pullText, "--verbosity=error").expect(t, 0)
	if quiet.err != "" {
		t.Errorf("--verbosity=error lets through: %s", quiet.err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	(&cliRun{cloud: article(), ctx: ctx}).run("explain", "--text="+pullText).expect(t, 130)
	pipe, _ := io.Pipe() // nothing comes
	(&cliRun{input: pipe, ctx: ctx}).run("explain").expect(t, 130)
}

// Flags go before the text, and the text before the variables.
func TestExplainFillsTheQuestion(t *testing.T) {
	variables := map[string]string{"CLOUDSDK_CORE_PROJECT": "elsewhere-1"}
	found := reading.Read(pullText)
	actAs := reading.Read("User [ci@example.com] does not have permission to access namespaces instance [myproject-a] (or it may not exist): " +
		"Permission 'iam.serviceaccounts.actAs' denied on service account web@myproject-a.iam.gserviceaccount.com")
	port := reading.Read("The user-provided container failed to start and listen on the port")
	for _, c := range []struct {
		args  []string
		found reading.Failure
		want  model.Question
	}{
		{nil, found, model.Question{Project: "myproject-a", Image: model.ImageOf(image)}},
		{[]string{"--project=myproject-c", "--image=nginx"}, found, model.Question{Project: "myproject-c", Image: model.ImageOf("nginx")}},
		{[]string{"--repository=projects/p-123456/locations/us/repositories/r"}, found,
			model.Question{Project: "myproject-a", Repository: model.RepositoryName{Project: "p-123456", Location: "us", ID: "r"}}},
		{nil, actAs, model.Question{Project: "myproject-a", Deployer: "user:ci@example.com", ServiceAccount: runner}},
		{[]string{"--deployer=dev@example.com", "--service-account=b@myproject-a.iam.gserviceaccount.com"}, actAs,
			model.Question{Project: "myproject-a", Deployer: dev, ServiceAccount: "b@myproject-a.iam.gserviceaccount.com"}},
		{nil, port, model.Question{Project: "elsewhere-1"}},
		{[]string{"--project=myproject-a"}, port, model.Question{Project: "myproject-a"}},
	} {
		t.Run(fmt.Sprintf("%s %v", c.found.Cause, c.args), func(t *testing.T) {
			var o explainOptions
			command := &cobra.Command{}
			o.add(command)
			if err := command.ParseFlags(c.args); err != nil {
				t.Fatal(err)
			}
			r, err := o.parse(options.CommandLine{Flags: command.Flags(), Streams: console.Streams{Lookup: func(name string) (string, bool) { v, ok := variables[name]; return v, ok }}})
			if err != nil {
				t.Fatal(err)
			}
			if r = o.fill(r, c.found); r.Question != c.want {
				t.Errorf("%v: the question is %+v, not %+v", c.args, r.Question, c.want)
			}
		})
	}
}

func TestExplainMistakes(t *testing.T) {
	(&cliRun{interactive: true}).run("explain").expect(t, 2)
	long := filepath.Join(t.TempDir(), "long.log")
	if err := os.WriteFile(long, make([]byte, maxText+1), 0o600); err != nil {
		t.Fatal(err)
	}
	tt := (&cliRun{}).run("explain", long).expect(t, 1)
	wantContains(t, tt.err, "is longer than 16 MiB", "tail -n 1000")
	wantContains(t, (&cliRun{input: brokenReader{}}).run("explain", "-").expect(t, 1).err, "standard input can't be read: torn")
	if tt := (&cliRun{in: string(make([]byte, 5<<20))}).run("explain").expect(t, 5); strings.Contains(tt.out, "\x00") {
		t.Error("a binary text is written back")
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("torn") }

func TestHelpOfExplainFitsTheTerminal(t *testing.T) {
	for line := range strings.Lines((&cliRun{}).run("explain", "--help").expect(t, 0).out) {
		if len(line) > helpWidth+1 {
			t.Errorf("the help is too wide: %s", line)
		}
	}
}
