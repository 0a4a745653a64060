package crash

import (
	"bytes"
	"context"
	"net"
	"sync"
	"testing"
	"time"

	"whopulls/gcp/sandbox"
)

// delayProxy stands between the program and the sandbox. It delays writes, as a network can while the process that sent them is
// killed.
type delayProxy struct {
	net.Listener
	to        string
	delay     time.Duration
	firstHeld chan struct{} // closed when the first request is held back
	once      sync.Once
	passing   sync.WaitGroup // the requests that are not passed on yet
}

func startDelayProxy(t *testing.T, s fixture, delay time.Duration) *delayProxy {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	h := &delayProxy{Listener: l, to: s.addr, delay: delay, firstHeld: make(chan struct{})}
	t.Cleanup(func() { _ = l.Close() })
	go h.accept()
	return h
}

func (h *delayProxy) accept() {
	for {
		from, err := h.Accept()
		if err != nil {
			return
		}
		to, err := net.Dial("tcp", h.to)
		if err != nil {
			_ = from.Close()
			continue
		}
		go func() { // the sandbox may answer a process that is gone
			buffer := make([]byte, 32<<10)
			for {
				n, err := to.Read(buffer)
				if err != nil {
					_ = from.Close()
					return
				}
				_, _ = from.Write(buffer[:n])
			}
		}()
		h.passing.Go(func() { h.pass(from, to) })
	}
}

// pass passes on what the program sends, and delays a write. The connection stays open for as long as a request may take.
func (h *delayProxy) pass(from, to net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if isWrite(buffer[:n]) {
			h.once.Do(func() { close(h.firstHeld) })
			time.Sleep(h.delay) // the network's delay, even if the process is gone
		}
		if n > 0 {
			_, _ = to.Write(buffer[:n])
		}
		if err != nil {
			break
		}
	}
	time.AfterFunc(time.Second, func() { _ = to.Close() })
}

// isWrite recognizes a write by its policy: only there a role and a member stand together.
func isWrite(sent []byte) bool {
	return bytes.Contains(sent, []byte(readerRole)) && bytes.Contains(sent, []byte("user:old@example.com"))
}

// A write arrives seconds after its process was killed. The journal's entry stays open until then, becomes right, and undo
// restores the policy. If someone else changed the policy meanwhile, the late write is refused, and the entry says so.
func TestWriteArrivesAfterTheKill(t *testing.T) {
	for name, test := range map[string]struct {
		delay     time.Duration
		meanwhile bool // someone else writes before it arrives
		look      bool // the program runs before it arrives
	}{
		"1 s":                            {time.Second, false, false}, // the first look waits as long
		"4 s, nobody looks before":       {4 * time.Second, false, false},
		"10 s":                           {10 * time.Second, false, true},
		"2 s, somebody else writes":      {2 * time.Second, true, true},
		"2 s, somebody writes, no looks": {2 * time.Second, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFixture(t, sandbox.Options{})
			begun := s.policies()
			h := startDelayProxy(t, s, test.delay)
			c := s.command(append([]string{"grant", "--quiet", "--only=pull", deployerFlag}, questionFlags...)...)
			c.Env = append(c.Env, "WHOPULLS_SANDBOX="+h.Addr().String())
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			select {
			case <-h.firstHeld:
			case <-time.After(time.Minute):
				t.Fatal("no write was sent")
			}
			_ = c.Process.Kill()
			_ = c.Wait()
			if test.look {
				wantOpen(t, s)
			}
			if test.meanwhile && !s.add(policyOfMyrepo, "user:meanwhile@example.com") {
				t.Fatal("the other write failed")
			}
			h.passing.Wait() // it arrived
			end := s.waitResolved(t)
			s.wantTruthful([]historyEntry{end})
			want := map[bool]string{false: "done", true: "failed"}[test.meanwhile]
			if end.State != want {
				t.Errorf("the entry is %s (%s), want %s", end.State, end.Message, want)
			}
			if !test.meanwhile {
				if out, errs, code := s.run("undo", "--quiet"); code != 0 {
					t.Errorf("undo ended with %d: %s %s", code, out, errs)
				}
				s.wantPolicies(begun)
			}
		})
	}
}

const policyOfMyrepo = "//artifactregistry.googleapis.com/" + myrepo

// wantOpen wants the entry of the killed process to be open, and undo to undo nothing yet.
func wantOpen(t *testing.T, s fixture) {
	t.Helper()
	entries := s.history()
	if len(entries) != 1 || entries[0].State != "unclear" || entries[0].Until == nil {
		t.Errorf("before it arrives: %+v", entries)
	}
	if _, errs, code := s.run("undo", "--quiet", entries[0].ID); code != 3 {
		t.Errorf("undo of what may still arrive ended with %d: %s", code, errs)
	}
}

// waitResolved waits until the one entry is decided, which is at the latest when a write can't arrive any more.
func (s fixture) waitResolved(t *testing.T) historyEntry {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for ctx.Err() == nil {
		if entries := s.history(); len(entries) == 1 && entries[0].Until == nil && entries[0].State != "intended" {
			return entries[0]
		}
		time.Sleep(100 * time.Millisecond) // between two starts of a program
	}
	t.Fatalf("never settled: %+v", s.history())
	return historyEntry{}
}
