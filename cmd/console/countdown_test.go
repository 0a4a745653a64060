package console

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// FakeCountdown is a countdown whose clock moves only by its own waits.
func FakeCountdown(out *bytes.Buffer, terminal, hush bool) (*Countdown, *time.Time) {
	clock := time.Date(2026, 3, 3, 14, 30, 0, 0, time.UTC)
	c := &Countdown{notes: &Printer{W: out, Width: DefaultWidth}, Terminal: terminal, Silent: hush, now: func() time.Time { return clock }}
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
	c, clock := FakeCountdown(&out, true, false)
	if err := c.Wait(t.Context(), clock.Add(2500*time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), EraseSequence)
	if len(lines) != 5 || lines[0] != "" || lines[4] != "" {
		t.Fatalf("written: %q", out.String())
	}
	for i, left := range []string{"in 3 s ", "in 2 s ", "in 1 s "} {
		if line := lines[i+1]; !strings.Contains(line, left) || strings.Contains(line, "\n") || len([]rune(line)) >= DefaultWidth {
			t.Errorf("line %d: %q", i, line)
		}
	}
}

func TestCountdownElsewhere(t *testing.T) {
	var out bytes.Buffer
	c, clock := FakeCountdown(&out, false, false)
	if err := c.Wait(t.Context(), clock.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	want := "The quota of deny policy reads, 5 a minute for a project, is used up; --strict waits for it until 14:31:00 UTC.\n"
	if out.String() != want {
		t.Errorf("written: %q", out.String())
	}
}

func TestCountdownIsSilenced(t *testing.T) {
	for _, terminal := range []bool{true, false} {
		t.Run(fmt.Sprintf("terminal %t", terminal), func(t *testing.T) {
			var out bytes.Buffer
			c, clock := FakeCountdown(&out, terminal, true)
			if err := c.Wait(t.Context(), clock.Add(time.Minute)); err != nil || out.Len() > 0 {
				t.Errorf("written: %q (%v)", out.String(), err)
			}
		})
	}
}

func TestCountdownEndsWithItsContext(t *testing.T) {
	var out bytes.Buffer
	c, clock := FakeCountdown(&out, true, false)
	ctx, cancel := context.WithCancel(t.Context())
	c.after = func(time.Duration) <-chan time.Time {
		c.WriteUnlessActive(func() { t.Error("a note lands in the countdown's line") })
		cancel()
		return nil
	}
	if err := c.Wait(ctx, clock.Add(time.Minute)); !errors.Is(err, context.Canceled) || !strings.HasSuffix(out.String(), EraseSequence) {
		t.Errorf("written: %q (%v)", out.String(), err)
	}
	said := false
	c.WriteUnlessActive(func() { said = true })
	if !said {
		t.Error("after the wait nothing may be said")
	}
}
