package gcp

import (
	"cmp"
	"context"
	"fmt"
	"time"

	runv2 "google.golang.org/api/run/v2"

	"whopulls/model"
)

func (c *Cloud) workloadTask(q model.Question) task {
	name := *q.Workload
	words := name.Kind.DisplayName() + " " + name.Name
	a := ask{does: "read " + words, resource: name.Resource(q.Project), need: name.Kind.Permission("get"), absent: words, decides: true}
	return func(ctx context.Context) answer {
		w, err := c.workload(ctx, name, a.resource.Path())
		found := fact(a, w, err)
		return answer{err: err, put: func(r *reading) { r.situation.Workload = found }}
	}
}

// template is what the three kinds have in common.
type template struct {
	containers []*runv2.GoogleCloudRunV2Container
	sandboxes  *runv2.GoogleCloudRunV2SandboxConfiguration
	account    string
	agent      bool // it runs as an agent identity
	condition  *runv2.GoogleCloudRunV2Condition
}

// workload reads over REST: the gRPC client has no fields for sandbox templates and agent identities (iam-facts 12.5, 12.6).
func (c *Cloud) workload(ctx context.Context, name model.WorkloadName, path string) (model.Workload, error) {
	t, err := c.template(ctx, name.Kind, path)
	if err != nil {
		return model.Workload{}, err
	}
	return model.Workload{WorkloadName: name, ServiceAccount: clean(t.account), AgentIdentity: t.agent, Images: imagesOfV2(t.containers, t.sandboxes),
		Condition: readinessOf(t.condition)}, nil
}

func (c *Cloud) template(ctx context.Context, kind model.WorkloadKind, path string) (template, error) {
	runs := c.clients.runs.Projects.Locations
	switch kind {
	case model.Service:
		s, err := runs.Services.Get(path).Context(ctx).Do()
		if err != nil || s.Template == nil {
			return template{}, err
		}
		return template{s.Template.Containers, s.Template.Sandboxes, s.Template.ServiceAccount, runsAsAgent(s.Template.WorkloadIdentityConfig), s.TerminalCondition}, nil
	case model.Job:
		j, err := runs.Jobs.Get(path).Context(ctx).Do()
		if err != nil || j.Template == nil || j.Template.Template == nil {
			return template{}, err
		}
		t := j.Template.Template
		return template{t.Containers, t.Sandboxes, t.ServiceAccount, runsAsAgent(t.WorkloadIdentityConfig), j.TerminalCondition}, nil
	case model.WorkerPool:
		p, err := runs.WorkerPools.Get(path).Context(ctx).Do()
		if err != nil || p.Template == nil {
			return template{}, err
		}
		return template{p.Template.Containers, p.Template.Sandboxes, p.Template.ServiceAccount, false, p.TerminalCondition}, nil
	}
	return template{}, fmt.Errorf("%q is no kind of Cloud Run workload; use service, job or worker-pool", kind)
}

// runsAsAgent reports whether a template asks for an agent identity in place of a service account (iam-facts 12.6).
func runsAsAgent(c *runv2.GoogleCloudRunV2WorkloadIdentityConfig) bool {
	return c != nil && c.IdentityType == "IDENTITY_TYPE_AGENT_IDENTITY"
}

// imagesOfV2 are the images of the containers, and then those that they may launch in sandboxes.
func imagesOfV2(containers []*runv2.GoogleCloudRunV2Container, sandboxes *runv2.GoogleCloudRunV2SandboxConfiguration) (images []string) {
	for _, c := range containers {
		images = append(images, clean(c.Image))
	}
	if sandboxes == nil {
		return images
	}
	for _, t := range sandboxes.Templates {
		images = append(images, clean(t.Image))
	}
	return images
}

// The states of a condition in API v2.
const (
	conditionSucceeded = "CONDITION_SUCCEEDED"
	conditionFailed    = "CONDITION_FAILED"
)

// readinessOf is how the last deploy ended; nil while it is under way.
func readinessOf(c *runv2.GoogleCloudRunV2Condition) *model.Readiness {
	if c == nil || c.State != conditionSucceeded && c.State != conditionFailed {
		return nil
	}
	r := &model.Readiness{Ready: c.State == conditionSucceeded, Message: clean(c.Message),
		Reason: clean(cmp.Or(c.Reason, c.RevisionReason, c.ExecutionReason))}
	if t, err := time.Parse(time.RFC3339, c.LastTransitionTime); err == nil {
		r.Time = t
	}
	return r
}
