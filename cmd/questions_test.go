package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"whopulls/gcp/transport"
	"whopulls/model"
	"whopulls/test/golden"
)

// what a person is asked comes on standard error, and the command line that says the same is the last of it.
func TestQuestionsCompleteTheCommandLine(t *testing.T) {
	const digest = "@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
	base := "--image=asia-northeast1-docker.pkg.dev/myproject-b/myrepo/"
	for _, c := range []struct {
		name  string
		flags []string
		in    string
		same  string
	}{
		{"numbers", nil, "1\n2\n", "--project=myproject-a --region=asia-northeast1 --job=myjob"},
		{"names in any case", nil, "MyProject-A\nMYJOB\n", "--project=myproject-a --region=asia-northeast1 --job=myjob"},
		{"a part that one alone has", nil, "ject-a\nmyj\n", "--project=myproject-a --region=asia-northeast1 --job=myjob"},
		{"a part narrows the list down", nil, "ject\n1\nweb\n2\n", "--project=myproject-a --region=us-central1 --service=web"},
		{"a name that two have narrows too", []string{"--project=myproject-a"}, "web\n1\n", "--project=myproject-a --region=asia-northeast1 --service=web"},
		{"what was given is not asked", []string{"--project=myproject-a"}, "2\n", "--project=myproject-a --region=asia-northeast1 --job=myjob"},
		{"a region narrows the workloads", []string{"--project=myproject-a", "--region=us-central1"}, "2\n", "--project=myproject-a --region=us-central1 --service=web"},
		{"a worker pool", []string{"--project=myproject-a"}, "poller\n", "--project=myproject-a --region=asia-northeast1 --worker-pool=poller"},
		{"a new deployment", nil, "1\n1\nservice\nmyproject-b\nmyrepo\nmyjob\n", "--project=myproject-a --kind=service " + base + "myjob:latest"},
		{"a new job", nil, "1\n1\n1\nmyproject-b\nmyrepo\nmyjob\n", "--project=myproject-a --kind=job " + base + "myjob:latest"},
		{"a new worker pool, as the flag spells it", nil, "1\n1\nWorker-Pool\nmyproject-b\nmyrepo\nmyjob\n", "--project=myproject-a --kind=worker-pool " + base + "myjob:latest"},
		{"a new worker pool, in words", nil, "1\n1\nworker\nmyproject-b\nmyrepo\nmyjob\n", "--project=myproject-a --kind=worker-pool " + base + "myjob:latest"},
		{"a kind that is given is not asked for", []string{"--kind=job"}, "1\n1\nmyproject-b\nmyrepo\nmyjob\n", "--project=myproject-a --kind=job " + base + "myjob:latest"},
		{"only a service is open to everybody", []string{"--allow-unauthenticated"}, "1\n1\nmyproject-b\nmyrepo\nmyjob\n", "--project=myproject-a --allow-unauthenticated " + base + "myjob:latest"},
		{"back to another kind", nil, "1\n1\njob\nb\nservice\nmyproject-b\nmyrepo\nmyjob\n", "--project=myproject-a --kind=service " + base + "myjob:latest"},
		{"a kind that does not exist", nil, "1\n1\ninstance\nlambda\njob\nmyproject-b\nmyrepo\nmyjob\n", "--project=myproject-a --kind=job " + base + "myjob:latest"},
		{"a pasted image for the kind", nil, "1\n1\nasia-northeast1-docker.pkg.dev/myproject-b/myrepo/new\n", "--project=myproject-a " + base + "new"},
		{"an image without a tag", nil, "1\n1\njob\nmyproject-b\nmyrepo\nother\n", "--project=myproject-a --kind=job " + base + "other" + digest},
		{"any image of a repository", nil, "1\n1\njob\nmyproject-b\nmyrepo\n1\n", "--project=myproject-a --kind=job --repository=projects/myproject-b/locations/asia-northeast1/repositories/myrepo"},
		{"a pasted image", nil, "1\nasia-northeast1-docker.pkg.dev/myproject-b/myrepo/new\n", "--project=myproject-a " + base + "new"},
		{"a pasted image for the source", nil, "1\n1\nservice\nasia-northeast1-docker.pkg.dev/myproject-b/myrepo/new\n", "--project=myproject-a --kind=service " + base + "new"},
		{"a pasted repository", nil, "1\nprojects/myproject-b/locations/us/repositories/r\n", "--project=myproject-a --repository=projects/myproject-b/locations/us/repositories/r"},
		{"wrong answers are asked again", nil, "7\n0\n-1\nnone\n1\n99\na/b//c\nmyjob\n", "--project=myproject-a --region=asia-northeast1 --job=myjob"},
		{"a stray letter chooses nothing", []string{"--project=myproject-a"}, "y\npo\n1\n", "--project=myproject-a --region=asia-northeast1 --worker-pool=poller"},
		{"back to another project", nil, "myproject-b\nb\nmyproject-a\nmyjob\n", "--project=myproject-a --region=asia-northeast1 --job=myjob"},
		{"back from the first one", nil, "b\n1\nmyjob\n", "--project=myproject-a --region=asia-northeast1 --job=myjob"},
		{"back from a new deployment", nil, "1\n1\njob\nmyproject-b\nmyrepo\nb\nback\nB\nb\nmyjob\n", "--project=myproject-a --region=asia-northeast1 --job=myjob"},
		{"other flags stay", []string{"--strict", "--format=json"}, "1\nmyjob\n", "--project=myproject-a --region=asia-northeast1 --job=myjob --strict --format=json"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tt := (&cliRun{cloud: article(), interactive: true, in: c.in}).run(append([]string{"check"}, c.flags...)...)
			if tt.code != 3 && tt.code != 0 && tt.code != 5 {
				t.Fatalf("exit code %d\n%s", tt.code, tt.err)
			}
			wantContains(t, tt.err, "\nThe same without questions: whopulls check "+c.same+"\n")
			if strings.Contains(tt.out, "Question") {
				t.Errorf("a question on standard output:\n%s", tt.out)
			}
			again := (&cliRun{cloud: article()}).run(append([]string{"check"}, strings.Fields(c.same)...)...)
			if again.out != tt.out || again.code != tt.code {
				t.Errorf("%q answers otherwise (%d, not %d):\n%s\n%s", c.same, again.code, tt.code, again.out, tt.out)
			}
		})
	}
}

func TestEveryFlagIsSpelledAgain(t *testing.T) {
	tt := (&cliRun{cloud: bare(), interactive: true, in: "1\nmyjob\ny\n"}).run("grant", "--only=pull,act-as", "--wait=0s", "--read-only=false").expect(t, 0)
	wantContains(t, tt.err, "whopulls grant --project=myproject-a --region=asia-northeast1 --job=myjob --only=pull,act-as --wait=0s --read-only=false\n",
		"\nThe same, with no question but those before each step: whopulls grant ", "Step 1 of 1: Grant")
}

func TestQuestionsForPeople(t *testing.T) {
	tt := (&cliRun{cloud: article(), interactive: true, in: "none\nmy\n1\n1\njob\nject\n2\nmyrepo\nmyj\n"}).run("plan").expect(t, 3)
	golden.Compare(t, "questions.txt", tt.err)
	const prompt = "Number, name or part of a name: " // whose line a person ends
	wantWidth(t, strings.NewReplacer("The same without questions:", "Next:", prompt, prompt+"\n").Replace(tt.err))
	if strings.ContainsAny(tt.err, "\r\x1b│─✓✗") {
		t.Errorf("a line is drawn or rewritten:\n%q", tt.err)
	}
}

func TestLongListsComeInPortions(t *testing.T) {
	cloud := article()
	cloud.moreProjects = 95
	tt := (&cliRun{cloud: cloud, interactive: true, in: "\n\nq\n"}).run("check").expect(t, 130)
	wantContains(t, tt.err, "\n1. myproject-a,", "\n20. ", "20 are shown; enter alone shows more.", "\n60. ", "60 are shown")
	if strings.Contains(tt.err, "\n61. ") || cloud.pagesRead != 7 {
		t.Errorf("%d pages were read for three portions:\n%s", cloud.pagesRead, tt.err)
	}
	tt = (&cliRun{cloud: cloud, interactive: true, in: "\n45\n40\nmyjob\n"}).run("check").expect(t, 3)
	wantContains(t, tt.err, "That is not an answer: the numbers shown go from 1 to 40", "Chosen: neighbour-037, number 300000000037")
	tt = (&cliRun{cloud: cloud, interactive: true, in: "neighbour-09\n\n\n\nneighbour-094\nmyjob\n"}).run("check").expect(t, 3)
	wantContains(t, tt.err, `5 fit "neighbour-09"; enter alone shows the whole list again.`, "20 of 97 are shown", "Chosen: neighbour-094")
}

func TestQuestionsEnd(t *testing.T) {
	for _, in := range []string{"", "q\n", "1\nQuit\n", "1\n1\n", "1\n1\n2\n2\nq\n"} {
		t.Run(fmt.Sprintf("%q", in), func(t *testing.T) {
			cloud := article()
			tt := (&cliRun{cloud: cloud, interactive: true, in: in}).run("grant", "--format=json").expect(t, 130)
			if body := decodeDocument(t, tt.out)["error"].(map[string]any); body["status"] != "interrupted" {
				t.Errorf("%q: the error is %v", in, body)
			}
			wantContains(t, tt.err, "nothing was changed")
			if !cloud.closed {
				t.Error("the connection was left open")
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	(&cliRun{cloud: article(), interactive: true, input: &interruptingReader{cancel: cancel}, ctx: ctx}).run("check").expect(t, 130)
	broken := article()
	broken.listErr = errors.Join(transport.ErrUnreachable)
	(&cliRun{cloud: broken, interactive: true, in: "none\n"}).run("check").expect(t, 1)
}

// Who may not list projects may still name one; where the list is whole, a name that is not in it is a slip.
func TestUnlistedProjects(t *testing.T) {
	cloud := article()
	cloud.listsHaveGap = true
	tt := (&cliRun{cloud: cloud, interactive: true, in: "Mine\nelsewhere-1\nmyjob\n"}).run("check").expect(t, 3)
	wantContains(t, tt.err, "Not in the list: you may not list everything", `That is no answer: project "Mine"`, "--project=elsewhere-1 ")
	tt = (&cliRun{cloud: article(), interactive: true, in: "elsewhere-1\n"}).run("check").expect(t, 130)
	wantContains(t, tt.err, `no project fits "elsewhere-1"`, "--project=ID")
}

func TestNobodyToAsk(t *testing.T) {
	for about, tt := range map[string]*cliRun{
		"no terminal":      {in: "1\n1\n"},
		"prompts disabled": {in: "1\n1\n", interactive: true, variables: map[string]string{"CLOUDSDK_CORE_DISABLE_PROMPTS": "1"}},
	} {
		t.Run(about, func(t *testing.T) {
			for _, command := range []string{"check", "plan", "grant"} {
				tt.run(command).expect(t, 2)
				wantContains(t, tt.err, "no consumer project is given")
				tt.run(command, "--project=myproject-a").expect(t, 2)
				wantContains(t, tt.err, "nothing is given to ask about")
			}
		})
	}
	wantContains(t, (&cliRun{interactive: true, errToFile: true, in: "1\n"}).run("check").expect(t, 2).err, "no consumer project is given")
	wantContains(t, (&cliRun{interactive: true, in: "1\n"}).run("grant", "--quiet").expect(t, 2).err, "no consumer project is given")
}

// Where no screen can be drawn the program alone is a menu in lines. Its --quiet asks nothing, and so consents to nothing.
func TestTheAppLineByLine(t *testing.T) {
	dumb := map[string]string{"TERM": "dumb"}
	spoken := map[string]string{"CLOUDSDK_ACCESSIBILITY_SCREEN_READER": "true", "TERM": "xterm", "NO_COLOR": "1"}
	for _, variables := range []map[string]string{dumb, spoken} {
		t.Run(variables["TERM"], func(t *testing.T) {
			cloud := bare()
			tt := (&cliRun{cloud: cloud, interactive: true, outTerminal: true, in: "2\n1\nmyjob\ny\ny\n0\n", variables: variables}).run().expect(t, 0)
			wantContains(t, tt.err, "whopulls grant --project=myproject-a", "Step 2 of 2: Grant")
			wantContains(t, tt.out, "myproject-a runs asia-northeast1", "nothing is missing")
			if signs := strings.ContainsAny(tt.out+tt.err, "✓✗⊘"); signs != (variables["TERM"] == "dumb") {
				t.Errorf("signs %t with %v:\n%s", signs, variables, tt.out)
			}
			if strings.ContainsAny(tt.out+tt.err, "\r\x1b") {
				t.Error("a line was rewritten, or coloured")
			}
			for _, g := range cloud.gates {
				if g.Consent != model.PersonSaidYes {
					t.Errorf("the gate was given %v", g)
				}
			}
		})
	}
	cloud := bare()
	tt := (&cliRun{cloud: cloud, interactive: true, outTerminal: true, variables: dumb}).run(append(slices.Clone(jobFlags), "--quiet")...).expect(t, 2)
	if wantContains(t, tt.err, "--quiet forbids questions: leave it out"); len(cloud.gates) > 0 {
		t.Error("--quiet of the app was taken for a yes")
	}
	cloud = bare()
	(&cliRun{cloud: cloud, interactive: true, outTerminal: true, variables: dumb, in: "fix\n1\n\n\n\n"}).run(append(slices.Clone(jobFlags), "--read-only")...).expect(t, 0)
	if cloud.policies[repository].Holds(model.RoleReader, agent) {
		t.Error("a read-only walk changed the policy")
	}
}

// Of the terminals that the app needs only the one that is not there is spoken of.
func TestTheAppSaysWhichTerminalItLacks(t *testing.T) {
	dumb := map[string]string{"TERM": "dumb"}
	for _, c := range []struct {
		terminal *cliRun
		want     string
	}{
		{&cliRun{}, "the app needs a terminal: standard input and standard output are not terminals"},
		{&cliRun{outTerminal: true}, "the app needs a terminal: standard input is not a terminal"},
		{&cliRun{interactive: true}, "the app needs a terminal: standard output is not a terminal"},
		{&cliRun{interactive: true, errToFile: true, variables: dumb}, "the app in plain mode (TERM=dumb) asks its questions in lines, and standard error is not a terminal to ask on"},
		{&cliRun{outTerminal: true, variables: dumb}, "asks its questions in lines, and standard input is not a terminal to ask on"},
	} {
		t.Run(c.want, func(t *testing.T) {
			tt := c.terminal.run().expect(t, 2)
			wantContains(t, tt.err, c.want, "whopulls check")
			if strings.Contains(tt.err, "TERM") != (c.terminal.variables != nil) {
				t.Errorf("TERM is spoken of where nothing is wrong with it: %s", tt.err)
			}
		})
	}
}
