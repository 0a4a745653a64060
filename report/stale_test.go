package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"whopulls/model"
	"whopulls/test/golden"
	"whopulls/text"
)

var (
	imagesRepository = model.RepositoryName{Project: "source-b", Location: "us", ID: "images"}.Resource()
	baseRepository   = model.RepositoryName{Project: "source-b", Location: "europe-west1", ID: "base"}.Resource()
	sourceProject    = model.ProjectResource("source-b")
	folder           = model.AncestorResource("folders/100")
	readTime         = time.Date(2026, 6, 1, 12, 30, 0, 0, time.FixedZone("", 7200))
)

func newBinding(status model.StaleStatus, member model.Member, owner string, r model.Resource) model.StaleBinding {
	b := model.StaleBinding{Resource: r, Role: model.RoleReader, Member: member, Owner: owner, Status: status, Reason: "It is " + string(status) + "."}
	switch status {
	case model.StaleActive, model.StaleMisplaced, model.StaleExcessive:
		b.Evidence = []model.Use{{Project: owner, Workload: model.WorkloadName{Kind: model.Service, Name: "web", Region: "us-central1"}, Image: "us-docker.pkg.dev/source-b/images/app:v1"}}
	case model.StaleUnknown:
		b.Gaps = []model.Gap{{Resource: model.ProjectResource(owner), Need: model.PermGetProject, Reason: "project " + owner + " could not be read"}}
	}
	b.Removable = !slices.Contains([]model.StaleStatus{model.StaleActive, model.StaleUnknown, model.StalePublic, model.StaleExcessive}, status)
	if status == model.StaleExcessive {
		b.Role, b.Replace = "roles/artifactregistry.writer", model.RoleReader
	}
	if b.Removable || b.Replace != "" {
		b.Gcloud = []string{"gcloud artifacts repositories remove-iam-policy-binding images --location=us --project=source-b '--member=" + string(member) + "'"}
	}
	return b
}

// sampleReport has every status.
func sampleReport() Stale {
	agent := func(status model.StaleStatus, n int, r model.Resource) model.StaleBinding {
		return newBinding(status, model.RunServiceAgent(strconv.Itoa(n)), fmt.Sprintf("consumer-%d", n), r)
	}
	expired := newBinding(model.StaleExpired, "user:temp@example.com", "", sourceProject)
	expired.Condition, expired.Gcloud = &model.Condition{Title: "until May", Expression: `request.time < timestamp("2026-05-01T00:00:00Z")`}, nil
	redundant := agent(model.StaleRedundant, 4, imagesRepository)
	redundant.Higher, redundant.AlsoHolds = &model.Evidence{Resource: sourceProject, Role: model.RoleReader, Member: redundant.Member}, []model.StaleStatus{model.StaleActive}
	unseen := newBinding(model.StaleUnknown, model.RunServiceAgent("777"), "", imagesRepository)
	person := newBinding(model.StaleUnknown, "user:person@example.com", "", folder)
	person.NotJudged, person.Gaps, person.Reason = true, nil, "Whopulls checks Cloud Run service agents only, not people; ask the owner."
	group := person
	group.Member, group.Reason = "group:team@example.com", "Whopulls checks Cloud Run service agents only, not groups; ask the owner."
	return Stale{Scope: imagesRepository, Levels: []model.Ancestor{{Resource: sourceProject}, {Resource: folder, Name: "apps"}}, At: readTime, CloudName: "sandbox crowd", Account: "lead@example.com",
		List: model.StaleList{
			Bindings: []model.StaleBinding{agent(model.StaleActive, 1, imagesRepository), agent(model.StaleIdle, 2, imagesRepository), agent(model.StaleDying, 3, imagesRepository), redundant, agent(model.StaleActive, 4, sourceProject),
				newBinding(model.StaleMisplaced, "serviceAccount:web@team-a.iam.gserviceaccount.com", "team-a", imagesRepository), agent(model.StaleExcessive, 5, imagesRepository),
				newBinding(model.StaleDeleted, "deleted:serviceAccount:service-9@serverless-robot-prod.iam.gserviceaccount.com?uid=9", "", imagesRepository),
				newBinding(model.StaleDeleted, "deleted:user:gone@example.com?uid=10", "", imagesRepository), expired, unseen, person, group, agent(model.StaleIdle, 6, sourceProject),
				newBinding(model.StalePublic, model.AllUsers, "", imagesRepository), newBinding(model.StalePublic, model.AllAuthenticatedUsers, "", folder)},
			Gaps: []model.Gap{{Resource: model.AncestorResource("organizations/1"), Need: "resourcemanager.organizations.getIamPolicy", Reason: "its policy could not be read", Next: "gcloud organizations get-iam-policy 1"}},
		}}
}

// crowdedReport has as many bindings as asked for, on so many repositories.
func crowdedReport(bindings, places int) Stale {
	s := sampleReport()
	s.Scope, s.List = model.AncestorResource("organizations/1"), model.StaleList{}
	statuses := []model.StaleStatus{model.StaleActive, model.StaleActive, model.StaleIdle, model.StaleActive, model.StaleUnknown, model.StaleDeleted, model.StaleActive, model.StaleExcessive, model.StaleDying, model.StalePublic}
	for n := range bindings {
		r := model.RepositoryName{Project: "source-b", Location: "us", ID: fmt.Sprintf("images-%03d", n%places)}.Resource()
		s.List.Bindings = append(s.List.Bindings, newBinding(statuses[n%len(statuses)], model.RunServiceAgent(strconv.Itoa(1000+n)), fmt.Sprintf("team-%d-prod", n), r))
	}
	return s
}

// hostileReport names are what an attacker calls things.
func hostileReport() Stale {
	s := sampleReport()
	for i, name := range []string{"<script>alert(1)</script>", `"onload="alert(1)`, "\u202egnirts\u202c\u2066x", "\u05e2\u05d1\u05e8\u05d9\u05ea", strings.Repeat("x", 300), "=cmd|' /C calc'!A0", "`code` | *b*\n# head",
		"</style><style>*{display:none}", "{{.}}", "]]>-->", "javascript:alert(1)", "a\x00b\x1b[31m"} {
		b := newBinding(model.StaleIdle, model.Member(name), name, imagesRepository)
		b.Reason, b.Role = "Nothing in project "+name+" uses it.", name
		b.Condition = &model.Condition{Title: name, Expression: name}
		s.List.Bindings = append(s.List.Bindings, b)
		if i == 0 {
			s.Account, s.CloudName = name, name
			s.List.Gaps = append(s.List.Gaps, model.Gap{Reason: name, Next: name})
			s.Levels[1].Name = name
		}
	}
	return s
}

func render(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for name, write := range map[string]func(io.Writer) error{
		"stale.csv": sampleReport().CSV, "stale.md": sampleReport().Markdown, "stale.html": sampleReport().HTML,
		"hostile.csv": hostileReport().CSV, "hostile.md": hostileReport().Markdown, "hostile.html": hostileReport().HTML, "many.html": crowdedReport(400, 30).HTML,
	} {
		t.Run(name, func(t *testing.T) {
			got := render(t, write)
			if name != "many.html" {
				golden.Compare(t, name, got)
			}
			if again := render(t, write); again != got {
				t.Errorf("%s is another each time", name)
			}
		})
	}
}

// The order in which bindings were read is nobody's business.
func TestOrderOfReadingDoesNotShow(t *testing.T) {
	s, turned := sampleReport(), sampleReport()
	slices.Reverse(turned.List.Bindings)
	for name, both := range map[string][2]func(io.Writer) error{"CSV": {s.CSV, turned.CSV}, "Markdown": {s.Markdown, turned.Markdown}, "HTML": {s.HTML, turned.HTML}} {
		t.Run(name, func(t *testing.T) {
			if render(t, both[0]) != render(t, both[1]) {
				t.Errorf("%s depends on the order of the bindings", name)
			}
		})
	}
}

func TestCSVIsDefused(t *testing.T) {
	s := hostileReport()
	for _, begins := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1"} {
		b := newBinding(model.StaleIdle, model.Member(begins), begins, imagesRepository)
		b.Role, b.Reason, b.Gcloud = begins, begins, []string{begins}
		s.List.Bindings = append(s.List.Bindings, b)
	}
	text := render(t, s.CSV)
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) != len(s.List.Bindings)+1 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		for i, cell := range row {
			if trimmed := strings.TrimSpace(cell); trimmed != cell || strings.IndexAny(cell, "=+-@\t\r\n＝＋－＠") == 0 {
				t.Errorf("%s: %q", csvHeader[i], cell)
			}
		}
	}
	if !strings.Contains(text, "'=1+1") || strings.Contains(strings.ReplaceAll(text, "\r\n", ""), "\n") {
		t.Error("a cell goes over several lines, or lost what it held")
	}
}

// What commands are pasted from Markdown takes nothing that somebody has to decide on.
func TestMarkdownScriptLeavesDecisions(t *testing.T) {
	text := render(t, sampleReport().Markdown)
	for _, want := range []string{"\n# redundant: each is yours to decide; take the # away\n# gcloud ", "\n# misplaced: each is yours to decide; take the # away\n# gcloud ", "\n# idle\ngcloud "} {
		t.Run(want, func(t *testing.T) {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not there", want)
			}
		})
	}
	if bad := regexp.MustCompile(`(?m)^(?:<|# head|\*b)`).FindString(render(t, hostileReport().Markdown)); bad != "" {
		t.Errorf("a name began a line of its own: %s", bad)
	}
}

// What everybody may read is counted for itself, in words and in the picture, and no command takes it away.
func TestPublicIsToldApart(t *testing.T) {
	for _, c := range []struct {
		name   string
		write  func(io.Writer) error
		wanted []string
	}{
		{"CSV", sampleReport().CSV, []string{"public,public,,allUsers,", "public,public,,allAuthenticatedUsers,"}},
		{"Markdown", sampleReport().Markdown, []string{"| ! public | 2 |", "## Public: 2"}},
		{"HTML", sampleReport().HTML, []string{`<a href="#public" class="public"><b>2</b><i>! public</i></a>`, `class="stroke s-public public" data-bindings="1"`, `<dt class="public">! public</dt>`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := render(t, c.write)
			for _, want := range c.wanted {
				if !strings.Contains(text, want) {
					t.Errorf("%q is not in\n%s", want, text)
				}
			}
		})
	}
	if text := render(t, func(w io.Writer) error { return sampleReport().TerraformRemoved(w, nil) }); strings.Contains(text, "allUsers") {
		t.Errorf("it is to be taken out of Terraform:\n%s", text)
	}
}

// However many bindings there are, the picture stays one that can be followed, and its lines add up to all of them.
func TestPictureAddsUp(t *testing.T) {
	for _, c := range []struct{ bindings, places int }{{1, 1}, {20, 3}, {60, 4}, {61, 4}, {90, 2}, {400, 30}, {5000, 700}, {300, 300}} {
		t.Run(fmt.Sprintf("%d on %d", c.bindings, c.places), func(t *testing.T) {
			s := crowdedReport(c.bindings, c.places)
			p := s.picture()
			sum := 0
			for _, line := range p.Strokes {
				sum += line.Count
			}
			if sum != c.bindings || len(p.Strokes) > maxEdges {
				t.Errorf("%d bindings on %d places: %d lines tell %d", c.bindings, c.places, len(p.Strokes), sum)
			}
			if c.bindings <= maxEdges && len(p.Strokes) != c.bindings {
				t.Errorf("%d bindings are %d lines", c.bindings, len(p.Strokes))
			}
			if !strings.Contains(p.Words, text.CountNoun(c.bindings, "binding")) {
				t.Errorf("%q does not say that there are %d bindings", p.Words, c.bindings)
			}
		})
	}
}

// Two agents that read from two places each are drawn without a crossing.
func TestPictureUntangles(t *testing.T) {
	s := sampleReport()
	s.List.Bindings = nil
	for n := range 8 { // every second one reads from the other place
		r := imagesRepository
		if n%2 == 0 {
			r = baseRepository
		}
		s.List.Bindings = append(s.List.Bindings, newBinding(model.StaleActive, model.RunServiceAgent(strconv.Itoa(n)), fmt.Sprintf("team-%d", n), r))
	}
	ties, others := s.edges()
	left, right := s.nodes(ties, others)
	slices.Reverse(right)
	if countCrossings(ties, left, right) == 0 {
		t.Fatal("nothing is tangled to begin with")
	}
	minimizeCrossings(ties, left, right)
	if n := countCrossings(ties, left, right); n != 0 {
		t.Errorf("%d lines cross", n)
	}
}

func TestEmptyList(t *testing.T) {
	s := Stale{Scope: imagesRepository, At: readTime, CloudName: "Google Cloud"}
	page := render(t, s.HTML)
	if strings.Contains(page, "<figure>") || strings.Contains(page, "<table") || !strings.Contains(page, "<b>0</b>") {
		t.Error("a list of nothing draws something")
	}
	if text := render(t, s.Markdown); !strings.Contains(text, "| ✗ can be removed | 0 |") {
		t.Errorf("%s", text)
	}
	if text := render(t, s.CSV); strings.Count(text, "\n") != 1 {
		t.Errorf("%s", text)
	}
}

// Where nothing could be read no report counts it.
func TestWhatWasNotReadHasNoCounts(t *testing.T) {
	s := sampleReport()
	s.List.Bindings = nil
	for name, write := range map[string]func(io.Writer) error{"Markdown": s.Markdown, "HTML": s.HTML} {
		t.Run(name, func(t *testing.T) {
			got := render(t, write)
			if !strings.Contains(got, NothingReadText) || strings.Contains(got, "can be removed | 0") || strings.Contains(got, "<b>0</b>") {
				t.Errorf("%s", got)
			}
		})
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestWriteErrorsAreTold(t *testing.T) {
	for name, write := range map[string]func(io.Writer) error{"CSV": sampleReport().CSV, "Markdown": sampleReport().Markdown, "HTML": sampleReport().HTML,
		"Terraform": func(w io.Writer) error { return sampleReport().TerraformRemoved(w, nil) }} {
		t.Run(name, func(t *testing.T) {
			if write(failingWriter{}) == nil {
				t.Errorf("%s: a failed write is not reported", name)
			}
		})
	}
}
