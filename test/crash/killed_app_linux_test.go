package crash

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"whopulls/gcp/sandbox"
	"whopulls/test/pty"
)

// appInAShell is the app, which a shell with job control started on a terminal. The shell restores nothing by itself.
type appInAShell struct {
	t      *testing.T
	term   *pty.Terminal
	before string // the terminal's modes
	app    *os.Process
}

func startInAShell(t *testing.T, s fixture, environment ...string) *appInAShell {
	t.Helper()
	a := &appInAShell{t: t, term: pty.Open(t, 100, 30)}
	shell := s.command()
	shell.Path, shell.Args = "/bin/sh", []string{"sh", "-i", "-m"}
	shell.Env = append(append(shell.Env, "PS1=ready> ", "TERM=xterm-256color", "LC_ALL=C.UTF-8", "ENV="), environment...)
	a.term.Start(shell)
	t.Cleanup(func() { a.term.HangUp(); _ = shell.Process.Kill(); _ = shell.Wait() })
	a.term.Shows("ready>")
	a.before = a.term.Modes()
	a.term.Type(binary + "\r")
	a.term.Shows("projects")
	a.app = a.child(shell.Process.Pid)
	a.child(a.app.Pid) // the monitor
	return a
}

// child waits for the one child of a process, which leads a process group of its own: before it does, a signal to the group of the
// process reaches it too.
func (a *appInAShell) child(pid int) *os.Process {
	a.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
		for _, list := range lists {
			text, _ := os.ReadFile(list) // a thread that has ended has none
			number, err := strconv.Atoi(strings.TrimSpace(string(text)))
			if group, groupErr := syscall.Getpgid(number); err == nil && groupErr == nil && group == number {
				p, _ := os.FindProcess(number) // it never fails there
				return p
			}
		}
	}
	a.t.Fatalf("process %d starts no other:\n%s", pid, a.term.Screen())
	return nil
}

func (a *appInAShell) kill() {
	a.t.Helper()
	if err := a.app.Kill(); err != nil {
		a.t.Fatal(err)
	}
}

// wantRestored waits until the terminal is as it was, for another program that looks at it and for a person.
func (a *appInAShell) wantRestored() {
	a.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); a.term.AltScreen() || len(a.term.Switched()) > 0 || a.term.Modes() != a.before; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			a.t.Fatalf("the modes were %s and are %s, switched: %q, the alternate screen: %v\n%s", a.before, a.term.Modes(), a.term.Switched(), a.term.AltScreen(), a.term.Screen())
		}
	}
	a.term.Type("echo typed $((1+1))\r")
	a.term.Shows("typed 2")
}

// Whatever kills the app, its terminal is given back, and it is said how it ended.
func TestKilledAppGivesTheTerminalBack(t *testing.T) {
	const killed, fault = "whopulls was killed", "a fault of whopulls itself" // Go's runtime dumps its stacks for some signals
	for name, c := range map[string]struct {
		end  func(*os.Process) error
		says string
	}{
		"the process":       {(*os.Process).Kill, killed},
		"its process group": {func(p *os.Process) error { return syscall.Kill(-p.Pid, syscall.SIGKILL) }, killed},
		"a stack dump":      {func(p *os.Process) error { return p.Signal(syscall.SIGQUIT) }, fault},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := startInAShell(t, newFixture(t, sandbox.Options{}))
			if err := c.end(a.app); err != nil {
				t.Fatal(err)
			}
			a.term.Shows(c.says, "the journal has no open change")
			a.wantRestored()
		})
	}
}

// Without a shell between, the app's end is the end of the session: nobody is in front.
func TestKilledAppOfItsOwnSession(t *testing.T) {
	s := newFixture(t, sandbox.Options{})
	a := &appInAShell{t: t, term: pty.Open(t, 100, 30)}
	a.before = a.term.Modes()
	c := s.command()
	c.Env = append(c.Env, "TERM=xterm-256color", "LC_ALL=C.UTF-8")
	a.term.Start(c)
	a.term.Shows("projects")
	a.child(c.Process.Pid)
	_ = c.Process.Kill()
	_ = c.Wait()
	a.term.Shows("whopulls was killed")
	if now := a.term.Modes(); now != a.before || a.term.AltScreen() || len(a.term.Switched()) > 0 {
		t.Errorf("the modes were %s and are %s, switched: %q, the alternate screen: %v", a.before, now, a.term.Switched(), a.term.AltScreen())
	}
}

// mark is a mode that the app uses too, switched on by another program. To give the app's terminal back switches it off.
const mark = `printf '\033[?2004h'`

// A terminal that another program has is not the monitor's to give back.
func TestMonitorLeavesAloneWhatOthersHave(t *testing.T) {
	for name, lose := range map[string]func(*appInAShell){
		"after its end": func(a *appInAShell) {
			a.term.Type("\x03")
			a.term.Shows("ready>")
			a.term.Type(mark + "\r")
		},
		"paused by ctrl+z, then killed": func(a *appInAShell) {
			a.term.Type("\x1a")
			a.term.Shows("ready>")
			a.term.Type(mark + "\r")
			a.wantMarked()
			a.kill()
		},
		"killed while an editor runs": func(a *appInAShell) {
			a.term.Type("\x10theme auto") // in the palette
			a.term.Shows("▸ setting        theme")
			a.term.Type("\r")
			a.term.Shows("the editor is here")
			a.kill()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			editor := filepath.Join(t.TempDir(), "editor")
			script := "#!/bin/sh\nstty raw -echo\nprintf '\\033[?1049h\\033[Hthe editor is here'\n" + mark + "\nexec sleep 60\n"
			if err := os.WriteFile(editor, []byte(script), 0o700); err != nil {
				t.Fatal(err)
			}
			a := startInAShell(t, newFixture(t, sandbox.Options{}), "VISUAL="+editor, "EDITOR="+editor)
			lose(a)
			a.wantMarked()
			time.Sleep(500 * time.Millisecond) // a monitor is faster
			a.wantMarked()
			if screen := a.term.Screen(); strings.Contains(screen, "was killed") {
				t.Errorf("it is said\n%s", screen)
			}
		})
	}
}

// wantMarked waits for the mark.
func (a *appInAShell) wantMarked() {
	a.t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !slices.Contains(a.term.Switched(), "2004"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			a.t.Fatalf("switched: %q\n%s", a.term.Switched(), a.term.Screen())
		}
	}
}

// A paused app draws again after fg, and then a monitor gives its terminal back as before.
func TestKilledAfterAPause(t *testing.T) {
	a := startInAShell(t, newFixture(t, sandbox.Options{}))
	a.term.Type("\x1a")
	a.term.Shows("ready>")
	a.term.Type("fg\r")
	a.term.Shows("projects")
	a.kill()
	a.term.Shows("whopulls was killed")
	a.wantRestored()
}
