package cmd

import (
	"fmt"
	"testing"
)

func TestCountdownSilencedByFlags(t *testing.T) {
	for _, test := range []struct {
		flags []string
		hush  bool
	}{{nil, false}, {[]string{"--quiet"}, true}, {[]string{"--verbosity=error"}, true}, {[]string{"--verbosity=none"}, true}, {[]string{"--verbosity=info"}, false}} {
		t.Run(fmt.Sprint(test.flags), func(t *testing.T) {
			tt := (&cliRun{cloud: article()}).runOnJob("check", append(test.flags, "--strict")...)
			if waits := tt.targets[0].Countdown; waits == nil || waits.Silent != test.hush || waits.Terminal {
				t.Errorf("%v: %+v", test.flags, waits)
			}
		})
	}
}
