package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"whopulls/model"
)

// header names the columns. Columns may be added at the end, never renamed or moved.
var header = []string{"action", "status", "also_holds", "member", "consumer_project", "role", "resource_kind", "resource",
	"condition_title", "condition", "replace_with", "reason", "evidence", "gaps", "gcloud"}

// CSV writes a row for each binding, RFC 4180 with a header row. Several things in one cell are joined by "; ", commands by
// " && ", so that they run as they stand. A cell that a spreadsheet would take for a formula, one that begins with
// = + - @ or what looks like them, has an apostrophe before it.
func (s Stale) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	rows := [][]string{header}
	for _, c := range s.chapters() {
		for _, b := range c.Bindings {
			rows = append(rows, s.row(b))
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("writing the table: %w", err)
	}
	return nil
}

func (s Stale) row(b model.StaleBinding) []string {
	title := ""
	if b.Condition != nil {
		title = model.OneLine(b.Condition.Title)
	}
	cells := []string{string(b.Action()), string(b.Status), also(b), string(b.Member), b.Consumer(), b.Role, string(b.Resource.Kind()),
		b.Resource.Path(), title, b.Condition.Text(), b.Replace, b.Reason, few(s.evidence(b)), few(s.gaps(b.Gaps)), strings.Join(b.Gcloud, " && ")}
	for i, cell := range cells {
		cells[i] = defused(cell)
	}
	return cells
}

// fewThings are as many as a cell holds: a spreadsheet takes 32,767 characters.
const fewThings = 20

func few(things []string) string {
	if more := len(things) - fewThings; more > 0 {
		things = append(things[:fewThings:fewThings], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(things, "; ")
}

// formulas are the beginnings that make a spreadsheet calculate, with their fullwidth forms. Tabs, line ends and other
// controls can't begin a cell: they become spaces.
const formulas = "=+-@＝＋－＠"

func defused(cell string) string {
	cell = strings.TrimSpace(model.OneLine(cell))
	if strings.IndexAny(cell, formulas) == 0 {
		return "'" + cell
	}
	return cell
}
