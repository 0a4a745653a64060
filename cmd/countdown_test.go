package cmd

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/adrg/xdg"
)

// fakeCountdown is a countdown whose clock moves only by its own waits.
func fakeCountdown(out *bytes.Buffer, terminal, hush bool) (*countdown, *time.Time) {
	clock := time.Date(2026, 3, 3, 14, 30, 0, 0, time.UTC)
	c := &countdown{notes: &printer{w: out, width: defaultWidth}, terminal: terminal, silent: hush, now: func() time.Time { return clock }}
	c.after = func(d time.Duration) <-chan time.Time {
		clock = clock.Add(d)
		fired := make(chan time.Time, 1)
		fired <- clock
		return fired
	}
	return c, &clock
}

func TestCountdownOnATerminal(t *testing.T) {
	var out bytes.Buffer
	c, clock := fakeCountdown(&out, true, false)
	if err := c.wait(t.Context(), clock.Add(2500*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), eraseLine)
	if len(lines) != 5 || lines[0] != "" || lines[4] != "" {
		t.Fatalf("written: %q", out.String())
	}
	for i, left := range []string{"in 3 s ", "in 2 s ", "in 1 s "} {
		if line := lines[i+1]; !strings.Contains(line, left) || strings.Contains(line, "\n") || len([]rune(line)) >= defaultWidth {
			t.Errorf("line %d: %q", i, line)
		}
	}
}

func TestCountdownElsewhere(t *testing.T) {
	var out bytes.Buffer
	c, clock := fakeCountdown(&out, false, false)
	if err := c.wait(t.Context(), clock.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	want := "The quota of deny policy reads, 5 a minute for a project, is used up; --strict waits for it until 14:31:00 UTC.\n"
	if out.String() != want {
		t.Errorf("written: %q", out.String())
	}
}

func TestCountdownIsSilenced(t *testing.T) {
	for _, terminal := range []bool{true, false} {
		var out bytes.Buffer
		c, clock := fakeCountdown(&out, terminal, true)
		if err := c.wait(t.Context(), clock.Add(time.Minute)); err != nil || out.Len() > 0 {
			t.Errorf("written: %q (%v)", out.String(), err)
		}
	}
}

func TestCountdownEndsWithItsContext(t *testing.T) {
	var out bytes.Buffer
	c, clock := fakeCountdown(&out, true, false)
	ctx, cancel := context.WithCancel(t.Context())
	c.after = func(time.Duration) <-chan time.Time {
		c.writeUnlessActive(func() { t.Error("a note lands in the countdown's line") })
		cancel()
		return nil
	}
	if err := c.wait(ctx, clock.Add(time.Minute)); !errors.Is(err, context.Canceled) || !strings.HasSuffix(out.String(), eraseLine) {
		t.Errorf("written: %q (%v)", out.String(), err)
	}
	said := false
	c.writeUnlessActive(func() { said = true })
	if !said {
		t.Error("after the wait nothing may be said")
	}
}

func TestCountdownSilencedByFlags(t *testing.T) {
	for _, test := range []struct {
		flags []string
		hush  bool
	}{{nil, false}, {[]string{"--quiet"}, true}, {[]string{"--verbosity=error"}, true}, {[]string{"--verbosity=none"}, true}, {[]string{"--verbosity=info"}, false}} {
		tt := (&cliRun{cloud: article()}).runOnJob("check", append(test.flags, "--strict")...)
		if waits := tt.targets[0].countdown; waits == nil || waits.silent != test.hush || waits.terminal {
			t.Errorf("%v: %+v", test.flags, waits)
		}
	}
}

func TestTheTargetCarriesTheCountdown(t *testing.T) {
	var out bytes.Buffer
	c, clock := fakeCountdown(&out, false, false)
	to := target{countdown: c}.dialOptions("agent")
	if to.WaitForQuota == nil || to.WaitForQuota(t.Context(), clock.Add(time.Second)) != nil || out.Len() == 0 {
		t.Errorf("the wait is not told: %q", out.String())
	}
	if (target{}).dialOptions("agent").WaitForQuota != nil {
		t.Error("without a countdown somebody is told")
	}
}

func TestCacheFolder(t *testing.T) {
	dir := t.TempDir()
	t.Cleanup(xdg.Reload) // after the variable is what it was
	t.Setenv("XDG_CACHE_HOME", dir)
	xdg.Reload()
	for want, targets := range map[string][]target{
		"":                             {{world: "article"}, {world: "./world.yaml", account: dev}},
		filepath.Join(dir, "whopulls"): {{}, {address: "127.0.0.1:4711"}},
	} {
		for _, to := range targets {
			if got := cacheFolder(to); got != want {
				t.Errorf("%+v keeps in %q, want %q", to, got, want)
			}
		}
	}
}
