package failure

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// allPermissions are those of the list, each once.
func allPermissions() []string {
	var all []string
	for _, r := range slices.Concat(generalRoles, sourceDeployRoles, builderRoles) {
		for _, held := range r.permissions {
			resource, verbs := cutVerb(held)
			for verb := range strings.SplitSeq(verbs, "|") {
				all = append(all, resource+"."+verb)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// A role is named next to a permission only where it holds it, and where no smaller one of the list does; and each other
// that holds it holds all that this one does.
func TestTheLeastRoleIsTheOnlyOne(t *testing.T) {
	named := 0
	for _, list := range [][]predefinedRole{generalRoles, deployerRoles, sourceDeployRoles, builderRoles} {
		for _, permission := range allPermissions() {
			id := leastRole(list, permission)
			if id == "" {
				continue
			}
			named++
			least := list[slices.IndexFunc(list, func(r predefinedRole) bool { return r.id == id })]
			if !least.has(permission) {
				t.Errorf("%s does not hold %s", id, permission)
			}
			for _, r := range list {
				if r.has(permission) && (r.total < least.total || !least.isSubsetOf(r)) {
					t.Errorf("%s: %s is named, and %s holds it too", permission, id, r.id)
				}
			}
		}
	}
	if named < 100 {
		t.Errorf("only %d roles are named", named)
	}
}

// The list is what the IAM API says, where its roles lie next to the repository: what each role holds, how large it is, how
// the console calls it, what an owner lacks, and that Google has no smaller role of the same service.
func TestTheListIsFact(t *testing.T) {
	roles := iamRoles(t)
	for _, r := range slices.Concat(generalRoles, sourceDeployRoles, builderRoles) {
		fact, ok := roles[r.id]
		if !ok || fact.Title != r.title || fact.Total != r.total {
			t.Errorf("%s is %q with %d permissions, not %q with %d", r.id, fact.Title, fact.Total, r.title, r.total)
		}
		for _, permission := range allPermissions() {
			if holds := slices.Contains(fact.Permissions, permission); holds != r.has(permission) {
				t.Errorf("%s holds %s: %v", r.id, permission, holds)
			}
		}
	}
	for _, permission := range allPermissions() {
		if owned := slices.Contains(roles["roles/owner"].Permissions, permission); owned != ownerHolds(permission) {
			t.Errorf("an owner holds %s: %v", permission, owned)
		}
		least := leastRole(generalRoles, permission)
		for id, r := range roles {
			if least != "" && r.Total < roles[least].Total && r.Stage == "GA" && sameService(id, least) && slices.Contains(r.Permissions, permission) && !isLeftOut(id) {
				t.Errorf("%s: %s is named, and %s is smaller", permission, least, id)
			}
		}
	}
}

func sameService(id, other string) bool {
	prefix, _, _ := strings.Cut(other, ".")
	return strings.HasPrefix(id, prefix+".")
}

// isLeftOut are the roles that the list leaves out on purpose.
func isLeftOut(id string) bool {
	return strings.Contains(id, "legacy") || strings.HasSuffix(id, "erviceAgent") || strings.HasSuffix(id, "ervicesInvoker") || strings.Contains(id, "jobsExecutor") ||
		id == "roles/artifactregistry.containerRegistryMigrationAdmin" || id == "roles/run.builder" || id == "roles/iam.workloadIdentityUser" || id == "roles/cloudbuild.builds.approver"
}

type iamRole struct {
	Title, Stage string
	Permissions  []string
	Total        int
}

func iamRoles(t *testing.T) map[string]iamRole {
	data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "predefined-roles-wide.json"))
	if os.IsNotExist(err) {
		t.Skip("the roles of the IAM API are not here")
	}
	var facts struct{ Roles map[string]iamRole }
	if err == nil {
		err = json.Unmarshal(data, &facts)
	}
	if err != nil {
		t.Fatal(err)
	}
	return facts.Roles
}

func TestRolesByFact(t *testing.T) {
	for _, c := range []struct {
		identity   Identity
		permission string
		want       string
	}{
		{IdentityDeployer, "run.services.get", "roles/run.developer"},
		{IdentityDeployer, "run.services.setIamPolicy", "roles/run.admin"},
		{IdentityDeployer, "run.jobs.run", "roles/run.developer"},
		{IdentityDeployer, "iam.serviceAccounts.actAs", "roles/iam.serviceAccountUser"},
		{IdentityDeployer, "artifactregistry.repositories.get", "roles/artifactregistry.reader"},
		{IdentityCaller, "run.services.get", "roles/run.viewer"},
		{IdentityCaller, "run.jobs.run", "roles/run.invoker"},
		{IdentityCaller, "run.routes.invoke", "roles/run.invoker"},
		{IdentityCaller, "cloudbuild.builds.create", "roles/cloudbuild.builds.editor"},
		{IdentityCaller, "serviceusage.services.use", "roles/serviceusage.serviceUsageConsumer"},
		{IdentityCaller, "serviceusage.services.enable", "roles/serviceusage.serviceUsageAdmin"},
		{IdentityCaller, "iam.serviceAccounts.get", ""}, // several hold it, and none is a part of all others
		{IdentityCaller, "iam.serviceAccounts.getAccessToken", "roles/iam.serviceAccountTokenCreator"},
		{IdentityCaller, "iam.serviceAccounts.setIamPolicy", "roles/iam.serviceAccountAdmin"},
		{IdentityCaller, "artifactregistry.repositories.setIamPolicy", "roles/artifactregistry.admin"},
		{IdentityRunner, "secretmanager.versions.access", "roles/secretmanager.secretAccessor"},
		{IdentityRunner, "storage.objects.get", "roles/storage.objectViewer"},
		{IdentityRunner, "storage.objects.create", "roles/storage.objectCreator"},
		{IdentityRunner, "cloudsql.instances.connect", "roles/cloudsql.client"},
		{IdentityBuilder, "storage.objects.get", "roles/run.builder"},
		{IdentityBuilder, "logging.logEntries.create", "roles/run.builder"},
		{IdentityBuilder, "storage.objects.create", "roles/cloudbuild.builds.builder"},
		{IdentityBuilder, "artifactregistry.repositories.uploadArtifacts", "roles/artifactregistry.writer"},
		{IdentityBuilder, "secretmanager.versions.access", "roles/secretmanager.secretAccessor"},
		{IdentityPusher, "artifactregistry.repositories.uploadArtifacts", "roles/artifactregistry.writer"},
		{IdentityPusher, "artifactregistry.repositories.createOnPush", "roles/artifactregistry.createOnPushWriter"},
		{IdentityPusher, "artifactregistry.tags.delete", "roles/artifactregistry.repoAdmin"},
		{IdentityCaller, "made.up.permission", ""},
	} {
		t.Run(string(c.identity)+" "+c.permission, func(t *testing.T) {
			f := Failure{Cause: PermissionMissing, Identity: c.identity, Permission: c.permission, details: details{service: apiOfPermission(c.permission)}}
			if got := f.roleToGrant(); got != c.want {
				t.Errorf("%s without %s is given %q, not %q", c.identity, c.permission, got, c.want)
			}
		})
	}
}
