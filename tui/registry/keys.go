package registry

import (
	"fmt"

	"whopulls/text"
	"whopulls/tui/ui"
)

// Bindings are the keys of the screen. While the filter takes letters there are few.
func (r *Screen) Bindings() []ui.Binding {
	if r.filter.Typing() {
		return ui.TypingBindings()
	}
	nothing := r.whyNothing()
	return append([]ui.Binding{
		ui.Binding{Intent: ui.IntentSelect, Help: "select"}.DisabledIf(r.whyNoSelect()),
		r.enterBinding(),
		ui.Binding{Intent: ui.IntentExplain, Help: "explain", LongHelp: "explain this binding: who, whether it is needed, what to do", Hidden: true}.DisabledIf(r.whyNoExplanation()),
		ui.BindCopy.DisabledIf(r.whyNoCopy()),
		ui.Binding{Intent: ui.IntentTakeOut, Help: "take out", LongHelp: "take out a report: table, CSV, HTML, JSON, Terraform"}.DisabledIf(r.whyNoReport()),
		{Intent: ui.IntentReread, Help: r.rereadHelp()},
		ui.ChangeBinding(ui.IntentUndo, "undo", "asks first", r.whyNoUndo()),
		r.stopClearOrBack(),
		ui.Binding{Intent: ui.IntentFilter, Help: "filter"}.DisabledIf(nothing),
		ui.Binding{Intent: ui.IntentSelectAll, Help: "select all", LongHelp: "select all of what is shown, or none of it", Hidden: true}.DisabledIf(nothing),
		ui.Binding{Intent: ui.IntentPane, Help: "pane", LongHelp: "the next pane: repositories, consumers, details", Hidden: true}.DisabledIf(nothing),
		ui.BindMove.DisabledIf(nothing), ui.BindQuit,
	}, ui.PagingBindings...)
}

// whyNoCopy says why there is nothing to copy; empty: there is something. An obstacle says more.
func (r *Screen) whyNoCopy() string {
	why := r.Copyables().WhyNone()
	if obstacle := r.whyNothing(); why != "" && obstacle != "" {
		return obstacle
	}
	return why
}

// enterBinding says what enter does to what the cursor is on.
func (r *Screen) enterBinding() ui.Binding {
	b := ui.Binding{Intent: ui.IntentWalk, Help: r.enterHelp()}
	l, ok := r.lines.current()
	if opens := ok && l.binding == nil && r.selectedCount() == 0; opens || r.focus == repositories {
		return b
	}
	return b.DisabledIf(r.whyNoRemoval())
}

func (r *Screen) enterHelp() string {
	l, ok := r.lines.current()
	count := r.selectedCount()
	switch {
	case r.focus == repositories:
		return "show who pulls"
	case ok && l.binding == nil && count == 0 && r.open:
		return "close"
	case ok && l.binding == nil && count == 0:
		return "open"
	case count == 0:
		return "fix"
	case r.ReadOnly:
		return "look at " + text.CountNoun(count, "removal")
	}
	if hidden := count - r.shownSelectedCount(); hidden > 0 {
		return fmt.Sprintf("remove %d, %d not shown (asks first)", count, hidden)
	}
	return fmt.Sprintf("remove %d (asks first)", count)
}

// rereadHelp says what reading again does: after a stop it continues a scan.
func (r *Screen) rereadHelp() string {
	switch {
	case r.reading.stopped && isScanned(r.question):
		return "continue"
	case r.whyNothing() != "":
		return "try again"
	}
	return "refresh"
}

// stopClearOrBack goes one step back: it stops the reading, or clears the filter, or leaves.
func (r *Screen) stopClearOrBack() ui.Binding {
	if r.Busy {
		return ui.Binding{Intent: ui.IntentEnd, KeysFrom: ui.IntentBack, Help: "stop reading"}
	}
	return r.filter.ClearOrBack()
}
