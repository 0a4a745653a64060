package pasted

import (
	"regexp"
	"slices"
	"strings"

	"whopulls/model"
)

// A resource name begins with the API's host, with the path of a call, or with its first collection.
var (
	resourceHost  = regexp.MustCompile(`^//([a-z0-9.-]+)\.googleapis\.com/(.+)$`)
	resourceStart = regexp.MustCompile(`^/?(?:apis/[a-z.]+/)?(?:v[0-9][a-z0-9]*/)?((?:projects|namespaces|folders|organizations)/[^/].*)$`)
	customVerb    = regexp.MustCompile(`:(?:run|cancel|wait|exportImage|getIamPolicy|setIamPolicy|testIamPermissions)$`)
)

// resourceName reads the name of a resource: full, or from its first collection on.
func resourceName(s string, _ place) Thing {
	if m := resourceHost.FindStringSubmatch(s); m != nil {
		return resource(m[1], m[2], "")
	}
	if m := resourceStart.FindStringSubmatch(s); m != nil {
		return resource("", m[1], "")
	}
	return Thing{}
}

// resource reads the path of a resource, with its API where that is known, and the region that the API's host names.
func resource(api, path, region string) Thing {
	segments := strings.Split(strings.Trim(customVerb.ReplaceAllString(path, ""), "/"), "/")
	start := slices.IndexFunc(segments, func(s string) bool {
		return slices.Contains([]string{"projects", "namespaces", "folders", "organizations"}, s)
	})
	if start < 0 || start+1 == len(segments) {
		return Thing{}
	}
	segments = segments[start:]
	for i := range segments {
		segments[i] = unescape(segments[i])
	}
	switch owner := segments[1]; {
	case (segments[0] == "folders" || segments[0] == "organizations") && allDigits.MatchString(owner):
		level := strings.TrimSuffix(segments[0], "s")
		return unusable("The " + level + " " + owner + " has no screen of its own; whopulls stale list --" + level + "=" + owner + " looks below it")
	case len(segments) > 3 && segments[2] == "serviceAccounts":
		return member(segments[3], alone)
	case validProject(owner) == "":
		return Thing{}
	}
	return resourceIn(api, segments, region)
}

// resourceIn reads what a project holds. What has no screen of its own leads to its project.
func resourceIn(api string, segments []string, region string) Thing {
	r := model.Resource("//" + api + "/" + strings.Join(segments, "/"))
	switch {
	case (api == "" || api == "artifactregistry") && len(segments) > 5 && segments[4] == "repositories":
		return repositoryResource(segments)
	case api == "" || api == "run" || strings.HasSuffix(api, "-run"):
		if w := workloadResource(r, region); w != nil {
			return Thing{Kind: Workload, Consumer: segments[1], Workload: w}
		}
	}
	return Thing{Kind: Project, Consumer: segments[1]}
}

// workloadCollections are Cloud Run's; its older API writes the last one in small letters.
var workloadCollections = map[string]model.WorkloadKind{"services": model.Service, "jobs": model.Job, "workerPools": model.WorkerPool, "workerpools": model.WorkerPool}

// workloadResource is the workload in a name, which has its region in it, or namespaces in place of projects; nil for none.
func workloadResource(r model.Resource, region string) *model.WorkloadName {
	if location := r.Segment("locations"); location != "" {
		region = location
	} else if r.Segment("namespaces") == "" {
		return nil
	}
	for collection, kind := range workloadCollections {
		if w := workload(kind, r.Segment(collection), region); w != nil {
			return w
		}
	}
	return nil
}

// workload is one with a valid name; nil for none. A region that is not one is left out.
func workload(kind model.WorkloadKind, name, region string) *model.WorkloadName {
	w := model.WorkloadName{Kind: kind, Name: name, Region: region}
	if w.Validate() == nil {
		return &w
	}
	if w.Region = "us-central1"; name == "" || w.Validate() != nil {
		return nil
	}
	w.Region = ""
	return &w
}

// repositoryResource reads projects/P/locations/L/repositories/R, and what is in it: dockerImages/I@DIGEST,
// packages/I, packages/I/tags/T, packages/I/versions/DIGEST.
func repositoryResource(segments []string) Thing {
	repository, err := model.ParseRepository(strings.Join(segments[:6], "/"))
	if err != nil {
		return Thing{Kind: Project, Consumer: segments[1]}
	}
	inside := segments[6:]
	switch {
	case len(inside) < 2:
		return Thing{Kind: Repository, Repository: repository}
	case inside[0] == "dockerImages":
		path, digest, _ := strings.Cut(strings.Join(inside[1:], "/"), "@")
		return imageIn(repository, path, digest)
	case inside[0] == "packages" && len(inside) > 3:
		return imageIn(repository, inside[1], inside[3])
	case inside[0] == "packages":
		return imageIn(repository, inside[1], "")
	}
	return Thing{Kind: Repository, Repository: repository}
}
