package sandbox

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	ts "cloud.google.com/go/policytroubleshooter/iam/apiv3/iampb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"

	"whopulls/gcp/sandbox/world"
)

// troubleshootBeta serves Policy Troubleshooter v3beta, which adds an explanation of principal access
// boundaries to v3 (iam-facts 12.8). It has no gRPC definitions. The shapes are those of gcloud's client.
func (s *troubleshooter) troubleshootBeta(ctx context.Context, call restCall) (any, error) {
	r := &ts.TroubleshootIamPolicyRequest{}
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal(call.body, r); err != nil {
		return nil, invalid("The request is not valid: %v", err)
	}
	q, found, explained, err := s.explain(ctx, r)
	if err != nil {
		return nil, err
	}
	boundaries := q.explainBoundaries()
	explained.OverallAccessState = overallStates[world.AllOf(found, boundaries.State.permits())]
	text, err := protojson.Marshal(explained)
	if err != nil {
		return nil, status.Errorf(codes.Internal, "The answer cannot be encoded: %v", err)
	}
	answer := map[string]any{}
	if err := json.Unmarshal(text, &answer); err != nil {
		return nil, status.Errorf(codes.Internal, "The answer cannot be read: %v", err)
	}
	answer["pabPolicyExplanation"] = boundaries
	return answer, nil
}

// pabState is the result of a boundary, or of a part of it, for an access.
type pabState string

const (
	pabAllowed     pabState = "PAB_ACCESS_STATE_ALLOWED"
	pabNotAllowed  pabState = "PAB_ACCESS_STATE_NOT_ALLOWED"
	pabNotEnforced pabState = "PAB_ACCESS_STATE_NOT_ENFORCED"
	pabUnknown     pabState = "PAB_ACCESS_STATE_UNKNOWN_INFO"
)

// permits reports whether the access may pass.
func (s pabState) permits() world.Knowledge {
	switch s {
	case pabNotAllowed:
		return world.No
	case pabUnknown:
		return world.Hidden
	}
	return world.Yes
}

func (s pabState) relevance() string {
	if s == pabNotEnforced {
		return "HEURISTIC_RELEVANCE_NORMAL"
	}
	return "HEURISTIC_RELEVANCE_HIGH"
}

// combineBoundaryStates combines the results of a member's boundaries. One boundary that lets the access pass
// is enough, and an unknown one might. A boundary that is not enforced has no influence.
func combineBoundaryStates(states []pabState) pabState {
	for _, s := range []pabState{pabAllowed, pabUnknown, pabNotAllowed} {
		if slices.Contains(states, s) {
			return s
		}
	}
	return pabNotEnforced
}

type pabExplanation struct {
	State     pabState     `json:"principalAccessBoundaryAccessState"`
	Relevance string       `json:"relevance"`
	Explained []pabBinding `json:"explainedBindingsAndPolicies,omitempty"`
}

type pabBinding struct {
	State     pabState            `json:"bindingAndPolicyAccessState"`
	Relevance string              `json:"relevance"`
	Binding   explainedPABBinding `json:"explainedPolicyBinding"`
	Policy    *explainedPABPolicy `json:"explainedPolicy,omitempty"` // nil if the caller may not read it
}

type explainedPABBinding struct {
	State     string        `json:"policyBindingState"`
	Relevance string        `json:"relevance"`
	Binding   policyBinding `json:"policyBinding"`
}

type policyBinding struct {
	Name   string `json:"name"`
	Policy string `json:"policy"`
	Kind   string `json:"policyKind"`
}

type explainedPABPolicy struct {
	State     pabState           `json:"policyAccessState"`
	Relevance string             `json:"relevance"`
	Policy    pabPolicy          `json:"policy"`
	Version   pabVersion         `json:"policyVersion"`
	Rules     []explainedPABRule `json:"explainedRules"`
}

type pabPolicy struct {
	Name    string     `json:"name"`
	Details pabDetails `json:"details"`
}

type pabDetails struct {
	EnforcementVersion string    `json:"enforcementVersion"`
	Rules              []pabRule `json:"rules"`
}

type pabRule struct {
	Effect    string   `json:"effect"`
	Resources []string `json:"resources"`
}

type pabVersion struct {
	Version int    `json:"version"`
	State   string `json:"enforcementState"`
}

type explainedPABRule struct {
	State     pabState               `json:"ruleAccessState"`
	Combined  string                 `json:"combinedResourceInclusionState"`
	Effect    string                 `json:"effect"`
	Relevance string                 `json:"relevance"`
	Resources []explainedPABResource `json:"explainedResources"`
}

type explainedPABResource struct {
	Resource  string `json:"resource"`
	State     string `json:"resourceInclusionState"`
	Relevance string `json:"relevance"`
}

// explainBoundaries explains what the caller may see of the boundaries that the member is bound to.
// Boundaries belong to the organization. A caller that may read its policy bindings sees which boundaries
// there are. It needs the right to read boundaries to see what is in them. If no version blocks a permission,
// no boundary affects it.
func (q *accessQuery) explainBoundaries() pabExplanation {
	above := q.topNode()
	mayRead := q.viewerMay("iam.principalaccessboundarypolicies.get", above)
	m := pabExplanation{State: pabUnknown}
	switch {
	case world.BlockedFrom(q.permission) == 0:
		m.State = pabNotEnforced
	case mayRead || q.viewerMay("iam.policybindings.get", above):
		var states []pabState
		for _, b := range q.world.AccessBoundaries {
			if bound := q.world.BoundaryBindsFor(q.viewer, b, q.member); bound != world.No {
				one := q.explainBoundary(b, bound, mayRead)
				m.Explained, states = append(m.Explained, one), append(states, one.State)
			}
		}
		m.State = combineBoundaryStates(states)
	}
	m.Relevance = m.State.relevance()
	return m
}

// topNode is the full name of the organization. In a world without one it is the resource's highest ancestor.
func (q *accessQuery) topNode() string {
	if o := q.world.Organization; o != nil {
		return fullNodeName(o.Name())
	}
	chain := q.world.Chain(q.resource)
	if len(chain) == 0 {
		return ""
	}
	return chain[len(chain)-1]
}

func (q *accessQuery) explainBoundary(b *world.AccessBoundary, bound world.Knowledge, mayRead bool) pabBinding {
	parent := "organizations/-"
	if o := q.world.Organization; o != nil {
		parent = o.Name()
	}
	name := parent + "/locations/global/principalAccessBoundaryPolicies/" + b.ID
	m := pabBinding{State: pabUnknown, Binding: explainedPABBinding{
		State: "POLICY_BINDING_STATE_ENFORCED", Relevance: pabUnknown.relevance(),
		Binding: policyBinding{Name: parent + "/locations/global/policyBindings/" + b.ID, Policy: name, Kind: "PRINCIPAL_ACCESS_BOUNDARY"},
	}}
	if bound != world.Yes {
		m.Binding.State = "POLICY_BINDING_STATE_UNSPECIFIED"
	}
	if mayRead {
		m.Policy = q.explainBoundaryPolicy(b, name)
		if bound == world.Yes || m.Policy.State == pabNotEnforced {
			m.State = m.Policy.State
		}
	}
	m.Relevance = m.State.relevance()
	return m
}

func (q *accessQuery) explainBoundaryPolicy(b *world.AccessBoundary, name string) *explainedPABPolicy {
	rule := pabRule{Effect: "ALLOW"}
	explained := explainedPABRule{Effect: "ALLOW"}
	inclusion := world.No
	for _, r := range b.Resources {
		one := q.boundaryIncludes(r)
		inclusion = world.AnyOf(inclusion, one)
		rule.Resources = append(rule.Resources, fullNodeName(r))
		explained.Resources = append(explained.Resources, explainedPABResource{fullNodeName(r), inclusionStates[one], ruleStates[one].relevance()})
	}
	explained.Combined, explained.State = inclusionStates[inclusion], ruleStates[inclusion]
	explained.Relevance = explained.State.relevance()
	m := &explainedPABPolicy{
		State:   explained.State,
		Policy:  pabPolicy{Name: name, Details: pabDetails{EnforcementVersion: strconv.Itoa(b.EnforcementVersion), Rules: []pabRule{rule}}},
		Version: pabVersion{Version: b.EnforcementVersion, State: "PAB_POLICY_ENFORCEMENT_STATE_ENFORCED"},
		Rules:   []explainedPABRule{explained},
	}
	if !b.Blocks(q.permission) {
		m.State, m.Version.State = pabNotEnforced, "PAB_POLICY_ENFORCEMENT_STATE_NOT_ENFORCED"
	}
	m.Relevance = m.State.relevance()
	return m
}

var (
	inclusionStates = map[world.Knowledge]string{
		world.Yes: "RESOURCE_INCLUSION_STATE_INCLUDED", world.No: "RESOURCE_INCLUSION_STATE_NOT_INCLUDED",
		world.Hidden: "RESOURCE_INCLUSION_STATE_UNKNOWN_INFO",
	}
	ruleStates = map[world.Knowledge]pabState{world.Yes: pabAllowed, world.No: pabNotAllowed, world.Hidden: pabUnknown}
)

// boundaryIncludes reports whether the resource in question is in a boundary. The resource's name holds its
// project. A caller that may get the project also sees its folders and organization.
func (q *accessQuery) boundaryIncludes(resource string) world.Knowledge {
	chain := q.world.Chain(q.resource)
	top := slices.IndexFunc(chain, func(full string) bool { return strings.HasPrefix(full, fullNodeName("")) })
	at := q.world.Canonical(fullNodeName(resource))
	switch {
	case top < 0:
		return world.Hidden
	case chain[top] == at:
		return world.Yes
	case strings.HasPrefix(resource, "projects/"):
		return world.No
	case !q.viewerMay("resourcemanager.projects.get", chain[top]):
		return world.Hidden
	case slices.Contains(chain, at):
		return world.Yes
	}
	return world.No
}
