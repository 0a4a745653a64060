package connect

import (
	"bytes"
	"os"
	"testing"
	"time"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
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
