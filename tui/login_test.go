package tui

import (
	"context"
	"errors"
	"iter"
	"sync"
	"testing"

	"whopulls/model"
)

// namedCloud is somebody's view of Google: one project.
type namedCloud struct {
	*fakeCloud
	caller  model.Member
	project string
}

func (c namedCloud) World() string                    { return "" }
func (c namedCloud) Caller() model.Fact[model.Member] { return model.Known(c.caller) }

func (c namedCloud) Projects(ctx context.Context) iter.Seq2[model.ListPage[model.Project], error] {
	return onePage(ctx, c.fakeCloud, model.Project{ID: c.project})
}

// twoLogins are the configurations dev and work, and an account; work can't be reached while broken is set.
type twoLogins struct {
	mu      sync.Mutex
	broken  bool
	reached []Login
}

func (l *twoLogins) options() Options {
	return Options{
		Title: " ", // Google's
		Connect: func(context.Context) (Cloud, error) {
			return namedCloud{newFakeCloud(), "user:dev@example.com", "dev-main"}, nil
		},
		Recent: []Recent{{Project: "shop"}},
		Logins: Logins{
			List: func() []Login {
				return []Login{{Configuration: "dev", Account: "dev@example.com", Project: "dev-main", Active: true},
					{Configuration: "work", Account: "me@work.example", Project: "work-main"}, {Account: "ops@example.com"}}
			},
			Connect: func(_ context.Context, chosen Login) (Cloud, error) {
				l.mu.Lock()
				defer l.mu.Unlock()
				if l.reached = append(l.reached, chosen); l.broken {
					return nil, errors.New("gcloud holds no credentials for " + chosen.Account)
				}
				return namedCloud{newFakeCloud(), model.Member("user:" + chosen.Account), "work-main"}, nil
			},
		},
	}
}

// Another configuration begins at the first list: with its projects, and nothing that the one before had read.
func TestWorkingWithAnotherConfiguration(t *testing.T) {
	logins := &twoLogins{}
	term := start(t, nil, logins.options(), 80, 36)
	term.shows("1 project", "dev-main")
	term.press("enter")
	term.shows("What runs it in shop?", "2 workloads")
	term.press("ctrl+p")
	compareScreen(t, "palette-logins", term.shows("WORK AS", "me@work.example · work-main"))
	term.typeText("work")
	term.press("enter")
	screen := term.shows("Which project runs the container?", "configuration work", "me@work.example", "work-main", "shop", "1 project")
	assertLacks(t, screen, "dev-main")
	term.press("ctrl+p")
	term.typeText("dev-main")
	assertLacks(t, term.shows("found"), "project        dev-main")
	term.press("ctrl+u")
	term.typeText("^work")
	term.shows("in use")
	if len(logins.reached) != 1 || logins.reached[0].Configuration != "work" {
		t.Errorf("%+v", logins.reached)
	}
}

func TestWorkingWithAnotherAccount(t *testing.T) {
	logins := &twoLogins{}
	term := start(t, nil, logins.options(), 80, 36)
	term.shows("1 project")
	term.press("ctrl+p")
	term.shows("WORK AS")
	term.typeText("ops")
	term.press("enter")
	term.shows("ops@example.com", "work-main")
}

// A login that fails says why. What is tried again is that login, and another can be chosen.
func TestALoginThatFails(t *testing.T) {
	logins := &twoLogins{broken: true}
	term := start(t, nil, logins.options(), 80, 36)
	term.shows("1 project")
	term.press("ctrl+p")
	term.shows("WORK AS")
	term.typeText("work-main")
	term.press("enter")
	term.shows("No connection", "gcloud holds no credentials for me@work.example")
	logins.mu.Lock()
	logins.broken = false
	logins.mu.Unlock()
	term.press("r")
	term.shows("me@work.example", "work-main", "1 project")
	if len(logins.reached) != 2 || logins.reached[1].Configuration != "work" {
		t.Errorf("%+v", logins.reached)
	}
}

// Nobody changes the account in the middle of a change.
func TestNoOtherLoginDuringAChange(t *testing.T) {
	held := make(chan struct{})
	release := sync.OnceFunc(func() { close(held) })
	defer release()
	cloud := newFakeCloud()
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		<-held
		return cloud.makeStep(s)
	}
	o := (&twoLogins{}).options()
	o.Connect = nil
	term := startWalk(t, cloud, o)
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	term.showsInPassing("… writing")
	term.press("ctrl+p")
	term.showsInPassing("a change is being made")
	term.typeText("work")
	term.press("enter")
	term.showsInPassing("\n a change is being made")
	release()
	term.press("esc")
	term.shows("1 of 1 done")
}
