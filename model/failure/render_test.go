package failure_test

import (
	"fmt"
	"strings"
	"testing"

	"whopulls/model"
	"whopulls/model/failure"
)

var allCauses = []failure.Cause{failure.PullerRead, failure.DeployerRead, failure.ActAs, failure.RunAs, failure.ImageNotFound, failure.ImageReference,
	failure.APIDisabled, failure.RegistryDenied, failure.RepositoryNotFound, failure.PermissionMissing, failure.MemberNotFound, failure.OrgPolicy,
	failure.ServiceControls, failure.ConcurrentChange, failure.NotAccess, failure.Unrecognized}

// Our samples meet every cause.
func TestEveryCause(t *testing.T) {
	met := map[failure.Cause]bool{}
	for _, s := range samples(t) {
		met[failure.Read(s.Text).Cause] = true
	}
	for _, cause := range allCauses {
		if !met[cause] {
			t.Errorf("%s: no sample has it", cause)
		}
	}
}

// What a text says may be meant for a shell; the commands never run more than gcloud and whopulls.
func TestCommandsAreSafe(t *testing.T) {
	for _, s := range samples(t) {
		for _, step := range failure.Read(strings.ReplaceAll(s.Text, "web", "web;reboot$(reboot)")).Next {
			if strings.ContainsAny(step.Command, ";$`&|") {
				t.Errorf("%s: %s", s.ID, step)
			}
		}
	}
}

func TestNextNamesTheGrant(t *testing.T) {
	for text, want := range map[string]string{
		"Google Cloud Run Service Agent service-123456789012@serverless-robot-prod.iam.gserviceaccount.com must have permission to read the image, gcr.io/some-project/web.": "gcloud artifacts repositories add-iam-policy-binding gcr.io --location=us --project=some-project " +
			"--member=serviceAccount:service-123456789012@serverless-robot-prod.iam.gserviceaccount.com --role=" + model.RoleReader,
		"User [jo@example.com] does not have permission to access namespaces instance [shop-front-12] (or it may not exist): Permission 'iam.serviceaccounts.actAs' denied on service account web@acct-home.iam.gserviceaccount.com": "gcloud iam service-accounts add-iam-policy-binding " +
			"web@acct-home.iam.gserviceaccount.com --project=acct-home --member=user:jo@example.com --role=" + model.RoleAccountUser + " --condition=None",
		"Service account service-123456789012@serverless-robot-prod.iam.gserviceaccount.com does not exist.": "gcloud beta services identity create --service=run.googleapis.com --project=123456789012",
	} {
		t.Run(fmt.Sprintf("%.60s", text), func(t *testing.T) {
			if next := strings.Join(model.AdviceLines(failure.Read(text).Next), "\n"); !strings.Contains(next, want) {
				t.Errorf("%s\nleads to\n%s", text, next)
			}
		})
	}
}

// What the text tells completes a question, and changes nothing that was asked.
func TestFill(t *testing.T) {
	f := failure.Read("User must have permission to read the image, gcr.io/some-project/web. Ensure that it is right. Note that the image is from project " +
		"[some-project], which is not the same as this project [shop-front-12].")
	if got := f.FillQuestion(model.Question{}); got.Project != "shop-front-12" || got.Image.Text != "gcr.io/some-project/web" {
		t.Errorf("an empty question becomes %+v", got)
	}
	asked := model.Question{Project: "mine-123", Image: model.ImageOf("nginx")}
	if got := f.FillQuestion(asked); got != asked {
		t.Errorf("%+v becomes %+v", asked, got)
	}
	if failure.Read("out of memory: Memory limit exceeded").IsDiagnosable() {
		t.Error("what is no question of access asks one")
	}
}

// The line that asks on carries all that was read: project, workload with its region, image or repository, account,
// deployer.
func TestTheCheckLineIsComplete(t *testing.T) {
	const progress = "Deploying container to Cloud Run service [web] in project [shop-front-12] region [us-east1]\n"
	for text, want := range map[string]string{
		progress + "ERROR: (gcloud.run.deploy) PERMISSION_DENIED: Permission 'iam.serviceaccounts.actAs' denied on service account web@acct-home.iam.gserviceaccount.com (or it may not exist). This command is authenticated as jo@example.com which is the active account specified by the [core/account] property.":                          "--project=shop-front-12 --service=web --region=us-east1 --service-account=web@acct-home.iam.gserviceaccount.com --deployer=user:jo@example.com",
		progress + "ERROR: (gcloud.run.deploy) Google Cloud Run Service Agent service-123456789012@serverless-robot-prod.iam.gserviceaccount.com must have permission to read the image, gcr.io/some-project/web. Ensure that the provided container image URL is correct.":                                                                     "--project=shop-front-12 --service=web --region=us-east1 --image=gcr.io/some-project/web",
		"ERROR: (gcloud.run.jobs.deploy) PERMISSION_DENIED: Permission 'run.jobs.get' denied on resource 'projects/shop-front-12/locations/us-east1/jobs/nightly' (or resource may not exist). This command is authenticated as ci@shop-front-12.iam.gserviceaccount.com which is the active account specified by the [core/account] property.": "--project=shop-front-12 --job=nightly --region=us-east1 --deployer=serviceAccount:ci@shop-front-12.iam.gserviceaccount.com",
	} {
		t.Run(want, func(t *testing.T) {
			if next := strings.Join(model.AdviceLines(failure.Read(text).Next), "\n"); !strings.Contains(next+"\n", "whopulls check "+want+"\n") {
				t.Errorf("%s\nleads to\n%s\nwithout %s", text, next, want)
			}
		})
	}
}

// The default compute account shows the number of its project, and so does the agent: token creator on the account is
// not what is lacking when both are the same (iam-facts 5).
func TestRunAsAtHome(t *testing.T) {
	const text = "Google Cloud Run Service Agent does not have permission to get access tokens for the service account " +
		"NUMBER-compute@developer.gserviceaccount.com. Please give service-711987267850@serverless-robot-prod.iam.gserviceaccount.com " +
		"permission iam.serviceAccounts.getAccessToken on the service account."
	for number, want := range map[string]string{"711987267850": model.RoleRunAgent, "300000000003": model.RoleTokenCreator} {
		t.Run(number, func(t *testing.T) {
			f := failure.Read(strings.Replace(text, "NUMBER", number, 1))
			if next := strings.Join(model.AdviceLines(f.Next), "\n"); f.Cause != failure.RunAs || !strings.Contains(next, "--role="+want) {
				t.Errorf("account of %s: %s, %q; want %s in it", number, f.Cause, next, want)
			}
		})
	}
}
