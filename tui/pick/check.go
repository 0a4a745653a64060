package pick

import (
	"context"
	"fmt"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"whopulls/guard"
	"whopulls/model"
	"whopulls/text"
	"whopulls/text/signs"
	"whopulls/tui/list"
	"whopulls/tui/ui"
)

// Workloads is the list of what runs in a project. It can check all of them, and shows each verdict in its row as it arrives.
type Workloads struct {
	*list.List
	picking  *Picking
	question model.Question

	check    ui.Loader
	wanted   bool                       // a check is to begin, or to continue, once the list is there
	changes  int                        // that had been made when it began
	read     map[string]model.Situation // what was read, by the ids of the rows
	verdicts map[string]model.WorkloadVerdict
}

// What the root looks for on this list.
var _ interface {
	ui.Screen
	ui.TextScreen
	ui.Pausable
	ui.Resumable
	ui.Questioner
} = (*Workloads)(nil)

// checkedMsg brings what was read about some workloads; the channel has the rest.
type checkedMsg struct {
	to         *Workloads
	generation int
	checked    []checked
	err        error // why nothing could be read about any of them
	rest       chan checkedMsg
}

// checked is what was read about a workload.
type checked struct {
	situation model.Situation
	verdict   model.WorkloadVerdict
}

// CheckAllIn is the list of what runs in a project, which checks all of it at once.
func CheckAllIn(e *Picking, q model.Question) ui.Screen {
	q = model.Question{Project: q.Project, Strict: q.Strict, Deployer: q.Deployer}
	w := pickWorkload(e, q)
	w.wanted = true
	return w
}

// WhyNoCheck says why no check can begin; empty: one can.
func (w *Workloads) WhyNoCheck() string {
	switch {
	case w.check.Busy:
		return w.Progress
	case !w.Busy && len(w.questions(false)) == 0:
		return "no workload is listed"
	}
	return ""
}

// CheckAll checks all workloads of the list. While the list is being read, it waits for that.
func (w *Workloads) CheckAll() tea.Cmd {
	w.read, w.verdicts = nil, nil
	w.wanted = true
	return w.begin()
}

// begin begins or continues the check that is wanted, once the list is there.
func (w *Workloads) begin() tea.Cmd {
	if !w.wanted || w.Busy {
		return nil
	}
	w.wanted = false
	if w.verdicts == nil {
		w.read, w.verdicts, w.changes = map[string]model.Situation{}, map[string]model.WorkloadVerdict{}, w.picking.Changes()
		w.BeginBadges("VERDICT", list.BadgeOrder("verdict"))
	}
	ctx, generation := w.check.Begin(w.Context)
	questions, answers := w.questions(true), make(chan checkedMsg, 1)
	w.Progress = w.progress()
	return func() tea.Msg {
		guard.Go(func() { w.readInto(ctx, questions, checkedMsg{to: w, generation: generation, rest: answers}) })
		return ui.Receive(answers)()
	}
}

// questions are about the workloads of the list; of those that were not checked yet, or of all.
func (w *Workloads) questions(unchecked bool) (questions []model.Question) {
	for _, i := range w.Items {
		v, ok := i.Value.(model.Workload)
		if _, done := w.verdicts[i.ID]; !ok || unchecked && done {
			continue
		}
		q := w.question
		q.Workload = &v.WorkloadName
		questions = append(questions, q)
	}
	return questions
}

// readInto reads and hands over what is there. Verdicts come faster than frames: those that were not taken yet go with the next.
func (w *Workloads) readInto(ctx context.Context, questions []model.Question, msg checkedMsg) {
	defer close(msg.rest)
	offer := func(checked []checked, err error) {
		next := msg
		next.checked, next.err = checked, err
		select {
		case waiting := <-msg.rest:
			next.checked = slices.Concat(waiting.checked, checked)
		default:
		}
		msg.rest <- next
	}
	cloud, err := w.picking.Cloud(ctx)
	if err != nil {
		offer(nil, err)
		return
	}
	for s, err := range cloud.ReadAll(ctx, questions, w.picking.PlanOptions) {
		if ctx.Err() != nil {
			return
		}
		v := checked{situation: s}
		if v.verdict = model.UnreadVerdict(w.question.Project, *s.Question.Workload, ""); err != nil {
			v.verdict.Gaps[0].Reason = err.Error()
		} else {
			v.verdict = model.VerdictIn(s)
		}
		offer([]checked{v}, nil)
	}
}

// Update takes verdicts, and begins a check that waited for the list.
func (w *Workloads) Update(msg tea.Msg) tea.Cmd {
	if answer, ok := msg.(checkedMsg); ok && answer.to == w {
		return w.take(answer)
	}
	return tea.Batch(w.List.Update(msg), w.begin())
}

// take puts verdicts into their rows.
func (w *Workloads) take(answer checkedMsg) tea.Cmd {
	if answer.generation != w.check.Generation {
		return nil
	}
	badges := map[string]list.Badge{}
	for _, c := range answer.checked {
		id := workloadID(c.verdict.Workload)
		w.verdicts[id], badges[id] = c.verdict, w.badge(c.verdict)
		if len(c.verdict.Gaps) == 0 {
			w.read[id] = c.situation
		}
	}
	if len(w.questions(true)) == 0 || answer.err != nil {
		w.check.Busy = false
	}
	if w.Progress = w.progress(); answer.err != nil {
		w.Progress = "could not be checked"
		return ui.Notice(answer.err.Error())
	}
	return tea.Batch(w.SetBadges(badges), ui.Receive(answer.rest))
}

// badge is a verdict with its count, as the map's title has it.
func (w *Workloads) badge(v model.WorkloadVerdict) list.Badge {
	style := w.Styles.Verdicts[v.Verdict]
	words := string(v.Verdict)
	if n := v.Count(); n > 0 {
		words = fmt.Sprintf("%d %s", n, v.Verdict)
	}
	return list.Badge{Text: ui.VerdictSigns[v.Verdict] + " " + words, Style: &style, Key: v.SeverityKey()}
}

// progress says how many were checked, and at the end what came of it.
func (w *Workloads) progress() string {
	switch {
	case w.check.Busy && len(w.verdicts) == 0:
		return "checking " + text.CountNoun(len(w.questions(false)), "workload") + " " + signs.More
	case w.check.Busy:
		return fmt.Sprintf("%d of %d checked %s", len(w.verdicts), len(w.questions(false)), signs.More)
	}
	counts := map[model.Verdict]int{}
	for _, v := range w.verdicts {
		counts[v.Verdict]++
	}
	words := make([]string, 0, len(counts))
	for _, v := range []model.Verdict{model.Denied, model.Missing, model.Unknown, model.Granted} {
		if n := counts[v]; n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n, v))
		}
	}
	return fmt.Sprintf("%d checked: %s", len(w.verdicts), strings.Join(words, ", "))
}

// verdictOf is what a check has found about a row.
func (w *Workloads) verdictOf(id string) (v model.WorkloadVerdict, checked bool) {
	v, checked = w.verdicts[id]
	return v, checked
}

// Handle stops the check where the list is read again: its rows may be others then.
func (w *Workloads) Handle(i ui.Intent) tea.Cmd {
	if i == ui.IntentReread {
		w.wanted = w.verdicts != nil
		w.stopCheck()
		w.read, w.verdicts = nil, nil
	}
	return w.List.Handle(i)
}

// Pause stops the check with the list: nobody waits for it.
func (w *Workloads) Pause() {
	w.wanted = w.wanted || w.check.Busy
	w.stopCheck()
	w.List.Pause()
}

// Resume continues a check that was stopped. What was found before a change may hold no more, and is looked at again.
func (w *Workloads) Resume() tea.Cmd {
	if w.verdicts != nil && w.changes != w.picking.Changes() {
		w.read, w.verdicts, w.wanted = nil, nil, true
	}
	return tea.Batch(w.List.Resume(), w.begin())
}

// Close stops the check and the list.
func (w *Workloads) Close() {
	w.stopCheck()
	w.List.Close()
}

func (w *Workloads) stopCheck() {
	w.check.Stop()
	w.check.Generation++
	w.Progress = ""
}

// screenAfter is what a row leads to: the map of what a check has read already, where one has.
func (w *Workloads) screenAfter(i list.Item) ui.Screen {
	if s, ok := w.read[i.ID]; ok {
		return w.picking.OpenRead(s)
	}
	return screenAfterWorkload(w.picking, w.question, i.Value)
}
