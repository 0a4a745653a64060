package view

import (
	"maps"
	"slices"
	"strings"

	"whopulls/cmd/console"
	"whopulls/model"
	"whopulls/text"
	"whopulls/text/cells"
)

// InfoDocument is what info says to programs.
type InfoDocument struct {
	SignedIn      bool                         `json:"signedIn"`
	Account       InfoAccount                  `json:"account"`
	Attempts      []InfoAttempt                `json:"attempts"`
	Error         *ErrorBody                   `json:"error,omitempty"` // why nobody is signed in
	Configuration InfoConfiguration            `json:"configuration"`
	Config        map[string]map[string]string `json:"config"`  // as gcloud config list --format=json prints it
	Origins       map[string]map[string]string `json:"origins"` // what set each
	Network       InfoNetwork                  `json:"network"`
	Files         []InfoFile                   `json:"files"`
	Versions      InfoVersions                 `json:"versions"`
}

// InfoAccount is who calls.
type InfoAccount struct {
	Member         *model.Member `json:"member"` // null: nobody, or it is not known who
	Reason         string        `json:"reason,omitempty"`
	Way            string        `json:"way,omitempty"`
	Source         string        `json:"source,omitempty"`
	Kind           string        `json:"kind,omitempty"`
	ImpersonatedBy string        `json:"via,omitempty"`   // who impersonates
	Named          string        `json:"named,omitempty"` // the account that flag, variable or configuration name
	Differs        bool          `json:"differs"`
	QuotaProject   string        `json:"quotaProject,omitempty"`
}

// InfoAttempt is one way to sign in, and how it went.
type InfoAttempt struct {
	Method string `json:"way"`
	Result string `json:"result"`
}

// InfoConfiguration is gcloud's configuration.
type InfoConfiguration struct {
	Name   string `json:"name"`
	Origin string `json:"origin,omitempty"`
	Folder string `json:"folder,omitempty"`
	File   string `json:"file,omitempty"`
}

// InfoNetwork is how Google Cloud is reached.
type InfoNetwork struct {
	Universe  string            `json:"universe"`
	Proxy     string            `json:"proxy,omitempty"`
	ProxyFrom string            `json:"proxyFrom,omitempty"` // what names it
	CACerts   string            `json:"caCerts,omitempty"`
	Endpoints map[string]string `json:"endpoints"` // by API
}

// InfoFile is a file that whopulls reads or writes.
type InfoFile struct {
	What   string `json:"what"`
	Path   string `json:"path"`
	Exists bool   `json:"there"`
}

// InfoVersions are those of whopulls and of gcloud.
type InfoVersions struct {
	Build
	Gcloud        string `json:"gcloud,omitempty"`
	GcloudProgram string `json:"gcloudProgram,omitempty"`
}

// infoLabelWidth is as wide as the widest label.
const infoLabelWidth = len("configuration  ")

// Info writes who calls and why, then what is configured, then the files.
func Info(p *console.Printer, d InfoDocument) {
	writeAccount(p, d)
	for i, a := range d.Attempts {
		writeInfoLine(p, labelOnce(i, "checked"), console.Faint.Text(a.Method+": "+a.Result))
	}
	p.Line()
	writeConfiguration(p, d)
	p.Line()
	writeNetwork(p, d.Network)
	p.Line()
	for i, f := range d.Files {
		note := ""
		if !f.Exists {
			note = " (does not exist)"
		}
		writeInfoLine(p, labelOnce(i, "files"), console.Text(cells.Pad(f.What, 15)+f.Path+note))
	}
	p.Line()
	v := d.Versions
	writeInfoLine(p, "versions", console.Text(v.Summary()))
	if v.GcloudProgram != "" {
		writeInfoLine(p, "", console.Text("gcloud "+v.Gcloud+" ("+v.GcloudProgram+")"))
	}
}

func writeAccount(p *console.Printer, d InfoDocument) {
	a := d.Account
	switch {
	case !d.SignedIn && d.Error != nil:
		label := "account"
		if d.Error.Status == console.StatusUsage {
			label = "mistake"
		}
		writeInfoLine(p, label, console.Bad.Text(d.Error.Message))
		for _, hint := range d.Error.Hints { // whole, to be copied
			p.Line(console.Text(strings.Repeat(" ", infoLabelWidth+2) + hint))
		}
		return
	case a.Member != nil:
		writeInfoLine(p, "account", console.Strong.Text(console.MemberName(*a.Member)))
	default:
		writeInfoLine(p, "account", console.Doubtful.Text(a.Reason))
	}
	if a.Differs {
		writeInfoLine(p, "", console.Doubtful.Text("not "+a.Named+", which is the account that is set ("+d.Origins["core"]["account"]+")"))
	}
	method := a.Way
	if a.Kind != "" {
		method += " (" + a.Kind + ")"
	}
	if a.ImpersonatedBy != "" {
		method += ", impersonated by " + a.ImpersonatedBy
	}
	writeInfoLine(p, "signed in by", console.Text(method))
	if a.QuotaProject != "" {
		writeInfoLine(p, "quota of", console.Text(a.QuotaProject))
	}
}

func writeConfiguration(p *console.Printer, d InfoDocument) {
	name := d.Configuration.Name
	switch {
	case d.Configuration.Folder == "" && d.Error != nil:
		name = "not read"
	case d.Configuration.Folder == "":
		name = "none: a sandbox uses flags and variables only"
	}
	if d.Configuration.Origin != "" {
		name += " (" + d.Configuration.Origin + ")"
	}
	writeInfoLine(p, "configuration", console.Text(name))
	for _, section := range sortedKeys(d.Config) {
		for _, property := range sortedKeys(d.Config[section]) {
			writeInfoLine(p, "", console.Text(section+"/"+property+" = "+d.Config[section][property]), console.Faint.Text("  "+d.Origins[section][property]))
		}
	}
}

func writeNetwork(p *console.Printer, n InfoNetwork) {
	if n.Proxy != "" {
		writeInfoLine(p, "proxy", console.Text(n.Proxy), console.Faint.Text("  "+n.ProxyFrom))
	}
	if n.CACerts != "" {
		writeInfoLine(p, "authorities", console.Text(n.CACerts))
	}
	for i, api := range sortedKeys(n.Endpoints) {
		host := strings.TrimSuffix(strings.TrimPrefix(n.Endpoints[api], "https://"), "/")
		writeInfoLine(p, labelOnce(i, "endpoints"), console.Text(cells.Pad(api, 22)+host))
	}
}

// labelOnce is the label of a group's first line.
func labelOnce(i int, label string) string {
	if i > 0 {
		return ""
	}
	return label
}

// writeInfoLine writes spans after a label: on one line if they fit, otherwise each on its own line, wrapped below its start.
func writeInfoLine(p *console.Printer, label string, spans ...console.Span) {
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

// sortedKeys gives the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
