package walk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/propagation"
	"whopulls/tui/ui"
)

// grantedWalk is a walk at its end: one step was made, and everything was read again.
type grantedWalk struct {
	*Screen
	waits     []time.Duration // that it asked for
	situation model.Situation // what reading again finds
}

// newGrantedWalk opens one through a step; what the caller's own test says about it is given.
func newGrantedWalk(t *testing.T, step model.Step, effect model.Effect, refuses error) *grantedWalk {
	t.Helper()
	w := &grantedWalk{}
	clock := func(d time.Duration) <-chan time.Time {
		w.waits = append(w.waits, d)
		over := make(chan time.Time)
		close(over)
		return over
	}
	session := &ui.Session{Context: t.Context(), Styles: ui.NewStyles(ui.ThemeMono), Clock: clock}
	links := Links{Cloud: func(context.Context) (Cloud, error) { return &fakeCloud{refuses: refuses}, nil }, Writes: &sync.WaitGroup{},
		Record: func(model.Write, model.Outcome) {}}
	name := model.WorkloadName{Kind: model.Job, Region: "asia-northeast1", Name: "myjob"}
	w.situation = model.Situation{Caller: model.Known[model.Member]("user:dev@example.com"), Workload: model.Known(model.Workload{WorkloadName: name})}
	w.Screen = New(session, links, Task{Purpose: Grants{Question: model.Question{Project: "myproject-a", Workload: &name}}, Situation: w.situation, Steps: []model.Step{step},
		ReadAgain: func(context.Context) (model.Situation, error) { return w.situation, nil }})
	entry := "entry1"
	w.outcomes[step.ID] = model.Outcome{Step: step, State: model.StepDone, Effect: effect, Entry: &entry}
	w.madeAt = time.Date(2026, 1, 14, 12, 3, 0, 0, time.UTC)
	return w
}

// settle handles what comes of a command until nothing does, and gives what was said to a person who looks elsewhere.
func (w *grantedWalk) settle(cmd tea.Cmd) (said []string) {
	for cmds := []tea.Cmd{cmd}; len(cmds) > 0; cmds = cmds[1:] {
		if cmds[0] == nil {
			continue
		}
		switch msg := cmds[0]().(type) {
		case tea.BatchMsg:
			cmds = append(cmds, msg...)
		case ui.NotifyMsg:
			said = append(said, msg.Text)
		case finalReadMsg: // a diagnosis of no policy would judge the effect again
			w.Busy = false
		case nil:
		default:
			cmds = append(cmds, w.Update(msg))
		}
	}
	return said
}

var (
	pullStep   = model.Step{ID: "1", Check: model.CheckPull, Kind: model.StepGrant, Role: model.RoleReader, Member: "serviceAccount:service-1@serverless-robot-prod.iam.gserviceaccount.com"}
	deployStep = model.Step{ID: "1", Check: model.CheckDeploy, Kind: model.StepGrant, Role: "roles/run.developer", Member: "user:dev@example.com"}
)

// The last page watches until the time is over that Google names, says once that the typical time is over, and ends.
func TestAfterTheGrantItIsWatched(t *testing.T) {
	for name, test := range map[string]struct {
		step   model.Step
		effect model.Effect
		waits  int // how often it looked
		said   string
		stage  propagation.Stage
	}{
		"only a deploy shows it":         {pullStep, model.EffectEvaluated, 7, "Only the next deploy shows this. Granted 2 minutes ago: by now it has usually arrived.", propagation.Overdue},
		"the caller's own test says yes": {deployStep, model.EffectObserved, 0, "", propagation.Observed},
		"the caller's own says no yet":   {deployStep, model.EffectNotObservable, 12, "Your own test of the permission does not say yes yet. Granted 2 minutes ago: by now it has usually arrived.", propagation.Overdue},
	} {
		t.Run(name, func(t *testing.T) {
			w := newGrantedWalk(t, test.step, test.effect, nil)
			said := w.settle(w.watch(w.situation))
			if len(w.waits) != test.waits || w.stage() != test.stage || w.Watching() {
				t.Errorf("it looked %d times and ended at %s, watching %v; want %d and %s", len(w.waits), w.stage(), w.Watching(), test.waits, test.stage)
			}
			if got := strings.Join(said, "; "); !strings.HasSuffix(got, test.said) || (got == "") != (test.said == "") || len(said) > 1 {
				t.Errorf("it said %q, want %q once", said, test.said)
			}
		})
	}
}

// What a removal takes, or what was there before, is not watched.
func TestOnlyGrantsAreWatched(t *testing.T) {
	for name, spoil := range map[string]func(o *model.Outcome){
		"a removal":        func(o *model.Outcome) { o.Kind = model.StepRevoke },
		"it was there":     func(o *model.Outcome) { o.State = model.StepAlready },
		"it was left out":  func(o *model.Outcome) { o.State = model.StepSkipped },
		"an API turned on": func(o *model.Outcome) { o.Kind = model.StepEnableAPI },
	} {
		t.Run(name, func(t *testing.T) {
			w := newGrantedWalk(t, pullStep, model.EffectNotObservable, nil)
			o := w.outcomes["1"]
			spoil(&o)
			w.outcomes["1"] = o
			if cmd := w.watch(w.situation); cmd != nil || w.Watching() {
				t.Error("it is watched")
			}
		})
	}
}

// A deploy after the grant shows the effect: the page says so and stops watching. One before it shows nothing.
func TestADeployShowsTheEffect(t *testing.T) {
	for name, test := range map[string]struct {
		after time.Duration
		ready bool
		want  string
	}{
		"it succeeded":      {time.Minute, true, "A deploy after the grant succeeded, at 12:04 UTC."},
		"it failed":         {time.Minute, false, "A deploy at 12:04 UTC failed, 1 minute after the grant, which may not have arrived by then. Granted less than a minute ago; typically 2 minutes, sometimes 7 or more."},
		"it failed at once": {time.Second, false, "A deploy at 12:03 UTC failed, less than a minute after the grant, which may not have arrived by then. Granted less than a minute ago; typically 2 minutes, sometimes 7 or more."},
		"it failed late":    {8 * time.Minute, false, "A deploy at 12:11 UTC failed, 8 minutes after the grant. Waiting will not help: something else is missing. What Cloud Run said names it; paste it on any screen to have it read."},
		"before the grant":  {-time.Minute, true, "Only the next deploy shows this. Granted less than a minute ago; typically 2 minutes, sometimes 7 or more."},
		"it failed earlier": {-time.Minute, false, "Only the next deploy shows this. Granted less than a minute ago; typically 2 minutes, sometimes 7 or more."},
	} {
		t.Run(name, func(t *testing.T) {
			w := newGrantedWalk(t, pullStep, model.EffectNotObservable, nil)
			w.situation.Workload.Value.Condition = &model.Readiness{Ready: test.ready, Message: "no such image", Time: w.madeAt.Add(test.after)}
			_ = w.watch(w.situation)
			if got := w.stageWords(); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
			if want := !test.ready && test.after < 8*time.Minute || test.after < 0; w.Watching() != want {
				t.Errorf("watching: %v, want %v", w.Watching(), want)
			}
		})
	}
}

// A rehearsal says what Cloud Run answers, and what that proves.
func TestRehearsal(t *testing.T) {
	for name, test := range map[string]struct {
		refuses error
		want    []string
	}{
		"accepted":  {nil, []string{"rehearsal accepted", "Nothing was pulled"}},
		"not asked": {errors.New("no connection"), []string{"? not rehearsed", "Cloud Run could not be asked: no connection"}},
		"refused":   {&model.DeployRefusal{Message: "Permission 'run.jobs.update' denied"}, []string{"rehearsal refused", "Permission 'run.jobs.update' denied"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newGrantedWalk(t, pullStep, model.EffectNotObservable, test.refuses)
			_ = w.watch(w.situation)
			if before := w.View(80, 40); !strings.Contains(before, "rehearse: Cloud Run checks that deploy") {
				t.Errorf("it does not say how to rehearse:\n%s", before)
			}
			w.settle(w.Handle(ui.IntentRehearse))
			after := strings.Join(strings.Fields(w.View(80, 40)), " ")
			if i := slices.IndexFunc(test.want, func(s string) bool { return !strings.Contains(after, s) }); i >= 0 {
				t.Errorf("it does not say %q:\n%s", test.want[i], w.View(80, 40))
			}
		})
	}
}
