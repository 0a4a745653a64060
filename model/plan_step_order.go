package model

import (
	"slices"
)

// WaitsFor gives the first step that must be settled before s and is not; ok is false when nothing stands in the way.
func WaitsFor(s Step, outcomes []Outcome) (Outcome, bool) {
	for _, o := range outcomes {
		if slices.Contains(s.After, o.ID) && !o.InPlace() && o.blocks(s) {
			return o, true
		}
	}
	return Outcome{}, false
}

// SplitReady gives the steps that wait for none of the others, and the rest, both in their order. Where the waiting goes
// round in a circle the first step is taken as waiting for none.
func SplitReady(steps []Step) (ready, waiting []Step) {
	ids := map[string]bool{}
	for _, s := range steps {
		ids[s.ID] = true
	}
	for _, s := range steps {
		if slices.ContainsFunc(s.After, func(id string) bool { return ids[id] && id != s.ID }) {
			waiting = append(waiting, s)
			continue
		}
		ready = append(ready, s)
	}
	if len(ready) == 0 && len(waiting) > 0 {
		return waiting[:1], waiting[1:]
	}
	return ready, waiting
}

// blocks: an API that stays off blocks everything; a missing agent blocks only what is granted to the agent.
func (o Outcome) blocks(s Step) bool {
	if o.Kind == StepEnableAPI {
		return true
	}
	return o.Member == s.Member && o.Certain
}

// EffectOf gives what a diagnosis made after a step says about the step's effect. It is observed if the
// caller's own test of the permission says yes, and evaluated if Policy Troubleshooter does. Otherwise it is
// not observable: only the next real deploy shows it.
func EffectOf(after Diagnosis, step Step) Effect {
	for _, c := range after.Checks {
		if c.ID != step.Check || !c.Principal.Same(step.Member) {
			continue
		}
		if slices.ContainsFunc(c.Evidence, func(e Evidence) bool { return e.Source == SourceTest }) {
			return EffectObserved
		}
		if c.Opinion != nil && c.Opinion.Verdict == Granted {
			return EffectEvaluated
		}
	}
	return EffectNotObservable
}

// Observable reports whether the effect of a step can be observed at all. The step must be for the caller,
// and for a check that the caller's own calls answer.
func (s Step) Observable(caller Fact[Member]) bool {
	return s.ForDeployer() && s.Role != "" && caller.Read() && caller.Value.Same(s.Member)
}

// ForDeployer reports whether a step gives the deployer what a deploy asks of the one who deploys.
func (s Step) ForDeployer() bool {
	switch baseID(s.Check) {
	case CheckDeploy, CheckActAs, CheckReadImage:
		return true
	}
	return false
}
