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
	a := operation{action: "read " + words, resource: name.Resource(q.Project), permission: name.Kind.Permission("get"), subject: words, notFoundIsAnswer: true}
	return func(ctx context.Context) taskResult {
		w, err := c.readWorkload(ctx, name, a.resource.Path())
		found := factFrom(a, w, err)
		return taskResult{err: err, apply: func(r *readRun) { r.situation.Workload = found }}
	}
}

// runTemplate is what the three kinds have in common.
type runTemplate struct {
	containers    []*runv2.GoogleCloudRunV2Container
	sandboxes     *runv2.GoogleCloudRunV2SandboxConfiguration
	account       string
	agentIdentity bool // it runs as an agent identity
	condition     *runv2.GoogleCloudRunV2Condition
}

// readWorkload reads over REST: the gRPC client has no fields for sandbox templates and agent identities (iam-facts 12.5, 12.6).
func (c *Cloud) readWorkload(ctx context.Context, name model.WorkloadName, path string) (model.Workload, error) {
	t, err := c.readTemplate(ctx, name.Kind, path)
	if err != nil {
		return model.Workload{}, err
	}
	return model.Workload{WorkloadName: name, ServiceAccount: clean(t.account), AgentIdentity: t.agentIdentity, Images: imagesOfV2(t.containers, t.sandboxes),
		Condition: readinessOf(t.condition)}, nil
}

func (c *Cloud) readTemplate(ctx context.Context, kind model.WorkloadKind, path string) (runTemplate, error) {
	runs := c.clients.RunV2.Projects.Locations
	switch kind {
	case model.Service:
		s, err := runs.Services.Get(path).Context(ctx).Do()
		if err != nil || s.Template == nil {
			return runTemplate{}, err
		}
		return runTemplate{s.Template.Containers, s.Template.Sandboxes, s.Template.ServiceAccount, runsAsAgent(s.Template.WorkloadIdentityConfig), s.TerminalCondition}, nil
	case model.Job:
		j, err := runs.Jobs.Get(path).Context(ctx).Do()
		if err != nil || j.Template == nil || j.Template.Template == nil {
			return runTemplate{}, err
		}
		t := j.Template.Template
		return runTemplate{t.Containers, t.Sandboxes, t.ServiceAccount, runsAsAgent(t.WorkloadIdentityConfig), j.TerminalCondition}, nil
	case model.WorkerPool:
		p, err := runs.WorkerPools.Get(path).Context(ctx).Do()
		if err != nil || p.Template == nil {
			return runTemplate{}, err
		}
		return runTemplate{p.Template.Containers, p.Template.Sandboxes, p.Template.ServiceAccount, false, p.TerminalCondition}, nil
	}
	return runTemplate{}, fmt.Errorf("%q is not a kind of Cloud Run workload; use service, job or worker-pool", kind)
}

// runsAsAgent reports whether a template asks for an agent identity instead of a service account (iam-facts
// 12.6).
func runsAsAgent(c *runv2.GoogleCloudRunV2WorkloadIdentityConfig) bool {
	return c != nil && c.IdentityType == "IDENTITY_TYPE_AGENT_IDENTITY"
}

// imagesOfV2 are the images of the containers, and then those that they may launch in sandboxes.
func imagesOfV2(containers []*runv2.GoogleCloudRunV2Container, sandboxes *runv2.GoogleCloudRunV2SandboxConfiguration) []model.Image {
	var references []string
	for _, c := range containers {
		references = append(references, clean(c.Image))
	}
	if sandboxes != nil {
		for _, t := range sandboxes.Templates {
			references = append(references, clean(t.Image))
		}
	}
	return model.ImagesOf(references...)
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
