package view

import (
	"fmt"
	"strings"
	"testing"

	"whopulls/cmd/console"
	"whopulls/gcp/signin"
	"whopulls/model"
	"whopulls/text/cells"
)

// In a narrow terminal info loses nothing: a line that is too long continues below its start.
func TestInfoInANarrowTerminal(t *testing.T) {
	member := model.Member("serviceAccount:ci@myproject-a.iam.gserviceaccount.com")
	d := InfoDocument{SignedIn: true, Account: InfoAccount{Member: &member, Way: "gcloud", Kind: "user", ImpersonatedBy: "dev@example.com",
		Named: "other@example.com", Differs: true, QuotaProject: "myproject-b"},
		Attempts:      []InfoAttempt{{Method: "gcloud", Result: "taken: dev@example.com"}},
		Configuration: InfoConfiguration{Name: "work", Origin: "CLOUDSDK_ACTIVE_CONFIG_NAME", Folder: "/home/dev/.config/gcloud"},
		Config:        map[string]map[string]string{"core": {"account": "other@example.com", "custom_ca_certs_file": "/etc/ssl/certs/ca-certificates.crt"}},
		Origins:       map[string]map[string]string{"core": {"account": "gcloud's configuration work", "custom_ca_certs_file": "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE"}},
		Network:       InfoNetwork{Endpoints: map[string]string{"policytroubleshooter": "https://policytroubleshooter.googleapis.com/", "run": "http://127.0.0.1:4711/"}},
		Files:         []InfoFile{{"journal", "/home/dev/.local/state/whopulls/journal.jsonl", false}}}
	for _, width := range []int{60, 80, 100} {
		t.Run(fmt.Sprintf("%d columns", width), func(t *testing.T) {
			var b strings.Builder
			p := &console.Printer{W: &b, Width: width}
			Info(p, d)
			for line := range strings.Lines(b.String()) {
				if got := cells.Width(strings.TrimSuffix(line, "\n")); got > width {
					t.Errorf("at %d columns a line has %d: %s", width, got, line)
				}
			}
			flat := strings.Join(strings.Fields(b.String()), " ")
			wantContains(t, flat, "account ci@myproject-a.iam.gserviceaccount.com", "not other@example.com, which is the account that is set (gcloud's configuration work)",
				"signed in by gcloud (user), impersonated by dev@example.com", "quota of myproject-b", "checked gcloud: taken",
				"configuration work (CLOUDSDK_ACTIVE_CONFIG_NAME)", "core/custom_ca_certs_file = /etc/ssl/certs/ca-certificates.crt CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE",
				"policytroubleshooter policytroubleshooter.googleapis.com", "run http://127.0.0.1:4711", "journal.jsonl (does not exist)")
		})
	}
}

// Commands stay on one line in a narrow terminal, so that they can be copied.
func TestInfoSaysHowToSignIn(t *testing.T) {
	var b strings.Builder
	Info(&console.Printer{W: &b, Width: 40}, InfoDocument{Error: &ErrorBody{Message: "not signed in: nobody is", Hints: model.AdviceLines(signin.NextSteps())},
		Configuration: InfoConfiguration{Name: "default", Folder: "/x"}})
	for _, way := range signin.NextSteps() {
		wantContains(t, b.String(), way.String()+"\n")
	}
}
