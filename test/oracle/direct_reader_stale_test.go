package oracle

import (
	"slices"
	"strings"
	"time"

	"whopulls/gcp/sandbox/world"
	"whopulls/model"
)

// readStale reads all that the scenario's scope wants of stale bindings.
func (s *scenario) readStale(at time.Time) model.Situation {
	m := directReader{s, at}
	situation := model.NewSituation(model.Question{Project: s.question.Scope.Project(), Scope: s.question.Scope}, at)
	if s.question.Scope.Kind() == model.KindRepository {
		name, err := model.ParseRepository(s.question.Scope.Path())
		if err != nil {
			panic(err)
		}
		situation.Question.Repository = name
	}
	for {
		wants := model.StaleWants(situation)
		if len(wants) == 0 {
			situation.ReadingDone = true
			return situation
		}
		for _, w := range wants {
			m.answer(&situation, w)
		}
	}
}

// inventoryFact is what runs in a project, kind by kind as far as the caller may list them.
func (m directReader) inventoryFact(project string) model.Fact[model.Inventory] {
	r := model.ProjectResource(project)
	p := m.world.Project(project)
	if p == nil || !m.isAPIOn(model.RunService, project) {
		return switchedOff[model.Inventory](r)
	}
	var found model.Inventory
	listed := 0
	for _, kind := range []string{"service", "job", "worker-pool", "instance"} {
		need := model.Permission("run." + strings.ReplaceAll(kind, "-", "") + "s.list")
		if !m.isAllowed(need, string(r)) {
			found.Gaps = append(found.Gaps, model.Gap{Resource: r, Need: need, Cause: model.GapForbidden, Reason: "not to be listed"})
			continue
		}
		listed++
		for _, l := range m.world.Workloads(p) {
			if l.Kind == kind {
				m.addToInventory(&found, l)
			}
		}
	}
	if listed == 0 {
		return unreadable[model.Inventory](r, model.Service.Permission("list"))
	}
	return model.Known(found)
}

// addToInventory adds a workload, with the revisions of it that serve.
func (m directReader) addToInventory(found *model.Inventory, l *world.Workload) {
	name := model.WorkloadName{Kind: model.WorkloadKind(l.Kind), Name: l.ID, Region: l.Region}
	running := model.RunningWorkload{Workload: model.Workload{WorkloadName: name, ServiceAccount: l.ServiceAccount, AgentIdentity: l.AgentIdentity, Images: model.ImagesOf(slices.Concat(l.Images, l.SandboxImages)...)}}
	if get := name.Kind.Permission("get"); l.ServiceAccount == "" && canHaveAgentIdentity(l) && !m.isAllowed(get, world.FullName("run", l.Name())) {
		running.AgentIdentity, running.RunnerGap = false, &model.Gap{Resource: model.Resource(world.FullName("run", l.Name())), Need: get, Cause: model.GapForbidden, Reason: "not to be seen"}
	}
	for _, revision := range l.Revisions {
		full := world.FullName("run", l.Name())
		switch {
		case revision.Traffic == 0 && revision.Tag == "":
		case !m.isAllowed("run.revisions.get", full):
			found.Gaps = append(found.Gaps, model.Gap{Resource: model.Resource(full), Need: "run.revisions.get", Cause: model.GapForbidden, Reason: "not to be seen"})
		default:
			running.Serving = append(running.Serving, model.Revision{Name: revision.Name, ServiceAccount: l.ServiceAccount, AgentIdentity: l.AgentIdentity, Images: model.ImagesOf(slices.Concat(revision.Images, revision.SandboxImages)...)})
		}
	}
	found.Running = append(found.Running, running)
}

// canHaveAgentIdentity: the templates of the others have no field for an agent identity.
func canHaveAgentIdentity(l *world.Workload) bool { return l.Kind == "service" || l.Kind == "job" }

func (m directReader) repositoryList(project string) model.Fact[model.RepositoryList] {
	r := model.ProjectResource(project)
	if !m.isAPIOn(registryAPI, project) {
		return switchedOff[model.RepositoryList](r)
	}
	return lookUp(m, r, "artifactregistry.repositories.list", m.world.Project(project) != nil, func() (list model.RepositoryList) {
		for _, repository := range m.world.Project(project).Repositories {
			list.Names = append(list.Names, model.RepositoryName{Project: project, Location: repository.Location, ID: repository.ID})
		}
		return list
	})
}
