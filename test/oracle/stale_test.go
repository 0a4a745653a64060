package oracle

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"whopulls/gcp/sandbox/world"
	"whopulls/model"
)

// Removing all that is called removable, and replacing all that is called replaceable, changes nothing for any workload of a
// living project: every verdict stays granted, and the engine still lets the agents do what they did. Anyone can run the
// commands of the list, so nothing is read again in between.
func TestStaleTakesNothingThatIsUsed(t *testing.T) {
	cov := newCoverage()
	cov.check(t, sizeFromEnv(t, "ORACLE_ESTATES", 1200), 1200, staleCoverage, func(t *rapid.T) {
		s := estates.Draw(t, "estate")
		cov.failOrNote(t, s, cov.checkCleanUp(s)...)
	})
}

// checkCleanUp compares an estate after the clean-up with the estate before.
func (cov *coverage) checkCleanUp(s *scenario) []violation {
	situation := s.readStale(readTime())
	list := model.FindStale(situation)
	cov.countStale(s, list)
	var going []model.StaleBinding
	for _, b := range list.Bindings {
		if b.Removable || b.Replace != "" {
			going = append(going, b)
		}
	}
	if len(going) == 0 {
		return nil
	}
	steps, of := model.StaleSteps(going)
	after := s.withSteps(steps)
	lost := s.losses(after)
	if len(lost) == 0 {
		return nil
	}
	var about []string
	for _, step := range steps {
		b := of[step.ID]
		about = append(about, fmt.Sprintf("%s %s on %s, %s: %s", step.Kind, step.Role, step.Resource, step.Member, asJSON(b)))
	}
	return []violation{{"the clean-up takes what is used", lost[0].what, fmt.Sprintf("lost: %v\nscope %s, steps:\n%s", lost, s.question.Scope, strings.Join(about, "\n"))}}
}

// loss is something that a workload had and lost.
type loss struct{ what, where string }

// losses compares the workloads of an estate with the same ones in another.
func (s *scenario) losses(after *scenario) (all []loss) {
	for _, p := range s.world.Projects {
		if p.State != "ACTIVE" {
			continue
		}
		for _, l := range s.world.Workloads(p) {
			for a := range s.neededAccess(l) {
				if s.world.Allowed(a.who, a.permission, a.resource, readTime()) && !after.world.Allowed(a.who, a.permission, a.resource, readTime()) {
					all = append(all, loss{"by the engine " + a.permission, fmt.Sprintf("%s of %s on %s", l.Name(), a.who, a.resource)})
				}
			}
			all = append(all, s.downgradedChecks(after, l)...)
		}
	}
	return all
}

// neededAccess is what an agent does for a workload: it reads each image that may be started, through whatever repositories, and
// gets tokens of the account.
func (s *scenario) neededAccess(l *world.Workload) map[access]bool {
	agent, _ := world.AgentEmail(l.Project, agentAPIs[0])
	puller := "serviceAccount:" + agent
	images := slices.Concat(l.Images, l.SandboxImages)
	for _, r := range l.Revisions {
		if r.Traffic > 0 || r.Tag != "" {
			images = slices.Concat(images, r.Images, r.SandboxImages)
		}
	}
	all := map[access]bool{}
	for _, text := range images {
		if ref, ok := world.ParseReference(text); ok && s.world.Repository(ref.Repository) != nil {
			full := world.FullName("artifactregistry", s.world.Repository(ref.Repository).Name())
			all[access{puller, string(model.PermDownload), full}] = true
			s.addUpstreams(all, s.world.Repository(ref.Repository))
		}
	}
	if l.AgentIdentity {
		return all // in place of an account
	}
	email := l.ServiceAccount
	if email == "" {
		email = model.DefaultComputeAccount(l.Project.Number)
	}
	if account := s.world.ServiceAccount("-", email); account != nil {
		all[access{puller, string(model.PermGetAccessToken), world.FullName("iam", account.Name())}] = true
	}
	return all
}

// addUpstreams adds the reading of what stands behind a repository, by the agent of its project.
func (s *scenario) addUpstreams(all map[access]bool, front *world.Repository) {
	agent, _ := world.AgentEmail(front.Project, registryAPI)
	for _, up := range front.Upstreams {
		for _, p := range []model.Permission{model.PermDownload, model.PermReadViaVirtual} {
			if s.world.Repository(up) != nil {
				all[access{"serviceAccount:" + agent, string(p), world.FullName("artifactregistry", up)}] = true
			}
		}
	}
}

// downgradedChecks are the checks of a workload that were granted, asked as the caller with everything seen, and are not now.
func (s *scenario) downgradedChecks(after *scenario, l *world.Workload) (all []loss) {
	kind := model.WorkloadKind(l.Kind)
	if !slices.Contains([]model.WorkloadKind{model.Service, model.Job, model.WorkerPool}, kind) {
		return nil // can't be asked about
	}
	q := model.Question{Project: l.Project.ID, Workload: &model.WorkloadName{Kind: kind, Name: l.ID, Region: l.Region}}
	before, now := s.diagnoseQuestion(q), after.diagnoseQuestion(q)
	for _, c := range before.Checks {
		if c.Verdict != model.Granted {
			continue
		}
		if d, ok := now.CheckByID(c.ID); !ok || d.Verdict != model.Granted {
			all = append(all, loss{c.BaseID(), fmt.Sprintf("%s is %s now", l.Name(), d.Verdict)})
		}
	}
	return all
}

// diagnoseQuestion answers another question with everything seen.
func (s *scenario) diagnoseQuestion(q model.Question) model.Diagnosis {
	other := *s
	other.question, other.seesEverything, other.policyV1, other.unknownCaller = q, true, false, false
	return model.Diagnose(other.read(readTime()))
}
