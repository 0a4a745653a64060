package sandbox

import (
	"strconv"
	"strings"
	"testing"
)

// TestLogIsBounded looks inside: ten thousand calls would take long.
func TestLogIsBounded(t *testing.T) {
	l := &requestLog{}
	for i := range maxLogEntries + 3 {
		l.add(LogEntry{Method: strconv.Itoa(i)})
	}
	kept := l.entries()
	if len(kept) != maxLogEntries || kept[0].Method != "3" || kept[maxLogEntries-1].Method != strconv.Itoa(maxLogEntries+2) {
		t.Errorf("%d entries from %s to %s", len(kept), kept[0].Method, kept[len(kept)-1].Method)
	}
}

func TestEntriesAreSafeToShow(t *testing.T) {
	line := string(LogEntry{Method: "a\n\x1b\x7f\u0085\u202eb"}.jsonLine())
	if !strings.Contains(line, `a\n\u001b\u007f\u0085\u202eb`) || strings.Count(line, "\n") != 1 {
		t.Errorf("got %q", line)
	}
	if got := truncate(strings.Repeat("é", maxFieldBytes)); len(got) > maxFieldBytes+len("…") || strings.ContainsRune(got, '\ufffd') {
		t.Errorf("got %d bytes: %q", len(got), got)
	}
}
