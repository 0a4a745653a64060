package guard

import (
	"os"
	"strings"
	"testing"
)

// A monitor reads all of a crash, and restores the terminal as soon as one begins, or the program is gone. After an end in order,
// and while another program has the terminal, it leaves all as it is.
func TestWatch(t *testing.T) {
	const crash = "panic: on purpose\n\ngoroutine 1 [running]:\n"
	for name, c := range map[string]struct {
		written  string
		kept     int
		inOrder  bool
		restored bool
	}{
		"an end in order":         {"\x02\x00", 0, true, false},
		"what follows it":         {"\x02\x00" + crash, 0, true, false},
		"killed":                  {"\x02", 0, false, true},
		"killed, and told naught": {"", 0, false, true},
		"killed while lent":       {"\x02\x01", 0, false, false},
		"killed, once lent":       {"\x02\x01\x02", 0, false, true},
		"a crash":                 {"\x02" + crash, len(crash), false, true},
		"a crash while lent":      {"\x01" + crash, len(crash), false, false},
		"a long crash":            {strings.Repeat("x", maxCrashText+100), maxCrashText, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			restored := false
			w := watcher{restore: func() bool { restored = true; return true }}
			w.watch(strings.NewReader(c.written))
			if len(w.crash) != c.kept || w.inOrder != c.inOrder || restored != c.restored || w.restored != c.restored {
				t.Errorf("it keeps %d bytes, in order: %v, restored: %v", len(w.crash), w.inOrder, restored)
			}
		})
	}
}

// A terminal that somebody else has stays as it is, and nothing is said there.
func TestWatchOfATerminalOfSomebodyElse(t *testing.T) {
	w := watcher{restore: func() bool { return false }}
	if w.watch(strings.NewReader("")); w.restored || w.inOrder {
		t.Errorf("it finds %+v", w)
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
