package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"whopulls/model"
	"whopulls/text"
)

// csvHeader names the columns. Columns may be added at the end, never renamed or moved.
var csvHeader = []string{"action", "status", "also_holds", "member", "consumer_project", "role", "resource_kind", "resource",
	"condition_title", "condition", "replace_with", "reason", "evidence", "gaps", "gcloud"}

// CSV writes a row for each binding, with a header row. Several things in one cell are joined by "; ", commands by
// " && ", so that they run as they stand.
func (s Stale) CSV(w io.Writer) error {
	rows := [][]string{slices.Clone(csvHeader)}
	for _, c := range s.chapters() {
		for _, b := range c.Bindings {
			rows = append(rows, s.csvRow(b))
		}
	}
	return writeCSV(w, rows)
}

// writeCSV writes rows as RFC 4180 says. A cell that a spreadsheet would take for a formula, one that begins with = + - @ or what looks
// like them, gets an apostrophe before it.
func writeCSV(w io.Writer, rows [][]string) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, row := range rows {
		for i, cell := range row {
			row[i] = defuseFormula(cell)
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("writing the table: %w", err)
	}
	return nil
}

func (s Stale) csvRow(b model.StaleBinding) []string {
	title := ""
	if b.Condition != nil {
		title = text.Clean(b.Condition.Title)
	}
	return []string{string(b.Action()), string(b.Status), alsoHolds(b), string(b.Member), b.Consumer(), b.Role, string(b.Resource.Kind()),
		b.Resource.Path(), title, b.Condition.Text(), b.Replace, b.Reason, joinFew(s.evidence(b)), joinFew(s.gaps(b.Gaps)), strings.Join(b.Gcloud, " && ")}
}

// maxListed are as many as a cell holds: a spreadsheet takes 32,767 characters.
const maxListed = 20

func joinFew(things []string) string {
	if more := len(things) - maxListed; more > 0 {
		things = append(things[:maxListed:maxListed], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(things, "; ")
}

// formulaStarts are the beginnings that make a spreadsheet calculate, with their fullwidth forms. Tabs, line ends and other
// controls can't begin a cell: they become spaces.
const formulaStarts = "=+-@＝＋－＠"

func defuseFormula(cell string) string {
	cell = text.CleanTrim(cell)
	if strings.IndexAny(cell, formulaStarts) == 0 {
		return "'" + cell
	}
	return cell
}
