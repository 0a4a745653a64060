package options

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"

	"whopulls/cmd/console"
	"whopulls/gcp/transport"
)

func TestCallLines(t *testing.T) {
	for want, c := range map[string]transport.Call{
		"CALL: gRPC a.v1.B/Get projects/p OK 12.3ms attempt 2": {Protocol: "gRPC", Method: "a.v1.B/Get", Resource: "projects/p", Status: "OK",
			Took: 12345 * time.Microsecond, Attempt: 2},
		"CALL: REST GET https://h/p page=abc… 503 0s attempt 1": {Protocol: "REST", Method: "GET https://h/p", Page: "abc…", Status: "503", Attempt: 1},
	} {
		t.Run(want, func(t *testing.T) {
			if got := formatCall(c); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

// bytewiseWriter is a stream that would mix what is written to it at the same time.
type bytewiseWriter struct{ bytes.Buffer }

func (w *bytewiseWriter) Write(b []byte) (int, error) {
	for i := range b {
		_ = w.WriteByte(b[i]) // a buffer takes everything
	}
	return len(b), nil
}

func TestCallsOfManyAtOnceStayWhole(t *testing.T) {
	var out bytewiseWriter
	l := &callLog{console.Streams{Err: console.Serialize(&out), Lookup: func(string) (string, bool) { return "", false }}}
	c := transport.Call{Protocol: "gRPC", Method: "a.v1.B/Get\x1b[2J", Resource: strings.Repeat("x", 200), Page: "abc…", Status: "OK", Attempt: 1}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { l.Record(c) })
	}
	all.Wait()
	want := strings.Replace(formatCall(c), "\x1b", "�", 1) + "\n"
	if out.String() != strings.Repeat(want, 50) {
		t.Errorf("the log is torn, or not clean:\n%q", out.String())
	}
}
