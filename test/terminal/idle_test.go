//go:build e2e

package terminal

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// In ten seconds of rest the program takes less than 0.3 seconds of the processor: the framework looks for a frame 60 times a second,
// and nothing of ours happens.
func TestTerminalRestTakesNoTime(t *testing.T) {
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("no /proc to ask how much time a process took")
	}
	binary := buildBinary(t)
	eachSize(t, func(t *testing.T, _ string, open func(command string) *terminal) {
		term := open(binary + articleFlags)
		term.shows("✗ missing  pull the image", "fix: 1 step", "pull the image")
		process := childOf(t, strings.TrimSpace(term.tmux("display-message", "-p", "#{pane_pid}")))
		time.Sleep(time.Second) // what reading left behind, such as idle connections, settles
		before := processorTime(t, process)
		time.Sleep(10 * time.Second)
		if took := processorTime(t, process) - before; took >= 300*time.Millisecond {
			t.Errorf("10 seconds of rest took %v of the processor", took)
		}
	})
}

// processStat gives the fields of a process behind its name, from its state on (proc(5)).
func processStat(t *testing.T, process string) []string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join("/proc", process, "stat"))
	if err != nil {
		return nil // it ended
	}
	return strings.Fields(string(content[strings.LastIndexByte(string(content), ')')+1:]))
}

// childOf is the process that a shell runs.
func childOf(t *testing.T, shell string) string {
	t.Helper()
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range all {
		if fields := processStat(t, filepath.Base(folder)); len(fields) > 1 && fields[1] == shell {
			return filepath.Base(folder)
		}
	}
	t.Fatalf("the shell %s runs nothing", shell)
	return ""
}

// processorTime is what a process took of the processor so far. The kernel counts in hundredths of a second.
func processorTime(t *testing.T, process string) time.Duration {
	t.Helper()
	fields := processStat(t, process)
	if len(fields) < 13 {
		t.Fatalf("process %s is not there: %v", process, fields)
	}
	var ticks int
	for _, field := range fields[11:13] {
		n, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
