package ui

import (
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"whopulls/text/signs"
)

// Filter is the line that narrows what a screen shows, on screens where letters are actions until it is open.
type Filter struct {
	styles *Styles
	field  textinput.Model
	typing bool
}

// NewFilter is a filter that is closed and empty.
func NewFilter(styles *Styles) Filter {
	f := Filter{styles: styles, field: styles.NewInput("type to filter")}
	f.field.SetVirtualCursor(true)
	f.field.Prompt = signs.Prompt + " "
	return f
}

// Typing reports whether letters are text.
func (f *Filter) Typing() bool { return f.typing }

// Value is what was typed.
func (f *Filter) Value() string { return f.field.Value() }

// Open takes letters as text from now on.
func (f *Filter) Open() tea.Cmd {
	f.typing = true
	return f.field.Focus()
}

// Keep closes the filter, and keeps what was typed.
func (f *Filter) Keep() {
	f.typing = false
	f.field.Blur()
}

// Clear closes the filter, and forgets what was typed.
func (f *Filter) Clear() {
	f.Keep()
	f.field.SetValue("")
}

// Take takes what was typed or pasted, and reports whether that changed the filter.
func (f *Filter) Take(msg tea.Msg) (cmd tea.Cmd, changed bool) {
	before := f.field.Value()
	f.field, cmd = f.field.Update(CleanInput(msg))
	return cmd, f.field.Value() != before
}

// Lines are the filter's line; none where it is closed and empty.
func (f *Filter) Lines(width int) []string {
	if !f.typing && f.Value() == "" {
		return nil
	}
	const most, margins = 40, 8
	ResizeInput(&f.field, max(1, min(most, width-margins)))
	return []string{"  " + f.styles.FieldView(&f.field)}
}

// bindClear clears the filter, by the key that leads back.
var bindClear = Binding{Intent: IntentClear, KeysFrom: IntentBack, Help: "clear filter"}

// ClearOrBack clears the filter. Without a filter it leaves the screen.
func (f *Filter) ClearOrBack() Binding {
	if f.typing || f.Value() != "" {
		return bindClear
	}
	return BindBack
}

// TypingBindings are the few keys of a screen while its filter is open.
func TypingBindings() []Binding {
	return append([]Binding{{Intent: IntentChoose, Help: "keep the filter"}, bindClear, BindMove, BindStop}, PagingBindings...)
}

// WhyNothingFits says what stands where nothing fits a filter.
func (k Keys) WhyNothingFits() string {
	return "Nothing fits the filter; " + k.Symbol(IntentBack, true) + " clears it."
}
