package gcp

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
	"time"
)

// testPace keeps every wait too short to notice.
var testPace = pace{call: 10 * time.Second, attempts: 3, retry: time.Millisecond,
	step: 20 * time.Second, redo: time.Millisecond, redoMax: 5 * time.Millisecond, flight: 20 * time.Millisecond}

func equalJSON(t *testing.T, a, b any) bool {
	t.Helper()
	left, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	right, err := json.Marshal(b)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(left, right)
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
