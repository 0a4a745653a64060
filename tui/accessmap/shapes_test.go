package accessmap

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"whopulls/model"
	"whopulls/test/golden"
	"whopulls/text/signs"
	"whopulls/tui/ui"
)

// crossingCase is a service with images of two projects and an account of a third one (the testdata of the picture).
func crossingCase(t testing.TB) model.Situation {
	t.Helper()
	data, err := os.ReadFile("../../model/picture/testdata/crossing.json")
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

const (
	webImage, envoyImage = "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/web:latest", "asia-northeast1-docker.pkg.dev/open-images/pub/envoy:v1"
	ownAccount           = "web@myproject-a.iam.gserviceaccount.com"
)

var (
	theirAccount = model.AccountResource("shared-identities", "web@shared-identities.iam.gserviceaccount.com")
	puller       = model.RunServiceAgent("111111111111")
	myrepo       = model.RepositoryName{Project: "myproject-b", Location: "asia-northeast1", ID: "myrepo"}
)

// grant adds a binding to a policy.
func grant(s *model.Situation, on model.Resource, role string, members ...model.Member) {
	p := s.Policies[on].Value
	p.Bindings = append(p.Bindings, model.Binding{Role: role, Members: members})
	s.Policies[on] = model.Known(p)
}

// addRepository adds a repository that was read.
func addRepository(s *model.Situation, name model.RepositoryName, mode string, upstreams ...model.RepositoryName) {
	s.Repositories[name.Resource()] = model.Known(model.Repository{Name: name, Format: "DOCKER", Mode: mode, Upstreams: upstreams})
	s.Policies[name.Resource()] = model.Known(model.Policy{})
}

// shapes are the maps that differ in what they hold, by what is changed in the crossing one.
var shapes = map[string]func(s *model.Situation){
	"crossing": func(*model.Situation) {},
	"granted": func(s *model.Situation) {
		grant(s, theirAccount, "roles/iam.serviceAccountTokenCreator", puller)
		s.Constraints[model.ProjectResource("shared-identities")] = model.Known(false)
	},
	"inherited": func(s *model.Situation) {
		s.Workload.Value.Images, s.Workload.Value.ServiceAccount = model.ImagesOf(webImage), ownAccount
	},
	"public": func(s *model.Situation) {
		s.Workload.Value.Images, s.Workload.Value.ServiceAccount = model.ImagesOf(envoyImage), ownAccount
	},
	"missing": func(s *model.Situation) {
		s.Workload.Value.Images, s.Workload.Value.ServiceAccount = model.ImagesOf(webImage), ownAccount
		s.Policies["//cloudresourcemanager.googleapis.com/folders/200000000001"] = model.Known(model.Policy{})
	},
	"upstreams": func(s *model.Situation) {
		mirror := model.RepositoryName{Project: "open-images", Location: "asia-northeast1", ID: "pub"}
		all := model.RepositoryName{Project: "myproject-b", Location: "asia-northeast1", ID: "all-images"}
		addRepository(s, all, model.ModeVirtual, myrepo, mirror)
		s.Workload.Value.Images, s.Workload.Value.ServiceAccount = model.ImagesOf("asia-northeast1-docker.pkg.dev/myproject-b/all-images/web:latest"), ownAccount
	},
	"several": func(s *model.Situation) {
		addRepository(s, model.RepositoryName{Project: "myproject-b", Location: "europe-west1", ID: "sidecars"}, "STANDARD_REPOSITORY")
		s.Workload.Value.Images = model.ImagesOf(webImage, "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/proxy:v2",
			"europe-west1-docker.pkg.dev/myproject-b/sidecars/metrics-exporter:2026-11-30", "docker.io/library/nginx:1.27")
	},
	"agent identity": func(s *model.Situation) {
		w := &s.Workload.Value
		w.AgentIdentity, w.ServiceAccount, w.Images = true, "", model.ImagesOf(webImage)
	},
	"CJK": func(s *model.Situation) {
		for _, project := range []string{"myproject-a", "myproject-b"} {
			for i := range s.Ancestry[project].Value {
				if l := &s.Ancestry[project].Value[i]; l.Name == "apps" {
					l.Name = "社内システム開発部門"
				}
			}
		}
		s.Workload.Value.ServiceAccount = ownAccount
	},
	"unread": func(s *model.Situation) { *s = model.Situation{Question: s.Question} },
}

// mapOf is the screen of a situation.
func mapOf(s model.Situation, theme ui.Theme) *Screen {
	m := &Screen{Session: &ui.Session{Styles: ui.NewStyles(theme), Keys: ui.Keys{}}, situation: s, question: s.Question}
	m.diagnose()
	return m
}

func plainView(m *Screen, width, height int) string {
	drawn, _ := ui.ReadMarks(m.View(width, height))
	return ansi.Strip(drawn)
}

// A window has a row for the title and one for the keys.
const aroundScreen = 2

// Each shape of the map in four windows.
func TestShapes(t *testing.T) {
	for name, change := range shapes {
		t.Run(name, func(t *testing.T) {
			s := crossingCase(t)
			change(&s)
			var all strings.Builder
			for _, size := range [][2]int{{80, 24}, {110, 36}, {127, 36}, {200, 50}} {
				fmt.Fprintf(&all, "%dx%d\n%s\n\n", size[0], size[1], plainView(mapOf(s, ui.ThemeDark), size[0], size[1]-aroundScreen))
			}
			golden.Compare(t, "shape-"+strings.ReplaceAll(name, " ", "-")+".golden", all.String())
		})
	}
	t.Run("crossing in ASCII", func(t *testing.T) {
		m := mapOf(crossingCase(t), ui.ThemeMono)
		m.Styles.Signs = signs.ASCII
		golden.Compare(t, "shape-ascii.golden", m.Styles.Signs.Picture(plainView(m, 127, 34)+"\n\n"+plainView(m, 80, 22)))
	})
}
