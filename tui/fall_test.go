package tui

import (
	"context"
	"runtime"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"whopulls/guard"
)

// fallOf runs a command of the guarded app in a goroutine, as Bubble Tea does, and reports whether it was a fall.
func fallOf(t *testing.T, cmd tea.Cmd) bool {
	t.Helper()
	fell := make(chan bool, 1)
	end := func(int) { fell <- true; runtime.Goexit() } // not of the process
	go guard.Run(t.Context(), guard.Program{Say: func(guard.Fall) int { return 1 }, Exit: end}, func(ctx context.Context) int {
		go func() {
			runAll(guardCmd(cmd))
			fell <- false
		}()
		<-ctx.Done()
		return 0
	})
	return <-fell
}

// runAll runs a command, and those that it gives.
func runAll(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			runAll(c)
		}
	case nil:
	default:
		if more, ok := cmdsOf(msg); ok {
			for _, c := range more {
				runAll(c)
			}
		}
	}
}

// Every command is guarded, however deep in batches and sequences, and what it says comes through.
func TestCommandsAreGuarded(t *testing.T) {
	fail := func() tea.Msg { panic("on purpose") }
	fine := func() tea.Msg { return "said" }
	for name, c := range map[string]struct {
		cmd  tea.Cmd
		fell bool
	}{
		"none":                   {nil, false},
		"one that says nothing":  {func() tea.Msg { return nil }, false},
		"one that says a slice":  {func() tea.Msg { return []string{"a"} }, false},
		"one that panics":        {fail, true},
		"a batch":                {tea.Batch(fine, nil, fail), true},
		"a sequence":             {tea.Sequence(fine, fail), true},
		"a batch in a sequence":  {tea.Sequence(fine, tea.Batch(fine, fail)), true},
		"a batch without panics": {tea.Batch(fine, fine), false},
	} {
		t.Run(name, func(t *testing.T) {
			if fell := fallOf(t, c.cmd); fell != c.fell {
				t.Errorf("it fell: %v, want %v", fell, c.fell)
			}
		})
	}
	if got := guardCmd(fine)(); got != "said" {
		t.Errorf("the command says %v", got)
	}
	if got, ok := guardCmd(tea.Batch(fine, fine))().(tea.BatchMsg); !ok || len(got) != 2 || strings.TrimSpace(got[1]().(string)) != "said" {
		t.Errorf("the batch became %v", got)
	}
}
