package guard

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// fallen is what came of a run that fell.
type fallen struct {
	fall Fall
	code int
}

// run runs a main function that falls, or that a goroutine makes fall.
func run(t *testing.T, folder string, main func(context.Context) int) fallen {
	t.Helper()
	ended := make(chan fallen, 1)
	var said Fall
	var screen strings.Builder
	p := Program{Version: "1.2.3", Folder: folder, Command: func() string { return "whopulls grant" },
		Say:    func(f Fall) int { said = f; return 1 },
		Now:    func() time.Time { return time.Date(2026, 11, 30, 22, 0, 0, 0, time.UTC) },
		Screen: &screen,
		Exit:   func(code int) { ended <- fallen{said, code}; runtime.Goexit() }}
	t.Cleanup(func() { current.Store(nil) })
	go Run(t.Context(), p, main)
	select {
	case f := <-ended:
		return f
	case <-time.After(time.Minute):
		t.Fatal("it did not end")
		return fallen{}
	}
}

// waitThen waits for the end of the context, as a main function does that is canceled.
func waitThen(code int) func(context.Context) int {
	return func(ctx context.Context) int { <-ctx.Done(); return code }
}

// Wherever it is, a panic ends the program with a report.
func TestPanicsAreFalls(t *testing.T) {
	fail := func() { panic("on purpose") }
	for name, main := range map[string]func(context.Context) int{
		"in the main function": func(context.Context) int { fail(); return 0 },
		"in a goroutine":       func(ctx context.Context) int { Go(fail); return waitThen(0)(ctx) },
		"in a group":           func(ctx context.Context) int { var all sync.WaitGroup; all.Go(Func(fail)); return waitThen(0)(ctx) },
		"in a task": func(ctx context.Context) int {
			Go(func() { _ = Task(func() error { fail(); return nil })() })
			return waitThen(0)(ctx)
		},
		"in two goroutines":         func(ctx context.Context) int { Go(fail); Go(fail); return waitThen(0)(ctx) },
		"while main is stuck":       func(context.Context) int { Go(fail); time.Sleep(time.Minute); return 0 },
		"and in main, being called": func(ctx context.Context) int { Go(fail); <-ctx.Done(); fail(); return 0 },
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "state")
			f := run(t, folder, main)
			if f.code != 1 || f.fall.Failure != nil || f.fall.Open != 0 || f.fall.Finished != 0 {
				t.Errorf("it ended with %+v", f)
			}
			report, err := os.ReadFile(f.fall.Report)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{"time:     2026-11-30T22:00:00Z", "version:  1.2.3", "command:  whopulls grant", "panic: string: on purpose", "guard_test.go:"} {
				if !strings.Contains(string(report), want) {
					t.Errorf("the report lacks %q:\n%s", want, report)
				}
			}
			if info, err := os.Stat(f.fall.Report); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("the report has mode %v, %v", info.Mode(), err)
			}
			if reports, err := os.ReadDir(folder); err != nil || len(reports) != 1 {
				t.Errorf("there are %v, %v", reports, err)
			}
		})
	}
}

// Without a panic nothing is different.
func TestRunWithoutAPanic(t *testing.T) {
	t.Cleanup(func() { current.Store(nil) })
	done := 0
	code := Run(t.Context(), Program{}, func(context.Context) int {
		var all sync.WaitGroup
		all.Go(Func(func() { Write(1, func() { done++ }) }))
		all.Wait()
		return 3
	})
	if code != 3 || done != 1 || Falling() {
		t.Errorf("ended with %d after %d changes, falling: %v", code, done, Falling())
	}
	if err := Task(func() error { return errors.New("wrong") })(); err == nil || err.Error() != "wrong" {
		t.Errorf("a task gives %v", err)
	}
}

// In a test of another package there is no program: a panic stays what it is.
func TestPanicWithoutAProgram(t *testing.T) {
	defer func() {
		if v := recover(); v != "on purpose" {
			t.Errorf("it panics with %v", v)
		}
	}()
	Func(func() { panic("on purpose") })()
}

// A change under way is finished, one that panics is open, and none begins any more.
func TestChangesInAFall(t *testing.T) {
	t.Run("finished", func(t *testing.T) {
		finished := false
		f := run(t, t.TempDir(), func(context.Context) int {
			begun := make(chan struct{})
			Go(func() {
				Write(2, func() { close(begun); time.Sleep(50 * time.Millisecond); finished = true })
			})
			<-begun
			panic("on purpose")
		})
		if !finished || f.fall.Finished != 2 || f.fall.Open != 0 {
			t.Errorf("finished: %v, the fall says %+v", finished, f.fall)
		}
	})
	t.Run("cut off", func(t *testing.T) {
		f := run(t, t.TempDir(), func(ctx context.Context) int {
			Go(func() { Write(1, func() { panic("on purpose") }) })
			return waitThen(0)(ctx)
		})
		if f.fall.Finished != 0 || f.fall.Open != 1 {
			t.Errorf("the fall says %+v", f.fall)
		}
	})
	t.Run("none begins", func(t *testing.T) {
		begun := false
		f := run(t, t.TempDir(), func(ctx context.Context) int {
			Go(func() { panic("on purpose") })
			<-ctx.Done()
			Write(1, func() { begun = true })
			return 0
		})
		if begun || f.fall.Finished != 0 || f.fall.Open != 0 {
			t.Errorf("begun: %v, the fall says %+v", begun, f.fall)
		}
	})
}

// The terminal is given back once the main function had its time, even by something that panics itself.
func TestTerminalIsRestored(t *testing.T) {
	for name, hurt := range map[string]func(){"in order": func() {}, "with another panic": func() { panic("again") }} {
		t.Run(name, func(t *testing.T) {
			restored := make(chan struct{})
			run(t, t.TempDir(), func(context.Context) int {
				WhileDrawing(func() { close(restored); hurt() })
				Go(func() { panic("on purpose") })
				time.Sleep(time.Minute) // it is stuck
				return 0
			})
			select {
			case <-restored:
			default:
				t.Error("the terminal stays as it was")
			}
		})
	}
}

// Where no report can be written the fall says why.
func TestNoFolderForAReport(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, folder := range map[string]string{"none": "", "a file": file} {
		t.Run(name, func(t *testing.T) {
			if f := run(t, folder, func(context.Context) int { panic("on purpose") }); f.fall.Failure == nil || f.code != 1 {
				t.Errorf("it ended with %+v", f)
			}
		})
	}
}

// A report holds nothing that identifies anybody or lets anybody in.
func TestRedaction(t *testing.T) {
	for name, c := range map[string]struct{ said, want string }{
		"an index":          {"runtime error: index out of range [5] with length 3", "runtime error: index out of range [5] with length 3"},
		"nil":               {"runtime error: invalid memory address or nil pointer dereference", "runtime error: invalid memory address or nil pointer dereference"},
		"an e-mail address": {"no access for dev@example.com here", "no access for […] here"},
		"a quoted name":     {`unknown "my project", "other`, "unknown […], […]"},
		"a token":           {"Bearer ya29.a0Af_Long-token", "[…]"},
		"a token alone":     {"token ya29.abc refused", "token […] refused"},
		"a JWT":             {"got eyJhbGciOi.eyJzdWIi.sig", "got […]"},
		"a resource":        {"at //run.googleapis.com/projects/myproject-a", "at […]"},
		"a key":             {"key AIzaSyA0bcdefgh9ijk", "key […]"},
		"a number":          {"project 111111111111", "project […]"},
		"a control":         {"a\x1b[2Jb", "a�[[…]"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := redact(c.said); got != c.want {
				t.Errorf("%q becomes %q, want %q", c.said, got, c.want)
			}
		})
	}
}
