// Package registry shows who may pull from a repository, a project, a folder or an organization. It opens the walk that removes
// what is not needed.
package registry

import (
	"cmp"
	"slices"

	tea "charm.land/bubbletea/v2"

	"whopulls/model"
	"whopulls/model/pasted"
	"whopulls/text"
	"whopulls/tui/ui"
	"whopulls/tui/walk"
)

// pane is a part of the screen that the keys move in.
type pane int

const (
	consumers pane = iota
	repositories
	details
)

// Screen lists who may pull from what is in its scope, by what to do about it.
type Screen struct {
	*ui.Session
	ui.Loader
	links    Links
	question model.Question // which repository, project, folder or organization
	reading  reading
	result   result
	taken    *result // the result, as the reading handed it over
	lines    lines   // of the consumers
	sources  sources
	focus    pane
	filter   ui.Filter
	open     bool // what is not judged is shown
	selected map[string]bool
	detailAt int                  // the first line shown of the details
	tallest  tallest              // of the details
	lastWalk *Recheck             // of the last walk that was begun here
	undone   []model.StaleBinding // the binding whose last change a walk may have taken back
}

// What the root looks for on this screen.
var _ interface {
	ui.Screen
	ui.PartTextScreen
	ui.PasteAnswer
	ui.Resumable
	ui.LegendScreen
	ui.MenuOpener
	ui.Copier
	ui.Exporter
	ui.Pointable
} = (*Screen)(nil)

// New opens the registry of a scope. model.StaleIn and model.StaleInRepository make its question. The levels have names for people,
// where somebody has read them.
func New(session *ui.Session, links Links, q model.Question, levels []model.Ancestor) *Screen {
	r := &Screen{Session: session, links: links, question: q, selected: map[string]bool{}, filter: ui.NewFilter(session.Styles)}
	r.result.levels = levels
	return r
}

// Init reads.
func (r *Screen) Init() tea.Cmd { return r.load() }

// Close ends the reading.
func (r *Screen) Close() { r.Stop() }

// Breadcrumb says whose registry this is.
func (r *Screen) Breadcrumb() string {
	return r.Styles.Breadcrumb(trail(r.question, r.result.levels))
}

// Scope is what the screen is about.
func (r *Screen) Scope() model.Question { return r.question }

// Levels are those above the scope, as far as they were read.
func (r *Screen) Levels() []model.Ancestor { return r.result.levels }

// Resume reads again after a walk that tried anything: the list shows what is, not what was. What was tried, whatever
// became of it, is not selected again.
func (r *Screen) Resume() tea.Cmd {
	if undone := r.undone; undone != nil {
		r.undone = nil
		return r.readAgain(undone)
	}
	if r.lastWalk == nil {
		return nil
	}
	tried := r.lastWalk.triedBindings()
	if len(tried) == 0 {
		return nil
	}
	for _, b := range tried {
		delete(r.selected, bindingID(b))
	}
	r.lastWalk = nil
	return r.readAgain(tried)
}

// readAgain reads what changed, and more where that is quick.
func (r *Screen) readAgain(touched []model.StaleBinding) tea.Cmd {
	if isScanned(r.question) { // to read all of an organization again takes long
		return r.loadAgain(touched)
	}
	return r.load()
}

// Typing reports whether letters are text.
func (r *Screen) Typing() bool { return r.filter.Typing() }

// IsAnswer reports whether a pasted thing is a member to look for.
func (r *Screen) IsAnswer(t pasted.Thing, _ string) bool {
	return t.Kind == pasted.Agent && r.whyNothing() == ""
}

// HandleText takes text for the filter.
func (r *Screen) HandleText(msg tea.Msg) tea.Cmd {
	if _, isPaste := msg.(tea.PasteMsg); isPaste && !r.filter.Typing() {
		r.openFilter()
	}
	cmd, changed := r.filter.Take(msg)
	if changed {
		r.arrange(false)
	}
	return cmd
}

func (r *Screen) openFilter() tea.Cmd {
	r.focus = consumers
	return r.filter.Open()
}

// clearFilter shows everything again.
func (r *Screen) clearFilter() {
	r.filter.Clear()
	r.arrange(true)
}

// Handle does what a key is for.
func (r *Screen) Handle(i ui.Intent) tea.Cmd {
	if why := r.whyNothing(); why != "" && slices.Contains([]ui.Intent{ui.IntentFilter, ui.IntentPane, ui.IntentSelectAll}, i) {
		return ui.Notice(why)
	}
	switch i {
	case ui.IntentFilter:
		return r.openFilter()
	case ui.IntentChoose:
		r.filter.Keep()
	case ui.IntentClear:
		r.clearFilter()
	case ui.IntentEnd:
		r.stopReading()
	case ui.IntentPane:
		return r.nextPane()
	case ui.IntentSelect:
		return r.toggle()
	case ui.IntentSelectAll:
		return r.toggleAll()
	case ui.IntentWalk:
		return r.enter()
	case ui.IntentUndo:
		return r.undo()
	case ui.IntentExplain: // the menu has it, where there is anything to explain
		return ui.Notice(r.whyNoExplanation())
	case ui.IntentReread:
		return r.Retry(r.reading.err, r.load)
	default:
		r.move(i)
	}
	return nil
}

// move moves in the pane that has the keys.
func (r *Screen) move(i ui.Intent) {
	switch r.focus {
	case details:
		r.detailAt = max(0, ui.MoveCursor(i, r.detailAt, r.tallest.lines, 5))
	case repositories:
		r.sources.cursor = ui.MoveCursor(i, r.sources.cursor, len(r.sources.rows), 10)
		r.arrange(false)
	default:
		r.lines.cursor, r.lines.moved, r.detailAt = ui.MoveCursor(i, r.lines.cursor, len(r.lines.stops), 10), true, 0
	}
}

// nextPane gives the keys to the next pane that there is.
func (r *Screen) nextPane() tea.Cmd {
	r.filter.Keep()
	r.focus = (r.focus + 1) % (details + 1)
	if r.focus == repositories && len(r.sources.rows) == 0 {
		r.focus = details
	}
	return nil
}

// current is the binding under the cursor; none on a heading.
func (r *Screen) current() (*binding, bool) {
	l, ok := r.lines.current()
	if !ok || l.binding == nil {
		return nil, false
	}
	return l.binding, true
}

func (r *Screen) toggle() tea.Cmd {
	if why := r.whyNoSelect(); why != "" {
		return ui.Notice(why)
	}
	b, _ := r.current()
	r.selected[b.id] = !r.selected[b.id]
	return nil
}

// whyNoSelect says why the line under the cursor can't be selected; empty: it can.
func (r *Screen) whyNoSelect() string {
	if b, ok := r.current(); ok {
		return b.whyKept()
	}
	return cmp.Or(r.whyNothing(), noBinding)
}

const noBinding = "no binding is under the cursor"

// toggleAll selects everything shown that can be taken away; nothing of it, where all is selected.
func (r *Screen) toggleAll() tea.Cmd {
	shown := r.lines.changeable()
	if len(shown) == 0 {
		return ui.Notice("nothing that is shown can be removed")
	}
	all := !slices.ContainsFunc(shown, func(b *binding) bool { return !r.selected[b.id] })
	for _, b := range shown {
		r.selected[b.id] = !all
	}
	return nil
}

// chosen are the selected bindings, or else the one under the cursor where it can go. The removals come first.
func (r *Screen) chosen() (bindings []model.StaleBinding) {
	for _, b := range r.result.bindings {
		if r.selected[b.id] && b.whyKept() == "" {
			bindings = append(bindings, b.StaleBinding)
		}
	}
	slices.SortStableFunc(bindings, func(a, b model.StaleBinding) int { return a.Rank() - b.Rank() })
	if b, ok := r.current(); len(bindings) == 0 && ok && b.whyKept() == "" {
		bindings = append(bindings, b.StaleBinding)
	}
	return bindings
}

// enter opens what the cursor is on: what is not judged, a repository's consumers, or the walk through what was chosen.
func (r *Screen) enter() tea.Cmd {
	if r.focus == repositories {
		r.focus = consumers
		return nil
	}
	if l, ok := r.lines.current(); ok && l.binding == nil && r.selectedCount() == 0 {
		r.open = !r.open
		r.arrange(true)
		return nil
	}
	return r.openRemoval()
}

// selectedCount counts what is selected, shown or not.
func (r *Screen) selectedCount() (n int) {
	for _, b := range r.result.bindings {
		if r.selected[b.id] {
			n++
		}
	}
	return n
}

// whyNoRemoval says why there is no walk; empty: there is one.
func (r *Screen) whyNoRemoval() string {
	switch why := r.whyNothing(); {
	case why != "":
		return why
	case !r.result.whole:
		return r.whyNotWhole()
	case len(r.chosen()) > 0:
		return ""
	}
	if b, ok := r.current(); ok {
		return b.whyKept()
	}
	return "nothing is selected; " + r.Keys.Symbol(ui.IntentSelect, false) + " selects a binding that can be removed"
}

// whyNotWhole says why what was found is not all.
func (r *Screen) whyNotWhole() string {
	if r.Busy {
		return stillReading
	}
	return "the reading did not come to its end; " + r.Keys.Symbol(ui.IntentReread, false) + " reads on"
}

const stillReading = "still reading: what can be removed is known when everything has arrived"

// openRemoval begins the walk through what was chosen.
func (r *Screen) openRemoval() tea.Cmd {
	if why := r.whyNoRemoval(); why != "" {
		return ui.Notice(why)
	}
	steps, byStep := model.StaleSteps(r.chosen())
	r.lastWalk = &Recheck{Cloud: r.links.Cloud, Bindings: byStep}
	s := r.result.situation
	return ui.Push(r.links.OpenWalk(walk.Task{Purpose: newRemovals(r.Session, r.lastWalk, r.question, r.result.levels, steps), Situation: s, Steps: steps}))
}

// whyKept says why a binding can't be taken away; empty: it can.
func (b *binding) whyKept() string {
	switch {
	case b.Removable || b.Replace != "":
		return ""
	case b.Status == "":
		return stillReading
	}
	_, word := b.mark()
	return "it stays (" + word + "): " + text.Clean(b.Reason)
}
