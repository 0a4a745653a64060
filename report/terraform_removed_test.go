package report

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"whopulls/model/handover"
	"whopulls/test/golden"
)

func readState(t *testing.T, file string) *handover.TerraformState {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	state, err := handover.ParseTerraformState(data)
	if err != nil {
		t.Fatal(err)
	}
	return &state
}

func removedText(t *testing.T, s Stale, state *handover.TerraformState) string {
	t.Helper()
	return render(t, func(w io.Writer) error { return s.TerraformRemoved(w, state) })
}

// What terraform show -json and terraform state pull print of one state leads to the same.
func TestRemovedGolden(t *testing.T) {
	golden.Compare(t, "unlocated.tf", removedText(t, sampleReport(), nil))
	pulled, shown := removedText(t, sampleReport(), readState(t, "pulled.tfstate")), removedText(t, sampleReport(), readState(t, "shown.json"))
	golden.Compare(t, "removed.tf", pulled)
	if pulled != shown {
		t.Errorf("the two forms of a state differ:\n%s", shown)
	}
	golden.Compare(t, "hostile.tf", removedText(t, hostileReport(), readState(t, "pulled.tfstate")))
}

// Nothing but comments and removed blocks stands there, whatever things are called.
func TestRemovedHoldsNothingElse(t *testing.T) {
	for about, s := range map[string]Stale{"sample": sampleReport(), "hostile": hostileReport(), "crowded": crowdedReport(50, 3)} {
		t.Run(about, func(t *testing.T) {
			for _, state := range []*handover.TerraformState{nil, readState(t, "shown.json")} {
				for line := range strings.Lines(removedText(t, s, state)) {
					if !regexp.MustCompile(`^(#.*|removed \{|  from = [\w.-]+|  lifecycle \{|    destroy = true|  ?\}|\}|)\n$`).MatchString(line) {
						t.Errorf("%q", line)
					}
				}
			}
		})
	}
}

// What somebody has to decide on is not in force.
func TestRemovedLeavesDecisions(t *testing.T) {
	state, err := handover.ParseTerraformState([]byte(`{"version":4,"resources":[{"mode":"managed","type":"google_artifact_registry_repository_iam_member","name":"web",
		"instances":[{"attributes":{"project":"source-b","location":"us","repository":"images","role":"roles/artifactregistry.reader","member":"serviceAccount:web@team-a.iam.gserviceaccount.com"}}]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	text := removedText(t, sampleReport(), &state)
	if !strings.Contains(text, "\n# removed {\n#   from = google_artifact_registry_repository_iam_member.web\n") || strings.Contains(text, "\nremoved {") {
		t.Errorf("%s", text)
	}
}

// terraform runs the real one, where it is installed.
func terraform(t *testing.T, folder string, args ...string) (string, error) {
	t.Helper()
	if _, err := exec.LookPath("terraform"); err != nil {
		t.Skip("terraform is not installed")
	}
	command := exec.Command("terraform", args...)
	command.Dir, command.Env = folder, append(os.Environ(), "TF_CLI_CONFIG_FILE=", "CHECKPOINT_DISABLE=1")
	var out, told bytes.Buffer
	command.Stdout, command.Stderr = &out, &told
	err := command.Run()
	if err != nil {
		t.Logf("terraform %v: %v\n%s", args, err, told.String())
	}
	return out.String(), err
}

func TestRemovedIsFormatted(t *testing.T) {
	for name, text := range map[string]string{"without": removedText(t, sampleReport(), nil), "with": removedText(t, sampleReport(), readState(t, "shown.json")), "hostile": removedText(t, hostileReport(), readState(t, "shown.json"))} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			if err := os.WriteFile(filepath.Join(folder, "stale_removed.tf"), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if out, err := terraform(t, folder, "fmt", "-check", "-diff"); err != nil {
				t.Errorf("%s: %s", name, out)
			}
		})
	}
}

// The real terraform finds the reported addresses by the reported ids.
func TestTerraformFindsByTheToldIDs(t *testing.T) {
	state := readState(t, "pulled.tfstate")
	file, err := filepath.Abs("testdata/pulled.tfstate")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, c := range sampleReport().chapters()[:2] {
		for _, b := range c.Bindings {
			for _, h := range state.Holders(b) {
				id := handover.StateID(b)
				switch h.Form {
				case "policy":
					continue
				case "binding":
					id = handover.BindingStateID(b)
				}
				out, err := terraform(t, t.TempDir(), "state", "list", "-state="+file, "-id="+id)
				if err != nil || !strings.Contains(out, h.Address+"\n") {
					t.Errorf("%s: %s, not %s", id, out, h.Address)
				}
				found++
			}
		}
	}
	if found < 6 {
		t.Errorf("only %d were looked for", found)
	}
}
