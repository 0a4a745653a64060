package gcp

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"whopulls/gcp/sandbox"
	"whopulls/model"
)

// bindingAndStatus spells a binding and what it was found to be.
func bindingAndStatus(b model.StaleBinding) (binding, status string) {
	number := model.RunServiceAgentProject(b.Member)
	if number == "" {
		number = string(b.Member)
	}
	return string(b.Resource.Kind()) + " " + b.Role[strings.LastIndex(b.Role, ".")+1:] + " " + number, string(b.Status)
}

// A binding is the same whatever it was looked for in: a repository, its project, the folder or the organization above, or
// the one resource that is looked at again before a change.
func TestScopesAgree(t *testing.T) {
	c := dialTest(t, Options{Sandbox: startSandbox(t, sandbox.Options{}, "testdata/scopes.yaml").Addr()})
	want := map[string]string{
		"repository reader 1000001": "redundant", "repository reader 1000002": "idle", "repository reader 1000003": "redundant", "repository reader 1000008": "active",
		"repository reader 1000009": "active", "repository reader 2000001": "unknown", "repository writer 1000006": "excessive",
		"repository reader deleted:user:gone@example.com?uid=10": "deleted", "repository reader allUsers": "public",
		"project serviceAgent 1000001": "active", "project serviceAgent 1000006": "unknown", "project roles/editor 1000002": "unknown", "project writer 1000007": "excessive",
		"folder reader 2000001": "idle", "folder reader 1000002": "idle", "folder reader 1000003": "redundant", "folder roles/viewer allUsers": "public",
		"folder serviceAgent 1000004": "active", "folder serviceAgent 1000005": "unknown",
		"organization reader 1000003": "active", "organization reader allAuthenticatedUsers": "public",
	}
	repository := model.RepositoryName{Project: "source-b", Location: "us", ID: "images"}
	folder := model.AncestorResource("folders/200000000001")
	for _, q := range []model.Question{model.StaleInRepository(repository), model.StaleIn(model.ProjectResource("source-b")), model.StaleIn(folder), model.StaleIn(scanScope)} {
		scope := q.Scope
		t.Run(string(scope.Kind()), func(t *testing.T) {
			list, err := findStaleIn(t, c, q)
			if err != nil || len(list.Gaps) > 0 {
				t.Fatal(err, list.Gaps)
			}
			left := maps.Clone(want)
			if scope == folder { // what stands above is not in it
				maps.DeleteFunc(left, func(binding, _ string) bool { return strings.HasPrefix(binding, "organization ") })
			}
			for _, b := range list.Bindings {
				binding, status := bindingAndStatus(b)
				if want[binding] != "" && status != want[binding] {
					t.Errorf("%s is %s: %s %v", binding, status, b.Reason, b.Gaps)
				}
				delete(left, binding)
				if again := rereadBinding(t, c, b); want[binding] != "" && again.Status != b.Status {
					t.Errorf("%s: looked at again it is %s: %s", binding, again.Status, again.Reason)
				}
			}
			if len(left) > 0 {
				t.Errorf("not found: %v", slices.Sorted(maps.Keys(left)))
			}
		})
	}
}

// findStaleIn judges the bindings of a scope, as stale list does.
func findStaleIn(t *testing.T, c *Cloud, q model.Question) (list model.StaleList, err error) {
	t.Helper()
	if q.Project == "" {
		_, list, err = c.Scan(t.Context(), q.Scope, model.ScanOptions{Project: "source-b"})
		return list, err
	}
	s, err := c.ReadScope(t.Context(), q, nil)
	return model.FindStale(s), err
}

func rereadBinding(t *testing.T, c *Cloud, was model.StaleBinding) model.StaleBinding {
	t.Helper()
	s, err := c.RereadBindings(t.Context(), was.Resource)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range model.FindStale(s).Bindings {
		if b.SameBinding(was) {
			return b
		}
	}
	t.Fatalf("%s on %s is not there any more", was.Member, was.Resource)
	return model.StaleBinding{}
}
