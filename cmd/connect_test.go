package cmd

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/adrg/xdg"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
)

func TestCountdownSilencedByFlags(t *testing.T) {
	for _, test := range []struct {
		flags []string
		hush  bool
	}{{nil, false}, {[]string{"--quiet"}, true}, {[]string{"--verbosity=error"}, true}, {[]string{"--verbosity=none"}, true}, {[]string{"--verbosity=info"}, false}} {
		tt := (&cliRun{cloud: article()}).runOnJob("check", append(test.flags, "--strict")...)
		if waits := tt.targets[0].Countdown; waits == nil || waits.Silent != test.hush || waits.Terminal {
			t.Errorf("%v: %+v", test.flags, waits)
		}
	}
}

func TestTheTargetCarriesTheCountdown(t *testing.T) {
	var out bytes.Buffer
	c := console.NewCountdown(console.Streams{Err: &out, Lookup: os.LookupEnv}, false, true)
	to := dialOptions(options.Target{Countdown: c}, "agent")
	if to.WaitForQuota == nil || to.WaitForQuota(t.Context(), time.Now().Add(time.Millisecond)) != nil || out.Len() == 0 {
		t.Errorf("the wait is not shown: %q", out.String())
	}
	if dialOptions(options.Target{}, "agent").WaitForQuota != nil {
		t.Error("without a countdown something is shown")
	}
}

func TestCacheFolder(t *testing.T) {
	dir := t.TempDir()
	t.Cleanup(xdg.Reload) // after the variable is what it was
	t.Setenv("XDG_CACHE_HOME", dir)
	xdg.Reload()
	for want, targets := range map[string][]options.Target{
		"":                             {{World: "article"}, {World: "./world.yaml", Account: dev}},
		filepath.Join(dir, "whopulls"): {{}, {Address: "127.0.0.1:4711"}},
	} {
		for _, to := range targets {
			if got := cacheFolder(to); got != want {
				t.Errorf("%+v keeps in %q, want %q", to, got, want)
			}
		}
	}
}
