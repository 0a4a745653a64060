package registry

import (
	"whopulls/model"
	"whopulls/tui/ui"
)

// Report is what is taken out: everything that was found, whatever the filter shows.
type Report struct {
	Question  model.Question
	Levels    []model.Ancestor
	Situation model.Situation
	List      model.StaleList
	Caller    model.Fact[model.Member]
	CloudName string // the sandbox that was asked; empty: Google Cloud
}

// Render gives a report in a format, as stale list prints it.
type Render func(format string, r Report) (string, error)

// forms are what a report can be taken out in, by the formats of stale list.
var forms = []struct{ label, detail, format, ending string }{
	{"Table", "text, as stale list prints it", "table", ".registry.txt"},
	{"CSV", "a row for each binding, for a spreadsheet", "csv", ".registry.csv"},
	{"Markdown", "for a ticket", "markdown", ".registry.md"},
	{"HTML", "a page with a picture, to open and to print", "html", ".registry.html"},
	{"JSON", "for a script", "json", ".registry.json"},
	{"Terraform", "what to take out of a configuration", "terraform-removed", ".removed.tf"},
}

// TakeOuts are the reports of what was found.
func (r *Screen) TakeOuts() (all []ui.TakeOut) {
	report := Report{Question: r.question, Levels: r.result.levels, Situation: r.result.situation, List: r.result.list}
	for _, f := range forms {
		all = append(all, ui.TakeOut{Label: f.label, Detail: f.detail, WhyOff: r.whyNoReport(), FileName: ui.FileName(r.question.Scope.ID(), f.ending),
			Content: func() (string, error) { return r.links.Render(f.format, report) }})
	}
	return all
}

// whyNoReport says why there is nothing to take out; empty: there is. A report of half a reading would be taken for the whole.
func (r *Screen) whyNoReport() string {
	switch why := r.whyNothing(); {
	case why != "":
		return why
	case !r.result.whole:
		return r.whyNotWhole()
	}
	return ""
}
