package guard

import (
	"os"
	"strings"
	"testing"
)

// A monitor reads all of a crash, and restores the terminal as soon as one begins. An end without a crash leaves all as it is.
func TestAwaitCrash(t *testing.T) {
	for name, c := range map[string]struct {
		written  string
		kept     int
		restored bool
	}{
		"no crash":   {"", 0, false},
		"a crash":    {"panic: on purpose\n\ngoroutine 1 [running]:\n", 42, true},
		"a long one": {strings.Repeat("x", maxCrashText+100), maxCrashText + 1, true},
	} {
		t.Run(name, func(t *testing.T) {
			restored := false
			crash := awaitCrash(strings.NewReader(c.written), func() { restored = true })
			if len(crash) != c.kept || restored != c.restored {
				t.Errorf("it keeps %d bytes, restored: %v", len(crash), restored)
			}
		})
	}
}

// A process is a monitor only where it is started as one.
func TestMonitor(t *testing.T) {
	say := func(string, Fall) int { t.Error("it says something"); return 1 }
	if _, ran := Monitor(say); ran {
		t.Error("it ran")
	}
	if _, set := os.LookupEnv(monitorVariable); set {
		t.Errorf("%s is set", monitorVariable)
	}
}
