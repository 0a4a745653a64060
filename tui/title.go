package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
)

// titleLine: the program, where we are and who we are, what is being looked at. Who calls is not hidden by the rest:
// where it is another than the configuration names, what is being looked at gives way.
func (r *root) titleLine() string {
	left := " " + r.styles.title.Render("whopulls")
	if r.readOnly {
		left += "  " + r.styles.verdicts[model.Unknown].Render("read-only")
	}
	left += "  " + r.styles.dim.Render(r.cloudAndCaller())
	right := r.top().breadcrumb() + " "
	if other := r.mismatchedAccount(); other != "" {
		leftWidth := ansi.StringWidth(left + ", not ")
		left += r.styles.verdicts[model.Unknown].Render(", not " + other + " as configured")
		right = cut(right, max(r.width-leftWidth-minNameWidth, 0))
	}
	return justify(left, right, r.width)
}

// minNameWidth is as much of a name as tells which one is meant.
const minNameWidth = 9

// cloudAndCaller is the cloud and who calls it, or how far the connection is.
func (r *root) cloudAndCaller() string {
	cloud := r.cloudIfConnected()
	title := clean(r.opts.Title)
	if a := r.connector.current(); a.sandbox && cloud != nil {
		title = "sandbox " + clean(cloud.World())
	}
	who := r.connectionState()
	if cloud != nil {
		who = "caller not known"
		if caller := cloud.Caller(); caller.Read() {
			who = clean(caller.Value.Value())
		}
		if via := cloud.ImpersonatedBy(); via != "" {
			who += " via " + clean(via)
		}
	}
	return strings.Trim(title+" · "+who, " ·")
}

// mismatchedAccount is the account of the configuration, where somebody else calls.
func (r *root) mismatchedAccount() string {
	if cloud := r.cloudIfConnected(); cloud != nil {
		return clean(cloud.MismatchedAccount())
	}
	return ""
}

// connectionState is how far the connection is, before it stands.
func (r *root) connectionState() string {
	switch {
	case r.noConnection == nil || r.noConnection.reconnecting:
		return "connecting"
	case needsSignIn(r.noConnection.err):
		return "not signed in"
	}
	return "not connected"
}
