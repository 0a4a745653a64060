package connect

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/gcp/journal"
)

func TestTheTargetCarriesTheCountdown(t *testing.T) {
	var out bytes.Buffer
	c := console.NewCountdown(console.Streams{Err: &out, Lookup: os.LookupEnv}, false, true)
	to := DialOptions(options.Target{Countdown: c}, "agent")
	if to.WaitForQuota == nil || to.WaitForQuota(t.Context(), time.Now().Add(time.Millisecond)) != nil || out.Len() == 0 {
		t.Errorf("the wait is not shown: %q", out.String())
	}
	if DialOptions(options.Target{}, "agent").WaitForQuota != nil {
		t.Error("without a countdown something is shown")
	}
}

// A sandbox of our own makes a folder for the first change. Until then a folder that can't be made stops nothing.
func TestOnlyAChangeMakesTheFolder(t *testing.T) {
	temp := t.TempDir()
	for name, folder := range map[string]string{"a folder": temp, "one where nobody makes any": "/proc"} {
		t.Run(name, func(t *testing.T) {
			if folder != temp && runtime.GOOS != "linux" {
				t.Skip("there is no such folder here")
			}
			t.Setenv("TMPDIR", folder)
			t.Setenv("TMP", folder) // Windows
			c, err := Open(t.Context(), options.Target{World: options.DefaultWorld}, "agent")
			if err != nil {
				t.Fatal(err)
			}
			if h, err := c.History(); err != nil || len(h.Entries) > 0 {
				t.Errorf("the journal has %+v, %v", h, err)
			}
			if left, _ := filepath.Glob(filepath.Join(folder, "whopulls-*")); len(left) > 0 {
				t.Errorf("opening makes %q", left)
			}
			if err := c.CheckJournal(); errors.Is(err, journal.ErrUnwritable) != (folder != temp) {
				t.Errorf("a change is announced: %v", err)
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
			if left, _ := filepath.Glob(filepath.Join(folder, "whopulls-*")); len(left) > 0 {
				t.Errorf("it leaves %q", left)
			}
		})
	}
}

// An error of this machine is not reported as a failed connection.
func TestLocalErrorsSaySo(t *testing.T) {
	file := filepath.Join(t.TempDir(), "world.yaml")
	if err := os.WriteFile(file, []byte("projects: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		to    options.Target
		local bool
	}{
		"a world that can't be used": {options.Target{World: file}, true},
		"nothing listens":            {options.Target{Address: "127.0.0.1:1"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Open(t.Context(), c.to, "agent")
			var local interface{ Local() bool }
			if is := errors.As(err, &local) && local.Local(); err == nil || is != c.local {
				t.Errorf("%v is local: %t", err, is)
			}
			if f := AsUserError(err); c.local && (len(f.Hints) == 0 || f.Status != console.StatusError) {
				t.Errorf("the hint or the status is lost: %+v", f)
			}
		})
	}
}
