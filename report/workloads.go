package report

import (
	"io"
	"slices"

	"whopulls/model"
)

// workloadsHeader names the columns. Columns may be added at the end, never renamed or moved.
var workloadsHeader = []string{"verdict", "kind", "name", "region", "images", "not_granted", "reason", "gaps"}

// WorkloadsCSV writes a row for each workload of a project, with a header row. Several things in one cell are joined by "; ".
func WorkloadsCSV(w io.Writer, workloads []model.WorkloadVerdict) error {
	rows := [][]string{slices.Clone(workloadsHeader)}
	for _, v := range workloads {
		rows = append(rows, workloadRow(v))
	}
	return writeCSV(w, rows)
}

func workloadRow(v model.WorkloadVerdict) []string {
	var images, ids, reasons, gaps []string
	for _, i := range v.Images {
		images = append(images, i.Reference)
	}
	unread := v.Gaps
	for _, c := range v.Checks {
		ids, reasons, unread = append(ids, c.ID), append(reasons, c.Reason), slices.Concat(unread, c.Gaps)
	}
	for _, g := range unread {
		gaps = append(gaps, g.Reason)
	}
	return []string{string(v.Verdict), string(v.Workload.Kind), v.Workload.Name, v.Workload.Region, joinFew(images), joinFew(ids), joinFew(unique(reasons)), joinFew(unique(gaps))}
}

// unique leaves out what was there before: many checks depend on the same facts.
func unique(sentences []string) (once []string) {
	for _, s := range sentences {
		if !slices.Contains(once, s) {
			once = append(once, s)
		}
	}
	return once
}
