package oracle

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"

	"whopulls/model"
)

// Answers arrive in any order, and what is wanted on the way depends on it. So one reading has facts that another lacks:
// in the end they say the same, to the order of the evidence.
func TestOrderOfReadingChangesNothing(t *testing.T) {
	setRapidChecks(t, sizeFromEnv(t, "ORACLE_ORDER_WORLDS", 200))
	rapid.Check(t, func(t *rapid.T) {
		s := scenarios.Draw(t, "world")
		at := readTime()
		allAtOnce := asJSON(model.Diagnose(s.read(at)))
		for about, pick := range map[string]func(int) int{
			"the first alone": func(int) int { return 0 },
			"the last alone":  func(n int) int { return n - 1 },
			"any alone":       func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "which") },
		} {
			if single := asJSON(model.Diagnose(s.readOneByOne(at, pick))); !bytes.Equal(single, allAtOnce) {
				t.Fatalf("%s:\n%s\nall at once:\n%s", about, single, allAtOnce)
			}
		}
	})
}

// readOneByOne fills a Situation with one fact at a time.
func (s *scenario) readOneByOne(at time.Time, pick func(wants int) int) model.Situation {
	m := directReader{s, at}
	situation := model.NewSituation(s.question, at)
	for wants := model.Wants(situation, model.PlanOptions{}); len(wants) > 0; wants = model.Wants(situation, model.PlanOptions{}) {
		m.answer(&situation, wants[pick(len(wants))])
	}
	situation.ReadingDone = true
	return situation
}
