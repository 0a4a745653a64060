package gcp

import (
	"context"
	"fmt"
	"slices"

	"whopulls/gcp/limits"
	"whopulls/gcp/transport"
	"whopulls/model"
)

// Read reads the facts that the question wants until none is left. It starts to read a fact as soon as the
// fact is wanted, so independent calls run at the same time. What can't be read becomes a gap. The progress
// function, if any, is called after every answer, or after several that came together. It gets a Situation of
// its own, and reading waits while it runs.
//
// An error means that there is no Situation to speak of: ctx ended, or every call failed as ErrUnreachable or
// ErrNotSignedIn says.
func (c *Cloud) Read(ctx context.Context, q model.Question, o model.PlanOptions,
	progress func(model.Situation)) (model.Situation, error) {
	return c.read(ctx, q, func(s model.Situation) []model.Want { return model.Wants(s, o) }, progress)
}

// ReadScope reads what model.FindStale looks at: who may read a repository or what is in a project, and what
// runs where they are. It is like Read; model.StaleIn and model.StaleInRepository make its questions.
func (c *Cloud) ReadScope(ctx context.Context, q model.Question, progress func(model.Situation)) (model.Situation, error) {
	return c.read(ctx, q, new(model.StaleRounds).Wants, progress)
}

// RereadBindings is a Survey of the bindings of one resource and of the levels above it, just before one of them goes.
func (c *Cloud) RereadBindings(ctx context.Context, at model.Resource) (model.Situation, error) {
	return c.read(ctx, model.Question{Project: at.Project(), Scope: at, WithoutRepositories: true}, new(model.StaleRounds).Wants, nil)
}

// ReadFacts reads some facts about a project, and nothing that would follow from them. It is like Read.
func (c *Cloud) ReadFacts(ctx context.Context, project string, wants []model.Want, progress func(model.Situation)) (model.Situation, error) {
	next := func(model.Situation) []model.Want {
		once := wants
		wants = nil
		return once
	}
	return c.read(ctx, model.Question{Project: project}, next, progress)
}

func (c *Cloud) read(ctx context.Context, q model.Question, wants func(model.Situation) []model.Want,
	progress func(model.Situation)) (model.Situation, error) {
	return c.continueRead(ctx, model.NewSituation(q, c.now()), wants, progress, false)
}

// continueRead reads what a Situation lacks. In rounds the reasoning waits until all is read that it wanted: it is long, where
// there are thousands of bindings.
func (c *Cloud) continueRead(ctx context.Context, s model.Situation, wants func(model.Situation) []model.Want,
	progress func(model.Situation), rounds bool) (model.Situation, error) {
	ctx, cancel := context.WithCancel(transport.WithCallOptions(ctx, transport.CallOptions{Project: s.Question.Project}))
	r := &readRun{cloud: c, wants: wants, started: map[model.Want]bool{}, levelNames: map[model.Resource]string{},
		results: make(chan taskResult), situation: s, denyQueue: denyQueue{cacheChecked: map[model.Want]bool{}}}
	defer r.denyQueue.reads.Wait()
	defer cancel()
	if err := r.startWanted(ctx); err != nil {
		return model.Situation{}, err
	}
	for r.running > 0 {
		select {
		case <-ctx.Done():
			return model.Situation{}, fmt.Errorf("the reading was interrupted: %w", context.Cause(ctx))
		case a := <-r.results:
			r.takeResult(ctx, a)
		}
		r.takeReady(ctx)
		if rounds && r.running > 0 {
			continue
		}
		if err := r.startWanted(ctx); err != nil {
			return model.Situation{}, err
		}
		if progress != nil {
			progress(r.situation.Clone())
		}
	}
	return r.finish()
}

// takeReady takes all answers that have arrived. So the reasoning over a large policy is not repeated for
// each of many answers.
func (r *readRun) takeReady(ctx context.Context) {
	for r.running > 0 {
		select {
		case a := <-r.results:
			r.takeResult(ctx, a)
		default:
			return
		}
	}
}

// readRun is one run of Read. Only its own goroutine touches it; the tasks send answers.
type readRun struct {
	cloud       *Cloud
	wants       func(model.Situation) []model.Want
	situation   model.Situation
	started     map[model.Want]bool
	levelNames  map[model.Resource]string // display names of levels; empty while not read
	running     int
	results     chan taskResult
	callsEnded  int   // calls that ended
	callsFailed int   // of these, the ones that say nothing can be reached
	lastFailure error // the last of the failed
	denyQueue   denyQueue
}

// task makes one call, or a few that belong together.
type task func(context.Context) taskResult

// taskResult is a task's end.
type taskResult struct {
	apply  func(*readRun)
	err    error            // of the call, if there was one
	noCall bool             // no call was needed
	levels []model.Resource // levels whose display names may be read now; no want of their own
}

// startWanted starts every want that was not started yet; those for deny policies wait for their turn.
func (r *readRun) startWanted(ctx context.Context) error {
	var fresh []model.Want
	wants := r.wants(r.situation)
	for _, w := range wants {
		if !r.started[w] && w.Kind != model.WantDeny {
			r.started[w] = true
			fresh = append(fresh, w)
		}
	}
	for _, group := range groupWants(fresh) {
		t, err := r.cloud.taskFor(r.situation.Question, group)
		if err != nil {
			return err
		}
		if changesHierarchy(group[0]) {
			t = countRunning(&r.denyQueue.hierarchyReads, t)
		}
		if len(r.started) > limits.Facts {
			r.startTask(transport.WithCallOptions(ctx, transport.CallOptions{OverLimit: true}), t)
			continue
		}
		r.startTask(ctx, t)
	}
	r.startDenyReads(ctx, wants)
	if len(wants) > 0 && r.running == 0 {
		return fmt.Errorf("an answer did not cover what was asked (%v); this is a bug in whopulls, please report it", wants)
	}
	return nil
}

// groupWants puts the tests of one resource together, which one call answers.
func groupWants(wants []model.Want) [][]model.Want {
	var all [][]model.Want
	tests := map[model.Resource]int{}
	for _, w := range wants {
		if w.Kind != model.WantTest {
			all = append(all, []model.Want{w})
			continue
		}
		at, ok := tests[w.Resource]
		if !ok {
			at = len(all)
			tests[w.Resource] = at
			all = append(all, nil)
		}
		all[at] = append(all[at], w)
	}
	return all
}

// startTask runs a task; the ends, if any, are called when its goroutine ends, however it ends.
func (r *readRun) startTask(ctx context.Context, t task, ends ...func()) {
	r.running++
	go func() {
		for _, end := range ends {
			defer end()
		}
		a := t(ctx)
		select {
		case r.results <- a:
		case <-ctx.Done():
		}
	}()
}

func (r *readRun) takeResult(ctx context.Context, a taskResult) {
	r.running--
	a.apply(r)
	if !a.noCall {
		r.callsEnded++
		if err := transport.AsConnectionError(a.err); err != nil {
			r.callsFailed++
			r.lastFailure = err
		}
	}
	for _, level := range a.levels {
		if _, known := r.levelNames[level]; !known {
			r.levelNames[level] = ""
			r.startTask(ctx, r.cloud.displayNameTask(level))
		}
	}
}

// finish gives the Situation, unless nothing at all could be asked.
func (r *readRun) finish() (model.Situation, error) {
	if r.callsEnded > 0 && r.callsFailed == r.callsEnded {
		return model.Situation{}, r.lastFailure
	}
	return r.situation, nil
}

// setLevelNames fills in the display names that are known by now. Ancestries that were handed out stay as they are.
func (r *readRun) setLevelNames() {
	for project, fact := range r.situation.Ancestry {
		levels := slices.Clone(fact.Value)
		for i, l := range levels {
			levels[i].Name = r.levelNames[l.Resource]
		}
		fact.Value = levels
		r.situation.Ancestry[project] = fact
	}
}
