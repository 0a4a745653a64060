package model_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"whopulls/model"
)

func TestResourceParts(t *testing.T) {
	pool := model.WorkloadName{Kind: model.WorkerPool, Name: "w", Region: tokyo}.Resource("myproject-a")
	service := model.WorkloadName{Kind: model.Service, Name: "s", Region: tokyo}.Resource("myproject-a")
	cases := map[model.Resource]struct {
		kind             model.Kind
		id, project, set string
	}{
		repository:   {model.KindRepository, "myrepo", "myproject-b", "artifactregistry.repositories.setIamPolicy"},
		projectA:     {model.KindProject, "myproject-a", "myproject-a", "resourcemanager.projects.setIamPolicy"},
		folder:       {model.KindFolder, "200000000001", "", "resourcemanager.folders.setIamPolicy"},
		organization: {model.KindOrganization, "100000000001", "", "resourcemanager.organizations.setIamPolicy"},
		webAccount:   {model.KindAccount, webEmail, "myproject-a", "iam.serviceAccounts.setIamPolicy"},
		job:          {model.KindJob, "myjob", "myproject-a", "run.jobs.setIamPolicy"},
		service:      {model.KindService, "s", "myproject-a", "run.services.setIamPolicy"},
		pool:         {model.KindWorkerPool, "w", "myproject-a", "run.workerpools.setIamPolicy"},
		runAPI:       {model.KindAPI, "run.googleapis.com", "myproject-a", ""},
		"":           {"", "", "", ""},
	}
	for r, c := range cases {
		t.Run(cmp.Or(string(r), "empty"), func(t *testing.T) {
			if r.Kind() != c.kind || r.ID() != c.id || r.Project() != c.project || string(r.WritePolicyPermission()) != c.set {
				t.Errorf("%q is %q %q of %q, written with %q", r, r.Kind(), r.ID(), r.Project(), r.WritePolicyPermission())
			}
			if got, want := string(r.ReadPolicyPermission()), strings.Replace(c.set, ".setIam", ".getIam", 1); got != want {
				t.Errorf("%q is read with %q, want %q", r, got, want)
			}
		})
	}
}

func TestResourceNames(t *testing.T) {
	for got, want := range map[model.Resource]model.Resource{
		model.ProjectResource("myproject-a"):                                                      projectA,
		model.AccountResource("myproject-a", webEmail):                                            webAccount,
		model.APIResource("myproject-a", "run.googleapis.com"):                                    runAPI,
		model.AncestorResource("folders/200000000001"):                                            folder,
		nameOf(repository).Resource():                                                             repository,
		model.WorkloadName{Kind: model.Job, Name: "myjob", Region: tokyo}.Resource("myproject-a"): job,
	} {
		t.Run(string(got), func(t *testing.T) {
			if got != want {
				t.Errorf("the name is %s, want %s", got, want)
			}
		})
	}
}

func TestResourceSegment(t *testing.T) {
	odd := model.RepositoryName{Project: "locations", Location: "us", ID: "repositories"}.Resource()
	if odd.Segment("locations") != "us" || odd.Project() != "locations" || odd.Segment("repositories") != "repositories" {
		t.Errorf("%s is read as %s in %s", odd, odd.Project(), odd.Segment("locations"))
	}
	if got := odd.Segment("folders"); got != "" {
		t.Errorf("a segment that is not there is %q", got)
	}
	if got := odd.Path(); got != "projects/locations/locations/us/repositories/repositories" {
		t.Errorf("the path is %s", got)
	}
}

func TestWorkloadPermissions(t *testing.T) {
	for kind, want := range map[model.WorkloadKind][3]string{
		model.Service:    {"run.services.create", "services", "service"},
		model.Job:        {"run.jobs.create", "jobs", "job"},
		model.WorkerPool: {"run.workerpools.create", "workerPools", "worker pool"},
	} {
		t.Run(string(kind), func(t *testing.T) {
			if got := [3]string{string(kind.Permission("create")), kind.PathSegment(), kind.DisplayName()}; got != want {
				t.Errorf("%s has %q, want %q", kind, got, want)
			}
		})
	}
}

func TestWorkloadNameCheck(t *testing.T) {
	long := strings.Repeat("a", 63)
	for name, ok := range map[string]bool{"web": true, "a": true, "web-1": true, long: true, long + "a": false, "": false, "Web": false,
		"1web": false, "web-": false, "-web": false, "web_1": false, "web one": false, "$(x)": false} {
		t.Run("name "+cmp.Or(name, "empty"), func(t *testing.T) {
			if err := (model.WorkloadName{Kind: model.Service, Name: name, Region: tokyo}).Validate(); (err == nil) != ok {
				t.Errorf("the name %q: %v", name, err)
			}
		})
	}
	for region, ok := range map[string]bool{tokyo: true, "europe-west1": true, "us-central1": true, "northamerica-northeast2": true,
		"": false, "-": false, "us": false, "US-central1": false, "us central1": false, "us-central1/../x": false} {
		t.Run("region "+cmp.Or(region, "empty"), func(t *testing.T) {
			if err := (model.WorkloadName{Kind: model.Job, Name: "web", Region: region}).Validate(); (err == nil) != ok {
				t.Errorf("the region %q: %v", region, err)
			}
		})
	}
}

func TestCheckProject(t *testing.T) {
	for text, ok := range map[string]bool{"myproject-a": true, "111111111111": true, "example.com:my-project": true, "abcdef": true,
		strings.Repeat("a", 30): true, strings.Repeat("a", 31): false, "": false, "abc": false, "My-Project": false, "my_project": false,
		"my-project-": false, "projects/myproject-a": false, "my project": false, "--quiet": false} {
		t.Run(fmt.Sprintf("%q", text), func(t *testing.T) {
			if err := model.ValidateProject(text); (err == nil) != ok {
				t.Errorf("the project %q: %v", text, err)
			}
		})
	}
}

func TestResourceRepository(t *testing.T) {
	name := model.RepositoryName{Project: "example.com:myproject-b", Location: "asia-northeast1", ID: "my_repo"}
	for about, c := range map[string]struct {
		resource model.Resource
		want     model.RepositoryName
	}{
		"a repository":      {name.Resource(), name},
		"its path alone":    {model.Resource(name.String()), model.RepositoryName{}},
		"its project":       {model.ProjectResource("myproject-b"), model.RepositoryName{}},
		"what is below":     {name.Resource() + "/packages/p", model.RepositoryName{}},
		"no resource":       {"", model.RepositoryName{}},
		"one that is wrong": {"//artifactregistry.googleapis.com/projects/P/locations/l/repositories/r", model.RepositoryName{}},
	} {
		t.Run(about, func(t *testing.T) {
			if got, ok := c.resource.Repository(); got != c.want || ok != (c.want.ID != "") {
				t.Errorf("%s is %+v, %v", c.resource, got, ok)
			}
		})
	}
}
