package world

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"slices"

	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/protobuf/proto"
)

// agentKind is the primary service agent of an API.
type agentKind struct{ host, role string }

// agentKinds are the APIs here that have a service agent.
var agentKinds = map[string]agentKind{
	"run.googleapis.com":              {"serverless-robot-prod", "roles/run.serviceAgent"},
	"artifactregistry.googleapis.com": {"gcp-sa-artifactregistry", "roles/artifactregistry.serviceAgent"},
}

// AgentEmail gives the e-mail of the API's service agent in a project, or
// false when that API has none.
func AgentEmail(p *Project, api string) (string, bool) {
	kind, ok := agentKinds[api]
	return "service-" + p.Number + "@" + kind.host + ".iam.gserviceaccount.com", ok
}

// setUpServices enables the APIs that the file names and makes the agents. If the file lists agents, it makes
// those, without a role. Otherwise it makes one for each enabled API, with its role.
func (w *World) setUpServices(p *Project) {
	w.enabledAPIs[p.ID] = map[string]bool{}
	for _, api := range p.Services {
		w.enabledAPIs[p.ID][api] = true
	}
	if p.Agents != nil {
		for _, api := range *p.Agents {
			w.createAgent(p, api)
		}
		return
	}
	for _, api := range p.Services {
		w.createAgentWithRole(p, api)
	}
}

// createAgent makes the API's agent exist, without any role, and reports whether it was not there before.
func (w *World) createAgent(p *Project, api string) bool {
	email, ok := AgentEmail(p, api)
	if !ok || w.agents[email] {
		return false
	}
	w.agents[email] = true
	return true
}

// createAgentWithRole does what Google does when an API is enabled: the new
// agent gets its usual role on its own project.
func (w *World) createAgentWithRole(p *Project, api string) {
	if !w.createAgent(p, api) {
		return
	}
	email, _ := AgentEmail(p, api)
	member, role := "serviceAccount:"+email, agentKinds[api].role
	held := w.policies[fullNodeName(p.Name())]
	next := proto.Clone(held.policy).(*iampb.Policy)
	at := slices.IndexFunc(next.Bindings, func(b *iampb.Binding) bool { return b.Role == role && b.Condition == nil })
	switch {
	case at < 0:
		next.Bindings = append(next.Bindings, &iampb.Binding{Role: role, Members: []string{member}})
	case slices.Contains(next.Bindings[at].Members, member):
		return
	default:
		next.Bindings[at].Members = append(next.Bindings[at].Members, member)
	}
	w.replacePolicy(held, next)
}

// Enabled reports whether an API is on in a project (its id).
func (w *World) Enabled(projectID, api string) bool {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.enabledAPIs[projectID][api]
}

// Enable turns an API on. Its agent, when it is new, comes with its usual role.
func (w *World) Enable(p *Project, api string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.enabledAPIs[p.ID][api] {
		w.enabledAPIs[p.ID][api] = true
		w.createAgentWithRole(p, api)
	}
}

// EnabledServices lists the APIs that are on in a project, ordered by name.
func (w *World) EnabledServices(p *Project) []string {
	w.mu.RLock()
	defer w.mu.RUnlock()
	var names []string
	for api := range w.enabledAPIs[p.ID] {
		names = append(names, api)
	}
	slices.Sort(names)
	return names
}

// CreateAgent makes the API's agent exist on request. Unlike an agent made by
// enabling the API it gets no role. It gives the e-mail and the unique id, and
// false when the API has no agent.
func (w *World) CreateAgent(p *Project, api string) (email, id string, ok bool) {
	email, ok = AgentEmail(p, api)
	if !ok {
		return "", "", false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.createAgent(p, api)
	return email, uniqueID(email), true
}

// uniqueID makes the number of 21 digits that stands for an account.
func uniqueID(email string) string {
	sum := sha256.Sum256([]byte(email))
	return fmt.Sprintf("1%020d", binary.BigEndian.Uint64(sum[:8]))
}
