package model

import (
	"slices"
	"testing"
)

// What is as it was can go; what is not, not there or not to be seen stays, and says why.
func TestStillStale(t *testing.T) {
	was := StaleBinding{Resource: staleRepo.Resource(), Role: readerRole, Member: serviceAgentOf("2"), Status: StaleIdle}
	used := was
	used.Status, used.Reason = StaleActive, "Project consumer-2 uses it."
	other := was
	other.Member = serviceAgentOf("4")
	for _, c := range []struct {
		about string
		now   StaleList
		want  string
		cause Cause
	}{
		{"as it was", StaleList{Bindings: []StaleBinding{other, was}}, "", ""},
		{"used", StaleList{Bindings: []StaleBinding{used}}, "it is active by now, and stays: Project consumer-2 uses it.", CauseStatusChanged},
		{"gone", StaleList{Bindings: []StaleBinding{other}}, "it is not there any more", CauseStatusChanged},
		{"not to be seen", StaleList{Gaps: []Gap{{Resource: was.Resource, Reason: "you may not"}}}, "it could not be looked at again, and stays: you may not", CauseNotRechecked},
	} {
		t.Run(c.about, func(t *testing.T) {
			if got := Recheck(was, c.now); got.Why != c.want || got.Cause != c.cause {
				t.Errorf("%s: %q, want %q", c.about, got, c.want)
			}
		})
	}
}

// setTested lets the caller have a permission on the repository, and on nothing above it.
func setTested(s *Situation, key TestKey) {
	if s.Tested == nil {
		s.Tested = map[TestKey]Fact[bool]{}
	}
	s.Tested[key] = Known(key.Resource.Kind() == KindRepository)
}

// Whether the caller may change a policy is known for each binding of one repository, and asked for nowhere else.
func TestStaleTellsWhoMayChange(t *testing.T) {
	s := manyBindings()
	for _, w := range StaleWants(s) {
		setTested(&s, TestKey{w.Resource, w.Permission})
	}
	steps, of := StaleSteps(FindStale(s).Bindings)
	for _, step := range steps {
		if may := of[step.ID].Resource.Kind() == KindRepository; step.Allowed == nil || *step.Allowed != may {
			t.Errorf("%s: %v", step.Title, step.Allowed)
		}
	}
	if len(steps) == 0 {
		t.Error("there is nothing to remove")
	}
	project := manyBindingsOfProject()
	narrow := manyBindings()
	narrow.Question.WithoutRepositories = true
	for about, s := range map[string]Situation{"project": project, "organization": manyBindingsOfOrganization(), "without repositories": narrow} {
		t.Run(about, func(t *testing.T) {
			if wants := StaleWants(s); slices.ContainsFunc(wants, func(w Want) bool { return w.Kind == WantTest }) {
				t.Errorf("%s: permissions are tested: %v", about, wants)
			}
		})
	}
}

// Only what takes an agent's last way to read has a caution.
func TestStaleStepsSayWhatFails(t *testing.T) {
	for status, want := range map[StaleStatus]string{StaleIdle: IdleCaution, StaleMisplaced: AgentCaution, StaleRedundant: "", StaleExcessive: ""} {
		t.Run(string(status), func(t *testing.T) {
			b := StaleBinding{Resource: staleRepo.Resource(), Role: readerRole, Member: serviceAgentOf("2"), Owner: "consumer-2", Status: status, Removable: true}
			if status == StaleExcessive {
				b.Removable, b.Replace = false, RoleReader
			}
			steps, _ := StaleSteps([]StaleBinding{b})
			for _, s := range steps {
				if s.Caution != want {
					t.Errorf("%s, %s: %q, want %q", status, s.Kind, s.Caution, want)
				}
			}
			b.Owner = ""
			if steps, _ = StaleSteps([]StaleBinding{b}); steps[len(steps)-1].Caution != "" {
				t.Errorf("%s of no agent: %q", status, steps[len(steps)-1].Caution)
			}
		})
	}
}
