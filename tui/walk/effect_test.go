package walk

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"whopulls/model"
	"whopulls/model/propagation"
	"whopulls/tui/ui"
)

// What was taken back is not watched any more, from wherever that was done. What is granted again is watched from then on.
func TestWhatIsTakenBackIsNotWatched(t *testing.T) {
	for name, takeBack := range map[string]func(w *grantedWalk, o model.Outcome){
		"on its own page": func(w *grantedWalk, o model.Outcome) { w.Update(undoneMsg{w.Screen, "entry1", o}) },
		"by another walk": func(w *grantedWalk, o model.Outcome) { w.Update(outcomeMsg{nil, "entry1", o}) },
		"from another page": func(w *grantedWalk, o model.Outcome) {
			w.Update(undoneMsg{nil, "entry1", o})
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newGrantedWalk(t, pullStep, model.EffectNotObservable, nil)
			_ = w.watch(w.situation)
			if !w.Watching() || !w.Unproven() {
				t.Fatal("the grant is not watched")
			}
			_ = w.readAgain() // its answer is on the way
			read := w.Generation
			takeBack(w, model.Outcome{Step: pullStep, State: model.StepDone})
			w.Update(finalReadMsg{to: w.Screen, generation: read, situation: w.situation})
			if w.Watching() || w.Unproven() || w.finished() || strings.Contains(w.View(100, 30), "granted and verified") {
				t.Errorf("it is still watched:\n%s", w.View(100, 30))
			}
		})
	}
}

func TestAnotherUndoChangesNothingHere(t *testing.T) {
	w := newGrantedWalk(t, pullStep, model.EffectNotObservable, nil)
	_ = w.watch(w.situation)
	w.Update(outcomeMsg{nil, "another", model.Outcome{Step: pullStep, State: model.StepDone}})
	w.Update(outcomeMsg{nil, "entry1", model.Outcome{Step: pullStep, State: model.StepFailed}})
	w.Update(outcomeMsg{nil, "", model.Outcome{Step: pullStep, State: model.StepDone}})
	if !w.Watching() || !w.finished() {
		t.Error("it is not watched any more")
	}
}

func TestGrantedAgainIsWatchedFromThenOn(t *testing.T) {
	w := newGrantedWalk(t, pullStep, model.EffectNotObservable, nil)
	w.settle(w.watch(w.situation))
	if w.stage() != propagation.Overdue {
		t.Fatalf("it is %s", w.stage())
	}
	w.madeAt = w.madeAt.Add(time.Hour)
	if cmd := w.watch(w.situation); cmd == nil || w.stage() != propagation.Fresh || w.after.notified {
		t.Errorf("it is %s, notified %v", w.stage(), w.after.notified)
	}
}

// A deploy proves the effect of what it uses, and of nothing else.
func TestWhatADeployProvesNothingOf(t *testing.T) {
	image := func(text string) model.Image {
		i, err := model.ParseImage(text)
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	hello, other := image("us-docker.pkg.dev/p-2/r/hello:v1"), image("us-docker.pkg.dev/p-3/r/other:v1")
	ci := model.Step{ID: "1", Check: model.CheckDeploy, Kind: model.StepGrant, Role: "roles/run.developer", Member: "serviceAccount:ci@p-1.iam.gserviceaccount.com"}
	for name, test := range map[string]struct {
		step  model.Step
		asked model.Image
		want  propagation.Stage
		says  string
	}{
		"its own image":                {pullStep, model.Image{}, propagation.Proven, "A deploy after the grant succeeded"},
		"the same repository":          {pullStep, image("us-docker.pkg.dev/p-2/r/hello:v2"), propagation.Proven, "A deploy after the grant succeeded"},
		"an image of another project":  {pullStep, other, propagation.Fresh, "--image=us-docker.pkg.dev/p-3/r/other:v1"},
		"a right of another deployer":  {ci, model.Image{}, propagation.Fresh, "Only a deploy by ci@p-1.iam.gserviceaccount.com shows this."},
		"what it said before the walk": {pullStep, model.Image{}, propagation.Fresh, "Only the next deploy shows this."},
	} {
		t.Run(name, func(t *testing.T) {
			w := newGrantedWalk(t, test.step, model.EffectNotObservable, nil)
			g := w.purpose.(Grants)
			g.Question.Image = test.asked
			w.purpose = g
			w.situation.Workload.Value.Images = []model.Image{hello}
			w.situation.Workload.Value.Condition = &model.Readiness{Ready: true, Time: w.madeAt.Add(time.Minute)}
			if name == "what it said before the walk" {
				w.deployedBefore = w.situation.Workload.Value.Condition
			}
			_ = w.watch(w.situation)
			if w.stage() != test.want {
				t.Errorf("%s, want %s", w.stage(), test.want)
			}
			if shown := strings.Join(strings.Fields(w.View(160, 40)), " "); !strings.Contains(shown, test.says) {
				t.Errorf("it does not say %q:\n%s", test.says, w.View(160, 40))
			}
		})
	}
}

// Where the last reading fails, the page says so, and watches what it can.
func TestTheLastReadingFails(t *testing.T) {
	w := newGrantedWalk(t, pullStep, model.EffectNotObservable, nil)
	w.reread = func(context.Context) (model.Situation, error) { return model.Situation{}, errors.New("no connection") }
	read := w.Handle(ui.IntentReread)
	if !w.Unproven() || !w.Watching() {
		t.Error("what is being read is not kept when the page is left")
	}
	w.Close()
	w.Update(read())
	if shown := w.View(100, 40); !strings.Contains(shown, "? not read again") || !strings.Contains(shown, "no connection") || !strings.Contains(shown, "Only the next deploy shows this") {
		t.Errorf("it does not say why:\n%s", shown)
	}
	w.reread = func(context.Context) (model.Situation, error) { return w.situation, nil }
	w.Update(w.Handle(ui.IntentReread)())
	if shown := w.View(100, 40); strings.Contains(shown, "no connection") {
		t.Errorf("it still says why:\n%s", shown)
	}
}
