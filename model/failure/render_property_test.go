package failure

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"whopulls/model"
	"whopulls/model/words"
)

var everyCause = []Cause{PullerRead, DeployerRead, ActAs, RunAs, ImageNotFound, ImageReference, APIDisabled, RegistryDenied, RepositoryNotFound, PermissionMissing,
	MemberNotFound, OrgPolicy, ServiceControls, ConcurrentChange, NotAccess, Unrecognized}

// drawFailure is what a reader may hand over, likely or not.
func drawFailure(t *rapid.T) Failure {
	draw := func(what string, of ...string) string { return rapid.SampledFrom(append(of, "")).Draw(t, what) }
	f := Failure{
		Cause:           rapid.SampledFrom(everyCause).Draw(t, "cause"),
		Principal:       draw("principal", aUser, anAccount, aDefaultAccount, aBuildAccount, anAgent, "service-1@gcf-admin-robot.iam.gserviceaccount.com", "service-1@gcp-sa-artifactregistry.iam.gserviceaccount.com"),
		ServiceAccount:  draw("account", "web@apps-77.iam.gserviceaccount.com", aDefaultAccount),
		ConsumerProject: draw("project", "apps-77", "111111111111"),
		Permission: draw("permission", "run.services.get", "run.jobs.run", "run.routes.invoke", "iam.serviceAccounts.actAs", "iam.serviceAccounts.getAccessToken", "storage.objects.get",
			"secretmanager.versions.access", "artifactregistry.repositories.uploadArtifacts", "artifactregistry.repositories.downloadArtifacts", "cloudbuild.builds.create", "made.up.things"),
		API: draw("api", runAPI),
	}
	if image := draw("image", "us-docker.pkg.dev/images-1/team/web:1", "gcr.io/images-1/web", "ghcr.io/team/web:1"); image != "" {
		at := imageOf(image)
		f.Image, f.ImageProject, f.Repository = image, at.Repository.Project, at.Repository.String()
	}
	if f.ConsumerProject != "" {
		f.Workload = rapid.SampledFrom([]*model.WorkloadName{nil, {Kind: model.Service, Name: "web", Region: "us-east1"}, {Kind: model.Job, Name: "nightly", Region: "us-east1"},
			{Kind: model.WorkerPool, Name: "feed", Region: "us-east1"}}).Draw(t, "workload")
	}
	f.details = details{variant: variant(rapid.IntRange(0, int(lastVariant)).Draw(t, "wording")), command: draw("command", "run.deploy", "functions.deploy", "builds.submit", "run.jobs.execute", "projects.add-iam-policy-binding"),
		terraformType: draw("terraform", "google_cloud_run_v2_job", "google_project_iam_member"), service: apiOfPermission(f.Permission),
		resource: draw("resource", "projects/apps-77/secrets/db", "apps-77_cloudbuild", "gs://bucket-of-apps"), mayNotExist: rapid.Bool().Draw(t, "may not exist")}
	f.clues = clues{activity: activity(rapid.IntRange(0, int(activityPull)).Draw(t, "scene")), textActivity: rapid.SampledFrom([]activity{activityUnknown, activityBuild}).Draw(t, "around"),
		subject: subject(rapid.IntRange(0, int(subjectCaller)).Draw(t, "subject")), suggestedRole: draw("role", "roles/logging.logWriter"), constraint: draw("constraint", "constraints/run.allowedIngress"),
		containerRan: rapid.Bool().Draw(t, "ran"), tooFewScopes: rapid.IntRange(0, 9).Draw(t, "scopes") == 0, notGoogle: rapid.Bool().Draw(t, "foreign"), domainRestricted: rapid.Bool().Draw(t, "sharing"), kmsKeyRefused: rapid.Bool().Draw(t, "key")}
	f.Identity = f.identityAtFault()
	f.render()
	return f
}

var (
	capitalName = regexp.MustCompile(`(?:^|[ "(])[A-Z][\w.+-]*@|(?:^| )[A-Z][a-z0-9-]*\.(?:googleapis|pkg|gcr|iam)\b|(?:^| )(?:Gcr|Ghcr)\.io`)
	causeID     = regexp.MustCompile(`\b(?:puller|unrecognized|permission|[a-z]+-read|act-as|run-as|image-\w+|api-disabled|registry-denied|\w+-not-found|org-policy|vpc-\w+|not-access|concurrent-\w+)\b`)
	callerWord  = regexp.MustCompile(`(?i)\bcaller\b`)
)

// Whatever was read, the words are whole sentences in both languages. Nobody's name gets a capital, nobody is "the
// caller", no cause's id is in a headline, and nothing is said twice.
// lastVariant is the last of them.
const lastVariant = variantCustomConstraint

func TestWordsAreSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFailure(t)
		for _, language := range words.Languages {
			in := f.Translated(language)
			all := append([]string{in.Headline(), in.Summary}, model.AdviceLines(in.Next)...)
			for _, s := range all {
				if s == "" || strings.ContainsAny(s, "{}") || strings.Contains(s, "  ") || strings.Contains(s, "..") {
					t.Fatalf("%q is no sentence", s)
				}
				if capitalName.MatchString(s) {
					t.Fatalf("a name has a capital: %q", s)
				}
				if callerWord.MatchString(s) {
					t.Fatalf("somebody is called the caller: %q", s)
				}
			}
			if causeID.MatchString(in.Headline()) {
				t.Fatalf("a cause's id is in the headline: %q", in.Headline())
			}
			if slices.Sort(all); len(slices.Compact(all)) != len(all) {
				t.Fatalf("something is said twice: %q", all)
			}
			if language == words.English && !strings.HasSuffix(in.Summary, ".") {
				t.Fatalf("%q does not end", in.Summary)
			}
		}
		if english := f.Translated(words.English); english.Summary != f.Summary || !slices.Equal(english.Next, f.Next) {
			t.Fatalf("English is not what is said without a language: %q", english.Summary)
		}
	})
}

// In Japanese the sentences are Japanese: between the names stands no English.
func TestJapaneseIsJapanese(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFailure(t).Translated(words.Japanese)
		for _, s := range append([]string{f.Headline()}, sentencesOf(f.Next)...) {
			if !strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana, unicode.Han) }) {
				t.Fatalf("%q is not Japanese", s)
			}
		}
	})
}

func sentencesOf(nexts []model.Advice) (all []string) {
	for _, n := range nexts {
		if n.Words != "" {
			all = append(all, n.Words)
		}
	}
	return all
}

// A summary and the advice name the one who was refused by the e-mail that was read.
func TestWhoeverWasReadIsNamed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := drawFailure(t)
		if f.Principal == "" || !slices.Contains([]Cause{DeployerRead, ActAs, PermissionMissing}, f.Cause) || f.details.variant != variantNone || f.lacksScopes() {
			return
		}
		if !strings.Contains(f.Summary, f.emailAtFault()) {
			t.Fatalf("%s is not in %q", f.emailAtFault(), f.Summary)
		}
	})
}
