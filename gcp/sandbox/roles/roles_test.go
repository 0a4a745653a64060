package roles

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
)

// TestTableMatchesTheCrawledRoles compares the table with the crawl it was made
// from, where a checkout has that file.
func TestTableMatchesTheCrawledRoles(t *testing.T) {
	data, err := os.ReadFile("../../../../shared/data/predefined-roles-wide.json")
	if err != nil {
		t.Skip("the crawled roles are not in this checkout")
	}
	var crawl struct {
		PermissionsAsked []string
		Roles            map[string]Role
	}
	if err := json.Unmarshal(data, &crawl); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(crawl.PermissionsAsked, CoveredPermissions()) {
		t.Errorf("the asked permissions differ")
	}
	for _, have := range All() {
		want, ok := crawl.Roles[have.Name]
		if !ok {
			t.Errorf("%s is not a predefined role", have.Name)
			continue
		}
		if have.Title != want.Title || have.Stage != want.Stage {
			t.Errorf("%s: %q %s, want %q %s", have.Name, have.Title, have.Stage, want.Title, want.Stage)
		}
		if !slices.Equal(have.Permissions, slices.Sorted(slices.Values(want.Permissions))) {
			t.Errorf("%s: permissions %v, want %v", have.Name, have.Permissions, want.Permissions)
		}
	}
}

// TestNothingOutsideTheAskedSet holds that a role lists what was asked about
// and no more: nobody knows what the others would hold of it.
func TestNothingOutsideTheAskedSet(t *testing.T) {
	for _, r := range All() {
		for _, p := range r.Permissions {
			if !slices.Contains(CoveredPermissions(), p) {
				t.Errorf("%s holds %s, which was not asked about", r.Name, p)
			}
		}
	}
}

// TestWhoCanPull holds the counts and the traps that the fact sheet names in
// its section 2.
func TestWhoCanPull(t *testing.T) {
	counts := map[string]int{
		"artifactregistry.repositories.downloadArtifacts":        59,
		"artifactregistry.repositories.setIamPolicy":             8,
		"artifactregistry.repositories.getIamPolicy":             15,
		"artifactregistry.repositories.readViaVirtualRepository": 43,
		"run.services.create":                                    17,
		"run.operations.get":                                     27,
		"iam.serviceAccounts.actAs":                              46,
		"iam.serviceAccounts.getAccessToken":                     33,
		"iam.denypolicies.list":                                  14,
		"iam.denypolicies.get":                                   12,
	}
	for permission, want := range counts {
		t.Run(permission, func(t *testing.T) {
			got := 0
			for _, r := range All() {
				if r.Has(permission) {
					got++
				}
			}
			if got != want {
				t.Errorf("%s: %d roles hold it, want %d", permission, got, want)
			}
		})
	}
	for _, name := range []string{
		"run.admin", "run.developer", "run.viewer", "run.invoker", "cloudbuild.builds.editor",
		"container.admin", "container.defaultNodeServiceAccount", "compute.admin", "storage.objectViewer",
		"iam.securityReviewer", "containerregistry.ServiceAgent", "cloudasset.viewer",
	} {
		t.Run(name, func(t *testing.T) {
			r, ok := Get("roles/" + name)
			if !ok || r.Has("artifactregistry.repositories.downloadArtifacts") {
				t.Errorf("roles/%s: known %v; it must be known and unable to pull", name, ok)
			}
		})
	}
	if _, ok := Get("roles/made.up"); ok {
		t.Error("roles/made.up must not be known")
	}
}
