package walk

import (
	"errors"
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/propagation"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// aftermath is what the last page watches once the steps are made: whether they have reached everything.
type aftermath struct {
	known     propagation.Aftermath
	deployer  model.Member  // whose deploys alone show the effect of a grant; empty: everybody's do
	passed    time.Duration // that was waited for
	command   string        // that deploys the workload; empty: no single one does
	notified  bool
	rehearsal *rehearsal // nil: there was none
}

// rehearsal is what Cloud Run said to a deploy that changes nothing.
type rehearsal struct {
	running bool
	refusal string // in Cloud Run's words; empty: it accepts the deploy
	failure error  // why Cloud Run could not be asked
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
	first := w.after == nil || !w.after.known.Made.Equal(known.Made)
	if first {
		w.after = &aftermath{}
	}
	w.after.known, w.after.deployer = known, w.deployerAlone(s.Caller)
	if project, _, image := p.Deploys(); s.Workload.Read() {
		w.after.command = propagation.DeployCommand(project, s.Workload.Value, image)
	}
	if !first {
		return nil // the next look is on its way
	}
	return w.nextLook()
}

// grants are the bindings that this walk made, and that are in place.
func (w *Screen) grants() (made []model.Outcome) {
	for _, s := range w.steps {
		if o := w.outcomes[s.ID]; o.State == model.StepDone && o.Kind == model.StepGrant {
			made = append(made, o)
		}
	}
	return made
}

// knownAfter is what a reading after the steps shows about their effect; made is false where no binding was granted.
func (w *Screen) knownAfter(s model.Situation) (known propagation.Aftermath, made bool) {
	known.Made, known.Before = w.madeAt, w.deployedBefore
	grants := w.grants()
	for _, o := range grants {
		if o.Observable(s.Caller) {
			known.Untested = known.Untested || o.Effect != model.EffectObserved
		} else {
			known.OnDeploy = true
		}
	}
	if s.Workload.Read() && w.deployerAlone(s.Caller) == "" && w.runsWhatWasAsked(s.Workload.Value) {
		known.Deployed = s.Workload.Value.Condition
	}
	return known, len(grants) > 0
}

// deployerAlone is a deployer, other than the caller, who got a binding: only a deploy of theirs shows its effect. Empty: there
// is none.
func (w *Screen) deployerAlone(caller model.Fact[model.Member]) model.Member {
	for _, o := range w.grants() {
		if o.ForDeployer() && !o.Observable(caller) {
			return o.Member
		}
	}
	return ""
}

// runsWhatWasAsked reports whether a deploy of the workload pulls from the repository that was asked about.
func (w *Screen) runsWhatWasAsked(workload model.Workload) bool {
	p, ok := w.purpose.(Deployer)
	if !ok {
		return false
	}
	_, _, image := p.Deploys()
	return image.IsZero() || slices.ContainsFunc(workload.Images, func(i model.Image) bool {
		return i.Repository == image.Repository && i.Registry == image.Registry
	})
}

// age is how long ago the last change was made.
func (w *Screen) age() time.Duration { return max(w.after.passed, w.Since(w.after.known.Made)) }

func (w *Screen) stage() propagation.Stage { return w.after.known.Stage(w.age()) }

// Watching reports whether it is waited for: until the typical time is over, or a test may say yes.
func (w *Screen) Watching() bool {
	if w.after == nil {
		return w.readsEffect()
	}
	stage := w.stage()
	return stage == propagation.Fresh || stage.IsOpen() && w.after.known.Untested
}

// Unproven reports whether something is granted whose effect is not shown yet: it is worth coming back to.
func (w *Screen) Unproven() bool {
	return w.readsEffect() || w.after != nil && !w.stage().IsShown()
}

// readsEffect reports whether the first reading after a grant is under way.
func (w *Screen) readsEffect() bool {
	return w.after == nil && w.Busy && w.finished() && len(w.grants()) > 0
}

// noteTakenBack takes note that a change of this walk was taken back by another one.
func (w *Screen) noteTakenBack(entry string, o model.Outcome) {
	for id, own := range w.outcomes {
		if o.InPlace() && own.Entry != nil && *own.Entry == entry {
			delete(w.outcomes, id)
			w.forgetEffect()
		}
	}
}

// forgetEffect ends what is watched, and what is being read for it: it was about what is not there any more.
func (w *Screen) forgetEffect() {
	w.Stop()
	w.Busy, w.after, w.finalDiagnosis, w.readFailure = false, nil, nil, nil
}

// nextLook waits until there may be more to say.
func (w *Screen) nextLook() tea.Cmd {
	if !w.stage().IsOpen() {
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
	project, workload, _ := w.purpose.(Deployer).Deploys()
	return func() tea.Msg {
		cloud, err := w.links.Cloud(w.Context)
		if err == nil {
			err = cloud.DryRunDeploy(w.Context, project, *workload)
		}
		if refused := (*model.DeployRefusal)(nil); errors.As(err, &refused) {
			return rehearsedMsg{to, rehearsal{refusal: refused.Message}}
		}
		return rehearsedMsg{to, rehearsal{failure: err}}
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
	if _, workload, _ := p.Deploys(); workload == nil {
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
	if w.stage() == propagation.Proven {
		b.Add("  " + w.Styles.Verdicts[model.Granted].Render(w.Styles.Signs.Text(signs.Granted+" "+w.stageWords())))
		return
	}
	b.Para("       ", w.stageWords())
	if d := w.after.known.Deploy(); d != nil {
		b.Para("says   ", cells.Cut(text.Clean(d.Message), maxSaid))
	}
	if w.after.command != "" {
		b.Blank()
		b.Para("deploy ", w.deployWords()+"; then "+w.Keys.Symbol(ui.IntentReread, false)+" reads the result")
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
	case r.failure != nil:
		b.Add("  " + w.Styles.Verdicts[model.Unknown].Render(w.Styles.Signs.Text(signs.Unknown+" not rehearsed")))
		b.Para("       ", "Cloud Run could not be asked: "+text.Clean(model.ErrorWithHint(r.failure)))
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

// maxSaid is how many columns of Cloud Run's own words are shown: they begin with the point, and end in the answer of a registry.
const maxSaid = 400

// stageWords say how far the effect is known.
func (w *Screen) stageWords() string {
	shown := "Only the next deploy shows this. "
	switch {
	case !w.after.known.OnDeploy:
		shown = "Your own test of the permission does not say yes yet. "
	case w.after.known.FailedEarly():
		shown = failedWords(w.after.known) + ", which may not have arrived by then. "
	case w.after.deployer != "":
		shown = "Only a deploy by " + w.after.deployer.Email() + " shows this. "
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
		return failedWords(w.after.known) + ". Waiting will not help: something else is missing. What Cloud Run said names it; paste it on any screen to have it read."
	case propagation.Observed:
	}
	return "Your own tests say yes to everything that was granted."
}

// failedWords say when a deploy after the grant failed.
func failedWords(known propagation.Aftermath) string {
	d := known.Deploy()
	return "A deploy at " + clockText(d.Time) + " failed, " + lastedText(d.Time.Sub(known.Made)) + " after the grant"
}

// deployWords say what to do with the command that deploys.
func (w *Screen) deployWords() string {
	if d := w.after.known.Deploy(); d != nil && !w.after.known.FailedEarly() {
		return "again once that is mended"
	}
	return "once more"
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
