package view

import (
	"strings"
	"testing"

	"whopulls/cmd/console"
	"whopulls/model"
	"whopulls/model/garble"
)

// render is what a writer writes where no terminal is.
func render(t *testing.T, width int, write func(*console.Printer)) string {
	t.Helper()
	var out strings.Builder
	p := &console.Printer{W: &out, Width: width}
	write(p)
	if p.Err != nil {
		t.Fatal(p.Err)
	}
	return out.String()
}

func wantContains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in:\n%s", part, text)
		}
	}
}

// Where some of what is not known has advice of its own, the checks that it is for are named.
func TestUnknownSaysWhatItsAdviceIsFor(t *testing.T) {
	d := model.Diagnosis{Verdict: model.Unknown, Checks: []model.Check{{ID: model.CheckPull, Identity: model.Puller, Verdict: model.Unknown},
		{ID: model.CheckActAs, Identity: model.Deployer, Verdict: model.Unknown, Advice: []string{"Ask."}}}}
	out := render(t, 80, func(p *console.Printer) { writeWorst(p, d) })
	wantContains(t, strings.Join(strings.Fields(out), " "), "? unknown act as the runner (act-as); pull the image (pull) For act as the runner (act-as): Ask.")
}

// Only somebody else's words are cut, and only where they are long by far.
func TestOwnSentencesAreNotCut(t *testing.T) {
	long := strings.Repeat("word ", 300)
	for _, c := range []struct {
		name string
		said model.Observation
		cut  bool
	}{
		{"our own", model.Observation{Text: long}, false},
		{"quoted", model.Observation{Text: long, Quoted: true}, true},
		{"quoted and shorter", model.Observation{Text: long[:500], Quoted: true}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := render(t, 80, func(p *console.Printer) { writeObservations(p, []model.Observation{c.said}) })
			if strings.Contains(out, "…") != c.cut {
				t.Errorf("cut %t, want %t", !c.cut, c.cut)
			}
		})
	}
}

// A command stays on its own line, whatever the words around it say.
func TestAdviceKeepsCommandsWhole(t *testing.T) {
	const command = "gcloud services enable artifactregistry.googleapis.com --project=a-project-of-a-rather-long-name"
	gaps := []model.Gap{model.Gap{}.WithAdvice(model.Advice{Command: command}), model.Gap{}.WithAdvice(model.Advice{Words: "ask"})}
	out := render(t, 40, func(p *console.Printer) {
		for _, n := range model.AdviceFor(garble.Sentences(gaps)) {
			writeAdvice(p, n)
		}
	})
	wantContains(t, out, "What helps: "+command+"\n", "What helps: "+garble.Nonsense[:10])
}
