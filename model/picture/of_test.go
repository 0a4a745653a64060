package picture_test

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"whopulls/model"
	"whopulls/model/garble"
	"whopulls/model/picture"
)

// crossing is a service that runs images of two projects as an account of a third one. The first image's role stands on a
// folder, the second repository is public, and the agent may not use the account.
func crossing(t testing.TB) model.Situation {
	t.Helper()
	data, err := os.ReadFile("testdata/crossing.json")
	if err != nil {
		t.Fatal(err)
	}
	var s model.Situation
	if err := json.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	s.ReadingDone = true
	return s
}

func of(s model.Situation) picture.Picture { return picture.Of(s, model.Diagnose(s)) }

// outline says in one line a place what stands where.
func outline(p picture.Picture) (all []string) {
	for _, place := range p.Places {
		var rungs []string
		for _, r := range place.Rungs {
			rung := string(r.Kind) + " " + r.Name
			for _, h := range r.Holders {
				rung += fmt.Sprintf(" (%s to %s, public %t)", h.Role, h.Identity, h.Public)
			}
			for _, l := range r.Images {
				rung += " [" + l.Label + "]"
			}
			rungs = append(rungs, rung)
		}
		all = append(all, fmt.Sprintf("%s %s %s: %s", place.Letter, place.Kind, place.Name, strings.Join(rungs, ", ")))
	}
	return all
}

func TestPlaces(t *testing.T) {
	withImages := func(images ...string) func(*model.Situation) {
		return func(s *model.Situation) { s.Workload.Value.Images = model.ImagesOf(images...) }
	}
	const (
		ladderB  = "organization example.com, folder apps (artifactregistry.reader to puller, public false), project myproject-b, repository myrepo (artifactregistry.reader to deployer, public false)"
		accountD = "organization example.com, folder apps, project shared-identities, service account web@shared-identities.iam.gserviceaccount.com"
	)
	for _, test := range []struct {
		name   string
		change func(*model.Situation)
		want   []string
	}{
		{"two sources and a third project", func(*model.Situation) {}, []string{
			"B source project myproject-b: " + ladderB + " [web:latest]",
			"C source project open-images: organization example.com, project open-images, repository pub (artifactregistry.reader to , public true) [envoy:v1]",
			"D third project shared-identities: " + accountD}},
		{"two images of one repository", withImages("asia-northeast1-docker.pkg.dev/myproject-b/myrepo/web:latest", "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/side:v1"), []string{
			"B source project myproject-b: " + ladderB + " [web:latest] [side:v1]",
			"C third project shared-identities: " + accountD}},
		{"the runtime account lives where the image does", func(s *model.Situation) {
			withImages("asia-northeast1-docker.pkg.dev/shared-identities/apps/web:v1")(s)
		}, []string{"B source project shared-identities: organization example.com, folder apps (artifactregistry.reader to puller, public false), project shared-identities, repository apps [web:v1], service account web@shared-identities.iam.gserviceaccount.com"}},
		{"outside Artifact Registry", withImages("docker.io/library/nginx:1.27"), []string{
			"B outside Artifact Registry docker.io: repository  [library/nginx:1.27]", "C third project shared-identities: " + accountD}},
		{"no third project", func(s *model.Situation) {
			withImages("docker.io/library/nginx:1.27")(s)
			s.Workload.Value.ServiceAccount = "web@myproject-a.iam.gserviceaccount.com"
		}, []string{"B outside Artifact Registry docker.io: repository  [library/nginx:1.27]"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := crossing(t)
			test.change(&s)
			if got := outline(of(s)); !slices.Equal(got, test.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// A granted line claims the level of its binding, and never one below it.
func TestWhere(t *testing.T) {
	p := of(crossing(t))
	for check, want := range map[string]string{
		model.CheckDeploy: "run.developer, project, stays", model.CheckAgent: "run.serviceAgent, project, stays",
		model.CheckPull: "artifactregistry.reader, ↑ folder apps, B folder", "pull#2": "artifactregistry.reader, ! public, C repository",
		model.CheckReadImage: "artifactregistry.reader, repository, B repository", model.CheckRunAs: ", , D service account",
		model.CheckRunAPI: ", , stays",
	} {
		t.Run(check, func(t *testing.T) {
			l, ok := p.Line(check)
			reach := "stays"
			if l.Place != picture.None {
				reach = p.Places[l.Place].Letter + " " + string(p.Places[l.Place].Rungs[l.Rung].Kind)
			}
			if got := l.Role + ", " + l.Where.String() + ", " + reach; !ok || got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

// Every check of a diagnosis is one line of its picture, whatever was read.
func TestEachCheckIsOneLine(t *testing.T) {
	full := crossing(t)
	for name, s := range map[string]model.Situation{
		"all read":     full,
		"nothing read": {Question: full.Question},
		"no policies":  func() model.Situation { s := crossing(t); s.Policies = nil; return s }(),
		"no ancestry":  func() model.Situation { s := crossing(t); s.Ancestry = nil; return s }(),
		"no workload":  {Question: model.Question{Project: "myproject-a"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := model.Diagnose(s)
			var checks, lines []string
			for _, c := range d.Checks {
				checks = append(checks, c.ID)
			}
			for l := range picture.Of(s, d).Lines() {
				lines = append(lines, l.Check.ID)
			}
			slices.Sort(checks)
			slices.Sort(lines)
			if !slices.Equal(checks, lines) {
				t.Errorf("checks %v, lines %v", checks, lines)
			}
		})
	}
}

// What stands for an image is the same when every sentence is nonsense.
func TestImagesAreFoundByNoSentence(t *testing.T) {
	image := "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/web:latest"
	repository := model.RepositoryName{Project: "myproject-b", Location: "asia-northeast1", ID: "myrepo"}.Resource()
	for name, change := range map[string]func(*model.Situation){
		"there":         func(*model.Situation) {},
		"not pushed":    func(s *model.Situation) { s.Images[image] = model.Absent[model.ImageFact]() },
		"no repository": func(s *model.Situation) { s.Repositories[repository] = model.Absent[model.Repository]() },
	} {
		t.Run(name, func(t *testing.T) {
			s := crossing(t)
			change(&s)
			findings := func(d model.Diagnosis) (all []string) {
				for _, place := range picture.Of(s, d).Places {
					for _, r := range place.Rungs {
						for _, l := range r.Images {
							all = append(all, l.Finding)
						}
					}
				}
				return all
			}
			d := model.Diagnose(s)
			plain, garbled := findings(d), findings(garble.Sentences(d))
			if !slices.Equal(plain, garbled) || len(plain) == 0 {
				t.Errorf("%q, with nonsense for sentences %q", plain, garbled)
			}
		})
	}
}

// A line names the role of its binding where a test of one's own says the same.
func TestABindingSaysMoreThanATest(t *testing.T) {
	s := crossing(t)
	d := model.Diagnose(s)
	for i, c := range d.Checks {
		if c.ID == model.CheckReadImage {
			d.Checks[i].Evidence = append([]model.Evidence{{Resource: c.Resource, Source: model.SourceTest}}, c.Evidence...)
		}
	}
	if l, _ := picture.Of(s, d).Line(model.CheckReadImage); l.Role != "artifactregistry.reader" || l.Where.String() != "repository" || l.Finding != "" {
		t.Errorf("%q at %q, %q", l.Role, l.Where, l.Finding)
	}
}
