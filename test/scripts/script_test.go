package scripts

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// tidyRun runs the tests, and removes what testscript leaves where only some of the scripts run: the folder of all of them.
type tidyRun struct{ *testing.M }

func (r tidyRun) Run() int {
	folder, err := os.MkdirTemp("", "scripts-")
	if err != nil {
		panic(err)
	}
	if err := os.Setenv("GOTMPDIR", folder); err != nil {
		panic(err)
	}
	code := r.M.Run()
	if err := os.RemoveAll(folder); err != nil {
		panic(err)
	}
	return code
}

func TestMain(m *testing.M) {
	testscript.Main(tidyRun{m}, map[string]func(){"whopulls": scaledMain, "exits": exitsCommand, "google": googleCommand, "shown": shownCommand, "typing": typingCommand})
}

// exitsCommand CODE COMMAND... runs a command and succeeds when it ends with that code.
func exitsCommand() {
	want, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	c := exec.Command(os.Args[2], os.Args[3:]...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	var ended *exec.ExitError
	if err := c.Run(); err != nil && !errors.As(err, &ended) {
		panic(err)
	}
	if got := c.ProcessState.ExitCode(); got != want {
		fmt.Fprintf(os.Stderr, "exits: the code is %d, not %d\n", got, want)
		os.Exit(1)
	}
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("ASK", "--project=myproject-a --region=asia-northeast1 --job=myjob")
			e.Setenv("XDG_CACHE_HOME", e.WorkDir+"/cache")
			e.Setenv("XDG_CONFIG_HOME", e.WorkDir+"/config")
			e.Setenv("XDG_STATE_HOME", e.WorkDir+"/state")
			e.Setenv("GOOGLE_APPLICATION_CREDENTIALS", e.WorkDir+"/none.json") // nobody is signed in
			root, err := filepath.Abs("../..")
			e.Setenv("ROOT", root)
			e.Setenv("WHOPULLS_MUTANT", os.Getenv("WHOPULLS_MUTANT")) // the mutant that this binary is
			return err
		},
		Condition: func(cond string) (bool, error) {
			if cond != "gcloud-needed" {
				return false, fmt.Errorf("unknown condition %q", cond)
			}
			return os.Getenv("WHOPULLS_NEED_GCLOUD") != "", nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){"json": jsonCommand, "same": sameCommand, "statuses": statusesCommand, "await": awaitCommand, "source": sourceCommand, "examples": examplesCommand,
			"readme": readmeCommand},
	})
}

// statusesCommand [-sorted] FILE: the list of stale bindings on standard output has the lines of the file, in this order:
// status, member, role, and the last part of the resource's name.
func statusesCommand(ts *testscript.TestScript, _ bool, args []string) {
	var list struct {
		Bindings []struct{ Status, Member, Role, Resource string }
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &list))
	var got strings.Builder
	for _, b := range list.Bindings {
		_, name, _ := strings.Cut(b.Member, ":")
		fmt.Fprintln(&got, b.Status, name, b.Role, path.Base(b.Resource))
	}
	have, want := strings.Split(got.String(), "\n"), strings.Split(ts.ReadFile(args[len(args)-1]), "\n")
	if args[0] == "-sorted" {
		slices.Sort(have)
		slices.Sort(want)
	}
	if !slices.Equal(have, want) {
		ts.Fatalf("the list is\n%s\nand not\n%s", strings.Join(have, "\n"), strings.Join(want, "\n"))
	}
}

// sameCommand PATH FILE: the document in FILE equals what is at PATH of the document on standard output.
func sameCommand(ts *testscript.TestScript, neg bool, args []string) {
	var document, want any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &document))
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &want))
	for _, step := range strings.Split(args[0], "/") {
		document = child(document, step)
	}
	if reflect.DeepEqual(document, want) == neg {
		ts.Fatalf("%s is\n%v\nand %s is\n%v", args[0], document, args[1], want)
	}
}

// jsonCommand PATH VALUE: standard output is one JSON document that holds VALUE at PATH. A step of the path is a key, an index,
// the id or check of a list's entry, or count for its length.
func jsonCommand(ts *testscript.TestScript, neg bool, args []string) {
	decoder := json.NewDecoder(strings.NewReader(ts.ReadFile("stdout")))
	var document any
	ts.Check(decoder.Decode(&document))
	if _, err := decoder.Token(); err != io.EOF {
		ts.Fatalf("standard output has more than the document")
	}
	got := document
	for _, step := range strings.Split(args[0], "/") {
		got = child(got, step)
	}
	if text := fmt.Sprint(got); (text == args[1]) == neg {
		ts.Fatalf("%s is %s", args[0], text)
	}
}

func child(node any, step string) any {
	switch n := node.(type) {
	case map[string]any:
		return n[step]
	case []any:
		if step == "count" {
			return len(n)
		}
		for i, entry := range n {
			fields, _ := entry.(map[string]any)
			if step == strconv.Itoa(i) || fields["id"] == step || fields["check"] == step {
				return entry
			}
		}
	}
	return nil
}

// awaitCommand PATTERN waits until a background command has written a file whose name matches.
func awaitCommand(ts *testscript.TestScript, _ bool, args []string) {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if found, err := filepath.Glob(ts.MkAbs(args[0])); err == nil && len(found) > 0 {
			return
		}
	}
	ts.Fatalf("%s was not written", args[0])
}

// sourceCommand FILE sets the exported variables of a shell file in the script's environment.
func sourceCommand(ts *testscript.TestScript, _ bool, args []string) {
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		if assignment, ok := strings.CutPrefix(strings.TrimSpace(line), "export "); ok {
			name, value, _ := strings.Cut(assignment, "=")
			ts.Setenv(name, strings.Trim(value, "'"))
		}
	}
}

// examplesCommand COMMAND... runs in a shell the examples of the command's help that end without a signal. Each must succeed,
// find something, or need a person.
func examplesCommand(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(ts.Exec("whopulls", append(args, "--help")...))
	help := ts.ReadFile("stdout")
	_, after, ok := strings.Cut(help, "\nExamples:\n")
	if !ok {
		ts.Fatalf("whopulls %s --help has no examples", strings.Join(args, " "))
	}
	ran := 0
	block, _, _ := strings.Cut(after, "\n\nFlags:\n")
	for line := range strings.Lines(strings.ReplaceAll(block, "\\\n", " ")) {
		line = strings.TrimSpace(line)
		if !strings.Contains(line, "whopulls") || strings.HasPrefix(line, "#") || strings.Contains(line, "sandbox start --") {
			continue
		}
		err := ts.Exec("sh", "-c", strings.Replace(line, ". <(whopulls completion bash)", "whopulls completion bash", 1))
		stderr := ts.ReadFile("stderr")
		asks := needsPerson(stderr) || strings.Contains(stderr, `no entry and no run "abcdefghij"`) // an ID that only the example has
		if err != nil && !asks && !slices.Contains([]string{"exit status 3", "exit status 5"}, err.Error()) {
			ts.Fatalf("%s: %v\n%s", line, err, stderr)
		}
		ran++
	}
	if ran == 0 {
		ts.Fatalf("whopulls %s --help has no example that runs", strings.Join(args, " "))
	}
}

// needsPerson reports whether a command ended because nobody was there to ask.
func needsPerson(stderr string) bool {
	return strings.Contains(stderr, "standard input is not a terminal") || strings.Contains(stderr, "the app needs a terminal")
}
