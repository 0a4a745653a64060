package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	knative "google.golang.org/api/run/v1"
	runv2 "google.golang.org/api/run/v2"

	"whopulls/gcp/sandbox/world"
)

// restOnlyFields are the fields of a template that only Cloud Run's REST API v2 has, not the gRPC
// definitions. They are its sandboxes and the kind of its identity (iam-facts 12.5, 12.6; the API's
// description of 2026-10-23). A worker pool's template has no identity.
type restOnlyFields struct {
	Sandboxes *runv2.GoogleCloudRunV2SandboxConfiguration   `json:"sandboxes,omitempty"`
	Identity  *runv2.GoogleCloudRunV2WorkloadIdentityConfig `json:"workloadIdentityConfig,omitempty"`
}

const agentIdentity = "IDENTITY_TYPE_AGENT_IDENTITY"

type restOnlyKey struct{}

// extractRestOnly keeps these fields of a request's body for the deploy.
func extractRestOnly(ctx context.Context, body []byte) context.Context {
	var asked struct {
		Template struct {
			restOnlyFields
			Template *restOnlyFields `json:"template"` // of a job's tasks
		} `json:"template"`
	}
	if json.Unmarshal(body, &asked) != nil {
		return ctx // the transcoder reports what is wrong with it
	}
	found := asked.Template.restOnlyFields
	if asked.Template.Template != nil {
		found = *asked.Template.Template
	}
	return context.WithValue(ctx, restOnlyKey{}, found)
}

func restOnlyFromContext(ctx context.Context) restOnlyFields {
	found, _ := ctx.Value(restOnlyKey{}).(restOnlyFields)
	return found
}

// applyTo adds these fields to a deployment.
func (x restOnlyFields) applyTo(d *deployment) error {
	if x.Sandboxes != nil {
		for _, t := range x.Sandboxes.Templates {
			d.sandboxImages = append(d.sandboxImages, t.Image)
		}
	}
	d.agentIdentity = d.kind != poolKind && x.Identity != nil && x.Identity.IdentityType == agentIdentity
	if d.agentIdentity && d.account != "" {
		return invalid("The template names service account %s and asks for an agent identity; expected one of them.", d.account)
	}
	return nil
}

// insertRestOnly adds these fields to an answer of REST v2 that was made from a gRPC message. The answer is a
// workload, a revision, a list of them, or an operation with one.
func (c *core) insertRestOnly(answer []byte) []byte {
	var m map[string]any
	d := json.NewDecoder(bytes.NewReader(answer))
	d.UseNumber()
	if d.Decode(&m) != nil || !c.addRestOnly(m) {
		return answer
	}
	text, err := json.Marshal(m)
	if err != nil {
		return answer // decoded JSON can be encoded
	}
	return text
}

// addRestOnly reports whether there was something to add.
func (c *core) addRestOnly(m map[string]any) bool {
	added := c.addRestOnlyToOne(m)
	if response, ok := m["response"].(map[string]any); ok {
		added = c.addRestOnly(response) || added
	}
	for _, of := range []string{"services", "jobs", "workerPools", "revisions"} {
		list, _ := m[of].([]any)
		for _, item := range list {
			if one, ok := item.(map[string]any); ok {
				added = c.addRestOnly(one) || added
			}
		}
	}
	return added
}

func (c *core) addRestOnlyToOne(m map[string]any) bool {
	name, _ := m["name"].(string)
	of, revision, isRevision := strings.Cut(name, "/revisions/")
	l := c.world.Workload(of)
	if l == nil {
		return false
	}
	if isRevision {
		return setRestOnlyFields(m, restOnlyFor(l, sandboxImagesOf(l, revision)))
	}
	template, _ := m["template"].(map[string]any)
	if l.Kind == jobKind.kind {
		template, _ = template["template"].(map[string]any)
	}
	return template != nil && setRestOnlyFields(template, restOnlyFor(l, l.SandboxImages))
}

func sandboxImagesOf(l *world.Workload, revision string) []string {
	for _, rev := range l.RevisionHistory() {
		if rev.Name == revision {
			return rev.SandboxImages
		}
	}
	return nil
}

func restOnlyFor(l *world.Workload, sandboxes []string) restOnlyFields {
	x := restOnlyFields{Sandboxes: v2Sandboxes(sandboxes)}
	if l.AgentIdentity {
		x.Identity = &runv2.GoogleCloudRunV2WorkloadIdentityConfig{IdentityType: agentIdentity}
	}
	return x
}

func setRestOnlyFields(to map[string]any, x restOnlyFields) bool {
	if x.Sandboxes != nil {
		to["sandboxes"] = x.Sandboxes
	}
	if x.Identity != nil {
		to["workloadIdentityConfig"] = x.Identity
	}
	return x != restOnlyFields{}
}

// v2Sandboxes and v1Sandboxes are a template's sandboxes; nil if it has none.
func v2Sandboxes(images []string) *runv2.GoogleCloudRunV2SandboxConfiguration {
	if len(images) == 0 {
		return nil
	}
	m := &runv2.GoogleCloudRunV2SandboxConfiguration{}
	for i, image := range images {
		m.Templates = append(m.Templates, &runv2.GoogleCloudRunV2SandboxTemplate{Name: sandboxName(i), Image: image})
	}
	return m
}

func v1Sandboxes(images []string) *knative.SandboxConfiguration {
	if len(images) == 0 {
		return nil
	}
	m := &knative.SandboxConfiguration{}
	for i, image := range images {
		m.Templates = append(m.Templates, &knative.SandboxTemplate{Name: sandboxName(i), Image: image})
	}
	return m
}

func sandboxName(i int) string { return fmt.Sprintf("sandbox-%d", i+1) }
