package accessmap

import (
	"slices"
	"strings"
	"testing"

	"whopulls/model"
	"whopulls/model/picture"
	"whopulls/text/cells"
	"whopulls/text/signs"
)

// findingIsCut reports whether a text ends in the beginning of a finding, which the details say whole.
func findingIsCut(p picture.Picture, text string) bool {
	const least = 4
	for l := range p.Lines() {
		for at := least; at < len(l.Finding); at++ {
			if strings.HasSuffix(strings.TrimRight(text, " "), strings.TrimRight(l.Finding[:at], " ")) {
				return true
			}
		}
	}
	return false
}

// In a high window nothing ends in …, at any width. In a low one a finding does, and no role, place, name or other sentence.
func TestNothingIsCut(t *testing.T) {
	for name, change := range shapes {
		if name == "unread" { // … stands for what is still read
			continue
		}
		t.Run(name, func(t *testing.T) {
			s := crossingCase(t)
			change(&s)
			p := picture.Of(s, model.Diagnose(s))
			for width := 60; width <= 200; width++ {
				for _, height := range []int{22, 28, 38, 70} {
					f := folding{low: height < minOpenHeight}
					d := drawPicture(view{picture: p, selected: targets(p, f)[0], folding: f}, width, height)
					for _, l := range d.lines {
						if before, _, cut := strings.Cut(l, signs.More); cut && (height == 70 || !findingIsCut(p, before)) {
							t.Fatalf("%d columns, %d rows: %s\n%s", width, height, l, strings.Join(d.lines, "\n"))
						}
					}
				}
			}
		})
	}
}

// An address breaks behind its @ and behind dots.
func TestFoldMail(t *testing.T) {
	const agent = "service-111111111111@serverless-robot-prod.iam.gserviceaccount.com"
	for _, test := range []struct {
		name, who string
		room      int
		want      []string
	}{
		{"it fits", agent, 66, []string{agent}},
		{"it does not", agent, 65, []string{"service-111111111111@", "serverless-robot-prod.iam.gserviceaccount.com"}},
		{"nor does its domain", agent, 40, []string{"service-111111111111@", "serverless-robot-prod.iam.", "gserviceaccount.com"}},
		{"words", "Cloud Run service agent of myproject-a", 30, []string{"Cloud Run service agent of", "myproject-a"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := foldMail(test.who, test.room); !slices.Equal(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// A line stays in one row as long as shorter names help.
func TestColumns(t *testing.T) {
	granted := func(label, role string, where picture.Where) picture.Line {
		return picture.Line{Label: label, Role: role, Where: where, Check: model.Check{Verdict: model.Granted, Reason: "read"}}
	}
	folder := picture.Where{Level: model.KindFolder, Name: "apps", Inherited: true}
	lines := []picture.Line{granted("pull from myrepo", "artifactregistry.reader", folder), granted("have its role here", "run.serviceAgent", picture.Where{Level: model.KindProject})}
	for _, test := range []struct {
		name string
		room int
		want columns
	}{
		{"wide", 70, columns{label: 18, role: 23, gap: 2, room: 70, short: wholeRole}},
		{"known roles lose their service", 55, columns{label: 18, role: 16, gap: 2, room: 55, short: knownRole}},
		{"all do", 49, columns{label: 18, role: 12, gap: 2, room: 49, short: lastPart}},
		{"a wide role pushes its level", 46, columns{label: 18, role: 11, gap: 2, room: 46, short: lastPart}},
		{"the columns move closer", 40, columns{label: 18, role: 7, gap: 1, room: 40, short: lastPart}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := fitColumns(lines, func(picture.Line) int { return 0 }, test.room)
			if got != test.want {
				t.Errorf("%+v, want %+v", got, test.want)
			}
			for _, l := range lines {
				if p := got.proof(l); got.end(p) > got.room || cells.Width(l.Label) > got.label {
					t.Errorf("%s has no room", l.Label)
				}
			}
		})
	}
}
