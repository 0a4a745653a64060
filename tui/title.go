package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
	"whopulls/tui/ui"
)

// titleLine: the program, where we are and who we are, what is being looked at. Who calls is not hidden by the rest:
// where it is another than the configuration names, what is being looked at gives way.
func (r *root) titleLine() string {
	left := " " + r.Styles.Title.Render("whopulls")
	if r.ReadOnly {
		left += "  " + r.Styles.Verdicts[model.Unknown].Render("read-only")
	}
	left += "  " + r.Styles.Dim.Render(r.cloudAndCaller())
	right := r.top().Breadcrumb() + " "
	if other := r.mismatchedAccount(); other != "" {
		leftWidth := ansi.StringWidth(left + ", not ")
		left += r.Styles.Verdicts[model.Unknown].Render(", not " + other + " as configured")
		right = ui.Cut(right, max(r.width-leftWidth-minNameWidth, 0))
	}
	return ui.Justify(left, right, r.width)
}

// minNameWidth is as much of a name as tells which one is meant.
const minNameWidth = 9

// cloudAndCaller is the cloud and who calls it, or how far the connection is.
func (r *root) cloudAndCaller() string {
	cloud := r.cloudIfConnected()
	title := ui.Clean(r.opts.Title)
	if a := r.connector.current(); a.sandbox && cloud != nil {
		title = "sandbox " + ui.Clean(cloud.World())
	}
	who := r.connectionState()
	if cloud != nil {
		who = "caller not known"
		if caller := cloud.Caller(); caller.Read() {
			who = ui.Clean(caller.Value.Value())
		}
		if via := cloud.ImpersonatedBy(); via != "" {
			who += " via " + ui.Clean(via)
		}
	}
	return strings.Trim(title+" · "+who, " ·")
}

// mismatchedAccount is the account of the configuration, where somebody else calls.
func (r *root) mismatchedAccount() string {
	if cloud := r.cloudIfConnected(); cloud != nil {
		return ui.Clean(cloud.MismatchedAccount())
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
