package cmd

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"whopulls/cmd/console"
	"whopulls/model"
)

const organizationFlag = "--organization=100000000001"

// scanningCloud is a pretended cloud whose scan counts.
func scanningCloud() *fakeCloud {
	c := article()
	c.surveys = []model.Situation{surveyedRepository()}
	c.onScan = func(_ context.Context, o model.ScanOptions) error {
		o.Progress(model.ScanProgress{Bindings: 3, Assets: 900})
		o.Progress(model.ScanProgress{Bindings: 3, Assets: 1000, Direct: true})
		return nil
	}
	return c
}

// Who watches a scan sees how far it is, and how fast; the line is gone at the end. Elsewhere a short scan says nothing.
func TestScanTellsHowFarItIs(t *testing.T) {
	tt := (&cliRun{cloud: scanningCloud(), outTerminal: true}).run("stale", "list", organizationFlag).expect(t, 3)
	wantContains(t, tt.err, "3 bindings found, 900 assets read, 900 a second … (ctrl+c ends it)", "3 bindings found, 1000 assets read; looking directly where no use is shown …")
	if !strings.HasSuffix(tt.err, console.EraseSequence) {
		t.Errorf("the line stays: %q", tt.err)
	}
	for about, tt := range map[string]*cliRun{"no terminal": {cloud: scanningCloud()}, "errors to a file": {cloud: scanningCloud(), interactive: true, errToFile: true}} {
		t.Run(about, func(t *testing.T) {
			if tt.run("stale", "list", organizationFlag).expect(t, 3); tt.err != "" {
				t.Errorf("standard error: %q", tt.err)
			}
		})
	}
	if words := scanProgressText(model.ScanProgress{Bindings: 1, Assets: 1, Direct: true}, time.Second); words != "1 binding found, 1 asset read; looking directly where no use is shown …" {
		t.Errorf("the line is %q", words)
	}
	if words := scanProgressText(model.ScanProgress{Bindings: 7, Assets: 3000}, 10*time.Second); words != "7 bindings found, 3000 assets read, 300 a second …" {
		t.Error(words)
	}
}

// An interrupted scan says that it can be continued, where something was kept of it; the next one says that it does.
func TestScanIsInterrupted(t *testing.T) {
	for _, c := range []struct {
		about   string
		halfway time.Time
		hint    bool
	}{{"something is kept", time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), true}, {"nothing is", time.Time{}, false}} {
		t.Run(c.about, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			cloud := scanningCloud()
			cloud.interruptedAt = c.halfway
			cloud.onScan = func(ctx context.Context, _ model.ScanOptions) error {
				cancel()
				return fmt.Errorf("the scan was interrupted: %w", context.Cause(ctx))
			}
			tt := (&cliRun{cloud: cloud, ctx: ctx}).run("stale", "list", organizationFlag).expect(t, 130)
			if strings.Contains(tt.err, "What was read is kept for a day: --resume continues it.") != c.hint || !strings.Contains(tt.err, "interrupted") {
				t.Errorf("%s: %s", c.about, tt.err)
			}
		})
	}
	cloud := scanningCloud()
	tt := (&cliRun{cloud: cloud}).run("stale", "list", organizationFlag, "--resume").expect(t, 3)
	wantContains(t, tt.err, "No interrupted scan of organization 100000000001 is kept here: it begins from the start.")
	cloud.interruptedAt = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	tt = (&cliRun{cloud: cloud}).run("stale", "list", organizationFlag, "--resume").expect(t, 3)
	wantContains(t, tt.err, "It continues the scan that was interrupted on 2026-01-02 03:04:05 UTC.")
}
