package tui

import (
	"testing"

	"whopulls/model"
)

// What runs as an agent identity has no account in its lane, and the lines that ask about one say so (iam-facts 12.6).
func TestMapOfAnAgentIdentity(t *testing.T) {
	cloud := newFakeCloud()
	cloud.agentIdentity = true
	cloud.policies[repoName.Resource()] = model.Policy{Bindings: []model.Binding{{Role: model.RoleReader, Members: []model.Member{devMember, agentMember}}}}
	q := articleQuestion()
	q.Workload = &model.WorkloadName{Kind: model.Service, Name: "helper", Region: "asia-northeast1"}
	term := start(t, cloud, Options{Question: q}, 100, 30)
	compareScreen(t, "map-agent-identity", term.shows("the agent identity of service helper", "does not apply"))
	term.press("down")
	compareScreen(t, "map-agent-identity-runner", term.shows("✓ ok       runtime account", "has no runtime service account", "principal://agents.global.org-"))
	term.press("up", "up", "up", "up", "up")
	compareScreen(t, "map-agent-identity-deployer", term.shows("✓ ok       iam.serviceAccounts.actAs", "is not documented"))
}
