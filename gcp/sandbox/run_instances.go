package sandbox

import (
	"context"
	"strconv"
	"time"

	knative "google.golang.org/api/run/v1"
	runv2 "google.golang.org/api/run/v2"
	"google.golang.org/protobuf/types/known/timestamppb"

	"whopulls/gcp/sandbox/world"
)

// Instances are the fourth kind of workload (iam-facts 12.4). Google's gRPC definitions don't have them yet,
// so they are served over REST only, in the shapes of the API's description of 2026-10-23. They have no
// template and no revisions: images and account are in the resource itself.

// listInstances serves v2 projects.locations.instances.list.
func (c *core) listInstances(ctx context.Context, call restCall) (any, error) {
	parent := "projects/" + call.pathValues["project"] + "/locations/" + call.pathValues["location"]
	found, err := c.listWorkloads(ctx, instanceKind, parent)
	if err != nil {
		return nil, err
	}
	size, err := strconv.ParseInt("0"+call.query.Get("pageSize"), 10, 32)
	if err != nil {
		return nil, invalid("Page size %q is not valid; expected a whole number.", call.query.Get("pageSize"))
	}
	part, next, err := readPage(found, int32(size), call.query.Get("pageToken"), "instances "+parent, maxRunPage)
	if err != nil {
		return nil, err
	}
	answer := &runv2.GoogleCloudRunV2ListInstancesResponse{NextPageToken: next}
	for _, l := range part {
		answer.Instances = append(answer.Instances, v2Instance(l))
	}
	return answer, nil
}

// getInstance serves v2 projects.locations.instances.get.
func (c *core) getInstance(ctx context.Context, call restCall) (any, error) {
	name := "projects/" + call.pathValues["project"] + "/locations/" + call.pathValues["location"] + "/instances/" + call.pathValues["name"]
	l, err := c.getWorkload(ctx, instanceKind, "get", name)
	if err != nil {
		return nil, err
	}
	return v2Instance(l), nil
}

func v2Instance(l *world.Workload) *runv2.GoogleCloudRunV2Instance {
	m := &runv2.GoogleCloudRunV2Instance{
		Name: l.Name(), Uid: uid(l.Name()), Generation: l.Generation, ObservedGeneration: l.Generation, Etag: etag(l),
		CreateTime: v2Time(createTime(l)), UpdateTime: v2Time(updateTime(l)), ServiceAccount: l.ServiceAccount,
		Sandboxes: v2Sandboxes(l.SandboxImages), TerminalCondition: v2Condition(l),
	}
	for i, image := range l.Images {
		m.Containers = append(m.Containers, &runv2.GoogleCloudRunV2Container{Name: containerName(i), Image: image})
	}
	return m
}

// v2Condition converts readyCondition to the types of the REST API.
func v2Condition(l *world.Workload) *runv2.GoogleCloudRunV2Condition {
	ready := readyCondition(l)
	m := &runv2.GoogleCloudRunV2Condition{
		Type: ready.Type, State: ready.State.String(), Message: ready.Message, LastTransitionTime: v2Time(ready.LastTransitionTime),
	}
	if !l.Readiness.Ready {
		m.Severity, m.Reason = ready.Severity.String(), ready.GetReason().String()
	}
	return m
}

func v2Time(t *timestamppb.Timestamp) string { return t.AsTime().Format(time.RFC3339Nano) }

// v1InstanceSpec has no template: an instance is one set of containers.
func v1InstanceSpec(l *world.Workload) any {
	return &knative.InstanceSpec{
		ServiceAccountName: l.ServiceAccount, Containers: v1Containers(l.Images), Sandboxes: v1Sandboxes(l.SandboxImages),
	}
}

func v1InstanceStatus(l *world.Workload) any {
	return &knative.InstanceStatus{ObservedGeneration: l.Generation, Conditions: v1Conditions(l)}
}
