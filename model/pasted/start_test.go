package pasted_test

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// maxStartBytes is what a package may allocate before main. Compiled patterns would take ten times as much.
const maxStartBytes = 1 << 20

// No command pays for the patterns that it does not use: they are compiled when a text is read. The runtime counts what each package
// allocates before main (package runtime, GODEBUG inittrace).
func TestTheStartCompilesNoPatterns(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program, "-test.run=^$")
	command.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	trace, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, trace)
	}
	for _, name := range []string{"whopulls/model/failure", "whopulls/model/pasted"} {
		t.Run(name, func(t *testing.T) {
			line := regexp.MustCompile(`(?m)^init ` + name + ` @.*, (\d+) bytes,`).FindSubmatch(trace)
			if line == nil {
				t.Fatalf("the trace has no line of it:\n%s", trace)
			}
			if bytes, err := strconv.Atoi(string(line[1])); err != nil || bytes > maxStartBytes {
				t.Errorf("it takes %s bytes", line[1])
			}
		})
	}
}
