package model_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"whopulls/model"
)

const gcrImage = "gcr.io/myproject-b/app:v1"

var (
	gcrRepository  = model.RepositoryName{Project: "myproject-b", Location: "us", ID: "gcr.io"}.Resource()
	deep           = model.RepositoryName{Project: "myproject-a", Location: tokyo, ID: "deep"}
	base           = model.RepositoryName{Project: "myproject-c", Location: tokyo, ID: "base"}
	registryAgentB = model.RegistryServiceAgent("222222222222")
	registryAgentC = model.RegistryServiceAgent("333333333333")
)

// nestUpstream makes the upstream in myproject-c a virtual repository that reads one of myproject-a.
func (w *fixture) nestUpstream() {
	w.Repositories[base.Resource()] = model.Known(model.Repository{Name: base, Mode: model.ModeVirtual, Upstreams: []model.RepositoryName{deep}})
	w.Repositories[deep.Resource()] = model.Known(model.Repository{Name: deep, Mode: "STANDARD_REPOSITORY"})
	w.Policies[deep.Resource()] = model.Known(model.Policy{})
}

// upstreamChecks writes the upstream checks: id, verdict, agent's project number, repository.
func (w *fixture) upstreamChecks() []string {
	var all []string
	for _, c := range model.Diagnose(w.Situation).Checks {
		if c.BaseID() == model.CheckUpstream {
			number := strings.TrimPrefix(strings.Split(string(c.Principal), "@")[0], "serviceAccount:service-")
			all = append(all, strings.Join([]string{c.ID, string(c.Verdict), number, c.Resource.ID()}, " "))
		}
	}
	return all
}

// Each repository on the way is read by the agent of the one before it; within a project nothing is asked (iam-facts
// 4.5, 4.6).
func TestUpstreamsOfUpstreams(t *testing.T) {
	cases := map[string]struct {
		edit func(*fixture)
		want []string
	}{
		"one level": {func(*fixture) {}, []string{"upstream missing 222222222222 base"}},
		"the puller's role on the virtual one helps nobody else": {func(w *fixture) { w.bind(repository, reader, agent) },
			[]string{"upstream missing 222222222222 base"}},
		"two levels": {func(w *fixture) { w.nestUpstream(); w.bind(deep.Resource(), reader, registryAgentC) },
			[]string{"upstream missing 222222222222 base", "upstream#2 granted 333333333333 deep"}},
		"not the first one's agent reads the second": {func(w *fixture) { w.nestUpstream(); w.bind(deep.Resource(), reader, registryAgentB) },
			[]string{"upstream missing 222222222222 base", "upstream#2 missing 333333333333 deep"}},
		"behind one of the same project": {func(w *fixture) {
			w.Repositories[repository] = model.Known(model.Repository{Name: nameOf(repository), Mode: model.ModeVirtual, Upstreams: []model.RepositoryName{nameOf(other)}})
			w.Repositories[other] = model.Known(model.Repository{Name: nameOf(other), Mode: model.ModeRemote, Upstreams: []model.RepositoryName{base}})
		}, []string{"upstream missing 222222222222 base"}},
		"in a circle": {func(w *fixture) {
			w.Repositories[base.Resource()] = model.Known(model.Repository{Name: base, Mode: model.ModeVirtual, Upstreams: []model.RepositoryName{nameOf(repository)}})
		}, []string{"upstream missing 222222222222 base", "upstream#2 missing 333333333333 myrepo"}},
		"its own project by number": {func(w *fixture) {
			near := base
			near.Project = "222222222222"
			w.Repositories[repository] = model.Known(model.Repository{Name: nameOf(repository), Mode: model.ModeVirtual, Upstreams: []model.RepositoryName{near}})
			w.Repositories[near.Resource()] = model.Known(model.Repository{Name: near})
		}, nil},
		"what is behind can't be read": {func(w *fixture) { w.Repositories[base.Resource()] = model.Unread[model.Repository](gap("forbidden")) },
			[]string{"upstream missing 222222222222 base"}},
		"the upstream does not exist": {func(w *fixture) { w.Repositories[base.Resource()] = model.Absent[model.Repository]() },
			[]string{"upstream missing 222222222222 base"}},
		"its project is being deleted": {func(w *fixture) {
			w.bind(base.Resource(), reader, registryAgentB)
			w.Projects["myproject-c"] = model.Known(model.Project{ID: "myproject-c", Number: "333333333333", State: "DELETE_REQUESTED"})
		}, []string{"upstream missing 222222222222 base"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			w := article()
			w.makeVirtual(model.ModeVirtual)
			c.edit(w)
			if got := w.upstreamChecks(); !slices.Equal(got, c.want) {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		})
	}
}

// Upstreams of upstreams are followed to a depth; beyond it nothing is said to be missing.
func TestUpstreamsAreFollowedToADepth(t *testing.T) {
	w := article()
	at := nameOf(repository)
	for i := range 8 {
		to := model.RepositoryName{Project: "myproject-b", Location: tokyo, ID: "link" + strconv.Itoa(i)}
		w.Repositories[at.Resource()] = model.Known(model.Repository{Name: at, Mode: model.ModeVirtual, Upstreams: []model.RepositoryName{to}})
		w.Images[tokyo+"-docker.pkg.dev/myproject-b/"+to.ID+"/myjob:latest"] = model.Absent[model.ImageFact]()
		at = to
	}
	w.Images[arImage+":latest"] = model.Absent[model.ImageFact]()
	if wants := model.Wants(w.Situation, model.PlanOptions{}); len(wants) != 0 {
		t.Errorf("wanted are %v", wants)
	}
	if c := w.check(t, "image"); c.Verdict != model.Unknown || c.Pending() {
		t.Errorf("image is %s: %s", c.Verdict, c.Reason)
	}
}

// The roles for an upstream: reader for a virtual repository; for a remote one, advice on the role that Google's pages
// ask for, which is no mere reader (iam-facts 4.5).
func TestStepsForUpstreams(t *testing.T) {
	for name, c := range map[string]struct {
		mode string
		edit func(*fixture)
		want []string
	}{
		"virtual":                         {model.ModeVirtual, func(*fixture) {}, []string{"pull", "upstream"}},
		"remote":                          {model.ModeRemote, func(*fixture) {}, []string{"pull"}},
		"not there":                       {model.ModeVirtual, func(w *fixture) { w.Repositories[base.Resource()] = model.Absent[model.Repository]() }, []string{"pull"}},
		"puller's is set on the upstream": {model.ModeVirtual, func(w *fixture) { w.bind(base.Resource(), reader, agent) }, []string{"pull", "upstream"}},
		"puller's is set":                 {model.ModeVirtual, func(w *fixture) { w.bind(repository, reader, agent) }, []string{"upstream"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := article()
			w.makeVirtual(c.mode)
			c.edit(w)
			var got []string
			for _, s := range model.PlanFor(w.Situation, model.Diagnose(w.Situation), model.PlanOptions{}).Steps {
				got = append(got, s.Check)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: the plan closes %v, want %v", name, got, c.want)
			}
		})
	}
	w := article()
	w.makeVirtual(model.ModeRemote)
	if advice := strings.Join(w.check(t, "upstream").Advice, " "); !strings.Contains(advice, "roles/artifactregistry.serviceAgent") {
		t.Errorf("a remote repository's upstream comes with the advice %q", advice)
	}
}

// What a virtual or remote repository serves may lie behind it (iam-facts 4.5).
func TestImageBehindItsRepository(t *testing.T) {
	there := "asia-northeast1-docker.pkg.dev/myproject-c/base/myjob:latest"
	deeper := "asia-northeast1-docker.pkg.dev/myproject-a/deep/myjob:latest"
	near := "asia-northeast1-docker.pkg.dev/myproject-b/other/myjob:latest"
	none := model.Absent[model.ImageFact]()
	for name, c := range map[string]struct {
		edit func(*fixture)
		want model.Verdict
	}{
		"in an upstream":            {func(w *fixture) { w.image(there) }, model.Granted},
		"in an upstream's upstream": {func(w *fixture) { w.nestUpstream(); w.Images[there] = none; w.image(deeper) }, model.Granted},
		"in none of them":           {func(w *fixture) { w.Images[there], w.Images[near] = none, none }, model.Missing},
		"one of them can't be read": {func(w *fixture) {
			w.Images[near] = none
			w.Images[there] = model.Unread[model.ImageFact](gap("forbidden"))
		}, model.Unknown},
		"the last one can't be read": {func(w *fixture) {
			w.Images[there], w.Images[near] = none, none
			w.Repositories[other] = model.Unread[model.Repository](gap("forbidden"))
		}, model.Unknown},
		"one fetches from outside": {func(w *fixture) {
			w.Images[there], w.Images[near] = none, none
			w.Repositories[base.Resource()] = model.Known(model.Repository{Name: base, Mode: model.ModeRemote})
		}, model.Unknown},
		"it fetches from outside itself": {func(w *fixture) {
			w.Repositories[repository] = model.Known(model.Repository{Name: nameOf(repository), Mode: model.ModeRemote})
		}, model.Unknown},
	} {
		t.Run(name, func(t *testing.T) {
			w := article()
			w.makeVirtual(model.ModeVirtual)
			w.Images[arImage+":latest"] = none
			c.edit(w)
			if got := w.check(t, "image"); got.Verdict != c.want || got.Pending() {
				t.Errorf("%s: image is %s (%s), pending: %t, want %s", name, got.Verdict, got.Reason, got.Pending(), c.want)
			}
		})
	}
}

// withGCRImage runs an image by a gcr.io name; the repository that serves it is there (iam-facts 4.3).
func withGCRImage() *fixture {
	w := withImages(gcrImage)
	w.Repositories[gcrRepository] = model.Known(model.Repository{Name: nameOf(gcrRepository), Mode: "STANDARD_REPOSITORY"})
	w.Policies[gcrRepository] = model.Known(model.Policy{})
	w.Rules[gcrRepository] = model.Known([]model.DownloadRule{})
	w.test(gcrRepository, download, true)
	return w
}

func TestRedirectionOfGCRHosts(t *testing.T) {
	off := func(w *fixture) { w.Redirections[projectB] = model.Known(false) }
	unread := model.Unread[bool](model.Gap{Need: model.PermGetSettings, Reason: "you may not read the settings"})
	for name, c := range map[string]struct {
		edit   func(*fixture)
		want   model.Verdict
		reason string
		advice string
	}{
		"on":     {func(*fixture) {}, model.Granted, "app:v1 is there", ""},
		"off":    {off, model.Missing, "Redirection of gcr.io", "gcloud artifacts settings enable-upgrade-redirection --project=myproject-b"},
		"unread": {func(w *fixture) { w.Redirections[projectB] = unread }, model.Unknown, "you may not read the settings", ""},
		"off, and the repository not there": {func(w *fixture) { off(w); w.Repositories[gcrRepository] = model.Absent[model.Repository]() },
			model.Missing, "does not exist", "enable-upgrade-redirection"},
		"off, and the repository unread": {func(w *fixture) {
			off(w)
			w.Repositories[gcrRepository] = model.Unread[model.Repository](gap("forbidden"))
		},
			model.Missing, "Redirection of gcr.io", "enable-upgrade-redirection"},
		"unread, and the image not there": {func(w *fixture) {
			w.Redirections[projectB] = unread
			w.Images[gcrImage] = model.Absent[model.ImageFact]()
		}, model.Missing, "app:v1 is not in", "gcloud artifacts docker tags list"},
	} {
		t.Run(name, func(t *testing.T) {
			w := withGCRImage()
			c.edit(w)
			got := w.check(t, "image")
			if got.Verdict != c.want || !strings.Contains(got.Reason, c.reason) || !strings.Contains(strings.Join(got.Advice, " "), c.advice) {
				t.Errorf("%s: image is %s: %s %q", name, got.Verdict, got.Reason, got.Advice)
			}
			if unknown := got.Verdict == model.Unknown; unknown != hasGap(got.Gaps, projectB, model.PermGetSettings) && c.want != model.Missing {
				t.Errorf("%s: the gaps are %v", name, got.Gaps)
			}
			if pull := w.check(t, "pull"); pull.Verdict == model.Granted || pull.Resource != gcrRepository && got.Verdict != model.Missing {
				t.Errorf("%s: pull is %s on %s", name, pull.Verdict, pull.Resource)
			}
		})
	}
}

// Nobody is asked about redirection for an image of another host.
func TestRedirectionIsForGCRHosts(t *testing.T) {
	w := article()
	w.Redirections = nil
	if wants := model.Wants(w.Situation, model.PlanOptions{}); len(wants) != 0 {
		t.Errorf("wanted are %v", wants)
	}
}

// A gcr.io host and the pkg.dev host name one repository: one pull, two images (iam-facts 4.3).
func TestGCRHostAndItsRepositoryAreOne(t *testing.T) {
	w := withGCRImage()
	same := "us-docker.pkg.dev/myproject-b/gcr.io/app:v1"
	w.Workload.Value.Images = model.ImagesOf(gcrImage, same, otherImage)
	w.image(same)
	w.image(otherImage)
	w.Redirections[projectB] = model.Known(false)
	w.expect(t, map[string]model.Verdict{"image": model.Missing, "image#2": model.Granted, "pull": model.Missing, "pull#2": model.Missing})
	if _, ok := model.Diagnose(w.Situation).CheckByID("pull#3"); ok {
		t.Errorf("one repository has two pulls")
	}
}

// Download rules can refuse what IAM allows (iam-facts 4.5): said next to the verdicts, which they leave alone.
func TestDownloadRules(t *testing.T) {
	const shows = "gcloud artifacts rules list --repository=myrepo --location=asia-northeast1 --project=myproject-b"
	deny, allow := model.DownloadRule{ID: "d", Action: "DENY"}, model.DownloadRule{ID: "a", Action: "ALLOW"}
	for name, c := range map[string]struct {
		fact model.Fact[[]model.DownloadRule]
		want string
	}{
		"none":   {model.Known([]model.DownloadRule{}), ""},
		"unread": {model.Unread[[]model.DownloadRule](model.Gap{Need: "artifactregistry.rules.list", Reason: "forbidden"}), ""},
		"one":    {model.Known([]model.DownloadRule{deny}), "1 download rule (DENY)"},
		"two":    {model.Known([]model.DownloadRule{deny, allow}), "2 download rules (1 of them DENY)"},
		"allow":  {model.Known([]model.DownloadRule{allow}), "1 download rule (ALLOW)"},
	} {
		t.Run(name, func(t *testing.T) {
			w := article()
			w.bind(repository, reader, agent)
			w.Rules[repository] = c.fact
			d := model.Diagnose(w.Situation)
			if d.Verdict != model.Granted || d.Pending() {
				t.Errorf("%s: the verdict is %s, pending: %t", name, d.Verdict, d.Pending())
			}
			pull, _ := d.CheckByID("pull")
			if len(pull.Gaps) != 0 {
				t.Errorf("%s: pull has the gaps %v", name, pull.Gaps)
			}
			if c.want == "" && len(d.Observations) != 0 {
				t.Errorf("%s: said is %v", name, d.Observations)
			}
			if c.want != "" && (len(d.Observations) != 1 || !strings.Contains(d.Observations[0].Text, c.want) || d.Observations[0].Command != shows) {
				t.Errorf("%s: said is %v", name, d.Observations)
			}
		})
	}
	w := withImages("nginx")
	if wants := model.Wants(w.Situation, model.PlanOptions{}); len(wants) != 0 {
		t.Errorf("for Docker Hub, wanted are %v", wants)
	}
}

// Google's pages differ on who needs token creator on an account of another project: the agent is checked, the deployer
// only told (iam-facts 5, item 4).
func TestTokenCreatorForTheDeployerIsAdvice(t *testing.T) {
	advises := func(c model.Check) bool { return strings.Contains(strings.Join(c.Advice, " "), tokenCreator) }
	w := runnerElsewhere()
	c := w.check(t, "act-as")
	if c.Verdict != model.Granted || !advises(c) || !strings.Contains(strings.Join(c.Advice, " "), "--member="+string(dev)) {
		t.Errorf("act-as is %s with the advice %q", c.Verdict, c.Advice)
	}
	if steps := model.PlanFor(w.Situation, model.Diagnose(w.Situation), model.PlanOptions{}).Steps; len(steps) != 1 {
		t.Errorf("the plan has %d steps, want only pull's", len(steps))
	}
	w.Constraints[projectC] = model.Known(true)
	if advises(w.check(t, "act-as")) {
		t.Errorf("the advice stands although the constraint is in the way")
	}
	if advises(article().check(t, "act-as")) {
		t.Errorf("the advice stands although the account is at home")
	}
}

// The default account may have been deleted or disabled (iam-facts 1.5); an agent that is not there gets no grant before
// it is made, and making it grants nothing (iam-facts 1.3).
func TestDefaultAccountAndAgentThatAreNotThere(t *testing.T) {
	for name, c := range map[string]struct {
		account model.Fact[model.Account]
		advice  string
		actAs   model.Verdict
	}{
		"deleted":  {model.Absent[model.Account](), "--service-account", model.Missing},
		"disabled": {model.Known(model.Account{Email: computeEmail, Disabled: true}), "gcloud iam service-accounts enable " + computeEmail, model.Granted},
	} {
		t.Run(name, func(t *testing.T) {
			w := article()
			w.Workload.Value.ServiceAccount = ""
			w.Accounts[compute] = c.account
			got := w.check(t, "runtime-account")
			if got.Verdict != model.Missing || !strings.Contains(strings.Join(got.Advice, " "), c.advice) {
				t.Errorf("%s: runtime-account is %s with the advice %q", name, got.Verdict, got.Advice)
			}
			w.expect(t, map[string]model.Verdict{"act-as": c.actAs})
		})
	}
	w := article()
	w.unbind(projectA, agent)
	var got []string
	for _, s := range model.PlanFor(w.Situation, model.Diagnose(w.Situation), model.PlanOptions{}).Steps {
		got = append(got, strings.Join(append([]string{string(s.Kind), s.Role}, s.After...), " "))
	}
	if want := []string{"create-agent ", "grant roles/run.serviceAgent 1", "grant roles/artifactregistry.reader 1 2"}; !slices.Equal(got, want) {
		t.Errorf("the steps are %q, want %q", got, want)
	}
}

// The new facts are kept in a file like the others.
func TestJSONOfTheHarderShapes(t *testing.T) {
	w := withGCRImage()
	w.Rules[gcrRepository] = model.Known([]model.DownloadRule{{ID: "d", Action: "DENY", Package: "app"}})
	w.Redirections[projectB] = model.Known(false)
	w.Ancestry["myproject-a"] = noOrgAncestry
	w.DomainRestrictions[projectB] = model.Known([]model.DomainRestriction{{Constraint: model.DomainsConstraint, Allowed: []string{"C0abc"}}})
	text, err := json.Marshal(w.Situation)
	if err != nil {
		t.Fatal(err)
	}
	var again model.Situation
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	ask := func(s model.Situation) any {
		d := model.Diagnose(s)
		return []any{jsonObject(t, d), jsonObject(t, model.PlanFor(s, d, model.PlanOptions{}))}
	}
	if before, after := ask(w.Situation), ask(again); !reflect.DeepEqual(before, after) || !strings.Contains(string(text), `"sharing"`) {
		t.Errorf("it was\n%v\nand is\n%v", before, after)
	}
}
