package tui

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	tea "charm.land/bubbletea/v2"
)

// signIn is a person who is not signed in until they say so.
type signIn struct {
	done atomic.Bool
	err  error
	hold chan struct{} // the first attempt ends when it is closed; nil: at once
}

func (s *signIn) connect(context.Context) (Cloud, error) {
	if s.hold != nil {
		<-s.hold
	}
	if !s.done.Load() {
		return nil, s.err
	}
	return newStaleCloud(), nil
}

// keptPastes are texts whose screens need a connection.
var keptPastes = []pasteCase{
	{"a link to a job", jobLink, []string{"taken for: Job myjob in asia-northeast1 of project myproject-a", "myproject-a ▸ job myjob", "pull the image"}, false},
	{"an image", imageText, []string{"taken for: Image", "Which project runs the container?", "3 projects"}, false},
	{"a repository", repositoryText, []string{"taken for: Repository myrepo", "Who may pull from repository myrepo", "bindings"}, false},
	{"an agent", agentText, []string{"taken for: Cloud Run service agent", "What runs it in 111111111111?"}, false},
}

// What is pasted before the sign-in is kept over it, and opens after it.
func TestAPasteIsKeptOverTheSignIn(t *testing.T) {
	for _, c := range keptPastes {
		t.Run(c.name, func(t *testing.T) {
			person := &signIn{err: errSignedOut}
			term := start(t, nil, Options{Connect: person.connect}, 80, 24)
			term.shows("Not signed in")
			term.paste(c.text)
			term.shows("Opens once you are signed in: ", "sign in first; then it opens")
			term.press("r")
			term.shows("Opens once you are signed in: ", "Not signed in: ")
			person.done.Store(true)
			term.press("r")
			term.shows(c.shows...)
			term.press("esc")
			term.shows("Which project runs the container?", "3 projects")
		})
	}
}

// It is the same for a text of the command line, and for one that is pasted while the connection is on its way.
func TestAnEarlyPasteIsKept(t *testing.T) {
	for _, c := range keptPastes {
		for about, early := range map[string]bool{"of the command line": false, "while it connects": true} {
			t.Run(c.name+" "+about, func(t *testing.T) {
				person, o := &signIn{err: errSignedOut}, optionsOf(c.text, "")
				if early {
					person.hold, o = make(chan struct{}), Options{}
				}
				o.Connect = person.connect
				term := start(t, nil, o, 80, 24)
				if early {
					term.tracked.sendTracked(tea.PasteMsg{Content: c.text})
					term.showsInPassing("taken for: ")
					close(person.hold)
				}
				term.shows("Not signed in: ", "Opens once you are signed in: ")
				person.done.Store(true)
				term.press("r")
				term.shows(c.shows...)
			})
		}
	}
}

// The last paste counts. An error message needs no connection, and changes nothing about what is kept.
func TestTheLastPasteIsKept(t *testing.T) {
	person := &signIn{err: errSignedOut}
	term := start(t, nil, Options{Connect: person.connect}, 80, 24)
	term.shows("Not signed in")
	term.paste(imageText)
	term.shows("Opens once you are signed in: Image myjob")
	term.paste(jobLink)
	assertLacks(t, term.shows("Opens once you are signed in: Job myjob"), "Image myjob")
	term.paste(failureText)
	term.shows("✗ PULLS")
	term.press("esc")
	term.shows("Opens once you are signed in: Job myjob")
	person.done.Store(true)
	term.press("r")
	term.shows("myproject-a ▸ job myjob", "pull the image")
}

// In the sandbox nothing of Google's opens.
func TestAKeptPasteDoesNotOpenInTheSandbox(t *testing.T) {
	term := startSignedOut(t, Options{}, 80, 24)
	term.shows("Not signed in")
	term.paste(jobLink)
	term.shows("Opens once you are signed in")
	term.press("j", "j", "enter")
	assertLacks(t, term.shows("Which project runs the container?", "3 projects"), "job myjob")
	if term.root.kept != nil {
		t.Error("it is still kept")
	}
}

// What is kept is in sight at each size, signed out or not connected.
func TestWhatIsKeptIsSeen(t *testing.T) {
	for name, c := range map[string]struct {
		err   error
		shown string
	}{
		"signed-out":    {errSignedOut, "sign in first; then it opens"},
		"not-connected": {errors.New("nothing listens at 127.0.0.1:1"), "connect first; then it opens"},
	} {
		for _, size := range sizes {
			golden := fmt.Sprintf("paste-kept-%s-%dx%d", name, size.width, size.height)
			t.Run(golden, func(t *testing.T) {
				term := startUnconnectedAt(t, c.err, size.width, size.height)
				term.shows("Read a")
				term.paste(jobLink)
				compareScreen(t, golden, term.shows(c.shown, "Job myjob"))
			})
		}
	}
}
