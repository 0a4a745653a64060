package cmd

import (
	"context"
	"encoding/json"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"time"

	"whopulls/cmd/console"
	"whopulls/cmd/options"
	"whopulls/gcp/sandbox"
	"whopulls/guard"
	"whopulls/model"
	"whopulls/model/ledger"
	"whopulls/test/latewrite"
	"whopulls/test/pty"
	"whopulls/tui"
)

// fallVariable makes the test binary the program itself, with a cloud that panics at the place of that name.
const fallVariable = "WHOPULLS_TEST_FALL"

// TestMain lets the test binary be the program that falls.
func TestMain(m *testing.M) {
	if code, ran := guard.Monitor(sayCrash); ran {
		os.Exit(code)
	}
	where := os.Getenv(fallVariable)
	if where == "" {
		os.Exit(m.Run())
	}
	os.Exit(makeProgram(where).runGuarded(context.Background(), os.Args[1:]))
}

// makeProgram gives the program as it is, but for where it falls.
func makeProgram(where string) *program {
	return &program{io: console.ProcessStreams(), build: Build{Version: "1.2.3"}.withDefaults(), now: time.Now,
		adjust: func(o *tui.Options) { makeFall(o, where) },
		dial: func(ctx context.Context, t options.Target, userAgent string) (cloud, error) {
			if where == "dial" {
				panic(secrets)
			}
			return dialCloud(ctx, t, userAgent)
		}}
}

// secrets are what a panic's text may hold, and no report.
const secrets = `on purpose: "myproject-a" of dev@example.com with ya29.a0AfToken`

// makeFall has the app fall somewhere.
func makeFall(o *tui.Options, where string) {
	connect := o.Connect
	o.Connect = func(ctx context.Context) (tui.Cloud, error) {
		cloud, err := connect(ctx)
		return fallingCloud{cloud, where}, err
	}
	switch where {
	case "update":
		o.NewRunID = func() string { panic(secrets) }
	case "editor":
		o.Settings.Editor = func(context.Context) (*exec.Cmd, error) { panic(secrets) }
	}
}

// fallingCloud panics on purpose.
type fallingCloud struct {
	tui.Cloud
	where string
}

// fallIn panics if that is the place, and a function of that name is under way.
func (c fallingCloud) fallIn(where, function string) {
	if c.where == where && strings.Contains(string(debug.Stack()), function) {
		panic(secrets)
	}
}

func (c fallingCloud) Caller() model.Fact[model.Member] {
	c.fallIn("view", "tui.(*root).View(")
	return c.Cloud.Caller()
}

func (c fallingCloud) History() (ledger.History, error) {
	c.fallIn("command", "guardCmd")
	return c.Cloud.History()
}

func (c fallingCloud) Projects(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error] {
	c.fallIn("goroutine", "guard.Go")
	return c.Cloud.Projects(ctx)
}

// MismatchedAccount has a goroutine crash that is not one of ours, once the monitor is there.
func (c fallingCloud) MismatchedAccount() string {
	if c.where == "library" {
		libraryCrash.Do(func() {
			go func() {
				time.Sleep(2 * time.Second)
				panic(secrets)
			}()
		})
	}
	return c.Cloud.MismatchedAccount()
}

var libraryCrash sync.Once

// Perform falls elsewhere once the change is announced.
func (c fallingCloud) Perform(ctx context.Context, g model.Gate, ws []model.Write) ([]model.Outcome, error) {
	if c.where == "write" {
		guard.Go(func() {
			for {
				if h, err := c.Cloud.History(); err == nil && len(h.Entries) > 0 {
					panic(secrets)
				}
				time.Sleep(5 * time.Millisecond)
			}
		})
	}
	return c.Cloud.Perform(ctx, g, ws)
}

// fallenProgram is the program on a terminal of its own, which falls somewhere.
type fallenProgram struct {
	t      *testing.T
	term   *pty.Terminal
	before string // the terminal's modes
	state  string
	addr   string
	run    *exec.Cmd

	network *latewrite.Network // to the sandbox
}

func startFalling(t *testing.T, where string, o sandbox.Options, args ...string) *fallenProgram {
	t.Helper()
	w, err := sandbox.Load("article")
	if err != nil {
		t.Fatal(err)
	}
	o.World = w
	server, err := sandbox.Start(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	f := &fallenProgram{t: t, term: pty.Open(t, 160, 40), state: t.TempDir()}
	held := map[string]time.Duration{"editor": time.Minute}[where]
	f.network = latewrite.Start(t, server.Addr(), held, "roles/artifactregistry.reader", "serverless-robot-prod")
	f.addr = f.network.Addr().String()
	f.before = f.term.Modes()
	f.run = f.command(where, args...)
	f.term.Start(f.run)
	return f
}

func (f *fallenProgram) command(where string, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		f.t.Fatal(err)
	}
	c := exec.Command(self, args...)
	c.Env = append(os.Environ(), fallVariable+"="+where, "WHOPULLS_SANDBOX="+f.addr, "TERM=xterm-256color", "LC_ALL=C.UTF-8",
		"XDG_STATE_HOME="+f.state, "XDG_CACHE_HOME="+filepath.Join(f.state, "cache"), "XDG_CONFIG_HOME="+filepath.Join(f.state, "config"))
	return c
}

// ended waits for the end, and checks that the terminal is as it was.
func (f *fallenProgram) ended(code int) (screen string) {
	f.t.Helper()
	ended := make(chan struct{})
	go func() { _ = f.run.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(time.Minute):
		_ = f.run.Process.Kill()
		f.t.Fatalf("it did not end:\n%s", f.term.Screen())
	}
	if got := f.run.ProcessState.ExitCode(); got != code {
		f.t.Errorf("it ended with %d, want %d:\n%s", got, code, f.term.Screen())
	}
	screen = f.term.Shows("a fault of whopulls itself ended it", "crash-")
	if after := f.term.Modes(); after != f.before {
		f.t.Errorf("the terminal's modes were %s and are %s", f.before, after)
	}
	if left := f.term.Switched(); f.term.AltScreen() || len(left) > 0 {
		f.t.Errorf("switched: %q, the alternate screen: %v", left, f.term.AltScreen())
	}
	return screen
}

// report reads the one report there is.
func (f *fallenProgram) report(frames ...string) {
	f.t.Helper()
	found, err := filepath.Glob(filepath.Join(f.state, "whopulls", "crash-*.txt"))
	if err != nil || len(found) != 1 {
		f.t.Fatalf("there are %q, %v", found, err)
	}
	if info, err := os.Stat(found[0]); err != nil || info.Mode().Perm() != 0o600 {
		f.t.Errorf("the report is %v, %v", info, err)
	}
	text, err := os.ReadFile(found[0])
	if err != nil {
		f.t.Fatal(err)
	}
	for _, want := range append(frames, "on purpose", "whopulls", "version:", "goroutine ") {
		if !strings.Contains(string(text), want) {
			f.t.Errorf("the report lacks %q:\n%s", want, text)
		}
	}
	for _, secret := range []string{"ya29", "dev@example.com", "myproject-a"} {
		if strings.Contains(string(text), secret) {
			f.t.Errorf("the report holds %q:\n%s", secret, text)
		}
	}
}

// Wherever the app panics, the terminal is as it was, and a report says where.
func TestTheAppFallsWell(t *testing.T) {
	for where, frames := range map[string][]string{
		"view":      {"fallingCloud.Caller", "tui.(*root).View"},
		"update":    {"makeFall", "tui.(*root).Update"},
		"command":   {"fallingCloud.History", "guardCmd"},
		"goroutine": {"fallingCloud.Projects", "guard.Go"},
	} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			var args []string
			if where == "update" {
				args = jobFlags
			}
			f := startFalling(t, where, sandbox.Options{}, args...)
			if where == "update" { // it falls where the walk opens
				f.term.Shows("fix: 1 step")
				f.term.Type("\r")
			}
			screen := f.ended(1)
			for _, want := range []string{"ERROR: (whopulls)", "no change was under way"} {
				if !strings.Contains(screen, want) {
					t.Errorf("the screen lacks %q:\n%s", want, screen)
				}
			}
			if strings.Contains(screen, "on purpose") || strings.Contains(screen, "goroutine 1") {
				t.Errorf("the screen shows the panic:\n%s", screen)
			}
			f.report(frames...)
		})
	}
}

// A library's own goroutine ends the process at once. The monitor does then what is left to do, and only a real end is an end.
func TestTheAppCrashesInALibrary(t *testing.T) {
	t.Parallel()
	f := startFalling(t, "library", sandbox.Options{})
	screen := f.ended(2) // Go's own
	for _, want := range []string{"ERROR: (whopulls)", "the journal has no open change"} {
		if !strings.Contains(screen, want) {
			t.Errorf("the screen lacks %q:\n%s", want, screen)
		}
	}
	if strings.Contains(screen, "on purpose") || strings.Contains(screen, "goroutine 1") {
		t.Errorf("the screen shows the panic:\n%s", screen)
	}
	f.report("fallingCloud.MismatchedAccount")
}

// A change that is under way comes to its end first, and the journal says so.
func TestTheAppFallsDuringAChange(t *testing.T) {
	t.Parallel()
	f := startFalling(t, "write", sandbox.Options{Latency: 50 * time.Millisecond}, jobFlags...)
	f.grant()
	if screen := f.ended(1); !strings.Contains(screen, "1 change under way came to the end first") {
		t.Errorf("the screen says\n%s", screen)
	}
	f.report("fallingCloud.Perform")
	f.wantDone()
}

// What takes longer than a fall waits stays open. The message names it, and the command that it names settles it.
func TestTheAppFallsDuringALongChange(t *testing.T) {
	t.Parallel()
	f := startFalling(t, "editor", sandbox.Options{}, jobFlags...)
	f.grant()
	select {
	case <-f.network.Held:
	case <-time.After(time.Minute):
		t.Fatalf("no write was sent:\n%s", f.term.Screen())
	}
	f.term.Type("\x10theme auto")
	f.term.Shows("▸ setting        theme")
	f.term.Type("\r")
	screen := f.ended(1)
	for _, want := range []string{"not known yet whether this was made: Grant roles/", "whopulls history at the same sandbox finds out, and records it"} {
		if !strings.Contains(screen, want) {
			t.Errorf("the screen lacks %q:\n%s", want, screen)
		}
	}
	f.report("makeFall", "tui.(*root).Update", "0 finished, 1 open")
	f.network.Release()
	f.network.Wait()
	f.wantDone()
}

// grant makes the one step of the map by keys.
func (f *fallenProgram) grant() {
	f.t.Helper()
	f.term.Shows("fix: 1 step", "says the same", "job myjob says")
	for deadline := time.Now().Add(time.Minute); !strings.Contains(f.term.Screen(), "○ to do") && time.Now().Before(deadline); {
		f.term.Type("\r") // while something is still read, it is no answer
		time.Sleep(time.Second)
	}
	f.term.Shows("○ to do", "✓ you have it")
	f.term.Type("\r")
	f.term.Shows("▸ No")
	time.Sleep(100 * time.Millisecond) // a key that comes before the frame is no answer
	f.term.Type("\x1b[C\r")
}

// wantDone wants the history to have the change, made.
func (f *fallenProgram) wantDone() {
	f.t.Helper()
	out, err := f.command("nowhere", "history", "--format=json").Output()
	var history struct{ Entries []struct{ State string } }
	if err == nil {
		err = json.Unmarshal(out, &history)
	}
	if err != nil || len(history.Entries) != 1 || history.Entries[0].State != "done" {
		f.t.Errorf("the history is %s, %v", out, err)
	}
}

// A command in lines falls too: with its own name, and with a document where one was asked for.
func TestACommandFalls(t *testing.T) {
	for name, c := range map[string]struct {
		args          []string
		stdout, about string
	}{
		"in lines":   {[]string{"history"}, "", "ERROR: (whopulls.history)"},
		"a document": {[]string{"history", "--format=json"}, `"status": "error"`, "ERROR: (whopulls.history)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fallenProgram{t: t, state: t.TempDir(), addr: "127.0.0.1:1"}
			run := f.command("dial", c.args...)
			var out, errs strings.Builder
			run.Stdout, run.Stderr = &out, &errs
			if _ = run.Run(); run.ProcessState.ExitCode() != 1 {
				t.Errorf("it ended with %v", run.ProcessState)
			}
			if !strings.Contains(out.String(), c.stdout) || (c.stdout == "") != (out.String() == "") {
				t.Errorf("standard output is %q", out.String())
			}
			if !strings.Contains(errs.String(), c.about) || strings.Contains(errs.String(), "on purpose") {
				t.Errorf("standard error is\n%s", errs.String())
			}
			f.report("makeProgram")
		})
	}
}
