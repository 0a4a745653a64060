package model_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"whopulls/model"
)

// planForMissing makes the steps for one missing check that was made up by hand.
func planForMissing(c model.Check, o model.PlanOptions) []model.Step {
	c.Verdict = model.Missing
	s := article().Situation
	return model.PlanFor(s, model.Diagnosis{Verdict: model.Missing, Checks: []model.Check{c}}, o).Steps
}

// The commands are those of iam-facts 9.2, with --condition=None wherever a policy can hold conditions (9.4) and the
// command knows the flag (9.3).
func TestGcloud(t *testing.T) {
	const robot = "serviceAccount:service-111111111111@serverless-robot-prod.iam.gserviceaccount.com"
	cases := map[string]struct {
		world *fixture
		o     model.PlanOptions
		want  []string
	}{
		"pull": {withoutGrants(), model.PlanOptions{Only: []string{"pull"}}, []string{
			"gcloud artifacts repositories add-iam-policy-binding myrepo --location=asia-northeast1 --project=myproject-b --member=" + robot + " --role=roles/artifactregistry.reader"}},
		"pull, wide": {withoutGrants(), model.PlanOptions{Only: []string{"pull"}, Scope: model.ScopeProject}, []string{
			"gcloud projects add-iam-policy-binding myproject-b --member=" + robot + " --role=roles/artifactregistry.reader --condition=None"}},
		"read-image": {withoutGrants(), model.PlanOptions{Only: []string{"read-image"}}, []string{
			"gcloud artifacts repositories add-iam-policy-binding myrepo --location=asia-northeast1 --project=myproject-b --member=user:dev@example.com --role=roles/artifactregistry.reader"}},
		"act-as": {withoutGrants(), model.PlanOptions{Only: []string{"act-as"}}, []string{
			"gcloud iam service-accounts add-iam-policy-binding web@myproject-a.iam.gserviceaccount.com --project=myproject-a --member=user:dev@example.com --role=roles/iam.serviceAccountUser --condition=None"}},
		"run-as abroad": {withoutGrantsRunnerElsewhere(), model.PlanOptions{Only: []string{"run-as"}}, []string{
			"gcloud iam service-accounts add-iam-policy-binding far@myproject-c.iam.gserviceaccount.com --project=myproject-c --member=" + robot + " --role=roles/iam.serviceAccountTokenCreator --condition=None"}},
		"run-as": {withoutGrants(), model.PlanOptions{Only: []string{"run-as"}}, []string{
			"gcloud projects add-iam-policy-binding myproject-a --member=" + robot + " --role=roles/run.serviceAgent --condition=None"}},
		"agent": {withoutGrants(), model.PlanOptions{Only: []string{"agent"}}, []string{
			"gcloud beta services identity create --service=run.googleapis.com --project=myproject-a",
			"gcloud projects add-iam-policy-binding myproject-a --member=" + robot + " --role=roles/run.serviceAgent --condition=None"}},
		"run-api": {runAPIOff(), model.PlanOptions{Only: []string{"run-api"}}, []string{
			"gcloud services enable run.googleapis.com --project=myproject-a"}},
		"deploy, a job": {withoutGrants(), model.PlanOptions{Only: []string{"deploy"}}, []string{
			"gcloud run jobs add-iam-policy-binding myjob --region=asia-northeast1 --project=myproject-a --member=user:dev@example.com --role=roles/run.developer"}},
		"deploy, a service": {withoutGrants().withWorkload(model.Service, true), model.PlanOptions{Only: []string{"deploy"}}, []string{
			"gcloud run services add-iam-policy-binding w1 --region=asia-northeast1 --project=myproject-a --member=user:dev@example.com --role=roles/run.developer --condition=None"}},
		"deploy, a worker pool": {withoutGrants().withWorkload(model.WorkerPool, true), model.PlanOptions{Only: []string{"deploy"}}, []string{
			"gcloud run worker-pools add-iam-policy-binding w1 --region=asia-northeast1 --project=myproject-a --member=user:dev@example.com --role=roles/run.developer"}},
		"deploy, something new": {withoutGrants().withWorkload(model.Job, false), model.PlanOptions{Only: []string{"deploy"}}, []string{
			"gcloud projects add-iam-policy-binding myproject-a --member=user:dev@example.com --role=roles/run.developer --condition=None"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, s := range steps(c.world, c.o) {
				got = append(got, s.Gcloud...)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: the commands are\n%s, want\n%s", name, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}

// shellWords runs a command with printf in place of gcloud, and gives the words that it would get.
func shellWords(t *testing.T, command string) []string {
	rest, ok := strings.CutPrefix(command, "gcloud ")
	if !ok {
		t.Fatalf("%q does not begin with gcloud", command)
	}
	out, err := exec.Command("sh", "-c", `printf '%s\n' `+rest).CombinedOutput()
	if err != nil {
		t.Fatalf("sh does not take %q: %v %s", command, err, out)
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// shellUnsafeNames are names that a shell would take for more than a word.
var shellUnsafeNames = []string{"it's", `"quoted"`, "$(echo pwned)", "`echo pwned`", "$HOME", "a b", "a;b", "a&b", "a|b", "a>b", "*", "~", "#x", `back\slash`, "!!", "{a,b}", "(x)", "é"}

func TestGcloudIsShellSafe(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh here")
	}
	for _, name := range shellUnsafeNames {
		t.Run(name, func(t *testing.T) {
			r := model.RepositoryName{Project: name, Location: name, ID: name}.Resource()
			for scope, want := range map[model.Scope][]string{
				model.ScopeRepository: {"artifacts", "repositories", "add-iam-policy-binding", name, "--location=" + name, "--project=" + name, "--member=user:" + name, "--role=" + reader},
				model.ScopeProject:    {"projects", "add-iam-policy-binding", name, "--member=user:" + name, "--role=" + reader, "--condition=None"},
			} {
				c := model.Check{ID: "pull", Principal: model.Member("user:" + name), Resource: r}
				for _, s := range planForMissing(c, model.PlanOptions{Scope: scope}) {
					if got := shellWords(t, s.Gcloud[0]); !slices.Equal(got, want) {
						t.Errorf("%s gives the words %q, want %q", s.Gcloud[0], got, want)
					}
				}
			}
		})
	}
}

func TestGcloudIsShellSafeOnRun(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh here")
	}
	for _, name := range shellUnsafeNames {
		t.Run(name, func(t *testing.T) {
			account := planForMissing(model.Check{ID: "act-as", Principal: dev, Resource: model.AccountResource(name, name)}, model.PlanOptions{})
			if got := shellWords(t, account[0].Gcloud[0]); got[3] != name || got[4] != "--project="+name {
				t.Errorf("the words for account %q are %q", name, got)
			}
			r := model.WorkloadName{Kind: model.Service, Name: name, Region: name}.Resource(name)
			deploy := planForMissing(model.Check{ID: "deploy", Principal: dev, Resource: r}, model.PlanOptions{})
			if got := shellWords(t, deploy[0].Gcloud[0]); got[3] != name || got[4] != "--region="+name || got[5] != "--project="+name {
				t.Errorf("the words for service %q are %q", name, got)
			}
			api := planForMissing(model.Check{ID: "run-api", Resource: model.APIResource(name, "run.googleapis.com")}, model.PlanOptions{})
			if got := shellWords(t, api[0].Gcloud[0]); got[len(got)-1] != "--project="+name {
				t.Errorf("the words for project %q are %q", name, got)
			}
		})
	}
}

func TestGcloudOfPlansIsOneLineEach(t *testing.T) {
	for _, s := range append(steps(runAPIOff(), model.PlanOptions{}), steps(withoutGrantsRunnerElsewhere(), model.PlanOptions{})...) {
		for _, command := range s.Gcloud {
			if strings.ContainsAny(command, "\n\r") || !strings.HasPrefix(command, "gcloud ") {
				t.Errorf("%q is not one line that runs gcloud", command)
			}
		}
	}
}

// A condition is one word, whose parts stand between signs that none of them holds; what gcloud can't take gives no command.
func TestGcloudConditions(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("no sh here")
	}
	const may = `request.time < timestamp("2026-05-01T00:00:00Z")`
	project := model.ProjectResource("source-b")
	for about, c := range map[string]struct {
		step      model.Step
		condition model.Condition
		want      string // the last word of the command
	}{
		"plain":            {model.Step{Resource: project}, model.Condition{Title: "until May", Expression: may}, "--condition=expression=" + may + ",title=until May"},
		"described":        {model.Step{Resource: project}, model.Condition{Title: "t", Description: "d", Expression: may}, "--condition=expression=" + may + ",title=t,description=d"},
		"a comma":          {model.Step{Resource: project}, model.Condition{Title: "a, b", Expression: may}, "--condition=^;^expression=" + may + ";title=a, b"},
		"more of them":     {model.Step{Resource: project}, model.Condition{Title: "a, b; c | d ~", Expression: may}, "--condition=^#^expression=" + may + "#title=a, b; c | d ~"},
		"all of them":      {model.Step{Resource: project}, model.Condition{Title: ",;|~#@%!", Expression: may}, ""},
		"no title":         {model.Step{Resource: project}, model.Condition{Expression: may}, ""},
		"two lines":        {model.Step{Resource: project}, model.Condition{Title: "t", Expression: may + " ||\n" + may}, ""},
		"a basic role":     {model.Step{Resource: project, Role: "roles/viewer"}, model.Condition{Title: "t", Expression: may}, ""},
		"on a repository":  {model.Step{Resource: model.RepositoryName{Project: "p", Location: "us", ID: "r"}.Resource()}, model.Condition{Title: "t", Expression: may}, "--condition=expression=" + may + ",title=t"},
		"on an account":    {model.Step{Resource: model.AccountResource("p", "a@p.iam.gserviceaccount.com")}, model.Condition{Title: "t", Expression: may}, "--condition=expression=" + may + ",title=t"},
		"on a job":         {model.Step{Resource: model.WorkloadName{Kind: model.Job, Name: "j", Region: "us-central1"}.Resource("p")}, model.Condition{Title: "t", Expression: may}, ""},
		"on a service":     {model.Step{Resource: model.WorkloadName{Kind: model.Service, Name: "s", Region: "us-central1"}.Resource("p")}, model.Condition{Title: "t", Expression: may}, "--condition=expression=" + may + ",title=t"},
		"on a folder":      {model.Step{Resource: model.AncestorResource("folders/1")}, model.Condition{Title: "t", Expression: may}, "--condition=expression=" + may + ",title=t"},
		"the organization": {model.Step{Resource: model.AncestorResource("organizations/1")}, model.Condition{Title: "it's", Expression: may}, "--condition=expression=" + may + ",title=it's"},
	} {
		t.Run(about, func(t *testing.T) {
			step := c.step
			step.Kind, step.Member, step.Condition = model.StepGrant, dev, &c.condition
			if step.Role == "" {
				step.Role = reader
			}
			inverse, err := step.Inverse()
			if err != nil {
				t.Fatal(err)
			}
			last := ""
			for _, command := range inverse.Gcloud {
				all := shellWords(t, command)
				last = all[len(all)-1]
			}
			if last != c.want {
				t.Errorf("%s: %q, want %q", about, last, c.want)
			}
		})
	}
}
