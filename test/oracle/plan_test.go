package oracle

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"whopulls/gcp/sandbox/world"
	"whopulls/model"
)

// planScenarios are worlds as for the verdicts, in some of which the consumer's agent was not created yet.
var planScenarios = rapid.Custom(func(t *rapid.T) *scenario {
	m := generate(t, false)
	if m.chance(15) {
		m.removeAgent()
	}
	return m.build()
})

// removeAgent takes the consumer's agent out of the world, and out of every policy.
func (m *generator) removeAgent() {
	m.world.Projects[0].Agents = &[]string{registryAPI}
	gone := "serviceAccount:" + m.consumerAgent()
	for _, policy := range m.allPolicies() {
		policy.Bindings = slices.DeleteFunc(policy.Bindings, func(b world.FileBinding) bool {
			return slices.Equal(b.Members, []string{gone})
		})
		for i := range policy.Bindings {
			policy.Bindings[i].Members = slices.DeleteFunc(slices.Clone(policy.Bindings[i].Members), func(member string) bool { return member == gone })
		}
	}
	for i := range m.world.Groups {
		m.world.Groups[i].Members = slices.DeleteFunc(m.world.Groups[i].Members, func(member string) bool { return member == gone })
	}
}

// After all steps of a plan everything is granted that a step was planned for, and no step can be left out.
func TestPlansAreEnoughAndNoMore(t *testing.T) {
	cov := newCoverage()
	cov.check(t, sizeFromEnv(t, "ORACLE_PLANS", 1000), 1000, planCoverage(), func(t *rapid.T) {
		s := planScenarios.Draw(t, "world")
		wide := rapid.IntRange(0, 4).Draw(t, "scope") == 4
		cov.failOrNote(t, s, cov.checkPlan(s, wide)...)
	})
}

// checkPlan makes the steps of a scenario's plan in the world, and looks at what is so then.
func (cov *coverage) checkPlan(s *scenario, wide bool) (found []violation) {
	var o model.PlanOptions
	if wide {
		o.Scope = model.ScopeProject
	}
	situation := s.readFor(readTime(), o)
	d := model.Diagnose(situation)
	p := model.PlanFor(situation, d, o)
	after := s.withSteps(p.Steps)
	found = s.plannedInVain(after, d, p)
	if isAllRead(situation) && !s.policyV1 {
		then := after.diagnose()
		barred := after.barredChecks(then)
		found = append(found, planViolations(d, p, then, barred)...)
		for i := range p.Steps {
			if !s.isAlreadyThere(p.Steps[i]) && !barred[p.Steps[i].Check] && !grantsLess(s.withSteps(slices.Delete(slices.Clone(p.Steps), i, i+1)).diagnose(), then) {
				found = append(found, violation{"a step that nothing needs", p.Steps[i].Check, ""})
			}
		}
		cov.countPlan(d, p, then)
	}
	for i := range found {
		found[i].detail += "\nplan: " + string(asJSON(p)) + "\nbefore: " + string(asJSON(d)) + "\nafter: " + string(asJSON(after.diagnose()))
	}
	return found
}

func (s *scenario) diagnose() model.Diagnosis { return model.Diagnose(s.read(readTime())) }

// plannedInVain: what a step was planned for is so in the world once the plan is carried out. Where only a deny policy stands
// in the way, the binding is there, and no step could do more.
func (s *scenario) plannedInVain(after *scenario, d model.Diagnosis, p model.Plan) (found []violation) {
	r := oracle{after, readTime()}
	for _, step := range p.Steps {
		if findPolicy(s.drawnWorld, step.Resource.Path()) == nil && step.Kind == model.StepGrant {
			continue // planned on what nobody could see is not there
		}
		for _, id := range append([]string{step.Check}, step.Closes...) {
			c, _ := d.CheckByID(id)
			t, known := r.judge(c)
			if known && !t.yes && !t.gone && !r.isBound(t) {
				found = append(found, violation{"planned for, and not so afterwards", c.BaseID(), fmt.Sprintf("%s: %+v", id, t)})
			}
		}
	}
	return found
}

// isBound: the binding is there, and what stands in the way is a deny policy, or a constraint.
func (r oracle) isBound(t truth) bool {
	if t.access == (access{}) {
		return false
	}
	h := r.holds(t.access)
	return h.yes || h.byDeny
}

// barredChecks are the checks whose binding is there, and which the caller's own test says no to all the same: what takes them
// away can't be read, and the verdict stays missing.
func (s *scenario) barredChecks(d model.Diagnosis) map[string]bool {
	all := map[string]bool{}
	for _, c := range d.Checks {
		if t, known := (oracle{s, readTime()}).judge(c); known && !t.yes && t.byDeny && c.Verdict == model.Missing && string(c.Principal) == s.caller {
			all[c.ID] = true
		}
	}
	return all
}

// planViolations: after the plan exactly those checks are not granted that were not and that no step was planned for. A condition of
// a deny rule that can't be decided leaves a check open whose binding is there.
func planViolations(before model.Diagnosis, p model.Plan, after model.Diagnosis, barred map[string]bool) (found []violation) {
	planned := map[string]bool{}
	for _, step := range p.Steps {
		for _, id := range append([]string{step.Check}, step.Closes...) {
			planned[id] = true
		}
	}
	for _, c := range after.Checks {
		b, existed := before.CheckByID(c.ID)
		granted := c.Verdict == model.Granted
		switch {
		case c.Verdict == model.Unknown && len(c.Evidence) > 0, barred[c.ID]:
		case !granted && (!existed || planned[c.ID]):
			found = append(found, violation{"planned for, and not granted afterwards", c.BaseID(), c.ID})
		case !granted && b.Verdict == model.Granted:
			found = append(found, violation{"the plan takes something", c.BaseID(), c.ID})
		case granted && !planned[c.ID] && b.Verdict != model.Granted && b.Verdict != model.Unknown:
			found = append(found, violation{"not planned for, and granted afterwards", c.BaseID(), c.ID})
		}
	}
	return found
}

// grantsLess reports whether a diagnosis lacks something that the other has.
func grantsLess(d, than model.Diagnosis) bool {
	return slices.ContainsFunc(than.Checks, func(c model.Check) bool {
		mine, _ := d.CheckByID(c.ID)
		return c.Verdict == model.Granted && mine.Verdict != model.Granted || len(c.Evidence) > 0 && len(mine.Evidence) == 0
	})
}

// isAlreadyThere: an agent that is there already is created once more, for nobody can see whether it is.
func (s *scenario) isAlreadyThere(step model.Step) bool {
	return step.Kind == model.StepCreateAgent && slices.Contains(*findProject(s.drawnWorld, step.Resource.Project()).Agents, step.Resource.ID())
}

// countPlan counts the ends of plans, and their steps.
func (cov *coverage) countPlan(d model.Diagnosis, p model.Plan, then model.Diagnosis) {
	cov.mu.Lock()
	defer cov.mu.Unlock()
	cov.counts[fmt.Sprintf("a plan of %d steps: %s, then %s", min(len(p.Steps), 5), d.Verdict, then.Verdict)]++
	for _, step := range p.Steps {
		certain := "certain"
		if !step.Certain {
			certain = "uncertain"
		}
		cov.counts[fmt.Sprintf("%s for %s, %s", step.Kind, model.Check{ID: step.Check}.BaseID(), certain)]++
		if len(step.Closes) > 1 {
			cov.counts["a step for several checks"]++
		}
	}
}

// planCoverage lists the cases that a run must have met to prove something.
func planCoverage() []string {
	all := []string{"enable-api for run-api, certain", "create-agent for agent, certain", "create-agent for agent, uncertain", "a step for several checks",
		"a plan of 0 steps: granted, then granted", "a plan of 3 steps: missing, then granted", "a plan of 3 steps: missing, then missing",
		"a plan of 3 steps: unknown, then granted", "a plan of 3 steps: denied, then denied"}
	for _, family := range []string{model.CheckAgent, model.CheckPull, model.CheckDeploy, model.CheckActAs, model.CheckReadImage, model.CheckRunAs, model.CheckUpstream} {
		all = append(all, "grant for "+family+", certain", "grant for "+family+", uncertain")
	}
	return all
}
