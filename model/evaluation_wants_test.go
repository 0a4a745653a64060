package model_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"whopulls/model"
)

// copyFact copies a fact from the pretend cloud; what the cloud does not hold could not be read.
func copyFact[K comparable, T any](to *map[K]model.Fact[T], from map[K]model.Fact[T], key K) {
	if *to == nil {
		*to = map[K]model.Fact[T]{}
	}
	fact := from[key]
	if fact.State == model.FactUnasked {
		fact = model.Unread[T](gap("nothing is known about it"))
	}
	(*to)[key] = fact
}

// answerWant reads what is wanted from the pretend cloud; false for a kind that it does not know.
func (w *fixture) answerWant(s *model.Situation, want model.Want) bool {
	r := want.Resource
	switch want.Kind {
	case model.WantCaller:
		s.Caller = w.Caller
	case model.WantWorkload:
		s.Workload = w.Workload
	case model.WantProject:
		copyFact(&s.Projects, w.Projects, want.Project)
	case model.WantAncestry:
		copyFact(&s.Ancestry, w.Ancestry, want.Project)
	case model.WantImage:
		copyFact(&s.Images, w.Images, want.Image.String())
	case model.WantAnonymous:
		if w.Anonymous[want.Image.String()].State == model.FactUnasked {
			w.anonymous(want.Image.String(), model.Unread[model.ImageFact](model.Gap{}))
		}
		copyFact(&s.Anonymous, w.Anonymous, want.Image.String())
	case model.WantRole:
		copyFact(&s.Roles, w.Roles, want.Role)
	case model.WantOpinion:
		a := want.Access
		if w.Opinions[a].State == model.FactUnasked {
			w.opinion(a.Principal, a.Permission, a.Resource, model.Unread[model.SecondOpinion](model.Gap{}))
		}
		copyFact(&s.Opinions, w.Opinions, a)
	case model.WantTest:
		copyFact(&s.Tested, w.Tested, model.TestKey{Resource: r, Permission: want.Permission})
	default:
		return w.answerResourceWant(s, want.Kind, r)
	}
	return true
}

// answerResourceWant answers the wants whose key is a resource.
func (w *fixture) answerResourceWant(s *model.Situation, kind model.WantKind, r model.Resource) bool {
	switch kind {
	case model.WantAPI:
		copyFact(&s.APIs, w.APIs, r)
	case model.WantRepository:
		copyFact(&s.Repositories, w.Repositories, r)
	case model.WantAccount:
		copyFact(&s.Accounts, w.Accounts, r)
	case model.WantPolicy:
		copyFact(&s.Policies, w.Policies, r)
	case model.WantConstraint:
		copyFact(&s.Constraints, w.Constraints, r)
	case model.WantDeny:
		copyFact(&s.Denies, w.Denies, r)
	case model.WantRules:
		copyFact(&s.Rules, w.Rules, r)
	case model.WantRedirect:
		copyFact(&s.Redirections, w.Redirections, r)
	case model.WantDomainRestrictions:
		copyFact(&s.DomainRestrictions, w.DomainRestrictions, r)
	default:
		return false
	}
	return true
}

// questionOnly starts with nothing but the question.
func (w *fixture) questionOnly() model.Situation {
	return model.Situation{Question: w.Question, Time: w.Time}
}

// fataler is what *testing.T and *rapid.T have in common here.
type fataler interface{ Fatalf(string, ...any) }

// readAll answers wants, a choice of them each round, until none is left; each stage sees the situation before a round.
func (w *fixture) readAll(t fataler, o model.PlanOptions, choose func([]model.Want) []model.Want, observe func(model.Situation, []model.Want)) model.Situation {
	s, answered := w.questionOnly(), map[model.Want]bool{}
	for range 2000 {
		wants := model.Wants(s, o)
		observe(s, wants)
		if len(wants) == 0 {
			return s
		}
		for _, want := range choose(wants) {
			if answered[want] {
				t.Fatalf("%v is wanted although it was answered", want)
			}
			if answered[want] = true; !w.answerWant(&s, want) {
				t.Fatalf("%v is of no kind that a reader knows", want)
			}
		}
	}
	t.Fatalf("the wants come to no end")
	return s
}

// parsed is an image that is written as a reference.
func parsed(reference string) model.Image {
	image, err := model.ParseImage(reference)
	if err != nil {
		panic(err)
	}
	return image
}

func allWants(wants []model.Want) []model.Want { return wants }

// isPlanOnly tells a want that no check depends on: whether the caller may make a change.
func isPlanOnly(want model.Want) bool {
	p := string(want.Permission)
	return want.Kind == model.WantDomainRestrictions || want.Kind == model.WantTest && (strings.HasSuffix(p, "IamPolicy") || p == "serviceusage.services.enable")
}

func TestWantsReadTheArticle(t *testing.T) {
	w := article()
	s := w.readAll(t, model.PlanOptions{}, allWants, func(s model.Situation, wants []model.Want) {
		open := slices.ContainsFunc(wants, func(want model.Want) bool { return !isPlanOnly(want) })
		if d := model.Diagnose(s); d.Pending() != open {
			t.Errorf("pending is %t while %v is wanted", d.Pending(), wants)
		}
	})
	d := model.Diagnose(s)
	want := model.Diagnose(w.Situation)
	if d.Pending() || d.Verdict != want.Verdict || len(d.Checks) != len(want.Checks) {
		t.Errorf("read step by step it is %s (pending: %t), at once %s", d.Verdict, d.Pending(), want.Verdict)
	}
	plan := model.PlanFor(s, d, model.PlanOptions{})
	if len(plan.Steps) != 1 || plan.Steps[0].Allowed == nil || !*plan.Steps[0].Allowed {
		t.Errorf("the plan is %+v", plan.Steps)
	}
}

func TestWantsStartFromTheQuestion(t *testing.T) {
	wants := model.Wants(article().questionOnly(), model.PlanOptions{})
	for _, want := range []model.Want{{Kind: model.WantCaller}, {Kind: model.WantWorkload}, {Kind: model.WantProject, Project: "myproject-a"},
		{Kind: model.WantAPI, Resource: runAPI}} {
		t.Run(string(want.Kind), func(t *testing.T) {
			if !slices.Contains(wants, want) {
				t.Errorf("%v is not among the first wants: %v", want, wants)
			}
		})
	}
	if again := model.Wants(article().questionOnly(), model.PlanOptions{}); !slices.Equal(wants, again) {
		t.Errorf("the order of the wants is not fixed: %v, %v", wants, again)
	}
}

func TestWantsOfAFullSituation(t *testing.T) {
	w := article()
	if wants := model.Wants(w.Situation, model.PlanOptions{}); len(wants) != 0 {
		t.Errorf("with everything read, these are wanted: %v", wants)
	}
	w.unbind(repository, dev)
	w.Question.Image = model.ImageOf(otherImage)
	wants := model.Wants(w.Situation, model.PlanOptions{})
	if !slices.Equal(wants, []model.Want{{Kind: model.WantImage, Image: parsed(otherImage + ":latest")}}) {
		t.Errorf("for another image these are wanted: %v", wants)
	}
}

// A deny policy is read at most once for each level (iam-facts 6.3: five reads a minute).
func TestWantsAskEachDenyOnce(t *testing.T) {
	asked := map[model.Want]int{}
	article().readAll(t, model.PlanOptions{}, allWants, func(_ model.Situation, wants []model.Want) {
		for _, want := range wants {
			if want.Kind == model.WantDeny {
				asked[want]++
			}
		}
	})
	for want, times := range asked {
		if times > 1 {
			t.Errorf("%v is wanted %d times", want, times)
		}
	}
	if len(asked) != 4 {
		t.Errorf("the deny policies of %v are wanted, want those of both projects, the folder and the organization", asked)
	}
}

// anyQuestion varies what is asked, and what the cloud shows of it.
func anyQuestion(t *rapid.T) *fixture {
	w := withSomeHidden(t, anyWorld(t))
	w.makeVirtual(rapid.SampledFrom([]string{"STANDARD_REPOSITORY", model.ModeVirtual, model.ModeRemote}).Draw(t, "mode"))
	if rapid.Bool().Draw(t, "nested") {
		w.nestUpstream()
	}
	w.Rules[repository] = model.Known(make([]model.DownloadRule, rapid.IntRange(0, 2).Draw(t, "download rules")))
	w.Redirections[projectB] = model.Known(rapid.Bool().Draw(t, "redirection"))
	w.Question.Image = model.ImageOf(rapid.SampledFrom([]string{"", otherImage, "nginx", "ghcr.io/acme/web", gcrImage}).Draw(t, "image"))
	w.Question.ServiceAccount = rapid.SampledFrom([]string{"", farEmail, computeEmail}).Draw(t, "account")
	w.Question.Deployer = rapid.SampledFrom([]model.Member{"", dev, "user:eve@example.com"}).Draw(t, "deployer")
	switch rapid.IntRange(0, 5).Draw(t, "workload") {
	case 0:
		w.Question.Workload, w.Workload = nil, model.Fact[model.Workload]{}
	case 1:
		w.Workload = model.Absent[model.Workload]()
	case 2:
		w.Workload = model.Unread[model.Workload](gap("forbidden"))
	}
	w.hideSome(t)
	return w
}

func (w *fixture) hideSome(t *rapid.T) {
	hides := func(what string) bool { return rapid.IntRange(0, 6).Draw(t, "hide "+what) == 0 }
	if hides("caller") {
		w.Caller = model.Unread[model.Member](gap("forbidden"))
	}
	if hides("project") {
		w.Projects["myproject-a"] = model.Unread[model.Project](gap("forbidden"))
	}
	if hides("account") {
		w.Accounts[farAccount] = model.Absent[model.Account]()
	}
	if hides("repository") {
		w.Repositories[repository] = model.Absent[model.Repository]()
	}
	if hides("tests") {
		w.hideTests(download, actAs, jobsCreate, jobsUpdate, svcCreate)
	}
}

// anyOf draws a choice of what is wanted, never nothing.
func anyOf(t *rapid.T) func([]model.Want) []model.Want {
	return func(wants []model.Want) []model.Want {
		some := rapid.Permutation(wants).Draw(t, "order")
		return some[:rapid.IntRange(1, len(some)).Draw(t, "answers")]
	}
}

func TestWantsComeToAnEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := anyQuestion(t)
		o := model.PlanOptions{Scope: rapid.SampledFrom([]model.Scope{"", model.ScopeProject}).Draw(t, "scope")}
		s := w.readAll(t, o, anyOf(t), func(s model.Situation, wants []model.Want) {
			if model.Diagnose(s).Pending() && len(wants) == 0 {
				t.Fatalf("the diagnosis is pending and nothing is wanted")
			}
		})
		if d := model.Diagnose(s); d.Pending() {
			t.Fatalf("nothing is wanted and the diagnosis is pending: %+v", d.Checks)
		}
	})
}

// What isn't pending is final: no fact that is still wanted may turn a verdict that was shown.
func TestVerdictsThatAreNotPendingAreFinal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := anyQuestion(t)
		shown := map[string]model.Verdict{}
		s := w.readAll(t, model.PlanOptions{}, anyOf(t), func(s model.Situation, _ []model.Want) {
			for _, c := range model.Diagnose(s).Checks {
				if !c.Pending() {
					shown[c.ID] = c.Verdict
				}
				if before := shown[c.ID]; before != "" && before != c.Verdict {
					t.Fatalf("%s was shown as %s and is %s", c.ID, before, c.Verdict)
				}
			}
		})
		for id := range shown {
			if _, ok := model.Diagnose(s).CheckByID(id); !ok {
				t.Fatalf("%s was shown and is gone", id)
			}
		}
	})
}

// A diagnosis that isn't pending is the last word: what is still wanted then changes nothing of it, evidence included.
func TestADiagnosisThatIsNotPendingIsComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var shown []model.Diagnosis
		var left [][]model.Want
		s := anyQuestion(t).readAll(t, model.PlanOptions{}, anyOf(t), func(s model.Situation, wants []model.Want) {
			if d := model.Diagnose(s); !d.Pending() {
				shown, left = append(shown, d), append(left, wants)
			}
		})
		end := diagnosisJSON(t, model.Diagnose(s))
		for i, d := range shown {
			if now := diagnosisJSON(t, d); now != end {
				t.Fatalf("not pending while %v were wanted, the diagnosis was\n%s\nand is\n%s", left[i], now, end)
			}
		}
	})
}

// A role that only a near miss depends on is waited for: the diagnosis would say more once it is read.
func TestNearMissesAreAwaited(t *testing.T) {
	w := withoutGrants()
	w.bind(projectB, "projects/myproject-b/roles/puller", web)
	delete(w.Roles, "projects/myproject-b/roles/puller")
	if d := model.Diagnose(w.Situation); !d.Pending() {
		t.Error("the role of the runner is not read yet, and nothing waits for it")
	}
	w.Roles["projects/myproject-b/roles/puller"] = model.Unread[model.Role](model.Gap{Reason: "not allowed"})
	if d := model.Diagnose(w.Situation); d.Pending() {
		t.Error("the role can't be read, and something waits for it")
	}
}

// diagnosisJSON is the diagnosis as JSON, but for the digests, which are shown and decide nothing.
func diagnosisJSON(t fataler, d model.Diagnosis) string {
	d.Images = nil
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return string(text)
}
