package cmd

import (
	"whopulls/model"
	"whopulls/report"
)

// staleFormats are those of stale list: three of them are reports for people who were not there.
var staleFormats = []format{formatTable, formatJSON, formatYAML, formatCSV, formatMarkdown, formatHTML}

// reportStale is what stale list found with who asked whom, and when.
func reportStale(r request, c cloud, scope model.Resource, levels []model.Ancestor, s model.Situation, list model.StaleList) report.Stale {
	where := r.target.title()
	if where == "" {
		where = "Google Cloud"
	}
	account := "not known"
	if caller := c.Caller(); caller.Read() {
		account = nameOf(caller.Value)
	}
	return report.Stale{Scope: scope, Levels: levels, At: s.Time, Target: where, Account: account, List: list}
}

// showStale writes the list in the format that was asked for.
func (p *program) showStale(f format, found report.Stale, view func(*printer)) error {
	switch f {
	case formatCSV:
		return found.CSV(p.io.Out)
	case formatMarkdown:
		return found.Markdown(p.io.Out)
	case formatHTML:
		return found.HTML(p.io.Out)
	}
	return p.show(f, found.List, view)
}
