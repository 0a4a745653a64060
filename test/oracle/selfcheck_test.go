package oracle

import (
	"testing"

	"cloud.google.com/go/iam/apiv1/iampb"

	"whopulls/gcp/sandbox/world"
	"whopulls/model"
)

// articleScenario is the built-in world, where only the pull is missing, seen in full.
func articleScenario(t *testing.T) (*scenario, model.Situation) {
	t.Helper()
	w, err := world.Load(world.Default)
	if err != nil {
		t.Fatal(err)
	}
	addTracerRole(t, w)
	q := model.Question{Project: "myproject-a", Deployer: "user:dev@example.com", Workload: &model.WorkloadName{Kind: model.Job, Name: "myjob", Region: "asia-northeast1"}}
	s := &scenario{world: w, question: q, caller: "user:auditor@example.com", seesEverything: true}
	return s, s.read(readTime())
}

// addTracerRole gives the agent the companion of its role (traceAgents).
func addTracerRole(t *testing.T, w *world.World) {
	t.Helper()
	consumer := w.Project("myproject-a")
	full := world.FullName("cloudresourcemanager", consumer.Name())
	policy, err := w.Policy(full, 3)
	if err != nil {
		t.Fatal(err)
	}
	agent, _ := world.AgentEmail(consumer, model.RunService)
	policy.Bindings = append(policy.Bindings, &iampb.Binding{Role: tracerRole, Members: []string{"serviceAccount:" + agent}})
	if _, err := w.SetPolicy(full, policy, nil); err != nil {
		t.Fatal(err)
	}
}

// A property that can't fail proves nothing: each of these lies must be found.
func TestLiesAreFound(t *testing.T) {
	s, situation := articleScenario(t)
	ignore := func(model.Check, truth, bool) {}
	if found := s.violations(situation, model.Diagnose(situation), ignore); len(found) > 0 {
		t.Fatalf("the truth is called a lie: %v", found)
	}
	for id, lies := range map[string][]model.Verdict{
		model.CheckPull:      {model.Granted, model.Unknown},
		model.CheckReadImage: {model.Missing, model.Denied, model.Unknown},
		model.CheckDeploy:    {model.Missing, model.Denied, model.Unknown},
		model.CheckActAs:     {model.Missing, model.Denied, model.Unknown},
		model.CheckRunAs:     {model.Missing, model.Denied, model.Unknown},
		model.CheckAgent:     {model.Missing, model.Denied, model.Unknown},
		model.CheckRunAPI:    {model.Missing, model.Denied, model.Unknown},
	} {
		t.Run(id, func(t *testing.T) {
			for _, lie := range lies {
				d := model.Diagnose(situation)
				for i := range d.Checks {
					if d.Checks[i].ID == id {
						d.Checks[i].Verdict = lie
					}
				}
				if found := s.violations(situation, d, ignore); len(found) != 1 || found[0].check != id {
					t.Errorf("%s called %s: breaches %v", id, lie, found)
				}
			}
		})
	}
	d := model.Diagnose(situation)
	d.Verdict = model.Granted
	if found := s.violations(situation, d, ignore); len(found) != 1 {
		t.Errorf("a whole that is called granted: breaches %v", found)
	}
}

// A grant that only an unread deny policy takes away may stay, if the check says that it was not read.
func TestUnreadDenyIsAnExcuse(t *testing.T) {
	s, situation := articleScenario(t)
	s.world.SetDenyPolicies([]*world.DenyPolicy{{ID: "deny-a", AttachmentPoint: "projects/myproject-a", Rules: []world.DenyRule{{
		DeniedPrincipals: []string{"principalSet://goog/public:all"}, DeniedPermissions: []string{"run.googleapis.com/jobs.update"}}}}})
	project := model.ProjectResource("myproject-a")
	situation.Denies[project] = unreadable[[]model.DenyPolicy](project, model.PermListDeny)
	ignore := func(model.Check, truth, bool) {}
	d := model.Diagnose(situation)
	if found := s.violations(situation, d, ignore); len(found) > 0 {
		t.Errorf("an excused grant is a breach: %v", found)
	}
	for i := range d.Checks {
		d.Checks[i].Gaps = nil
	}
	if found := s.violations(situation, d, ignore); len(found) != 1 {
		t.Errorf("a grant that does not name what it did not read: breaches %v", found)
	}
	situation.Question.Strict = true
	if d := model.Diagnose(situation); len(s.violations(situation, d, ignore)) > 0 {
		t.Error("with strict, the grant is unknown, which is no breach")
	}
}
