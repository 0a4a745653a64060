package gcp

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"
	"whopulls/gcp/transport"
)

var testCalls = transport.Timing{CallTimeout: 10 * time.Second, MaxAttempts: 3, RetryDelay: time.Millisecond, MaxRetryDelay: 5 * time.Millisecond}

// testTiming keeps every wait too short to notice.
var testTiming = timing{calls: testCalls, verifyAttempts: 3,
	stepTimeout: 20 * time.Second, conflictDelay: time.Millisecond, maxConflictDelay: 5 * time.Millisecond, inFlightGrace: 20 * time.Millisecond,
	policyArrival: time.Minute, operationArrival: time.Minute}

// retryLonger tries with longer and longer times. What has to fit into a short time does so on an idle machine, and on a
// busy one into a longer one; what never fits is a fault.
func retryLonger(t *testing.T, first time.Duration, try func(time.Duration) error) {
	t.Helper()
	for d := first; ; d *= 4 {
		err := try(d)
		if err == nil {
			return
		}
		if d > 2*time.Second {
			t.Fatal(err)
		}
	}
}

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

// filesIn lists what is in a folder.
func filesIn(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
