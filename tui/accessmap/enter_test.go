package accessmap

import (
	"strings"
	"testing"

	"whopulls/model"
	"whopulls/model/words"
)

// Every open line says what closes it or what is not known, whatever kind it is and whatever was read.
func TestEveryOpenLineHasARemedy(t *testing.T) {
	ids := []string{model.CheckRunAPI, model.CheckAgent, model.CheckPull, model.CheckDeploy, model.CheckActAs, model.CheckReadImage, model.CheckRunAs,
		model.CheckRuntimeAccount, model.CheckImage, model.CheckUpstream}
	for _, id := range ids {
		for _, verdict := range []model.Verdict{model.Denied, model.Missing, model.Unknown} {
			t.Run(id+" "+string(verdict), func(t *testing.T) {
				bare := model.Check{ID: id, Verdict: verdict}
				for name, c := range map[string]model.Check{"bare": bare,
					"advised":  {ID: id, Verdict: verdict, Advice: []string{"Push the image."}},
					"unread":   {ID: id, Verdict: verdict, Gaps: []model.Gap{{Reason: "you may not see it", Need: "a.b.get"}}},
					"retained": {ID: id, Verdict: verdict, Gaps: []model.Gap{{Reason: "the quota is used up", Next: "wait a minute"}}}} {
					m := &Screen{diagnosis: model.Diagnosis{Verdict: verdict, Checks: []model.Check{c}}, selected: checkTarget(id)}
					sections := m.explanation(c).Sections(words.English)
					said := sections[len(sections)-1].Text + " " + strings.Join(m.advice(c), " ")
					want := map[string]string{"advised": "Push the image.", "retained": "wait a minute"}[name]
					if name == "unread" && verdict == model.Unknown {
						want = "To see it, ask for a.b.get on that place."
					}
					if said == "" || !strings.Contains(said, want) {
						t.Errorf("%s: %q, want %q in it", name, said, want)
					}
				}
			})
		}
	}
}

// A step that waits for another begins with that one.
func TestTheWalkBeginsWithWhatComesFirst(t *testing.T) {
	steps := []model.Step{{ID: "1"}, {ID: "2"}, {ID: "3", After: []string{"2"}}, {ID: "4", After: []string{"3"}}}
	for n, want := range []string{"1", "2", "2", "2"} {
		if got := firstOf(steps, steps[n]).ID; got != want {
			t.Errorf("step %s begins with %s, want %s", steps[n].ID, got, want)
		}
	}
}
