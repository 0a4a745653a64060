package cmd

import (
	"log"
	"os"
	"testing"
)

// What makes libraries log requests is taken out of the environment, for the programs started from here too; the rest of
// GODEBUG stays.
func TestSilence(t *testing.T) {
	for _, name := range loggingVariables {
		t.Setenv(name, "debug")
	}
	t.Setenv("GODEBUG", "http2debug=2,netdns=go, http2debug=1")
	to := log.Writer()
	t.Cleanup(func() { log.SetOutput(to) })
	if err := silenceLibraries(); err != nil {
		t.Fatal(err)
	}
	for _, name := range loggingVariables {
		t.Run(name, func(t *testing.T) {
			if value, ok := os.LookupEnv(name); ok {
				t.Errorf("%s is %q", name, value)
			}
		})
	}
	if got := os.Getenv("GODEBUG"); got != "netdns=go" {
		t.Errorf("GODEBUG is %q", got)
	}
}
