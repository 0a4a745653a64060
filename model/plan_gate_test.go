package model_test

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"testing"

	"whopulls/model"
)

// The invariant of the one gate before every change: it is shut unless a person said yes or --quiet stood on the
// command line, and read-only shuts it whatever the consent.
func TestGate(t *testing.T) {
	cases := []struct {
		gate model.Gate
		open bool
	}{
		{model.Gate{}, false},
		{model.Gate{Consent: model.NoConsent}, false},
		{model.Gate{Consent: model.PersonSaidYes}, true},
		{model.Gate{Consent: model.QuietFlag}, true},
		{model.Gate{Consent: -1}, false},
		{model.Gate{Consent: model.QuietFlag + 1}, false},
		{model.Gate{Consent: 99}, false},
		{model.Gate{ReadOnly: true}, false},
		{model.Gate{ReadOnly: true, Consent: model.PersonSaidYes}, false},
		{model.Gate{ReadOnly: true, Consent: model.QuietFlag}, false},
	}
	for _, c := range cases {
		t.Run(fmt.Sprintf("%+v", c.gate), func(t *testing.T) {
			for _, kind := range []model.StepKind{model.StepEnableAPI, model.StepCreateAgent, model.StepGrant, model.StepRevoke} {
				err := c.gate.AllowStep(model.Step{ID: "1", Kind: kind})
				if (err == nil) != c.open {
					t.Errorf("%+v answers %v to %s, want open: %t", c.gate, err, kind, c.open)
				}
				var refusal *model.Refusal
				if err != nil && (!errors.As(err, &refusal) || err.Error() == "" || refusal.Hint() == "") {
					t.Errorf("%+v refuses with %v, want a Refusal with a hint", c.gate, err)
				}
			}
		})
	}
}

// What helps against an error stands behind it on the same line, however deep in it that is.
func TestAdvised(t *testing.T) {
	refusal := &model.Refusal{Why: "no", Next: "ask\nagain"}
	for want, err := range map[string]error{
		"no; ask; again":          refusal,
		"nothing: no; ask; again": fmt.Errorf("nothing: %w", refusal),
		"plain":                   errors.New("plain"),
		"bare":                    &model.Refusal{Why: "bare"},
	} {
		t.Run(want, func(t *testing.T) {
			if got := model.ErrorWithHint(err); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

func TestOutcomeSettled(t *testing.T) {
	for state, want := range map[model.StepState]bool{model.StepDone: true, model.StepAlready: true, model.StepSkipped: false,
		model.StepNotAllowed: false, model.StepFailed: false, "": false} {
		t.Run(cmp.Or(string(state), "empty"), func(t *testing.T) {
			if got := (model.Outcome{State: state}).InPlace(); got != want {
				t.Errorf("%q is settled: %t", state, got)
			}
		})
	}
}

func TestJSONOfAnOutcome(t *testing.T) {
	o := jsonObject(t, model.Outcome{Step: model.Step{ID: "1", Kind: model.StepGrant, Member: dev}, State: model.StepNotAllowed})
	for key, want := range map[string]any{"id": "1", "kind": "grant", "member": string(dev), "state": "not-allowed", "verified": false, "entry": nil} {
		t.Run(key, func(t *testing.T) {
			if got, ok := o[key]; !ok || got != want {
				t.Errorf("%s is %v, want %v", key, got, want)
			}
		})
	}
}

func TestWorst(t *testing.T) {
	order := []model.Verdict{model.Denied, model.Missing, model.Unknown, model.Granted}
	for i, a := range order {
		for j, b := range order {
			t.Run(string(a)+" "+string(b), func(t *testing.T) {
				if got, want := model.Worst(a, b), order[min(i, j)]; got != want {
					t.Errorf("of %s and %s the worst is %s, want %s", a, b, got, want)
				}
			})
		}
	}
	if got := model.Worst(); got != model.Unknown {
		t.Errorf("of nothing the worst is %s, want unknown", got)
	}
	if got := model.Worst(model.Granted, model.Granted, model.Unknown, model.Granted); got != model.Unknown {
		t.Errorf("one unknown leaves %s", got)
	}
}

func TestDescribe(t *testing.T) {
	named := []model.Ancestor{{Resource: folder, Name: "apps"}, {Resource: organization, Name: "example.com"}, {Resource: projectB}}
	for r, want := range map[model.Resource]string{
		repository:   "repository myrepo",
		projectB:     "project myproject-b",
		folder:       "folder apps",
		organization: "organization example.com",
		webAccount:   "service account " + webEmail,
		job:          "job myjob",
	} {
		t.Run(string(r), func(t *testing.T) {
			if got := model.Describe(r, named); got != want {
				t.Errorf("%s is called %q, want %q", r, got, want)
			}
		})
	}
	if got := model.Describe(folder, nil); got != "folder 200000000001" {
		t.Errorf("without its display name the folder is called %q", got)
	}
}

// A project that looks like production needs its own id, no matter who agreed to the change.
func TestGateOfProduction(t *testing.T) {
	prod := map[string]string{"env": "prod"}
	unread := model.Fact[model.Project]{State: model.FactGap, Value: model.Project{ID: "a-prod"}}
	for _, c := range []struct {
		gate   model.Gate
		target model.Fact[model.Project]
		open   bool
	}{
		{model.Gate{}, model.Known(model.Project{ID: "a"}), true},
		{model.Gate{}, model.Known(model.Project{ID: "a", Labels: map[string]string{"env": "dev", "prod": "env"}}), true},
		{model.Gate{}, model.Known(model.Project{ID: "a", Labels: prod}), false},
		{model.Gate{}, model.Known(model.Project{ID: "a", Labels: map[string]string{"env": "Production"}}), false},
		{model.Gate{Consent: model.QuietFlag, Confirmed: []string{"b"}}, model.Known(model.Project{ID: "a", Labels: prod}), false},
		{model.Gate{Confirmed: []string{"a"}}, model.Known(model.Project{ID: "a", Labels: prod}), true},
		{model.Gate{Production: "*-prod"}, model.Known(model.Project{ID: "shop-prod"}), false},
		{model.Gate{Production: "*-prod", Confirmed: []string{"shop-prod"}}, model.Known(model.Project{ID: "shop-prod"}), true},
		{model.Gate{Production: "*-prod"}, model.Known(model.Project{ID: "shop-dev"}), true},
		{model.Gate{Production: "[broken"}, model.Known(model.Project{ID: "shop-dev"}), false},
		{model.Gate{Consent: model.PersonSaidYes}, unread, false}, // nobody knows: a person is asked, a script continues
		{model.Gate{Consent: model.PersonSaidYes, Confirmed: []string{"a-prod"}}, unread, true},
		{model.Gate{Consent: model.QuietFlag}, unread, true},
		{model.Gate{Consent: model.QuietFlag, Production: "*-prod"}, unread, false},
		{model.Gate{Consent: model.PersonSaidYes}, model.Known(model.Project{ID: "a"}), true},
		{model.Gate{Consent: model.PersonSaidYes}, model.Known(model.Project{}), true},
		{model.Gate{Production: "*"}, model.Known(model.Project{}), true}, // the resource is in no project
	} {
		t.Run(fmt.Sprintf("%+v of %+v", c.gate, c.target.Value), func(t *testing.T) {
			err := c.gate.AllowResource(model.ProjectResource(c.target.Value.ID), c.target)
			if (err == nil) != c.open {
				t.Errorf("%+v, %+v: %v, want open: %t", c.gate, c.target, err, c.open)
			}
		})
	}
}

// What is changed on a folder or an organization reaches every project below: it needs its own name, no matter who agreed and
// whatever the labels say. What is in a project is guarded by its project alone.
func TestGateOfReach(t *testing.T) {
	account := model.AccountResource("a", "web@a.iam.gserviceaccount.com")
	workload := model.WorkloadName{Kind: model.Service, Name: "s", Region: tokyo}.Resource("a")
	a, prod := model.Known(model.Project{ID: "a"}), model.Known(model.Project{ID: "a", Labels: map[string]string{"env": "prod"}})
	none := model.Known(model.Project{})
	unread := model.Fact[model.Project]{State: model.FactGap}
	folder, organization := model.AncestorResource("folders/7"), model.AncestorResource("organizations/8")
	for _, c := range []struct {
		resource  model.Resource
		target    model.Fact[model.Project]
		confirmed []string
		open      bool
	}{
		{folder, none, nil, false},
		{folder, unread, nil, false},
		{folder, a, nil, false},
		{folder, none, []string{""}, false},
		{folder, none, []string{"7"}, false},
		{folder, none, []string{"folders/70"}, false},
		{folder, none, []string{"folders/7,folders/8"}, false},
		{folder, none, []string{"organizations/7"}, false},
		{folder, none, []string{"a", "folders/8"}, false},
		{folder, none, []string{"folders/7"}, true},
		{folder, unread, []string{"organizations/8", "folders/7"}, true},
		{organization, none, nil, false},
		{organization, none, []string{"folders/8"}, false},
		{organization, none, []string{"a", "organizations/8"}, true},
		{model.ProjectResource("a"), a, nil, true},
		{account, a, nil, true},
		{workload, a, nil, true},
		{model.RepositoryName{Project: "a", Location: tokyo, ID: "r"}.Resource(), a, nil, true},
		{account, prod, []string{"folders/7"}, false},
		{account, prod, []string{"folders/7", "a"}, true},
		{model.APIResource("a", model.RunService), prod, nil, false},
	} {
		t.Run(fmt.Sprintf("%s %s%s %q", c.resource, c.target.Value.ID, c.target.State, c.confirmed), func(t *testing.T) {
			for _, consent := range []model.Consent{model.PersonSaidYes, model.QuietFlag} {
				for _, pattern := range []string{"", "b*"} {
					gate := model.Gate{Consent: consent, Production: pattern, Confirmed: c.confirmed}
					err := gate.AllowResource(c.resource, c.target)
					if (err == nil) != c.open {
						t.Errorf("%+v, %s: %v, want open: %t", gate, c.resource, err, c.open)
					}
					var refusal *model.Refusal
					if guard := gate.RequiredConfirmation(c.resource, c.target); err != nil && (!errors.As(err, &refusal) || !strings.Contains(refusal.Next, "--confirm="+guard.Name)) {
						t.Errorf("%s: the refusal %v does not say what opens the gate", c.resource, err)
					}
				}
			}
		})
	}
}

// The question says what is reached, and what to type.
func TestGuardQuestion(t *testing.T) {
	prod := model.Known(model.Project{ID: "a", Labels: map[string]string{"env": "prod"}})
	for r, want := range map[model.Resource]string{
		model.AncestorResource("folders/6"):       "Folder apps reaches every project below it. Type folders/6 to continue:",
		model.AncestorResource("folders/7"):       "Folder 7 reaches every project below it. Type folders/7 to continue:",
		model.AncestorResource("organizations/8"): "Organization 8 reaches every project below it. Type organizations/8 to continue:",
		model.ProjectResource("a"):                "Project a looks like production. Type its id to continue:",
	} {
		t.Run(string(r), func(t *testing.T) {
			target := prod
			if r == model.AncestorResource("folders/6") {
				target = model.Known(model.Project{Name: "apps"})
			}
			if got := (model.Gate{}).RequiredConfirmation(r, target).Prompt(); got != want {
				t.Errorf("%s: %q, want %q", r, got, want)
			}
		})
	}
}
