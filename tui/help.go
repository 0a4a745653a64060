package tui

import (
	"strings"
)

// legend explains the picture in the words of the design: three identities, four verdicts.
var legend = []string{
	"DEPLOYS  whoever calls Cloud Run: creates the workload, acts as the runner, reads the image.",
	"PULLS    the Cloud Run service agent of the consumer project: fetches the image. It needs the reader role where the image lives.",
	"RUNS     the runtime service account of the container. It needs nothing for the pull: the image is there before the container starts.",
	"✓ granted  a binding that was read gives it.",
	"✗ missing  everything was read, and nothing gives it.",
	"⊘ denied   a deny policy or an organization policy takes it away.",
	"? unknown  something could not be read. That is not the same as missing.",
}

func (r *root) helpView(height int) string {
	lines := []string{"", "  " + r.looks.bold.Render("Who is who"), ""}
	for _, l := range legend {
		head, text, _ := strings.Cut(l, "  ")
		for i, part := range wrap(strings.TrimSpace(text), r.width-18) {
			if i > 0 {
				head = ""
			}
			lines = append(lines, "    "+r.looks.key.Render(pad(head, 11))+part)
		}
	}
	lines = append(lines, "", "  "+r.looks.bold.Render("Keys here"), "")
	for _, b := range append(r.top().bindings(), global...) {
		if b.label != "" {
			lines = append(lines, "    "+r.looks.key.Render(pad(b.label, 11))+b.help)
		}
	}
	lines = append(lines, "", "  "+r.looks.dim.Render("any key closes this"))
	return strings.Join(lines[:min(len(lines), height)], "\n")
}
