package crash

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"whopulls/gcp/sandbox"
	"whopulls/test/latewrite"
	"whopulls/test/pty"
)

// awaitAnnounced waits until so many changes are about to be sent.
func (s fixture) awaitAnnounced(made int) {
	s.t.Helper()
	for deadline := time.Now().Add(time.Minute); strings.Count(s.journal(), `"state":"intended"`) < made; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			s.t.Fatal("nothing was announced")
		}
	}
}

// journal is the file as it is; nobody has settled what it leaves open.
func (s fixture) journal() string {
	text, _ := os.ReadFile(filepath.Join(s.state, "whopulls", "journal.jsonl")) // before the first change there is none
	return string(text)
}

// wantSettled wants so many changes, each brought to its end and recorded by the process that made it.
func (s fixture) wantSettled(c *exec.Cmd, made int) {
	s.t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	select {
	case <-ended:
	case <-time.After(time.Minute):
		_ = c.Process.Kill()
		s.t.Fatal("it did not end")
	}
	if journal := s.journal(); strings.Count(journal, `"state":"done"`) != made {
		s.t.Errorf("it ended with %v and left\n%s", c.ProcessState, journal)
	}
	entries := s.history()
	if s.wantTruthful(entries); len(entries) != made {
		s.t.Errorf("entries %+v, want %d", entries, made)
	}
	if reports, _ := filepath.Glob(filepath.Join(s.state, "whopulls", "crash-*")); len(reports) > 0 {
		s.t.Errorf("it fell: %q", reports)
	}
}

// However a terminal is lost in the middle of a change, the change is finished and recorded. Both the system and the shell may
// send a signal for it.
func TestTerminalIsLostDuringAChange(t *testing.T) {
	for name, lose := range map[string]func(*pty.Terminal, *os.Process){
		"closed":          func(p *pty.Terminal, _ *os.Process) { p.HangUp() },
		"a signal":        func(_ *pty.Terminal, p *os.Process) { _ = p.Signal(syscall.SIGHUP) },
		"ended":           func(_ *pty.Terminal, p *os.Process) { _ = p.Signal(syscall.SIGTERM) },
		"closed, and two": func(p *pty.Terminal, c *os.Process) { p.HangUp(); hangUpAgain(c) },
	} {
		t.Run("in lines, "+name, func(t *testing.T) {
			t.Parallel()
			s := newFixture(t, sandbox.Options{Latency: 300 * time.Millisecond})
			term := pty.Open(t, 100, 30)
			c := s.command(append([]string{"grant", "--quiet", "--only=pull", deployerFlag}, questionFlags...)...)
			term.Start(c)
			s.awaitAnnounced(1)
			lose(term, c.Process)
			s.wantSettled(c, 1)
		})
		t.Run("in the app, "+name, func(t *testing.T) {
			t.Parallel()
			s := newFixture(t, sandbox.Options{Latency: 100 * time.Millisecond})
			term := pty.Open(t, 160, 40)
			c := s.command(questionFlags...)
			c.Env = append(c.Env, "TERM=xterm-256color", "LC_ALL=C.UTF-8")
			term.Start(c)
			grantFirst(term)
			s.awaitAnnounced(1)
			lose(term, c.Process)
			s.wantSettled(c, 1)
		})
	}
}

// A change that takes longer than anybody waits after a fall is finished all the same when the terminal is lost: nothing is at fault.
func TestTerminalIsLostDuringALongChange(t *testing.T) {
	t.Parallel()
	s := newFixture(t, sandbox.Options{})
	begun := s.addr
	network := latewrite.Start(t, s.addr, 7*time.Second, readerRole, "user:old@example.com")
	s.addr = network.Addr().String()
	term := pty.Open(t, 100, 30)
	c := s.command(append([]string{"grant", "--quiet", "--only=pull", deployerFlag}, questionFlags...)...)
	term.Start(c)
	select {
	case <-network.Held:
	case <-time.After(30 * time.Second):
		_ = c.Process.Kill()
		t.Fatalf("no write was sent:\n%s", term.Screen())
	}
	_ = c.Process.Signal(syscall.SIGHUP)
	term.HangUp()
	s.addr = begun
	s.wantSettled(c, 1)
}

// hangUpAgain sends what a shell sends, after the system's own signal.
func hangUpAgain(p *os.Process) {
	for range 3 {
		time.Sleep(20 * time.Millisecond) // a shell takes its time
		_ = p.Signal(syscall.SIGHUP)
	}
}

// grantFirst makes the first step of the map by keys.
func grantFirst(term *pty.Terminal) {
	for _, key := range []struct{ waits, press, until string }{{"fix: ", "\r", "○ to do"}, {"○ to do", "\r", "▸ No"}, {"▸ No", "\x1b[C\r", ""}} {
		term.Shows(key.waits)
		for {
			term.Type(key.press) // while something is still read, it is no answer
			time.Sleep(500 * time.Millisecond)
			if strings.Contains(term.Screen(), key.until) {
				break
			}
		}
	}
}

// What prints into a pipe that nobody reads any more is ended by a signal, but not in the middle of a change.
func TestNobodyReadsDuringAChange(t *testing.T) {
	s := newFixture(t, sandbox.Options{Latency: 300 * time.Millisecond})
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	c := s.command(append([]string{"grant", "--quiet", "--log-http", "--only=pull", deployerFlag}, questionFlags...)...)
	c.Stdout, c.Stderr = write, write
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	_ = write.Close()
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		for buffer := make([]byte, 1<<10); ; {
			if _, err := read.Read(buffer); err != nil {
				return
			}
		}
	}()
	s.awaitAnnounced(1)
	_ = read.Close()
	<-drained
	s.wantSettled(c, 1)
}
