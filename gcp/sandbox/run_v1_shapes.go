package sandbox

import (
	"fmt"
	"maps"
	"strings"
	"time"

	knative "google.golang.org/api/run/v1"

	"whopulls/gcp/sandbox/world"
)

// v1Object is a resource of any kind.
type v1Object struct {
	APIVersion string              `json:"apiVersion"`
	Kind       string              `json:"kind"`
	Metadata   *knative.ObjectMeta `json:"metadata"`
	Spec       any                 `json:"spec"`
	Status     any                 `json:"status"`
}

// v1List is a list of them.
type v1List struct {
	APIVersion  string            `json:"apiVersion"`
	Kind        string            `json:"kind"`
	Metadata    *knative.ListMeta `json:"metadata"`
	Items       []v1Object        `json:"items,omitempty"`
	Unreachable []string          `json:"unreachable,omitempty"`
}

// toObject gives a workload as v1 has it. What v1 wrote is returned as it was sent.
func (k v1Kind) toObject(l *world.Workload) v1Object {
	o := v1Object{APIVersion: k.apiVersion, Kind: k.name, Metadata: v1Meta(l), Status: k.status(l)}
	if l.Submitted.Spec != nil {
		o.Spec = l.Submitted.Spec
	} else {
		o.Spec = k.spec(l)
	}
	o.Metadata.SelfLink = selfLink(k.apiVersion, l, k.plural(), l.ID)
	return o
}

// locationLabel is a label of every v1 resource.
const locationLabel = "cloud.googleapis.com/location"

func v1Meta(l *world.Workload) *knative.ObjectMeta {
	labels := map[string]string{}
	maps.Copy(labels, l.Submitted.Labels)
	labels[locationLabel] = l.Region
	return &knative.ObjectMeta{
		Name: l.ID, Namespace: l.Project.Number, Uid: uid(l.Name()), Generation: l.Generation, ResourceVersion: strings.Trim(etag(l), `"`),
		CreationTimestamp: v1Time(createTime(l).AsTime()), Labels: labels, Annotations: l.Submitted.Annotations,
	}
}

func selfLink(apiVersion string, l *world.Workload, plural, name string) string {
	return "/apis/" + apiVersion + "/namespaces/" + l.Project.Number + "/" + plural + "/" + name
}

func v1Time(t time.Time) string { return t.Format(time.RFC3339) }

func v1Containers(images []string) []*knative.Container {
	var list []*knative.Container
	for i, image := range images {
		list = append(list, &knative.Container{Name: containerName(i), Image: image})
	}
	return list
}

// v1Conditions gives the state of v2's conditions in the words of v1: Ready first, then the kind's other
// conditions, which have the same state.
func v1Conditions(l *world.Workload, others ...string) []*knative.GoogleCloudRunV1Condition {
	var list []*knative.GoogleCloudRunV1Condition
	for _, kind := range append([]string{"Ready"}, others...) {
		c := &knative.GoogleCloudRunV1Condition{Type: kind, Status: "True", LastTransitionTime: v1Time(l.DeployTime)}
		if !l.Readiness.Ready {
			c.Status, c.Reason, c.Message = "False", "ContainerPermissionDenied", readyMessage(l)
			if l.Readiness.ImageMissing {
				c.Reason = "ContainerMissing"
			}
		}
		list = append(list, c)
	}
	return list
}

func v1Template(l *world.Workload) *knative.RevisionTemplate {
	return &knative.RevisionTemplate{Metadata: &knative.ObjectMeta{}, Spec: &knative.RevisionSpec{
		ServiceAccountName: l.ServiceAccount, Containers: v1Containers(l.Images), Sandboxes: v1Sandboxes(l.SandboxImages),
	}}
}

// v1ServiceSpec names the newest revision by latestRevision if it has the traffic, so that the next deploy
// gets the traffic too.
func v1ServiceSpec(l *world.Workload) any {
	m := &knative.ServiceSpec{Template: v1Template(l)}
	for i, rev := range l.RevisionHistory() {
		if rev.Traffic == 0 && rev.Tag == "" {
			continue
		}
		target := &knative.TrafficTarget{RevisionName: rev.Name, Percent: int64(rev.Traffic), Tag: rev.Tag}
		if i == 0 && rev.Tag == "" {
			target.RevisionName, target.LatestRevision = "", true
		}
		m.Traffic = append(m.Traffic, target)
	}
	return m
}

func v1ServiceStatus(l *world.Workload) any {
	m := &knative.ServiceStatus{
		ObservedGeneration: l.Generation, Conditions: v1Conditions(l, "ConfigurationsReady", "RoutesReady"),
		LatestCreatedRevisionName: l.RevisionHistory()[0].Name, LatestReadyRevisionName: latestReadyRevision(l),
		Url: serviceURL(l), Address: &knative.Addressable{Url: serviceURL(l)},
	}
	for i, rev := range l.RevisionHistory() {
		if rev.Traffic != 0 || rev.Tag != "" {
			m.Traffic = append(m.Traffic, &knative.TrafficTarget{RevisionName: rev.Name, Percent: int64(rev.Traffic), Tag: rev.Tag, LatestRevision: i == 0 && rev.Tag == ""})
		}
	}
	return m
}

func serviceURL(l *world.Workload) string {
	return fmt.Sprintf("https://%s-%s.%s.run.app", l.ID, l.Project.Number, l.Region)
}

func v1JobSpec(l *world.Workload) any {
	task := &knative.TaskTemplateSpec{Spec: &knative.TaskSpec{
		ServiceAccountName: l.ServiceAccount, Containers: v1Containers(l.Images), Sandboxes: v1Sandboxes(l.SandboxImages),
	}}
	execution := &knative.ExecutionSpec{TaskCount: 1, Template: task}
	// gcloud fails on a template without metadata, although every field in it is optional.
	return &knative.JobSpec{Template: &knative.ExecutionTemplateSpec{Metadata: &knative.ObjectMeta{}, Spec: execution}}
}

func v1JobStatus(l *world.Workload) any {
	return &knative.JobStatus{ObservedGeneration: l.Generation, Conditions: v1Conditions(l)}
}

func v1PoolSpec(l *world.Workload) any {
	return &knative.WorkerPoolSpec{Template: v1Template(l), InstanceSplits: v1Splits(l)}
}

func v1PoolStatus(l *world.Workload) any {
	return &knative.WorkerPoolStatus{
		ObservedGeneration: l.Generation, Conditions: v1Conditions(l), InstanceSplits: v1Splits(l),
		LatestCreatedRevisionName: l.RevisionHistory()[0].Name, LatestReadyRevisionName: latestReadyRevision(l),
	}
}

func v1Splits(l *world.Workload) []*knative.InstanceSplit {
	var splits []*knative.InstanceSplit
	for _, rev := range l.RevisionHistory() {
		if rev.Traffic != 0 {
			splits = append(splits, &knative.InstanceSplit{RevisionName: rev.Name, Percent: int64(rev.Traffic)})
		}
	}
	return splits
}
