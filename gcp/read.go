package gcp

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"

	"whopulls/gcp/limits"
	"whopulls/gcp/share"
	"whopulls/gcp/transport"
	"whopulls/guard"
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

// maxReadings is how many questions of ReadAll are read at the same time. The calls of all have the limits of the transport as well.
const maxReadings = 8

// ReadAll reads the facts of several questions about one project, as Read does, and gives each Situation as soon as it is read. A
// fact that several questions share is read once. An error is that of the question in the Situation that comes with it.
func (c *Cloud) ReadAll(ctx context.Context, questions []model.Question, o model.PlanOptions) iter.Seq2[model.Situation, error] {
	return func(yield func(model.Situation, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		var readers sync.WaitGroup
		defer readers.Wait()
		defer cancel()
		results := c.startReadings(ctx, questions, o, &readers)
		for range questions {
			select {
			case r := <-results:
				if !yield(r.situation, r.err) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// reading is what came of one question.
type reading struct {
	situation model.Situation
	err       error
}

// startReadings starts to read all questions, some at a time. Each result arrives until ctx ends.
func (c *Cloud) startReadings(ctx context.Context, questions []model.Question, o model.PlanOptions, readers *sync.WaitGroup) <-chan reading {
	sharing := *c
	next, results := make(chan model.Question, len(questions)), make(chan reading)
	for _, q := range questions {
		next <- q
		sharing.shared = cmp.Or(sharing.shared, share.New[taskResult](transport.WithCallOptions(ctx, transport.CallOptions{Project: q.Project})))
	}
	close(next)
	for range min(maxReadings, len(questions)) {
		readers.Go(guard.Func(func() {
			for q := range next {
				s, err := sharing.Read(ctx, q, o, nil)
				s.Question = q
				select {
				case results <- reading{s, err}:
				case <-ctx.Done():
					return
				}
			}
		}))
	}
	return results
}

// share makes a task that other readings of the same ReadAll do not repeat. What is read of a workload, and who calls, is not shared:
// the first is each question's own, and the second takes no call.
func (c *Cloud) share(wants []model.Want, t task) task {
	if c.shared == nil || wants[0].Kind == model.WantWorkload || wants[0].Kind == model.WantCaller {
		return t
	}
	return c.shareAs(fmt.Sprint(wants), t)
}

// shareAs is share under a name that says what the task reads.
func (c *Cloud) shareAs(name any, t task) task {
	if c.shared == nil {
		return t
	}
	return func(ctx context.Context) taskResult {
		result, ok := c.shared.Do(ctx, name, t)
		if !ok {
			return taskResult{err: ctx.Err(), apply: func(*readRun) {}}
		}
		return result
	}
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
		if len(r.started) <= limits.Facts {
			t = r.cloud.share(group, t)
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
	guard.Go(func() {
		for _, end := range ends {
			defer end()
		}
		a := t(ctx)
		select {
		case r.results <- a:
		case <-ctx.Done():
		}
	})
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
			r.startTask(ctx, r.cloud.shareAs(level, r.cloud.displayNameTask(level)))
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
