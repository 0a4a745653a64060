package failure

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"whopulls/model"
)

const (
	aUser           = "dev@example.com"
	anAccount       = "ci@apps-77.iam.gserviceaccount.com"
	aDefaultAccount = "111111111111-compute@developer.gserviceaccount.com"
	aBuildAccount   = "111111111111@cloudbuild.gserviceaccount.com"
	anAgent         = "service-111111111111@serverless-robot-prod.iam.gserviceaccount.com"
)

// Whose e-mail it is says what it may be at fault for.
func TestPrincipalKinds(t *testing.T) {
	for email, want := range map[string]principalKind{
		"":                                    principalUnknown,
		aUser:                                 principalPerson,
		anAccount:                             principalServiceAccount,
		aDefaultAccount:                       principalDefaultAccount,
		"Apps-77@appspot.gserviceaccount.com": principalDefaultAccount,
		aBuildAccount:                         principalBuildAccount,
		"service-111111111111@gcp-sa-cloudbuild.iam.gserviceaccount.com":       principalOtherAgent,
		"service-111111111111@gcp-sa-artifactregistry.iam.gserviceaccount.com": principalRegistryAgent,
		"service-111111111111@gcf-admin-robot.iam.gserviceaccount.com":         principalFunctionsAgent,
		"service-111111111111@gs-project-accounts.iam.gserviceaccount.com":     principalOtherAgent,
		"111111111111@cloudservices.gserviceaccount.com":                       principalOtherAgent,
		anAgent: principalRunAgent,
		"service-123@apps-77.iam.gserviceaccount.com": principalServiceAccount, // a user's own, called like an agent (iam-facts 12.14)
		"number@cloudbuild.gserviceaccount.com":       principalServiceAccount,
	} {
		t.Run(cmp.Or(email, "empty"), func(t *testing.T) {
			if got := principalKindOf(email); got != want {
				t.Errorf("%q is of party %d, not %d", email, got, want)
			}
		})
	}
}

// Who is at fault follows from facts: the cause, the e-mail, the permission, the command, the scene.
func TestIdentityByFacts(t *testing.T) {
	deploy, submit := details{command: "run.deploy", aboutCloudRun: true}, details{command: "builds.submit"}
	during := func(s activity) clues { return clues{activity: s} }
	naming := func(s subject) clues { return clues{subject: s} }
	for _, c := range []struct {
		cause      Cause
		email      string
		permission string
		matter     details
		setting    clues
		want       Identity
	}{
		{PullerRead, "", "", details{}, clues{}, IdentityPuller},
		{RunAs, anAgent, "", details{}, clues{}, IdentityPuller},
		{DeployerRead, "", "", details{}, clues{}, IdentityDeployer},

		{ActAs, aUser, "iam.serviceAccounts.actAs", deploy, clues{}, IdentityDeployer},
		{ActAs, aBuildAccount, "iam.serviceAccounts.actAs", deploy, clues{}, IdentityDeployer}, // a build deploys
		{ActAs, aUser, "", submit, clues{}, IdentityCaller},
		{ActAs, "", "", details{}, naming(subjectCaller), IdentityCaller},
		{ActAs, "", "iam.serviceAccounts.actAs", details{}, naming(subjectPrincipal), ""},

		{PermissionMissing, aUser, "run.services.get", deploy, clues{}, IdentityDeployer},
		{PermissionMissing, aBuildAccount, "run.services.update", deploy, clues{}, IdentityDeployer},
		{PermissionMissing, "", "run.services.get", details{}, clues{}, IdentityDeployer},
		{PermissionMissing, "", "run.jobs.run", details{}, clues{}, IdentityCaller},
		{PermissionMissing, "", "run.jobs.run", details{command: "run.jobs.deploy"}, clues{}, IdentityDeployer},
		{PermissionMissing, anAgent, "compute.subnetworks.use", details{}, clues{}, IdentityPuller},

		{PermissionMissing, aBuildAccount, "storage.objects.get", details{}, clues{}, IdentityBuilder},
		{PermissionMissing, aDefaultAccount, "storage.objects.get", deploy, clues{}, IdentityBuilder},
		{PermissionMissing, aDefaultAccount, "storage.objects.get", details{}, clues{}, IdentityBuilder},
		{PermissionMissing, aDefaultAccount, "storage.objects.list", details{}, during(activityRun), IdentityRunner},
		{PermissionMissing, anAccount, "storage.objects.get", details{}, during(activityRun), IdentityRunner},
		{PermissionMissing, anAccount, "storage.objects.get", details{}, during(activityBuild), IdentityBuilder},
		{PermissionMissing, anAccount, "storage.objects.create", deploy, clues{}, IdentityDeployer},
		{PermissionMissing, anAccount, "storage.objects.create", submit, clues{}, IdentityCaller},
		{PermissionMissing, anAccount, "storage.objects.list", details{}, during(activityTerraformState), IdentityCaller},
		{PermissionMissing, anAccount, "storage.objects.get", details{}, clues{}, ""},
		{PermissionMissing, "", "", details{variant: variantBuildAccount, command: "run.deploy"}, clues{}, IdentityBuilder},
		{PermissionMissing, "", "", deploy, naming(subjectBuild), IdentityBuilder},
		{PermissionMissing, "", "serviceusage.services.use", details{variant: variantStagingBucket, command: "builds.submit"}, clues{}, IdentityCaller},
		{PermissionMissing, anAccount, "cloudbuild.builds.create", submit, clues{}, IdentityCaller},
		{PermissionMissing, "", "cloudbuild.builds.create", deploy, clues{}, IdentityDeployer},

		{PermissionMissing, "", "secretmanager.versions.access", deploy, naming(subjectRevision), IdentityRunner},
		{PermissionMissing, "", "secretmanager.versions.access", deploy, clues{}, IdentityRunner},
		{PermissionMissing, aUser, "secretmanager.versions.access", deploy, clues{}, IdentityDeployer},
		{PermissionMissing, "", "secretmanager.versions.access", details{}, during(activityBuild), IdentityBuilder},
		{PermissionMissing, "", "", details{aboutCloudRun: true}, during(activityServiceCall), IdentityCaller},
		{PermissionMissing, "", "", details{aboutCloudRun: true}, clues{}, IdentityDeployer},
		{PermissionMissing, "", "cloudsql.instances.connect", details{}, clues{}, IdentityRunner},
		{NotAccess, "", "", details{variant: variantInvoker}, clues{}, IdentityCaller},

		{PermissionMissing, "", "artifactregistry.repositories.get", details{terraformType: "google_cloudfunctions_function"}, naming(subjectFunctions), IdentityOther},
		{PermissionMissing, "", "", details{terraformType: "google_artifact_registry_repository"}, naming(subjectRegistry), IdentityRegistryAgent},
		{PermissionMissing, "", "iam.serviceAccounts.getAccessToken", deploy, during(activitySignIn), IdentityCaller},
		{PermissionMissing, "", "resourcemanager.projects.setIamPolicy", details{terraformType: "google_project_iam_member"}, clues{}, IdentityCaller},

		{RegistryDenied, "", "artifactregistry.repositories.uploadArtifacts", details{}, clues{}, IdentityPusher},
		{RegistryDenied, "", "artifactregistry.repositories.uploadArtifacts", details{}, clues{activity: activityPush, textActivity: activityBuild}, IdentityBuilder},
		{RegistryDenied, aBuildAccount, "artifactregistry.repositories.uploadArtifacts", details{}, clues{}, IdentityBuilder},
		{RegistryDenied, "", "artifactregistry.repositories.downloadArtifacts", details{}, during(activityPush), IdentityPusher},
		{RegistryDenied, "", "artifactregistry.repositories.downloadArtifacts", details{}, during(activityPull), IdentityCaller},
		{RegistryDenied, "", "artifactregistry.repositories.downloadArtifacts", details{}, during(activityNodePull), IdentityOther},
		{RegistryDenied, "", "artifactregistry.repositories.downloadArtifacts", details{}, during(activityRun), IdentityRunner},
		{RegistryDenied, "", "artifactregistry.repositories.downloadArtifacts", deploy, clues{}, IdentityDeployer},
		{RegistryDenied, "", "artifactregistry.repositories.downloadArtifacts", details{}, clues{}, ""},
		{RepositoryNotFound, "", "", details{variant: variantCreateOnPush}, clues{}, IdentityPusher},

		{ImageNotFound, "", "", deploy, clues{}, ""},
		{APIDisabled, aUser, "", deploy, clues{}, ""},
		{ServiceControls, aUser, "", deploy, clues{}, ""},
		{NotAccess, "", "", deploy, clues{}, ""},
		{Unrecognized, "", "", deploy, during(activityBuild), ""},
	} {
		f := Failure{Cause: c.cause, Principal: c.email, Permission: c.permission, details: c.matter, clues: c.setting}
		f.details.service = apiOfPermission(c.permission)
		t.Run(fmt.Sprint(c.cause, " ", c.email, " ", c.permission, " ", c.matter.command), func(t *testing.T) {
			if got := f.identityAtFault(); got != c.want {
				t.Errorf("%+v is put on %q, not on %q", f, got, c.want)
			}
		})
	}
}

// Each kind of agent plays its own role whatever it is refused, and a person's e-mail alone decides nothing.
func TestAgentsAreWhoTheyAre(t *testing.T) {
	for _, permission := range []string{"", "storage.objects.get", "run.services.get", "artifactregistry.repositories.downloadArtifacts", string(model.PermActAs)} {
		for email, want := range map[string]Identity{anAgent: IdentityPuller,
			"service-111111111111@gcp-sa-artifactregistry.iam.gserviceaccount.com": IdentityRegistryAgent,
			"service-111111111111@gcf-admin-robot.iam.gserviceaccount.com":         IdentityOther} {
			t.Run(permission+" "+email, func(t *testing.T) {
				f := Failure{Cause: PermissionMissing, Principal: email, Permission: permission, details: details{service: apiOfPermission(permission)}}
				if got := f.identityAtFault(); got != want {
					t.Errorf("%s without %s is %q, not %q", email, permission, got, want)
				}
			})
		}
	}
}

// A person's e-mail next to a message about another's account is the one who called, and is given nothing.
func TestNobodyIsTakenForAnotherAccount(t *testing.T) {
	for _, c := range []struct {
		identity Identity
		email    string
		matter   details
		want     string
	}{
		{IdentityBuilder, aUser, details{}, ""},
		{IdentityBuilder, anAccount, details{variant: variantBuildAccount, command: "run.deploy"}, ""},
		{IdentityBuilder, anAccount, details{}, anAccount},
		{IdentityBuilder, aDefaultAccount, details{variant: variantBuildAccount, command: "run.deploy"}, aDefaultAccount},
		{IdentityRunner, aUser, details{}, ""},
		{IdentityRegistryAgent, aUser, details{}, ""},
		{IdentityDeployer, aUser, details{}, aUser},
		{IdentityCaller, aUser, details{}, aUser},
	} {
		t.Run(fmt.Sprintf("%s %s %s", c.identity, c.email, c.matter.command), func(t *testing.T) {
			f := Failure{Cause: PermissionMissing, Identity: c.identity, Principal: c.email, details: c.matter, ConsumerProject: "apps-77", Permission: "logging.logEntries.create"}
			if got := f.emailAtFault(); got != c.want {
				t.Errorf("%s of %q is %q, not %q", c.identity, c.email, got, c.want)
			}
			for _, step := range f.next() {
				if c.want == "" && strings.Contains(step.command, c.email) {
					t.Errorf("%s: %s", c.identity, step.command)
				}
			}
		})
	}
}
