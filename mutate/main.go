// Command mutate holds the tests against faults that were put into the program: each mutant of mutants.json must make a
// test fail. The checkout is not changed; the compiler is given the mutated file in place of the real one.
//
//	go run ./mutate [NAME...]
//
// A mutant whose text does not stand in its file exactly once is out of date, which is a failure too.
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
	"strings"
	"time"
)

// mutant is a fault, and the tests that are to find it.
type mutant struct {
	Name     string
	File     string
	Old, New string
	Packages []string
	Run      string   // the tests; empty: all of the packages
	Args     []string // further ones of go test: rapid is to write no file into the checkout
}

// verdict is what became of a mutant.
type verdict struct {
	word string // caught, survived, or why it says nothing
	by   string // the test that failed first
}

func main() {
	if err := all(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func all(names []string) error {
	text, err := os.ReadFile(filepath.Join("mutate", "mutants.json"))
	if err != nil {
		return err
	}
	var mutants []mutant
	if err := json.Unmarshal(text, &mutants); err != nil {
		return err
	}
	bad := 0
	for _, m := range mutants {
		if len(names) > 0 && !slices.Contains(names, m.Name) {
			continue
		}
		begun := time.Now()
		v, err := m.try()
		if err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
		fmt.Printf("%-12s %-50s %6s  %s\n", v.word, m.Name, time.Since(begun).Round(time.Second), v.by)
		if v.word != caught {
			bad++
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of the mutants were not caught", bad)
	}
	return nil
}

const caught = "caught"

// try runs the tests over the program with the fault in it.
func (m mutant) try() (verdict, error) {
	source, err := os.ReadFile(m.File)
	if err != nil {
		return verdict{}, err
	}
	if n := strings.Count(string(source), m.Old); n != 1 {
		return verdict{word: "out of date", by: fmt.Sprintf("its text stands %d times in %s", n, m.File)}, nil
	}
	dir, err := os.MkdirTemp("", "mutate-")
	if err != nil {
		return verdict{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	overlay, err := m.overlay(dir, string(source))
	if err != nil {
		return verdict{}, err
	}
	args := []string{"test", "-count=1", "-failfast", "-overlay=" + overlay}
	if m.Run != "" {
		args = append(args, "-run="+m.Run)
	}
	out, err := exec.CommandContext(context.Background(), "go", slices.Concat(args, m.Packages, m.Args)...).CombinedOutput()
	return told(string(out), err), nil
}

// overlay writes the mutated file, and what tells the compiler of it.
func (m mutant) overlay(dir, source string) (string, error) {
	mutated := filepath.Join(dir, "mutated.go")
	if err := os.WriteFile(mutated, []byte(strings.Replace(source, m.Old, m.New, 1)), 0o600); err != nil {
		return "", err
	}
	real, err := filepath.Abs(m.File)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(map[string]map[string]string{"Replace": {real: mutated}})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(dir, "overlay.json")
	return overlay, os.WriteFile(overlay, text, 0o600)
}

var failed = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

// told reads what the tests said.
func told(out string, err error) verdict {
	first := failed.FindStringSubmatch(out)
	switch {
	case err == nil:
		return verdict{word: "survived"}
	case first != nil:
		return verdict{word: caught, by: first[1]}
	case strings.Contains(out, "[build failed]"):
		return verdict{word: "no program", by: strings.SplitN(out, "\n", 3)[1]}
	}
	return verdict{word: "no test ran", by: strings.SplitN(out, "\n", 2)[0]}
}
