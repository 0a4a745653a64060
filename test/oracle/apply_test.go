package oracle

import (
	"reflect"
	"slices"
	"strings"

	"whopulls/gcp/sandbox/world"
	"whopulls/model"
)

// withSteps gives the scenario after its steps were made, in order, in another world. A step that Google refuses changes nothing.
func (s *scenario) withSteps(steps []model.Step) *scenario {
	w := shallowCopy(s.drawnWorld)
	w.Projects = copyEach(w.Projects)
	w.Folders = copyEach(w.Folders)
	for _, p := range w.Projects {
		p.Repositories, p.ServiceAccounts, p.Workloads = copyEach(p.Repositories), copyEach(p.ServiceAccounts), copyEach(p.Workloads)
	}
	if w.Organization != nil {
		w.Organization = copyEach([]*world.Organization{w.Organization})[0]
	}
	for _, step := range steps {
		applyStep(w, step)
	}
	after := *s
	after.drawnWorld, after.file = w, worldFile(w)
	parsed, err := world.Parse("applied", after.file)
	if err != nil {
		panic(err)
	}
	after.world = parsed
	return &after
}

// shallowCopy copies a world but not its lists: replace them, and change none.
func shallowCopy(w *world.World) *world.World {
	like := &world.World{}
	from, to := reflect.ValueOf(w).Elem(), reflect.ValueOf(like).Elem()
	for i := range from.NumField() {
		if tag := from.Type().Field(i).Tag.Get("yaml"); tag != "" && tag != "-" {
			to.Field(i).Set(from.Field(i))
		}
	}
	return like
}

func copyEach[T any](list []*T) []*T {
	copied := make([]*T, len(list))
	for i, entry := range list {
		fresh := *entry
		copied[i] = &fresh
	}
	return copied
}

func applyStep(w *world.World, step model.Step) {
	project := findProject(w, step.Resource.Project())
	switch step.Kind {
	case model.StepEnableAPI:
		project.Services = append(slices.Clone(project.Services), step.Resource.ID())
	case model.StepCreateAgent:
		agents := append(slices.Clone(*project.Agents), step.Resource.ID())
		project.Agents = &agents
	case model.StepGrant:
		if at := findPolicy(w, step.Resource.Path()); at != nil && memberExists(w, string(step.Member)) {
			addBinding(at, step)
		}
	case model.StepRevoke:
		if at := findPolicy(w, step.Resource.Path()); at != nil {
			removeBinding(at, step)
		}
	}
}

func findProject(w *world.World, name string) *world.Project {
	at := slices.IndexFunc(w.Projects, func(p *world.Project) bool { return p.ID == name || p.Number == name })
	if at < 0 {
		return nil
	}
	return w.Projects[at]
}

// memberExists: Google takes no service agent as a member that was not created yet.
func memberExists(w *world.World, member string) bool {
	return !slices.ContainsFunc(w.Projects, func(p *world.Project) bool {
		return slices.ContainsFunc(agentAPIs, func(api string) bool {
			email, _ := world.AgentEmail(p, api)
			return member == "serviceAccount:"+email && !slices.Contains(*p.Agents, api)
		})
	})
}

// findPolicy finds the policy of a resource by its relative name, where a project may be named by its number; nil where there
// is no such resource.
func findPolicy(w *world.World, name string) *world.FilePolicy {
	if w.Organization != nil && w.Organization.Name() == name {
		return &w.Organization.Policy
	}
	for _, f := range w.Folders {
		if f.Name() == name {
			return &f.Policy
		}
	}
	parts := strings.SplitN(name, "/", 3)
	p := findProject(w, parts[1])
	if parts[0] != "projects" || p == nil {
		return nil
	}
	if len(parts) == 2 {
		return &p.Policy
	}
	for _, r := range p.Repositories {
		if parts[2] == "locations/"+r.Location+"/repositories/"+r.ID {
			return &r.Policy
		}
	}
	for _, a := range p.ServiceAccounts {
		if parts[2] == "serviceAccounts/"+emailOf(p, a) {
			return &a.Policy
		}
	}
	for _, l := range p.Workloads {
		if parts[2] == "locations/"+l.Region+"/"+l.Collection()+"/"+l.ID {
			return &l.Policy
		}
	}
	return nil
}

func addBinding(at *world.FilePolicy, step model.Step) {
	b := world.FileBinding{Role: step.Role, Members: []string{string(step.Member)}}
	if c := step.Condition; c != nil {
		b.Condition = &world.FileCondition{Title: c.Title, Expression: engineExpression(c)}
	}
	at.Bindings = append(slices.Clone(at.Bindings), b)
	if step.Role == model.RoleRunAgent {
		b.Role = tracerRole // see traceAgents
		at.Bindings = append(at.Bindings, b)
	}
}

func removeBinding(at *world.FilePolicy, step model.Step) {
	var kept []world.FileBinding
	for _, b := range at.Bindings {
		if b.Role == step.Role && conditionTitle(b.Condition) == conditionTitle(step.Condition) {
			b.Members = slices.DeleteFunc(slices.Clone(b.Members), func(m string) bool { return m == string(step.Member) })
		}
		if len(b.Members) > 0 {
			kept = append(kept, b)
		}
	}
	at.Bindings = kept
}

// conditionTitle is the title, by which drawn conditions differ.
func conditionTitle[C world.FileCondition | model.Condition](c *C) string {
	switch c := any(c).(type) {
	case *world.FileCondition:
		if c != nil {
			return c.Title
		}
	case *model.Condition:
		if c != nil {
			return c.Title
		}
	}
	return ""
}

// engineExpression is the expression that the engine gets for a condition as it is shown: the title of a masked one holds
// the answer.
func engineExpression(c *model.Condition) string {
	switch {
	case strings.HasSuffix(c.Title, titleYes):
		return "true"
	case strings.HasSuffix(c.Title, titleNo):
		return "false"
	}
	return c.Expression
}
