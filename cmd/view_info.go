package cmd

import (
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// infoLabelWidth is as wide as the widest label.
const infoLabelWidth = len("configuration  ")

// viewInfo tells people who calls and why, then what is configured, then where everything is.
func viewInfo(p *printer, d infoDocument) {
	viewAccount(p, d)
	for i, a := range d.Attempts {
		infoLine(p, labelOnce(i, "looked at"), span{faint, string(a.Method) + ": " + a.Result})
	}
	p.line()
	viewConfiguration(p, d)
	p.line()
	viewNetwork(p, d.Network)
	p.line()
	for i, f := range d.Files {
		note := ""
		if !f.Exists {
			note = " (not there)"
		}
		infoLine(p, labelOnce(i, "files"), text(pad(f.What, 15)+f.Path+note))
	}
	p.line()
	v := d.Versions
	infoLine(p, "versions", text(v.summary()))
	if v.GcloudProgram != "" {
		infoLine(p, "", text("gcloud "+v.Gcloud+" ("+v.GcloudProgram+")"))
	}
}

func viewAccount(p *printer, d infoDocument) {
	a := d.Account
	switch {
	case !d.SignedIn && d.Error != nil:
		label := "account"
		if d.Error.Status == statusUsage {
			label = "mistake"
		}
		infoLine(p, label, span{bad, d.Error.Message})
		for _, hint := range d.Error.Hints { // whole, to be copied
			p.line(text(strings.Repeat(" ", infoLabelWidth+2) + hint))
		}
		return
	case a.Member != nil:
		infoLine(p, "account", span{strong, memberName(*a.Member)})
	default:
		infoLine(p, "account", span{doubtful, a.Reason})
	}
	if a.Differs {
		infoLine(p, "", span{doubtful, "not " + a.Named + ", which is the account that is set (" + d.Origins["core"]["account"] + ")"})
	}
	method := string(a.Way)
	if a.Kind != "" {
		method += " (" + a.Kind + ")"
	}
	if a.ImpersonatedBy != "" {
		method += ", impersonated by " + a.ImpersonatedBy
	}
	infoLine(p, "signed in by", text(method))
	if a.QuotaProject != "" {
		infoLine(p, "quota of", text(a.QuotaProject))
	}
}

func viewConfiguration(p *printer, d infoDocument) {
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
	infoLine(p, "configuration", text(name))
	for _, section := range sortedKeys(d.Config) {
		for _, property := range sortedKeys(d.Config[section]) {
			infoLine(p, "", text(section+"/"+property+" = "+d.Config[section][property]), span{faint, "  " + d.Origins[section][property]})
		}
	}
}

func viewNetwork(p *printer, n networkInfo) {
	if n.Proxy != "" {
		infoLine(p, "proxy", text(n.Proxy), span{faint, "  " + n.ProxyFrom})
	}
	if n.CACerts != "" {
		infoLine(p, "authorities", text(n.CACerts))
	}
	for i, api := range sortedKeys(n.Endpoints) {
		host := strings.TrimSuffix(strings.TrimPrefix(n.Endpoints[api], "https://"), "/")
		infoLine(p, labelOnce(i, "endpoints"), text(pad(api, 22)+host))
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
func infoLine(p *printer, label string, spans ...span) {
	width := infoLabelWidth
	for _, s := range spans {
		width += ansi.StringWidth(clean(s.text))
	}
	if width <= p.width {
		p.line(slices.Concat([]span{{faint, pad(label, infoLabelWidth)}}, spans)...)
		return
	}
	for i, s := range spans {
		p.wrapAfter([]span{{faint, pad(labelOnce(i, label), infoLabelWidth+2*min(i, 1))}}, s)
	}
}
