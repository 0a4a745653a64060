package tui

import (
	"slices"
	"strings"

	"charm.land/lipgloss/v2"

	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
	"whopulls/tui/ui"
)

// titleLine has one place for each thing: badges, who calls, where we are, and the verdict. In a narrow window the name of the program
// gives way first, then who calls, then where we are. Badges and verdict stay.
//
// Who calls stays too where it is another than the configuration names.
func (r *root) titleLine() string {
	name, badges, who := r.Styles.Title.Render("whopulls"), r.badges(), r.callerText()
	where, verdict := r.top().Breadcrumb(), r.verdict()
	width := r.width - 2
	room := func(others ...string) int { return max(0, width-cells.Width(joinParts(others...))-len(partGap)) }
	if other := r.mismatchedAccount(); other != "" {
		where = cells.Cut(where, room(badges, who+", not ", verdict)-minNameWidth)
		who += r.Styles.Verdicts[model.Unknown].Render(", not " + other + " as configured")
	}
	if cells.Width(joinParts(name, badges, who, where, verdict)) > width {
		name = ""
	}
	if who = cells.Cut(who, room(badges, where, verdict)); cells.Width(who) < minNameWidth {
		who = ""
	}
	left := joinParts(ui.Marked(ui.PaneTrail, firstScreen, joinParts(name, badges)), who)
	return " " + cells.Justify(left, joinParts(cells.Cut(where, room(left, verdict)), verdict), width)
}

// partGap stands between the parts of the title line.
const partGap = "  "

// joinParts puts those parts next to each other that say something.
func joinParts(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return cells.Width(p) == 0 }), partGap)
}

// minNameWidth is as much of a name as makes clear which one is meant.
const minNameWidth = 9

// verdict is that of the screen that is seen.
func (r *root) verdict() string {
	if s, ok := r.top().(ui.Judge); ok {
		return s.Verdict()
	}
	return ""
}

// badges say by word and colour what must not be forgotten: a sandbox, a program that changes nothing, and production.
func (r *root) badges() string {
	var badges []string
	add := func(word string, style lipgloss.Style) { badges = append(badges, style.Render(" "+word+" ")) }
	if world := r.sandboxName(); world != "" {
		add(world, r.Styles.BadgePlace)
	}
	if r.ReadOnly {
		add("READ ONLY", r.Styles.BadgeWarning)
	}
	if r.isProduction() {
		add("PRODUCTION", r.Styles.BadgeDanger)
	}
	return strings.Join(badges, " ")
}

// sandboxName is the badge of a sandbox; empty at Google.
func (r *root) sandboxName() string {
	title := text.Clean(r.opts.Title)
	if a := r.connector.current(); a.sandbox && r.cloudIfConnected() != nil {
		title = "sandbox " + text.Clean(r.cloudIfConnected().World())
	}
	kind, world, _ := strings.Cut(title, " ")
	return strings.TrimSpace(strings.ToUpper(kind) + " " + world)
}

// isProduction reports whether what is asked about lies in a project that looks like production.
func (r *root) isProduction() bool {
	gate := model.Gate{Production: r.opts.Production}
	for _, s := range r.stack {
		if l, ok := s.(ui.Located); ok && slices.ContainsFunc(l.Projects(), gate.LooksLikeProduction) {
			return true
		}
	}
	return false
}

// callerText is who calls, and by which configuration, or how far the connection is.
func (r *root) callerText() string {
	cloud := r.cloudIfConnected()
	if cloud == nil {
		return r.Styles.Dim.Render(r.connectionState())
	}
	who := "caller not known"
	if caller := cloud.Caller(); caller.Read() {
		who = text.Clean(caller.Value.Value())
	}
	if via := cloud.ImpersonatedBy(); via != "" {
		who += " via " + text.Clean(via)
	}
	if r.login != nil && r.login.Configuration != "" {
		who += "  configuration " + text.Clean(r.login.Configuration)
	}
	return r.Styles.Dim.Render(who)
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
	case r.noConnection == nil || r.noConnection.Reconnecting:
		return "connecting"
	case ui.NeedsSignIn(r.noConnection.Err):
		return "not signed in"
	}
	return "not connected"
}
