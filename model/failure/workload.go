package failure

import (
	"regexp"
	"strings"

	"whopulls/model"
)

// Where messages name a workload with its project and region: gcloud's line of progress, the names of Cloud Run's API,
// in quotes, where they are exact, and free.
var (
	workloadTight = []*regexp.Regexp{
		regexp.MustCompile(`(?i)cloudrun(?P<kind>service|job|workerpool)\[(?P<name>[^\]]{1,80})\]inproject\[(?P<project>[^\]]{1,80})\]region\[(?P<region>[^\]]{1,60})\]`),
		phrase(`['"](?://run\.googleapis\.com/)?projects/(?P<project>[\w.:-]{1,80})/locations/(?P<region>[\w-]{1,60})/(?P<kind>service|job|workerpool)s/(?P<name>[^\s"'/]{1,80})['"]`),
	}
	workloadPlain = regexp.MustCompile(`(?i)projects/(?P<project>[\w.:-]{1,80})/locations/(?P<region>[\w-]{1,60})/(?P<kind>service|job|workerpool)s/(?P<name>[^\s"'(),;:/\[\]]{1,80})`)
)

// The labels of a log entry's resource, in JSON and in YAML (Cloud Logging, monitored resources cloud_run_revision,
// cloud_run_job and cloud_run_worker_pool).
var (
	ofCloudRun  = regexp.MustCompile(`cloud_run_(?:revision|job|worker_pool)`)
	labelsTight = regexp.MustCompile(`\blabels":\{([^{}]{1,600})\}`)
	labelsPlain = regexp.MustCompile(`\blabels"?: ([^{}]{1,600})`)
	labelPair   = regexp.MustCompile(`(?:^|[\s",])(location|project_id|(?:service|job|worker_pool)_name)"?: ?"?([^\s",]+)`)
)

var kinds = map[string]model.WorkloadKind{"service": model.Service, "job": model.Job, "workerpool": model.WorkerPool, "worker_pool": model.WorkerPool}

// placed is a workload with its project, as a text has them.
type placed struct {
	model.WorkloadName
	project string
}

// asPlaced accepts a workload whose parts are all whole.
func asPlaced(kind, name, project, region string) (placed, bool) {
	w := placed{model.WorkloadName{Kind: kinds[strings.ToLower(kind)], Name: trim(name), Region: trim(region)}, asProject(project)}
	return w, w.project != "" && whole(w.Name) && whole(w.Region) && w.Validate() == nil
}

// workload is the one that runs in the consumer project. A text that names several does not tell which of them failed.
func (m message) workload(consumer string) *model.WorkloadName {
	var only *model.WorkloadName
	for _, w := range m.workloads() {
		if !alike(w.project, consumer) || only != nil && *only != w.WorkloadName {
			return nil
		}
		only = &w.WorkloadName
	}
	return only
}

// alike tells whether two words may name one project: a number and an ID can't be compared.
func alike(project, consumer string) bool {
	return project == consumer || consumer != "" && numeric.MatchString(project) != numeric.MatchString(consumer)
}

var numeric = regexp.MustCompile(`^[0-9]+$`)

func (m message) workloads() []placed {
	all := named(workloadPlain, m.plain)
	for _, form := range workloadTight {
		all = append(all, named(form, m.tight)...)
	}
	if ofCloudRun.MatchString(m.low) {
		all = append(append(all, labelled(labelsTight, m.tight)...), labelled(labelsPlain, m.plain)...)
	}
	return all
}

// named takes the workloads that a form finds, by the names of its groups.
func named(form *regexp.Regexp, text string) (all []placed) {
	for _, match := range form.FindAllStringSubmatch(text, candidates) {
		part := func(name string) string { return match[form.SubexpIndex(name)] }
		if w, ok := asPlaced(part("kind"), part("name"), part("project"), part("region")); ok {
			all = append(all, w)
		}
	}
	return all
}

// labelled takes the workloads that the labels of log entries name.
func labelled(form *regexp.Regexp, text string) (all []placed) {
	for _, labels := range form.FindAllStringSubmatch(text, candidates) {
		var kind, name string
		values := map[string]string{}
		for _, pair := range labelPair.FindAllStringSubmatch(labels[1], candidates) {
			if of, found := strings.CutSuffix(pair[1], "_name"); found {
				kind, name = of, pair[2]
			}
			values[pair[1]] = pair[2]
		}
		if w, ok := asPlaced(kind, name, values["project_id"], values["location"]); ok {
			all = append(all, w)
		}
	}
	return all
}
