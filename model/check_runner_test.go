package model_test

import (
	"cmp"
	"strings"
	"testing"

	"whopulls/model"
)

// runnerElsewhere runs the article's job as an account of a third project, all grants made.
func runnerElsewhere() *fixture {
	w := article()
	w.Workload.Value.ServiceAccount = farEmail
	w.bind(farAccount, accountUser, dev)
	w.bind(farAccount, tokenCreator, agent)
	return w
}

func TestDiagnoseRunnerAbroad(t *testing.T) {
	w := runnerElsewhere()
	w.expect(t, map[string]model.Verdict{"act-as": model.Granted, "run-as": model.Granted, "runtime-account": model.Granted})
	w.unbind(farAccount, agent)
	w.expect(t, map[string]model.Verdict{"act-as": model.Granted, "run-as": model.Missing})
}

func TestDiagnoseConstraintEnforced(t *testing.T) {
	w := runnerElsewhere()
	w.Constraints[projectC] = model.Known(true)
	c := w.check(t, "act-as")
	if c.Verdict != model.Denied || !strings.Contains(c.Reason, "iam.disableCrossProjectServiceAccountUsage") {
		t.Errorf("act-as is %s: %s", c.Verdict, c.Reason)
	}
	if !strings.Contains(strings.Join(c.Advice, " "), "myproject-c") {
		t.Errorf("the advice is %q", c.Advice)
	}
	w.unbind(farAccount, dev)
	w.hideTests(actAs)
	w.expect(t, map[string]model.Verdict{"act-as": model.Denied})
	for _, s := range model.PlanFor(w.Situation, model.Diagnose(w.Situation), model.PlanOptions{}).Steps {
		if s.Check == "act-as" {
			t.Errorf("the plan grants %s although the constraint stands in the way", s.Role)
		}
	}
}

func TestDiagnoseConstraintUnread(t *testing.T) {
	w := runnerElsewhere()
	w.Constraints[projectC] = model.Unread[bool](model.Gap{Need: "orgpolicy.policy.get", Reason: "forbidden"})
	c := w.check(t, "act-as")
	if c.Verdict != model.Unknown || !hasGap(c.Gaps, projectC, "orgpolicy.policy.get") {
		t.Errorf("act-as is %s with the gaps %v", c.Verdict, c.Gaps)
	}
	for _, s := range model.PlanFor(w.Situation, model.Diagnose(w.Situation), model.PlanOptions{}).Steps {
		if s.Check == "act-as" {
			t.Errorf("the plan grants %s again, which would close nothing", s.Role)
		}
	}
	w.unbind(farAccount, dev)
	w.test(farAccount, actAs, false)
	if c := w.check(t, "act-as"); c.Verdict != model.Missing || len(c.Gaps) == 0 {
		t.Errorf("not granted, act-as is %s with the gaps %v, want missing and a gap", c.Verdict, c.Gaps)
	}
}

func TestDiagnoseConstraintIsForThirdProjects(t *testing.T) {
	w := article()
	w.Constraints[projectA] = model.Known(true)
	w.expect(t, map[string]model.Verdict{"act-as": model.Granted})
}

// The account of another project is one even while the consumer project can't be read.
func TestDiagnoseConstraintWithoutTheConsumer(t *testing.T) {
	w := runnerElsewhere()
	w.Constraints[projectC] = model.Known(true)
	w.Projects["myproject-a"] = model.Unread[model.Project](gap("forbidden"))
	if c := w.check(t, "act-as"); c.Verdict == model.Granted {
		t.Errorf("act-as is granted although the constraint is enforced on myproject-c")
	}
}

func TestDiagnoseRunnerGone(t *testing.T) {
	for email, account := range map[string]model.Resource{webEmail: webAccount, farEmail: farAccount} {
		t.Run(email, func(t *testing.T) {
			w := article()
			w.Workload.Value.ServiceAccount = email
			w.Accounts[account] = model.Absent[model.Account]()
			w.expect(t, map[string]model.Verdict{"runtime-account": model.Missing})
			for _, id := range []string{"act-as", "run-as"} {
				if c := w.check(t, id); c.Verdict == model.Granted {
					t.Errorf("%s on an account that is gone is granted", id)
				}
			}
			if c := w.check(t, "runtime-account"); len(c.Advice) == 0 {
				t.Errorf("no advice for the missing account %s", email)
			}
			for _, s := range model.PlanFor(w.Situation, model.Diagnose(w.Situation), model.PlanOptions{}).Steps {
				if s.Check != "pull" {
					t.Errorf("the plan has %s %s on %s for %s", s.Kind, s.Role, s.Resource, s.Check)
				}
			}
		})
	}
}

func TestDiagnoseRunnerDisabled(t *testing.T) {
	w := article()
	w.Accounts[webAccount] = model.Known(model.Account{Email: webEmail, Disabled: true})
	c := w.check(t, "runtime-account")
	if c.Verdict != model.Missing || !strings.Contains(c.Reason, "disabled") || len(c.Advice) == 0 {
		t.Errorf("runtime-account is %s: %s %v", c.Verdict, c.Reason, c.Advice)
	}
	w.expect(t, map[string]model.Verdict{"act-as": model.Granted, "run-as": model.Granted})
}

// A name that Cloud Run returned must not become a command (design, Safety of writes).
func TestDiagnoseAdviceIsQuoted(t *testing.T) {
	email := "x$(touch pwned)@myproject-a.iam.gserviceaccount.com"
	account := model.AccountResource("myproject-a", email)
	w := article()
	w.Workload.Value.ServiceAccount = email
	w.Accounts[account] = model.Known(model.Account{Email: email, Disabled: true})
	advice := strings.Join(w.check(t, "runtime-account").Advice, " ")
	if strings.Contains(advice, email) && !strings.Contains(advice, "'"+email+"'") {
		t.Errorf("the advice holds a command that is not quoted: %s", advice)
	}
}

func TestDiagnoseRunnerUnread(t *testing.T) {
	w := article()
	w.Accounts[webAccount] = model.Unread[model.Account](model.Gap{Resource: webAccount, Need: "iam.serviceAccounts.get", Reason: "forbidden"})
	if c := w.check(t, "runtime-account"); c.Verdict != model.Unknown || !hasGap(c.Gaps, webAccount, "iam.serviceAccounts.get") {
		t.Errorf("runtime-account is %s with the gaps %v", c.Verdict, c.Gaps)
	}
	w.expect(t, map[string]model.Verdict{"act-as": model.Granted, "run-as": model.Granted})
}

func TestDiagnoseRunnerOfNoKnownProject(t *testing.T) {
	w := article()
	w.Workload.Value.ServiceAccount = "service-9@gcp-sa-cloudbuild.iam.gserviceaccount.com"
	w.expect(t, map[string]model.Verdict{"runtime-account": model.Unknown, "act-as": model.Unknown, "run-as": model.Unknown})
}

func TestDiagnoseDefaultAccountIsAtHome(t *testing.T) {
	for _, email := range []string{"", computeEmail} {
		t.Run(cmp.Or(email, "empty"), func(t *testing.T) {
			w := article()
			w.Workload.Value.ServiceAccount = email
			c := w.check(t, "runtime-account")
			if c.Verdict != model.Granted || c.Resource != compute {
				t.Errorf("with %q runtime-account is %s on %s", email, c.Verdict, c.Resource)
			}
			w.expect(t, map[string]model.Verdict{"run-as": model.Granted, "act-as": model.Granted})
		})
	}
}

func TestDiagnoseRunAsByRunAgentRole(t *testing.T) {
	w := article()
	w.unbind(projectA, agent)
	w.expect(t, map[string]model.Verdict{"agent": model.Missing, "run-as": model.Missing})
	w.bind(webAccount, tokenCreator, agent)
	w.expect(t, map[string]model.Verdict{"agent": model.Missing, "run-as": model.Granted})
}
