package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// testBinaries are the test binaries, each with many mutants, and what is known about them.
type testBinaries struct {
	dir          string
	combined     map[int]bool      // the mutants that they hold
	uncompilable map[int]string    // those that don't compile
	binaries     map[string]string // by the package
	baseline     map[string]string // how the tests fail without a mutant, by command; empty: they pass
}

// buildBinaries builds one test binary for each package that a mutant names.
func buildBinaries(dir string, mutants []*mutant) (*testBinaries, error) {
	b := &testBinaries{dir: dir, combined: map[int]bool{}, uncompilable: map[int]string{}, binaries: map[string]string{}, baseline: map[string]string{}}
	files := map[string]map[int]*mutant{}
	packages := map[string]bool{}
	for i, m := range mutants {
		if m.Survives != "" || m.occurrences() != 1 {
			continue
		}
		if files[m.File] == nil {
			files[m.File] = map[int]*mutant{}
		}
		files[m.File][i] = m
		for _, p := range m.Packages {
			packages[p] = true
		}
	}
	for {
		overlay, err := b.overlay(files)
		if err != nil {
			return nil, err
		}
		again := false
		for p := range packages {
			if b.binaries[p] != "" {
				continue
			}
			binary := filepath.Join(dir, strings.ReplaceAll(strings.Trim(p, "./"), "/", "_")+".test")
			out, err := exec.CommandContext(context.Background(), "go", "test", "-c", "-vet=off", "-gcflags=-e", "-overlay="+overlay, "-o", binary, p).CombinedOutput()
			if err == nil {
				b.binaries[p] = binary
				continue
			}
			if !b.dropBroken(string(out), files) {
				return nil, fmt.Errorf("%s: %w\n%s", p, err, out)
			}
			again = true
			break // the others would report lines that have moved
		}
		if !again {
			return b, nil
		}
	}
}

// overlay writes the files with their mutants, and the list by which the compiler reads them instead of the
// real ones.
func (b *testBinaries) overlay(files map[string]map[int]*mutant) (string, error) {
	replace := map[string]string{}
	b.combined = map[int]bool{}
	n := 0
	put := func(path, text string) error {
		real, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		n++
		replace[real] = filepath.Join(b.dir, fmt.Sprintf("%d_%s", n, filepath.Base(path)))
		return os.WriteFile(replace[real], []byte(text), 0o600)
	}
	for file, mutants := range files {
		if len(mutants) == 0 { // none of them compiles
			continue
		}
		text, in, err := withSwitches(sourceOf(mutants), mutants)
		if err != nil {
			return "", fmt.Errorf("%s: %w", file, err)
		}
		for i := range in {
			b.combined[i] = true
		}
		if err := put(file, text); err != nil {
			return "", err
		}
		folder := filepath.Dir(file)
		if err := put(filepath.Join(folder, "mutant_switch.go"), switchFile(folder)); err != nil {
			return "", err
		}
	}
	return writeOverlay(b.dir, replace)
}

func writeOverlay(dir string, replace map[string]string) (string, error) {
	text, err := json.Marshal(map[string]map[string]string{"Replace": replace})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, text, 0o600)
}

var (
	compileErrorPattern = regexp.MustCompile(`(?m)^\S*/\d+_(\w+\.go):(\d+):\d+: (.*)$`)
	mutantFuncPattern   = regexp.MustCompile(`^func .*_mutant(\d+)\(`)
)

// dropBroken removes the mutants that don't compile, and reports whether there were any.
func (b *testBinaries) dropBroken(out string, files map[string]map[int]*mutant) bool {
	texts := map[string][]string{} // by the base of the file's name
	for file, mutants := range files {
		if text, _, err := withSwitches(sourceOf(mutants), mutants); err == nil {
			texts[filepath.Base(file)] = strings.Split(text, "\n")
		}
	}
	found := false
	for _, c := range compileErrorPattern.FindAllStringSubmatch(out, -1) {
		line, err := strconv.Atoi(c[2])
		if err != nil {
			continue
		}
		text := texts[c[1]]
		for at := min(line, len(text)) - 1; at >= 0; at-- {
			who := mutantFuncPattern.FindStringSubmatch(text[at])
			if who == nil {
				continue
			}
			i, err := strconv.Atoi(who[1])
			if err != nil {
				break
			}
			b.uncompilable[i] = c[3]
			for _, mutants := range files {
				delete(mutants, i)
			}
			found = true
			break
		}
	}
	return found
}

// sourceOf gives the source that some mutants of one file share.
func sourceOf(mutants map[int]*mutant) string {
	for _, m := range mutants {
		return m.source
	}
	return ""
}

// test runs a mutant's tests against the program with the fault in it.
func (b *testBinaries) test(i int, m *mutant) verdict {
	switch {
	case m.Survives != "":
		return verdict{excused, m.Survives}
	case m.occurrences() != 1:
		return verdict{"out of date", fmt.Sprintf("its text stands %d times in %s", m.occurrences(), m.File)}
	case b.uncompilable[i] != "":
		return verdict{"no program", b.uncompilable[i]}
	}
	for _, p := range m.Packages {
		if said := b.baselineFailure(p, m); said != "" {
			return verdict{"unsound", "the tests fail without it: " + said}
		}
	}
	for _, p := range m.Packages {
		if v := b.runWith(i, p, m); v.status != "survived" {
			return v
		}
	}
	return verdict{status: "survived"}
}

// baselineFailure says how the tests of a mutant fail while it is off; empty: they pass.
func (b *testBinaries) baselineFailure(p string, m *mutant) string {
	key := strings.Join(slices.Concat([]string{p, m.Run}, m.Args), " ")
	said, ok := b.baseline[key]
	if !ok {
		out, err := b.command(p, m, "").CombinedOutput()
		if v := parseOutput(string(out), err); v.status != "survived" {
			said = v.status + " " + v.detail
		}
		b.baseline[key] = said
	}
	return said
}

// runWith runs the tests of one package with the mutant switched on.
func (b *testBinaries) runWith(i int, p string, m *mutant) verdict {
	if b.combined[i] {
		out, err := b.command(p, m, strconv.Itoa(i)).CombinedOutput()
		return parseOutput(string(out), err)
	}
	mutated, err := filepath.Abs(m.File)
	if err != nil {
		return verdict{"no program", err.Error()}
	}
	alone := filepath.Join(b.dir, "alone")
	file := filepath.Join(alone, "mutated.go")
	if err := os.MkdirAll(alone, 0o700); err != nil {
		return verdict{"no program", err.Error()}
	}
	if err := os.WriteFile(file, []byte(m.mutated()), 0o600); err != nil {
		return verdict{"no program", err.Error()}
	}
	overlay, err := writeOverlay(alone, map[string]string{mutated: file})
	if err != nil {
		return verdict{"no program", err.Error()}
	}
	args := slices.Concat([]string{"test", "-count=1", "-vet=off", "-overlay=" + overlay}, m.flags(), []string{p})
	out, err := exec.CommandContext(context.Background(), "go", args...).CombinedOutput()
	return parseOutput(string(out), err)
}

// flags gives the flags of the test binary.
func (m *mutant) flags() []string {
	flags := []string{"-test.failfast", "-test.timeout=2m"}
	if m.Run != "" {
		flags = append(flags, "-test.run="+m.Run)
	}
	return append(flags, m.Args...)
}

// command runs a binary in the folder in which go test would run it.
func (b *testBinaries) command(p string, m *mutant, which string) *exec.Cmd {
	c := exec.CommandContext(context.Background(), b.binaries[p], m.flags()...)
	c.Dir = p
	c.Env = append(os.Environ(), mutantVariable+"="+which)
	return c
}

var (
	failPattern    = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)
	runningPattern = regexp.MustCompile(`(?m)^\s+(Test\S+) \(`)
)

// parseOutput reads the verdict from the output of the tests.
func parseOutput(out string, err error) verdict {
	first, slow := failPattern.FindStringSubmatch(out), runningPattern.FindStringSubmatch(out)
	switch {
	case err == nil && strings.Contains(out, "no tests to run"):
		return verdict{"no test ran", "no test has such a name"}
	case err == nil:
		return verdict{status: "survived"}
	case strings.Contains(out, "test timed out") && slow != nil:
		return verdict{caught, slow[1] + " (out of time)"}
	case first != nil:
		return verdict{caught, first[1]}
	case strings.Contains(out, "panic: "), strings.Contains(out, "fatal error: "):
		return verdict{caught, "a panic"}
	case strings.Contains(out, "[build failed]"):
		return verdict{"no program", strings.SplitN(out, "\n", 3)[1]}
	}
	return verdict{"no test ran", strings.SplitN(out, "\n", 2)[0]}
}
