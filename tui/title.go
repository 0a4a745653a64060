package tui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
)

// titleLine: the program, where we are and who we are, what is being looked at. Who calls is not hidden by the rest:
// where it is another than the configuration names, what is being looked at gives way.
func (r *root) titleLine() string {
	left := " " + r.looks.title.Render("whopulls")
	if r.opts.ReadOnly {
		left += "  " + r.looks.verdicts[model.Unknown].Render("read-only")
	}
	left += "  " + r.looks.dim.Render(r.where())
	right := r.top().crumb() + " "
	if other := r.differs(); other != "" {
		least := ansi.StringWidth(left + ", not ")
		left += r.looks.verdicts[model.Unknown].Render(", not " + other + " as configured")
		right = cut(right, max(r.width-least-namePart, 0))
	}
	return spread(left, right, r.width)
}

// namePart is as much of a name as tells which one is meant.
const namePart = 9

// where is the cloud and who calls it, or how far the connection is.
func (r *root) where() string {
	cloud := r.connected()
	title := clean(r.opts.Title)
	if a := r.link.now(); a.sandbox && cloud != nil {
		title = "sandbox " + clean(cloud.World())
	}
	who := r.state()
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

// differs is the account of the configuration, where somebody else calls.
func (r *root) differs() string {
	if cloud := r.connected(); cloud != nil {
		return clean(cloud.MismatchedAccount())
	}
	return ""
}

// state is how far the connection is, before it stands.
func (r *root) state() string {
	switch {
	case r.lost == nil || r.lost.trying:
		return "connecting"
	case needsSignIn(r.lost.err):
		return "not signed in"
	}
	return "not connected"
}
