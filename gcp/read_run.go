package gcp

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path"
	"time"

	runv2 "google.golang.org/api/run/v2"
	"google.golang.org/grpc/codes"

	"whopulls/gcp/transport"
	"whopulls/model"
)

// workloadTask reads a workload. A caller who may not get it may still list it, and the list has the same fields. So a
// question has one answer, whether the workload was named or chosen from a list.
func (c *Cloud) workloadTask(q model.Question) task {
	name := *q.Workload
	words := name.Kind.DisplayName() + " " + name.Name
	a := operation{action: "read " + words, resource: name.Resource(q.Project), permission: name.Kind.Permission("get"), subject: words, notFoundIsAnswer: true}
	return func(ctx context.Context) taskResult {
		t, err := c.readTemplate(ctx, name.Kind, a.resource.Path())
		found := factFrom(a, t.workload(name), err)
		apply := func(r *readRun) { r.situation.Workload = found }
		if err == nil || transport.ParseError(err).Code != codes.PermissionDenied {
			return taskResult{err: err, apply: apply}
		}
		listed := c.shareAs([3]string{string(name.Kind), q.Project, name.Region}, c.regionTask(name.Kind, q.Project, name.Region))(ctx)
		return taskResult{err: err, apply: func(r *readRun) { apply(r); listed.apply(r) }}
	}
}

// regionTask lists the workloads of one kind in a region, and takes that of the question. Without a list nothing is taken.
func (c *Cloud) regionTask(kind model.WorkloadKind, project, region string) task {
	return func(ctx context.Context) taskResult {
		listed := map[string]runTemplate{}
		parent := "projects/" + project + "/locations/" + region
		var failed error
		for pages, err := range transport.EachPage(ctx, func(ctx context.Context) transport.FetchPage[map[string]runTemplate] {
			return c.templatePages(ctx, kind, parent)
		}) {
			for _, page := range pages {
				maps.Copy(listed, page)
			}
			failed = err
		}
		return taskResult{err: failed, apply: func(r *readRun) {
			name := *r.situation.Question.Workload
			if t, ok := listed[name.Name]; ok {
				r.situation.Workload = model.Known(t.workload(name))
			}
		}}
	}
}

// templatePages makes of the answers of a list call pages of one entry each: the templates by the names of their workloads.
func (c *Cloud) templatePages(ctx context.Context, kind model.WorkloadKind, parent string) transport.FetchPage[map[string]runTemplate] {
	runs := c.clients.RunV2.Projects.Locations
	return func(size int, token string) ([]map[string]runTemplate, string, error) {
		switch kind {
		case model.Service:
			l, err := runs.Services.List(parent).PageSize(int64(size)).PageToken(token).Context(ctx).Do()
			if err != nil {
				return nil, "", err
			}
			return templatesByName(l.Services, func(s *runv2.GoogleCloudRunV2Service) (string, runTemplate) { return s.Name, serviceTemplate(s) }), l.NextPageToken, nil
		case model.Job:
			l, err := runs.Jobs.List(parent).PageSize(int64(size)).PageToken(token).Context(ctx).Do()
			if err != nil {
				return nil, "", err
			}
			return templatesByName(l.Jobs, func(j *runv2.GoogleCloudRunV2Job) (string, runTemplate) { return j.Name, jobTemplate(j) }), l.NextPageToken, nil
		}
		l, err := runs.WorkerPools.List(parent).PageSize(int64(size)).PageToken(token).Context(ctx).Do()
		if err != nil {
			return nil, "", err
		}
		return templatesByName(l.WorkerPools, func(p *runv2.GoogleCloudRunV2WorkerPool) (string, runTemplate) { return p.Name, poolTemplate(p) }), l.NextPageToken, nil
	}
}

// templatesByName is one page of templates.
func templatesByName[T any](items []*T, read func(*T) (name string, t runTemplate)) []map[string]runTemplate {
	page := make(map[string]runTemplate, len(items))
	for _, item := range items {
		name, t := read(item)
		page[path.Base(name)] = t
	}
	return []map[string]runTemplate{page}
}

// runTemplate is what the three kinds have in common.
type runTemplate struct {
	containers    []*runv2.GoogleCloudRunV2Container
	sandboxes     *runv2.GoogleCloudRunV2SandboxConfiguration
	account       string
	agentIdentity bool // it runs as an agent identity
	condition     *runv2.GoogleCloudRunV2Condition
}

// workload is what a template makes of a name.
func (t runTemplate) workload(name model.WorkloadName) model.Workload {
	return model.Workload{WorkloadName: name, ServiceAccount: clean(t.account), AgentIdentity: t.agentIdentity, Images: imagesOfV2(t.containers, t.sandboxes),
		Condition: readinessOf(t.condition)}
}

// readTemplate reads over REST: the gRPC client has no fields for sandbox templates and agent identities (iam-facts 12.5, 12.6).
func (c *Cloud) readTemplate(ctx context.Context, kind model.WorkloadKind, name string) (runTemplate, error) {
	runs := c.clients.RunV2.Projects.Locations
	switch kind {
	case model.Service:
		s, err := runs.Services.Get(name).Context(ctx).Do()
		return templateOrError(s, err, serviceTemplate)
	case model.Job:
		j, err := runs.Jobs.Get(name).Context(ctx).Do()
		return templateOrError(j, err, jobTemplate)
	case model.WorkerPool:
		p, err := runs.WorkerPools.Get(name).Context(ctx).Do()
		return templateOrError(p, err, poolTemplate)
	}
	return runTemplate{}, fmt.Errorf("%q is not a kind of Cloud Run workload; use service, job or worker-pool", kind)
}

// templateOrError is the template of an answer, if there is an answer.
func templateOrError[T any](answer *T, err error, template func(*T) runTemplate) (runTemplate, error) {
	if err != nil {
		return runTemplate{}, err
	}
	return template(answer), nil
}

func serviceTemplate(s *runv2.GoogleCloudRunV2Service) runTemplate {
	if s.Template == nil {
		return runTemplate{}
	}
	return runTemplate{s.Template.Containers, s.Template.Sandboxes, s.Template.ServiceAccount, runsAsAgent(s.Template.WorkloadIdentityConfig), s.TerminalCondition}
}

func jobTemplate(j *runv2.GoogleCloudRunV2Job) runTemplate {
	if j.Template == nil || j.Template.Template == nil {
		return runTemplate{}
	}
	t := j.Template.Template
	return runTemplate{t.Containers, t.Sandboxes, t.ServiceAccount, runsAsAgent(t.WorkloadIdentityConfig), j.TerminalCondition}
}

func poolTemplate(p *runv2.GoogleCloudRunV2WorkerPool) runTemplate {
	if p.Template == nil {
		return runTemplate{}
	}
	return runTemplate{p.Template.Containers, p.Template.Sandboxes, p.Template.ServiceAccount, false, p.TerminalCondition}
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
