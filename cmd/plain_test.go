package cmd

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"whopulls/gcp/transport"
	"whopulls/model"
	"whopulls/model/ledger"
	"whopulls/test/golden"
)

// inMenu drives the menu of plain mode with lines.
func inMenu(cloud *fakeCloud, lines ...string) *cliRun {
	return &cliRun{cloud: cloud, interactive: true, outTerminal: true, in: strings.Join(lines, "\n") + "\n",
		variables: map[string]string{"ACCESSIBLE": "1", "NO_COLOR": "1"}}
}

// Every entry asks its questions, runs its command, and comes back to the menu.
func TestPlainMenu(t *testing.T) {
	const failure = "Google Cloud Run Service Agent service-111111111111@serverless-robot-prod.iam.gserviceaccount.com must have permission to read the image, " + image
	for name, c := range map[string]struct {
		lines []string
		out   []string // on standard output
		err   []string // on standard error
	}{
		"check": {[]string{"1", "myproject-a", "myjob", "0"}, []string{"missing"}, []string{"Question 1: Which project", "The same without questions: whopulls check --project=myproject-a"}},
		"check, then the same once more": {[]string{"check", "myproject-a", "myjob", "1", "the same", "0"}, []string{"missing"},
			[]string{"About what?", "1. the same, --project=myproject-a --region=asia-northeast1 --job=myjob"}},
		"check, then something else":  {[]string{"1", "myproject-a", "myjob", "1", "2", "myproject-a", "q", ""}, nil, []string{"Question 2: What runs", "stopped before every question was answered"}},
		"fix":                         {[]string{"fix", "myproject-a", "myjob", "y", ""}, []string{"myproject-a runs asia-northeast1", "nothing is missing"}, []string{"Step 1 of 1: Grant"}},
		"explain":                     {[]string{"3", failure, ".", "0"}, []string{"PULLS"}, []string{"Paste the error message"}},
		"explain to the end of input": {[]string{"3", failure}, []string{"PULLS"}, nil},
		"explain nothing":             {[]string{"3", "", ".", "0"}, nil, []string{"There was no text."}},
		"who may pull":                {[]string{"who", "myproject-b", "myrepo", "0"}, []string{"myrepo"}, []string{"Which project has the repository?", "Which repository of project myproject-b?"}},
		"who may pull, by an image":   {[]string{"4", image, "0"}, []string{"myrepo"}, nil},
		"who may pull, of them all":   {[]string{"4", "myproject-b", "b", "myproject-b", "every", "0"}, []string{"myproject-b"}, []string{"1. every repository, all Docker repositories"}},
		"undo":                        {[]string{"undo", "1", "y", "0"}, []string{"done"}, []string{"What should be taken back?", "1. klmnopqrst, "}},
		"hand over":                   {[]string{"hand", "markdown", "myproject-a", "myjob", "0"}, []string{"roles/artifactregistry.reader"}, []string{"In which form?", "--account=dev@example.com --format=markdown"}},
		"mistakes": {[]string{"7", "-1", "nothing", "4", "nothing", "docker.io/library/nginx", "b", "5", "99", "nothing", "q", "6", "pdf", "b", "1", "nothing", "q", "0"}, nil,
			[]string{"the numbers go from 0 to 6", "library/nginx:latest is in no repository", `no run fits "nothing"`, "the numbers shown go from 1 to 1", `no form fits "pdf"`, `no project fits "nothing"`}},
	} {
		t.Run(name, func(t *testing.T) {
			tt := inMenu(article(), c.lines...).run("--account=dev@example.com").expect(t, 0)
			wantContains(t, tt.out, c.out...)
			wantContains(t, tt.err, append(c.err, "whopulls in plain mode (ACCESSIBLE).", "1. check: ", "0. end")...)
			if strings.ContainsAny(tt.out+tt.err, "\r\x1b│─✓✗⊘") {
				t.Errorf("something is drawn or rewritten:\n%s%s", tt.out, tt.err)
			}
			if !tt.cloud.closed && len(tt.targets) > 0 || len(tt.targets) > 1 {
				t.Errorf("%d connections, closed %t", len(tt.targets), tt.cloud.closed)
			}
		})
	}
}

// What the menu looks like, and how it ends.
func TestPlainMenuEnds(t *testing.T) {
	for _, lines := range []string{"0", "", "q", "End"} {
		t.Run(fmt.Sprintf("%q", lines), func(t *testing.T) {
			golden.Compare(t, "plain-menu.txt", strings.TrimSpace(inMenu(article(), lines).run("--read-only").expect(t, 0).err)+"\n")
		})
	}
	t.Run("end of input", func(t *testing.T) {
		(&cliRun{cloud: article(), interactive: true, outTerminal: true}).run("--accessible").expect(t, 0)
	})
	t.Run("a signal", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		(&cliRun{cloud: article(), interactive: true, outTerminal: true, input: &interruptingReader{cancel: cancel}, ctx: ctx}).run("--accessible").expect(t, 130)
	})
}

// A question that the command line has whole is answered at once.
func TestPlainMenuAnswersTheCommandLine(t *testing.T) {
	tt := inMenu(article(), "fix", "1", "n", "0").run(jobFlags...).expect(t, 0)
	wantContains(t, tt.out, "missing", "skipped")
	wantContains(t, tt.err, "About what?", "Step 1 of 1")
}

// A command that fails says why, and the menu stays.
func TestPlainMenuAfterAnError(t *testing.T) {
	cloud := article()
	cloud.readErr = errors.Join(transport.ErrUnreachable)
	tt := inMenu(cloud, "1", "myproject-a", "myjob", "5", "1", "n", "0").run().expect(t, 0)
	wantContains(t, tt.err, "ERROR: (whopulls) ", "What should be taken back?")
}

// Of the journal the menu offers the runs that are still in effect, the last one first.
func TestRunsInEffect(t *testing.T) {
	entry := func(id, run, target string, state ledger.State, undoes string) ledger.Entry {
		return ledger.Entry{ID: id, Run: run, Target: target, State: state, Kind: model.StepGrant, Resource: repository, Role: model.RoleReader, Member: agent, Undoes: undoes}
	}
	h := ledger.History{Entries: []ledger.Entry{entry("a", "first", "here", ledger.StateDone, ""), entry("b", "first", "here", ledger.StateDone, ""),
		entry("c", "elsewhere", "there", ledger.StateDone, ""), entry("d", "undone", "here", ledger.StateUndone, ""),
		entry("e", "undoing", "here", ledger.StateDone, "d"), entry("f", "last", "here", ledger.StateDone, "")}}
	var got []string
	for _, item := range runsInEffect(h, "here") {
		got = append(got, item.Name+" "+item.Details)
	}
	if len(got) != 2 || !strings.HasPrefix(got[0], "last 0001-01-01 00:00:00 UTC, 1 change: ") || !strings.HasPrefix(got[1], "first 0001-01-01 00:00:00 UTC, 2 changes: ") {
		t.Errorf("%q", got)
	}
}
