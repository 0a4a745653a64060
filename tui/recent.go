package tui

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"whopulls/guard"
	"whopulls/model"
	"whopulls/text"
	"whopulls/tui/accessmap"
	"whopulls/tui/list"
	"whopulls/tui/pick"
	"whopulls/tui/ui"
)

// Recent is a consumer project that was picked, and the workload that was picked there last, if any was.
type Recent struct {
	Project  string
	Workload *model.WorkloadName
	Last     Answer // about the workload
}

// Answer is the last verdict about a workload at Google. The zero value says that there was none yet.
type Answer struct {
	Verdict model.Verdict
	Count   int // checks that have it
	Time    time.Time
}

// maxRecent is how many are kept.
const maxRecent = 5

// AddRecent puts a pick first among the recent ones. A project keeps its workload until another one is picked there, and a workload
// keeps its answer until the next one.
func AddRecent(list []Recent, pick Recent) []Recent {
	updated := []Recent{pick}
	for _, r := range list {
		switch first := &updated[0]; {
		case r.Project != pick.Project:
			updated = append(updated, r)
		case first.Workload == nil:
			*first = r
		case r.Workload != nil && *r.Workload == *first.Workload && first.Last == (Answer{}):
			first.Last = r.Last
		}
	}
	return updated[:min(len(updated), maxRecent)]
}

// pickedMsg says that a pick was made at Google.
type pickedMsg struct{ pick Recent }

func (m pickedMsg) keep(r *root) {
	r.recent = AddRecent(r.recent, m.pick)
	if first, ok := r.stack[0].(*list.List); ok {
		r.picking().ShowRecents(first)
	}
}

// saveMap notes that a map was reached.
func (e *app) saveMap(s ui.Screen) tea.Cmd {
	m, ok := s.(*accessmap.Screen)
	if !ok {
		return nil
	}
	pick := Recent{Project: m.Knows().Project, Workload: m.Knows().Workload}
	e.picked = append(e.picked, pick)
	return e.saveRecent(pick)
}

// wasPicked reports whether a person picked a workload, now or before. What a flag names is no pick.
func (e *app) wasPicked(project string, w model.WorkloadName) bool {
	is := func(r Recent) bool { return r.Project == project && r.Workload != nil && *r.Workload == w }
	return slices.ContainsFunc(e.picked, is) || slices.ContainsFunc(e.recent, is)
}

// saveAnswer notes what a map answered about a workload as it is. What it answers about another image, deployer or account is not kept.
func (e *app) saveAnswer(q model.Question, s model.Situation, d model.Diagnosis) tea.Cmd {
	if q.Workload == nil || !q.Image.IsZero() || q.Deployer != "" || q.ServiceAccount != "" || q.Public || !e.wasPicked(q.Project, *q.Workload) {
		return nil
	}
	last := Answer{Verdict: d.Verdict, Time: s.Time.UTC().Truncate(time.Second)}
	for _, c := range d.Checks {
		if c.Verdict == d.Verdict {
			last.Count++
		}
	}
	return e.saveRecent(Recent{q.Project, q.Workload, last})
}

// saveRecent keeps a pick, unless it is a sandbox's: what is picked there is no project of anybody's. The program waits for what is
// written about it.
func (e *app) saveRecent(pick Recent) tea.Cmd {
	attempt := e.connector.current()
	saved := make(chan pickedMsg, 1)
	e.writes.Add(1)
	guard.Go(func() {
		defer e.writes.Done()
		defer close(saved)
		if cloud, err := attempt.await(e.Context); err != nil || cloud.World() != "" {
			return
		}
		if e.opts.SaveRecent != nil {
			e.opts.SaveRecent(pick)
		}
		saved <- pickedMsg{pick}
	})
	return ui.Receive(saved)
}

// recentWorkload is the workload that was picked last in a project.
func (e *app) recentWorkload(project string) *model.WorkloadName {
	at := slices.IndexFunc(e.recent, func(r Recent) bool { return r.Project == project })
	if at < 0 {
		return nil
	}
	return e.recent[at].Workload
}

// askedBefore is a pick as the first list shows it.
func (e *app) askedBefore(r Recent) pick.Recent {
	now := e.opts.Now
	if now == nil {
		now = time.Now
	}
	return pick.Recent{Project: r.Project, Workload: r.Workload, Verdict: r.Last.Verdict, Answer: r.Last.text(now())}
}

// text says a verdict, and how old it is.
func (a Answer) text(now time.Time) string {
	if a.Verdict == "" {
		return ""
	}
	verdict := string(a.Verdict)
	if a.Verdict != model.Granted {
		verdict = fmt.Sprintf("%d %s", max(a.Count, 1), verdict)
	}
	return cmp.Or(ui.VerdictSigns[a.Verdict], "?") + " " + verdict + ", " + ago(now.Sub(a.Time), a.Time)
}

// ago is an age as a person says it. One that is old, or that a wrong clock gives, is a day.
func ago(age time.Duration, then time.Time) string {
	const day = 24 * time.Hour
	switch {
	case age < 0 || age >= 30*day:
		return then.UTC().Format(time.DateOnly)
	case age < time.Minute:
		return "just now"
	case age < time.Hour:
		return text.CountNoun(int(age/time.Minute), "minute") + " ago"
	case age < day:
		return text.CountNoun(int(age/time.Hour), "hour") + " ago"
	}
	return text.CountNoun(int(age/day), "day") + " ago"
}
