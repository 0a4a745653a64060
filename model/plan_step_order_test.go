package model_test

import (
	"fmt"
	"reflect"
	"testing"

	"whopulls/model"
)

// freshProjectPlan is the plan of a fresh project: enable, create the agent, its role, the pull, and the deployer's read.
func freshProjectPlan(certain bool) []model.Step {
	return []model.Step{
		{ID: "1", Kind: model.StepEnableAPI, Check: "run-api", Certain: true},
		{ID: "2", Kind: model.StepCreateAgent, Check: "agent", Member: agent, Certain: certain, After: []string{"1"}},
		{ID: "3", Kind: model.StepGrant, Check: "agent", Role: runAgentRole, Member: agent, Certain: certain, After: []string{"1", "2"}},
		{ID: "4", Kind: model.StepGrant, Check: "pull", Role: reader, Member: agent, Certain: true, After: []string{"1", "2", "3"}},
		{ID: "5", Kind: model.StepGrant, Check: "read-image", Role: reader, Member: dev, Certain: true, After: []string{"1", "2", "3"}},
	}
}

func outcomes(steps []model.Step, states ...model.StepState) (list []model.Outcome) {
	for i, state := range states {
		list = append(list, model.Outcome{Step: steps[i], State: state})
	}
	return list
}

func TestWaitsFor(t *testing.T) {
	done, already, skipped, failed := model.StepDone, model.StepAlready, model.StepSkipped, model.StepFailed
	cases := map[string]struct {
		states []model.StepState
		step   int
		want   string // id of the step that stands in the way
	}{
		"nothing before":                       {nil, 0, ""},
		"all done":                             {[]model.StepState{done, done, done}, 3, ""},
		"already there":                        {[]model.StepState{already, already, already}, 3, ""},
		"the API stays off":                    {[]model.StepState{skipped}, 1, "1"},
		"the API stays off, for the deployer":  {[]model.StepState{failed, done, done}, 4, "1"},
		"no agent, for its role":               {[]model.StepState{done, failed}, 2, "2"},
		"no agent, for its pull":               {[]model.StepState{done, skipped, done}, 3, "2"},
		"no agent matters not to the deployer": {[]model.StepState{done, skipped, skipped}, 4, ""},
		"not allowed is not settled":           {[]model.StepState{model.StepNotAllowed}, 3, "1"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			steps := freshProjectPlan(true)
			got, ok := model.WaitsFor(steps[c.step], outcomes(steps, c.states...))
			if ok != (c.want != "") || got.ID != c.want {
				t.Errorf("%s: it waits for %q, want %q", name, got.ID, c.want)
			}
		})
	}
}

func TestWaitsForNothingUnrelated(t *testing.T) {
	steps := freshProjectPlan(true)
	pull := steps[3]
	pull.After = nil
	if got, ok := model.WaitsFor(pull, outcomes(steps, model.StepFailed, model.StepFailed)); ok {
		t.Errorf("a step that comes after none waits for %s", got.ID)
	}
}

// The agent that may well be there already does not hold up the rest when its uncertain step was skipped.
func TestWaitsForNoUncertainAgent(t *testing.T) {
	steps := freshProjectPlan(false)
	if got, ok := model.WaitsFor(steps[3], outcomes(steps, model.StepDone, model.StepSkipped, model.StepSkipped)); ok {
		t.Errorf("the pull waits for the uncertain step %s", got.ID)
	}
}

func TestEffectOf(t *testing.T) {
	w := article()
	w.bind(repository, reader, agent)
	d := model.Diagnose(w.Situation)
	for id, want := range map[string]model.Effect{"pull": model.EffectNotObservable, "run-as": model.EffectNotObservable,
		"read-image": model.EffectObserved, "deploy": model.EffectObserved, "act-as": model.EffectObserved} {
		t.Run(id, func(t *testing.T) {
			c, _ := d.CheckByID(id)
			if got := model.EffectOf(d, model.Step{Check: id, Kind: model.StepGrant, Member: c.Principal, Resource: c.Resource}); got != want {
				t.Errorf("the effect of a step for %s is %s, want %s", id, got, want)
			}
		})
	}
}

func TestEffectOfAnothersGrant(t *testing.T) {
	w := article()
	d := model.Diagnose(w.Situation)
	step := model.Step{Check: "read-image", Kind: model.StepGrant, Member: "user:eve@example.com", Resource: repository}
	if got := model.EffectOf(d, step); got != model.EffectNotObservable {
		t.Errorf("the effect of a grant to somebody else is %s", got)
	}
}

func TestEffectOfEachRepositoryApart(t *testing.T) {
	w := withImages(arImage, otherImage)
	w.test(repository, download, false)
	d := model.Diagnose(w.Situation)
	step := model.Step{Check: "read-image", Kind: model.StepGrant, Member: dev, Resource: repository, Role: reader}
	if got := model.EffectOf(d, step); got != model.EffectNotObservable {
		t.Errorf("the test on another repository makes the effect on this one %s", got)
	}
	step.Check, step.Resource = "read-image#2", other
	if got := model.EffectOf(d, step); got != model.EffectObserved {
		t.Errorf("the effect on the repository that was tested is %s", got)
	}
}

func grantStep(role string, member model.Member) model.Step {
	return model.Step{Kind: model.StepGrant, Resource: repository, Role: role, Member: member}
}

func TestChange(t *testing.T) {
	bound := func(members ...model.Member) *model.Policy {
		return &model.Policy{Bindings: []model.Binding{{Role: owner, Members: []model.Member{web}}, {Role: reader, Members: members}}}
	}
	added := []model.DiffLine{{Sign: "+", Text: "role: " + reader}, {Sign: "+", Text: "members:"}, {Sign: "+", Text: string(agent), Member: true}}
	cases := map[string]struct {
		policy *model.Policy
		want   []model.DiffLine
	}{
		"an unread policy": {nil, added},
		"an empty policy":  {&model.Policy{}, added},
		"another member": {bound(dev), []model.DiffLine{{Sign: " ", Text: "role: " + reader}, {Sign: " ", Text: "members:"},
			{Sign: " ", Text: string(dev), Member: true}, {Sign: "+", Text: string(agent), Member: true}}},
		"many members": {bound("user:a@example.com", "user:b@example.com", "user:c@example.com", dev), []model.DiffLine{
			{Sign: " ", Text: "role: " + reader}, {Sign: " ", Text: "members:"}, {Sign: " ", Text: "(2 more)", Member: true},
			{Sign: " ", Text: "user:c@example.com", Member: true}, {Sign: " ", Text: string(dev), Member: true}, {Sign: "+", Text: string(agent), Member: true}}},
		"there already": {bound(dev, agent), []model.DiffLine{{Sign: " ", Text: "role: " + reader}, {Sign: " ", Text: "members:"},
			{Sign: " ", Text: string(agent), Member: true}}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if got := model.PolicyDiff(c.policy, grantStep(reader, agent)); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%s: the change is\n%v, want\n%v", name, got, c.want)
			}
		})
	}
}

func TestChangeShowsWhatApplyDoes(t *testing.T) {
	for n := range 6 {
		p := &model.Policy{Bindings: []model.Binding{{Role: reader, Condition: &model.Condition{Expression: "true"}, Members: []model.Member{agent}}}}
		for i := range n {
			p.Bindings = append(p.Bindings, model.Binding{Role: reader, Members: []model.Member{model.Member(fmt.Sprintf("user:u%d@example.com", i))}})
		}
		plus := 0
		for _, line := range model.PolicyDiff(p, grantStep(reader, agent)) {
			if line.Sign == "+" {
				plus++
			}
			if line.Sign == "-" {
				t.Errorf("a grant takes away: %v", line)
			}
		}
		if want := map[bool]int{true: 3, false: 1}[n == 0]; plus != want {
			t.Errorf("next to %d plain bindings the change adds %d lines, want %d", n, plus, want)
		}
	}
}

func TestChangeOfOtherSteps(t *testing.T) {
	for _, kind := range []model.StepKind{model.StepEnableAPI, model.StepCreateAgent} {
		t.Run(string(kind), func(t *testing.T) {
			if lines := model.PolicyDiff(&model.Policy{}, model.Step{Kind: kind}); len(lines) != 0 {
				t.Errorf("%s changes a policy: %v", kind, lines)
			}
		})
	}
}

func TestTogether(t *testing.T) {
	step := func(id string, after ...string) model.Step { return model.Step{ID: id, After: after} }
	for _, test := range []struct {
		name       string
		steps      []model.Step
		now, later string
	}{
		{"none", nil, "", ""},
		{"free", []model.Step{step("1"), step("2")}, "12", ""},
		{"one before the rest", []model.Step{step("1"), step("2", "1"), step("3", "1"), step("4", "2")}, "1", "234"},
		{"what they wait for is made", []model.Step{step("3", "1", "2"), step("4", "3"), step("5")}, "35", "4"},
		{"a circle", []model.Step{step("1", "2"), step("2", "1")}, "1", "2"},
		{"itself", []model.Step{step("1", "1")}, "1", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			now, later := model.SplitReady(test.steps)
			if idsOf(now) != test.now || idsOf(later) != test.later {
				t.Errorf("%s: %s then %s", test.name, idsOf(now), idsOf(later))
			}
		})
	}
}

func idsOf(steps []model.Step) (all string) {
	for _, s := range steps {
		all += s.ID
	}
	return all
}
