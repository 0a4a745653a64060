package scripts

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// shellBlock is a block of shell commands in Markdown.
var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// readmeCommand FILE...: runs the lines of the documents' shell blocks that call whopulls and end by themselves, in their order.
// Each must give an answer, or say that it needs a person. A folder stands for the documents in it.
func readmeCommand(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args {
		files := []string{name}
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			files, err = filepath.Glob(filepath.Join(name, "*.md"))
			ts.Check(err)
		}
		for _, file := range files {
			runDocument(ts, file)
		}
	}
}

// runDocument runs the lines of one document.
func runDocument(ts *testscript.TestScript, file string) {
	text, err := os.ReadFile(file)
	ts.Check(err)
	ran := 0
	for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(block[1]) {
			if line = strings.TrimSpace(line); runsInScript(line) {
				runReadmeLine(ts, line)
				ran++
			}
		}
	}
	if ran == 0 && strings.Contains(string(text), "```sh") {
		ts.Fatalf("%s has no command that runs", file)
	}
}

// runsInScript reports whether a line calls whopulls and ends by itself. What installs it, serves until ctrl+c, or calls gcloud
// alone, is not run here.
func runsInScript(line string) bool {
	first, _, _ := strings.Cut(line, " ")
	calls := first == "whopulls" || strings.Contains(line, "| whopulls ")
	return calls && !strings.Contains(line, "sandbox start")
}

// runReadmeLine runs one line in a shell.
func runReadmeLine(ts *testscript.TestScript, line string) {
	err := ts.Exec("sh", "-c", line)
	if err == nil || slices.Contains([]string{"exit status 3", "exit status 5"}, err.Error()) {
		return
	}
	if stderr := ts.ReadFile("stderr"); !needsPerson(stderr) {
		ts.Fatalf("%s: %v\n%s", line, err, stderr)
	}
}
