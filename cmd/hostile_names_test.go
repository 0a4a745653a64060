package cmd

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"whopulls/cmd/console"
	"whopulls/cmd/view"
	"whopulls/model"
	"whopulls/text"
)

// hostileNames are names that a careless program obeys.
var hostileNames = []string{"$(touch pwned)", "`touch pwned`", "'; touch pwned; '", "\"; touch pwned; \"", "a\ntouch pwned\n", "a\r\ntouch pwned",
	"\x1b[2J\x1b]0;title\a", "--project=other", "a b  c", "*", "~", "a\\", "#x", "!x", "${HOME}", "\u009b31m", "\u202egnp.exe", "```\ntouch pwned\n```", "|x|"}

// hostileAssessment has one of them in every field of every step.
func hostileAssessment(name string) view.Assessment {
	number := name
	f := view.Assessment{Sandbox: name}
	f.Diagnosis = model.Diagnosis{Verdict: model.Missing, Consumer: model.ConsumerRef{ID: name, Number: &number},
		Images: []model.ImageUse{{Reference: name}},
		Checks: []model.Check{{ID: model.CheckImage, Verdict: model.Missing, Reason: name}}}
	for i, r := range []model.Resource{
		model.Resource("//artifactregistry.googleapis.com/projects/" + name + "/locations/" + name + "/repositories/" + name),
		model.Resource("//cloudresourcemanager.googleapis.com/projects/" + name),
		model.Resource("//run.googleapis.com/projects/" + name + "/locations/l/jobs/" + name)} {
		s := model.Step{ID: string(rune('1' + i)), Check: name, Kind: model.StepRevoke, Resource: r, Role: name, Member: model.Member("user:" + name)}
		grant, err := s.Inverse()
		if err != nil {
			panic(err)
		}
		grant.Caution, grant.Why, grant.Certain = name, name, i != 1
		f.Plan.Steps = append(f.Plan.Steps, grant)
	}
	f.Plan.Verdict = model.Missing
	return f
}

// render is what a writer puts out, where nobody looks at a terminal.
func render(t *testing.T, write func(*console.Printer, view.Assessment), f view.Assessment) string {
	t.Helper()
	var out bytes.Buffer
	p := console.Streams{Out: &out, Err: &out, Lookup: func(string) (string, bool) { return "", false }}.OutPrinter()
	write(p, f)
	if p.Err != nil {
		t.Fatal(p.Err)
	}
	return out.String()
}

// A script made of hostile names runs the commands that it shows and nothing else, each argument whole.
func TestScriptOfHostileNames(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the script is for a POSIX shell")
	}
	for _, name := range hostileNames {
		t.Run(fmt.Sprintf("%q", name), func(t *testing.T) {
			dir := t.TempDir()
			gcloud := "#!/bin/sh\nfor a in \"$@\"; do printf '%s\\0' \"$a\"; done >>\"$RECORD\"\n"
			if err := os.WriteFile(filepath.Join(dir, "gcloud"), []byte(gcloud), 0o700); err != nil {
				t.Fatal(err)
			}
			c := exec.Command("/bin/sh", "-eu")
			c.Dir, c.Stdin = dir, strings.NewReader(render(t, view.Script, hostileAssessment(name)))
			c.Env = []string{"PATH=" + dir, "RECORD=" + filepath.Join(dir, "record"), "HOME=/nowhere"}
			if out, err := c.CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("%q: %v, %s", name, err, out)
			}
			if _, err := os.Stat(filepath.Join(dir, "pwned")); err == nil {
				t.Errorf("%q was obeyed", name)
			}
			record, err := os.ReadFile(filepath.Join(dir, "record"))
			if text.Clean(name) != name { // what can't be shown can't be typed, and another member is not given anything
				if err == nil {
					t.Errorf("%q: %q ran", name, record)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if n := strings.Count(string(record), "\x00add-iam-policy-binding\x00"); n != 3 {
				t.Errorf("%q: %d commands ran: %q", name, n, record)
			}
			if n := strings.Count(string(record), "\x00--member=user:"+name+"\x00"); n != 3 {
				t.Errorf("%q: the member came through %d times: %q", name, n, record)
			}
		})
	}
}

// writeHistory writes the steps as a journal that somebody else may have written.
func writeHistory(p *console.Printer, f view.Assessment) {
	var entries []view.HistoryEntry
	for _, s := range f.Plan.Steps {
		entries = append(entries, view.HistoryEntry{ID: s.ID, Run: f.Sandbox, Target: f.Sandbox, Account: f.Sandbox, Project: f.Sandbox, Kind: s.Kind,
			Resource: s.Resource, Role: s.Role, Member: s.Member, State: "failed", Message: f.Sandbox})
	}
	view.History(p, entries, "here")
}

// No writer lets a control character reach a terminal, and in Markdown no fence ends early.
func TestWritersOfHostileNames(t *testing.T) {
	for _, name := range hostileNames {
		for about, write := range map[string]func(*console.Printer, view.Assessment){"plan": view.Plan, "script": view.Script, "terraform": view.Terraform,
			"markdown": view.Markdown, "request": view.Request, "history": writeHistory} {
			t.Run(fmt.Sprintf("%s of %q", about, name), func(t *testing.T) {
				out := render(t, write, hostileAssessment(name))
				if strings.ContainsAny(out, "\x1b\a\r\u009b\u202e") {
					t.Errorf("%s of %q holds a control character: %q", about, name, out)
				}
				for line := range strings.Lines(out) {
					if strings.HasPrefix(strings.TrimSpace(line), "touch pwned") {
						t.Errorf("%s of %q has a line of its own for it:\n%s", about, name, out)
					}
				}
			})
		}
	}
}
