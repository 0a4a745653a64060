package list

import (
	"fmt"

	tea "charm.land/bubbletea/v2"

	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// pane is the preview behind the list. While it is focused, the keys that move scroll it.
type pane struct {
	focused bool
	offset  int  // the first line that is shown
	page    int  // how many are
	scrolls bool // not all of them are
}

// paneBinding goes to the preview, and back.
func (p *List) paneBinding() ui.Binding {
	b := ui.Binding{Intent: ui.IntentPane, Help: "preview", LongHelp: "the other pane: more about the row, or the list", Hidden: true}
	return b.DisabledIf(p.whyNoPane())
}

// whyNoPane says why the preview can't be gone to; empty: it can.
func (p *List) whyNoPane() string {
	if !p.hasPane() {
		return "the window is too narrow"
	}
	return ""
}

// enterPane goes to the preview.
func (p *List) enterPane() tea.Cmd {
	if why := p.whyNoPane(); why != "" {
		return ui.Notice(why)
	}
	p.pane.focused = true
	return nil
}

// bindList goes back to the list.
var bindList = ui.Binding{Intent: ui.IntentClear, KeysFrom: ui.IntentBack, Help: "to the list"}

// hasPane reports whether there is a preview to go to.
func (p *List) hasPane() bool { return p.Preview != nil && hasPreviewRoom(p.WindowWidth) }

// inPane reports whether the keys that move are those of the preview. A window that became too narrow has none.
func (p *List) inPane() bool { return p.pane.focused && p.hasPane() }

// handlePane scrolls the preview, or leaves it; the other keys mean the same as in the list.
func (p *List) handlePane(i ui.Intent) (handled bool) {
	switch i {
	case ui.IntentPane, ui.IntentClear:
		p.pane.focused = false
	case ui.IntentUp, ui.IntentDown, ui.IntentPageUp, ui.IntentPageDown, ui.IntentFirst, ui.IntentLast:
		p.pane.offset = ui.MoveCursor(i, p.pane.offset, maxPaneLines, max(p.pane.page-1, 1))
	default:
		return false
	}
	return true
}

// maxPaneLines is more than a preview has; drawing brings the offset back.
const maxPaneLines = 100_000

// scrollPane scrolls the preview by lines.
func (p *List) scrollPane(lines int) { p.pane.offset = max(0, p.pane.offset+lines) }

// paneLines are the lines of the preview that are shown. Where it is scrolled, the last says which part that is.
func (p *List) paneLines(width, height int) []string {
	if !p.inPane() && p.pane.offset == 0 {
		return p.Preview.Lines(width, height)
	}
	all := p.Preview.Lines(width, 0)
	p.pane.page, p.pane.scrolls = height, len(all) > height
	if !p.pane.scrolls {
		p.pane.offset = 0
		return all
	}
	p.pane.page--
	p.pane.offset = min(p.pane.offset, len(all)-p.pane.page)
	end := p.pane.offset + p.pane.page
	part := fmt.Sprintf("%s lines %d to %d of %d", signs.More, p.pane.offset+1, end, len(all))
	return append(all[p.pane.offset:end:end], p.Styles.Dim.Render(part))
}
