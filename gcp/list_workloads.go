package gcp

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"strings"
	"time"
	"unicode"

	runv1 "google.golang.org/api/run/v1"

	"whopulls/gcp/transport"
	"whopulls/model"
)

// Workloads lists the services, jobs and worker pools of a project in all regions. API v2 accepts one region
// at a time. These are the calls of v1 that gcloud makes. They cover all regions and name those that did not
// answer (iam-facts 8.2).
func (c *Cloud) Workloads(ctx context.Context, project string) iter.Seq2[model.ListPage[model.Workload], error] {
	return cacheWhole(c, workloadsListKey(project), withoutRevisions(mergeLists(ctx, c.workloadSources(project, pickableKinds))))
}

// withoutRevisions leaves out which revisions serve: a list to pick from has the workloads alone.
func withoutRevisions(pages iter.Seq2[model.ListPage[model.RunningWorkload], error]) iter.Seq2[model.ListPage[model.Workload], error] {
	return func(yield func(model.ListPage[model.Workload], error) bool) {
		for page, err := range pages {
			workloads := model.ListPage[model.Workload]{Gaps: page.Gaps}
			for _, r := range page.Items {
				workloads.Items = append(workloads.Items, r.Workload)
			}
			if !yield(workloads, err) {
				return
			}
		}
	}
}

// chosen are the kinds that can be picked as the workload; kinds are all that may use an image.
var (
	pickableKinds = []model.WorkloadKind{model.Service, model.Job, model.WorkerPool}
	allKinds      = append(slices.Clone(pickableKinds), model.Instance)
)

// workloadSources lists a project's workloads, a source for each of the kinds. The revisions that serve have their names only:
// a list does not hold their images.
func (c *Cloud) workloadSources(project string, kinds []model.WorkloadKind) []listSource[model.RunningWorkload] {
	sources := make([]listSource[model.RunningWorkload], 0, len(kinds))
	for _, kind := range kinds {
		sources = append(sources, c.workloadSource(project, kind))
	}
	return sources
}

func (c *Cloud) workloadSource(project string, kind model.WorkloadKind) listSource[model.RunningWorkload] {
	r := model.ProjectResource(project)
	a := operation{action: "list the " + kind.DisplayName() + "s of project " + project, resource: r, permission: kind.Permission("list"), subject: "project " + project}
	if kind == model.Instance { // a cloud whose API lacks them answers NOT_FOUND too, and says nothing of the project with it
		a.subject = "the list of instances of project " + project
	}
	return listSource[model.RunningWorkload]{
		operation: a,
		pages: func(ctx context.Context) iter.Seq2[model.ListPage[model.RunningWorkload], error] {
			return func(yield func(model.ListPage[model.RunningWorkload], error) bool) {
				for lists, err := range transport.EachPage(ctx, func(ctx context.Context) transport.FetchPage[runPage] { return c.runPages(ctx, kind, project) }) {
					var page model.ListPage[model.RunningWorkload]
					for _, list := range lists {
						page = list.toPage(r, kind)
					}
					if !yield(page, err) {
						return
					}
				}
			}
		},
	}
}

// runPages makes of the answers of a list call pages of one entry each.
func (c *Cloud) runPages(ctx context.Context, kind model.WorkloadKind, project string) transport.FetchPage[runPage] {
	return func(_ int, token string) ([]runPage, string, error) {
		list, err := c.fetchRunPage(ctx, kind, project, token)
		return []runPage{list}, list.next, err
	}
}

// runPage is one answer of a list call, alike for all kinds.
type runPage struct {
	running     []model.RunningWorkload
	unreachable []string
	next        string
}

func (l runPage) toPage(r model.Resource, kind model.WorkloadKind) model.ListPage[model.RunningWorkload] {
	page := model.ListPage[model.RunningWorkload]{Items: l.running}
	for _, region := range l.unreachable {
		page.Gaps = append(page.Gaps, model.Gap{Resource: r, Cause: model.GapUnreachable,
			Reason: "region " + clean(model.Resource(region).ID()) + " did not answer; its " + kind.DisplayName() + "s are not in the list"})
	}
	return page
}

func (c *Cloud) fetchRunPage(ctx context.Context, kind model.WorkloadKind, project, token string) (runPage, error) {
	switch kind {
	case model.Service:
		return c.listServices(ctx, project, token)
	case model.Job:
		return c.listJobs(ctx, project, token)
	case model.Instance:
		return c.listInstances(ctx, project, token)
	}
	return c.listPools(ctx, project, token)
}

// newRunPage makes a page of an answer, whatever the kind of its items.
func newRunPage[T any](unreachable []string, m *runv1.ListMeta, items []T, toRunning func(T) model.RunningWorkload) runPage {
	page := runPage{unreachable: unreachable, next: continueToken(m)}
	for _, item := range items {
		page.running = append(page.running, toRunning(item))
	}
	return page
}

func (c *Cloud) listServices(ctx context.Context, project, token string) (runPage, error) {
	resp, err := c.clients.RunV1.Projects.Locations.Services.List("projects/" + project + "/locations/-").
		Limit(transport.PageSize).Continue(token).Context(ctx).Do()
	if err != nil {
		return runPage{}, err
	}
	return newRunPage(resp.Unreachable, resp.Metadata, resp.Items, runningService), nil
}

func runningService(s *runv1.Service) model.RunningWorkload {
	w := newRunning(model.Service, s.Metadata)
	if s.Spec != nil {
		setTemplate(&w.Workload, s.Spec.Template)
	}
	if s.Status != nil {
		w.Condition, w.Serving = readinessV1(s.Status.Conditions), serviceRevisions(s.Status)
	}
	return w
}

// setTemplate takes what a workload's revisions run from its template.
func setTemplate(w *model.Workload, template *runv1.RevisionTemplate) {
	if template != nil {
		setRevisionSpec(w, template.Spec)
	}
}

func (c *Cloud) listJobs(ctx context.Context, project, token string) (runPage, error) {
	resp, err := c.clients.RunV1.Namespaces.Jobs.List("namespaces/" + project).
		Limit(transport.PageSize).Continue(token).Context(ctx).Do()
	if err != nil {
		return runPage{}, err
	}
	return newRunPage(resp.Unreachable, resp.Metadata, resp.Items, runningJob), nil
}

func runningJob(j *runv1.Job) model.RunningWorkload {
	w := newRunning(model.Job, j.Metadata)
	if task := taskSpec(j); task != nil {
		setSpec(&w.Workload, task.ServiceAccountName, task.Containers, task.Sandboxes)
	}
	if j.Status != nil {
		w.Condition = readinessV1(j.Status.Conditions)
	}
	return w
}

func (c *Cloud) listPools(ctx context.Context, project, token string) (runPage, error) {
	resp, err := c.clients.RunV1.Namespaces.Workerpools.List("namespaces/" + project).
		Limit(transport.PageSize).Continue(token).Context(ctx).Do()
	if err != nil {
		return runPage{}, err
	}
	return newRunPage(resp.Unreachable, resp.Metadata, resp.Items, runningPool), nil
}

func runningPool(p *runv1.WorkerPool) model.RunningWorkload {
	w := newRunning(model.WorkerPool, p.Metadata)
	if p.Spec != nil {
		setTemplate(&w.Workload, p.Spec.Template)
	}
	if p.Status != nil {
		w.Condition, w.Serving = readinessV1(p.Status.Conditions), poolRevisions(p.Status)
	}
	return w
}

func (c *Cloud) listInstances(ctx context.Context, project, token string) (runPage, error) {
	resp, err := c.clients.RunV1.Namespaces.Instances.List("namespaces/" + project).
		Limit(transport.PageSize).Continue(token).Context(ctx).Do()
	if err != nil {
		return runPage{}, err
	}
	return newRunPage(resp.Unreachable, resp.Metadata, resp.Items, runningInstance), nil
}

// runningInstance takes what an instance runs from its own spec: it has no template and no revisions.
func runningInstance(i *runv1.Instance) model.RunningWorkload {
	w := newRunning(model.Instance, i.Metadata)
	if i.Spec != nil {
		setSpec(&w.Workload, i.Spec.ServiceAccountName, i.Spec.Containers, i.Spec.Sandboxes)
	}
	if i.Status != nil {
		w.Condition = readinessV1(i.Status.Conditions)
	}
	return w
}

func continueToken(m *runv1.ListMeta) string {
	if m == nil {
		return ""
	}
	return m.Continue
}

// taskSpec reaches through a job's two templates.
func taskSpec(j *runv1.Job) *runv1.TaskSpec {
	if j.Spec == nil || j.Spec.Template == nil || j.Spec.Template.Spec == nil || j.Spec.Template.Spec.Template == nil {
		return nil
	}
	return j.Spec.Template.Spec.Template.Spec
}

// regionLabel is where API v1 keeps a workload's region.
const regionLabel = "cloud.googleapis.com/location"

func newRunning(kind model.WorkloadKind, m *runv1.ObjectMeta) model.RunningWorkload {
	w := model.RunningWorkload{Workload: model.Workload{WorkloadName: model.WorkloadName{Kind: kind}}}
	if m != nil {
		w.Name, w.Region = clean(m.Name), clean(m.Labels[regionLabel])
	}
	return w
}

func setRevisionSpec(w *model.Workload, spec *runv1.RevisionSpec) {
	if spec != nil {
		setSpec(w, spec.ServiceAccountName, spec.Containers, spec.Sandboxes)
	}
}

// setSpec takes the images of the containers, and then those that they may launch in sandboxes (iam-facts 12.5).
func setSpec(w *model.Workload, account string, containers []*runv1.Container, sandboxes *runv1.SandboxConfiguration) {
	w.ServiceAccount = clean(account)
	var references []string
	for _, c := range containers {
		references = append(references, clean(c.Image))
	}
	if sandboxes != nil {
		for _, t := range sandboxes.Templates {
			references = append(references, clean(t.Image))
		}
	}
	w.Images = append(w.Images, model.ImagesOf(references...)...)
}

// serviceRevisions names the revisions of a service that requests reach: by a share of the traffic, or by a tag's own address.
func serviceRevisions(s *runv1.ServiceStatus) []model.Revision {
	var names []string
	for _, t := range s.Traffic {
		if t.Percent > 0 || t.Tag != "" {
			names = append(names, cmp.Or(t.RevisionName, s.LatestReadyRevisionName))
		}
	}
	return uniqueRevisions(names, s.LatestReadyRevisionName)
}

// poolRevisions names the revisions that a worker pool has instances of.
func poolRevisions(s *runv1.WorkerPoolStatus) []model.Revision {
	var names []string
	for _, split := range s.InstanceSplits {
		if split.Percent > 0 {
			names = append(names, cmp.Or(split.RevisionName, s.LatestReadyRevisionName))
		}
	}
	return uniqueRevisions(names, s.LatestReadyRevisionName)
}

// uniqueRevisions has each revision once. If no target is named, all traffic goes to the latest ready
// revision, which is Cloud Run's default. Without a ready revision nothing serves.
func uniqueRevisions(names []string, latest string) []model.Revision {
	if len(names) == 0 {
		names = []string{latest}
	}
	var revisions []model.Revision
	for _, name := range names {
		r := model.Revision{Name: clean(name)}
		known := func(other model.Revision) bool { return other.Name == r.Name }
		if r.Name != "" && !slices.ContainsFunc(revisions, known) {
			revisions = append(revisions, r)
		}
	}
	return revisions
}

// readinessV1 finds the Ready condition; nil while the deploy is under way.
func readinessV1(conditions []*runv1.GoogleCloudRunV1Condition) *model.Readiness {
	for _, c := range conditions {
		if c.Type != "Ready" || (c.Status != "True" && c.Status != "False") {
			continue
		}
		r := &model.Readiness{Ready: c.Status == "True", Reason: enumName(clean(c.Reason)), Message: clean(c.Message)}
		if t, err := time.Parse(time.RFC3339, c.LastTransitionTime); err == nil {
			r.Time = t
		}
		return r
	}
	return nil
}

// enumName spells ContainerPermissionDenied, as v1 writes a reason, the way v2 does: CONTAINER_PERMISSION_DENIED.
func enumName(reason string) string {
	var b strings.Builder
	for i, r := range reason {
		if i > 0 && unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToUpper(r))
	}
	return b.String()
}
