package failure

import (
	"strings"

	"whopulls/model"
	"whopulls/text/pattern"
)

// These forms name a workload with its project and region. They are gcloud's progress line, and the names of
// Cloud Run's API: in quotes, where they are exact, and without quotes.
var (
	workloadCompactForms = []pattern.Pattern{
		pattern.Lazy(`(?i)cloudrun(?P<kind>service|job|workerpool)\[(?P<name>[^\]]{1,80})\]inproject\[(?P<project>[^\]]{1,80})\]region\[(?P<region>[^\]]{1,60})\]`),
		phrase(`['"](?://run\.googleapis\.com/)?projects/(?P<project>[\w.:-]{1,80})/locations/(?P<region>[\w-]{1,60})/(?P<kind>service|job|workerpool)s/(?P<name>[^\s"'/]{1,80})['"]`),
	}
	workloadTextForm = pattern.Lazy(`(?i)projects/(?P<project>[\w.:-]{1,80})/locations/(?P<region>[\w-]{1,60})/(?P<kind>service|job|workerpool)s/(?P<name>[^\s"'(),;:/\[\]]{1,80})`)
)

// The labels of a log entry's resource, in JSON and in YAML (Cloud Logging, monitored resources cloud_run_revision,
// cloud_run_job and cloud_run_worker_pool).
var (
	cloudRunLabel = pattern.Lazy(`cloud_run_(?:revision|job|worker_pool)`)
	labelsCompact = pattern.Lazy(`\blabels":\{([^{}]{1,600})\}`)
	labelsText    = pattern.Lazy(`\blabels"?: ([^{}]{1,600})`)
	labelPair     = pattern.Lazy(`(?:^|[\s",])(location|project_id|(?:service|job|worker_pool)_name)"?: ?"?([^\s",]+)`)
)

var workloadKinds = map[string]model.WorkloadKind{"service": model.Service, "job": model.Job, "workerpool": model.WorkerPool, "worker_pool": model.WorkerPool}

// locatedWorkload is a workload with its project, as a text has them.
type locatedWorkload struct {
	model.WorkloadName
	project string
}

// asWorkload accepts a workload whose parts are all whole.
func asWorkload(kind, name, project, region string) (locatedWorkload, bool) {
	w := locatedWorkload{model.WorkloadName{Kind: workloadKinds[strings.ToLower(kind)], Name: trimPunctuation(name), Region: trimPunctuation(region)}, asProject(project)}
	return w, w.project != "" && isUnmasked(w.Name) && isUnmasked(w.Region) && w.Validate() == nil
}

// workload is the one that runs in the consumer project. A text that names several does not say which of them failed.
func (m searchText) workload(consumer string) *model.WorkloadName {
	var only *model.WorkloadName
	for _, w := range m.workloads() {
		if !mayBeSameProject(w.project, consumer) || only != nil && *only != w.WorkloadName {
			return nil
		}
		only = &w.WorkloadName
	}
	return only
}

// mayBeSameProject reports whether two words may name one project: a number and an ID can't be compared.
func mayBeSameProject(project, consumer string) bool {
	return project == consumer || consumer != "" && model.IsProjectNumber(project) != model.IsProjectNumber(consumer)
}

func (m searchText) workloads() []locatedWorkload {
	all := findWorkloads(workloadTextForm, m.text)
	for _, form := range workloadCompactForms {
		all = append(all, findWorkloads(form, m.compact)...)
	}
	if cloudRunLabel().MatchString(m.compactLower) {
		all = append(append(all, findLabeledWorkloads(labelsCompact, m.compact)...), findLabeledWorkloads(labelsText, m.text)...)
	}
	return all
}

// findWorkloads takes the workloads that a form finds, by the names of its groups.
func findWorkloads(form pattern.Pattern, text string) (all []locatedWorkload) {
	for _, match := range form().FindAllStringSubmatch(text, maxMatches) {
		part := func(name string) string { return match[form().SubexpIndex(name)] }
		if w, ok := asWorkload(part("kind"), part("name"), part("project"), part("region")); ok {
			all = append(all, w)
		}
	}
	return all
}

// findLabeledWorkloads takes the workloads that the labels of log entries name.
func findLabeledWorkloads(form pattern.Pattern, text string) (all []locatedWorkload) {
	for _, labels := range form().FindAllStringSubmatch(text, maxMatches) {
		var kind, name string
		values := map[string]string{}
		for _, pair := range labelPair().FindAllStringSubmatch(labels[1], maxMatches) {
			if of, found := strings.CutSuffix(pair[1], "_name"); found {
				kind, name = of, pair[2]
			}
			values[pair[1]] = pair[2]
		}
		if w, ok := asWorkload(kind, name, values["project_id"], values["location"]); ok {
			all = append(all, w)
		}
	}
	return all
}
