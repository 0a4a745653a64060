package cmd

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"whopulls/cmd/options"
	"whopulls/gcp/transport"
	"whopulls/model"
)

// complete are the lines that a shell gets for a command line, without the last one.
func (tt *cliRun) complete(args ...string) []string {
	tt.run(append([]string{"__complete"}, args...)...)
	lines := strings.Split(strings.TrimSuffix(tt.out, "\n"), "\n")
	return lines[:len(lines)-1]
}

func TestCompletedValues(t *testing.T) {
	const in = "asia-northeast1-docker.pkg.dev/myproject-b/"
	a := "--project=myproject-a"
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"check", "--project", ""}, []string{"myproject-a\tmyproject-a", "myproject-b\tMyproject B"}},
		{[]string{"--project=myproject-b"}, []string{"myproject-b\tMyproject B"}},
		{[]string{"history", "--billing-project", "myproject-b"}, []string{"myproject-b\tMyproject B"}},
		{[]string{"grant", "--confirm", "x"}, nil},
		{[]string{"plan", a, "--service", ""}, []string{"web\tus-central1, asia-northeast1"}},
		{[]string{"plan", a, "--region=us-central1", "--service", ""}, []string{"web\tus-central1"}},
		{[]string{"plan", a, "--region=us-central1", "--job", ""}, nil},
		{[]string{"plan", a, "--worker-pool", "po"}, []string{"poller\tasia-northeast1"}},
		{[]string{"plan", "--job", ""}, nil},
		{[]string{"plan", a, "--region", ""}, []string{"asia-northeast1\tservice web, worker pool poller, job myjob", "us-central1\tservice web"}},
		{[]string{"plan", a, "--job=myjob", "--region", ""}, []string{"asia-northeast1\tjob myjob"}},
		{[]string{"plan", a, "--service-account", ""}, []string{runner + "\truns web, runs poller, runs myjob"}},
		{[]string{"plan", a, "--deployer", ""}, nil},
		{[]string{"plan", a, "--image", ""}, []string{image + "\trun by web, run by poller, run by myjob"}},
		{[]string{"plan", a, "--image", "asia-northeast1-docker.pkg.dev/myproject-b"}, []string{in + "\tMyproject B"}},
		{[]string{"plan", a, "--image", in}, []string{in + "myrepo/"}},
		{[]string{"plan", a, "--image", in + "myrepo/myjob:v"}, []string{in + "myrepo/myjob:v2\tsha256:9f86d081884c"}},
		{[]string{"plan", a, "--image", "example.com/a/b/"}, nil},
		{[]string{"plan", a, "--repository", "proj"}, []string{"projects/myproject-a/\tmyproject-a", "projects/myproject-b/\tMyproject B"}},
		{[]string{"plan", a, "--repository", "projects/myproject-b/locations/u"}, []string{"projects/myproject-b/locations/us-central1/repositories/base"}},
		{[]string{"undo", ""}, []string{"abcdefghij\tGrant roles/artifactregistry.reader on repository myrepo to the Cloud Run service agent of project 111111111111", "klmnopqrst\tthe run of 0001-01-01 00:00:00"}},
		{[]string{"undo", "abcdefghij", ""}, nil},
		{[]string{"sandbox", "start", "--world", "a"}, []string{"article"}},
		{[]string{"grant", "--only", ""}, model.CheckIDs[:]},
		{[]string{"grant", "--only", "pull,"}, []string{"pull,run-api", "pull,agent", "pull,deploy", "pull,act-as", "pull,read-image", "pull,run-as", "pull,runtime-account", "pull,image", "pull,upstream"}},
		{[]string{"grant", "--only=pull,act-as,read"}, []string{"pull,act-as,read-image"}},
		{[]string{"help", "he"}, nil},
		{[]string{"help", "ch"}, []string{"check\tReport whether a project may run an image, and why"}},
		{[]string{"help", "sandbox", "s"}, []string{"start\tServe a world until interrupted"}},
		{[]string{"help", "check", ""}, nil},
		{[]string{"grant", "--acco"}, []string{"--account\tACCOUNT to call Google Cloud with, of those that gcloud holds; in the sandbox the member who calls"}},
		{[]string{"check", "--format", ""}, append(options.ToStrings(checkFormats), "csv")},
		{[]string{"check", "--verbosity", ""}, options.Verbosities},
		{[]string{"grant", "--wait", ""}, nil},
	} {
		t.Run(fmt.Sprint(c.args), func(t *testing.T) {
			tt := &cliRun{cloud: article(), interactive: true, in: "y\n"}
			got := tt.complete(c.args...)
			if !slices.Equal(got, c.want) {
				t.Errorf("%v: %q, not %q", c.args, got, c.want)
			}
			if len(tt.cloud.gates) > 0 || tt.code != 0 {
				t.Errorf("%v: code %d, gates %v", c.args, tt.code, tt.cloud.gates)
			}
		})
	}
}

// Where the cloud can't be asked, nothing is offered and nothing said.
func TestCompletionSaysNothingOfTroubles(t *testing.T) {
	for about, tt := range map[string]*cliRun{
		"not signed in": {cloud: article(), dialErr: transport.ErrNotSignedIn},
		"no sandbox":    {cloud: article(), variables: map[string]string{"WHOPULLS_SANDBOX": "nowhere"}},
		"no list":       {cloud: &fakeCloud{listErr: transport.ErrUnreachable, emptyLists: true}},
	} {
		t.Run(about, func(t *testing.T) {
			if got := tt.complete("check", "--project", ""); len(got) > 0 || strings.Contains(tt.err, "ERROR") {
				t.Errorf("offered %q, said %q", got, tt.err)
			}
		})
	}
}

// What came in time is offered, and the reading continues in the background; what came whole needs no more.
func TestASlowCloudIsReadBesideTheShell(t *testing.T) {
	started := time.Now()
	slow := &fakeCloud{endlessLists: true}
	tt := &cliRun{cloud: slow, variables: map[string]string{"WHOPULLS_SANDBOX": "127.0.0.1:1"}}
	if got := tt.complete("check", "--project", "my"); !slices.Equal(got, []string{"myproject-a\tmyproject-a", "myproject-b\tMyproject B"}) {
		t.Errorf("offered %q", got)
	}
	if want := [][]string{{"__complete", "check", "--project", "my"}}; len(tt.refreshes) != 1 || !slices.Equal(tt.refreshes[0], want[0]) {
		t.Errorf("refills %q", tt.refreshes)
	}
	if took := time.Since(started); took > 5*700*time.Millisecond {
		t.Errorf("it took %s", took)
	}
	quick := &cliRun{cloud: article(), variables: map[string]string{"WHOPULLS_SANDBOX": "127.0.0.1:1"}}
	if quick.complete("check", "--project", ""); len(quick.refreshes) > 0 {
		t.Errorf("refills %q", quick.refreshes)
	}
	own := &cliRun{cloud: slow, variables: map[string]string{"WHOPULLS_SANDBOX": "article"}}
	if own.complete("check", "--project", ""); len(own.refreshes) > 0 {
		t.Error("a sandbox that ends with the command was read for the next one")
	}
}
