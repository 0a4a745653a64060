package failure

import (
	"fmt"
	"strings"
	"testing"

	"whopulls/model"
)

const (
	aUser     = "dev@example.com"
	anAccount = "ci@apps-77.iam.gserviceaccount.com"
	aDefault  = "111111111111-compute@developer.gserviceaccount.com"
	aBuild    = "111111111111@cloudbuild.gserviceaccount.com"
	anAgent   = "service-111111111111@serverless-robot-prod.iam.gserviceaccount.com"
)

// Whose e-mail it is tells what it may be at fault for.
func TestParties(t *testing.T) {
	for email, want := range map[string]party{
		"":                                    partyUnread,
		aUser:                                 partyPerson,
		anAccount:                             partyAccount,
		aDefault:                              partyDefault,
		"Apps-77@appspot.gserviceaccount.com": partyDefault,
		aBuild:                                partyBuild,
		"service-111111111111@gcp-sa-cloudbuild.iam.gserviceaccount.com":       partyAgent,
		"service-111111111111@gcp-sa-artifactregistry.iam.gserviceaccount.com": partyRegistry,
		"service-111111111111@gcf-admin-robot.iam.gserviceaccount.com":         partyFunctions,
		"service-111111111111@gs-project-accounts.iam.gserviceaccount.com":     partyAgent,
		"111111111111@cloudservices.gserviceaccount.com":                       partyAgent,
		anAgent: partyRunAgent,
		"service-123@apps-77.iam.gserviceaccount.com": partyAccount, // a user's own, called like an agent (iam-facts 12.14)
		"number@cloudbuild.gserviceaccount.com":       partyAccount,
	} {
		if got := partyOf(email); got != want {
			t.Errorf("%q is of party %d, not %d", email, got, want)
		}
	}
}

// Who is at fault follows from facts: the cause, the e-mail, the permission, the command, the scene.
func TestIdentityByFacts(t *testing.T) {
	deploy, submit := matter{command: "run.deploy", cloudRun: true}, matter{command: "builds.submit"}
	of := func(s scene) setting { return setting{scene: s} }
	called := func(s subject) setting { return setting{subject: s} }
	for _, c := range []struct {
		cause      Cause
		email      string
		permission string
		matter     matter
		setting    setting
		want       Identity
	}{
		{Puller, "", "", matter{}, setting{}, IdentityPuller},
		{RunAs, anAgent, "", matter{}, setting{}, IdentityPuller},
		{DeployerRead, "", "", matter{}, setting{}, IdentityDeployer},

		{ActAs, aUser, "iam.serviceAccounts.actAs", deploy, setting{}, IdentityDeployer},
		{ActAs, aBuild, "iam.serviceAccounts.actAs", deploy, setting{}, IdentityDeployer}, // a build deploys
		{ActAs, aUser, "", submit, setting{}, IdentityCaller},
		{ActAs, "", "", matter{}, called(subjectCaller), IdentityCaller},
		{ActAs, "", "iam.serviceAccounts.actAs", matter{}, called(subjectPrincipal), ""},

		{Permission, aUser, "run.services.get", deploy, setting{}, IdentityDeployer},
		{Permission, aBuild, "run.services.update", deploy, setting{}, IdentityDeployer},
		{Permission, "", "run.services.get", matter{}, setting{}, IdentityDeployer},
		{Permission, "", "run.jobs.run", matter{}, setting{}, IdentityCaller},
		{Permission, "", "run.jobs.run", matter{command: "run.jobs.deploy"}, setting{}, IdentityDeployer},
		{Permission, anAgent, "compute.subnetworks.use", matter{}, setting{}, IdentityPuller},

		{Permission, aBuild, "storage.objects.get", matter{}, setting{}, IdentityBuilder},
		{Permission, aDefault, "storage.objects.get", deploy, setting{}, IdentityBuilder},
		{Permission, aDefault, "storage.objects.get", matter{}, setting{}, IdentityBuilder},
		{Permission, aDefault, "storage.objects.list", matter{}, of(sceneRun), IdentityRunner},
		{Permission, anAccount, "storage.objects.get", matter{}, of(sceneRun), IdentityRunner},
		{Permission, anAccount, "storage.objects.get", matter{}, of(sceneBuild), IdentityBuilder},
		{Permission, anAccount, "storage.objects.create", deploy, setting{}, IdentityDeployer},
		{Permission, anAccount, "storage.objects.create", submit, setting{}, IdentityCaller},
		{Permission, anAccount, "storage.objects.list", matter{}, of(sceneTerraform), IdentityCaller},
		{Permission, anAccount, "storage.objects.get", matter{}, setting{}, ""},
		{Permission, "", "", matter{wording: buildAccount, command: "run.deploy"}, setting{}, IdentityBuilder},
		{Permission, "", "", deploy, called(subjectBuild), IdentityBuilder},
		{Permission, "", "serviceusage.services.use", matter{wording: stagingBucket, command: "builds.submit"}, setting{}, IdentityCaller},
		{Permission, anAccount, "cloudbuild.builds.create", submit, setting{}, IdentityCaller},
		{Permission, "", "cloudbuild.builds.create", deploy, setting{}, IdentityDeployer},

		{Permission, "", "secretmanager.versions.access", deploy, called(subjectRevision), IdentityRunner},
		{Permission, "", "secretmanager.versions.access", deploy, setting{}, IdentityRunner},
		{Permission, aUser, "secretmanager.versions.access", deploy, setting{}, IdentityDeployer},
		{Permission, "", "secretmanager.versions.access", matter{}, of(sceneBuild), IdentityBuilder},
		{Permission, "", "", matter{cloudRun: true}, of(sceneService), IdentityCaller},
		{Permission, "", "", matter{cloudRun: true}, setting{}, IdentityDeployer},
		{Permission, "", "cloudsql.instances.connect", matter{}, setting{}, IdentityRunner},
		{NotAccess, "", "", matter{wording: invokerRefused}, setting{}, IdentityCaller},

		{Permission, "", "artifactregistry.repositories.get", matter{terraform: "google_cloudfunctions_function"}, called(subjectFunctions), IdentityOther},
		{Permission, "", "", matter{terraform: "google_artifact_registry_repository"}, called(subjectRegistry), IdentityRegistryAgent},
		{Permission, "", "iam.serviceAccounts.getAccessToken", deploy, of(sceneSignIn), IdentityCaller},
		{Permission, "", "resourcemanager.projects.setIamPolicy", matter{terraform: "google_project_iam_member"}, setting{}, IdentityCaller},

		{RegistryDenied, "", "artifactregistry.repositories.uploadArtifacts", matter{}, setting{}, IdentityPusher},
		{RegistryDenied, "", "artifactregistry.repositories.uploadArtifacts", matter{}, setting{scene: scenePush, around: sceneBuild}, IdentityBuilder},
		{RegistryDenied, aBuild, "artifactregistry.repositories.uploadArtifacts", matter{}, setting{}, IdentityBuilder},
		{RegistryDenied, "", "artifactregistry.repositories.downloadArtifacts", matter{}, of(scenePush), IdentityPusher},
		{RegistryDenied, "", "artifactregistry.repositories.downloadArtifacts", matter{}, of(scenePull), IdentityCaller},
		{RegistryDenied, "", "artifactregistry.repositories.downloadArtifacts", matter{}, of(sceneNode), IdentityOther},
		{RegistryDenied, "", "artifactregistry.repositories.downloadArtifacts", matter{}, of(sceneRun), IdentityRunner},
		{RegistryDenied, "", "artifactregistry.repositories.downloadArtifacts", deploy, setting{}, IdentityDeployer},
		{RegistryDenied, "", "artifactregistry.repositories.downloadArtifacts", matter{}, setting{}, ""},
		{RepositoryNotFound, "", "", matter{wording: createOnPush}, setting{}, IdentityPusher},

		{ImageNotFound, "", "", deploy, setting{}, ""},
		{APIDisabled, aUser, "", deploy, setting{}, ""},
		{ServiceControls, aUser, "", deploy, setting{}, ""},
		{NotAccess, "", "", deploy, setting{}, ""},
		{Unrecognized, "", "", deploy, of(sceneBuild), ""},
	} {
		f := Failure{Cause: c.cause, Principal: c.email, Permission: c.permission, matter: c.matter, setting: c.setting}
		f.matter.service = serviceOf(c.permission)
		t.Run(fmt.Sprint(c.cause, " ", c.email, " ", c.permission, " ", c.matter.command), func(t *testing.T) {
			if got := f.atFault(); got != c.want {
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
			f := Failure{Cause: Permission, Principal: email, Permission: permission, matter: matter{service: serviceOf(permission)}}
			if got := f.atFault(); got != want {
				t.Errorf("%s without %s is %q, not %q", email, permission, got, want)
			}
		}
	}
}

// A person's e-mail beside a message about another's account is whoever called, and is given nothing.
func TestNobodyIsTakenForAnotherAccount(t *testing.T) {
	for _, c := range []struct {
		identity Identity
		email    string
		matter   matter
		want     string
	}{
		{IdentityBuilder, aUser, matter{}, ""},
		{IdentityBuilder, anAccount, matter{wording: buildAccount, command: "run.deploy"}, ""},
		{IdentityBuilder, anAccount, matter{}, anAccount},
		{IdentityBuilder, aDefault, matter{wording: buildAccount, command: "run.deploy"}, aDefault},
		{IdentityRunner, aUser, matter{}, ""},
		{IdentityRegistryAgent, aUser, matter{}, ""},
		{IdentityDeployer, aUser, matter{}, aUser},
		{IdentityCaller, aUser, matter{}, aUser},
	} {
		f := Failure{Cause: Permission, Identity: c.identity, Principal: c.email, matter: c.matter, ConsumerProject: "apps-77", Permission: "logging.logEntries.create"}
		if got := f.email(); got != c.want {
			t.Errorf("%s of %q is %q, not %q", c.identity, c.email, got, c.want)
		}
		for _, step := range f.next() {
			if c.want == "" && strings.Contains(step.command, c.email) {
				t.Errorf("%s: %s", c.identity, step.command)
			}
		}
	}
}
