package pasted

import (
	"regexp"
	"slices"
	"strings"

	"whopulls/model"
)

// console reads an address of Google Cloud's console. What has no screen of its own leads to its project.
func (a webAddress) console() Thing {
	if len(a.path) > 1 && a.path[0] == "u" { // of another signed-in account
		a.path = a.path[2:]
	}
	first := ""
	if len(a.path) > 0 {
		first = a.path[0]
	}
	var t Thing
	switch first {
	case "run":
		t = a.runPage()
	case "artifacts":
		t = a.registryPage()
	case "gcr":
		t = a.containerRegistryPage()
	case "logs":
		t = a.logsPage()
	case "iam-admin":
		t = a.accountPage()
	}
	if t.Kind != "" {
		return t
	}
	if p := a.project(); p != "" {
		return Thing{Kind: Project, Consumer: p}
	}
	return unusable("This address of the console names no project; copy one that has ?project= in it")
}

func (a webAddress) project() string { return validProject(a.params["project"]) }

// regionForm is a region as an address has it, unlike worker-pools.
var regionForm = regexp.MustCompile(`^[a-z]+-[a-z]+[0-9]+$`)

// consoleKinds are the words that tell the kind of a workload: /run/detail/REGION/NAME is a service.
var consoleKinds = map[string]model.WorkloadKind{"jobs": model.Job, "workerpools": model.WorkerPool, "worker-pools": model.WorkerPool}

// runPage reads /run/detail/REGION/NAME/TAB, /run/jobs/details/REGION/NAME and their like. An execution's own page names
// no job, unless the job stands before it.
func (a webAddress) runPage() Thing {
	words := a.below()
	at := slices.IndexFunc(words, regionForm.MatchString)
	if at < 0 || at+1 == len(words) || slices.Contains(words[:at], "instances") {
		return Thing{}
	}
	kind := model.Service
	for _, word := range words[:at] {
		if named, ok := consoleKinds[strings.ToLower(word)]; ok {
			kind = named
		}
	}
	if slices.Contains(words[:at], "executions") && (len(words) < at+3 || !strings.HasPrefix(words[at+2], words[at+1]+"-")) {
		return Thing{}
	}
	w := workload(kind, words[at+1], words[at])
	if w == nil {
		return Thing{}
	}
	return Thing{Kind: Workload, Consumer: a.project(), Workload: w}
}

// registryPage reads /artifacts/docker/PROJECT/LOCATION/REPOSITORY/IMAGE/DIGEST, as far as it goes.
func (a webAddress) registryPage() Thing {
	words := a.below()
	if len(words) < 2 || words[0] != "docker" && words[0] != "browse" {
		return Thing{}
	}
	words = words[1:]
	if len(words) < 3 {
		return projectPage(words[0])
	}
	repository, err := model.ParseRepository("projects/" + words[0] + "/locations/" + words[1] + "/repositories/" + words[2])
	if err != nil {
		return projectPage(words[0])
	}
	path, reference := words[3:], a.params["tag"]
	if at := slices.IndexFunc(path, isDigest); at >= 0 {
		path, reference = path[:at], path[at]
	}
	if len(path) == 0 {
		return Thing{Kind: Repository, Repository: repository}
	}
	return imageIn(repository, strings.Join(path, "/"), reference)
}

func isDigest(s string) bool { return strings.HasPrefix(s, "sha256:") }

// projectPage is the page of what a project's registry holds.
func projectPage(id string) Thing {
	if validProject(id) == "" {
		return Thing{}
	}
	return Thing{Kind: Project, Consumer: id}
}

// registryRegions are the words of Container Registry's pages for its hosts.
var registryRegions = map[string]string{"global": "gcr.io", "us": "us.gcr.io", "eu": "eu.gcr.io", "asia": "asia.gcr.io"}

// containerRegistryPage reads /gcr/images/PROJECT/GLOBAL/IMAGE@DIGEST/details, as far as it goes.
func (a webAddress) containerRegistryPage() Thing {
	words := a.below()
	if len(words) < 2 || words[0] != "images" {
		return Thing{}
	}
	project, words := words[1], words[2:]
	if len(words) == 0 || registryRegions[strings.ToLower(words[0])] == "" {
		return projectPage(project)
	}
	host := registryRegions[strings.ToLower(words[0])]
	path := strings.Join(words[1:], "/")
	path, digest, hasDigest := strings.Cut(path, "@")
	digest, _, _ = strings.Cut(digest, "/")
	ref := host + "/" + strings.Replace(project, ":", "/", 1)
	switch tag := a.params["tag"]; {
	case path == "":
		return image(ref, alone)
	case hasDigest:
		return image(ref+"/"+path+"@"+digest, alone)
	case tag != "":
		return image(ref+"/"+path+":"+tag, alone)
	}
	return image(ref+"/"+path, alone)
}

// loggedWorkload and loggedRegion are in the query of a page of logs, as gcloud writes it after a deploy that failed.
var (
	loggedWorkload = regexp.MustCompile(`\b(service|job|worker_pool)_name(?:=|/)"?([a-z][a-z0-9-]*)`)
	loggedRegion   = regexp.MustCompile(`\blocation(?:=|/)"?([a-z]+-[a-z]+[0-9]+)`)
)

var loggedKinds = map[string]model.WorkloadKind{"service": model.Service, "job": model.Job, "worker_pool": model.WorkerPool}

// logsPage reads the workload whose logs are asked for.
func (a webAddress) logsPage() Thing {
	named := loggedWorkload.FindStringSubmatch(a.raw)
	if named == nil {
		return Thing{}
	}
	region := ""
	if m := loggedRegion.FindStringSubmatch(a.raw); m != nil {
		region = m[1]
	}
	w := workload(loggedKinds[named[1]], named[2], region)
	if w == nil {
		return Thing{}
	}
	return Thing{Kind: Workload, Consumer: a.project(), Workload: w}
}

// accountPage reads the page of a service account that its e-mail names.
func (a webAddress) accountPage() Thing {
	for _, word := range a.below() {
		if t := member(word, alone); t.Kind == Agent {
			return t
		}
	}
	return Thing{}
}
