// Package latewrite is for tests: a network that holds writes back, as one can while the process that sent them ends.
package latewrite

import (
	"bytes"
	"context"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Network stands between the program and a sandbox.
type Network struct {
	net.Listener
	Held chan struct{} // closed when the first write is held back

	to       string
	delay    time.Duration
	marks    []string
	first    sync.Once
	released chan struct{}
	passing  atomic.Int64 // how many connections are not passed on yet; new ones may come while it is waited for
}

// Start starts a network to an address. A write is known by texts that it alone holds together.
func Start(t testing.TB, to string, delay time.Duration, marks ...string) *Network {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	n := &Network{Listener: l, Held: make(chan struct{}), to: to, delay: delay, marks: marks, released: make(chan struct{})}
	t.Cleanup(func() { _ = l.Close() })
	go n.accept(t.Context())
	return n
}

// Release lets the writes pass, whatever is left of their delay.
func (n *Network) Release() { close(n.released) }

// Wait waits until all has arrived.
func (n *Network) Wait() {
	for n.passing.Load() > 0 {
		time.Sleep(10 * time.Millisecond)
	}
}

func (n *Network) accept(ctx context.Context) {
	for {
		from, err := n.Accept()
		if err != nil {
			return
		}
		to, err := (&net.Dialer{}).DialContext(ctx, "tcp", n.to)
		if err != nil {
			_ = from.Close()
			continue
		}
		go func() { // the sandbox may answer a process that is gone
			buffer := make([]byte, 32<<10)
			for {
				read, err := to.Read(buffer)
				if err != nil {
					_ = from.Close()
					return
				}
				_, _ = from.Write(buffer[:read])
			}
		}()
		n.passing.Add(1)
		go func() {
			defer n.passing.Add(-1)
			n.pass(from, to)
		}()
	}
}

// pass passes on what the program sends, and delays a write. The connection stays open for as long as a request may take.
func (n *Network) pass(from, to net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		read, err := from.Read(buffer)
		if n.isWrite(buffer[:read]) {
			n.first.Do(func() { close(n.Held) })
			n.hold()
		}
		if read > 0 {
			_, _ = to.Write(buffer[:read])
		}
		if err != nil {
			break
		}
	}
	time.AfterFunc(time.Second, func() { _ = to.Close() })
}

// hold is the network's delay, even if the process is gone.
func (n *Network) hold() {
	select {
	case <-time.After(n.delay):
	case <-n.released:
	}
}

func (n *Network) isWrite(sent []byte) bool {
	for _, mark := range n.marks {
		if !bytes.Contains(sent, []byte(mark)) {
			return false
		}
	}
	return true
}
