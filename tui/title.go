package tui

import (
	"strings"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// titleLine: the program, where we are and who we are, what is being looked at. Who calls is not hidden by the rest:
// where it is another than the configuration names, what is being looked at gives way.
func (r *root) titleLine() string {
	left := " " + ui.Marked(ui.PaneTrail, firstScreen, r.Styles.Title.Render("whopulls"))
	if r.ReadOnly {
		left += "  " + r.Styles.Verdicts[model.Unknown].Render("read-only")
	}
	left += "  " + r.Styles.Dim.Render(r.cloudAndCaller())
	right := r.top().Breadcrumb() + " "
	if other := r.mismatchedAccount(); other != "" {
		leftWidth := cells.Width(left + ", not ")
		left += r.Styles.Verdicts[model.Unknown].Render(", not " + other + " as configured")
		right = cells.Cut(right, max(r.width-leftWidth-minNameWidth, 0))
	}
	return cells.Justify(left, right, r.width)
}

// minNameWidth is as much of a name as makes clear which one is meant.
const minNameWidth = 9

// cloudAndCaller is the cloud and who calls it, or how far the connection is.
func (r *root) cloudAndCaller() string {
	cloud := r.cloudIfConnected()
	title := text.Clean(r.opts.Title)
	if a := r.connector.current(); a.sandbox && cloud != nil {
		title = "sandbox " + text.Clean(cloud.World())
	}
	who := r.connectionState()
	if cloud != nil {
		who = "caller not known"
		if caller := cloud.Caller(); caller.Read() {
			who = text.Clean(caller.Value.Value())
		}
		if via := cloud.ImpersonatedBy(); via != "" {
			who += " via " + text.Clean(via)
		}
	}
	return strings.Trim(title+signs.Between+who, signs.Between)
}

// mismatchedAccount is the account of the configuration, where somebody else calls.
func (r *root) mismatchedAccount() string {
	if cloud := r.cloudIfConnected(); cloud != nil {
		return text.Clean(cloud.MismatchedAccount())
	}
	return ""
}

// connectionState is how far the connection is, before it stands.
func (r *root) connectionState() string {
	switch {
	case r.noConnection == nil || r.noConnection.reconnecting:
		return "connecting"
	case ui.NeedsSignIn(r.noConnection.err):
		return "not signed in"
	}
	return "not connected"
}
