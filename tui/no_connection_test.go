package tui

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"sync/atomic"
	"testing"

	"whopulls/model"
)

// signedOutError is the error of somebody who is not signed in, with three ways out.
type signedOutError struct{ error }

func (signedOutError) Nexts() []model.Advice {
	return []model.Advice{{Words: "sign in with:", Command: "gcloud auth login --update-adc"},
		{Words: "or, for this machine alone:", Command: "gcloud auth application-default login"},
		{Words: "or look around without an account:", Command: "whopulls --sandbox"}}
}
func (signedOutError) SignIn() bool { return true }

var errSignedOut = signedOutError{errors.New("not signed in: could not find default credentials")}

// localError is the error of a machine on which no connection could be tried.
type localError struct{ error }

func (localError) Local() bool { return true }

// What goes wrong on this machine isn't put down to the network, and can be tried again.
func TestALocalErrorIsNoLackOfAConnection(t *testing.T) {
	term := startUnconnected(t, localError{errors.New("mkdir /tmp/x: no space left on device")})
	if screen := term.shows("It can't start here", "no space left on device.", "▸ Try again"); strings.Contains(screen, "No connection") {
		t.Errorf("it blames the network:\n%s", screen)
	}
}

// expiringCloud is a cloud whose login ends.
type expiringCloud struct {
	*fakeCloud
	expired atomic.Bool
	world   string
}

func (c *expiringCloud) World() string { return c.world }

func (c *expiringCloud) Projects(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error] {
	if c.expired.Load() {
		return func(yield func(model.ListPage[model.Project], error) bool) {
			yield(model.ListPage[model.Project]{}, errSignedOut)
		}
	}
	return c.fakeCloud.Projects(ctx)
}

func (c *expiringCloud) Read(ctx context.Context, q model.Question, o model.PlanOptions, progress func(model.Situation)) (model.Situation, error) {
	if c.expired.Load() {
		return model.Situation{Question: q}, errSignedOut
	}
	return c.fakeCloud.Read(ctx, q, o, progress)
}

// A person who is not signed in has a row for each way on: an error message, the sign-in, and the sandbox.
func TestNotSignedIn(t *testing.T) {
	for _, size := range sizes {
		name := fmt.Sprintf("start-not-signed-in-%dx%d", size.width, size.height)
		t.Run(name, func(t *testing.T) {
			term := startSignedOut(t, Options{}, size.width, size.height)
			compareScreen(t, name, term.shows("▸ Read an error message", "Sign in", "gcloud auth login --update-adc", "Look around", "Not signed in: could not find default credentials."))
			term.press("down", "enter")
			term.shows("sent to the clipboard: gcloud auth login --update-adc")
			term.press("up", "enter")
			term.shows("What did the deploy say?")
			term.press("esc")
			term.shows("▸ Read an error message")
			term.paste(failureText)
			term.shows("✗ PULLS")
		})
	}
}

// startSignedOut starts the program where nobody is signed in.
func startSignedOut(t *testing.T, o Options, width, height int) *terminal {
	t.Helper()
	o.Connect = func(context.Context) (Cloud, error) { return nil, errSignedOut }
	o.ConnectSandbox = func(context.Context) (Cloud, error) { return newFakeCloud(), nil }
	o.SandboxProjects = func() int { return 11 }
	return start(t, nil, o, width, height)
}

// A person who is not signed in sees what to do, signs in elsewhere and continues.
func TestSigningInElsewhere(t *testing.T) {
	var signedIn atomic.Bool
	connect := func(context.Context) (Cloud, error) {
		if !signedIn.Load() {
			return nil, errSignedOut
		}
		return newFakeCloud(), nil
	}
	sandbox := func(context.Context) (Cloud, error) { return newFakeCloud(), nil }
	term := start(t, nil, Options{Connect: connect, ConnectSandbox: sandbox, Question: articleQuestion()}, 80, 24)
	term.shows("SANDBOX article   not signed in", "Not signed in", "gcloud auth application-default login\n", "enter choose")
	term.press("y")
	term.choose("command")
	term.shows("sent to the clipboard: gcloud auth login --update-adc")
	term.press("esc")
	term.shows("this is the first screen")
	term.press("r")
	term.shows("Not signed in", "SANDBOX article   not signed in", "r try again")
	signedIn.Store(true)
	term.press("r")
	term.shows("✗ missing  pull the image", "dev@example.com")
	if term.root.noConnection != nil {
		t.Error("the reason outlives the connection")
	}
}

// The sandbox has projects of its own: nothing that was asked or picked at Google is taken along.
func TestGoingOnInTheSandbox(t *testing.T) {
	o := Options{Question: model.Question{Project: "somewhere"}, Recent: []Recent{{Project: "somewhere"}}}
	for _, way := range []struct {
		name string
		take func(term *terminal)
	}{
		{"by keys", func(term *terminal) { term.press("j", "j", "enter") }},
		{"by the mouse", func(term *terminal) {
			term.click("Look around")
			term.shows("▸ Look around")
			term.click("Look around")
		}},
	} {
		t.Run(way.name, func(t *testing.T) {
			term := startSignedOut(t, o, 60, 15)
			term.shows("Not signed in", "Look around")
			way.take(term)
			screen := term.shows("Which project runs the container?", "3 projects", "SANDBOX article   dev@example.com")
			if strings.Contains(screen, "somewhere") {
				t.Errorf("Google's project is in the sandbox:\n%s", screen)
			}
		})
	}
}

// The reason is what Run ends with, whichever way the user leaves, also in the middle of another attempt.
func TestLeavingWithoutAConnection(t *testing.T) {
	for _, key := range []string{"q", "ctrl+c"} {
		t.Run(key, func(t *testing.T) {
			term := start(t, nil, Options{Connect: func(context.Context) (Cloud, error) { return nil, errSignedOut }}, 80, 24)
			term.shows("Not signed in")
			term.press(key)
			<-term.ended
			term.ended <- nil
			if got := term.root.exitError(nil); !errors.Is(got, errSignedOut) {
				t.Errorf("%s: the program ends with %v", key, got)
			}
		})
	}
}

// A login that ends in the middle: the list says what to do, and reading again takes a fresh connection.
func TestLoginEndsInTheMiddle(t *testing.T) {
	old, fresh := &expiringCloud{fakeCloud: newFakeCloud()}, &expiringCloud{fakeCloud: newFakeCloud()}
	clouds := make(chan Cloud, 2)
	clouds <- old
	clouds <- fresh
	term := start(t, nil, Options{Connect: func(context.Context) (Cloud, error) { return <-clouds, nil }}, 80, 24)
	term.shows("3 projects")
	old.expired.Store(true)
	term.press("ctrl+r")
	compareScreen(t, "list-signed-out", term.shows("? not signed in", "  gcloud auth login --update-adc\n", "ctrl+r refresh"))
	term.press("ctrl+r")
	term.shows("3 projects", "データ基盤")
	if len(clouds) > 0 {
		t.Error("it read again with the connection that is not signed in")
	}
}

func TestLoginEndsOnTheMap(t *testing.T) {
	old, fresh := &expiringCloud{fakeCloud: newFakeCloud()}, &expiringCloud{fakeCloud: newFakeCloud()}
	clouds := make(chan Cloud, 2)
	clouds <- old
	clouds <- fresh
	term := start(t, nil, Options{Connect: func(context.Context) (Cloud, error) { return <-clouds, nil }, Question: articleQuestion()}, 80, 24)
	term.shows("✗ missing  pull the image")
	old.expired.Store(true)
	term.press("r")
	compareScreen(t, "map-signed-out", term.shows("Could not read: not signed in", "  gcloud auth login --update-adc\n"))
	term.press("r")
	term.shows("✗ missing  artifactregistry.repositories.downloadArtifacts")
}

// The caller is not the account of the configuration: the title says so, and the caller's name is not hidden.
func TestTitleTellsWhoImpersonates(t *testing.T) {
	cloud := newFakeCloud()
	cloud.impersonatedBy = "lead@example.com\x1b[31m"
	start(t, cloud, Options{}, 80, 24).shows(" dev@example.com via lead@example.com")
}

func TestTitleTellsOfAnotherAccount(t *testing.T) {
	for _, test := range []struct {
		name          string
		width, height int
	}{{"title-differs-60x15", 60, 15}, {"title-differs-80x24", 80, 24}, {"title-differs-120x40", 120, 40}} {
		t.Run(test.name, func(t *testing.T) {
			cloud := newFakeCloud()
			cloud.mismatchedAccount = "other@example.com"
			term := start(t, cloud, Options{Question: articleQuestion(), Title: " "}, test.width, test.height)
			compareScreen(t, test.name, term.shows("dev@example.com, not other", "✗ missing  pull the image"))
		})
	}
}

// unreachableCloud is a cloud that can't be reached any more: a reading begins, finds nothing and fails.
type unreachableCloud struct {
	*fakeCloud
	unreachable atomic.Bool
}

func (c *unreachableCloud) Read(ctx context.Context, q model.Question, o model.PlanOptions, progress func(model.Situation)) (model.Situation, error) {
	if c.unreachable.Load() {
		progress(model.Situation{Question: q})
		return model.Situation{}, errors.New("no way to the network")
	}
	return c.fakeCloud.Read(ctx, q, o, progress)
}

// What was read of a map stays when it can't be read again, and says when it was read; without an earlier reading there is
// nothing to stay.
func TestAMapStaysWhenItCantBeReadAgain(t *testing.T) {
	for height, room := range map[int]string{24: "was read at 08:00 UTC.", 40: "fix    Grant roles/artifactregistry.reader"} { // 40 have room for both
		t.Run(fmt.Sprintf("%d lines", height), func(t *testing.T) {
			cloud := &unreachableCloud{fakeCloud: newFakeCloud()}
			term := start(t, cloud, Options{Question: articleQuestion()}, 80, height)
			term.shows("fix: 1 step")
			cloud.unreachable.Store(true)
			term.press("r")
			term.shows("? not read again", "Could not read: no way to the network.", room, "✗ missing  pull the image", "start as the runner")
			cloud.unreachable.Store(false)
			term.press("r")
			term.shows("✗ missing  artifactregistry.repositories.downloadArtifacts")
		})
	}
	fresh := &unreachableCloud{fakeCloud: newFakeCloud()}
	fresh.unreachable.Store(true)
	term := start(t, fresh, Options{Question: articleQuestion()}, 80, 24)
	assertLacks(t, term.shows("   ? not read\n", "Could not read: no way to the network."), "as it was read")
}
