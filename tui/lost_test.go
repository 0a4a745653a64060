package tui

import (
	"context"
	"errors"
	"iter"
	"strings"
	"sync/atomic"
	"testing"

	"whopulls/model"
)

// signedOut is the error of somebody who is not signed in, with three ways out.
type signedOut struct{ error }

func (signedOut) Nexts() []model.Advice {
	return []model.Advice{{Words: "sign in with:", Command: "gcloud auth login --update-adc"},
		{Words: "or, for this machine alone:", Command: "gcloud auth application-default login"},
		{Words: "or go on without an account:", Command: "whopulls --sandbox"}}
}
func (signedOut) SignIn() bool { return true }

var errSignedOut = signedOut{errors.New("not signed in: could not find default credentials")}

// expiring is a cloud whose login ends.
type expiring struct {
	*fakeCloud
	over  atomic.Bool
	world string
}

func (c *expiring) World() string { return c.world }

func (c *expiring) Projects(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error] {
	if c.over.Load() {
		return func(yield func(model.ListPage[model.Project], error) bool) {
			yield(model.ListPage[model.Project]{}, errSignedOut)
		}
	}
	return c.fakeCloud.Projects(ctx)
}

func (c *expiring) Read(ctx context.Context, q model.Question, o model.PlanOptions, progress func(model.Situation)) (model.Situation, error) {
	if c.over.Load() {
		return model.Situation{Question: q}, errSignedOut
	}
	return c.fakeCloud.Read(ctx, q, o, progress)
}

// Whoever is not signed in sees the way out, signs in elsewhere and goes on where they wanted to.
func TestSigningInElsewhere(t *testing.T) {
	var signedIn atomic.Bool
	connect := func(context.Context) (Cloud, error) {
		if !signedIn.Load() {
			return nil, errSignedOut
		}
		return newFakeCloud(), nil
	}
	sandbox := func(context.Context) (Cloud, error) { return newFakeCloud(), nil }
	term := start(t, nil, Options{Connect: connect, Sandbox: sandbox, Question: articleQuestion()}, 80, 24)
	golden(t, "not-signed-in", term.shows("· not signed in", "Not signed in", "  gcloud auth application-default login\n", "s go on in the sandbox"))
	term.keys("y")
	term.shows("sent to the clipboard: gcloud auth login --update-adc")
	term.keys("esc", "enter", "r")
	term.shows("Not signed in", "· not signed in", "r try again")
	signedIn.Store(true)
	term.keys("r")
	term.shows("✗ missing  pull the image", "dev@example.com")
	if term.root.lost != nil {
		t.Error("the reason outlives the connection")
	}
}

// The sandbox has projects of its own: nothing that was asked or picked at Google is taken along.
func TestGoingOnInTheSandbox(t *testing.T) {
	connect := func(context.Context) (Cloud, error) { return nil, errSignedOut }
	sandbox := func(context.Context) (Cloud, error) { return newFakeCloud(), nil }
	term := start(t, nil, Options{Connect: connect, Sandbox: sandbox, Question: model.Question{Project: "somewhere"}, Recent: []Recent{{Project: "somewhere"}}}, 60, 15)
	golden(t, "not-signed-in-60x15", term.shows("Not signed in", "r try again"))
	term.keys("s")
	screen := term.shows("Which project runs the container?", "3 projects", "sandbox article · dev@example.com")
	if strings.Contains(screen, "somewhere") {
		t.Errorf("Google's project is in the sandbox:\n%s", screen)
	}
}

// The reason is what Run ends with, whichever way the user leaves, also in the middle of another attempt.
func TestLeavingWithoutAConnection(t *testing.T) {
	for _, key := range []string{"q", "ctrl+c"} {
		term := start(t, nil, Options{Connect: func(context.Context) (Cloud, error) { return nil, errSignedOut }}, 80, 24)
		term.shows("Not signed in")
		term.keys(key)
		<-term.ended
		term.ended <- nil
		if got := term.root.outcome(nil); !errors.Is(got, errSignedOut) {
			t.Errorf("%s: the program ends with %v", key, got)
		}
	}
}

// A login that ends in the middle: the list says what to do, and reading again takes a fresh connection.
func TestLoginEndsInTheMiddle(t *testing.T) {
	old, fresh := &expiring{fakeCloud: newFakeCloud()}, &expiring{fakeCloud: newFakeCloud()}
	clouds := make(chan Cloud, 2)
	clouds <- old
	clouds <- fresh
	term := start(t, nil, Options{Connect: func(context.Context) (Cloud, error) { return <-clouds, nil }}, 80, 24)
	term.shows("3 projects")
	old.over.Store(true)
	term.keys("ctrl+r")
	golden(t, "list-signed-out", term.shows("? not signed in", "  gcloud auth login --update-adc\n", "ctrl+r read again"))
	term.keys("ctrl+r")
	term.shows("3 projects", "データ基盤")
	if len(clouds) > 0 {
		t.Error("it read again with the connection that is not signed in")
	}
}

func TestLoginEndsOnTheMap(t *testing.T) {
	old, fresh := &expiring{fakeCloud: newFakeCloud()}, &expiring{fakeCloud: newFakeCloud()}
	clouds := make(chan Cloud, 2)
	clouds <- old
	clouds <- fresh
	term := start(t, nil, Options{Connect: func(context.Context) (Cloud, error) { return <-clouds, nil }, Question: articleQuestion()}, 80, 24)
	term.shows("✗ missing  pull the image")
	old.over.Store(true)
	term.keys("r")
	golden(t, "map-signed-out", term.shows("Could not read: not signed in", "  gcloud auth login --update-adc\n"))
	term.keys("r")
	term.shows("✗ missing  artifactregistry.repositories.downloadArtifacts")
}

// Whoever calls is not who the configuration names: the title says so, and the caller's name is not hidden.
func TestTitleTellsWhoImpersonates(t *testing.T) {
	cloud := newFakeCloud()
	cloud.via = "lead@example.com\x1b[31m"
	start(t, cloud, Options{}, 80, 24).shows(" dev@example.com via lead@example.com")
}

func TestTitleTellsOfAnotherAccount(t *testing.T) {
	for _, test := range []struct {
		name          string
		width, height int
	}{{"title-differs-60x15", 60, 15}, {"title-differs-80x24", 80, 24}, {"title-differs-120x40", 120, 40}} {
		cloud := newFakeCloud()
		cloud.differs = "other@example.com"
		term := start(t, cloud, Options{Question: articleQuestion(), Title: " "}, test.width, test.height)
		golden(t, test.name, term.shows("dev@example.com, not other", "✗ missing  pull the image"))
	}
}

// cutOff is a cloud that can't be reached any more: a reading begins, finds nothing and fails.
type cutOff struct {
	*fakeCloud
	over atomic.Bool
}

func (c *cutOff) Read(ctx context.Context, q model.Question, o model.PlanOptions, progress func(model.Situation)) (model.Situation, error) {
	if c.over.Load() {
		progress(model.Situation{Question: q})
		return model.Situation{}, errors.New("no way to the network")
	}
	return c.fakeCloud.Read(ctx, q, o, progress)
}

// What was read of a map stays when it can't be read again, and says of when it is; without an earlier reading there is
// nothing to stay.
func TestAMapStaysWhenItCantBeReadAgain(t *testing.T) {
	for height, room := range map[int]string{24: "was read at 08:00 UTC.", 40: "step   Grant roles/artifactregistry.reader"} { // 40 have room for both
		cloud := &cutOff{fakeCloud: newFakeCloud()}
		term := start(t, cloud, Options{Question: articleQuestion()}, 80, height)
		term.shows("walk through 1 step")
		cloud.over.Store(true)
		term.keys("r")
		term.shows("? not read again", "Could not read: no way to the network.", room, "✗ missing  pull the image", "act as the runner      roles/iam.serviceAccountUser")
		cloud.over.Store(false)
		term.keys("r")
		term.shows("✗ missing  artifactregistry.repositories.downloadArtifacts")
	}
	fresh := &cutOff{fakeCloud: newFakeCloud()}
	fresh.over.Store(true)
	term := start(t, fresh, Options{Question: articleQuestion()}, 80, 24)
	lacks(t, term.shows("? not read  ", "Could not read: no way to the network."), "as it was read")
}
