package failure_test

import (
	"testing"

	"whopulls/model"
	"whopulls/model/failure"
	"whopulls/model/words"
)

// The agents of the texts, and what a puller lacks.
const (
	numberedAgent = "service-111111111111@serverless-robot-prod.iam.gserviceaccount.com"
	mayNotRead    = " must have permission to read the image, us-docker.pkg.dev/myproject-b/myrepo/web:v1."
)

// The project that runs the image is named by its ID, by its number, or by the number in its agent's e-mail. The ID goes first.
func TestConsumerProject(t *testing.T) {
	for _, c := range []struct{ about, text, want string }{
		{"an agent's number", "ERROR: (gcloud.run.deploy) Google Cloud Run Service Agent " + numberedAgent + mayNotRead, "111111111111"},
		{"an agent's number alone", numberedAgent + mayNotRead, "111111111111"},
		{"an agent that may get no tokens", "Google Cloud Run Service Agent does not have permission to get access tokens for the service account web@myproject-b.iam.gserviceaccount.com. " +
			"Please give " + numberedAgent + " permission iam.serviceAccounts.getAccessToken on the service account.", "111111111111"},
		{"an agent that the registry refuses", `denied: Permission "artifactregistry.repositories.downloadArtifacts" denied on resource "projects/myproject-b/locations/us/repositories/myrepo" (or it may not exist): ` +
			"serviceAccount:" + numberedAgent + " does not have the permission", "111111111111"},
		{"an agent that is not there", "ERROR: (gcloud.artifacts.repositories.add-iam-policy-binding) INVALID_ARGUMENT: Service account " + numberedAgent + " does not exist.", "111111111111"},
		{"an agent that a policy refuses", "googleapi: Error 400: FAILED_PRECONDITION: User " + numberedAgent + " is not in permitted organization. constraints/iam.allowedPolicyMemberDomains", "111111111111"},
		{"a number in the sentence", "Google Cloud Run Service Agent" + mayNotRead + " Note that the image is from project [myproject-b], which is not the same as this project [111111111111].", "111111111111"},
		{"a number without brackets", "Google Cloud Run Service Agent" + mayNotRead + " Note that the image is from project myproject-b, which is not the same as this project 111111111111. Permission must be granted.", "111111111111"},
		{"a number in the older sentence", "Google Cloud Run Service Agent" + mayNotRead + " Note that myproject-b/web is not in project 111111111111. Permission must be granted.", "111111111111"},
		{"a number in a name", "PERMISSION_DENIED: Permission 'run.services.get' denied on resource 'namespaces/111111111111/services/web' (or resource may not exist).", "111111111111"},
		{"a number in a resource", "PERMISSION_DENIED: Permission 'run.jobs.run' denied on resource 'projects/111111111111/locations/us-central1/jobs/myjob' (or resource may not exist).", "111111111111"},
		{"a number where the API is off", "Cloud Run Admin API has not been used in project 111111111111 before or it is disabled.", "111111111111"},
		{"a number in a command", "$ gcloud run deploy web --project=111111111111 --region=us-central1\nERROR: (gcloud.run.deploy) Google Cloud Run Service Agent" + mayNotRead, "111111111111"},
		{"the ID in addition", "Google Cloud Run Service Agent " + numberedAgent + mayNotRead + " Note that the image is from project [myproject-b], which is not the same as this project [myproject-a].", "myproject-a"},
		{"the ID in the command", "$ gcloud run deploy web --project=myproject-a --region=us-central1\nERROR: (gcloud.run.deploy) Google Cloud Run Service Agent " + numberedAgent + mayNotRead, "myproject-a"},
		{"another service's agent", "denied: serviceAccount:service-111111111111@gcp-sa-cloudbuild.iam.gserviceaccount.com does not have storage.objects.get access", ""},
		{"an agent with an ID", "Google Cloud Run Service Agent service-myproject-a@serverless-robot-prod.iam.gserviceaccount.com" + mayNotRead, ""},
		{"a hidden number", "Google Cloud Run Service Agent service-********@serverless-robot-prod.iam.gserviceaccount.com" + mayNotRead, ""},
	} {
		t.Run(c.about, func(t *testing.T) {
			if got := failure.Read(c.text); got.ConsumerProject != c.want {
				t.Errorf("the consumer project is %q, not %q (%s)", got.ConsumerProject, c.want, got.Cause)
			}
		})
	}
}

// Once a project's ID is known, it stands in the place of its number, in the same language.
func TestConsumerIsNamedByItsID(t *testing.T) {
	project := model.Project{ID: "myproject-a", Number: "111111111111"}
	read := failure.Read("ERROR: (gcloud.run.deploy) Google Cloud Run Service Agent " + numberedAgent + mayNotRead).Translated(words.Japanese)
	named := read.WithConsumer(project)
	if named.ConsumerProject != project.ID || named.FillQuestion(model.Question{}).Project != project.ID || named.Language() != words.Japanese {
		t.Errorf("it is %q in %v", named.ConsumerProject, named.Language())
	}
	for about, p := range map[string]model.Project{"another project": {ID: "myproject-z", Number: "999999999999"}, "no number": {ID: "myproject-a"}, "no ID": {Number: project.Number}} {
		t.Run(about, func(t *testing.T) {
			if got := read.WithConsumer(p).ConsumerProject; got != project.Number {
				t.Errorf("it is %q", got)
			}
		})
	}
}
