package registry

import (
	"context"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"whopulls/guard"
	"whopulls/model"
	"whopulls/tui/ui"
)

// reading is how far the reading is that was begun last.
type reading struct {
	progress  model.ScanProgress
	rate      int           // assets a second
	continues time.Time     // when the scan was interrupted that this one continues; zero: it begins from the start
	stopped   bool          // by a person, before its end
	ended     chan struct{} // closed when nothing of it runs any more
	err       error
}

// result is what was read.
type result struct {
	bindings  []binding // in the order of the list
	list      model.StaleList
	situation model.Situation
	levels    []model.Ancestor // above the scope, with their names
	summary   summary
	whole     bool // the reading came to its end
	changes   changes
}

// foundMsg brings what was read so far; of several that wait the newest is enough.
type foundMsg struct {
	to         *Screen
	generation int
	reading    reading
	result     *result // nil: as before
	done       bool
	rest       <-chan foundMsg
}

// load reads who may pull. What an earlier reading found stays until there is more to see. It waits for the end of the one before,
// which keeps how far it was.
func (r *Screen) load() tea.Cmd { return r.start(nil) }

// loadAgain reads again what stands where some bindings of a scan are or were.
func (r *Screen) loadAgain(of []model.StaleBinding) tea.Cmd {
	var touched []model.Resource
	for _, b := range of {
		if !slices.Contains(touched, b.Resource) {
			touched = append(touched, b.Resource)
		}
	}
	return r.start(touched)
}

// start reads everything, or only the bindings of some resources.
func (r *Screen) start(touched []model.Resource) tea.Cmd {
	before := r.reading.ended
	ctx, generation := r.Begin(r.Context)
	r.result.whole = false
	r.reading = reading{ended: make(chan struct{})}
	j := &job{to: r, generation: generation, question: r.question, project: r.links.Project, reading: r.reading, levels: r.result.levels,
		news: make(chan foundMsg, 1), touched: touched, old: r.result, showPart: len(r.result.bindings) == 0 || isScanned(r.question)}
	running := r.links.Running
	if running != nil {
		running.Add(1)
	}
	return func() tea.Msg {
		guard.Go(func() {
			defer close(j.reading.ended)
			if running != nil {
				defer running.Done()
			}
			defer close(j.news)
			if before != nil {
				<-before
			}
			j.run(ctx, r.links.Cloud)
		})
		return ui.Receive(j.news)()
	}
}

// stopReading ends the reading; what it found stays, and a scan keeps how far it was.
func (r *Screen) stopReading() {
	r.Stop()
	r.Generation++ // what still arrives is not waited for
	r.reading.stopped = true
}

// Update takes what was read.
func (r *Screen) Update(msg tea.Msg) tea.Cmd {
	found, ok := msg.(foundMsg)
	if !ok || found.to != r || found.generation != r.Generation {
		return nil
	}
	r.reading = found.reading
	if found.result != nil && found.result != r.taken {
		r.taken, r.result = found.result, *found.result
		r.sources.measure(&r.result, r.question)
		r.forgetGone()
		r.open = r.open || r.result.whole && r.result.allNotJudged()
		r.arrange(true)
	}
	if found.done {
		r.Busy = false
		return nil
	}
	return ui.Receive(found.rest)
}

// allNotJudged reports whether nothing else is there.
func (f *result) allNotJudged() bool {
	return !slices.ContainsFunc(f.bindings, func(b binding) bool { return b.section != notJudged })
}

// forgetGone selects nothing that is not there any more. Only a whole reading says what is gone.
func (r *Screen) forgetGone() {
	if !r.result.whole {
		return
	}
	kept := map[string]bool{}
	for n := range r.result.bindings {
		if b := &r.result.bindings[n]; r.selected[b.id] && b.whyKept() == "" {
			kept[b.id] = true
		}
	}
	r.selected = kept
}

// job is one reading, outside the program's loop.
type job struct {
	to         *Screen
	generation int
	question   model.Question
	project    string
	levels     []model.Ancestor
	touched    []model.Resource // whose bindings alone are read; none: everything is
	old        result           // what the reading before found
	showPart   bool             // what is read is shown while it arrives
	news       chan foundMsg

	reading reading
	result  *result
	shown   time.Time
	took    time.Duration
}

// run reads, and says what it found.
func (j *job) run(ctx context.Context, connect ui.Connection[Cloud]) {
	cloud, err := connect(ctx)
	if err != nil {
		j.end(err)
		return
	}
	var s model.Situation
	var list model.StaleList
	if len(j.touched) > 0 {
		s, list, err = j.lookAgain(ctx, cloud)
	} else if isScanned(j.question) {
		s, list, err = j.scan(ctx, cloud)
	} else if s, err = cloud.ReadScope(ctx, j.question, j.readSoFar); err == nil {
		list = model.FindStale(s)
	}
	if err == nil {
		j.take(s, list, true)
		j.result.changes = readChanges(cloud)
	}
	j.end(err)
}

// scan reads a folder or an organization. It continues where an earlier one was interrupted, also one of the command line.
func (j *job) scan(ctx context.Context, cloud Cloud) (model.Situation, model.StaleList, error) {
	at, resumes := cloud.InterruptedScan(j.question.Scope)
	if resumes {
		j.reading.continues = at
	}
	began, first := time.Now(), -1
	return cloud.Scan(ctx, j.question.Scope, model.ScanOptions{Project: j.project, Resume: resumes,
		Progress: func(p model.ScanProgress) {
			if first < 0 {
				first = p.Assets
			}
			j.reading.progress = p
			j.reading.rate = int(float64(p.Assets-first) / max(time.Since(began).Seconds(), 1))
			j.offer(false)
		},
		Found: func(list model.StaleList) {
			j.take(model.Situation{Question: j.question}, list, false)
			j.offer(false)
		}})
}

// lookAgain reads what stands on the resources by now, and puts it in the place of what was found there.
func (j *job) lookAgain(ctx context.Context, cloud Cloud) (model.Situation, model.StaleList, error) {
	s, list := j.old.situation, j.old.list
	for _, at := range j.touched {
		now, err := cloud.RereadBindings(ctx, at)
		if err != nil {
			return s, list, err
		}
		list.Bindings = replaced(list.Bindings, at, model.FindStale(now).Bindings)
	}
	return s, list, nil
}

// replaced puts the bindings that a resource has by now in the place of those that it had. Only members that stood in the list are
// in it: an index lists no others.
func replaced(old []model.StaleBinding, at model.Resource, now []model.StaleBinding) (list []model.StaleBinding) {
	listed := map[model.Member]bool{}
	for _, b := range old {
		if b.Resource == at {
			listed[b.Member] = true
		} else {
			list = append(list, b)
		}
	}
	for _, b := range now {
		if b.Resource == at && listed[b.Member] {
			list = append(list, b)
		}
	}
	return list
}

// The least time between two judgements of what was read so far, and how many times as long as one takes.
const (
	judgeInterval = 250 * time.Millisecond
	judgeShare    = 10
)

// readSoFar judges what was read so far, and not so often that the reading is slower for it.
func (j *job) readSoFar(s model.Situation) {
	began := time.Now()
	if !j.showPart || began.Sub(j.shown) < max(judgeInterval, judgeShare*j.took) {
		return
	}
	j.take(s, new(model.StaleRounds).SoFar(s), false)
	j.offer(false)
	j.shown = time.Now()
	j.took = j.shown.Sub(began)
}

// take prepares what was read to be shown.
func (j *job) take(s model.Situation, list model.StaleList, whole bool) {
	levels := levelsAbove(s, j.question)
	if len(levels) == 0 {
		levels = j.levels
	}
	made := &result{list: list, situation: s, levels: levels, summary: summaryOf(s, list), whole: whole}
	made.bindings = make([]binding, len(list.Bindings))
	for n, b := range list.Bindings {
		made.bindings[n] = newBinding(b, j.question, levels)
	}
	slices.SortStableFunc(made.bindings, binding.compare)
	j.result = made
}

// offer says what is known by now, in place of what was not taken yet.
func (j *job) offer(done bool) {
	msg := foundMsg{j.to, j.generation, j.reading, j.result, done, j.news}
	select {
	case <-j.news:
	default:
	}
	j.news <- msg
}

// end is the last that is heard of a reading.
func (j *job) end(err error) {
	j.reading.err = err
	j.offer(true)
}

// levelsAbove are the scope's project, folders and organization, as far as they were read.
func levelsAbove(s model.Situation, q model.Question) []model.Ancestor {
	if project := q.Scope.Project(); project != "" {
		return s.Ancestry[project].Value
	}
	return s.Ancestry[q.Scope.Path()].Value
}
