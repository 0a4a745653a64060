package walk

import (
	"testing"

	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
	"whopulls/tui/ui"
)

// What is missing after a taking back is no fault, and what was left is said.
func TestHeadlineOfATakingBack(t *testing.T) {
	after := &model.Diagnosis{Verdict: model.Missing}
	done, left := model.Outcome{State: model.StepDone, Verified: true}, model.Outcome{State: model.StepSkipped}
	for want, c := range map[string]struct {
		outcomes map[string]model.Outcome
		after    *model.Diagnosis
	}{
		"What this run of whopulls changed  1 of 2 taken back; each asks first": {map[string]model.Outcome{"1": done}, nil},
		"✓ taken back  2 of 2":                                                           {map[string]model.Outcome{"1": done, "2": done}, nil},
		"✓ taken back  2 of 2; the verdict is missing now":                               {map[string]model.Outcome{"1": done, "2": done}, after},
		"Not all was taken back  1 of 2; each line says why; the verdict is missing now": {map[string]model.Outcome{"1": done, "2": left}, after},
	} {
		t.Run(want, func(t *testing.T) {
			w := New(&ui.Session{Styles: ui.NewStyles(ui.ThemeMono)}, Links{}, Task{Purpose: Undo{Of: "this run of whopulls"}, Steps: []model.Step{{ID: "1"}, {ID: "2"}}})
			w.outcomes, w.finalDiagnosis = c.outcomes, c.after
			if got := ansi.Strip(w.headline()); got != want {
				t.Errorf("the headline is %q, not %q", got, want)
			}
		})
	}
}
