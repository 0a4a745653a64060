package cmd

import (
	"bytes"
	"os"
	"testing"
	"time"

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
