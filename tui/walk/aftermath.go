package walk

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/propagation"
	"whopulls/text"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// aftermath is what the last page watches once the steps are made: whether they have reached everything.
type aftermath struct {
	known     propagation.Aftermath
	passed    time.Duration // that was waited for
	command   string        // that deploys the workload; empty: no single one does
	notified  bool
	rehearsal *rehearsal // nil: there was none
}

// rehearsal is what Cloud Run said to a deploy that changes nothing.
type rehearsal struct {
	running bool
	refusal string // in Cloud Run's words; empty: it accepts the deploy
}

// lookMsg says that it is time to look again.
type lookMsg struct {
	to     *aftermath
	waited time.Duration
}

// rehearsedMsg brings what Cloud Run said.
type rehearsedMsg struct {
	to        *aftermath
	rehearsal rehearsal
}

// watch begins to watch what was granted, or takes what a later look found.
func (w *Screen) watch(s model.Situation) tea.Cmd {
	p, ok := w.purpose.(Deployer)
	known, made := w.knownAfter(s)
	if !ok || !made {
		return nil
	}
	first := w.after == nil
	if first {
		w.after = &aftermath{}
	}
	w.after.known = known
	if project, _ := p.Deploys(); s.Workload.Read() {
		w.after.command = propagation.DeployCommand(project, s.Workload.Value)
	}
	if !first {
		return nil // the next look is on its way
	}
	return w.nextLook()
}

// knownAfter is what a reading after the steps shows about their effect; made is false where no binding was granted.
func (w *Screen) knownAfter(s model.Situation) (known propagation.Aftermath, made bool) {
	known.Made = w.madeAt
	for _, o := range w.outcomes {
		switch {
		case o.State != model.StepDone || o.Kind != model.StepGrant:
			continue
		case o.Observable(s.Caller):
			known.Untested = known.Untested || o.Effect != model.EffectObserved
		default:
			known.OnDeploy = true
		}
		made = true
	}
	if s.Workload.Read() {
		known.Deployed = s.Workload.Value.Condition
	}
	return known, made
}

// age is how long ago the last change was made.
func (w *Screen) age() time.Duration { return max(w.after.passed, w.Since(w.after.known.Made)) }

func (w *Screen) stage() propagation.Stage { return w.after.known.Stage(w.age()) }

// Watching reports whether a later look can say more than this one.
func (w *Screen) Watching() bool { return w.after != nil && w.stage().IsOpen() }

// nextLook waits until there may be more to say.
func (w *Screen) nextLook() tea.Cmd {
	if !w.Watching() {
		return nil
	}
	to, wait := w.after, w.after.known.NextLook(w.age())
	over, ended := w.After(wait), w.Context.Done()
	if over == nil {
		return nil
	}
	return func() tea.Msg {
		select {
		case <-over:
			return lookMsg{to, wait}
		case <-ended:
			return nil
		}
	}
}

// look continues to watch. Once the typical time is over it says so to a person who looks elsewhere. What tests can show is read
// again.
func (w *Screen) look(waited time.Duration) tea.Cmd {
	w.after.passed += waited
	cmds := []tea.Cmd{w.nextLook()}
	if w.stage() != propagation.Fresh && !w.after.notified {
		w.after.notified = true
		cmds = append(cmds, ui.Notify("whopulls: "+w.purpose.Trail()+": "+w.stageWords()))
	}
	if w.after.known.Untested && !w.Busy {
		cmds = append(cmds, w.readAgain())
	}
	return tea.Batch(cmds...)
}

// rehearse asks Cloud Run to check the deploy of the very workload.
func (w *Screen) rehearse() tea.Cmd {
	if why := w.whyNoRehearsal(); why != "" {
		return ui.Notice(why)
	}
	to := w.after
	to.rehearsal = &rehearsal{running: true}
	project, workload := w.purpose.(Deployer).Deploys()
	return func() tea.Msg {
		cloud, err := w.links.Cloud(w.Context)
		if err == nil {
			err = cloud.DryRunDeploy(w.Context, project, *workload)
		}
		if err != nil {
			return rehearsedMsg{to, rehearsal{refusal: err.Error()}}
		}
		return rehearsedMsg{to, rehearsal{}}
	}
}

// whyNoRehearsal says why no deploy can be rehearsed now; empty: it can.
func (w *Screen) whyNoRehearsal() string {
	p, ok := w.purpose.(Deployer)
	switch {
	case !ok || w.after == nil:
		return "nothing was granted here that a deploy shows"
	case w.after.rehearsal != nil && w.after.rehearsal.running:
		return "Cloud Run is being asked"
	}
	if _, workload := p.Deploys(); workload == nil {
		return "there is no workload yet: its first deploy shows it"
	}
	return ""
}

// addEffect says how far the effect of a step is known.
func (w *Screen) addEffect(b *ui.Block, o model.Outcome) {
	if o.Effect == model.EffectObserved {
		b.Para("       ", "The permission works: testIamPermissions answers yes.")
		return
	}
	if o.Effect == model.EffectEvaluated {
		b.Para("       ", "Policy Troubleshooter says yes.")
	}
	switch {
	case o.Effect == "":
		return
	case w.after == nil:
		b.Para("       ", "Only the next deploy shows its effect. Changes typically reach everywhere in 2 minutes, 7 or more are possible.")
		return
	}
	b.Para("       ", w.stageWords())
	if w.stage() == propagation.Proven {
		return
	}
	if w.after.command != "" {
		b.Blank()
		b.Para("deploy ", "once more; then "+w.Keys.Symbol(ui.IntentReread, false)+" reads the result")
		b.Command(w.after.command)
	}
	w.addRehearsal(b)
}

// addRehearsal says what a rehearsal found, or how to make one.
func (w *Screen) addRehearsal(b *ui.Block) {
	if w.whyNoRehearsal() != "" && w.after.rehearsal == nil {
		return
	}
	switch r := w.after.rehearsal; {
	case r == nil:
		b.Para("or     ", w.Keys.Symbol(ui.IntentPalette, false)+" rehearse: Cloud Run checks that deploy, and changes nothing")
	case r.running:
		b.Para("       ", "Cloud Run is checking the deploy "+signs.More)
	case r.refusal != "":
		b.Add("  " + w.Styles.Verdicts[model.Missing].Render(w.Styles.Signs.Text(signs.Missing+" rehearsal refused")))
		b.Para("       ", text.Clean(r.refusal))
	default:
		b.Add("  " + w.Styles.Verdicts[model.Granted].Render(w.Styles.Signs.Text(signs.Granted+" rehearsal accepted")))
		b.Para("       ", "Cloud Run accepts the deploy from you: you may deploy, act as the runner and read the image. Nothing was pulled, so it says nothing about the service agent.")
	}
}

// stageWords say how far the effect is known.
func (w *Screen) stageWords() string {
	shown := "Only the next deploy shows this. "
	if !w.after.known.OnDeploy {
		shown = "Your own test of the permission does not say yes yet. "
	}
	switch w.stage() {
	case propagation.Fresh:
		return shown + "Granted " + agoText(w.age()) + "; typically 2 minutes, sometimes 7 or more."
	case propagation.Usual:
		return shown + "Granted " + agoText(w.age()) + ": by now it has usually arrived."
	case propagation.Overdue:
		return shown + "Granted at " + clockText(w.after.known.Made) + ", longer ago than the 7 minutes that Google names. Waiting will hardly help: deploy, and read what Cloud Run says."
	case propagation.Proven:
		return "A deploy after the grant succeeded, at " + clockText(w.after.known.Deployed.Time) + "."
	case propagation.Refused:
		return refusedWords(w.after.known)
	case propagation.Observed:
	}
	return "Your own tests say yes to everything that was granted."
}

// refusedWords say what a deploy after the grant came to, and whether another one may fare better.
func refusedWords(known propagation.Aftermath) string {
	age := known.Deployed.Time.Sub(known.Made)
	words := "A deploy at " + clockText(known.Deployed.Time) + " failed, " + lastedText(age) + " after the grant"
	if age < propagation.Late {
		words += ", which may not have arrived by then: deploy again"
	}
	return words + ". Cloud Run said: " + text.Clean(known.Deployed.Message)
}

// agoText says how long ago something was.
func agoText(d time.Duration) string { return lastedText(d) + " ago" }

// lastedText is a time in full minutes.
func lastedText(d time.Duration) string {
	if d < time.Minute {
		return "less than a minute"
	}
	return text.CountNoun(int(d/time.Minute), "minute")
}

func clockText(t time.Time) string { return t.UTC().Format("15:04 UTC") }
