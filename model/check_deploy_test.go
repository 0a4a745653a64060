package model_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"whopulls/model"
)

const runAdmin = "roles/run.admin"

// publicDeploy asks for a deploy that lets everybody call the service.
func (w *fixture) publicDeploy() *fixture {
	w.Question.Public = true
	w.Roles[runAdmin] = model.Known(model.Role{Name: runAdmin, Permissions: append([]model.Permission{svcPublic}, deploys...)})
	w.test(projectA, svcPublic, false)
	return w
}

// A deploy asks for all of what each kind takes, on the workload when it is there, else on the project (iam-facts 12.7).
func TestDeployAsksForAll(t *testing.T) {
	for _, kind := range []model.WorkloadKind{model.Service, model.Job, model.WorkerPool} {
		for _, exists := range []bool{true, false} {
			for _, named := range []bool{true, false} {
				for _, public := range []bool{true, false} {
					if public && kind != model.Service || exists && !named {
						continue
					}
					t.Run(fmt.Sprintf("%s exists %t named %t public %t", kind, exists, named, public), func(t *testing.T) {
						w := withoutGrants().withWorkload(kind, exists)
						resource, verb := w.Question.Workload.Resource("myproject-a"), "update"
						if !exists {
							resource, verb = projectA, "create"
						}
						if !named {
							w.Question.Workload, w.Question.Kind = nil, kind
						}
						want := []model.Permission{kind.Permission(verb), kind.Permission("get")}
						if public {
							w, want = w.publicDeploy(), append(want, svcPublic)
						}
						c := w.check(t, "deploy")
						if c.Resource != resource || !slices.Equal(c.Permissions, want) || c.Permission != want[0] || c.Verdict != model.Missing {
							t.Errorf("%s, there %v, named %v, public %v: %s of %v (%s) on %s, want %v on %s",
								kind, exists, named, public, c.Verdict, c.Permissions, c.Permission, c.Resource, want, resource)
						}
					})
				}
			}
		}
	}
}

// The one who deploys lacks one of them: the check names it first, and one role closes it.
func TestDeployNamesWhatLacks(t *testing.T) {
	const some = "projects/myproject-a/roles/some"
	all := []model.Permission{svcUpdate, svcGet, svcPublic}
	for _, lacks := range all {
		t.Run(string(lacks), func(t *testing.T) {
			w := withoutGrants().withWorkload(model.Service, true).publicDeploy()
			w.Question.Deployer = "user:eve@example.com"
			held := slices.DeleteFunc(slices.Clone(all), func(p model.Permission) bool { return p == lacks })
			w.Roles[some] = model.Known(model.Role{Name: some, Permissions: held})
			w.bind(projectA, some, "user:eve@example.com")
			w.noOpinions()
			w.noOpinionsOn(service, all...)
			c := w.check(t, "deploy")
			if c.Verdict != model.Missing || c.Permission != lacks || !strings.HasPrefix(c.Reason, string(lacks)+": ") || len(c.Evidence) > 0 {
				t.Errorf("without %s it is %s of %s: %s %v", lacks, c.Verdict, c.Permission, c.Reason, c.Evidence)
			}
			got := steps(w, model.PlanOptions{Only: []string{"deploy"}})
			if len(got) != 1 || got[0].Role != runAdmin || got[0].Resource != service {
				t.Errorf("without %s the steps are %v", lacks, summaries(got))
			}
		})
	}
}

func (w *fixture) noOpinionsOn(r model.Resource, all ...model.Permission) {
	for _, p := range all {
		w.opinion("user:eve@example.com", p, r, model.Unread[model.SecondOpinion](model.Gap{}))
	}
}

// The worst of them is the check's: denied, missing, unknown, granted.
func TestDeployTakesTheWorst(t *testing.T) {
	const getter = "projects/myproject-a/roles/getter"
	eve := model.Member("user:eve@example.com")
	stop := model.DenyRule{DeniedPrincipals: []string{everybody}, DeniedPermissions: []string{"run.googleapis.com/jobs.get"}}
	for name, c := range map[string]struct {
		edit       func(*fixture)
		want       model.Verdict
		permission model.Permission
		evidence   int
	}{
		"one role gives all": {func(w *fixture) { w.bind(job, developer, eve) }, model.Granted, jobsUpdate, 1},
		"two roles give it": {func(w *fixture) {
			w.bind(job, "projects/myproject-a/roles/updater", eve)
			w.bind(projectA, getter, eve)
		}, model.Granted, jobsUpdate, 2},
		"get is missing": {func(w *fixture) { w.bind(job, "projects/myproject-a/roles/updater", eve) }, model.Missing, jobsGet, 0},
		"get may come through a group": {func(w *fixture) {
			w.bind(job, "projects/myproject-a/roles/updater", eve)
			w.bind(projectA, getter, "group:g@example.com")
		}, model.Unknown, jobsGet, 0},
		"get is denied, the rest missing": {func(w *fixture) { w.deny(projectA, stop) }, model.Denied, jobsGet, 1},
		"get is denied, the rest granted": {func(w *fixture) { w.bind(job, developer, eve); w.deny(projectA, stop) }, model.Denied, jobsGet, 2},
		"update is missing, get unknown":  {func(w *fixture) { w.bind(projectA, getter, "group:g@example.com") }, model.Missing, jobsUpdate, 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := article()
			w.Question.Deployer = eve
			w.Roles["projects/myproject-a/roles/updater"] = model.Known(model.Role{Permissions: []model.Permission{jobsUpdate}})
			w.Roles[getter] = model.Known(model.Role{Permissions: []model.Permission{jobsGet}})
			c.edit(w)
			got := w.check(t, "deploy")
			if got.Verdict != c.want || got.Permission != c.permission || len(got.Evidence) != c.evidence {
				t.Errorf("%s: it is %s of %s by %v (%s), want %s of %s", name, got.Verdict, got.Permission, got.Evidence, got.Reason, c.want, c.permission)
			}
		})
	}
}

// What the caller's own tests say about each of them counts.
func TestDeployByTheCallersTests(t *testing.T) {
	for lacks, want := range map[model.Permission]model.Permission{jobsGet: jobsGet, jobsUpdate: jobsUpdate} {
		t.Run(string(lacks), func(t *testing.T) {
			w := article()
			w.test(job, lacks, false)
			if c := w.check(t, "deploy"); c.Verdict != model.Missing || c.Permission != want {
				t.Errorf("it is %s of %s, want %s missing", c.Verdict, c.Permission, want)
			}
		})
	}
}

func TestDeployWords(t *testing.T) {
	for _, c := range []struct {
		world *fixture
		want  string
	}{
		{article(), "update the job"},
		{withoutGrants().withWorkload(model.Job, false), "create jobs"},
		{withoutGrants().withWorkload(model.WorkerPool, true), "update the worker pool"},
		{withoutGrants().withWorkload(model.Service, true).publicDeploy(), "update the public service"},
		{withoutGrants().withWorkload(model.Service, false).publicDeploy(), "create public services"},
	} {
		t.Run(c.want, func(t *testing.T) {
			d := model.Diagnose(c.world.Situation)
			check, _ := d.CheckByID("deploy")
			if got := d.CheckLabel(check); got != c.want {
				t.Errorf("it asks to %q, want %q", got, c.want)
			}
		})
	}
}

// A granted deploy rests on a binding that gives all that it asks for; where none does, the reason and the proofs name
// what gives each.
func TestDeployIsProvenWhole(t *testing.T) {
	const some, rest = "projects/myproject-a/roles/some", "projects/myproject-a/roles/rest"
	eve, all := model.Member("user:eve@example.com"), []model.Permission{svcUpdate, svcGet, svcPublic}
	for n, last := range all {
		for _, whole := range []bool{false, true} {
			t.Run(string(last)+" "+fmt.Sprintf("whole %t", whole), func(t *testing.T) {
				w := withoutGrants().withWorkload(model.Service, true).publicDeploy()
				w.Question.Deployer = eve
				w.Roles[some] = model.Known(model.Role{Name: some, Permissions: slices.Delete(slices.Clone(all), n, n+1)})
				w.Roles[rest] = model.Known(model.Role{Name: rest, Permissions: []model.Permission{last}})
				w.bind(projectA, some, eve)
				w.bind(projectA, rest, eve)
				reason, roles := string(last)+": "+rest+" on project myproject-a gives it.", []string{some, rest}
				if whole {
					w.bind(projectA, runAdmin, eve)
					reason, roles = runAdmin+" on project myproject-a gives it.", []string{runAdmin}
				}
				w.noOpinionsOn(service, all...)
				c := w.check(t, "deploy")
				var proven []string
				for _, e := range c.Proofs() {
					proven = append(proven, e.Role)
				}
				slices.Sort(proven)
				slices.Sort(roles)
				if c.Verdict != model.Granted || !strings.Contains(c.Reason, reason) || !slices.Equal(proven, roles) {
					t.Errorf("%s apart, whole %v: %s by %v: %s", last, whole, c.Verdict, proven, c.Reason)
				}
			})
		}
	}
}
