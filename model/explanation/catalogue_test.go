package explanation

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"whopulls/model"
	"whopulls/model/words"
)

const (
	maxWords = 12 // of an English sentence
	maxRunes = 60 // of a Japanese one
)

// sample has a value in each place, as long as people have them: a noun and its name.
func sample() values {
	return values{Consumer: name("myproject-a"), Who: unnamed(nounAgent), Role: name(model.RoleReader), Place: resourceText(repository, nil), Target: resourceText(repository, nil),
		Where: resourceText(account, nil), Account: name("runner@myproject-c.iam.gserviceaccount.com"), Image: name("myjob:latest"),
		Workload: resourceText("//run.googleapis.com/projects/p/locations/l/workerPools/w", nil), Need: name("artifactregistry.repositories.getIamPolicy"),
		Member: name("dev@example.com"), Count: name("3")}
}

const (
	repository model.Resource = "//artifactregistry.googleapis.com/projects/myproject-b/locations/asia-northeast1/repositories/myrepo"
	account    model.Resource = "//iam.googleapis.com/projects/myproject-c/serviceAccounts/runner@myproject-c.iam.gserviceaccount.com"
)

// everyClaim are all sentences of the catalogue, by where they stand.
func everyClaim() map[string][]claim {
	all := map[string][]claim{"around": {repeatIt, askForIt, makeItFirst, checkOwner, usedBy, usedByMore, undoIt, memberRole},
		"changes":    {changeGrants, changeRevokes, changeEnables, changeCreates, changeMayStay, changeUnnamed, roleDecides, recordedAlways, isGranted, deployAgain, isDone},
		"members":    slices.Concat(memberDeleted, memberEverybody, memberAgent, memberAccount, memberOther),
		"not judged": slices.Concat(notJudged.why, notJudged.advice)}
	for id, of := range catalogue {
		all["check "+id] = slices.Concat(of.what, of.why, of.remedy)
	}
	for ground, of := range grounds {
		all["ground "+string(ground)] = slices.Concat(of.found, of.advice)
	}
	for status, of := range bindingCatalogue {
		all["binding "+string(status)] = slices.Concat(of.why, of.advice)
	}
	for kind, of := range places {
		all["place "+string(kind)] = slices.Concat(of.what, of.why, of.do)
	}
	for fate, claims := range fates {
		all["fate "+string(fate)] = claims
	}
	for role, of := range roleCatalogue {
		all["role "+role] = []claim{of.gives}
	}
	for identity, of := range lanes {
		all["lane "+string(identity)] = slices.Concat(of.what, of.why, laneDone)
	}
	return all
}

// Each sentence is short in both languages, names the same facts, has its source, and names no flag.
func TestEverySentenceOfTheCatalogue(t *testing.T) {
	for where, claims := range everyClaim() {
		t.Run(where, func(t *testing.T) {
			for _, c := range claims {
				if err := c.Validate(); err != nil {
					t.Error(err)
				}
				assertSource(t, c)
				for _, language := range words.Languages {
					assertPlain(t, c.With(sample()).Render(language), language)
				}
			}
		})
	}
}

func assertSource(t *testing.T, c claim) {
	t.Helper()
	if c.source != Here && c.source != NotDocumented && (c.source.Title == "" || !strings.HasPrefix(c.source.URL, "https://docs.cloud.google.com/")) {
		t.Errorf("%q rests on %+v", c.EN, c.source)
	}
}

var sentenceEnd = regexp.MustCompile(`[.?!](?: |$)|。`)

func assertPlain(t *testing.T, text string, language words.Language) {
	t.Helper()
	if n := len(sentenceEnd.FindAllString(text, -1)); language == words.English && n != 1 || n == 0 {
		t.Errorf("%q is not one sentence", text)
	}
	if strings.Contains(text, "--") || strings.ContainsAny(text, "{}`") {
		t.Errorf("%q names a flag, or has a brace", text)
	}
	if n := len(strings.Fields(text)); language == words.English && n > maxWords {
		t.Errorf("%d words: %q", n, text)
	}
}

// Without its names a Japanese text is short too.
func TestJapaneseSentencesAreShort(t *testing.T) {
	place := regexp.MustCompile(`\{\w+\}`)
	for where, claims := range everyClaim() {
		t.Run(where, func(t *testing.T) {
			for _, c := range claims {
				if n := utf8.RuneCountInString(place.ReplaceAllString(c.JA, "名前")); n > maxRunes {
					t.Errorf("%d characters: %q", n, c.JA)
				}
			}
		})
	}
}

// Every kind of line answers all three questions in both languages, whatever its verdict rests on.
func TestEveryLineIsExplained(t *testing.T) {
	step := &model.Step{Role: model.RoleReader, Resource: repository}
	for _, id := range model.CheckIDs {
		for _, verdict := range []model.Verdict{model.Granted, model.Missing, model.Denied, model.Unknown} {
			for _, ground := range verdict.Grounds() {
				for with, r := range map[string]Remedy{"alone": {}, "with a step": {Step: step}, "to ask for": {Ask: step}, "made": {Step: step, Made: true}} {
					t.Run(fmt.Sprint(id, " ", verdict, " ", ground, " ", with), func(t *testing.T) {
						assertAnswers(t, explain(model.Check{ID: id + "#2", Verdict: verdict}, ground, r, sample()))
					})
				}
			}
		}
	}
}

func assertAnswers(t *testing.T, e Explanation) {
	t.Helper()
	for _, language := range words.Languages {
		sections := e.Sections(language)
		for _, s := range sections {
			if s.Heading == "" || utf8.RuneCountInString(s.Text) < 8 {
				t.Errorf("%s: %+v", language, s)
			}
		}
		if len(sections) != 3 || e.Page(language).URL == "" || e.Page(language).Title == "" {
			t.Errorf("%s: %d sections, and the page %v", language, len(sections), e.Page(language))
		}
	}
}

// The catalogue has each ground that a verdict can have, each check and each status, and nothing else.
func TestTheCatalogueIsWhole(t *testing.T) {
	var possible []model.Ground
	for _, v := range []model.Verdict{model.Granted, model.Missing, model.Denied, model.Unknown} {
		possible = append(possible, v.Grounds()...)
	}
	slices.Sort(possible)
	if got := slices.Sorted(maps.Keys(grounds)); !slices.Equal(got, slices.Compact(possible)) {
		t.Errorf("the grounds are %v, not %v", got, possible)
	}
	checks := slices.Clone(model.CheckIDs[:])
	slices.Sort(checks)
	if got := slices.Sorted(maps.Keys(catalogue)); !slices.Equal(got, checks) {
		t.Errorf("the checks are %v, not %v", got, checks)
	}
	if len(bindingCatalogue) != len(model.StaleStatuses) {
		t.Errorf("%d statuses are explained, of %d", len(bindingCatalogue), len(model.StaleStatuses))
	}
}

// Every row of a registry is explained, with a member of each kind.
func TestEveryBindingIsExplained(t *testing.T) {
	for _, status := range model.StaleStatuses {
		for _, member := range []model.Member{"allUsers", "allAuthenticatedUsers", model.RunServiceAgent("111111111111"), "serviceAccount:a@p.iam.gserviceaccount.com",
			"user:dev@example.com", "group:g@example.com", "domain:example.com", "deleted:user:x@example.com?uid=1"} {
			for _, uses := range [][]model.Use{nil, make([]model.Use, 1), make([]model.Use, 3)} {
				t.Run(fmt.Sprint(status, " ", member, " ", len(uses)), func(t *testing.T) {
					assertAnswers(t, OfBinding(model.StaleBinding{Status: status, Member: member, Resource: repository, Role: model.RoleReader, Evidence: uses}, nil, len(uses) > 1))
				})
			}
		}
	}
	assertAnswers(t, OfBinding(model.StaleBinding{Status: model.StaleUnknown, NotJudged: true, Member: "group:g@example.com"}, nil, false))
}

// Every level that the map can draw is explained, and each lane.
func TestEveryPlaceIsExplained(t *testing.T) {
	for _, r := range []model.Resource{repository, account, model.ProjectResource("p"), model.AncestorResource("folders/1"), model.AncestorResource("organizations/1")} {
		t.Run(string(r.Kind()), func(t *testing.T) {
			e, ok := OfPlace(r, nil)
			if assertAnswers(t, e); !ok {
				t.Error("it is not in the catalogue")
			}
		})
	}
	for _, identity := range []model.Identity{model.Deployer, model.Puller, model.Runner} {
		t.Run(string(identity), func(t *testing.T) { assertAnswers(t, OfLane(model.Diagnosis{}, identity)) })
	}
	if _, ok := OfPlace(model.APIResource("p", model.RunService), nil); ok {
		t.Error("an API has no roles")
	}
}

// Every change that the journal can hold is explained, whatever became of it.
func TestEveryChangeIsExplained(t *testing.T) {
	agent := model.RunServiceAgent("111111111111")
	for name, s := range map[string]model.Step{
		"a grant":                {Kind: model.StepGrant, Role: model.RoleReader, Resource: repository, Member: agent},
		"a removal":              {Kind: model.StepRevoke, Role: "roles/owner", Resource: repository, Member: "user:dev@example.com"},
		"an API":                 {Kind: model.StepEnableAPI, Resource: model.APIResource("myproject-a", model.RunService)},
		"an agent":               {Kind: model.StepCreateAgent, Resource: model.ProjectResource("myproject-a"), Member: agent},
		"of a newer whopulls":    {Kind: "rename"},
		"of a deleted principal": {Kind: model.StepRevoke, Role: model.RoleReader, Member: "deleted:user:x@example.com?uid=1"},
	} {
		for fate := range fates {
			t.Run(name+" "+string(fate), func(t *testing.T) { assertAnswers(t, OfChange(s, "myproject-a", fate)) })
		}
	}
}

// The explanation of a grant names its role, and where that stands.
func TestAGrantIsNamed(t *testing.T) {
	s := model.Step{Kind: model.StepGrant, Role: model.RoleReader, Resource: repository, Member: model.RunServiceAgent("111111111111")}
	for language, want := range map[words.Language]string{
		words.English:  "The change gives it roles/artifactregistry.reader on repository myrepo.",
		words.Japanese: "この変更は、リポジトリ myrepo で roles/artifactregistry.reader を付与します。",
	} {
		t.Run(string(language), func(t *testing.T) {
			if got := OfChange(s, "myproject-a", Planned).Sections(language)[0].Text; !strings.Contains(got, want) {
				t.Errorf("it says %q", got)
			}
		})
	}
}

// What to ask for is named where a permission helps, and nowhere else.
func TestOnlyAPermissionIsAskedFor(t *testing.T) {
	api := model.APIResource("myproject-b", "artifactregistry.googleapis.com")
	for _, test := range []struct {
		name string
		gap  model.Gap
		says string
		asks bool
	}{
		{"not allowed", model.Gap{Resource: repository, Need: "a.b.c", Cause: model.GapForbidden}, "ask for a.b.c on repository myrepo.", true},
		{"the API is off", model.Gap{Resource: repository, Cause: model.GapAPIOff, DisabledAPI: api}, "have API artifactregistry.googleapis.com turned on.", false},
		{"a quota", model.Gap{Cause: model.GapQuota}, "Wait a minute, and refresh.", false},
		{"no connection to a policy", model.Gap{Resource: repository, Need: "a.b.c", Cause: model.GapUnreachable}, "Wait a minute, and refresh.", false},
		{"too large", model.Gap{Cause: model.GapTooLarge}, "The reason on the line says what is in the way.", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := OfCheck(model.Diagnosis{}, model.Check{ID: model.CheckPull, Verdict: model.Unknown, Gaps: []model.Gap{test.gap}}, Remedy{})
			got := e.Sections(words.English)[2].Text
			if !strings.Contains(got, test.says) || strings.Contains(got, "ask for") != test.asks || strings.Contains(got, "group") {
				t.Errorf("it says %q", got)
			}
		})
	}
}
