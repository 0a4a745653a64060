package tui

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// maxInit is what a package of the app may cost before main begins, in milliseconds. Every command pays for it, also those that draw
// nothing.
const maxInit = 0.2

// TestNoPackageOfTheAppCostsAtStart asks the runtime. It takes the best of several starts: a busy machine makes any one slow.
func TestNoPackageOfTheAppCostsAtStart(t *testing.T) {
	row := regexp.MustCompile(`init (whopulls/tui\S*|github\.com/junegunn/fzf\S*) @\S+ ms, (\S+) ms clock`)
	best := map[string]float64{}
	for range 5 {
		start := exec.Command(os.Args[0], "-test.run=^$")
		start.Env = append(os.Environ(), "GODEBUG=inittrace=1")
		out, err := start.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, m := range row.FindAllStringSubmatch(string(out), -1) {
			took, err := strconv.ParseFloat(m[2], 64)
			if err != nil {
				t.Fatal(err)
			}
			if before, seen := best[m[1]]; !seen || took < before {
				best[m[1]] = took
			}
		}
	}
	if len(best) < 3 {
		t.Fatalf("the runtime names only %v", best)
	}
	for name, took := range best {
		t.Run(name, func(t *testing.T) {
			if took > maxInit {
				t.Errorf("it takes %.3f ms, more than %.1f", took, maxInit)
			}
		})
	}
}
