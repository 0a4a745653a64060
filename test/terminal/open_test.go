//go:build e2e

package terminal

import "testing"

// What was copied opens the screen that answers it; what can't be used is said, and nothing opens.
func TestTerminalOpensWhatWasCopied(t *testing.T) {
	binary := buildBinary(t)
	const image = "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/myjob"
	cases := []struct {
		name, arguments string
		shows           []string
	}{
		{"a link to a job", "open 'https://console.cloud.google.com/run/jobs/details/asia-northeast1/myjob?project=myproject-a'", []string{"job myjob", "✗ missing", "pull the image"}},
		{"an image, without the command", image, []string{"Which project runs the container?", "11 projects"}},
		{"an image in a project", "open " + image + " --project=myproject-a", []string{"a new deployment", "✗ missing"}},
		{"an agent", "open service-111111111111@serverless-robot-prod.iam.gserviceaccount.com", []string{"What runs it in", "6 workloads"}},
		{"an error", "open \"ERROR: (gcloud.run.deploy) Image '" + image + ":v9' not found.\"", []string{"What did the deploy say?", "✗ The image does not exist"}},
		{"a sentence", "open 'my deploy is slow'", []string{"? Not recognized.", "exit code 5"}},
		{"a project, with a format", "open --format=table myproject-a", []string{"✓ Project myproject-a", "exit code 0"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			eachSize(t, func(_ *testing.T, _ string, open func(command string) *terminal) {
				open(binary + " --sandbox " + c.arguments).shows(c.shows...)
			})
		})
	}
}
