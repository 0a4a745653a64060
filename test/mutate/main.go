// Command mutate tests the tests: it puts faults into the program, and each must make a test fail. The faults
// are listed in the JSON files of this folder. The checkout stays as it is: the compiler reads the mutated
// files instead of the real ones.
//
//	go run ./test/mutate [NAME|FILE...]
//
// FILE is a source file or a folder, with all mutants in it, or a JSON file of this folder.
//
// A mutant whose text does not occur in its file exactly once is out of date, which is a failure too. A mutant that no test can
// notice says why in its field survives, and is not tried.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// mutant is a fault, and the tests that must find it.
type mutant struct {
	Name     string
	File     string
	Old, New string
	Packages []string
	Run      string   // the tests; empty: all of the packages
	Args     []string // further flags of the tests: rapid must write no file into the checkout
	Survives string   // why no test can notice it; empty: one must

	source   string // the text of the file
	listFile string // the JSON file that lists it
}

// verdict is what became of a mutant.
type verdict struct {
	status string
	detail string // the test that failed first, or why there is none
}

// The verdicts that are not failures.
const (
	caught  = "caught"
	excused = "excused"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(names []string) error {
	mutants, err := read(names)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "mutate-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	b, err := buildBinaries(dir, mutants)
	if err != nil {
		return err
	}
	count := map[string]int{}
	for i, m := range mutants {
		begun := time.Now()
		v := b.test(i, m)
		fmt.Printf("%-12s %-66s %5s  %s\n", v.status, m.Name, time.Since(begun).Round(time.Second), v.detail)
		count[v.status]++
	}
	for _, word := range slices.Sorted(maps.Keys(count)) {
		fmt.Printf("%d %s  ", count[word], word)
	}
	fmt.Println()
	if count[caught]+count[excused] < len(mutants) {
		return errors.New("not all of the mutants were caught")
	}
	return nil
}

// read gives the mutants that the command line names; all of them without a name.
func read(names []string) (mutants []*mutant, err error) {
	files, err := filepath.Glob(filepath.Join("test", "mutate", "*.json"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		var list []*mutant
		if err := json.Unmarshal(text, &list); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for _, m := range list {
			m.listFile = file
			if len(names) > 0 && !slices.ContainsFunc(names, m.matches) {
				continue
			}
			source, err := os.ReadFile(m.File)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", m.Name, err)
			}
			m.source = string(source)
			mutants = append(mutants, m)
		}
	}
	return mutants, nil
}

// matches reports whether a word on the command line means the mutant: its name, its file, a folder above that, or its list.
func (m *mutant) matches(word string) bool {
	return word == m.Name || word == m.File || word == m.listFile || strings.HasPrefix(m.File, strings.TrimSuffix(word, "/")+"/")
}

// occurrences counts how often the text is there.
func (m *mutant) occurrences() int { return strings.Count(m.source, m.Old) }

// mutated is the whole file with the fault in it.
func (m *mutant) mutated() string { return strings.Replace(m.source, m.Old, m.New, 1) }
