package cmd

import (
	"strings"
	"testing"
	"time"

	"whopulls/cmd/console"
	"whopulls/model"
	"whopulls/tui/registry"
)

// takenOut is what the app's registry found in a repository.
func foundInRegistry() registry.Report {
	q := model.StaleInRepository(model.RepositoryName{Project: "source-b", Location: "us", ID: "images"})
	s := model.NewSituation(q, time.Date(2026, 1, 14, 6, 30, 0, 0, time.UTC))
	return registry.Report{Question: q, Situation: s, Caller: model.Known(model.Member("user:dev@example.com")),
		List: model.StaleList{Bindings: []model.StaleBinding{{Resource: q.Scope, Role: model.RoleReader, Member: "deleted:user:gone@example.com?uid=1",
			Status: model.StaleDeleted, Removable: true, Reason: "The member was deleted; the binding gives nobody anything."}}}}
}

// Each format of the app is what stale list prints, and nothing of it goes to the terminal.
func TestRenderRegistry(t *testing.T) {
	for format, holds := range map[string]string{
		"table":             "Who may read projects/source-b/locations/us/repositories/images",
		"csv":               "deleted:user:gone@example.com?uid=1",
		"markdown":          "# Who may read",
		"html":              "<!doctype html>",
		"json":              `"status": "deleted"`,
		"terraform-removed": "What to take out of Terraform",
	} {
		t.Run(format, func(t *testing.T) {
			p := &program{io: console.Streams{Out: cancellingWriter{func() { t.Error("it writes to the terminal") }}, OutTerminal: true, Width: 80, Lookup: func(string) (string, bool) { return "", false }}}
			content, err := p.renderRegistry(format, foundInRegistry())
			if err != nil || !strings.Contains(strings.ToLower(content), strings.ToLower(holds)) || strings.Contains(content, "\x1b") {
				t.Errorf("%v:\n%s", err, content)
			}
		})
	}
}
