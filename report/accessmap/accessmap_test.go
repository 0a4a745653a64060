package accessmap_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"whopulls/model"
	"whopulls/model/garble"
	"whopulls/model/picture"
	"whopulls/report/accessmap"
	"whopulls/test/golden"
)

// crossing is a service with images of two projects and an account of a third one (the testdata of the picture).
func crossing(t testing.TB) model.Situation {
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

// granted is the same with what is missing granted.
func granted(t testing.TB) model.Situation {
	s := crossing(t)
	account := model.AccountResource("shared-identities", "web@shared-identities.iam.gserviceaccount.com")
	p := s.Policies[account].Value
	p.Bindings = append(p.Bindings, model.Binding{Role: "roles/iam.serviceAccountTokenCreator", Members: []model.Member{model.RunServiceAgent("111111111111")}})
	s.Policies[account] = model.Known(p)
	s.Constraints[model.ProjectResource("shared-identities")] = model.Known(false)
	return s
}

// abroad has an image of Docker Hub, a name in Japanese, and an account of its own.
func abroad(t testing.TB) model.Situation {
	s := crossing(t)
	s.Workload.Value.Images = model.ImagesOf("docker.io/library/nginx:1.27", "asia-northeast1-docker.pkg.dev/myproject-b/myrepo/web:latest")
	levels := s.Ancestry["myproject-b"].Value
	for i := range levels {
		if levels[i].Name == "apps" {
			levels[i].Name = "社内システム"
		}
	}
	s.Workload.Value.ServiceAccount = "web@myproject-a.iam.gserviceaccount.com"
	return s
}

var writers = map[string]func(picture.Picture) string{".txt": accessmap.Text, ".mmd": accessmap.Mermaid, ".svg": accessmap.SVG}

func TestGolden(t *testing.T) {
	for name, s := range map[string]model.Situation{"crossing": crossing(t), "granted": granted(t), "abroad": abroad(t), "unread": {Question: crossing(t).Question}} {
		p := picture.Of(s, model.Diagnose(s))
		for ending, write := range writers {
			t.Run(name+ending, func(t *testing.T) { golden.Compare(t, name+ending, write(p)) })
		}
	}
}

// Names may be anything. The SVG stays one element of XML without what a name made, Mermaid keeps one statement a line,
// and nothing writes what moves a terminal's cursor.
func TestNamesStayNames(t *testing.T) {
	hostile := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"</text><script>alert(1)</script>", "]]>", "\"] --> x[\"", "%%{init: {}}%%", "end", "a\nb", "\x1b[2J", "#quot;", "`x`", "\u202egnirts", "漢字"}))
	rapid.Check(t, func(t *rapid.T) {
		p := garble.Fill[picture.Picture](func() string { return hostile.Draw(t, "text") }, func(most int) int { return rapid.IntRange(0, most).Draw(t, "number") })
		keepIndexes(&p)
		svg := accessmap.SVG(p)
		for _, element := range elements(t, svg) {
			switch element {
			case "svg", "title", "desc", "style", "rect", "path", "text":
			default:
				t.Fatalf("element %s", element)
			}
		}
		for ending, write := range writers {
			for _, r := range write(p) {
				if unicode.IsControl(r) && r != '\n' {
					t.Fatalf("%s holds %q", ending, r)
				}
			}
		}
		if lines := strings.Count(accessmap.Mermaid(p), "flowchart LR\n"); lines != 1 {
			t.Fatalf("%d charts", lines)
		}
	})
}

// keepIndexes makes every line reach a rung that is there.
func keepIndexes(p *picture.Picture) {
	for _, lane := range p.Lanes {
		for i, l := range lane.Lines {
			lane.Lines[i].Place = picture.None
			if len(p.Places) > 0 && len(p.Places[0].Rungs) > 0 && l.Place != 0 {
				lane.Lines[i].Place, lane.Lines[i].Rung = 0, 0
			}
		}
	}
}

// elements are the names of all elements of a document.
func elements(t *rapid.T, document string) (names []string) {
	for decoder := xml.NewDecoder(strings.NewReader(document)); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, document)
		}
		if start, ok := token.(xml.StartElement); ok {
			names = append(names, start.Name.Local)
		}
	}
}
