package cmd

import (
	"slices"
	"strings"

	"whopulls/cmd/console"
	"whopulls/text"
	"whopulls/text/cells"
)

// infoLabelWidth is as wide as the widest label.
const infoLabelWidth = len("configuration  ")

// viewInfo tells people who calls and why, then what is configured, then where everything is.
func viewInfo(p *console.Printer, d infoDocument) {
	viewAccount(p, d)
	for i, a := range d.Attempts {
		infoLine(p, labelOnce(i, "looked at"), console.Faint.Text(string(a.Method)+": "+a.Result))
	}
	p.Line()
	viewConfiguration(p, d)
	p.Line()
	viewNetwork(p, d.Network)
	p.Line()
	for i, f := range d.Files {
		note := ""
		if !f.Exists {
			note = " (not there)"
		}
		infoLine(p, labelOnce(i, "files"), console.Text(cells.Pad(f.What, 15)+f.Path+note))
	}
	p.Line()
	v := d.Versions
	infoLine(p, "versions", console.Text(v.summary()))
	if v.GcloudProgram != "" {
		infoLine(p, "", console.Text("gcloud "+v.Gcloud+" ("+v.GcloudProgram+")"))
	}
}

func viewAccount(p *console.Printer, d infoDocument) {
	a := d.Account
	switch {
	case !d.SignedIn && d.Error != nil:
		label := "account"
		if d.Error.Status == console.StatusUsage {
			label = "mistake"
		}
		infoLine(p, label, console.Bad.Text(d.Error.Message))
		for _, hint := range d.Error.Hints { // whole, to be copied
			p.Line(console.Text(strings.Repeat(" ", infoLabelWidth+2) + hint))
		}
		return
	case a.Member != nil:
		infoLine(p, "account", console.Strong.Text(console.MemberName(*a.Member)))
	default:
		infoLine(p, "account", console.Doubtful.Text(a.Reason))
	}
	if a.Differs {
		infoLine(p, "", console.Doubtful.Text("not "+a.Named+", which is the account that is set ("+d.Origins["core"]["account"]+")"))
	}
	method := string(a.Way)
	if a.Kind != "" {
		method += " (" + a.Kind + ")"
	}
	if a.ImpersonatedBy != "" {
		method += ", impersonated by " + a.ImpersonatedBy
	}
	infoLine(p, "signed in by", console.Text(method))
	if a.QuotaProject != "" {
		infoLine(p, "quota of", console.Text(a.QuotaProject))
	}
}

func viewConfiguration(p *console.Printer, d infoDocument) {
	name := d.Configuration.Name
	switch {
	case d.Configuration.Folder == "" && d.Error != nil:
		name = "not read"
	case d.Configuration.Folder == "":
		name = "none: a sandbox goes by flags and variables alone"
	}
	if d.Configuration.Origin != "" {
		name += " (" + d.Configuration.Origin + ")"
	}
	infoLine(p, "configuration", console.Text(name))
	for _, section := range sortedKeys(d.Config) {
		for _, property := range sortedKeys(d.Config[section]) {
			infoLine(p, "", console.Text(section+"/"+property+" = "+d.Config[section][property]), console.Faint.Text("  "+d.Origins[section][property]))
		}
	}
}

func viewNetwork(p *console.Printer, n networkInfo) {
	if n.Proxy != "" {
		infoLine(p, "proxy", console.Text(n.Proxy), console.Faint.Text("  "+n.ProxyFrom))
	}
	if n.CACerts != "" {
		infoLine(p, "authorities", console.Text(n.CACerts))
	}
	for i, api := range sortedKeys(n.Endpoints) {
		host := strings.TrimSuffix(strings.TrimPrefix(n.Endpoints[api], "https://"), "/")
		infoLine(p, labelOnce(i, "endpoints"), console.Text(cells.Pad(api, 22)+host))
	}
}

// labelOnce is the label of a group's first line.
func labelOnce(i int, label string) string {
	if i > 0 {
		return ""
	}
	return label
}

// infoLine puts spans behind a label, each on a line of its own where they don't fit beside each other; what is long goes
// on below its beginning.
func infoLine(p *console.Printer, label string, spans ...console.Span) {
	width := infoLabelWidth
	for _, s := range spans {
		width += cells.Width(text.Clean(s.Text))
	}
	if width <= p.Width {
		p.Line(slices.Concat([]console.Span{console.Faint.Text(cells.Pad(label, infoLabelWidth))}, spans)...)
		return
	}
	for i, s := range spans {
		p.WrapAfter([]console.Span{console.Faint.Text(cells.Pad(labelOnce(i, label), infoLabelWidth+2*min(i, 1)))}, s)
	}
}
