// Command contract compares two builds of whopulls by what scripts rely on: exit codes, documents, flags. Sentences may
// differ. It runs the commands of scripts (see script.go) with both builds, each in a folder of its own.
//
//	go run ./test/contract -old PATH -new PATH [-run PATTERN] SCRIPT.txtar...
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"sync"
)

func main() {
	old := flag.String("old", "", "`PATH` of the build to compare with")
	now := flag.String("new", "", "`PATH` of the build to look at")
	only := flag.String("run", "", "`PATTERN` of the scripts to run; all when left out")
	parallel := flag.Int("parallel", 2, "`NUMBER` of scripts at a time")
	flag.Parse()
	pattern, err := regexp.Compile(*only)
	if err != nil || *old == "" || *now == "" || flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	var scripts []string
	for _, file := range flag.Args() {
		if pattern.MatchString(filepath.Base(file)) {
			scripts = append(scripts, file)
		}
	}
	os.Exit(compareAll(os.Stdout, *old, *now, scripts, *parallel))
}

// summary counts what was compared, and prints what is different.
type summary struct {
	out                              io.Writer
	commands, documents, differences int
	codes                            map[int]int
}

// compareAll runs the scripts and prints each difference, then the numbers. It returns the exit code of the program.
func compareAll(w io.Writer, old, now string, scripts []string, parallel int) int {
	total := summary{out: w, codes: map[int]int{}}
	var wait sync.WaitGroup
	var mu sync.Mutex
	slots := make(chan struct{}, max(parallel, 1))
	for _, file := range scripts {
		wait.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			before, after, err := runBoth(file, old, now)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				total.differ("%s: %v", file, err)
				return
			}
			total.compare(filepath.Base(file), before, after)
		})
	}
	wait.Wait()
	total.print("%d scripts, %d commands, %d documents and lists of flags; exit codes %v; %d differences",
		len(scripts), total.commands, total.documents, total.codes, total.differences)
	if total.differences > 0 || total.commands == 0 {
		return 1
	}
	return 0
}

// print writes a line; a failure to write it is ignored.
func (s *summary) print(format string, args ...any) { _, _ = fmt.Fprintf(s.out, format+"\n", args...) }

// differ prints a difference and counts it.
func (s *summary) differ(format string, args ...any) {
	s.print(format, args...)
	s.differences++
}

// compare adds the commands of one script.
func (s *summary) compare(name string, before, after []result) {
	if len(before) != len(after) {
		s.differ("%s: %d commands ran with the old build, %d with the new one", name, len(before), len(after))
	}
	for i := range min(len(before), len(after)) {
		s.commands++
		s.codes[after[i].code]++
		c := comparison{}
		if c.results(before[i], after[i]); c.structured {
			s.documents++
		}
		for _, d := range c.differences {
			s.differ("%s:%d: %s\n\t%s", name, after[i].line, after[i].command, d)
		}
	}
}

// runBoth runs one script with both builds.
func runBoth(file, old, now string) (before, after []result, err error) {
	if before, err = runScript(file, old, old); err != nil {
		return nil, nil, err
	}
	after, err = runScript(file, now, old)
	return before, after, err
}
