package walk

import (
	"context"
	"sync"
	"testing"

	"whopulls/model"
	"whopulls/model/garble"
	"whopulls/tui/ui"
)

// fakeCloud is a cloud that makes each change. Its sentences may be nonsense.
type fakeCloud struct {
	garbled bool
	hold    chan struct{} // changes wait until it is closed; nil: none waits
	begun   chan struct{} // gets one entry for each change
	refuses error         // what Cloud Run says to a rehearsed deploy
}

func (c *fakeCloud) DryRunDeploy(context.Context, string, model.WorkloadName) error { return c.refuses }

func (c *fakeCloud) ProjectOf(_ context.Context, r model.Resource) model.Fact[model.Project] {
	return model.Known(model.Project{ID: r.Project()})
}

func (c *fakeCloud) UntouchedSince(context.Context, model.Resource, string) (bool, error) {
	return true, nil
}

func (c *fakeCloud) Perform(_ context.Context, _ model.Gate, ws []model.Write) ([]model.Outcome, error) {
	if c.hold != nil {
		c.begun <- struct{}{}
		<-c.hold
	}
	entry := "entry1"
	outcomes := []model.Outcome{{Step: ws[0].Step, State: model.StepDone, Verified: true, Entry: &entry}}
	if c.garbled {
		return garble.Sentences(outcomes), nil
	}
	return outcomes, nil
}

// judgedPurpose makes all its steps after one yes, and judges each again by what is stale now.
type judgedPurpose struct {
	Grants
	before  map[string]model.StaleBinding
	now     model.StaleList
	unknown bool // nothing can be judged
	garbled bool // every sentence is nonsense
}

func (p *judgedPurpose) BatchWords([]model.Step) BatchWords { return BatchWords{Done: "changed"} }

func (p *judgedPurpose) LookAgain(_ context.Context, s model.Step) model.SkipReason {
	switch {
	case p.unknown && p.garbled:
		return model.NotRechecked(garble.Nonsense)
	case p.unknown:
		return model.NotRechecked("the backend is away")
	case p.garbled:
		return model.Recheck(p.before[s.ID], garble.Sentences(p.now))
	}
	return model.Recheck(p.before[s.ID], p.now)
}

// judgedBindings are one that is replaced by what is enough, and one that is removed.
func judgedBindings() []model.StaleBinding {
	repository := model.RepositoryName{Project: "myproject-b", Location: "asia-northeast1", ID: "myrepo"}.Resource()
	agent := func(number string) model.Member {
		return model.Member("serviceAccount:service-" + number + "@serverless-robot-prod.iam.gserviceaccount.com")
	}
	return []model.StaleBinding{
		{Resource: repository, Role: "roles/artifactregistry.writer", Member: agent("666666666666"), Status: model.StaleExcessive, Replace: model.RoleReader, Reason: "it may do too much"},
		{Resource: repository, Role: model.RoleReader, Member: agent("555555555555"), Status: model.StaleIdle, Removable: true, Reason: "nothing uses it"},
	}
}

// newJudgedWalk opens a walk of three steps: the grant and the removal of what is replaced, and another removal.
func newJudgedWalk(t *testing.T, cloud *fakeCloud) (*Screen, *judgedPurpose) {
	t.Helper()
	steps, before := model.StaleSteps(judgedBindings())
	purpose := &judgedPurpose{before: before, now: model.StaleList{Bindings: judgedBindings()}}
	session := &ui.Session{Context: t.Context(), Styles: ui.NewStyles(ui.ThemeMono)}
	links := Links{
		Cloud:  func(context.Context) (Cloud, error) { return cloud, nil },
		Writes: &sync.WaitGroup{},
		Record: func(model.Write, model.Outcome) {},
	}
	return New(session, links, Task{Purpose: purpose, Steps: steps}), purpose
}
