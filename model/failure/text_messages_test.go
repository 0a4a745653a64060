package failure_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"whopulls/model/failure"
)

func causesOf(f failure.Failure) []failure.Cause {
	all := []failure.Cause{f.Cause}
	for _, o := range f.Others {
		all = append(all, o.Cause)
	}
	return all
}

const (
	refusedBuild = "ERROR: (gcloud.builds.submit) INVALID_ARGUMENT: could not resolve source: googleapi: Error 403: 933573270391@cloudbuild.gserviceaccount.com does not have storage.objects.get access to the Google Cloud Storage object., forbidden"
	refusedActAs = "ERROR: (gcloud.run.deploy) PERMISSION_DENIED: Permission 'iam.serviceaccounts.actAs' denied on service account web@apps-413e.iam.gserviceaccount.com (or it may not exist)."
	refusedPush  = `denied: Permission "artifactregistry.repositories.uploadArtifacts" denied on resource "projects/imgs-413e/locations/us/repositories/team" (or it may not exist)`
	unreadImage  = "Google Cloud Run Service Agent service-111111111111@serverless-robot-prod.iam.gserviceaccount.com must have permission to read the image, us-docker.pkg.dev/imgs-413e/team/web:1. Ensure that the provided container image URL is correct."
)

// Which errors stand in a text, in which order: those about Cloud Run first, and each once.
func TestErrorsInOneText(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []failure.Cause
	}{
		"one":                      {refusedActAs, []failure.Cause{failure.ActAs}},
		"steps of a build":         {"Step #0: " + refusedBuild + "\nStep #1: " + refusedActAs, []failure.Cause{failure.ActAs, failure.PermissionMissing}},
		"the other way round":      {refusedActAs + "\n" + refusedBuild, []failure.Cause{failure.ActAs, failure.PermissionMissing}},
		"both about Cloud Run":     {unreadImage + "\n\n" + refusedActAs, []failure.Cause{failure.PullerRead, failure.ActAs}},
		"a retry":                  {refusedActAs + "\nRetrying in 10 seconds.\n" + refusedActAs, []failure.Cause{failure.ActAs}},
		"a retry with a time":      {"12:00:01 " + refusedActAs + "\n12:00:09 " + refusedActAs, []failure.Cause{failure.ActAs}},
		"many retries of two":      {strings.Repeat(refusedPush+"\n"+refusedActAs+"\n", 50), []failure.Cause{failure.ActAs, failure.RegistryDenied}},
		"another account":          {refusedActAs + "\n" + strings.Replace(refusedActAs, "web@", "jobs@", 1), []failure.Cause{failure.ActAs, failure.ActAs}},
		"boxes of Terraform":       {boxed("Error: "+unreadImage) + boxed(refusedActAs), []failure.Cause{failure.PullerRead, failure.ActAs}},
		"entries of a log":         {"[{\"textPayload\":" + quoted(unreadImage) + "},\n{\"textPayload\":" + quoted(refusedActAs) + "}]", []failure.Cause{failure.PullerRead, failure.ActAs}},
		"an entry a line":          {"{\"textPayload\":" + quoted(unreadImage) + "}\n{\"textPayload\":" + quoted(refusedActAs) + "}", []failure.Cause{failure.PullerRead, failure.ActAs}},
		"blocks of code":           {"First:\n```\n" + unreadImage + "\n```\nThen:\n```\n" + refusedActAs + "\n```", []failure.Cause{failure.PullerRead, failure.ActAs}},
		"the registry's own words": {unreadImage + "\nCause: 403 Forbidden\n" + `{"errors":[{"code":"DENIED","message":"Permission denied for us-docker.pkg.dev"}]}`, []failure.Cause{failure.PullerRead}},
		"a lead":                   {"Failed to create service.\nOperation failed due to missing permissions.\n\n" + unreadImage, []failure.Cause{failure.PullerRead}},
		"the end of a build":       {refusedPush + "\nERROR: build step 0 \"gcr.io/cloud-builders/docker\" failed: step exited with non-zero status: 1", []failure.Cause{failure.RegistryDenied}},
		"nothing but the end":      {"ERROR: build step 0 \"gcr.io/cloud-builders/docker\" failed: step exited with non-zero status: 1", []failure.Cause{failure.Unrecognized}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := causesOf(failure.Read(c.text)); !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, not %v", name, got, c.want)
			}
		})
	}
}

// A command line tells about the error of its own command, and about no other.
func TestCommandLinesAndTheirErrors(t *testing.T) {
	const deploy = "gcloud run deploy web --image=us-docker.pkg.dev/imgs-413e/team/web:1 --project=apps-413e --region=us-east1"
	for name, c := range map[string]struct {
		text           string
		image, project string
	}{
		"its own":         {"$ " + deploy + "\n" + refusedActAs, "us-docker.pkg.dev/imgs-413e/team/web:1", "apps-413e"},
		"with the words":  {"$ " + strings.ReplaceAll(deploy, "=", " ") + "\nDeploying...\nfailed\n" + refusedActAs, "us-docker.pkg.dev/imgs-413e/team/web:1", "apps-413e"},
		"of another step": {"Step #0: $ " + deploy + "\nStep #1: " + refusedActAs, "", ""},
		"another command": {"$ gcloud run jobs deploy nightly --image=us-docker.pkg.dev/imgs-413e/team/web:1 --project=apps-413e\n" + refusedActAs, "", ""},
		"a build":         {"$ gcloud builds submit --tag=us-docker.pkg.dev/imgs-413e/team/web:1 --project=apps-413e\n" + refusedActAs, "", ""},
		"a placeholder":   {"$ gcloud run deploy web --image=us-docker.pkg.dev/PROJECT_ID/team/web:1 --project=your-project\n" + refusedActAs, "", ""},
		"after it":        {refusedActAs + "\n\nI had called\n\n$ gcloud run deploy web --project=apps-413e", "", ""},
		"prose":           {"I run it in the project apps-413e with the image us-docker.pkg.dev/imgs-413e/team/web:1 and get\n\n" + refusedActAs, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if f := failure.Read(c.text); f.Cause != failure.ActAs || f.Image != c.image || f.ConsumerProject != c.project {
				t.Errorf("%s: %s, image %q, project %q; want %q, %q", name, f.Cause, f.Image, f.ConsumerProject, c.image, c.project)
			}
		})
	}
}

// What stands in the place of a name is not one.
func TestPlaceholdersAreNoNames(t *testing.T) {
	for _, one := range []string{"PROJECT_ID", "PROJECT-ID", "[PROJECT]", "<project>", "$PROJECT_ID", "${project}", "{project}", "your-project", "your-project-id", "your project name",
		"xxx", "xxxxxx", "***", "project-id", "project_id", "my project", "プロジェクトID"} {
		t.Run(one, func(t *testing.T) {
			f := failure.Read("ERROR: (gcloud.run.deploy) PERMISSION_DENIED: Permission 'run.services.get' denied on resource 'namespaces/" + one + "/services/web' (or resource may not exist).")
			if f.Cause != failure.PermissionMissing || f.ConsumerProject != "" {
				t.Errorf("%s is read as the project %q of %s", one, f.ConsumerProject, f.Cause)
			}
		})
	}
	for _, one := range []string{"PROJECT_NUMBER-compute@developer.gserviceaccount.com", "SERVICE_ACCOUNT@apps-413e.iam.gserviceaccount.com", "web@PROJECT_ID.iam.gserviceaccount.com",
		"web@your-project.iam.gserviceaccount.com", "email@example.com", "xxx@apps-413e.iam.gserviceaccount.com", "<sa>@apps-413e.iam.gserviceaccount.com", "$MEMBER", "USER@example.com"} {
		t.Run(one, func(t *testing.T) {
			f := failure.Read("ERROR: (gcloud.run.deploy) [" + one + "] does not have permission to access namespaces instance [apps-413e] (or it may not exist): Permission 'iam.serviceaccounts.actAs' denied on service account web@apps-413e.iam.gserviceaccount.com")
			if f.Cause != failure.ActAs || f.Principal != "" || f.ServiceAccount != "web@apps-413e.iam.gserviceaccount.com" || f.ConsumerProject != "apps-413e" {
				t.Errorf("%s: %+v", one, failure.Fields(f))
			}
		})
	}
}

// Only Google's own kinds of text are a missing permission where nothing says which.
func TestLastResort(t *testing.T) {
	for text, want := range map[string]failure.Cause{
		"open /var/run/docker.sock: connect: permission denied":                                            failure.Unrecognized,
		"bash: ./deploy.sh: Permission denied":                                                             failure.Unrecognized,
		"ERROR: permission denied for table users (SQLSTATE 42501)":                                        failure.Unrecognized,
		"Access denied for user 'root'@'10.0.0.3' (using password: YES)":                                   failure.Unrecognized,
		"git@github.com: Permission denied (publickey).":                                                   failure.Unrecognized,
		"EACCES: permission denied, mkdir '/app/node_modules'":                                             failure.Unrecognized,
		"remote: Permission to acme/web.git denied to bot. fatal: 403":                                     failure.Unrecognized,
		"s3: AccessDenied: Access Denied status code: 403":                                                 failure.Unrecognized,
		"npm ERR! 403 Forbidden - GET https://registry.npmjs.org/@acme%2fweb":                              failure.Unrecognized,
		"ERROR: (gcloud.run.deploy) PERMISSION_DENIED: The caller does not have access":                    failure.PermissionMissing,
		"googleapi: Error 403: Permission denied, forbidden":                                               failure.PermissionMissing,
		`{"code":403,"message":"The caller does not have permission"}`:                                     failure.PermissionMissing,
		"Permission denied on resource project apps-413e.":                                                 failure.PermissionMissing,
		"403 Forbidden: POST https://run.googleapis.com/v2/projects/apps-413e/locations/us-east1/services": failure.PermissionMissing,
		"Permission 'run.services.get' denied on resource":                                                 failure.PermissionMissing,
	} {
		t.Run(fmt.Sprintf("%.60s", text), func(t *testing.T) {
			if got := failure.Read(text).Cause; got != want {
				t.Errorf("%s is read as %s, not %s", text, got, want)
			}
		})
	}
}

// Wherever Google says that a thing may not exist, the reading says so.
func TestMayNotExist(t *testing.T) {
	for text, want := range map[string]bool{
		refusedActAs: true, refusedPush: true, unreadImage: false,
		"Permission 'run.jobs.run' denied on resource 'projects/dwh-413e/locations/us-east1/jobs/etl' (or resource may not exist).":                                 true,
		`The principal lacks IAM permission "cloudtasks.tasks.create" for the resource "projects/apps-413e/locations/us/queues/q" (or the resource may not exist).`: true,
		"WARNING: You do not appear to have access to project [apps-413e] or it does not exist.\nERROR: (gcloud.run.deploy) PERMISSION_DENIED: Permission denied":   false,
		"Permission 'run.jobs.run' denied on resource 'projects/dwh-413e/locations/us-east1/jobs/etl'":                                                              false,
	} {
		t.Run(fmt.Sprintf("%.120s", text), func(t *testing.T) {
			if got := failure.Read(text).Document().MayNotExist; got != want {
				t.Errorf("%s: %v", text, got)
			}
		})
	}
}

// However long a text is, what is kept of it is bounded: twice the text costs twice its own bytes and nothing else.
func TestLongTextsCostLittle(t *testing.T) {
	for _, piece := range []string{refusedPush + "\n\n", "{\"error\":{\n", "Permission 'run.x%d.get' denied on resource 'a'\n"} {
		t.Run(fmt.Sprintf("%.60s", piece), func(t *testing.T) {
			var b strings.Builder
			for i := 0; b.Len() < 1<<18; i++ {
				b.WriteString(strings.Replace(piece, "%d", fmt.Sprint(i), 1))
			}
			short := allocated(b.String())
			long := allocated(strings.Repeat(b.String(), 4))
			if extra, more := long-short, 3*b.Len(); extra > 4*more {
				t.Errorf("%q: %d bytes more cost %d", piece, more, extra)
			}
			if f := failure.Read(b.String()); len(f.Others) > 20 {
				t.Errorf("%q: %d others", piece, len(f.Others))
			}
		})
	}
}

// allocated counts the bytes that reading takes.
func allocated(text string) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	failure.Read(text)
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

// An account that the workload would run as is no member of a binding.
func TestMissingRuntimeAccount(t *testing.T) {
	const account = "web@apps-413e.iam.gserviceaccount.com"
	for text, want := range map[string]failure.Cause{
		"Could not create Cloud Run service web. spec.template.spec.service_account_name: Service account " + account + " does not exist.":            failure.NotAccess,
		"ERROR: (gcloud.run.deploy) INVALID_ARGUMENT: Service account " + account + " does not exist.":                                                failure.NotAccess,
		"googleapi: Error 400: Default service account '" + account + "' doesn't exist. Please recreate this account or specify a different account.": failure.NotAccess,
		"ERROR: (gcloud.run.services.add-iam-policy-binding) INVALID_ARGUMENT: Service account " + account + " does not exist.":                       failure.MemberNotFound,
	} {
		t.Run(fmt.Sprintf("%.60s", text), func(t *testing.T) {
			f := failure.Read(text)
			if f.Cause != want || want == failure.NotAccess && f.ServiceAccount != account || want == failure.MemberNotFound && f.Principal != account {
				t.Errorf("%s: %+v", text, failure.Fields(f))
			}
		})
	}
}
