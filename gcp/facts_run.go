package gcp

import (
	"context"
	"fmt"

	"cloud.google.com/go/run/apiv2/runpb"

	"whopulls/model"
)

func (c *Cloud) workloadTask(q model.Question) task {
	name := *q.Workload
	words := name.Kind.Words() + " " + name.Name
	a := ask{does: "see " + words, resource: name.Resource(q.Project), need: name.Kind.Permission("get"), absent: words, decides: true}
	return func(ctx context.Context) answer {
		w, err := c.workload(ctx, name, a.resource.Path())
		found := fact(a, w, err)
		return answer{err: err, put: func(r *reading) { r.situation.Workload = found }}
	}
}

// template is what the three kinds have in common.
type template interface {
	GetContainers() []*runpb.Container
	GetServiceAccount() string
}

func (c *Cloud) workload(ctx context.Context, name model.WorkloadName, path string) (model.Workload, error) {
	t, condition, err := c.template(ctx, name.Kind, path)
	if err != nil {
		return model.Workload{}, err
	}
	w := model.Workload{WorkloadName: name, ServiceAccount: clean(t.GetServiceAccount()), Condition: readinessOf(condition)}
	for _, container := range t.GetContainers() {
		w.Images = append(w.Images, clean(container.GetImage()))
	}
	return w, nil
}

func (c *Cloud) template(ctx context.Context, kind model.WorkloadKind, path string) (template, *runpb.Condition, error) {
	switch kind {
	case model.Service:
		s, err := c.clients.services.GetService(ctx, &runpb.GetServiceRequest{Name: path})
		return s.GetTemplate(), s.GetTerminalCondition(), err
	case model.Job:
		j, err := c.clients.jobs.GetJob(ctx, &runpb.GetJobRequest{Name: path})
		return j.GetTemplate().GetTemplate(), j.GetTerminalCondition(), err
	case model.WorkerPool:
		p, err := c.clients.pools.GetWorkerPool(ctx, &runpb.GetWorkerPoolRequest{Name: path})
		return p.GetTemplate(), p.GetTerminalCondition(), err
	}
	return nil, nil, fmt.Errorf("%q is no kind of Cloud Run workload; use service, job or worker-pool", kind)
}

// readinessOf is how the last deploy ended; nil while it is under way.
func readinessOf(c *runpb.Condition) *model.Readiness {
	ready := c.GetState() == runpb.Condition_CONDITION_SUCCEEDED
	if !ready && c.GetState() != runpb.Condition_CONDITION_FAILED {
		return nil
	}
	r := &model.Readiness{Ready: ready, Message: clean(c.GetMessage()), Reason: reasonOf(c)}
	if t := c.GetLastTransitionTime(); t != nil {
		r.Time = t.AsTime()
	}
	return r
}

// reasonOf gives the enum's name of whichever of the three reasons is set.
func reasonOf(c *runpb.Condition) string {
	switch c.GetReasons().(type) {
	case *runpb.Condition_Reason:
		return c.GetReason().String()
	case *runpb.Condition_RevisionReason_:
		return c.GetRevisionReason().String()
	case *runpb.Condition_ExecutionReason_:
		return c.GetExecutionReason().String()
	}
	return ""
}
