package soundness

import (
	"fmt"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"whopulls/gcp/sandbox/world"
	"whopulls/model"
)

// planned are worlds as for the verdicts, in some of which the consumer's agent was not created yet.
var planned = rapid.Custom(func(t *rapid.T) *story {
	m := drawing(t, false)
	if m.chance(15) {
		m.orphan()
	}
	return m.finish()
})

// orphan takes the consumer's agent out of the world, and out of every policy.
func (m *maker) orphan() {
	m.w.Projects[0].Agents = &[]string{registryAPI}
	gone := "serviceAccount:" + m.agentOfConsumer()
	for _, policy := range m.policies() {
		policy.Bindings = slices.DeleteFunc(policy.Bindings, func(b world.FileBinding) bool {
			return slices.Equal(b.Members, []string{gone})
		})
		for i := range policy.Bindings {
			policy.Bindings[i].Members = slices.DeleteFunc(slices.Clone(policy.Bindings[i].Members), func(member string) bool { return member == gone })
		}
	}
	for i := range m.w.Groups {
		m.w.Groups[i].Members = slices.DeleteFunc(m.w.Groups[i].Members, func(member string) bool { return member == gone })
	}
}

// Whoever makes all steps of a plan has all granted, but for what no step was planned for; and no step can be left out.
func TestPlansAreEnoughAndNoMore(t *testing.T) {
	n := amount(t, "SOUNDNESS_PLANS", 1000)
	checks(t, max(n/shards, 1))
	y := newTally()
	t.Run("worlds", func(t *testing.T) {
		for i := range shards {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				rapid.Check(t, func(t *rapid.T) {
					s := planned.Draw(t, "world")
					wide := rapid.IntRange(0, 4).Draw(t, "scope") == 4
					y.stop(t, s, y.carriedOut(s, wide)...)
				})
			})
		}
	})
	y.reportOf(t, planNeeded(), n >= 1000)
	y.survey(t)
}

// carriedOut makes the steps of a story's plan in the world, and looks at what is so then.
func (y *tally) carriedOut(s *story, wide bool) (found []breach) {
	var o model.PlanOptions
	if wide {
		o.Scope = model.ScopeProject
	}
	situation := s.readFor(atMoment(), o)
	d := model.Diagnose(situation)
	p := model.PlanFor(situation, d, o)
	after := s.applied(p.Steps)
	found = s.notGiven(after, d, p)
	if fullSight(situation) && !s.olden {
		then := after.diagnosis()
		barred := after.barred(then)
		found = append(found, left(d, p, then, barred)...)
		for i := range p.Steps {
			if !s.idle(p.Steps[i]) && !barred[p.Steps[i].Check] && !lessThan(s.applied(slices.Delete(slices.Clone(p.Steps), i, i+1)).diagnosis(), then) {
				found = append(found, breach{"a step that nothing needs", p.Steps[i].Check, ""})
			}
		}
		y.seenPlan(d, p, then)
	}
	for i := range found {
		found[i].about += "\nplan: " + string(asJSON(p)) + "\nbefore: " + string(asJSON(d)) + "\nafter: " + string(asJSON(after.diagnosis()))
	}
	return found
}

func (s *story) diagnosis() model.Diagnosis { return model.Diagnose(s.read(atMoment())) }

// notGiven: what a step was planned for is so in the world once the plan is carried out. Where only a deny policy stands
// in the way, the binding is there, and no step could do more.
func (s *story) notGiven(after *story, d model.Diagnosis, p model.Plan) (found []breach) {
	r := referee{after, atMoment()}
	for _, step := range p.Steps {
		if policyIn(s.drawn, step.Resource.Path()) == nil && step.Kind == model.StepGrant {
			continue // planned on what nobody could see is not there
		}
		for _, id := range append([]string{step.Check}, step.Closes...) {
			c, _ := d.CheckByID(id)
			t, told := r.judge(c)
			if told && !t.yes && !t.gone && !r.bound(t) {
				found = append(found, breach{"planned for, and not so afterwards", c.BaseID(), fmt.Sprintf("%s: %+v", id, t)})
			}
		}
	}
	return found
}

// bound: the binding is there, and what stands in the way is a deny policy, or a constraint.
func (r referee) bound(t truth) bool {
	if t.asked == (access{}) {
		return false
	}
	h := r.holds(t.asked)
	return h.yes || h.byDeny
}

// barred are the checks whose binding is there, and which the caller's own test says no to all the same: what takes them
// away can't be read, and the verdict stays missing.
func (s *story) barred(d model.Diagnosis) map[string]bool {
	all := map[string]bool{}
	for _, c := range d.Checks {
		if t, told := (referee{s, atMoment()}).judge(c); told && !t.yes && t.byDeny && c.Verdict == model.Missing && string(c.Principal) == s.caller {
			all[c.ID] = true
		}
	}
	return all
}

// left: after the plan exactly those checks are not granted that were not and that no step was planned for. A condition of
// a deny rule that can't be decided leaves a check open whose binding is there.
func left(before model.Diagnosis, p model.Plan, after model.Diagnosis, barred map[string]bool) (found []breach) {
	planned := map[string]bool{}
	for _, step := range p.Steps {
		for _, id := range append([]string{step.Check}, step.Closes...) {
			planned[id] = true
		}
	}
	for _, c := range after.Checks {
		b, there := before.CheckByID(c.ID)
		granted := c.Verdict == model.Granted
		switch {
		case c.Verdict == model.Unknown && len(c.Evidence) > 0, barred[c.ID]:
		case !granted && (!there || planned[c.ID]):
			found = append(found, breach{"planned for, and not granted afterwards", c.BaseID(), c.ID})
		case !granted && b.Verdict == model.Granted:
			found = append(found, breach{"the plan takes something", c.BaseID(), c.ID})
		case granted && !planned[c.ID] && b.Verdict != model.Granted && b.Verdict != model.Unknown:
			found = append(found, breach{"not planned for, and granted afterwards", c.BaseID(), c.ID})
		}
	}
	return found
}

// lessThan tells whether a diagnosis lacks something that the other has.
func lessThan(d, than model.Diagnosis) bool {
	return slices.ContainsFunc(than.Checks, func(c model.Check) bool {
		mine, _ := d.CheckByID(c.ID)
		return c.Verdict == model.Granted && mine.Verdict != model.Granted || len(c.Evidence) > 0 && len(mine.Evidence) == 0
	})
}

// idle: an agent that is there already is created once more, for nobody can see whether it is.
func (s *story) idle(step model.Step) bool {
	return step.Kind == model.StepCreateAgent && slices.Contains(*projectOf(s.drawn, step.Resource.Project()).Agents, step.Resource.ID())
}

// seenPlan counts how plans end, and of what they consist.
func (y *tally) seenPlan(d model.Diagnosis, p model.Plan, then model.Diagnosis) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.counts[fmt.Sprintf("a plan of %d steps: %s, then %s", min(len(p.Steps), 5), d.Verdict, then.Verdict)]++
	for _, step := range p.Steps {
		certain := "certain"
		if !step.Certain {
			certain = "uncertain"
		}
		y.counts[fmt.Sprintf("%s for %s, %s", step.Kind, model.Check{ID: step.Check}.BaseID(), certain)]++
		if len(step.Closes) > 1 {
			y.counts["a step for several checks"]++
		}
	}
}

// planNeeded is what must have come up in a run that proves something.
func planNeeded() []string {
	all := []string{"enable-api for run-api, certain", "create-agent for agent, certain", "create-agent for agent, uncertain", "a step for several checks",
		"a plan of 0 steps: granted, then granted", "a plan of 3 steps: missing, then granted", "a plan of 3 steps: missing, then missing",
		"a plan of 3 steps: unknown, then granted", "a plan of 3 steps: denied, then denied"}
	for _, family := range []string{model.CheckAgent, model.CheckPull, model.CheckDeploy, model.CheckActAs, model.CheckReadImage, model.CheckRunAs, model.CheckUpstream} {
		all = append(all, "grant for "+family+", certain", "grant for "+family+", uncertain")
	}
	return all
}
