package tui

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/text"
)

func TestMapScreens(t *testing.T) {
	for _, size := range []struct {
		name          string
		width, height int
	}{{"map-80x24", 80, 24}, {"map-120x30", 120, 30}, {"map-200x60", 200, 60}, {"map-60x15", 60, 15}} {
		t.Run(size.name, func(t *testing.T) {
			term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, size.width, size.height)
			compareScreen(t, size.name, term.shows("✗ missing", "fix: 1 step", "dev@example.com"))
		})
	}
}

// The whole way by keys: project, job, map, walk, dialog, verified, green map.
func TestPickWalkVerify(t *testing.T) {
	cloud := newFakeCloud()
	term := start(t, cloud, Options{}, 80, 24)
	compareScreen(t, "pick-project", term.shows("Which project runs the container?", "3 projects\n", "データ基盤", "dev@"))
	term.typeText("proja")
	compareScreen(t, "pick-project-filtered", term.shows("1 of 3 projects\n"))
	term.press("enter")
	compareScreen(t, "pick-workload", term.shows("What runs it in myproject-a?", "2 workloads\n"))
	term.typeText("myjob")
	term.shows("▸ myjob")
	term.press("enter")
	term.shows("✗ missing", "fix: 1 step")
	term.press("enter")
	compareScreen(t, "walk", term.shows("○ to do", "gcloud artifacts repositories add-iam-policy-binding", "✓ you have it"))
	term.press("enter")
	compareScreen(t, "walk-ask", term.shows("Change the policy of repository myrepo?", "no, change nothing"))
	term.press("enter") // the default is no
	term.shows("asks first")
	if cloud.agentHasReader() {
		t.Fatal("the default answer granted")
	}
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	compareScreen(t, "walk-done", term.shows("✓ granted and verified", "a fresh read shows the binding", "Only the next deploy shows this."))
	if !cloud.agentHasReader() {
		t.Fatal("yes did not grant")
	}
	term.press("enter")
	compareScreen(t, "map-green", term.shows("myproject-a ▸ job myjob   ✓ granted", "pull the image"))
}

func TestFirstFrameBeforeAnyAnswer(t *testing.T) {
	cloud := newFakeCloud()
	cloud.answersHold = make(chan struct{})
	never := make(chan struct{})
	connect := func(ctx context.Context) (Cloud, error) {
		select {
		case <-never:
		case <-ctx.Done():
		}
		return nil, ctx.Err()
	}
	term := start(t, nil, Options{Connect: connect}, 80, 24)
	term.showsInPassing("Which project runs the container?", "connecting")
	held := start(t, cloud, Options{Question: articleQuestion()}, 80, 24)
	compareScreen(t, "map-reading", held.showsInPassing("· reading  pull the image", "myproject-a", "dev@"))
	if n := cloud.factReadCount(); n != 0 {
		t.Fatalf("%d answers had arrived", n)
	}
	close(cloud.answersHold)
	held.shows("✗ missing  pull the image")
}

func TestPastedReferenceOpensTheMap(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: model.Question{Project: "myproject-a"}}, 80, 24)
	term.shows("2 workloads")
	term.tracked.sendTracked(tea.PasteMsg{Content: imageText + ":latest\n"})
	term.shows("a new deployment", "myjob:latest", "✗ missing  pull the image")
}

func TestBrowseForAnImage(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: model.Question{Project: "myproject-a"}}, 80, 24)
	term.shows("2 workloads")
	term.press("end", "enter") // a new deployment stands last
	term.shows("What kind of workload is the new deployment?", "3 kinds")
	term.press("enter") // a service stands first
	term.shows("Which image?", "press ↓ to look for one", "a new service")
	term.press("down")
	term.shows("Which project holds the image?", "3 projects")
	term.typeText("projb")
	term.shows("1 of 3")
	term.press("enter")
	term.shows("Which repository of myproject-b?", "myrepo")
	term.press("enter")
	compareScreen(t, "pick-image", term.shows("Which image of myrepo?", "myjob:latest", "1 image\n"))
	term.press("enter")
	term.shows("myproject-a ▸ a new service   ✗ missing", "myjob:latest")
	term.press("esc")
	term.shows("Which image of myrepo?")
	term.press("down", "enter")
	term.shows("any image", "✗ missing  pull the image")
}

func TestWrongReferenceIsExplained(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: model.Question{Project: "myproject-a"}}, 80, 24)
	term.shows("2 workloads")
	term.press("end", "enter")
	term.shows("3 kinds")
	term.press("down", "enter")
	term.shows("Which image?")
	term.typeText("us-docker.pkg.dev/p/r")
	term.press("enter")
	compareScreen(t, "image-wrong", term.shows("repository without an image", "Which image?"))
}

func TestTooSmallSaysSo(t *testing.T) {
	term := start(t, newFakeCloud(), Options{}, 59, 15)
	term.shows("needs a window")
	term.resize(60, 14)
	term.shows("needs a window")
	term.resize(60, 15)
	term.shows("Which project")
}

type hintedError struct{ error }

func (hintedError) Nexts() []model.Advice {
	return []model.Advice{{Words: "start one with:", Command: "whopulls sandbox start"}}
}

func TestNoConnectionIsAScreen(t *testing.T) {
	fail := func(context.Context) (Cloud, error) {
		return nil, hintedError{errors.New("nothing listens at 127.0.0.1:1")}
	}
	term := start(t, nil, Options{Connect: fail}, 80, 24)
	compareScreen(t, "no-connection", term.shows("No connection", "127.0.0.1:1", "▸ Try again", "whopulls sandbox start"))
	term.press("down", "enter")
	term.shows("sent to the clipboard: whopulls sandbox start")
	term.press("up", "enter")
	term.shows("No connection", "▸ Try again")
	term.press("ctrl+c")
	<-term.ended
	term.ended <- nil
	if term.root.noConnection == nil {
		t.Error("the reason is lost when the program ends")
	}
}

// A change that is under way when the user leaves is finished, and its outcome is seen.
func TestLeavingWaitsForTheChange(t *testing.T) {
	cloud := newFakeCloud()
	begun, finish := make(chan struct{}), make(chan struct{})
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		close(begun)
		<-finish
		return model.Outcome{Step: s, State: model.StepDone, Verified: true}, nil
	}
	term := startWalk(t, cloud, Options{})
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	<-begun
	term.press("q")
	term.showsInPassing("finishing the change")
	select {
	case <-term.ended:
		t.Fatal("the program ended in the middle of a change")
	default:
	}
	close(finish)
	select {
	case err := <-term.ended:
		term.ended <- err
	case <-time.After(screenTimeout):
		t.Fatal("the program did not end after the change")
	}
}

func TestReadOnlyAndNotAllowedRefuse(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: articleQuestion(), ReadOnly: true}, 80, 24)
	term.shows("fix: 1 step", "READ ONLY")
	term.press("enter")
	if screen := term.shows("○ to do", "y copy  x take out  s skip"); strings.Contains(screen, "grant (asks first)") {
		t.Errorf("a read-only program offers a change:\n%s", screen)
	}
	term.press("enter")
	term.shows("read-only: nothing is changed")
	cloud := newFakeCloud()
	cloud.mayNotSetPolicy = true
	other := start(t, cloud, Options{Question: articleQuestion()}, 80, 24)
	other.shows("fix: 1 step")
	other.press("enter")
	compareScreen(t, "walk-not-yours", other.shows("✗ not yours", "✗ you don't have it"))
	other.press("enter")
	other.shows("you lack artifactregistry.repositories.setIamPolicy; x takes", "out a request for it")
	other.press("x")
	other.choose("request as Markdown")
	other.choose("to the clipboard")
	other.shows("sent to the clipboard: request as Markdown, 2 lines")
}

func TestFailedStepKeepsItsReason(t *testing.T) {
	cloud := newFakeCloud()
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		return model.Outcome{Step: s, State: model.StepFailed}, errors.New("the policy moved while it was being changed")
	}
	term := startWalk(t, cloud, Options{})
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	term.shows("✗ failed", "the policy moved")
}

func TestHelpNamesKeysAndIdentities(t *testing.T) {
	term := start(t, newFakeCloud(), Options{Question: articleQuestion()}, 80, 24)
	term.shows("fix: 1 step")
	term.press("?")
	compareScreen(t, "help", term.shows("Keys here", "fix: 1 step", "take out a picture", "lines 1 to 21 of "))
	term.press("pgdown")
	term.shows("In the palette (ctrl+p)", "let go of the mouse", "Who is who", "DEPLOYS")
	term.press("end")
	compareScreen(t, "help-end", term.shows("nothing gives it", "kept "))
	term.press("?")
	term.shows("consumer project")
}

func TestControlCharactersNeverReachTheScreen(t *testing.T) {
	dirty := "a\x1b[31mb\nc\x07\u202e"
	if got := text.Clean(dirty); strings.ContainsAny(got, "\x1b\n\x07\u202e") {
		t.Errorf("clean left %q", got)
	}
}

// emptyCloud shows no project.
type emptyCloud struct{ *fakeCloud }

func (emptyCloud) Projects(context.Context) iter.Seq2[model.ListPage[model.Project], error] {
	return func(func(model.ListPage[model.Project], error) bool) {}
}

// In a project that looks like production y is a letter like any other: its id has to be typed.
func TestWalkInProduction(t *testing.T) {
	cloud := newFakeCloud()
	cloud.labels = map[string]string{"env": "prod"}
	term := startWalk(t, cloud, Options{})
	term.press("enter")
	term.shows("looks like production")
	term.press("enter")
	term.shows("nothing is changed: the id is not typed yet", "looks like production")
	term.press("y", "enter")
	term.shows("nothing is changed: that is not the id; esc means no", "> y")
	if cloud.agentHasReader() {
		t.Fatal("a yes alone granted")
	}
	term.press("backspace")
	term.typeText("myproject-b")
	compareScreen(t, "walk-production", term.shows("> myproject-b"))
	term.press("enter")
	term.shows("✓ granted and verified")
}

// Where the labels can't be read nobody knows whether it is production: the id is typed then too.
func TestWalkWhereLabelsCantBeRead(t *testing.T) {
	cloud := newFakeCloud()
	cloud.unlabelled = true
	term := startWalk(t, cloud, Options{})
	term.press("enter")
	term.shows("Project myproject-b may be production: its labels are", "its id to continue:")
	term.press("y", "enter")
	term.shows("nothing is changed: that is not the id")
	term.press("backspace")
	term.typeText("myproject-b")
	term.press("enter")
	term.shows("✓ granted and verified")
}

// What a walk granted is taken back with u, after a yes, and can be granted again.
func TestWalkUndo(t *testing.T) {
	cloud := newFakeCloud()
	term := startWalk(t, cloud, Options{})
	term.press("u")
	term.shows("nothing of this walk to take back")
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	term.shows("✓ granted and verified", "u undo (asks first)")
	term.press("u")
	compareScreen(t, "walk-undo", term.shows("Remove roles/artifactregistry.reader", "take back"))
	term.press("enter") // the default is no
	term.shows("u undo")
	if !cloud.agentHasReader() {
		t.Fatal("the default answer took it back")
	}
	term.press("u")
	term.shows("take back")
	term.answerYes()
	term.shows("taken back", "○ to do")
	if cloud.agentHasReader() {
		t.Fatal("yes did not take it back")
	}
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	term.shows("✓ granted and verified")
}

// A row of the list asks about the workload with all its images, also those that the row does not show.
func TestARowAsksAboutAllImages(t *testing.T) {
	cloud := newFakeCloud()
	cloud.sidecar = strings.ReplaceAll(imageText, "myjob", "sidecar")
	term := start(t, cloud, Options{Question: model.Question{Project: "myproject-a"}}, 120, 40)
	term.shows("2 workloads")
	term.typeText("myjob")
	term.shows("▸ myjob")
	term.press("enter")
	screen := term.shows("✗ missing  pull the image", "exists and is enabled", "fix: 1 step", "✓ myjob", "sidecar")
	assertLacks(t, screen, "Which image is meant")
	term.press("enter")
	term.shows("○ to do")
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	term.shows("a fresh read shows the binding", "1 of 1 done", "✓ granted and verified")
	term.press("enter")
	term.shows("✓ granted  pull the image")
}

// A taking back that failed says so below its step until it is tried again, with the whole reason.
func TestAFailedUndoLeavesATrace(t *testing.T) {
	cloud := newFakeCloud()
	broken := true
	cloud.perform = func(s model.Step) (model.Outcome, error) {
		if s.Kind == model.StepRevoke && broken {
			return model.Outcome{Step: s, State: model.StepFailed, Message: "the policy of repository myrepo was not changed: the backend is away"}, nil
		}
		return cloud.makeStep(s)
	}
	term := startWalk(t, cloud, Options{})
	term.press("enter")
	term.shows("Change the policy")
	term.answerYes()
	term.shows("✓ granted and verified")
	term.press("u")
	term.shows("take back")
	term.answerYes()
	term.shows("\n the policy of repository myrepo was not changed") // in the last line
	term.press("down")
	compareScreen(t, "walk-stuck", term.shows("u undo", "✗ not taken back", "was not changed: the backend is"))
	broken = false
	term.press("u")
	term.shows("take back")
	term.answerYes()
	if screen := term.shows("taken back: a fresh read shows it", "○ to do"); strings.Contains(screen, "not taken back") {
		t.Errorf("it still says that it was not taken back:\n%s", screen)
	}
}
